"""The contract of a predicate: a yes or no of each point, which costs evaluations to ask."""

from __future__ import annotations

import abc

from ...functions.base import Booleans
from ...ground import _validate
from ...ground.spec import Configured
from ...spaces.domains import Domain, Points


class Predicate(Configured, abc.ABC):
    """Writes `holds`; players ask through their view's `satisfies`, which charges `cost` evaluations a point.

    Attributes
    ----------
    cost : int
        Evaluations that one answer costs either player: a predicate that is expensive to check says so here, and the
        game's budgets of evaluations bound how often it is asked.
    """

    cost: int = 1

    def __post_init__(self) -> None:
        super().__post_init__()
        _validate.integer(f"{type(self).__name__}.cost", self.cost, 0)

    @abc.abstractmethod
    def holds(self, X: Points) -> Booleans:
        """Whether each of the points X (m, n) satisfies it, bool of shape (m,); a function of the point alone."""

    def check(self, domain: Domain) -> None:
        """Refuse, with an `InvalidArgument` in one sentence, a domain that the predicate says nothing of."""
