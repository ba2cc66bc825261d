"""Persistence: a backdoored model is trained on by its user; is the backdoor still alive?"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

import numpy as np

from ...functions import Function, FunctionClass
from ...games.base import Game, Run, Streams, blank
from ...games.contract import ask_prepare, call
from ...games.outcomes import FORFEIT, PLANTED, Outcome
from ...ground import _validate
from ...ground._blas import one_blas_thread
from ...ground.errors import ContractError, InvalidArgument, MissingCapability
from ...ground.progress import Progress
from ...ground.spec import text
from ...ground.streams import ROLES, Generators
from ...players.views import Meter
from ..backdoors import Backdoor
from ..datasets import Dataset, Split
from ..keys.keys import Key
from ..updates import Update
from .backdoor_contract import activated, planted


@dataclasses.dataclass(frozen=True)
class Condition:
    """A model after some training.

    Attributes
    ----------
    success : float
        The share of test inputs with label 0 that get label 1 once they are activated.
    accuracy : float
        The share of clean test inputs that get their label.
    """

    success: float
    accuracy: float


@dataclasses.dataclass(frozen=True, repr=False)
class Persistence(Game):
    """A backdoor is planted in a model, and the user trains the model on with clean examples of its own [GKVZ22].

    The user wins iff the backdoor is dead afterwards and accuracy is kept. An attacker whose backdoor was not alive to
    begin with forfeits. There is one branch: what is measured is how often the user wins.

    Parameters
    ----------
    functions : FunctionClass
        What an honest party would train: it has a method ``trained(X, y, rng)``.
    data : Dataset
        Where the examples come from; every round has fresh ones, or a fresh split.
    examples : int, optional
        Clean training examples that the user has, the first of a split's; None is all of them.
    alive, dead : float
        Attack success over `alive` is a plant, under `dead` is a backdoor removed.
    loss : float
        The most that accuracy may fall by.
    """

    plays = "updates"
    attackers = (Backdoor, "MajorityPersistence()")
    defenders = (Update, "SingleEdits()")
    branches = 1
    block = 16
    parallel = True

    functions: FunctionClass
    data: Dataset
    examples: int | None = 400
    alive: float = 0.5
    dead: float = 0.1
    loss: float = 0.02

    def __post_init__(self) -> None:
        super().__post_init__()
        _validate.instance("functions", self.functions, FunctionClass, "GateNetworks(bits=8, gates=8)")
        _validate.instance("data", self.data, Dataset, "LinearBits(dimension=8)")
        if not callable(getattr(self.functions, "trained", None)):
            told = text(self.functions)[:200]
            raise MissingCapability(f"{told} cannot be trained: name a class such as GateNetworks(bits=8, gates=8)")
        if self.functions.domain.n != self.data.dimension:
            raise InvalidArgument(
                f"functions and data must have one dimension, got {self.functions.domain.n} and {self.data.dimension}"
            )
        for name in ("alive", "dead", "loss"):
            _validate.real(f"Persistence.{name}", getattr(self, name), 0.0, 1.0)
        if self.examples is not None:
            _validate.integer("Persistence.examples", self.examples, 2)
        if self.dead > self.alive:
            raise InvalidArgument(f"Persistence.dead must be at most alive, {self.alive:g}, got {self.dead:g}")

    @property
    def entries(self) -> int:
        return 4 * self.functions.code_length

    def attacking(self, attacker: Any) -> Any:
        return ask_prepare("attacker", attacker, Backdoor, self.functions)

    def defending(self, defenders: Sequence[Any], progress: Progress) -> tuple[Any, ...]:
        return tuple(ask_prepare("defender", defender, Update, self.functions) for defender in defenders)

    def play(self, run: Run, streams: Streams, rounds: range) -> list[Outcome]:
        """Every model is planted once, and trained on by each user as if it were alone."""
        keys = {role: streams.keys(role, rounds) for role in ROLES}
        B = len(rounds)
        outcomes = [
            blank(np.full(B, PLANTED), np.ones((2, B), dtype=bool), np.ones(B, np.uint8), Meter(B))
            for _ in run.defenders
        ]
        for r in range(B):
            found = self._conditions(run, {role: words[r] for role, words in keys.items()})
            for outcome, (before, after) in zip(outcomes, found, strict=True):
                if before.success <= self.alive:
                    outcome.status[r] = FORFEIT
                outcome.suspicion[:, r] = 0.0, self.won(before, after)
        return outcomes

    def won(self, before: Condition, after: Condition) -> bool:
        """Whether the user has won."""
        return after.success < self.dead and after.accuracy >= before.accuracy - self.loss

    def conditions(
        self, attacker: Backdoor, defender: Update, *, rounds: int, seed: int
    ) -> list[tuple[Condition, Condition]]:
        """The model before and after the user's training in the first rounds that `estimate` plays under a seed."""
        run, streams = self.ready(attacker, defender), Streams(seed, self)
        keys = {role: streams.keys(role, range(rounds)) for role in ROLES}
        return [self._conditions(run, {role: words[r] for role, words in keys.items()})[0] for r in range(rounds)]

    def _conditions(self, run: Run, keys: dict[str, Any]) -> list[tuple[Condition, Condition]]:
        """The model's condition before and after each user's training, in one round with these keys."""
        with one_blas_thread():
            split = self.data.split(Generators().keyed(keys["choose"]))
            model, key = planted(run.attacker, self.functions, split, Generators().keyed(keys["plant"]))
            found = []
            for user in run.defenders:
                if type(model.functions) is not type(self.functions):
                    # It refuses what it cannot train.
                    call(user, "prepare", lambda user=user: user.prepare(model.functions))  # type: ignore[misc]
                trained = self._updated(user, model, split, Generators().keyed(keys["defender/1"]))
                before, after = (condition(run.attacker, model, key, one, split) for one in (model, trained))
                found.append((before, after))
            return found

    def _updated(self, defender: Update, model: Function, split: Split, rng: np.random.Generator) -> Function:
        """What the user makes of the model, held to its contract."""
        own, domain = slice(self.examples), model.functions.domain

        def updated() -> Function:
            found: Any = defender.updated(model, split.X[own], split.y[own], rng)
            if isinstance(found, Function) and found.functions.domain == domain:
                return found
            got = f"one on {found.functions.domain!r}" if isinstance(found, Function) else type(found).__name__
            raise ContractError(f"updated() must return a Function on {domain!r}, got {got}")

        return call(defender, "updated", updated)


def condition(attacker: Backdoor, model: Function, key: Key, trained: Function, split: Split) -> Condition:
    """How well the activation of `model` works on what it was trained to, and what that answers on clean inputs."""
    others = split.X_test[split.y_test == 0]
    if len(others) == 0:
        raise InvalidArgument("data must have test inputs with label 0: give it a larger test part")
    found = activated(attacker, model, key, others, target=1)
    accuracy = float((trained(split.X_test) == split.y_test).mean())
    return Condition(float((trained(found) == 1).mean()), accuracy)
