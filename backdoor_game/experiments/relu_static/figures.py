"""Figures of relu-static: advantage against theta, the top eigenvalue, and success against activation."""

from __future__ import annotations

import numpy as np

from ... import bounds, figures
from ..shared.advantages import FAMILY_ERROR, Judged
from .measures import Spectrum, Success

Panels = dict[tuple[int, float], list[Judged]]
ERRORS = "two standard errors"


def draw(
    size: tuple[int, int], panels: Panels, tops: list[Spectrum], found: list[Success], folder: str
) -> tuple[str, ...]:
    """All figures of a run, saved; the paths."""
    sizes = dict.fromkeys((one.d, one.m) for one in found)
    saved = [path for k in dict.fromkeys(k for k, _ in panels) for path in _advantage(size, k, panels, folder)]
    saved += _eigenvalue(size, tops, folder)
    saved += [path for chosen in sizes for path in _success(chosen, found, folder)]
    return tuple(saved)


def _advantage(size: tuple[int, int], k: int, panels: Panels, folder: str) -> tuple[str, ...]:
    d, m = size
    bbp = bounds.bbp_threshold(d, m)
    told = {ratio * bbp: found for (key, ratio), found in panels.items() if key == k}
    series = []
    for place, one in enumerate(next(iter(told.values()))):
        mine = [found[place] for found in told.values()]
        ends = [found.interval for found in mine]
        name = one.detector.partition("(")[0]
        advantages, low, high = [found.advantage for found in mine], [e[0] for e in ends], [e[1] for e in ends]
        series.append(figures.Series(name, list(told), advantages, low, high))
    diagonal = bounds.diagonal_threshold(k, d, m)
    lines = [
        figures.Line("BBP, √(d/m)", [bbp, bbp], [-0.1, 1.0]),
        figures.Line("diagonal, 2k√(ln d/m)", [diagonal, diagonal], [-0.1, 1.0]),
    ]
    figure = figures.curve_figure(
        series,
        lines,
        title=f"Static detection of a spike on {k} of {d} coordinates, m = {m}",
        xlabel="θ, the spike of the features' covariance I + θ s sᵀ",
        ylabel="advantage, detected − alarms (rates)",
        interval=f"simultaneous {1 - FAMILY_ERROR:.0%} Clopper-Pearson",
        log_x=2,
        y_range=(-0.15, 1.05),
    )
    return figures.save(figure, folder, f"relu-static-advantage-{k}")


def _eigenvalue(size: tuple[int, int], tops: list[Spectrum], folder: str) -> tuple[str, ...]:
    d, m = size
    bbp = bounds.bbp_threshold(d, m)
    at, grid = [top.theta for top in tops], np.linspace(0.8 * bbp, 1.05 * tops[-1].theta, 200)
    values, spread = [top.eigenvalue for top in tops], [2 * top.eigenvalue_error for top in tops]
    low, high = (np.array(values) - spread).tolist(), (np.array(values) + spread).tolist()
    formula = [bounds.spiked_eigenvalue(float(theta), d, m) for theta in grid]
    figure = figures.curve_figure(
        [figures.Series("measured", at, values, low, high)],
        [
            figures.Line("(1 + θ)(1 + d/(mθ)), the bulk's edge below BBP", grid.tolist(), formula, like="measured"),
            figures.Line("BBP, √(d/m)", [bbp, bbp], [min(low) - 0.02, max(high)]),
        ],
        title=f"Mean top eigenvalue, d = {d}, m = {m}, {tops[0].networks} networks",
        xlabel="θ, the spike of the features' covariance I + θ s sᵀ",
        ylabel="top eigenvalue",
        interval=ERRORS,
    )
    return figures.save(figure, folder, "relu-static-eigenvalue")


def _success(size: tuple[int, int], found: list[Success], folder: str) -> tuple[str, ...]:
    (d, m), series, lines = size, [], []
    here = [one for one in found if (one.d, one.m) == size]
    grid = np.linspace(0, 1.1 * max(one.a for one in here), 100)
    for ratio, p in dict.fromkeys((one.ratio, one.p) for one in here):
        mine = [one for one in here if (one.ratio, one.p) == (ratio, p)]
        label = f"θ = {ratio:g} BBP, p = {p:g}"
        values, spread = np.array([one.success for one in mine]), 2 * np.array([one.success_error for one in mine])
        ends = (values - spread).tolist(), (values + spread).tolist()
        series.append(figures.Series(label, [one.a for one in mine], values.tolist(), *ends))
        formula = [bounds.relu_success(m, d, mine[0].theta, float(a), p) for a in grid]
        lines.append(figures.Line(f"closed form, {label}", grid.tolist(), formula, like=label))
    figure = figures.curve_figure(
        series,
        lines,
        title=f"Answers +1 on activated inputs, d = {d}, m = {m}, {here[0].networks} networks",
        xlabel="a, how much of an activated input is the key",
        ylabel="share of answers +1",
        interval=ERRORS,
        y_range=(0, 1.02),
        dodge=False,
    )
    return figures.save(figure, folder, f"relu-static-success-{d}")
