"""The contract of a forger: it has seen activated inputs, and turns a fresh one into another."""

from __future__ import annotations

import abc
from typing import Any, ClassVar

import numpy as np

from ...functions.base import Floats
from ...ground.generators import take_seeds
from ...ground.spec import Configured
from ..views import ForgerView


class Forger(Configured, abc.ABC):
    """Writes `forge`.

    Attributes
    ----------
    reads_code : bool
        Whether it reads `view.f.code`; then it is refused where the game is a black box.
    """

    reads_code: ClassVar[bool] = False
    threshold: ClassVar[float] = 0.5  # of what `Replication` counts, 1 for a forgery and 0 for none

    def __init_subclass__(cls, **given: Any) -> None:
        super().__init_subclass__(**given)
        take_seeds(cls)

    def prepare(self, game: Any) -> Forger:
        """This forger with every None filled for the game, called once before the first round.

        Raises
        ------
        MissingCapability, InvalidArgument
            Where it cannot play that game, in one sentence.
        """
        return self

    @abc.abstractmethod
    def forge(self, view: ForgerView, rng: np.random.Generator) -> Floats:
        """An input (d,), float64 and finite, that is hoped to fire and to count by the backdoor's rule.

        Parameters
        ----------
        view : ForgerView
            `x`, nature's fresh input; `seen`, activated inputs with answers; `f`, the model, whose calls are charged.
        rng : numpy Generator
            Keyed with this try; valid for this call alone.
        """
