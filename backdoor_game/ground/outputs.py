"""The files of one run: its place is claimed before play, and another run's results are never overwritten unasked."""

from __future__ import annotations

import dataclasses
import json
import pathlib
from collections.abc import Mapping
from typing import Any

from .errors import InvalidArgument
from .files import Waiting, check_writable, put


@dataclasses.dataclass(frozen=True)
class Claim:
    """A place for a run's results.

    Attributes
    ----------
    folder : Path
    name : str
        Of the JSON file that says whose results these are.
    about : mapping
        What that file must hold, perhaps among other things, to be this run's: seed, specs, rounds.
    overwrite : bool
        Put the results there whatever it holds.
    """

    folder: pathlib.Path
    name: str
    about: Mapping[str, Any]
    overwrite: bool = False

    def check(self) -> None:
        """Refuse a place that holds another run's results; the same run again may overwrite itself.

        Raises
        ------
        InvalidArgument
        """
        path = self.folder / self.name
        if self.overwrite or not path.exists():
            return
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            found = None
        if not holds(found, json.loads(json.dumps(self.about))):
            seed = found.get("seed") if isinstance(found, dict) else None
            whose = "another run's results" if seed is None else f"the results of another run (seed {seed})"
            where = f"output {str(self.folder)!r} holds {whose} in {self.name}"
            raise InvalidArgument(f"{where}: name another folder, or overwrite it (--overwrite)")

    def put(self, waiting: Waiting) -> None:
        """Put gathered files in place, all or none, the one that says whose they are first.

        Raises
        ------
        InvalidArgument
            Where they cannot be written, or where another run has come first.
        """
        own = self.folder / self.name
        first = {path: content for path, content in waiting.contents.items() if path == own}
        put({**first, **waiting.contents}, may=self.check)


def claim(
    folder: str, name: str, about: Mapping[str, Any], *, overwrite: bool = False, argument: str = "output"
) -> Claim:
    """A place for a run's results, once it is sure that they may be put there and can be.

    Raises
    ------
    InvalidArgument
        In one sentence that says what would do, before long work starts.
    """
    found = Claim(check_writable(folder, argument), name, about, overwrite)
    found.check()
    return found


def holds(found: Any, wanted: Any) -> bool:
    """Whether JSON data are what is wanted, perhaps with more keys."""
    if isinstance(wanted, dict):
        return isinstance(found, dict) and all(key in found and holds(found[key], wanted[key]) for key in wanted)
    if isinstance(wanted, list):
        return isinstance(found, list) and len(found) == len(wanted) and all(map(holds, found, wanted))
    return bool(found == wanted)
