"""Tournaments and curves of games about models: every model is trained once for all that look at it."""

import dataclasses
import json

import numpy as np
import pytest

from backdoor_game import (
    Activation,
    AlwaysClean,
    AlwaysFlag,
    ChecksumBackdoor,
    CLWEBackdoor,
    CoinFlip,
    ContractError,
    Copycat,
    Delegation,
    FineTuning,
    GateNetworks,
    GaussianElimination,
    GaussianLinear,
    InputNorm,
    KeyHolder,
    LinearBits,
    MajorityPersistence,
    Moments,
    NearestLegal,
    Persistence,
    PlantsAnyway,
    RandomFourierFeatures,
    Replication,
    SingleEdits,
    StaticDetection,
    TopEigenvalue,
    WeightDecay,
    estimate,
    tournament,
)
from backdoor_game.cli import main
from backdoor_game.games.measuring.together import Match, estimates
from backdoor_game.ground.spec import text

FUNCTIONS = RandomFourierFeatures(features=32, dimension=8)
DATA = GaussianLinear(dimension=8, train=60, test=20)
STATIC = StaticDetection(FUNCTIONS, DATA)
DETECTORS = [Moments(clean=20), KeyHolder(), TopEigenvalue(clean=30), AlwaysFlag(), CoinFlip()]
PLANTED: list[str] = []


@dataclasses.dataclass(frozen=True, repr=False)
class Counted(CLWEBackdoor):
    """Notes every model that it plants."""

    def plant(self, functions, X, y, rng):
        PLANTED.append(text(self))
        return super().plant(functions, X, y, rng)


def test_a_tournament_trains_each_model_once_whoever_looks_at_it():
    PLANTED.clear()
    attackers = [Counted(k=4), Counted(k=8)]
    found = tournament(STATIC, attackers, DETECTORS, rounds=7, seed=3)
    assert len(found.pairs) == 10
    assert sorted(map(PLANTED.count, set(PLANTED))) == [7, 7]


# Every game, with players on its two sides.
GAMES = [
    (STATIC, CLWEBackdoor(k=4), DETECTORS),
    (Activation(FUNCTIONS, DATA), CLWEBackdoor(k=4), [InputNorm(clean=20), Moments(clean=20), AlwaysClean()]),
    (Replication(FUNCTIONS, DATA, black_box=True, examples=6), ChecksumBackdoor(2), [GaussianElimination(), Copycat()]),
    (Delegation(FUNCTIONS, DATA), PlantsAnyway(CLWEBackdoor(k=4)), [AlwaysFlag(), Moments(clean=20)]),
    (
        Persistence(GateNetworks(bits=6, gates=4), LinearBits(dimension=6)),
        MajorityPersistence(),
        [SingleEdits(), WeightDecay()],
    ),
]


@pytest.mark.parametrize(("game", "attacker", "defenders"), GAMES, ids=[type(game).__name__ for game, *_ in GAMES])
def test_each_estimate_of_a_panel_is_the_one_that_its_defender_has_alone(game, attacker, defenders):
    matches = [Match(game, attacker, one, 9, 5) for one in defenders]
    together = estimates(matches, level=0.9, threads=2)
    level = 1 - (1 - 0.9) / len(defenders)  # Bonferroni: they share their rounds
    assert [one.level for one in together] == pytest.approx([level] * len(defenders))
    alone = [estimate(game, attacker, one, rounds=9, seed=5, level=together[0].level, threads=1) for one in defenders]
    assert [one.to_dict() for one in together] == [one.to_dict() for one in alone]


def test_a_pair_of_the_wrong_kind_is_refused_with_its_sentence_and_the_others_play():
    small = Persistence(GateNetworks(bits=6, gates=4), LinearBits(dimension=6))
    found = tournament([STATIC, small], [CLWEBackdoor(k=4)], [AlwaysFlag(), FineTuning()], rounds=3)
    told = {(pair.game, pair.defender): pair.refusal for pair in found.pairs}
    assert told[text(STATIC), "AlwaysFlag()"] is None
    assert told[text(STATIC), "FineTuning()"].startswith("defender must be a Defender such as Moments()")
    assert "CLWEBackdoor" in told[text(small), "FineTuning()"]
    assert [one.value for one in found.exact] == [None, None]
    assert found.exact[0].reason == "StaticDetection is played, not solved: only a finite BackdoorGame is"


def test_a_player_of_no_game_s_kind_is_refused_before_anybody_plays():
    with pytest.raises(ValueError, match=r"attackers\[0\] must be a Backdoor such as CLWEBackdoor.*got NearestLegal"):
        tournament(STATIC, NearestLegal(), CoinFlip())


def test_the_command_plays_a_game_by_its_spec_with_all_shipped_detectors_that_fit(capsys, tmp_path):
    small = "StaticDetection(RandomFourierFeatures(32, 8), GaussianLinear(8, train=60, test=20))"
    words = ["tournament", "--game", small, "--attacker", "CLWEBackdoor(k=4)", "--rounds", "3"]
    assert main([*words, "--output", str(tmp_path), "--json", "--quiet"]) == 0
    found = json.loads(capsys.readouterr().out)
    played = {pair["defender"] for pair in found["pairs"] if pair["refusal"] is None}
    assert {"AlwaysClean()", "KeyHolder()", "Moments()", "TopEigenvalue()"} <= played
    assert not {"InputNorm()", "LeafMass()"} & played
    assert main([*words, "--output", str(tmp_path), "--epsilon", "1/8"]) == 2
    assert "leave --epsilon out" in capsys.readouterr().err


def test_calibration_shows_the_key_to_its_holder_alone():
    """One set of clean rounds for all thresholds must not lend a key to those that may not see it."""

    @dataclasses.dataclass(frozen=True, repr=False)
    class Peeks(Moments):
        def score(self, view, rng):
            with pytest.raises(ContractError, match="the key is the attacker's"):
                view.secret  # noqa: B018
            return super().score(view, rng)

    @dataclasses.dataclass(frozen=True, repr=False)
    class Holds(Moments):
        holds_key = True

        def score(self, view, rng):
            return float(np.float64(view.f.code[0]))

    run = STATIC.ready(CLWEBackdoor(k=4), Holds(clean=9), Peeks(clean=9))
    assert all(one.cutoff is not None for one in run.defenders)
    assert run.defenders[1].cutoff == Moments(clean=9).prepare(STATIC).cutoff
