"""``backdoor-game solve``: the exact value of a finite game, and how far given strategies are from optimal."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from ..ground import _validate
from ..ground.spec import text
from . import options as shared
from .parsing import Parser, whole

if TYPE_CHECKING:
    from ..exact.solving import Exploitability, Solution
    from ..games import BackdoorGame

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
    from ..exact.solving import DistributionSearch, exploitability, solve
    from ..ground.errors import InvalidArgument
    from ..ground.files import json_text
    from ..ground.seeds import fresh_or

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
        weighed = [
            (
                strategy,
                exploitability(
                    game, strategy, tolerance=options.tolerance, rounds=rounds, seed=seed, progress=progress
                ),
            )
            for strategy in strategies
        ]
    blind = {strategy: _blind(game, strategy, rounds) for strategy in strategies}
    if options.json:
        rows = {text(strategy): {**one.to_dict(), "blind": blind[strategy]} for strategy, one in weighed}
        searched = {} if search is None else {"seed": search.seed}
        print(json_text({**found.to_dict(), **searched, **({"exploitability": rows} if rows else {})}))
        return 0
    drawn = None if search is None and all(one.seed is None for _, one in weighed) else seed
    print(summary(found, drawn) + _weighed(weighed, blind))
    return 0


def summary(found: Solution, seed: int | None) -> str:
    """The value, its proof and the size of the game, line by line; the seed where something was drawn."""
    from ..ground.columns import pairs

    value = ("value under the D found", f"{found.value:.6f}") if found.at_most else ("value", f"{found.value:.6f}")
    rows: list[tuple[str, Any]] = [("value over all D", f"at most {found.upper:.6f}")] if found.at_most else []
    rows.append(value)
    if found.fraction is not None:
        rows.append(("as a fraction", found.fraction))
    if not found.at_most:
        rows.append(("defender wins at least", f"{found.lower:.6f}"))
    rows += [
        ("attacker allows at most", f"{found.upper:.6f}"),
        ("gap", f"{found.gap:.2g}"),
        ("status", found.status),
        ("method", found.method),
        ("functions, points", f"{found.functions}, {found.points}"),
        ("legal triples (f, f*, x)", found.triples),
        ("game", found.game),
        ("distribution", text(found.distribution)),
        ("optimal players", f"{text(found.attacker)}, {text(found.defender)}"),
    ]
    if seed is not None:
        rows.append(("seed", seed))
    return pairs(rows)


def _blind(game: BackdoorGame, strategy: Any, rounds: int) -> float | None:
    """What always-clean or always-flag wins where a strategy meets its best reply; None where that is not known."""
    from ..exact.responses import WorstAttack
    from ..ground.errors import BackdoorGameError
    from ..matches.exactness import against
    from ..players.defenders import Defender

    attacker = WorstAttack(strategy) if isinstance(strategy, Defender) else strategy
    try:
        return float(against(game, attacker, rounds)["blind_exact"])
    except BackdoorGameError:
        return None


def _weighed(weighed: list[tuple[Any, Exploitability]], blind: dict[Any, float | None]) -> str:
    """The strategies' distance from optimal play, as a table."""
    from ..exact.averaging.ways import ESTIMATED
    from ..ground.columns import aligned

    if not weighed:
        return ""
    rows = [(text(strategy), _with_ends(one), one.win_rate, blind[strategy], one.how) for strategy, one in weighed]
    header = ("strategy", "exploitability", "win rate against the best reply", "blind", "averaged")
    sampled = any(one.how == ESTIMATED for _, one in weighed)
    note = "\nestimated: of the best reply found, in fresh rounds, with a 95% interval; a better one may exist"
    return "\n\n" + aligned(header, rows) + note * sampled


def _with_ends(one: Exploitability) -> str:
    """The exploitability, with its interval where it was measured."""
    from ..exact.averaging.ways import ESTIMATED

    ends = f"  [{one.low:.4f}, {one.high:.4f}]" if one.how == ESTIMATED else ""
    return f"{one.value:.4f}{ends}"
