"""What the VC dimension alone says: derivations, their numbers in the library, and games solved against them."""

from __future__ import annotations

import math
import random
from fractions import Fraction

import numpy as np
import pytest

from backdoor_game import BackdoorGame, Explicit, Thresholds, Uniform, Weighted, bounds, one_inclusion_density, solve
from backdoor_game.ground.errors import InvalidArgument
from theory import density, dimension_one, frontier


@pytest.mark.parametrize("page", [density, dimension_one, frontier], ids=lambda m: m.__name__)
def test_every_statement_of_the_derivation_holds(page):
    checks = page.checks()
    assert len(checks) >= 6
    assert [check.name for check in checks if not check.holds] == []


def explicit(members, points):
    return Explicit([[f >> x & 1 for x in range(points)] for f in sorted(members)])


def test_the_density_bound_is_the_derived_fraction():
    for points in range(1, 40):
        for d in range(points + 3):
            assert bounds.density_bound(points, d) == float(density.least_value(points, d))
    for (d, points), fraction in density.LISTED.items():
        assert bounds.density_bound(points, d) == float(Fraction(fraction))


@pytest.mark.parametrize("d", [0, 1, 2, 3, 4])
def test_no_class_on_four_points_is_worth_less_than_the_density_bound_of_its_dimension(d):
    """All 65,535 sets, by the formula of the derivation; the ball reaches the bound in the solver."""
    assert density.greatest_densities(4)[d] == 4 * (1 - density.least_value(4, d))
    ball = solve(BackdoorGame(explicit(density.ball(4, d), 4), "1/4", Uniform()), exact=True)
    assert Fraction(ball.fraction) == density.least_value(4, d)
    assert ball.value == bounds.density_bound(4, d)


def test_random_classes_are_worth_no_less_than_the_density_bound_and_a_smaller_dimension_would_promise_too_much():
    rng = random.Random(4)
    over = 0
    for _ in range(60):
        points = rng.randint(3, 5)
        members = rng.sample(range(2**points), rng.randint(2, 14 if points > 3 else 8))
        d = density.vc_dimension(members, points)
        value = float(one_inclusion_density(explicit(members, points)).value)
        assert value >= bounds.density_bound(points, d) - 1e-12
        over += d > 0 and value < bounds.density_bound(points, d - 1) - 1e-12
    assert over > 10


def test_no_class_of_dimension_one_is_worth_less_than_one_minus_epsilon_under_500_random_laws():
    """Largest classes of VC dimension 1 on 2 to 5 points, grown at random."""
    rng, laws = random.Random(1), np.random.default_rng(1)
    ratios = []
    for _ in range(500):
        points = rng.randint(2, 5)
        functions = explicit(dimension_one.grown(rng, points, 2**points), points)
        assert functions.vc_dimension == 1
        epsilon = rng.uniform(0.05, 0.6)
        value = solve(BackdoorGame(functions, epsilon, Weighted(laws.dirichlet(np.ones(points)).tolist()))).upper
        assert value >= bounds.dimension_one_bound(epsilon) - 1e-9
        ratios.append((1 - value) / epsilon)
    # what these games can refute: 1 - epsilon/2 falls
    assert max(ratios) > 0.5


def test_a_class_of_dimension_two_is_worth_less_than_the_bound_of_dimension_one():
    two = solve(BackdoorGame(explicit(density.ball(5, 2), 5), "1/5", Uniform()), exact=True)
    assert two.fraction == "11/16"
    assert two.value < bounds.dimension_one_bound(0.2)


@pytest.mark.parametrize("k", [1, 2, 3, 4, 5])
def test_ten_thresholds_lose_epsilon_q_over_q_plus_one(k):
    epsilon = Fraction(k, 10)
    q = math.floor(1 / epsilon)
    found = solve(BackdoorGame(Thresholds(points=10), str(epsilon), Uniform()), exact=True)
    assert 1 - Fraction(found.fraction) == epsilon * Fraction(q, q + 1)
    assert found.value >= bounds.dimension_one_bound(float(epsilon))


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: bounds.density_bound(0, 1), "points"),
        (lambda: bounds.density_bound(4, -1), "d must"),
        (lambda: bounds.density_bound(4, 1.5), "d must"),
        (lambda: bounds.dimension_one_bound(1.5), "epsilon"),
        (lambda: bounds.dimension_one_bound("1/8"), "epsilon"),
    ],
)
def test_values_out_of_range_are_refused_by_name(call, name):
    with pytest.raises(InvalidArgument, match=name):
        call()
