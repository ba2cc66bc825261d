"""Every plant of a shipped attacker is legal and none is missed, decided again in fractions over the listed points."""

from __future__ import annotations

import dataclasses
import math
from fractions import Fraction

import numpy as np
import pytest

from backdoor_game import (
    AllFunctions,
    BackdoorGame,
    DirectSum,
    HiddenTile,
    Mixture,
    NearestLegal,
    NoAttack,
    ProductBits,
    RandomLegal,
    Shattered,
    Singletons,
    Thresholds,
    Uniform,
    Weighted,
)
from backdoor_game.ground import streams
from backdoor_game.ground.statistics import clopper_pearson, simultaneous_level
from backdoor_game.players.attackers.base import NO_PLANT, PLANT
from backdoor_game.players.views import AttackerBlock, Meter
from tests.players.cases import ATTACKERS, CONTINUOUS, HALFSPACES, LISTED, OPEN, ROWS, TILED, Rounds

FAMILY = 0.999
TOLD = [(NearestLegal(), game) for game in (*LISTED, *TILED)] + [(RandomLegal(), game) for game in (*LISTED, *TILED)]


def exactly(number: float) -> Fraction:
    """The short fraction that was meant by a float: 3/10 for 0.3, 1/3 for a third."""
    return Fraction(number).limit_denominator(10**6)


class Judge:
    """Decides legality from labels of the points that have mass, in fractions."""

    def __init__(self, game, law):
        points, weights = law.atoms()
        self.functions, self.points, self.epsilon = game.functions, points, exactly(game.epsilon)
        self.weights = [exactly(float(weight)) for weight in weights]
        assert sum(self.weights) == 1

    def labels(self, codes):
        """Labels of members on the listed points, (F, A)."""
        assert self.functions.contains(codes).all()
        return self.functions.evaluate(codes, np.broadcast_to(self.points, (len(codes), *self.points.shape)))

    def place(self, x):
        return int((self.points == x).all(axis=1).argmax())

    def distance(self, f, g):
        return sum((w for w, a, b in zip(self.weights, f, g, strict=True) if a != b), Fraction(0))

    def legal(self, f, g, place):
        return bool(f[place] != g[place]) and self.distance(f, g) <= self.epsilon


def attacked(attacker, game):
    ready = attacker.prepare(game)
    rounds = Rounds(game, game.setup(ready))
    codes = ready.choose_block(rounds.before())
    view = rounds.planting(codes)
    planted, said = ready.plant_block(view)
    assert set(said.tolist()) <= {int(PLANT), int(NO_PLANT)}
    assert planted.dtype == game.functions.code_dtype
    return view, planted, said == PLANT


@pytest.mark.parametrize(("attacker", "game"), TOLD, ids=str)
def test_an_attacker_plants_legally_wherever_that_can_be_done(attacker, game):
    view, planted, plants = attacked(attacker, game)
    judge = Judge(game, view.distribution)
    members = judge.labels(game.functions.enumerate())
    originals, backdoored = judge.labels(view.codes), judge.labels(np.where(plants[:, None], planted, view.codes))
    for r, (f, g) in enumerate(zip(originals, backdoored, strict=True)):
        place = judge.place(view.X_star[r])
        legal = [member for member in members if judge.legal(f, member, place)]
        assert plants[r] == bool(legal)
        if plants[r]:
            assert judge.legal(f, g, place)
            if isinstance(attacker, NearestLegal):
                assert judge.distance(f, g) == min(judge.distance(f, member) for member in legal)
    assert plants.any()
    np.testing.assert_array_equal(view.legal(np.where(plants[:, None], planted, view.codes)), plants)


TIES = [
    BackdoorGame(AllFunctions(points=4), 0.3, Weighted([0.1, 0.2, 0.3, 0.4])),
    BackdoorGame(AllFunctions(points=10), 0.1, Uniform()),
    BackdoorGame(Thresholds(points=10), 0.3, Uniform()),
    BackdoorGame(Thresholds(points=3), "1/3", Uniform()),
    BackdoorGame(Thresholds(points=7), "3/7", Uniform()),
    BackdoorGame(Thresholds(points=4), 0.3, Weighted([0.1, 0.2, 0.3, 0.4])),
    BackdoorGame(AllFunctions(points=49), 1 / 49, Uniform()),
    BackdoorGame(
        DirectSum([Thresholds(points=2), Singletons(points=3)]), 0.1, Mixture([Uniform(), Uniform()], [0.7, 0.3])
    ),
]


@pytest.mark.parametrize("attacker", [NearestLegal(), RandomLegal()], ids=str)
@pytest.mark.parametrize("game", TIES, ids=str)
def test_a_plant_at_exactly_epsilon_is_legal_and_just_below_it_is_not(attacker, game):
    if isinstance(attacker, RandomLegal) and game.functions == AllFunctions(points=49):
        game = dataclasses.replace(game, functions=AllFunctions(points=13), epsilon=1 / 13, distribution=Uniform())
    view, planted, plants = attacked(attacker, game)
    judge = Judge(game, view.distribution)
    originals, backdoored = judge.labels(view.codes), judge.labels(np.where(plants[:, None], planted, view.codes))
    distances = [judge.distance(f, g) for f, g in zip(originals, backdoored, strict=True)]
    assert max(distances) == judge.epsilon
    less = dataclasses.replace(game, epsilon=game.epsilon - 1e-6)
    view, planted, plants = attacked(attacker, less)
    judge = Judge(game, view.distribution)
    originals, backdoored = judge.labels(view.codes), judge.labels(np.where(plants[:, None], planted, view.codes))
    assert max(judge.distance(f, g) for f, g in zip(originals, backdoored, strict=True)) < judge.epsilon
    assert not plants.all()


def test_random_legal_plants_are_uniform_over_the_legal_members():
    game, rounds = BackdoorGame(AllFunctions(points=4), 0.5, Uniform()), 6000
    keys = streams.role_keys(1, "uniform", "plant", 0, rounds)
    codes = np.tile(np.array([0, 1, 1, 0], np.uint8), (rounds, 1))
    X = np.full((rounds, 1), 2)
    view = AttackerBlock(game, game.distribution, keys, Meter(rounds), codes=codes, X_star=X)
    planted, said = RandomLegal().prepare(game).plant_block(view)
    assert (said == PLANT).all()
    # It flips point 2, and at most one of the other three.
    found, counts = np.unique(planted ^ codes, axis=0, return_counts=True)
    assert {tuple(row) for row in found.tolist()} == {(0, 0, 1, 0), (1, 0, 1, 0), (0, 1, 1, 0), (0, 0, 1, 1)}
    for count in counts:
        low, high = clopper_pearson(int(count), rounds, simultaneous_level(FAMILY, 4))
        assert low <= 1 / 4 <= high


def test_random_originals_are_uniform_over_the_class():
    game, rounds = BackdoorGame(Thresholds(points=4), 0.5, Uniform()), 6000
    keys = streams.role_keys(1, "uniform", "choose", 0, rounds)
    for attacker in (RandomLegal(), NearestLegal(), NoAttack()):
        codes = attacker.prepare(game).choose_block(AttackerBlock(game, game.distribution, keys, Meter(rounds)))
        counts = np.bincount(codes[:, 0], minlength=5)
        assert len(counts) == 5
        for count in counts:
            low, high = clopper_pearson(int(count), rounds, simultaneous_level(FAMILY, 15))
            assert low <= 1 / 5 <= high


@pytest.mark.parametrize("game", [*CONTINUOUS, *HALFSPACES], ids=str)
def test_on_a_continuum_plants_differ_at_the_trigger_and_keep_within_epsilon(game):
    view, planted, plants = attacked(NearestLegal(), game)
    functions, draws = game.functions, 4000
    assert 0 < plants.sum() <= ROWS
    f, g, x = view.codes[plants], planted[plants], view.X_star[plants][:, None]
    assert functions.contains(g).all()
    assert (functions.evaluate(f, x) != functions.evaluate(g, x)).all()
    X = view.distribution.sample_block(streams.role_keys(9, "judge", "referee", 0, len(f)), 0, draws)
    apart = (functions.evaluate(f, X) != functions.evaluate(g, X)).sum(axis=1)
    level = simultaneous_level(FAMILY, len(f))
    assert all(clopper_pearson(int(count), draws, level)[0] <= game.epsilon for count in apart)


def test_a_threshold_on_the_unit_interval_moves_just_past_the_trigger_where_that_is_near_enough():
    game = BackdoorGame(Thresholds(), 0.2, CONTINUOUS[0].distribution)
    view, planted, plants = attacked(NearestLegal(), game)
    t, x, moved = view.codes[:, 0], view.X_star[:, 0], planted[:, 0]
    np.testing.assert_array_equal(plants, abs(t - x) <= 0.2)
    expected = np.where(t <= x, np.nextafter(x, 1), x)
    np.testing.assert_array_equal(moved[plants], expected[plants])


@pytest.mark.parametrize("game", OPEN, ids=str)
def test_shattering_flips_the_label_of_the_trigger_alone_and_forfeits_only_on_the_heavy_point(game):
    view, planted, plants = attacked(Shattered(), game)
    judge = Judge(game, view.distribution)
    d = len(game.functions.shattered_set())
    assert len(judge.points) == d
    originals, backdoored = judge.labels(view.codes), judge.labels(planted)
    for r, (f, g) in enumerate(zip(originals, backdoored, strict=True)):
        place = judge.place(view.X_star[r])
        assert np.flatnonzero(f != g).tolist() == [place]
        assert plants[r] == judge.legal(f, g, place) == (judge.weights[place] <= judge.epsilon)
    if judge.epsilon >= Fraction(1, d):
        assert set(judge.weights) == {Fraction(1, d)}
        assert plants.all()
    else:
        assert sorted(judge.weights)[:-1] == [judge.epsilon] * (d - 1)
        assert judge.weights[-1] == 1 - (d - 1) * judge.epsilon
        assert 0 < plants.sum() < ROWS


def test_shattering_labels_the_points_by_fair_independent_coins():
    game, rounds = BackdoorGame(AllFunctions(points=3), "1/3"), 6000
    keys = streams.role_keys(1, "coins", "choose", 0, rounds)
    law = game.setup(Shattered())
    codes = Shattered().choose_block(AttackerBlock(game, law, keys, Meter(rounds)))
    counts = np.bincount(codes @ [1, 2, 4], minlength=8)
    for count in counts:
        low, high = clopper_pearson(int(count), rounds, simultaneous_level(FAMILY, 8))
        assert low <= 1 / 8 <= high


@pytest.mark.parametrize("game", TILED, ids=str)
def test_a_hidden_tile_is_laid_under_the_trigger_where_there_is_one_and_it_is_light_enough(game):
    view, planted, plants = attacked(HiddenTile(), game)
    judge = Judge(game, view.distribution)
    originals = judge.labels(view.codes)
    tiles = judge.points[:, 0] == 1
    assert not originals[:, tiles].any()
    for r, f in enumerate(originals):
        place = judge.place(view.X_star[r])
        assert plants[r] == (tiles[place] and judge.weights[place] <= judge.epsilon)
        if plants[r]:
            g = judge.labels(planted[r : r + 1])[0]
            assert np.flatnonzero(f != g).tolist() == [place]
            assert judge.legal(f, g, place)
    assert plants.any()
    assert (~plants).any()


def test_no_attack_never_attacks():
    for game in ATTACKERS[NoAttack()]:
        assert not attacked(NoAttack(), game)[2].any()


@pytest.mark.parametrize("game", [*LISTED, *TILED], ids=str)
def test_a_view_calls_a_member_legal_exactly_where_it_is(game):
    rounds = Rounds(game, game.distribution)
    view, judge = rounds.planting(rounds.codes), Judge(game, game.distribution)
    g = game.functions.sample_block(streams.role_keys(6, "other", "choose", 0, ROWS))
    near = np.arange(ROWS) % 4 != 0
    g[near] = NearestLegal().plant_block(view)[0][near]
    originals, others = judge.labels(view.codes), judge.labels(g)
    places = [judge.place(x) for x in view.X_star]
    expected = [judge.legal(f, h, place) for f, h, place in zip(originals, others, places, strict=True)]
    assert view.legal(g).tolist() == expected
    assert len(set(expected)) == 2
    distances = view.distance(g)
    row = view.row(5)
    assert row.distance(game.functions.function(g[5])) == distances[5]
    assert row.legal(game.functions.function(g[5])) == expected[5]
    for measured, f, h in zip(distances, originals, others, strict=True):
        assert math.isclose(measured, judge.distance(f, h), rel_tol=0, abs_tol=1e-12)


def test_a_biased_bit_costs_what_its_law_says():
    """A parity moves by its least likely bit that is set at the trigger: 0.1, 0.3 or 0.5."""
    game = BackdoorGame(LISTED[9].functions, 0.3, ProductBits([0.1, 0.5, 0.3]))
    view, planted, plants = attacked(NearestLegal(), game)
    for x, f, g, said in zip(view.X_star, view.codes, planted, plants, strict=True):
        bits = [i for i in (0, 2, 1) if x[i]]
        assert said == bool(bits and bits[0] != 1)
        if said:
            assert np.flatnonzero(f != g).tolist() == [bits[0]]
