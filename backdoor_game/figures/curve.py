"""Measured points over theory lines: the package's main picture."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from .data import Line, Series
from .style import COLOURS, DASHES, GREY, MARKERS, WIDTH, canvas, legend, look

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

DODGE = 3.5  # points of paper between neighbours at one x
ROOM = 0.7  # share of the distance between two x that the points at one of them may take


def curve_figure(
    series: Sequence[Series],
    lines: Sequence[Line] = (),
    *,
    title: str,
    xlabel: str,
    ylabel: str = "win rate of the defender (probability)",
    interval: str | None = None,
    guessing: bool = False,
    log_x: float | None = None,
    log_y: float | None = None,
    y_range: tuple[float, float] | None = None,
    dodge: bool = True,
) -> Figure:
    """Points with interval bars for each series, theory dashed.

    Parameters
    ----------
    series : sequence of Series
        Each has a marker and a colour of its own; points at one x stand side by side, so that no bar hides another.
    lines : sequence of Line
        Dashed; NaN breaks them.
    title, xlabel, ylabel : str
        With units or definitions.
    interval : str, optional
        What the bars are, such as ``"simultaneous 99% intervals"``: the legend says it.
    guessing : bool
        Draw the horizontal line at 1/2.
    log_x, log_y : float, optional
        The base of a logarithmic axis.
    y_range : (low, high), optional
    dodge : bool
        False keeps points at their x, for steep lines beside which a point moved aside would seem to lie.

    Returns
    -------
    matplotlib.figure.Figure
        For `save`.
    """
    with look():
        figure, axes = canvas(title, xlabel, ylabel)
        if log_x:
            axes.set_xscale("log", base=log_x)
        if log_y:
            axes.set_yscale("log", base=log_y, nonpositive="clip")
        if guessing:
            axes.axhline(0.5, color="#888888", linestyle=(0, (1, 1.5)), linewidth=1.2, label="blind guessing, 1/2")
        draw_lines(axes, lines, series)
        draw_points(figure, axes, series, [one.label for one in series], dodge=dodge)
        if y_range is not None:
            axes.set_ylim(y_range)
        legend(figure, axes, legend_title(series if dodge else series[:1], interval))
    return figure


def legend_title(series: Sequence[Series], interval: str | None) -> str | None:
    """The sentence that says what a bar is."""
    if interval is None:
        return None
    beside = "; points at one x stand side by side" if len(series) > 1 else ""
    return f"bars: {interval}{beside}"


def draw_lines(axes: Axes, lines: Sequence[Line], series: Sequence[Series]) -> None:
    """Dashed theory lines, in the colour of the series that they belong to or grey with a dash pattern each."""
    colours = {one.label: COLOURS[i % len(COLOURS)] for i, one in enumerate(series)}
    for i, line in enumerate(lines):
        colour = colours.get(line.like or "", GREY)
        axes.plot(line.x, line.y, color=colour, linestyle=DASHES[i % len(DASHES)], label=line.label, zorder=2.5)


def draw_points(
    figure: Figure, axes: Axes, series: Sequence[Series], labels: Sequence[str], *, dodge: bool = True
) -> None:
    """Markers with bars, each series moved sideways by a few points of paper; the data stay what they are."""
    from matplotlib.transforms import ScaledTranslation

    _make_room(axes, series)
    step = min(DODGE, ROOM * _nearest(axes, series) * WIDTH * 72 / max(len(series), 1))
    for i, (one, label) in enumerate(zip(series, labels, strict=True)):
        aside = step * (i - (len(series) - 1) / 2) / 72 if dodge else 0.0
        axes.errorbar(
            one.x,
            one.y,
            yerr=_bars(one),
            color=COLOURS[i % len(COLOURS)],
            marker=MARKERS[i % len(MARKERS)],
            linestyle="none",
            elinewidth=1.1,
            label=label,
            transform=axes.transData + ScaledTranslation(aside, 0, figure.dpi_scale_trans),
            zorder=3,
        )


def _make_room(axes: Axes, series: Sequence[Series]) -> None:
    """Tell the axes of all points and bars, since matplotlib looks past artists that were moved."""
    corners = [
        (x, y)
        for one in series
        for y_values in (one.y, one.low, one.high)
        if y_values is not None
        for x, y in zip(one.x, y_values, strict=True)
    ]
    if axes.get_yscale() == "log":
        corners = [(x, y) for x, y in corners if y > 0]
    if corners:
        axes.update_datalim(corners)
        axes.autoscale_view()


def _nearest(axes: Axes, series: Sequence[Series]) -> float:
    """Smallest distance of two different x, as a share of the axis."""
    places = sorted({x for one in series for x in one.x})
    if len(places) < 2:
        return 1.0
    scale = axes.xaxis.get_transform().transform(np.asarray(places))
    low, high = axes.xaxis.get_transform().transform(np.asarray(axes.get_xlim()))
    return float(np.diff(scale).min() / (high - low))


def _bars(one: Series) -> Any:
    if one.low is None or one.high is None:
        return None
    below = [max(y - low, 0.0) for y, low in zip(one.y, one.low, strict=True)]
    above = [max(high - y, 0.0) for y, high in zip(one.y, one.high, strict=True)]
    return [below, above]
