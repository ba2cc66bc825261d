"""``backdoor-game play``: one round, told step by step."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from . import options as shared
from .parsing import Parser, whole

if TYPE_CHECKING:
    from ..games import Game

EXAMPLE = """
example:
  backdoor-game play --functions "Thresholds(points=20)" --distribution "Uniform()" --epsilon 1/10 \\
      --attacker "NearestLegal()" --defender "DistillationEnsemble()" --seed 1 --round 7
"""


def parser() -> Parser:
    """The options of this command."""
    made = Parser("play", "Tell one round: round number R of the run that estimate plays under the same seed.")
    made.epilog = EXAMPLE
    shared.add_any_game(made)
    shared.add_players(made)
    run_options = shared.add_run(made, rounds=False)
    run_options.add_argument("--round", metavar="R", default="0", help="which round of the run, from 0 on (0)")
    return made


def run(options: argparse.Namespace) -> int:
    """Play the round and tell it, or print it as one JSON object."""
    from ..games import BackdoorGame
    from ..ground._validate import integer
    from ..ground.files import json_text
    from ..ground.seeds import fresh_or
    from .narration import told
    from .story import play

    number = integer("round", whole("round", options.round), 0, 2**48)
    seed = fresh_or(whole("seed", options.seed))
    game = shared.any_game(options)
    attacker, defender = (shared.player(game, side, getattr(options, side)) for side in ("attacker", "defender"))
    if isinstance(game, BackdoorGame):
        story = play(game, attacker, defender, seed=seed, number=number)
        print(json_text(story) if options.json else told(story))
        return 0
    facts = _outcome(game, attacker, defender, seed=seed, number=number)
    print(json_text(facts) if options.json else _outline(facts))
    return 0


def _outcome(game: Game, attacker: Any, defender: Any, *, seed: int, number: int) -> dict[str, Any]:
    """Round `number` of the run that `estimate` plays under this seed, as any game's outcome says it: plain data."""
    from ..games.base import Streams
    from ..games.outcomes import STATUS
    from ..ground.spec import text

    run = game.ready(attacker, defender)
    (outcome,) = run.play(Streams(seed, game), range(number, number + 1))
    threshold = float(run.defenders[0].threshold)
    facts: dict[str, Any] = {
        "game": text(game),
        "attacker": text(run.attacker),
        "defender": text(run.defenders[0]),
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


def _outline(facts: dict[str, Any]) -> str:
    """The same, line by line."""
    from ..ground.columns import pairs

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
