"""Measured points over theory lines: the package's main picture."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from .data import Line, Series
from .drawing import Frame, drawn

if TYPE_CHECKING:
    from matplotlib.figure import Figure


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
    sheet: Sequence[str] = (),
) -> Figure:
    """Points with interval bars for each series, theory dashed.

    Parameters
    ----------
    series : sequence of Series
        Each has a marker and a colour of its own. Points at one x stand side by side; where there is no room for that,
        and markers would hide each other, each series has a panel of its own under common scales.
    lines : sequence of Line
        Dashed; NaN breaks them.
    title, xlabel, ylabel : str
        With units or definitions. All words are drawn as they are typed.
    interval : str, optional
        What the bars are, such as ``"simultaneous 99% intervals"``: the legend says it.
    guessing : bool
        Draw the horizontal line at 1/2.
    log_x, log_y : float, optional
        The base of a logarithmic axis.
    y_range : (low, high), optional
    dodge : bool
        False keeps points at their x, for steep lines beside which a point moved aside would seem to lie.
    sheet : sequence of str
        The labels or keys of all series of an experiment: in each of its figures they take the same colours.

    Returns
    -------
    matplotlib.figure.Figure
        For `save`.
    """
    frame = Frame(
        title,
        xlabel,
        ylabel,
        interval,
        0.5 if guessing else None,
        log_x,
        log_y,
        y_range,
        dodge,
        tuple(sheet),
    )
    return drawn(series, lines, [one.label for one in series], frame)
