"""The reveal of what the attacker read while it chose f, and of what it chose."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import numpy.typing as npt

from ...functions import FunctionClass
from ...functions.base import Booleans, Codes
from ...players.views import DefenderBlock, sealed
from .base import AttackerRun, Reveal, Trace


@dataclasses.dataclass(frozen=True, repr=False)
class AttackerTranscript(Reveal):
    """The attacker's run up to where the branches part: its view while it chose f, and its choice.

    The trace of a round is a tuple of entries in the order in which they happened: ``("offered", X)`` for triggers
    that it saw before f, ``("evaluated", code, X, labels)`` and ``("satisfies", X, answers)`` for what it asked, and at
    last ``("chose", code)``. What comes after, the trigger of a game that draws it late and the plant, happens in the
    planted branch alone and is not shown.
    """

    def trace_block(self, run: AttackerRun) -> Trace:
        trace = np.empty(len(run.codes), dtype=object)
        for r, code in enumerate(run.codes):  # not the row of an array in which those of other rounds stand
            trace[r] = (*run.asked[r], ("chose", sealed(code)))
        return trace

    def contradicts(self, view: DefenderBlock, attacker: Any) -> Booleans:
        """Where f' is not what was chosen."""
        assert view.trace is not None
        chose = np.stack([entries[-1][1] for entries in view.trace])
        return np.asarray((chose != view.codes).any(axis=1))

    def symbols(self, functions: FunctionClass, codes: Codes) -> npt.NDArray[np.int64]:
        """Each f's own number: what else is shown adds nothing to all of f."""
        return np.unique(codes, axis=0, return_inverse=True)[1].ravel().astype(np.int64)

    def traces(self, functions: FunctionClass, codes: Codes) -> None:
        return None  # what it was offered and what it asked stand there too
