"""A step function, continuous from the right: a filled mark where a step begins, an empty one where it has ended."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from .axes import GUESSING, given_or_new
from .data import Line
from .drawing import draw_lines
from .style import COLOURS, canvas, legend, look
from .words import cut, spelled

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST_MARKED = 60  # steps whose ends are marked: more marks would touch
MARKER = 4.5  # points of paper
MOST_LETTERS = 190  # about two lines of a title
VALUE = "value under optimal play"
SIDE = "win rate of the defender (probability)"


def steps_plot(
    starts: Sequence[float],
    values: Sequence[float],
    end: float,
    lines: Sequence[Line] = (),
    *,
    xlabel: str,
    label: str = VALUE,
    ax: Axes | None = None,
) -> Axes:
    """The steps on axes that are given, or on those of a new figure.

    Parameters
    ----------
    starts, values : sequences of float
        Where each step begins, in increasing order, and its height.
    end : float
        Where the last one ends.
    lines : sequence of Line
        Theory, dashed.
    xlabel, label : str
    """
    axes = given_or_new(ax)
    _drawn(axes, starts, values, end, lines, label)
    axes.set_xlabel(spelled(xlabel), parse_math=False)
    axes.set_ylabel(SIDE)
    for text in axes.legend().get_texts():
        text.set_parse_math(False)
    return axes


def steps_figure(
    starts: Sequence[float],
    values: Sequence[float],
    end: float,
    lines: Sequence[Line] = (),
    *,
    xlabel: str,
    title: str,
    label: str = VALUE,
) -> Figure:
    """`steps_plot` on a page of its own, with its legend below."""
    with look(title, xlabel, label, *(line.label for line in lines)):
        figure, axes = canvas(cut(title, MOST_LETTERS), xlabel, SIDE)
        legend(figure, _drawn(axes, starts, values, end, lines, label))
    return figure


def _drawn(
    axes: Axes, starts: Sequence[float], values: Sequence[float], end: float, lines: Sequence[Line], label: str
) -> list[Any]:
    """Everything but words; the handles of a legend."""
    guessing = axes.axhline(0.5, color=GUESSING, linestyle=(0, (1, 1.5)), label="blind guessing, 1/2")
    theory = draw_lines(axes, lines, ())
    ends, colour = [*starts[1:], end], COLOURS[0]
    for here, there, after in zip(values[:-1], values[1:], ends[:-1], strict=True):
        axes.plot([after, after], [here, there], color=colour, linewidth=0.7, linestyle=(0, (1, 2)))
    solid = axes.hlines(values, starts, ends, color=colour, linewidth=2.0, label=label)
    if len(starts) <= MOST_MARKED:
        empty: dict[str, Any] = {"markerfacecolor": "white", "markeredgecolor": colour, "markersize": MARKER}
        axes.plot(ends[:-1], values[:-1], marker="o", linestyle="none", zorder=3, **empty)
        axes.plot(starts, values, marker="o", linestyle="none", color=colour, markersize=MARKER, zorder=4)
    return [solid, guessing, *theory]
