"""Measured numbers by name: a row for each name, points with bars beside each other, proved values as lines across."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ..ground.errors import InvalidArgument
from .data import Series
from .drawing import bars, style
from .style import DASHES, GREY, MARK, WIDTH, canvas, entitled, legend, look
from .words import cut, spelled, wrapped

if TYPE_CHECKING:
    from matplotlib.figure import Figure

NAME_LETTERS, MOST_LETTERS = 34, 100  # of a line of a row's name, and of all its lines
# Inches: a row at least, the title with the words of the axis, a line of a name, and what lies between names.
LEAST_ROW, AROUND, LINE, GAP = 0.26, 1.0, 0.15, 0.08


def rows_figure(
    names: Sequence[str],
    series: Sequence[Series],
    marks: Mapping[str, float] | None = None,
    *,
    title: str,
    xlabel: str,
    ylabel: str = "",
    interval: str | None = None,
    x_range: tuple[float, float] | None = None,
    sheet: Sequence[str] = (),
) -> Figure:
    """A row for each name, top to bottom, in the order given.

    Parameters
    ----------
    names : sequence of str
        Of the rows: detectors, bounds, or whatever has no order of its own.
    series : sequence of Series
        `x` holds numbers of rows from 0, `y` what is drawn from left to right; several series stand below each other
        within a row.
    marks : mapping from label to number, optional
        Dashed lines across all rows.
    title, xlabel, ylabel, interval, sheet
        As for `curve_figure`.
    x_range : (low, high), optional
        Of what is drawn.
    """
    outside = [place for one in series for place in one.x if place not in range(len(names))]
    if outside:
        raise InvalidArgument(
            f"x of a series must be the number of one of {len(names)} rows from 0, got {outside[0]!r}"
        )
    marks = marks or {}
    heads = [wrapped(cut(spelled(name), MOST_LETTERS), NAME_LETTERS) for name in names]
    deep = max((head.count("\n") + 1 for head in heads), default=1)
    row = max(LEAST_ROW, LINE * deep + GAP, MARK * (len(series) + 1) / 72)
    with look(title, xlabel, ylabel, interval or "", *names, *marks, *(one.label for one in series)):
        figure, axes = canvas("", xlabel, ylabel)
        entitled(figure, title)
        figure.set_size_inches(WIDTH, AROUND + row * len(names))
        handles: list[Any] = [
            axes.axvline(value, color=GREY, linestyle=DASHES[i % len(DASHES)], label=label, zorder=2.5)
            for i, (label, value) in enumerate(marks.items())
        ]
        step = MARK / 72 / row  # of a row
        for i, one in enumerate(series):
            handles.append(_points(axes, one, step * (i - (len(series) - 1) / 2), style(one, series, sheet)))
        axes.set_yticks(range(len(names)), heads, fontsize=9)
        axes.set_ylim(len(names) - 0.5, -0.5)
        axes.tick_params(axis="y", length=0)
        if x_range is not None:
            axes.set_xlim(x_range)
        shown = handles if len(series) > 1 else handles[: len(marks)]
        legend(figure, shown, None if interval is None else f"bars: {interval}")
    return figure


def _points(axes: Any, one: Series, aside: float, look_of: tuple[str, str]) -> Any:
    """Markers with bars to the left and right."""
    return axes.errorbar(
        one.y,
        [place + aside for place in one.x],
        xerr=bars(one),
        color=look_of[0],
        marker=look_of[1],
        linestyle="none",
        elinewidth=1.1,
        label=one.label,
        zorder=3,
    )
