"""The derivations' symbolic expressions and the library's closed-form numbers are the same functions."""

from __future__ import annotations

import math
from itertools import product

import pytest
import sympy as sp

from backdoor_game import bounds
from backdoor_game.ground.errors import InvalidArgument
from theory import boltzmann, hard_pair, shattering, single, voting

EPSILONS = [sp.Rational(1, k).evalf(60) for k in (7, 16, 40, 100, 1000, 10**6)]
DIMENSIONS = [1, 2, 5]


def exact(expression: sp.Expr, **values: object) -> float:
    """The expression at these values, in 40 digits, as a float."""
    symbols = {symbol: values[symbol.name] for symbol in expression.free_symbols}
    return float(expression.subs(symbols).evalf(40))


def within_the_rates(expression: sp.Expr, **values: object) -> float | None:
    """The same, or None where it is so weak that an error rate above 1 was cut."""
    value = exact(expression, **values)
    return value if value > 0.5 else None


@pytest.mark.parametrize("derivation", [shattering, voting, single, boltzmann, hard_pair], ids=lambda m: m.__name__)
def test_every_statement_of_the_derivation_holds(derivation):
    checks = derivation.checks()
    assert len(checks) >= 6
    assert [check.name for check in checks if not check.holds] == []


@pytest.mark.parametrize("d", range(2, 12))
def test_the_shattering_curve_is_the_derived_one_and_jumps_at_one_over_d(d):
    for k in range(20):
        epsilon = sp.Rational(k, 20 * d)
        assert bounds.shattering_bound(d, float(epsilon)) == pytest.approx(
            exact(shattering.WIN, d=d, epsilon=epsilon), abs=1e-14)
    assert bounds.shattering_bound(d, 1 / d) == 0.5
    assert bounds.shattering_bound(d, 1 / d - 1e-9) == pytest.approx(0.5 + 1 / (2 * d), abs=1e-7)


def test_the_shattering_bound_says_nothing_for_classes_of_dimension_one():
    assert [bounds.shattering_bound(d, 0.7) for d in (0, 1)] == [1.0, 1.0]


def test_single_majority_and_half_q_are_the_derived_expressions_wherever_they_say_something():
    compared = 0
    pairs = ((bounds.single_bound, single.LOSS, True), (bounds.majority_bound, voting.MAJORITY, False),
             (bounds.half_q_bound, voting.HALF_Q, False))
    for (number, expression, loss), d, epsilon in product(pairs, DIMENSIONS, EPSILONS):
        for m in {1, 5, bounds.single_examples(d, float(epsilon)), int(0.375 / epsilon)}:
            if number is bounds.majority_bound and (1 - epsilon) ** m <= 0.5:
                continue
            value = within_the_rates(1 - expression if loss else expression, d=d, epsilon=epsilon, m=m)
            found = number(d, float(epsilon), m)
            assert bounds.vacuous(found) if value is None else found == pytest.approx(value, rel=1e-12)
            compared += value is not None
    assert compared > 50


@pytest.mark.parametrize("members", [1, 7, 63, 1000, 10**6])
def test_the_voting_bound_is_the_best_margin_of_the_derived_expression(members):
    said = 0
    for d, epsilon in product(DIMENSIONS, EPSILONS):
        m = bounds.voting_examples(float(epsilon))
        q = (1 - epsilon) ** m
        for share in (sp.Rational(1, 4), sp.Rational(1, 2), sp.Rational(3, 4)):
            theta = q * share
            at = sp.lambdify(voting.g, voting.WIN.subs({voting.d: d, voting.m: m, voting.epsilon: epsilon,
                                                        voting.T: members, voting.theta: theta}).evalf(30), "math")
            best = max(at(float(q - theta) * i / 3000) for i in range(1, 3000))
            found = bounds.voting_bound(d, float(epsilon), m, members, float(theta))
            assert bounds.vacuous(found) == (best <= 0.5)
            if best > 0.5:
                assert best - 1e-12 <= found <= best + 1e-5
                said += 1
    assert said > 0 or members == 1


def test_the_voting_bound_tends_to_its_limits_as_the_members_grow():
    for d, m, epsilon in ((1, 31, 1 / 300), (2, 255, 1e-3)):
        half_q = bounds.voting_bound(d, epsilon, m, 10**9, bounds.voting_threshold(epsilon, m))
        assert half_q == pytest.approx(bounds.half_q_bound(d, epsilon, m), abs=2e-4)
        assert half_q < bounds.half_q_bound(d, epsilon, m)
        majority = bounds.voting_bound(d, epsilon, m, 10**9, 0.5)
        assert majority == pytest.approx(bounds.majority_bound(d, epsilon, m), abs=2e-4)


def test_the_boltzmann_bound_is_the_derived_expression_and_best_at_the_derived_temperature():
    for size, epsilon in product((2, 10, 1000), EPSILONS):
        beta = bounds.boltzmann_beta(float(epsilon))
        assert beta == pytest.approx(exact(boltzmann.BEST / (2 * boltzmann.epsilon), epsilon=epsilon), rel=1e-15)
        value = within_the_rates(boltzmann.WIN, L=sp.log(size), epsilon=epsilon, beta=sp.Float(beta, 40))
        found = bounds.boltzmann_bound(math.log(size), float(epsilon), beta)
        assert bounds.vacuous(found) if value is None else found == pytest.approx(value, rel=1e-12)
        for factor in (0.5, 0.9, 1.1, 2) if value is not None else ():
            assert found > bounds.boltzmann_bound(math.log(size), float(epsilon), beta * factor)


def test_sauer_and_shelahs_count_is_the_sum_of_binomials():
    for n, d in product(range(12), range(14)):
        assert bounds.sauer_shelah(n, d) == sum(sp.binomial(n, i) for i in range(d + 1))


def test_recommended_sizes_follow_their_formulas():
    for k in range(1, 500):
        assert bounds.voting_examples(1 / k) == k - 1
    assert bounds.voting_examples(0.0300001) == 32
    assert bounds.single_examples(2, 1 / 16) == 8
    assert bounds.single_examples(0, 0.5) == 1
    for k in (8, 16, 50, 1000):
        m = k - 1
        epsilon = sp.Rational(1, k).evalf(60)
        assert bounds.voting_threshold(1 / k, m) == pytest.approx(exact(voting.Q / 2, m=m, epsilon=epsilon))
        members = voting.MEMBERS.subs({voting.m: m, voting.epsilon: epsilon})
        assert bounds.voting_members(1 / k, m) == sp.ceiling(members)


def test_votes_needed_forgives_rounding_but_not_a_vote():
    assert bounds.votes_needed(10, 0.3) == 3  # 10 * 0.3 is 3 in exact arithmetic
    assert bounds.votes_needed(3, 0.1 + 0.2 + 0.1 / 3) == 1  # 1/3 of 3 votes, a rounding error above
    assert bounds.votes_needed(63, 0.5) == 32
    assert bounds.votes_needed(1, 0.5) == 1
    assert bounds.votes_needed(1000, 0.3001) == 301


@pytest.mark.parametrize(("call", "named"), [
    (lambda: bounds.shattering_bound(2, 1.5), "epsilon"), (lambda: bounds.shattering_bound(-1, 0.5), "d"),
    (lambda: bounds.shattering_bound(2.5, 0.5), "d"), (lambda: bounds.shattering_bound(2, math.nan), "epsilon"),
    (lambda: bounds.voting_bound(1, 0.1, -1, 3, 0.5), "m"), (lambda: bounds.voting_bound(1, 0.1, 5, 0, 0.5), "members"),
    (lambda: bounds.voting_bound(1, 0.1, 5, 3, 0.0), "threshold"), (lambda: bounds.voting_examples(0), "epsilon"),
    (lambda: bounds.voting_members(1.0, 5), "epsilon"), (lambda: bounds.votes_needed(3, 1.1), "threshold"),
    (lambda: bounds.boltzmann_beta(-0.1), "epsilon"), (lambda: bounds.boltzmann_bound(-1.0, 0.1, 1.0), "log_size"),
    (lambda: bounds.boltzmann_bound(1.0, 0.1, 0), "beta"), (lambda: bounds.sauer_shelah(True, 1), "points"),
    (lambda: bounds.single_bound(1, "1/8", 5), "epsilon"), (lambda: bounds.half_q_bound(math.inf, 0.1, 5), "d"),
    (lambda: bounds.majority_bound(None, 0.1, 5), "d"), (lambda: bounds.single_examples(1, 0.0), "epsilon"),
])
def test_a_value_out_of_range_is_refused_by_name(call, named):
    with pytest.raises(InvalidArgument, match=named):
        call()
