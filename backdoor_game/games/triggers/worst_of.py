"""The law between nature's choice and the attacker's: the worst of several draws."""

from __future__ import annotations

import dataclasses
import itertools
import math

import numpy as np

from ...functions.base import Floats
from ...functions.listing import shown_count
from ...ground import _validate
from ...ground.errors import InvalidArgument
from ...ground.streams import Words
from ...spaces.distributions import Distribution
from ...spaces.domains import Points
from .base import Offers, TriggerLaw

MOST_DRAWS = 4096  # as many as rounds in a block: a point each is 128 MiB of int64
MOST_SETS = 20_000  # sets of points that exact methods list


@dataclasses.dataclass(frozen=True, repr=False)
class WorstOf(TriggerLaw):
    """`draws` triggers from D once f is picked; the attacker picks one of them, and f*.

    Parameters
    ----------
    draws : int
        With 1 the law is that of `AfterOriginal`.
    """

    draws: int = 2  # a field here, a property in laws that have no choice

    def __post_init__(self) -> None:
        super().__post_init__()
        _validate.integer("WorstOf.draws", self.draws, 1, MOST_DRAWS)

    def offered(self, distribution: Distribution, keys: Words) -> Points:
        return distribution.sample_block(keys, 0, self.draws)

    def offers(self, points: Points, weights: Floats) -> Offers:
        """The set of the draws is what matters: at most sum over i <= draws of C(N, i) of them."""
        N = len(points)
        sizes = range(1, min(self.draws, N) + 1)
        count = sum(math.comb(N, i) for i in sizes)
        if count > MOST_SETS:
            raise InvalidArgument(
                f"{self!r} offers {shown_count(count)} sets of the {N} points, and exact methods list at most "
                f"{MOST_SETS}: ask for fewer draws or play it"
            )
        members = np.zeros((count, N), dtype=np.bool_)
        for s, chosen in enumerate(itertools.chain(*(itertools.combinations(range(N), i) for i in sizes))):
            members[s, list(chosen)] = True
        return Offers(members, _chances(members, np.asarray(weights), self.draws))


def _chances(members: np.ndarray[tuple[int, ...], np.dtype[np.bool_]], weights: Floats, draws: int) -> Floats:
    """Pr[the draws are exactly this set]: by inclusion and exclusion over the subsets of each set."""
    within = (members @ weights) ** draws  # all draws lie in the set
    exact: dict[int, float] = {}  # by the set's points as bits: 20,000 sets have some five million subsets
    for row, chance in zip(members, within.tolist(), strict=True):  # sets come in the order of their sizes
        inside = [1 << int(x) for x in np.flatnonzero(row)]
        smaller = 0.0
        for size in range(1, len(inside)):
            for part in itertools.combinations(inside, size):
                smaller += exact[sum(part)]
        exact[sum(inside)] = max(0.0, chance - smaller)
    chances = np.fromiter(exact.values(), dtype=np.float64, count=len(members))
    return np.asarray(chances / chances.sum())
