"""The experiments end in verdicts that hold, files that open, and points that say what they are."""

import dataclasses
import json
import math
import pathlib
from fractions import Fraction

import pytest

from backdoor_game import bounds, exploitability
from backdoor_game.experiments import EXPERIMENTS, shallow_circuits
from backdoor_game.experiments import price_of_efficiency as price
from backdoor_game.experiments.shared.base import Settings, Table, Verdict, reproduce
from backdoor_game.games.measuring.score_interval import score_interval
from backdoor_game.ground.statistics import clopper_pearson, loglog_slope, simultaneous_level
from tests.experiments.test_planting import PLANTING

LOOKED_AT = {"theorem-5.1": 4, "theorem-6.1": 3, "attacker-budget": 2}  # intervals of an estimate that verdicts read
PARTS = [name for name in EXPERIMENTS if name != "theorem-4.1" and name not in PLANTING]
EXACT = ["atlas", "exact-values", "extremal-classes", "price-of-efficiency", "price-of-information", "tightness"]
EXPLORATIONS = ["shallow-circuits"]
TIMED = "time grows"  # of theorem-5.1: a fact about the machine, never a test
MEASURED = [name for name in PARTS if name not in EXACT]


@pytest.fixture(scope="module")
def reports(tmp_path_factory):
    folder = tmp_path_factory.mktemp("results")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shallow_circuits, "QUICK", shallow_circuits.QUICK[:2])  # an exploration: nothing is claimed
        return {name: reproduce(name, Settings(output=str(folder))) for name in PARTS}


@pytest.mark.parametrize("name", PARTS)
def test_every_claim_of_a_quick_run_holds(reports, name):
    others = [verdict for verdict in reports[name].verdicts if not verdict.claim.startswith(TIMED)]
    assert all(verdict.holds for verdict in others), reports[name].text()
    assert len(reports[name].verdicts) >= 2 or name in EXPLORATIONS


def test_an_exploration_says_that_it_gives_no_verdict_and_shows_who_plants_and_how_the_walks_mix(reports):
    (report,) = [reports[name] for name in EXPLORATIONS]
    assert report.verdicts == ()
    assert "exploration" in report.title
    assert "Exploration: no claim, no verdict" in report.text()
    assert "Verdicts" not in report.text()
    cells = report.points["cells"]
    assert len(cells) == 2 * 7
    coin = [cell for cell in cells if cell["defender"] == "CoinFlip()"]
    assert all(cell["low"] < 0.5 < cell["high"] and cell["plant_rate"] > 0.9 for cell in coin)
    assert all(0 < one["acceptance"] <= 1 and one["distance"]["rhat"] >= 1 for one in report.points["walks"].values())


@pytest.mark.parametrize("name", PARTS)
def test_a_report_leaves_png_svg_and_json(reports, name):
    endings = [pathlib.Path(path).suffix for path in reports[name].files]
    assert {".png", ".svg", ".json"} <= set(endings)
    assert endings.count(".png") == endings.count(".svg")
    for path in map(pathlib.Path, reports[name].files):
        head = path.read_bytes()[:200]
        assert head.startswith({".png": b"\x89PNG", ".svg": b"<?xml", ".json": b"{"}[path.suffix])


def cells(reports, name):
    points = json.loads(pathlib.Path(reports[name].files[-1]).read_text())["points"]
    return [point for group in points.values() if isinstance(group, list) for point in group]


@pytest.mark.parametrize("name", MEASURED)
def test_the_intervals_in_the_json_are_simultaneous_over_all_lines(reports, name):
    found = cells(reports, name)
    level = simultaneous_level(1 - 0.01 / LOOKED_AT.get(name, 1), len(found))
    for point in found:
        assert point["level"] == pytest.approx(level, abs=1e-15)
        assert point["undecided"] == 0
        assert (point["low"], point["high"]) == score_interval(*point["scores"], point["level"])
        right = 2 * point["rounds"] - point["false_alarms"] - (point["rounds"] - point["detections"])
        assert point["scores"][1] + 2 * point["scores"][2] == right
        assert point["illegal"] == 0


def test_exact_values_are_fractions_between_their_guarantees(reports):
    found = cells(reports, "exact-values")
    assert len({point["functions"] for point in found}) == 8
    for point in found:
        value, epsilon = point["uniform"], Fraction(point["epsilon"])
        assert value["lower"] - 1e-9 <= value["value"] <= value["upper"] + 1e-9
        assert point["constant"] == pytest.approx((1 - value["value"]) / (point["d"] * float(epsilon)))
    known = {(point["functions"], point["epsilon"]): point["uniform"]["fraction"] for point in found}
    assert known["Conjunctions(bits=4)", "1/8"] == "17/21"
    assert known["Singletons(points=16)", "1/16"] == "16/17"
    assert known["AllFunctions(points=6)", "1/6"] == "1/2"


def test_the_density_formula_stands_beside_the_solver_at_one_over_n(reports):
    found = [point for point in cells(reports, "exact-values") if point["density"] is not None]
    assert len(found) == 7
    for point in found:
        assert float(Fraction(point["density"])) == pytest.approx(point["uniform"]["value"], abs=1e-6)
        assert point["uniform"]["fraction"] in (None, point["density"])


def test_a_larger_budget_ends_at_the_worst_attacker(reports):
    points = json.loads(pathlib.Path(reports["price-of-efficiency"].files[-1]).read_text())["points"]
    exploits = {name: exploitability(price.SEARCHED, price.DEFENDERS[name], seed=0).value for name in price.CLIMBED}
    most = max(point["budget"] for point in points["search"])
    for point in points["search"]:
        assert point["exploitability"] <= exploits[point["defender"]] + 1e-9
        if point["budget"] == most:
            assert point["exploitability"] == pytest.approx(exploits[point["defender"]], abs=0.01)
    assert {point["how"] for point in points["exploitability"]} == {"closed form"}


def test_the_lower_bound_grid_has_both_sides_of_one_over_d(reports):
    products = {round(p["d"] * p["epsilon"], 6) for p in cells(reports, "theorem-4.1-lower")}
    assert min(products) < 1
    assert 1.0 in products
    assert max(products) > 1
    assert len({p["defender"].split("(")[0] for p in cells(reports, "theorem-4.1-lower")}) >= 6


def test_the_slopes_are_those_of_the_points_over_the_six_epsilons(reports):
    points = [p for p in cells(reports, "theorem-4.1-upper") if p["attacker"] == "HiddenTile()"]
    by_members = {}
    for p in points:
        by_members.setdefault(p["members"], []).append(p)
    assert sorted(by_members) == [1, 63]
    for members, (low, high) in {1: (0.4, 0.6), 63: (0.9, 1.1)}.items():
        chosen = by_members[members]
        assert sorted(p["epsilon"] for p in chosen) == [2.0**-k for k in range(10, 4, -1)]
        assert low <= loglog_slope([p["epsilon"] for p in chosen], [1 - p["win_rate"] for p in chosen]) <= high


def test_the_hard_pair_loses_what_its_closed_form_says(reports):
    """Thresholds on half the mass, tiles on the other: e(x) of the closure learner is a power of a length."""
    for p in cells(reports, "theorem-4.1-upper"):
        if p["attacker"] != "HiddenTile()":
            continue
        m, T, eps = p["examples"], p["members"], p["epsilon"]
        needed = 1 if T == 1 else bounds.votes_needed(T, bounds.voting_threshold(eps, m))

        def flagged(e, T=T, needed=needed):
            return math.fsum(math.comb(T, k) * e**k * (1 - e) ** (T - k) for k in range(needed, T + 1))

        steps = 4096
        # A threshold t and an input x = t + j err unless an example falls among the j + 1 points between them.
        weights = [(steps - j) / (steps * (steps + 1)) for j in range(steps)]
        alarms = math.fsum(w * flagged((1 - (j + 1) / (2 * steps)) ** m) for j, w in enumerate(weights)) / 2
        misses = 0.5 * (1 - flagged((1 - eps) ** m))
        low_a, high_a = clopper_pearson(p["false_alarms"], p["rounds"], 1 - 1e-5)
        low_m, high_m = clopper_pearson(p["rounds"] - p["detections"], p["rounds"], 1 - 1e-5)
        assert low_a <= alarms <= high_a
        assert low_m <= misses <= high_m


def test_a_leaf_s_mass_is_tried_on_both_sides_of_its_two_thresholds_by_attackers_that_can_move(reports):
    """False alarms stay under delta everywhere, and 1 - delta is won wherever epsilon < (delta/s)^2."""
    points = cells(reports, "theorem-6.1")
    assert {p["attacker"].split("(")[0] for p in points} == {"GraftPath", "DeepestLegal", "HillClimbAttacker"}
    for delta in {p["delta"] for p in points}:
        mine = [p for p in points if p["delta"] == delta]
        ratios = {p["epsilon"] / (delta / 16) for p in mine}
        assert min(ratios) < delta / 16 < max(r for r in ratios if r < 1) < 1 <= sorted(ratios)[-2] < max(ratios)
    for p in points:
        assert p["plant_rate"] == 1 - p["forfeits"] / p["rounds"]
        assert p["plant_rate"] >= 0.2 or not p["attacker"].startswith("GraftPath")
        assert p["false_alarms"] <= p["delta"] * p["rounds"]
        assert p["win_rate"] >= 1 - p["delta"] or p["epsilon"] >= (p["delta"] / 16) ** 2
        # On uniform bits a leaf of mass above epsilon / 2 is planted, which passes from epsilon = 2 delta/s on.
        if p["attacker"].startswith("GraftPath") and "Uniform" in p["distribution"] and p["epsilon"] >= p["delta"] / 8:
            assert p["low"] <= 0.5 <= p["high"]
    text = pathlib.Path(reports["theorem-6.1"].files[-1]).read_text()
    assert "microseconds" not in text
    assert "microseconds" in reports["theorem-6.1"].text()


def test_a_failing_claim_makes_the_report_fail(reports):
    report = reports["theorem-4.1-phase"]
    worse = dataclasses.replace(report, verdicts=(*report.verdicts, Verdict("x", "1", "0", False)))
    assert not worse.holds
    assert "FAILS" in worse.text()


def test_tables_are_printed_with_their_titles():
    table = Table("a title", ("a", "b"), (("1", "2"),))
    report = dataclasses.replace(reproduce_nothing(), tables=(table,))
    assert "a title" in report.text()


def reproduce_nothing():
    from backdoor_game.experiments.shared.base import Report

    return Report("none", "Nothing", (), (), {})


def test_what_trying_keys_learns_is_what_the_number_of_keys_says(reports):
    """q random keys hold the right one with probability 1 - (1 - 1/K)^q, and are right half of the time without it."""
    points = [p for p in cells(reports, "theorem-5.3") if "RandomSearch" in p["defender"]]
    assert len(points) >= 5
    for p in points:
        q, K = p["keys_queried"], 512
        expected = 0.5 + (1 - (1 - 1 / K) ** q) / 2
        low, high = clopper_pearson(p["rounds"] - p["false_alarms"], p["rounds"], 1 - 1e-3)
        assert low <= expected <= high
        assert low <= p["accuracy_bound"]


def test_attackers_of_efficient_defenders_move_and_results_carry_no_timing(reports):
    points = cells(reports, "theorem-5.1")
    assert {p["n"] for p in points} == {8, 16, 32, 64, 128, 256}
    for p in points:
        assert 0 < p["plants"] == pytest.approx(1 - p["forfeits"] / p["rounds"])
        # On n points of mass epsilon, or n rare bits, at most n epsilon of the mass can be flipped.
        if "Parities" in p["functions"]:
            assert clopper_pearson(p["rounds"] - p["forfeits"], p["rounds"], 1 - 1e-4)[0] <= 1 / 32
    text = pathlib.Path(reports["theorem-5.1"].files[-1]).read_text()
    assert "second" not in text


def test_searches_cover_every_key_length_and_everybody_else_stays_at_chance(reports):
    points = json.loads(pathlib.Path(reports["theorem-5.2"].files[-1]).read_text())["points"]
    tried = {(p["attacker"], p["share"]): p for p in points["searches"]}
    kappas = {f"PuncturedPRFAttacker(key_bits={k})" for k in range(9, 17)}
    assert set(tried) == {(attacker, 2.0**-j) for attacker in kappas for j in range(4)}
    for (_, share), p in tried.items():
        assert p["exact_advantage"] == share
        assert 2 * p["low"] - 1 <= share <= 2 * p["high"] - 1
    assert all(p["low"] <= 0.5 <= p["high"] and p["high"] - p["low"] <= 0.04 for p in points["polynomial"])
    assert len({p["defender"].split("(")[0] for p in points["polynomial"]}) == 5
    rates = [p["win_rate"] for p in points["rewriting"]]
    assert points["identity"][0]["low"] >= 0.99 > rates[-1] > 0.5
    assert all(p["forfeits"] == 0 for group in points.values() for p in group)
