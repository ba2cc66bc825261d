"""Marks in tables for measured numbers beyond a proved bound: by chance within their interval, or against the claim."""

from __future__ import annotations

from collections.abc import Sequence

WITHIN = "~"
AGAINST = "!"


def marked(shown: str, value: float, low: float, high: float, bound: float, *, above: bool = False) -> str:
    """A measured number as a table shows it, marked where it lies on the side of its bound on which nothing may lie.

    Parameters
    ----------
    shown : str
        The number as text.
    value, low, high : float
        What was measured, and the ends of its interval.
    bound : float
    above : bool
        The bound is a lower one; by default nothing may lie over it.

    Returns
    -------
    str
        With ``~`` where the interval holds the bound, with ``!`` where it does not: there a verdict fails.
    """
    over = bound - value if above else value - bound
    if over <= 0:
        return shown
    return f"{shown} {WITHIN if low <= bound <= high else AGAINST}"


def said(title: str, rows: Sequence[tuple[str, ...]], *, above: bool = False) -> str:
    """A table's title, with what its marks mean where it has any."""
    side = "under" if above else "over"
    cells = [cell for row in rows for cell in row]
    marks = [f"{WITHIN} {side} the bound, within the interval"] if any(c.endswith(f" {WITHIN}") for c in cells) else []
    marks += (
        [f"{AGAINST} {side} the bound, beyond the interval"] if any(c.endswith(f" {AGAINST}") for c in cells) else []
    )
    return "; ".join([title, *marks])
