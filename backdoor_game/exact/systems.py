"""Exact solutions of sparse linear systems, close to approximate ones: sympy's elimination over the rationals."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

Row = dict[int, Fraction]
DENOMINATOR = 10**6


def exact_near(rows: Sequence[Row], right: Sequence[Fraction], near: Sequence[float]) -> list[Fraction] | None:
    """x with rows x = right, its free coordinates rounded from `near`; None where the system has no solution.

    Parameters
    ----------
    rows : sequence of {column: coefficient}
    right : sequence of Fraction
    near : sequence of float, one for each unknown
    """
    from sympy import QQ
    from sympy.polys.matrices import DomainMatrix

    k = len(near)
    entries: dict[int, dict[int, Any]] = {}
    for place, (row, value) in enumerate(zip(rows, right, strict=True)):
        whole = {**row, k: value} if value else row
        entries[place] = {column: QQ(v.numerator, v.denominator) for column, v in whole.items() if v}
    reduced, pivots = DomainMatrix({i: row for i, row in entries.items() if row}, (len(rows), k + 1), QQ).rref()
    if k in pivots:
        return None
    free = set(range(k)) - set(pivots)
    x = [Fraction(near[j]).limit_denominator(DENOMINATOR) if j in free else Fraction(0) for j in range(k)]
    solved = reduced.to_dod()
    for place, pivot in enumerate(pivots):
        row = {column: Fraction(int(v.numerator), int(v.denominator)) for column, v in solved[place].items()}
        x[pivot] = row.get(k, Fraction(0)) - sum(v * x[j] for j, v in row.items() if j in free)
    return x
