"""A result is a function of (game, players, rounds, seed) and of nothing else."""

import dataclasses
import json
import os
import platform
import subprocess
import sys

import numpy as np
import pytest

import backdoor_game.games.measuring.estimation as estimation
from backdoor_game import (
    AllFunctions,
    AlwaysFlag,
    BackdoorGame,
    BlockDefender,
    BoltzmannResampling,
    CoinFlip,
    Defender,
    DistillationEnsemble,
    NearestLegal,
    NeighbourVote,
    RandomLegal,
    Shattered,
    Thresholds,
    Uniform,
    Weighted,
    estimate,
)
from backdoor_game.ground.streams import draws, role_keys

GAME = BackdoorGame(Thresholds(points=8), 0.25, Weighted([0.1, 0.2, 0.1, 0.1, 0.1, 0.1, 0.1, 0.2]))
PLAYERS = [
    (BackdoorGame(AllFunctions(points=8), 0.125), Shattered(), DistillationEnsemble(members=9)),
    (GAME, NearestLegal(), BoltzmannResampling(draws=3)),
    (GAME, RandomLegal(), NeighbourVote()),
    (BackdoorGame(AllFunctions(points=8), 0.125, Uniform()), RandomLegal(), CoinFlip()),
]


@dataclasses.dataclass(frozen=True)
class Recorder(BlockDefender):
    """Keeps what it was shown, and draws `noise` words and examples to disturb whatever could be disturbed."""

    noise: int = 0

    def suspicion_block(self, view):
        draws(view.keys, 0, self.noise + 1)
        if self.noise:
            view.sample(self.noise).X  # noqa: B018
        SEEN.append((view.codes.copy(), view.X.copy()))
        return np.zeros(len(view))


@dataclasses.dataclass(frozen=True)
class RareLabel(Defender):
    """A one-round defender that uses its generator and its examples."""

    m: int = 6

    def suspicion(self, view, rng):
        X, y = view.examples(self.m)
        more, _ = view.examples(int(rng.integers(1, 4)))
        return float(np.mean(y != view.f(view.x[None])[0])) * (0.5 + 0.5 * float(len(more) > 1))


SEEN: list = []


@pytest.mark.parametrize(("game", "attacker", "defender"), PLAYERS)
def test_the_block_size_changes_no_number(game, attacker, defender, monkeypatch):
    whole = estimate(game, attacker, defender, rounds=5000, seed=3)
    monkeypatch.setattr(estimation, "BLOCK", 617)
    assert estimate(game, attacker, defender, rounds=5000, seed=3) == whole


def test_the_block_size_changes_no_number_of_a_one_round_defender(monkeypatch):
    whole = estimate(GAME, NearestLegal(), RareLabel(), rounds=600, seed=3)
    for size in (1, 7, 599):
        monkeypatch.setattr(estimation, "BLOCK", size)
        assert estimate(GAME, NearestLegal(), RareLabel(), rounds=600, seed=3) == whole


@pytest.mark.parametrize(("game", "attacker", "defender"), PLAYERS)
def test_threads_change_no_number(game, attacker, defender):
    alone = estimate(game, attacker, defender, rounds=13_000, seed=3, threads=1)
    assert estimate(game, attacker, defender, rounds=13_000, seed=3, threads=4) == alone


def test_the_first_thousand_rounds_of_two_thousand_are_the_thousand_rounds():
    for role in ("trigger", "oracle/1"):
        longer = role_keys(5, "game", role, 0, 2000)
        assert (role_keys(5, "game", role, 0, 1000) == longer[:1000]).all()
        assert (role_keys(5, "game", role, 999, 500) == longer[999:1499]).all()


def test_roles_seeds_and_games_have_streams_of_their_own():
    keys = {
        (seed, game, role): role_keys(seed, game, role, 0, 4).tobytes()
        for seed in (0, 1, -1)
        for game in ("a", "b")
        for role in ("trigger", "fresh")
    }
    assert len(set(keys.values())) == len(keys)


def test_swapping_defenders_keeps_the_triggers():
    shown = []
    for noise in (0, 5):
        SEEN.clear()
        estimate(GAME, NearestLegal(), Recorder(noise=noise), rounds=4000, seed=9, threads=1)
        shown.append([(codes.tobytes(), X.tobytes()) for codes, X in SEEN])
    assert shown[0] == shown[1]
    assert len(shown[0]) == 2


def test_another_seed_gives_other_rounds():
    first = estimate(GAME, RandomLegal(), CoinFlip(), rounds=2000, seed=1)
    assert first.detections != estimate(GAME, RandomLegal(), CoinFlip(), rounds=2000, seed=2).detections


COMMAND = [
    sys.executable, "-m", "backdoor_game.cli", "estimate", "--functions", "Thresholds(points=6)", "--distribution",
    "Uniform()", "--epsilon", "1/6", "--attacker", "RandomLegal()", "--seed", "1", "--json", "--quiet",
]  # fmt: skip


def told(defender, rounds, **environment):
    run = subprocess.run(
        [*COMMAND, "--defender", defender, "--rounds", str(rounds)],
        capture_output=True, env={**os.environ, **environment}, check=True,
    )  # fmt: skip
    return run.stdout


def test_the_json_is_the_same_byte_for_byte_on_one_thread_and_two():
    one, two = (told("DistillationEnsemble()", 20_000, NUMBA_NUM_THREADS=n) for n in "12")
    assert one == two
    assert json.loads(one)["rounds"] == 20_000


@pytest.mark.parametrize(
    "defender",
    [
        "DistillationEnsemble(members=5)",
        "DistillationEnsemble(learner=OneInclusion(), members=3)",
        "BoltzmannResampling()",
    ],
)
def test_the_json_is_the_same_byte_for_byte_without_the_compiler(defender):
    assert told(defender, 60, NUMBA_DISABLE_JIT="1") == told(defender, 60)


def test_a_flag_costs_nothing_on_a_forfeit():
    found = estimate(
        BackdoorGame(Thresholds(points=8), 0.0, Uniform()), NearestLegal(), AlwaysFlag(), rounds=500, seed=0
    )
    assert found.forfeits == found.detections == 500
    assert found.win_rate == 0.5
    assert found.win_rate_given_plant is None
    assert found.auroc is None


def test_a_result_names_what_its_last_digits_may_depend_on():
    found = estimate(GAME, NearestLegal(), CoinFlip(), rounds=5, seed=0).versions
    assert set(found) == {"backdoor-game", "numpy", "numba", "scipy", "python", "processor", "blas"}
    assert found["processor"].split()[0] == platform.machine()
    assert found["blas"].split()[-1] == np.show_config(mode="dicts")["Build Dependencies"]["blas"]["version"]
