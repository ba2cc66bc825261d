"""`records=True`: what happened in each round, from which every count of the estimate follows."""

import dataclasses
import hashlib
import json

import numpy as np
import pytest

from backdoor_game import BackdoorGame, Defender, InvalidArgument, PuncturedHybrid, Replication, estimate, play
from backdoor_game.catalog import make
from backdoor_game.functions import AllFunctions, Thresholds
from backdoor_game.games import Game
from backdoor_game.games.measuring import recording
from backdoor_game.games.measuring.estimation import Measure
from backdoor_game.ground.files import json_text
from backdoor_game.planting.backdoors import ChecksumBackdoor
from backdoor_game.planting.datasets import GaussianLinear
from backdoor_game.planting.forgers import Copycat
from backdoor_game.planting.models import RandomFourierFeatures
from backdoor_game.players.attackers import NearestLegal, Shattered
from backdoor_game.players.defenders import CoinFlip, DistillationEnsemble, NeighbourVote
from backdoor_game.spaces.distributions import Uniform

LINE = BackdoorGame(Thresholds(points=16), 1 / 8, Uniform())
MODELS = "(RandomFourierFeatures(features=16, dimension=4), GaussianLinear(dimension=4))"


@dataclasses.dataclass(frozen=True)
class Greedy(Defender):
    """Goes over a budget of four examples in some rounds."""

    def suspicion(self, view, rng):
        view.examples(int(rng.integers(1, 9)))
        return float(rng.random())


def win_rate(records):
    """1/2 (1 - false-alarm rate) + 1/2 detection rate, an attack that is given up counting as detected."""
    alarms = records["flagged_clean"] | records["over_budget_clean"]
    caught = np.isin(records["status"], ["forfeit", "illegal"]) | records["flagged_planted"]
    return 0.5 * (1 - alarms.sum() / len(records)) + 0.5 * caught.sum() / len(records)


def scores(records):
    """A round's score by the definition: half for a clean branch that passes, half for a planted one that is caught."""
    passed = ~(records["flagged_clean"] | records["over_budget_clean"])
    given_up = np.isin(records["status"], ["forfeit", "illegal"])
    return (passed + (given_up | records["flagged_planted"]).astype(float)) / 2


@pytest.mark.parametrize(
    ("game", "attacker", "defender"),
    [
        (LINE, NearestLegal(), NeighbourVote()),
        (BackdoorGame(AllFunctions(points=8), 1 / 8), Shattered(), DistillationEnsemble(members=5)),
        (dataclasses.replace(LINE, defender_examples=4), NearestLegal(), Greedy()),
    ],
)
def test_every_count_of_the_estimate_follows_from_the_records(game, attacker, defender):
    found = estimate(game, attacker, defender, rounds=5000, seed=3, records=True)
    kept = found.records
    assert kept["round"].tolist() == list(range(5000))
    assert found.win_rate == win_rate(kept)
    planted = kept[kept["status"] == "planted"]
    assert found.win_rate_given_plant == pytest.approx(scores(planted).mean(), abs=1e-15)
    assert found.forfeits == (kept["status"] == "forfeit").sum()
    assert found.false_alarms == (kept["flagged_clean"] | kept["over_budget_clean"]).sum()
    assert found.defender_forfeits == kept["over_budget_clean"].sum() + kept["over_budget_planted"].sum()
    shown = kept["status"] == "planted"
    heard = shown & ~kept["over_budget_planted"]
    assert np.isnan(kept["suspicion_planted"]).tolist() == (~heard).tolist()


def test_the_literal_game_follows_from_the_coin():
    found = estimate(LINE, NearestLegal(), NeighbourVote(), rounds=3000, seed=3, records=True, literal=True)
    kept = found.records
    given_up = np.isin(kept["status"], ["forfeit", "illegal"])
    right = np.where(kept["coin"] == 1, given_up | kept["flagged_planted"], ~kept["flagged_clean"])
    assert found.win_rate == right.mean()


def test_the_trigger_and_the_codes_of_a_round_are_those_that_play_tells():
    found = estimate(LINE, NearestLegal(), NeighbourVote(), rounds=60, seed=3, records=True)
    functions, statuses = LINE.functions, set()
    for row in found.records[::7]:
        facts = play(LINE, NearestLegal(), NeighbourVote(), seed=3, round=int(row["round"])).facts
        assert facts["x_star"]["coordinates"] == row["x_star"].tolist()
        assert facts["f"]["code"] == row["f"].tolist()
        assert facts["status"] == row["status"]
        assert ("clean", "planted")[row["coin"]] == facts["calls"][0]["branch"]
        statuses.add(str(row["status"]))
        if facts["f_star"] is not None:
            assert facts["f_star"]["code"] == row["f_star"].tolist()
            labels = functions.evaluate(np.stack([row["f"], row["f_star"]]), np.stack([row["x_star"]] * 2)[:, None])
            assert labels[0, 0] != labels[1, 0]
    assert statuses == {"planted", "forfeit"}


def test_records_are_the_same_on_any_threads_and_change_no_other_number():
    runs = [
        estimate(LINE, NearestLegal(), NeighbourVote(), rounds=9000, seed=3, records=True, threads=t) for t in (1, 2)
    ]
    assert runs[0].records.tobytes() == runs[1].records.tobytes()
    without = estimate(LINE, NearestLegal(), NeighbourVote(), rounds=9000, seed=3)
    assert without.records is None
    assert runs[0] == without
    assert json_text(runs[0].to_dict()) == json_text(without.to_dict())
    assert "records" not in json.loads(json_text(without.to_dict()))
    assert not runs[0].records.flags.writeable


def test_an_adaptive_run_keeps_the_rounds_that_it_played():
    game = BackdoorGame(AllFunctions(points=8), 1 / 8)
    found = estimate(game, Shattered(), CoinFlip(), rounds=10**5, seed=1, half_width=0.05, records=True)
    assert len(found.records) == found.rounds < 10**5


def test_too_many_rounds_are_refused_before_they_are_played_with_the_number_that_would_do(monkeypatch):
    def never(*_):
        raise AssertionError("a round was played")

    monkeypatch.setattr(Measure, "of", never)
    with pytest.raises(InvalidArgument, match=r"at most 256 MiB are kept: play at most (\d+) rounds") as refused:
        estimate(LINE, NearestLegal(), NeighbourVote(), rounds=10**8, seed=1, records=True)
    assert "\n" not in str(refused.value)
    most = int(str(refused.value).split("at most ")[2].split()[0])
    assert most * 120 > recording.MOST > most * 40


@pytest.mark.parametrize("name", ["StaticDetection", "Activation"])
def test_a_game_about_models_keeps_digests_of_the_models_and_the_input_that_came_with_them(name):
    game = make(f"{name}{MODELS}", Game, "game")
    attacker = make("CLWEBackdoor(k=4)", game.attackers[0], "attacker")
    found = estimate(game, attacker, CoinFlip(), rounds=6, seed=1, records=True)
    kept = found.records
    assert len(set(kept["f"].tolist()) | set(kept["f_star"].tolist()) - {""}) == 6 + (kept["status"] == "planted").sum()
    assert ("x_star" in kept.dtype.names) == (name == "Activation")
    assert found.win_rate == win_rate(kept)
    from backdoor_game.games.base import Streams
    from backdoor_game.ground.streams import ROLES

    keys = {role: Streams(1, game).keys(role, range(6)) for role in ROLES}
    model = game.clean_branch(attacker.prepare(game.functions), keys, 2).model
    assert kept["f"][2] == hashlib.sha256(model.code.tobytes()).hexdigest()[:16]


def test_games_of_other_kinds_keep_what_they_show():
    hybrid = estimate(
        PuncturedHybrid(make("Circuits(bits=8, gates=1484)", object, "functions")),
        make("PuncturedPRFAttacker()", object, "attacker"),
        CoinFlip(),
        rounds=3,
        seed=1,
        records=True,
    )
    assert {"f", "f_star", "x_star"} <= set(hybrid.records.dtype.names)
    data, functions = GaussianLinear(dimension=8, train=20, test=10), RandomFourierFeatures(features=2, dimension=8)
    forging = Replication(functions, data, black_box=True, examples=2)
    kept = estimate(forging, ChecksumBackdoor(2), Copycat(), rounds=4, seed=1, records=True).records
    assert "f" not in kept.dtype.names
    assert len(set(kept["f_star"].tolist())) == 4
