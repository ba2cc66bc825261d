"""A function in one line, whatever its size, and without its code where that is a secret."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..ground.nesting import nested
from ..ground.showing import shortened, shown
from ..ground.spec import Configured, text

FEW, ROOM = 12, 190  # numbers of a code that a line shows, and what is left in it for the class


def in_a_line(functions: Configured, code: Any) -> str:
    """Under 300 characters; a code that tells how to activate inputs is not in it."""
    if any(getattr(part, "secret", False) for part in nested(functions)):
        return f"Function(a secret code of {shortened(text(functions), ROOM)})"
    few = isinstance(code, np.ndarray) and code.size <= FEW
    told = str(code.tolist()) if few else shown(code)
    return f"Function({told[:80]} of {shortened(text(functions), ROOM)})"
