"""The linear program of a finite game to any number of digits, by iterative refinement [Gleixner16].

A solver in floats is right to about 1e-7 of whatever it is given. What its answer misses, in exact arithmetic, is the
right side of a program with the same matrix; scaled up it is solved to 1e-7 again, and so on. D enters as a right side:
w = D(x) a(f, x) in place of the flag probability a makes a matrix of 0, 1 and -1, and weights of 1e-8 do no harm.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from ...functions.base import Floats
from ...ground.showing import fields
from .legal import LegalGame
from .program import pairs, run_highs

Indices = npt.NDArray[np.int64]
Fractions = npt.NDArray[Any]  # of dtype object
GAIN = 2**24  # what a solver's answer is off by, inverted; it promises 1e-7
FAR = 1e9  # a bound further away than this from the last answer is none: corrections are about 1
ZERO, ONE = Fraction(0), Fraction(1)


@dataclasses.dataclass(frozen=True, eq=False)
class Refined:
    """Both sides' play, off by about `error`.

    Attributes
    ----------
    edges : ndarray of int64, shape (E,)
        One triple of each unordered legal pair.
    cells : ndarray of int64, shape (k,)
        The places x F + f at which something is legal.
    flags : sequence of Fraction, length k
        Flag probabilities there, which may exceed 1: such a one is as good as 1.
    uncovered : sequence of Fraction, length E
        a(f, x) + a(f*, x) - 1.
    spare : sequence of Fraction, length F
        By how much less than the most each f makes the defender lose.
    most : Fraction
        sum over x of D(x) a(f, x), for the worst f.
    flows : sequence of Fraction, length E
    originals : sequence of Fraction, length F
    unused : sequence of Fraction, length k
        pi(f) less the flows at (f, x).
    error : Fraction
    """

    edges: Indices
    cells: Indices
    flags: Sequence[Fraction]
    uncovered: Sequence[Fraction]
    spare: Sequence[Fraction]
    most: Fraction
    flows: Sequence[Fraction]
    originals: Sequence[Fraction]
    unused: Sequence[Fraction]
    error: Fraction

    __repr__ = fields


def refined(game: LegalGame, weights: Sequence[Fraction], rounds: int) -> Iterator[Refined]:
    """Answers of which each is about 10^7 times finer than the one before.

    minimise t  subject to  w_x(f) + w_x(g) >= D(x) on legal pairs, sum over x of w_x(f) <= t, w >= 0;
    the duals are the flows y_x(f, g) and the weights pi(f) of the originals.
    """
    F, edges = len(game.codes), pairs(game)
    cells, ends = np.unique(np.concatenate([game.cells[edges], game.planted[edges]]), return_inverse=True)
    k, E = len(cells), len(edges)
    D = np.array(weights, dtype=object)
    program = _program(ends.reshape(2, E), cells % F, F, D[cells[ends[:E]] // F] if E else np.empty(0, object))
    for x, y, reduced, error in program.answers(rounds):
        yield Refined(
            edges=edges,
            cells=cells,
            flags=list(x[:k] / D[cells // F]),
            uncovered=list(x[k + 1 : k + 1 + E] / D[game.cells[edges] // F]),
            spare=list(x[k + 1 + E :]),
            most=x[k],
            flows=list(y[:E]),
            originals=list(-y[E:]),
            unused=list(reduced[:k]),
            error=error,
        )


@dataclasses.dataclass(frozen=True, eq=False)
class _Program:
    """minimise cost x  subject to  A x = right, x >= 0 but for one, where A has entries 1 and -1 at (rows, columns)."""

    rows: Indices
    columns: Indices
    signs: Indices
    right: Fractions
    cost: Fractions
    free: int  # of any sign

    def answers(self, rounds: int) -> Iterator[tuple[Fractions, Fractions, Fractions, Fraction]]:
        """Primal, dual and reduced costs, and by how much the worst constraint of either is broken."""
        x, y = _zeros(len(self.cost)), _zeros(len(self.right))
        wanted, reduced = self.right.copy(), self.cost.copy()
        up, dual_up = ONE, ONE
        for _ in range(rounds):
            low = np.array([max(-float(up * one), -FAR) for one in x])
            low[low <= -FAR] = low[self.free] = -np.inf
            step, dual_step = self._solved(_floats(reduced * dual_up), _floats(wanted * up), low)
            x, y = x + _exact(step) / up, y + _exact(dual_step) / dual_up
            wanted, reduced = self.right - self._times(x), self.cost - self._transposed(y)
            broken = max([*map(abs, wanted), *-np.delete(x, self.free), ZERO])
            dual_broken = max([abs(reduced[self.free]), *-reduced, ZERO])
            yield x, y, reduced, max(broken, dual_broken)
            up, dual_up = _scale(broken, up), _scale(dual_broken, dual_up)

    def _solved(self, cost: Floats, right: Floats, low: Floats) -> tuple[Floats, Floats]:
        from scipy.sparse import csr_array

        entries = (self.signs.astype(np.float64), (self.rows, self.columns))
        matrix = csr_array(entries, shape=(len(right), len(cost)))
        bounds = np.stack([low, np.full(len(low), np.inf)], axis=1)
        found = run_highs(cost, A_eq=matrix, b_eq=right, bounds=bounds)
        return found.x, found.eqlin.marginals

    def _times(self, x: Fractions) -> Fractions:
        out = _zeros(len(self.right))
        np.add.at(out, self.rows, self.signs.astype(object) * x[self.columns])
        return out

    def _transposed(self, y: Fractions) -> Fractions:
        out = _zeros(len(self.cost))
        np.add.at(out, self.columns, self.signs.astype(object) * y[self.rows])
        return out


def _program(ends: Indices, owner: Indices, F: int, needed: Fractions) -> _Program:
    """Columns: w of each cell, t, what is over on each pair, what each f lacks to t. Rows: pairs, then functions."""
    k, E = len(owner), ends.shape[1]
    pair, cell, f = np.arange(E), np.arange(k), np.arange(F)
    parts = [
        (pair, ends[0], 1),
        (pair, ends[1], 1),
        (pair, k + 1 + pair, -1),
        (E + owner, cell, 1),
        (E + f, np.full(F, k), -1),
        (E + f, k + 1 + E + f, 1),
    ]
    rows, columns = (np.concatenate([part[side] for part in parts]) for side in (0, 1))
    signs = np.concatenate([np.full(len(part[0]), part[2]) for part in parts])
    cost = _zeros(k + 1 + E + F)
    cost[k] = ONE
    return _Program(rows, columns, signs, np.concatenate([needed, _zeros(F)]), cost, free=k)


def _scale(broken: Fraction, before: Fraction) -> Fraction:
    """The power of two that makes what is broken about 1, at most a solver's precision more than before."""
    most = before * GAIN
    if broken * most <= 1:
        return most
    return Fraction(2) ** (int(1 / broken).bit_length() - 1) if broken < 1 else ONE


def _zeros(size: int) -> Fractions:
    return np.full(size, ZERO, dtype=object)


def _floats(values: Fractions) -> Floats:
    return np.array([float(value) for value in values], dtype=np.float64)


def _exact(values: Floats) -> Fractions:
    return np.array([Fraction(value) for value in values.tolist()], dtype=object)
