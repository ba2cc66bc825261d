"""How often a win rate's interval holds the exact rate, and how wide it is: `python -m benchmarks.coverage`.

Five games of 2,000 rounds under 2,000 seeds each, at nominal .90, against exact enumeration of every play; beside the
width stands the normal approximation's for the same rounds. Some four minutes.
"""

from __future__ import annotations

import argparse
import math
import sys
from dataclasses import dataclass
from statistics import median

from backdoor_game import (
    AllFunctions,
    AlwaysClean,
    BackdoorGame,
    BoltzmannResampling,
    CoinFlip,
    Conjunctions,
    Intervals,
    NearestLegal,
    OptimalAttacker,
    OptimalDefender,
    Shattered,
    Singletons,
    Thresholds,
    Uniform,
    exact_win_rate,
)
from backdoor_game.games.measuring.estimation import Measure
from backdoor_game.ground.statistics import clopper_pearson

LEVEL, Z = 0.9, 1.6448536  # the normal approximation's half width in deviations
# Optimal play, blind trust, the theorem's coin, a randomised and a deterministic reply: variances from .016 to .13.
GAMES = {
    "thresholds, nearest plant, blind trust": (
        BackdoorGame(Thresholds(points=10), "1/5", Uniform()),
        NearestLegal(),
        AlwaysClean(),
    ),
    "all functions on 4 points at 1/4, coin": (BackdoorGame(AllFunctions(points=4), "1/4"), Shattered(), CoinFlip()),
    "intervals, nearest plant, Boltzmann": (
        BackdoorGame(Intervals(points=12), "1/12", Uniform()),
        NearestLegal(),
        BoltzmannResampling(),
    ),
    "conjunctions of 4 bits, optimal play": (
        BackdoorGame(Conjunctions(bits=4), "1/8", Uniform()),
        OptimalAttacker(),
        OptimalDefender(),
    ),
    "singletons, optimal attacker, Boltzmann": (
        BackdoorGame(Singletons(points=8), "1/4", Uniform()),
        OptimalAttacker(),
        BoltzmannResampling(),
    ),
}


@dataclass(frozen=True)
class Covered:
    """One game: the exact rate, how often it was inside, and median widths beside the normal approximation's.

    `ratio` is of the interval's own, `apart` of an interval for each branch at 1 - alpha/2, ends averaged.
    """

    exact: float
    variance: float
    share: float
    ratio: float
    apart: float


def covered(name: str, rounds: int, seeds: int) -> Covered:
    """Play one of the games under so many seeds."""
    game, attacker, defender = GAMES[name]
    run, exact = game.ready(attacker, defender), float(exact_win_rate(game, attacker, defender))
    inside, ratios, apart, variances = 0, [], [], []
    for seed in range(seeds):
        found = Measure(rounds, seed, LEVEL).of(run)[0]
        inside += found.low <= exact <= found.high
        losses, halves, wins = found.scores
        variance = (halves / 4 + wins) / rounds - ((halves / 2 + wins) / rounds) ** 2
        variances.append(variance)
        normal = 2 * Z * math.sqrt(variance / rounds)
        ratios.append((found.high - found.low) / normal)
        branches = [clopper_pearson(k, rounds, (1 + LEVEL) / 2) for k in (found.false_alarms, found.detections)]
        apart.append(sum(high - low for low, high in branches) / 2 / normal)
    return Covered(exact, median(variances), inside / seeds, median(ratios), median(apart))


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.coverage", description=__doc__)
    parser.add_argument("--rounds", type=int, default=2000, help="a run (default: %(default)s)")
    parser.add_argument("--seeds", type=int, default=2000, help="runs of each game (default: %(default)s)")
    options = parser.parse_args(arguments)
    heads = f"{'exact':>10}{'variance':>10}{'coverage':>10}{'width / normal':>16}{'two branches / normal':>24}"
    print(f"{'':<44}{heads}")
    for name in GAMES:
        one = covered(name, options.rounds, options.seeds)
        print(
            f"{name:<44}{one.exact:>10.6f}{one.variance:>10.4f}{one.share:>10.4f}{one.ratio:>16.3f}{one.apart:>24.3f}",
            flush=True,
        )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
