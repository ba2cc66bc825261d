"""A tournament in tables, as people read it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from ..games.measuring.telling import given_plant, percent, remarks, starred
from ..ground.results import Block

TournamentResult = Any  # the records say how they are told, so that their file imports this one
Standing = Any
ExactGame = Any
Row = tuple[object, ...]
# Numbers of a pair's scale in its row; the value is the game's, the worst case a defender's: below, in their tables.
EXACT = {"win_rate_exact": "exact", "best_reply": "best reply"}


def told(result: TournamentResult) -> list[Block]:
    """All pairs, both rankings, and what is known exactly of each game."""
    several = len(result.games) > 1
    rankings = (("defender", result.defender_ranking), ("attacker", result.attacker_ranking))
    ranked = [_ranking(role, ranking, several) for role, ranking in rankings]
    return [_pairs(result, several), *ranked, *(_exact(one) for one in result.exact)]


def _pairs(result: TournamentResult, several: bool) -> Block:
    rare = {one.player: one.rarely_plants for one in result.attacker_ranking}
    played = [(one, one.estimate) for one in result.pairs if one.estimate is not None]
    exact = [name for name in EXACT if any(getattr(found.scale, name) is not None for _, found in played)]
    header: tuple[str, ...] = ("attacker", "defender", "win rate", "low", "high", *(EXACT[name] for name in exact))
    header = (*header, "blind", "given a plant", "forfeits")
    rows: list[Row] = [
        (
            starred(one.attacker, rare[one.attacker]),
            one.defender,
            *(found.win_rate, found.low, found.high, *(getattr(found.scale, name) for name in exact)),
            *(found.scale.blind, given_plant(found), percent(found.forfeit_share)),
            *((one.game,) if several else ()),
        )
        for one, found in played
    ]
    ends = f"low and high: simultaneous {100 * result.level:g}% intervals over all {len(rows)} pairs"
    said = f"{ends}; seed {result.seed}"
    refusals = Counter(one.refusal for one in result.pairs if one.refusal is not None)
    refused = [f"cannot play ({_pairs_of(count)}): {sentence}" for sentence, count in refusals.items()]
    failures = Counter(result.failures)
    failed = [f"broke down ({_pairs_of(count)}): {sentence}" for sentence, count in failures.items()]
    notes = [*remarks([found for _, found in played], marks=any(rare.values())), said, *refused, *failed]
    return Block(rows, (*header, "game") if several else header, notes=notes)


def _pairs_of(count: int) -> str:
    return "1 pair" if count == 1 else f"{count} pairs"


def _ranking(role: str, ranking: Sequence[Standing], several: bool) -> Block:
    """Places by worst case and by mean; what is worst for whom, and against whom."""
    exact = any(one.exact_worst is not None for one in ranking)
    header: tuple[str, ...] = (f"{role}s", "worst", "low", "high", "against", "mean", "by worst", "by mean", "pairs")
    rows: list[Row] = []
    for one in ranking:
        worst = (None,) * 3 if one.worst is None else (one.worst.value, one.worst.low, one.worst.high)
        mean = None if one.mean is None else one.mean.value
        name = starred(one.player, one.rarely_plants)
        row: Row = (name, *worst, one.against, mean, one.place, one.place_by_mean, one.played)
        row = (*row, one.exact_worst, one.exact_mean) if exact else row
        rows.append((*row, one.on) if several else row)
    header = (*header, "exact worst", "exact mean") if exact else header
    said = "places: exact numbers tell apart, else intervals that do not overlap; equals share a place"
    return Block(rows, (*header, "on") if several else header, notes=[said])


def _exact(one: ExactGame) -> Block:
    if one.value is None:
        return Block(title=f"no exact play on {one.game}: {one.reason}")
    said = f"value of {one.game}: {one.value:.6f}, certified between {one.lower:.6f} and {one.upper:.6f}"
    rows = [
        (p.player, p.role, *(f"{number:.6f}" for number in (p.exploitability, p.low, p.high)), p.how)
        for p in one.players
        if p.reason is None
    ]
    missing = [f"no exploitability of {p.player}: {p.reason}" for p in one.players if p.reason is not None]
    return Block(rows, ("player", "role", "exploitability", "low", "high", "averaged how"), said, missing)
