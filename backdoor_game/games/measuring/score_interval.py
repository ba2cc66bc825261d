"""Limits for the mean of scores 0, 1/2 and 1, proved for every number of rounds and nearly as narrow as can be."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

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
        1 - alpha; of use up to 1 - 1e-9. Status: *proved*, coverage at least `level` for every law and number of
        rounds; what is known of laws between those that are tried is proved in `theory/score_interval.py`. One win
        more may lower a limit a little, as runs are ordered by what is said above.

    Raises
    ------
    InvalidArgument
        For negative counts, or a level outside (0, 1).
    """
    return lower_limit(losses, halves, wins, level), 1.0 - lower_limit(wins, halves, losses, level)


def doubtful_interval(least: Sequence[int], most: Sequence[int], level: float) -> tuple[float, float]:
    """`score_interval` of rounds some of which are undecided: counts with every doubt lost, and with every one won.

    The two ends then speak of two shares of halves, and each spends its own beta: so alpha is divided by 1.01.
    """
    if tuple(least) != tuple(most):
        level = 1 - (1 - _validate.level(level)) / (1 + NUISANCE)
    (n0, nh, n1), (m0, mh, m1) = least, most
    return lower_limit(n0, nh, n1, level), 1.0 - lower_limit(m1, mh, m0, level)


def lower_limit(losses: int, halves: int, wins: int, level: float) -> float:
    """The lower end of `score_interval`: alone it is above the mean with probability (alpha + beta)/2 at most."""
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
    mean, centre = (halves / 2 + wins) / n, _centre(losses, halves, wins, z * z / n)

    def possible(mu: float) -> bool:
        return bool(may_exceed(n, centre, z, mu, low, high, goal, MOST_CHANCES))

    edge = min(mean, max(0.0, 0.5 + centre))
    return _last_impossible(possible, edge, max(mean - edge, 1 / n), mean)


def _centre(losses: int, halves: int, wins: int, c: float) -> float:
    """The score interval's lower end less 1/2: the smaller x with (u - x)^2 = c (w/4 - x^2), c = z^2/n.

    u = (wins - losses)/(2 n) is the mean less 1/2, and w = 1 - halves/n. What is under the root is written as a sum of
    positive terms: where nearly all rounds score alike a difference would lose its digits.
    """
    n = losses + halves + wins
    w = (losses + wins) / n
    root = c / 4 * (w * (halves / n) + 4 * (losses / n) * (wins / n) + w * c)
    return ((wins - losses) / (2 * n) - math.sqrt(root)) / (1 + c)


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
        if not low < middle < high:
            break
        low, high = (low, middle) if possible(middle) else (middle, high)
    return low
