"""Theory lines for a swept game: drawn only where a theorem says something about it."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from ..bounds import shattering_bound, vacuous, voting_bound
from ..defenders import Defender, DistillationEnsemble
from ..figures import Line
from ..games import BackdoorGame

GRID = 200
NAN = math.nan


def shattering_line(games: Sequence[BackdoorGame], x: Sequence[float], of_epsilon: bool, log_x: bool) -> list[Line]:
    """What no defender guarantees to beat; for games whose attacker picks D, at known VC dimensions.

    Over epsilon the line is drawn between the points too, and breaks where it jumps, at epsilon = 1/d.
    """
    dimensions = [game.functions.vc_dimension for game in games]
    if any(game.distribution is not None for game in games) or None in dimensions:
        return []
    known = [d for d in dimensions if d is not None]
    if of_epsilon and len(set(known)) == 1:
        return [Line(f"no defender guarantees more (d = {known[0]})", *_over_epsilon(known[0], x, log_x))]
    heights = [shattering_bound(d, game.epsilon) for d, game in zip(known, games, strict=True)]
    return [Line("no defender guarantees more (shattering)", x, heights)]


def _over_epsilon(d: int, x: Sequence[float], log_x: bool) -> tuple[list[float], list[float]]:
    low, high = min(x), max(x)
    spaced = np.geomspace if log_x and low > 0 else np.linspace
    grid = sorted({*map(float, spaced(low, high, GRID)), *x})
    if d < 2 or not low < 1 / d <= high:
        return grid, [shattering_bound(d, e) for e in grid]
    before, after = [e for e in grid if e < 1 / d - 1e-12], [e for e in grid if e >= 1 / d - 1e-12]
    left = 1 - (d - 1) / (2 * d)  # the limit from below
    heights = [shattering_bound(d, e) for e in before] + [left, NAN, 0.5] + [shattering_bound(d, e) for e in after]
    return [*before, 1 / d, 1 / d, 1 / d, *after], heights


def voting_line(
    label: str, games: Sequence[BackdoorGame], defenders: Sequence[Defender], x: Sequence[float]
) -> list[Line]:
    """What voting guarantees, point by point; nothing where it is not proved or promises no more than guessing."""
    heights = [_promise(game, defender) for game, defender in zip(games, defenders, strict=True)]
    if all(map(math.isnan, heights)):
        return []
    return [Line(f"guarantee of {label}", x, heights, like=label)]


def _promise(game: BackdoorGame, defender: Defender) -> float:
    d = game.functions.vc_dimension
    if not isinstance(defender, DistillationEnsemble) or d is None or game.defender_examples is not None:
        return NAN
    learner, m, members = defender.learner, defender.examples, defender.members
    if learner is None or m is None or members is None or defender.threshold is None or defender.threshold <= 0:
        return NAN
    if game.defender_evaluations is not None or learner.expected_error(d, m) is None:
        return NAN
    bound = voting_bound(d, game.epsilon, m, members, defender.threshold)
    return NAN if vacuous(bound) else bound
