"""A variant of the game taken down as arrays, refused before work where it is not finite or too large."""

from __future__ import annotations

import dataclasses
import functools
from typing import Any

import numpy as np
import numpy.typing as npt

from ...functions.listing import shown_count
from ...games import BUDGETS, BackdoorGame
from ...games.observations import Observation
from ...games.observations.base import checked_kernel
from ...games.reveals import Reveal
from ...ground.errors import InvalidArgument, MissingCapability
from ...ground.spec import text
from ...spaces.distributions import Distribution
from ..finite import LegalGame, legal_game
from ..finite.legal import support
from .tree import Variant

MOVES = 300_000  # (set, f, x, f*): a minute and a gigabyte of the linear program, measured at 275,000
PICKS = 1_000_000  # (set, f, x): as many columns again where nature offers a choice
ENTRIES = 5_000_000  # of the two branches' masses: 60 bytes each, several times over
Indices = npt.NDArray[np.int64]


def settled(game: BackdoorGame, distribution: Distribution) -> BackdoorGame:
    """The game under this D and without what its solution does not depend on, so that it is solved once."""
    unlimited: dict[str, Any] = dict.fromkeys(BUDGETS)
    return dataclasses.replace(game, distribution=distribution, black_box=False, **unlimited)


@functools.lru_cache(maxsize=4)
def variant(game: BackdoorGame, sees: Observation | None = None, *, merged: bool = True) -> Variant:
    """The arrays of a game with a fixed D, for a defender who sees (f', x') or what an observation leaves of it.

    Members that agree wherever D has mass are one function where all that is seen are labels, unless `merged` is False.

    Raises
    ------
    MissingCapability
        Where the class, D, the trigger law or the reveal is not finite.
    InvalidArgument
        Where it is too large, with its size and the limit, before the program is written down.
    """
    if game.distribution is None:
        raise InvalidArgument("the game fixes no distribution: give it one, such as Uniform(), to solve it")
    points, weights = support(game.distribution)
    offers = game.trigger.offers(points, weights)
    if offers is None:
        raise MissingCapability(
            f"trigger={text(game.trigger)[:200]} lists no finite law of what it offers: exact methods know laws that "
            "do, such as BeforeOriginal()"
        )
    if sees is not None:
        sees.check(game.functions)
    alike = merged and game.reveal is None and (sees is None or not sees.tells_codes)
    legal = legal_game(game.functions, game.distribution, game.epsilon, merged=alike)
    traces = np.zeros(len(legal.codes), dtype=np.int64) if game.reveal is None else _traces(game.reveal, legal)
    kernel = None
    if sees is not None:
        seen = sees.kernel(game.functions, legal.codes, points, weights)
        kernel = checked_kernel(sees, seen, len(points) * len(legal.codes))
    some = offers.chances > 0
    made = Variant(
        legal=legal,
        before=game.trigger.before_original,
        offered=offers.members[some],
        chances=offers.chances[some] / offers.chances[some].sum(),
        paired=game.clean_input == "trigger",
        traces=traces,
        kernel=kernel,
    )
    check_size(made, text(game))
    for array in (made.offered, made.chances, made.traces):
        array.setflags(write=False)
    return made


def check_size(made: Variant, what: str) -> None:
    """Refuse a variant whose linear program would be too large, by counting alone."""
    picks, moves = made.size
    _refuse(what, picks, PICKS, "ways to pick f and its trigger from what is offered")
    _refuse(what, moves, MOVES, "moves (offer, f, x, f*)")
    if made.kernel is not None:
        each = np.diff(made.kernel.indptr).max(initial=0)
        _refuse(
            what,
            int(each) * (moves + max(picks, made.legal.weights.size * len(made.legal.codes))),
            ENTRIES,
            "chances of symbols over moves",
        )


def _traces(reveal: Reveal, legal: LegalGame) -> Indices:
    """The number of what is revealed of each function, from 0 on without gaps."""
    found = reveal.symbols(legal.functions, legal.codes)
    if found is None:
        raise MissingCapability(
            f"reveal={text(reveal)[:200]} shows more than f decides, so that what is seen is not finite: exact methods "
            "know reveals of the original, such as Original(bits=4)"
        )
    return np.unique(np.asarray(found), return_inverse=True)[1].ravel().astype(np.int64)


def _refuse(what: str, size: int, limit: int, things: str) -> None:
    if size > limit:
        raise InvalidArgument(
            f"{what[:200]} is too large to solve: {shown_count(size)} {things}, and at most {limit} fit"
        )
