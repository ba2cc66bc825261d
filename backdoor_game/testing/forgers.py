"""Checks of forgers: what they hand in, its randomness, what they leave alone and what they may use."""

from __future__ import annotations

import dataclasses
import functools
from typing import Any

import numpy as np

from ..games.base import Streams
from ..games.contract import ask_prepare
from ..ground._blas import one_blas_thread
from ..ground.errors import BackdoorGameError, BudgetExceeded, ContractError, InvalidArgument
from ..ground.spec import text
from ..ground.streams import ROLES, Generators
from ..planting.backdoors import Backdoor, ChecksumBackdoor
from ..planting.datasets import GaussianLinear
from ..planting.forgers import Forger
from ..planting.games import Replication
from ..planting.games.replication import asked
from ..planting.models import RandomFourierFeatures
from ..planting.views import ForgerView, ModelBlock
from .model_subjects import each
from .results import NothingToCheck, demand, same
from .subjects import Subject

ROUNDS = 4  # models, each of which is trained
PLANTER: Backdoor = ChecksumBackdoor(blocks=2)  # the one that needs no extra, and of which a forgery can be had


def small_games() -> tuple[Replication, ...]:
    """Nothing seen, one input and several: as black boxes, for a checksum's model holds its secret."""
    models = RandomFourierFeatures(features=4, dimension=12)
    data = GaussianLinear(dimension=12, norm=None, train=20, test=10)
    return tuple(Replication(models, data, black_box=True, examples=examples) for examples in (0, 1, 8))


@dataclasses.dataclass(frozen=True)
class Anvil:
    """A forger made ready for a game of replication."""

    game: Replication
    ready: Any

    def __str__(self) -> str:
        return text(self.game)

    def views(self, seed: int, game: Replication | None = None) -> list[ForgerView]:
        """What it is shown in the first rounds under a seed; `game` may be tighter."""
        rounds, played = range(ROUNDS), game or self.game
        keys = {role: Streams(seed, self.game).keys(role, rounds) for role in ROLES}
        attacker = self.game.attacking(PLANTER)
        with one_blas_thread():
            return [self._view(played, attacker, keys, r) for r in rounds]

    def _view(self, game: Replication, attacker: Any, keys: Any, r: int) -> ForgerView:
        shown, rows = game.planted_branch(attacker, keys, r), slice(r, r + 1)
        assert shown.secret is not None
        seen = game.seen(attacker, shown.model, shown.secret[1], game.inputs(keys["trigger"][r], game.examples))
        meter = game.meter(1)
        block = ModelBlock(game, [shown], keys["defender/1"][rows], keys["oracle/1"][rows], meter, False)
        view = ForgerView(block, 0, seen)
        view.x = game.inputs(keys["fresh"][r], 1)[0]
        return view

    def forged(self, view: ForgerView) -> Any:
        """What it hands in."""
        block = view._block
        return asked(self.ready, view, Generators().keyed(block.keys[0]), block.meter)


@functools.lru_cache(maxsize=16)
def anvils(subject: Subject) -> tuple[tuple[Anvil, ...], tuple[str, ...]]:
    """The forger at its games, and what it says of those that it refuses."""
    found, refusals = [], []
    for game in subject.games:
        try:
            game.admit(subject.thing)
            game.attacking(PLANTER)
            found.append(Anvil(game, ask_prepare("defender", subject.thing, Forger, game)))
        except ContractError:
            raise
        except BackdoorGameError as error:
            refusals.append(str(error))
    return tuple(found), tuple(refusals)


def forges_in_a_game(subject: Subject) -> str:
    """`prepare` accepts one of the games at least, twice the same."""
    found, refusals = anvils(subject)
    for anvil in each(found):
        again = subject.thing.prepare(anvil.game)
        demand(again == anvil.ready, f"prepare() returns {text(anvil.ready)[:200]}, and then {text(again)[:200]}")
    said = f"plays {len(found)} of {len(subject.games)} games"
    return f"{said}; the first that it refuses: {refusals[0][:120]}" if refusals else said


def forgeries_are_inputs(subject: Subject) -> None:
    """Finite float64 numbers of shape (d,), whether inputs were seen or not."""
    for anvil in each(anvils(subject)[0]):
        for view in anvil.views(0):
            anvil.forged(view)


def same_seed_same_forgeries(subject: Subject) -> None:
    """The same view and coins give the same input, bit for bit, at the same cost."""
    for anvil in each(anvils(subject)[0]):
        views = anvil.views(0), anvil.views(1), anvil.views(0)
        first, _, second = ([anvil.forged(view) for view in some] for some in views)
        demand(same(first, second), f"other inputs the second time in {anvil}")
        used = [[view._block.meter.counts for view in some] for some in (views[0], views[2])]
        demand(same(*used), f"another use of its budget the second time in {anvil}")


def leaves_what_it_sees_alone(subject: Subject) -> None:
    """Nature's input, the activated ones and the model hold the same bytes afterwards."""
    for anvil in each(anvils(subject)[0]):
        for mine, clean in zip(anvil.views(0), anvil.views(0), strict=True):
            anvil.forged(mine)
            for one, other in zip(_held(mine), _held(clean), strict=True):
                demand(same(one, other), f"it writes into what it is shown in {anvil}")


def over_budget_loses_the_round(subject: Subject) -> None:
    """With one query or example less than it uses it loses the round: it neither goes on nor breaks."""
    used = False
    for anvil in each(anvils(subject)[0]):
        views = anvil.views(0)
        for view in views:
            anvil.forged(view)
        counts = np.array([view._block.meter.counts[:, 0] for view in views]).min(axis=0)
        for name, least in (("defender_examples", counts[0]), ("defender_queries", counts[2])):
            if least > 0:
                used = True
                (cut, *_) = anvil.views(0, dataclasses.replace(anvil.game, **{name: int(least) - 1}))
                try:
                    anvil.forged(cut)
                except BudgetExceeded:
                    continue
                demand(False, f"it answers although {name.partition('_')[2]} are used up in {anvil}")
    if not used:
        raise NothingToCheck("it uses neither queries nor examples")


CHECKS = (
    forgeries_are_inputs,
    same_seed_same_forgeries,
    leaves_what_it_sees_alone,
    over_budget_loses_the_round,
)


def accept(subject: Subject) -> None:
    """Refuse games none of which the forger plays."""
    found, refusals = anvils(subject)
    if not found:
        last = refusals[-1] if refusals else "no game was given"
        raise InvalidArgument(f"{text(subject.thing)[:200]} plays none of the games: {last}; name one with games=[...]")


def _held(view: ForgerView) -> tuple[Any, ...]:
    shown = view._block._shown[0]
    return view.x, view.seen.X, view.seen.y, shown.model.code, shown.split.X, shown.split.y, shown.split.X_test
