"""Names that load when they are asked for: a pack's from its rooms, and old paths for one release more."""

from __future__ import annotations

import importlib
import sys
import types
import warnings
from collections.abc import Callable
from typing import Any

ROOT = "backdoor_game"
# Where the documented folders of 0.1 have gone. Their inner files give an error: two copies of a class would be worse.
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
    "estimation": "games.measuring.estimation",
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


def of_rooms(package: str, *rooms: str, beside: tuple[str, ...] = ()) -> Callable[[str], Any]:
    """The `__getattr__` of a package whose names are those of its rooms.

    Parameters
    ----------
    package : str
        Its ``__name__``.
    *rooms : str
        The rooms, whose ``__all__`` are searched in this order.
    beside : tuple of str, optional
        Modules that are found by their name alone, since what they import may be missing.
    """

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

    return load


def moved(package: str) -> Callable[[str], Any]:
    """The `__getattr__` of a package of the core: public names that went from it to a pack are still found."""

    def load(name: str) -> Any:
        root = importlib.import_module(ROOT)
        if name.startswith("_") or name not in root.PUBLIC:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return _told(package, name, ROOT, getattr(root, name))

    return load


class Moved(types.ModuleType):
    """An old path: it loads nothing before it is asked for a name, and then says where that name is now."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name != "__all__":
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        now = f"{ROOT}.{OLD[self.__name__.rpartition('.')[2]]}"
        here = importlib.import_module(now)
        if name == "__all__" or hasattr(here, name):
            return _told(self.__name__, name, now, getattr(here, name))
        root = importlib.import_module(ROOT)  # what went on from here to another pack
        if name not in root.PUBLIC:
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        return _told(self.__name__, name, ROOT, getattr(root, name))


def _told(old: str, name: str, new: str, value: Any) -> Any:
    # The third frame up is the import statement, or the line that asks for the attribute.
    warnings.warn(f"{old} is the old path of {name}: import it from {new}", DeprecationWarning, stacklevel=3)
    return value


def keep_old_paths() -> None:
    """Put an empty module for each old path beside the package, where import statements look."""
    for name, now in OLD.items():
        path = f"{ROOT}.{name}"
        sys.modules[path] = Moved(path, f"The old path of {ROOT}.{now}, kept for one release.")
