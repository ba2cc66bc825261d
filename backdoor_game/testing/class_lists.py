"""Checks of what a class says of itself as a whole: its list, its VC dimension, its learner, its value."""

from __future__ import annotations

import itertools

import numpy as np

from ..functions.base import FunctionClass, Labels
from ..ground.errors import MissingCapability
from ..ground.inheritance import overrides
from ..spaces.distributions import Distribution
from .class_subjects import (
    LISTED_FUNCTIONS,
    UNLISTED,
    drawn_members,
    is_small,
    labels_of,
    listable,
    members,
    points,
    whole,
)
from .exploring import for_all
from .results import NothingToCheck, demand, same
from .subjects import Subject

ROWS = 12  # functions at a time
VC_POINTS = 12  # all their 4,096 subsets are tried
UNIFORM_LEVEL = 1e-9  # an honest class fails one time in a billion
UNIFORM_DRAWS = 20  # a member: chi-square wants five, and more find smaller biases
SHATTERED = 12  # 2^12 labellings are tried, of larger sets some
# 1,000 members show all 128 labellings of 7 points, and hardly those of more
MEMBERS, SETS, MOST_SHATTERED = 1000, 20, 7


def every_member_is_listed_once(subject: Subject) -> None:
    """`enumerate` lists `count` different codes of members, and every sample's code is among them."""
    functions = subject.thing
    if not listable(functions):
        raise NothingToCheck(UNLISTED)
    codes = whole(functions).codes
    right = codes.ndim == 2 and codes.shape[1] == functions.code_length and codes.dtype == functions.code_dtype
    demand(right, f"enumerate() must give codes of length {functions.code_length}, got shape {codes.shape}")
    demand(functions.count() == len(codes), f"count() is {functions.count()}, but enumerate() lists {len(codes)}")
    listed = set(map(tuple, codes.tolist()))
    demand(len(listed) == len(codes), f"enumerate() lists {len(codes)} codes, {len(listed)} of them different")
    held = np.asarray(functions.contains(codes))
    demand(held.all(), lambda: f"contains() refuses the listed code {codes[~held][0].tolist()}")
    for code in members(functions, 0, 200).tolist():
        demand(tuple(code) in listed, f"enumerate() lacks the sample {code}")


def samples_are_uniform(subject: Subject) -> None:
    """Where `samples_uniformly` is declared, Pearson's test at level 1e-9 does not refute it."""
    from scipy.special import chdtrc

    functions = subject.thing
    if not functions.samples_uniformly:
        raise NothingToCheck("it does not declare samples_uniformly")
    codes = whole(functions).codes
    places = {tuple(code): place for place, code in enumerate(codes.tolist())}
    drawn = members(functions, 0, max(2000, UNIFORM_DRAWS * len(codes))).tolist()
    counts = np.bincount([places[tuple(code)] for code in drawn], minlength=len(codes))
    if len(codes) > 1:
        expected = len(drawn) / len(codes)
        chance = chdtrc(len(codes) - 1, ((counts - expected) ** 2 / expected).sum())
        rare, often = codes[counts.argmin()].tolist(), codes[counts.argmax()].tolist()
        what = f"{rare} is drawn {counts.min()} times and {often} {counts.max()} times in {len(drawn)}"
        demand(chance >= UNIFORM_LEVEL, f"its samples are not uniform: {what}")


def vc_dimension_is_right(subject: Subject) -> None:
    """The stated VC dimension is that of brute force over all sets of points; of a large class, no less than found."""
    functions = subject.thing
    stated = functions.vc_dimension
    if stated is None:
        raise NothingToCheck("it states no VC dimension")
    if not is_small(functions) or int(functions.domain.size or 0) > VC_POINTS:
        _no_larger_set_is_shattered(subject, int(stated))
        why = f"more than {LISTED_FUNCTIONS} functions or {VC_POINTS} points" if listable(functions) else UNLISTED
        raise NothingToCheck(f"{why}: no larger shattered set was found, a smaller dimension cannot be excluded")
    labels = np.unique(whole(functions).labels, axis=0)
    found = max(d for d in range(labels.shape[1] + 1) if d == 0 or _some_shattered(labels, d))
    demand(stated == found, f"vc_dimension is {stated}, brute force finds {found}")


def _no_larger_set_is_shattered(subject: Subject, stated: int) -> None:
    """Refute a stated dimension by a set of one point more that random members shatter."""
    functions, d = subject.thing, stated + 1
    if d > MOST_SHATTERED:
        return
    powers = 1 << np.arange(d)

    def body(law: Distribution, seed: int) -> None:
        codes, sets = members(functions, seed, MEMBERS), points(law, seed, SETS, d)
        for X in sets:
            found = len(np.unique(labels_of(functions, codes, X) @ powers))
            demand(found < 2**d, f"vc_dimension is {stated}, but its members shatter {X.tolist()}")

    for_all(body, cases=4, **drawn_members(subject))


def _some_shattered(labels: Labels, d: int) -> bool:
    if len(labels) < 2**d:
        return False
    powers = 1 << np.arange(d)
    sets = itertools.combinations(range(labels.shape[1]), d)
    return any(len(np.unique(labels[:, list(columns)] @ powers)) == 2**d for columns in sets)


def shattered_set_is_shattered(subject: Subject) -> None:
    """`shattered_set` has as many different points as the VC dimension, and `realise` gives every labelling of them."""
    functions = subject.thing
    try:
        X = functions.shattered_set()
    except MissingCapability as error:
        raise NothingToCheck("it names no shattered set") from error
    d = len(X)
    demand(
        functions.vc_dimension in (None, d), f"shattered_set() has {d} points, vc_dimension is {functions.vc_dimension}"
    )
    right = X.shape == (d, functions.domain.n) and functions.domain.contains(X).all()
    demand(right, "shattered_set() holds what is no point of the domain")
    demand(len(np.unique(X, axis=0)) == d, f"shattered_set() repeats a point: {X.tolist()}")
    if d <= SHATTERED:
        wanted = (np.arange(2**d)[:, None] >> np.arange(d) & 1).astype(np.uint8)
    else:
        wanted = np.random.default_rng(0).integers(2, size=(64, d), dtype=np.uint8)
    codes = functions.realise(wanted)
    demand(functions.contains(codes).all(), "realise() gives a code that is no member")
    found = labels_of(functions, codes, X)
    for row, got in zip(wanted, found, strict=True):
        demand(same(row, got), f"realise() was asked for {row.tolist()} and gives {got.tolist()}")


def consistent_fits(subject: Subject) -> None:
    """`consistent` gives members that agree with every realizable example."""
    functions = subject.thing
    if not overrides(functions, FunctionClass.consistent):
        raise NothingToCheck("it has no consistent learner")
    from hypothesis import strategies

    def body(law: Distribution, seed: int, m: int) -> None:
        X = points(law, seed, ROWS // 2, m)
        y = functions.evaluate(members(functions, seed, ROWS // 2), X)
        codes = functions.consistent(X, y)
        demand(functions.contains(codes).all(), "consistent() gives a code that is no member")
        found = functions.evaluate(codes, X)
        for row, labels, got in zip(X, y, found, strict=True):
            demand(same(labels, got), f"consistent() gives {got.tolist()} on {row.tolist()} labelled {labels.tolist()}")

    for_all(body, m=strategies.integers(0, 6), **drawn_members(subject))


def intersections_are_members(subject: Subject) -> None:
    """Where `intersection_closed` is declared, two members' intersection is one, and `consistent` the smallest."""
    functions = subject.thing
    if not functions.intersection_closed:
        raise NothingToCheck("it does not declare intersection_closed")
    everything = whole(functions)
    rows = {row.tobytes() for row in everything.labels}
    rng = np.random.default_rng(0)
    pairs = rng.integers(len(everything.labels), size=(500, 2))
    for f, g in everything.labels[pairs]:
        demand((f & g).tobytes() in rows, f"the intersection of {f.tolist()} and {g.tolist()} is no member")
    if overrides(functions, FunctionClass.consistent):
        places = rng.integers(len(everything.points), size=(60, 3))
        f = everything.labels[pairs[:60, 0]]
        y = np.take_along_axis(f, places, axis=1)
        closures = labels_of(functions, functions.consistent(everything.points[places], y), everything.points)
        for got, sample, labels in zip(closures, places, y, strict=True):
            holds = everything.labels[(everything.labels[:, sample[labels == 1]] == 1).all(axis=1)]
            demand(
                same(got, holds.min(axis=0)), f"consistent() is not the smallest member that holds {sample.tolist()}"
            )


def labelings_are_restrictions(subject: Subject) -> None:
    """`labelings` of a few points are the different rows of all members on them, sorted."""
    functions = subject.thing
    everything = whole(functions)
    rng = np.random.default_rng(0)
    for k in range(1, min(len(everything.points), 5) + 1):
        places = rng.permutation(len(everything.points))[:k]
        found, wanted = functions.labelings(everything.points[places]), np.unique(everything.labels[:, places], axis=0)
        demand(same(found, wanted), f"labelings() of {everything.points[places].tolist()} are not those of its members")
