"""Metropolis-Hastings walks over codes [Metropolis53], [Hastings70], many rows side by side."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ...functions.base import Booleans, Codes, Floats, FunctionClass
from ...ground.streams import Words, draws, unit

Distances = Callable[[Codes], Floats]
Watch = Callable[[int, Codes, Floats, Booleans, Booleans], None]


def walk(
    functions: FunctionClass,
    start: Codes,
    distances: Distances,
    beta: float,
    keys: Words,
    steps: int,
    watch: Watch | None = None,
) -> Codes:
    """Where `steps` proposals lead from members (B, L), on the way to the law exp(-beta dist) over codes.

    A proposal g' for g is taken with probability min(1, exp(-beta (dist(g') - dist(g))) q(g | g') / q(g' | g)), so that
    every step keeps the law. Row r depends on row r and keys[r] alone.

    Parameters
    ----------
    functions : FunctionClass
        One with a `proposal_block`.
    start : ndarray, shape (B, L)
    distances : callable
        Distances (B,) of members (B, L), such as a `Nearness`.
    beta : float
    keys : ndarray of uint64, shape (B,)
        Step t uses words 2t (the proposal's key) and 2t + 1 (whether it is taken).
    steps : int
    watch : callable, optional
        Called after each step with its number, the codes, their distances, which proposals were other codes, and which
        were taken.

    Returns
    -------
    ndarray, shape (B, L)
    """
    here = start.copy()
    far = distances(here)
    for step in range(steps):
        words = draws(keys, 2 * step, 2)
        there, log_ratio = functions.proposal_block(here, words[:, 0])
        new = distances(there)
        # in logarithms, which underflow for no distance
        taken = np.log(unit(words[:, 1])) < log_ratio - beta * (new - far)
        other = np.asarray((there != here).any(axis=1)) if watch is not None else taken
        here, far = np.where(taken[:, None], there, here), np.where(taken, new, far)
        if watch is not None:
            watch(step, here, far, other, np.asarray(taken))
    return here
