"""Checks of a class's distances and nearest members against the definition."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..functions.base import Codes, Floats, FunctionClass
from ..functions.distance import exact_distance
from ..ground.inheritance import overrides
from ..spaces.distributions import Distribution
from .class_subjects import drawn_members, is_small, labels_of, members, neighbours, points, whole
from .exploring import for_all
from .results import NothingToCheck, demand
from .simulation import demand_frequency
from .subjects import Subject

ROWS = 12  # functions at a time
DRAWS = 4000  # points: a distance that is off by 0.05 is found at level 1 - 1e-9
SAMPLED, NEAR = 200, 20  # rivals of the nearest: random members, and moves from f and from it
TOLERANCE = 1e-9  # rounding of sums; a wrong term is larger


def distance_is_a_pseudometric(subject: Subject) -> None:
    """Distances are symmetric, lie in [0, 1], are 0 from a function to itself and obey the triangle inequality."""
    functions, closed = _with_distances(subject), []

    def body(law: Distribution, seed: int) -> None:
        F, H = members(functions, seed, ROWS), members(functions, seed, ROWS, "plant")
        G = neighbours(functions, F, seed)
        pairs = {"fg": (F, G), "gf": (G, F), "gh": (G, H), "fh": (F, H), "ff": (F, F)}
        found = {pair: functions.distance(*codes, law) for pair, codes in pairs.items()}
        if any(distance is None for distance in found.values()):
            return
        closed.append(law)
        d = {pair: np.asarray(distance) for pair, distance in found.items()}
        for distance in d.values():
            right = distance.shape == (ROWS,) and ((distance >= 0) & (distance <= 1 + TOLERANCE)).all()
            demand(right, f"distances must be {ROWS} numbers in [0, 1], got {distance.tolist()}")
        _all(np.abs(d["fg"] - d["gf"]), F, G, "distance(f, g) is not distance(g, f)")
        _all(d["ff"], F, F, "distance(f, f) is not 0")
        _all(d["fh"] - d["fg"] - d["gh"], F, G, "the way over g is shorter than the distance from f to h")

    for_all(body, **drawn_members(subject))
    if not closed:
        raise NothingToCheck("it has no closed form of the distance under these distributions")


def distance_is_the_mass_of_difference(subject: Subject) -> None:
    """Distances equal the sum over atoms, and where there are none the share of draws on which the labels differ."""
    functions, closed = _with_distances(subject), []

    def body(law: Distribution, seed: int) -> None:
        F = members(functions, seed, ROWS)
        G = np.concatenate([neighbours(functions, F, seed)[: ROWS // 2], members(functions, seed + 1, ROWS // 2)])
        stated = functions.distance(F, G, law)
        if stated is None:
            return
        closed.append(law)
        support = law.atoms()
        if support is not None:
            differ = labels_of(functions, F, support[0]) != labels_of(functions, G, support[0])
            _all(np.abs(stated - (differ * support[1]).sum(axis=1)), F, G, "distance() is not the mass of difference")
            return
        X = points(law, seed, 1, DRAWS)[0]
        differ = labels_of(functions, F[:3], X) != labels_of(functions, G[:3], X)
        for r, hits in enumerate(differ.sum(axis=1)):
            demand_frequency(hits, DRAWS, float(stated[r]), f"{F[r].tolist()} differing from {G[r].tolist()}")

    for_all(body, **drawn_members(subject))
    if not closed:
        raise NothingToCheck("it has no closed form of the distance under these distributions")


def nearest_is_nearest(subject: Subject) -> None:
    """`nearest` gives a member that differs at x, at the distance that it says, and none is closer."""
    functions, closed = subject.thing, []
    if not overrides(functions, FunctionClass.nearest):
        raise NothingToCheck("it has no closed form of the nearest member")

    def body(law: Distribution, seed: int) -> None:
        f, x = members(functions, seed, ROWS), points(law, seed, ROWS, 1)[:, 0]
        found = functions.nearest(f, x, law)
        if found is None:
            return
        closed.append(law)
        g, stated = found
        there = np.isfinite(stated)
        demand(functions.contains(g[there]).all(), "nearest() gives a code that is no member")
        here, other = (functions.evaluate(codes, x[:, None])[:, 0] for codes in (f, np.where(there[:, None], g, f)))
        _all((there & (here == other)).astype(float), f, x, "nearest() does not differ at x", "x")
        true = exact_distance(functions, law, f[there], g[there])
        if true is not None:
            _all(np.abs(true - stated[there]), f[there], x[there], "nearest() states another distance than it has", "x")
        if is_small(functions) and law.atoms() is not None:
            _all(_gap(functions, f, x, law, stated), f, x, "nearest() is not the nearest", "x")
        else:
            for r in range(ROWS):
                _none_is_closer(functions, law, seed, (f[r], x[r], g[r], float(stated[r])))

    for_all(body, **drawn_members(subject))
    if not closed:
        raise NothingToCheck("it has no closed form of the nearest member under these distributions")


def _gap(functions: FunctionClass, f: Codes, x: Codes, law: Distribution, stated: Floats) -> Floats:
    """How far the stated distances are from the least by enumeration, 0 where both are infinite."""
    everything = whole(functions)
    place = (everything.points[None] == x[:, None]).all(axis=2).argmax(axis=1)
    rows = labels_of(functions, f, everything.points)
    differs = rows[np.arange(len(f)), place][:, None] != everything.labels[:, place].T
    least = np.where(differs, everything.distances(rows, law), np.inf).min(axis=1)
    with np.errstate(invalid="ignore"):
        return np.where(np.isinf(least) & np.isinf(stated), 0.0, np.abs(stated - least))


def _none_is_closer(functions: FunctionClass, law: Distribution, seed: int, found: tuple[Any, Any, Any, float]) -> None:
    """Compare a nearest member with random members, and with neighbours of f and of it, that differ from f at x."""
    f, x, g, stated = found
    near = np.repeat(np.stack([f, g]) if np.isfinite(stated) else f[None], NEAR, axis=0)
    others = np.concatenate([members(functions, seed, SAMPLED, "plant"), neighbours(functions, near, seed)])
    F = np.repeat(f[None], len(others), axis=0)
    here, there = (labels_of(functions, codes, x[None])[:, 0] for codes in (F, others))
    F, others = F[here != there], others[here != there]
    distances = exact_distance(functions, law, F, others)
    if distances is None or not len(distances):
        return
    least = int(distances.argmin())
    which = f"f = {f.tolist()} at x = {x.tolist()}"
    closer = f"{others[least].tolist()} is at {distances[least]:.6g}, nearest() says {stated:.6g}"
    demand(stated <= distances[least] + TOLERANCE, f"nearest() is not the nearest to {which}: {closer}")


def _with_distances(subject: Subject) -> FunctionClass:
    functions: FunctionClass = subject.thing
    if not overrides(functions, FunctionClass.distance):
        raise NothingToCheck("it has no closed form of the distance")
    return functions


def _all(errors: Floats, F: Codes, G: Codes, what: str, second: str = "g") -> None:
    """Refuse the first row whose error is above the tolerance; `second` is what stands in G."""
    wrong = np.flatnonzero(~(errors <= TOLERANCE))
    if len(wrong):
        r = wrong[0]
        demand(False, f"{what}: off by {errors[r]:.6g} for f = {F[r].tolist()} and {second} = {G[r].tolist()}")
