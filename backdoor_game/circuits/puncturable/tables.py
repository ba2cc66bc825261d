"""Every key's labels on every point, packed, and the way back from labels to keys."""

from __future__ import annotations

import functools

import numpy as np
import numpy.typing as npt

from ...ground.errors import InvalidArgument
from ...ground.streams import Words
from ...spaces.domains import Points
from .generators import SmallGenerator, step_constants

LABELS = 2**28  # 32 MiB of packed labels
Integers = npt.NDArray[np.int64]


@functools.lru_cache(maxsize=4)  # up to 32 MiB each
def key_tables(key_bits: int, bits: int) -> Words:
    """Labels of all keys on all points as truth tables, uint64 of shape (2^key_bits, max(1, 2^bits / 64)), read-only.

    Raises
    ------
    InvalidArgument
        For more than 2^28 labels.
    """
    from ...kernels.prf import all_tables

    if 2 ** (key_bits + bits) > LABELS:
        raise InvalidArgument(
            f"2^{key_bits} keys have 2^{key_bits + bits} labels on {bits} bits; at most 2^28 are kept"
        )
    found: Words = all_tables(key_bits, bits, *_register(key_bits, bits))
    found.setflags(write=False)
    return found


def keys_of_rows(key_bits: int, bits: int, rows: Words) -> Integers:
    """The least key with each truth table (B, W), int64 (B,); -1 where no key has it."""
    from ...kernels.legal_pairs import find_rows

    ordered, first = _ordered(key_bits, bits)
    places = find_rows(ordered, np.ascontiguousarray(rows))
    return np.where(places >= 0, first[places], -1)


def siblings(key_bits: int, keys: Integers, X: Points) -> Integers:
    """The seeds of keys (B,) punctured at the points X (B, n), int64 (B, n); see `Tree.puncture`."""
    from ...kernels.prf import sibling_seeds

    points = np.ascontiguousarray(X, dtype=np.int64)
    found: Integers = sibling_seeds(
        np.ascontiguousarray(keys, dtype=np.int64), points, key_bits, *_register(key_bits, points.shape[1])
    )
    return found


def _register(key_bits: int, bits: int) -> tuple[Integers, Integers]:
    """The generator's constants (n, T) at every level, and its taps (3,)."""
    generator = SmallGenerator(key_bits)
    constants = [step_constants(generator.steps, level) for level in range(bits)]
    return np.array(constants, dtype=np.int64), np.array(generator.taps, dtype=np.int64)


@functools.lru_cache(maxsize=4)  # as many as there are tables
def _ordered(key_bits: int, bits: int) -> tuple[Words, Integers]:
    rows, first = np.unique(key_tables(key_bits, bits), axis=0, return_index=True)
    return rows, first.astype(np.int64)
