"""Checks of what a learner states of its errors, against all samples of tiny classes."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from ..ground.errors import InvalidArgument
from ..spaces.distributions import Distribution, Weighted
from .learner_subjects import Desk, everything, fitting, is_tiny
from .results import Broken, NothingToCheck, demand, same
from .subjects import Subject, name

ROUNDING = 1e-9  # rounding of sums over samples; a wrong term is larger
ERROR_LEVEL = 1e-9  # an honest learner fails one time in a billion


def expected_error_is_not_exceeded(subject: Subject) -> None:
    """Where `expected_error` is stated, no function and law of a tiny class errs more, over all samples and points."""

    def tried(desk: Desk, d: int, masses: Any) -> None:
        stated = desk.ready.expected_error(d, desk.m)
        found = everything(desk, 0)
        errors = found.wrong(masses) @ masses
        worst = int(errors.argmax())
        slack = ROUNDING + (_slack(found, masses) if _is_random(desk, found.predicted) else 0.0)
        what = f"f = {found.whole.codes[worst].tolist()} is mistaken at {errors[worst]:.6g}, stated is {stated:.6g}"
        demand(errors[worst] <= stated + slack, what)

    def body(desk: Desk) -> bool:
        d = desk.functions.vc_dimension
        if d is None or desk.ready.expected_error(d, desk.m) is None:
            return False
        for masses in _laws(len(desk.functions.domain.points())):
            tried(desk, d, masses)
        return True

    _on_tiny(subject, body, "it states no expected error")


def same_examples_same_prediction(subject: Subject) -> None:
    """Where `order_free` is declared, samples of the same different examples give the same prediction, keys or not."""
    if not subject.thing.order_free:
        raise NothingToCheck("it does not declare order_free")

    def body(desk: Desk) -> bool:
        found, again = everything(desk, 0), everything(desk, 1)
        demand(same(found.predicted, again.predicted), "a prediction depends on the learner's keys")
        first: dict[frozenset[int], int] = {}
        for s, sample in enumerate(found.samples.tolist()):
            r = first.setdefault(frozenset(sample), s)
            equal = same(found.predicted[:, s], found.predicted[:, r])
            demand(equal, f"it predicts otherwise from points {sample} than from {found.samples[r].tolist()}")
        return True

    _on_tiny(subject, body, "no class is tiny enough")


def error_probability_is_right(subject: Subject) -> None:
    """`error_probability`, where offered, equals enumeration of all samples."""

    def body(desk: Desk) -> bool:
        found = everything(desk, 0)
        if _is_random(desk, found.predicted):
            return False
        codes = np.repeat(found.whole.codes, len(found.whole.points), axis=0)
        x = np.tile(found.whole.points, (len(found.whole.codes), 1))
        answered = False
        for law in _laws_on(desk):
            stated = desk.ready.error_probability(desk.functions, law, desk.m, codes, x)
            if stated is None:
                continue
            answered = True
            wanted = found.wrong(found.whole.masses(law)).reshape(-1)
            for code, point, p, q in zip(codes, x, np.asarray(stated), wanted, strict=True):
                what = f"f = {code.tolist()} at {point.tolist()} under {name(law)}"
                demand(abs(p - q) <= ROUNDING, f"error_probability() of {what} is {p:.9g}, all samples say {q:.9g}")
        return answered

    _on_tiny(subject, body, "it offers no error_probability that enumeration can follow")


def _laws_on(desk: Desk) -> list[Distribution]:
    """The laws below as weights where the domain is a line of points, else the one law at hand."""
    weights = [Weighted(tuple(masses.tolist())) for masses in _laws(len(desk.functions.domain.points()))]
    try:
        return [law.on(desk.functions.domain) for law in weights]
    except InvalidArgument:
        return [desk.law]


def _on_tiny(subject: Subject, body: Callable[[Desk], bool], otherwise: str) -> None:
    """Call the body on each class whose samples can all be tried; skip the check where it answers nowhere."""
    answered = False
    for desk in fitting(subject):
        if is_tiny(desk):
            try:
                answered |= body(desk)
            except Broken as broken:
                raise Broken(broken.reason, broken.counterexample or str(desk)) from broken
    if not answered:
        raise NothingToCheck(otherwise)


def _laws(size: int) -> list[Any]:
    """The uniform law, a steep one, and one with holes."""
    steep = 2.0 ** -np.arange(size)
    holes = np.where(np.arange(size) % 3 == 1, 0.0, np.arange(1, size + 1))
    return [np.full(size, 1 / size), steep / steep.sum(), holes / holes.sum()]


def _is_random(desk: Desk, predicted: Any) -> bool:
    return not same(predicted, everything(desk, 1).predicted)


def _slack(found: Any, masses: Any) -> float:
    """Hoeffding's margin at level 1e-9 for a learner that draws: each prediction is drawn once."""
    weights = masses[found.samples].prod(axis=1)[:, None] * masses
    return math.sqrt(math.log(1 / ERROR_LEVEL) / 2 * float((weights**2).sum()))
