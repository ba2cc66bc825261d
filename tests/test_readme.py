"""The README says what the code does: its table of places, its snippets, its commands and its numbers."""

import pathlib
import re
import shlex

import pytest

from backdoor_game.catalog import ROOMS
from backdoor_game.cli import main
from backdoor_game.experiments import EXPERIMENTS

ROOT = pathlib.Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text()
CODE = dict(enumerate(re.findall(r"```python\n(.*?)```", README, re.DOTALL)))
PLACES = re.search(r"## Where does it go\?\n\n(.*?)\n\n", README, re.DOTALL)[1].splitlines()[2:]
SHELL = re.findall(r"```sh\n(.*?)```", README, re.DOTALL)


def test_the_first_two_commands_make_an_environment_and_do_the_main_jobs():
    assert SHELL[0].strip() == (
        "python3 -m venv .venv && .venv/bin/pip install . && .venv/bin/backdoor-game reproduce theorem-4.1"
    )
    assert SHELL[1].strip() == "python3 -m venv .venv && .venv/bin/pip install -e '.[test]' && .venv/bin/pytest"
    assert SHELL[1].strip() in (ROOT / ".ci" / "run").read_text().splitlines()[-1]


@pytest.mark.parametrize("row", PLACES)
def test_every_place_of_the_where_does_it_go_table_exists(row):
    paths = [path for path in re.findall(r"`([\w./<>]+)`", row) if "/" in path and "<" not in path]
    assert paths
    for path in paths:
        assert (ROOT / path).exists(), path


def test_the_table_of_places_covers_every_plug_in_room():
    rooms = {".".join(module.__name__.split(".")[1:]) for modules in ROOMS.values() for module in modules}
    rooms -= {
        "spaces.domains",
        "exact.players",
        "circuits.classes",
        "circuits.games",
        "circuits.players",
    }  # nobody is asked to add to these
    rooms |= {"experiments", "kernels", "testing", "bounds"}
    missing = {room for room in rooms if not any(f"`backdoor_game/{room.replace('.', '/')}/`" in row for row in PLACES)}
    assert missing == set()


def test_the_defender_of_the_readme_plays_and_wins_what_the_readme_says(tmp_path, monkeypatch, capsys):
    (tmp_path / "mine.py").write_text(CODE[0])
    monkeypatch.chdir(tmp_path)
    command = shlex.split(SHELL[2].replace("\\\n", " "))
    assert main([*command[1:], "--quiet"]) == 0
    shown = re.search(r"```text\n(.*?)\.\.\.\n```", README, re.DOTALL)[1]
    assert shown.strip() in capsys.readouterr().out
    lines = [line for line in CODE[0].splitlines() if line.strip()]
    assert len(lines) <= 16


def test_the_python_snippet_of_the_readme_runs(capsys):
    exec(compile(CODE[1], "README.md", "exec"), {})
    win_rate, low, high = map(float, capsys.readouterr().out.split())
    assert low <= win_rate <= high


def test_the_solving_snippet_of_the_readme_runs_and_its_table_is_what_the_command_prints(tmp_path, monkeypatch, capsys):
    (tmp_path / "mine.py").write_text(CODE[0])
    monkeypatch.chdir(tmp_path)
    exec(compile(CODE[2], "README.md", "exec"), {})
    first, second, third = capsys.readouterr().out.splitlines()
    assert first.split()[0] == "8/9"
    assert second.split()[1] == "enumerated"
    assert all(0 < float(value) < 0.5 for value in third.split())
    assert len([line for line in CODE[2].splitlines() if line.strip()]) <= 10
    command = shlex.split(SHELL[3].replace("\\\n", " "))
    assert main([*command[1:], "--quiet"]) == 0
    shown = re.search(r"```text\n(strategy.*?)```", README, re.DOTALL)[1]
    assert shown.strip() in capsys.readouterr().out


def test_the_tree_fitted_to_real_data_is_played_and_wins_what_the_readme_says(capsys):
    exec(compile(CODE[4], "README.md", "exec"), {})
    shown = re.search(r"```text\n(1\.0000 .*?)```", README, re.DOTALL)[1]
    assert capsys.readouterr().out == shown


def test_the_circuits_of_the_readme_differ_on_one_input(capsys):
    exec(compile(CODE[5], "README.md", "exec"), {})
    first, second = capsys.readouterr().out.splitlines()
    assert float(first.split()[-1]) == 2**-16
    assert second == "False 1"


def test_the_key_of_the_readme_flips_what_the_readme_says(capsys):
    exec(CODE[6], {})
    assert f"```text\n{capsys.readouterr().out.strip()}\n```" in README


def test_the_variants_of_the_readme_have_the_values_that_it_says(capsys):
    exec(compile(CODE[3], "README.md", "exec"), {})
    lines = capsys.readouterr().out.splitlines()
    assert [float(line.split()[-1]) for line in lines[:4]] == [0.833333, 0.810321, 0.801383, 0.801383]
    assert float(lines[4]) == pytest.approx(0.5, abs=1e-6)
    bits, read = map(float, lines[5].split())
    assert 5 / 6 < bits < 1
    assert 0.5 < read <= 1
    assert float(lines[6]) == pytest.approx(0.83, abs=1e-6)
    assert float(lines[7]) == pytest.approx(5 / 6, abs=1e-5)
    assert lines[8] == "31/40"
    (command,) = [text for text in SHELL if "--trigger" in text]
    words = [*shlex.split(command.replace("\\\n", " "))[1:], "--rounds", "100", "--quiet"]
    assert main(words) == 0
    assert "0.810321" in capsys.readouterr().out


def test_the_detector_of_the_readme_plays_and_its_command_is_read(capsys):
    exec(CODE[7], {"__name__": __name__})
    won, low, high = re.findall(r"\d\.\d+", capsys.readouterr().out)[:3]
    assert float(low) <= 0.5 <= float(high)
    assert float(low) <= float(won) <= float(high)
    (command,) = [text for text in SHELL if "StaticDetection" in text]
    words = ["8" if word == "300" else word for word in shlex.split(command.replace("\\\n", " "))]
    assert main([*words[1:], "--quiet"]) == 0


def test_every_experiment_of_the_readme_exists_and_every_experiment_stands_there():
    others = "atlas|exact-values|extremal-classes|price-of-efficiency|shallow-circuits|tightness"
    others += "|attacker-budget|predicate|price-of-information|trace|trigger-law"
    others += r"|rff-[\w-]+|relu-static|trigger-size|norm-visibility"
    others += "|smoothing|replication|persistence|delegation|loan-officer"
    named = set(re.findall(rf"`(theorem-[\w.-]+|appendix-\w+|{others})`", README))
    assert named == set(EXPERIMENTS)


def test_every_command_of_the_readme_exists(capsys):
    for command in re.findall(r"\| `backdoor-game (\w+)` \|", README):
        assert main([command, "--help"]) == 0
        assert command in capsys.readouterr().out


def test_links_to_files_in_the_readme_lead_somewhere():
    for path in re.findall(r"\]\(([\w./-]+)\)", README):
        assert (ROOT / path).exists(), path


def test_no_placeholder_is_left_in_the_readme():
    assert not re.findall(r"\b[A-Z]+_BLOCK\b|TODO|TBD|@[A-Z0-9]+", README)
