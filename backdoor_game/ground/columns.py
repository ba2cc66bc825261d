"""Plain text tables: aligned columns for a terminal or a log."""

from __future__ import annotations

import math
import numbers
import re
from collections.abc import Sequence
from typing import Any

DIGITS = 4  # a win rate of 20,000 rounds is known to 0.01: more digits are noise
GAP = "  "
_NUMERAL = re.compile(r"-|[-+]?[\d.,/]+(e[-+]?\d+)?%?")


def aligned(header: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """Rows under a header and a rule, columns of numbers to the right with their decimal points in line.

    Parameters
    ----------
    header : sequence of str
    rows : sequence of sequences, each as long as `header`
        Floats show about four digits; None is a dash; bools are yes and no; anything else is shown as its text.

    Returns
    -------
    str
        Without a newline at its end.
    """
    columns = [list(column) for column in zip(*rows, strict=True)] if rows else [[] for _ in header]
    if len(columns) != len(header):
        raise ValueError(f"rows must be as long as the header's {len(header)} columns, got {len(columns)}")
    shown = [_padded(name, column) for name, column in zip(header, columns, strict=True)]
    lines = [GAP.join(cells).rstrip() for cells in zip(*shown, strict=True)]
    rule = GAP.join("-" * len(cells[0]) for cells in shown)
    return "\n".join([lines[0], rule, *lines[1:]])


def pairs(rows: Sequence[tuple[str, Any]]) -> str:
    """Names and values in two columns, one a line; values by the rules of `aligned`, each on its own."""
    width = max((len(name) for name, _ in rows), default=0)
    return "\n".join(f"{name:<{width}}{GAP}{_column([value])[0]}".rstrip() for name, value in rows)


def cells(column: Sequence[Any]) -> list[str]:
    """The texts of one column by the rules of `aligned`, without the blanks around them."""
    return _column(list(column))


def _padded(name: str, column: list[Any]) -> list[str]:
    cells = _column(column)
    width = max(map(len, [name, *cells]))
    right = any(cell != "-" for cell in cells) and all(_NUMERAL.fullmatch(cell) for cell in cells)
    return [cell.rjust(width) if right else cell.ljust(width) for cell in [name, *cells]]


def _is_number(value: Any) -> bool:
    return isinstance(value, numbers.Real) and not isinstance(value, bool)


def _column(column: list[Any]) -> list[str]:
    floats = [float(v) for v in column if _is_number(v) and not isinstance(v, numbers.Integral) and math.isfinite(v)]
    # beyond, zeros would be longer than digits: then all are written with an exponent
    plain = all(v == 0 or 1e-3 <= abs(v) < 1e6 for v in floats)
    decimals = max((_decimals(v) for v in floats), default=0) if plain else None
    return [_cell(value, decimals) for value in column]


def _decimals(value: float) -> int:
    """Decimals that `value` needs to show four digits, zeros at its end left out."""
    _, _, fraction = f"{value:.{DIGITS}g}".partition(".")
    return len(fraction) if "e" not in fraction else 0


def _cell(value: Any, decimals: int | None) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if not _is_number(value) or isinstance(value, numbers.Integral):
        return str(value)
    return f"{value:.{DIGITS}g}" if decimals is None or not math.isfinite(value) else f"{value:.{decimals}f}"
