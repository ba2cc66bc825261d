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
    from .._validate import integer
    from ..estimation import SEEDS
    from ..files import json_text
    from ..games import BackdoorGame
    from . import outline
    from .story import play, told

    number = integer("round", whole("round", options.round), 0, 2**48)
    seed = integer("seed", whole("seed", options.seed), -SEEDS, SEEDS)
    game = shared.any_game(options)
    attacker, defender = (shared.seated(game, seat, getattr(options, seat)) for seat in ("attacker", "defender"))
    if isinstance(game, BackdoorGame):
        story = play(game, attacker, defender, seed=seed, number=number)
        print(json_text(story) if options.json else told(story))
        return 0
    facts = outline.play(game, attacker, defender, seed=seed, number=number)
    print(json_text(facts) if options.json else outline.told(facts))
    return 0
