"""Named quantities before and after, a row each: what was changed, and by how much."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from .style import COLOURS, GREY, ROW, WIDTH, canvas, entitled, legend, look
from .words import cut, spelled

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MOST_LETTERS = 40  # of a row's name


def before_after_figure(
    names: Sequence[str],
    before: Sequence[float],
    after: Sequence[float],
    notes: Sequence[str],
    *,
    title: str,
    xlabel: str,
    labels: tuple[str, str] = ("before", "after"),
) -> Figure:
    """One row for each name, top to bottom; rows that change get an arrow and a note.

    Parameters
    ----------
    names, notes : sequences of str
        `notes` stands beside a row that changes.
    before, after : sequences of float
    title, xlabel : str
    labels : (str, str)
        What the two marks are, for the legend.
    """
    rows = range(len(names))
    names, notes = ([spelled(one) for one in many] for many in (names, notes))
    with look(*names, *notes, title, xlabel, *labels):
        figure, axes = canvas("", xlabel, "")
        entitled(figure, title)
        changed = [row for row in rows if before[row] != after[row]]
        for row in changed:
            move = {"arrowstyle": "-|>", "color": COLOURS[1], "shrinkA": 3, "shrinkB": 3}
            axes.annotate("", (after[row], row), (before[row], row), arrowprops=move)
            axes.annotate(notes[row], (1.01, row), xycoords=("axes fraction", "data"), va="center", fontsize=9)
        first = axes.plot(list(before), list(rows), "o", color=COLOURS[0], label=labels[0])
        second = axes.plot([after[row] for row in changed], changed, "s", color=COLOURS[1], label=labels[1])
        axes.axvline(0, color=GREY, linewidth=0.8)
        axes.set_yticks(list(rows), [cut(name, MOST_LETTERS) for name in names])
        axes.invert_yaxis()
        legend(figure, [*first, *second])
        figure.set_size_inches(WIDTH * 1.2, 1.6 + 1.15 * ROW * len(names))
    return figure
