"""Theorem 6.1: one look at the leaf that the input reaches defends decision trees, without learning anything."""

from __future__ import annotations

import dataclasses
import math
import time

import numpy as np

from .. import bounds, figures
from ..exact.responses import HillClimbAttacker
from ..functions import DecisionTrees
from ..games import BackdoorGame
from ..games.measuring.records import Estimate
from ..games.measuring.together import Match
from ..ground.streams import role_keys
from ..players.attackers import Attacker, DeepestLegal, GraftPath
from ..players.defenders import Defender, DistillationEnsemble, LeafMass
from ..players.learners import TreeLearner
from ..players.views import DefenderBlock, Meter
from ..spaces.distributions import Distribution, ProductBits, Uniform
from .shared.base import Report, Settings, Table, Verdict
from .shared.cells import BARS, against, blind, measure, missed, planted, point, rate_interval, starred

NAME = "theorem-6.1"
TITLE = "Theorem 6.1: the mass of a leaf defends decision trees"
# (delta/s)^2 is 1/4,096 at delta = 1/4: paths of 12 bits, and more bits than that
TREES = DecisionTrees(bits=20, leaves=16)
LEAST_PLANTED = 0.2  # an attacker that seldom plants would test nothing
LOOKED_AT = 3  # intervals of one estimate: win rate, false alarms, misses
# of plants: before an old leaf they weigh at most epsilon, and few are four times that, where the rest agrees already
HEAVIER = 0.1


@dataclasses.dataclass(frozen=True)
class TreeLine:
    """One line of the experiment: delta and D, who attacks, and epsilon."""

    delta: float
    law: Distribution
    attacker: Attacker
    epsilon: float

    @property
    def threshold(self) -> float:
        """delta/s, under which a leaf is flagged."""
        return bounds.leaf_mass_threshold(self.delta, TREES.leaves)

    @property
    def covered(self) -> bool:
        """Whether the theorem speaks."""
        return self.epsilon < self.threshold**2

    @property
    def bits(self) -> str:
        """Which law the bits have, in a word."""
        return "uniform" if isinstance(self.law, Uniform) else "biased"

    @property
    def who(self) -> str:
        """The attacker's name."""
        return type(self.attacker).__name__


Results = dict[TreeLine, Estimate]


def lines() -> list[TreeLine]:
    """Both attackers at both deltas around (delta/s)^2 and delta/s; the hill climber once in each range."""
    found = []
    for delta, law, leaves in ((1 / 4, Uniform(), 4), (1 / 4, ProductBits(0.3), 4), (1 / 10, Uniform(), 2)):
        t = delta / TREES.leaves
        grid = (0.8 * t**2, 0.99 * t**2, t / 32, t / 8, t / 4, t / 2, t, 2 * t)
        players: tuple[Attacker, ...] = (GraftPath(leaves=leaves), DeepestLegal())
        found += [TreeLine(delta, law, player, epsilon) for player in players for epsilon in grid]
        climber = HillClimbAttacker(LeafMass(delta), budget=1000, plants_budget=4)
        found += [TreeLine(delta, law, climber, epsilon) for epsilon in (0.99 * t**2, t / 2)]
    return found


def run(settings: Settings) -> Report:
    """Play every line, and time one look of the defender and of a distillation."""
    grid = lines()
    cells = [_cell(line, settings) for line in grid]
    results = dict(zip(grid, measure(cells, settings, each=LOOKED_AT), strict=True))
    points = [
        point(cell, results[line], delta=line.delta, threshold=line.threshold, plant_rate=planted(results[line]))
        for line, cell in zip(grid, cells, strict=True)
    ]
    pictures = dict.fromkeys((line.delta, line.law) for line in grid)
    files = [path for delta, law in pictures for path in _draw(delta, law, results, settings.output)]
    return Report(NAME, TITLE, (_table(results), _times()), _verdicts(results), {"cells": points}, tuple(files))


def _cell(line: TreeLine, settings: Settings) -> Match:
    rounds = 65_536 if settings.full else 16_384
    rounds = rounds // 4 if isinstance(line.attacker, HillClimbAttacker) else rounds
    return Match(BackdoorGame(TREES, line.epsilon, line.law), line.attacker, LeafMass(line.delta), rounds)


def _looks(found: Estimate) -> float:
    """Evaluations a look: the clean input is looked at in every round, the trigger where there is a plant."""
    return found.evaluations_per_round / (1 + planted(found))


def _table(results: Results) -> Table:
    rows = []
    for line, found in results.items():
        held = f"{1 - line.delta:.2f}" if line.covered else "-"
        where = f"{line.epsilon:.2e}", f"{line.epsilon / line.threshold:.4f}"
        known = (f"{line.delta:g}", line.bits, against(line.who, found), *where)
        rates = (f"{planted(found):.3f}", f"{found.false_alarms / found.rounds:.4f}", f"{found.win_rate:.4f}")
        rows.append((*known, *rates, f"[{found.low:.4f}, {found.high:.4f}]", blind(found), held))
    header = ("delta", "bits", "attacker", "epsilon", "epsilon s/delta", "plants", "false alarms", "win rate")
    title = starred(f"LeafMass(delta) on {TREES!r}", rows)
    return Table(title, (*header, "interval", "blind", "bound"), tuple(rows))


def _verdicts(results: Results) -> tuple[Verdict, ...]:
    alarms = max(rate_interval(found, found.false_alarms)[0] - line.delta for line, found in results.items())
    covered = {line: found for line, found in results.items() if line.covered}
    least = min(found.high - (1 - line.delta) for line, found in covered.items())
    grafted = min(planted(found) for line, found in results.items() if isinstance(line.attacker, GraftPath))
    rates = [rate for rate in map(planted, covered.values()) if rate > 0]
    plants = f"plants on {len(rates)} of them, in {min(rates, default=0):.2g} to {max(rates, default=0):.2g} of rounds"
    used = {(found.examples_per_round, round(_looks(found), 9)) for found in results.values()}
    return (
        Verdict(
            "no false-alarm interval lies wholly above delta",
            f"largest lower end minus delta {alarms:+.4f} over {len(results)}",
            "at most 0",
            alarms <= 0,
        ),
        Verdict(
            "under epsilon = (delta/s)^2 no win-rate interval lies wholly under 1 - delta",
            f"least upper end minus (1 - delta) {least:+.4f} over {len(covered)}; {plants}",
            "at least 0",
            least >= 0,
        ),
        Verdict(
            "GraftPath plants in at least a fifth of the rounds, everywhere",
            f"least plant rate {grafted:.3f}",
            f"at least {LEAST_PLANTED}",
            grafted >= LEAST_PLANTED,
        ),
        Verdict(
            "the meters show no example and one evaluation a look",
            ", ".join(f"{examples:g} and {looks:g}" for examples, looks in sorted(used)),
            "0 and 1",
            used == {(0.0, 1.0)},
        ),
        *_sharp(results),
    )


def _sharp(results: Results) -> tuple[Verdict, ...]:
    """Beyond the theorem: which plants of GraftPath weigh enough on uniform bits, where masses are powers of 1/2."""
    fair = {line: found for line, found in results.items() if line.who == "GraftPath" and line.bits == "uniform"}
    light = {line: found for line, found in fair.items() if line.epsilon <= line.threshold / 4}
    heavy = {line: found for line, found in fair.items() if _path_mass(line.epsilon) >= line.threshold}
    most = max((rate_interval(found, missed(found))[1] for found in light.values()), default=1.0)
    least = min((missed(found) / found.rounds for found in heavy.values()), default=0.0)
    return (
        Verdict(
            "on uniform bits GraftPath's plants are caught up to epsilon = delta/(4 s)",
            f"misses up to {most:.4f} of rounds over {len(light)}",
            f"at most {HEAVIER:g}",
            most <= HEAVIER,
        ),
        Verdict(
            "and none is, once a path of fair bits within epsilon weighs delta/s",
            f"misses from {least:.4f} of rounds over {len(heavy)}",
            "all",
            least == 1,
        ),
    )


def _path_mass(epsilon: float) -> float:
    """The mass of the shortest path of fair bits that weighs at most epsilon: a leaf there may have either label."""
    return float(2.0 ** math.floor(math.log2(epsilon)))


def _times() -> Table:
    """Wall time a look: it varies from machine to machine, so it stands in no file and in no verdict."""
    delta = 1 / 4
    game = BackdoorGame(TREES, bounds.leaf_mass_threshold(delta, TREES.leaves), Uniform())
    learner = TreeLearner()
    players: list[tuple[Defender, int]] = [
        (LeafMass(delta), 4096),
        (DistillationEnsemble(learner=learner, members=1, examples=bounds.voting_examples(game.epsilon)), 256),
        (DistillationEnsemble(learner=learner), 8),
    ]
    rows = []
    for player, looks in players:
        ready = player.prepare(game)
        first, *more = [_seconds(ready, game, looks) / looks for _ in range(4)]
        del first  # compiles
        rows.append((repr(ready), f"{1e6 * min(more):.3g}"))
    return Table(f"time of one look at epsilon = {game.epsilon:g}, in microseconds", ("defender", "time"), tuple(rows))


def _seconds(player: Defender, game: BackdoorGame, looks: int) -> float:
    keys = [role_keys(0, NAME, role, 0, looks) for role in ("choose", "fresh", "defender/0", "oracle/0")]
    law = game.distribution
    assert law is not None
    codes, X = TREES.sample_block(keys[0]), law.sample_block(keys[1], 0, 1)[:, 0]
    view = DefenderBlock(game, law, codes, X, keys[2], keys[3], Meter(looks))
    start = time.perf_counter()
    answers = player.suspicion_block(view)
    assert np.isfinite(answers).all()
    return time.perf_counter() - start


def _draw(delta: float, distribution: Distribution, results: Results, folder: str) -> tuple[str, ...]:
    series = []
    mine = {line: found for line, found in results.items() if (line.delta, line.law) == (delta, distribution)}
    bits = next(line.bits for line in mine)
    for who in dict.fromkeys(line.who for line in mine):
        points = [(line.epsilon, found) for line, found in mine.items() if line.who == who]
        at, found = [epsilon for epsilon, _ in points], [one for _, one in points]
        series.append(
            figures.Series(who, at, [f.win_rate for f in found], [f.low for f in found], [f.high for f in found])
        )
    t = bounds.leaf_mass_threshold(delta, TREES.leaves)
    theory = [
        # False alarms stay under delta everywhere, so that from (delta/s)^2 on half of 1 - delta is left.
        figures.Line(
            "at least 1 − δ under (δ/s)², (1 − δ)/2 beyond",
            [t**2 / 4, t**2, math.nan, t**2, 2 * t],
            [1 - delta, 1 - delta, math.nan, (1 - delta) / 2, (1 - delta) / 2],
        ),
        figures.Line("ε = δ/s", [t, t], [0.3, 1.0]),
    ]
    figure = figures.curve_figure(
        series,
        theory,
        title=f"Theorem 6.1: the leaf's mass, δ = {delta:g}, {TREES.leaves} leaves, {TREES.bits} {bits} bits",
        xlabel="ε, the largest legal distance of f and f* (probability)",
        interval=BARS,
        guessing=True,
        log_x=2,
        y_range=(0.35, 1.02),
        dodge=False,  # the bound ends at (delta/s)^2, and points stand right before it
    )
    return figures.save(figure, folder, f"{NAME}-{bits}-{round(1 / delta)}")
