"""Where a distribution is tried: the domains that it accepts."""

from __future__ import annotations

import dataclasses
import functools
import math
from collections.abc import Callable
from typing import Any

import numpy as np

from ..ground.errors import InvalidArgument, MissingCapability
from ..ground.inheritance import overrides
from ..ground.spec import text
from ..ground.streams import role_keys
from ..spaces.distributions import Distribution
from ..spaces.domains import Domain, Points
from . import examples
from .results import Broken, NothingToCheck
from .subjects import Subject, name

MOST_DOMAINS = 6  # each costs thousands of draws in every check
DRAWS = 6000  # a frequency that is off by 0.04 is found at level 1 - 1e-9
HELD = 20_000  # an atom of weight 1/1000 is missed one time in e^20
FAR = 100  # beyond every small domain
ROWS = 6  # streams at a time


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
    law, open_to_all = subject.thing, subject.games == examples.games()
    domains = tuple(dict.fromkeys(game.functions.domain for game in subject.games))
    if open_to_all:
        domains = _smallest(law) if not overrides(law, Distribution.on) else examples.domains()
    found, last = [], "no domain was given"
    for domain in domains:
        try:
            found.append(Place(domain, law.on(domain)))
        except (InvalidArgument, MissingCapability, ValueError) as error:
            last = str(error)
        if len(found) == MOST_DOMAINS:
            break
    if not found and open_to_all:
        told = f"{name(law)} fits none of the {len(examples.domains())} domains on which it is tried"
        raise InvalidArgument(f"{told}: name a game on its domain (games=[...], or --functions and --epsilon)")
    if not found:
        raise Broken(f"{name(law)} fits none of the {len(domains)} domains: {last}")
    return tuple(found)


def _smallest(law: Distribution) -> tuple[Domain, ...]:
    """The smallest domain that holds thousands of draws and every atom, for an `on` that looks at a few draws only."""
    X, support = np.asarray(law.sample(HELD, np.random.default_rng(0))), law.atoms()
    for domain in sorted(examples.domains(), key=lambda domain: domain.size or math.inf):
        fits = X.shape == (HELD, domain.n) and X.dtype == domain.dtype and domain.contains(X).all()
        if fits and (support is None or domain.contains(support[0]).all()):
            return (domain,)
    return ()


def accept(subject: Subject) -> None:
    """Refuse a distribution that fits no domain on which it can be tried; what else goes wrong, its checks tell."""
    try:
        places(subject)
    except InvalidArgument:
        raise
    except (Exception, SystemExit):
        return


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
    """Lowest and highest corners (9, n): a point, boxes between draws, boxes that hang over, empty ones, everything."""
    X = law.draws(seed, 0, 2, 4)
    low, high = X.min(axis=1), X.max(axis=1)
    high[0] = low[0]
    one, far = low.dtype.type(1), low.dtype.type(FAR)
    signed = low.dtype.kind != "u"
    outer, farther = (low - one, low - far) if signed else (low, np.zeros_like(low))
    half = low.copy()  # empty in its first coordinate alone
    half[:, 0] = high[:, 0] + one
    lows = [low, outer[1:2], low[1:2], farther[1:2], high[1:2] + one, half[1:2]]
    highs = [high, high[1:2], high[1:2] + one, high[1:2] + far, low[1:2], high[1:2]]
    return np.concatenate(lows), np.concatenate(highs)


def inside(X: Points, low: Points, high: Points) -> Any:
    """Which of the points X (m, n) lie in the box."""
    return ((low <= X) & (high >= X)).all(axis=1)


def offered(subject: Subject, what: str, capability: Callable[[Place], Any]) -> None:
    """Skip a check where the law says nothing of the kind in any of its places."""
    if all(capability(place) is None for place in fitting(subject)):
        raise NothingToCheck(f"it gives no {what}")
