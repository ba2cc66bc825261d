"""The attack that asks a given defender, and climbs towards what it misses."""

from __future__ import annotations

import dataclasses
import functools
from typing import Any

import numpy as np
import numpy.typing as npt

from ...functions.base import Codes
from ...games.backdoor import refuse_variant
from ...ground import _validate
from ...ground.spec import text
from ...ground.streams import Words, draws, role_keys
from ...players.attackers.base import NO_PLANT, PLANT, BlockAttacker, Originals, Plants, fixed_distribution
from ...players.defenders import Defender
from ...players.views import AttackerBlock, GameLike
from ...spaces.checked import checked
from ...spaces.distributions import Distribution
from ...spaces.domains import Points
from ..climbing import Found, LegalPlants, Suspicions, pair_keys, search

MOST_QUERIES = 10**9  # against a slip of the key: so many take hours
Places = npt.NDArray[np.intp]


@dataclasses.dataclass(frozen=True, repr=False)
class HillClimbAttacker(BlockAttacker):
    """Plays the f, and for each trigger the f*, that this defender was found to lose most on. *Heuristic.*

    Before the first round it asks the defender how likely it flags (f', x'), `budget` times at most, and climbs by
    local moves of the class with restarts; where the budget pays for every f' and x' it tries them all, and is the
    worst attacker if the answers are exact. An answer is the defender's `suspicion_probability`, or its suspicion if it
    uses neither coins nor examples, at one query each; else the share of flags in `repeats` calls, at as many queries.

    The search has random streams of its own: the rounds of `estimate` are fresh, so the win rate measured there is
    not flattered by the choice of the best. With it a defender's exploitability can be plotted against `budget`.

    Parameters
    ----------
    inner : Defender
        The defender to be missed.
    budget : int
        Queries before the first round.
    seed : int
        Of the search: equal seeds find the same.
    repeats : int
        Calls behind an estimated answer.
    triggers : int
        Where D has no atoms, or too many for the budget: how many drawn triggers f is judged at.
    plants_budget : int
        There the plant for each new trigger is sought as it comes, with this many queries a round. Each is charged as
        one evaluation; a game that grants fewer ends the search there, and the best plant so far is played.
    """

    inner: Defender
    budget: int = 10_000
    seed: int = 0
    repeats: int = 16
    triggers: int = 64
    plants_budget: int = 16

    def __post_init__(self) -> None:
        super().__post_init__()
        _validate.instance("HillClimbAttacker.inner", self.inner, Defender, "CoinFlip()")
        _validate.integer("budget", self.budget, 1, MOST_QUERIES)
        _validate.integer("repeats", self.repeats, 1, 10**6)
        _validate.integer("triggers", self.triggers, 1, 2048)
        _validate.integer("plants_budget", self.plants_budget, 0, 10**6)

    def prepare(self, game: GameLike) -> HillClimbAttacker:
        refuse_variant(game, "HillClimbAttacker")
        fixed_distribution(self, game)
        inner = self.inner.prepare(game)
        _validate.instance("what the inner defender's prepare() returns", inner, Defender, "self")
        _validate.real(f"the threshold of {text(inner)[:200]}", inner.threshold, 0.0, 1.0)
        ready = dataclasses.replace(self, inner=inner)
        ready._found(game)
        return ready

    def search(self, game: GameLike) -> Found:
        """What the search in this game finds: `code`, `loss`, `queries` and the plants."""
        return self.prepare(game)._found(game)[0]

    def choose_block(self, view: AttackerBlock) -> Codes:
        return np.repeat(self._found(view.game)[0].code[None], len(view), axis=0)

    def choose_law(self, game: GameLike, distribution: Distribution) -> Originals | None:
        return self._found(game)[0].code[None].copy(), np.ones(1)

    def plant_block(self, view: AttackerBlock) -> Plants:
        """As found for f at this trigger; where the search has not been, the closest legal function."""
        codes, x_star = view.chosen()
        found, suspicions = self._found(view.game)
        rules, keys = (
            LegalPlants(view.game, view.distribution),
            pair_keys(self._key(view.game).tobytes(), codes, x_star),
        )
        planted = rules.closest(codes, x_star, keys)[0].copy()
        if not found.complete:
            planted = self._sought(view, planted, suspicions, rules, keys)
        rows, places = _known(found, codes, x_star)
        planted[rows] = np.where(found.planted[places][:, None], found.plants[places], codes[rows])
        return planted, np.where(view.legal(planted), PLANT, NO_PLANT)

    def _sought(
        self, view: AttackerBlock, planted: Codes, suspicions: Suspicions, rules: LegalPlants, keys: Words
    ) -> Codes:
        """From the closest plants by short walks: each step a question, charged to every row alike."""
        codes, x_star = view.chosen()
        words, missed = draws(keys, 0, self.plants_budget), np.full(len(codes), -1.0)
        tried, legal = planted, rules.legal(codes, planted, x_star, keys)
        for i in range(self.plants_budget // suspicions.cost):
            if not view.meter.affords(slice(None), evaluations=suspicions.cost):
                break
            view.meter.charge(slice(None), evaluations=suspicions.cost)
            gains = np.full(len(codes), -2.0)
            gains[legal] = 1 - suspicions.ask(tried[legal], x_star[legal])
            better = gains >= missed
            planted, missed = np.where(better[:, None], tried, planted), np.maximum(gains, missed)
            tried, legal = rules.wander(codes, planted, x_star, words[:, i])
        return planted

    def _found(self, game: GameLike) -> tuple[Found, Suspicions]:
        hashable: Any = game
        return _searched(self, hashable)

    def _key(self, game: GameLike) -> np.uint64:
        """The key of all that the search draws, and of the plants sought later."""
        return np.uint64(role_keys(self.seed, f"{text(game)}\n{text(self.inner)}", "hill-climb", 0, 1)[0])


@functools.lru_cache(maxsize=32)
def _searched(ready: HillClimbAttacker, game: GameLike) -> tuple[Found, Suspicions]:
    """What a prepared attacker has found in a game, and the defender that it asked."""
    distribution, key = checked(fixed_distribution(ready, game), game.functions.domain), ready._key(game)
    suspicions = Suspicions(game, distribution, ready.inner, key, min(ready.repeats, max(1, ready.budget - 1)))
    found = search(game, distribution, suspicions, budget=ready.budget, triggers=ready.triggers, key=key)
    return found, suspicions


def _known(found: Found, codes: Codes, x: Points) -> tuple[Places, Places]:
    """Which rows show the f that was found at a trigger that it was settled for, and the numbers of these triggers."""
    numbers = {point.tobytes(): i for i, point in enumerate(found.points)} if found.complete else {}
    places = np.array([numbers.get(point.tobytes(), -1) for point in x], dtype=np.intp)
    rows = np.flatnonzero((places >= 0) & (codes == found.code).all(axis=1))
    return rows, places[rows]
