"""`backdoor-game solve` with --play, --figure and --curve: beside the summary, never instead of a refusal."""

import json
import pathlib

import pytest

from backdoor_game import verify
from backdoor_game.cli import value_curve
from backdoor_game.exact.solving import curve, solution

GAME = ["--functions", "Thresholds(points=10)", "--distribution", "Uniform()"]


def test_play_stands_below_the_summary_and_in_the_json_under_its_own_key(run):
    plain, told = run("solve", *GAME, "--epsilon", "1/5").out, run("solve", *GAME, "--epsilon", "1/5", "--play").out
    assert told.startswith(plain.rstrip("\n") + "\n\noptimal play, one of perhaps many: f\n")
    assert "plants by trigger" in told
    bare = json.loads(run("solve", *GAME, "--epsilon", "1/5", "--json").out)
    found = json.loads(run("solve", *GAME, "--epsilon", "1/5", "--json", "--play").out)
    play = found.pop("play")
    assert found == bare
    assert sum(one["weight"] for one in play["functions"]) == pytest.approx(1)
    assert play["functions_in_all"] == 11


def test_play_stands_beside_strategies_that_are_weighed(run):
    told = run("solve", *GAME, "--epsilon", "1/5", "--play", "--defender", "CoinFlip()", "--seed", "1").out
    assert told.index("gap ") < told.index("exploitability") < told.index("optimal play, one")


def test_a_picture_is_written_without_tables_and_named(run):
    told = run("solve", *GAME, "--epsilon", "1/5", "--figure", "seen/play.png").out
    assert told.endswith("\nwrote seen/play.png\n")
    assert "optimal play, one" not in told
    assert pathlib.Path("seen/play.png").read_bytes()[:4] == b"\x89PNG"
    again = run("solve", *GAME, "--epsilon", "1/5", "--figure", "seen/play.png")
    assert (again.status, again.out) == (2, "")
    assert "figure 'seen/play.png' is there already" in again.err
    over = run("solve", *GAME, "--epsilon", "1/5", "--figure", "seen/play.png", "--overwrite", "--json")
    assert json.loads(over.out)["files"] == ["seen/play.png"]


def test_the_curve_is_printed_with_its_fractions_and_drawn(run):
    told = run("solve", *GAME, "--curve", "--exact", "--from", "1/10", "--to", "0.5", "--figure", "curve.svg").out
    rows = [line.split() for line in told.splitlines()[2:7]]
    assert [row[0] for row in rows] == ["1/10", "1/5", "3/10", "2/5", "1/2"]
    assert [row[2] for row in rows] == ["10/11", "5/6", "31/40", "11/15", "2/3"]
    assert told.endswith("wrote curve.svg\n")
    assert "<svg" in pathlib.Path("curve.svg").read_text()
    found = json.loads(run("solve", *GAME, "--curve", "--json").out)
    assert [step["text"] for step in found["steps"]][:3] == ["0", "1/10", "1/5"]
    assert "files" not in found
    assert found["breakpoints"] == 10


def test_what_was_saved_comes_out_again(run):
    saved = json.loads(run("solve", *GAME, "--epsilon", "1/5", "--json", "--play").out)
    assert verify(saved).same
    saved["play"]["functions"][0]["weight"] += 0.25
    assert [one.field for one in verify(saved).differences] == ["play.functions[0].weight"]
    drawn = json.loads(run("solve", *GAME, "--curve", "--exact", "--to", "1/5", "--json", "--figure", "c.png").out)
    assert verify(drawn).kind == "value curve"
    assert verify(drawn).same
    drawn["steps"][1]["fraction"] = "1/2"
    assert [one.field for one in verify(drawn).differences] == ["steps[1].fraction"]


CURVE = [*GAME, "--curve"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([*CURVE, "--epsilon", "1/5"], "--epsilon does not go with --curve: a curve takes every epsilon"),
        ([*CURVE, "--defender", "CoinFlip()"], "--defender does not go with --curve: strategies are weighed at one"),
        ([*CURVE, "--attacker", "NoAttack()"], "--attacker does not go with --curve"),
        ([*CURVE, "--play"], "--play does not go with --curve: play is shown at one epsilon"),
        ([*CURVE, "--steps", "9"], "--steps does not go with --curve: a curve is that of one D"),
        ([*CURVE, "--certify"], "--certify does not go with --curve: a curve is that of one D"),
        ([*CURVE, "--time-limit", "9"], "--time-limit does not go with --curve: it is for --certify"),
        ([*CURVE, "--tolerance", "small"], "tolerance must be a finite number, got 'small'"),
        ([*CURVE, "--tolerance", "2"], "tolerance must lie in [1e-09, 1], got '2'"),
        ([*CURVE, "--seed", "9"], "--seed does not go with --curve: nothing is drawn for a curve"),
        (
            ["--functions", "Thresholds(points=4)", "--curve"],
            "a curve is that of one D: pass for example --distribution",
        ),
        ([*GAME, "--epsilon", "1/5", "--from", "0"], "--from is for --curve: name one --epsilon, or add --curve"),
        ([*GAME, "--epsilon", "1/5", "--to", "0"], "--to is for --curve"),
        ([*CURVE, "--from", "1/2", "--to", "1/5"], "low must be at most high, got 0.5 and 0.2"),
        ([*CURVE, "--from", "-1/2"], "low must lie in [0, 1], got '-1/2'"),
        ([*CURVE, "--figure", "curve.pdf"], "figure must be a file that ends in .png or .svg, got 'curve.pdf'"),
        ([*CURVE, "--overwrite"], "--overwrite is for --figure's FILE: name one, or leave it out"),
        (
            [
                "--functions",
                "Thresholds(points=50)",
                "--distribution",
                "Uniform()",
                "--epsilon",
                "1/50",
                "--figure",
                "x.png",
            ],
            "optimal play is drawn on at most 40 points, and D has 50",
        ),
        (
            ["--functions", "Intervals(points=63)", "--distribution", "Uniform()", "--curve"],
            "48 of the 63 breakpoints have more than 10000000 legal triples (f, f*, x), up to 104,622,336",
        ),
    ],
)
def test_what_does_not_go_together_is_refused_before_the_work(run, words, message, monkeypatch):
    monkeypatch.setattr(curve, "solve", None)
    monkeypatch.setattr(solution, "optimum", None)
    answer = run("solve", *words)
    assert (answer.status, answer.out) == (2, "")
    assert message in answer.err
    assert answer.err.count("\n") == 1
    assert list(pathlib.Path().iterdir()) == []


def test_ctrl_c_in_the_middle_of_a_curve_leaves_nothing(run, monkeypatch):
    real, asked = curve.solve, []

    def pressed(game, **how):
        asked.append(game.epsilon)
        if len(asked) == 3:
            raise KeyboardInterrupt
        return real(game, **how)

    monkeypatch.setattr(curve, "solve", pressed)
    answer = run("solve", *CURVE, "--figure", "curve.png")
    assert (answer.status, answer.out) == (130, "")
    assert "interrupted; nothing was written" in answer.err
    assert list(pathlib.Path().iterdir()) == []


def test_a_picture_that_cannot_be_drawn_loses_no_number(run, monkeypatch):
    def fails(self):
        raise RuntimeError("no ink")

    monkeypatch.setattr("backdoor_game.figures.saving._drawn", fails)
    monkeypatch.setattr("backdoor_game.figures.saving.check_drawing", lambda: None)
    answer = run("solve", *CURVE, "--to", "1/10", "--figure", "curve.png")
    assert answer.status == 2
    assert "0.909091" in answer.out
    assert "the results above are whole, but figure curve.png cannot be drawn: RuntimeError: no ink" in answer.err


def test_every_option_that_is_refused_beside_the_curve_is_one_of_the_command(run):
    told = run("solve", "--help").out
    assert all(f"--{name}" in told for name in value_curve.ALONE)
