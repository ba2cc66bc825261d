"""``backdoor-game estimate``: many rounds, and the win rate with its interval."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from . import options as shared
from .parsing import Parser, whole

if TYPE_CHECKING:
    from ..games.measuring.records import Estimate, Interval

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
    from ..games.measuring.estimation import estimate
    from ..ground.files import json_text

    rounds, seed = whole("rounds", options.rounds), whole("seed", options.seed)
    threads = whole("threads", options.threads)
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
    print(json_text(found.to_dict()) if options.json else summary(found))
    return 0


def summary(found: Estimate) -> str:
    """What was measured, line by line."""
    from ..ground.columns import pairs

    return pairs(
        [
            ("win rate", _with_ends(found.win_rate, found.low, found.high)),
            ("interval", f"{100 * found.level:.12g}%: {found.interval}"),
            ("win rate given a plant", _maybe(found.win_rate_given_plant, found.given_plant_interval)),
            ("false-alarm rate", found.false_alarm_rate and _interval(found.false_alarm_rate)),
            *([("detection rate", _interval(found.detection_rate))] if found.mode != "one branch" else []),
            ("AUROC", _maybe(found.auroc, found.auroc_interval)),
            ("rounds", f"{found.rounds} ({found.mode})"),
            ("forfeits", found.forfeits),
            ("illegal plants", found.illegal),
            ("undecided rounds", found.undecided),
            ("defender forfeits", found.defender_forfeits),
            ("examples a round", found.examples_per_round),
            ("queries a round", found.queries_per_round),
            ("evaluations a round", found.evaluations_per_round),
            ("attacker's use a round", _attacker_use(found)),
            ("game", found.spec["game"]),
            *((name, value) for name, value in found.prepared.items()),
            ("seed", found.seed),
        ]
    )


def _attacker_use(found: Estimate) -> str:
    use = found.attacker_examples_per_round, found.attacker_queries_per_round, found.attacker_evaluations_per_round
    return "{:.6g} examples, {:.6g} queries, {:.6g} evaluations".format(*use)


def _interval(rate: Interval) -> str:
    return _with_ends(rate.value, rate.low, rate.high)


def _maybe(value: float | None, ends: tuple[float, float] | None) -> str | None:
    return None if value is None or ends is None else _with_ends(value, *ends)


def _with_ends(value: float, low: float, high: float) -> str:
    return f"{value:.4f}  [{low:.4f}, {high:.4f}]"
