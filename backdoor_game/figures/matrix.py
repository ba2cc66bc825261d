"""A quantity over two lists of names: a panel of coloured cells, with the numbers in them, for each table."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..ground.errors import InvalidArgument
from .heat_map import Floats, extend, ink
from .style import LETTER, ROW, SHORTENED, SIDE_LETTER, WIDTH, entitled, look
from .words import CUT, cut, spelled, width, wrapped

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.collections import QuadMesh
    from matplotlib.figure import Figure

Names = Sequence[str]
LONGEST = 24  # letters of a name that may stand beside the cells; where one is longer all are numbered
MOST_LETTERS = 300  # of a name in the key, and of a panel's title
CELL_WIDTH, CELL_HEIGHT = 0.56, 0.32  # inches, at least
MOST_WIDTH, MOST_HEIGHT = 1.12, 0.64  # inches, of a cell among few
AROUND, HEAD, LEAST = 1.9, 0.45, 2.2  # inches: colour bar and words beside the cells, the title, all cells at least
TITLE_LETTER, WIDE_LETTER = 0.094, 0.08  # inches: of the title, and of words that break anywhere
BAR_LETTERS = 38  # beside the colour bar: a page of few cells is that high, with its title
TILT = 40  # degrees
EMPTY = "#E4E4E4"


@dataclasses.dataclass(frozen=True)
class Panel:
    """One table: `values` has a row of numbers for each row's name, NaN where there is none."""

    title: str
    values: Sequence[Sequence[float]]


def matrix_figure(
    panels: Sequence[Panel],
    rows: Names,
    columns: Names,
    *,
    title: str,
    row_label: str,
    column_label: str,
    colour_label: str = "win rate of the defender (probability)",
    colour_range: tuple[float, float] = (0.5, 1.0),
    empty: str = "no value",
    notes: Sequence[str] = (),
) -> Figure:
    """Panels below each other under one colour scale.

    Where names are too long to stand beside the cells they are numbered, and a key below says which is which.

    Parameters
    ----------
    panels : sequence of Panel
    rows, columns : sequence of str
        The names, the first row on top.
    title, row_label, column_label, colour_label : str
    colour_range : (low, high)
        Values outside it take the colour at its end, and the colour bar shows that with an arrow.
    empty : str
        What a cell without a number means.
    notes : sequence of str
        Further lines of the key.
    """
    grids = [_grid(panel, rows, columns) for panel in panels]
    rows, columns, notes = ([spelled(one) for one in many] for many in (rows, columns, notes))
    initials = _initials(row_label, column_label)
    down, across = _ticks(initials[0], rows), _ticks(initials[1], columns)
    words = (title, row_label, column_label, colour_label, empty, *rows, *columns, *notes)
    deep = _depth(panels, down)
    with look(*words, *(panel.title for panel in panels)):
        figure, inside = _canvas(panels, down, across, title)
        drawn = figure.subplots(len(panels), squeeze=False)[:, 0].tolist()
        for panel, grid, axes in zip(panels, grids, drawn, strict=True):
            mesh = _cells(axes, grid, colour_range)
            axes.set_title(_wrapped(panel.title, inside), loc="left", fontsize=9)
            axes.set_yticks(range(len(rows)), down)
            axes.set_xticks(range(len(columns)), across, **_tilted(across))
            axes.set_ylabel(wrapped(spelled(row_label), int(deep / SIDE_LETTER)))
            _bound(figure, axes, grid.shape)
        drawn[-1].set_xlabel(spelled(column_label))
        values = np.concatenate([grid.ravel() for grid in grids])
        shape: dict[str, Any] = {"aspect": 20 * len(panels), "extendfrac": 0.05 / len(panels)}
        figure.colorbar(
            mesh,
            ax=drawn,
            label=wrapped(spelled(colour_label), max(BAR_LETTERS, int(len(panels) * deep / SIDE_LETTER))),
            extend=extend(values, colour_range),
            **shape,
        )
        numbered = [*_meanings(down, rows), *_meanings(across, columns)]
        _key(figure, [*numbered, *_meaning_of_empty(values, empty), *notes])
    return figure


def matrix_plot(
    panel: Panel, rows: Names, columns: Names, ax: Axes | None = None, colour_range: tuple[float, float] = (0.5, 1.0)
) -> Axes:
    """One panel on axes that are given, or on those of a new figure: coloured cells with their numbers."""
    from .axes import given_or_new

    axes, grid = given_or_new(ax), _grid(panel, rows, columns)
    with look(*rows, *columns):
        _cells(axes, grid, colour_range)
    axes.set_yticks(range(len(rows)), [spelled(name) for name in rows], parse_math=False)
    across = [spelled(name) for name in columns]
    axes.set_xticks(range(len(columns)), across, parse_math=False, **_tilted(across))
    return axes


def _grid(panel: Panel, rows: Names, columns: Names) -> Floats:
    grid = np.asarray(panel.values, np.float64)
    if grid.shape != (len(rows), len(columns)) or grid.size == 0:
        wanted = f"({len(rows)}, {len(columns)})"
        raise InvalidArgument(f"values of panel {panel.title!r} must have shape {wanted}, got {grid.shape}")
    return grid


def _initials(row_label: str, column_label: str) -> tuple[str, str]:
    """A letter for numbered rows and one for columns: those of their labels if that tells them apart."""
    first, second = row_label[:1].upper(), column_label[:1].upper()
    return (first, second) if first != second and (first + second).isascii() and first and second else ("R", "C")


def _ticks(initial: str, names: Names) -> list[str]:
    """The names where all are short, else numbers behind an initial."""
    if all(width(name) <= LONGEST for name in names):
        return list(names)
    return [f"{initial}{i}" for i in range(1, len(names) + 1)]


def _meanings(ticks: Names, names: Names) -> list[str]:
    if list(ticks) == list(names):
        return []
    return [f"{tick}  {cut(name, MOST_LETTERS)}" for tick, name in zip(ticks, names, strict=True)]


def _meaning_of_empty(values: Floats, empty: str) -> list[str]:
    return [f"–  {spelled(empty)}"] if np.isnan(values).any() else []


def _canvas(panels: Sequence[Panel], down: Names, across: Names, title: str) -> tuple[Figure, float]:
    """An empty figure in which every cell has its size, and how many inches wide the cells are together."""
    from matplotlib.figure import Figure

    beside = AROUND + LETTER * max(map(width, down))
    inside = max(CELL_WIDTH * len(across), WIDTH - beside)
    below = 0.25 + (0.65 * LETTER * max(map(width, across)) if _tilted(across) else 0.0)
    cells = _depth(panels, down)
    heads = sum(0.2 + 0.17 * (_wrapped(panel.title, inside).count("\n") + 1) for panel in panels)
    height = HEAD + heads + len(panels) * (cells + below) + 0.25
    figure = Figure(figsize=(inside + beside, height), layout="constrained")
    entitled(figure, title, int((inside + beside) / TITLE_LETTER))
    return figure, inside


def _depth(panels: Sequence[Panel], down: Names) -> float:
    """Inches that the cells of a panel are high together."""
    return max(CELL_HEIGHT * len(down), LEAST / len(panels))


def _wrapped(words: str, inches: float) -> str:
    return wrapped(cut(spelled(words), MOST_LETTERS), max(20, int(inches / LETTER)))


def _tilted(names: Names) -> dict[str, Any]:
    """How tick labels are turned so that neighbours never touch; not at all where they fit into their cells."""
    if max(map(width, names)) * LETTER <= CELL_WIDTH:
        return {}
    return {"rotation": TILT, "horizontalalignment": "right", "rotation_mode": "anchor"}


def _cells(axes: Axes, grid: Floats, colour_range: tuple[float, float]) -> QuadMesh:
    """Coloured cells with three decimals each, the first row on top; grey ones with a dash where there is no number."""
    low, high = colour_range
    axes.grid(False)
    axes.set_facecolor(EMPTY)
    mesh = axes.pcolormesh(
        np.arange(grid.shape[1] + 1) - 0.5,
        np.arange(grid.shape[0] + 1) - 0.5,
        np.ma.masked_invalid(grid),
        cmap="cividis",
        vmin=low,
        vmax=high,
        edgecolors="white",
        linewidth=1.2,
    )
    for (j, i), value in np.ndenumerate(grid):
        number, colour = ("–", "black") if np.isnan(value) else (f"{value:.3f}", ink(mesh, value))
        axes.text(i, j, number, ha="center", va="center", fontsize=8, color=colour)
    axes.tick_params(length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.invert_yaxis()
    return mesh


def _bound(figure: Figure, axes: Axes, shape: tuple[int, ...]) -> None:
    """Keep few cells from filling all their room: they stay in its upper left corner."""
    from matplotlib.transforms import Bbox

    def place(axes: Any, _: Any) -> Bbox:
        room = axes.get_position(original=True)
        wide, height = figure.get_size_inches()
        across, down = min(room.width, MOST_WIDTH * shape[1] / wide), min(room.height, MOST_HEIGHT * shape[0] / height)
        return Bbox.from_extents(room.x0, room.y1 - down, room.x0 + across, room.y1)

    axes.set_axes_locator(place)


def _key(figure: Figure, meanings: list[str]) -> None:
    """What numbers and dashes mean, below everything; the figure grows by its height."""
    from matplotlib.lines import Line2D

    if not meanings:
        return
    if any(CUT in one for one in meanings):
        meanings = [*meanings, SHORTENED]
    across, height = figure.get_size_inches()
    letters = int((across - 0.4) / WIDE_LETTER)
    lines = [wrapped(one, letters, indent="      ") for one in meanings]
    figure.set_size_inches(across, height + ROW * (sum(one.count("\n") + 1 for one in lines) + 0.5))
    nothing = [Line2D([], [], linestyle="none") for _ in lines]
    figure.legend(nothing, lines, loc="outside lower left", handlelength=0, handletextpad=0, alignment="left")
