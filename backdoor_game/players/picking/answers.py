"""What an attacker answers, a block at a time, and the laws of it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ...functions.base import Codes, Floats
from ...spaces.domains import Points

PLANT, NO_PLANT, OUTSIDE = np.int8(1), np.int8(0), np.int8(-1)  # a byte a round; what is not PLANT loses it
Plants = tuple[Codes, npt.NDArray[np.int8]]
Originals = tuple[Codes, Floats]
PlantLaw = tuple[npt.NDArray[np.int64], Codes, Floats]
PickLaw = tuple[npt.NDArray[np.int64], Points, Floats]
