"""The auditor of a delegation, who computes the coins anew."""

from __future__ import annotations

import dataclasses
from typing import Any, Self

import numpy as np

from ...functions import Function
from ...ground import _validate
from ...ground.errors import InvalidArgument, MissingCapability
from ...ground.spec import text
from ..coins import Transcript
from ..datasets import Split
from ..views import ModelView
from .base import Detector

ROUNDING = 1e-14  # of a gradient, relative to the weights: several times what honest fits leave


@dataclasses.dataclass(frozen=True, repr=False)
class CoinAudit(Detector):
    """Rejects commitments that were broken, coins that differ in any bit, and weights that the data do not determine.

    What it accepts has the coins of the protocol: where the attacker could not choose those after its key, the key is
    a stranger to them. And its weights w are where training ends, up to `tolerance`: a loss with penalty p is strongly
    convex, so that |w - w*| <= |gradient at w| / p. That costs no fit. *Proved.*

    Parameters
    ----------
    tolerance : float
        How far the weights may be off, as a share of their length. Rounding leaves about 1e-15 / p, so that a penalty
        under 1e-14 / tolerance is refused.
    """

    reads_code = True

    tolerance: float = 1e-9

    def __post_init__(self) -> None:
        super().__post_init__()
        said = "such as 1e-9, got 0.0: rounding alone breaks it"
        _validate.positive("CoinAudit.tolerance", self.tolerance, said, 1.0)

    def prepare(self, game: Any) -> Self:
        if not game.shows_transcript:
            name = type(game).__name__
            raise MissingCapability(f"{text(self)} reads a transcript, and {name} shows none: play Delegation")
        penalty, least = getattr(game.functions, "penalty", None), ROUNDING / self.tolerance
        if penalty is not None and penalty < least:
            wanted = f"penalty must be at least {least:g} for {text(self)}"
            raise InvalidArgument(f"{wanted}, got {penalty:g}: rounding alone would be rejected")
        return self

    def suspicion(self, view: ModelView, rng: np.random.Generator) -> float:
        if view.transcript.protocol != view.game.coins:
            return 1.0
        return float(objection(view.transcript, view.f, view.train, self.tolerance) is not None)


def objection(transcript: Transcript, model: Function, split: Split, tolerance: float = 1e-9) -> str | None:
    """What an audit finds wrong with a delegate's model, in a sentence, or None.

    Parameters
    ----------
    transcript : Transcript
        Who was to supply the coins, and the seed or the shares.
    model : Function
        Coins and weights, as handed in.
    split : Split
        The user's data.
    tolerance : float
        See `CoinAudit`.
    """
    functions: Any = model.functions
    if broken := transcript.broken():
        return f"member {broken[0]} has revealed another share than it committed to"
    demanded = transcript.coins(functions)
    if demanded is not None:
        differ = demanded.view(np.uint64) != model.code[: len(demanded)].view(np.uint64)
        if differ.any():
            return f"{int(differ.sum())} of {len(demanded)} coins are not those of the {transcript.protocol}"
    residual = functions.residual(model.code, split.X, split.y)
    if not residual <= tolerance:
        return f"the weights miss what coins and data determine by up to a share of {residual:.2g}"
    return None
