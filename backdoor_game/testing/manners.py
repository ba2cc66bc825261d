"""Checks of whatever is configured: that its spec and its pickle are the thing itself."""

from __future__ import annotations

import contextlib
import pickle
import random
from collections.abc import Iterator

import numpy as np

from ..catalog.names import resolve
from ..ground.spec import parse, text
from .results import NothingToCheck, demand
from .subjects import Subject, forms

QUARTERS = 4  # budgets of a quarter up to all that is used: a meter may refuse early, late or never
GOES_ON = "it goes on after the meter has refused: let BudgetExceeded pass"


def share(used: int, quarters: int) -> int | None:
    """So many quarters of what is used, rounded down: 4 are enough, and 5 are no budget at all."""
    return None if quarters > QUARTERS else used * quarters // QUARTERS


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


def spec_reads_back(subject: Subject) -> None:
    """Its text, as typed and as prepared, is read by `spec.parse` as an equal thing with the same text."""
    for thing in forms(subject):
        if type(thing).__module__ == "__main__":
            raise NothingToCheck("it is defined in __main__, which no spec can name: put it in a file")
        written = text(thing)
        again = parse(written, resolve)
        demand(again == thing and hash(again) == hash(thing), f"{written[:200]} reads back as another thing")
        demand(text(again) == written, f"{written[:200]} reads back as {text(again)[:200]}")


def pickle_is_equal(subject: Subject) -> None:
    """It survives pickling, as typed and as prepared; the pickle is read in this process, not in another."""
    for thing in forms(subject):
        again = pickle.loads(pickle.dumps(thing))
        equal = type(again) is type(thing) and again == thing and hash(again) == hash(thing)
        demand(equal, f"{text(thing)[:200]} comes back from its pickle as another thing")


CHECKS = (spec_reads_back, pickle_is_equal)
