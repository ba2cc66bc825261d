"""The scale of a win rate: what looking at nothing wins, and what optimal play wins where the game is small."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from typing import Any

from ..games import Game
from ..games.measuring import estimation
from ..games.measuring.records import Estimate, Scale
from ..games.measuring.together import Match
from ..ground.errors import BackdoorGameError
from .exactness import CELLS, LEAVES_OPEN, against, between, size, value_of, worst_case
from .players import game_of, player_of

TOTAL = 10 * CELLS  # pairs (f, x) of all matches that are scaled together: some ten seconds at the very most
ATTACKER, PAIR, DEFENDER = ("blind_exact", "best_reply"), ("win_rate_exact",), ("worst_case",)
NAMES = (*ATTACKER, *PAIR, *DEFENDER, "value")
Numbers = dict[str, Any]


def scale(
    game: Game | str,
    attacker: Any,
    defender: Any,
    found: Estimate | None = None,
    *,
    rounds: int = 20_000,
    seed: int | None = None,
) -> Scale:
    """What the win rate of a match stands beside: the blind baseline, and exact play where the game is small.

    Exact numbers are given where every bit of randomness is averaged exactly, and the game has at most 4,096 functions,
    20,000 pairs (f, x) and 20,000 legal triples (f, f*, x): about a second's work, remembered for each game and player.

    Parameters
    ----------
    game, attacker, defender
        As for `estimate`: configured objects or their specs.
    found : Estimate, optional
        What was measured of this match, whose rounds the blind baseline is counted in. By default rounds are played.
    rounds, seed
        Of those that are played.

    Returns
    -------
    Scale
        What is missing says why under `Scale.reasons`.

    Raises
    ------
    InvalidArgument, MissingCapability, SpecError, ContractError
        Where the match cannot be played.
    """
    game = game_of(game)
    attacker, defender = player_of(game, "attacker", attacker), player_of(game, "defender", defender)
    if found is None:
        found = estimation.estimate(game, attacker, defender, rounds=rounds, seed=seed)
    return _filled(found, game, attacker, defender)


def scaled(matches: Sequence[Match], found: Sequence[Estimate]) -> list[Estimate]:
    """Estimates of matches, each with its exact scale, as long as they are within a stated total of 200,000 (f, x)."""
    left, known, out = TOTAL, set(), []
    for match, one in zip(matches, found, strict=True):
        who = match.game, match.attacker, match.defender
        left -= 0 if who in known else size(match.game, match.attacker)
        known.add(who)
        if left < 0:
            why = f"exact numbers of several matches are worked out for {TOTAL} pairs (f, x) in all: use scale()"
            exact = dataclasses.replace(one.scale, reasons=dict.fromkeys(NAMES, why))
        else:
            exact = _filled(one, *who)
        out.append(dataclasses.replace(one, scale=exact))
    return out


def _filled(found: Estimate, game: Game, attacker: Any, defender: Any) -> Scale:
    """The scale of the rounds that were played, with what is known exactly."""
    numbers: Numbers = {}
    reasons: dict[str, str] = {}

    def work_out(names: Sequence[str], action: Callable[[], Numbers]) -> None:
        try:
            numbers.update(action())
        except BackdoorGameError as error:
            reasons.update(dict.fromkeys(names, str(error).removesuffix(": use estimate()")))

    work_out(ATTACKER, lambda: against(game, attacker, found.rounds))
    work_out(PAIR, lambda: between(game, attacker, defender, found.rounds))
    work_out(DEFENDER, lambda: worst_case(game, defender, found.rounds))
    work_out(("value",), lambda: value_of(game, attacker))
    if "value_high" in numbers and "value" not in numbers:
        reasons["value"] = LEAVES_OPEN
    return dataclasses.replace(found.scale, **numbers, reasons=reasons)
