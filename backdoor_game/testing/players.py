"""Checks that attackers and defenders share: what `prepare` answers."""

from __future__ import annotations

import functools

from ..games.contract import call
from ..ground.errors import BackdoorGameError, ContractError, InvalidArgument
from ..ground.spec import text
from ..players.attackers import Attacker
from ..players.defenders import Defender
from .results import Broken, demand
from .subjects import Subject, name, seat, seating


def prepares(subject: Subject) -> str:
    """`prepare` returns a player or refuses in one sentence, and `distribution` returns D, twice the same."""
    player, found = subject.thing, seating(subject)
    for game, sentence in found.breaks:
        raise Broken(sentence, text(game))
    before = text(player)
    for sitting in found.seats:
        again = call(player, "prepare", functools.partial(player.prepare, sitting.game))
        if again != sitting.ready:
            raise Broken(f"prepare() returns {name(sitting.ready)}, and then {name(again)}", text(sitting.game))
        side = Attacker if isinstance(player, Attacker) else Defender
        if not isinstance(sitting.ready, side):
            raise Broken(f"prepare() returns {name(sitting.ready)}, which is no {side.__name__}", text(sitting.game))
        threshold = getattr(sitting.ready, "threshold", 0.5)
        if not (isinstance(threshold, float) and 0 <= threshold <= 1):
            raise Broken(f"prepare() leaves the threshold at {threshold!r}, outside [0, 1]", text(sitting.game))
        again = seat(player, sitting.game)
        if again.distribution != sitting.distribution:
            raise Broken("distribution() returns another D the second time", text(sitting.game))
    demand(text(player) == before, f"prepare() turns {before[:200]} into {name(player)}: return another player instead")
    said = f"plays {len(found.seats)} of {len(subject.games)} games"
    return f"{said}; the first that it refuses: {found.refusals[0][1][:120]}" if found.refusals else said


def accept(subject: Subject) -> None:
    """Refuse games none of which the player can play."""
    last = "no game was given"
    for game in subject.games:
        try:
            seat(subject.thing, game)
        except ContractError:
            return
        except BackdoorGameError as error:
            last = str(error)
        else:
            return
    raise InvalidArgument(
        f"{name(subject.thing)} can play none of the {len(subject.games)} games: {last}; "
        "name a game that it plays (--functions, --epsilon, --distribution, or games=[...])"
    )
