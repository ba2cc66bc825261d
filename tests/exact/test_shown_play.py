"""Optimal play as it is shown: read back by the definition it proves the value, and what is left out is counted."""

import collections
import dataclasses
import itertools
import json
import math
import pickle

import numpy as np
import pytest

from backdoor_game import (
    AllFunctions,
    BackdoorGame,
    BeforeOriginal,
    Boxes,
    Chosen,
    Conjunctions,
    DistributionSearch,
    Explicit,
    Intervals,
    InvalidArgument,
    OptimalPlay,
    Original,
    Singletons,
    Thresholds,
    Uniform,
    Weighted,
    WorstOf,
    solve,
)
from backdoor_game.ground.files import json_text
from tests.naive import legal_games as naive

RNG = np.random.default_rng
GAMES = {
    "thresholds": BackdoorGame(Thresholds(points=10), "2/10", Uniform()),
    "a heavy point": BackdoorGame(AllFunctions(points=3), 0.2, Weighted([0.2, 0.2, 0.6])),
    "singletons": BackdoorGame(Singletons(points=8), "2/8", Uniform()),
    "a random table": BackdoorGame(Explicit(RNG(1).integers(2, size=(12, 7))), "3/7", Uniform()),
    "weights": BackdoorGame(Explicit(RNG(3).integers(2, size=(10, 5))), 0.45, Weighted([0.1, 0.3, 0.0, 0.35, 0.25])),
    "nothing legal": BackdoorGame(AllFunctions(points=3), 0.1, Uniform()),
}


def read_back(play, epsilon):
    """What the attacker allows at most, and what the flags win at least, from the labels, weights and plants shown."""
    labels = [[int(digit) for digit in one.labels] for one in play.functions]
    D, pi = list(play.weights), [one.weight for one in play.functions]
    legal = naive.legal_plants(labels, D, epsilon + 1e-12)
    plants = {cell: {} for cell in legal}
    for one in play.plants:
        plants[one.x, one.f][one.f_star] = one.probability
        assert one.mass == pytest.approx(D[one.x] * pi[one.f] * one.probability, abs=1e-12)
    assert math.fsum(pi) == pytest.approx(1, abs=1e-9)
    assert all(sum(laid.values()) <= 1 + 1e-9 for laid in plants.values())
    flags = [[0.0] * len(labels) for _ in D]
    for one in play.flags:
        flags[one.x][one.f] = one.probability
    lower = 1 - max(naive.loss_of(f, legal, D, flags) for f in range(len(labels)))
    return lower, naive.best_defence(legal, D, pi, plants)


def proves(play, game, value):
    lower, upper = read_back(play, game.epsilon)
    return abs(lower - value) < 1e-6 and abs(upper - value) < 1e-6


@pytest.mark.parametrize("name", GAMES)
def test_the_play_that_is_shown_proves_the_value_by_the_definition(name):
    found = solve(GAMES[name])
    play = found.optimal_play()
    assert proves(play, GAMES[name], found.value)
    assert play.functions_in_all == len(play.functions) == found.functions
    assert (play.weight_shown, play.plants_shown, play.cut()) == (1.0, 1.0, "")
    assert [one.labels for one in play.functions] == sorted({one.labels for one in play.functions})
    functions, points = GAMES[name].functions, np.array(play.points)
    for one in play.functions:
        labels = functions.function(np.array(one.code, dtype=functions.code_dtype))(points.astype(np.int64))
        assert "".join(map(str, labels)) == one.labels


def without(play, **parts):
    """The play with the first entry of a part left out."""
    return dataclasses.replace(play, **{part: getattr(play, part)[how] for part, how in parts.items()})


@pytest.mark.parametrize("name", ["thresholds", "a heavy point", "a random table"])
def test_a_plant_or_a_flag_too_few_proves_nothing(name):
    found = solve(GAMES[name])
    play = found.optimal_play()
    assert not proves(without(play, plants=slice(1, None)), GAMES[name], found.value)
    most = max(play.flags, key=lambda one: one.probability)
    fewer = dataclasses.replace(play, flags=tuple(one for one in play.flags if one != most))
    assert not proves(fewer, GAMES[name], found.value)


def test_where_there_are_many_functions_those_that_play_are_shown_and_what_is_cut_is_said():
    game = BackdoorGame(Intervals(points=12), "2/12", Uniform())
    found = solve(game)
    every, some, few = found.optimal_play(most=79), found.optimal_play(), found.optimal_play(most=5)
    played = {one.labels for one in every.functions if one.weight > 0}
    assert len(every.functions) == 79 == 12 * 13 // 2 + 1
    assert every.cut() == ""
    assert played <= {one.labels for one in some.functions}
    assert len(some.functions) <= 32
    assert (some.functions_in_all, some.weight_shown, some.plants_shown) == (79, pytest.approx(1), pytest.approx(1))
    assert len(few.functions) == 5
    assert few.weight_shown == pytest.approx(sum(one.weight for one in few.functions))
    assert few.plants_shown == pytest.approx(
        sum(one.mass for one in few.plants) / sum(one.mass for one in every.plants), abs=1e-9
    )
    assert few.plants_shown < few.weight_shown < 1
    assert f"5 of 79 functions are shown: {100 * few.weight_shown:.3g}% of the weight of f" in str(few)
    kept = {one.labels for one in few.functions}
    between = [row for row in every.table() if {row["f"], row["f_star"]} <= kept]
    assert [tuple(row.values()) for row in few.table()] == [tuple(row.values()) for row in between]


def test_a_share_is_said_to_be_all_only_where_nothing_is_missing():
    play = solve(GAMES["thresholds"]).optimal_play()
    told = dataclasses.replace(play, functions_in_all=99, weight_shown=0.99996, plants_shown=1.0).cut()
    assert told == "11 of 99 functions are shown: nearly 100% of the weight of f, 100% of the plants"


def test_the_tables_say_the_same_as_the_data():
    play = solve(GAMES["thresholds"]).optimal_play()
    functions, plants, flags = play.blocks()
    assert [row[1] for row in functions.rows] == [f"{'0' * (10 - k)}{'1' * k}" for k in range(11)]
    assert sum(row[3] or 0 for row in functions.rows) == pytest.approx(1)
    assert len(plants.rows) == len(play.plants)
    assert plants.rows[0][:4] == ("0", play.plants[0].f + 1, play.plants[0].f_star + 1, play.plants[0].probability)
    shown = [cell for row in flags.rows for cell in row[1:] if cell != "."]
    assert len(shown) == len(play.flags)
    plain = play.to_dict()
    assert json.loads(json_text(plain)) == json.loads(json_text(plain))
    assert plain["points"][3] == {"point": [3], "weight": pytest.approx(0.1)}
    assert plain["plants"][0] == dataclasses.asdict(play.plants[0])
    frame = play.to_frame()
    assert len(frame) == len(play.plants)
    assert frame["mass"].sum() == pytest.approx(sum(one.mass for one in play.plants))
    assert "<table>" in play._repr_html_()


def test_long_tables_are_cut_with_a_word_and_wide_ones_are_lists():
    wide = solve(BackdoorGame(Thresholds(points=20), "1/20", Uniform())).optimal_play()
    flags = wide.blocks()[2]
    assert flags.header == ("f'", "x': probability")
    assert len(flags.rows) == len({one.f for one in wide.flags})
    many = solve(BackdoorGame(AllFunctions(points=5), "1/5", Uniform())).optimal_play()
    assert len(many.plants) == 32 * 5
    assert "100 of 160 plants are listed here: 62.5% of their mass" in str(many)
    assert len(many.table()) == 160


@pytest.mark.parametrize(
    ("functions", "epsilon", "names"),
    [
        (Conjunctions(bits=2), "1/4", ["00", "10", "01", "11"]),
        (Boxes(dimension=2, points=3), "1/9", [f"({a}, {b})" for a in range(3) for b in range(3)]),
        (Thresholds(points=3), "1/3", ["0", "1", "2"]),
    ],
)
def test_points_are_named_in_one_way_all_over_a_domain(functions, epsilon, names):
    assert solve(BackdoorGame(functions, epsilon, Uniform())).optimal_play().point_names() == names


def test_a_game_without_plants_says_so():
    assert "nothing is planted: the attacker forfeits every round" in str(solve(GAMES["nothing legal"]).optimal_play())


def test_what_else_the_defender_sees_stands_beside_its_flags():
    """The record is not bound to the default game: a variant fills it in."""
    play = solve(GAMES["a heavy point"]).optimal_play()
    seen = tuple(dataclasses.replace(one, f=None, beside="label 1") for one in play.flags)
    other = dataclasses.replace(play, flags=seen)
    assert other.blocks()[2].header == ("f'", "x'", "shown beside", "probability")
    assert [row[2] for row in other.blocks()[2].rows] == ["label 1"] * len(seen)
    assert "see the table" in " ".join(text.get_text() for text in other.figure().legends[0].get_texts())


def test_play_is_shown_for_a_distribution_that_was_searched_for_and_after_a_journey():
    game = BackdoorGame(AllFunctions(points=4), 0.15)
    found = solve(game, search_distribution=DistributionSearch(steps=3))
    assert sorted(found.optimal_play().weights) == pytest.approx([0.15, 0.15, 0.15, 0.55])
    again = pickle.loads(pickle.dumps(found))
    assert again.optimal_play() == found.optimal_play()
    assert isinstance(again.optimal_play(), OptimalPlay)
    assert repr(found.optimal_play()).startswith("OptimalPlay(")


def test_asking_for_play_changes_nothing_of_what_a_solution_says():
    found = solve(GAMES["thresholds"])
    before = found.to_dict()
    found.optimal_play()
    assert found.to_dict() == before
    assert not {"play", "files"} & set(before)


@pytest.mark.parametrize(
    ("most", "message"), [(0, "most must be between 1 and 4096, got 0"), (2.5, "most must be a whole number, got 2.5")]
)
def test_an_odd_number_of_functions_is_refused(most, message):
    with pytest.raises(InvalidArgument, match=message):
        solve(GAMES["thresholds"]).optimal_play(most=most)


def test_too_many_points_are_refused():
    found = solve(BackdoorGame(Thresholds(points=1025), "1/1025", Uniform()))
    with pytest.raises(InvalidArgument, match=r"optimal play is shown on at most 1024 points, and D has 1,025"):
        found.optimal_play()
    wide = solve(BackdoorGame(Conjunctions(bits=6), "1/64", Uniform())).optimal_play()
    with pytest.raises(InvalidArgument, match=r"room for 40 functions and 40 points, and these are \d+ and 64"):
        wide.plot()


VARIED = {
    "before": BackdoorGame(Thresholds(points=5), 0.3, Weighted([0.1, 0.3, 0.1, 0.3, 0.2]), trigger=BeforeOriginal()),
    "chosen": BackdoorGame(Thresholds(points=6), "1/3", Uniform(), trigger=Chosen()),
    "the worst of 2": BackdoorGame(Singletons(points=4), "1/4", Uniform(), trigger=WorstOf(draws=2)),
    "a bit of f": BackdoorGame(AllFunctions(points=3), "1/3", Uniform(), reveal=Original(bits=1)),
    "a bit of f, before": BackdoorGame(
        Intervals(points=4), "1/4", Uniform(), trigger=BeforeOriginal(), reveal=Original(bits=1)
    ),
    "the clean input is the trigger": BackdoorGame(Thresholds(points=4), "1/4", Uniform(), clean_input="trigger"),
}


def traces(play, game):
    """Of each function that is shown what the defender is told if it is f."""
    codes = np.array([one.code for one in play.functions], dtype=game.functions.code_dtype)
    return [0] * len(codes) if game.reveal is None else game.reveal.symbols(game.functions, codes).tolist()


def allowed(play, game):
    """What any defender wins at most against the plants shown: from the masses of (f', x', trace of f)."""
    told, clean, planted = traces(play, game), collections.Counter(), collections.Counter()
    for f, one in enumerate(play.functions):
        for x, weight in enumerate(play.weights):
            clean[f, x, told[f]] += one.weight * weight
    for one in play.plants:
        planted[one.f_star, one.x, told[one.f]] += one.mass
    return 1 - math.fsum(min(clean[s], planted[s]) for s in planted) / 2


def won(play, game):
    """What the flags shown win at least: the attacker's best f, trigger and f*, in the order that the law has."""
    told, D, flags = traces(play, game), play.weights, collections.Counter()
    labels = [one.labels for one in play.functions]
    for one in play.flags:
        flags[one.f, one.x, int(one.beside.split()[1]) if one.beside else 0] = one.probability
    each, points = range(len(labels)), range(len(D))

    def alarm(f):
        return math.fsum(D[x] * flags[f, x, told[f]] for x in points)

    def missed(f, x):
        near = (g for g in each if labels[f][x] != labels[g][x] and apart(f, g) <= game.epsilon + 1e-12)
        return max((1 - flags[g, x, told[f]] for g in near), default=0.0)

    def apart(f, g):
        return math.fsum(D[x] for x in points if labels[f][x] != labels[g][x])

    best = {(f, x): missed(f, x) for f in each for x in points}
    if isinstance(game.trigger, BeforeOriginal):
        loss = math.fsum(D[x] * max(alarm(f) + best[f, x] for f in each) for x in points)
    else:
        draws = {Chosen: None, WorstOf: 2}.get(type(game.trigger), 1)
        sets = [points] if draws is None else itertools.product(points, repeat=draws)
        chance = [(drawn, 1.0 if draws is None else math.prod(D[x] for x in drawn)) for drawn in sets]
        loss = max(alarm(f) + math.fsum(p * max(best[f, x] for x in drawn) for drawn, p in chance) for f in each)
    return 1 - loss / 2


@pytest.mark.parametrize("name", VARIED)
def test_the_play_of_a_variant_is_worth_its_value_by_the_definition(name):
    game = VARIED[name]
    found = solve(game)
    play = found.optimal_play()
    assert (won(play, game), allowed(play, game)) == pytest.approx((found.value, found.value), abs=1e-6)
    assert math.fsum(one.weight for one in play.functions) == pytest.approx(1, abs=1e-9)
    laid = collections.defaultdict(list)
    for one in play.plants:
        laid[one.f, one.x].append(one)
    for (f, _), many in laid.items():
        assert sum(one.probability for one in many) <= 1 + 1e-9
        picked = [one.mass / one.probability for one in many]  # Pr[x, f], the same for each f*
        assert max(picked) - min(picked) < 1e-9
        assert max(picked) <= play.functions[f].weight + 1e-9
    # the control: with plants or flags left out it proves nothing
    assert allowed(without(play, plants=slice(1, None)), game) > found.value + 1e-6
    assert won(dataclasses.replace(play, flags=()), game) < found.value - 1e-6
