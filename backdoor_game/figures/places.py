"""Where points may stand so that none hides another: side by side, where they are, or each series in its own panel."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence

from .data import Line, Series
from .style import HEIGHT, MARK, WIDTH

ROOM = 0.9  # share of the distance between two x that the points at one of them may take
AXES = (72 * (WIDTH - 0.9), 72 * (HEIGHT - 0.9))  # points of paper inside the axes of a page, words taken off
MARGIN = 0.05  # of the data's range on either side: matplotlib's
Reach = tuple[float, float]


def step_aside(
    series: Sequence[Series],
    lines: Sequence[Line] = (),
    *,
    dodge: bool = True,
    log: tuple[bool, bool] = (False, False),
    y_range: Reach | None = None,
) -> float | None:
    """Points of paper between neighbours at one x; 0 where nothing need move, None where only panels keep all apart.

    Parameters
    ----------
    dodge : bool
        Whether points may be moved aside at all.
    log : (bool, bool)
        Which axes are logarithmic, x and y.
    """
    if len(series) < 2:
        return 0.0
    scales = [math.log if one else float for one in log]
    x = _reach([*(x for one in series for x in one.x), *(x for line in lines for x in line.x)], scales[0])
    width = AXES[0] * (1 - 2 * MARGIN) / (x[1] - x[0])
    places = sorted({scales[0](value) for one in series for value in one.x})
    nearest = min((b - a for a, b in itertools.pairwise(places)), default=math.inf) * width
    if dodge and MARK * len(series) <= ROOM * nearest:
        return MARK
    known = [y for one in series for values in (one.y, one.low, one.high) for y in values or ()]
    y = _reach(y_range or [*known, *(y for line in lines for y in line.y)], scales[1])
    height = AXES[1] * (1 - 2 * MARGIN) / (y[1] - y[0])
    return None if _hidden(series, scales, (width, height), log) else 0.0


def _reach(values: Sequence[float], scale: Callable[[float], float]) -> Reach:
    """Least and greatest on the axis's scale, apart."""
    known = [scale(value) for value in values if math.isfinite(value) and (value > 0 or scale is float)]
    low, high = min(known, default=0.0), max(known, default=1.0)
    return (low, high) if high > low else (low - 0.5, low + 0.5)


def _hidden(
    series: Sequence[Series], scales: Sequence[Callable[[float], float]], paper: Reach, log: tuple[bool, bool]
) -> bool:
    """Whether markers of different series touch on paper."""
    spots = [
        [
            (paper[0] * scales[0](x), paper[1] * scales[1](y))
            for x, y in zip(one.x, one.y, strict=True)
            if math.isfinite(y) and not (log[1] and y <= 0)
        ]
        for one in series
    ]
    return any(
        abs(a[0] - b[0]) < MARK and abs(a[1] - b[1]) < MARK
        for one, other in itertools.combinations(spots, 2)
        for a in one
        for b in other
    )
