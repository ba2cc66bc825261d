"""What labels leave of a class: version spaces, and how one more label leads from one to the next."""

from __future__ import annotations

import dataclasses
import functools

import numpy as np

from ...functions.base import Booleans, Floats
from ...functions.table import labels_at
from ...ground.errors import InvalidArgument
from ...ground.showing import fields
from .base import Indices, Listing

MOST_SPACES = 20_000  # found one by one in Python, half a second; each is a symbol for every x'
MOST_CELLS = 2**26  # of membership and of steps: 64 MiB, and 512 MiB


@dataclasses.dataclass(frozen=True, eq=False)
class VersionSpaces:
    """The sets of functions that agree with at most so many labels, all of the class first.

    Attributes
    ----------
    members : ndarray of bool, shape (V, F)
    after : ndarray of int64, shape (V, N, 2)
        The set once a point has that label: -1 where no member has it there, or where no label is left.
    """

    members: Booleans
    after: Indices

    __repr__ = fields

    def chances(self, weights: Floats, m: int) -> Floats:
        """Pr[m examples from D leave this set], the same for each of its members, shape (V,)."""
        left = np.zeros(len(self.members))
        left[0] = 1.0
        for _ in range(m):
            left = self.moved(left, weights)
        return left

    def moved(self, chances: Floats, weights: Floats) -> Floats:
        """The chances (V,) of each set, for its members, once one more point of that law (N,) has its label."""
        space, x, label = np.nonzero((self.after >= 0) & (chances[:, None, None] > 0) & (weights[:, None] > 0))
        reached = self.after[space, x, label]
        return np.bincount(reached, weights=chances[space] * weights[x], minlength=len(chances)).astype(np.float64)


@functools.lru_cache(maxsize=4)
def version_spaces(who: str, listing: Listing, labels: int) -> VersionSpaces:
    """The version spaces of up to so many labels, found breadth first; too many are refused for `who`."""
    table = labels_at(listing.functions, listing.codes, listing.points)
    F, N = table.shape
    most = max(1, min(MOST_SPACES, MOST_CELLS // max(F, N)))
    ones = [int.from_bytes(np.packbits(column).tobytes(), "big") for column in table.T]  # sets of functions, as bits
    everything = int.from_bytes(np.packbits(np.ones(F, dtype=np.uint8)).tobytes(), "big")
    numbers, after = {everything: 0}, []
    level = [everything]
    for _ in range(min(labels, N + 1)):  # N labels leave one function, and one more shows that nothing is left to tell
        found = []
        for space in level:
            row = []
            for has in ones:
                for part in (space & ~has, space & has):
                    if part and part not in numbers:
                        numbers[part] = len(numbers)
                        found.append(part)
                    row.append(numbers[part] if part else -1)
            after.append(row)
            if len(numbers) > most:
                raise InvalidArgument(
                    f"{who} tells more than {len(numbers) - 1} sets of the {F} functions on {N} points apart, and at "
                    f"most {most} fit: take a smaller class, or fewer labels"
                )
        level = found
    unlooked = [[-1] * (2 * N)] * (len(numbers) - len(after))
    width = (F + 7) // 8
    bits = np.frombuffer(b"".join(space.to_bytes(width, "big") for space in numbers), dtype=np.uint8)
    members = np.unpackbits(bits.reshape(len(numbers), width), axis=1)[:, :F].astype(np.bool_)
    steps = np.array([*after, *unlooked], dtype=np.int64).reshape(len(numbers), N, 2)
    for array in (members, steps):
        array.setflags(write=False)
    return VersionSpaces(members, steps)
