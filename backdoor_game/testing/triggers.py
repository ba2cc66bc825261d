"""Checks of trigger laws: what they offer, what they say of it, and what they admit."""

from __future__ import annotations

import functools
import math
from collections import Counter
from collections.abc import Hashable, Iterator
from typing import Any

import numpy as np

from ..functions.base import Booleans
from ..games.contract import call
from ..games.predicates import Predicate
from ..games.triggers import Offers
from ..ground.spec import text
from ..ground.streams import Words, role_keys
from ..spaces.domains import Points
from .manners import left_alone
from .results import Broken, NothingToCheck, demand, same
from .simulation import ROUNDING, demand_law
from .subjects import Subject, name
from .variant_subjects import GamePlace, games_with, need, refuse

ROWS = 6  # rounds at a time
ROUNDS = 6000  # a frequency that is off by 0.04 is found at level 1 - 1e-9
WHERE = "fits_a_game"


def accept(subject: Subject) -> None:
    """Refuse a law that makes no sense in any of the games."""
    refuse(subject, games_with("trigger", subject))


def fits_a_game(subject: Subject) -> str:
    """`check` lets it into one of the games at least, or refuses in one sentence; what it says of itself stays so."""
    before, places = text(subject.thing), games_with("trigger", subject)
    for place, sentence in places.breaks:
        raise Broken(sentence, place)
    law = subject.thing
    facts = law.draws, law.before_original, law.predicate
    demand(facts == (law.draws, law.before_original, law.predicate), "draws, before_original or predicate changes")
    counted = law.draws is None or (type(law.draws) is int and law.draws >= 1)
    demand(counted, f"draws must be a number of triggers, at least 1, or None, got {law.draws!r}")
    demand(isinstance(law.before_original, bool), f"before_original must be a bool, got {law.before_original!r}")
    demand(law.predicate is None or isinstance(law.predicate, Predicate), "predicate must be a Predicate or None")
    demand(text(law) == before, f"check() turns {before[:200]} into {name(law)}")
    return places.remark


def offers_have_their_form(subject: Subject) -> None:
    """`offered` gives points of the domain in shape (B, draws, n); None where `draws` is None, and only there."""
    for place in _places(subject):
        domain, q = place.domain, subject.thing.draws
        for rows in (1, ROWS):
            X = _offered(subject, place, _keys(rows))
            demand((X is None) == (q is None), f"offered() gives {'None' if X is None else 'points'}, draws is {q}")
            if X is None:
                continue
            right = X.shape == (rows, q, domain.n) and X.dtype == domain.dtype
            told = f"offered() must give {np.dtype(domain.dtype)} of shape ({rows}, {q}, {domain.n})"
            demand(right, f"{told}, got {X.dtype} of shape {X.shape}")
            demand(domain.contains(X).all(), f"{X[~domain.contains(X)][:1].tolist()} is offered, outside the domain")


def an_offer_depends_on_its_own_key(subject: Subject) -> None:
    """Row r of `offered` depends on key r alone, and is the same every time; other generators are left alone."""
    for place in _offering(subject):
        keys = _keys(ROWS)
        with left_alone():
            X = _offered(subject, place, keys)
            again = _offered(subject, place, keys)
        demand(same(X, again), "the same keys give another offer the second time")
        demand(same(X[::-1], _offered(subject, place, keys[::-1])), "other rows change a row's offer")
        for r in range(ROWS):
            alone = _offered(subject, place, keys[r : r + 1])
            demand(same(X[r : r + 1], alone), f"round {r} has another offer in a block of one")


def leaves_its_arguments_alone(subject: Subject) -> None:
    """Keys, points and weights hold the same bytes afterwards."""
    for place in _places(subject):
        keys = _keys(ROWS)
        given = keys.copy()
        _ask(subject, "offered", place.law, given)
        demand(same(given, keys), "offered() writes into its keys")
        if place.support is None:
            continue
        points, weights = (array.copy() for array in place.support)
        _ask(subject, "offers", points, weights)
        demand(same(points, place.support[0]), "offers() writes into the points")
        demand(same(weights, place.support[1]), "offers() writes into the weights")
        _ask(subject, "admits", place.law, points)
        demand(same(points, place.support[0]), "admits() writes into the points")


def offers_are_a_law(subject: Subject) -> None:
    """`offers`, where it is finite, are sets of at least one point with chances of at least 0 that sum to 1."""
    for place, stated in _stated(subject):
        members, chances = stated.members, stated.chances
        points = len(place.support[0]) if place.support is not None else 0
        shaped = members.shape == (len(chances), points) and members.dtype == np.bool_ and chances.ndim == 1
        demand(shaped, f"members must be bool of shape ({len(chances)}, {points}), got {members.dtype} {members.shape}")
        demand(members.any(axis=1).all(), "offers() names a set without a point")
        total = math.fsum(chances.tolist())
        demand((chances >= 0).all() and abs(total - 1) <= ROUNDING, f"the chances of offers() sum to {total:.12g}")


def offers_are_what_is_offered(subject: Subject) -> None:
    """Each set is offered as often as `offers` says, and no other is."""
    _need_offer(subject)
    for place, stated in _stated(subject):
        assert place.support is not None
        X = _offered(subject, place, role_keys(1, "testing", "trigger", 0, ROUNDS))
        drawn = Counter(map(frozenset, _indices(place.support[0], X).tolist()))
        law: dict[Hashable, float] = {}
        for row, chance in zip(stated.members, stated.chances.tolist(), strict=True):
            members = frozenset(np.flatnonzero(row).tolist())
            law[members] = law.get(members, 0.0) + chance
        demand_law(drawn, law, lambda members: f"an offer of the points numbered {sorted(members)}")


def admits_are_right(subject: Subject) -> None:
    """Without an offer: `admits` allows what D can draw and `offers` names, refuses the rest, each point by itself."""
    if subject.thing.draws is not None:
        raise NothingToCheck("it makes an offer, of which the attacker picks")
    for place in _places(subject):
        listed = place.law.atoms()
        if place.support is None or listed is None:
            continue
        points = place.support[0]
        said = _admits(subject, place, points)
        demand(said.any(), f"it admits none of the points that D can draw in {place}")
        stated = _ask(subject, "offers", *(array.copy() for array in place.support))
        if stated is not None:
            demand(len(stated.members) == 1, f"offers() names {len(stated.members)} sets, and nothing is offered")
            demand(same(said, stated.members[0]), "admits() and the one set of offers() disagree")
        others = np.asarray(listed[0])[np.asarray(listed[1]) <= 0]
        if place.domain.size is not None and place.domain.size <= len(points) * 2**10:
            every = place.domain.points()
            others = every[(every[:, None] != points).any(axis=2).all(axis=1)]
        demand(not _admits(subject, place, others).any(), f"it admits a point that D cannot draw in {place}")
        demand(same(said[::-1], _admits(subject, place, points[::-1])), "other points change what it says of a point")


def shows_what_it_admits(subject: Subject) -> None:
    """Without an offer: what `shown` gives are points of the domain, and those that satisfy it are admitted."""
    law = subject.thing
    if law.draws is not None:
        raise NothingToCheck("it makes an offer, of which the attacker picks")
    for place in _places(subject):
        X = np.asarray(_ask(subject, "shown", place.law, _keys(ROWS), place.domain))
        right = X.ndim == 3 and X.shape[::2] == (ROWS, place.domain.n) and X.shape[1] > 0
        demand(right, f"shown() must give points of shape ({ROWS}, k, {place.domain.n}), got {X.shape}")
        demand(place.domain.contains(X).all(), "shown() gives a point outside the domain")
        flat = X.reshape(-1, place.domain.n)
        wanted = np.ones(len(flat), dtype=np.bool_) if law.predicate is None else law.predicate.holds(flat)
        demand(same(_admits(subject, place, flat), wanted), "admits() and what is shown and satisfies it disagree")


CHECKS = (
    offers_have_their_form,
    an_offer_depends_on_its_own_key,
    leaves_its_arguments_alone,
    offers_are_a_law,
    offers_are_what_is_offered,
    admits_are_right,
    shows_what_it_admits,
)


def _places(subject: Subject) -> tuple[GamePlace, ...]:
    return need(games_with("trigger", subject), WHERE)


def _offering(subject: Subject) -> tuple[GamePlace, ...]:
    _need_offer(subject)
    return _places(subject)


def _need_offer(subject: Subject) -> None:
    if subject.thing.draws is None:
        raise NothingToCheck("it makes no offer")


def _keys(rows: int) -> Words:
    return role_keys(0, "testing", "trigger", 0, rows)


def _ask(subject: Subject, method: str, *given: Any) -> Any:
    """What the law answers; a mistake of its own is told with its file and line."""
    return call(subject.thing, method, functools.partial(getattr(subject.thing, method), *given))


def _offered(subject: Subject, place: GamePlace, keys: Words) -> Any:
    answer = _ask(subject, "offered", place.law, keys.copy())
    return None if answer is None else np.asarray(answer)


def _admits(subject: Subject, place: GamePlace, X: Points) -> Booleans:
    said = np.asarray(_ask(subject, "admits", place.law, X.copy()))
    right = said.shape == (len(X),) and said.dtype == np.bool_
    demand(right, f"admits() must give bool of shape ({len(X)},), got {said.dtype} of shape {said.shape}")
    return said


def _stated(subject: Subject) -> Iterator[tuple[GamePlace, Offers]]:
    """The places where the law says what it offers; there must be one."""
    several = False
    for place in _places(subject):
        if place.support is None:
            continue
        stated = _ask(subject, "offers", *(array.copy() for array in place.support))
        if stated is None:
            continue
        demand(isinstance(stated, Offers), f"offers() must return Offers or None, got {stated!r}")
        several = True
        yield place, stated
    if not several:
        raise NothingToCheck("it says of no finite game what it offers")


def _indices(points: Points, X: Points) -> Any:
    """Which of D's points each offered one is, (B, q)."""
    hits = (X[:, :, None] == points).all(axis=3)
    demand(hits.any(axis=2).all(), "a point is offered that D cannot draw")
    return hits.argmax(axis=2)
