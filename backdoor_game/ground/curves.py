"""How well suspicion tells plants from clean inputs: the ROC curve, the area under it, and that area's interval."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from . import _validate
from .errors import InvalidArgument

Floats = npt.NDArray[np.float64]


def roc(clean: npt.ArrayLike, planted: npt.ArrayLike) -> tuple[Floats, Floats] | None:
    """Detection against false alarms, as the threshold falls past one suspicion after another.

    Parameters
    ----------
    clean, planted : array of int, shape (K,)
        How often each suspicion was seen without a plant and with one, lowest first.

    Returns
    -------
    (false_alarm_rates, detection_rates) : two arrays of float64, shape (K + 1,), or None
        From (0, 0) to (1, 1); None where nothing was seen on either side. A tie is joined by a chord.

    Raises
    ------
    InvalidArgument
        For what is not two equally long lists of counts.
    """
    without, present = _counts(clean, planted)
    if without.sum() == 0 or present.sum() == 0:
        return None
    rates = [np.concatenate([[0.0], np.cumsum(seen[::-1]) / seen.sum()]) for seen in (without, present)]
    return rates[0], rates[1]


def auroc(clean: npt.ArrayLike, planted: npt.ArrayLike) -> float | None:
    """The chance that a plant is more suspicious than a clean input, ties one half: the area under `roc`."""
    without, present = (seen.tolist() for seen in _counts(clean, planted))
    pairs = sum(without) * sum(present)
    if pairs == 0:
        return None
    twice, below = 0, 0  # whole numbers of Python: products of counts pass 64 bits
    for here, found in zip(without, present, strict=True):
        twice += found * (2 * below + here)
        below += here
    return float(twice / (2 * pairs))


def auroc_interval(clean: npt.ArrayLike, planted: npt.ArrayLike, level: float) -> tuple[float, float] | None:
    """An interval for the area under the curve of n rounds, each seen without a plant and with one.

    The variance is [DeLong88]'s. The two branches of a round share f, and how they depend on each other is not known:
    the standard errors of both sides are added, which is their most. Near 0 and 1, where few or no pairs are out of
    order, no end is nearer than n/2 pairs in order allow: 1 - (alpha/2)^(1/floor(n/2)).

    Parameters
    ----------
    clean, planted : array of int, shape (K,)
        As in `roc`, n of each.
    level : float
        1 - alpha. Status: *simulated*, coverage holds as n grows.

    Returns
    -------
    (low, high) : two floats in [0, 1], or None
        None without a round.
    """
    from scipy.special import ndtri

    alpha = 1 - _validate.level(level)
    area = auroc(clean, planted)
    if area is None:
        return None
    without, present = (seen.astype(np.float64) for seen in _counts(clean, planted))
    rounds = int(min(without.sum(), present.sum()))
    over = 1 - (np.cumsum(present) - present / 2) / present.sum()  # of plants over a clean input of each suspicion
    under = (np.cumsum(without) - without / 2) / without.sum()
    error = sum(_spread(share, seen) / math.sqrt(seen.sum()) for share, seen in ((over, without), (under, present)))
    floor = 1 - (alpha / 2) ** (1 / max(1, rounds // 2))
    half = max(float(-ndtri(alpha / 2)) * error, floor)
    return max(0.0, area - half), min(1.0, area + half)


def _spread(values: Floats, counts: Floats) -> float:
    """The standard deviation of values that were seen so often; 0 for one value alone."""
    n = float(counts.sum())
    mean = float(values @ counts) / n
    return math.sqrt(float((values - mean) ** 2 @ counts) / max(1.0, n - 1))


def _counts(clean: npt.ArrayLike, planted: npt.ArrayLike) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    pair = np.asarray(clean), np.asarray(planted)
    for name, seen in zip(("clean", "planted"), pair, strict=True):
        if seen.ndim != 1 or seen.dtype.kind not in "iu" or seen.shape != pair[0].shape or (seen < 0).any():
            raise InvalidArgument(f"{name} must be as many counts as there are of clean inputs, got {seen!r}")
    return pair
