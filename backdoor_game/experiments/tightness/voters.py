"""Worst cases of the bounds for one distillation and for votes, and a learner that errs where it hurts."""

from __future__ import annotations

import dataclasses

import numpy as np

from ... import bounds
from ...exact.solving import best_response
from ...functions import Explicit, FunctionClass, Singletons, Thresholds
from ...functions.base import Codes, Floats, Labels
from ...games import BackdoorGame
from ...ground import _validate
from ...ground.chances import missed
from ...ground.streams import Words, draws
from ...players.defenders import DistillationEnsemble
from ...players.learners import BlockLearner, Closure, Learner
from ...players.learners.masses import point_mass
from ...players.views.sample import Sample
from ...spaces.distributions import Distribution, Uniform, Weighted
from ...spaces.domains import Points
from .cases import Case

SINGLE, VOTES = "single distillation", "votes"
MANY = 10**6  # members: the bound's Hoeffding term vanishes, and what is left is its two Markov terms
TILES, TILE, SAMPLES = 21, 1e-3, 100  # m epsilon = 1/10; 21 tiles are as many as an expected error of 1/101 allows
NUDGE = 0.003  # six standard deviations of a share of 10^6 votes: all of the careless errors are flagged


@dataclasses.dataclass(frozen=True, repr=False)
class CarelessLearner(BlockLearner):
    """Remembers what it has seen, else says 0, but on the first points 1 with some probability. *Enumerated.*

    Whoever proves a bound from the expected error alone must allow for it: all of its errors are as likely as may just
    be flagged, and where f* has that label they are taken for agreement.

    Parameters
    ----------
    points : int
        How many.
    chance : float
        Of saying 1 there, unseen.
    """

    points: int
    chance: float

    def __post_init__(self) -> None:
        super().__post_init__()
        _validate.integer("CarelessLearner.points", self.points, 0, 2**31)
        _validate.real("CarelessLearner.chance", self.chance, 0.0, 1.0)

    def predict_block(self, sample: Sample, x: Points, keys: Words) -> Labels:
        same = (x[:, None, None, :] == sample.X).all(axis=3)
        seen = np.where(same, sample.y, 0).max(axis=2, initial=0)
        coins = draws(keys, 0, sample.members) * 2.0**-64 < self.chance
        careless = coins & (x[:, :1] < self.points)
        return np.where(same.any(axis=2), seen, careless).astype(np.uint8)

    def error_probability(
        self, functions: FunctionClass, distribution: Distribution, m: int, codes: Codes, x: Points
    ) -> Floats | None:
        """x is unseen, and what is said there is not its label."""
        mass = point_mass(distribution, functions.domain, x)
        if mass is None:
            return None
        says = np.where(x[:, 0] < self.points, self.chance, 0.0)
        label = functions.evaluate(codes, x[:, None, :])[:, 0]
        return np.asarray(missed(mass, m) * np.where(label == 1, 1 - says, says))


def cases() -> list[Case]:
    """One distillation on tiles; votes of closures on thresholds; votes of the careless learner on tiles."""
    return [_single(), _closures(), _careless()]


def _single() -> Case:
    """f empty, f* a tile: a miss iff one of m examples falls on it, 1 - q; no false alarm."""
    N = m = 100
    game = BackdoorGame(Singletons(points=N), 1 / N, Uniform())
    one = DistillationEnsemble(learner=Closure(), members=1, examples=m, threshold=0.5)
    loss, how = worst(game, one)
    limit = 1 - bounds.single_bound(1, game.epsilon, m)
    return Case(SINGLE, f"Singletons({N}), epsilon = 1/{N}, m = {m}", how, loss, limit, 0.96)


def _closures() -> Case:
    """f all ones: flagged up to ln(1/theta)/m from its end, missed up to epsilon; least at theta = q/3."""
    N, epsilon, m = 256, 8 / 256, 13
    theta = (1 - epsilon) ** m / 3
    loss, how = worst(BackdoorGame(Thresholds(points=N), epsilon, Uniform()), _voters(Closure(), m, theta))
    limit = 1 - bounds.voting_bound(1, epsilon, m, MANY, theta)
    return Case(VOTES, f"closures on Thresholds({N}), epsilon = 1/32, m = {m}, threshold q/3", how, loss, limit, 0.28)


def _careless() -> Case:
    game, learner, theta = careless_game()
    loss, how = worst(game, _voters(learner, SAMPLES, theta))
    limit = 1 - bounds.voting_bound(1, game.epsilon, SAMPLES, MANY, theta)
    what = f"a careless learner on {TILES} tiles, epsilon = {TILE:g}, m = {SAMPLES}, threshold q/2"
    return Case(VOTES, what, how, loss, limit, 0.94)


def careless_game() -> tuple[BackdoorGame, CarelessLearner, float]:
    """Tiles of mass epsilon beside an empty rest; a learner that errs there a little over q/2; the threshold q/2."""
    rows = ["0" * (TILES + 1), *("0" * i + "1" + "0" * (TILES - i) for i in range(TILES))]
    law = Weighted((TILE,) * TILES + (1 - TILES * TILE,))
    q = (1 - TILE) ** SAMPLES
    return BackdoorGame(Explicit(tuple(rows)), TILE, law), CarelessLearner(TILES, 0.5 + NUDGE / q), q / 2


def largest_error(game: BackdoorGame, learner: Learner, m: int) -> float:
    """The learner's expected error after m examples, for the f that is worst for it."""
    law = game.distribution
    assert law is not None
    points, weights = law.atoms() or (np.empty((0, 1)), np.empty(0))
    codes = game.functions.enumerate()
    rows, places = np.repeat(codes, len(points), axis=0), np.tile(points, (len(codes), 1))
    wrong = learner.error_probability(game.functions, law, m, rows, places)
    assert wrong is not None
    return float((wrong.reshape(len(codes), -1) @ weights).max())


def _voters(learner: Learner, m: int, theta: float) -> DistillationEnsemble:
    return DistillationEnsemble(learner=learner, members=MANY, examples=m, threshold=theta)


def worst(game: BackdoorGame, defender: DistillationEnsemble) -> tuple[float, str]:
    """What the worst attacker takes, exactly, and how the defender's coins were averaged."""
    reply = best_response(game, defender=defender)
    return 1 - reply.win_rate, f"enumerated, {reply.how}"
