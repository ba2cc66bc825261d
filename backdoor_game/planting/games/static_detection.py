"""Static detection: a model that is clean or backdoored, and no input to look at."""

from __future__ import annotations

import dataclasses

from ...ground.streams import Generators
from ..backdoors import Backdoor
from ..views import Shown
from .backdoor_contract import fresh_key, planted
from .base import Keys, ModelGame


@dataclasses.dataclass(frozen=True, repr=False)
class StaticDetection(ModelGame):
    """The detector sees a model that was trained honestly or planted, and says which [GKVZ22].

    In a black box it asks for labels; else it reads the code. There is no input: that game is `Activation`.

    Parameters
    ----------
    functions : Trainable
        What an honest party trains.
    data : Dataset
        The user's data; every model gets fresh examples, or a fresh split.
    black_box : bool
        The detector asks for labels and reads no code.
    defender_queries, defender_examples : int, optional
        Budgets a branch: labels of the model, and fresh inputs.
    """

    def clean_branch(self, attacker: Backdoor | None, keys: Keys, r: int) -> Shown:
        model, split = self._honest(keys, r)
        if attacker is None:
            return Shown(model, split)
        key = fresh_key(attacker, self.functions, Generators().keyed(keys["referee"][r]))
        return Shown(model, split, secret=(attacker, key))

    def planted_branch(self, attacker: Backdoor, keys: Keys, r: int) -> Shown:
        split = self.data.split(Generators().keyed(keys["trigger"][r]))
        model, key = planted(attacker, self.functions, split, Generators().keyed(keys["plant"][r]), not self.black_box)
        return Shown(model, split, secret=(attacker, key))
