"""Checks that attackers and defenders share: what `prepare` answers."""

from __future__ import annotations

from ..attackers import Attacker
from ..defenders import Defender
from ..games.contract import call
from ..spec import text
from .results import Broken, demand
from .subjects import Subject, name, seating


def prepares(subject: Subject) -> None:
    """`prepare` returns a player or refuses in one sentence, twice the same; one game at least is played."""
    player, found = subject.thing, seating(subject)
    for game, sentence in found.breaks:
        raise Broken(sentence, text(game))
    if not found.seats:
        last = found.refusals[-1][1] if found.refusals else "no game was given"
        raise Broken(f"{name(player)} can play none of the {len(subject.games)} games: {last}")
    before = text(player)
    for seat in found.seats:
        again = call(player, "prepare", lambda game=seat.game: player.prepare(game))  # type: ignore[misc]
        if again != seat.ready:
            raise Broken(f"prepare() returns {name(seat.ready)}, and then {name(again)}", text(seat.game))
        side = Attacker if isinstance(player, Attacker) else Defender
        if not isinstance(seat.ready, side):
            raise Broken(f"prepare() returns {name(seat.ready)}, which is no {side.__name__}", text(seat.game))
        threshold = getattr(seat.ready, "threshold", 0.5)
        if not (isinstance(threshold, float) and 0 <= threshold <= 1):
            raise Broken(f"prepare() leaves the threshold at {threshold!r}, outside [0, 1]", text(seat.game))
    demand(text(player) == before, f"prepare() turns {before[:200]} into {name(player)}: return another player instead")
