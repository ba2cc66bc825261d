"""The command as a whole: help, version, lists, interruption and closed pipes."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

import backdoor_game
from backdoor_game import catalog
from backdoor_game.cli import COMMANDS
from backdoor_game.cli.listing import ROOMS

from .running import GAME, MINE, SHORT, command, in_a_process


def test_help_names_every_command_and_no_arguments_mean_help(run):
    answer = run("--help")
    assert answer.status == 0
    assert all(name in answer.out for name in COMMANDS)
    assert run().out == answer.out


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(run, name):
    answer = run(name, "--help")
    assert answer.status == 0
    assert f"usage: backdoor-game {name}" in answer.out


def test_the_version_is_that_of_the_package(run):
    assert run("--version").out == f"backdoor-game {backdoor_game.__version__}\n"


@pytest.mark.parametrize("words", [["--help"], ["estimate", "--help"], ["bogus"]])
def test_help_and_mistakes_load_none_of_the_heavy_libraries(words):
    code = """
import sys
from backdoor_game.cli import main
main(sys.argv[1:])
sys.exit(any(name in sys.modules for name in ("numba", "scipy", "matplotlib")))
"""
    subprocess.run([sys.executable, "-c", code, *words], check=True, capture_output=True, timeout=60)


@pytest.mark.parametrize("room", ["functions", "distributions", "learners", "attackers", "defenders", "games"])
def test_a_list_holds_everything_that_is_shipped_with_status_and_summary(run, room):
    found = json.loads(run("list", room, "--json").out)[room]
    assert [entry["name"] for entry in found] == list(catalog.shipped(room))
    assert all(entry["summary"] for entry in found)
    text = run("list", room).out
    assert all(entry["name"] in text and entry["summary"] in text for entry in found)


@pytest.mark.parametrize("room", ["attackers", "defenders", "bounds"])
def test_players_and_bounds_have_a_status_word(run, room):
    found = json.loads(run("list", room, "--json").out)[room]
    wordless = [entry["name"] for entry in found if entry["status"] == "-"]
    allowed = {"vacuous", "votes_needed"}  # a comparison and a rounding rule, no claims
    assert set(wordless) <= allowed


def test_a_list_without_a_room_holds_every_room(run):
    assert set(json.loads(run("list", "--json").out)) == set(ROOMS)
    text = run("list").out
    assert "DistillationEnsemble" in text
    assert "theorem-4.1-lower" in text


@pytest.mark.parametrize("defender", ["Waits", "BlockWaits"])
def test_ctrl_c_in_the_middle_exits_130_with_one_line(tmp_path, defender):
    (tmp_path / "mine.py").write_text(MINE)
    words = ("estimate", *GAME, "--attacker", "Shattered()", "--defender", f"mine.py:{defender}()", "--rounds", "1e12")
    process = subprocess.Popen(
        command((*words, "--threads", "2")),
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    try:
        until = time.monotonic() + 60
        while not (tmp_path / "started").exists() and time.monotonic() < until:
            time.sleep(0.02)
        assert (tmp_path / "started").exists()
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 130
    assert out == ""
    assert err == "backdoor-game estimate: interrupted; nothing was written\n"


def test_a_reader_that_leaves_early_hears_no_complaint():
    reading, writing = os.pipe()
    os.close(reading)
    words = command(["list", "bounds"])
    process = subprocess.run(words, stdout=writing, stderr=subprocess.PIPE, timeout=60, check=False)
    os.close(writing)
    assert process.returncode == 141
    assert process.stderr == b""


def test_wrong_input_in_a_process_of_its_own_exits_2_with_one_line():
    answer = in_a_process("estimate", *SHORT, "--epsilon", "-1/2")
    assert answer.status == 2
    assert answer.out == ""
    assert answer.err == "backdoor-game estimate: epsilon must lie in [0, 1], got '-1/2'\n"


def test_progress_goes_to_standard_error_and_leaves_standard_output_alone(run, monkeypatch):
    import backdoor_game.ground.progress as progress

    monkeypatch.setattr(progress.time, "monotonic", iter(range(0, 10**6, 100)).__next__)
    words = [word for word in SHORT if word != "--quiet"]
    loud, quiet = run("estimate", *words, "--json"), run("estimate", *SHORT, "--json")
    assert loud.out == quiet.out
    assert "100%" in loud.err
    assert quiet.err == ""
