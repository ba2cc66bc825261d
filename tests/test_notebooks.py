"""The walk-throughs run from the repository as they are, and leave nothing behind but what they say."""

import pathlib
import subprocess
import sys

import pytest

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "notebooks"
SCRIPTS = sorted(FOLDER.glob("*.py"))


def test_there_are_walk_throughs():
    assert [path.stem for path in SCRIPTS] == ["planting_undetectable_backdoors"]


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_a_walk_through_runs_to_its_end(path, tmp_path):
    done = subprocess.run([sys.executable, str(path), "results"], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "the audit wins" in done.stdout
    assert {file.name for file in (tmp_path / "results").iterdir()} == {"model.npz", "key.npz"}
    assert path.read_text().count("# %%") >= 12
