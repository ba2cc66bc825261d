"""How many decision trees there are, and all of them where they are few."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterator
from fractions import Fraction

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Tokens = tuple[int, ...]


@functools.lru_cache(maxsize=32)
def counts(bits: int, leaves: int) -> tuple[tuple[int, ...], ...]:
    """Row d holds the numbers of trees with k = 0..leaves leaves over bits - d bits, for d up to what leaves allow.

    T(1, v) = 2 and T(k, v) = v times the sum of T(i, v - 1) T(k - i, v - 1): a root, then what hangs on either side.
    """
    levels = min(bits, leaves - 1)
    rows: list[tuple[int, ...]] = [(0, 2, *([0] * (leaves - 1)))]
    for level in range(levels - 1, -1, -1):
        below, most = rows[-1], leaves - level
        row = [0, 2] + [(bits - level) * sum(below[i] * below[k - i] for i in range(1, k)) for k in range(2, most + 1)]
        rows.append(tuple(row + [0] * (leaves + 1 - len(row))))
    return tuple(rows[::-1])


@functools.lru_cache(maxsize=32)
def sampling_weights(bits: int, leaves: int) -> tuple[Floats, Floats]:
    """Pr[at most k leaves] for k = 1..leaves, and the counts of each level scaled by c^-k so that floats hold them."""
    listed = counts(bits, leaves)
    total = sum(listed[0])
    ends = np.array([float(Fraction(part, total)) for part in itertools.accumulate(listed[0][1:])])
    scale = (8 * bits).bit_length()  # T(k, v) <= 2^k v^(k-1) Catalan(k-1) < (8 v)^k
    weights = np.array([[float(Fraction(T, 1 << scale * k)) for k, T in enumerate(row)] for row in listed])
    for array in (ends, weights):
        array.setflags(write=False)
    return ends, weights


def trees(leaves: int, free: frozenset[int]) -> Iterator[Tokens]:
    """Every tree with exactly so many leaves over the bits in `free`, in prefix order."""
    if leaves == 1:
        yield from ((0,), (1,))
        return
    for bit in sorted(free):
        rest = free - {bit}
        for left in range(1, leaves):
            for low, high in itertools.product(list(trees(left, rest)), list(trees(leaves - left, rest))):
                yield (bit + 2, *low, *high)
