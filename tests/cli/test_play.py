"""``play``: the story of a round agrees with itself and with what `estimate` counts."""

import itertools
import json

import pytest

from .running import GAME, PLAYERS

LINE = ("--functions", "Thresholds(points=20)", "--distribution", "Uniform()", "--epsilon", "1/5")
SETTINGS = {
    "shattered": (*GAME, "--attacker", "Shattered()", "--defender", "DistillationEnsemble()"),
    "forfeits": (*GAME, "--epsilon", "1/10", "--attacker", "Shattered()", "--defender", "CoinFlip()"),
    "nearest": (*LINE, "--attacker", "NearestLegal()", "--defender", "NeighbourVote()"),
    "none": (*LINE, "--attacker", "NoAttack()", "--defender", "AlwaysFlag()"),
    "far": (*GAME, "--distribution", "Uniform()", "--attacker", "mine.py:Far()", "--defender", "mine.py:Mine()"),
}
ROUNDS = 12


def stories(run, setting, *more):
    words = (*SETTINGS[setting], "--seed", "5", "--json", *more)
    return [json.loads(run("play", *words, "--round", str(number)).out) for number in range(ROUNDS)]


@pytest.mark.parametrize("setting", SETTINGS)
def test_the_stories_of_all_rounds_add_up_to_the_estimate(run, mine, setting):
    told = stories(run, setting)
    words = (*SETTINGS[setting], "--seed", "5", "--rounds", str(ROUNDS), "--json", "--quiet")
    counted = json.loads(run("estimate", *words).out)
    calls = {branch: [c for s in told for c in s["calls"] if c["branch"] == branch] for branch in ("clean", "planted")}
    assert counted["forfeits"] == sum(story["status"] == "forfeit" for story in told)
    assert counted["illegal"] == sum(story["status"] == "illegal" for story in told)
    assert counted["false_alarms"] == sum(not call["right"] for call in calls["clean"])
    assert counted["detections"] == sum(call["right"] for call in calls["planted"])
    used = sum(call.get("examples", 0) for branch in calls.values() for call in branch)
    assert counted["examples_per_round"] == pytest.approx(used / ROUNDS)


@pytest.mark.parametrize("setting", ["shattered", "forfeits", "nearest"])
def test_what_is_told_of_a_legal_plant_follows_from_the_labels(run, mine, setting):
    epsilon = {"shattered": 1 / 8, "forfeits": 1 / 10, "nearest": 1 / 5}[setting]
    planted = [story for story in stories(run, setting) if story["status"] == "planted"]
    assert planted
    for story in planted:
        f, f_star, place = story["f"]["labels"], story["f_star"]["labels"], story["x_star"]["index"]
        assert f[place] == str(story["f_at_x_star"])
        assert f_star[place] == str(story["f_star_at_x_star"]) != f[place]
        assert story["distance_is_exact"]
        assert story["distance"] <= epsilon + 1e-12
        if "Uniform" in story["distribution"]:
            differ = sum(a != b for a, b in zip(f, f_star, strict=True))
            assert story["distance"] == pytest.approx(differ / len(f))


def test_each_call_shows_the_pair_of_its_branch(run):
    for story in stories(run, "shattered"):
        for call in story["calls"]:
            if call["branch"] == "planted":
                assert call["f"] == story["f_star"]
                assert call["x"] == story["x_star"]
            else:
                assert call["f"] == story["f"]
            assert call["f"]["labels"][call["x"]["index"]] == str(call["label"])
            flagged = call["suspicion"] >= story["threshold"]
            assert call["answer"] == ("backdoored" if flagged else "clean")
            assert call["right"] == (flagged == (call["branch"] == "planted"))


def test_the_first_call_alone_decides_the_literal_game(run):
    told = stories(run, "shattered")
    assert all(story["defender_wins"] == story["calls"][0]["right"] for story in told)
    words = (*SETTINGS["shattered"], "--seed", "5", "--rounds", str(ROUNDS), "--literal", "--json", "--quiet")
    literal = json.loads(run("estimate", *words).out)
    assert literal["win_rate"] == pytest.approx(sum(story["defender_wins"] for story in told) / ROUNDS)


def test_swapping_the_defender_changes_neither_the_attack_nor_the_coin(run):
    words = ("play", *GAME, *PLAYERS, "--seed", "5", "--json")
    first, second = (json.loads(run(*words, "--defender", f"{name}()").out) for name in ("CoinFlip", "AlwaysFlag"))
    for key in ("f", "f_star", "x_star", "status"):
        assert first[key] == second[key]
    assert [call["branch"] for call in first["calls"]] == [call["branch"] for call in second["calls"]]


def test_a_caret_stands_under_the_trigger_and_under_each_input(run):
    words = ("play", *SETTINGS["shattered"], "--seed", "5", "--round", "3")
    story, lines = json.loads(run(*words, "--json").out), run(*words).out.splitlines()
    carets = [(above, below) for above, below in itertools.pairwise(lines) if below.strip() == "^"]
    places = [below.index("^") - above.rindex(" ") - 1 for above, below in carets]
    x_star = story["x_star"]["index"]
    assert places == [x_star, x_star, *(call["x"]["index"] for call in story["calls"])]


def test_the_narration_says_who_wins_and_why(run):
    for number in range(ROUNDS):
        words = ("play", *SETTINGS["forfeits"], "--seed", "5", "--round", str(number))
        story, text = json.loads(run(*words, "--json").out), run(*words).out
        assert ("the defender wins" if story["defender_wins"] else "the attacker wins") in text
        assert ("The attacker forfeits" in text) == (story["status"] == "forfeit")
        assert f"is right in {2 * story['score']:g} of 2" in text


def test_an_illegal_plant_is_told_as_such(run, mine):
    text = run("play", *SETTINGS["far"], "--seed", "0").out
    assert "Pr_D[f != f*] is 1, epsilon is 0.125: the plant is not legal" in text
    assert "it counts as detected" in text


def test_going_over_budget_is_told_once_for_each_call(run, mine):
    limits = ("--defender-examples", "9", "--seed", "0")
    words = ("play", *SETTINGS["shattered"], "--defender", f"{mine}:Mine(m=10)", *limits)
    text = run(*words).out
    assert text.count("That is over its budget: this branch is lost.") == 2
    assert "is right in 0 of 2" in text


def test_points_of_large_and_of_continuous_domains_are_told_by_their_numbers(run):
    words = ("--functions", "Thresholds(points=1000)", "--distribution", "Uniform()", "--epsilon", "1/10")
    text = run("play", *words, "--attacker", "NearestLegal()", "--defender", "CoinFlip()", "--seed", "0").out
    assert "has code [" in text
    assert "^" not in text
