"""Replication: whoever has seen activated inputs makes another, without the key."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np

from ...functions import Function
from ...functions.base import Floats
from ...games.base import Run, Streams, blank
from ...games.contract import ask_prepare, call
from ...games.outcomes import PLANTED, Kept, Outcome
from ...ground import _validate
from ...ground._blas import one_blas_thread
from ...ground.errors import BudgetExceeded, ContractError, MissingCapability
from ...ground.inheritance import overrides
from ...ground.progress import Progress
from ...ground.spec import qualified_name, text
from ...ground.streams import ROLES, Generators, draws
from ...players.views import Meter
from ..backdoors import Backdoor
from ..forgers import Forger
from ..views import ForgerView, ModelBlock, Seen, Shown
from .backdoor_contract import activated, planted
from .base import Keys, ModelGame, digests


@dataclasses.dataclass(frozen=True, repr=False)
class Replication(ModelGame):
    """A model is planted, a forger sees q activated inputs with answers, and must activate a fresh one [GKVZ22].

    The backdoor says what counts (`Backdoor.forges`). The forger is the defender: its forgeries are the wins,
    and there is one branch. Budgets are a round's.

    Parameters
    ----------
    examples : int
        q, at least 0.
    tries : int
        Fresh inputs of one model, on each of which the forger may try; one forgery wins the round.
    """

    plays = "forgeries"
    defenders = (Forger, "GaussianElimination()")  # type: ignore[assignment]
    branches = 1

    examples: int = 16
    tries: int = 1

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "examples", _validate.integer("examples", self.examples, 0, 2**24))
        object.__setattr__(self, "tries", _validate.integer("tries", self.tries, 1, 2**24))

    @property
    def entries(self) -> int:
        return self.functions.code_length + (self.examples + self.tries) * self.data.dimension

    def attacking(self, attacker: Any) -> Any:
        able = ask_prepare("attacker", attacker, Backdoor, self.functions)
        if not overrides(able, Backdoor.forges):
            raise MissingCapability(f"{text(able)[:200]} has no rule of what a forgery is: name ChecksumBackdoor()")
        if able.secret and not self.black_box:
            raise MissingCapability(f"{text(able)[:200]} has models that tell its secret: set black_box=True")
        return able

    def defending(self, defenders: Sequence[Any], progress: Progress) -> tuple[Any, ...]:
        return tuple(map(self._forger, defenders))

    def admit(self, defender: Any) -> None:
        self._accept("defender", defender)
        self._forger(defender)

    def _forger(self, defender: Any) -> Any:
        forger = ask_prepare("defender", defender, Forger, self)
        if self.black_box and forger.reads_code:
            raise MissingCapability(f"{text(forger)[:200]} reads the model, which is hidden here: leave black_box out")
        return forger

    def play(self, run: Run, streams: Streams, rounds: range) -> list[Outcome]:
        """Every model and what is seen of it are made once, and shown to each forger as if it were alone."""
        keys = {role: streams.keys(role, rounds) for role in ROLES}
        B = len(rounds)
        outcomes = [
            blank(np.full(B, PLANTED), np.ones((2, B), dtype=bool), np.ones(B, dtype=np.uint8), Meter(B))
            for _ in run.defenders
        ]
        models: list[Shown | None] = []
        with one_blas_thread():
            for r in range(B):
                shown = self.planted_branch(run.attacker, keys, r)
                assert shown.secret is not None
                inputs = self.inputs(keys["trigger"][r], self.examples)
                seen = self.seen(run.attacker, shown.model, shown.secret[1], inputs)
                for forger, outcome in zip(run.defenders, outcomes, strict=True):
                    meter = self.meter(1)
                    outcome.suspicion[:, r] = 0.0
                    try:
                        outcome.suspicion[1, r] = self._forged(run.attacker, forger, shown, seen, keys, r, meter)
                    except BudgetExceeded:
                        outcome.over_budget[1, r] = True
                    used = (meter.examples[0], meter.evaluations[0], meter.queries[0])
                    outcome.examples[1, r], outcome.evaluations[1, r], outcome.queries[1, r] = used
                models.append(shown if run.keep else None)
        kept = Kept(f_star=digests(models)) if run.keep else None
        return [dataclasses.replace(outcome, kept=kept) for outcome in outcomes]

    def _forged(
        self, attacker: Backdoor, forger: Forger, shown: Shown, seen: Seen, keys: Keys, r: int, meter: Meter
    ) -> bool:
        """Whether one of the forger's tries on row r's model counts."""
        assert shown.secret is not None
        model, key = shown.model, shown.secret[1]
        rows = slice(r, r + 1)
        block = ModelBlock(self, [shown], keys["defender/1"][rows], keys["oracle/1"][rows], meter, False)
        fresh = self.inputs(keys["fresh"][r], self.tries)
        words, generators, view = draws(block.keys, 0, self.tries)[0], Generators(), ForgerView(block, 0, seen)
        for x, word in zip(fresh, words, strict=True):
            view.x = x
            x_star = asked(forger, view, generators.keyed(word), meter)
            if call(attacker, "forges", partial(attacker.forges, model, key, seen.X, x, x_star)):
                return True
        return False

    def seen(self, attacker: Backdoor, model: Function, key: Any, X: Floats) -> Seen:
        """Activated inputs and the model's answers, read-only: what a forger keeps must not change."""
        found = activated(attacker, model, key, X)
        seen = Seen(found, model(found))
        seen.X.setflags(write=False)
        seen.y.setflags(write=False)
        return seen

    def inputs(self, key: np.uint64, m: int) -> Floats:
        """m fresh inputs (m, d), test examples of as many splits as it takes, read-only."""
        found: list[Floats] = [np.empty((0, self.data.dimension))]
        generators = Generators()
        while sum(map(len, found)) < m:
            word = draws(np.array([key]), len(found), 1)[0, 0]
            found.append(self.data.split(generators.keyed(word)).X_test)
        X = np.concatenate(found)[:m]
        X.setflags(write=False)
        return X

    def clean_branch(self, attacker: Backdoor | None, keys: Keys, r: int) -> Shown:
        """An honest model: no round shows one."""
        return Shown(*self._honest(keys, r))

    def planted_branch(self, attacker: Backdoor, keys: Keys, r: int) -> Shown:
        split = self.data.split(Generators().keyed(keys["choose"][r]))
        model, key = planted(attacker, self.functions, split, Generators().keyed(keys["plant"][r]))
        return Shown(model, split, secret=(attacker, key))


def asked(forger: Forger, view: ForgerView, rng: np.random.Generator, meter: Meter) -> Floats:
    """What the forger hands in, held to its contract."""
    answer = call(forger, "forge", lambda: forger.forge(view, rng))
    if meter.refused.any():
        raise BudgetExceeded(f"{qualified_name(type(forger))} goes on after its budget is used up")
    assert view.x is not None
    x_star = np.asarray(answer)
    if x_star.shape != view.x.shape or x_star.dtype != np.float64 or not np.isfinite(x_star).all():
        what = f"finite float64 numbers of shape {view.x.shape}"
        got = f"{x_star.dtype} of shape {x_star.shape}"
        raise ContractError(f"{qualified_name(type(forger))}: forge() must return {what}, got {got}")
    return x_star
