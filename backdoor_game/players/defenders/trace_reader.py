"""The defence where something of the attacker's run is revealed: compare it with what is shown."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np

from ...functions.base import Floats
from ...ground import _validate
from ...ground.errors import MissingCapability
from ...ground.lookup import made
from ...ground.spec import Configured, text
from ..views import DefenderBlock, GameLike
from .base import BlockDefender


@dataclasses.dataclass(frozen=True, repr=False)
class TraceReader(BlockDefender):
    """Flags iff the trace shows that f' is not the original. *Heuristic.*

    How a trace is read is the reveal's own knowledge: bits of the original are compared with those of f', a transcript
    ends with what was chosen, coins are tossed again. Under `AfterOriginal` and the other laws that settle the trigger
    after f there is no false alarm, and all of f revealed wins always.

    Parameters
    ----------
    attacker : Attacker, optional
        The strategy whose run is revealed, where the reader knows it: `Coins` say nothing without it.
    """

    attacker: Configured | None = None
    reads_code = True

    def __post_init__(self) -> None:
        if self.attacker is not None:
            example = "NearestLegal()"
            object.__setattr__(self, "attacker", made(self.attacker, Configured, "TraceReader.attacker", example))
        super().__post_init__()

    def prepare(self, game: GameLike) -> TraceReader:
        if game.reveal is None:
            raise MissingCapability(
                f"{text(self)[:200]} reads what the game reveals, and this one reveals nothing: give it "
                'reveal="Original(bits=4)" or the like'
            )
        attacker: Any = self.attacker
        if attacker is not None:
            _validate.instance("TraceReader.attacker", attacker, *game.attackers)
            attacker = attacker.prepare(game)
        if attacker is None and game.reveal.needs_attacker:
            raise MissingCapability(
                f"{text(self)[:200]} is told {game.reveal!r}, which says nothing without the strategy: name attacker"
            )
        return dataclasses.replace(self, attacker=attacker)

    def suspicion_block(self, view: DefenderBlock) -> Floats:
        return self.suspicion_probability(view)

    def suspicion_probability(self, view: DefenderBlock) -> Floats:
        """0 or 1: what a trace shows it shows for sure."""
        return np.asarray(view.game.reveal.contradicts(view, self.attacker), dtype=np.float64)
