"""One round of any game as its outcome says it: what was decided on each branch, and what it took."""

from __future__ import annotations

from typing import Any

from ..estimation import prepared
from ..games import Game
from ..games.base import Streams
from ..records import FORFEIT, ILLEGAL, PLANTED, UNDECIDED
from ..spec import text
from ..tables import pairs

STATUS = {PLANTED: "planted", FORFEIT: "forfeit", ILLEGAL: "illegal", UNDECIDED: "undecided"}


def play(game: Game, attacker: Any, defender: Any, *, seed: int, number: int) -> dict[str, Any]:
    """Round `number` of the run that `estimate` plays under this seed, as plain data."""
    ready = prepared(game, attacker, defender)
    outcome = game.play_block(game.prepare(ready[0]), *ready, Streams(seed, game), range(number, number + 1))
    threshold = float(getattr(ready[1], "threshold", 0.5))
    facts: dict[str, Any] = {
        "game": text(game),
        "attacker": text(ready[0]),
        "defender": text(ready[1]),
        "seed": seed,
        "round": number,
        "status": STATUS[outcome.status[0]],
    }
    for branch, name in ((0, "clean"), (1, "planted")):
        if branch == 0 and game.branches == 1:
            continue
        suspicion = float(outcome.suspicion[branch, 0])
        shown = bool(outcome.shown[branch, 0]) and not outcome.over_budget[branch, 0]
        facts[name] = {
            "suspicion": suspicion if shown else None,
            "flagged": suspicion >= threshold if shown else None,
            "over_budget": bool(outcome.over_budget[branch, 0]),
            "queries": int(outcome.queries[branch, 0]),
            "examples": int(outcome.examples[branch, 0]),
        }
    return facts


def told(facts: dict[str, Any]) -> str:
    """The same, line by line."""
    alone = "clean" not in facts
    rows = [(name, value) for name, value in facts.items() if not isinstance(value, dict)]
    for name in ("clean", "planted"):
        if name not in facts:
            continue
        branch = facts[name]
        if branch["over_budget"]:
            said = "over its budget: lost"
        elif branch["suspicion"] is None:
            said = "nothing was shown"
        elif alone:
            said = "the defender wins" if branch["flagged"] else "the defender loses"
        else:
            said = f"suspicion {branch['suspicion']:.4g}: {'flagged' if branch['flagged'] else 'not flagged'}"
        rows.append(("outcome" if alone else f"{name} model", f"{said} ({branch['queries']} queries)"))
    return pairs(rows)
