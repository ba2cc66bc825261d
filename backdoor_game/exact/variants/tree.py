"""A finite variant as arrays: what nature offers and when, and what the defender sees."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ...functions.base import Booleans, Floats
from ...ground.showing import fields
from ..finite import LegalGame

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Indices = npt.NDArray[np.int64]


@dataclasses.dataclass(frozen=True, eq=False)
class Variant:
    """A game on F functions and N points whose moves and observations are finite.

    Nature offers a set of triggers; the attacker picks f (knowing the offer, where it comes `before`), a trigger of the
    set and f*. The defender sees a symbol of (f', x') and the symbol of f that is revealed.

    Attributes
    ----------
    legal : LegalGame
        Members that agree where D has mass are merged only where nothing that is seen tells them apart.
    before : bool
        Whether the offer comes before f.
    offered : ndarray of bool, shape (S, N)
    chances : ndarray of float64, shape (S,)
        The sets that nature offers, and how often.
    paired : bool
        Whether the clean branch shows f at the trigger; else at a fresh x.
    traces : ndarray of int64, shape (F,)
        What is revealed of each original, in both branches; all 0 where nothing is.
    kernel : sparse array, shape (N F, K), or None
        Pr[symbol | f', x'] in row x F + f'; None where the defender sees (f', x') itself.
    """

    legal: LegalGame
    before: bool
    offered: Booleans
    chances: Floats
    paired: bool
    traces: Indices
    kernel: csr_array | None = None

    __repr__ = fields
