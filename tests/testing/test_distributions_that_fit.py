"""On which domains a distribution is tried that names none of them."""

from __future__ import annotations

import dataclasses

import pytest

from backdoor_game import BackdoorGame, Distribution, InvalidArgument, Thresholds, Uniform, Weighted
from backdoor_game.testing import check_distribution
from tests.testing.faulty_distributions import Die


@dataclasses.dataclass(frozen=True)
class Successes(Distribution):
    """How many of five trials succeed, with `on` as it is inherited: nothing is wrong with it."""

    def sample(self, m, rng):
        return rng.binomial(5, 0.2, size=(m, 1))


@dataclasses.dataclass(frozen=True)
class Heavy(Distribution):
    """Points beyond every size that is tried."""

    def sample(self, m, rng):
        return rng.integers(2**30, size=(m, 1))


def failed(found):
    return [result for result in found if result.status == "failed"]


def test_a_rare_point_does_not_make_a_sound_one_round_distribution_fail():
    assert failed(check_distribution(Successes())) == []


@pytest.mark.parametrize("size", [100, 200])
def test_a_distribution_on_some_hundred_points_finds_its_domain(size):
    assert failed(check_distribution(Weighted([1 / size] * size))) == []


@pytest.mark.parametrize("law", [Die(sides=7919), Heavy()], ids=str)
def test_where_no_domain_fits_a_game_is_asked_for(law):
    with pytest.raises(InvalidArgument, match=r"name a game on its domain \(games=\[\.\.\.\], or --functions"):
        check_distribution(law)


def test_a_named_game_decides_the_domain():
    found = check_distribution(Heavy(), BackdoorGame(Thresholds(points=2**30), 0.1, Uniform()))
    assert failed(found) == []
