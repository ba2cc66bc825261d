"""The frontier of the value over classes and distributions: attempts to refute value >= 1 - d epsilon."""

from __future__ import annotations

import dataclasses
import math
from fractions import Fraction

from .. import figures
from ..exact.frontier import ExtremalClass, search_classes
from ..ground.errors import BackdoorGameError
from .shared.base import Report, Settings, Table, Verdict

NAME = "extremal-classes"
TITLE = "Extremal classes: the greatest loss/(d epsilon) over classes, D and epsilon, in fractions"
CLAIM = Fraction(1)  # of Conjecture 1: no loss exceeds CLAIM d epsilon
STEPS = 40  # of a walk, some seconds on six to eight points; in full mode it takes some minutes
LONG = 200
# (d, N): the epsilons at which all classes are tried up to symmetry; 1/N among them, where the worst class is known.
# From d epsilon = 1/2 on nothing can be refuted, since blind guessing wins 1/2; at (2, 4, 2/5) a ball is not the worst.
LISTED = {
    (1, 2): ("1/5", "3/10", "2/5", "1/2"),
    (1, 3): ("1/5", "3/10", "1/3", "2/5"),
    (1, 4): ("1/5", "1/4", "3/10", "2/5"),
    (2, 3): ("1/8", "1/5", "2/9", "1/3"),
    (2, 4): ("1/8", "1/5", "2/9", "1/4", "2/5"),
    (3, 4): ("1/10", "1/8", "1/7", "1/4"),
}
# How many maximal classes there are up to symmetry, theory/frontier.py: trees on N + 1 vertices at d = 1 (OEIS A000055)
KINDS = {(1, 2): 1, (1, 3): 2, (1, 4): 3, (1, 5): 6, (2, 3): 1, (2, 4): 5, (2, 5): 72, (3, 4): 1, (3, 5): 30, (4, 5): 1}
# (d, N, epsilon) and a ratio that a class by hand has there, more than the ball: BETTER of theory/frontier.py
BETTER = (2, 4, Fraction(2, 5), Fraction(61, 112))
MORE = {
    (1, 5): ("1/5", "2/7", "3/10", "2/5"),
    (2, 5): ("1/8", "1/5", "2/9"),
    (3, 5): ("1/8", "1/7", "1/5"),
    (4, 5): ("1/10", "1/9", "1/5"),
}
WALKED = {(1, 6): ("1/6",), (2, 5): ("1/5",), (2, 6): ("1/6", "2/9"), (2, 8): ("1/8",), (3, 6): ("1/7", "1/6")}
FARTHER = {(2, 7): ("1/7", "1/5", "4/19"), (3, 7): ("1/7", "1/8"), (3, 8): ("1/8",), (4, 8): ("1/9", "1/8")}


@dataclasses.dataclass(frozen=True)
class Cell:
    """One search: d, N, epsilon, and whether all classes are tried."""

    d: int
    points: int
    epsilon: str
    exhaustive: bool


def cells(settings: Settings) -> list[Cell]:
    """Every search, the exhaustive ones first."""
    listed = {**LISTED, **MORE} if settings.full else LISTED
    walked = {**WALKED, **FARTHER} if settings.full else WALKED
    found = [Cell(*key, epsilon, True) for key, steps in listed.items() for epsilon in steps]
    others = [Cell(*key, epsilon, False) for key, steps in walked.items() for epsilon in steps]
    return found + [one for one in others if (one.d, one.points) not in listed]


def run(settings: Settings) -> Report:
    """Search every cell, compare the best with the conjecture, with Theorem B and with the ball on light points."""
    plan, found, refused = cells(settings), [], []
    for done, cell in enumerate(plan):
        try:
            found.append(
                search_classes(
                    cell.d,
                    cell.points,
                    cell.epsilon,
                    exhaustive=cell.exhaustive,
                    steps=LONG if settings.full else STEPS,
                    seed=settings.seed,
                )
            )
        except BackdoorGameError as reason:  # a find that does not stand up to a second look is a claim that fails
            refused.append(f"{cell}: {reason}")
        settings.progress(done + 1, len(plan))
    files = _draw(found, settings.output) if found else ()
    tables = (_table(found), _witnesses(found))
    points = {"searches": [one.to_dict() for one in found], "refused": refused}
    return Report(NAME, TITLE, tables, verdicts(found, len(refused)), points, files)


def light_ball(d: int, points: int, epsilon: Fraction) -> Fraction:
    """loss/(d epsilon) of a known class: the ball on the best number q of points of mass w = min(epsilon, 1/q) each.

    At least w m_d(q) is lost there, theory/frontier.py; what is left of the mass needs a point of its own.
    """
    numbers = [q for q in range(1, points + 1) if q < points or q * epsilon >= 1]
    return max(min(epsilon, Fraction(1, q)) * _ball_density(d, q) for q in numbers) / (d * epsilon)


def _ball_density(d: int, q: int) -> Fraction:
    """m_d(q), the edges a vertex among the labelings with at most d ones."""
    sizes = [math.comb(q, i) for i in range(min(d, q) + 1)]
    return Fraction(sum(i * size for i, size in enumerate(sizes)), sum(sizes))


def verdicts(found: list[ExtremalClass], refused: int = 0) -> tuple[Verdict, ...]:
    """Each can fail: a ratio above the claim, a loss above epsilon at d = 1, a search that misses a known class."""
    if not found:
        return (Verdict("every find stands up to a second look", f"{refused} do not", "0", False),)
    top = max(found, key=lambda one: one.ratio)
    one = [each for each in found if each.d == 1]
    worst = max((each.loss / each.epsilon for each in one), default=Fraction(0))
    measured = (
        f"greatest ratio {top.ratio} = {float(top.ratio):.4f} at d = {top.d}, N = {top.points}, eps = {top.epsilon}"
    )
    return (
        Verdict(
            f"no counter-example to loss <= d eps: {_tried(found)}",
            measured if top.ratio <= CLAIM else f"{measured}: {counter_example(top)}",
            f"at most {CLAIM}",
            top.ratio <= CLAIM,
        ),
        *_thorough(found, refused),
        Verdict(
            "d = 1: no class loses more than eps (Theorem B)",
            f"greatest loss/eps {worst} over {len(one)} searches",
            "at most 1",
            bool(one) and worst <= 1,
        ),
    )


def _tried(found: list[ExtremalClass]) -> str:
    """What the search has gone through: where all is listed, where that can refute, and how far walks went."""
    listed = [each for each in found if each.status == "enumerated"]
    # at d = 1 it is proved, and from d epsilon = 1/2 on blind guessing does as well
    open_ = [each for each in listed if each.d > 1 and each.d * each.epsilon < Fraction(1, 2)]
    games = sum(each.classes * each.laws for each in open_)
    steps = sum(each.classes for each in found if each.status != "enumerated")
    return (
        f"all classes at {len(listed)} (d, N, eps), {len(open_)} of them open with {games} games and what ascents "
        f"reach; {steps} steps of {len(found) - len(listed)} walks"
    )


def _thorough(found: list[ExtremalClass], refused: int) -> tuple[Verdict, Verdict]:
    """Whether the lists are whole and their best is found. Walks start at the ball: it tells nothing of them."""
    listed = [each for each in found if each.status == "enumerated"]
    whole = [each.classes == KINDS[each.d, each.points] for each in listed]
    short = [each for each in listed if each.ratio < light_ball(each.d, each.points, each.epsilon)]
    short += [each for each in listed if (each.d, each.points, each.epsilon) == BETTER[:3] and each.ratio < BETTER[3]]
    return (
        Verdict(
            "every list holds as many maximal classes as there are, and every find stands up to a second look",
            f"{sum(whole)} of {len(whole)} lists; {refused} finds do not",
            "all; 0",
            bool(whole) and all(whole) and not refused,
        ),
        Verdict(
            "every list finds at least the ball of d ones on light points, and what is known to beat it",
            f"{len(short)} of {len(listed)} fall short",
            "0",
            bool(listed) and not short,
        ),
    )


def counter_example(found: ExtremalClass) -> str:
    """A class and its D in full, for a check by hand."""
    weights = ", ".join(map(str, found.weights))
    return f"the class {' '.join(found.functions)} under D = ({weights}) has value {found.value}"


def _table(found: list[ExtremalClass]) -> Table:
    rows = []
    for one in found:
        known = light_ball(one.d, one.points, one.epsilon)
        cells = (str(one.d), str(one.points), str(one.epsilon), one.status, str(one.classes), str(one.laws or "-"))
        shown = (str(one.value), str(one.ratio), f"{float(one.ratio):.4f}", str(known))
        rows.append((*cells, f"1/{one.denominator}", *shown))
    header = ("d", "N", "epsilon", "label", "classes", "D each", "grid", "value", "loss/(d eps)", "as decimal")
    return Table(
        "least values found [enumerated: all classes, D on a grid and ascents]", (*header, "light ball"), tuple(rows)
    )


def _witnesses(found: list[ExtremalClass]) -> Table:
    """Of each d and N the class and D of the greatest ratio."""
    best: dict[tuple[int, int], ExtremalClass] = {}
    for one in found:
        known = best.setdefault((one.d, one.points), one)
        best[one.d, one.points] = max(known, one, key=lambda each: each.ratio)
    rows = tuple(
        (f"{d}", f"{N}", str(one.epsilon), str(one.value), " ".join(map(str, one.weights)), _shown(one.functions))
        for (d, N), one in sorted(best.items())
    )
    return Table("where the greatest ratio of each size was found", ("d", "N", "epsilon", "value", "D", "class"), rows)


def _shown(functions: tuple[str, ...]) -> str:
    """The class, where it fits into a line; the JSON has all of it."""
    return " ".join(functions) if len(functions) <= 16 else f"{len(functions)} functions, see the JSON"


def _draw(found: list[ExtremalClass], folder: str) -> tuple[str, ...]:
    """The greatest ratio by the number of points: what was found against the ball at epsilon = 1/N."""
    series, lines = [], []
    for d in sorted({one.d for one in found if one.status == "enumerated"}):
        label = f"d = {d}, all classes tried"
        series.append(_greatest(label, [one for one in found if (one.d, one.status) == (d, "enumerated")]))
        sizes = list(range(d + 1, max(one.points for one in found) + 1))
        ball = [float(light_ball(d, N, Fraction(1, N))) for N in sizes]
        lines.append(figures.Line(f"d = {d}: at most d ones at ε = 1/N", sizes, ball, like=label))
    series.append(_greatest("exploration, d by the line", [one for one in found if one.status != "enumerated"]))
    lines.append(figures.Line("Conjecture: no point above 1", [2, max(one.points for one in found)], [1.0, 1.0]))
    figure = figures.curve_figure(
        series,
        lines,
        title="Greatest loss in units of d ε over classes, D and ε",
        xlabel="N, number of points",
        ylabel="greatest (1 − value) / (d ε) found",
        dodge=False,
        y_range=(0.4, 1.05),
    )
    return figures.save(figure, folder, NAME)


def _greatest(label: str, found: list[ExtremalClass]) -> figures.Series:
    """The greatest ratio of each d and N."""
    sizes = sorted({(one.d, one.points) for one in found})
    tops = [float(max(one.ratio for one in found if (one.d, one.points) == size)) for size in sizes]
    return figures.Series(label, [points for _, points in sizes], tops)
