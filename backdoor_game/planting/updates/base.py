"""The contract of an update: the user's own training of a model that somebody else has made."""

from __future__ import annotations

import abc
from typing import Any, ClassVar, Self

import numpy as np

from ...functions import Function, FunctionClass
from ...functions.base import Labels
from ...ground.errors import MissingCapability
from ...ground.spec import Configured, text
from ...spaces.domains import Points


class Update(Configured, abc.ABC):
    """Writes `updated`; who defends in `Persistence`.

    Attributes
    ----------
    threshold : float
        What `estimate` compares a round's result with: 1 where the backdoor is dead and the model still good, else 0.
    """

    threshold: ClassVar[float] = 0.5

    def prepare(self, functions: FunctionClass) -> Self:
        """This update with every None filled for models of a class.

        Raises
        ------
        MissingCapability, InvalidArgument
            Where it cannot train such models, in one sentence.
        """
        return self

    @abc.abstractmethod
    def updated(self, model: Function, X: Points, y: Labels, rng: np.random.Generator) -> Function:
        """The model after training on the user's own examples X (m, d), y (m,) of 0 and 1.

        It knows neither the key nor whether there is a backdoor, and may return a member of a wider class.
        """


def refuse_others(update: Update, functions: Any, kind: type[FunctionClass]) -> None:
    """Refuse models of another kind than the update trains."""
    if not isinstance(functions, kind):
        told = text(functions)[:200] if isinstance(functions, Configured) else repr(functions)[:200]
        raise MissingCapability(f"{type(update).__name__} trains {kind.__name__}, got {told}")
