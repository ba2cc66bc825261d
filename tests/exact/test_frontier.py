"""The search for the class and the distribution that lose most: lists against brute force, minima known elsewhere."""

import itertools
import random
from fractions import Fraction

import numpy as np
import pytest

from backdoor_game import (
    AllFunctions,
    BackdoorGame,
    BackdoorGameError,
    Explicit,
    Intervals,
    InvalidArgument,
    Singletons,
    Thresholds,
    Weighted,
    bounds,
    search_classes,
    solve,
)
from backdoor_game.exact.frontier import extremal, laws, search
from backdoor_game.exact.frontier.maximal import canonical, every_permutation, maximal_classes, rows
from backdoor_game.exact.frontier.walking import Room
from backdoor_game.functions.table import table
from theory import density, frontier, thresholds

SIZES = [(3, 1), (3, 2), (4, 1), (4, 2), (4, 3)]
# [THEORY] min over D of the value, closed by spatial branch and bound on the bilinear program, to six digits
CLOSED = [
    (Thresholds(points=3), "1/5", 0.866667),
    (Thresholds(points=4), "1/5", 0.85),
    (Thresholds(points=5), "1/5", 0.833333),
    (Thresholds(points=4), "3/10", 0.775),
    (Singletons(points=4), "1/5", 0.85),
    (Singletons(points=4), "3/10", 0.775),
    (Singletons(points=4), "2/5", 0.733333),
    (AllFunctions(points=3), "1/5", 0.8),
    (AllFunctions(points=3), "3/10", 0.7),
    (AllFunctions(points=3), "2/5", 0.5),
    (Intervals(points=3), "1/5", 0.8),
    (Intervals(points=3), "3/10", 0.7),
    (Intervals(points=4), "1/5", 0.742857),
]


def explicit(functions):
    return Explicit(table(functions).labels.tolist())


def image(code, points, permutation, r):
    """A class with its points permuted and every labeling XOR r, from the definition."""
    moved = 0
    for f in range(2**points):
        if code >> f & 1:
            moved |= 1 << (sum((f >> x & 1) << permutation[x] for x in range(points)) ^ r)
    return moved


def orbit(code, points):
    return {
        image(code, points, permutation, r)
        for permutation in itertools.permutations(range(points))
        for r in range(2**points)
    }


# Maximal classes


@pytest.mark.parametrize(("points", "d"), SIZES)
def test_the_list_has_one_maximal_class_of_each_kind(points, d):
    """Every class on that many points by its VC dimension, from the definition, in theory/."""
    listed = maximal_classes(points, d)
    orbits = [orbit(code, points) for code in listed]
    assert set().union(*orbits) == frontier.maximal(points, d)
    assert sum(map(len, orbits)) == len(set().union(*orbits))
    assert [min(one) for one in orbits] == list(listed)


def test_maximal_classes_of_dimension_one_are_as_many_as_trees():
    """On N + 1 vertices up to isomorphism, OEIS A000055."""
    assert [len(maximal_classes(points, 1)) for points in (2, 3, 4, 5)] == [1, 2, 3, 6]
    assert {code.bit_count() for code in maximal_classes(5, 1)} == {6}


@pytest.mark.parametrize("d", [2, 3, 4])
def test_on_five_points_nothing_can_be_added_to_any_class_of_the_list(d):
    rng = random.Random(d)
    codes = maximal_classes(5, d)
    for code in rng.sample(codes, min(12, len(codes))):
        assert Explicit(rows(code, 5)).vc_dimension == d
        for f in rng.sample([f for f in range(32) if not code >> f & 1], 1 if d == 4 else 4):
            assert Explicit(rows(code | 1 << f, 5)).vc_dimension == d + 1
    # the ball is among them
    ball = sum(1 << f for f in density.ball(5, d))
    (kind,) = canonical(np.array([ball], dtype=np.uint64), 5, every_permutation(5))
    assert int(kind) in codes


def test_a_list_that_would_not_fit_is_refused_before_it_is_made():
    with pytest.raises(InvalidArgument, match="points=6 with d=3 has too many classes"):
        maximal_classes(6, 3)
    with pytest.raises(InvalidArgument, match="points must be between 1 and 6"):
        maximal_classes(7, 1)
    with pytest.raises(InvalidArgument, match="d must be between 0 and 2"):
        maximal_classes(3, 3)


@pytest.mark.parametrize(("points", "d"), [(4, 1), (4, 2), (5, 2), (6, 3)])
def test_a_walk_goes_from_one_maximal_class_to_another(points, d):
    rng, room = np.random.default_rng(points), Room(points, d)
    members = room.completed(np.empty(0, dtype=np.int64), rng)
    seen = set()
    for _ in range(8):
        members = room.moved(members, rng)
        seen.add(tuple(members))
        assert Explicit(room.rows(members)).vc_dimension == d
        others = np.setdiff1d(np.arange(2**points), members)
        for f in rng.choice(others, size=min(3, len(others)), replace=False):
            assert Explicit(room.rows(np.append(members, f))).vc_dimension == d + 1
    assert len(seen) > 4


# Distributions


def least_value(functions, epsilon, denominator=10):
    limit = Fraction(epsilon)
    table = explicit(functions)
    lawful = list(laws.grid(functions.domain.size, denominator))
    loss, weights = laws.best_of(table, limit, lawful, 3)
    return 1 - loss, weights


@pytest.mark.parametrize(("functions", "epsilon", "known"), CLOSED, ids=lambda v: str(v))
def test_the_known_least_values_over_all_distributions_are_reached_and_not_passed(functions, epsilon, known):
    found, weights = least_value(functions, epsilon)
    # half a digit of the sixth place
    assert found == pytest.approx(known, abs=5e-7)
    exact = solve(BackdoorGame(functions, epsilon, Weighted([str(w) for w in weights])), exact=True)
    assert float(Fraction(exact.fraction)) == pytest.approx(known, abs=5e-7)


@pytest.mark.parametrize("epsilon", ["1/5", "9/40", "3/10", "2/5"])
def test_thresholds_reach_the_least_value_of_their_derivation(epsilon):
    found, _ = least_value(Thresholds(points=5), epsilon, 8)
    assert found == pytest.approx(float(1 - thresholds.least_loss(Fraction(epsilon))), abs=1e-9)


def test_intervals_on_four_points_lose_what_was_found_by_other_means_at_least():
    found, weights = least_value(Intervals(points=4), "3/10")
    assert found <= 43 / 70 + 1e-9
    assert sorted(weights)[-1] == Fraction(3, 10)
    listed = BackdoorGame(Intervals(points=4), "3/10", Weighted(["1/10", "3/10", "3/10", "3/10"]))
    assert solve(listed, exact=True).fraction == "43/70"


def test_an_ascent_never_falls_and_ends_in_fractions_that_sum_to_one():
    rng = np.random.default_rng(2)
    rose = 0
    for _ in range(25):
        functions = Explicit(rng.integers(2, size=(9, 4)).tolist())
        start = tuple(Fraction(int(part), 20) for part in rng.multinomial(16, [0.25] * 4) + 1)
        epsilon = Fraction(int(rng.integers(4, 9)), 20)
        loss, weights = laws.ascend(functions, start, epsilon)
        assert sum(weights) == 1
        assert min(weights) >= 0
        assert loss >= laws.loss_of(functions, start, epsilon) - 1e-9
        assert loss == pytest.approx(laws.loss_of(functions, weights, epsilon), abs=1e-9)
        rose += loss > laws.loss_of(functions, start, epsilon) + 1e-6
    assert rose > 5


def test_the_grid_has_every_distribution_with_full_support_once():
    found = list(laws.grid(3, 6))
    assert len(found) == len(set(found)) == 10  # of 5 places 2 bars
    assert {tuple(int(6 * w) for w in one) for one in found} == {
        (a, b, 6 - a - b) for a in range(1, 5) for b in range(1, 6 - a)
    }


# The search


@pytest.mark.parametrize(
    ("d", "points", "epsilon", "value"),
    [
        (1, 3, "1/5", "13/15"),
        (1, 4, "2/5", "11/15"),
        (2, 4, "1/5", "26/35"),
        (2, 4, "1/4", "7/11"),
        (3, 4, "1/4", "8/15"),
    ],
)
def test_small_sizes_end_at_the_known_extremes_and_anybody_can_check_them(d, points, epsilon, value):
    """The worst classes at epsilon = 1/N, thresholds' least values, and the bilinear program's for intervals."""
    found = search_classes(d, points, epsilon)
    assert found.value == Fraction(value)
    assert found.status == "enumerated"
    assert found.classes == len(maximal_classes(points, d))
    assert found.loss == 1 - found.value == found.ratio * d * Fraction(epsilon)
    assert solve(found.game(), exact=True).fraction == value
    assert Explicit(found.functions).vc_dimension == d
    assert sum(found.weights) == 1
    assert float(found.value) >= 1 - d * float(Fraction(epsilon))


def test_classes_that_lose_more_than_the_ball_on_light_points_are_found():
    """Those of theory/frontier.py at epsilon = 2/5: the first by the list of all classes, both by the solver."""
    assert search_classes(2, 4, "2/5").loss >= Fraction(61, 140) > frontier.best_ball(2, Fraction(2, 5))
    for loss in frontier.BETTER:
        rows, weights = (words.split() for words in frontier.BETTER[loss])
        game = BackdoorGame(Explicit(rows), "2/5", Weighted(weights))
        assert solve(game, exact=True).fraction == str(1 - Fraction(loss))


def test_no_smaller_class_under_any_distribution_of_the_grid_loses_more():
    """All 65,535 classes on 4 points cannot be solved here; 150 of VC dimension at most 2 under random D are."""
    rng, most = random.Random(3), search_classes(2, 4, "1/5")
    lawful = list(laws.grid(4, 10))
    compared = 0
    while compared < 150:
        members = rng.sample(range(16), rng.randint(3, 11))
        if density.vc_dimension(members, 4) <= 2:
            functions = Explicit([[f >> x & 1 for x in range(4)] for f in members])
            assert laws.loss_of(functions, rng.choice(lawful), Fraction(1, 5)) <= float(most.loss) + 1e-9
            compared += 1


def test_a_walk_is_an_exploration_that_its_seed_repeats():
    ways = {"exhaustive": False, "steps": 12}
    calls = []
    first = search_classes(2, 5, "1/5", **ways, seed=1, progress=lambda done, total: calls.append((done, total)))
    assert first == search_classes(2, 5, "1/5", **ways, seed=1)
    assert calls[-1] == (12, 12)
    assert (first.status, first.laws, first.classes) == ("exploration", 0, 12)
    assert first.value <= density.least_value(5, 2)
    assert float(first.value) <= bounds.density_bound(5, 2) + 1e-12


def test_a_walk_that_starts_elsewhere_finds_the_worst_class_too(monkeypatch):
    """The ball is the first class of a walk; without it the steps have to lead there, or to one as bad."""
    rng = np.random.default_rng(1)
    monkeypatch.setattr(Room, "ball", lambda room: room.completed(np.empty(0, dtype=np.int64), rng))
    found = search_classes(2, 4, "1/4", exhaustive=False, steps=40)
    assert found.value == density.least_value(4, 2)


def test_a_record_is_plain_text():
    found = search_classes(1, 2, "1/2").to_dict()
    assert (found["value"], found["ratio"], found["weights"]) == ("2/3", "2/3", ["1/2", "1/2"])
    assert found["functions"] == ["00", "10", "01"]
    assert set(found) >= {"d", "points", "epsilon", "loss", "classes", "laws", "denominator", "status"}


def test_a_faulty_search_is_refused_by_its_record():
    asked = search.Asked(1, 2, Fraction(1, 5), 5)
    with pytest.raises(BackdoorGameError, match="came back with"):
        extremal.certified(asked, ("00", "01", "10", "11"), (Fraction(1, 2),) * 2, 1, 1)
    with pytest.raises(BackdoorGameError, match="came back with"):
        extremal.certified(asked, ("00", "01"), (Fraction(1, 2), Fraction(1, 3)), 1, 1)


@pytest.mark.parametrize(("epsilon", "denominator"), [("1/60", None), ("17/100", None), ("1/8", 6), ("1/5", 4)])
def test_an_epsilon_that_is_on_no_grid_still_finds_the_ball_on_light_points(epsilon, denominator):
    """Three points of mass epsilon beside one with the rest: at least epsilon m_2(3), m_2(3) = (3 + 6)/7, is lost."""
    found = search_classes(2, 4, epsilon, denominator=denominator)
    assert found.loss >= Fraction(epsilon) * Fraction(9, 7)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: search_classes(0, 3, "1/5"), "d must be between 1 and 2"),
        (lambda: search_classes(3, 3, "1/5"), "d must be between 1 and 2"),
        (lambda: search_classes(1, 9, "1/5"), "points must be between 2 and 8"),
        (lambda: search_classes(1, 3, 0), "epsilon must lie in"),
        (lambda: search_classes(1, 3, 1), "epsilon must lie in"),
        (lambda: search_classes(1, 3, 0.123456), "fraction of denominator up to 1000"),
        (lambda: search_classes(1, 6, "1/5", exhaustive=True), "exhaustive=True is for up to 5 points"),
        (lambda: search_classes(1, 3, "1/5", denominator=2), "denominator must be at least 3"),
        (lambda: search_classes(1, 3, "1/5", exhaustive="no"), "exhaustive must be True, False or None, got 'no'"),
        (lambda: search_classes(1, 5, "1/5", exhaustive=True, denominator=40), "pass a smaller denominator"),
        (lambda: search_classes(1, 6, "1/5", steps=0), "steps must be at least 1"),
        (lambda: search_classes(1, 3, "1/5", ascents=-1), "ascents must be at least 0"),
    ],
)
def test_values_out_of_range_are_refused_by_name(call, said):
    with pytest.raises(InvalidArgument, match=said):
        call()
