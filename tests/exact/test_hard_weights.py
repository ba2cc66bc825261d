"""Exact values where the weights of D are far apart, or products of fractions: by another program, and by hand."""

from __future__ import annotations

import itertools
from fractions import Fraction

import numpy as np
import pytest
import sympy
from sympy.solvers.simplex import lpmax

from backdoor_game import (
    AllFunctions,
    Atoms,
    BackdoorGame,
    BackdoorGameError,
    Conjunctions,
    DirectSum,
    Explicit,
    InvalidArgument,
    Mixture,
    ProductBits,
    Singletons,
    Thresholds,
    Uniform,
    Weighted,
    solve,
)
from backdoor_game.exact.finite import legal_game, program, rational
from backdoor_game.exact.finite.refining import refined
from backdoor_game.ground.fractions import as_fraction


def value(rows, weights, epsilon):
    """The value by the linear program of the definition, in sympy's own simplex over fractions: flows and originals."""
    F, N = range(len(rows)), range(len(weights))
    pi = sympy.symbols(f"p:{len(rows)}")  # of any sign, but for the constraints
    legal = [
        (f, g)
        for f, g in itertools.permutations(F, 2)
        if sum((weights[x] for x in N if rows[f][x] != rows[g][x]), Fraction(0)) <= epsilon
    ]
    y = {(x, f, g): sympy.Symbol(f"y_{x}_{f}_{g}") for x in N for f, g in legal if rows[f][x] != rows[g][x]}
    constraints = [sympy.Eq(sum(pi), 1), *(p >= 0 for p in pi), *(one >= 0 for one in y.values())]
    for x, f in itertools.product(N, F):
        sent = [one for (at, a, _), one in y.items() if (at, a) == (x, f)]
        shown = [one for (at, _, b), one in y.items() if (at, b) == (x, f)]
        constraints += [sum(many) <= pi[f] for many in (sent, shown) if many]
    if not y:
        return Fraction(1)
    most, _ = lpmax(sum(sympy.Rational(weights[x]) * one for (x, _, _), one in y.items()), constraints)
    return 1 - Fraction(int(most.p), int(most.q)) / 2


def test_the_other_program_finds_values_that_theory_derives():
    """Thresholds on 3 points at 1/3: 3/4; all functions on 2 points at 1/2: 1/2; singletons on 3 points at 1/3: 3/4."""
    third, half = Fraction(1, 3), Fraction(1, 2)
    assert value(["000", "100", "110", "111"], [third] * 3, third) == Fraction(3, 4)
    assert value(["00", "01", "10", "11"], [half] * 2, half) == half
    assert value(["000", "100", "010", "001"], [third] * 3, third) == Fraction(3, 4)


# Weights from 1e-8 to 1e-3 beside one large one, in several orders of size and of place.
SPREADS = [
    ("0.00000001", "0.001", "0.99899999"),
    ("0.00001", "0.99998999", "0.00000001"),
    ("0.0000001", "0.0000003", "0.9999996"),
    ("0.5", "0.4999999", "0.0000001"),
    ("0.0001", "0.0001", "0.9998"),
]
TABLES = {
    "thresholds": ["000", "100", "110", "111"],
    "singletons": ["000", "100", "010", "001"],
    "parities": ["000", "011", "101", "110"],
    "in no order": ["000", "110", "011", "111", "001"],
}


@pytest.mark.parametrize("weights", SPREADS, ids=" ".join)
@pytest.mark.parametrize("rows", TABLES.values(), ids=TABLES)
def test_far_apart_weights_have_the_value_of_another_program(rows, weights):
    exact = [Fraction(weight) for weight in weights]
    for epsilon in (min(exact), sorted(exact)[1], sum(sorted(exact)[:2]), Fraction(1, 2), Fraction(1)):
        game = BackdoorGame(Explicit(rows), float(epsilon), Weighted(weights))
        assert Fraction(solve(game, exact=True).fraction) == value(rows, exact, epsilon), epsilon


@pytest.mark.parametrize("power", range(1, 9))
def test_two_constants_are_a_coin_whatever_the_weights(power):
    """f and its complement, each with probability 1/2: nobody tells them apart [CHLX25] Theorem 4.1."""
    game = BackdoorGame(Explicit([[0, 0], [1, 1]]), 1, Weighted([10.0**-power, 1 - 10.0**-power]))
    assert solve(game, exact=True).fraction == "1/2"


@pytest.mark.parametrize(("d", "power"), [(2, 3), (3, 5), (3, 8), (4, 7)])
def test_the_lower_bound_below_1_over_d_is_exact_for_tiny_epsilon(d, power):
    """Mass epsilon on d - 1 points, the rest on the last: 1 - (d - 1) epsilon / 2 [CHLX25] Theorem 4.1."""
    epsilon = Fraction(1, 10**power)
    weights = [str(epsilon)] * (d - 1) + [str(1 - (d - 1) * epsilon)]
    found = solve(BackdoorGame(AllFunctions(points=d), str(epsilon), Weighted(weights)), exact=True)
    assert Fraction(found.fraction) == 1 - (d - 1) * epsilon / 2


PARTS = DirectSum([Thresholds(points=11), Singletons(points=9)])
MIXED = Mixture([Uniform(), Uniform()], ["1e-6", "0.999999"])


def test_a_mixture_of_elevenths_and_ninths_is_a_coin_on_the_light_part_alone():
    """At epsilon 1e-6 thresholds may change on all of their mass, 1e-6, and singletons nowhere: 1 - 1e-6 / 2."""
    assert solve(BackdoorGame(PARTS, "1e-6", MIXED), exact=True).fraction == "1999999/2000000"


def test_a_mixture_of_elevenths_and_ninths_adds_up_what_each_part_loses():
    """At epsilon 1/9 a tile of mass .999999/9 may change as well, but not both: stars have density 9/10.

    The losses are (.999999 / 9) (9 / 10) and 1e-6 / 2.
    """
    lost = Fraction(999_999, 10**6) / 10 + Fraction(1, 2 * 10**6)
    assert Fraction(solve(BackdoorGame(PARTS, "1/9", MIXED), exact=True).fraction) == 1 - lost


def test_a_mixture_of_uneven_fractions_has_the_value_of_another_program():
    light, heavy = ["1/11", "10/11"], ["1/9", "8/9"]
    law = Mixture([Weighted(light), Weighted(heavy)], ["1e-6", "0.999999"])
    functions = DirectSum([Thresholds(points=2), Singletons(points=2)])
    a, b = Fraction(1, 10**6), Fraction(999_999, 10**6)
    exact = [a * Fraction(one) for one in light] + [b * Fraction(one) for one in heavy]
    rows = ["".join(pair) for pair in itertools.product(["00", "10", "11"], ["00", "10", "01"])]
    for epsilon in ("1e-6", "1/9"):
        found = solve(BackdoorGame(functions, epsilon, law), exact=True)
        assert Fraction(found.fraction) == value(rows, exact, Fraction(epsilon))


@pytest.mark.parametrize("places", [(1,), (0, 3), (0, 2, 3)])
def test_an_epsilon_that_is_a_sum_of_such_weights_is_read_as_that_sum(places):
    """Its fraction has more digits than a simple one, and its decimal is a little less: a tie would be lost."""
    light, heavy = ["1/11", "10/11"], ["1/9", "8/9"]
    law = Mixture([Weighted(light), Weighted(heavy)], ["1e-6", "0.999999"])
    a, b = Fraction(1, 10**6), Fraction(999_999, 10**6)
    exact = [a * Fraction(one) for one in light] + [b * Fraction(one) for one in heavy]
    epsilon = sum(exact[place] for place in places)
    assert as_fraction(float(epsilon)) < epsilon
    functions, rows = DirectSum([Explicit(TWO_BITS), Explicit(TWO_BITS)]), itertools.product(TWO_BITS, TWO_BITS)
    found = solve(BackdoorGame(functions, str(epsilon), law), exact=True)
    assert Fraction(found.fraction) == value(["".join(pair) for pair in rows], exact, epsilon)


TWO_BITS = ("11", "10", "01")
STUCK = BackdoorGame(  # in whose second program the interior point of HiGHS turned on one spot for minutes
    DirectSum([Explicit(TWO_BITS), Explicit(TWO_BITS)]),
    1.0,
    Mixture([Weighted(["6/11", "5/11"]), Weighted(["2/9", "7/9"])], ["1e-6", "0.999999"]),
)


def test_a_program_that_has_the_interior_point_turn_on_one_spot_is_solved():
    light, heavy = Fraction(1, 10**6), Fraction(999_999, 10**6)
    weights = [light * Fraction(6, 11), light * Fraction(5, 11), heavy * Fraction(2, 9), heavy * Fraction(7, 9)]
    rows = ["".join(pair) for pair in itertools.product(TWO_BITS, TWO_BITS)]
    assert Fraction(solve(STUCK, exact=True).fraction) == value(rows, weights, Fraction(1))


def drawn(seed):
    """A game with elevenths and ninths mixed far apart, at 1 or at some sum of weights, and what `value` needs."""
    rng = np.random.default_rng(seed)
    tables = [rng.permutation(["00", "01", "10", "11"])[: rng.integers(2, 4)].tolist() for _ in range(2)]
    cuts = [Fraction(int(rng.integers(1, d)), d) for d in rng.permutation([9, 11]).tolist()]
    mixed = [Fraction(1, 10**6), Fraction(999_999, 10**6)]
    if rng.integers(2):
        mixed.reverse()
    law = Mixture([Weighted([str(cut), str(1 - cut)]) for cut in cuts], [str(share) for share in mixed])
    weights = [share * one for share, cut in zip(mixed, cuts, strict=True) for one in (cut, 1 - cut)]
    some = rng.permutation(4)[: rng.integers(1, 4)]
    epsilon = sum(weights[place] for place in some)
    if rng.integers(2):
        epsilon = Fraction(1)
    rows = ["".join(pair) for pair in itertools.product(*tables)]
    return BackdoorGame(DirectSum([Explicit(table) for table in tables]), str(epsilon), law), (rows, weights, epsilon)


@pytest.mark.parametrize("seed", range(36))
def test_drawn_mixtures_of_uneven_fractions_have_the_value_of_another_program(seed):
    game, plain = drawn(seed)
    found, wanted = solve(game, exact=True), value(*plain)
    assert Fraction(found.fraction) == wanted
    assert solve(game).value == pytest.approx(float(wanted), abs=1e-6)  # the gap that is promised without exact=True


def test_the_second_method_solves_what_the_first_one_leaves(monkeypatch):
    """Thresholds on 10 points at 2/10: 5/6; the control has no second method."""
    functions, law = Thresholds(points=10), Uniform()
    game = legal_game(functions, law.on(functions.domain), 0.2)
    stopped = (("highs-ipm", {"maxiter": 0}), *program.METHODS[1:])
    monkeypatch.setattr(program, "METHODS", stopped)
    assert rational.certify(game, law.on(functions.domain), 0.2).value == Fraction(5, 6)
    monkeypatch.setattr(program, "METHODS", stopped[:1])
    with pytest.raises(BackdoorGameError, match="no exact value was proved"):
        rational.certify(game, law.on(functions.domain), 0.2)


def test_at_its_limit_of_steps_each_method_ends_and_one_sentence_says_so(monkeypatch):
    monkeypatch.setattr(program, "METHODS", [(method, {"maxiter": 0}) for method, _ in program.METHODS])
    game = legal_game(STUCK.functions, STUCK.distribution, 1.0)
    with pytest.raises(BackdoorGameError, match=r"no exact value was proved: .*Iteration limit.*leave exact=True"):
        rational.certify(game, STUCK.distribution, 1.0)
    with pytest.raises(BackdoorGameError, match=r"the linear program was not solved: .*Iteration limit"):
        program.solve_attacker(game)


def test_at_its_limit_of_seconds_each_method_ends_and_one_sentence_says_so(monkeypatch):
    monkeypatch.setattr(program, "LEAST_SECONDS", 0.0)
    monkeypatch.setattr(program, "SECONDS_A_COLUMN", 0.0)
    game = legal_game(STUCK.functions, STUCK.distribution, 1.0)
    with pytest.raises(BackdoorGameError, match=r"no exact value was proved: .*Time limit.*leave exact=True"):
        rational.certify(game, STUCK.distribution, 1.0)


def test_products_of_fractions_are_multiplied_as_fractions():
    law = Mixture([Weighted(["1/11", "10/11"]), Uniform()], ["1/7", "6/7"])
    assert law.on(DirectSum([Thresholds(points=2), Singletons(points=3)]).domain).fractions() == (
        *(Fraction(1, 77), Fraction(10, 77)),
        *[Fraction(2, 7)] * 3,
    )
    bits = ProductBits(("1/11", "1/1000000")).on(Conjunctions(bits=2).domain)
    points = bits.atoms()[0].tolist()
    assert bits.fractions()[points.index([1, 1])] == Fraction(1, 11 * 10**6)
    assert sum(bits.fractions()) == 1


@pytest.mark.parametrize("number", ["1/3", "1e-9", "123/1000003", "0.9999999", "7/11", "0"])
def test_a_small_weight_is_read_as_it_was_typed_and_never_as_0(number):
    wanted = Fraction(number)
    assert as_fraction(float(wanted)) == (
        wanted if wanted.denominator <= 10**9 and number != "123/1000003" else Fraction(repr(float(wanted)))
    )


@pytest.mark.parametrize("tiny", [1e-16, 1e-20])
def test_a_weight_below_rounding_is_not_read_as_0(tiny):
    assert as_fraction(tiny) == Fraction(repr(tiny))


class Odd(Mixture):
    """Lists its atoms in an order that its fractions do not follow."""

    def atoms(self):
        points, weights = super().atoms()
        return points[::-1], weights[::-1]


def test_fractions_that_are_not_those_of_the_atoms_are_not_believed():
    law = Odd([Weighted([0.25, 0.75]), Uniform()], [0.5, 0.5]).on(DirectSum([Thresholds(points=2)] * 2).domain)
    assert sorted(rational.exact_weights(law)) == [Fraction(1, 8), Fraction(1, 4), Fraction(1, 4), Fraction(3, 8)]
    points = law.atoms()[0]
    wanted = dict(zip(map(tuple, points.tolist()), law.atoms()[1].tolist(), strict=True))
    order = np.asarray(rational.support(law)[0]).tolist()
    assert [float(one) for one in rational.exact_weights(law)] == [wanted[tuple(point)] for point in order]


def test_each_refinement_is_finer_than_the_one_before():
    game = legal_game(Explicit([[0, 0], [1, 1]]), Weighted([1e-7, 1 - 1e-7]), 1.0)
    errors = [near.error for near in refined(game, rational.exact_weights(Weighted([1e-7, 1 - 1e-7])), 4)]
    assert errors[3] < Fraction(1, 10**20)
    assert all(later <= before for before, later in itertools.pairwise(errors))


def test_weights_that_do_not_sum_to_1_are_refused_still():
    law = Atoms([0, 1], [0.333333333, 0.6666666667])
    with pytest.raises(InvalidArgument, match="sum to 1 as fractions"):
        solve(BackdoorGame(Thresholds(points=2), 0.5, law), exact=True)
