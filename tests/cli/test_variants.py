"""The game's variants on the command line: a flag for each field, and one sentence for what makes no sense."""

from __future__ import annotations

import json

import pytest

from backdoor_game import BackdoorGame, CoinFlip, NearestLegal, catalog, estimate
from backdoor_game.cli import main

PARTS = ("--functions", "Thresholds(points=6)", "--epsilon", "1/3", "--distribution", "Uniform()")
PLAYERS = ("--attacker", "NearestLegal()", "--defender", "CoinFlip()")
MATCH = ("estimate", *PARTS, *PLAYERS, "--rounds", "300", "--seed", "1", "--quiet")
VARIANT = ("--trigger", "BeforeOriginal()", "--clean-input", "trigger", "--reveal", "Original(bits=2)")
SAME = ("--trigger", "AfterOriginal()", "--clean-input", "fresh", "--reveal", "Original(bits=0)")
SPEC = "BackdoorGame(Thresholds(points=6), 1/3, Uniform(), {})".replace("1/3", repr(1 / 3))
SET = "trigger=BeforeOriginal(), clean_input='trigger', reveal=Original(bits=2)"


def test_each_field_is_a_flag_and_the_same_game_as_in_its_spec_and_in_python(run):
    flags = json.loads(run(*MATCH, *VARIANT, "--json").out)
    whole = run("estimate", "--game", SPEC.format(SET), *PLAYERS, "--rounds", "300", "--seed", "1", "--quiet", "--json")
    assert json.loads(whole.out) == flags
    game = BackdoorGame(
        "Thresholds(points=6)", "1/3", "Uniform()", trigger="BeforeOriginal()", clean_input="trigger",
        reveal="Original(bits=2)",
    )  # fmt: skip
    found = estimate(game, NearestLegal(), CoinFlip(), rounds=300, seed=1)
    assert found.win_rate == flags["win_rate"]
    assert SET in flags["spec"]["game"]


def test_at_their_defaults_the_flags_change_no_byte(run):
    assert run(*MATCH, *SAME, "--json").out == run(*MATCH, "--json").out


@pytest.mark.parametrize(("flags", "said"), [
    (("--trigger", "Chosen()"), "trigger=Chosen()"),
    (("--clean-input", "trigger"), "clean_input='trigger'"),
    (("--reveal", "Coins()"), "reveal=Coins()"),
])  # fmt: skip
def test_every_command_that_takes_a_game_by_parts_takes_each_flag_and_shows_it(run, flags, said):
    run_words = (*PARTS, *PLAYERS, "--rounds", "50", "--seed", "1", "--quiet", *flags)
    answers = [run(*MATCH, *flags), run("play", *PARTS, *PLAYERS, "--seed", "1", *flags)]
    answers += [run(command, *run_words, "--json") for command in ("compare", "tournament")]
    assert [(answer.status, answer.err) for answer in answers] == [(0, "")] * 4
    assert [said in answer.out for answer in answers] == [True] * 4


def test_a_law_s_parameter_is_swept(run, tmp_path):
    words = ("curve", *PARTS, *PLAYERS, "--rounds", "50", "--seed", "1", "--quiet", "--json")
    answer = run(*words, "--trigger", "WorstOf(draws={q})", "--sweep", "q=1,2,3", "--clean-input", "trigger")
    assert (answer.status, answer.err) == (0, "")
    games = [point["estimate"]["spec"]["game"] for point in json.loads(answer.out)["points"]]
    assert [f"trigger=WorstOf(draws={q})" in game.replace("WorstOf()", "WorstOf(draws=2)") for q, game in
            zip((1, 2, 3), games, strict=True)] == [True] * 3  # fmt: skip
    drawn = (tmp_path / "results/curve/curve.svg").read_text()
    assert "trigger=WorstOf(draws=q), clean_input=trigger" in drawn


WRONG = {
    "a predicate for a law": (("--trigger", "OneOf([1])"), "write Satisfying(OneOf("),
    "a misspelt law": (("--trigger", "AfterOrignal()"), "trigger: unknown name 'AfterOrignal': did you mean"),
    "a reveal for a law": (("--trigger", "Coins()"), "trigger must be a TriggerLaw such as BeforeOriginal()"),
    "a law for a reveal": (("--reveal", "WorstOf()"), "reveal must be a Reveal such as Original(bits=4)"),
    "a law for a predicate": (("--trigger", "Satisfying(Chosen())"), "must be a Predicate such as HashPrefix(bits=4)"),
    "no draws": (("--trigger", "WorstOf(draws=0)"), "WorstOf.draws must be between 1 and 4096, got 0"),
    "a predicate that holds nowhere": (("--trigger", "Satisfying(OneOf([]))"), "holds on none of the 6 points"),
    "one that holds where D has no mass": (
        ("--trigger", "Satisfying(OneOf([5]))", "--distribution", "Weighted([1, 0, 0, 0, 0, 0])"),
        "holds on none of the 1 points",
    ),
    "a predicate of another domain": (("--trigger", "Satisfying(OneOf([[0, 1]]))"), "must be points of"),
    "a point outside the domain": (("--trigger", "Satisfying(OneOf([9]))"), "must lie in Finite(count=6)"),
    "half a point": (("--trigger", "Satisfying(OneOf([0.5]))"), "must lie in Finite(count=6)"),
    "a cost below 0": (("--trigger", "Satisfying(OneOf([1], cost=-1))"), "OneOf.cost must be at least 0, got -1"),
    "too many bits to hash": (("--trigger", "Satisfying(HashPrefix(bits=65))"), "HashPrefix.bits must be between 0"),
    "both clean inputs": (("--clean-input", "both"), 'clean_input must be "fresh" or "trigger", got \'both\''),
    "more bits than there are": (("--reveal", "Original(bits=300)"), "between 0 and 256, got 300"),
    "bits below 0": (("--reveal", "Original(bits=-1)"), "Original.bits must be between 0 and 256, got -1"),
    "a word for bits": (("--reveal", "Original(bits='all')"), "Original.bits must be a whole number"),
}  # fmt: skip


@pytest.mark.parametrize("what", WRONG)
def test_wrong_input_is_refused_in_one_sentence(run, what):
    words, told = WRONG[what]
    answer = run(*MATCH, *words)
    assert (answer.status, answer.out) == (2, "")
    assert answer.err.count("\n") == 1
    assert told in answer.err


def test_a_flag_beside_a_whole_game_is_named(run):
    whole = ("--game", "BackdoorGame(Thresholds(points=6), 0.25, Uniform())", *PLAYERS)
    for flag, value in (("--trigger", "Chosen()"), ("--clean-input", "trigger"), ("--reveal", "Coins()")):
        answer = run("estimate", *whole, flag, value, "--quiet")
        assert answer.status == 2
        assert f"leave {flag} out" in answer.err
        assert f"{flag} is for a game of your own" in run("check", "CoinFlip()", flag, value).err


def test_mixing_walks_alike_in_every_variant_and_takes_no_flag(run):
    answer = run("mixing", *PARTS, "--defender", "BoltzmannResampling(steps=9)", "--trigger", "Chosen()")
    assert answer.status == 2
    assert "unknown argument '--trigger'" in answer.err


def test_the_new_rooms_are_listed_and_are_no_games(capsys):
    assert main(["list", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    names = {room: {entry["name"] for entry in found[room]} for room in found}
    assert names["triggers"] == {"AfterOriginal", "BeforeOriginal", "Chosen", "Satisfying", "WorstOf"}
    assert {"HashPrefix", "OneOf"} <= names["predicates"]
    assert {"AttackerTranscript", "Coins", "Original"} <= names["reveals"]
    variants = set().union(*(names[room] for room in ("triggers", "predicates", "reveals", "observations")))
    assert not names["games"] & variants
    assert not set(catalog.shipped("games")) & variants


LARGE = ("--functions", "Thresholds(points=40)", "--epsilon", "1/8", "--distribution", "Uniform()")
LINE = ("--functions", "Thresholds()", "--epsilon", "1/8", "--distribution", "UnitCube()")
PLAYED = ("estimate", "--rounds", "20", "--quiet")
REFUSED = {
    "a trigger law on a class that is not finite": (
        ("solve", *LINE, "--trigger", "Chosen()"),
        "UnitCube(dimension=1) has no list",
    ),
    "more sets of draws than are listed": (
        ("solve", *LARGE, "--trigger", "WorstOf(draws=5)"),
        "WorstOf(draws=5) offers 760098 sets of the 40 points, and exact methods list at most 20000",
    ),
    "coins that no table holds": (("solve", *PARTS, "--reveal", "Coins()"), "reveal=Coins()"),
    "optimal attack on a class that is not finite": (
        (*PLAYED, *LINE, "--trigger", "Chosen()", "--attacker", "OptimalAttacker()", "--defender", "CoinFlip()"),
        "UnitCube(dimension=1) has no list",
    ),
    "a pair of a class that is not finite": (
        (*PLAYED, *LINE, "--trigger", "Chosen()", "--attacker", "ExchangeablePair()", "--defender", "CoinFlip()"),
        "UnitCube(dimension=1) has no list",
    ),
    "a pair whose trigger comes late": (
        (*PLAYED, *PARTS, "--attacker", "ExchangeablePair()", "--defender", "CoinFlip()"),
        "ExchangeablePair() picks f for its trigger",
    ),
    "a reader without a trace": (
        (*PLAYED, *PARTS, "--attacker", "NearestLegal()", "--defender", "TraceReader()"),
        "TraceReader() reads what the game reveals, and this one reveals nothing",
    ),
    "a reader of coins who knows no strategy": (
        (*PLAYED, *PARTS, "--reveal", "Coins()", "--attacker", "NearestLegal()", "--defender", "TraceReader()"),
        "TraceReader() is told Coins(), which says nothing without the strategy",
    ),
    "a check of a predicate that there is not": (
        (*PLAYED, *PARTS, "--attacker", "NearestLegal()", "--defender", "PredicateCheck()"),
        "PredicateCheck() asks the predicate of a trigger law that has one",
    ),
    "a law that fits no game": (("check", "Satisfying(OneOf([[7, 7, 7]]))", "--quiet"), "fits none of the games"),
    "a predicate of no domain": (("check", "OneOf([[7, 7, 7, 7, 7, 7, 7, 7, 7]])", "--quiet"), "fits none of the"),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_be_solved_or_played_is_refused_before_work_starts(run, what):
    words, told = REFUSED[what]
    answer = run(*words)
    assert (answer.status, answer.out) == (2, "")
    assert answer.err.count("\n") == 1
    assert told in answer.err


@pytest.mark.parametrize("spec", ["BeforeOriginal()", "HashPrefix(bits=1)", "Original(bits=2)", "Label()"])
def test_a_thing_of_each_new_kind_is_checked(run, spec):
    answer = run("check", spec, "--quiet", "--json")
    found = json.loads(answer.out)
    assert (answer.status, answer.err) == (0, "")
    assert found["passed"] is True
    assert sum(check["status"] == "passed" for check in found["checks"]) >= 7
