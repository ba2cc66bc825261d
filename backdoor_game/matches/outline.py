"""One round of any game, as its outcome says it: plain data, and the same line by line."""

from __future__ import annotations

from typing import Any

from ..games import Game
from ..games.base import Run, Streams
from ..games.measuring.summary import versions
from ..games.outcomes import STATUS
from ..ground.columns import pairs
from ..ground.spec import text


def outcome(game: Game, attacker: Any, defender: Any, *, seed: int, number: int) -> dict[str, Any]:
    """Round `number` of the run that `estimate` plays under this seed."""
    run = game.ready(attacker, defender)
    (found,) = run.play(Streams(seed, game), range(number, number + 1))
    threshold = float(run.defenders[0].threshold)
    facts: dict[str, Any] = {
        "game": text(game),
        "attacker": text(run.attacker),
        "defender": text(run.defenders[0]),
        "seed": seed,
        "round": number,
        "status": STATUS[found.status[0]],
    }
    for branch, name in ((0, "clean"), (1, "planted")):
        if branch == 0 and game.branches == 1:
            continue
        suspicion = float(found.suspicion[branch, 0])
        shown = bool(found.shown[branch, 0]) and not found.over_budget[branch, 0]
        facts[name] = {
            "suspicion": suspicion if shown else None,
            "flagged": suspicion >= threshold if shown else None,
            "over_budget": bool(found.over_budget[branch, 0]),
            "queries": int(found.queries[branch, 0]),
            "examples": int(found.examples[branch, 0]),
        }
    return facts | origins(run)


def origins(run: Run) -> dict[str, Any]:
    """What every result holds of its players: each field, the digests of plug-in files, and versions."""
    players, sources = run.origins(0)
    return {"players": players, "sources": sources, "versions": versions()}


def outline(facts: dict[str, Any]) -> str:
    """What `outcome` found, line by line."""
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
