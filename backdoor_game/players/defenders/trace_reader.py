"""The defence where something of the attacker's run is revealed: compare it with what is shown."""

from __future__ import annotations

import dataclasses

import numpy as np

from ...functions.base import Floats
from ...ground import _validate
from ...ground.errors import MissingCapability
from ...ground.lookup import made
from ...ground.spec import text
from ..attackers import Attacker
from ..views import DefenderBlock, GameLike
from .base import BlockDefender, Defender


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
    inner : Defender, optional
        Who decides where the trace shows nothing; by default the round passes as clean.
    """

    attacker: Attacker | None = None
    inner: Defender | None = None
    reads_code = True

    def __post_init__(self) -> None:
        for name, kind, example in (("attacker", Attacker, "NearestLegal()"), ("inner", Defender, "CoinFlip()")):
            if getattr(self, name) is not None:
                object.__setattr__(self, name, made(getattr(self, name), kind, f"TraceReader.{name}", example))
        super().__post_init__()

    def prepare(self, game: GameLike) -> TraceReader:
        if game.reveal is None:
            raise MissingCapability(
                f"{text(self)[:200]} reads what the game reveals, and this one reveals nothing: give it "
                'reveal="Original(bits=4)" or the like'
            )
        attacker = None if self.attacker is None else self.attacker.prepare(game)
        if attacker is None and game.reveal.needs_attacker:
            raise MissingCapability(
                f"{text(self)[:200]} is told {game.reveal!r}, which says nothing without the strategy: name attacker"
            )
        inner = None if self.inner is None else self.inner.prepare(game)
        _validate.instance("what the inner defender's prepare() returns", inner or self, Defender, "self")
        return dataclasses.replace(self, attacker=attacker, inner=inner)

    def suspicion_block(self, view: DefenderBlock) -> Floats:
        shown = view.game.reveal.contradicts(view, self.attacker)
        if self.inner is None:
            return np.asarray(shown, dtype=np.float64)
        return np.asarray(shown | (self.inner.suspicion_block(view) >= self.inner.threshold), dtype=np.float64)

    def suspicion_probability(self, view: DefenderBlock) -> Floats:
        shown = np.asarray(view.game.reveal.contradicts(view, self.attacker), dtype=np.float64)
        return shown if self.inner is None else np.maximum(shown, self.inner.suspicion_probability(view))
