"""Checks of distributions: draws, and what a law says of itself against its draws."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np

from ..functions.base import Floats
from ..ground.inheritance import overrides
from ..ground.spec import text
from ..ground.statistics import clopper_pearson
from ..spaces.distributions import Distribution
from .distribution_subjects import DRAWS, ROWS, Place, boxes, drawn_places, fitting, inside, keys, offered, places
from .exploring import for_all
from .results import NothingToCheck, demand, same
from .simulation import LEVEL, ROUNDING, demand_frequency
from .subjects import Subject, name

FEW = 6  # cases, of which each draws thousands of points


def fits_a_domain(subject: Subject) -> None:
    """`on` fills the law in for one of the domains at least, twice the same and once for all, and changes nothing."""
    before = text(subject.thing)
    for place in places(subject):
        for law in (subject.thing, place.law):
            again = law.on(place.domain)
            told = f"on({text(place.domain)}) gives {name(place.law)}, and then {name(again)}"
            demand(again == place.law, told)
    demand(text(subject.thing) == before, f"on() turns {before[:200]} into {name(subject.thing)}")


def draws_are_points(subject: Subject) -> None:
    """Draws are points of the domain, of its type, in shape (B, m, n); `sample` gives shape (m, n)."""

    def body(law: Place, seed: int) -> None:
        X, domain = law.draws(seed), law.domain
        one = law.law.sample(4, np.random.default_rng(seed))
        for found, shape in ((X, (ROWS, 5, domain.n)), (one, (4, domain.n))):
            right = found.shape == shape and found.dtype == domain.dtype
            demand(right, f"draws must be {np.dtype(domain.dtype)} of shape {shape}, got {found.dtype} {found.shape}")
            outside = found[~domain.contains(found)]
            demand(not len(outside), f"{outside[:1].tolist()} is drawn, outside the domain")

    for_all(body, **drawn_places(subject))


def a_draw_depends_on_its_own_key(subject: Subject) -> None:
    """Row r of `sample_block` depends on key r alone, and is the same every time."""

    def body(law: Place, seed: int) -> None:
        X, own = law.draws(seed), keys(seed, ROWS)
        demand(same(X, law.draws(seed)), "the same keys give other points the second time")
        demand(same(X[::-1], law.law.sample_block(own[::-1].copy(), 0, 5)), "other rows change a row's draws")
        demand(same(X[:1], law.law.sample_block(own[:1].copy(), 0, 5)), "a block of one gives other points")

    for_all(body, **drawn_places(subject))


def draws_are_independent(subject: Subject) -> None:
    """Points of one stream, in one window or two, are equal as often as atoms say; their sides of a median are free."""

    def body(law: Place, seed: int) -> None:
        X = np.concatenate([law.draws(seed, 0, 3, DRAWS), law.draws(seed, 3, 2, DRAWS)], axis=1)
        support, above = law.law.atoms(), np.median(law.many(seed + 1), axis=0) < X
        for i, j in itertools.combinations(range(X.shape[1]), 2):
            what = f"points {i} and {j} of one stream"
            if support is not None:
                equal = int((X[:, i] == X[:, j]).all(axis=1).sum())
                demand_frequency(equal, DRAWS, min(1.0, float((support[1] ** 2).sum())), f"{what} being equal")
            for k in range(X.shape[2]):
                sides = [above[above[:, i, k] == side, j, k] for side in (False, True)]
                ends = [clopper_pearson(int(side.sum()), len(side), LEVEL) for side in sides if len(side)]
                overlap = max(low for low, _ in ends) <= min(high for _, high in ends)
                demand(overlap, f"{what} depend on each other in coordinate {k}")

    for_all(body, cases=FEW, **drawn_places(subject))


def a_window_is_cut_from_the_stream(subject: Subject) -> None:
    """Points start .. start + m - 1 are those of a longer draw, cut to size."""
    from hypothesis import strategies

    if not overrides(subject.thing, Distribution.sample_block):
        raise NothingToCheck("it draws m points at a time by `sample`, which promises no windows")

    def body(law: Place, seed: int, start: int, m: int) -> None:
        longer, window = law.draws(seed, 0, start + m + 2), law.draws(seed, start, m)
        demand(same(window, longer[:, start : start + m]), "a window is not the longer draw, cut")

    few = strategies.integers(0, 7)
    for_all(body, start=few, m=few, **drawn_places(subject))


def atoms_are_a_law(subject: Subject) -> None:
    """`atoms` are different points of the domain with weights of at least 0 that sum to 1 within 1e-9."""
    for place in fitting(subject):
        support = place.law.atoms()
        if support is None:
            continue
        points, weights = support
        right = points.shape == (len(weights), place.domain.n) and place.domain.contains(points).all()
        demand(right, f"the atoms of {place} are no points of the domain")
        demand(len(np.unique(points, axis=0)) == len(points), f"the atoms of {place} repeat a point")
        total = math.fsum(weights.tolist())
        demand((weights >= 0).all() and abs(total - 1) <= ROUNDING, f"the weights of {place} sum to {total:.12g}")
    offered(subject, "atoms", lambda place: place.law.atoms())


def atoms_are_what_is_drawn(subject: Subject) -> None:
    """Every atom is drawn as often as it weighs, and nothing else is."""

    def body(law: Place, seed: int) -> None:
        support = law.law.atoms()
        if support is None:
            return
        drawn, counts = np.unique(law.many(seed), axis=0, return_counts=True)
        times = {tuple(point): int(count) for point, count in zip(drawn.tolist(), counts, strict=True)}
        stated = dict(zip(map(tuple, support[0].tolist()), support[1].tolist(), strict=True))
        for point in {**stated, **times}:
            demand_frequency(times.get(point, 0), DRAWS, stated.get(point, 0.0), f"the point {list(point)}")

    offered(subject, "atoms", lambda place: place.law.atoms())
    for_all(body, **drawn_places(subject))


def mass_is_right(subject: Subject) -> None:
    """`mass` of a box is the sum of its atoms' weights, and the share of draws inside it."""

    def body(law: Place, seed: int) -> None:
        low, high = boxes(law, seed)
        stated = law.law.mass(low, high)
        if stated is None:
            return
        demand(stated.shape == (len(low),), f"mass() must have shape ({len(low)},), got {stated.shape}")
        support, X = law.law.atoms(), law.many(seed)
        for a, b, mass in zip(low, high, stated, strict=True):
            what = f"the box from {a.tolist()} to {b.tolist()}"
            demand_frequency(int(inside(X, a, b).sum()), DRAWS, float(mass), what)
            if support is not None:
                found = float(support[1][inside(support[0], a, b)].sum())
                demand(abs(found - mass) <= ROUNDING, f"mass() of {what} is {mass:.9g}, its atoms weigh {found:.9g}")

    offered(subject, "mass of boxes", lambda place: place.law.mass(*boxes(place, 0)))
    for_all(body, **drawn_places(subject))


def bit_probabilities_are_right(subject: Subject) -> None:
    """Where `bit_probabilities` are given, each bit is 1 that often, and pairs of bits are independent."""

    def body(law: Place, seed: int) -> None:
        stated = law.law.bit_probabilities()
        if stated is None:
            return
        demand(stated.shape == (law.domain.n,), f"bit_probabilities() must have shape ({law.domain.n},)")
        X = law.many(seed)
        for i, p in enumerate(stated):
            demand_frequency(int(X[:, i].sum()), DRAWS, float(p), f"bit {i}")
        for i in range(len(stated) - 1):
            both = int((X[:, i] & X[:, i + 1]).sum())
            demand_frequency(both, DRAWS, float(stated[i] * stated[i + 1]), f"bits {i} and {i + 1} together")

    offered(subject, "bit probabilities", lambda place: place.law.bit_probabilities())
    for_all(body, **drawn_places(subject))


def uniform_size_is_right(subject: Subject) -> None:
    """`uniform_size` is the number of atoms, all of one weight."""
    for place in fitting(subject):
        size, support = place.law.uniform_size(), place.law.atoms()
        if size is not None and support is not None:
            weights: Floats = support[1]
            demand(size == len(weights), f"uniform_size() of {place} is {size}, it has {len(weights)} atoms")
            demand(np.ptp(weights) <= ROUNDING, f"uniform_size() of {place} is {size}, but its weights differ")
    offered(subject, "uniform size", lambda place: place.law.uniform_size())


def windows_are_right(subject: Subject) -> None:
    """`window` names the raw draws that give a point between two indices, so that kernels count hits without points."""
    from ..kernels.sampling import half_hits, word_hits

    def body(law: Place, seed: int) -> None:
        if law.domain.size is None:
            return
        index = law.domain.index(law.draws(seed, 9, 2))
        low, high = index.min(axis=1), index.max(axis=1)
        window = law.law.window(low, high)
        if window is None:
            return
        places = law.domain.index(law.draws(seed, 2, 3 * 4).reshape(ROWS, 3, 4, law.domain.n))
        wanted = ((low[:, None, None] <= places) & (places <= high[:, None, None])).any(axis=2).sum(axis=1)
        found = (half_hits if law.law.halves() else word_hits)(keys(seed, ROWS), 2, 4, 3, *window)
        demand(same(found, wanted), f"window() counts {found.tolist()} hits where the draws have {wanted.tolist()}")

    offered(subject, "windows of raw draws", _window)
    for_all(body, **drawn_places(subject))


def _window(place: Place) -> Any:
    nought: Any = np.zeros(1, dtype=np.int64)
    return None if place.domain.size is None else place.law.window(nought, nought)
