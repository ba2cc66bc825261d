"""`verify`: a saved result is played again from what it says, and every number compared."""

from __future__ import annotations

import dataclasses
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..games.measuring.summary import versions
from ..ground.errors import InvalidArgument
from ..ground.files import json_text
from ..ground.paths import quoted, read_bytes
from ..ground.progress import Progress, silent
from ..ground.results import Block, Result, short
from .replays import KINDS, Plain

ORIGINS = ("versions", "sources")  # where numbers come from, and no numbers themselves
MOST_SHOWN = 10  # fields that differ, in the lines; all are in `differences`
MOST_BYTES = 2**28  # of a file: a tournament of all shipped players takes a few megabytes
ABSENT = "nothing"


@dataclasses.dataclass(frozen=True)
class Mismatch:
    """A field, by its place such as ``points[2].estimate.win_rate``, as it was saved and as it comes out again."""

    field: str
    saved: Any
    again: Any


@dataclasses.dataclass(frozen=True, repr=False)
class Verification(Result):
    """What `verify` found.

    Attributes
    ----------
    kind : str
        Of the result: the command that makes it.
    fields : int
        How many numbers and texts were compared.
    differences : tuple of Mismatch
        Empty where everything came out the same.
    origins : tuple of str
        A sentence for each version and each plug-in file that is another one than it was.
    """

    kind: str
    fields: int
    differences: tuple[Mismatch, ...]
    origins: tuple[str, ...]

    @property
    def same(self) -> bool:
        """Whether everything came out the same."""
        return not self.differences

    def to_dict(self) -> dict[str, Any]:
        return {**dataclasses.asdict(self), "same": self.same}

    def blocks(self) -> Sequence[Block]:
        result = f"{self.kind}, played again: {self.fields} fields compared"
        if self.same:
            return [Block(notes=[f"{result}, all are the same", *self.origins])]
        rows = [(one.field, short(repr(one.saved), 40), short(repr(one.again), 40)) for one in self._shown()]
        left = len(self.differences) - len(rows)
        more = [f"and {left} more"] if left else []
        title = f"{result}, {len(self.differences)} differ"
        return [Block(rows, ("field", "saved", "again"), title, [*more, *self.origins])]

    def _shown(self) -> tuple[Mismatch, ...]:
        return self.differences[:MOST_SHOWN]

    def headline(self) -> str:
        return f"{self.kind}, {self.fields} fields, {len(self.differences)} differ"

    def table(self) -> list[dict[str, Any]]:
        """A row a field that differs."""
        return [dataclasses.asdict(one) for one in self.differences]


def verify(
    result: str | os.PathLike[str] | Mapping[str, Any] | Result,
    *,
    threads: int | None = None,
    progress: Progress = silent,
) -> Verification:
    """Play a saved result again, from the specs, seed, rounds, level and mode that it holds, and compare every number.

    Versions of packages and digests of plug-in files are told where they differ, and are no difference themselves.
    Fields that newer versions add are passed over.

    Parameters
    ----------
    result : path, dict or result
        What `estimate`, `curve`, `compare`, `tournament`, `play`, `solve`, `mixing` or `reproduce` saved or printed
        under ``--json`` (of `reproduce` the file that it saves); its `to_dict()`; or the result itself.
    threads : int, optional
        Threads to use; changes no number.
    progress : callable
        Called with (done, total).

    Raises
    ------
    InvalidArgument
        For a file that cannot be read or holds no such result.
    SpecError, ContractError
        Where a player is no longer there, or breaks its contract.

    Examples
    --------
    >>> from backdoor_game import AllFunctions, BackdoorGame, CoinFlip, Shattered, estimate
    >>> found = estimate(BackdoorGame(AllFunctions(points=8), "1/8"), Shattered(), CoinFlip(), rounds=100, seed=1)
    >>> verify(found.to_dict()).same
    True
    """
    saved = _plain(result.to_dict()) if isinstance(result, Result) else _read(result)
    kind, replay = _kind(saved)
    try:
        again = _plain(replay(saved, threads, progress))
        origins = tuple(dict.fromkeys(_origins(saved, again)))
    except (KeyError, TypeError, AttributeError, IndexError) as error:
        told = f"{type(error).__name__} {error}"
        raise InvalidArgument(f"result is no whole {kind}: {short(told)}: pass what --json printed") from error
    found = list(_walk(saved, again, ""))
    differences = tuple(one for one in found if not _equal(one.saved, one.again))
    return Verification(kind, len(found), differences, origins)


def _read(result: Any) -> Plain:
    """The data of a file, or of a dict as JSON would give it back."""
    if isinstance(result, Mapping):
        return _plain(dict(result))
    try:
        found = json.loads(read_bytes(result, "result", MOST_BYTES).decode("utf-8-sig"))
    except InvalidArgument:
        raise
    except (ValueError, RecursionError):
        raise InvalidArgument(f"result must be JSON as --json prints it, got {quoted(result)}") from None
    if not isinstance(found, dict):
        raise InvalidArgument(f"result must be one JSON object, got a {type(found).__name__} in {quoted(result)}")
    return found


def _plain(data: Plain) -> Plain:
    """The data as they come back from JSON."""
    found: Plain = json.loads(json_text(data))
    return found


def _kind(saved: Plain) -> tuple[str, Any]:
    for name, (keys, replay) in KINDS.items():
        if keys <= saved.keys():
            return name, replay
    raise InvalidArgument(
        f"result must be what one of {', '.join(KINDS)} saved, got fields {short(str(sorted(saved)))}"
    )


def _walk(saved: Any, again: Any, place: str) -> Iterator[Mismatch]:
    """Every number and text of what was saved beside the one that came out; of lists of unequal length the lengths."""
    if isinstance(saved, dict) and isinstance(again, dict):
        for name, value in saved.items():
            if name not in ORIGINS and (place, name) != ("", "files"):
                yield from _walk(value, again.get(name, ABSENT), f"{place}.{name}" if place else name)
    elif isinstance(saved, list) and isinstance(again, list) and len(saved) == len(again):
        for i, (one, other) in enumerate(zip(saved, again, strict=True)):
            yield from _walk(one, other, f"{place}[{i}]")
    else:
        yield Mismatch(place, saved, again)


def _equal(saved: Any, again: Any) -> bool:
    """Equal to the last bit; true is no 1."""
    return isinstance(saved, bool) == isinstance(again, bool) and bool(saved == again)


def _origins(saved: Any, again: Any) -> Iterator[str]:
    """What numbers come from, where it is another than it was; versions of today where the replay tells none."""
    if isinstance(saved, list) and isinstance(again, list):
        for one, other in zip(saved, again, strict=False):
            yield from _origins(one, other)
    if not (isinstance(saved, dict) and isinstance(again, dict)):
        return
    for name, then in (saved.get("versions") or {}).items():
        now = (again.get("versions") or versions()).get(name, "not installed")
        if then != now:
            yield f"{name} was {then}, and is {now}"
    for name, then in (saved.get("sources") or {}).items():
        now = (again.get("sources") or {}).get(name)
        if then != now:
            yield f"{name} has changed: its digest was {then}, and is {now}"
    for name in saved.keys() & again.keys() - set(ORIGINS):
        yield from _origins(saved[name], again[name])
