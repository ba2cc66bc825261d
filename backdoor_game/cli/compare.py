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
    shared.add_overwrite(run_options)
    return made


def run(options: argparse.Namespace) -> int:
    """Check everything, play, then write JSON and figure and print the tables."""
    from ..figures.saving import check_drawing
    from ..ground import _validate
    from ..ground.files import gathered, json_text
    from ..ground.outputs import claim
    from ..ground.seeds import fresh_or
    from ..ground.spec import text
    from ..matches import compare

    rounds = _validate.integer("rounds", whole("rounds", options.rounds), 1, 2**48)
    seed, threads = fresh_or(whole("seed", options.seed)), shared.threads(options)
    level = _validate.level(options.level)
    game = shared.any_game(options)
    attacker = shared.player(game, "attacker", options.attacker)
    needed("defender", options.defender, f'"{game.defenders[1]}"')
    defenders = [shared.player(game, "defender", source) for source in options.defender]
    about = {"game": text(game), "attacker": text(attacker), "rounds": rounds, "seed": seed, "level": level}
    place = claim(options.output, "compare.json", about, overwrite=options.overwrite)
    check_drawing()
    how = {"rounds": rounds, "seed": seed, "level": level, "threads": threads}
    with shared.progress("compare", options.quiet) as progress:
        found = compare(game, attacker, defenders, **how, progress=progress)  # type: ignore[arg-type]
    with gathered() as waiting:
        files = list(found.write(place.folder))
    with shared.kept(place, waiting, files):
        told = "\n\n".join([str(found), "\n".join(f"wrote {path}" for path in files)])
        print(json_text({**found.to_dict(), "files": files}) if options.json else told)
    return 0
