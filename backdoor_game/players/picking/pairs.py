"""Legal pairs of a class that can be enumerated: the plants of each f at each point, and one of them by chance."""

from __future__ import annotations

import functools

import numpy as np
import numpy.typing as npt

from ...functions import FunctionClass
from ...functions.base import Booleans, Floats
from ...functions.distance import legality_rule
from ...functions.listing import shown_count
from ...functions.table import packed_rows, table
from ...ground.errors import InvalidArgument
from ...ground.spec import text
from ...ground.streams import Words, draws
from ...spaces.distributions import Distribution
from ..views import AttackerBlock
from .answers import NO_PLANT, PLANT, PlantLaw, Plants

UNIT = 2.0**-53  # fractions of 53 bits, as float64 holds them
COMPARISONS = 10**10  # of labels, 64 to a word: a second or two
CELLS = 2**21  # weights at a time: 16 MiB
Counts = npt.NDArray[np.int64]


@functools.lru_cache(maxsize=8)
def plant_counts(functions: FunctionClass, distribution: Distribution, epsilon: float) -> Counts:
    """How many legal plants each f has at each point of the domain that D can draw, int64 (N, F); 0 elsewhere.

    Raises
    ------
    InvalidArgument
        Where the class is too large, with its size and the limit.
    """
    from ...kernels.legal_pairs import count_legal

    listed = table(functions)
    weights, limit = legality_rule(functions, distribution, epsilon)
    F, N = listed.labels.shape
    if F * F * N > COMPARISONS:
        raise InvalidArgument(
            f"{text(functions)[:200]} has {shown_count(F)} functions on {N} points: its legal pairs take "
            f"{shown_count(F * F * N)} comparisons of labels, and at most {shown_count(COMPARISONS)} are made"
        )
    counts = np.zeros((N, F), dtype=np.int64)
    count_legal(listed.packed, weights, limit, 0, F, counts)
    counts[weights <= 0] = 0
    counts.setflags(write=False)
    return counts


def random_plants(view: AttackerBlock) -> Plants:
    """Any legal plant of each row's f at its trigger, each as likely."""
    from ...kernels.enumeration import choose_legal

    codes, x_star = view.chosen()
    listed = table(view.functions)
    weights, limit = legality_rule(view.functions, view.distribution, view.game.epsilon)
    fractions = (draws(view.keys, 0, 1)[:, 0] >> np.uint64(11)) * UNIT
    rows, places = packed_rows(view.functions, codes), view.functions.domain.index(x_star)
    choice = choose_legal(listed.packed, rows, places, weights, limit, fractions)
    return listed.codes[choice], np.where(choice >= 0, PLANT, NO_PLANT)


def random_plant_law(view: AttackerBlock) -> PlantLaw:
    """The law of `random_plants` given each row's f and trigger."""
    from ...kernels.enumeration import packed_distances

    codes, x_star = view.chosen()
    functions, listed = view.functions, table(view.functions)
    weights, limit = legality_rule(functions, view.distribution, view.game.epsilon)
    originals, number = np.unique(codes, axis=0, return_inverse=True)
    order = np.argsort(number.ravel(), kind="stable")
    found = [np.zeros((0, 2), dtype=np.int64)]
    step = max(1, CELLS // len(listed.codes))
    for start in range(0, len(view), step):
        # Distances are the same sums as in random_plants, once for each different f among these rows.
        rows = order[start : start + step]
        which, places = number.ravel()[rows], functions.domain.index(x_star[rows])
        shown = packed_rows(functions, originals[which[0] : which[-1] + 1])
        close = packed_distances(listed.packed, shown, weights)[which - which[0]] <= limit
        here = functions.member_labels(codes[rows], x_star[rows, None, :])
        chosen = np.argwhere(close & (here != listed.labels[:, places].T))
        found.append(np.stack([rows[chosen[:, 0]], chosen[:, 1]], axis=1))
    plants = np.concatenate(found)
    rows, members = plants[np.argsort(plants[:, 0], kind="stable")].T
    return rows, listed.codes[members], 1.0 / np.bincount(rows, minlength=len(view))[rows]


def offered_places(view: AttackerBlock) -> Booleans:
    """Which points of the domain may be picked in each round, bool (B, N); all that D can draw where none is offered.

    What a predicate says of them is asked for, and charged.
    """
    domain, B = view.functions.domain, len(view)
    points = domain.points()
    able = np.zeros((B, len(points)), dtype=np.bool_)
    if view.offered is not None:
        np.put_along_axis(able, domain.index(view.offered), True, axis=1)
        return able
    able[:] = view.game.trigger.admits(view.distribution, points) if view.game.trigger.predicate is None else True
    if view.game.trigger.predicate is not None:
        able &= view.satisfies(np.broadcast_to(points, (B, *points.shape)))
    return able


def drawn(weights: Counts | Floats | Booleans, keys: Words) -> Counts:
    """One place of each row of weights (B, K) with probability proportional to them; any where all are 0."""
    reached = np.cumsum(weights, axis=1, dtype=np.float64)
    fractions = (draws(keys, 0, 1)[:, 0] >> np.uint64(11)) * UNIT
    hopeless = reached[:, -1] == 0
    reached[hopeless] = np.arange(1, reached.shape[1] + 1)
    wanted = fractions * reached[:, -1]
    return np.asarray((reached > wanted[:, None]).argmax(axis=1), dtype=np.int64)
