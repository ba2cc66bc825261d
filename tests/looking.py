"""What a reader would see in a figure: markers under others, words on words, words cut off, legends on data."""

from __future__ import annotations

import itertools
import math

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text

TOUCH = 1.0  # pixels that two boxes may share: rounding of their edges
HIDDEN = 0.25  # of a marker's side that another series may cover


def faults(figure):
    """All that is wrong, a sentence each."""
    FigureCanvasAgg(figure).draw()
    return [*hidden_markers(figure), *words_cut_off(figure), *words_on_words(figure), *legends_on_data(figure)]


def panels(figure):
    """The axes that are shown."""
    return [axes for axes in figure.axes if axes.get_visible()]


def markers(axes):
    """(label, x, y) in pixels of each point, and the side of its marker."""
    found = []
    for container in axes.containers:
        line = container.lines[0]
        where = line.get_transform().transform(
            np.column_stack([line.get_xdata(orig=False), line.get_ydata(orig=False)])
        )
        side = line.get_markersize() * axes.figure.dpi / 72
        found += [(container.get_label(), x, y, side) for x, y in where if math.isfinite(x) and math.isfinite(y)]
    return found


def hidden_markers(figure):
    """Markers of one series under those of another."""
    for axes in panels(figure):
        for (one, x, y, side), (other, v, w, _) in itertools.combinations(markers(axes), 2):
            room = (1 - HIDDEN) * side
            if one != other and abs(x - v) < room and abs(y - w) < room:
                yield f"a marker of {one!r} and one of {other!r} lie on each other at ({x:.0f}, {y:.0f})"


def words(figure):
    """Texts that are drawn, with their boxes in pixels; turned ones are left out: their boxes hold empty corners."""
    ticks = set()
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            inside = {id(tick) for tick in axis._update_ticks()}
            for tick in [*axis.get_major_ticks(), *axis.get_minor_ticks()]:
                if id(tick) not in inside:
                    ticks |= {tick.label1, tick.label2}
    found = []
    for one in figure.findobj(Text):
        shown = one.get_text().strip() and one.get_visible() and one not in ticks
        if shown and all(axes.get_visible() for axes in [one.axes] if axes is not None):
            found.append((one, one.get_window_extent()))
    return found


def words_cut_off(figure):
    """Words that reach over the edge of the page."""
    for one, box in words(figure):
        if (
            box.x0 < -TOUCH
            or box.y0 < -TOUCH
            or box.x1 > figure.bbox.width + TOUCH
            or box.y1 > figure.bbox.height + TOUCH
        ):
            yield f"{one.get_text()!r} is cut off"


def words_on_words(figure):
    """Words that lie on other words."""
    straight = [(one, box) for one, box in words(figure) if one.get_rotation() % 90 == 0]
    for (one, box), (other, beside) in itertools.combinations(straight, 2):
        if shared(box, beside):
            yield f"{one.get_text()!r} lies on {other.get_text()!r}"


def legends_on_data(figure):
    """Legends that cover axes."""
    legends = [*figure.legends, *(axes.get_legend() for axes in panels(figure) if axes.get_legend())]
    for legend, axes in itertools.product(legends, panels(figure)):
        if shared(legend.get_window_extent(), axes.get_window_extent()):
            yield "a legend covers data"


def shared(box, other):
    """Whether two boxes have more in common than their edges."""
    across = min(box.x1, other.x1) - max(box.x0, other.x0)
    return across > TOUCH and min(box.y1, other.y1) - max(box.y0, other.y0) > TOUCH
