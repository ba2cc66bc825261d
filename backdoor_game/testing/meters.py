"""Budgets that are a share of what a player uses."""

from __future__ import annotations

QUARTERS = 4
GOES_ON = "it goes on after the meter has refused: let BudgetExceeded pass"


def share(used: int, quarters: int) -> int | None:
    """So many quarters of what is used, rounded down: 4 are enough, and 5 are no budget at all."""
    return None if quarters > QUARTERS else used * quarters // QUARTERS
