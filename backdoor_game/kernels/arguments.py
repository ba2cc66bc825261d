"""One type for a kernel's argument whatever its caller holds: each further type would be compiled anew."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from ..ground.errors import InvalidArgument


def frozen(values: npt.ArrayLike, dtype: Any) -> npt.NDArray[Any]:
    """The values as a contiguous, read-only array; copied only if the type or the layout asks for it."""
    view = np.ascontiguousarray(values, dtype).view()
    view.flags.writeable = False
    return view


def indices(name: str, values: npt.ArrayLike, size: int) -> npt.NDArray[Any]:
    """`frozen` indices of points, each in 0..size-1: kernels read without looking."""
    held = frozen(values, np.int64)
    if held.size and not 0 <= int(held.min()) <= int(held.max()) < size:
        raise InvalidArgument(f"{name} holds indices {held.min()} to {held.max()}; give points from 0 to {size - 1}")
    return held
