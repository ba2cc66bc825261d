"""Seeds, from which every number of a run follows: given, or drawn afresh."""

from __future__ import annotations

import secrets

import numpy as np

from . import _validate
from .errors import InvalidArgument

SEEDS = 2**63  # about what a signed 64-bit integer holds: what asks for more is a slip
SECRET_BITS = 256  # of the operating system behind a key: twice what no search gets through
FRESH_BITS = 63  # as many as a seed can have: nobody tries them all, as a player could try the seeds below 1000


def fresh_or(seed: int | None) -> int:
    """The seed that was given, or 63 bits of the operating system where it is None.

    Raises
    ------
    InvalidArgument
        For what is no whole number between -2^63 and 2^63.
    """
    return secrets.randbits(FRESH_BITS) if seed is None else _validate.integer("seed", seed, -SEEDS, SEEDS)


Randomness = np.random.Generator | int | None  # what a function that draws may be given


def generator(rng: Randomness) -> np.random.Generator:
    """A generator as it is, the one that an int seeds, or for None one that 256 bits of the operating system seed.

    Raises
    ------
    InvalidArgument
        For anything else, and seeds below 0.
    """
    if isinstance(rng, np.random.Generator):
        return rng
    if rng is None:
        return np.random.default_rng(secrets.randbits(SECRET_BITS))
    if isinstance(rng, bool) or not isinstance(rng, int | np.integer) or rng < 0:
        wanted = "a NumPy generator such as numpy.random.default_rng(1), a seed of 0 or more, or None"
        raise InvalidArgument(f"rng must be {wanted}, got {rng!r:.40}")
    return np.random.default_rng(int(rng))


def public_and_secret(rng: Randomness) -> tuple[np.random.Generator, np.random.Generator]:
    """Generators of what is shown and of what is kept: two of the operating system that share nothing, for None.

    Where `rng` is given both are that one, as a game wants it: who knows its seed knows the secret, and a small seed is
    found from what is shown, by trying.
    """
    first = generator(rng)
    return (first, generator(None)) if rng is None else (first, first)
