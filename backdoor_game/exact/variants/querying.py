"""The linear program against a defender who asks: the attacker's plan, and what no way of asking keeps apart."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np

from ...functions.base import Booleans, Floats
from ...functions.listing import shown_count
from ...games.observations.base import Listing, Observation
from ...games.observations.version_spaces import version_spaces
from ...ground.errors import InvalidArgument
from ...ground.spec import text
from ..finite.program import run_highs
from .asking import Asking, Indices, QueryPlan, asking, states
from .guarantees import Plan
from .program import Sparse, columns_of, masses_of, plan_of, spent_of, tree_of
from .tree import Variant

ROWS = 200_000  # of (x', what is known, where to ask next): HiGHS takes a minute or two
ENTRIES = 5_000_000  # of their masses over moves, as in programs without questions


def asked_in(variant: Variant, sees: Observation) -> Asking:
    """What the defender may ask in a variant, refused where that is too much for a linear program.

    Raises
    ------
    InvalidArgument
        With the size and the limit.
    """
    legal, who = variant.legal, text(sees)
    listing = Listing(legal.functions, legal.codes, legal.points, legal.weights)
    spaces = version_spaces(who, listing, sees.queries)
    groups = len(np.unique(variant.shown.indices))
    entries = int(spaces.members.sum(axis=0).mean() * (len(variant.moves[0]) + len(variant.seen.keys)))
    _refuse(who, entries, ENTRIES, "chances of answers over moves")
    _refuse(who, groups * 2 * len(spaces.members), ROWS, "rows")
    known = states(spaces, sees.queries, ROWS // groups - 2 * len(spaces.members))
    if known is None:
        _refuse(who, ROWS + 1, ROWS, "rows", "at least ")
    assert known is not None
    return asking(variant, known)


def _refuse(who: str, size: int, limit: int, what: str, least: str = "") -> None:
    if size > limit:
        raise InvalidArgument(
            f"{who} makes a program of {least}{shown_count(size)} {what}, and at most {limit} fit: ask fewer queries, "
            "or take a smaller class"
        )


def solve_queries(variant: Variant, made: Asking) -> tuple[Plan, QueryPlan]:
    """The best attacker and, from the dual, the best way to ask and to flag.

    maximise sum of w(group, all functions), subject to w(state) <= z(its space), w(state) <= w(state if 0) + w(state if
    1) for every point that may be asked, z(space) <= P0 and z(space) <= P1, both linear in the attacker's plan. The
    duals of these rows are how often the defender stops, asks that point, flags and passes.
    """
    from scipy.sparse import block_array, csr_array, eye_array

    columns = columns_of(variant)
    fixed, totals = tree_of(variant, columns)
    views = masses_of(dataclasses.replace(variant, kernel=None), columns)
    leaves = _leaves(variant, made)
    clean, planted = (csr_array(leaves @ masses) for masses in views)
    scales, U = _scales(clean, planted, made.groups), len(made.states.members)
    P0, P1 = (csr_array(masses.multiply(np.repeat(scales, U)[:, None])) for masses in (clean, planted))
    z, stop, ask = eye_array(len(scales) * U), *_steps(made)
    limits: list[list[Any]] = [[-P0, z, None], [-P1, z, None], [None, *stop], [spent_of(variant, columns), None, None]]
    if ask.shape[0]:
        limits.append([None, None, ask])
    matrix = csr_array(block_array(limits))
    cost = np.zeros(matrix.shape[1])
    cost[columns.count + len(scales) * U :: len(made.states.spaces)] = -1.0 / scales  # the first state of each group
    equal = csr_array(block_array([[fixed, csr_array((len(totals), matrix.shape[1] - columns.count))]]))
    found = run_highs(cost, A_ub=matrix, b_ub=np.zeros(matrix.shape[0]), A_eq=equal, b_eq=totals)
    never = np.diff(clean.indptr) == 0
    return plan_of(variant, columns, found.x), _plan(made, np.maximum(-found.ineqlin.marginals, 0.0), never)


def _leaves(variant: Variant, made: Asking) -> Sparse:
    """Masses of (group, version space) from masses of views: (groups U, V)."""
    from scipy.sparse import csr_array

    U = len(made.states.members)
    entry, space = np.nonzero(made.states.members.T[made.functions])
    places = made.group[entry] * U + space, made.view[entry]
    return csr_array((made.chance[entry], places), shape=(made.groups * U, len(variant.seen.keys)))


def _scales(clean: Sparse, planted: Sparse, groups: int) -> Floats:
    """What makes the largest coefficient of each group 1: some points weigh a millionth of others.

    A group that no branch shows, such as a trigger that no law leaves where both branches show it, has none.
    """
    most = [masses.max(axis=1).toarray().reshape(groups, -1).max(axis=1) for masses in (clean, planted)]
    return np.asarray(1.0 / np.where(most[0] > 0, most[0], np.where(most[1] > 0, most[1], 1.0)))


def _steps(made: Asking) -> tuple[tuple[Sparse, Sparse], Sparse]:
    """The rows that let each state stop, over z and w, and those of each point that may be asked, over w."""
    from scipy.sparse import csr_array, eye_array, kron

    known, every = made.states, eye_array(made.groups)
    S = len(known.spaces)
    space = csr_array((np.ones(S), (np.arange(S), known.spaces)), shape=(S, len(known.members)))
    state, x = _asked(made)
    rows, ones = np.arange(len(state)), np.ones(len(state))
    low, high = known.after[state, x].T
    entries = np.concatenate([ones, -ones, -ones]), (np.tile(rows, 3), np.concatenate([state, low, high]))
    ask = csr_array(entries, shape=(len(state), S))
    return (-kron(every, space), eye_array(made.groups * S)), kron(every, ask)


def _asked(made: Asking) -> tuple[Indices, Indices]:
    """The states and points, in order, where something may be asked."""
    state, x = np.nonzero(made.states.after[:, :, 0] >= 0)
    return state, x


def _plan(made: Asking, duals: Floats, never: Booleans) -> QueryPlan:
    """Its plan from the duals of the rows, as shares of what reaches a state; what is never clean is flagged."""
    known, groups = made.states, made.groups
    (S, N), (state, x) = known.after.shape[:2], _asked(made)
    U = len(known.members)
    flagged, passed = duals[: groups * U], duals[groups * U : 2 * groups * U]
    stops = duals[2 * groups * U :][: groups * S].reshape(groups, S)
    asks = np.zeros((groups, S, N))
    if len(state):
        asks[:, state, x] = duals[len(duals) - groups * len(state) :].reshape(groups, -1)
    reached = stops + asks.sum(axis=2)
    asks = np.divide(asks, reached[:, :, None], out=np.zeros_like(asks), where=reached[:, :, None] > 0)
    left = flagged + passed
    flags = np.divide(flagged, left, out=never.astype(np.float64), where=left > 0).reshape(groups, U)
    return QueryPlan(made, asks, flags[:, known.spaces])
