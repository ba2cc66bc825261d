"""An interval for the mean of bounded differences that were seen in pairs, valid for every number of rounds."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from . import _validate

# Shares of its wealth that a bettor stakes, half an octave apart: any choice is valid, and of these one is near the
# best for 1 to 10^12 rounds.
STAKES: npt.NDArray[np.float64] = 2.0 ** (-np.arange(1, 41) / 2)
STEPS = 60  # halvings of [0, 1]: the last is below a float's precision


def paired_interval(least: Sequence[int], most: Sequence[int], level: float) -> tuple[float, float]:
    """Ends for the mean of independent differences in [-1, 1] that lie on a grid, each round with one law.

    With x = (d + 1)/2 in [0, 1] of mean mu, a bettor who stakes the share c of its wealth on high x has the wealth
    prod (1 - c + c x / mu), whose expectation is 1; so has the mean over several c. By Markov's inequality it is over
    2/alpha with probability alpha/2 at most, and it falls in mu: the mu at which it is 2/alpha is a lower limit. The
    upper one is that of -d. (A fixed number of rounds is one look of the betting sequence of [WaudbySmithRamdas24].)

    Parameters
    ----------
    least, most : sequence of int, of one length K
        How often each difference was seen, from -1 to 1 in K equal steps; `least` where whatever is in doubt is taken
        at its lowest, `most` at its highest.
    level : float in (0, 1)
        1 - alpha. *Proved.*
    """
    alpha = 1 - _validate.level(level)
    low, high = _limit(least, alpha / 2), _limit(list(most)[::-1], alpha / 2)
    return 2 * low - 1, 1 - 2 * high


def _limit(counts: Sequence[int], alpha: float) -> float:
    """The lower limit of the mean of x, K equal steps from 0 to 1, seen so often."""
    x, seen = np.linspace(0, 1, len(counts)), np.asarray(counts, np.float64)
    low, high = 0.0, float((x * seen).sum() / seen.sum())
    for _ in range(STEPS):
        mu = (low + high) / 2
        if mu == 0.0:
            break
        growth = np.log1p(STAKES[:, None] * (x / mu - 1)) @ seen
        wealth = float(growth.max() + math.log(np.exp(growth - growth.max()).mean()))
        low, high = (mu, high) if wealth >= -math.log(alpha) else (low, mu)
    return low
