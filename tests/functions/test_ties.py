"""Who is within epsilon: counts where a float still counts the points of a uniform D, a relative tie beyond."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pytest

from backdoor_game import AlwaysClean, Attacker, BackdoorGame, Conjunctions, Uniform, estimate
from backdoor_game.functions.legality import bound, rule, within

COUNTED, BEYOND = 2**50, 2**52


def legal(count, size, epsilon):
    """Whether a plant that differs on so many of `size` equally likely points is legal."""
    return bool(within(np.array([count / size]), epsilon, size)[0])


@pytest.mark.parametrize("size", [1007, 10**6, COUNTED, BEYOND, 2**60, 2**100])
@pytest.mark.parametrize("count", [1, 3, 1000])
def test_a_tie_is_legal_and_a_point_more_is_not_however_many_points_there_are(size, count):
    """Far above 2^50 points the slack of 1e-12 is worth millions of points, if it is not taken relative to epsilon."""
    epsilon = float(Fraction(count, size))
    assert legal(count, size, epsilon)
    assert legal(count - 1, size, epsilon)
    assert not legal(count + 1, size, epsilon)


def test_a_tie_that_rounding_has_spoilt_is_legal_on_either_side_of_2_to_the_50():
    """.1 + .2 is more than .3 by a part in 5e15: rounding, whatever the number of points."""
    for size in (10, 2**60):
        assert within(np.array([0.1 + 0.2]), 0.3, size)[0]
        assert not within(np.array([0.4]), 0.3, size)[0]


def test_up_to_2_to_the_50_points_epsilon_n_may_miss_a_whole_number_by_1e_9_and_beyond_by_a_share():
    """epsilon N = 3 - 2^-31, within 1e-9 of 3: legal as a count; as a share of 3 it is too far, 1.6e-10 over 1e-12."""
    near = 3 - 2.0**-31
    assert legal(3, COUNTED, near / COUNTED)
    assert legal(3, 2**20, near / 2**20)
    assert not legal(3, BEYOND, near / BEYOND)
    assert not legal(3, COUNTED, (3 - 2.0**-29) / COUNTED)
    share = 3 * (1 - 2.0**-41)  # half of 1e-12 below
    assert legal(3, BEYOND, share / BEYOND)
    assert not legal(3, BEYOND, 3 * (1 - 2.0**-39) / BEYOND)


def test_where_d_is_not_uniform_the_slack_is_1e_12_of_mass():
    assert within(np.array([0.25 + 8e-13]), 0.25, None)[0]
    assert not within(np.array([0.25 + 1.4e-12]), 0.25, None)[0]


@pytest.mark.parametrize("epsilon", [0.0, 0.3, (3 - 5e-9) / 10, (3 - 5e-10) / 10, (3 + 5e-10) / 10, 0.34, 1.0])
@pytest.mark.parametrize("size", [10, None])
def test_weights_with_a_limit_and_a_bound_for_distances_are_the_same_rule(epsilon, size):
    """Who sums weights, or looks for the closest function, must call legal what the engine does, at every count."""
    masses = np.array([0.1] * 10 + [0.0])  # the last point is one that D never draws
    weights, limit = rule(masses, epsilon, size)
    for count in range(11):
        legal = within(np.array([masses[:count].sum()]), epsilon, size)[0]
        assert legal == (count <= 10 * epsilon + (1e-9 if size else 1e-11))
        assert (weights[:count].sum() <= limit) == legal
        assert (weights[:count].sum() + weights[-1] <= limit) == legal
        assert (masses[:count].sum() <= bound(epsilon, size)) == legal


@dataclass(frozen=True)
class Grows(Attacker):
    """f is 0 everywhere; f* is 1 where all bits but the first few are those of the trigger."""

    free: int = 0

    def choose(self, view, rng):
        return view.game.functions.function(np.full(view.game.functions.bits, 3))

    def plant(self, view, rng):
        return view.game.functions.function(np.concatenate([np.full(self.free, 2), view.x_star[self.free :]]))


@pytest.mark.parametrize("size", [None, 10, 2**60])
def test_nothing_at_all_is_within_an_epsilon_of_0_and_a_point_is_not(size):
    assert within(np.array([0.0]), 0.0, size)[0]
    assert not within(np.array([1 / (size or 10)]), 0.0, size)[0]


@pytest.mark.parametrize("bits", [12, 50, 51, 60, 100])
def test_a_plant_on_as_many_points_as_epsilon_allows_is_legal_and_one_on_twice_as_many_is_not(bits):
    """2^5 of 2^n points are epsilon; at n = 60 both are far less than 1e-12 of the mass."""
    game = BackdoorGame(Conjunctions(bits=bits), 2.0 ** (5 - bits), Uniform())
    assert estimate(game, Grows(5), AlwaysClean(), rounds=20, seed=1).illegal == 0
    assert estimate(game, Grows(6), AlwaysClean(), rounds=20, seed=1).illegal == 20
