"""Values for a defender who sees less, from the definition: pure attackers, ordered samples and whole query trees."""

import itertools
import math

import numpy as np
from scipy.optimize import linprog


def pure_attackers(labels, weights, limit):
    """Every (f, {x: f* or None}) with legal plants alone; limit is the greatest distance, ties included."""
    F, N = len(labels), len(weights)
    gap = [[math.fsum(w for w, a, b in zip(weights, f, g, strict=True) if a != b) for g in labels] for f in labels]
    for f in range(F):
        plants = [
            [None, *(g for g in range(F) if labels[g][x] != labels[f][x] and gap[f][g] <= limit)] for x in range(N)
        ]
        yield from ((f, laid) for laid in itertools.product(*plants))


def example_symbols(labels, weights, m, label):
    """{(f, x): {symbol: probability}} of ordered samples, reduced to the set of distinct points and their labels."""
    seen = {}
    for f, row in enumerate(labels):
        for x in range(len(weights)):
            chances = {}
            for S in itertools.product(range(len(weights)), repeat=m):
                symbol = x, frozenset((s, row[s]) for s in S), row[x] if label else None
                chances[symbol] = chances.get(symbol, 0.0) + math.prod(weights[s] for s in S)
            seen[f, x] = chances
    return seen


def value(labels, weights, limit, seen):
    """The value where (f, x) shows these symbols: a program over mixtures of pure attackers."""
    attackers = list(pure_attackers(labels, weights, limit))
    symbols = sorted({symbol for chances in seen.values() for symbol in chances}, key=repr)
    row = {symbol: i for i, symbol in enumerate(symbols)}
    P = np.zeros((2, len(symbols), len(attackers)))
    for j, (f, laid) in enumerate(attackers):
        for x, w in enumerate(weights):
            for branch, shown in enumerate((f, laid[x])):
                for symbol, p in seen[shown, x].items() if shown is not None else ():
                    P[branch, row[symbol], j] += w * p
    z = np.eye(len(symbols))
    rows = np.block([[-P[0], z], [-P[1], z]])
    cost = np.concatenate([np.zeros(len(attackers)), -np.ones(len(symbols))])
    total = np.concatenate([np.ones(len(attackers)), np.zeros(len(symbols))])[None]
    found = linprog(cost, A_ub=rows, b_ub=np.zeros(len(rows)), A_eq=total, b_eq=[1.0], method="highs")
    assert found.status == 0
    return 1 + found.fun / 2


def query_trees(N, q):
    """Every deterministic way to ask q labels and to flag or not: ("stop", flag) or (z, tree for 0, tree for 1)."""
    if q == 0:
        return [("stop", 0), ("stop", 1)]
    below = query_trees(N, q - 1)
    return [(z, low, high) for z in range(N) for low in below for high in below]


def decides(tree, row):
    while tree[0] != "stop":
        tree = tree[1 + row[tree[0]]]
    return tree[1]


def value_of_queries(labels, weights, limit, q):
    """The value where x is seen and then q labels of f' are asked: a program over mixtures of whole trees at each x."""
    N, attackers = len(weights), list(pure_attackers(labels, weights, limit))
    ways = sorted({tuple(decides(tree, row) for row in labels) for tree in query_trees(N, q)})
    flags = np.array(ways)  # what a tree says of each function is all that matters of it
    T = len(ways)
    rows = np.zeros((len(attackers), N * T + 1))
    for j, (f, laid) in enumerate(attackers):
        for x, w in enumerate(weights):
            missed = 0.0 if laid[x] is None else 1 - flags[:, laid[x]]
            rows[j, x * T : (x + 1) * T] = 0.5 * w * (flags[:, f] + missed)
    rows[:, -1] = -1.0  # no attacker makes it lose more than the last variable
    mixed = np.hstack([np.kron(np.eye(N), np.ones(T)), np.zeros((N, 1))])
    cost = np.append(np.zeros(N * T), 1.0)
    found = linprog(cost, A_ub=rows, b_ub=np.zeros(len(rows)), A_eq=mixed, b_eq=np.ones(N), method="highs")
    assert found.status == 0
    return 1 - found.fun
