"""Intervals and confidence sequences from integer counts; scipy.special is imported where it is used.

`scipy.stats` would say some of this in one line, and cost a second at import. Counts are whole numbers, rates
and levels are probabilities; what is out of range raises `InvalidArgument`.
"""

from __future__ import annotations

import functools
import math
from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from . import _validate
from .errors import InvalidArgument

Floats = npt.NDArray[np.float64]
DROP = 45.0  # the mixture's integrand is followed until it falls by e^-45 on either side of its mode


def clopper_pearson(successes: int, trials: int, level: float) -> tuple[float, float]:
    """The exact two-sided interval for a success probability, [ClopperPearson34]; (0, 1) without trials.

    Status: *proved*, coverage at least `level` for every probability and number of trials.
    """
    from scipy.special import betainccinv, betaincinv

    n = _validate.integer("trials", trials, 0)
    k = _validate.integer("successes", successes, 0, n)
    tail = (1 - _validate.level(level)) / 2
    low = float(betaincinv(k, n - k + 1, tail)) if k > 0 else 0.0
    high = float(betainccinv(k + 1, n - k, tail)) if k < n else 1.0
    return low, high


def simultaneous_level(family_level: float, lines: int) -> float:
    """The level of each of `lines` independent intervals that all hold at `family_level`, [Sidak67]."""
    return float(_validate.level(family_level) ** (1 / _validate.integer("lines", lines, 1)))


def line_level(games: Sequence[str], level: float) -> float:
    """The level of each interval, one for each entry of `games`, so that all hold at `level`.

    Different games have independent streams, so Sidak's product is exact over them; estimates of one game share
    their triggers, and Bonferroni's sum covers every dependence among those.
    """
    shared_by = Counter(games)
    per_game = simultaneous_level(level, len(shared_by))
    return 1 - (1 - per_game) / max(shared_by.values())


def betting_interval(losses: int, halves: int, wins: int, level: float) -> tuple[float, float]:
    """A confidence sequence for the mean of scores 0, 1/2 and 1, valid at every look, [WaudbySmithRamdas24].

    A gambler who bets lambda against the mean mu has wealth prod (1 + lambda (w - mu)), a martingale if mu is
    right. K(mu), the average wealth over lambda uniform on (-1/(1 - mu), 1/mu), ever reaches 1/alpha with
    probability at most alpha [Ville39]; the interval is where it has not.

    Parameters
    ----------
    losses, halves, wins : int
        Rounds so far with score 0, 1/2 and 1. With none at all the interval is [0, 1].
    level : float
        1 - alpha. Status: *proved*, given independent rounds; the search rounds its ends outwards.
    """
    return betting_limit(losses, halves, wins, level), 1.0 - betting_limit(wins, halves, losses, level)


def betting_limit(losses: int, halves: int, wins: int, level: float) -> float:
    """The lower end of `betting_interval`: where K, huge near 0, has fallen to 1/alpha.

    It falls once: ln K is convex in mu, and K <= 1 at the mean since ln(1 + x) <= x.
    """
    losses, halves, wins = (
        _validate.integer(name, value, 0) for name, value in (("losses", losses), ("halves", halves), ("wins", wins))
    )
    goal = -math.log(1 - _validate.level(level))
    if halves + wins == 0:
        return 0.0
    mean = (halves / 2 + wins) / (losses + halves + wins)
    return _bisect(lambda mu: log_wealth(losses, halves, wins, mu) >= goal, 0.0, mean)


def log_wealth(losses: int, halves: int, wins: int, mu: float) -> float:
    """ln K(mu) for 0 < mu < 1, to about nine digits for counts up to 1e7.

    With lambda = (t - mu) / (mu (1 - mu)) the bets run over t in (0, 1) and the three factors of the wealth
    become a = (1 - t)/(1 - mu) for a loss, c = t/mu for a win and (a + c)/2 for a draw.
    """
    if halves == 0:  # without draws the mean over t is a beta function
        from scipy.special import betaln

        won, lost = _xlog(wins, mu), losses * math.log1p(-mu)
        return float(betaln(wins + 1, losses + 1)) - won - lost

    def log_integrand(t: float) -> float:  # plain floats: these are asked one at a time, a few hundred times
        a, c = (1 - t) / (1 - mu), t / mu
        return _xlog(losses, a) + _xlog(halves, (a + c) / 2) + _xlog(wins, c)

    def falling(t: float) -> bool:
        slope = halves * (1 - 2 * mu) / ((1 - t) * mu + t * (1 - mu))
        return wins / t - losses / (1 - t) + slope <= 0

    # The logarithm is concave in t: past its mode it only falls, and outside the grid no mass is left.
    mode = _bisect(lambda t: not falling(t), 0.0, 1.0)
    peak = log_integrand(mode)
    start = _bisect(lambda t: log_integrand(t) < peak - DROP, 0.0, mode)
    stop = 1.0 - _bisect(lambda s: log_integrand(1.0 - s) < peak - DROP, 0.0, 1.0 - mode)
    nodes, weights = _legendre()
    t = start + (stop - start) * nodes
    a, c = (1 - t) / (1 - mu), t / mu  # inside (0, 1), where every logarithm is finite
    heights = losses * np.log(a) + halves * np.log((a + c) / 2) + wins * np.log(c)
    return peak + math.log((stop - start) * float(np.sum(weights * np.exp(heights - peak))))


def _xlog(count: int, x: float) -> float:
    """count ln(x), 0 where there is none to count."""
    return count * math.log(x) if count and x > 0 else 0.0 if not count else -math.inf


def loglog_slope(x: Sequence[float] | Floats, y: Sequence[float] | Floats) -> float:
    """The least-squares slope of ln y against ln x: the exponent of a power law. Both must be positive."""
    if len(x) != len(y) or len(set(x)) < 2:
        raise InvalidArgument(f"x and y must be equally long and x must vary, got {x!r} and {y!r}")
    if min(x) <= 0 or min(y) <= 0:
        raise InvalidArgument(f"x and y must be positive to have logarithms, got {min(x)!r} and {min(y)!r}")
    u, v = np.log(np.asarray(x, np.float64)), np.log(np.asarray(y, np.float64))
    u -= u.mean()
    return float(np.dot(u, v) / np.dot(u, u))


def _bisect(true_below: Callable[[float], bool], low: float, high: float) -> float:
    """Where a predicate turns from true to false, from the true side; `low` if it is false all along."""
    for _ in range(52):  # one more halving would round up to 1, where a logarithm ends
        middle = (low + high) / 2
        low, high = (middle, high) if true_below(middle) else (low, middle)
    return low


@functools.cache
def _legendre() -> tuple[Floats, Floats]:
    """Gauss-Legendre nodes and weights on (0, 1), exact for polynomials of degree 255."""
    nodes, weights = np.polynomial.legendre.leggauss(128)
    return (nodes + 1) / 2, weights / 2
