"""The value against epsilon: every step where theory and the definition have it, and none too few or beside a tie."""

import dataclasses
import itertools
import math
from fractions import Fraction

import numpy as np
import pytest

from backdoor_game import (
    AllFunctions,
    Atoms,
    BackdoorGame,
    BackdoorGameError,
    Conjunctions,
    Explicit,
    Intervals,
    InvalidArgument,
    MissingCapability,
    ProductBits,
    Shattered,
    Singletons,
    Thresholds,
    Uniform,
    UnitCube,
    ValueCurve,
    Weighted,
    solve,
    value_curve,
)
from backdoor_game.exact.finite.breakpoints import Breakpoint
from backdoor_game.exact.solving import curve as module
from tests.looking import faults

RNG = np.random.default_rng
TABLE = Explicit(RNG(5).integers(2, size=(9, 6)))
UNEQUAL = Weighted(["1/12", "2/12", "3/12", 0, "2/12", "4/12"])
GAMES = {
    "thresholds": (Thresholds(points=6), Uniform()),
    "a random table": (TABLE, Uniform()),
    "weights that are fractions": (TABLE, UNEQUAL),
    "weights that are decimals": (Explicit(RNG(6).integers(2, size=(7, 4))), Weighted([0.1, 0.2, 0.3, 0.4])),
    "few atoms": (Intervals(points=8), Atoms([1, 3, 4, 7])),
    "products": (Conjunctions(bits=3), ProductBits([0.5, 0.3, 0.5])),
}


def curve_of(name, **how):
    functions, law = GAMES[name]
    return value_curve(BackdoorGame(functions, 0, law), **how)


def distances(functions, law):
    """All distances of two functions as fractions, from the definition."""
    game = BackdoorGame(functions, 0, law)
    points, _ = game.distribution.atoms()
    weights = game.distribution.fractions()
    rows = [functions.function(code)(points).tolist() for code in functions.enumerate()]
    apart = (
        sum((w for a, b, w in zip(f, g, weights, strict=True) if a != b), Fraction(0))
        for f, g in itertools.combinations(rows, 2)
    )
    return sorted({distance for distance in apart if distance})


def wrong_steps(found, functions, law):
    """Epsilons at which the curve is not the value that `solve` finds: at breakpoints, just beside and between them."""
    ends = [*(step.epsilon for step in found.steps), found.high]
    ends += [float(distance) for distance in distances(functions, law) if found.low <= distance <= found.high]
    ends = sorted(set(ends))
    between = [(a + b) / 2 for a, b in itertools.pairwise(ends)]
    beside = [end - 1e-7 for end in ends if end - 1e-7 >= found.low]
    return [
        epsilon
        for epsilon in [*ends, *between, *beside]
        if abs(found.at(epsilon).value - solve(BackdoorGame(functions, epsilon, law)).value) > 1e-6
    ]


@pytest.mark.parametrize("name", GAMES)
def test_the_breakpoints_are_the_distances_of_two_functions(name):
    found = curve_of(name, exact=True)
    assert [Fraction(step.text) for step in found.steps] == [0, *distances(*GAMES[name])]
    assert found.breakpoints == len(found.steps) - 1
    for step in found.steps:
        solved = solve(BackdoorGame(GAMES[name][0], step.epsilon, GAMES[name][1]), exact=True)
        assert step.fraction == solved.fraction
        assert step.triples == solved.triples


@pytest.mark.parametrize("name", GAMES)
def test_the_value_at_every_epsilon_is_that_of_the_step_it_lies_on(name):
    assert wrong_steps(curve_of(name), *GAMES[name]) == []


def falling(name):
    """The number of a step in the middle of the curve at which the value falls."""
    values = [step.value for step in curve_of(name).steps]
    falls = [i for i in range(1, len(values) - 1) if values[i - 1] - values[i] > 1e-3]
    return falls[len(falls) // 2]


@pytest.mark.parametrize("name", ["thresholds", "weights that are fractions"])
def test_a_dropped_breakpoint_is_noticed(name, monkeypatch):
    real, gone = module.breakpoints, falling(name) - 1
    monkeypatch.setattr(module, "breakpoints", lambda *args: real(*args)[:gone] + real(*args)[gone + 1 :])
    assert wrong_steps(curve_of(name), *GAMES[name])


@pytest.mark.parametrize("name", ["thresholds", "weights that are fractions"])
@pytest.mark.parametrize("aside", [Fraction(1, 10**6), Fraction(-1, 10**6)])
def test_a_step_beside_its_tie_is_noticed(name, aside, monkeypatch):
    real = module.breakpoints

    def moved(*args):
        return tuple(Breakpoint(min(one.epsilon + aside, Fraction(1)), one.triples) for one in real(*args))

    monkeypatch.setattr(module, "breakpoints", moved)
    assert wrong_steps(curve_of(name), *GAMES[name])


def test_thresholds_have_the_values_of_theory():
    """Derived in theory/thresholds.py for every size: the loss is max(eps q/(q + 1), 1/(q + 2)), q = floor(1/eps)."""
    found = value_curve(BackdoorGame(Thresholds(points=10), 0, Uniform()), high="1/2", exact=True)
    assert [step.text for step in found.steps] == ["0", "1/10", "1/5", "3/10", "2/5", "1/2"]
    assert [step.fraction for step in found.steps] == ["1", "10/11", "5/6", "31/40", "11/15", "2/3"]
    for step in value_curve(BackdoorGame(Thresholds(points=7), 0, Uniform()), exact=True).steps[1:]:
        epsilon = Fraction(step.text)
        q = math.floor(1 / epsilon)
        assert Fraction(step.fraction) == 1 - max(epsilon * Fraction(q, q + 1), Fraction(1, q + 2))


@pytest.mark.parametrize("d", [2, 3, 4, 5])
def test_all_functions_fall_to_guessing_at_one_over_d(d):
    """[CHLX25] Theorem 4.1: on d equally likely shattered points nothing is legal before 1/d, and all is lost there."""
    found = value_curve(BackdoorGame(AllFunctions(points=d), 0, Uniform()), exact=True)
    assert [(step.text, step.fraction) for step in found.steps] == [
        ("0", "1"),
        *((str(Fraction(k, d)), "1/2") for k in range(1, d + 1)),
    ]
    assert found.at(1 / d - 1e-6).fraction == "1"
    assert found.at(f"1/{d}").fraction == "1/2"


def test_the_curve_of_the_hard_distribution_meets_the_shattering_bound():
    """Below 1/d the hard D is another one at every epsilon; its curve at that epsilon is 1 - (d - 1) eps / 2."""
    for epsilon in (Fraction(1, 10), Fraction(1, 5)):
        law = Shattered().distribution(BackdoorGame(AllFunctions(points=4), float(epsilon)))
        found = value_curve(BackdoorGame(AllFunctions(points=4), 0, law), exact=True)
        assert Fraction(found.at(float(epsilon)).fraction) == 1 - 3 * epsilon / 2
        assert found.steps[1].text == str(epsilon)


def test_a_heavy_point_keeps_the_value_up_until_it_may_be_planted():
    """Seven points of 1/10 lose 7/20 together from 1/10 on, and nothing more is lost before the one of 3/10 joins."""
    found = value_curve(BackdoorGame(AllFunctions(points=8), 0, Weighted([*["1/10"] * 7, "3/10"])), high="1/2")
    values = [round(step.value, 6) for step in found.steps]
    assert [step.text for step in found.steps] == ["0", "1/10", "1/5", "3/10", "2/5", "1/2"]
    assert values == [1.0, 0.65, 0.65, 0.5, 0.5, 0.5]


def test_once_half_is_reached_nothing_is_solved_any_more(monkeypatch):
    asked, real = [], module.solve
    monkeypatch.setattr(module, "solve", lambda game, **how: asked.append(game.epsilon) or real(game, **how))
    found = value_curve(BackdoorGame(AllFunctions(points=4), 0, Uniform()))
    assert asked == [0.0, 0.25]
    assert [step.method == module.HALF for step in found.steps] == [False, False, True, True, True]
    assert all(step.lower == 0.5 <= step.upper < 0.5 + 1e-6 for step in found.steps[2:])


def test_a_value_that_grows_with_epsilon_is_an_error(monkeypatch):
    real = module.solve

    def off(game, **how):
        found = real(game, **how)
        return (
            dataclasses.replace(found, lower=found.lower + 0.3, upper=found.upper + 0.3)
            if game.epsilon > 0.3
            else found
        )

    monkeypatch.setattr(module, "solve", off)
    with pytest.raises(BackdoorGameError, match=r"the value cannot grow with epsilon: it is at most .* at 1/3"):
        curve_of("thresholds")


def test_a_range_begins_with_the_step_that_its_end_lies_on():
    found = curve_of("thresholds", low=0.25, high="2/3", exact=True)
    whole = curve_of("thresholds", exact=True)
    assert [step.text for step in found.steps] == ["1/4", "1/3", "1/2", "2/3"]
    assert [step.fraction for step in found.steps] == [whole.at(e).fraction for e in (0.25, "1/3", "1/2", "2/3")]
    on_a_tie = curve_of("thresholds", low="1/3", high="1/3")
    assert [step.text for step in on_a_tie.steps] == ["1/3"]
    with pytest.raises(InvalidArgument, match=r"epsilon must lie in \[0.25, 0.666667\], got 0.7"):
        found.at(0.7)


def test_a_curve_is_a_result_like_the_others():
    found = curve_of("thresholds", exact=True)
    plain = found.to_dict()
    assert plain["breakpoints"] == 6 == len(plain["steps"]) - 1
    assert plain["steps"][2]["fraction"] == found.steps[2].fraction
    assert [row["epsilon"] for row in found.table()] == [step.epsilon for step in found.steps]
    assert len(found.to_frame()) == 7
    assert "6 breakpoints from 0 to 1" in str(found)
    assert "<table>" in found._repr_html_()
    assert repr(found).startswith("ValueCurve(value 1 to ")
    assert isinstance(found, ValueCurve)
    assert value_curve("BackdoorGame(Thresholds(points=6), 1/3, Uniform())", exact=True).steps == found.steps


def test_progress_never_goes_back_and_ends_at_the_end():
    told = []
    curve_of("a random table", progress=lambda done, total: told.append(done / total))
    assert told == sorted(told)
    assert told[-1] == 1.0


@pytest.mark.parametrize(
    ("functions", "law", "how", "message"),
    [
        (Thresholds(points=4), None, {}, "a value curve is that of one D: give the game one, such as Uniform()"),
        (Thresholds(points=4), Uniform(), {"low": 2}, "low must lie in [0, 1], got 2"),
        (Thresholds(points=4), Uniform(), {"low": 0.5, "high": 0.2}, "low must be at most high, got 0.5 and 0.2"),
        (Conjunctions(bits=6), ProductBits([0.1, 0.2, 0.3, 0.4, 0.45, 0.55]), {}, "at most 1000 are solved: ask for a"),
        (Intervals(points=63), Uniform(), {}, "48 of the 63 breakpoints have more than 10000000 legal triples"),
        (Intervals(points=63), Uniform(), {}, "take the range up to high='5/21' (--to 5/21)"),
        (Intervals(points=20), Uniform(), {"exact": True}, "more than 40000 legal triples (f, f*, x) for a fraction"),
        (AllFunctions(points=16), Uniform(), {}, "65536 different functions, and at most 32768 fit"),
    ],
)
def test_what_has_no_curve_is_refused_before_any_game_is_solved(functions, law, how, message, monkeypatch):
    monkeypatch.setattr(module, "solve", None)
    with pytest.raises(InvalidArgument) as caught:
        value_curve(BackdoorGame(functions, 0, law), **how)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_infinite_games_have_no_curve():
    with pytest.raises(MissingCapability, match="no list of at most"):
        value_curve(BackdoorGame(Thresholds(), 0, UnitCube()))


def test_a_range_makes_a_large_game_possible():
    found = value_curve(BackdoorGame(Intervals(points=63), 0, Uniform()), high="1/63")
    assert [step.text for step in found.steps] == ["0", "1/63"]
    assert found.steps[1].triples == 7938


@pytest.mark.parametrize(("points", "high"), [(10, "1/2"), (100, "1/10")])
def test_bounds_that_are_drawn_hold_and_the_picture_is_sound(points, high):
    found = value_curve(BackdoorGame(Thresholds(points=points), 0, Uniform()), high=high)
    assert any("1 − ε" in line.label for line in found.lines)
    for line in found.lines:
        for epsilon, bound in zip(line.x, line.y, strict=True):
            assert math.isnan(bound) or bound <= found.at(epsilon).value + 1e-9
    assert faults(found.figure()) == []


def test_only_what_is_proved_of_this_game_is_drawn():
    two = value_curve(BackdoorGame(Intervals(points=6), 0, Uniform()))
    assert not [line for line in two.lines if "1 − ε" in line.label]
    one = value_curve(BackdoorGame(Singletons(points=6), 0, Uniform()))
    assert [line.y[0] == pytest.approx(1 - line.x[0]) for line in one.lines] == [True]
    other = BackdoorGame(Singletons(points=6), 0, Uniform(), defender_examples=3)
    assert module.proved(dataclasses.replace(other, defender_examples=None), 7, 0.1, 0.5)
    assert module.proved(other, 7, 0.1, 0.5) == []


def test_the_picture_has_a_filled_mark_where_a_step_begins_and_an_empty_one_where_it_has_ended():
    found = curve_of("thresholds")
    axes = found.plot()
    marked = [line for line in axes.lines if line.get_marker() == "o"]
    empty, filled = marked
    assert list(filled.get_xdata()) == [step.epsilon for step in found.steps]
    assert list(empty.get_xdata()) == [step.epsilon for step in found.steps[1:]]
    assert list(empty.get_ydata()) == [step.value for step in found.steps[:-1]]
    assert filled.get_zorder() > empty.get_zorder()
