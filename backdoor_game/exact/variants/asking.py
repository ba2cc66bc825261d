"""What a defender who asks labels of f' may know, and its plan: where to ask next, and when to flag."""

from __future__ import annotations

import dataclasses

import numpy as np
import numpy.typing as npt

from ...functions.base import Booleans, Floats
from ...games.observations.version_spaces import VersionSpaces
from ...ground.showing import fields
from .tree import Variant

Indices = npt.NDArray[np.int64]


@dataclasses.dataclass(frozen=True, eq=False)
class States:
    """What is left of the class after so many answers that told something, states with fewer answers first.

    Which answers left a version space, and in which order, is nothing that a defender needs: all members of the space
    give the same answers on the way there.

    Attributes
    ----------
    members : ndarray of bool, shape (U, F)
        The version spaces.
    spaces : ndarray of int64, shape (S,)
        That of each state.
    after : ndarray of int64, shape (S, N, 2)
        The state once a point has that label; -1 where nothing may be asked, or an earlier point tells the same.
    """

    members: Booleans
    spaces: Indices
    after: Indices

    __repr__ = fields


def states(spaces: VersionSpaces, q: int, most: int) -> States | None:
    """All that q answers lead to, level by level; None where that takes more than so many steps."""
    useful: dict[int, tuple[int, ...]] = {}
    level, of, after, steps = {0: 0}, [0], [], 0
    for asked in range(q + 1):
        below: dict[int, int] = {}
        for space in level:
            row = np.full(spaces.after.shape[1:], -1)
            if asked < q and space not in useful:
                useful[space] = _useful(spaces, space)
            points = useful[space] if asked < q else ()
            for x in points:
                row[x] = [below.setdefault(part, len(of) + len(below)) for part in spaces.after[space, x].tolist()]
            after.append(row)
            steps += 1 + len(points)
            if steps > most:
                return None
        of += below
        level = below
    return States(spaces.members, np.array(of), np.array(after))


def _useful(spaces: VersionSpaces, space: int) -> tuple[int, ...]:
    """The points that both labels are possible at, the first of those that part the space alike."""
    halves = np.sort(spaces.after[space], axis=1)
    _, firsts = np.unique(halves, axis=0, return_index=True)
    return tuple(int(x) for x in firsts if halves[x, 0] >= 0)


@dataclasses.dataclass(frozen=True, eq=False)
class Asking:
    """The groups in which the views are shown before anything is asked, and the states of each.

    Attributes
    ----------
    states : States
    groups : int
    view, group, chance : ndarray, shape (E,)
        With which chance a view is shown as which group.
    functions : ndarray of int64, shape (E,)
        The f' of the view.
    numbers : ndarray of int64
        The group of each symbol (trace, symbol of the kernel), -1 where no view shows it.
    """

    states: States
    groups: int
    view: Indices
    group: Indices
    chance: Floats
    functions: Indices
    numbers: Indices

    __repr__ = fields

    def least(self, P0: Floats, P1: Floats) -> Floats:
        """How much of two masses of the views (V,) no way of asking keeps apart in each group, shape (groups,)."""
        known = self.states
        shape = self.groups, len(known.members)
        leaves = np.minimum(self.masses(P0).reshape(shape), self.masses(P1).reshape(shape))
        best = leaves[:, known.spaces]
        for s in range(len(known.spaces) - 1, -1, -1):
            for low, high in known.after[s][known.after[s][:, 0] >= 0]:
                best[:, s] = np.minimum(best[:, s], best[:, low] + best[:, high])
        return np.asarray(best[:, 0])

    def masses(self, views: Floats) -> Floats:
        """Masses of the views (V,) as masses of (group, version space), flat."""
        apart = np.zeros((self.groups, self.states.members.shape[1]))
        np.add.at(apart, (self.group, self.functions), self.chance * views[self.view])
        return np.asarray(apart @ self.states.members.T.astype(np.float64)).ravel()


def asking(variant: Variant, known: States) -> Asking:
    """The groups of a variant, by its kernel and what is revealed."""
    from scipy.sparse import coo_array

    shown = coo_array(variant.shown)
    used, group = np.unique(shown.col, return_inverse=True)
    functions = variant.seen.keys[shown.row] % len(variant.legal.codes)
    numbers = np.full(shown.shape[1], -1)
    numbers[used] = np.arange(len(used))
    return Asking(known, len(used), shown.row.astype(np.int64), group.ravel(), shown.data, functions, numbers)


@dataclasses.dataclass(frozen=True, eq=False)
class QueryPlan:
    """A defender who asks.

    Attributes
    ----------
    asking : Asking
    asks : ndarray of float64, shape (groups, S, N)
        Pr[the point is asked next]; what those of a state lack to 1 is the chance to stop there.
    flags : ndarray of float64, shape (groups, S)
        Pr[flag], where it stops.
    """

    asking: Asking
    asks: Floats
    flags: Floats

    __repr__ = fields

    def next_question(self, groups: Indices, states: Indices, coins: Floats) -> Indices:
        """The point that each round (B,) asks, by coins in [0, 1); -1 where it stops."""
        reached = np.cumsum(self.asks[groups, states], axis=1)
        asked = (reached <= coins[:, None]).sum(axis=1)
        return np.where(asked < reached.shape[1], asked, -1)

    def views(self, variant: Variant) -> Floats:
        """Pr[flag] at each view, (V,): a state is reached with the same chance by all its members."""
        known = self.asking.states
        reached = np.zeros(self.flags.shape)
        reached[:, 0] = 1.0
        for s, x in np.argwhere(known.after[:, :, 0] >= 0):  # a state comes before those that it leads to
            for below in known.after[s, x]:
                reached[:, below] += reached[:, s] * self.asks[:, s, x]
        flagged = reached * (1.0 - self.asks.sum(axis=2)) * self.flags
        each = flagged @ known.members[known.spaces].astype(np.float64)
        at = self.asking
        shares = at.chance * each[at.group, at.functions]
        return np.bincount(at.view, weights=shares, minlength=len(variant.seen.keys)).astype(np.float64)
