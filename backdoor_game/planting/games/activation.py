"""Activation: a model with an input that is fresh, or activated."""

from __future__ import annotations

import dataclasses

import numpy as np

from ...functions import Function
from ...functions.base import Floats
from ...ground.streams import Generators
from ..backdoors import Backdoor
from ..backdoors.base import check_target
from ..datasets import Split
from ..views import Shown
from .backdoor_contract import activated, fresh_key, planted
from .base import Keys, ModelGame


@dataclasses.dataclass(frozen=True, repr=False)
class Activation(ModelGame):
    """The detector sees an honest model with a fresh input, or a planted one with an activated input [GKVZ22].

    A round in which the planted model does not give the wanted answer to the activated input is forfeited: the
    defender wins it, and the win rate given a plant, the AUROC and the ROC leave it out.

    The shown input is in no list of the round's split. Where data are a fixed table, whose rows everybody knows, other
    splits may hold it.

    Parameters
    ----------
    functions, data, black_box, defender_queries, defender_examples
        As of `StaticDetection`.
    target : {0, 1}, optional
        The answer that is wanted; by default the other one than the model gives before.
    """

    shows_input = True

    target: int | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        check_target("Activation.target", self.target)

    def clean_branch(self, attacker: Backdoor | None, keys: Keys, r: int) -> Shown:
        model, split = self._honest(keys, r)
        x, rest = set_aside(split)
        if attacker is None:
            return Shown(model, rest, x)
        key = fresh_key(attacker, self.functions, Generators().keyed(keys["referee"][r]))
        return Shown(model, rest, x, secret=(attacker, key))

    def planted_branch(self, attacker: Backdoor, keys: Keys, r: int) -> Shown | None:
        split = self.data.split(Generators().keyed(keys["trigger"][r]))
        model, key = planted(attacker, self.functions, split, Generators().keyed(keys["plant"][r]), not self.black_box)
        x, rest = set_aside(split)
        x_star = activated(attacker, model, key, x[None], self.target)
        if not self._answered(model, x[None], x_star):
            return None
        return Shown(model, rest, x_star[0].astype(np.float64), secret=(attacker, key))

    def _answered(self, model: Function, x: Floats, x_star: Floats) -> bool:
        wanted = 1 - model(x)[0] if self.target is None else self.target
        return bool(np.isfinite(x_star).all() and model(x_star)[0] == wanted)


def set_aside(split: Split) -> tuple[Floats, Split]:
    """A test input (d,), and the split without it: a detector must not find it, or miss it, among the examples.

    All are copies, whose `base` leads to no larger array.
    """
    rest = Split(split.X.copy(), split.y.copy(), split.X_test[1:].copy(), split.y_test[1:].copy())
    return split.X_test[0].copy(), rest
