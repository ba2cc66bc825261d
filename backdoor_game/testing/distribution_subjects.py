"""Where a distribution is tried: the domains that it accepts."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable
from typing import Any

from ..distributions import Distribution
from ..domains import Domain, Points
from ..errors import InvalidArgument, MissingCapability
from ..spec import text
from ..streams import role_keys
from . import examples
from .results import Broken, NothingToCheck
from .subjects import Subject, name

MOST_DOMAINS = 6
DRAWS = 6000
ROWS = 6


@dataclasses.dataclass(frozen=True)
class Place:
    """A distribution filled in for a domain."""

    domain: Domain
    law: Distribution

    def __str__(self) -> str:
        return f"{text(self.law)} on {text(self.domain)}"

    def draws(self, seed: int, start: int = 0, m: int = 5, rows: int = ROWS) -> Points:
        """Points of `rows` streams, (rows, m, n)."""
        return self.law.sample_block(keys(seed, rows), start, m)

    def many(self, seed: int) -> Points:
        """Independent points (DRAWS, n)."""
        return self.draws(seed, 0, 1, DRAWS)[:, 0]


def keys(seed: int, rows: int) -> Any:
    """Fixed keys."""
    return role_keys(seed, "testing", "fresh", 0, rows)


@functools.lru_cache(maxsize=32)
def places(subject: Subject) -> tuple[Place, ...]:
    """The domains that the distribution accepts: those of the games, else small ones of every kind."""
    given = tuple(dict.fromkeys(game.functions.domain for game in subject.games))
    domains = examples.domains() if subject.games == examples.games() else given
    found, last = [], "no domain was given"
    for domain in domains:
        try:
            found.append(Place(domain, subject.thing.on(domain)))
        except (InvalidArgument, MissingCapability, ValueError) as error:
            last = str(error)
        if len(found) == MOST_DOMAINS:
            break
    if not found:
        raise Broken(f"{name(subject.thing)} fits none of the {len(domains)} domains: {last}")
    return tuple(found)


def drawn_places(subject: Subject) -> dict[str, Any]:
    """Strategies for a place and a seed."""
    from hypothesis import strategies

    return {"law": strategies.sampled_from(fitting(subject)), "seed": strategies.integers(0, 255)}


def fitting(subject: Subject) -> tuple[Place, ...]:
    """The places, without which there is nothing to check."""
    try:
        return places(subject)
    except Broken as broken:
        raise NothingToCheck("it fits no domain: see `fits_a_domain`") from broken


def boxes(law: Place, seed: int) -> tuple[Points, Points]:
    """Boxes between drawn points: lowest and highest corners (4, n), the first of them a single point."""
    X = law.draws(seed, 0, 2, 4)
    low, high = X.min(axis=1), X.max(axis=1)
    high[0] = low[0]
    return low, high


def inside(X: Points, low: Points, high: Points) -> Any:
    """Which of the points X (m, n) lie in the box."""
    return ((low <= X) & (high >= X)).all(axis=1)


def offered(subject: Subject, what: str, capability: Callable[[Place], Any]) -> None:
    """Skip a check where the law says nothing of the kind in any of its places."""
    if all(capability(place) is None for place in fitting(subject)):
        raise NothingToCheck(f"it gives no {what}")
