"""``backdoor-game new``: a plug-in that works, with its contract in comments, and a pytest file beside it."""

from __future__ import annotations

import argparse
import ast
import contextlib
import importlib.util
import keyword
import pathlib
import re
import shlex
import sys

from ..ground.errors import InvalidArgument
from .parsing import Parser

KEPT = "what is whole was written"
TEMPLATES = pathlib.Path(__file__).parent / "templates"
KINDS = (
    *("defender", "attacker", "learner", "functions", "distribution", "obfuscator"),
    *("dataset", "forger", "backdoor", "delegate", "detector", "update"),
    *("trigger", "predicate", "reveal", "observation"),
)
EXAMPLE = """
examples:
  backdoor-game new defender mine.py
  backdoor-game new functions stripes.py --name Stripes
"""
# The test file: what stands in it is checked by the type checkers as well.
TEST = '''"""Whether {name} keeps its contract: one test for each check of the conformance kit."""

from __future__ import annotations

from collections.abc import Callable

from {module} import {name}

from backdoor_game.testing import CheckResult, parametrize_with_checks


@parametrize_with_checks([{name}()])
def test_{test}(strategy: {name}, check: Callable[[{name}], CheckResult]) -> None:
    check(strategy)
'''


def parser() -> Parser:
    """The options of this command."""
    made = Parser("new", "Write a plug-in of a kind that works as it stands, and a pytest file beside it.")
    made.epilog = EXAMPLE
    made.add_argument("kind", metavar="KIND", nargs="?", help="one of " + ", ".join(KINDS))
    made.add_argument("file", metavar="FILE", nargs="?", help="the file to write, such as mine.py; none is overwritten")
    made.add_argument("--name", metavar="NAME", help="the class's name; by default as the file's, MyRule of my_rule.py")
    made.add_argument("--json", action="store_true", help="print one JSON object")
    return made


def run(options: argparse.Namespace) -> int:
    """Write the two files, and say what to run next."""
    from ..ground.files import json_text

    source = _template(options.kind)
    path = _path(options.kind, options.file)
    name = _name(options.name, path.stem, source)
    beside = path.with_name(f"test_{path.name}")
    for wanted in (path, beside):
        if wanted.exists() or wanted.is_symlink():
            raise InvalidArgument(f"FILE must be new: {str(wanted)!r} exists, and is left as it is; name another file")
    test = TEST.format(name=name, module=path.stem, test=path.stem)
    _write({path: re.sub(r"\bMine\b", name, source), beside: test})
    spec = f"{path}:{name}"
    if options.json:
        print(json_text({"kind": options.kind, "file": str(path), "test": str(beside), "spec": spec}))
        return 0
    check, test = shlex.quote(spec), shlex.quote(str(beside))
    print(f"wrote {path} and {beside}; now\n  backdoor-game check {check}\n  pytest {test}")
    return 0


def _template(kind: str | None) -> str:
    """The plug-in of a kind, its class called Mine."""
    from ..ground._validate import did_you_mean

    if kind is None:
        raise InvalidArgument(f"KIND is missing: pass one of {', '.join(KINDS)}, as in new defender mine.py")
    if kind not in KINDS:
        raise InvalidArgument(f"unknown kind {kind!r}: {did_you_mean(kind, KINDS)}")
    return (TEMPLATES / f"{kind}.py").read_text(encoding="utf-8")


def _path(kind: str, source: str | None) -> pathlib.Path:
    """Where to write: a file that pytest and specs can name."""
    from ..ground.spec import PATH_STOPS

    if source is None:
        raise InvalidArgument(f"FILE is missing: pass for example mine.py, as in new {kind} mine.py")
    try:
        path = pathlib.Path(source).expanduser()
        usable = path.parent.is_dir()
    except (OSError, ValueError, RuntimeError) as error:
        raise InvalidArgument(f"FILE must be a path such as mine.py, got {source!r}: {error}") from None
    if path.suffix != ".py" or not path.stem.isidentifier() or keyword.iskeyword(path.stem):
        raise InvalidArgument(f"FILE must be a name that Python can import, such as my_rule.py, got {source!r}")
    if path.stem in sys.stdlib_module_names or path.stem.startswith("test_") or _is_installed(path):
        raise InvalidArgument(f"FILE must not be called {path.name}, which hides another module: name another file")
    if any(stop in str(path) for stop in PATH_STOPS):
        raise InvalidArgument(f"FILE must hold none of {' '.join(PATH_STOPS)}, which end it in a spec, got {source!r}")
    if not usable:
        raise InvalidArgument(f"FILE must lie in a folder that exists, got {source!r}: make {str(path.parent)!r} first")
    return path


def _name(wanted: str | None, stem: str, source: str) -> str:
    """The class's name, which nothing else in the file has."""
    nodes = list(ast.walk(ast.parse(source)))
    taken = {node.id for node in nodes if isinstance(node, ast.Name)} - {"Mine"}
    taken |= {alias.asname or alias.name for node in nodes if isinstance(node, ast.ImportFrom) for alias in node.names}
    if wanted is None:
        name = "".join(part[:1].upper() + part[1:] for part in stem.split("_"))
        usable = name.isidentifier() and not keyword.iskeyword(name) and name not in taken
        return name if usable else f"My{name}"
    if not wanted.isidentifier() or keyword.iskeyword(wanted) or wanted.startswith("_"):
        raise InvalidArgument(f"--name must be the name of a class, such as MyRule, got {wanted!r}")
    if wanted in taken:
        raise InvalidArgument(f"--name must not be {wanted}, which the file uses otherwise: write My{wanted}")
    return wanted


def _write(files: dict[pathlib.Path, str]) -> None:
    """Both files or none, and none that somebody else has written by now."""
    made: list[pathlib.Path] = []
    try:
        for path, content in files.items():
            with open(path, "x", encoding="utf-8") as file:
                made.append(path)
                file.write(content)
    except BaseException as error:
        for written in made:
            with contextlib.suppress(OSError):
                written.unlink()
        if isinstance(error, OSError | ValueError):
            reason = getattr(error, "strerror", None) or str(error)
            told = f"got {str(path)!r} ({reason}): name another folder"
            raise InvalidArgument(f"FILE must be a place where files can be written, {told}") from None
        raise


def _is_installed(path: pathlib.Path) -> bool:
    """Whether a module of this name comes from elsewhere: the file beside its tests would take its place."""
    try:
        found = importlib.util.find_spec(path.stem)
    except (ImportError, ValueError):
        return True
    return found is not None and found.origin != str(path.resolve())
