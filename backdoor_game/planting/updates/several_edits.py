"""Training by trial that changes several parameters at once."""

from __future__ import annotations

import dataclasses

from ...ground import _validate
from .gates import Edits


@dataclasses.dataclass(frozen=True, repr=False)
class SeveralEdits(Edits):
    """`SingleEdits` with several random parameters at once: two copies that fail together are enough. *Simulated.*

    Parameters
    ----------
    weights : int
        Parameters a change, at least 2.
    trials : int
        Changes that are tried, one after another.
    """

    weights: int = 8
    trials: int = 1000

    def __post_init__(self) -> None:
        super().__post_init__()
        _validate.integer("SeveralEdits.weights", self.weights, 2, 10**6)
