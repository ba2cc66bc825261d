"""``backdoor-game mixing``: whether the Metropolis walks of a defender are long enough."""

from __future__ import annotations

import argparse

from . import options as shared
from .parsing import Parser, needed, whole

EXAMPLE = """
example:
  backdoor-game mixing --functions "Conjunctions(bits=20)" --epsilon 1/16 --distribution "Uniform()" \\
      --defender "BoltzmannResampling(steps=1000)" --seed 1
"""


def parser() -> Parser:
    """The options of this command."""
    made = Parser("mixing", "Walk from several starts towards one law, and see whether the walks agree.")
    made.epilog = EXAMPLE
    shared.add_game(made, budgets=False, variants=False)
    group = made.add_argument_group("the player")
    group.add_argument("--defender", metavar="SPEC", help='such as "BoltzmannResampling(steps=1000)"')
    run_options = shared.add_run(made, rounds=False)
    run_options.add_argument("--rounds", metavar="COUNT", default="64", help="functions that walks start from (64)")
    run_options.add_argument("--chains", metavar="COUNT", default="4", help="walks for each of them (4)")
    return made


def run(options: argparse.Namespace) -> int:
    """Walk, then print a summary or one JSON object."""
    from ..catalog.names import make
    from ..games.measuring.mixing import mixing
    from ..ground.files import json_text
    from ..players.defenders import BoltzmannResampling

    rounds, chains, seed = (whole(name, getattr(options, name)) for name in ("rounds", "chains", "seed"))
    game = shared.game(options)
    source = needed("defender", options.defender, '"BoltzmannResampling(steps=1000)"')
    defender = make(source, BoltzmannResampling, "defender")
    with shared.progress("mixing", options.quiet) as progress:
        found = mixing(game, defender, chains=chains, rounds=rounds, seed=seed, progress=progress)  # type: ignore[arg-type]
    print(json_text(found.to_dict()) if options.json else found)
    return 0
