"""Pictures on axes that somebody else has, or on those of a new figure that no window shows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..ground._matplotlib import styles
from ..ground.errors import InvalidArgument
from .data import Line, Series
from .style import COLOURS, DASHES, GREY, HEIGHT, MARKERS, WIDTH, look
from .words import cut, spelled

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Points = Sequence[tuple[float, float]]
GUESSING = "#888888"
NAME_LETTERS = 48  # of a name beside the axes: about half of the page


def given_or_new(ax: Axes | None) -> Axes:
    """The axes themselves, or those of a new figure, which pyplot never hears of.

    Raises
    ------
    InvalidArgument
        For what is no matplotlib Axes.
    """
    styles()
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    if ax is not None:
        if not isinstance(ax, Axes):
            raise InvalidArgument(f"ax must be matplotlib Axes, as of plt.subplots()[1], got {repr(ax)[:200]}")
        return ax

    with look():
        return Figure(figsize=(WIDTH, HEIGHT), layout="constrained").add_subplot()


def roc_plot(
    corners: Points,
    area: float,
    ends: tuple[float, float] | None,
    threshold: tuple[float, float],
    level: float,
    ax: Axes | None = None,
) -> Axes:
    """Detection against false alarms, with the diagonal of guessing and the point where a threshold stands.

    Parameters
    ----------
    corners : sequence of (false-alarm rate, detection rate)
        From (0, 0) to (1, 1).
    area, ends
        The area under the curve, and its interval at `level`.
    threshold : (float, float)
        False-alarm rate and detection rate of the decisions that were made.
    ax : matplotlib Axes, optional
    """
    axes = given_or_new(ax)
    said = "" if ends is None else f" [{ends[0]:.3f}, {ends[1]:.3f}] at {100 * level:.4g}%"
    axes.plot([0, 1], [0, 1], color=GUESSING, linestyle=(0, (1, 1.5)), label="guessing")
    axes.plot(*zip(*corners, strict=True), color=COLOURS[0], label=f"ROC, area {area:.3f}{said}")
    axes.plot(*threshold, color=COLOURS[1], marker=MARKERS[1], linestyle="none", label="at the threshold")
    axes.set_xlabel("false-alarm rate, given a legal plant")
    axes.set_ylabel("detection rate, given a legal plant")
    axes.set_aspect("equal")
    axes.legend(loc="lower right")
    return axes


def curve_plot(series: Sequence[Series], lines: Sequence[Line], xlabel: str, ax: Axes | None = None) -> Axes:
    """Measured points with their bars, and theory dashed, as `curve_figure` draws them."""
    from .drawing import draw_lines, draw_points, style

    axes = given_or_new(ax)
    axes.axhline(0.5, color=GUESSING, linestyle=(0, (1, 1.5)), label="blind guessing, 1/2")
    draw_lines(axes, lines, series)
    figure = axes.get_figure(root=True)
    assert figure is not None  # the axes are in one
    for one in series:
        draw_points(figure, axes, one, spelled(one.label), style(one, series, ()), 0.0)
    axes.set_xlabel(spelled(xlabel), parse_math=False)
    axes.set_ylabel("win rate of the defender (probability)")
    for text in axes.legend().get_texts():
        text.set_parse_math(False)
    return axes


def rates_plot(
    names: Sequence[str],
    rates: Sequence[tuple[float, float, float]],
    ax: Axes | None = None,
    *,
    xlabel: str = "win rate of the defender (probability)",
    guessing: bool = True,
) -> Axes:
    """One row a name, the first on top: a point and its interval (value, low, high)."""
    axes = given_or_new(ax)
    if guessing:
        axes.axvline(0.5, color=GUESSING, linestyle=(0, (1, 1.5)), label="blind guessing, 1/2")
    places = range(len(names))
    values = [value for value, _, _ in rates]
    bars = [[max(0.0, value - low) for value, low, _ in rates], [max(0.0, high - value) for value, _, high in rates]]
    axes.errorbar(values, places, xerr=bars, color=COLOURS[0], marker=MARKERS[0], linestyle="none", ecolor=GREY)
    axes.set_yticks(places, [spelled(name) for name in names], parse_math=False)
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.set_xlabel(xlabel)
    return axes


def rates_figure(
    names: Sequence[str], rates: Sequence[tuple[float, float, float]], *, title: str, bars: str, blind: float | None
) -> Figure:
    """`rates_plot` on a page of its own, high enough for all names; `bars` says what the intervals are.

    Parameters
    ----------
    blind : float, optional
        What looking at nothing wins, as a line.
    """
    from .style import ROW, canvas, entitled, legend

    with look(*names, title, bars):
        figure, axes = canvas("", "", "")
        entitled(figure, title)
        rates_plot([cut(name, NAME_LETTERS) for name in names], rates, axes)
        if blind is not None:
            axes.axvline(blind, color=COLOURS[1], linestyle=DASHES[0], label=f"blind baseline, {blind:.4f}")
        legend(figure, axes.get_legend_handles_labels()[0], f"bars: {bars}")
        width, height = figure.get_size_inches()
        figure.set_size_inches(width, height + ROW * max(0, 1.5 * len(names) - 12))  # 12 rows of words fit
    return figure
