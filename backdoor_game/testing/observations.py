"""Checks of observations: a kernel whose rows are laws, and symbols that come with its chances."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Hashable
from typing import Any

import numpy as np

from ..functions.base import Codes
from ..games.contract import call
from ..ground.errors import ContractError
from ..ground.spec import text
from ..ground.streams import role_keys
from ..players.views import DefenderBlock, Meter
from ..spaces.domains import Points
from .manners import left_alone
from .results import Broken, NothingToCheck, demand, same
from .simulation import ROUNDING, demand_law
from .subjects import Subject, demand_same, name, pieces
from .variant_subjects import GamePlace, classes_of, need, refuse

PAIRS = 8  # of (f', x') in a class
COPIES = 600  # rounds of each: a probability that is off by 0.13 is found at level 1 - 1e-9
WHERE = "fits_a_class"


def accept(subject: Subject) -> None:
    """Refuse an observation of none of the games' classes."""
    refuse(subject, classes_of(subject))


def fits_a_class(subject: Subject) -> str:
    """`check` lets it see functions of one of the classes at least, or refuses in one sentence, and changes nothing."""
    before, places = text(subject.thing), classes_of(subject)
    for place, sentence in places.breaks:
        raise Broken(sentence, place)
    demand(text(subject.thing) == before, f"check() turns {before[:200]} into {name(subject.thing)}")
    return places.remark


def rows_are_laws(subject: Subject) -> None:
    """The kernel has a row for each function at each point, chances of at least 0 that sum to 1."""
    for place in _places(subject):
        kernel = _kernel(subject, place)
        assert place.codes is not None
        assert place.support is not None
        rows = len(place.codes) * len(place.support[0])
        demand(kernel.shape[0] == rows, f"the kernel must have {rows} rows, N F, got {kernel.shape[0]} in {place}")
        demand((kernel.data >= 0).all(), f"a chance of the kernel is under 0 in {place}")
        sums = np.asarray(kernel.sum(axis=1)).ravel()
        worst = int(np.abs(sums - 1).argmax())
        right = abs(sums[worst] - 1) <= ROUNDING
        demand(right, f"row {worst} of the kernel sums to {sums[worst]:.9g} in {place}")


def same_class_same_kernel(subject: Subject) -> None:
    """The same class gives the same kernel, whatever was asked in between; codes, points and weights are left alone."""
    places = _places(subject)
    for place, other in zip(places, (*places[1:], places[0]), strict=True):
        given = _given(place)
        clean = [array.copy() for array in given[1:]]
        first = _kernel(subject, place, given).toarray()
        names = ("codes", "points", "weights")
        for array, untouched, what in zip(given[1:], clean, names, strict=True):
            demand(same(array, untouched), f"kernel() writes into the {what}")
        _kernel(subject, other)
        demand(same(first, _kernel(subject, place).toarray()), f"another kernel the second time in {place}")


def symbols_come_as_the_kernel_says(subject: Subject) -> None:
    """What `observe` sees of a function at a point it sees as often as the kernel says, and nothing else."""
    for place in _places(subject):
        codes, X, rows = _pairs(place)
        kernel = _kernel(subject, place)
        seen = _observed(subject, place, np.repeat(codes, COPIES, axis=0), np.repeat(X, COPIES, axis=0))
        shaped = seen.shape == (len(codes) * COPIES,) and seen.dtype.kind in "iu"
        demand(shaped, f"observe() must give a whole number a round, got {seen.dtype} of shape {seen.shape}")
        inside = ((seen >= 0) & (seen < kernel.shape[1])).all()
        demand(inside, f"observe() sees a symbol outside the {kernel.shape[1]} columns of the kernel in {place}")
        for pair, row in enumerate(rows):
            drawn = Counter(seen[pair * COPIES : (pair + 1) * COPIES].tolist())
            law: dict[Hashable, float] = dict(enumerate(kernel[[row]].toarray()[0].tolist()))
            what = f"f' = {codes[pair].tolist()} at x' = {X[pair].tolist()}"
            demand_law(drawn, law, functools.partial("symbol {1} of {0}".format, what))


def what_is_seen_depends_on_its_own_round(subject: Subject) -> None:
    """Row r of `observe` is the block of one of its round, the same every time; other generators are left alone."""
    for place in _places(subject):
        codes, X, _ = _pairs(place)
        with left_alone():
            whole = _observed(subject, place, codes, X)
            again = _observed(subject, place, codes, X)
        demand(same(whole, again), f"the same rounds show something else the second time in {place}")
        for rows in pieces(len(codes)):
            demand_same("symbol ", whole[rows], _observed(subject, place, codes, X, rows), len(codes))


def sees_in_a_black_box(subject: Subject) -> None:
    """It reads no code, unless it says so by `reads_code`."""
    if subject.thing.reads_code:
        raise NothingToCheck("it says reads_code, so that a black box hides what it needs")
    for place in _places(subject):
        codes, X, _ = _pairs(place)
        try:
            _observed(subject, place, codes, X, black_box=True)
        except ContractError as error:
            demand("black box" not in str(error), f"{error}: let reads_code be True")
            raise


def charges_what_it_sees(subject: Subject) -> None:
    """Labels and examples are charged: what tells functions apart costs something, but for codes, which are free."""
    if subject.thing.reads_code:
        raise NothingToCheck("it says reads_code, and a code is free to look at")
    for place in _places(subject):
        codes, X, rows = _pairs(place)
        meter = Meter(len(codes))
        _observed(subject, place, codes, X, meter=meter)
        kernel = _kernel(subject, place).toarray()
        here = kernel[rows]
        apart = any(not same(here[0], row) for row, x in zip(here, X, strict=True) if same(x, X[0]))
        free = not meter.counts.any()
        demand(not (apart and free), f"it tells functions apart at one point, and charges nothing in {place}")


CHECKS = (
    rows_are_laws,
    same_class_same_kernel,
    symbols_come_as_the_kernel_says,
    what_is_seen_depends_on_its_own_round,
    sees_in_a_black_box,
    charges_what_it_sees,
)


def _places(subject: Subject) -> tuple[GamePlace, ...]:
    return need(classes_of(subject), WHERE)


def _given(place: GamePlace) -> tuple[Any, ...]:
    """What a kernel is asked for, as copies."""
    assert place.codes is not None
    assert place.support is not None
    return place.game.functions, place.codes.copy(), *(array.copy() for array in place.support)


def _kernel(subject: Subject, place: GamePlace, given: tuple[Any, ...] | None = None) -> Any:
    ask = functools.partial(subject.thing.kernel, *(given or _given(place)))
    return call(subject.thing, "kernel", ask).tocsr()


def _pairs(place: GamePlace) -> tuple[Codes, Points, list[int]]:
    """Some functions at some points, two functions at one point first, and their rows in the kernel."""
    assert place.codes is not None
    assert place.support is not None
    points, F = place.support[0], len(place.codes)
    f = np.arange(PAIRS) % F
    x = np.arange(PAIRS) // 2 % len(points)
    return place.codes[f], points[x], (x * F + f).tolist()


def _observed(
    subject: Subject,
    place: GamePlace,
    codes: Codes,
    X: Points,
    rows: Any = slice(None),
    *,
    meter: Meter | None = None,
    black_box: bool = False,
) -> Any:
    """What it sees of these rounds, of which only `rows` are shown."""
    keys, oracle = (role_keys(0, "testing", role, 0, len(X))[rows].copy() for role in ("defender/0", "oracle/0"))
    shown = codes[rows].copy(), X[rows].copy(), keys, oracle
    view = DefenderBlock(place.game, place.law, *shown, meter or Meter(len(keys)), black_box=black_box)
    ask = functools.partial(subject.thing.observe, view, *_given(place)[1:])
    return np.asarray(call(subject.thing, "observe", ask))
