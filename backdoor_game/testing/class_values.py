"""The check of a class's value: renaming points or complementing labels does not change it."""

from __future__ import annotations

import numpy as np

from ..functions import Explicit
from ..functions.base import FunctionClass
from ..games import BackdoorGame
from ..ground.errors import InvalidArgument, MissingCapability
from ..spaces.distributions import Distribution, Weighted
from .class_subjects import drawn_members, whole
from .exploring import for_all
from .results import NothingToCheck, demand
from .subjects import Subject

FUNCTIONS = 64  # each case solves three linear programs
CASES = 6  # the programs take most of the time
TOLERANCE = 5e-6  # two values that are each known to 1e-6, and rounding


def value_is_the_same_after_renaming(subject: Subject) -> None:
    """The exact value is that of the table of its labels with points in another order and labels complemented."""
    functions, solved = subject.thing, []
    if len(whole(functions).codes) > FUNCTIONS:
        raise NothingToCheck(f"it is solved with at most {FUNCTIONS} functions here")

    def body(law: Distribution, seed: int) -> None:
        epsilon = [0.1, 0.25, 1 / 3, 0.5][seed % 4]
        value = _value(BackdoorGame(functions, epsilon, law))
        if value is None:
            return
        solved.append(value)
        for complement in (False, True):
            other = _value(renamed(functions, epsilon, law, seed, complement))
            what = "renaming the points" + (" and complementing the labels" if complement else "")
            if other is not None:
                demand(abs(value - other) <= TOLERANCE, f"the value is {value:.6f}, and {other:.6f} after {what}")

    for_all(body, cases=CASES, **drawn_members(subject))
    if not solved:
        raise NothingToCheck("no value is known under these distributions")


def renamed(functions: FunctionClass, epsilon: float, law: Distribution, seed: int, complement: bool) -> BackdoorGame:
    """The game on the class's own table, points in another order."""
    everything = whole(functions)
    order = np.random.default_rng(seed).permutation(len(everything.points))
    labels = everything.labels[:, order] ^ np.uint8(complement)
    table = tuple("".join(map(str, row)) for row in np.unique(labels, axis=0).tolist())
    return BackdoorGame(Explicit(table), epsilon, Weighted(tuple(everything.masses(law)[order].tolist())))


def _value(game: BackdoorGame) -> float | None:
    from ..exact.solving import solve

    try:
        return float(solve(game).value)
    except (MissingCapability, InvalidArgument):
        return None
