"""Points with bars and theory lines on one pair of axes, or a panel for each series where points would hide others."""

from __future__ import annotations

import dataclasses
import itertools
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from .data import Line, Series
from .places import step_aside
from .scales import logarithmic
from .style import (
    COLOURS,
    DASHES,
    GREY,
    LETTER,
    MARKERS,
    SIDE_LETTER,
    SIDE_LETTERS,
    TITLE_LETTERS,
    WIDTH,
    canvas,
    entitled,
    legend,
    look,
    page,
)
from .words import cut, spelled, wrapped

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

IN_TWO = (2, 4)  # so many panels stand in two columns, others in three
PANEL, HEAD = 1.9, 0.6  # inches: a panel's height; the page's title and the x axis's words
TITLE_LINE, PANEL_LINE = 0.18, 0.16  # inches: each further line of those titles
PANEL_LETTERS = 110  # of a panel's title
GUESSING = "blind guessing, 1/2"


@dataclasses.dataclass(frozen=True)
class Frame:
    """All of a curve but its data: words, scales, ranges.

    Parameters
    ----------
    interval : str or None
        What the bars are.
    guessing : float or None
        Where the line of blind guessing lies.
    sheet : tuple of str
        Labels in the order of their colours and markers, all over an experiment; others come behind them.
    """

    title: str
    xlabel: str
    ylabel: str
    interval: str | None = None
    guessing: float | None = None
    log_x: float | None = None
    log_y: float | None = None
    y_range: tuple[float, float] | None = None
    dodge: bool = True
    sheet: tuple[str, ...] = ()


def drawn(series: Sequence[Series], lines: Sequence[Line], labels: Sequence[str], frame: Frame) -> Figure:
    """Everything on one pair of axes if no marker hides one of another series there, else a panel each."""
    words = [frame.title, frame.xlabel, frame.ylabel, frame.interval or "", *labels, *(line.label for line in lines)]
    log = (frame.log_x is not None, frame.log_y is not None)
    step = step_aside(series, lines, dodge=frame.dodge, log=log, y_range=frame.y_range)
    named = list(zip(series, labels, strict=True))
    with look(*words):
        return _panels(named, lines, frame) if step is None else _together(named, lines, frame, step)


def _together(named: Sequence[tuple[Series, str]], lines: Sequence[Line], frame: Frame, step: float) -> Figure:
    figure, axes = canvas(frame.title, frame.xlabel, frame.ylabel)
    series = [one for one, _ in named]
    _scale(axes, series, lines, frame)
    handles = [*_guess(axes, frame), *draw_lines(axes, lines, series, frame.sheet)]
    for i, (one, label) in enumerate(named):
        aside = step * (i - (len(named) - 1) / 2)
        handles.append(draw_points(figure, axes, one, label, style(one, series, frame.sheet), aside))
    _fit(axes, series, frame)
    beside = "; points at one x stand side by side" if step and len(named) > 1 else ""
    legend(figure, handles, None if frame.interval is None else f"bars: {frame.interval}{beside}")
    return figure


def _panels(named: Sequence[tuple[Series, str]], lines: Sequence[Line], frame: Frame) -> Figure:
    """A panel each under common scales, in the order of the series; a line of one series is in its panel alone."""
    columns, series = 2 if len(named) in IN_TWO else 3, [one for one, _ in named]
    rows = -(-len(named) // columns)
    inches = int(WIDTH / columns / LETTER) - 8  # letters of a panel's title
    heads = [wrapped(cut(spelled(label), PANEL_LETTERS), inches) for _, label in named]
    title = wrapped(spelled(frame.title), TITLE_LETTERS)
    height = PANEL + PANEL_LINE * max(head.count("\n") for head in heads)
    figure = page(HEAD + TITLE_LINE * title.count("\n") + rows * height)
    places = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False).ravel().tolist()
    handles: list[Any] = []
    for place, (one, label), head in zip(places, named, heads, strict=False):
        _scale(place, series, lines, frame)
        mine = [line for line in lines if line.like in (None, one.label)]
        handles += [*_guess(place, frame), *draw_lines(place, mine, series, frame.sheet, lines)]
        draw_points(figure, place, one, label, style(one, series, frame.sheet), 0.0)
        _fit(place, series, frame)
        place.set_title(head, loc="left", fontsize=9)
    for place in places[len(named) :]:
        place.set_visible(False)
    for place in places[max(0, len(named) - columns) : len(named)]:
        place.tick_params(labelbottom=True)
    entitled(figure, frame.title)
    letters = min(SIDE_LETTERS, int(rows * PANEL / SIDE_LETTER))
    figure.supylabel(wrapped(spelled(frame.ylabel), letters), fontsize=10.5)
    said = f"bars: {frame.interval}; one panel a series"
    legend(figure, handles, None if frame.interval is None else said, xlabel=frame.xlabel)
    return figure


def style(one: Series, series: Sequence[Series], sheet: Sequence[str]) -> tuple[str, str]:
    """A series' colour and marker: by its place on the sheet, whatever else this figure shows."""
    names = list(dict.fromkeys([*sheet, *(each.key or each.label for each in series)]))
    place = names.index(one.key or one.label)
    return COLOURS[place % len(COLOURS)], MARKERS[place % len(MARKERS)]


def draw_lines(
    axes: Axes,
    lines: Sequence[Line],
    series: Sequence[Series],
    sheet: Sequence[str] = (),
    every: Sequence[Line] | None = None,
) -> list[Any]:
    """Dashed theory lines, in the colour of the series that they belong to or grey with a dash pattern each.

    One that says nothing anywhere, vacuous at every point, has no place in the legend either.
    """
    colours = {one.label: style(one, series, sheet)[0] for one in series}
    dashes = {id(line): DASHES[i % len(DASHES)] for i, line in enumerate(lines if every is None else every)}
    return [
        axes.plot(
            line.x,
            line.y,
            color=colours.get(line.like or "", GREY),
            linestyle=dashes[id(line)],
            label=line.label,
            zorder=2.5,
        )[0]
        for line in lines
        if any(math.isfinite(a) and math.isfinite(b) for a, b in itertools.pairwise(line.y))
    ]


def draw_points(figure: Figure, axes: Axes, one: Series, label: str, look_of: tuple[str, str], aside: float) -> Any:
    """Markers with bars, moved sideways by so many points of paper; the data stay what they are."""
    from matplotlib.transforms import ScaledTranslation

    return axes.errorbar(
        one.x,
        one.y,
        yerr=bars(one),
        color=look_of[0],
        marker=look_of[1],
        linestyle="none",
        elinewidth=1.1,
        label=label,
        transform=axes.transData + ScaledTranslation(aside / 72, 0, figure.dpi_scale_trans),
        zorder=3,
    )


def bars(one: Series) -> Any:
    """How far a series' intervals reach below and above its points, for `errorbar`."""
    if one.low is None or one.high is None:
        return None
    below = [max(y - low, 0.0) for y, low in zip(one.y, one.low, strict=True)]
    above = [max(high - y, 0.0) for y, high in zip(one.y, one.high, strict=True)]
    return [below, above]


def _scale(axes: Axes, series: Sequence[Series], lines: Sequence[Line], frame: Frame) -> None:
    """Logarithmic axes, and their ticks."""
    if frame.log_x:
        logarithmic(axes, "x", frame.log_x, _x(series, lines))
    if frame.log_y:
        heights = [y for one in series for values in (one.y, one.low, one.high) for y in values or ()]
        heights += [y for line in lines for y in line.y]
        logarithmic(axes, "y", frame.log_y, [y for y in heights if math.isfinite(y)])


def _x(series: Sequence[Series], lines: Sequence[Line]) -> list[float]:
    every = [*(x for one in series for x in one.x), *(x for line in lines for x in line.x)]
    return [x for x in every if math.isfinite(x)]


def _guess(axes: Axes, frame: Frame) -> list[Any]:
    if frame.guessing is None:
        return []
    return [axes.axhline(frame.guessing, color="#888888", linestyle=(0, (1, 1.5)), linewidth=1.2, label=GUESSING)]


def _fit(axes: Axes, series: Sequence[Series], frame: Frame) -> None:
    """Tell the axes of all points and bars, since matplotlib looks past artists that were moved."""
    corners = [
        (x, y)
        for one in series
        for y_values in (one.y, one.low, one.high)
        if y_values is not None
        for x, y in zip(one.x, y_values, strict=True)
    ]
    if frame.log_y:
        corners = [(x, y) for x, y in corners if y > 0]
    if corners:
        axes.update_datalim(corners)
        axes.autoscale_view()
    if frame.y_range is not None:
        axes.set_ylim(frame.y_range)
