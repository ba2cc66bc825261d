"""Logarithmic axes whose ticks are plain words: powers with raised exponents, and never fewer than two."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes

RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
FEWEST = 2  # ticks with words: one alone shows no scale


def logarithmic(axes: Axes, which: str, base: float, places: Sequence[float]) -> None:
    """Make one axis logarithmic.

    Parameters
    ----------
    which : str
        "x" or "y".
    places : sequence of float
        What the axis shows: where fewer than two powers lie between, ticks stand at round numbers, or at the ends.
    """
    axis = axes.xaxis if which == "x" else axes.yaxis
    getattr(axes, f"set_{which}scale")("log", base=base, **({"nonpositive": "clip"} if which == "y" else {}))
    axis.set_major_formatter(lambda value, _: power(value, base))
    axis.set_minor_formatter(lambda *_: "")
    known = sorted({place for place in places if place > 0})
    if known and known[-1] > known[0] and _powers(known[0], known[-1], base) < FEWEST:
        chosen = _round_numbers(known[0], known[-1])
        chosen = chosen if len(chosen) >= FEWEST else [known[0], known[-1]]
        axis.set_ticks(chosen, [f"{place:.3g}" for place in chosen])


def _round_numbers(low: float, high: float) -> list[float]:
    """One, two, three and five times powers of ten between two numbers."""
    exponents = range(math.floor(math.log10(low)), math.floor(math.log10(high)) + 1)
    every = [first * 10.0**exponent for exponent in exponents for first in (1, 2, 3, 5)]
    return [number for number in every if low <= number <= high]


def power(value: float, base: float) -> str:
    """A tick's words: 2⁻⁵ for a power, a plain number elsewhere."""
    exponent = math.log(value, base)
    if abs(exponent - round(exponent)) > 1e-9:  # rounding of the logarithm of a power is far smaller
        return f"{value:.3g}"
    return f"{base:g}" + str(round(exponent)).translate(RAISED)


def _powers(low: float, high: float, base: float) -> int:
    """How many powers lie between two numbers, both included."""
    return math.floor(math.log(high, base) + 1e-9) - math.ceil(math.log(low, base) - 1e-9) + 1
