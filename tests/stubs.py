"""Stubs of what loads when it is asked for: `python -m tests.stubs` writes them from the tables that the package uses.

Type checkers read `__init__.pyi` in the place of an `__init__.py`: out of its `__getattr__` they would take Any.
"""

from __future__ import annotations

import importlib
import pathlib

import backdoor_game
from backdoor_game.ground.namespace import LAZY
from backdoor_game.ground.public import HOMES, ROOMS

HOUSE = pathlib.Path(backdoor_game.__file__).parent
HEAD = '"""Written by `python -m tests.stubs` from {table}: what type checkers see of names that load late."""\n'


def front() -> str:
    """The stub of the package itself: every public name and every sub-package that is one."""
    lines = [HEAD.format(table="`ground/public.py`"), f"from . import {_again(ROOMS)}"]
    lines += [f"from .{home} import {_again(names)}" for home, names in sorted(HOMES.items()) if names]
    lines += ["", "PUBLIC: frozenset[str]", "__version__: str", _listed(backdoor_game.__all__)]
    return "\n".join(lines)


def pack(name: str) -> str:
    """The stub of a sub-package whose names are those of its rooms."""
    rooms, beside = LAZY[f"backdoor_game.{name}"]
    offered = {room: importlib.import_module(f"backdoor_game.{name}.{room}").__all__ for room in rooms}
    lines = [HEAD.format(table="its rooms' `__all__`"), f"from . import {_again([*rooms, *beside])}"]
    lines += [f"from .{room} import {_again(names)}" for room, names in sorted(offered.items())]
    return "\n".join([*lines, "", _listed({name for names in offered.values() for name in names})])


def stubs() -> dict[pathlib.Path, str]:
    """Every stub and what must stand in it."""
    importlib.import_module("backdoor_game.catalog")  # which loads the packs
    packs = {HOUSE / name / "__init__.pyi": name for name in sorted(one.split(".")[1] for one in LAZY)}
    return {HOUSE / "__init__.pyi": front()} | {path: pack(name) for path, name in packs.items()}


def _again(names) -> str:
    """Names as what a stub hands on."""
    return "(\n" + "".join(f"    {name} as {name},\n" for name in sorted(names)) + ")"


def _listed(names) -> str:
    return "__all__ = [\n" + "".join(f'    "{name}",\n' for name in sorted(names)) + "]\n"


if __name__ == "__main__":
    for place, content in stubs().items():
        place.write_text(content)
