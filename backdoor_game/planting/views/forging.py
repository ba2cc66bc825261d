"""What a forger may see: the model, activated inputs with the model's answers, and the input it must work on."""

from __future__ import annotations

import dataclasses

from ...functions.base import Floats, Labels
from ...ground.showing import fields
from .model import ModelBlock, ModelView


@dataclasses.dataclass(frozen=True, eq=False)
class Seen:
    """Activated inputs.

    Attributes
    ----------
    X : ndarray of float64, shape (q, d)
    y : ndarray of uint8, shape (q,)
        What the model answers.
    """

    X: Floats
    y: Labels

    __repr__ = fields


class ForgerView(ModelView):
    """A `ModelView` of a backdoored model, with activated inputs.

    Attributes
    ----------
    seen : Seen
        q activated inputs and the model's answers, free of charge.
    x : ndarray of float64, shape (d,)
        Nature's fresh input of this try.
    """

    __slots__ = ("seen",)

    def __init__(self, block: ModelBlock, row: int, seen: Seen) -> None:
        super().__init__(block, row)
        self.seen = seen
