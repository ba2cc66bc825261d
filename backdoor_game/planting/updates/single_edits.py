"""Training by difference quotients: one parameter at a time."""

from __future__ import annotations

import dataclasses
from typing import ClassVar

from .gates import Edits


@dataclasses.dataclass(frozen=True, repr=False)
class SingleEdits(Edits):
    """Changes one random parameter of a gate network by any size, keeps what lowers the training errors.

    On `MajorityPersistence` with three copies no such change has an effect, so that nothing is ever kept. *Proved.*
    What it makes of other networks is measured. *Simulated.*

    Parameters
    ----------
    trials : int
        Changes that are tried, one after another.
    """

    weights: ClassVar[int] = 1
    trials: int = 1000
