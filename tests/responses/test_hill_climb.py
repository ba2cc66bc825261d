"""The attacker that climbs: as bad as the worst where its budget is large, honest about what it paid, never illegal."""

from __future__ import annotations

import collections
import dataclasses
import pickle

import numpy as np
import pytest

from backdoor_game import (
    AllFunctions,
    BackdoorGame,
    BlockDefender,
    BoltzmannResampling,
    Boxes,
    CoinFlip,
    Conjunctions,
    Defender,
    DirectSum,
    DistillationEnsemble,
    Explicit,
    Halfspaces,
    HillClimbAttacker,
    Intervals,
    InvalidArgument,
    MissingCapability,
    Mixture,
    NearestLegal,
    ProductBits,
    Singletons,
    StandardNormal,
    Thresholds,
    Uniform,
    UnitCube,
    Weighted,
    best_response,
    catalog,
    estimate,
    exact_win_rate,
)
from backdoor_game.exact.responses.hill_climb import _searched
from backdoor_game.ground import spec
from backdoor_game.ground.streams import draws
from backdoor_game.players.attackers.base import PLANT
from backdoor_game.players.views import AttackerBlock, DefenderBlock, Meter
from tests.naive import exact_play
from tests.players.cases import Rounds

LEVEL = 1 - 1e-4
asked: collections.Counter = collections.Counter()


@dataclasses.dataclass(frozen=True, repr=False)
class Narrow(Defender):
    """Flags without coins or examples: where f'(x') = 1 and a neighbour of x' has the label 0. Row by row."""

    def suspicion(self, view, rng):
        size = view.game.functions.domain.size
        around = np.clip(view.x[0] + np.array([[-1], [0], [1]]), 0, size - 1)
        left, here, right = view.f(around)
        return float(here == 1 and min(left, right) == 0)


@dataclasses.dataclass(frozen=True, repr=False)
class Tossing(BlockDefender):
    """Flags half of everything and says nothing of its law; counts the pairs that it is asked about."""

    def suspicion_block(self, view):
        asked.update(code.tobytes() + x.tobytes() for code, x in zip(view.codes, view.X, strict=True))
        return (draws(np.asarray(view.keys), 0, 1)[:, 0] >> np.uint64(63)).astype(np.float64)


@dataclasses.dataclass(frozen=True, repr=False)
class Stated(BlockDefender):
    """States its law, a function of the code and x alone; counts the pairs that it is asked about."""

    def suspicion_block(self, view):
        raise AssertionError("the law is stated: nothing needs to be played")

    def suspicion_probability(self, view):
        asked.update(code.tobytes() + x.tobytes() for code, x in zip(view.codes, view.X, strict=True))
        return np.asarray((view.codes.sum(axis=1) * 7 + view.X.sum(axis=1) * 3) % 11 / 10)


@dataclasses.dataclass(frozen=True, repr=False)
class ShortRun(BlockDefender):
    """On the line: flags where the run or gap of f' around x' is shorter than 0.15."""

    def suspicion_block(self, view):
        ends = np.concatenate([np.full((len(view), 1), -np.inf), view.codes, np.full((len(view), 1), np.inf)], axis=1)
        place = (ends <= view.X).sum(axis=1)
        rows = np.arange(len(view))
        return (ends[rows, place] - ends[rows, place - 1] < 0.15).astype(np.float64)


SMALL = [
    BackdoorGame(Thresholds(points=10), 0.3, Uniform()),
    BackdoorGame(Intervals(points=6), "1/3", Uniform()),
    BackdoorGame(Singletons(points=6), "2/6", Uniform()),
    BackdoorGame(AllFunctions(points=4), 0.3, Weighted([0.1, 0.2, 0.3, 0.4])),
    BackdoorGame(Conjunctions(bits=3), 0.3, ProductBits([0.1, 0.5, 0.8])),
    BackdoorGame(Boxes(dimension=2, points=3), "2/9", Uniform()),
    BackdoorGame(Explicit(["00000", "10100", "01011", "11110", "00111", "10001"]), 0.6, Uniform()),
    BackdoorGame(Explicit(["0000", "1000", "0100", "1100", "0011"]), 0.5, Weighted([0.5, 0.0, 0.25, 0.25])),
    BackdoorGame(
        DirectSum([Intervals(points=3), Singletons(points=4)]), 0.1, Mixture([Uniform(), Uniform()], [0.6, 0.4])
    ),
]
LINES = SMALL[:3]
EXACT = [
    *((game, defender) for game in SMALL for defender in (BoltzmannResampling(), BoltzmannResampling(beta=3.0))),
    *((game, DistillationEnsemble(members=3, examples=4, threshold=0.5)) for game in (SMALL[0], SMALL[1], SMALL[4])),
    *((game, Narrow()) for game in LINES),
    *((game, CoinFlip()) for game in LINES[:1]),
]


def flag_probability(game, defender, code, x):
    """Pr[flagged] of one pair, from the stated law, or for one that plays without coins from playing it."""
    key = np.zeros(1, dtype=np.uint64)
    view = DefenderBlock(game, game.distribution, code[None].copy(), x[None].copy(), key, key, Meter(1))
    if isinstance(defender, Narrow):
        return float(defender.suspicion_block(view)[0] >= defender.threshold)
    return float(defender.suspicion_probability(view)[0])


def by_the_definition(game, defender):
    """Every pair's flag probability, the legal triples, and the worst attacker's win rate for the defender."""
    tiny, ready = exact_play.TinyGame(game, game.distribution), defender.prepare(game)
    flag = {
        (f, x): flag_probability(game, ready, code, tiny.points[x])
        for f, code in zip(tiny.labels, tiny.codes, strict=True)
        for x, mass in tiny.law.items()
        if mass > 0
    }
    legal = {(f, x): tiny.legal(f, x) for f, x in flag}

    def loss(f):
        return sum(
            mass * (flag[f, x] + max((1 - flag[g, x] for g in legal[f, x]), default=0.0)) / 2
            for x, mass in tiny.law.items()
            if mass > 0
        )

    return tiny, flag, legal, 1 - max(map(loss, tiny.labels))


def played_by_the_definition(tiny, flag, attacker):
    """The exact win rate against what a prepared attacker plants, asked through its own block forms."""
    key = np.zeros(1, dtype=np.uint64)
    f = attacker.choose_block(AttackerBlock(tiny.game, tiny.distribution, key, Meter(1)))
    plants = exact_play.scripted_plants(tiny, attacker, f)
    return exact_play.exact_win_rate(tiny, [(tiny.labels_of(f)[0], 1.0)], plants, lambda f, x: flag[f, x])


@pytest.mark.parametrize(("game", "defender"), EXACT, ids=str)
def test_with_a_budget_for_every_legal_neighbour_it_is_within_a_hundredth_of_the_worst_attacker(game, defender):
    tiny, flag, legal, worst = by_the_definition(game, defender)
    neighbours = max(len({g for x in tiny.law if (f, x) in legal for g in legal[f, x]}) for f in tiny.labels)
    budget = len(tiny.labels) * len(tiny.points) * max(1, neighbours)
    attacker = HillClimbAttacker(defender, budget=budget)
    found = attacker.search(game)
    assert found.queries <= budget
    assert worst - 1e-9 <= 1 - found.loss <= worst + 0.01
    assert played_by_the_definition(tiny, flag, attacker.prepare(game)) == pytest.approx(1 - found.loss, abs=1e-9)
    assert exact_win_rate(game, attacker, defender) == pytest.approx(1 - found.loss, abs=1e-9)


@pytest.mark.parametrize("budget", [1, 2, 10, 40, 90])
@pytest.mark.parametrize("game", SMALL, ids=str)
def test_with_a_small_budget_it_promises_no_more_than_it_takes_and_plants_legally(game, budget):
    defender = BoltzmannResampling(beta=3.0)
    tiny, flag, legal, worst = by_the_definition(game, defender)
    attacker = HillClimbAttacker(defender, budget=budget).prepare(game)
    found = attacker.search(game)
    assert found.queries <= budget
    taken = played_by_the_definition(tiny, flag, attacker)
    assert worst - 1e-9 <= taken <= 1 - found.loss + 1e-9
    (f,) = tiny.labels_of(found.code[None])
    plants = exact_play.scripted_plants(tiny, attacker, found.code[None])
    for x, mass in tiny.law.items():
        ((g, _),) = plants(f, x)
        assert mass == 0 or (g in legal[f, x] if legal[f, x] else g is None)


@pytest.mark.parametrize(
    ("game", "defender", "budget"),
    [
        (BackdoorGame(Intervals(points=32), "4/32", Uniform()), BoltzmannResampling(beta=20.0), 3500),
        (BackdoorGame(Conjunctions(bits=5), "1/8", Uniform()), BoltzmannResampling(), 2900),
        (BackdoorGame(AllFunctions(points=10), "1/10", Uniform()), BoltzmannResampling(), 500),
        (BackdoorGame(Boxes(dimension=2, points=6), "4/36", Uniform()), BoltzmannResampling(), 3400),
    ],
    ids=str,
)
def test_climbing_comes_as_close_with_a_twentieth_of_that_budget(game, defender, budget):
    """The budgets are 5% of |F| |X| times the mean number of legal f*, and too small to ask about every pair."""
    atoms = len(game.distribution.atoms()[1])
    assert budget < game.functions.count() * atoms / 2
    worst = best_response(game, defender=defender, seed=0).win_rate
    found = [HillClimbAttacker(defender, budget=budget, seed=seed).search(game) for seed in range(3)]
    assert all(one.queries <= budget for one in found)
    gaps = sorted(1 - one.loss - worst for one in found)
    assert gaps[0] >= -1e-9
    assert gaps[1] <= 0.01


def test_more_budget_is_no_worse_on_average():
    game = BackdoorGame(Intervals(points=32), "2/32", Uniform())
    losses = [
        np.mean([HillClimbAttacker(BoltzmannResampling(), budget=b, seed=s).search(game).loss for s in range(4)])
        for b in (40, 600, 20_000)
    ]
    assert losses == sorted(losses)


# What is paid


@pytest.mark.parametrize("budget", [1, 2, 3, 17, 100, 480, 4000])
@pytest.mark.parametrize(("defender", "calls"), [(Stated(), 1), (Tossing(), 5)], ids=str)
def test_no_more_is_asked_than_is_paid_for_and_no_pair_twice(defender, calls, budget):
    game = BackdoorGame(Intervals(points=7), "2/7", Uniform())
    asked.clear()
    _searched.cache_clear()
    found = HillClimbAttacker(defender, budget=budget, repeats=5).search(game)
    assert found.queries == asked.total() <= budget
    cost = min(calls, max(1, budget - 1))
    first, *others = sorted(asked.values(), reverse=True)
    assert first <= cost + 1  # the pair on which the way of asking was found out
    assert set(others) <= {cost, 1}
    assert others.count(cost) >= len(others) - 1


def test_a_defender_without_coins_is_asked_once_and_one_with_coins_many_times():
    game = BackdoorGame(Thresholds(points=5), "1/5", Uniform())
    assert HillClimbAttacker(Narrow(), budget=1000).search(game).queries == 1 + 6 * 5
    assert HillClimbAttacker(Tossing(), budget=1000, repeats=7).search(game).queries == 1 + 7 * 6 * 5


# Its figures are of fresh rounds


def test_chance_flatters_the_search_but_not_the_rounds_that_are_played():
    """Against a coin nothing wins more than 1/2: the search thinks otherwise, `estimate` does not (level 1 - 1e-4)."""
    game = BackdoorGame(AllFunctions(points=6), "3/6", Uniform())
    attacker = HillClimbAttacker(Tossing(), budget=2000, repeats=1)
    assert 1 - attacker.search(game).loss < 0.3
    found = estimate(game, attacker, Tossing(), rounds=20_000, level=LEVEL, seed=0)
    assert found.low <= 0.5 <= found.high


def test_an_estimate_agrees_with_the_exact_win_rate():
    game, defender = SMALL[1], BoltzmannResampling(beta=3.0)
    attacker = HillClimbAttacker(defender, budget=300)
    found = estimate(game, attacker, defender, rounds=40_000, level=LEVEL, seed=0)
    assert found.low <= 1 - attacker.search(game).loss <= found.high


# The same again


@pytest.mark.parametrize("defender", [BoltzmannResampling(beta=3.0), Tossing()], ids=str)
def test_the_search_is_a_function_of_the_attacker_and_the_game(defender):
    game = BackdoorGame(Intervals(points=12), "2/12", Uniform())
    attacker = HillClimbAttacker(defender, budget=400)
    first = attacker.search(game)
    _searched.cache_clear()
    again = pickle.loads(pickle.dumps(attacker)).search(game)
    for field in dataclasses.fields(first):
        np.testing.assert_array_equal(getattr(first, field.name), getattr(again, field.name))
    other = dataclasses.replace(attacker, seed=1).search(game)
    assert any((getattr(first, name) != getattr(other, name)).any() for name in ("code", "plants"))


@pytest.mark.parametrize(
    ("game", "defender"),
    [
        (SMALL[1], BoltzmannResampling(beta=3.0)),
        (BackdoorGame(Intervals(), 0.2, UnitCube()), ShortRun()),
        (BackdoorGame(Intervals(), 0.2, UnitCube()), DistillationEnsemble(members=3, examples=6, threshold=0.5)),
    ],
    ids=str,
)
def test_neither_threads_nor_blocks_change_what_is_planted(game, defender):
    attacker = HillClimbAttacker(defender, budget=400, repeats=4)
    one, two = (estimate(game, attacker, defender, rounds=5000, threads=threads, seed=0) for threads in (1, 2))
    assert one.to_dict() == two.to_dict()
    ready = attacker.prepare(game)
    rounds = Rounds(game, game.distribution)
    codes = ready.choose_block(rounds.before())
    whole, said = ready.plant_block(rounds.planting(codes))
    for row in (0, 7, 31):
        alone, answer = ready.plant_block(rounds[[row]].planting(codes))
        np.testing.assert_array_equal(alone[0], whole[row])
        assert answer[0] == said[row]


def test_its_originals_are_one_function_and_so_is_their_stated_law():
    game = SMALL[1]
    ready = HillClimbAttacker(BoltzmannResampling(), budget=500).prepare(game)
    codes, chances = ready.choose_law(game, game.distribution)
    assert chances.tolist() == [1.0]
    assert (ready.choose_block(Rounds(game, game.distribution).before()) == codes).all()


# Where D has no atoms


@pytest.mark.parametrize(
    ("game", "defender"),
    [
        (BackdoorGame(Intervals(), 0.2, UnitCube()), ShortRun()),
        (BackdoorGame(Thresholds(), 0.1, StandardNormal()), Tossing()),
        (BackdoorGame(Halfspaces(dimension=2), 0.3, StandardNormal()), Tossing()),
        (BackdoorGame(Conjunctions(bits=40), 0.1, ProductBits(0.9)), Tossing()),
        (BackdoorGame(Conjunctions(bits=12), 0.1, Uniform()), Tossing()),
    ],
    ids=str,
)
def test_plants_for_triggers_never_seen_are_legal(game, defender):
    ready = HillClimbAttacker(defender, budget=300, repeats=2, triggers=20, plants_budget=6).prepare(game)
    assert not ready.search(game).complete
    rounds = Rounds(game, game.distribution)
    codes = ready.choose_block(rounds.before())
    view = rounds.planting(codes)
    planted, said = ready.plant_block(view)
    assert rounds.planting(codes).legal(planted).tolist() == (said == PLANT).tolist()
    assert (said == PLANT).any()
    assert view.meter.evaluations.tolist() == [6] * len(view)


def test_on_the_line_it_finds_what_the_closest_plants_do_not():
    """ShortRun catches every plant that is as close as can be: a run of one point. Level 1 - 1e-4 each."""
    game = BackdoorGame(Intervals(), 0.2, UnitCube())
    near = estimate(game, NearestLegal(), ShortRun(), rounds=4000, level=LEVEL, seed=0)
    climbing = estimate(game, HillClimbAttacker(ShortRun(), budget=4000), ShortRun(), rounds=4000, level=LEVEL, seed=0)
    assert climbing.high < near.low


@pytest.mark.parametrize("granted", [0, 1, 5])
def test_a_game_that_grants_fewer_evaluations_ends_the_search_for_a_plant_and_costs_no_round(granted):
    """On the line the closest function is known: where it is not legal nothing is, elsewhere something is planted."""
    game = BackdoorGame(Intervals(), 0.2, UnitCube(), attacker_evaluations=granted)
    ready = HillClimbAttacker(ShortRun(), budget=500, plants_budget=9).prepare(game)
    rounds = Rounds(game, game.distribution)
    codes = ready.choose_block(rounds.before())
    view = rounds.planting(codes)
    view.meter = Meter(len(view), evaluations=granted)
    _, said = ready.plant_block(view)
    assert view.meter.evaluations.tolist() == [granted] * len(view)
    assert said.tolist() == NearestLegal().plant_block(rounds.planting(codes))[1].tolist()
    found = estimate(game, HillClimbAttacker(ShortRun(), budget=500), ShortRun(), rounds=200, seed=0)
    assert found.to_dict()["illegal"] == 0


# What it refuses


def test_bad_parameters_are_refused_in_a_sentence():
    for values in ({"budget": 0}, {"budget": 2.5}, {"repeats": 0}, {"triggers": 0}, {"plants_budget": -1}):
        with pytest.raises(InvalidArgument, match=next(iter(values))):
            HillClimbAttacker(CoinFlip(), **values)
    for inner in (None, 3, NearestLegal(), "NearestLegal()"):
        with pytest.raises(InvalidArgument, match=r"HillClimbAttacker.inner must"):
            HillClimbAttacker(inner)
    with pytest.raises(InvalidArgument, match=r"HillClimbAttacker.inner must"):
        spec.parse("HillClimbAttacker(inner=NearestLegal())", catalog.resolve)


def test_a_game_without_a_distribution_is_refused_in_a_sentence():
    with pytest.raises(MissingCapability, match="needs a fixed distribution"):
        HillClimbAttacker(CoinFlip()).prepare(BackdoorGame(Intervals(points=5), 0.2))


def test_what_the_defender_refuses_is_refused_with_its_own_sentence():
    with pytest.raises(MissingCapability, match="cannot be enumerated"):
        HillClimbAttacker(BoltzmannResampling()).prepare(BackdoorGame(Intervals(), 0.2, UnitCube()))
    with pytest.raises(InvalidArgument, match="without a distribution only"):
        HillClimbAttacker(BoltzmannResampling(examples=5)).prepare(SMALL[0])


def test_its_spec_reads_back_as_typed_and_as_prepared():
    typed = spec.parse("HillClimbAttacker(inner=BoltzmannResampling(beta=3.0), budget=2000)", catalog.resolve)
    assert typed == HillClimbAttacker(BoltzmannResampling(beta=3.0), budget=2000)
    ready = HillClimbAttacker(DistillationEnsemble(), budget=50).prepare(SMALL[0])
    for player in (typed, ready):
        assert spec.parse(spec.text(player), catalog.resolve) == player == pickle.loads(pickle.dumps(player))
