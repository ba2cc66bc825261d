"""Public functions that draw take a generator or an int seed, which is that of NumPy's default generator."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from backdoor_game import (
    BackdoorGame,
    CLWEBackdoor,
    CoinFlip,
    Defender,
    GaussianLinear,
    InvalidArgument,
    NearestLegal,
    RandomFourierFeatures,
    Thresholds,
    Uniform,
    estimate,
    random_class,
    smoothed,
)
from backdoor_game.spaces.domains import Finite
from tests.test_catalog import STRIPES

FEATURES = RandomFourierFeatures(features=16, dimension=4)
DATA = GaussianLinear(dimension=4).split(np.random.default_rng(0))
BACKDOOR = CLWEBackdoor(k=4, beta=0.1).prepare(FEATURES)


def outsider():
    scope = {"__name__": __name__}
    exec(compile(STRIPES, "stripes.py", "exec"), scope)
    return scope["Stripes"](points=8)


SECRET = [  # None is the operating system's randomness, which is what a key wants
    lambda rng: BACKDOOR.plant(FEATURES, DATA.X, DATA.y, rng=rng)[0].code,
    lambda rng: BACKDOOR.plant(FEATURES, DATA.X, DATA.y, rng)[0].code,
    lambda rng: BACKDOOR.new_key(FEATURES, rng).values["bk"],
]
DRAWS = [
    lambda rng: FEATURES.trained(DATA.X, DATA.y, rng).code,
    lambda rng: GaussianLinear(dimension=4).split(rng).X,
    lambda rng: Uniform().on(Finite(9)).sample(5, rng),
    lambda rng: Thresholds(points=9).sample(rng=rng),
    lambda rng: random_class(5, 7, rng).enumerate(),
    lambda rng: smoothed(lambda X: (X[:, 0] > 0).astype(np.uint8), np.ones((3, 4)), 1.0, 9, rng).ones,
]


@pytest.mark.parametrize("draw", DRAWS + SECRET)
def test_a_seed_draws_what_its_generator_does_and_nothing_else_is_taken(draw):
    same = draw(np.random.default_rng(3))
    assert np.array_equal(draw(3), same)
    assert np.array_equal(draw(np.int64(3)), same)
    assert draw in DRAWS or not np.array_equal(draw(None), same)
    for wrong in (*([None] if draw in DRAWS else []), 1.5, "1", True, -1, np.random.RandomState(1), np.random):
        with pytest.raises(InvalidArgument, match=r"^rng must be "):
            draw(wrong)


def test_a_class_from_elsewhere_takes_a_seed_too():
    functions = outsider()
    assert functions.sample(3) == functions.sample(np.random.default_rng(3))


@dataclasses.dataclass(frozen=True)
class Never(Defender):
    """Would be asked if a round were played."""

    def suspicion(self, view, rng):
        raise AssertionError("a round is played")


@pytest.mark.parametrize("how", [{}, {"literal": True}, {"half_width": 0.1}])
def test_a_level_that_rounding_would_lose_is_refused_before_the_first_round(how):
    game = BackdoorGame(Thresholds(points=10), 0.2, Uniform())
    with pytest.raises(InvalidArgument) as caught:
        estimate(game, NearestLegal(), Never(), level=0.9999999999999999, **how)
    assert str(caught.value).startswith("level must be at most 1 - 1e-12, got 0.9999999999999999")
    assert estimate(game, NearestLegal(), CoinFlip(), level=1 - 1e-12, rounds=256, seed=1, **how).low < 0.5
