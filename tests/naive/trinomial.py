"""Chances of a region of trinomial counts, from the definition: every run's mass, as fractions."""

from __future__ import annotations

import math
from fractions import Fraction


def runs(n):
    """All (losses, halves, wins) of n rounds."""
    return [(a, b, n - a - b) for a in range(n + 1) for b in range(n + 1 - a)]


def mass(run, law):
    ways = math.factorial(sum(run)) // math.prod(map(math.factorial, run))
    return ways * law[0] ** run[0] * law[1] ** run[1] * law[2] ** run[2]


def region_chance(n, mean, z, law):
    """How likely so many rounds look at least z deviations better than the mean, what ties within 1e-9 included."""
    total = Fraction(0)
    for run in runs(n):
        halves, wins = run[1], run[2]
        deviation = math.sqrt(max(0.0, n * mean * (1 - mean) - halves / 4 - 1e-15 * n))
        edge = n * mean - halves / 2 + z * deviation
        if wins >= edge - 1e-9 * (1 + abs(edge)) - 1e-15 * n:
            total += mass(run, law)
    return total
