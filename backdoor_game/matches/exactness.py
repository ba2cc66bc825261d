"""Exact numbers of a match, each refused where it would take more than about a second or could only be sampled."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable
from typing import Any

from ..games import BUDGETS, BackdoorGame, Game
from ..games.contract import blamed
from ..ground.errors import BackdoorGameError, InvalidArgument, MissingCapability
from ..ground.spec import text
from ..players.attackers import BlockAttacker
from ..players.defenders import BlockDefender
from ..players.learners.sets import MOST_ATOMS
from ..spaces.distributions import Distribution

# Together about a second on one core, measured on thresholds, intervals, conjunctions and singletons with the shipped
# players; the linear program takes most of it at 20,000 triples, tables of players at 20,000 pairs (f, x).
MEMBERS, CELLS, TRIPLES = 4096, 20_000, 20_000
FRACTION = 3_000  # legal triples up to which the value is proved as a fraction: a quarter of a second
# Answers of a player: written round by round it gives 20,000 a second, in blocks a million; and somebody else's player
# is asked no oftener than in the rounds, two answers each, so that a slow one is not waited for much longer.
ONE_BY_ONE, IN_BLOCKS, TIMES_ROUNDS = 20_000, 800_000, 2
SUBSETS = 2**22  # sets of D's points that a voter's learner is asked about, 0.3 microseconds each; of all pairs (f, x)
REMEMBERED = 256  # a loop over games and players does not pay twice; a few numbers each
LEAVES_OPEN = "the game leaves D open, and this is the value under the D that the attacker picks"
Numbers = dict[str, Any]
Small = tuple[BackdoorGame, Distribution, int]


def against(game: Game, attacker: Any, rounds: int) -> Numbers:
    """What the better of always-clean and always-flag wins against this attacker, and what the best reply wins."""
    return _known(_against, game, attacker, rounds)


def between(game: Game, attacker: Any, defender: Any, rounds: int) -> Numbers:
    """What this defender wins against this attacker."""
    return _known(_between, game, attacker, defender, rounds)


def worst_case(game: Game, defender: Any, rounds: int) -> Numbers:
    """What this defender wins against the attacker that it loses most to, under the D that the game fixes."""
    return _known(_worst_case, game, defender, rounds)


def value_of(game: Game, attacker: Any) -> Numbers:
    """What optimal play wins; where the game leaves D open, the most that it can be, from the attacker's D."""
    fixed = isinstance(game, BackdoorGame) and game.distribution is not None
    return _known(_value, game, None if fixed else attacker)


def size(game: Game, attacker: Any) -> int:
    """Pairs (f, x) that exact play looks at; 0 where it will refuse."""
    try:
        return _small(game, attacker)[2]
    except BackdoorGameError:
        return 0


def _known(work_out: Callable[..., Any], *match: Any) -> Numbers:
    """What was found for these, now or before; a refusal is remembered as well."""
    found = work_out(*match)
    if isinstance(found, BackdoorGameError):
        raise found
    return dict(found)


def _remembered(work_out: Callable[..., Numbers]) -> Callable[..., Any]:
    """`work_out`, once for each match; a refusal is returned, so that it is kept too."""

    @functools.lru_cache(maxsize=REMEMBERED)
    def once(*match: Any) -> Any:
        try:
            return blamed(lambda: work_out(*match))
        except BackdoorGameError as error:
            return error.with_traceback(None)

    return once


@_remembered
def _against(game: Game, attacker: Any, rounds: int) -> Numbers:
    table = _attack(game, attacker, rounds)
    return {"blind_exact": table.blind(), "best_reply": table.best_reply()}


@_remembered
def _between(game: Game, attacker: Any, defender: Any, rounds: int) -> Numbers:
    attack = _attack(game, attacker, rounds)
    flags = _flags(_small(game, attacker), defender, rounds).flags
    return {"win_rate_exact": attack.against(flags)}


@_remembered
def _worst_case(game: Game, defender: Any, rounds: int) -> Numbers:
    table = _flags(_small(game), defender, rounds)
    return {"worst_case": table.worst_case()}


@_remembered
def _value(game: Game, attacker: Any) -> Numbers:
    from ..exact.solving import solve

    small, law, _ = _small(game, attacker)
    triples = _legal(small, law, merged=True).triples
    unlimited: dict[str, Any] = dict.fromkeys(BUDGETS)
    fixed = dataclasses.replace(small, distribution=law, **unlimited)
    fractions = small.plain and triples <= FRACTION
    try:
        found = solve(fixed, exact=fractions)
    except BackdoorGameError:
        if not fractions:
            raise
        found = solve(fixed)  # weights that are no fractions, or a value that lies too close to call in fractions
    if small.distribution is None:
        return {"value_high": found.upper}
    ends = {"value_low": found.lower, "value_high": found.upper}
    return {"value": found.value, **ends, "value_fraction": found.fraction}


def _attack(game: Game, attacker: Any, rounds: int) -> Any:
    from ..exact.averaging import attack_table
    from ..exact.averaging.defender import refuse_budgets

    small, law, cells = _small(game, attacker)
    refuse_budgets(small)
    _answers(attacker, cells, rounds, isinstance(attacker, BlockAttacker))
    return attack_table(small, law, attacker, sampled=False)


def _flags(place: Small, defender: Any, rounds: int) -> Any:
    from ..exact.averaging import flag_table
    from ..exact.averaging.defender import refuse_budgets
    from ..exact.finite.legal import support

    game, law, cells = place
    refuse_budgets(game)
    most = _answers(defender, cells, rounds, isinstance(defender, BlockDefender))
    points = len(support(law)[0])
    votes = any(field.name == "learner" for field in dataclasses.fields(defender))
    if votes and points <= MOST_ATOMS and cells * 2**points > SUBSETS:
        raise _too_large(f"{SUBSETS} sets of points for a learner to be averaged over", cells * 2**points)
    return flag_table(game, law, defender, sampled=False, questions=most // 2)  # each is asked twice


def _answers(player: Any, cells: int, rounds: int, in_blocks: bool) -> int:
    """How often a player may be asked, refused where that is less than twice about each pair (f, x)."""
    most = IN_BLOCKS if in_blocks else ONE_BY_ONE
    if ":" in text(player):  # so the specs of other people's classes are told from shipped ones
        most = min(most, TIMES_ROUNDS * rounds)
    if 2 * cells > most:
        raise MissingCapability(
            f"{text(player)[:200]} would be asked {2 * cells} times for exact numbers, and after {rounds} rounds "
            f"{most} are the most"
        )
    return most


def _small(game: Game, attacker: Any = None) -> Small:
    """The game, its D (the attacker's own where it is left open) and its pairs (f, x), where that is soon solved."""
    if not isinstance(game, BackdoorGame):
        raise MissingCapability(f"{type(game).__name__} is played, not solved: only a finite BackdoorGame is")
    if game.distribution is None and attacker is None:
        raise MissingCapability("the game leaves D open, and the worst attacker's D is not known")
    found = _known(_sized, game, attacker if game.distribution is None else None)
    return game, found["law"], found["cells"]


@_remembered
def _sized(game: BackdoorGame, attacker: Any) -> Numbers:
    law = game.ready(attacker).distribution if game.distribution is None else game.distribution
    assert law is not None
    cells = _cells(game, law)
    if cells > CELLS:
        raise _too_large(f"{CELLS} pairs (f, x)", cells)
    triples = _legal(game, law, merged=False).triples
    if triples > TRIPLES:
        raise _too_large(f"{TRIPLES} legal triples (f, f*, x)", triples)
    return {"law": law, "cells": cells if game.plain else _views(game, law)}


def _views(game: BackdoorGame, law: Distribution) -> int:
    """Of a variant what stands for the pairs (f, x): what the defender may see, or the attacker come to."""
    from ..exact.variants import settled, variant

    made = variant(settled(game, law), merged=False)
    places, moves = made.size
    if places > CELLS:
        raise _too_large(f"{CELLS} ways to pick f and its trigger from what is offered", places)
    if moves > TRIPLES:
        raise _too_large(f"{TRIPLES} moves (offer, f, x, f*)", moves)
    return max(len(made.seen.keys), places)


def _cells(game: BackdoorGame, law: Distribution) -> int:
    """Pairs (f, x), refused before any function is listed where the class is too large or cannot be listed."""
    from ..exact.finite.legal import support
    from ..functions import FunctionClass
    from ..functions.base import missing
    from ..ground.inheritance import overrides

    functions = game.functions
    members = functions.count() if overrides(functions, FunctionClass.enumerate) else None
    if members is None:
        raise missing(functions, "cannot be enumerated, and exact numbers are for finite games")
    if members > MEMBERS:
        raise _too_large(f"{MEMBERS} functions", members)
    return members * len(support(law)[0])


def _legal(game: BackdoorGame, law: Distribution, *, merged: bool) -> Any:
    from ..exact.finite import legal_game

    return legal_game(game.functions, law, game.epsilon, merged=merged)


def _too_large(what: str, found: int) -> InvalidArgument:
    from ..functions.listing import shown_count

    return InvalidArgument(f"exact numbers are for games of at most {what}, and this one has {shown_count(found)}")
