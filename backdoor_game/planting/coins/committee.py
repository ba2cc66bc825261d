"""Coins of a committee: each member gives uniform words, and they are added up modulo 2^64."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Sequence

import numpy as np

from ...ground.streams import Words


def commitment(words: Words, nonce: bytes) -> bytes:
    """SHA-256 of a nonce and a share: it binds a member to the share, and the nonce hides it until it is revealed."""
    return hashlib.sha256(nonce + words.astype("<u8").tobytes()).digest()


def added(shares: Sequence[Words]) -> Words:
    """The shares (K,) as fractions of 2^64, added modulo 1, exactly.

    If one of them is uniform and the others were fixed without knowing it, so is the sum. *Proved.*
    """
    return np.asarray(functools.reduce(np.add, shares))
