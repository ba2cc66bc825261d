"""Laws of many places at once, each over things of its own."""

from __future__ import annotations

import dataclasses
import functools

import numpy as np
import numpy.typing as npt

from ...functions.base import Floats
from ...ground.showing import fields

Indices = npt.NDArray[np.int64]
Spread = tuple[Indices, Indices, Floats]


@dataclasses.dataclass(frozen=True, eq=False)
class Ragged:
    """A law for each of R places over things that are numbered place by place.

    Attributes
    ----------
    starts : ndarray of int64, shape (R + 1,)
    chances : ndarray of float64, shape (things,)
        Those of place r are chances[starts[r] : starts[r + 1]]; what they lack to 1 is nothing at all.
    """

    starts: Indices
    chances: Floats

    __repr__ = fields

    def drawn(self, places: Indices, fractions: Floats) -> Indices:
        """A thing for each of the places (B,), by coins in [0, 1); -1 for nothing."""
        from ...kernels.legal_pairs import draw_in_rows

        return np.asarray(draw_in_rows(self.starts, self.chances, places, fractions))

    def surely_drawn(self, places: Indices, fractions: Floats) -> Indices:
        """The same for places whose chances sum to 1 but for rounding: what that lacks goes to the likeliest."""
        drawn = self.drawn(places, fractions)
        return np.where(drawn >= 0, drawn, self._likeliest[places])

    @functools.cached_property
    def _likeliest(self) -> Indices:
        """The likeliest thing of each place, the first of several; each place has one."""
        greatest = np.maximum.reduceat(self.chances, self.starts[:-1])
        owners = np.repeat(np.arange(len(greatest)), np.diff(self.starts))
        hits = np.flatnonzero(self.chances == greatest[owners])[::-1]
        out = np.zeros(len(greatest), dtype=np.int64)
        out[owners[hits]] = hits
        return out

    def spread(self, places: Indices) -> Spread:
        """The law of each of the places (B,): rows (P,), things (P,) and chances (P,), those of chance 0 left out."""
        counts = self.starts[places + 1] - self.starts[places]
        rows = np.repeat(np.arange(len(places)), counts)
        things = np.arange(len(rows)) + np.repeat(self.starts[places] - np.cumsum(counts) + counts, counts)
        some = self.chances[things] > 0
        return rows[some], things[some], self.chances[things[some]]
