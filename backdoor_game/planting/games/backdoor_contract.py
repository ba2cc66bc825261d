"""What backdoors hand in in the games about models, held to their contract."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...functions import Function
from ...functions.base import Floats
from ...games.contract import call
from ...ground.errors import ContractError, InvalidArgument
from ...ground.spec import text
from ..backdoors import Backdoor
from ..datasets import Split
from ..keys.keys import Key


def planted(
    attacker: Backdoor, functions: Any, split: Split, rng: np.random.Generator, readable: bool = False
) -> tuple[Function, Key]:
    """The model and the key that the attacker makes of the user's data; a readable model is of the honest class.

    Data that it refuses are the user's affair: what it says of them passes as it is.
    """

    def plant() -> tuple[Function, Key]:
        answer: Any = attacker.plant(functions, split.X, split.y, rng)
        kinds = [type(part) for part in answer] if isinstance(answer, tuple) else [type(answer)]
        if len(kinds) != 2 or not (issubclass(kinds[0], Function) and issubclass(kinds[1], Key)):
            got = " and ".join(kind.__name__ for kind in kinds[:4])
            raise ContractError(f"plant() must return a Function and a Key, got {got}")
        model: Function = answer[0]
        if readable and model.functions != functions:
            found = f"{text(functions)[:200]} where the model can be read, got one of {text(model.functions)[:200]}"
            raise ContractError(f"plant() must return a member of {found}")
        if not model.functions.are_members(model.code[None])[0]:
            raise ContractError(f"plant() must return a member, got a code out of {text(model.functions)[:200]}")
        return answer  # type: ignore[no-any-return]

    try:
        return call(attacker, "plant", plant)
    except ContractError as error:
        refusal = error.__cause__
        if isinstance(refusal, InvalidArgument):
            raise refusal from None
        raise


def fresh_key(attacker: Backdoor, functions: Any, rng: np.random.Generator) -> Key:
    """A key of the attacker's that belongs to no model."""

    def new_key() -> Key:
        answer: Any = attacker.new_key(functions, rng)
        if not isinstance(answer, Key):
            raise ContractError(f"new_key() must return a Key, got {type(answer).__name__}")
        return answer

    return call(attacker, "new_key", new_key)


def activated(attacker: Backdoor, model: Function, key: Key, X: Floats, target: int | None = None) -> Floats:
    """The attacker's activated inputs, as many as X (n, d)."""

    def activate() -> Floats:
        found: Any = np.asarray(attacker.activate(model, key, X, target))
        if found.shape != X.shape or found.dtype.kind not in "fiub":
            got = f"{found.dtype} of shape {found.shape}"
            raise ContractError(f"activate() must return numbers of shape {X.shape}, got {got}")
        return found  # type: ignore[no-any-return]

    return call(attacker, "activate", activate)
