"""A reveal: what of the attacker's run the defender is shown, the same in both branches of a round."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from backdoor_game import Attacker, AttackerRun, Booleans, Codes, DefenderBlock, FunctionClass, Reveal, Trace


@dataclass(frozen=True)
class Mine(Reveal):
    """The sum of the bytes of f's code modulo a number.

    Parameters
    ----------
    modulus : int
        At least 1.
    """

    modulus: int = 2

    # The contract. A reveal is a frozen dataclass of bool, int, float, str, None, tuples or such objects.
    # - `trace_block(run)` gives what `view.trace` shows of each round, an array whose first axis has length B. `run`
    #   has the `codes` (B, L) of the originals, the attacker's `coins` (B, 3) and what it `asked`: never f*, x* or the
    #   branch. Row r depends on row r alone; what stands in an entry cannot be written to.
    # - `contradicts(view, attacker)` says where the trace shows that f' is not the original, or was planted, bool (B,):
    #   never in a clean branch. `attacker` is the strategy where the defender knows it, else None.
    # - `symbols(functions, codes (F, L))` numbers what is shown of each original, for exact methods: equal exactly
    #   where traces are. None where f alone does not decide it.
    # - `nothing`, optional, says whether it shows nothing: the game is then the one without.

    def trace_block(self, run: AttackerRun) -> Trace:
        return self._sums(run.codes)

    def contradicts(self, view: DefenderBlock, attacker: Attacker | None) -> Booleans:
        return np.asarray(self._sums(view.codes) != view.trace)

    def symbols(self, functions: FunctionClass, codes: Codes) -> npt.NDArray[np.int64]:
        return self._sums(codes)

    def _sums(self, codes: Codes) -> npt.NDArray[np.int64]:
        shown = np.ascontiguousarray(codes).view(np.uint8).reshape(len(codes), -1)
        return np.asarray(shown.sum(axis=1, dtype=np.int64) % self.modulus)
