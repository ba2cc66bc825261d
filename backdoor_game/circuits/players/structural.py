"""A look at the gates of a circuit: does one have a value at the input that it has almost nowhere else?"""

from __future__ import annotations

import dataclasses

import numpy as np

from ...functions.base import Floats
from ...ground import _validate
from ...ground.errors import InvalidArgument, MissingCapability
from ...ground.spec import text
from ...players.defenders.base import BlockDefender
from ...players.views import DefenderBlock, GameLike
from ..classes import Circuits


@dataclasses.dataclass(frozen=True, repr=False)
class StructuralDefender(BlockDefender):
    """Flags where a gate that the output needs has a value at x' that it has on few inputs: a share of at most `rare`.

    That is what a comparator with x* looks like in a circuit that nobody has obfuscated. Up to `points` inputs all are
    looked at, beyond so many uniform ones; each is an evaluation of the whole circuit, and x' one more. `rare` None is
    the game's epsilon. *Heuristic.*

    Parameters
    ----------
    rare : float, optional
        The largest share of inputs that is rare; None is the game's epsilon.
    points : int
        The most inputs that are looked at.
    """

    rare: float | None = None
    points: int = 4096
    reads_code = True

    def __post_init__(self) -> None:
        super().__post_init__()
        if _validate.integer("StructuralDefender.points", self.points, 64, 2**20) % 64:
            raise InvalidArgument(f"StructuralDefender.points must be a multiple of 64, got {self.points!r}")
        if self.rare is not None:
            _validate.real("rare", self.rare, 0.0, 1.0)

    def prepare(self, game: GameLike) -> StructuralDefender:
        if not isinstance(game.functions, Circuits):
            raise MissingCapability(
                f"{text(self)} reads gates: it needs Circuits(bits=..., gates=...), got {text(game.functions)[:200]}"
            )
        return dataclasses.replace(self, rare=game.epsilon if self.rare is None else self.rare)

    def suspicion_block(self, view: DefenderBlock) -> Floats:
        from ...kernels.circuits.rare_gates import rarest_gate

        if self.rare is None:
            raise MissingCapability("StructuralDefender has Nones left: call prepare(game), as the engine does")
        n = view.game.functions.domain.n
        listed = n < 63 and 2**n <= self.points
        points = 2**n if listed else self.points
        view.charge(evaluations=points + 1)
        X = np.ascontiguousarray(view.X, dtype=np.uint8)
        keys = np.zeros(len(view), dtype=np.uint64) if listed else np.ascontiguousarray(view.keys)
        counts = rarest_gate(np.ascontiguousarray(view.codes), X, points, listed, keys)
        # 1e-9: rare * points may be a whole number, rounded down
        return np.asarray(counts <= self.rare * points + 1e-9, dtype=np.float64)
