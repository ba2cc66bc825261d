"""``backdoor-game solve``: the exact value of a finite game, and how far given strategies are from optimal."""

from __future__ import annotations

import argparse
import dataclasses
from typing import Any

from ..ground import _validate
from ..ground.spec import text
from . import options as shared
from .parsing import Parser, whole

EXAMPLE = """
examples:
  backdoor-game solve --functions "Thresholds(points=10)" --distribution "Uniform()" --epsilon 1/5 --exact
  backdoor-game solve --functions "Intervals(points=16)" --distribution "Uniform()" --epsilon 2/16 \\
      --defender "BoltzmannResampling()" --defender "mine.py:Mine(threshold=0.3)" --seed 1
"""


def parser() -> Parser:
    """The options of this command."""
    made = Parser("solve", "The value of a finite game under optimal play, with a proof from both sides.")
    made.epilog = EXAMPLE
    shared.add_game(made, budgets=False)
    group = made.add_argument_group("strategies to weigh against optimal play; each may be given several times")
    group.add_argument("--attacker", metavar="SPEC", action="append", default=[], help='such as "NearestLegal()"')
    group.add_argument("--defender", metavar="SPEC", action="append", default=[], help='such as "CoinFlip()"')
    solving = made.add_argument_group("the solution")
    solving.add_argument(
        "--exact", action="store_true", help="also the value as a fraction, proved in rational arithmetic"
    )
    solving.add_argument(
        "--tolerance", metavar="GAP", help="largest gap between the two guarantees (1e-6; large games 1e-4)"
    )
    solving.add_argument(
        "--steps", metavar="COUNT", help="without --distribution: games solved in the search for one (200)"
    )
    run_options = shared.add_run(made, rounds=False)
    run_options.add_argument(
        "--rounds", metavar="COUNT", default="20000", help="fresh rounds for strategies that can only be sampled"
    )
    return made


def run(options: argparse.Namespace) -> int:
    """Solve, weigh the strategies, then print a summary or one JSON object."""
    from ..exact.solving import DistributionSearch, solve
    from ..ground.errors import InvalidArgument
    from ..ground.files import json_text
    from ..ground.seeds import fresh_or
    from ..matches.weighing import tabulated, weigh

    game = shared.game(options)
    seed = fresh_or(whole("seed", options.seed))
    rounds = _validate.integer("rounds", whole("rounds", options.rounds), 1)
    steps = whole("steps", options.steps)
    strategies: list[Any] = [shared.attacker(source) for source in options.attacker]
    strategies += [shared.defender(source) for source in options.defender]
    if strategies and game.distribution is None:
        raise InvalidArgument('strategies are weighed under a fixed D: pass for example --distribution "Uniform()"')
    if steps is not None and game.distribution is not None:
        raise InvalidArgument("--steps is for the search of a D: leave --distribution or --steps out")
    search = (
        None if game.distribution is not None else DistributionSearch(steps=200 if steps is None else steps, seed=seed)
    )
    with shared.progress("solve", options.quiet) as progress:
        found = solve(
            game, tolerance=options.tolerance, exact=options.exact, search_distribution=search, progress=progress
        )
        weighed = weigh(game, strategies, tolerance=options.tolerance, rounds=rounds, seed=seed, progress=progress)
    if options.json:
        rows = {text(one.strategy): one.to_dict() for one in weighed}
        told = {"exploitability": rows, "exploitability_rounds": rounds} if rows else {}
        print(json_text({**found.to_dict(), **told}))
        return 0
    (block,) = found.blocks()
    if search is None and any(one.found.seed is not None for one in weighed):
        block = dataclasses.replace(block, rows=[*block.rows, ("seed", seed)])
    print("\n\n".join([block.text(), *([tabulated(weighed).text()] if weighed else [])]))
    return 0
