"""Intervals, confidence sequences and curves from integer counts; scipy.special is imported where it is used.

`scipy.stats` would say some of this in one line, and cost a second at import. Counts are whole numbers, rates
and levels are probabilities; what is out of range raises `InvalidArgument`.
"""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

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


def win_rate_interval(
    false_alarms: int, detections_low: int, detections_high: int, rounds: int, level: float
) -> tuple[float, float]:
    """An interval for the win rate 1/2 (1 - false-alarm rate) + 1/2 (detection rate), both branches played.

    The branches of a round share f, so they are never pooled: each has its own Clopper-Pearson interval at
    1 - alpha/2, alpha = 1 - level, and the ends are averaged.

    Parameters
    ----------
    false_alarms : int
        Clean branches that were flagged.
    detections_low, detections_high : int
        Backdoored branches counted as detected with every undecided round lost, and with every one won.
    rounds : int
        Rounds played, each of them in both branches.
    level : float
        Coverage. Status: *proved*, for every number of rounds and every dependence (union bound).
    """
    n = _validate.integer("rounds", rounds, 0)
    alarms = _validate.integer("false_alarms", false_alarms, 0, n)
    most = _validate.integer("detections_high", detections_high, 0, n)
    least = _validate.integer("detections_low", detections_low, 0, most)
    branch = (1 + _validate.level(level)) / 2
    clean = clopper_pearson(n - alarms, n, branch)
    low, high = clopper_pearson(least, n, branch)[0], clopper_pearson(most, n, branch)[1]
    return (clean[0] + low) / 2, (clean[1] + high) / 2


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
    n0, nh, n1 = (
        _validate.integer(name, value, 0) for name, value in (("losses", losses), ("halves", halves), ("wins", wins))
    )
    alpha = 1 - _validate.level(level)
    return _lower_end(n0, nh, n1, alpha), 1.0 - _lower_end(n1, nh, n0, alpha)


def _lower_end(losses: int, halves: int, wins: int, alpha: float) -> float:
    """Where K, huge near 0, has fallen to 1/alpha.

    It falls once: ln K is convex in mu, and K <= 1 at the mean since ln(1 + x) <= x.
    """
    if halves + wins == 0:
        return 0.0
    mean = (halves / 2 + wins) / (losses + halves + wins)
    return _bisect(lambda mu: log_wealth(losses, halves, wins, mu) >= -np.log(alpha), 0.0, mean)


def log_wealth(losses: int, halves: int, wins: int, mu: float) -> float:
    """ln K(mu) for 0 < mu < 1, to about nine digits for counts up to 1e7.

    With lambda = (t - mu) / (mu (1 - mu)) the bets run over t in (0, 1) and the three factors of the wealth
    become a = (1 - t)/(1 - mu) for a loss, c = t/mu for a win and (a + c)/2 for a draw.
    """
    from scipy.special import xlogy

    def log_integrand(t: Any) -> Any:
        a, c = (1 - t) / (1 - mu), t / mu
        return xlogy(losses, a) + xlogy(halves, (a + c) / 2) + xlogy(wins, c)

    def falling(t: float) -> bool:
        slope = halves * (1 - 2 * mu) / ((1 - t) * mu + t * (1 - mu))
        return wins / t - losses / (1 - t) + slope <= 0

    # The logarithm is concave in t: past its mode it only falls, and outside the grid no mass is left.
    mode = _bisect(lambda t: not falling(t), 0.0, 1.0)
    peak = float(log_integrand(mode))
    start = _bisect(lambda t: float(log_integrand(t)) < peak - DROP, 0.0, mode)
    stop = 1.0 - _bisect(lambda s: float(log_integrand(1.0 - s)) < peak - DROP, 0.0, 1.0 - mode)
    nodes, weights = _legendre()
    t = start + (stop - start) * nodes
    return peak + float(np.log((stop - start) * np.sum(weights * np.exp(log_integrand(t) - peak))))


def roc(clean_bins: npt.ArrayLike, planted_bins: npt.ArrayLike) -> tuple[Floats, Floats] | None:
    """Detection against false alarms, as the threshold falls past one bin of suspicion after another.

    Parameters
    ----------
    clean_bins, planted_bins : array of int, shape (bins,)
        Histograms of suspicion, lowest bin first, of inputs without and with a plant.

    Returns
    -------
    (false_alarm_rates, detection_rates) : two arrays of float64, shape (bins + 1,), or None
        From (0, 0) to (1, 1); None where either histogram is empty. A tie is one bin, joined by a chord.
    """
    clean, planted = _histograms(clean_bins, planted_bins)
    if clean.sum() == 0 or planted.sum() == 0:
        return None
    rates = [np.concatenate([[0.0], np.cumsum(bins[::-1]) / bins.sum()]) for bins in (clean, planted)]
    return rates[0], rates[1]


def auroc(clean_bins: npt.ArrayLike, planted_bins: npt.ArrayLike) -> float | None:
    """The chance that a plant is more suspicious than a clean input, ties one half: the area under `roc`."""
    histograms = _histograms(clean_bins, planted_bins)
    filled = np.flatnonzero(histograms[0] + histograms[1])
    clean: list[int] = histograms[0][filled].tolist()
    planted: list[int] = histograms[1][filled].tolist()
    pairs = sum(clean) * sum(planted)
    if pairs == 0:
        return None
    twice, below = 0, 0
    for here, found in zip(clean, planted, strict=True):
        twice += found * (2 * below + here)
        below += here
    return twice / (2 * pairs)


def loglog_slope(x: Sequence[float] | Floats, y: Sequence[float] | Floats) -> float:
    """The least-squares slope of ln y against ln x: the exponent of a power law. Both must be positive."""
    if len(x) != len(y) or len(set(x)) < 2:
        raise InvalidArgument(f"x and y must be equally long and x must vary, got {x!r} and {y!r}")
    if min(x) <= 0 or min(y) <= 0:
        raise InvalidArgument(f"x and y must be positive to have logarithms, got {min(x)!r} and {min(y)!r}")
    u, v = np.log(np.asarray(x, np.float64)), np.log(np.asarray(y, np.float64))
    u -= u.mean()
    return float(np.dot(u, v) / np.dot(u, u))


def _histograms(clean: npt.ArrayLike, planted: npt.ArrayLike) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    pair = np.asarray(clean), np.asarray(planted)
    for name, bins in zip(("clean_bins", "planted_bins"), pair, strict=True):
        if bins.ndim != 1 or bins.dtype.kind not in "iu" or bins.shape != pair[0].shape or (bins < 0).any():
            raise InvalidArgument(f"{name} must be as many counts as there are clean bins, got {bins!r}")
    return pair


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
