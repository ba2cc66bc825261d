"""Tournaments and curves of games about models: every model is trained once for all that look at it."""

import contextlib
import dataclasses
import json

import numpy as np
import pytest

from backdoor_game import (
    Activation,
    AlwaysClean,
    AlwaysFlag,
    BackdoorGame,
    ChecksumBackdoor,
    CLWEBackdoor,
    CoinAudit,
    CoinFlip,
    ContractError,
    Copycat,
    Defender,
    Delegation,
    Detector,
    FineTuning,
    Forger,
    Function,
    GateNetworks,
    GaussianElimination,
    GaussianLinear,
    InputNorm,
    KeyHolder,
    LinearBits,
    MajorityPersistence,
    MissingCapability,
    Moments,
    NearestLegal,
    Persistence,
    PlantsAnyway,
    RandomFourierFeatures,
    Replication,
    RushesCommittee,
    SingleEdits,
    StaticDetection,
    Thresholds,
    TopEigenvalue,
    Uniform,
    WeightDecay,
    tournament,
)
from backdoor_game.cli import main
from backdoor_game.games.base import Streams
from backdoor_game.games.measuring.estimation import Measure, estimate
from backdoor_game.games.measuring.together import Match, estimates
from backdoor_game.ground.spec import text
from backdoor_game.ground.streams import ROLES, Generators

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
    found = tournament([STATIC, small], [CLWEBackdoor(k=4)], [AlwaysFlag(), FineTuning()], rounds=3, seed=0)
    told = {(pair.game, pair.defender): pair.refusal for pair in found.pairs}
    assert told[text(STATIC), "AlwaysFlag()"] is None
    assert told[text(STATIC), "FineTuning()"].startswith("defender must be a Defender such as Moments()")
    assert "CLWEBackdoor" in told[text(small), "FineTuning()"]
    assert [one.value for one in found.exact] == [None, None]
    assert found.exact[0].reason == "StaticDetection is played, not solved: only a finite BackdoorGame is"


def test_a_player_of_no_game_s_kind_is_refused_before_anybody_plays():
    with pytest.raises(ValueError, match=r"attackers\[0\] must be a Backdoor such as CLWEBackdoor.*got NearestLegal"):
        tournament(STATIC, NearestLegal(), CoinFlip(), seed=0)


def test_the_command_plays_a_game_by_its_spec_with_all_shipped_detectors_that_fit(capsys, tmp_path):
    small = "StaticDetection(RandomFourierFeatures(32, 8), GaussianLinear(8, train=60, test=20))"
    words = ["tournament", "--game", small, "--attacker", "CLWEBackdoor(k=4)", "--rounds", "3", "--seed", "0"]
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


@dataclasses.dataclass(frozen=True, repr=False)
class Asks(Forger):
    """Asks for so many labels before it hands in what it was given."""

    labels: int = 3

    def forge(self, view, rng):
        view.f(np.zeros((self.labels, 8)))
        return view.x * 1.0


@pytest.mark.parametrize("queries", [7, 5, 2])
def test_each_forger_of_a_panel_has_a_meter_of_its_own(queries):
    game = Replication(FUNCTIONS, DATA, black_box=True, examples=2, tries=2, defender_queries=queries)
    forgers = [Asks(3), Copycat(), Asks(2), Asks(1)]
    held_alone(game, ChecksumBackdoor(2), forgers)


def held_alone(game, attacker, defenders, rounds=9, seed=5):
    """Every estimate of the panel is the one that its defender has alone; the panel's are returned."""
    together = estimates([Match(game, attacker, one, rounds, seed) for one in defenders], level=0.9)
    for one, found in zip(defenders, together, strict=True):
        assert found == estimate(game, attacker, one, rounds=rounds, seed=seed, level=found.level)
    return together


@dataclasses.dataclass(frozen=True, repr=False)
class Spoils(Detector):
    """Writes into whatever it is shown, where that can be written into."""

    threshold: float = 0.5
    reads_code = True

    def suspicion(self, view, rng):
        shown = [view.f.code, view.train.X, view.train.y, view.x]
        shown += list(view.transcript.shares or ()) if view.transcript is not None else []
        for array in shown:
            if array is not None:
                with contextlib.suppress(ValueError):
                    array[...] = 0
        return 0.5


@dataclasses.dataclass(frozen=True, repr=False)
class Bare(CLWEBackdoor):
    """Hands in a model whose code is an array of its own."""

    def plant(self, functions, X, y, rng):
        model, key = super().plant(functions, X, y, rng)
        return Function(functions, np.array(model.code)), key


@pytest.mark.parametrize(
    ("game", "attacker"),
    [
        (STATIC, Bare(k=4)),
        (Activation(FUNCTIONS, DATA), Bare(k=4)),
        (Delegation(FUNCTIONS, DATA, coins="open committee"), RushesCommittee(CLWEBackdoor(k=4))),
    ],
    ids=["static", "activation", "delegation"],
)
def test_what_one_detector_writes_into_no_other_sees(game, attacker):
    others = [CoinAudit()] if isinstance(game, Delegation) else [Moments(clean=20)]
    held_alone(game, attacker, [Spoils(), *others, Spoils(threshold=0.2)])


def test_each_defender_of_a_panel_is_judged_by_its_own_threshold():
    found = held_alone(STATIC, CLWEBackdoor(k=4), [Says(threshold=0.3), Says(threshold=0.7)], rounds=20)
    assert [one.false_alarms for one in found] == [20, 0]


@dataclasses.dataclass(frozen=True, repr=False)
class Says(Detector):
    """Says 1/2, whatever it is shown."""

    threshold: float = 0.5

    def suspicion(self, view, rng):
        return 0.5


def test_matches_of_other_rounds_and_seeds_are_played_as_they_say():
    game = BackdoorGame(Thresholds(points=8), "1/8", Uniform())
    matches = [Match(game, NearestLegal(), CoinFlip(), rounds, seed) for rounds in (300, 5000) for seed in (1, 2)]
    found = estimates(matches, level=0.9)
    for match, one in zip(matches, found, strict=True):
        alone = estimate(game, NearestLegal(), CoinFlip(), rounds=match.rounds, seed=match.seed, level=one.level)
        assert one == alone


@pytest.mark.parametrize("limits", [{}, {"defender_queries": 12}, {"defender_examples": 10}, {"black_box": True}])
def test_panels_of_the_backdoor_game_mix_block_and_one_round_defenders_under_budgets(limits):
    game = BackdoorGame(Thresholds(points=16), "1/8", Uniform(), **limits)
    defenders = [Looks(5), CoinFlip(), AlwaysFlag(), Looks(11), AlwaysClean()]
    held_alone(game, NearestLegal(), defenders, rounds=500)


@dataclasses.dataclass(frozen=True)
class Looks(Defender):
    """Compares the label with so many examples, drawn and asked for one by one."""

    m: int = 5

    def suspicion(self, view, rng):
        X, y = view.examples(self.m)
        return float(np.mean(view.f(X) != y) + np.mean(y != view.f(view.x[None])[0])) / 2


def test_the_first_call_of_a_model_game_is_the_one_that_the_coin_says():
    """Planted where it is heads; and each call has a stream of its own."""
    seen = []

    @dataclasses.dataclass(frozen=True, repr=False)
    class Notes(Detector):
        def suspicion(self, view, rng):
            seen.append((int(rng.integers(2**62)), view.f.code.tobytes()))
            return 0.5

    rounds = range(6)
    run, streams = STATIC.ready(CLWEBackdoor(k=4), Notes()), Streams(3, STATIC)
    (outcome,) = run.play(streams, rounds)
    expected = [
        int(Generators().keyed(streams.keys(f"defender/{turn}", rounds)[r]).integers(2**62))
        for turn in (0, 1)
        for r in rounds
    ]
    assert [word for word, _ in seen] == expected, "turn 0 and turn 1 have streams of their own"
    keys = {role: streams.keys(role, rounds) for role in ROLES}
    planted = {STATIC.planted_branch(run.attacker, keys, r).model.code.tobytes() for r in rounds}
    first = [code in planted for _, code in seen[:6]]
    assert first == (outcome.coin == 1).tolist()
    assert len(set(first)) == 2


def test_half_width_is_for_one_defender():
    run = STATIC.ready(CLWEBackdoor(k=4), AlwaysFlag(), AlwaysClean())
    with pytest.raises(ValueError, match="half_width stops on one defender's interval, got 2 defenders"):
        Measure(half_width=0.1, seed=0).of(run)


@dataclasses.dataclass(frozen=True, repr=False)
class Picky(Moments):
    """Refuses in its own `prepare`, after the game has let it in."""

    def prepare(self, game):
        raise MissingCapability("Picky plays on Sundays: come back")


def test_a_detector_that_refuses_while_it_is_made_ready_is_left_out_and_the_others_play():
    found = tournament(STATIC, CLWEBackdoor(k=4), [Moments(clean=9), Picky(clean=9), AlwaysFlag()], rounds=3, seed=0)
    assert [pair.refusal for pair in found.pairs] == [None, "Picky plays on Sundays: come back", None]


def test_progress_of_a_tournament_stays_within_its_total_while_thresholds_are_set():
    heard = []
    detectors = [Moments(clean=33), AlwaysFlag()]
    tournament(
        STATIC, CLWEBackdoor(k=4), detectors, rounds=8, progress=lambda done, total: heard.append((done, total)), seed=0
    )
    assert all(0 <= done <= total for done, total in heard)
    assert heard[-1][0] == heard[-1][1]
