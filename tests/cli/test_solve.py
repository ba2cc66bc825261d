"""`backdoor-game solve`: values as they are stated, fractions, strategies weighed, and what is refused."""

import json

import pytest

GAME = ["--functions", "Thresholds(points=10)", "--distribution", "Uniform()", "--epsilon"]
WEIGHTS = "Weighted([0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.3])"


@pytest.mark.parametrize(
    ("functions", "distribution", "epsilon", "value"),
    [
        ("Thresholds(points=10)", "Uniform()", "0.2", 5 / 6),
        ("Thresholds(points=10)", "Uniform()", "0.1", 10 / 11),
        ("Intervals(points=32)", "Uniform()", "2/32", 0.883212),
        ("AllFunctions(points=8)", WEIGHTS, "0.1", 0.65),
        ("Conjunctions(bits=4)", "Uniform()", "1/8", 0.809524),
        ("Thresholds(points=3)", "Uniform()", "1/3", 0.75),
    ],
)
def test_the_value_is_printed_with_a_gap_that_is_proved(run, functions, distribution, epsilon, value):
    game = ("--functions", functions, "--distribution", distribution, "--epsilon", epsilon)
    found = json.loads(run("solve", *game, "--json").out)
    assert found["value"] == pytest.approx(value, abs=5e-7)
    assert 0 <= found["gap"] < 1e-6
    assert found["status"] == "enumerated"
    assert found["attacker"] == "OptimalAttacker()"


def test_exact_prints_fractions(run):
    assert "5/6" in run("solve", *GAME, "2/10", "--exact").out
    conjunctions = ["--functions", "Conjunctions(bits=4)", "--distribution", "Uniform()", "--epsilon", "1/8"]
    assert json.loads(run("solve", *conjunctions, "--exact", "--json").out)["fraction"] == "17/21"


def test_strategies_are_weighed_beside_the_value(run):
    strategies = ["--defender", "CoinFlip()", "--defender", "OptimalDefender()", "--attacker", "NoAttack()"]
    found = json.loads(run("solve", *GAME, "1/5", *strategies, "--json", "--quiet").out)["exploitability"]
    assert set(found) == {"CoinFlip()", "OptimalDefender()", "NoAttack()"}
    assert found["NoAttack()"]["value"] == pytest.approx(1 - 5 / 6)
    assert found["OptimalDefender()"]["value"] == pytest.approx(0, abs=1e-9)
    assert "closed form" in run("solve", *GAME, "1/5", *strategies, "--quiet").out


def test_strategies_stand_beside_what_looking_at_nothing_wins(run):
    """NoAttack always gives up: always-clean wins all. Against a coin the worst attacker plants where it can."""
    strategies = ["--attacker", "NoAttack()", "--defender", "AlwaysClean()"]
    game = ["--functions", "AllFunctions(points=4)", "--distribution", "Uniform()", "--epsilon", "1/4"]
    found = json.loads(run("solve", *game, *strategies, "--json", "--quiet").out)["exploitability"]
    assert found["NoAttack()"]["blind"] == 1
    assert found["AlwaysClean()"]["blind"] == found["AlwaysClean()"]["win_rate"] == 0.5
    assert " blind " in run("solve", *game, *strategies, "--quiet").out


def test_a_value_over_all_d_is_said_to_be_at_most_and_never_to_be_won_at_least(run):
    words = ("--functions", "AllFunctions(points=4)", "--epsilon", "0.15", "--steps", "3")
    told = run("solve", *words).out
    assert "value over all D          at most 0.775000" in told  # 1 - 3 * .15 / 2, the bound of Theorem 4.1
    assert "at least" not in told
    fixed = run("solve", *GAME, "1/5").out
    assert "defender wins at least" in fixed
    assert "over all D" not in fixed
    assert json.loads(run("solve", *GAME, "1/5", "--json").out)["at_most"] is False


OPEN = ("--functions", "Intervals(points=4)", "--epsilon", "0.3")  # 43/70 over all D, theory/minimax.py


def test_a_certificate_prints_an_interval_with_its_label_and_tolerance(run):
    told = run("solve", *OPEN, "--certify").out
    assert "value over all D          in [0.614285, 0.614286]" in told
    assert "status                    certified (floating point), tolerance 1e-09" in told
    assert "at least" not in told
    found = json.loads(run("solve", *OPEN, "--certify", "--json").out)
    assert found["lower"] <= 43 / 70 <= found["upper"] + 1e-12
    assert "seed" not in found
    assert not {"certified_tolerance", "time_limit"} & set(json.loads(run("solve", *GAME, "1/5", "--json").out))


def test_a_certificate_whose_time_is_over_is_a_wider_interval(run):
    assert "in [0.500000, 0." in run("solve", *OPEN, "--certify", "--time-limit", "1e-9").out


def test_without_a_distribution_one_is_searched_for_and_called_heuristic(run):
    words = ("--functions", "AllFunctions(points=4)", "--epsilon", "0.15", "--steps", "3", "--json")
    found = json.loads(run("solve", *words).out)
    assert found["status"] == "heuristic"
    assert found["at_most"] is True
    assert found["value"] == pytest.approx(1 - 3 * 0.15 / 2)
    assert found["attacker"].startswith("OptimalAttacker(law=Weighted(")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([*GAME, "1.2"], "epsilon must lie in [0, 1], got '1.2'"),
        ([*GAME, "0.2", "--certify"], "certify=True searches every D, and this game fixes its own"),
        ([*OPEN, "--time-limit", "5"], "time_limit is for certify=True, got '5' without it"),
        (["--functions", "Intervals(points=200)", "--epsilon", "0.2", "--certify"], "20101 functions on 200 points"),
        ([*GAME, "0.2", "--tolerance", "0"], "tolerance must lie in [1e-09, 1], got '0'"),
        ([*GAME, "0.2", "--steps", "9"], "--steps is for the search of a D: leave --distribution or --steps out"),
        ([*GAME, "0.2", "--defender", "CoinFlop()"], "did you mean 'CoinFlip'?"),
        ([*GAME, "0.2", "--rounds", "0", "--defender", "CoinFlip()"], "rounds must be at least 1, got 0"),
        ([*GAME, "0.2", "--defender-examples", "3"], "unknown argument '--defender-examples'"),
        (["--functions", "Thresholds()", "--distribution", "UnitCube()", "--epsilon", "0.2"], "no list of at most"),
        (["--functions", "AllFunctions(points=4)", "--epsilon", "0.2", "--defender", "CoinFlip()"], "under a fixed D"),
        (
            ["--functions", "AllFunctions(points=16)", "--distribution", "Uniform()", "--epsilon", "0.2"],
            "65536 different functions, and at most 32768 fit",
        ),
        (
            ["--functions", "AllFunctions(points=13)", "--distribution", "Uniform()", "--epsilon", "6/13"],
            "legal triples (f, f*, x), and at most 10000000 fit",
        ),
    ],
)
def test_what_cannot_be_solved_is_refused_in_one_sentence(run, words, message):
    answer = run("solve", *words)
    assert (answer.status, answer.out) == (2, "")
    assert message in answer.err
    assert answer.err.count("\n") == 1
