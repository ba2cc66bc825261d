"""The contract of a trigger law: what nature offers in a round, before or after f, and what the attacker may pick."""

from __future__ import annotations

import abc
import dataclasses
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from ...functions.base import Booleans, Floats
from ...ground import _validate, lookup
from ...ground.errors import ContractError, InvalidArgument
from ...ground.showing import fields
from ...ground.spec import Configured, text
from ...ground.streams import Words
from ...players.views import GameLike
from ...spaces.distributions import Distribution
from ...spaces.domains import Domain, Points
from ..predicates import Predicate

OWN = __name__.split(".")[0] + "."
SHOWN = 256  # points that an attacker without an offer looks at: all where there are no more, else as many draws


@dataclasses.dataclass(frozen=True, eq=False)
class Offers:
    """The sets of triggers that nature may offer in a finite game, which of them first, and how often each.

    Attributes
    ----------
    members : ndarray of bool, shape (S, N)
        Which of D's points each set holds; at least one.
    chances : ndarray of float64, shape (S,)
        They sum to 1.
    """

    members: Booleans
    chances: Floats

    __repr__ = fields


class TriggerLaw(Configured, abc.ABC):
    """Writes `offered`, and `offers` where exact methods are to know it.

    In each round nature offers triggers, before or after the attacker picks f; the attacker's is one of them. Where
    nature offers none, it may be any point that `admits` allows.

    Attributes
    ----------
    before_original : bool
        Whether the attacker sees the offer when it picks f.
    draws : int or None
        Triggers that are offered a round; where there is one the attacker is not asked. None: no offer is made.
    predicate : Predicate or None
        What players may ask of a point through their views, at its cost.
    """

    before_original: ClassVar[bool] = False

    @property
    def draws(self) -> int | None:
        return 1

    if TYPE_CHECKING:  # read-only, so that a law may write a field

        @property
        def predicate(self) -> Predicate | None: ...

    else:
        predicate = None

    @abc.abstractmethod
    def offered(self, distribution: Distribution, keys: Words) -> Points | None:
        """Triggers (B, draws, n) for the rounds with these keys, row r depending on keys[r] alone; None: no offer."""

    @abc.abstractmethod
    def offers(self, points: Points, weights: Floats) -> Offers | None:
        """The law of what is offered where D has these points (N, n) and weights (N,); None where it is not finite.

        A law without an offer gives the one set of all that the attacker may pick.

        Raises
        ------
        InvalidArgument
            Where there are too many sets, with their number and the limit.
        """

    def admits(self, distribution: Distribution, X: Points) -> Booleans:
        """Which points (B, n) the attacker may pick where no offer is made, bool (B,): those of positive mass.

        Where D lists no atoms that is every point of the domain. A law that allows less writes `shown` too, where
        attackers look for what they may pick, or has a predicate, which they ask.
        """
        return drawable(distribution, X)

    def check(self, game: GameLike) -> None:
        """Refuse, with an `InvalidArgument` in one sentence, a game that it makes no sense in."""

    def shown(self, distribution: Distribution, keys: Words, domain: Domain) -> Points:
        """Points (B, k, n) that an attacker may look at where no offer is made: D's atoms, or as many draws of D."""
        listed = distribution.atoms()
        if listed is not None and len(listed[0]) <= SHOWN:
            points, weights = listed
            drawable = np.asarray(points)[np.asarray(weights) > 0]
            return np.broadcast_to(drawable, (len(keys), *drawable.shape))
        return distribution.sample_block(keys, 0, SHOWN)


def made_law(given: Any) -> TriggerLaw:
    """The law, or the one that this spec describes; a predicate in its place is told where it belongs."""
    read = lookup.read(given, "trigger") if isinstance(given, str) else given
    if isinstance(read, Predicate):
        raise InvalidArgument(
            f"trigger must be a TriggerLaw, got the Predicate {text(read)[:200]}: write "
            f"Satisfying({text(read)[:200]}), which lets the attacker pick any point on which it holds"
        )
    law: TriggerLaw = lookup.made(read, TriggerLaw, "trigger", "BeforeOriginal()")
    if law.draws is not None:
        _validate.integer(f"{type(law).__name__}.draws", law.draws, 1)
    return law


def drawable(distribution: Distribution, X: Points) -> Booleans:
    """Which points have positive mass, as far as D lists its atoms."""
    listed = distribution.atoms()
    if listed is None:
        return np.ones(len(X), dtype=np.bool_)
    points, weights = listed
    known = {point.tobytes() for point in np.ascontiguousarray(np.asarray(points)[np.asarray(weights) > 0])}
    return np.fromiter((x.tobytes() in known for x in np.ascontiguousarray(X)), dtype=np.bool_, count=len(X))


def singles(weights: Floats) -> Offers:
    """One point at a time, each as often as D draws it."""
    return Offers(np.eye(len(weights), dtype=np.bool_), np.asarray(weights, dtype=np.float64))


def checked_offer(law: TriggerLaw, offered: Points | None, domain: Domain, rounds: int) -> Points | None:
    """What a law offers, held to its contract: points (rounds, draws, n) of the domain, or None."""
    if type(law).__module__.startswith(OWN):
        return offered
    q = law.draws
    shape = None if offered is None else np.shape(offered)
    if shape != (None if q is None else (rounds, q, domain.n)):
        wanted = "None" if q is None else f"points of shape ({rounds}, {q}, {domain.n})"
        raise ContractError(f"{text(law)[:200]}: offered() must return {wanted}, got shape {shape}")
    try:
        return None if offered is None else domain.checked(offered)
    except InvalidArgument as error:
        raise ContractError(f"{text(law)[:200]}: offered() must return points of {domain!r}: {error}") from None


def admitted(law: TriggerLaw, distribution: Distribution, X: Points) -> Booleans:
    """Which points (B, n) the law lets the attacker pick where it offers none, held to its contract."""
    said = np.asarray(law.admits(distribution, X))
    if said.shape != (len(X),) or said.dtype != np.bool_:
        raise ContractError(
            f"{text(law)[:200]}: admits() must return bool of shape ({len(X)},), got {said.dtype} of shape {said.shape}"
        )
    return said
