"""Where trigger laws, predicates, reveals and observations are tried: the games and domains that they accept."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..functions.base import Codes, Floats
from ..functions.table import has_table, table
from ..games import BackdoorGame
from ..games.contract import blamed
from ..ground.errors import BackdoorGameError, ContractError, InvalidArgument
from ..ground.spec import text
from ..players.attackers import Shattered
from ..spaces.checked import checked
from ..spaces.distributions import Distribution
from ..spaces.domains import Domain, Points
from . import examples
from .results import NothingToCheck
from .subjects import Subject, name

MOST = 8  # places: each costs thousands of draws in several checks
SMALL = 64  # points up to which a game or domain is tried as a whole
MOST_MEMBERS = 64  # functions of a class whose kernel is looked at as a whole


@dataclasses.dataclass(frozen=True)
class Places:
    """Where a thing is tried, and what it says where it refuses."""

    there: tuple[Any, ...]
    refusals: tuple[str, ...]
    breaks: tuple[tuple[str, str], ...]  # place and sentence

    @property
    def remark(self) -> str:
        """How many places it fits, and the first that it refuses."""
        said = f"fits {len(self.there)} of {len(self.there) + len(self.refusals)} places"
        return f"{said}; the first that it refuses: {self.refusals[0][:120]}" if self.refusals else said


@dataclasses.dataclass(frozen=True)
class GamePlace:
    """A variant of a game, with D as the engine uses it."""

    game: BackdoorGame
    law: Distribution

    def __str__(self) -> str:
        return text(self.game)

    @property
    def domain(self) -> Domain:
        return self.game.functions.domain

    @functools.cached_property
    def support(self) -> tuple[Points, Floats] | None:
        """The points that D can draw and their weights; None where it lists none, or too many."""
        listed = self.law.atoms()
        if listed is None or len(listed[0]) > SMALL:
            return None
        points, weights = np.asarray(listed[0]), np.asarray(listed[1])
        return points[weights > 0], weights[weights > 0]

    @functools.cached_property
    def codes(self) -> Codes | None:
        """All members, where they are few."""
        functions = self.game.functions
        count = functions.count()
        return table(functions).codes if count is not None and count <= MOST_MEMBERS and has_table(functions) else None


def _place(game: BackdoorGame) -> GamePlace:
    law = game.distribution if game.distribution is not None else game.setup(Shattered())
    return GamePlace(game, checked(law, game.functions.domain))


def found(places: Sequence[Any], accepts: Callable[[Any], Any]) -> Places:
    """What `accepts` makes of each of the places, at most so many, and what it says where it refuses."""
    there, refusals, breaks = [], [], []
    for place in places:
        try:
            made = blamed(functools.partial(accepts, place))
        except ContractError as error:
            breaks.append((str(place), str(error)))
        except BackdoorGameError as error:
            refusals.append(str(error))
        else:
            there.append(made)
        if len(there) == MOST:
            break
    return Places(tuple(there), tuple(refusals), tuple(breaks))


@functools.lru_cache(maxsize=32)
def games_with(field: str, subject: Subject) -> Places:
    """The games with the thing in this field."""
    return found(subject.games, lambda game: _place(dataclasses.replace(game, **{field: subject.thing})))


@functools.lru_cache(maxsize=32)
def domains_of(subject: Subject) -> Places:
    """The domains on which a predicate says something: those of the games, else small ones of every kind."""
    domains = [game.functions.domain for game in subject.games]
    if subject.games == examples.games():
        domains = [*dict.fromkeys(examples.domains())]

    def accepts(domain: Domain) -> Domain:
        subject.thing.check(domain)
        return domain

    return found([domain for domain in dict.fromkeys(domains) if domain.size is None or domain.size <= SMALL], accepts)


@functools.lru_cache(maxsize=32)
def classes_of(subject: Subject) -> Places:
    """The games whose class and D are listed, and whose class an observation accepts."""

    def accepts(game: BackdoorGame) -> GamePlace:
        made = _place(game)
        if made.codes is None or made.support is None:
            raise InvalidArgument(f"{text(game)[:200]} is too large to be looked at as a whole")
        subject.thing.check(game.functions)
        return made

    return found(subject.games, accepts)


def need(places: Places, check: str) -> tuple[Any, ...]:
    """The places, without which there is nothing to check."""
    if not places.there:
        raise NothingToCheck(f"there is no place for it: see `{check}`")
    return places.there


def refuse(subject: Subject, places: Places) -> None:
    """Refuse a thing that fits nowhere; what breaks is told by its checks."""
    if not places.there and not places.breaks:
        last = places.refusals[-1] if places.refusals else "no game was given"
        told = f"{name(subject.thing)} fits none of the games on which it is tried: {last}"
        raise InvalidArgument(f"{told}; name a game that it fits (--functions, --epsilon, or games=[...])")
