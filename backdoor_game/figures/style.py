"""One look for all figures: Okabe and Ito's colours, a marker and a dash pattern for each series."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

from ..ground._matplotlib import styles
from .words import CUT, cut, families, spelled, width, wrapped

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Okabe, Ito 2008: told apart under every common colour blindness; yellow is left out, since it fades on white.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "<", ">", "*")
# different in print without colour as well, like the markers
DASHES = ((0, (4, 2)), (0, (2, 1.5)), (0, (6, 2, 1.5, 2)), (0, (10, 2)), (0, (10, 2, 1.5, 2, 1.5, 2)))
GREY = "#444444"
WIDTH, HEIGHT, ROW = 6.8, 4.0, 0.2  # inches: the page, the axes with their words, a line of the legend
SIDE_LETTER = 0.088  # inches: of an axis's words
LETTER, HANDLE = 0.072, 0.8  # inches of a legend's column: a letter, the sample line with its gaps
MARK = 6.4  # points of paper: a marker with its edge, and the caps of its bar
BELOW, LINE = 0.12, 0.2  # inches: around a legend, a line of an axis's words
SHORTENED = f"{CUT}: names are cut here, and whole in the JSON"
LEGEND_LETTERS, ENTRY_LETTERS, MOST_LETTERS = 92, 78, 300  # of a line of a legend, of an entry's, of a whole label
TITLE_LETTERS, LABEL_LETTERS, SIDE_LETTERS = 66, 76, 40  # what fits into a line, of words at the side too

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
    "legend.handlelength": 3.2,
    "legend.title_fontsize": 9,
    "lines.linewidth": 1.4,
    "lines.markersize": 5,
    "svg.fonttype": "path",
    "svg.hashsalt": "backdoor-game",
    "text.parse_math": False,  # labels are specs: a dollar in one is a dollar
}


def look(*words: str) -> AbstractContextManager[None]:
    """This look over matplotlib's own defaults, whatever the user's settings; undone on leaving.

    Parameters
    ----------
    words : str
        All that the figure says: fonts that have their letters stand behind the usual one.
    """
    context: AbstractContextManager[None] = styles().context(
        ["default", {**_RC, "font.family": families(map(spelled, words))}]
    )
    return context


def canvas(title: str, xlabel: str, ylabel: str) -> tuple[Figure, Axes]:
    """An empty figure with its words; to be called inside `look()`."""
    figure = page(HEIGHT)
    axes = figure.add_subplot()
    axes.set_title(wrapped(spelled(title), TITLE_LETTERS), loc="left")
    axes.set_xlabel(wrapped(spelled(xlabel), LABEL_LETTERS))
    axes.set_ylabel(wrapped(spelled(ylabel), SIDE_LETTERS))
    return figure, axes


def entitled(figure: Figure, title: str, letters: int = TITLE_LETTERS) -> None:
    """Write the title over the whole page: over axes that long names push aside it would run off the paper."""
    words = wrapped(spelled(title), letters)
    figure.suptitle(words, x=0.01, horizontalalignment="left", fontsize=_RC["axes.titlesize"])


def page(height: float) -> Figure:
    """An empty figure as wide as a page."""
    from matplotlib.figure import Figure

    return Figure(figsize=(WIDTH, height), layout="constrained")


def legend(figure: Figure, handles: Sequence[Any], title: str | None = None, xlabel: str | None = None) -> None:
    """A legend below the axes, where it hides nothing; the figure grows by its height.

    Parameters
    ----------
    handles : sequence of artists
        With the labels that the legend shows, each once; long ones are wrapped, and those without end are cut.
    xlabel : str, optional
        Of all axes together, between them and the legend.
    """
    named = {str(one.get_label()): one for one in handles if str(one.get_label())}
    labels = [wrapped(cut(spelled(label), MOST_LETTERS), ENTRY_LETTERS, indent="   ") for label in named]
    said = [] if title is None else [wrapped(spelled(title), LEGEND_LETTERS)]
    title = "\n".join([*said, *([SHORTENED] if any(CUT in label for label in labels) else [])])
    columns = next((n for n in (3, 2) if n <= len(labels) and _width(labels, n) < WIDTH), 1)
    taken = ROW * ((_rows(labels, columns) if labels else 0) + (title.count("\n") + 1 if title else 0))
    across, height = figure.get_size_inches()
    figure.set_size_inches(across, height + taken)
    if xlabel is not None:
        shared, foot = wrapped(spelled(xlabel), LABEL_LETTERS), taken + (BELOW if taken else 0.0)
        room = (foot + LINE * (shared.count("\n") + 1)) / (height + taken)
        # The layout knows no legend here and puts this label at the page's foot, so both have their room kept.
        figure.supxlabel(shared, fontsize=10.5, y=foot / (height + taken)).set_in_layout(False)
        engine: Any = figure.get_layout_engine()
        engine.set(rect=(0, room, 1, 1 - room))
    if not taken:
        return
    place: Any = "outside lower center" if xlabel is None else "lower center"
    drawn = figure.legend(list(named.values()), ["."] * len(labels), loc=place, ncols=columns, title=title or None)
    for one, label in zip(drawn.get_texts(), labels, strict=True):
        one.set_text(label)  # a legend leaves out what begins with an underscore


def _width(labels: Sequence[str], columns: int) -> float:
    """Inches that a legend takes when its labels are split into columns."""
    widest = [max(width(line) for label in one for line in label.split("\n")) for one in _split(labels, columns)]
    return sum(widest) * LETTER + columns * HANDLE


def _rows(labels: Sequence[str], columns: int) -> int:
    return max(sum(label.count("\n") + 1 for label in one) for one in _split(labels, columns))


def _split(labels: Sequence[str], columns: int) -> list[Sequence[str]]:
    """The labels of each column, as matplotlib splits them."""
    size, longer = divmod(len(labels), columns)
    ends = [(i + 1) * size + min(i + 1, longer) for i in range(columns)]
    return [labels[start:end] for start, end in zip([0, *ends], ends, strict=False)]
