"""Random classes of a VC dimension that are as large as can be, and steps from one to the next."""

from __future__ import annotations

import dataclasses
import functools
import itertools

import numpy as np
import numpy.typing as npt

from ...functions.base import Labels

Indices = npt.NDArray[np.int64]


@dataclasses.dataclass(frozen=True)
class Room:
    """All labelings of N points, and the patterns that each shows on every set of d + 1 points.

    Parameters
    ----------
    points : int
        N.
    d : int
        At least 0, under N.
    """

    points: int
    d: int

    @functools.cached_property
    def labels(self) -> Labels:
        """Every labeling, shape (2^N, N)."""
        return (np.arange(2**self.points)[:, None] >> np.arange(self.points) & 1).astype(np.uint8)

    @functools.cached_property
    def shown(self) -> Indices:
        """Which of its 2^(d + 1) patterns a labeling shows on a set, shape (2^N, sets)."""
        chosen = list(itertools.combinations(range(self.points), self.d + 1))
        powers = 1 << np.arange(self.d + 1)
        return np.stack([self.labels[:, list(S)] @ powers for S in chosen], axis=1).astype(np.int64)

    @property
    def patterns(self) -> int:
        """How many there are on a set."""
        return int(2 ** (self.d + 1))

    def completed(self, first: Indices, rng: np.random.Generator) -> Indices:
        """A class to which nothing can be added: these labelings as far as they fit, then others in random order."""
        rest = rng.permutation(len(self.labels))
        sets = np.arange(self.shown.shape[1])
        seen = np.zeros((self.shown.shape[1], self.patterns), dtype=bool)
        counts = np.zeros(self.shown.shape[1], dtype=np.int64)
        inside = np.zeros(len(self.labels), dtype=bool)
        for f in itertools.chain(first.tolist(), rest.tolist()):
            new = ~seen[sets, self.shown[f]]
            # a set that shows all its patterns is shattered
            if not inside[f] and not (counts[new] == self.patterns - 1).any():
                inside[f] = True
                seen[sets, self.shown[f]] = True
                counts += new
        return np.flatnonzero(inside)

    def ball(self) -> Indices:
        """The labelings with at most d ones."""
        return np.flatnonzero(self.labels.sum(axis=1) <= self.d)

    def moved(self, members: Indices, rng: np.random.Generator) -> Indices:
        """Another class as large as can be: on some set of points another pattern is given up, and one taken back."""
        place = int(rng.integers(self.shown.shape[1]))
        given_up = int(rng.integers(self.patterns))
        kept = members[self.shown[members, place] != given_up]
        showing = np.setdiff1d(np.arange(self.patterns), np.append(self.shown[kept, place], given_up))
        back = np.flatnonzero(np.isin(self.shown[:, place], showing))
        return self.completed(np.concatenate([kept, rng.permutation(back)]), rng)

    def rows(self, members: Indices) -> tuple[str, ...]:
        """The class as the rows of a table, such as "0110"."""
        return tuple("".join(map(str, row)) for row in self.labels[members].tolist())
