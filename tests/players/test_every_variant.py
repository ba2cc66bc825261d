"""Every shipped player plays every variant of the game, or refuses in one sentence before the first round."""

from __future__ import annotations

import dataclasses
import functools
import itertools

import numpy as np
import pytest

from backdoor_game import (
    AfterOriginal,
    AlwaysClean,
    Attacker,
    AttackerTranscript,
    BeforeOriginal,
    BlockDefender,
    BoltzmannResampling,
    Chosen,
    CoinFlip,
    Coins,
    ContractError,
    DistillationEnsemble,
    HashPrefix,
    HillClimbAttacker,
    LikelihoodRatio,
    NearestLegal,
    Original,
    RandomLegal,
    Satisfying,
    Shattered,
    WorstAttack,
    WorstOf,
    catalog,
)
from backdoor_game.games.base import Streams
from backdoor_game.games.outcomes import ILLEGAL
from backdoor_game.ground.errors import BackdoorGameError
from backdoor_game.ground.spec import parse, text

HALVES = "Mixture([Uniform(), Uniform()], [0.5, 0.5])"
LINE, BITS = (
    "BackdoorGame(Thresholds(points=5), 0.2, Uniform())",
    "BackdoorGame(Conjunctions(bits=3), 0.125, Uniform())",
)
TREES = "BackdoorGame(DecisionTrees(bits=3, leaves=2), 0.25, Uniform())"
TILES = f"BackdoorGame(DirectSum([Thresholds(points=4), Singletons(points=4)]), 0.125, {HALVES})"
OPEN, CIRCUITS = (
    "BackdoorGame(AllFunctions(points=4), 0.25)",
    "BackdoorGame(Circuits(bits=4, gates=800), 0.0625, Uniform())",
)
HOMES = {  # where they play who do not play on a line
    **dict.fromkeys(("HammingSmoothing", "KeySearch", "ParityCheck", "RareConjunction"), BITS),
    **dict.fromkeys(("DeepestLegal", "GraftPath", "LeafMass", "TreeLearner"), TREES),
    **dict.fromkeys(("Shattered", "Star"), OPEN),
    **dict.fromkeys(("PuncturedPRFAttacker", "StructuralDefender"), CIRCUITS),
    "HiddenTile": TILES,
    "LinearSeparator": "BackdoorGame(Halfspaces(dimension=2), 0.3, StandardNormal())",
}
LAWS = ("after", "before", "worst of 3", "chosen", "satisfying")
REVEALS = {"nothing": None, "bits": Original(bits=3), "coins": Coins(), "transcript": AttackerTranscript()}
# What each player cannot do by what it is: the fields (law, reveal) under which it must refuse.
REFUSED = {
    "ExchangeablePair": lambda law, reveal: law in ("after", "worst of 3"),  # f comes before its trigger
    "PredicateCheck": lambda law, reveal: law != "satisfying",
    "TraceReader": lambda law, reveal: reveal in ("nothing", "coins"),  # coins say nothing without the strategy
    **dict.fromkeys(("OptimalAttacker", "OptimalDefender"), lambda law, reveal: reveal == "coins"),
    **dict.fromkeys(("WorstAttack", "LikelihoodRatio"), lambda law, reveal: reveal == "coins"),
}
ROUNDS = 50
ATTACKERS = [cls() for cls in catalog.shipped("attackers").values()] + [WorstAttack(CoinFlip())]
DEFENDERS = [cls() for cls in catalog.shipped("defenders").values()] + [LikelihoodRatio(NearestLegal())]
LEARNERS = [cls() for cls in catalog.shipped("learners").values()]


@functools.cache
def law_of(name, home):
    """The law of this name; its predicate holds on some points of the domain and not on all."""
    if name != "satisfying":
        laws = {
            "after": AfterOriginal(),
            "before": BeforeOriginal(),
            "worst of 3": WorstOf(draws=3),
            "chosen": Chosen(),
        }
        return laws[name]
    domain = parse(home, catalog.resolve).functions.domain
    points = domain.points() if domain.size is not None else np.linspace(-2, 2, 64).reshape(-1, domain.n)
    predicates = (HashPrefix(bits=1, salt=salt) for salt in itertools.count())
    return Satisfying(next(one for one in predicates if 0 < one.holds(points).sum() < len(points)))


@functools.cache
def variants(home):
    """Each law with each clean input and reveal; where rounds are dear, reveals one after the other."""
    game = parse(home, catalog.resolve)
    found = list(itertools.product(LAWS, ("fresh", "trigger"), REVEALS))
    chosen = found if home != CIRCUITS else [one for k, one in enumerate(found) if k % 4 == (k // 4) % 4]
    return [
        (law, reveal, dataclasses.replace(game, trigger=law_of(law, home), clean_input=clean, reveal=REVEALS[reveal]))
        for law, clean, reveal in chosen
    ]


def played(game, attacker, defender):
    """The outcome of the first rounds, or the sentence in which somebody refuses."""
    try:
        run = game.ready(attacker, defender)
    except BackdoorGameError as error:
        return str(error)
    return run.play(Streams(1, game), range(ROUNDS))[0]


def checked(name, law, reveal, found):
    if isinstance(found, str):
        assert "\n" not in found
        assert len(found) < 400
        assert name in REFUSED, found
        assert REFUSED[name](law, reveal), found
        return
    assert not (name in REFUSED and REFUSED[name](law, reveal)), (name, law, reveal)
    assert (found.status != ILLEGAL).all()
    assert (found.suspicion[found.shown] >= 0).all()
    assert not found.over_budget.any()


def opponent(game):
    """An attacker that plays this game."""
    punctured = catalog.make("PuncturedPRFAttacker(key_bits=4)")
    for attacker in (NearestLegal(), RandomLegal(), Shattered(), punctured):
        try:
            game.ready(attacker)
        except BackdoorGameError:
            continue
        return attacker
    raise AssertionError(f"nobody attacks {text(game)}")


@pytest.mark.parametrize("attacker", ATTACKERS, ids=str)
def test_every_attacker_plays_every_variant_or_says_why_not(attacker):
    name = type(attacker).__name__
    for law, reveal, game in variants(HOMES.get(name, LINE)):
        checked(name, law, reveal, played(game, attacker, AlwaysClean()))


@pytest.mark.parametrize("defender", DEFENDERS, ids=str)
def test_every_defender_plays_every_variant_or_says_why_not(defender):
    name = type(defender).__name__
    for law, reveal, game in variants(HOMES.get(name, LINE)):
        checked(name, law, reveal, played(game, opponent(game), defender))


@pytest.mark.parametrize("learner", LEARNERS, ids=str)
def test_every_learner_votes_in_every_variant(learner):
    defender = DistillationEnsemble(learner=learner, members=3, examples=3, threshold=0.5)
    for law, reveal, game in variants(HOMES.get(type(learner).__name__, LINE)):
        if reveal in ("nothing", "transcript"):
            checked("DistillationEnsemble", law, reveal, played(game, opponent(game), defender))


def test_who_looks_for_the_best_attack_by_climbing_knows_the_plain_game_alone_and_says_so():
    climber = HillClimbAttacker(BoltzmannResampling(), budget=50)
    for law, reveal, game in variants(LINE):
        if not game.plain:
            assert "knows the game whose trigger is drawn after f" in played(game, climber, AlwaysClean()), (
                law,
                reveal,
            )


# Controls


@dataclasses.dataclass(frozen=True)
class TrustsTraces(BlockDefender):
    """Expects a trace of numbers."""

    def suspicion_block(self, view):
        return np.asarray(view.trace, dtype=np.float64).clip(0, 1)


@dataclasses.dataclass(frozen=True)
class PicksNothing(Attacker):
    """Answers no point when it is to pick."""

    def plant(self, view, rng):
        return None

    def pick_block(self, view):
        return None


def test_a_defender_that_breaks_in_a_variant_is_no_refusal():
    broken = [game for _, _, game in variants(LINE) if game.reveal is None][:1]
    with pytest.raises(ContractError, match="suspicion_block"):
        played(broken[0], NearestLegal(), TrustsTraces())


def test_an_attacker_that_breaks_in_a_variant_is_no_refusal():
    for law, _, game in variants(LINE):
        if law in ("chosen", "satisfying", "worst of 3"):
            with pytest.raises(ContractError, match="pick_block"):
                played(game, PicksNothing(), AlwaysClean())
