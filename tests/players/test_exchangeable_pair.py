"""The pair that no defender tells apart: what it plays, and that a paired game is a coin against everybody."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from backdoor_game import (
    AllFunctions,
    AlwaysClean,
    AlwaysFlag,
    BackdoorGame,
    BoltzmannResampling,
    Circuits,
    CoinFlip,
    Conjunctions,
    DecisionTrees,
    DistillationEnsemble,
    ExchangeablePair,
    Explicit,
    HammingSmoothing,
    KeySearch,
    LeafMass,
    MissingCapability,
    NearestLegal,
    NeighbourVote,
    OptimalDefender,
    ParityCheck,
    RandomLegal,
    RareConjunction,
    StructuralDefender,
    Thresholds,
    Uniform,
    Weighted,
    catalog,
    estimate,
)
from backdoor_game.games.base import Streams
from backdoor_game.games.outcomes import PLANTED
from backdoor_game.games.predicates import OneOf
from backdoor_game.games.triggers import AfterOriginal, BeforeOriginal, Chosen, Satisfying, WorstOf
from backdoor_game.players.views import AttackerBlock, Meter

GAME = BackdoorGame(Thresholds(points=6), "1/3", Uniform(), trigger=Chosen(), clean_input="trigger")
LEVEL_FOR_ALL = 1 - 0.01 / 40  # forty lines hold together at .99 by Bonferroni


def triples(functions, weights, epsilon, admitted):
    """Every legal (x, f, f*), from the definition."""
    codes = functions.enumerate()
    labels = [functions.function(code)(functions.domain.points()) for code in codes]
    return [
        (x, f, g)
        for x in admitted
        for f in range(len(codes))
        for g in range(len(codes))
        if weights[x] > 0 and labels[f][x] != labels[g][x] and weights[labels[f] != labels[g]].sum() <= epsilon + 1e-12
    ]


@pytest.mark.parametrize(
    ("trigger", "weights", "admitted"),
    [
        (Chosen(), np.full(5, 0.2), range(5)),
        (Chosen(), np.array([0.5, 0.2, 0.2, 0.1, 0.0]), range(5)),
        (Satisfying(OneOf([1, 3])), np.full(5, 0.2), (1, 3)),
    ],
)
def test_every_legal_triple_is_as_likely(trigger, weights, admitted):
    functions = Explicit(np.random.default_rng(5).integers(2, size=(9, 5)).tolist())
    game = BackdoorGame(functions, 0.4, Weighted(weights.tolist()), trigger=trigger)
    law, known = game.distribution, triples(functions, weights, 0.4, admitted)
    pair = ExchangeablePair().prepare(game)
    codes, chances = pair.choose_law(game, law)
    numbers = {code.tobytes(): f for f, code in enumerate(functions.enumerate())}
    found = {}
    for code, chance in zip(codes, chances, strict=True):
        key = np.zeros(1, np.uint64)
        picking = AttackerBlock(game, law, key.copy(), Meter(1), codes=code[None].copy())
        for _, x, at in zip(*pair.pick_law(picking), strict=True):
            view = AttackerBlock(game, law, key.copy(), Meter(1), codes=code[None].copy(), X_star=x[None].copy())
            for _, g, planted in zip(*pair.plant_law(view), strict=True):
                triple = int(x[0]), numbers[code.tobytes()], numbers[g.tobytes()]
                found[triple] = found.get(triple, 0.0) + chance * at * planted
    found = {triple: chance for triple, chance in found.items() if chance > 0}
    assert found.keys() == set(known)
    assert all(chance == pytest.approx(1 / len(known), abs=1e-12) for chance in found.values())


@pytest.mark.parametrize("trigger", [Chosen(), BeforeOriginal()])
def test_what_is_played_is_what_the_laws_say(trigger):
    game = dataclasses.replace(GAME, trigger=trigger)
    run = dataclasses.replace(game.ready(ExchangeablePair(), AlwaysFlag()), keep=True)
    rounds = 20_000
    kept = run.play(Streams(7, game), range(rounds))[0]
    assert (kept.status == PLANTED).all()  # every point of thresholds has a legal pair
    known = triples(GAME.functions, np.full(6, 1 / 6), 1 / 3 + 1e-9, range(6))
    counts = dict.fromkeys(known, 0)
    for x, f, g in zip(kept.kept.x_star[:, 0], kept.kept.f[:, 0], kept.kept.f_star[:, 0], strict=True):
        counts[int(x), int(f), int(g)] += 1
    at = {x: sum(1 for triple in known if triple[0] == x) for x in range(6)}
    wanted = {t: rounds / len(known) if trigger == Chosen() else rounds / 6 / at[t[0]] for t in known}
    statistic = sum((counts[t] - wanted[t]) ** 2 / wanted[t] for t in known)
    df = len(known) - 1
    assert statistic < df + 4 * np.sqrt(2 * df)  # four standard deviations


DEFENDERS = [
    AlwaysClean(),
    AlwaysFlag(),
    CoinFlip(),
    DistillationEnsemble(members=5),
    BoltzmannResampling(),
    NeighbourVote(),
]


@pytest.mark.parametrize("trigger", [Chosen(), BeforeOriginal()])
@pytest.mark.parametrize("defender", DEFENDERS, ids=str)
def test_a_paired_game_is_a_coin_against_every_defender(trigger, defender):
    game = dataclasses.replace(GAME, trigger=trigger)
    found = estimate(game, ExchangeablePair(), defender, rounds=20_000, seed=11, level=LEVEL_FOR_ALL)
    assert found.low <= 0.5 <= found.high
    assert found.forfeits == 0


READERS = [  # of codes and circuits, each on a class that it reads
    (Thresholds(points=6), "1/3", OptimalDefender()),
    (DecisionTrees(bits=2, leaves=3), "1/4", LeafMass()),
    (Conjunctions(bits=3), "1/4", RareConjunction()),
    (Conjunctions(bits=3), "1/4", KeySearch(key_bits=4)),
    (Conjunctions(bits=3), "1/4", ParityCheck(key_bits=4)),
    (Conjunctions(bits=3), "1/4", HammingSmoothing()),
    (Circuits(bits=1, gates=1), "1/2", StructuralDefender()),
]


@pytest.mark.parametrize("trigger", [Chosen(), BeforeOriginal()])
@pytest.mark.parametrize(("functions", "epsilon", "defender"), READERS, ids=str)
def test_who_reads_codes_is_no_exception(functions, epsilon, defender, trigger):
    game = BackdoorGame(functions, epsilon, Uniform(), trigger=trigger, clean_input="trigger")
    found = estimate(game, ExchangeablePair(), defender, rounds=20_000, seed=11, level=LEVEL_FOR_ALL)
    assert found.low <= 0.5 <= found.high


def test_every_shipped_defender_that_plays_such_games_is_tried():
    tried = {type(one) for one in DEFENDERS} | {type(defender) for _, _, defender in READERS}
    others = {cls.__name__ for cls in catalog.shipped("defenders").values()} - {cls.__name__ for cls in tried}
    assert others == {"PredicateCheck", "TraceReader"}  # which want a predicate, or something revealed


def test_other_pairs_are_told_apart():
    """The control: a pair that is legal and not exchangeable loses to somebody."""
    game = dataclasses.replace(GAME, functions=Thresholds(points=10), epsilon=0.2, distribution=Uniform())
    defender = DistillationEnsemble(members=5)
    pair = estimate(game, ExchangeablePair(), defender, rounds=20_000, seed=11, level=LEVEL_FOR_ALL)
    assert pair.low <= 0.5 <= pair.high
    assert estimate(game, NearestLegal(), defender, rounds=20_000, seed=11, level=LEVEL_FOR_ALL).low > 0.5


def test_a_fresh_clean_input_is_no_coin():
    fresh = dataclasses.replace(GAME, clean_input="fresh")
    found = estimate(fresh, ExchangeablePair(), DistillationEnsemble(members=25), rounds=20_000, seed=11)
    assert found.low > 0.55


@pytest.mark.parametrize("trigger", [AfterOriginal(), WorstOf(draws=2)])
def test_a_trigger_that_is_settled_after_f_is_refused(trigger):
    with pytest.raises(MissingCapability, match="settles only after f"):
        dataclasses.replace(GAME, trigger=trigger).ready(ExchangeablePair(), CoinFlip())


def test_where_nothing_is_legal_it_forfeits():
    game = BackdoorGame(AllFunctions(points=3), 0.1, Uniform(), trigger=BeforeOriginal())
    assert estimate(game, ExchangeablePair(), CoinFlip(), rounds=50, seed=1).forfeits == 50


@pytest.mark.parametrize("attacker", [NearestLegal(), RandomLegal()], ids=str)
def test_the_law_of_f_given_the_trigger_is_what_is_chosen(attacker):
    """Of originals for a trigger known first: frequencies in 40,000 choices against the stated law, by chi-square."""
    functions = Explicit(np.random.default_rng(2).integers(2, size=(8, 5)).tolist())
    game = BackdoorGame(functions, 0.4, Uniform(), trigger=BeforeOriginal())
    ready, law = attacker.prepare(game), game.distribution
    assert ready.choose_law(game, law) is None
    for point in range(5):
        B = 8_000
        X = np.full((B, 1), point)
        view = AttackerBlock(
            game, law, np.arange(B, dtype=np.uint64) * 977, Meter(B), X_star=X, offered=X[:, None].copy()
        )
        chosen = ready.choose_block(view)
        one = AttackerBlock(
            game, law, np.zeros(1, np.uint64), Meter(1), X_star=X[:1].copy(), offered=X[:1, None].copy()
        )
        _, codes, chances = ready.choose_given_law(one)
        assert chances.sum() == pytest.approx(1)
        counts = np.array([(chosen == code).all(axis=1).sum() for code in codes])
        assert counts.sum() == B
        possible = chances * B > 5
        statistic = ((counts - chances * B)[possible] ** 2 / (chances * B)[possible]).sum()
        assert statistic < 40  # chi-square with at most 7 degrees of freedom: once in a million
        assert counts[~possible].sum() < 40
