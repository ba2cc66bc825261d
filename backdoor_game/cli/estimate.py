"""``backdoor-game estimate``: many rounds, and the win rate with its interval."""

from __future__ import annotations

import argparse

from . import options as shared
from .parsing import Parser, whole

EXAMPLE = """
example:
  backdoor-game estimate --functions "AllFunctions(points=8)" --epsilon 1/8 \\
      --attacker "Shattered()" --defender "DistillationEnsemble()" --rounds 20000 --seed 1
  backdoor-game estimate --attacker "CLWEBackdoor(k=8)" --defender "Moments()" --rounds 300 --seed 1 \\
      --game "StaticDetection(RandomFourierFeatures(features=256, dimension=64), GaussianLinear())"
"""


def parser() -> Parser:
    """The options of this command."""
    made = Parser("estimate", "Play rounds and measure how often the defender is right.")
    made.epilog = EXAMPLE
    shared.add_any_game(made)
    shared.add_players(made)
    run_options = shared.add_run(made)
    run_options.add_argument("--level", metavar="LEVEL", default="0.95", help="level of each interval (0.95)")
    run_options.add_argument(
        "--half-width", metavar="WIDTH", help="stop once an anytime-valid interval is this narrow to either side"
    )
    run_options.add_argument("--literal", action="store_true", help="toss the coin: one branch a round, not both")
    return made


def run(options: argparse.Namespace) -> int:
    """Measure, then print a summary or one JSON object."""
    from ..ground.files import json_text
    from ..matches import estimate

    rounds, seed = whole("rounds", options.rounds), whole("seed", options.seed)
    threads = shared.threads(options)
    game = shared.any_game(options)
    attacker, defender = (shared.player(game, side, getattr(options, side)) for side in ("attacker", "defender"))
    with shared.progress("estimate", options.quiet) as progress:
        found = estimate(
            game,
            attacker,
            defender,
            rounds=rounds,  # type: ignore[arg-type]
            seed=seed,
            level=options.level,
            half_width=options.half_width,
            literal=options.literal,
            threads=threads,
            progress=progress,
        )
    print(json_text(found.to_dict()) if options.json else found)
    return 0
