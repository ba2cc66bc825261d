"""Every test of the command line runs in an empty folder of its own."""

import pytest

from .running import MINE, Run, in_process


@pytest.fixture
def run(capsys, tmp_path, monkeypatch) -> Run:
    """Runs a command in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return in_process(capsys)


@pytest.fixture
def mine(tmp_path) -> str:
    """A file of a user's own players."""
    (tmp_path / "mine.py").write_text(MINE)
    return "mine.py"
