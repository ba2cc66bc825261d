"""What verdicts are made of: rates with their intervals, bounds on misses, and where guide lines begin."""

from __future__ import annotations

import dataclasses

import pytest

from backdoor_game import (
    BackdoorGame,
    CoinFlip,
    NearestLegal,
    NoAttack,
    Thresholds,
    Uniform,
    bounds,
    estimate,
    figures,
)
from backdoor_game.experiments import theorem_6_1
from backdoor_game.experiments.shared.base import Settings
from backdoor_game.experiments.shared.cells import measure, missed, planted, point, rate_interval
from backdoor_game.experiments.theorem_5_1 import experiment as theorem_5_1
from backdoor_game.games.measuring.together import Match
from backdoor_game.ground.statistics import clopper_pearson

GAME = BackdoorGame(Thresholds(points=10), 0.2, Uniform())


def test_several_intervals_of_one_estimate_share_the_level_of_its_line():
    """Two estimates at once at .99 have .99^(1/2) each; three intervals of either have a third of what is left over."""
    matches = [Match(GAME, NearestLegal(), CoinFlip(), 500)] * 2
    alone, shared = (measure(matches, Settings(), each=each)[0] for each in (1, 3))
    assert alone.level == pytest.approx(0.99**0.5, abs=1e-15)
    assert shared.level == pytest.approx((1 - 0.01 / 3) ** 0.5, abs=1e-15)
    assert 3 * (1 - shared.level) <= 1 - alone.level
    assert shared.scores == alone.scores


def test_alarms_and_misses_have_the_interval_that_measure_was_told_of():
    found = estimate(GAME, NearestLegal(), CoinFlip(), rounds=500, seed=3, level=0.97)
    assert rate_interval(found, found.false_alarms) == clopper_pearson(found.false_alarms, 500, 0.97)
    assert 0 < planted(found) == 1 - found.forfeits / 500
    assert missed(found) + found.detections == 500


def test_a_cell_keeps_what_looking_at_nothing_wins_and_how_often_the_attacker_gives_up():
    """Who never plants leaves all to always-clean; NearestLegal half of the rounds with a plant."""
    matches = [Match(GAME, attacker, CoinFlip(), 400) for attacker in (NoAttack(), NearestLegal())]
    idle, near = (point(match, found) for match, found in zip(matches, measure(matches, Settings()), strict=True))
    assert (idle["blind"], idle["forfeit_share"], idle["illegal_share"], idle["rarely_plants"]) == (1, 1, 0, True)
    assert near["forfeit_share"] == near["forfeits"] / 400 < 1
    assert near["blind"] == pytest.approx((1 + near["forfeits"] / 400) / 2)
    assert near["blind_low"] < near["blind"] < near["blind_high"]
    assert (near["blind_player"], near["rarely_plants"]) == ("AlwaysClean", False)


def test_a_cell_of_a_small_game_holds_what_optimal_play_wins_and_the_rate_given_a_plant():
    """Thresholds on N points at k/N are worth N/(N + k); coins win half with a plant, and 3/4 without."""
    matches = [Match(GAME, attacker, CoinFlip(), 400) for attacker in (NoAttack(), NearestLegal())]
    idle, near = (point(match, found) for match, found in zip(matches, measure(matches, Settings()), strict=True))
    assert (idle["best_reply"], idle["win_rate_exact"], idle["win_rate_given_plant"]) == (1, 0.75, None)
    assert near["value"] == pytest.approx(10 / 12, abs=1e-9)
    assert near["worst_case"] <= near["value"] <= near["best_reply"]
    low, high = near["given_plant_interval"]
    assert low <= 0.5 <= high
    assert low < near["win_rate_given_plant"] < high


def learned(found):
    """A cell at n = 16 where every round has a plant, and what was found there."""
    one = next(one for one in theorem_5_1.cells(Settings()) if one.n == 16)
    return one, dataclasses.replace(found, forfeits=0, illegal=0)


def verdict(found, start):
    one, found = learned(found)
    told = theorem_5_1._verdicts([(one, found)], dict.fromkeys(theorem_5_1.EXPONENTS, 0.0))
    return next(verdict for verdict in told if verdict.claim.startswith(start))


def test_an_attacker_that_hardly_plants_has_a_star_in_an_experiment_s_table_and_no_other_has_one():
    """`NoAttack` never plants; `NearestLegal` does in over a third of the rounds."""
    never, often = (estimate(GAME, one, CoinFlip(), rounds=100, seed=1) for one in (NoAttack(), NearestLegal()))
    one, other = theorem_6_1.lines()[:2]
    table = theorem_6_1._table({one: never, other: often})
    assert [row[2] for row in table.rows] == [f"{one.who} *", other.who]
    assert table.title.endswith("; * plants in under 1% of the rounds: what is won against it is won by its forfeits")
    assert "*" not in theorem_6_1._table({other: often}).title


def test_misses_have_a_verdict_of_their_own_that_can_fail_and_says_where_it_speaks():
    """d/(m + 1) + 1 - q is 16/129 + 1 - (511/512)^128 = 0.345 at n = 16."""
    one = next(one for one in theorem_5_1.cells(Settings()) if one.n == 16)
    assert theorem_5_1._missing(one) == pytest.approx(16 / 129 + 1 - (511 / 512) ** 128, abs=1e-12)
    assert bounds.single_bound(16, 1 / 512, 128) == pytest.approx(1 - (16 / 129 + theorem_5_1._missing(one)) / 2)
    found = estimate(GAME, NearestLegal(), CoinFlip(), rounds=1000, seed=3)
    for misses, holds in ((0, True), (345, True), (600, False)):
        told = verdict(dataclasses.replace(found, detections=1000 - misses), "where plants are commoner")
        assert told.holds == holds
        assert "over 1: conjunctions, nearest" in told.measured
    rare = dataclasses.replace(found, detections=1000, forfeits=990, false_alarms=0)
    told = theorem_5_1._verdicts([(one, rare)], dict.fromkeys(theorem_5_1.EXPONENTS, 0.0))
    assert not told[2].holds  # no cell in which it could fail is no success


@pytest.mark.parametrize(("module", "looked_at"), [(theorem_5_1, 4), (theorem_6_1, 3)])
def test_an_experiment_says_at_how_many_intervals_its_verdicts_look(module, looked_at, monkeypatch):
    """The win rate's, and as many of rates a round as its verdicts ask for."""
    asked = set()
    monkeypatch.setattr(module, "rate_interval", lambda found, count: asked.add(count) or rate_interval(found, count))
    found = estimate(GAME, NearestLegal(), CoinFlip(), rounds=1000, seed=3)
    if module is theorem_5_1:
        verdict(found, "no interval of the learner")
    else:
        line = next(line for line in module.lines() if line.covered and line.who == "GraftPath")
        module._verdicts({line: found})
    assert len(asked) == looked_at - 1
    assert looked_at == module.LOOKED_AT


def test_the_covered_lines_say_how_many_of_them_have_plants_and_how_many_plants():
    found = estimate(GAME, NearestLegal(), CoinFlip(), rounds=1000, seed=3)
    lines = [line for line in theorem_6_1.lines() if line.covered and line.who == "GraftPath"][:3]
    rounds = [dataclasses.replace(found, forfeits=forfeits, illegal=0) for forfeits in (1000, 750, 100)]
    told = theorem_6_1._verdicts(dict(zip(lines, rounds, strict=True)))[1]
    assert told.measured.endswith("over 3; plants on 2 of them, in 0.25 to 0.9 of rounds")


def test_guide_lines_begin_at_the_first_point(monkeypatch):
    seen = {}
    monkeypatch.setattr(figures, "loglog_figure", lambda series, lines, **_: seen.update(series=series, lines=lines))
    monkeypatch.setattr(figures, "save", lambda *_: ())
    timed = [one for one in theorem_5_1.cells(Settings()) if one.attack != "shattered set" and one.n >= 32]
    theorem_5_1._draw_times({one: 1e-3 * one.n for one in timed}, "")
    for series, line, power in zip(seen["series"], seen["lines"], (2, 3), strict=True):
        assert line.label == f"n^{power}"
        assert list(line.y) == pytest.approx([32 * (n / 32) ** power for n in (32, 64, 128, 256)])
        assert next(iter(series.y)) == pytest.approx(line.y[0])


def test_points_of_theorem_6_1_stand_where_they_were_measured(monkeypatch):
    seen = []
    monkeypatch.setattr(figures, "curve_figure", lambda *_, **options: seen.append(options))
    monkeypatch.setattr(figures, "save", lambda *_: ())
    line = theorem_6_1.lines()[0]
    found = estimate(GAME, NearestLegal(), CoinFlip(), rounds=100, seed=0)
    theorem_6_1._draw(line.delta, line.law, {line: found}, "")
    assert seen[0]["dodge"] is False
