"""Explicit games from the definition: functions are tuples of labels, weights the masses of the points."""

from __future__ import annotations


def legal_plants(functions, weights, epsilon):
    """For each f and x the functions that differ from f at x and lie within epsilon of it."""
    def distance(f, g):
        return sum(w for w, a, b in zip(weights, f, g, strict=True) if a != b)
    near = {f: [g for g in functions if distance(f, g) <= epsilon] for f in functions}
    return {(f, x): [g for g in near[f] if g[x] != f[x]] for f in functions for x in range(len(weights))}


def worst_case(functions, weights, plants, flags):
    """The win rate against the best attacker of a defender that flags (f, x) with probability flags[f, x]."""
    def loss(f):
        return sum(w * (flags[f, x] + max((1 - flags[g, x] for g in plants[f, x]), default=0))
                   for x, w in enumerate(weights))
    return 1 - max(map(loss, functions)) / 2


def singletons(points):
    return [tuple(int(i == x) for i in range(points)) for x in range(-1, points)]


def thresholds(points):
    return [tuple(int(i >= t) for i in range(points)) for t in range(points + 1)]
