"""What other distributions offer under entry points: read from their metadata, imported only when it is used."""

from __future__ import annotations

import dataclasses
import keyword
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from .errors import SpecError

if TYPE_CHECKING:
    from importlib.metadata import Distribution

PREFIX = "backdoor_game."


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
    from importlib.metadata import distributions

    found: dict[str, list[Offer]] = {}
    for distribution in distributions():
        try:
            name = distribution.metadata["Name"]
            key = re.sub(r"[-_.]+", "-", name).lower()
            if key not in found:
                found[key] = list(_offers(distribution, name, rooms))
        except Exception:
            continue
    return sorted((one for many in found.values() for one in many), key=lambda one: (one.name, one.distribution))


def _offers(distribution: Distribution, name: str, rooms: Sequence[str]) -> Iterator[Offer]:
    if PREFIX not in (distribution.read_text("entry_points.txt") or ""):
        return
    for point in distribution.entry_points:
        room = point.group.removeprefix(PREFIX)
        if point.group.startswith(PREFIX) and room in rooms:
            yield Offer(point.name, room, point.value, name, distribution.version)


def problem(offer: Offer, among: Sequence[Offer]) -> str | None:
    """Why the name of an offer cannot be used, in one sentence, or None."""
    if not offer.name.isidentifier() or keyword.iskeyword(offer.name):
        return f"{offer.title} must have a name that is a Python identifier: write {offer.value}"
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
