"""Play of a finite game, functions by points: labels, flags as shades, plants as circles, weights as bars."""

from __future__ import annotations

import collections
import dataclasses
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..ground.errors import InvalidArgument
from .axes import given_or_new
from .style import LETTER, ROW, entitled, look
from .words import cut, spelled, width, wrapped

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST_MARKS = 3  # circles that have room in a cell
DIGIT, CIRCLE = 0.18, 0.25  # inches of a cell's width: its label, a circle with its gap
CELL_HEIGHT, LEAST_ROWS = 0.3, 4  # inches, and rows for whose sake a page is high enough for the words at its sides
COLOURS = 0.25  # inches: the bar of the shades
POINTS_ACROSS = 16.0  # points of paper: the circle of a plant that is sure
LEAST_ACROSS, EDGED = (
    5.0,
    9.0,
)  # points of paper: a circle that is still seen, one with room for a number inside its edge
BARS = 1.3  # inches: the weights with their numbers
AROUND, HEAD, LEAST_WIDTH = 1.5, 1.0, 5.2  # inches: words and colour bar beside the cells, above and below, all cells
LIGHT, FULL = "#FFFFFF", "#5AAEE0"  # of shades: black words are read on both, and the order stays in grey print
PLANT, BAR = "#E69F00", "#0072B2"  # of Okabe and Ito's colours: told apart from the shades by everyone
TITLE_LETTER, MOST_LETTERS = 0.1, 190  # inches of a letter of the title, and letters of it: about two lines
BESIDE = 0.16  # of given axes: the weights, where their inches are not known
KEY = (
    "digit: f(x); shade: Pr[flag | f, x]; bar: Pr[f is picked]",
    "circle in row f at x: f* is planted with the trigger x; its number is f*'s row, its area Pr[f* | f, x]",
)


@dataclasses.dataclass(frozen=True)
class Mark:
    """A plant: in row f at point x the row of f*, and its probability; rows and points by number from 0."""

    f: int
    x: int
    f_star: int
    probability: float


def play_plot(
    labels: Sequence[str],
    weights: Sequence[float],
    shades: Sequence[Sequence[float]],
    marks: Sequence[Mark],
    points: Sequence[str],
    masses: Sequence[float] | None = None,
    ax: Axes | None = None,
    *,
    beside: float = BESIDE,
) -> Axes:
    """Play on axes that are given, or on those of a new figure; the weights stand to the right of them.

    Parameters
    ----------
    labels : sequence of str
        Of each function a 0 or 1 for each point; the first is the top row.
    weights : sequence of float
        How often each is picked.
    shades : sequence of sequences of float
        A row a function: how likely it is flagged at each point.
    marks : sequence of Mark
    points : sequence of str
    masses : sequence of float, optional
        D, below the points where it is given.
    beside : float
        Width of the bars, as a share of the axes.
    """
    grid = np.asarray(shades, np.float64)
    if grid.shape != (len(labels), len(points)) or any(len(label) != len(points) for label in labels):
        raise InvalidArgument(f"shades must have shape ({len(labels)}, {len(points)}), got {grid.shape}")
    axes = given_or_new(ax)
    with look(*points):
        _shaded(axes, grid)
        _lettered(axes, labels, marks)
        _ticks(axes, len(labels), points, masses)
        _bars(axes, weights, beside)
    return axes


def play_figure(
    labels: Sequence[str],
    weights: Sequence[float],
    shades: Sequence[Sequence[float]],
    marks: Sequence[Mark],
    points: Sequence[str],
    masses: Sequence[float] | None = None,
    *,
    title: str,
    notes: Sequence[str] = (),
) -> Figure:
    """`play_plot` on a page of its own, with a bar for the shades and a key; `notes` are its further lines."""
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D

    inside = max(LEAST_WIDTH, _cell(marks) * len(points))
    wide = inside + BARS + AROUND
    letters, heading = int((wide - 0.4) / LETTER), wrapped(cut(spelled(title), MOST_LETTERS), int(wide / TITLE_LETTER))
    more = [f"a cell has room for the {MOST_MARKS} likeliest plants: the others are in the table"] * (
        _deepest(marks) > MOST_MARKS
    )
    key = [wrapped(spelled(line), letters) for line in (*KEY, *more, *notes)]
    with look(title, *points, *notes):
        below = ROW * (sum(line.count("\n") + 1 for line in key) + 1)
        high = HEAD + ROW * heading.count("\n") + CELL_HEIGHT * max(LEAST_ROWS, len(labels)) + below
        figure = Figure(figsize=(wide, high), layout="constrained")
        entitled(figure, heading, len(heading))
        axes = play_plot(labels, weights, shades, marks, points, masses, figure.add_subplot(), beside=BARS / inside)
        figure.colorbar(axes.collections[0], ax=axes, label="Pr[flag | f, x]", fraction=COLOURS / wide, pad=0.0)
        nothing = [Line2D([], [], linestyle="none") for _ in key]
        figure.legend(nothing, key, loc="outside lower left", handlelength=0, handletextpad=0, alignment="left")
    return figure


def _deepest(marks: Sequence[Mark]) -> int:
    """How many plants the fullest cell has."""
    return max(collections.Counter((one.f, one.x) for one in marks).values(), default=0)


def _cell(marks: Sequence[Mark]) -> float:
    """Inches that a cell must be wide."""
    return DIGIT + CIRCLE * min(MOST_MARKS, max(1, _deepest(marks)))


def _shaded(axes: Axes, grid: Any) -> None:
    """Cells in their shades, the first row on top."""
    from matplotlib.colors import LinearSegmentedColormap

    axes.grid(False)
    axes.pcolormesh(
        np.arange(grid.shape[1] + 1) - 0.5,
        np.arange(grid.shape[0] + 1) - 0.5,
        grid,
        cmap=LinearSegmentedColormap.from_list("flags", [LIGHT, FULL]),
        vmin=0.0,
        vmax=1.0,
        edgecolors="#BBBBBB",
        linewidth=0.6,
    )
    axes.invert_yaxis()
    axes.tick_params(length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)


def _lettered(axes: Axes, labels: Sequence[str], marks: Sequence[Mark]) -> None:
    """The digit of each cell at its left, its circles to the right of that, the likeliest first."""
    cell = _cell(marks)
    for f, label in enumerate(labels):
        for x, digit in enumerate(label):
            axes.text(x - 0.5 + 0.55 * DIGIT / cell, f, digit, ha="center", va="center", fontsize=8, color="#333333")
    inside: dict[tuple[int, int], list[Mark]] = collections.defaultdict(list)
    for one in sorted(marks, key=lambda one: -one.probability):
        inside[one.f, one.x].append(one)
    for (f, x), many in inside.items():
        for place, one in enumerate(many[:MOST_MARKS]):
            at = x - 0.5 + (DIGIT + CIRCLE * (place + 0.5)) / cell
            across = max(LEAST_ACROSS, POINTS_ACROSS * one.probability**0.5)  # an area goes as the square
            edge: dict[str, Any] = {"markeredgecolor": "#333333", "markeredgewidth": 0.5 if across >= EDGED else 0.0}
            axes.plot([at], [f], marker="o", markersize=across, color=PLANT, **edge)
            axes.text(at, f, str(one.f_star + 1), ha="center", va="center_baseline", fontsize=7.5)


def _ticks(axes: Axes, rows: int, points: Sequence[str], masses: Sequence[float] | None) -> None:
    """Numbers of functions beside the rows, points below the columns."""
    names = [spelled(point) for point in points]
    if masses is not None:
        names = [f"{name}\n{mass:.2g}" for name, mass in zip(names, masses, strict=True)]
    long = max(width(line) for name in names for line in name.split("\n")) > 6  # letters, in the narrowest cell
    axes.set_yticks(range(rows), [str(row) for row in range(1, rows + 1)], fontsize=8)
    axes.set_xticks(range(len(names)), names, fontsize=8, rotation=90 if long else 0)
    axes.set_ylabel("f, by its number")
    axes.set_xlabel("x, a point or trigger" + ("" if masses is None else ", above D(x)"))


def _bars(axes: Axes, weights: Sequence[float], share: float) -> None:
    """How often each function is picked, as bars to the right with their numbers."""
    beside = axes.inset_axes((1.01, 0.0, share, 1.0), sharey=axes)
    beside.grid(False)
    beside.barh(range(len(weights)), weights, height=0.6, color=BAR)
    most = max(max(weights, default=0.0), 1e-9)
    for row, weight in enumerate(weights):
        if weight > 0:
            beside.text(weight + 0.05 * most, row, f"{weight:.3g}", va="center", fontsize=7.5)
    beside.set_xlim(0, 1.9 * most)  # room for the numbers
    beside.tick_params(labelleft=False, labelbottom=False)
    beside.set_axis_off()
    beside.set_title("Pr[f]", fontsize=8, loc="left")
