"""The contract of a reveal: a trace of the attacker's run, the same in both branches of a round."""

from __future__ import annotations

import abc
import dataclasses
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from ...functions import FunctionClass
from ...functions.base import Booleans, Codes
from ...ground.errors import ContractError
from ...ground.showing import fields
from ...ground.spec import Configured, text
from ...ground.streams import Words
from ...players.views import DefenderBlock

Trace = npt.NDArray[Any]


@dataclasses.dataclass(frozen=True, eq=False)
class AttackerRun:
    """What the attacker did in a block of B rounds.

    Attributes
    ----------
    functions : FunctionClass
    codes : ndarray, shape (B, L)
        The originals f.
    coins : ndarray of uint64, shape (B, 3)
        Its keys for choosing f, for picking the trigger and for planting.
    asked : tuple of B tuples
        What it read of each round while it chose f, in order: see `AttackerTranscript`.
    """

    functions: FunctionClass
    codes: Codes
    coins: Words
    asked: tuple[tuple[Any, ...], ...]

    __repr__ = fields


class Reveal(Configured, abc.ABC):
    """Writes `trace_block`, `contradicts` and, where exact methods are to know it, `symbols`.

    Attributes
    ----------
    needs_attacker : bool
        Whether `contradicts` can say nothing without the strategy.
    """

    needs_attacker: ClassVar[bool] = False

    @property
    def nothing(self) -> bool:
        """Whether it shows nothing: the game is then the one without."""
        return False

    @abc.abstractmethod
    def trace_block(self, run: AttackerRun) -> Trace:
        """What `view.trace` shows of each round, an array whose first axis has length B."""

    @abc.abstractmethod
    def contradicts(self, view: DefenderBlock, attacker: Any) -> Booleans:
        """Where the trace shows that f' is not the original, or was planted, bool (B,).

        Parameters
        ----------
        view : DefenderBlock
        attacker : Attacker or None
            The strategy whose run it is, made ready for the game, where the defender knows it.

        Raises
        ------
        MissingCapability
            Where the strategy is needed.
        """

    def symbols(self, functions: FunctionClass, codes: Codes) -> npt.NDArray[np.int64] | None:
        """Numbers (F,) of what is shown of each original; None where f alone does not decide it."""
        return None

    def traces(self, functions: FunctionClass, codes: Codes) -> Trace | None:
        """What `view.trace` shows where these are the originals (F, L), an entry for each; None where more decides it.

        By default `trace_block` of a run without coins and questions, where there are `symbols`.
        """
        if self.symbols(functions, codes) is None:
            return None
        coins = np.zeros((len(codes), 3), dtype=np.uint64)
        return self.trace_block(AttackerRun(functions, codes, coins, ((),) * len(codes)))


def traced(reveal: Reveal, run: AttackerRun) -> Trace:
    """What is shown of each round, held to its contract."""
    trace = reveal.trace_block(run)
    if not isinstance(trace, np.ndarray) or trace.shape[:1] != (len(run.codes),):
        got = f"shape {trace.shape}" if isinstance(trace, np.ndarray) else repr(type(trace).__name__)
        raise ContractError(
            f"{text(reveal)[:200]}: trace_block() must return an array whose first axis has length {len(run.codes)}, "
            f"an entry a round, got {got}"
        )
    return trace
