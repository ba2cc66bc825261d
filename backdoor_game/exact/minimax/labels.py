"""A class as a matrix without doubles: equal functions are one, and so are points that no pair tells apart."""

from __future__ import annotations

import dataclasses
import itertools

import numpy as np

from ...functions import FunctionClass
from ...functions.base import Labels, missing
from ...functions.listing import shown_count
from ...functions.table import has_table, table
from ...ground.errors import InvalidArgument
from ...ground.inheritance import overrides
from ...ground.showing import fields
from ...ground.spec import text
from ...spaces.domains import ENUMERABLE_POINTS, Points

Pair = tuple[int, int]
LISTED = 2**12  # functions before equal ones are merged: a table of that size is read in a moment
# Flows (x, {f, g}), each a column: SCIP reaches its first bound on 2,000 in a minute, and bounds of larger programs
# stay so far from closed that they say no more than 1/2.
FLOWS = 2_000


@dataclasses.dataclass(frozen=True, eq=False)
class DistinctLabels:
    """F different functions on N points; columns that are equal or complementary are one point, which may carry all.

    A pair differs at both of two such points or at neither, so legality, and each constraint of the attacker's program
    at the one and the other, depend on the sum of their masses alone: moving all mass to one of them leaves the value
    as it is, for every D (theory/minimax.py).

    Attributes
    ----------
    labels : ndarray of uint8, shape (F, N)
    points : ndarray, shape (N, n)
        One point of the domain for each column.
    """

    labels: Labels
    points: Points

    __repr__ = fields

    @property
    def sets(self) -> list[tuple[int, ...]]:
        """The sets on which pairs differ, smaller ones first: whether a pair is legal depends on its set alone."""
        return sets_of(differences(self.labels))


def differences(labels: Labels) -> dict[Pair, tuple[int, ...]]:
    """For each pair f < g the points at which they differ."""
    pairs = itertools.combinations(range(len(labels)), 2)
    return {(f, g): tuple(np.flatnonzero(labels[f] != labels[g]).tolist()) for f, g in pairs}


def sets_of(found: dict[Pair, tuple[int, ...]]) -> list[tuple[int, ...]]:
    """The different sets among these, smaller ones first."""
    return sorted(set(found.values()), key=lambda one: (len(one), one))


def distinct_labels(functions: FunctionClass) -> DistinctLabels:
    """The matrix of a class that can be enumerated on a listed domain.

    Raises
    ------
    MissingCapability
        Where the domain is not listed or the class cannot be enumerated.
    InvalidArgument
        Where it is too large to be certified, with its size and the limit.
    """
    size = functions.domain.size
    if size is None or size > ENUMERABLE_POINTS:
        raise missing(functions, "has no listed domain, and certify=True weighs every D on one: take a finite one")
    count = functions.count() if overrides(functions, FunctionClass.enumerate) else None
    if count is None:
        raise missing(functions, "cannot be enumerated: certify=True needs one that can, such as Thresholds(points=4)")
    if count > LISTED or not has_table(functions):
        raise _too_large(functions, f"{shown_count(count)} functions on {size} points", f"{LISTED} functions")
    rows = table(functions)
    places = np.unique(rows.labels, axis=0, return_index=True)[1]
    labels = rows.labels[np.sort(places)]
    turned = labels ^ labels[:1]  # a column and its complement become one
    columns = np.sort(np.unique(turned, axis=1, return_index=True)[1])
    found = DistinctLabels(labels[:, columns], functions.domain.points()[columns])
    F, N = found.labels.shape
    flows = flow_count(found.labels)
    if flows > FLOWS:
        what = f"{flows} places (x, f, g) at which a pair differs, of {F} different functions on {N} points"
        raise _too_large(functions, what, str(FLOWS))
    return found


def flow_count(labels: Labels) -> int:
    """At how many (x, {f, g}) an unordered pair differs: ones times zeros, column by column."""
    ones = labels.sum(axis=0, dtype=np.int64)
    return int((ones * (len(labels) - ones)).sum())


def _too_large(functions: FunctionClass, what: str, limit: str) -> InvalidArgument:
    return InvalidArgument(
        f"{text(functions)[:200]} is too large for certify=True: {what}, and at most {limit} fit; fix a D, or leave "
        "certify out for an upper bound"
    )
