"""The forger that finds a checksum's secret parities from what activated inputs have in common."""

from __future__ import annotations

import dataclasses

import numpy as np

from ...functions.base import Floats
from ...ground.binary_elimination import complement
from ..keys.carriers import LEAST_NEGATIVE, written
from ..views import ForgerView
from .base import Forger


@dataclasses.dataclass(frozen=True, repr=False)
class GaussianElimination(Forger):
    """Makes the fresh input satisfy every linear equation over F2 that the signs of the seen ones satisfy. *Proved.*

    Once the differences of their signs have rank d - n these are the n parities of `ChecksumBackdoor`, which show the
    partition, and n edits forge: after d - n + 1 examples and 1.6 more on average. With fewer there are more equations,
    an edit each: the result fires, but may have more edits than a forgery may have. It makes no query.
    """

    def forge(self, view: ForgerView, rng: np.random.Generator) -> Floats:
        assert view.x is not None
        return completed(view.seen.X, view.x)


def completed(seen: Floats, x: Floats) -> Floats:
    """x (d,) with signs in the affine hull over F2 of those of `seen` (q, d); as it is where q is 0.

    Equations that are disjoint blocks are met by the nonzero coordinate of least magnitude, others by one of their own.
    """
    if not len(seen):
        return x
    signs = (seen < 0).astype(np.uint8)
    equations, own = complement(signs[1:] ^ signs[0])
    if (equations.sum(axis=0) == 1).all():
        return np.asarray(written(x[None], equations.argmax(axis=0), equations @ signs[0] % 2)[0])
    wrong = own[equations @ (signs[0] ^ (x < 0)) % 2 == 1]
    forged = x.copy()
    forged[wrong] = np.where(forged[wrong] == 0, LEAST_NEGATIVE, -forged[wrong])
    return forged
