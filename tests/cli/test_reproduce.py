"""``reproduce``: exit status, output and files, on an experiment made up for the purpose."""

import json
import os
import sys
import types

import pytest

from backdoor_game.experiments import EXPERIMENTS
from backdoor_game.experiments.shared.base import DEFAULT_SEED, Report, Table, Verdict


@pytest.fixture
def made_up(monkeypatch):
    """An experiment whose only claim holds or fails as the test says; it notes the settings that it is given."""
    notes = types.SimpleNamespace(holds=True, settings=None)

    def run(settings):
        notes.settings = settings
        settings.progress(1, 1)
        table = Table("A table", ("d", "win rate"), (("8", "0.5"),))
        verdict = Verdict("a claim", "0.5", "0.5", notes.holds)
        return Report("made-up", "A title", (table,), (verdict,), {"d": [8]})

    module = types.ModuleType("backdoor_game.experiments.made_up", "An experiment.")
    module.run = run
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setitem(EXPERIMENTS, "made-up", "made_up")
    return notes


def test_claims_that_hold_exit_0_with_tables_verdicts_and_files(run, made_up, tmp_path):
    answer = run("reproduce", "made-up", "--quiet")
    assert (answer.status, answer.err) == (0, "")
    assert "A table" in answer.out
    assert "a claim" in answer.out
    assert "holds" in answer.out
    assert "results/made-up.json" in answer.out
    assert json.loads((tmp_path / "results" / "made-up.json").read_text())["points"] == {"d": [8]}


def test_a_claim_that_fails_exits_1_and_says_so(run, made_up):
    made_up.holds = False
    answer = run("reproduce", "made-up", "--quiet")
    assert answer.status == 1
    assert "FAILS" in answer.out


def test_settings_are_passed_on(run, made_up):
    run("reproduce", "made-up", "--quiet")
    assert (made_up.settings.full, made_up.settings.seed, made_up.settings.threads) == (False, DEFAULT_SEED, None)
    run("reproduce", "made-up", "--full", "--seed", "7", "--threads", "2", "--output", "there", "--quiet")
    settings = made_up.settings
    assert (settings.full, settings.seed, settings.threads, settings.output) == (True, 7, 2, "there")


def test_json_is_one_object(run, made_up):
    answer = run("reproduce", "made-up", "--json", "--quiet")
    assert answer.out.count("\n") == 1
    found = json.loads(answer.out)
    assert found["verdicts"] == [{"bound": "0.5", "claim": "a claim", "holds": True, "measured": "0.5"}]


def test_the_experiment_does_not_start_when_its_output_cannot_be_written(run, made_up, tmp_path):
    (tmp_path / "file").write_text("")
    answer = run("reproduce", "made-up", "--output", "file/below")
    assert answer.status == 2
    assert len(answer.err.splitlines()) == 1
    assert made_up.settings is None


def test_results_of_another_run_are_refused_before_play_and_the_same_run_overwrites_itself(run, made_up, tmp_path):
    assert run("reproduce", "made-up", "--quiet").status == 0
    assert run("reproduce", "made-up", "--quiet").status == 0
    made_up.settings = None
    for other in (("--seed", "7"), ("--full",)):
        answer = run("reproduce", "made-up", "--quiet", *other)
        assert answer.status == 2
        assert f"holds the results of another run (seed {DEFAULT_SEED}) in made-up.json" in answer.err
    assert made_up.settings is None
    assert run("reproduce", "made-up", "--quiet", "--seed", "7", "--overwrite").status == 0
    assert json.loads((tmp_path / "results" / "made-up.json").read_text())["seed"] == 7


def test_on_a_disk_that_fills_up_tables_and_verdicts_are_printed(run, made_up, tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    answer = run("reproduce", "made-up", "--quiet")
    assert answer.status == 2
    assert answer.err == (
        "backdoor-game reproduce: the results above are whole, but output must be a place where files can be written, "
        "got 'results/made-up.json' (No space left on device): name another folder\n"
    )
    assert "A table" in answer.out
    assert "holds" in answer.out
    assert "wrote" not in answer.out
    assert list((tmp_path / "results").iterdir()) == []


def test_figures_that_cannot_be_drawn_are_told_before_play(run, made_up, monkeypatch):
    from matplotlib.figure import Figure

    def broken(*_, **__):
        raise RuntimeError("no fonts")

    monkeypatch.setattr(Figure, "savefig", broken)
    answer = run("reproduce", "made-up", "--quiet")
    assert (answer.status, answer.out) == (2, "")
    assert answer.err == (
        "backdoor-game reproduce: figures cannot be drawn: RuntimeError: no fonts: mend matplotlib's settings\n"
    )
    assert made_up.settings is None
