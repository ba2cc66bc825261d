"""The value over all D of a game that leaves D open, as `solve` certifies it."""

from __future__ import annotations

from ...games import BackdoorGame
from ...games.backdoor import refuse_variant
from ...ground import _validate
from ...ground.errors import InvalidArgument
from ...ground.progress import Progress
from ..minimax import CertifiedInterval, certified_interval
from .search import DistributionSearch

CERTIFIED = "certified (floating point)"  # the status of an interval that a program proves up to a stated tolerance


def refuse_certify(game: BackdoorGame, exact: bool, certify: object, time_limit: object) -> float | None:
    """The time limit in seconds; what does not go together is refused before the work."""
    if not isinstance(certify, bool):
        raise InvalidArgument(f"certify must be True or False, got {certify!r}")
    if not certify:
        if time_limit is not None:
            raise InvalidArgument(f"time_limit is for certify=True, got {time_limit!r} without it: leave it out")
        return None
    refuse_variant(game, "certify=True")  # other laws have other programs: the bound would be that of another game
    if game.distribution is not None:
        raise InvalidArgument("certify=True searches every D, and this game fixes its own: leave one of the two out")
    if exact:
        raise InvalidArgument(
            "certify=True is in floating point: leave exact out, and solve the D that it finds with exact=True"
        )
    return None if time_limit is None else _validate.positive("time_limit", time_limit, "or None for no limit")


def bracket(
    game: BackdoorGame, search: DistributionSearch, time_limit: float | None, progress: Progress
) -> CertifiedInterval:
    """The interval; where SCIP bounds it, the D that the search finds is a candidate for its upper end."""
    return certified_interval(
        game.functions,
        game.epsilon,
        starts=lambda: [search.best(game)],
        time_limit=time_limit,
        progress=progress,
    )
