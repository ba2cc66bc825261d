"""The frontier's experiment: its claims hold on a few sizes, planted counter-examples and faults fail them."""

import dataclasses
from fractions import Fraction

import pytest

from backdoor_game import BackdoorGame, Explicit, Weighted, bounds, search_classes, solve
from backdoor_game.exact.frontier import extremal, search
from backdoor_game.experiments import exact_values, extremal_classes
from backdoor_game.experiments.shared.base import Settings
from backdoor_game.ground.errors import BackdoorGameError
from theory import density, frontier


@pytest.fixture
def few(monkeypatch):
    """Three sizes in full and a short walk."""
    monkeypatch.setattr(extremal_classes, "LISTED", {(1, 3): ("1/5",), (2, 3): ("1/3",), (2, 4): ("1/4",)})
    monkeypatch.setattr(extremal_classes, "WALKED", {(2, 5): ("1/5",)})
    monkeypatch.setattr(extremal_classes, "STEPS", 4)


def reported(tmp_path, **settings):
    return extremal_classes.run(Settings(output=str(tmp_path), **settings))


def test_all_claims_hold_and_every_row_says_what_it_is(few, tmp_path):
    calls = []
    report = reported(tmp_path, progress=lambda done, total: calls.append((done, total)))
    assert [verdict.holds for verdict in report.verdicts] == [True] * 4
    assert calls == [(k, 4) for k in range(1, 5)]
    labels = [row[3] for row in report.tables[0].rows]
    assert labels == ["enumerated"] * 3 + ["exploration"]
    for one in report.points["searches"]:
        game = BackdoorGame(Explicit(one["functions"]), one["epsilon"], Weighted(one["weights"]))
        assert solve(game, exact=True).fraction == one["value"]
        assert Fraction(one["ratio"]) == (1 - Fraction(one["value"])) / (one["d"] * Fraction(one["epsilon"]))


def test_a_claim_at_a_smaller_constant_is_refuted_with_the_class_and_its_distribution(few, tmp_path, monkeypatch):
    """Constant 7/10 falls by "at most two ones" at epsilon = 1/4 already, and by others."""
    monkeypatch.setattr(extremal_classes, "CLAIM", Fraction(7, 10))
    first, *others = reported(tmp_path).verdicts
    assert not first.holds
    assert all(verdict.holds for verdict in others)
    assert "the class 00000 " in first.measured
    assert "D = (1/5, 1/5, 1/5, 1/5, 1/5) has value 11/16" in first.measured


def test_a_planted_counter_example_fails_the_conjecture_and_one_of_dimension_one_theorem_b():
    sound = search_classes(1, 3, "1/5")
    planted = dataclasses.replace(sound, loss=Fraction(1, 4), value=Fraction(3, 4), ratio=Fraction(5, 4))
    two = dataclasses.replace(planted, d=2, loss=Fraction(1, 2), value=Fraction(1, 2))
    assert held([sound]) == [True] * 4
    assert held([sound, planted]) == [False, True, True, False]
    assert held([sound, dataclasses.replace(two, classes=1)]) == [False, True, True, True]
    assert "has value 3/4" in extremal_classes.verdicts([sound, planted])[0].measured


def held(found, refused=0):
    return [verdict.holds for verdict in extremal_classes.verdicts(found, refused)]


def test_a_list_that_lost_a_class_or_has_some_twice_and_a_find_that_is_refused_are_told():
    sound = search_classes(1, 3, "1/5")
    assert sound.classes == extremal_classes.KINDS[1, 3]
    counted = {(d, points): kinds for (points, d), kinds in frontier.KINDS.items()}  # by brute force
    assert counted.items() <= extremal_classes.KINDS.items()
    for classes in (1, 16):
        assert held([dataclasses.replace(sound, classes=classes)]) == [True, False, True, True]
    assert held([sound], refused=1) == [True, False, True, True]
    assert held([], refused=1) == [False]


def test_what_is_known_to_beat_the_ball_has_to_be_found():
    best = search_classes(2, 4, "2/5")
    assert best.ratio == extremal_classes.BETTER[3] > extremal_classes.light_ball(2, 4, Fraction(2, 5))
    ball = dataclasses.replace(best, ratio=extremal_classes.light_ball(2, 4, Fraction(2, 5)))
    one = search_classes(1, 3, "1/5")
    assert (held([one, best])[2], held([one, ball])[2]) == (True, False)


def test_a_find_that_does_not_stand_up_to_a_second_look_is_a_verdict(few, tmp_path, monkeypatch):
    def lost(*asked, **ways):
        raise BackdoorGameError("a search came back with nothing that holds")

    monkeypatch.setattr(extremal_classes, "search_classes", lost)
    report = reported(tmp_path)
    assert [verdict.holds for verdict in report.verdicts] == [False]
    assert len(report.points["refused"]) == 4


def test_a_solver_that_counts_every_flow_twice_is_taken_for_a_counter_example(few, tmp_path, monkeypatch):
    def doubled(game, **ways):
        found = solve(game, **ways)
        return dataclasses.replace(found, fraction=str(1 - 2 * (1 - Fraction(found.fraction))))

    monkeypatch.setattr(extremal, "solve", doubled)
    assert [verdict.holds for verdict in reported(tmp_path).verdicts] == [False, True, True, False]


def test_a_search_with_a_fault_falls_short_of_the_known_class(few, tmp_path, monkeypatch):
    """It never ascends, and tries D that are far from epsilon."""
    monkeypatch.setattr(search, "grid", lambda points, scale: iter([(Fraction(1, 2), *[Fraction(1, 4)] * 2)]))
    monkeypatch.setattr(search, "_hard_law", lambda asked: (Fraction(1, 2), *[Fraction(1, 4)] * 2))
    monkeypatch.setattr(search, "best_of", lambda functions, epsilon, laws, ascents: (0.0, laws[0]))
    monkeypatch.setattr(extremal_classes, "LISTED", {(1, 3): ("1/5",), (2, 3): ("1/3",)})
    holds = [verdict.holds for verdict in reported(tmp_path).verdicts]
    assert holds == [True, True, False, True]


def test_more_points_are_tried_in_full_mode():
    quick, full = (extremal_classes.cells(Settings(full=full)) for full in (False, True))
    assert {(one.d, one.points) for one in quick if one.exhaustive} == set(extremal_classes.LISTED)
    assert {one.points for one in full if one.exhaustive} == {2, 3, 4, 5}
    assert {one.points for one in full if not one.exhaustive} == {6, 7, 8}
    assert len(full) > len(quick)


def test_the_ball_on_light_points_is_the_derived_one():
    for d in (1, 2, 3):
        for epsilon in (Fraction(1, 7), Fraction(1, 6), Fraction(2, 9), Fraction(9, 40)):
            known = extremal_classes.light_ball(d, 8, epsilon) * d * epsilon
            sizes = range(1, 9)
            assert known == max(min(epsilon, Fraction(1, q)) * density.ball_density(q, d) for q in sizes)
            assert known <= frontier.best_ball(d, epsilon)
    assert extremal_classes.light_ball(2, 6, Fraction(1, 6)) * 2 == 6 * (1 - Fraction(8, 11))
    # nothing has the rest of the mass but one of the points
    assert extremal_classes.light_ball(1, 2, Fraction(1, 5)) == Fraction(1, 2)


def small_points():
    """Two classes at epsilon = 1/N, one of them of VC dimension 1."""
    chosen = [
        one
        for one in exact_values.grid(Settings())
        if repr(one[0]) in ("Singletons(points=16)", "AllFunctions(points=6)")
    ]
    return [exact_values._solved(functions, steps[0]) for functions, steps in chosen]


def test_the_two_claims_of_the_exact_values_hold_and_fail_where_a_number_is_changed():
    points = small_points()
    assert [v.holds for v in exact_values._dimension_verdicts(points)] == [True, True]
    off = [dataclasses.replace(points[0], density=points[0].density + Fraction(1, 1000)), points[1]]
    assert [v.holds for v in exact_values._dimension_verdicts(off)] == [False, True]
    lost = dataclasses.replace(points[0].uniform, lower=0.9)
    worse = [dataclasses.replace(points[0], uniform=lost), points[1]]
    assert [v.holds for v in exact_values._dimension_verdicts(worse)] == [True, False]
    assert bounds.dimension_one_bound(1 / 16) > 0.9
