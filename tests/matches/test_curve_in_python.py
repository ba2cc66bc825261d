"""`curve` in Python: fields, specs in braces and functions name the same games; the command is thin over it."""

import dataclasses
import json

import numpy as np
import pytest

from backdoor_game import BackdoorGame, InvalidArgument, curve, estimate
from backdoor_game.cli import main
from backdoor_game.functions import AllFunctions, Thresholds
from backdoor_game.ground.files import json_text
from backdoor_game.ground.spec import text
from backdoor_game.ground.statistics import simultaneous_level
from backdoor_game.players.attackers import NearestLegal, Shattered
from backdoor_game.players.defenders import AlwaysFlag, CoinFlip, DistillationEnsemble, NeighbourVote
from backdoor_game.spaces.distributions import Uniform

GAME = BackdoorGame(AllFunctions(points=8), 1 / 8)
FAST = {"rounds": 200, "seed": 2}


def points(found):
    return json.loads(json_text(found.to_dict()))["points"]


def test_a_field_of_the_game_is_swept_and_every_point_is_what_estimate_says():
    found = curve(GAME, Shattered(), [CoinFlip(), AlwaysFlag()], over={"epsilon": ["1/8", 1 / 16]}, **FAST)
    assert [value.number for value in found.sweep.values] == [1 / 16, 1 / 8]
    assert list(found.estimates) == ["CoinFlip()", "AlwaysFlag()"]
    for place, epsilon in enumerate((1 / 16, 1 / 8)):
        one = found.estimates["CoinFlip()"][place]
        game = dataclasses.replace(GAME, epsilon=epsilon)
        alone = estimate(game, Shattered(), CoinFlip(), **FAST)
        assert (one.win_rate, one.seed, one.spec) == (alone.win_rate, 2, alone.spec)
        # Sidak over two games, Bonferroni over the two defenders of each
        assert one.level == pytest.approx(1 - (1 - simultaneous_level(0.99, 2)) / 2)


def test_the_command_prints_and_saves_what_the_function_returns(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    words = [
        "curve",
        "--sweep",
        "epsilon=1/16,1/8",
        "--functions",
        "AllFunctions(points=8)",
        "--attacker",
        "Shattered()",
    ]
    assert main([*words, "--defender", "CoinFlip()", "--rounds", "200", "--seed", "2", "--quiet"]) == 0
    out = capsys.readouterr().out
    found = curve(GAME, "Shattered()", "CoinFlip()", over={"epsilon": "1/16,1/8"}, **FAST)
    assert out.startswith(f"{found}\nwrote ")
    assert json.loads((tmp_path / "results/curve/curve.json").read_text()) == json.loads(json_text(found.to_dict()))
    assert len(repr(found)) < 120


def test_fields_braces_and_functions_name_the_same_games():
    line = BackdoorGame(Thresholds(points=10), 1 / 10, Uniform())
    ways = [
        curve(line, NearestLegal(), NeighbourVote(), over={"functions.points": [10, np.int64(20)]}, **FAST),
        curve(line, NearestLegal(), NeighbourVote(), over={"game.functions.points": "10:20:2"}, **FAST),
        curve(
            "BackdoorGame(Thresholds(points={n}), 1/10, Uniform())",
            "NearestLegal()",
            "NeighbourVote()",
            over={"n": [20, 10]},
            **FAST,
        ),
        curve(
            lambda n: BackdoorGame(Thresholds(points=n), 1 / 10, Uniform()),
            NearestLegal(),
            NeighbourVote(),
            over={"n": ["10", 20.0]},
            **FAST,
        ),
    ]
    specs = [[one["estimate"]["spec"] for one in points(found)] for found in ways]
    assert specs[0] == specs[1] == specs[2] == specs[3]
    assert "Finite(count=20)" in specs[0][1]["game"]
    rates = [[one["estimate"]["win_rate"] for one in points(found)] for found in ways]
    assert rates[0] == rates[1] == rates[2] == rates[3]


def test_a_player_s_field_is_swept_for_every_defender_that_is_named():
    found = curve(GAME, Shattered(), DistillationEnsemble(), over={"defender.members": [3, 5]}, **FAST)
    assert list(found.estimates) == ["DistillationEnsemble"]
    assert [one["estimate"]["spec"]["defender"] for one in points(found)] == [
        text(DistillationEnsemble(members=m)) for m in (3, 5)
    ]


def test_a_frame_has_the_parameter_as_a_column_and_a_picture_has_a_point_for_each_row():
    found = curve(GAME, Shattered(), [CoinFlip(), AlwaysFlag()], over={"epsilon": ["1/8", "1/16", "1/4"]}, **FAST)
    frame = found.to_frame()
    assert frame["epsilon"].tolist() == [1 / 16, 1 / 8, 1 / 4] * 2
    assert frame["win_rate"].tolist() == [one["estimate"]["win_rate"] for one in points(found)]
    axes = found.plot()
    drawn = {container.get_label(): container[0].get_ydata().tolist() for container in axes.containers}
    assert drawn == {label: [one.win_rate for one in series] for label, series in found.estimates.items()}
    # d = 8 and D open: the curve of shattering is drawn
    assert any("no defender guarantees more" in line.get_label() for line in axes.get_lines())
    assert "<td" in found._repr_html_()


@pytest.mark.parametrize(
    ("over", "said"),
    [
        ({}, "one parameter"),
        ({"epsilon": [0.1], "functions.points": [8]}, "one parameter"),
        ({"epsilon": []}, "must list values"),
        ({"epsilon": 0.1}, "must list values"),
        ({"functions.pints": [8]}, "did you mean 'points'"),
        ({"functions.points.count": [8]}, "it takes none"),
        ({"epsilon": ["none"]}, "sweep must list numbers"),
        ({"n n": [1]}, 'such as "epsilon"'),
        ({"attacker.k": [8]}, "Shattered has no parameter 'k'"),
    ],
)
def test_a_parameter_that_is_not_there_is_refused_in_one_sentence_before_any_round(over, said):
    with pytest.raises(InvalidArgument, match=said) as refused:
        curve(GAME, Shattered(), CoinFlip(), over=over)
    assert "\n" not in str(refused.value)


def test_a_picture_draws_the_scale_as_lines_that_say_where_they_are_exact():
    """Thresholds on N points at 2/N: the best reply to NearestLegal wins N/(N + 1), and the value is N/(N + 2)."""
    found = curve(
        lambda N: BackdoorGame(Thresholds(points=N), f"2/{N}", Uniform()),
        "NearestLegal()",
        "AlwaysClean()",
        over={"N": [8, 16]},
        rounds=200,
        seed=1,
    )
    for axes in (found.plot(), found.figure().axes[0]):
        drawn = {line.get_label(): list(line.get_ydata()) for line in axes.lines}
        assert drawn["best reply to this attacker (exact at the points)"] == pytest.approx([8 / 9, 16 / 17])
        assert drawn["value of the game (exact at the points)"] == pytest.approx([8 / 10, 16 / 18])
        blind = [one.scale.blind for one in found.estimates["AlwaysClean()"]]
        assert drawn["looks at nothing: the blind baseline"] == pytest.approx(blind)
