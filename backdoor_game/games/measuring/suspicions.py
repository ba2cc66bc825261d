"""How often each suspicion was seen, on either branch: exact while there are few, else rounded in the floats' order."""

from __future__ import annotations

import dataclasses

import numpy as np
import numpy.typing as npt

from ...functions.base import Booleans, Floats
from ...ground.showing import fields
from ...ground.streams import Words

MOST = 4096  # different suspicions that are kept apart: a ROC curve of more corners says no more
PENDING = 2**16  # words that wait to be counted: half a megabyte, and one sort in place of many small ones
Counts = npt.NDArray[np.int64]


@dataclasses.dataclass
class Suspicions:
    """Counts of suspicions with a plant and without; blocks add up to the same in any order.

    A suspicion's word is its float64, in order, beside whether it is flagged; over 4,096 different ones their lowest
    places are cleared until so many are left. So what decides stays told apart, whatever is rounded away.
    """

    _words: Words = dataclasses.field(default_factory=lambda: np.zeros(0, np.uint64))
    _counts: Counts = dataclasses.field(default_factory=lambda: np.zeros((2, 0), np.int64))
    _shift: int = 0
    _waiting: list[tuple[Words, Words]] = dataclasses.field(default_factory=list)

    __repr__ = fields

    def add(self, clean: Floats, planted: Floats, flagged: Booleans) -> None:
        """Count a block.

        Parameters
        ----------
        clean, planted : ndarray of float64, shape (B,)
            In [0, 1].
        flagged : ndarray of bool, shape (2, B)
            The decision on either branch; it does not fall as suspicion grows.
        """
        self._waiting.append((_words(clean, flagged[0]), _words(planted, flagged[1])))
        if sum(len(words) for words, _ in self._waiting) >= PENDING:
            self._count()

    def counts(self) -> tuple[Counts, Counts]:
        """Clean and planted counts of the suspicions seen, lowest first."""
        self._count()
        return self._counts[0], self._counts[1]

    def _count(self) -> None:
        if not self._waiting:
            return
        fresh = [np.unique(np.concatenate(words), return_counts=True) for words in zip(*self._waiting, strict=True)]
        self._waiting = []
        words = [_rounded(word, self._shift) for word, _ in fresh]
        union, place = np.unique(np.concatenate([self._words, *words]), return_inverse=True)
        old, first = len(self._words), len(self._words) + len(words[0])
        seen = np.zeros((2, len(place)), np.int64)
        seen[:, :old], seen[0, old:first], seen[1, first:] = self._counts, fresh[0][1], fresh[1][1]
        total = _summed(seen, place, len(union))
        # The least shift at which all fit: a part of them never needs a larger one, so the order of blocks is all one.
        while len(union) > MOST:
            self._shift += 1
            union, place = np.unique(_rounded(union, self._shift), return_inverse=True)
            total = _summed(total, place, len(union))
        self._words, self._counts = union, total


def _summed(counts: Counts, place: Counts, size: int) -> Counts:
    """Counts (2, K) added up at their places: (2, size)."""
    total = np.zeros((2, size), np.int64)
    for row, found in zip(total, counts, strict=True):
        np.add.at(row, place, found)
    return total


def _words(suspicion: Floats, flagged: Booleans) -> Words:
    """The bits of floats from 0 on are in their order; the lowest place says whether it is flagged."""
    bits = (suspicion + 0.0).view(np.uint64)  # no -0.0
    return (bits << np.uint64(1)) | flagged.astype(np.uint64)


def _rounded(words: Words, shift: int) -> Words:
    """The same with as many low places of the float cleared, the flag kept."""
    keep = ~np.uint64(2 ** (shift + 1) - 2)
    return words & keep
