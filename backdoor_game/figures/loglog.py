"""Loss against epsilon on logarithmic axes, where a power law is a straight line."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from ..ground.statistics import loglog_slope
from .data import Line, Series
from .drawing import Frame, drawn

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def loglog_figure(
    series: Sequence[Series],
    slopes: Sequence[float] = (),
    *,
    title: str,
    xlabel: str = "ε, the largest legal distance of f and f* (probability)",
    ylabel: str = "loss, 1 − win rate (probability)",
    interval: str | None = None,
    lines: Sequence[Line] = (),
    base: float = 2,
    sheet: Sequence[str] = (),
) -> Figure:
    """Series with their fitted slopes in the legend, and reference slopes dashed.

    Parameters
    ----------
    series : sequence of Series
        Positive x and y; the slope is fitted by least squares to the logarithms.
    slopes : sequence of float
        Each is drawn through the middle of the series whose fitted slope is closest.
    title, xlabel, ylabel, interval, sheet
        As for `curve_figure`.
    lines : sequence of Line
        Further theory, dashed.
    base : float
        Of the x axis; the y axis has base 10.
    """
    fitted = [loglog_slope(one.x, one.y) for one in series]
    references = [_reference(slope, series, fitted) for slope in slopes] if series else []
    labels = [f"{one.label}: fitted slope {slope:.2f}" for one, slope in zip(series, fitted, strict=True)]
    frame = Frame(title, xlabel, ylabel, interval, log_x=base, log_y=10, sheet=tuple(sheet))
    return drawn(series, [*references, *lines], labels, frame)


def _reference(slope: float, series: Sequence[Series], fitted: Sequence[float]) -> Line:
    """A straight line of this slope through the geometric middle of the series that comes closest to it."""
    closest = min(range(len(series)), key=lambda i: abs(fitted[i] - slope))
    one = series[closest]
    middle = sum(map(math.log, one.x)) / len(one.x)
    height = sum(map(math.log, one.y)) / len(one.y)
    ends = (min(one.x), max(one.x))
    name = str(Fraction(slope).limit_denominator(12))
    heights = [math.exp(height + slope * (math.log(x) - middle)) for x in ends]
    return Line(f"slope {name}", ends, heights, like=one.label)
