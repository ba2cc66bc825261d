"""NumPy's normal sampler, read off from its own draws: which numbers it can return at all [MarsagliaTsang00]."""

from __future__ import annotations

import functools

import numpy as np


@functools.cache
def widths():
    """The 256 factors of the sampler: nearly every draw is 52 bits of one word times the factor that 8 others name."""
    rng, seen = np.random.Generator(np.random.PCG64(0)), {}
    while len(seen) < 256 or min(map(len, seen.values())) < 8:
        before = rng.bit_generator.state
        word = int(rng.bit_generator.random_raw())
        ends = [rng.bit_generator.state]
        rng.bit_generator.random_raw()
        ends.append(rng.bit_generator.state)
        rng.bit_generator.state = before
        number, bits, layer = abs(rng.standard_normal()), (word >> 9) & (2**52 - 1), word & 255
        if rng.bit_generator.state in ends[: 1 if layer == 0 else 2]:  # taken at once, or after one test
            seen.setdefault(layer, []).append((bits, number))
    return np.array([_factor(pairs) for _, pairs in sorted(seen.items())])


def _factor(pairs):
    """The w with bits * w = number, as rounded, for all of them."""
    guess = pairs[0][1] / pairs[0][0]
    tried = [guess, *(guess + step * np.spacing(guess) for step in (-2, -1, 1, 2))]
    return max(tried, key=lambda w: sum(bits * w == number for bits, number in pairs))


def possible(numbers):
    """Which of these small numbers (n,) the sampler can return."""
    size = np.abs(numbers)[:, None]
    return np.asarray((np.rint(size / widths()) * widths() == size).any(axis=1))
