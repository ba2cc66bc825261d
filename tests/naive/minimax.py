"""The value of a class under one D, and the least over many D, by a linear program written from the definition."""

from itertools import combinations, pairwise, product

import numpy as np
from scipy.optimize import linprog


def value(labels, weights, epsilon):
    """1 - 1/2 max sum_x D(x) sum y_x(f, g), flows along legal ordered pairs, at most pi(f) out and at most pi(g) in."""
    labels, F, N = np.asarray(labels), len(labels), len(weights)
    near = [[sum(w for w, a, b in zip(weights, f, g, strict=True) if a != b) <= epsilon + 1e-12 for g in labels]
            for f in labels]
    flows = [
        (x, f, g) for x, f, g in product(range(N), range(F), range(F)) if labels[f][x] != labels[g][x] and near[f][g]
    ]
    rows = []
    for x, f in product(range(N), range(F)):
        for end in (1, 2):
            row = np.zeros(F + len(flows))
            row[f] = -1
            row[[F + i for i, flow in enumerate(flows) if flow[0] == x and flow[end] == f]] = 1
            rows.append(row)
    gain = np.array([0.0] * F + [weights[x] for x, _, _ in flows])
    total = np.array([[1.0] * F + [0.0] * len(flows)])
    found = linprog(-gain, A_ub=np.array(rows), b_ub=np.zeros(len(rows)), A_eq=total, b_eq=[1.0])
    return 1 + found.fun / 2


def grid(points, parts):
    """Every D in multiples of 1/parts."""
    for bars in combinations(range(parts + points - 1), points - 1):
        cuts = [-1, *bars, parts + points - 1]
        yield tuple((b - a - 1) / parts for a, b in pairwise(cuts))


def least(labels, epsilon, laws):
    """The least value of these D."""
    return min(value(labels, D, epsilon) for D in laws)
