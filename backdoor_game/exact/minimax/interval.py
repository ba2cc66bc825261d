"""A proved interval around the least value over all D, with the D of its upper end."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Sequence

import numpy as np

from ...functions import FunctionClass
from ...functions.base import Floats
from ...ground.errors import BackdoorGameError, InvalidArgument
from ...ground.progress import Progress, silent
from ...spaces.distributions import Distribution
from ..finite import equilibrium
from .labels import DistinctLabels, distinct_labels
from .listing import SUMS, TIES, law, listed
from .program import RELAXED, scip
from .repair import repaired
from .running import searched
from .vertices import SYSTEMS, system_count

VERTICES, BRANCHING = "vertices", "scip"
# A set whose mass exceeds epsilon by less is meant to be light enough. The second is what the vertices are solved with:
# right where the first takes sets for light that no D has light together, next to an epsilon where the value jumps.
USED = (1e-7, TIES + SUMS)
Starts = Callable[[], Iterable[Distribution]]


@dataclasses.dataclass(frozen=True)
class CertifiedInterval:
    """min over D of the value lies in [lower, upper].

    Attributes
    ----------
    lower, upper : float
        No D lets a defender that knows it win less than `lower`; under `distribution` none wins more than `upper`.
    distribution : Distribution
    method : str
    tolerance : float
        What was granted to errors of floating point before `lower` was computed; `method` says on what.
    closed : bool
        Whether the search ended by itself, not by its time limit.
    started : bool
        Whether `starts` were looked at.
    """

    lower: float
    upper: float
    distribution: Distribution
    method: str
    tolerance: float
    closed: bool
    started: bool = False


def certified_interval(
    functions: FunctionClass,
    epsilon: float,
    *,
    starts: Starts | None = None,
    time_limit: float | None = None,
    method: str | None = None,
    progress: Progress = silent,
) -> CertifiedInterval:
    """The interval, by every vertex where these are few, else by spatial branch and bound.

    Parameters
    ----------
    functions : FunctionClass
    epsilon : float
    starts : callable, optional
        Gives the D that are looked at for the upper end beside SCIP's own; not asked where all vertices are listed.
    time_limit : float, optional
        Seconds for the search; preparing it and solving its result again come on top.
    method : {"vertices", "scip"}, optional
        By default the first where at most 2,000,000 systems of equations list all vertices.
    progress : callable
        Called with (done, total).

    Raises
    ------
    MissingCapability
        Where the class has no listed domain, cannot be enumerated, or SCIP is needed and missing.
    InvalidArgument
        Where the class is too large, before the work.
    BackdoorGameError
        Where the two ends contradict each other: then a solver has failed, and no number is better than a wrong one.
    """
    rows = distinct_labels(functions)
    systems = system_count(rows)
    if method not in (None, VERTICES, BRANCHING):
        raise InvalidArgument(f"method must be {VERTICES!r}, {BRANCHING!r} or None, got {method!r}")
    if method == VERTICES and systems > SYSTEMS:
        raise InvalidArgument(
            f"method={VERTICES!r} is for at most {SYSTEMS} systems of equations, and these are {systems}"
        )
    if method == BRANCHING or systems > SYSTEMS:
        return _by_branching(functions, rows, epsilon, starts, time_limit, progress)
    found = listed(functions, rows, epsilon, time_limit, progress)
    meant = [_light(rows, found.D, epsilon + more) for more in USED]
    upper, best = _best(functions, epsilon, meant, rows, [])
    how = f"all {found.count} vertices" if found.closed else f"some of {found.count} vertices"
    how = f"{how} solved by linear programs, for epsilon + {TIES:g}"
    return _interval(found.lower, upper, best, how, TIES + SUMS, found.closed)


def _by_branching(
    functions: FunctionClass,
    rows: DistinctLabels,
    epsilon: float,
    starts: Starts | None,
    time_limit: float | None,
    progress: Progress,
) -> CertifiedInterval:
    """SCIP's bound, moved by what its tolerances allow, and the best of its D and of the starts, solved again."""
    scip()
    found = searched(rows.labels, epsilon, time_limit, progress)
    how, lower, tolerance = "SCIP crashed or overstayed, and 1/2 is what always-clean wins", 0.5, 0.0
    if found is not None:
        lower, tolerance = max(0.5, 1 - (found["bound"] + found["moved"]) / 2), RELAXED + found["moved"]
        ended = "" if found["closed"] else ", stopped before it had closed"
        how = f"spatial branch and bound, SCIP {found['version']:g}, constraints relaxed by {RELAXED:g}{ended}"
    mine = [] if found is None or found["D"] is None else [(np.array(found["D"]), found["chosen"])]
    upper, best = _best(functions, epsilon, mine, rows, starts() if starts is not None else [])
    end = _interval(lower, upper, best, how, tolerance, found is not None and found["closed"])
    return dataclasses.replace(end, started=starts is not None)


def _light(rows: DistinctLabels, D: Floats, most: float) -> tuple[Floats, tuple[tuple[int, ...], ...]]:
    """A D with the sets that have at most so much mass there."""
    return D, tuple(S for S in rows.sets if D[list(S)].sum() <= most)


def _best(
    functions: FunctionClass,
    epsilon: float,
    found: Iterable[tuple[Floats, Sequence[Sequence[int]]]],
    rows: DistinctLabels,
    starts: Iterable[Distribution],
) -> tuple[float, Distribution]:
    """The D of least value, each solved as it stands: those found, repaired, the starts, and equal weights."""
    N = len(rows.points)
    fixed = [repaired(D, chosen, epsilon) for D, chosen in found]
    weights = [*(D for D in fixed if D is not None), np.full(N, 1 / N)]
    laws = [*(law(functions, rows, D) for D in weights), *starts]
    values = [(equilibrium(functions, D, epsilon).upper, D) for D in laws]
    return min(values, key=lambda one: one[0])


def _interval(
    lower: float, upper: float, best: Distribution, method: str, tolerance: float, closed: bool
) -> CertifiedInterval:
    if lower > upper + SUMS:
        raise BackdoorGameError(
            f"no interval was certified: {method} says that every D has a value of at least {lower:.9g}, and one has "
            f"{upper:.9g}"
        )
    return CertifiedInterval(min(lower, upper), upper, best, method, tolerance, closed)
