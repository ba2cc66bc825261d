"""One look for all figures: Okabe and Ito's colours, a marker and a dash pattern for each series."""

from __future__ import annotations

import textwrap
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

from ..ground._matplotlib import styles

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Okabe, Ito 2008: told apart under every common colour blindness; yellow is left out, since it fades on white.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "<", ">", "*")
# different in print without colour as well, like the markers
DASHES = ((0, (6, 2.5)), (0, (2, 1.5)), (0, (6, 2, 1.5, 2)), (0, (9, 3)), (0, (6, 2, 1.5, 2, 1.5, 2)))
GREY = "#444444"
WIDTH, HEIGHT, ROW = 6.8, 4.0, 0.2  # inches: the page, the axes with their words, a line of the legend
LETTER, HANDLE = 0.072, 0.65  # inches of a legend's column: a letter, the sample line with its gaps
TITLE_LETTERS, LABEL_LETTERS = 66, 76  # what fits into a line

_RC: dict[str, Any] = {
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.labelsize": 10.5,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlesize": 11.5,
    "errorbar.capsize": 2.5,
    "font.size": 10,
    "grid.color": "#DDDDDD",
    "grid.linewidth": 0.6,
    "legend.fontsize": 9,
    "legend.frameon": False,
    "legend.title_fontsize": 9,
    "lines.linewidth": 1.4,
    "lines.markersize": 5,
    "svg.fonttype": "path",
    "svg.hashsalt": "backdoor-game",
}


def look() -> AbstractContextManager[None]:
    """This look over matplotlib's own defaults, whatever the user's settings; undone on leaving."""
    context: AbstractContextManager[None] = styles().context(["default", _RC])
    return context


def words(text: str) -> str:
    """A text that is drawn as it stands: a dollar in the path of a plug-in begins no formula."""
    return text.replace("$", r"\$")


def canvas(title: str, xlabel: str, ylabel: str) -> tuple[Figure, Axes]:
    """An empty figure with its words; to be called inside `look()`."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(WIDTH, HEIGHT), layout="constrained")
    axes = figure.add_subplot()
    axes.set_title(words(textwrap.fill(title, TITLE_LETTERS)), loc="left")
    axes.set_xlabel(words(textwrap.fill(xlabel, LABEL_LETTERS)))
    axes.set_ylabel(words(ylabel))
    return figure, axes


def legend(figure: Figure, axes: Axes, title: str | None = None) -> None:
    """A legend below the axes, where it hides nothing; the figure grows by its height."""
    handles, labels = axes.get_legend_handles_labels()
    if not labels:
        return
    columns = next((n for n in (3, 2) if n <= len(labels) and _width(labels, n) < WIDTH), 1)
    rows = -(-len(labels) // columns) + (title is not None)
    figure.set_size_inches(WIDTH, HEIGHT + ROW * rows)
    shown = [words(label) for label in labels]
    figure.legend(handles, shown, loc="outside lower center", ncols=columns, title=title and words(title))


def _width(labels: list[str], columns: int) -> float:
    """Inches that a legend takes when its labels are split into columns, as matplotlib splits them."""
    size, longer = divmod(len(labels), columns)
    ends = [(i + 1) * size + min(i + 1, longer) for i in range(columns)]
    widest = [max(map(len, labels[start:end])) for start, end in zip([0, *ends], ends, strict=False)]
    return sum(widest) * LETTER + columns * HANDLE
