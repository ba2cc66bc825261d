"""``backdoor-game compare``: a panel of defenders, or detectors, against one attacker."""

from __future__ import annotations

import argparse

from . import options as shared
from .parsing import Parser, needed, whole

EXAMPLE = """
examples:
  backdoor-game compare --functions "Thresholds(points=16)" --distribution "Uniform()" --epsilon 1/8 --seed 1 \\
      --attacker "NearestLegal()" --defender "DistillationEnsemble()" --defender "NeighbourVote()"
  backdoor-game compare --attacker "CLWEBackdoor(k=8)" --defender "Moments()" --defender "InputNorm()" --rounds 300 \\
      --game "StaticDetection(RandomFourierFeatures(features=256, dimension=64), GaussianLinear())" --seed 1
"""
KEPT = "no file is half-written"


def parser() -> Parser:
    """The options of this command."""
    made = Parser("compare", "Play several defenders against one attacker on the same rounds, and tell them apart.")
    made.epilog = EXAMPLE
    shared.add_any_game(made)
    shared.add_players(made, several=True)
    run_options = shared.add_run(made)
    run_options.add_argument("--level", metavar="LEVEL", default="0.95", help="level of all intervals together (0.95)")
    run_options.add_argument("--output", metavar="FOLDER", default="results/compare", help="folder (results/compare)")
    return made


def run(options: argparse.Namespace) -> int:
    """Check everything, play, then write JSON and figure and print the tables."""
    from ..ground import _validate
    from ..ground.files import check_writable, json_text
    from ..matches import compare

    rounds, seed = whole("rounds", options.rounds), whole("seed", options.seed)
    threads, level = whole("threads", options.threads), _validate.level(options.level)
    game = shared.any_game(options)
    attacker = shared.player(game, "attacker", options.attacker)
    needed("defender", options.defender, f'"{game.defenders[1]}"')
    defenders = [shared.player(game, "defender", source) for source in options.defender]
    folder = check_writable(options.output)
    with shared.progress("compare", options.quiet) as progress:
        found = compare(
            game,
            attacker,
            defenders,
            rounds=rounds,  # type: ignore[arg-type]
            seed=seed,
            level=level,
            threads=threads,
            progress=progress,
        )
    files = found.write(folder)
    told = "\n\n".join([str(found), "\n".join(f"wrote {path}" for path in files)])
    print(json_text({**found.to_dict(), "files": files}) if options.json else told)
    return 0
