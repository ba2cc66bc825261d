"""Whether what draws gives the same on two threads at once: generators that the whole process shares do not."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import numpy as np

from ..functions import FunctionClass
from ..ground._blas import one_blas_thread
from ..ground.errors import BackdoorGameError
from ..spaces.domains import Bits, Reals
from .results import demand, same

TURNS = 4  # times that both threads set out together
EXAMPLES = 24  # to train on: enough for both labels


def draws_alike(action: Callable[[int], np.ndarray[Any, Any]]) -> None:
    """`action` of the seeds 0 and 1, alone and on two threads at once, with nobody's global generator moved.

    Threads meet in the same place by chance only, so it is also looked whether a generator of the process has moved:
    that much is certain, whatever the system's scheduler does.
    """
    with one_blas_thread():  # whose number of threads is the process's, and changes last digits
        _draws_alike(action)


def _draws_alike(action: Callable[[int], np.ndarray[Any, Any]]) -> None:
    before = _shared()
    alone = [action(seed) for seed in (0, 1)]
    moved = [name for name, state in _shared().items() if state != before[name]]
    demand(not moved, f"it draws from {' and '.join(moved)}, which all threads share: use the rng that is given")
    start = Barrier(2, timeout=60)

    def together(seed: int) -> np.ndarray[Any, Any]:
        start.wait()
        return action(seed)

    with ThreadPoolExecutor(2) as pool:
        for _ in range(TURNS):
            found = list(pool.map(together, (0, 1)))
            demand(all(map(same, found, alone)), "other numbers on two threads than alone: it keeps state of its own")


def _shared() -> dict[str, str]:
    """The states of the generators that a process has one of."""
    states = {"numpy.random": repr(np.random.get_state()), "random": repr(random.getstate())}  # noqa: NPY002
    if (torch := sys.modules.get("torch")) is not None:  # whoever trains with it has imported it
        states["torch"] = repr(torch.get_rng_state().tolist())
    return states


def training(functions: FunctionClass) -> Callable[[int], np.ndarray[Any, Any]] | None:
    """The code that a model class trains under a seed, on a few examples of its domain; None where it trains none."""
    trained, domain = getattr(functions, "trained", None), functions.domain
    if not callable(trained) or not isinstance(domain, Bits | Reals):
        return None
    rng = np.random.default_rng(0)
    X = rng.standard_normal((EXAMPLES, domain.n)) if isinstance(domain, Reals) else None
    points = rng.integers(2, size=(EXAMPLES, domain.n), dtype=np.uint8) if X is None else X
    y = (np.arange(EXAMPLES) % 2).astype(np.uint8)

    def train(seed: int) -> np.ndarray[Any, Any]:
        return np.asarray(trained(points, y, np.random.default_rng(seed)).code)

    try:
        train(0)
    except BackdoorGameError:  # what it does not learn from is no matter of threads
        return None
    return train
