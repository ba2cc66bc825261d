"""A finite variant as arrays: what nature offers and when, and what the defender sees."""

from __future__ import annotations

import dataclasses
import functools
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ...functions.base import Booleans, Floats
from ...ground.showing import fields
from ..finite import LegalGame

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Indices = npt.NDArray[np.int64]


@dataclasses.dataclass(frozen=True, eq=False)
class Seen:
    """The V views (trace, x', f') that a defender may have: where each clean round and each legal plant shows up.

    Attributes
    ----------
    keys : ndarray of int64, shape (V,)
        (trace N + x) F + f, in increasing order.
    clean : ndarray of int64, shape (N, F)
        The view of f, left alone, at x; its trace is f's own.
    planted : ndarray of int64, shape (T,)
        The view of each triple's f* at x, with the trace of its f.
    """

    keys: Indices
    clean: Indices
    planted: Indices

    __repr__ = fields


@dataclasses.dataclass(frozen=True, eq=False)
class Variant:
    """A game on F functions and N points whose moves and observations are finite.

    Nature offers a set of triggers; the attacker picks f (knowing the offer, where it comes `before`), a trigger of the
    set and f*. The defender sees a symbol of (f', x') and the symbol of f that is revealed.

    The M entries are the pairs (set, point of it), set by set; the Y moves are the pairs (entry, legal triple at its
    point), entry by entry.

    Attributes
    ----------
    legal : LegalGame
        Members that agree where D has mass are merged only where nothing that is seen tells them apart.
    before : bool
        Whether the offer comes before f.
    offered : ndarray of bool, shape (S, N)
    chances : ndarray of float64, shape (S,)
        The sets that nature offers, and how often.
    paired : bool
        Whether the clean branch shows f at the trigger; else at a fresh x.
    traces : ndarray of int64, shape (F,)
        What is revealed of each original, in both branches; all 0 where nothing is.
    kernel : sparse array, shape (N F, K), or None
        Pr[symbol | f', x'] in row x F + f'; None where the defender sees (f', x') itself.
    """

    legal: LegalGame
    before: bool
    offered: Booleans
    chances: Floats
    paired: bool
    traces: Indices
    kernel: csr_array | None = None

    __repr__ = fields

    @property
    def size(self) -> tuple[int, int]:
        """Ways to pick f and its trigger from what is offered, M F, and moves, Y."""
        return len(self.entries[0]) * len(self.legal.codes), int(self.starts[-1])

    @functools.cached_property
    def entries(self) -> tuple[Indices, Indices]:
        """The set and the point of each entry, (M,) each."""
        sets, points = np.nonzero(self.offered)
        return sets, points

    @functools.cached_property
    def starts(self) -> Indices:
        """Where the moves of each entry begin, shape (M + 1,)."""
        F, points = len(self.legal.codes), self.entries[1]
        counts = self.legal.starts[(points + 1) * F] - self.legal.starts[points * F]
        return np.concatenate([[0], np.cumsum(counts)])

    @functools.cached_property
    def moves(self) -> tuple[Indices, Indices]:
        """The entry and the legal triple of each move, (Y,) each."""
        F, points = len(self.legal.codes), self.entries[1]
        entry = np.repeat(np.arange(len(points)), np.diff(self.starts))
        firsts = self.legal.starts[points * F]
        return entry, np.arange(len(entry)) - self.starts[entry] + firsts[entry]

    @functools.cached_property
    def seen(self) -> Seen:
        """The views that may come up, numbered."""
        (N, F), legal = self.legal.shape, self.legal
        clean = np.arange(N * F) + np.tile(self.traces, N) * (N * F)
        planted = legal.planted + self.traces[legal.cells % F] * (N * F)
        keys, numbers = np.unique(np.concatenate([clean, planted]), return_inverse=True)
        numbers = numbers.ravel()
        return Seen(keys, numbers[: N * F].reshape(N, F), numbers[N * F :])

    @functools.cached_property
    def shown(self) -> csr_array:
        """Pr[symbol | view], sparse (V, symbols): the views themselves, or (trace, symbol of the kernel)."""
        from scipy.sparse import csr_array, eye_array

        V, (N, F) = len(self.seen.keys), self.legal.shape
        if self.kernel is None:
            return csr_array(eye_array(V))
        kernel, traces = csr_array(self.kernel), self.seen.keys // (N * F)
        rows = csr_array(kernel[self.seen.keys % (N * F)])
        columns = rows.indices + np.repeat(traces * kernel.shape[1], np.diff(rows.indptr))
        return csr_array((rows.data, columns, rows.indptr), shape=(V, (int(self.traces.max()) + 1) * kernel.shape[1]))
