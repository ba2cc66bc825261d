"""Names that load when they are asked for: a pack's from its rooms, and old paths for one release more."""

from __future__ import annotations

import importlib
import importlib.machinery
import sys
import types
import warnings
from collections.abc import Callable, Sequence
from typing import Any

ROOT = "backdoor_game"
# Where the documented folders have gone, and where else their names are. Their inner files give an error: a second copy
# of a class would be worse.
OLD = {
    "attackers": "players.attackers",
    "backdoors": "planting.backdoors",
    "coins": "planting.coins",
    "datasets": "planting.datasets",
    "defenders": "players.defenders",
    "delegates": "planting.delegates",
    "detectors": "planting.detectors",
    "diagnostics": "games.measuring.mixing",
    "distributions": "spaces.distributions",
    "domains": "spaces.domains",
    "errors": "ground.errors",
    "estimation": "matches.estimating",
    "estimators": "planting.estimators",
    "forgers": "planting.forgers",
    "keys": "planting.keys",
    "learners": "players.learners",
    "models": "catalog.saved_models",
    "obfuscators": "circuits.obfuscators",
    "records": "games.measuring.records",
    "responses": "exact.responses",
    "smoothing": "planting.smoothing",
    "solving": "exact.solving",
    "streams": "ground.streams",
    "updates": "planting.updates",
    "views": "players.views",
}
ALSO = {"learners": "players.views", "views": "planting.views"}
# These alone may say that an extra is missing.
WANTING = {"estimators": ("RandomFourierClassifier", "RandomReLUClassifier")}


# The packages whose names are those of their rooms, with these and with what is beside them; `tests/stubs.py` reads it.
LAZY: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {}
Loads = tuple[Callable[[str], Any], Callable[[], list[str]]]


def of_rooms(package: str, *rooms: str, beside: tuple[str, ...] = ()) -> Loads:
    """The `__getattr__` and the `__dir__` of a package whose names are those of its rooms.

    Parameters
    ----------
    package : str
        Its ``__name__``.
    *rooms : str
        The rooms, whose ``__all__`` are searched in this order.
    beside : tuple of str, optional
        Modules that are found by their name alone, since what they import may be missing.
    """

    LAZY[package] = rooms, beside

    def load(name: str) -> Any:
        if name in rooms or name in beside:
            return importlib.import_module(f"{package}.{name}")
        if name == "__all__" or not name.startswith("_"):
            found = {one: room for room in rooms for one in importlib.import_module(f"{package}.{room}").__all__}
            if name == "__all__":
                return sorted(found)
            if name in found:
                return getattr(sys.modules[f"{package}.{found[name]}"], name)
        raise AttributeError(f"module {package!r} has no attribute {name!r}")

    return load, lambda: sorted([*rooms, *beside, *load("__all__")])


def moved(package: str, *rooms: str) -> Loads:
    """The `__getattr__` and the `__dir__` of a package of the core that loads some of its `rooms` when asked for them.

    Public names that went from it to a pack are still found.
    """

    def load(name: str) -> Any:
        if name in rooms:
            return importlib.import_module(f"{package}.{name}")
        root = importlib.import_module(ROOT)
        if name.startswith("_") or name not in root.PUBLIC:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return _told(package, name, ROOT, getattr(root, name))

    return load, lambda: sorted([*rooms, *sys.modules[package].__all__])


class Moved(types.ModuleType):
    """An old path: it loads nothing before it is asked for a name, and then says where that name is now."""

    def __getattr__(self, name: str) -> Any:
        old = self.__name__.rpartition(".")[2]
        unknown = AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        if name.startswith("__") and name != "__all__":
            raise unknown
        for now in filter(None, (OLD[old], ALSO.get(old))):
            try:
                here = importlib.import_module(f"{ROOT}.{now}")
            except Exception as error:  # tools ask every module for every name, and expect no other exception
                if name in WANTING.get(old, ()):
                    raise
                raise unknown from error
            if hasattr(here, name):
                return _told(self.__name__, name, here.__name__, getattr(here, name))
        root = importlib.import_module(ROOT)  # what went on from here to another pack
        if name not in root.PUBLIC:
            raise unknown
        return _told(self.__name__, name, ROOT, getattr(root, name))


class _OldPaths:
    """Makes the module of an old path when it is imported: what walks all modules that there are meets none before.

    A finder and a loader by its methods alone: `importlib.abc` would triple the time that the package takes to import.
    """

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        package, _, name = fullname.rpartition(".")
        loader: Any = self
        return importlib.machinery.ModuleSpec(fullname, loader) if package == ROOT and name in OLD else None

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        return Moved(spec.name, f"The old path of {ROOT}.{OLD[spec.name.rpartition('.')[2]]}, kept for one release.")

    def exec_module(self, module: types.ModuleType) -> None:
        """There is nothing to run."""


def _told(old: str, name: str, new: str, value: Any) -> Any:
    # The third frame up is the import statement, or the line that asks for the attribute.
    warnings.warn(f"{old} is the old path of {name}: import it from {new}", DeprecationWarning, stacklevel=3)
    return value


def keep_old_paths() -> None:
    """Let import statements find the old paths, where nothing else is found."""
    if not any(isinstance(finder, _OldPaths) for finder in sys.meta_path):
        finder: Any = _OldPaths()
        sys.meta_path.append(finder)
