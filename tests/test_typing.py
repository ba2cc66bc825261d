"""What type checkers see from the top: stubs as their tables say, plug-ins without fault, wrong signatures with one."""

from __future__ import annotations

import importlib
import importlib.util
import pathlib
import re
import shutil
import subprocess
import sys

import pytest

import backdoor_game
from backdoor_game import catalog
from backdoor_game.ground.public import HOMES, ROOMS
from tests import stubs, typed_plug_ins

ROOT = pathlib.Path(backdoor_game.__file__).parent.parent
FILE = pathlib.Path(typed_plug_ins.__file__)
# In each plug-in of the file one signature that its base does not allow: what stands there, and what is put instead.
WRONG = {
    "Mine": ("view: DefenderView", "view: AttackerView"),
    "MineInBlocks": ("view: DefenderBlock) -> Floats", "view: Sample) -> Floats"),
    "Tries": ("-> Function | None", "-> Function | int"),
    "TriesInBlocks": ("-> Plants", "-> Codes"),
    "Nearest": (") -> int", ") -> str"),
    "NearestInBlocks": ("x: Points", "x: int"),
    "Blind": ("sample: Sample", "sample: Key"),
    "Stripes": ("-> Domain", "-> int"),
    "StripesInBlocks": ("(self, keys: Words)", "(self, keys: Words, m: int)"),
    "Steep": ("m: int, rng", "m: str, rng"),
    "SteepInBlocks": ("start: int, m: int", "m: int"),
    "Padded": ("bits: int, size: int", "bits: int"),
    "Coordinates": ("-> Split", "-> Points"),
    "Blends": ("view: ForgerView", "view: DefenderView"),
    "Corner": ("target: int | None", "target: int"),
    "Honest": ("published: Floats | None", "published: Floats"),
    "Ones": ("view: ModelView", "view: DefenderView"),
    "Large": ("-> float", "-> str"),
    "Rounds": ("model: Function", "model: Codes"),
    "Fixed": (") -> Offers", ") -> Floats"),
    "Small": ("X: Points", "X: str"),
    "First": ("run: AttackerRun", "run: AttackerBlock"),
    "Nothing": ("points: Points, weights: Floats) -> csr_array", "points: Points) -> csr_array"),
}


def test_every_stub_is_what_its_table_gives():
    written = stubs.stubs()
    assert len(written) == 6
    for path, content in written.items():
        assert path.read_text() == content, f"{path} is not what `python -m tests.stubs` writes"
    assert set(pathlib.Path(backdoor_game.__file__).parent.rglob("*.pyi")) == set(written)


def test_a_name_that_is_missing_from_a_table_changes_the_stub(monkeypatch):
    whole = stubs.front()
    monkeypatch.setitem(HOMES, "games", ("Game",))
    assert "BackdoorGame as BackdoorGame" in whole
    assert stubs.front() == whole.replace("    BackdoorGame as BackdoorGame,\n", "")


def test_dir_shows_sub_packages_and_public_names():
    assert {"planting", "exact", "testing", "BackdoorGame", "AttackerView"} <= set(dir(backdoor_game))
    for room in sorted(ROOMS):
        package = getattr(backdoor_game, room)
        inside = pathlib.Path(package.__file__).parent.iterdir()
        inner = {path.name for path in inside if (path / "__init__.py").exists()}
        assert inner | set(package.__all__) <= set(dir(package)), room
        for name in inner:
            assert getattr(package, name) is importlib.import_module(f"{package.__name__}.{name}")


def test_the_file_has_a_plug_in_of_each_kind():
    here = [cls for cls in vars(typed_plug_ins).values() if getattr(cls, "__module__", "") == typed_plug_ins.__name__]
    classes = [cls for cls in here if isinstance(cls, type)]
    assert [name for name, kind in catalog.KINDS.items() if not any(issubclass(cls, kind) for cls in classes)] == []
    assert {cls.__name__ for cls in classes} == set(WRONG)
    assert typed_plug_ins.play().rounds == 100


def broken():
    """The file with every plug-in's signature wrong, and the lines on which each class stands."""
    parts = re.split(r"(?=^@dataclasses)", FILE.read_text(), flags=re.MULTILINE)
    for place, part in enumerate(parts):
        name = re.search(r"^class (\w+)", part, re.MULTILINE)
        if name is not None:
            right, wrong = WRONG[name[1]]
            assert part.count(right) >= 1, name[1]
            parts[place] = part.replace(right, wrong, 1)
    source = "".join(parts)
    starts = {m[1]: source[: m.start()].count("\n") + 1 for m in re.finditer(r"^class (\w+)", source, re.MULTILINE)}
    return source, starts


def blamed(lines, starts):
    """The classes in which the lines lie."""
    order = sorted(starts.items(), key=lambda item: item[1])
    return {[name for name, start in order if start <= line][-1] for line in lines}


def mypy(*files):
    """Errors of `mypy --strict` by this project's settings, as lines of text."""
    if importlib.util.find_spec("mypy") is None:
        pytest.skip("mypy is not installed: it is in the extra `lint`")
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--config-file", "setup.cfg", *map(str, files)],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    return [line for line in done.stdout.splitlines() if ": error:" in line]


def pyright(*files):
    """Errors of pyright, as lines of text."""
    program = shutil.which("pyright")
    if program is None:
        pytest.skip("pyright is not installed: npm install -g pyright")
    done = subprocess.run(
        [program, "--pythonpath", sys.executable, *map(str, files)], cwd=ROOT, capture_output=True, text=True
    )
    assert "errors, " in done.stdout, done.stdout + done.stderr
    return [line for line in done.stdout.splitlines() if " - error: " in line]


@pytest.mark.parametrize("checker", [mypy, pyright])
def test_annotated_plug_ins_pass_and_wrong_signatures_do_not(checker, tmp_path):
    assert checker(FILE) == []
    source, starts = broken()
    (tmp_path / "broken.py").write_text(source)
    found = [line for line in checker(tmp_path / "broken.py") if "broken.py:" in line]
    lines = [int(re.search(r"broken\.py:(\d+)", line)[1]) for line in found]
    assert set(WRONG) - blamed(lines, starts) == set()
