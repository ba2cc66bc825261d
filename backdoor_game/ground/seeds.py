"""Seeds, from which every number of a run follows: given, or drawn afresh."""

from __future__ import annotations

import secrets

from . import _validate

SEEDS = 2**63  # about what a signed 64-bit integer holds: what asks for more is a slip
FRESH_BITS = 63  # as many as a seed can have: nobody tries them all, as a player could try the seeds below 1000


def fresh_or(seed: int | None) -> int:
    """The seed that was given, or 63 bits of the operating system where it is None.

    Raises
    ------
    InvalidArgument
        For what is no whole number between -2^63 and 2^63.
    """
    return secrets.randbits(FRESH_BITS) if seed is None else _validate.integer("seed", seed, -SEEDS, SEEDS)
