"""``backdoor-game play``: one round, told step by step."""

from __future__ import annotations

import argparse

from . import options as shared
from .parsing import Parser, whole

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
    from ..ground.files import json_text
    from ..matches import play

    seed, number = whole("seed", options.seed), whole("round", options.round)
    game = shared.any_game(options)
    attacker, defender = (shared.player(game, side, getattr(options, side)) for side in ("attacker", "defender"))
    found = play(game, attacker, defender, seed=seed, round=number)  # type: ignore[arg-type]
    print(json_text(found.to_dict()) if options.json else found)
    return 0
