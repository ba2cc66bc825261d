"""A quantity over two parameters, as colours that stay ordered in grey print."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from ..ground.errors import InvalidArgument
from .data import Line
from .style import SIDE_LETTERS, canvas, legend, look
from .words import spelled, wrapped

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.collections import QuadMesh
    from matplotlib.figure import Figure

PRINTED_CELLS = 150  # in more cells the numbers could not be read
Floats = npt.NDArray[np.float64]


def heat_map(
    x: Sequence[float],
    y: Sequence[float],
    values: npt.ArrayLike,
    *,
    title: str,
    xlabel: str = "d, VC dimension of the class",
    ylabel: str = "ε, largest legal distance (probability)",
    colour_label: str = "win rate of the defender (probability)",
    line: Line | None = None,
    base: float | None = 2,
    colour_range: tuple[float, float] = (0.5, 1.0),
) -> Figure:
    """Cells coloured by value, the numbers printed in them where there are few, a dashed curve on top.

    Parameters
    ----------
    x, y : sequence of float
        Increasing; the middles of the cells.
    values : array, shape (len(y), len(x))
        NaN leaves a cell blank.
    line : Line, optional
        By default epsilon = 1/d, that is y = 1/x.
    base : float, optional
        Of both logarithmic axes; None for linear ones.
    colour_range : (low, high)
        Values outside it take the colour at its end, and the colour bar shows that with an arrow.
    """
    grid = np.asarray(values, np.float64)
    if grid.shape != (len(y), len(x)):
        raise InvalidArgument(f"values must have shape ({len(y)}, {len(x)}), got {grid.shape}")
    edges_x, edges_y = _edges("x", x, base), _edges("y", y, base)
    with look(title, xlabel, ylabel, colour_label, "" if line is None else line.label):
        figure, axes = canvas(title, xlabel, ylabel)
        axes.grid(False)
        mesh = axes.pcolormesh(
            edges_x, edges_y, np.ma.masked_invalid(grid), cmap="cividis", vmin=colour_range[0], vmax=colour_range[1]
        )
        _scales(axes, x, y, base)
        figure.colorbar(
            mesh, ax=axes, label=wrapped(spelled(colour_label), SIDE_LETTERS), extend=extend(grid, colour_range)
        )
        if grid.size <= PRINTED_CELLS:
            _print_values(axes, mesh, edges_x, edges_y, grid)
        boundary = _boundary(axes, line or _one_over(edges_x))
        axes.set_xlim(edges_x[0], edges_x[-1])
        axes.set_ylim(edges_y[0], edges_y[-1])
        legend(figure, boundary)
    return figure


def _edges(name: str, middles: Sequence[float], base: float | None) -> Floats:
    """Cell borders half-way between neighbours, on the axis's own scale."""
    place = np.asarray(middles, np.float64)
    if len(place) < 2 or (np.diff(place) <= 0).any() or (base is not None and place[0] <= 0):
        raise InvalidArgument(f"{name} must be increasing numbers, positive on a log axis, got {middles!r}")
    place = np.log(place) if base is not None else place
    half = (place[1:] + place[:-1]) / 2
    edges = np.concatenate([[2 * place[0] - half[0]], half, [2 * place[-1] - half[-1]]])
    return np.exp(edges) if base is not None else edges


def _one_over(edges: Floats) -> Line:
    x = np.geomspace(max(edges[0], 1e-9), edges[-1], 200)
    return Line("ε = 1/d", x.tolist(), (1 / x).tolist())


def _scales(axes: Axes, x: Sequence[float], y: Sequence[float], base: float | None) -> None:
    """Ticks at the cells' middles, as long as they can be read."""
    if base is not None:
        axes.set_xscale("log", base=base)
        axes.set_yscale("log", base=base)
    for axis, places in ((axes.xaxis, x), (axes.yaxis, y)):
        if len(places) <= 16:
            axis.set_ticks(list(places), [_name(place) for place in places])
            axis.set_ticks([], minor=True)


def _name(value: float) -> str:
    """A tick's text: whole numbers and unit fractions as such."""
    if value > 0 and value < 1 and math.isclose(1 / value, round(1 / value), rel_tol=1e-9) and round(1 / value) <= 9999:
        return f"1/{round(1 / value)}"
    return f"{value:.3g}"


def extend(grid: Floats, bounds: tuple[float, float]) -> Any:
    """Which ends of a colour bar have an arrow, since some values lie beyond them."""
    known = grid[np.isfinite(grid)]
    below, above = bool((known < bounds[0]).any()), bool((known > bounds[1]).any())
    return {(False, False): "neither", (True, False): "min", (False, True): "max", (True, True): "both"}[below, above]


def _print_values(axes: Axes, mesh: QuadMesh, left: Floats, bottom: Floats, grid: Floats) -> None:
    """Two decimals in each cell's lower left, off the curve; black on light colours and white on dark ones."""
    for j, i in zip(*np.nonzero(np.isfinite(grid)), strict=True):
        place, colour = (float(left[i]), float(bottom[j])), ink(mesh, grid[j, i])
        number = f"{grid[j, i]:.2f}"
        axes.annotate(number, place, xytext=(3, 2.5), textcoords="offset points", fontsize=7.5, color=colour)


def ink(mesh: QuadMesh, value: float) -> str:
    """Black on a light colour and white on a dark one."""
    red, green, blue = mesh.to_rgba(np.array([value]))[0, :3]
    # luma of Rec. 601; on the colours between both inks can be read
    return "black" if 0.299 * red + 0.587 * green + 0.114 * blue > 0.48 else "white"


def _boundary(axes: Axes, line: Line) -> list[Any]:
    """The dashed curve, black on a white band: visible on every colour of the map."""
    axes.plot(line.x, line.y, color="white", linewidth=3.6, alpha=0.85)
    return list(axes.plot(line.x, line.y, color="black", linestyle=(0, (5, 2)), linewidth=1.8, label=line.label))
