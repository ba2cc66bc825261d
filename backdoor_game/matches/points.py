"""A game and its players at each value of a parameter: from specs with its name in braces, functions, or fields."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from typing import Any

from ..games import BackdoorGame, Game
from ..games.measuring.together import Match
from ..ground import _validate
from ..ground.errors import InvalidArgument
from ..ground.spec import Configured, text
from ..spaces.domains import Domain
from .players import game_of, player_of
from .sweeping import Lines, Sweep, Texts, Value, named
from .variants import variant

SIDES = ("game", "attacker", "defender")


@dataclasses.dataclass(frozen=True)
class Swept:
    """One of the game, the attacker and the defenders, as it is given to `curve`.

    `thing` is an object, a spec, perhaps with the parameter in braces, or a function of the parameter's value.
    """

    side: str
    thing: Any

    def varies(self, name: str) -> bool:
        """Whether it says itself where the parameter stands."""
        if isinstance(self.thing, str):
            return f"{{{name}}}" in self.thing
        return callable(self.thing) and not isinstance(self.thing, Configured)

    def at(self, name: str, value: Value) -> Any:
        """The object, or its spec, at this value."""
        if isinstance(self.thing, str):
            return self.thing.replace(f"{{{name}}}", value.text)
        return self.thing(plain(value)) if self.varies(name) else self.thing


def plain(value: Value) -> int | float:
    """The number that a field gets: whole where it was typed without a point."""
    return int(value.text) if value.text.lstrip("+-").isdigit() else value.number


def lines_of(
    sweep: Sweep, game: Swept, attacker: Swept, defenders: Sequence[Swept], *, rounds: int, seed: int
) -> Lines:
    """The matches of each defender at each value, by its label; whatever is wrong at any value is said now.

    Raises
    ------
    InvalidArgument, MissingCapability, ContractError
    """
    if not any(one.varies(sweep.name) for one in (game, attacker, *defenders)):
        game, attacker, defenders = _fields(sweep.name, game, attacker, defenders)
    columns: list[list[Match]] = [[] for _ in defenders]
    for value in sweep.values:
        field = game_of(game.at(sweep.name, value))
        against = player_of(field, "attacker", attacker.at(sweep.name, value))
        field.ready(against)
        for column, one in zip(columns, defenders, strict=True):
            player = player_of(field, "defender", one.at(sweep.name, value))
            field.admit(player)
            column.append(Match(field, against, player, rounds, seed))
    return named(columns)


def _fields(
    name: str, game: Swept, attacker: Swept, defenders: Sequence[Swept]
) -> tuple[Swept, Swept, Sequence[Swept]]:
    """The same with the field that the name leads to as a function of the value."""
    first, _, rest = name.partition(".")
    side, path = (first, rest) if first in SIDES and rest else ("game", name)
    if side == "game":
        return _with_field(game, path), attacker, defenders
    if side == "attacker":
        return game, _with_field(attacker, path, game), defenders
    return game, attacker, [_with_field(one, path, game) for one in defenders]


def _with_field(swept: Swept, path: str, game: Swept | None = None) -> Swept:
    """The object with one field left open."""
    thing = game_of(swept.thing) if game is None else player_of(game_of(game.thing), swept.side, swept.thing)
    change: Callable[[Any], Any] = lambda value: replaced(thing, path.split("."), value)  # noqa: E731
    return Swept(swept.side, change)


def replaced(thing: Any, path: Sequence[str], value: Any) -> Any:
    """A configured thing with the field that the path leads to set to this value.

    The D of a game that lives on another domain afterwards is filled anew, where its domain was filled before.

    Raises
    ------
    InvalidArgument
        For a name that no field has.
    """
    fields = [field.name for field in dataclasses.fields(thing)] if dataclasses.is_dataclass(thing) else []
    if path[0] not in fields:
        place = f"{type(thing).__name__} has no parameter {path[0]!r}"
        raise InvalidArgument(
            f"over: {place}: {_validate.did_you_mean(path[0], fields) if fields else 'it takes none'}"
        )
    new = value if len(path) == 1 else replaced(getattr(thing, path[0]), path[1:], value)
    changed = {path[0]: new}
    if isinstance(thing, BackdoorGame) and path[0] == "functions" and _was_filled(thing):
        changed["distribution"] = type(thing.distribution)()  # type: ignore[misc]
    return dataclasses.replace(thing, **changed)


def _was_filled(game: BackdoorGame) -> bool:
    """Whether the game's D is one that takes whatever domain the game has, such as ``Uniform()``."""
    D = game.distribution
    if D is None:
        return False
    domain: Domain = game.functions.domain
    try:
        return bool(type(D)().on(domain) == D)
    except (TypeError, InvalidArgument):  # it needs parameters
        return False


def texts_of(sweep: Sweep, lines: Lines, game: Any, attacker: Any, defenders: Sequence[Any]) -> Texts:
    """What people read of the specs: as they were typed, else those of the first match with the name in braces."""
    first = [matches[0] for matches in lines.values()]

    def said(given: Any, made: Any) -> str:
        return given if isinstance(given, str) else _open(text(made), sweep)

    field: Game = first[0].game
    who = (
        said(attacker, first[0].attacker),
        tuple(said(one, match.defender) for one, match in zip(defenders, first, strict=True)),
    )
    if isinstance(game, str) or not isinstance(field, BackdoorGame):
        return Texts(*who, game=said(game, field))
    law = None if field.distribution is None else said(None, field.distribution)
    fields = variant(field).items()
    changed: Any = {name: one if isinstance(one, str) else said(None, one) for name, one in fields}
    texts = Texts(*who, functions=said(None, field.functions), distribution=law, epsilon=said(None, field.epsilon))
    return dataclasses.replace(texts, **changed)


def _open(spec: str, sweep: Sweep) -> str:
    """A spec at the first value with the parameter's place in braces, where its last name stands in it."""
    leaf, first = sweep.name.rpartition(".")[2], sweep.values[0]
    for value in (first.text, repr(first.number)):
        spec = spec.replace(f"{leaf}={value}", f"{leaf}={{{sweep.name}}}")
    return spec
