"""``curve``: a table, a figure and the points of a swept parameter."""

import json
import re

import pytest

from backdoor_game.bounds import shattering_bound
from backdoor_game.cli.matches import plan
from backdoor_game.cli.parsing import Parser
from backdoor_game.ground.statistics import line_level
from backdoor_game.matches.sweeping import read

from .running import PLAYERS

EPSILON = ("curve", "--sweep", "epsilon=1/8,1/16,0.25", "--functions", "AllFunctions(points=8)", *PLAYERS)
FAST = ("--rounds", "400", "--seed", "2", "--quiet")


def numbers(source):
    return [value.number for value in read(source).values]


def test_a_sweep_lists_numbers_fractions_and_powers_in_increasing_order():
    assert read("epsilon=1/8, 2^-4,0.1").name == "epsilon"
    assert numbers("epsilon=1/8, 2^-4,0.1,1/8") == [0.0625, 0.1, 0.125]
    assert [value.text for value in read("e=1/8,2^-4,0.1").values] == ["1/16", "0.1", "1/8"]


def test_a_sweep_has_ranges():
    assert numbers("n=10:50:5") == [10, 20, 30, 40, 50]
    assert [value.text for value in read("n=10:50:5").values] == ["10", "20", "30", "40", "50"]
    assert numbers("e=0:1:3,2^-3..2^-1") == [0, 0.125, 0.25, 0.5, 1]
    assert numbers("n=2^3..2^1") == [2, 4, 8]


def test_a_curve_leaves_figure_and_points_and_prints_a_table(run, tmp_path):
    answer = run(*EPSILON, *FAST)
    assert answer.status == 0
    assert answer.err == ""
    folder = tmp_path / "results" / "curve"
    assert sorted(path.name for path in folder.iterdir()) == ["curve.json", "curve.png", "curve.svg"]
    points = json.loads((folder / "curve.json").read_text())["points"]
    assert [point["text"] for point in points] == ["1/16", "1/8", "0.25"]
    rows = [line.split() for line in answer.out.splitlines() if "CoinFlip()" in line]
    assert [row[0] for row in rows] == ["1/16", "1/8", "0.25"]
    assert [float(row[2]) for row in rows] == pytest.approx([p["estimate"]["win_rate"] for p in points], abs=1e-3)
    assert "simultaneous 99% intervals" in answer.out


def test_a_curve_shows_the_baseline_and_exact_play_and_marks_who_hardly_plants(run):
    """Thresholds on N points at 1/N are worth N/(N + 1), and so is the best reply to NearestLegal's 2 N plants."""
    words = ("curve", "--sweep", "n=8,800", "--functions", "Thresholds(points={n})", "--distribution", "Uniform()")
    words = (*words, "--epsilon", "1/{n}", "--attacker", "NearestLegal()", "--defender", "AlwaysClean()", *FAST)
    told = run(*words).out
    lines = [line.split() for line in told.splitlines()]
    names = ("n", "defender", "rate", "low", "high", "blind", "best", "value", "given", "forfeits", "illegal")
    cells = [cell.strip() for cell in told.splitlines()[2].split("  ") if cell]
    small = dict(zip(names, cells, strict=True))
    assert lines[0][-9:] == ["blind", "best", "reply", "value", "given", "a", "plant", "forfeits", "illegal"]
    assert small["blind"] == small["rate"]
    assert re.fullmatch(r"0\.5000 \[0\.\d{4}, 0\.\d{4}\]", small["given"])  # with an interval of its own
    assert float(small["best"]) == float(small["value"]) == pytest.approx(8 / 9, abs=1e-4)
    assert lines[3][:2] == ["800", "*"]  # 2 plants of 800 triggers
    assert lines[3][7:9] == ["-", "-"]  # too large to solve
    starred = "* plants in under 1% of the rounds: what is won against it is won by its forfeits"
    assert f"\n{starred}\nnote on 2 of 2 lines, " in told


def test_json_is_one_object_and_names_the_files(run, tmp_path):
    answer = run(*EPSILON, *FAST, "--json", "--output", "here")
    found = json.loads(answer.out)
    assert answer.out.count("\n") == 1
    assert sorted(found["files"]) == ["here/curve.json", "here/curve.png", "here/curve.svg"]
    written = json.loads((tmp_path / "here" / "curve.json").read_text())
    assert {**written, "files": found["files"]} == found


def test_every_point_is_what_estimate_says_at_the_simultaneous_level(run):
    point = json.loads(run(*EPSILON, *FAST, "--json").out)["points"][0]["estimate"]
    assert point["level"] == pytest.approx(0.99 ** (1 / 3))
    words = ("estimate", "--functions", "AllFunctions(points=8)", *PLAYERS, "--epsilon", "1/16", *FAST, "--json")
    assert json.loads(run(*words, "--level", repr(point["level"])).out) == point


def test_any_spec_may_hold_the_swept_parameter(run):
    words = ("curve", "--sweep", "n=4,8", "--functions", "AllFunctions(points={n})", "--epsilon", "1/{n}", *PLAYERS)
    found = json.loads(run(*words, *FAST, "--json").out)
    games = [point["estimate"]["spec"]["game"] for point in found["points"]]
    assert games == [f"BackdoorGame(functions=AllFunctions(points={n}), epsilon={1 / n})" for n in (4, 8)]


def test_several_defenders_share_a_figure_and_one_family_of_intervals(run):
    found = json.loads(run(*EPSILON, "--defender", "AlwaysFlag()", *FAST, "--json").out)
    assert [point["defender"] for point in found["points"]] == ["CoinFlip()"] * 3 + ["AlwaysFlag()"] * 3
    assert found["points"][0]["estimate"]["level"] == pytest.approx(1 - (1 - 0.99 ** (1 / 3)) / 2)


def test_intervals_over_one_game_are_joined_by_bonferroni_and_over_several_by_sidak():
    assert line_level(["a", "b", "c"], 0.99) == pytest.approx(0.99 ** (1 / 3))
    assert line_level(["a", "a", "a", "a"], 0.99) == pytest.approx(1 - 0.01 / 4)


def theory_of(run_words):
    from backdoor_game.cli import curve
    from backdoor_game.cli.sweeping import fill
    from backdoor_game.matches.drawing import theory

    parser = curve.parser()
    assert isinstance(parser, Parser)
    options = parser.read(run_words[1:])
    sweep = read(options.sweep)
    return theory(sweep, plan(fill(options, sweep), rounds=1, seed=0), log_x=options.log_x)


def test_the_shattering_curve_is_drawn_with_its_break_where_the_attacker_picks_the_distribution():
    (line,) = theory_of(EPSILON)
    assert line.label == "no defender guarantees more (d = 8)"
    assert sum(y != y for y in line.y) == 1
    for x, y in zip(line.x, line.y, strict=True):
        if y == y and x != 0.125:
            assert y == shattering_bound(8, x)
    at_the_jump = [y for x, y in zip(line.x, line.y, strict=True) if x == 0.125 and y == y]
    assert set(at_the_jump) == {1 - 7 / 16, 0.5}


def test_the_voting_guarantee_is_drawn_where_it_is_proved_and_says_something():
    words = ("--functions", "Thresholds(points=50)", "--distribution", "Uniform()", "--attacker", "NearestLegal()")
    defenders = ("--defender", "DistillationEnsemble()", "--defender", "CoinFlip()")
    (line,) = theory_of(("curve", "--sweep", "epsilon=1/256,1/4", *words, *defenders))
    assert line.like == "DistillationEnsemble()"
    assert 0.9 < line.y[0] < 1
    assert line.y[1] != line.y[1]


LATE = """
import dataclasses
from backdoor_game import Defender

@dataclasses.dataclass(frozen=True)
class Late(Defender):
    def suspicion(self, view, rng):
        return 1 / int(rng.integers(400)) if view.game.epsilon > 0.2 else 0.0
"""


def test_who_breaks_down_late_costs_its_own_points_and_the_rest_is_printed_and_kept(run, tmp_path):
    (tmp_path / "late.py").write_text(LATE)
    words = (
        "curve",
        "--sweep",
        "epsilon=1/8,1/4",
        "--functions",
        "AllFunctions(points=8)",
        "--attacker",
        "Shattered()",
    )
    words += ("--defender", "CoinFlip()", "--rounds", "3000", "--seed", "1", "--quiet", "--json")
    whole = json.loads(run(*words).out)
    answer = run(*words, "--defender", "late.py:Late()", "--output", "other")
    assert answer.status == 2
    assert answer.err.startswith(
        "backdoor-game curve: the curve is incomplete, 1 of 4 points are missing: late.py:Late"
    )
    assert len(answer.err.splitlines()) == 1
    kept = json.loads((tmp_path / "other" / "curve.json").read_text())
    assert kept == {key: value for key, value in json.loads(answer.out).items() if key != "files"}
    there = [(point["text"], point["defender"]) for point in kept["points"]]
    assert there == [("1/8", "CoinFlip()"), ("1/4", "CoinFlip()"), ("1/8", "late.py:Late()")]
    assert whole["failures"] == []
    assert (tmp_path / "other" / "curve.png").exists()


def test_the_same_curve_overwrites_itself_and_another_one_is_refused_before_play(run, tmp_path):
    words = (
        "curve",
        "--sweep",
        "epsilon=1/8,1/4",
        "--functions",
        "AllFunctions(points=8)",
        "--attacker",
        "Shattered()",
    )
    words += ("--defender", "CoinFlip()", "--rounds", "30", "--quiet")
    assert [run(*words, "--seed", "1").status for _ in range(2)] == [0, 0]
    for other in (("--seed", "2"), ("--seed", "1", "--rounds", "31"), ("--seed", "1", "--level", "0.9")):
        answer = run(*words, *other)
        assert answer.status == 2
        assert answer.err.startswith(
            "backdoor-game curve: output 'results/curve' holds another run's results in curve.json"
        )
        assert len(answer.err.splitlines()) == 1
    assert run(*words, "--seed", "2", "--overwrite").status == 0
