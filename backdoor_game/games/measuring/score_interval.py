"""Limits for the mean of scores 0, 1/2 and 1, proved for every number of rounds and nearly as narrow as can be."""

from __future__ import annotations

import math
from collections.abc import Callable

from ...ground import _validate
from ...ground.statistics import clopper_pearson

NUISANCE = 0.01  # of alpha, spent on the share of halves: ten times less or three times more widens the limits
MOST_CHANCES = 300  # of regions, for one mean: some sixty settle nearly all
FINE = 2e-3  # of the distance from the mean to its limit: what a bisection leaves open widens the limit


def score_interval(losses: int, halves: int, wins: int, level: float) -> tuple[float, float]:
    """Limits for the mean of independent scores 0, 1/2 and 1 of one unknown law.

    Runs are ordered by the lower end of the score interval of [Wilson27], with the variance that a mean has beside the
    share of halves seen. The limit is the least mean under which a run that far up or further has probability
    over (alpha - beta)/2, for any share of halves [Buehler57] within a Clopper-Pearson set at 1 - beta [BergerBoos94],
    beta = alpha/100; the upper limit is the mirror image.

    Parameters
    ----------
    losses, halves, wins : int
        Rounds with score 0, 1/2 and 1. With none at all the interval is [0, 1].
    level : float
        1 - alpha. Status: *proved*, coverage at least `level` for every law and number of rounds; what is known of laws
        between those that are tried is proved in `theory/score_interval.py`.

    Raises
    ------
    InvalidArgument
        For negative counts, or a level outside (0, 1).
    """
    return lower_limit(losses, halves, wins, level), 1.0 - lower_limit(wins, halves, losses, level)


def lower_limit(losses: int, halves: int, wins: int, level: float) -> float:
    """The lower end of `score_interval`."""
    losses, halves, wins = (
        _validate.integer(name, value, 0) for name, value in (("losses", losses), ("halves", halves), ("wins", wins))
    )
    alpha = 1 - _validate.level(level)
    if halves + wins == 0:
        return 0.0
    from scipy.special import ndtri

    from ...kernels.trinomial import may_exceed

    n, beta = losses + halves + wins, NUISANCE * alpha
    goal = (alpha - beta) / 2
    z = -float(ndtri(goal))
    low, high = clopper_pearson(halves, n, 1 - beta)
    mean, share = (halves / 2 + wins) / n, halves / n
    edge = _edge(mean, share, z * z / n)

    def possible(mu: float) -> bool:
        return bool(may_exceed(n, edge, z, mu, low, high, goal, MOST_CHANCES))

    return _last_impossible(possible, edge, max(mean - edge, 1 / n), mean)


def _edge(mean: float, share: float, c: float) -> float:
    """The smaller mu with (mean - mu)^2 = c (mu (1 - mu) - share/4), c = z^2/n: the score interval's lower end."""
    root = c * (4 * (mean * (1 - mean) - share / 4) + c * (1 - share))
    return min(mean, (2 * mean + c - math.sqrt(max(0.0, root))) / (2 * (1 + c)))


def _last_impossible(possible: Callable[[float], bool], start: float, width: float, most: float) -> float:
    """A mean that is not possible, and is at most `most`, close under those that are; 0 where there is none."""
    low = high = start
    step = width / 8
    while possible(low):
        if low <= 0:
            return 0.0
        low, high, step = max(0.0, low - step), low, 2 * step
    while high <= low < most:
        further = min(most, low + step)
        if possible(further):
            high = further
        else:
            low, step = further, 2 * step
    while high - low > FINE * width:
        middle = (low + high) / 2
        low, high = (low, middle) if possible(middle) else (middle, high)
    return low
