"""``play`` in every variant: law, offer, pick and trace are told, and add up to what `estimate` counts."""

import hashlib
import json

import numpy as np
import pytest

LINE = ("--functions", "Thresholds(points=6)", "--distribution", "Uniform()", "--epsilon", "1/3", "--seed", "5")
PLAYERS = ("--attacker", "RandomLegal()", "--defender", "AlwaysFlag()")
VARIANTS = {
    "before": ("--trigger", "BeforeOriginal()"),
    "chosen": ("--trigger", "Chosen()"),
    "worst of 3": ("--trigger", "WorstOf(draws=3)", "--clean-input", "trigger"),
    "satisfying": ("--trigger", "Satisfying(OneOf([2, 4]))", "--reveal", "Coins()"),
    "paired": ("--clean-input", "trigger", "--reveal", "Original(bits=7)"),
    "transcript": ("--trigger", "BeforeOriginal()", "--reveal", "AttackerTranscript()"),
}
ROUNDS = 12
OUTSIDER = '''
from dataclasses import dataclass
import numpy as np
from backdoor_game import RandomLegal

@dataclass(frozen=True)
class Outsider(RandomLegal):
    """Picks the point 0, whatever the law leaves to it."""

    def pick_block(self, view):
        return np.zeros((len(view), 1), dtype=np.int64)
'''


def stories(run, variant, *players):
    words = ("play", *LINE, *(players or PLAYERS), *VARIANTS[variant], "--json")
    return [json.loads(run(*words, "--round", str(number)).out) for number in range(ROUNDS)]


def text(run, variant, number=0):
    return run("play", *LINE, *PLAYERS, *VARIANTS[variant], "--round", str(number)).out


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_stories_of_all_rounds_add_up_to_the_estimate(run, variant):
    told = stories(run, variant)
    words = ("estimate", *LINE, *PLAYERS, *VARIANTS[variant], "--rounds", str(ROUNDS), "--json", "--quiet")
    counted = json.loads(run(*words).out)
    calls = {branch: [c for s in told for c in s["calls"] if c["branch"] == branch] for branch in ("clean", "planted")}
    assert counted["forfeits"] == sum(story["status"] == "forfeit" for story in told) < ROUNDS
    assert counted["illegal"] == 0
    assert counted["false_alarms"] == sum(not call["right"] for call in calls["clean"])
    assert counted["detections"] == sum(call["right"] for call in calls["planted"])
    assert counted["attacker_evaluations_per_round"] == pytest.approx(
        sum(story["attacker_evaluations"] for story in told) / ROUNDS
    )


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_story_tells_the_fields_of_the_variant_and_no_others(run, variant):
    flags = dict(zip(VARIANTS[variant][::2], VARIANTS[variant][1::2], strict=True))
    for story in stories(run, variant):
        assert {"--trigger", "--clean-input", "--reveal"} & {"--" + name.replace("_", "-") for name in story} == {
            *flags
        }
        assert ("offered" in story) == ("--trigger" in flags)
        assert ("trace" in story) == ("--reveal" in flags)
        assert ("picked" in story) == (variant in ("chosen", "worst of 3", "satisfying"))


def test_the_plain_story_has_none_of_it(run):
    told = json.loads(run("play", *LINE, *PLAYERS, "--json").out)
    assert not {"trigger", "clean_input", "reveal", "offered", "offers", "picked", "trace"} & set(told)
    assert "of which the attacker has no say" in run("play", *LINE, *PLAYERS).out


def test_what_is_picked_is_one_of_the_offer_and_what_is_planted_at(run):
    for story in stories(run, "worst of 3"):
        assert len(story["offered"]) == story["offers"] == 3
        assert story["picked"] in story["offered"]
        assert story["x_star"] == story["picked"]
        for call in story["calls"]:  # the clean input is the trigger
            assert not call["shown"] or call["x"] == story["x_star"]
    assert {story["picked"]["index"] for story in stories(run, "satisfying")} == {2, 4}
    (offer,) = [line for line in text(run, "worst of 3").splitlines() if line.startswith("2.")]
    first = stories(run, "worst of 3")[0]
    listed = ", ".join(str(one["index"]) for one in first["offered"])
    assert f"WorstOf(draws=3) one of {listed}: x* = {first['x_star']['index']}." in offer


def test_what_is_seen_before_f_is_told_before_f(run):
    first = stories(run, "before")[0]
    assert first["offered"] == [first["x_star"]]
    seen, law = (line for line in text(run, "before").splitlines() if line[:2] in ("1.", "2."))
    assert seen.endswith(f", sees the trigger {first['x_star']['index']} and picks f.")
    assert law == f"2. The trigger, by BeforeOriginal(): x* = {first['x_star']['index']}."


def test_the_trace_is_the_hash_of_f_in_both_branches(run):
    for number, story in enumerate(stories(run, "paired")):
        table = np.packbits(np.array([*map(int, story["f"]["labels"])], dtype=np.uint8)).tobytes()
        digest = np.unpackbits(np.frombuffer(hashlib.sha256(table).digest(), dtype=np.uint8))[:7]
        assert story["trace"] == digest.tolist()
        row = "".join(map(str, story["trace"]))
        assert f"In both it is shown Original(bits=7) of the attacker's run: {row}." in text(run, "paired", number)
        assert "(f, x*) = " in text(run, "paired", number)


def test_a_transcript_is_told_as_its_entries(run):
    for story in stories(run, "transcript"):
        assert story["trace"] == [["offered", [story["x_star"]["coordinates"]]], ["chose", story["f"]["code"]]]
    assert all(len(story["trace"]) == 3 for story in stories(run, "satisfying"))


def test_a_pick_that_the_law_does_not_admit_is_told_as_the_forfeit_that_it_is(run, tmp_path):
    (tmp_path / "outsider.py").write_text(OUTSIDER)
    players = ("--attacker", "outsider.py:Outsider()", "--defender", "AlwaysFlag()")
    for story in stories(run, "satisfying", *players):
        assert (story["picked"]["index"], story["pick_is_admitted"], story["status"]) == (0, False, "illegal")
    told = run("play", *LINE, *players, *VARIANTS["satisfying"]).out
    assert "What it picked, 0, is not admitted: the round is its forfeit; another x* stands in." in told


def test_a_pick_over_budget_is_told_as_the_forfeit_that_it_is(run):
    words = (*LINE, *PLAYERS, "--trigger", "Satisfying(OneOf([2], cost=9))", "--attacker-evaluations", "8")
    story = json.loads(run("play", *words, "--json").out)
    assert (story["picked"], story["pick_is_admitted"], story["status"]) == (None, False, "forfeit")
    assert "It goes over its budget while it picks: the round is its forfeit" in run("play", *words).out
