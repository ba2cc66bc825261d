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
    shared.add_game(made)
    shared.add_players(made)
    run_options = shared.add_run(made, rounds=False)
    run_options.add_argument("--round", metavar="R", default="0", help="which round of the run, from 0 on (0)")
    return made


def run(options: argparse.Namespace) -> int:
    """Play the round and tell it, or print it as one JSON object."""
    from .._validate import integer
    from ..estimation import SEEDS
    from ..files import json_text
    from .story import play, told

    number = integer("round", whole("round", options.round), 0, 2**48)
    seed = integer("seed", whole("seed", options.seed), -SEEDS, SEEDS)
    game = shared.game(options)
    attacker, defender = shared.attacker(options.attacker), shared.defender(options.defender)
    story = play(game, attacker, defender, seed=seed, number=number)
    print(json_text(story) if options.json else told(story))
    return 0
