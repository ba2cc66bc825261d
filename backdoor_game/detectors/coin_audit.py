"""The auditor of a delegation, who computes the coins anew."""

from __future__ import annotations

import dataclasses
from typing import Any, Self

import numpy as np

from .. import _validate
from ..coins import Transcript
from ..datasets import Split
from ..errors import InvalidArgument, MissingCapability
from ..functions import Function
from ..spec import text
from ..views import ModelView
from .base import Detector


@dataclasses.dataclass(frozen=True, repr=False)
class CoinAudit(Detector):
    """Rejects commitments that were broken, coins that differ in any bit, and weights that the data do not determine.

    What it accepts was trained on the coins of the protocol: where the attacker could not choose those after its key,
    the key is a stranger to them. Weights cost no fit, only its normal equations. *Proved.*

    Parameters
    ----------
    tolerance : float
        How much of the normal equations, relative to their right-hand side, may be unmet; rounding leaves about 1e-15.
    """

    reads_code = True

    tolerance: float = 1e-9

    def __post_init__(self) -> None:
        super().__post_init__()
        if _validate.real("CoinAudit.tolerance", self.tolerance, 0.0, 1.0) == 0.0:
            raise InvalidArgument(
                "CoinAudit.tolerance must be above 0, such as 1e-9, got 0.0: rounding alone breaks it"
            )

    def prepare(self, game: Any) -> Self:
        if not getattr(game, "shows_transcript", False):
            name = type(game).__name__
            raise MissingCapability(f"{text(self)} reads a transcript, and {name} shows none: play Delegation")
        return self

    def suspicion(self, view: ModelView, rng: np.random.Generator) -> float:
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
        return f"the weights miss what coins and data determine by {residual:.2g}"
    return None
