"""The coins of optimal players."""

from __future__ import annotations

import numpy as np

from ...functions.base import Floats
from ...ground.streams import Words, draws


def fractions(keys: Words, start: int = 0) -> Floats:
    """A coin of each round in [0, 1), on the multiples of 2^-53 as numpy's own: a chance of 0 never flags."""
    return (draws(keys, start, 1)[:, 0] >> np.uint64(11)).astype(np.float64) * 2.0**-53
