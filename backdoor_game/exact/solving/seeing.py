"""What the defender of a game to solve sees, where that is less than all."""

from __future__ import annotations

from ...games import BackdoorGame
from ...games.observations import Observation
from ...ground.errors import InvalidArgument
from ...ground.lookup import made
from ...ground.spec import text


def what_is_seen(game: BackdoorGame, sees: Observation | str, exact: bool) -> Observation:
    """The observation; what does not go together with it is refused before the work."""
    seen: Observation = made(sees, Observation, "sees", "Examples(m=4)")
    if game.distribution is None:
        raise InvalidArgument(
            f"sees={text(seen)[:200]} is for games with a distribution: give the game one, such as Uniform()"
        )
    if exact:
        raise InvalidArgument("fractions are for a defender who sees all of f' and x': leave exact or sees out")
    seen.check(game.functions)
    return seen
