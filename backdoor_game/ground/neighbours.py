"""The neighbours of a plug-in file: which files of its folder its import statements mean, and all of them read once."""

from __future__ import annotations

import ast
import builtins
import functools
import pathlib
import sys
import types
from collections.abc import Callable, Mapping
from typing import Any

from .errors import InvalidArgument, SpecError
from .paths import read_bytes

OWN = __name__.split(".")[0]
Parts = tuple[str, ...]
Contents = Mapping[str, bytes]


def contents(root: pathlib.Path, file: str, named: str) -> dict[str, bytes]:
    """The file and all neighbours that it reaches, each read once, by path relative to `root`."""
    found: dict[str, bytes] = {}
    waiting = [file]
    while waiting:
        file = waiting.pop()
        if file in found:
            continue
        try:
            found[file] = read_bytes(root / file if found else named, "file")
        except InvalidArgument as error:
            raise SpecError(str(error)) from None
        for parts in _imports(found[file], _package(file)):
            reached = [_neighbour(parts[:n], lambda one: (root / one).is_file()) for n in range(1, len(parts) + 1)]
            waiting += [one for one in reached if one is not None]
    return found


@functools.lru_cache(maxsize=256)  # each file is asked for itself and for whoever imports it
def _imports(content: bytes, package: Parts) -> tuple[Parts, ...]:
    """What the import statements of a file may mean, wherever they stand, as dotted names below the root."""
    try:
        tree = ast.parse(content)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ()  # said when it runs
    found: list[Parts] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [tuple(alias.name.split(".")) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = _absolute(node.module or "", node.level, package)
            found += [(*base, alias.name) for alias in node.names]
    return tuple(found)


def _absolute(name: str, level: int, package: Parts) -> Parts:
    base = package[: max(0, len(package) - level + 1)] if level else ()
    return (*base, *filter(None, name.split(".")))


def _package(file: str) -> Parts:
    return pathlib.PurePosixPath(file).parent.parts


def _neighbour(parts: Parts, there: Callable[[str], bool]) -> str | None:
    """The file that a dotted name below the root means; None where it means none."""
    if not parts or parts[0] in sys.stdlib_module_names or parts[0] == OWN:
        return None
    return next((file for file in ("/".join([*parts, "__init__.py"]), "/".join(parts) + ".py") if there(file)), None)


def reached(file: str, among: Contents) -> list[str]:
    """The file itself and every neighbour that it imports, directly or not, among those that were read."""
    found, waiting = set[str](), [file]
    while waiting:
        one = waiting.pop()
        found.add(one)
        names = [parts[:n] for parts in _imports(among[one], _package(one)) for n in range(1, len(parts) + 1)]
        near = {_neighbour(parts, among.__contains__) for parts in names}
        waiting += [other for other in near if other is not None and other not in found]
    return sorted(found)


class Importer:
    """`__import__` of one plug-in file: neighbours as they were read, and everything else as ever.

    Parameters
    ----------
    file : str
        The file whose import statements it serves, relative to the root.
    among : mapping
        What was read.
    run : callable
        Gives the module of one of these files.
    """

    def __init__(self, file: str, among: Contents, run: Callable[[str], types.ModuleType]) -> None:
        self._package, self._among, self._run = _package(file), among, run

    def __call__(self, name: str, globals: Any = None, locals: Any = None, fromlist: Any = (), level: int = 0) -> Any:
        parts = _absolute(name, level, self._package)
        inside = level <= len(self._package) + 1 and (self._finds(parts[:1]) is not None if parts else level > 0)
        if not inside:
            return builtins.__import__(name, globals, locals, fromlist, level)
        chain = [self._module(parts[:n]) for n in range(1, len(parts) + 1)]
        for package, part, module in zip(chain, parts[1:], chain[1:], strict=False):
            setattr(package, part, module)
        if not fromlist:
            return chain[0]
        leaf: Any = chain[-1] if chain else types.SimpleNamespace()
        for item in fromlist:
            if not hasattr(leaf, item) and self._finds((*parts, item)) is not None:
                setattr(leaf, item, self._module((*parts, item)))
        return leaf

    def _finds(self, parts: Parts) -> str | None:
        return _neighbour(parts, self._among.__contains__)

    def _module(self, parts: Parts) -> types.ModuleType:
        file = self._finds(parts)
        if file is None:
            raise ModuleNotFoundError(f"No module named {'.'.join(parts)!r}", name=".".join(parts))
        return self._run(file)
