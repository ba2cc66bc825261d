"""What other distributions offer under entry points: read from their metadata, imported only when it is used."""

from __future__ import annotations

import dataclasses
import keyword
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from ._validate import did_you_mean
from .errors import SpecError

if TYPE_CHECKING:
    from importlib.metadata import Distribution

PREFIX = "backdoor_game."
_VALUE = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*:[^\W\d]\w*(\.[^\W\d]\w*)*")


@dataclasses.dataclass(frozen=True)
class Offer:
    """One entry point: its name in specs, the room that it joins, where its class is, and whose it is."""

    name: str
    room: str
    value: str
    distribution: str
    version: str

    @property
    def group(self) -> str:
        """The group of entry points, such as ``backdoor_game.defenders``."""
        return PREFIX + self.room

    @property
    def by(self) -> str:
        """The distribution with its version."""
        return f"{self.distribution} {self.version}"

    @property
    def title(self) -> str:
        """What a sentence about it begins with."""
        return f"entry point {self.name!r} of {self.by} ({self.value})"


def offers(rooms: Sequence[str]) -> list[Offer]:
    """Every entry point in the groups of these rooms, by name.

    A distribution counts where it is first on the path, as for imports; one whose metadata cannot be read is left out.
    """
    return sorted(_read(rooms)[0], key=lambda one: (one.name, one.distribution))


def problems(rooms: Sequence[str]) -> list[str]:
    """A sentence for each distribution whose entry points cannot be read, and each group of ours that there is not."""
    return sorted(_read(rooms)[1])


def _read(rooms: Sequence[str]) -> tuple[list[Offer], list[str]]:
    from importlib.metadata import distributions

    seen: set[str] = set()
    found: list[Offer] = []
    told: list[str] = []
    for distribution in distributions():
        try:
            name = distribution.metadata["Name"]
            key = re.sub(r"[-_.]+", "-", name).lower()
        except Exception:
            continue
        if key in seen:
            continue
        seen.add(key)
        try:
            ours = list(_offers(distribution, name))
        except Exception as error:
            told.append(f"the entry points of {name} cannot be read: {type(error).__name__}")
            continue
        found += [offer for offer in ours if offer.room in rooms]
        told += [_unknown(offer, rooms) for offer in ours if offer.room not in rooms]
    return found, told


def _unknown(offer: Offer, rooms: Sequence[str]) -> str:
    groups = [PREFIX + room for room in rooms]
    return f"{offer.title} is in the unknown group {offer.group!r}: {did_you_mean(offer.group, groups)}"


def _offers(distribution: Distribution, name: str) -> Iterator[Offer]:
    if PREFIX not in (distribution.read_text("entry_points.txt") or ""):
        return
    for point in distribution.entry_points:
        if point.group.startswith(PREFIX):
            yield Offer(point.name, point.group.removeprefix(PREFIX), point.value, name, distribution.version)


def problem(offer: Offer, among: Sequence[Offer]) -> str | None:
    """Why the name of an offer cannot be used, in one sentence, or None."""
    if not offer.name.isidentifier() or keyword.iskeyword(offer.name):
        return f"{offer.title} must have a name that is a Python identifier: write {offer.value}"
    if not _VALUE.fullmatch(offer.value):
        return f"{offer.title} must say where its class is as module:Name"
    rivals = [one for one in among if one.name == offer.name]
    if len(rivals) > 1:
        named = " and ".join(f"{one.by} ({one.value})" for one in rivals)
        return f"{offer.name!r} is offered by {named}: write one of these instead"
    return None


def load(offer: Offer) -> Any:
    """What an offer's value names.

    Raises
    ------
    SpecError
        In one sentence that names the distribution, where it does not import or is not there.
    """
    from importlib.metadata import EntryPoint

    try:
        return EntryPoint(offer.name, offer.value, offer.group).load()
    except (Exception, SystemExit) as error:
        reason = str(error).splitlines()[0] if str(error) else "no message"
        raise SpecError(f"{offer.title} does not load: {type(error).__name__}: {reason}") from error
