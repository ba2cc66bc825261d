"""The exact value against epsilon for small classes, between the shattering bound and what defences guarantee."""

from __future__ import annotations

import dataclasses
import math
from fractions import Fraction

import numpy as np

from .. import bounds, figures
from ..exact.density import one_inclusion_density
from ..exact.solving import Solution, solve
from ..functions import (
    AllFunctions,
    Boxes,
    Conjunctions,
    FunctionClass,
    Intervals,
    IntervalUnions,
    Parities,
    Singletons,
    Thresholds,
)
from ..games import BackdoorGame
from ..ground.errors import BackdoorGameError
from ..players.attackers import Shattered
from ..spaces.distributions import Uniform
from .shared.base import Report, Settings, Table, Verdict

NAME = "exact-values"
TITLE = "Exact values: what optimal play wins, and the constant in front of d epsilon"
CLOSE = 1e-6  # the gap to which the linear program is solved
FINE = 120  # points of a drawn curve: no corner is seen at the width of a page
# one class of VC dimension 1, and one of 2
DRAWN = (Thresholds(points=128), Intervals(points=32))


@dataclasses.dataclass(frozen=True)
class Point:
    """One class at one epsilon, on N equally likely points: the value there, and under its own shattering law.

    At epsilon = 1/N also 1 - rho/N, without a linear program.
    """

    functions: FunctionClass
    epsilon: Fraction
    uniform: Solution
    shattered: Solution
    density: Fraction | None = None

    @property
    def d(self) -> int:
        """VC dimension."""
        return int(self.functions.vc_dimension or 0)

    @property
    def constant(self) -> float:
        """Loss over d epsilon."""
        return (1 - self.uniform.value) / (self.d * float(self.epsilon))


def grid(settings: Settings) -> list[tuple[FunctionClass, list[Fraction]]]:
    """The classes on N points, each at k/N for a few k."""
    few: list[tuple[FunctionClass, int, tuple[int, ...]]] = [
        (Thresholds(points=128), 128, (1, 2, 3, 4, 6, 8, 12, 16)),
        (Singletons(points=16), 16, (1, 2, 4)),
        (Intervals(points=32), 32, (1, 2, 3, 4, 6) if settings.full else (1, 2, 3)),
        (IntervalUnions(points=10, k=2), 10, (1, 2, 3) if settings.full else (1, 2)),
        (Boxes(dimension=2, points=4), 16, (1, 2, 3, 4)),
        (Conjunctions(bits=4), 16, (1, 2, 3, 4)),
        (Parities(bits=4), 16, (8,)),
        (AllFunctions(points=6), 6, (1, 2)),
    ]
    return [(functions, [Fraction(k, N) for k in steps]) for functions, N, steps in few]


def run(settings: Settings) -> Report:
    """Solve every game twice, under the uniform law and under the shattering one, and compare with the bounds."""
    plan = [(functions, epsilon) for functions, steps in grid(settings) for epsilon in steps]
    points, refused = [], []
    for done, (functions, epsilon) in enumerate(plan):
        try:
            points.append(_solved(functions, epsilon))
        except BackdoorGameError as reason:  # a value that is not proved is a claim that fails
            refused.append(f"{functions!r} at {epsilon}: {reason}")
        settings.progress(done + 1, len(plan))
    files = (*_draw_constants(points, settings.output), *_draw_bounds(points, settings.output))
    rows = [_record(point) for point in points]
    found = {"values": rows, "refused": refused}
    return Report(NAME, TITLE, (_table(points), _greatest(points)), _verdicts(points, len(refused)), found, files)


def _solved(functions: FunctionClass, epsilon: Fraction) -> Point:
    shattering = Shattered().distribution(BackdoorGame(functions, float(epsilon)))
    nearest = epsilon == Fraction(1, functions.domain.size or 0)
    return Point(
        functions,
        epsilon,
        solve(BackdoorGame(functions, float(epsilon), Uniform()), exact=_small(functions)),
        solve(BackdoorGame(functions, float(epsilon), shattering)),
        one_inclusion_density(functions).value if nearest else None,
    )


def _small(functions: FunctionClass) -> bool:
    """Whether a fraction is worth its time."""
    return not isinstance(functions, (Intervals, IntervalUnions))


def voting(functions: FunctionClass, epsilon: float) -> float:
    """What the default ensemble guarantees."""
    d, m = int(functions.vc_dimension or 0), bounds.voting_examples(epsilon)
    return bounds.voting_bound(d, epsilon, m, bounds.voting_members(epsilon, m), bounds.voting_threshold(epsilon, m))


def boltzmann(functions: FunctionClass, epsilon: float) -> float:
    """What resampling at its best temperature guarantees."""
    return bounds.boltzmann_bound(math.log(functions.count() or 1), epsilon, bounds.boltzmann_beta(epsilon))


def _shown(bound: float) -> str:
    return "vacuous" if bounds.vacuous(bound) else f"{bound:.4f}"


def _table(points: list[Point]) -> Table:
    rows = tuple(
        (
            repr(point.functions),
            str(point.d),
            str(point.epsilon),
            f"{point.uniform.value:.6f}",
            point.uniform.fraction or "-",
            "-" if point.density is None else str(point.density),
            f"{point.constant:.3f}",
            f"{bounds.shattering_bound(point.d, float(point.epsilon)):.4f}",
            f"{point.shattered.value:.6f}",
            _shown(voting(point.functions, float(point.epsilon))),
            _shown(boltzmann(point.functions, float(point.epsilon))),
            str(point.uniform.triples),
        )
        for point in points
    )
    header = ("class, uniform D", "d", "epsilon", "value", "fraction", "1 - rho/N", "loss / (d epsilon)")
    more = ("shattering bound", "value on the shattered set", "voting guarantees", "Boltzmann guarantees", "triples")
    return Table("exact values [enumerated], bounds [proved]", (*header, *more), rows)


def _greatest(points: list[Point]) -> Table:
    """For each class the epsilon at which it loses most, in units of d epsilon."""
    rows = []
    for functions in dict.fromkeys(point.functions for point in points):
        mine = [point for point in points if point.functions == functions]
        top = max(mine, key=lambda point: point.constant)
        rows.append((repr(functions), str(top.d), str(top.epsilon), f"{top.constant:.6f}", str(len(mine))))
    return Table(
        "greatest loss / (d epsilon)", ("class, uniform D", "d", "at epsilon", "loss / (d epsilon)", "of"), tuple(rows)
    )


def _verdicts(points: list[Point], refused: int = 0) -> tuple[Verdict, ...]:
    """What holds of the values; without a value that it speaks of no claim does."""
    gap = max((max(point.uniform.gap, point.shattered.gap) for point in points), default=math.inf)
    useful = [
        point.uniform.value - bound
        for point in points
        for bound in (voting(point.functions, float(point.epsilon)), boltzmann(point.functions, float(point.epsilon)))
        if not bounds.vacuous(bound)
    ]
    least = min(useful, default=-math.inf)
    away = [
        abs(point.shattered.value - bounds.shattering_bound(point.d, float(point.epsilon)))
        for point in points
        if point.d > 1
    ]
    off = max(away, default=math.inf)
    thresholds = [point for point in points if isinstance(point.functions, Thresholds)]
    apart = [abs(point.uniform.value - float(1 - threshold_loss(point.epsilon))) for point in thresholds]
    known = max(apart, default=math.inf)
    return (
        *_dimension_verdicts(points),
        Verdict(
            "every value is proved from both sides",
            f"largest gap {gap:.1e}, {refused} not proved",
            f"{CLOSE:g}, 0",
            gap <= CLOSE and not refused,
        ),
        Verdict(
            "no value is under what voting and Boltzmann resampling guarantee",
            f"least distance {least:+.4f} over {len(useful)} bounds that say something",
            "at least 0",
            least >= -CLOSE,
        ),
        Verdict(
            "on the shattered set the value is the shattering bound, d > 1",
            f"largest difference {off:.1e}",
            f"{CLOSE:g}",
            off <= CLOSE,
        ),
        Verdict(
            "thresholds: the value is 1 - max(eps q/(q+1), 1/(q+2)), q = floor(1/eps)",
            f"largest difference {known:.1e} over {len(thresholds)} values",
            f"{CLOSE:g}",
            known <= CLOSE,
        ),
    )


def _dimension_verdicts(points: list[Point]) -> tuple[Verdict, Verdict]:
    """The two theorems on the VC dimension alone: theory/density.py and theory/dimension_one.py."""
    dense = [(point.uniform, point.density) for point in points if point.density is not None]
    apart = max((abs(found.value - float(formula)) for found, formula in dense), default=math.inf)
    unequal = sum(found.fraction not in (None, str(formula)) for found, formula in dense)
    one = [(1 - solved.lower) / float(p.epsilon) for p in points if p.d == 1 for solved in (p.uniform, p.shattered)]
    most = max(one, default=math.inf)
    return (
        Verdict(
            "at eps = 1/N the value is 1 - rho/N, rho the greatest edge density (Theorem A)",
            f"largest difference {apart:.1e}, {unequal} of the fractions differ, over {len(dense)} classes",
            f"{CLOSE:g}, 0",
            apart <= CLOSE and not unequal,
        ),
        Verdict(
            "VC dimension 1: no class loses more than eps (Theorem B)",
            f"greatest loss/eps {most:.6f} over {len(one)} values",
            "at most 1",
            most <= 1 + CLOSE,
        ),
    )


def threshold_loss(epsilon: Fraction) -> Fraction:
    """What thresholds lose on N equally likely points at epsilon = k/N, and at most anywhere: theory/thresholds.py."""
    q = math.floor(1 / epsilon)
    return max(epsilon * Fraction(q, q + 1), Fraction(1, q + 2))


def _record(point: Point) -> dict[str, object]:
    return {
        "functions": repr(point.functions),
        "d": point.d,
        "epsilon": str(point.epsilon),
        "uniform": point.uniform.to_dict(),
        "shattered": point.shattered.to_dict(),
        "constant": point.constant,
        "density": None if point.density is None else str(point.density),
    }


def _draw_constants(points: list[Point], folder: str) -> tuple[str, ...]:
    series = []
    for functions in dict.fromkeys(point.functions for point in points):
        mine = [point for point in points if point.functions == functions]
        label = f"{functions!r}, d = {mine[0].d}"
        at = [float(p.epsilon) for p in mine]
        series.append(figures.Series(label, at, [p.constant for p in mine], key=repr(functions)))
    figure = figures.curve_figure(
        series,
        title="What optimal defence loses, in units of d ε (uniform D)",
        xlabel="ε, largest legal distance of f and f* (probability)",
        ylabel="(1 − value) / (d ε)",
        log_x=2,
        dodge=False,
    )
    return figures.save(figure, folder, f"{NAME}-constants")


def _draw_bounds(points: list[Point], folder: str) -> tuple[str, ...]:
    series, lines = [], []
    every = [float(p.epsilon) for p in points if p.functions in DRAWN]
    ends = min(every), max(every)
    for functions in DRAWN:
        mine = [point for point in points if point.functions == functions]
        x, name, d = [float(p.epsilon) for p in mine], repr(functions), mine[0].d
        shown = figures.Series(f"{name}: exact value", x, [p.uniform.value for p in mine], key=name)
        series.append(shown)
        fine = np.geomspace(*ends, FINE).tolist()
        for label, promise in (("voting", voting), ("Boltzmann", boltzmann)):
            y = [promise(functions, epsilon) for epsilon in fine]
            useful = [math.nan if bounds.vacuous(value) else value for value in y]
            if not math.isnan(useful[0]):
                lines.append(figures.Line(f"{name}: {label} guarantees", fine, useful, like=shown.label))
        if d > 1:
            y = [bounds.shattering_bound(d, epsilon) for epsilon in fine]
            lines.append(figures.Line(f"{name}: shattering bound (another D)", fine, y, like=shown.label))
    figure = figures.curve_figure(
        series,
        lines,
        title="Exact values and bounds (uniform D)",
        xlabel="ε, largest legal distance of f and f* (probability)",
        guessing=True,
        log_x=2,
        dodge=False,
        sheet=[repr(functions) for functions in dict.fromkeys(point.functions for point in points)],
    )
    return figures.save(figure, folder, f"{NAME}-bounds")
