"""Every public result: lines, one short line, a notebook's table, rows for a frame, and plain data, by one battery."""

import json

import pytest

import backdoor_game
from backdoor_game import (
    BackdoorGame,
    best_response,
    compare,
    curve,
    estimate,
    exploitability,
    mixing,
    one_inclusion_density,
    play,
    search_classes,
    solve,
    tournament,
    value_curve,
    verify,
)
from backdoor_game.cli import main
from backdoor_game.experiments.shared.base import Report, Table, Verdict
from backdoor_game.functions import Conjunctions, Singletons, Thresholds
from backdoor_game.ground.files import json_text
from backdoor_game.ground.results import Result
from backdoor_game.players.attackers import NearestLegal, RandomLegal
from backdoor_game.players.defenders import AlwaysClean, BoltzmannResampling, CoinFlip, NeighbourVote
from backdoor_game.spaces.distributions import Uniform
from backdoor_game.testing.batteries import check

from .test_results import read

LINE = BackdoorGame(Thresholds(points=8), 1 / 8, Uniform())
FAST = {"rounds": 100, "seed": 1}
ATTACKERS, DEFENDERS = [NearestLegal(), RandomLegal()], [CoinFlip(), AlwaysClean()]
WALKS = BackdoorGame(Conjunctions(bits=4), 1 / 8, Uniform())


def made():
    """One of each, by the name of its class."""
    measured = estimate(LINE, NearestLegal(), NeighbourVote(), **FAST)
    verdict = Verdict("a claim", "0.5", "1/2", True)
    results = [
        measured,
        measured.detection_rate,
        measured.scale,
        solve(LINE, exact=True),
        solve(LINE).optimal_play(),
        value_curve(LINE, high="1/2"),
        best_response(LINE, attacker=NearestLegal()),
        exploitability(LINE, NearestLegal()),
        tournament(LINE, ATTACKERS, DEFENDERS, **FAST),
        mixing(WALKS, BoltzmannResampling(steps=40), rounds=4, seed=1),
        one_inclusion_density(Singletons(points=6)),
        search_classes(1, 2, "1/2"),
        curve(LINE, NearestLegal(), DEFENDERS, over={"epsilon": ["1/8", "1/4"]}, **FAST),
        compare(LINE, NearestLegal(), DEFENDERS, **FAST),
        play(LINE, NearestLegal(), CoinFlip(), seed=1),
        verify(measured),
        check(CoinFlip()),
        Report("made-up", "A title", (Table("t", ("d",), (("8",),)),), (verdict,), {"d": [8]}),
    ]
    return {type(one).__name__: one for one in results}


@pytest.fixture(scope="module")
def results():
    return made()


NAMES = ["Estimate", "Interval", "Scale", "Solution", "BestResponse", "Exploitability", "TournamentResult", "Mixing"]
NAMES += [
    "OptimalPlay",
    "ValueCurve",
    "OneInclusionDensity",
    "ExtremalClass",
    "Curve",
    "Comparison",
    "Story",
    "Verification",
    "CheckReport",
    "Report",
]
PLOTTED = {"Estimate", "Curve", "Comparison", "TournamentResult", "OptimalPlay", "ValueCurve"}


def subclasses(base):
    return {base} | {deeper for one in base.__subclasses__() for deeper in subclasses(one)}


def test_the_battery_knows_every_result_of_the_package(results):
    for name in backdoor_game.PUBLIC:
        getattr(backdoor_game, name)
    known = {cls.__name__ for cls in subclasses(Result) if cls.__module__.startswith("backdoor_game.")}
    assert known - {"Result"} == set(NAMES) == set(results)


@pytest.mark.parametrize("name", NAMES)
def test_a_result_has_lines_and_one_short_line(results, name):
    one = results[name]
    assert str(one)
    assert not str(one).endswith("\n")
    if name not in ("TournamentResult", "CheckReport", "Story", "OptimalPlay"):  # as long as what they tell of
        assert len(str(one).splitlines()) < 20
    assert repr(one).startswith(f"{name}(")
    assert "\n" not in repr(one)
    assert len(repr(one)) < 250


@pytest.mark.parametrize("name", NAMES)
def test_a_result_is_a_small_table_in_a_notebook_and_rows_of_a_frame(results, name):
    one = results[name]
    reader = read(one._repr_html_())
    assert set(reader.tags) <= {"table", "tr", "td", "th", "caption", "pre"}
    assert reader.tags
    frame = one.to_frame()
    assert len(frame) == len(one.table()) >= (0 if name == "Verification" else 1)


@pytest.mark.parametrize("name", NAMES)
def test_a_result_is_plain_data(results, name):
    plain = results[name].to_dict()
    assert isinstance(json.loads(json_text(plain)), dict)


@pytest.mark.parametrize("name", NAMES)
def test_a_result_with_a_picture_draws_on_the_axes_that_it_is_given(results, name):
    from matplotlib.figure import Figure

    assert hasattr(results[name], "plot") == (name in PLOTTED)
    if name in PLOTTED:
        axes = Figure().add_subplot()
        assert results[name].plot(axes) is axes
        assert axes.has_data()
        results[name].plot().get_figure().canvas.draw()  # no pyplot, no window


def test_a_tournament_s_heat_map_holds_its_win_rates_and_the_command_prints_its_lines(results, capsys, tmp_path):
    found = results["TournamentResult"]
    words = ["--functions", "Thresholds(points=8)", "--distribution", "Uniform()", "--epsilon", "1/8", "--quiet"]
    words += [word for one in ATTACKERS for word in ("--attacker", repr(one))]
    words += [word for one in DEFENDERS for word in ("--defender", repr(one))]
    assert main(["tournament", *words, "--rounds", "100", "--seed", "1", "--output", str(tmp_path)]) == 0
    assert capsys.readouterr().out.startswith(f"{found}\n\nwrote ")
    (mesh,) = found.plot().collections
    rates = mesh.get_array().reshape(3, 2)[:2]
    rows = [
        [found.pair(a.player, d.player).estimate.win_rate for a in found.attacker_ranking]
        for d in found.defender_ranking
    ]
    assert rates.tolist() == rows


def test_numbers_in_lines_are_those_of_the_fields(results):
    assert f"{results['Solution'].value:.6f}" in str(results["Solution"])
    assert results["Solution"].fraction in repr(results["Solution"])
    assert "6/7 = 0.857143" in str(results["OneInclusionDensity"])
    assert "value=6/7" in repr(results["OneInclusionDensity"])
    assert f"{results['Exploitability'].win_rate:.6f}" in str(results["Exploitability"])
    report = results["CheckReport"]
    assert f"{len(report)} checks: " in repr(report)
    assert report.passed == all(one.status != "failed" for one in report)
    assert repr(results["Report"]) == "Report(made-up, 1 of 1 verdicts hold)"
    assert "a claim" in str(results["Report"])
