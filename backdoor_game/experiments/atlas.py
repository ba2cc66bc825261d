"""An atlas of constants: the certified value over every D, class by class, in units of d epsilon."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from .. import figures
from ..bounds import shattering_bound
from ..exact.frontier.maximal import maximal_classes, rows
from ..exact.solving import solve
from ..functions import (
    AllFunctions,
    Conjunctions,
    Explicit,
    Intervals,
    IntervalUnions,
    Parities,
    Singletons,
    Thresholds,
)
from ..functions.base import FunctionClass
from ..games import BackdoorGame
from ..ground.spec import text
from .shared.base import Report, Settings, Table, Verdict

NAME = "atlas"
TITLE = "Atlas: the value over every D, and the constant (1 - value)/(d epsilon) of each class"
CLAIM = 1.0  # of the conjecture: no constant exceeds it
EPSILONS = ("1/5", "3/10", "2/5")
SIZES = ((1, 2), (1, 3), (1, 4), (2, 3), (2, 4), (3, 4))  # (d, N) of the maximal classes that are listed
MORE = ((1, 5), (2, 5), (3, 5), (4, 5))
NAMED = (
    Thresholds(points=3),
    Thresholds(points=4),
    Thresholds(points=5),
    Thresholds(points=6),
    Singletons(points=4),
    Singletons(points=5),
    Intervals(points=3),
    Intervals(points=4),
    IntervalUnions(points=4, k=2),
    Conjunctions(bits=2),
    Parities(bits=2),
    AllFunctions(points=2),
    AllFunctions(points=3),
    AllFunctions(points=4),
)
LARGER = (Thresholds(points=7), Thresholds(points=8), Intervals(points=5), AllFunctions(points=5), Parities(bits=3))
SECONDS, LONG = 10.0, 60.0  # for each class and epsilon; in quick mode all close in a fraction of that
NARROW = 1e-5  # an interval that counts as a number
# Where loss(STEPS[d][i + 1]) <= d STEPS[d][i] for the class that loses most, the conjecture holds for every epsilon on
# at most 4 points: below 1/12 the loss is linear, and from 1/(2 d) on always-clean does it (theory/minimax.py).
STEPS = {2: ("1/13", "1/10", "1/7", "1/5", "1/4"), 3: ("1/13", "1/8", "1/6")}


@dataclasses.dataclass(frozen=True)
class Entry:
    """A class at an epsilon: the interval, and what its ends say of the constant.

    Attributes
    ----------
    name : str
        The class's spec, or d, N and number of a maximal class.
    functions : str
        The class's spec.
    d, points : int
    epsilon : str
    lower, upper : float
    constant_low, constant_high : float
        (1 - value)/(d epsilon) of `upper` and of `lower`.
    distribution, method, status : str
    tolerance : float
    """

    name: str
    functions: str
    d: int
    points: int
    epsilon: str
    lower: float
    upper: float
    constant_low: float
    constant_high: float
    distribution: str
    method: str
    status: str
    tolerance: float

    @property
    def narrow(self) -> bool:
        """Whether it is a number, to five digits."""
        return self.upper - self.lower <= NARROW


def run(settings: Settings) -> Report:
    """Certify every class at every epsilon, and the steps that settle the conjecture on at most 4 points."""
    plan = [(name, functions, epsilon) for name, functions in classes(settings) for epsilon in EPSILONS]
    steps = [(name, functions, epsilon) for name, functions in _stepped() for epsilon in STEPS[_dimension(functions)]]
    seconds, found = LONG if settings.full else SECONDS, []
    for done, one in enumerate([*plan, *steps], 1):
        found.append(certified(*one, seconds))
        settings.progress(done, len(plan) + len(steps))
    entries, stepped = found[: len(plan)], found[len(plan) :]
    points = {"classes": [vars(one) for one in entries], "steps": [vars(one) for one in stepped]}
    return Report(NAME, TITLE, (_table(entries),), verdicts(entries, stepped), points, _draw(entries, settings.output))


def classes(settings: Settings) -> Iterator[tuple[str, FunctionClass]]:
    """The maximal classes by d and N, then the shipped ones."""
    for d, points in (*SIZES, *MORE) if settings.full else SIZES:
        yield from _maximal(d, points)
    for functions in (*NAMED, *LARGER) if settings.full else NAMED:
        yield text(functions), functions


def _maximal(d: int, points: int) -> Iterator[tuple[str, FunctionClass]]:
    for i, code in enumerate(maximal_classes(points, d), 1):
        yield f"d = {d}, N = {points}, no. {i}", Explicit(rows(code, points))


def _stepped() -> Iterator[tuple[str, FunctionClass]]:
    """The maximal classes on at most 4 points for which the conjecture is not known anyway, as for d = 1 and d = N."""
    for d, points in SIZES:
        if d > 1:
            yield from _maximal(d, points)


def _dimension(functions: FunctionClass) -> int:
    """d, of a class whose dimension is known."""
    d = functions.vc_dimension
    assert d is not None
    return d


def certified(name: str, functions: FunctionClass, epsilon: str, seconds: float) -> Entry:
    """The interval of a class, within so many seconds."""
    number, d = float(Fraction(epsilon)), _dimension(functions)
    found = solve(BackdoorGame(functions, number), certify=True, time_limit=seconds)
    size = functions.domain.size
    assert size is not None
    assert found.certified_tolerance is not None
    return Entry(
        name=name,
        functions=text(functions),
        d=d,
        points=size,
        epsilon=epsilon,
        lower=found.lower,
        upper=found.upper,
        constant_low=(1 - found.upper) / (d * number),
        constant_high=(1 - found.lower) / (d * number),
        distribution=text(found.distribution),
        method=found.method,
        status=found.status,
        tolerance=found.certified_tolerance,
    )


def verdicts(entries: list[Entry], stepped: list[Entry]) -> tuple[Verdict, ...]:
    """Each can fail: a constant above the claim, a lower end above what a shattered set costs, an open interval."""
    top = max(entries, key=lambda one: one.constant_low)
    listed = [one for one in entries if one.points <= 4]
    high = max(listed, key=lambda one: one.constant_high)
    line = [one for one in entries if one.d == 1 and one.narrow]
    worst = max((one.constant_high for one in line), default=2.0)
    wide = [one for one in listed if not one.narrow]
    return (
        Verdict(
            "no counter-example to value >= 1 - d eps (conjecture): upper ends",
            f"greatest constant {top.constant_low:.6f}: {top.name} at {top.epsilon}",
            f"at most {CLAIM:g}",
            top.constant_low <= CLAIM + NARROW,
        ),
        Verdict(
            "on at most 4 points no class loses more than d eps under any D: lower ends",
            f"greatest constant {high.constant_high:.6f}: {high.name} at {high.epsilon}",
            f"at most {CLAIM:g}",
            high.constant_high <= CLAIM + NARROW,
        ),
        _at_every_epsilon(stepped),
        Verdict(
            "d = 1: value >= 1 - eps under every D (Theorem B), where intervals are closed",
            f"greatest constant {worst:.6f} over {len(line)}",
            "at most 1",
            worst <= 1 + NARROW,
        ),
        _shattered(entries),
        Verdict(
            "on at most 4 points every interval is a number",
            f"{len(wide)} of {len(listed)} are wider than {NARROW:g}",
            "0",
            not wide,
        ),
    )


def _at_every_epsilon(stepped: list[Entry]) -> Verdict:
    """Whether each loss is at most d times the step before: a loss does not fall as epsilon grows."""
    ratios = []
    for one in stepped:
        steps = STEPS[one.d]
        before = Fraction(steps[max(0, steps.index(one.epsilon) - 1)])
        ratios.append((1 - one.lower) / (one.d * float(before)))
    return Verdict(
        "nor at any eps: on at most 4 points, d = 2 and 3, steps of eps",
        f"greatest loss/(d eps before) {max(ratios, default=2.0):.6f} over {len(ratios)} steps",
        f"at most {CLAIM:g}",
        max(ratios, default=2.0) <= CLAIM,
    )


def _shattered(entries: list[Entry]) -> Verdict:
    """Theorem 4.1: a shattered set costs so much in every class, and no D costs all functions more."""
    known = [(one, shattering_bound(one.d, float(Fraction(one.epsilon)))) for one in entries]
    above = [one for one, most in known if one.lower > most]
    missed = [one for one, most in known if one.d == one.points and not one.lower <= most <= one.upper + NARROW]
    return Verdict(
        "no lower end above the shattering bound, and the intervals of all functions hold it",
        f"{len(above)} above, {len(missed)} without it, of {len(known)}",
        "0, 0",
        not above and not missed,
    )


def _table(entries: list[Entry]) -> Table:
    shown = tuple(
        (one.name, str(one.d), str(one.points), one.epsilon, _ends(one.lower, one.upper), _constant(one), one.method)
        for one in entries
    )
    label = entries[0].status
    columns = ("class", "d", "N", "epsilon", "value over all D", "(1 - value)/(d eps)", "method")
    return Table(f"constants [{label}, tolerance beside each in the JSON]", columns, shown)


def _ends(low: float, high: float) -> str:
    return f"{high:.6f}" if high - low <= NARROW else f"[{low:.6f}, {high:.6f}]"


def _constant(one: Entry) -> str:
    return f"{one.constant_low:.6f}" if one.narrow else f"[{one.constant_low:.4f}, {one.constant_high:.4f}]"


def _draw(entries: list[Entry], folder: str) -> tuple[str, ...]:
    """Constants by class and epsilon, blank where an interval is open; a page has no room for maximal classes on 5."""
    shown = [one for one in entries if one.points <= 4 or one.name == one.functions]
    names = list(dict.fromkeys(one.name for one in shown))
    cells: dict[tuple[str, str], Any] = {(one.name, one.epsilon): one.constant_low for one in entries if one.narrow}
    panel = figures.Panel("", [[cells.get((name, epsilon), float("nan")) for epsilon in EPSILONS] for name in names])
    figure = figures.matrix_figure(
        [panel],
        names,
        EPSILONS,
        title="Constants of the certified value over every D",
        row_label="class",
        column_label="ε, largest legal distance (probability)",
        colour_label="(1 − value) / (d ε)",
        colour_range=(0.0, 1.0),
        empty="interval left open",
    )
    return figures.save(figure, folder, NAME)
