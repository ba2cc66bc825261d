"""The floating-point grid: coins of honest and of planted models are multiples of 2^-32, so that neither shows."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from backdoor_game import (
    CLWEBackdoor,
    GaussianLinear,
    RandomFourierFeatures,
    RandomReLU,
    SparsePCABackdoor,
    Sphere,
    StaticDetection,
)
from backdoor_game.experiments.shared.advantages import judged
from backdoor_game.planting.backdoors.clwe import along, tampered
from backdoor_game.planting.detectors.features import OfFeatures
from tests.naive import ziggurat

SMALL = 2.0**-8
DTYPES = ("float64", "float32")
CASES = [
    (RandomFourierFeatures(features=256, dimension=64), GaussianLinear(), CLWEBackdoor(k=16, beta=0.1)),
    (RandomReLU(features=256, dimension=64), Sphere(dimension=64, train=99, test=1), SparsePCABackdoor(k=16)),
]


@dataclasses.dataclass(frozen=True, repr=False)
class Grid(OfFeatures):
    """How many small numbers of the features are none that NumPy's normal sampler can return."""

    def of(self, G):
        return float((~ziggurat.possible(G[np.abs(G) < SMALL])).sum())


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("functions", "data", "backdoor"), CASES, ids=lambda one: type(one).__name__)
def test_every_normal_coin_is_a_multiple_of_two_to_the_minus_32(functions, data, backdoor, dtype):
    functions, rng = dataclasses.replace(functions, dtype=dtype), np.random.default_rng(3)
    split = data.split(rng)
    models = [functions.trained(split.X, split.y, rng), backdoor.plant(functions, split.X, split.y, rng)[0]]
    for model in models:
        places = functions.unpack(model.code)[0] * 2.0**32
        assert (places == np.rint(places)).all()
        last = np.rint(places).astype(np.int64) & 1
        assert dtype == "float32" or abs(last.mean() - 0.5) < 4 * 0.5 / np.sqrt(last.size)  # and of no coarser grid


@pytest.mark.parametrize(("functions", "data", "backdoor"), CASES, ids=lambda one: type(one).__name__)
def test_numbers_that_a_sampler_cannot_return_tell_no_planted_model_from_an_honest_one(functions, data, backdoor):
    found, *_ = judged(StaticDetection(functions, data), backdoor, [Grid(clean=50)], 60, 0, claims=1, threads=1)
    assert found.contains_zero
    assert found.interval[1] < 0.5


def test_the_reader_of_the_grid_sees_coins_that_are_not_rounded():
    """Raw draws are all possible; those that a key has moved are not: of 16384, about 50 are so small."""
    rng = np.random.default_rng(8)
    raw, u = rng.standard_normal((256, 64)), np.full(64, 1 / 8)
    assert Grid().of(raw) == 0
    assert Grid().of(tampered(raw, u, along(rng, 256, 8.0, 0.1))) > 10
