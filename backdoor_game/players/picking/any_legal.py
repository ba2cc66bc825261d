"""How an attacker picks a trigger where it says nothing better: any at which its own plant is legal."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from ...functions.base import Booleans
from ...ground.streams import GOLD, draws, mix64
from ...spaces.domains import Points
from ..views import AttackerBlock
from .answers import PLANT

Indices = npt.NDArray[np.int64]


def choices(view: AttackerBlock) -> tuple[Points, Booleans]:
    """Triggers (B, q, n) that may be picked, and which of them count (B, q): each once, and what the law admits.

    What a predicate says of points that nature has not offered is asked for, and charged.
    """
    trigger = view.game.trigger
    if view.offered is not None:
        return view.offered, first_of_its_kind(view.offered)
    # Words of their own: those of the keys themselves say in which order the points are tried.
    shown = trigger.shown(view.distribution, mix64(view.keys ^ GOLD), view.functions.domain)
    able = first_of_its_kind(shown)
    return shown, able if trigger.predicate is None else able & view.satisfies(shown)


def first_of_its_kind(X: Points) -> Booleans:
    """Which points of each row of X (B, q, n) have not stood in it before, bool (B, q)."""
    B, q, n = X.shape
    if q == 1:
        return np.ones((B, 1), dtype=np.bool_)
    if B > 1 and X.strides[0] == 0:  # the same points in every row
        return np.broadcast_to(first_of_its_kind(X[:1]), (B, q))
    kind = _kinds(X.reshape(B * q, n)).reshape(B, q)
    order = np.argsort(kind, axis=1, kind="stable")
    ordered = np.take_along_axis(kind, order, axis=1)
    new = np.ones((B, q), dtype=np.bool_)
    new[:, 1:] = ordered[:, 1:] != ordered[:, :-1]
    out = np.empty_like(new)
    np.put_along_axis(out, order, new, axis=1)
    return out


def _kinds(points: Points) -> Indices:
    """A number for each of the points (m, n), the same where they are equal: by words of eight bytes, as numbers."""
    size = points.shape[1] * points.itemsize
    padded = np.zeros((len(points), size + -size % 8), dtype=np.uint8)
    padded[:, :size] = np.ascontiguousarray(points).view(np.uint8)
    words = padded.view(np.uint64)
    kind = np.unique(words[:, 0], return_inverse=True)[1]
    for column in words.T[1:]:
        more, which = np.unique(column, return_inverse=True)
        kind = np.unique(kind * len(more) + which, return_inverse=True)[1]
    return kind


def picked(attacker: Any, view: AttackerBlock) -> Points:
    """A trigger for each round, (B, n): in a random order the first at which the attacker's plant is legal.

    Where there is none, the first in that order.
    """
    X, able = choices(view)
    B, q, _ = X.shape
    order = np.argsort(np.where(able, draws(view.keys, 0, q) >> np.uint64(1), np.uint64(2**63)), axis=1, kind="stable")
    out = X[np.arange(B), order[:, 0]].copy()
    left: Indices = np.arange(B)
    for turn in range(q):
        left = left[able[left, order[left, turn]]]
        if not len(left):
            break
        here = X[left, order[left, turn]]
        trying = view.at(here, left)
        planted, answers = attacker.plant_block(trying)
        good = (np.asarray(answers) == PLANT) & trying.legal(planted)
        out[left[good]] = here[good]
        left = left[~good]
    return out
