"""One type for a kernel's argument whatever its caller holds: each further type would be compiled anew."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt


def frozen(values: npt.ArrayLike, dtype: Any) -> npt.NDArray[Any]:
    """The values as a contiguous, read-only array; copied only if the type or the layout asks for it."""
    view = np.ascontiguousarray(values, dtype).view()
    view.flags.writeable = False
    return view
