"""Whether a player draws from the generators that a whole process shares."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Iterator

import numpy as np

from .results import demand


@contextlib.contextmanager
def left_alone() -> Iterator[None]:
    """Refuse what uses, or seeds, `numpy.random` or `random` without a generator of its own."""
    numbers, other = np.random.get_state(legacy=False), random.getstate()  # noqa: NPY002
    yield
    now = np.random.get_state(legacy=False)  # noqa: NPY002
    untouched = (
        str(numbers["state"]["pos"]) == str(now["state"]["pos"])
        and (numbers["state"]["key"] == now["state"]["key"]).all()
    )
    demand(untouched, "it uses the generator of numpy.random that the process shares: draw from rng or the keys")
    demand(other == random.getstate(), "it uses the generator of random that the process shares: draw from rng")
