"""A predicate: what a trigger must satisfy where the attacker may pick any that does, trigger="Satisfying(Mine())"."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from backdoor_game import Booleans, Points, Predicate


@dataclass(frozen=True)
class Mine(Predicate):
    """Holds where the first coordinate is a multiple of `step`.

    Parameters
    ----------
    step : int
        At least 1.
    cost : int
        Evaluations that an answer costs either player.
    """

    step: int = 2
    cost: int = 1

    # The contract. A predicate is a frozen dataclass of bool, int, float, str, None, tuples or such objects.
    # - `holds(X (m, n))` says of each point whether it satisfies it, bool (m,): a function of that point alone, without
    #   coins. X is of the domain's type, and read-only. m may be 0.
    # - Players ask through `view.satisfies(X)` and pay `cost` evaluations a point; the referee looks for free. What is
    #   hard to check says so there, and budgets bound how often it is asked.
    # - `check(domain)`, optional, refuses a domain that it says nothing of, with an `InvalidArgument` in one sentence.

    def holds(self, X: Points) -> Booleans:
        return np.asarray(X[:, 0] % self.step == 0)
