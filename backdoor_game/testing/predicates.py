"""Checks of predicates: a yes or no of each point by itself, at a cost that is a number."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np

from ..games.contract import call
from ..ground.spec import text
from ..ground.streams import role_keys
from ..spaces.domains import Domain, Points
from .manners import left_alone
from .results import Broken, demand, same
from .subjects import Subject, name
from .variant_subjects import domains_of, need, refuse

REALS = 32  # points of a domain that lists none
WHERE = "fits_a_domain"


def accept(subject: Subject) -> None:
    """Refuse a predicate that says nothing of any of the domains."""
    refuse(subject, domains_of(subject))


def fits_a_domain(subject: Subject) -> str:
    """`check` lets it onto one of the domains at least, or refuses in one sentence, and changes nothing."""
    before, places = text(subject.thing), domains_of(subject)
    for place, sentence in places.breaks:
        raise Broken(sentence, place)
    demand(text(subject.thing) == before, f"check() turns {before[:200]} into {name(subject.thing)}")
    return places.remark


def answers_are_bools(subject: Subject) -> None:
    """`holds` gives bool of shape (m,) for m points, none among them."""
    for domain in _domains(subject):
        points = _points(domain)
        for X in (points, points[:1], points[:0]):
            said = np.asarray(_ask(subject, X.copy()))
            right = said.shape == (len(X),) and said.dtype == np.bool_
            demand(right, f"holds() must give bool of shape ({len(X)},), got {said.dtype} of shape {said.shape}")


def an_answer_depends_on_its_own_point(subject: Subject) -> None:
    """A batch is its points one by one, in whatever order and however often; no coin is tossed."""
    for domain in _domains(subject):
        X = _points(domain)
        with left_alone():
            said, again = _answers(subject, X), _answers(subject, X)
        demand(same(said, again), f"other answers the second time on {text(domain)}")
        demand(same(said[::-1], _answers(subject, X[::-1])), f"the order of points changes answers on {text(domain)}")
        alone = np.concatenate([_answers(subject, X[r : r + 1]) for r in range(len(X))])
        demand(same(said, alone), f"a point has another answer alone than among others on {text(domain)}")


def leaves_its_points_alone(subject: Subject) -> None:
    """The points hold the same bytes afterwards, and may be read-only."""
    for domain in _domains(subject):
        X = _points(domain)
        given = X.copy()
        _ask(subject, given)
        demand(same(given, X), "holds() writes into its points")
        given.setflags(write=False)
        _ask(subject, given)


def cost_is_a_number(subject: Subject) -> None:
    """`cost` is a whole number of at least 0, the same whenever it is looked at, however often it is asked."""
    costs = [subject.thing.cost]
    for domain in _domains(subject):
        _ask(subject, _points(domain))
        costs.append(subject.thing.cost)
    right = all(type(cost) is int and cost >= 0 for cost in costs)
    demand(right, f"cost must be a whole number, at least 0, got {costs[0]!r}")
    demand(len(set(costs)) == 1, f"cost is {costs[0]}, and then {costs[-1]}")


CHECKS = (answers_are_bools, an_answer_depends_on_its_own_point, leaves_its_points_alone, cost_is_a_number)


def _domains(subject: Subject) -> tuple[Domain, ...]:
    return need(domains_of(subject), WHERE)


def _points(domain: Domain) -> Points:
    """All points; of a domain that lists none such as a game draws, quarters in each coordinate."""
    if domain.size is not None:
        return domain.points().copy()
    words = role_keys(0, "testing", "fresh", 0, REALS * domain.n).reshape(REALS, domain.n)
    return ((words >> np.uint64(60)).astype(np.float64) / 4.0).astype(domain.dtype)


def _ask(subject: Subject, X: Points) -> Any:
    return call(subject.thing, "holds", functools.partial(subject.thing.holds, X))


def _answers(subject: Subject, X: Points) -> Any:
    said = np.asarray(_ask(subject, X.copy()))
    demand(said.shape == (len(X),), f"holds() must give shape ({len(X)},), got {said.shape}")
    return said
