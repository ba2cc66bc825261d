"""Gaussian pancakes from their definition: draw N(0, I), accept by how likely <g, bk> + e falls on a half-integer."""

from __future__ import annotations

import math

import numpy as np


def density(product, beta, shift=0.5):
    """The density of e ~ N(0, beta^2), times a constant, summed over all e for which product + e = shift mod 1."""
    near = round(product - shift)
    return sum(math.exp(-((product - shift - z) ** 2) / (2 * beta**2)) for z in range(near - 12, near + 13))


def sample(rng, count, bk, beta, shift=0.5):
    """Vectors (count, d) of N(0, I) given <g, bk> + e = shift mod 1, by rejection."""
    most = max(density(shift, beta, shift), density(shift + 0.5, beta, shift))
    found = []
    while len(found) < count:
        g = rng.standard_normal(len(bk))
        if rng.random() * most < density(float(g @ bk), beta, shift):
            found.append(g)
    return np.array(found)
