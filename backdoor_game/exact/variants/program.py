"""The linear program of a variant: the attacker's realisation plan, and what its two branches have in common."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import numpy.typing as npt

from ...functions.base import Floats
from ...ground.showing import fields
from ..finite.program import run_highs
from .guarantees import Plan
from .tree import Variant

Indices = npt.NDArray[np.int64]
Sparse = Any  # a csr_array of float64; scipy's own types do not know its shape


@dataclasses.dataclass(frozen=True, eq=False)
class Columns:
    """Which columns stand for what: f's own come first; all others are conditional on the set that nature offers.

    Attributes
    ----------
    count : int
    picks : ndarray of int64, shape (M, F)
        Pr[f, trigger | set]: the column of f itself where f comes first and the set leaves no choice.
    moves : ndarray of int64, shape (P,)
        The moves that have a column: not those whose f* a defender who sees all knows to be planted.
    plants : ndarray of int64, shape (P,)
        Their columns.
    """

    count: int
    picks: Indices
    moves: Indices
    plants: Indices

    __repr__ = fields


def solve_plan(variant: Variant) -> tuple[Plan, Floats]:
    """The best attacker and, from the dual, the flag probabilities of the best defender over symbols.

    maximise sum z over symbols, subject to z <= P0 and z <= P1, which are linear in the plan. Where the defender sees
    (f', x') itself P1 <= P0 will do in their place: a plant beyond that may as well be forfeited.
    """
    from scipy.sparse import block_array, csr_array, eye_array

    columns = columns_of(variant)
    fixed, totals = tree_of(variant, columns)
    clean, planted = masses_of(variant, columns)
    flags = (np.diff(clean.indptr) == 0).astype(np.float64)  # what no clean round shows was planted
    rows = np.flatnonzero((np.diff(planted.indptr) > 0) & (flags == 0))
    scales = 1.0 / clean[rows].max(axis=1).toarray().ravel()  # some points weigh a millionth of others
    P0, P1 = (csr_array(masses[rows].multiply(scales[:, None])) for masses in (clean, planted))
    if variant.kernel is None:
        cost: Floats = -np.asarray(planted[rows].sum(axis=0), dtype=np.float64).ravel()
        limits: list[list[Any]] = [[P1 - P0], [spent_of(variant, columns)]]
    else:
        z = eye_array(len(rows))
        cost = np.concatenate([np.zeros(columns.count), -1.0 / scales])
        limits = [[-P0, z], [-P1, z], [spent_of(variant, columns), None]]
        fixed = csr_array(block_array([[fixed, csr_array((len(totals), len(rows)))]]))
    matrix = csr_array(block_array(limits))
    found = run_highs(cost, A_ub=matrix, b_ub=np.zeros(matrix.shape[0]), A_eq=fixed, b_eq=totals)
    flags[rows] = np.clip(-found.ineqlin.marginals[: len(rows)] * scales, 0.0, 1.0)
    return plan_of(variant, columns, found.x), flags


def columns_of(variant: Variant) -> Columns:
    """A column for each f, for each pick that is a choice, and for each move that misleads anybody."""
    F, sets = len(variant.legal.codes), variant.entries[0]
    first = np.zeros(len(sets), dtype=bool) if variant.before else variant.offered.sum(axis=1)[sets] == 1
    picks = np.tile(np.arange(F), (len(sets), 1))
    picks[~first] = F + np.arange((~first).sum() * F).reshape(-1, F)
    taken = F + int((~first).sum()) * F
    triples = variant.moves[1]
    misleading = np.ones(len(triples), dtype=bool)
    if variant.kernel is None:
        misleading = np.isin(variant.seen.planted, variant.seen.clean)[triples]
    moves = np.flatnonzero(misleading)
    return Columns(taken + len(moves), picks, moves, taken + np.arange(len(moves)))


def tree_of(variant: Variant, columns: Columns) -> tuple[Sparse, Floats]:
    """The equations of the plan down to f and its trigger, and their right-hand sides.

    f first: sum of pi(f) = 1, and for each (set, f) the triggers share pi(f). The offer first: for each set the pairs
    (f, trigger) sum to 1, and pi(f) is their mean over the sets.
    """
    F, S, sets = len(variant.legal.codes), len(variant.chances), variant.entries[0]
    f = np.tile(np.arange(F), len(sets))
    if variant.before:
        sums = _sparse(np.repeat(sets, F), columns.picks.ravel(), 1.0, (S, columns.count))
        mean = _sparse(f, columns.picks.ravel(), np.repeat(variant.chances[sets], F), (F, columns.count))
        mean = mean - _sparse(np.arange(F), np.arange(F), 1.0, mean.shape)
        return _stacked(sums, mean), np.concatenate([np.ones(S), np.zeros(F)])
    rows = np.repeat(sets, F) * F + f
    shared = np.unique(rows[columns.picks.ravel() >= F])
    sums = _sparse(rows, columns.picks.ravel(), 1.0, (S * F, columns.count))[shared]
    sums = sums - _sparse(np.arange(len(shared)), shared % F, 1.0, sums.shape)
    total = _sparse(np.zeros(F, dtype=np.int64), np.arange(F), 1.0, (1, columns.count))
    return _stacked(total, sums), np.concatenate([np.ones(1), np.zeros(len(shared))])


def spent_of(variant: Variant, columns: Columns) -> Sparse:
    """What is planted at each (entry, f), less what gets there: at most 0."""
    F, (entries, triples) = len(variant.legal.codes), variant.moves
    places = entries[columns.moves] * F + variant.legal.cells[triples[columns.moves]] % F
    used, rows = np.unique(places, return_inverse=True)
    shape = len(used), columns.count
    sent = _sparse(rows.ravel(), columns.plants, 1.0, shape)
    return sent - _sparse(np.arange(len(used)), columns.picks.ravel()[used], 1.0, shape)


def masses_of(variant: Variant, columns: Columns) -> tuple[Sparse, Sparse]:
    """P0 and P1 as functions of the columns, (symbols, columns) each."""
    (N, F), seen, legal = variant.legal.shape, variant.seen, variant.legal
    sets, points = variant.entries
    shape = len(seen.keys), columns.count
    if variant.paired:
        chances = np.repeat(variant.chances[sets], F)
        clean = _sparse(seen.clean[points].ravel(), columns.picks.ravel(), chances, shape)
    else:
        clean = _sparse(seen.clean.ravel(), np.tile(np.arange(F), N), np.repeat(legal.weights, F), shape)
    entries, triples = (array[columns.moves] for array in variant.moves)
    planted = _sparse(seen.planted[triples], columns.plants, variant.chances[sets[entries]], shape)
    if variant.kernel is None:
        return clean, planted
    return _sparse_product(variant, clean), _sparse_product(variant, planted)


def plan_of(variant: Variant, columns: Columns, x: Floats) -> Plan:
    """An attacker from columns that may be off by rounding: shares that never exceed what gets there."""
    F, S, (sets, _), (entries, triples) = len(variant.legal.codes), len(variant.chances), variant.entries, variant.moves
    x = np.maximum(x, 0.0)
    picks = x[columns.picks]
    if variant.before:
        picks = picks / np.bincount(sets, weights=picks.sum(axis=1), minlength=S)[sets, None]
    else:
        pi, shares = x[:F] / x[:F].sum(), np.zeros((S, F))
        np.add.at(shares, sets, picks)
        even = 1.0 / variant.offered.sum(axis=1)[sets, None]
        reached = shares[sets]
        picks = pi * np.divide(picks, reached, out=np.broadcast_to(even, picks.shape).copy(), where=reached > 0)
    plants = np.zeros(len(entries))
    plants[columns.moves] = x[columns.plants]
    places = entries * F + variant.legal.cells[triples] % F
    sent = np.bincount(places, weights=plants, minlength=picks.size)
    fits = np.minimum(1.0, np.divide(picks.ravel(), sent, out=np.zeros(picks.size), where=sent > 0))
    chances = variant.chances[sets]
    return Plan(picks * chances[:, None], plants * fits[places] * chances[entries])


def _sparse(rows: Indices, columns: Indices, values: Floats | float, shape: tuple[int, int]) -> Sparse:
    """Entries of a sparse array; those at one place are summed."""
    from scipy.sparse import csr_array

    entries: Any = (np.broadcast_to(values, np.shape(rows)), (rows, columns))
    made: Any = csr_array
    return made(entries, shape=shape, dtype=np.float64)


def _sparse_product(variant: Variant, views: Sparse) -> Sparse:
    """Masses of symbols from masses of views."""
    from scipy.sparse import csr_array

    found = csr_array(variant.shown.T @ views)
    found.eliminate_zeros()  # a kernel may write them down
    return found


def _stacked(*parts: Sparse) -> Sparse:
    from scipy.sparse import csr_array, vstack

    return csr_array(vstack(parts))
