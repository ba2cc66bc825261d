"""x' and labelled examples of f'."""

from __future__ import annotations

import dataclasses
import functools
from typing import TYPE_CHECKING

import numpy as np

from ...functions import FunctionClass
from ...functions.base import Codes, Floats
from ...functions.listing import shown_count
from ...ground import _validate
from ...ground.errors import ContractError, InvalidArgument
from ...ground.spec import text
from ...players.views import DefenderBlock
from ...spaces.domains import Points
from .base import Indices, Listing, Observation, places
from .version_spaces import VersionSpaces, version_spaces

if TYPE_CHECKING:
    from scipy.sparse import csr_array

MOST_EXAMPLES = 4096  # a draw is a step over all version spaces: 0.1 ms each on small classes
UNLIKELY = 1e-15  # what is seen less often beside an x' is one symbol: the value stays within 1e-10, and no chance is 0
MOST_ENTRIES = 2**22  # of a kernel: 64 MiB, beyond what a linear program takes


@dataclasses.dataclass(frozen=True, repr=False)
class Examples(Observation):
    """x', f'(x') and m random examples labelled by f'; without `label` not f'(x').

    A symbol is x' with the functions that agree with all labels seen, the version space: which points these labels
    stand on tells no more of f', since the points are drawn whatever f' is. So (x', the set of distinct points, their
    labels) is sufficient, and this is less.

    Parameters
    ----------
    m : int
        Examples from D.
    label : bool
        Whether f'(x') is seen.
    """

    m: int
    label: bool = True

    def __post_init__(self) -> None:
        super().__post_init__()
        _validate.integer("Examples.m", self.m, 0, MOST_EXAMPLES)

    def kernel(self, functions: FunctionClass, codes: Codes, points: Points, weights: Floats) -> csr_array:
        from scipy.sparse import csr_array

        spaces, chances, numbers = _seen(self, Listing(functions, codes, points, weights))
        F, N = len(codes), len(points)
        x, space = np.nonzero(numbers >= 0)
        sizes = spaces.members.sum(axis=1)[space]
        entries = int(sizes.sum())
        if entries > MOST_ENTRIES:
            raise InvalidArgument(
                f"{text(self)} shows {shown_count(len(x))} symbols of the {F} functions on {N} points, in "
                f"{shown_count(entries)} pairs of a symbol and a function, and at most {MOST_ENTRIES} fit: ask for "
                "fewer examples"
            )
        columns = np.repeat(numbers[x, space], sizes)
        rows = np.repeat(x, sizes) * F + np.concatenate([np.flatnonzero(spaces.members[v]) for v in space])
        data = np.repeat(chances[x, space], sizes)
        return csr_array((data, (rows, columns)), shape=(N * F, int(numbers.max()) + 1))

    def observe(self, view: DefenderBlock, codes: Codes, points: Points, weights: Floats) -> Indices:
        spaces, _, numbers = _seen(self, Listing(view.game.functions, codes, points, weights))
        sample, here = view.sample(self.m), places(points, view.X)
        known = np.zeros(len(view), dtype=np.int64)
        for i in range(self.m):
            known = spaces.after[known, places(points, sample.X[:, 0, i]), sample.y[:, 0, i]]
        if self.label:
            known = spaces.after[known, here, view.evaluate(view.X[:, None, :])[:, 0]]
        found = numbers[here, known]
        if (found < 0).any():
            raise ContractError(
                f"{text(view.game.functions)[:200]} holds a function that its enumerate() does not list"
            )
        return np.asarray(found)


@functools.lru_cache(maxsize=4)  # asked for once a block of rounds
def _seen(examples: Examples, listing: Listing) -> tuple[VersionSpaces, Floats, Indices]:
    """The version spaces, Pr[each | x', a member] (N, V), and the column of each, -1 where it is never seen, (N, V)."""
    spaces = version_spaces(text(examples), listing, examples.m + examples.label)
    N = len(listing.points)
    drawn = spaces.chances(listing.weights, examples.m)
    chances = np.tile(drawn, (N, 1))
    if examples.label:
        chances = np.stack([spaces.moved(drawn, np.eye(N)[x]) for x in range(N)])
    likely = chances >= UNLIKELY
    numbers = np.where(likely, likely.ravel().cumsum().reshape(chances.shape) - 1, -1)
    rest = (chances > 0) & ~likely
    columns = likely.sum() + np.cumsum(rest.any(axis=1)) - 1
    return spaces, chances, np.where(rest, columns[:, None], numbers)
