"""How far apart two functions are, Pr_D[f != g], and the referee's word on a plant."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..ground.errors import MissingCapability
from ..ground.spec import text
from ..ground.streams import Words
from ..spaces.distributions import Distribution
from ..spaces.domains import Points
from .base import Codes, Floats, FunctionClass
from .held import checked_distances, checked_nearest
from .legality import counted, rule, within
from .table import Table, has_table, packed_rows, table

REFEREE_DRAWS = 16_384  # a half width of at most .0153 at the level below: a plant nearer to epsilon stays undecided
REFEREE_LEVEL = 0.9999  # a wrong word on one plant in 10^4 at most: far less than the intervals over rounds can show
CELLS = 2**21  # labels or distances that are held at a time: memory of a few MiB, whatever the batch

LEGAL, ILLEGAL, UNDECIDED = np.int8(0), np.int8(1), np.int8(2)
Verdicts = npt.NDArray[np.int8]


def exact_distance(functions: FunctionClass, distribution: Distribution, F: Codes, G: Codes) -> Floats | None:
    """Pr_D[f != g] row by row, shape (B,): the class's closed form, else a sum over atoms; None without either."""
    closed = functions.distance(F, G, distribution)
    if closed is not None:
        return checked_distances(functions, closed, len(F))
    support = distribution.atoms()
    if support is None:
        return None
    points, weights = support
    out = np.empty(len(F))
    step = max(1, CELLS // len(points))
    for start in range(0, len(F), step):
        f, g = F[start : start + step], G[start : start + step]
        X = np.broadcast_to(points, (len(f), *points.shape))
        differ = functions.member_labels(f, X) != functions.member_labels(g, X)
        out[start : start + step] = np.where(differ, weights, 0.0).sum(axis=1)
    return out


def judge(
    functions: FunctionClass, distribution: Distribution, F: Codes, G: Codes, epsilon: float, keys: Words
) -> Verdicts:
    """Whether each g is within epsilon of f: LEGAL, ILLEGAL, or UNDECIDED where only an interval is to be had.

    Parameters
    ----------
    F, G : ndarray, shape (B, L)
        Codes that `contains` has accepted.
    keys : ndarray of uint64, shape (B,)
        The referee's keys, used only where neither a closed form nor atoms exist.
    """
    distance = exact_distance(functions, distribution, F, G)
    if distance is not None:
        return np.where(within(distance, epsilon, distribution.uniform_size()), LEGAL, ILLEGAL)
    return _estimated(functions, distribution, F, G, epsilon, keys)


def _estimated(
    functions: FunctionClass, distribution: Distribution, F: Codes, G: Codes, epsilon: float, keys: Words
) -> Verdicts:
    """Clopper-Pearson at level .9999 on 16,384 draws: a straddled epsilon stays undecided, never guessed."""
    from ..ground.statistics import clopper_pearson

    counts = np.empty(len(F), dtype=np.int64)
    step = max(1, CELLS // (REFEREE_DRAWS * functions.domain.n))
    for start in range(0, len(F), step):
        rows = slice(start, start + step)
        X = distribution.sample_block(keys[rows], 0, REFEREE_DRAWS)
        counts[rows] = (functions.member_labels(F[rows], X) != functions.member_labels(G[rows], X)).sum(axis=1)
    values, places = np.unique(counts, return_inverse=True)
    intervals = np.array([clopper_pearson(int(v), REFEREE_DRAWS, REFEREE_LEVEL) for v in values]).reshape(-1, 2)[places]
    return np.where(intervals[:, 1] <= epsilon, LEGAL, np.where(intervals[:, 0] > epsilon, ILLEGAL, UNDECIDED))


def measured_distance(functions: FunctionClass, distribution: Distribution, F: Codes, G: Codes, keys: Words) -> Floats:
    """`exact_distance`, or the mean over 16,384 draws where there is none."""
    exact = exact_distance(functions, distribution, F, G)
    if exact is not None:
        return exact
    out = np.empty(len(F))
    for row in range(len(F)):
        X = distribution.sample_block(keys[row : row + 1], 0, REFEREE_DRAWS)
        f, g = F[row : row + 1], G[row : row + 1]
        out[row] = (functions.member_labels(f, X) != functions.member_labels(g, X)).mean()
    return out


def point_weights(functions: FunctionClass, distribution: Distribution) -> Floats:
    """The mass of every point of a listed domain, in the domain's order, shape (N,)."""
    support = distribution.atoms()
    if support is None or functions.domain.size is None:
        raise MissingCapability(f"the distribution {text(distribution)} has no listed atoms on {functions.domain!r}")
    weights = np.zeros(functions.domain.size)
    np.add.at(weights, functions.domain.index(support[0]), support[1])
    return weights


def legality_rule(functions: FunctionClass, distribution: Distribution, epsilon: float) -> tuple[Floats, float]:
    """Weights (N,) and a limit: g is close enough to f iff the weights where they differ sum to at most the limit.

    See `legality.rule`.
    """
    return rule(point_weights(functions, distribution), epsilon, distribution.uniform_size())


def distances_to_class(functions: FunctionClass, distribution: Distribution, codes: Codes) -> tuple[Table, Floats]:
    """The enumerated class and Pr_D[f != g] from each code (B, L) to every member, shape (B, F)."""
    from ..kernels.enumeration import packed_distances

    listed = table(functions)
    weights, _ = legality_rule(functions, distribution, 0.0)
    size = distribution.uniform_size()
    units = size if size is not None and counted(size) else 1
    return listed, packed_distances(listed.packed, packed_rows(functions, codes), weights) / units


def nearest(functions: FunctionClass, distribution: Distribution, codes: Codes, x: Points) -> tuple[Codes, Floats]:
    """A closest member that differs at x, and its distance, inf where there is none: closed form, else enumeration.

    Raises
    ------
    MissingCapability
        Where the class has neither a closed form under this distribution nor a listed table.
    """
    closed = functions.nearest(codes, x, distribution)
    if closed is not None:
        return checked_nearest(functions, closed, len(codes))
    if not has_table(functions) or distribution.atoms() is None:
        raise MissingCapability(
            f"no closest function is known for {text(functions)[:200]} under {text(distribution)[:200]}: "
            "use another distribution or a class that can be enumerated"
        )
    out = np.empty_like(codes)
    best = np.empty(len(codes))
    step = max(1, CELLS // len(table(functions).codes))
    for start in range(0, len(codes), step):
        rows = slice(start, start + step)
        listed, distances = distances_to_class(functions, distribution, codes[rows])
        places = functions.domain.index(x[rows])
        here = functions.member_labels(codes[rows], x[rows, None, :])
        distances = np.where(here != listed.labels[:, places].T, distances, np.inf)
        choice = distances.argmin(axis=1)
        out[rows], best[rows] = listed.codes[choice], distances[np.arange(len(choice)), choice]
    return out, best
