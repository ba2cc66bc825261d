"""matplotlib loaded without the environment's backend: figures go to files, and no word stops them."""

from __future__ import annotations

import contextlib
import os
import sys
from typing import Any

BACKEND = "MPLBACKEND"


def styles() -> Any:
    """The module `matplotlib.style`.

    A notebook hands its backend down to every process that it starts, and matplotlib does not even import where that,
    or a word that was typed wrongly, is no backend to it. The choice is given back where it is one, for pyplot.
    """
    asked = os.environ.get(BACKEND)
    if asked is None or "matplotlib" in sys.modules:
        import matplotlib.style

        return matplotlib.style
    del os.environ[BACKEND]
    try:
        import matplotlib.style
    finally:
        os.environ[BACKEND] = asked
    with contextlib.suppress(ValueError):
        matplotlib.rcParams["backend"] = asked
    return matplotlib.style
