"""Whether a player draws from the generators that a whole process shares."""

from __future__ import annotations

import contextlib
import pickle
import random
from collections.abc import Iterator

import numpy as np

from .results import demand


@contextlib.contextmanager
def left_alone() -> Iterator[None]:
    """Refuse what uses, or seeds, `numpy.random` or `random` without a generator of its own."""
    numbers, other = _numbers(), random.getstate()
    yield
    shared = "that the process shares: draw from rng or the keys"
    demand(numbers == _numbers(), f"it uses the generator of numpy.random {shared}")
    demand(other == random.getstate(), f"it uses the generator of random {shared}")


def _numbers() -> bytes:
    """The state of `numpy.random`, of whatever kind it is."""
    return pickle.dumps(np.random.get_state(legacy=False))  # noqa: NPY002
