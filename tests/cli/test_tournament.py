"""``tournament``: files, tables, defaults, refusals, and nothing left behind where it ends early."""

import csv
import json
import os
import signal
import subprocess
import time
import warnings

import pytest

from backdoor_game import (
    AlwaysClean,
    AlwaysFlag,
    BackdoorGame,
    NearestLegal,
    NoAttack,
    Thresholds,
    Uniform,
    catalog,
    tournament,
)

from .running import MINE, command

FUNCTIONS = ("--functions", "Thresholds(points=10)", "--distribution", "Uniform()")
GAME = ("tournament", *FUNCTIONS, "--epsilon", "1/5")
ATTACKERS = ("--attacker", "NearestLegal()", "--attacker", "NoAttack()")
DEFENDERS = ("--defender", "AlwaysFlag()", "--defender", "AlwaysClean()")
FAST = ("--rounds", "200", "--seed", "2", "--quiet")
WHOLE = (*GAME, *ATTACKERS, *DEFENDERS, *FAST)
FILES = ["tournament.csv", "tournament.json", "tournament.png", "tournament.svg"]


def test_a_tournament_prints_its_tables_and_leaves_four_files(run, tmp_path):
    answer = run(*WHOLE)
    assert (answer.status, answer.err) == (0, "")
    folder = tmp_path / "results" / "tournament"
    assert sorted(path.name for path in folder.iterdir()) == FILES
    lines = [line.split() for line in answer.out.replace("NoAttack() *", "NoAttack()").splitlines()]
    rows = [line for line in lines if line[:1] in (["NearestLegal()"], ["NoAttack()"]) and line[1:2][0][0] == "A"]
    assert [row[:2] for row in rows] == [
        [attacker, defender]
        for attacker in ("NearestLegal()", "NoAttack()")
        for defender in ("AlwaysFlag()", "AlwaysClean()")
    ]
    written = json.loads((folder / "tournament.json").read_text())
    rates = [pair["estimate"]["win_rate"] for pair in written["pairs"]]
    assert [float(row[2]) for row in rows] == pytest.approx(rates, abs=1e-3)
    assert "low and high: simultaneous 95% intervals over all 4 pairs" in answer.out
    assert ": 0.833333, certified between 0.833333 and 0.833333" in answer.out
    assert ["AlwaysFlag()", "defender", "0.333333", "0.333333", "0.333333", "closed", "form"] in lines
    assert [line[1] for line in lines if line[:1] == ["wrote"]] == [
        f"results/tournament/tournament.{kind}" for kind in ("json", "csv", "png", "svg")
    ]
    with open(folder / "tournament.csv", newline="") as file:
        assert [float(row["win_rate"]) for row in csv.DictReader(file)] == rates


def test_json_is_one_object_and_says_what_the_library_says(run, tmp_path):
    answer = run(*WHOLE, "--json", "--level", "0.9", "--output", "here")
    assert answer.out.count("\n") == 1
    found = json.loads(answer.out)
    assert sorted(found.pop("files")) == [f"here/{name}" for name in FILES]
    game = BackdoorGame(Thresholds(points=10), "1/5", Uniform())
    same = tournament(
        game, [NearestLegal(), NoAttack()], [AlwaysFlag(), AlwaysClean()], rounds=200, seed=2, level=0.9
    ).to_dict()
    assert found == json.loads(json.dumps(same))
    assert found == json.loads((tmp_path / "here" / "tournament.json").read_text())


def test_the_ranking_tables_name_the_worst_opponent_and_both_places(run):
    lines = [line.split() for line in run(*WHOLE).out.splitlines()]
    best = next(line for line in lines if line[0:1] == ["AlwaysClean()"] and len(line) == 11)
    assert best[4] == "NearestLegal()"
    assert best[6:9] == ["1", "1", "2"]
    # At 1/5 a threshold moves by up to two of the ten steps: always clean loses half of the rounds with a plant.
    assert 0.5 < float(best[9]) < float(best[10]) < 1


def test_an_attacker_that_never_plants_is_marked_in_both_tables_and_the_mark_is_explained_once(run):
    lines = run(*WHOLE).out.splitlines()
    assert sum(line.startswith("NoAttack() *") for line in lines) == 3  # two pairs and a place
    assert not any("NearestLegal() *" in line for line in lines)
    assert sum(line.startswith("* plants in under 1% of the rounds") for line in lines) == 1


def test_every_epsilon_is_a_game_of_its_own(run):
    found = json.loads(run("tournament", *FUNCTIONS, *ATTACKERS, *DEFENDERS, *FAST, "--json", "--no-exact",
                           "--epsilon", "1/5", "--epsilon", "0.1").out)  # fmt: skip
    assert [game.split(", ")[1] for game in found["games"]] == ["epsilon=0.2", "epsilon=0.1"]
    assert len(found["pairs"]) == 8
    level = 1 - (1 - 0.95**0.5) / 4
    assert [pair["estimate"]["level"] for pair in found["pairs"]] == pytest.approx([level] * 8)
    assert found["exact"] == []


def test_without_players_all_shipped_ones_that_can_play_take_part(run):
    found = json.loads(run(*GAME, *FAST, "--no-exact", "--json").out)
    names = [spec.removesuffix("()") for spec in found["attackers"]]
    # HiddenTile wants a DirectSum, Shattered and Star leave D open; others want trees, ANDs, circuits or variants.
    elsewhere = {"HiddenTile", "Shattered", "Star", "DeepestLegal", "GraftPath", "PuncturedPRFAttacker"}
    elsewhere |= {"ExchangeablePair"}
    assert names == [name for name in catalog.shipped("attackers") if name not in elsewhere]
    elsewhere = {"LeafMass", "RareConjunction", "HammingSmoothing", "KeySearch", "ParityCheck", "StructuralDefender"}
    elsewhere |= {"PredicateCheck", "TraceReader"}
    playing = [name for name in catalog.shipped("defenders") if name not in elsewhere]
    assert [spec.removesuffix("()") for spec in found["defenders"]] == playing
    assert all(pair["estimate"] is not None for pair in found["pairs"])


def test_the_optimal_ones_wait_to_be_called_where_a_game_is_large(run):
    large = ("tournament", "--functions", "AllFunctions(points=14)", "--distribution", "Uniform()", "--epsilon", "1/14")
    found = json.loads(run(*large, *FAST, "--defender", "AlwaysClean()", "--json").out)
    assert "OptimalAttacker()" not in found["attackers"]
    assert "NearestLegal()" in found["attackers"]
    assert "at most 4096 members" in found["exact"][0]["reason"]


def test_those_who_cannot_play_are_named_with_their_reason_and_the_others_play(run):
    answer = run(*WHOLE, "--attacker", "Shattered()")
    assert answer.status == 0
    (said,) = [line for line in answer.out.splitlines() if line.startswith("cannot play")]
    assert said.startswith("cannot play (2 pairs): Shattered() picks its own distribution and refuses the fixed")
    assert "over all 4 pairs" in answer.out


def test_players_come_from_files_too(run, mine):
    players = ("--attacker", f"{mine}:Far()", "--defender", f"{mine}:Mine(m=3)")
    found = json.loads(run(*GAME, *players, *FAST, "--json", "--no-exact").out)
    assert found["pairs"][0]["estimate"]["illegal"] > 150  # the opposite of a threshold is hardly ever near to it
    assert found["defenders"] == ["mine.py:Mine(m=3)"]


def test_names_in_other_scripts_and_with_signs_of_mathematics_are_drawn_without_a_word(run, tmp_path):
    other = tmp_path / "我的$x_1$^.py"
    other.write_text(MINE)
    players = ("--attacker", "NoAttack()", "--defender", f"{other.name}:Mine(m=3)", "--defender", "CoinFlip()")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        answer = run(*GAME, *players, *FAST, "--no-exact")
    assert (answer.status, answer.err) == (0, "")
    assert sorted(path.name for path in (tmp_path / "results" / "tournament").iterdir()) == FILES


def test_threads_change_no_byte(run):
    one, two = (run(*WHOLE, "--json", "--rounds", "9000", "--threads", n).out for n in ("1", "2"))
    assert one == two


WRONG = {
    "no functions": (("tournament", "--epsilon", "1/5", *ATTACKERS, *DEFENDERS), "--functions is missing"),
    "no epsilon": (("tournament", *FUNCTIONS, *ATTACKERS, *DEFENDERS), "--epsilon is missing"),
    "a wrong epsilon among others": ((*WHOLE, "--epsilon", "2"), "epsilon must lie in [0, 1], got '2'"),
    "one epsilon twice": ((*WHOLE, "--epsilon", "0.2"), "games must differ from each other"),
    "an unknown defender": ((*WHOLE, "--defender", "CoinFlop()"), "did you mean 'CoinFlip'?"),
    "an attacker for a defender": ((*WHOLE, "--defender", "NoAttack()"), "must be a Defender"),
    "one attacker twice": ((*WHOLE, "--attacker", "NoAttack()"), "attackers must differ from each other"),
    "no rounds": ((*WHOLE, "--rounds", "0"), "rounds must be between 1"),
    "a level of 1": ((*WHOLE, "--level", "1"), "level must lie strictly between 0 and 1"),
    "no threads": ((*WHOLE, "--threads", "0"), "threads must be at least 1"),
    "an output folder below a file": ((*WHOLE, "--output", "mine.py/here"), "mine.py/here"),
    "nobody who can play": ((*GAME, "--attacker", "Shattered()", *DEFENDERS, *FAST), "nobody can play: Shattered()"),
    "no shipped attacker that can play": (
        ("tournament", "--functions", "Explicit(['01'])", "--epsilon", "1/5", *DEFENDERS, *FAST),
        "no shipped attacker can play: ",
    ),
    "nobody but a defender that breaks its contract": (
        (*GAME, *ATTACKERS, *FAST, "--defender", "mine.py:Seven()"),
        "mine.py, line",
    ),
}


@pytest.mark.parametrize("what", WRONG)
def test_wrong_input_is_refused_in_one_sentence_and_leaves_nothing(run, mine, tmp_path, what):
    words, expected = WRONG[what]
    answer = run(*words)
    assert answer.status == 2
    assert answer.out == ""
    assert len(answer.err.splitlines()) == 1
    assert answer.err.startswith("backdoor-game tournament: ")
    assert expected in answer.err
    assert os.listdir(tmp_path) == ["mine.py"]


def test_who_breaks_a_contract_costs_its_own_pairs_and_the_rest_is_printed_and_kept(run, mine, tmp_path):
    answer = run(*WHOLE, "--defender", "mine.py:Seven()", "--json")
    assert answer.status == 2
    assert answer.err.startswith("backdoor-game tournament: the tournament is incomplete, 2 of 6 pairs are missing: ")
    assert "mine.py, line" in answer.err
    assert len(answer.err.splitlines()) == 1
    printed = json.loads(answer.out)
    kept = json.loads((tmp_path / "results" / "tournament" / "tournament.json").read_text())
    assert printed == {**kept, "files": printed["files"]}
    assert len(kept["failures"]) == 2
    measured = {pair["defender"] for pair in kept["pairs"] if pair["estimate"] is not None}
    assert measured == {"AlwaysFlag()", "AlwaysClean()"}
    assert "broke down (2 pairs): mine.py:Seven: " in run(*WHOLE, "--defender", "mine.py:Seven()").out


def test_the_same_tournament_overwrites_itself_and_another_one_is_refused_before_play(run, mine, tmp_path):
    assert run(*WHOLE).status == 0
    assert run(*WHOLE).status == 0
    before = (tmp_path / "results" / "tournament" / "tournament.json").read_bytes()
    for other in (("--seed", "3"), ("--rounds", "201"), ("--level", "0.9"), ("--defender", "mine.py:Waits()")):
        answer = run(*WHOLE, *other)
        assert answer.status == 2
        assert "holds the results of another run (seed 2) in tournament.json: name another folder" in answer.err
    assert not (tmp_path / "started").exists()
    assert (tmp_path / "results" / "tournament" / "tournament.json").read_bytes() == before
    assert run(*WHOLE, "--level", "0.9", "--overwrite").status == 0
    assert (tmp_path / "results" / "tournament" / "tournament.json").read_bytes() != before


def test_on_a_disk_that_fills_up_the_tables_are_printed(run, tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    whole = run(*WHOLE).out
    monkeypatch.setattr(os, "fsync", full)
    answer = run(*WHOLE, "--output", "other")
    assert answer.status == 2
    assert answer.err == (
        "backdoor-game tournament: the results above are whole, but output must be a place where files can be written, "
        "got 'other' (No space left on device): name another folder\n"
    )
    assert answer.out.rstrip("\n") == whole.split("wrote ")[0].rstrip("\n")
    assert list((tmp_path / "other").iterdir()) == []


def test_ctrl_c_in_the_middle_exits_130_with_one_line_and_leaves_no_file(tmp_path):
    (tmp_path / "mine.py").write_text(MINE)
    words = (*GAME, *ATTACKERS, "--defender", "mine.py:Waits()", "--rounds", "100_000_000")
    process = subprocess.Popen(
        command((*words, "--quiet", "--attacker", "RandomLegal()", "--defender", "mine.py:BlockWaits()")),
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    try:
        until = time.monotonic() + 60
        while process.poll() is None and not (tmp_path / "started").exists() and time.monotonic() < until:
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 130
    assert out == ""
    assert err == "backdoor-game tournament: interrupted; no file is half-written\n"
    assert not (tmp_path / "results").exists()
