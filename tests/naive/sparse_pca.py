"""The sparse-PCA backdoor and its detectors, from their definitions, a number at a time."""

import math


def inner(u, v):
    return math.fsum(a * b for a, b in zip(u, v, strict=True))


def stretched(g, s, theta):
    """g with its part along the unit vector s made sqrt(1 + theta) times as long."""
    along = inner(g, s)
    return [value - along * e + math.sqrt(1 + theta) * along * e for value, e in zip(g, s, strict=True)]


def activated(x, s, a):
    """sqrt(1 - a^2) x_perp/|x_perp| + a s."""
    along = inner(x, s)
    across = [value - along * e for value, e in zip(x, s, strict=True)]
    norm = math.sqrt(inner(across, across))
    return [math.sqrt(1 - a * a) * value / norm + a * e for value, e in zip(across, s, strict=True)]


def answer(G, tau, x):
    """[(1/m) sum max(0, <g, x>) >= tau]."""
    return int(math.fsum(max(0.0, inner(g, x)) for g in G) / len(G) >= tau)


def covariance(G):
    """G'G/m as lists."""
    d = len(G[0])
    return [[math.fsum(g[i] * g[j] for g in G) / len(G) for j in range(d)] for i in range(d)]


def largest_variance(G):
    found = covariance(G)
    return max(found[j][j] for j in range(len(found)))


def thresholded(G, cut):
    """The covariance with a zero diagonal and every other entry moved towards 0 by cut/sqrt(m), not beyond it."""
    level, found = cut / math.sqrt(len(G)), covariance(G)
    for i, row in enumerate(found):
        for j, entry in enumerate(row):
            shrunk = 0.0 if abs(entry) <= level else entry - level if entry > 0 else entry + level
            row[j] = 0.0 if i == j else shrunk
    return found


def top_eigenvalue(matrix, steps=20_000):
    """Of a symmetric matrix, by power iteration on matrix + c I, c large enough to make every eigenvalue positive."""
    d, shift = len(matrix), max(sum(map(abs, row)) for row in matrix)
    v = [math.sin(j + 1.0) for j in range(d)]
    value = 0.0
    for _ in range(steps):
        w = [inner(row, v) + shift * e for row, e in zip(matrix, v, strict=True)]
        norm = math.sqrt(inner(w, w))
        before, value = value, norm - shift
        v = [e / norm for e in w]
        if abs(before - value) < 1e-15:
            break
    return value
