"""``backdoor-game solve``: the exact value of a finite game, and how far given strategies are from optimal."""

from __future__ import annotations

import argparse
import dataclasses
from typing import TYPE_CHECKING, Any

from ..ground import _validate
from ..ground.errors import InvalidArgument
from ..ground.seeds import fresh_or
from ..ground.spec import text
from . import options as shared
from . import pictures, value_curve
from .parsing import Parser, whole

if TYPE_CHECKING:
    from ..exact.solving import DistributionSearch, OptimalPlay
    from ..games import BackdoorGame

EXAMPLE = """
examples:
  backdoor-game solve --functions "Thresholds(points=10)" --distribution "Uniform()" --epsilon 1/5 --exact
  backdoor-game solve --functions "Intervals(points=4)" --epsilon 0.3 --certify
  backdoor-game solve --functions "Intervals(points=16)" --distribution "Uniform()" --epsilon 2/16 \\
      --defender "BoltzmannResampling()" --defender "mine.py:Mine(threshold=0.3)" --seed 1
  backdoor-game solve --functions "Thresholds(points=10)" --distribution "Uniform()" --curve --exact --figure curve.png
  backdoor-game solve --functions "Thresholds(points=10)" --distribution "Uniform()" --epsilon 1/5 --play
  backdoor-game solve --functions "Thresholds(points=10)" --distribution "Uniform()" --epsilon 1/5 --sees "Queries(q=2)"
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
    solving.add_argument(
        "--certify", action="store_true", help="without --distribution: a proved interval around the value over every D"
    )
    solving.add_argument(
        "--time-limit", metavar="SECONDS", help="with --certify: when it is over the interval is wider (no limit)"
    )
    solving.add_argument(
        "--sees", metavar="SPEC", help="what the defender sees of f' and x', such as \"Examples(m=4)\" (all of them)"
    )
    solving.add_argument("--play", action="store_true", help="also optimal play: f, the plants by trigger, the flags")
    pictures.add_figure(solving)
    value_curve.add_curve(solving)
    run_options = shared.add_run(made, rounds=False)
    run_options.add_argument(
        "--rounds", metavar="COUNT", default="20000", help="fresh rounds for strategies that can only be sampled"
    )
    return made


def run(options: argparse.Namespace) -> int:
    """Solve, weigh the strategies, then print a summary or one JSON object."""
    from ..ground.files import json_text

    value_curve.check(options)
    if options.curve:
        return value_curve.run(options)
    game = shared.game(options)
    seed = fresh_or(whole("seed", options.seed))
    search = _search(options, game, seed)
    rounds = _validate.integer("rounds", whole("rounds", options.rounds), 1)
    strategies: list[Any] = [shared.attacker(source) for source in options.attacker]
    strategies += [shared.defender(source) for source in options.defender]
    if strategies and game.distribution is None:
        raise InvalidArgument('strategies are weighed under a fixed D: pass for example --distribution "Uniform()"')
    place = pictures.claimed(options.figure, overwrite=options.overwrite)
    told, plain, shown = _solved(options, game, search, strategies, rounds, seed)
    with pictures.drawn(place, shown) as files:
        plain |= {"files": files} if place else {}
        told += [f"wrote {path}" for path in files]
        print(json_text(plain) if options.json else "\n\n".join(told))
    return 0


def _search(options: argparse.Namespace, game: BackdoorGame, seed: int) -> DistributionSearch | None:
    """How D is looked for where the game leaves it open."""
    from ..exact.solving import DistributionSearch

    steps = whole("steps", options.steps)
    if game.distribution is None:
        return DistributionSearch(steps=200 if steps is None else steps, seed=seed)
    if steps is not None:
        raise InvalidArgument("--steps is for the search of a D: leave --distribution or --steps out")
    return None


def _solved(
    options: argparse.Namespace,
    game: BackdoorGame,
    search: DistributionSearch | None,
    strategies: list[Any],
    rounds: int,
    seed: int,
) -> tuple[list[str], dict[str, Any], OptimalPlay | None]:
    """What is said in words and in JSON, and the play where it is to be seen."""
    from ..exact.solving import solve
    from ..exact.solving.shown import refuse_crowds
    from ..matches.weighing import tabulated, weigh

    how: dict[str, Any] = {"tolerance": options.tolerance}
    visible = options.play or options.figure is not None
    if visible and game.distribution is not None:
        refuse_crowds(game.distribution, drawn=options.figure is not None)
    with shared.progress("solve", options.quiet) as progress:
        over = {"search_distribution": search, "certify": options.certify, "time_limit": options.time_limit}
        over |= {"sees": options.sees}
        found = solve(game, **how, exact=options.exact, **over, progress=progress)
        weighed = weigh(game, strategies, **how, rounds=rounds, seed=seed, progress=progress)
        shown = found.optimal_play(progress=progress) if visible else None
    (block,) = found.blocks()
    if search is None and any(one.found.seed is not None for one in weighed):
        block = dataclasses.replace(block, rows=[*block.rows, ("seed", seed)])
    told, plain = [block.text()], found.to_dict()
    if weighed:
        table = tabulated(weighed)
        if found.sees is not None:
            worth = f"worth {weighed[0].found.game_value:.6f}"
            note = f"strategies are weighed in the game whose defender sees all of f' and x', {worth}"
            table = dataclasses.replace(table, notes=[*table.notes, note])
        told.append(table.text())
        rows = {text(one.strategy): one.to_dict() for one in weighed}
        plain |= {"exploitability": rows, "exploitability_rounds": rounds}
    if shown is not None and options.play:
        told.append(str(shown))
        plain["play"] = shown.to_dict()
    return told, plain, shown
