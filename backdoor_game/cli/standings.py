"""A tournament as text: the pairs, both rankings, and exact play."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from ..tables import aligned
from ..tournaments import ExactGame, Standing, TournamentResult

Row = tuple[object, ...]


def told(result: TournamentResult, files: Sequence[str]) -> str:
    """Everything that is printed, blocks apart by an empty line."""
    several = len(result.games) > 1
    blocks = [_pairs(result, several)]
    for role, ranking in (("defender", result.defender_ranking), ("attacker", result.attacker_ranking)):
        blocks.append(_ranking(role, ranking, several))
    blocks += [_exact(one) for one in result.exact]
    return "\n\n".join([*blocks, "\n".join(f"wrote {path}" for path in files)])


def _pairs(result: TournamentResult, several: bool) -> str:
    header = ("attacker", "defender", "win rate", "low", "high")
    rows: list[Row] = [
        (one.attacker, one.defender, found.win_rate, found.low, found.high, *((one.game,) if several else ()))
        for one in result.pairs
        if (found := one.estimate) is not None
    ]
    said = f"low and high: simultaneous {100 * result.level:g}% intervals over all {len(rows)} pairs"
    refusals = Counter(one.refusal for one in result.pairs if one.refusal is not None)
    refused = [f"cannot play ({_pairs_of(count)}): {sentence}" for sentence, count in refusals.items()]
    return "\n".join([aligned((*header, "game") if several else header, rows), said, *refused])


def _pairs_of(count: int) -> str:
    return "1 pair" if count == 1 else f"{count} pairs"


def _ranking(role: str, ranking: Sequence[Standing], several: bool) -> str:
    """Places by worst case and by mean; what is worst for whom, and against whom."""
    header = (f"{role}s", "worst", "low", "high", "against", "mean", "by worst", "by mean", "pairs")
    rows: list[Row] = []
    for one in ranking:
        worst = (None,) * 3 if one.worst is None else (one.worst.value, one.worst.low, one.worst.high)
        mean = None if one.mean is None else one.mean.value
        row = (one.player, *worst, one.against, mean, one.place, one.place_by_mean, one.played)
        rows.append((*row, one.on) if several else row)
    return aligned((*header, "on") if several else header, rows)


def _exact(one: ExactGame) -> str:
    if one.value is None:
        return f"no exact play on {one.game}: {one.reason}"
    said = f"value of {one.game}: {one.value:.6f}, certified between {one.lower:.6f} and {one.upper:.6f}"
    rows = [
        (p.player, p.role, *(f"{number:.6f}" for number in (p.exploitability, p.low, p.high)), p.how)
        for p in one.players
        if p.reason is None
    ]
    missing = [f"no exploitability of {p.player}: {p.reason}" for p in one.players if p.reason is not None]
    header = ("player", "role", "exploitability", "low", "high", "averaged how")
    return "\n".join([said, aligned(header, rows), *missing])
