"""Meters that note what they refuse, and games whose budgets are a share of what a player uses."""

from __future__ import annotations

from ..errors import BudgetExceeded
from ..views import Meter

QUARTERS = 4


class Noting(Meter):
    """A meter of one round that remembers whether it has refused anything."""

    def __init__(
        self, *, examples: int | None = None, evaluations: int | None = None, queries: int | None = None
    ) -> None:
        super().__init__(1, examples=examples, evaluations=evaluations, queries=queries)
        self.refused = False

    def charge(self, rows: slice | int, *, examples: int = 0, evaluations: int = 0, queries: int = 0) -> None:
        try:
            super().charge(rows, examples=examples, evaluations=evaluations, queries=queries)
        except BudgetExceeded:
            self.refused = True
            raise


def share(used: int, quarters: int) -> int | None:
    """So many quarters of what is used, rounded down: 4 are enough, and 5 are no budget at all."""
    return None if quarters > QUARTERS else used * quarters // QUARTERS
