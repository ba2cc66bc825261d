"""Theorem 5.3, D uniform: keyed hashes are defended by trust alone, and learnt by no efficient learner."""

from __future__ import annotations

import dataclasses

import numpy as np

from ... import bounds, figures
from ...exact.responses import HillClimbAttacker
from ...functions import FunctionClass, RandomOracle
from ...functions.table import table
from ...games import BackdoorGame
from ...games.measuring.records import Estimate
from ...games.measuring.together import Match
from ...players.attackers import Attacker, NearestLegal, NoAttack, RandomLegal
from ...players.defenders import AlwaysClean, BoltzmannResampling, DistillationEnsemble
from ...players.learners import ConsistentERM, Learner, Memorizer, RandomSearch
from ...spaces.distributions import Uniform
from ..shared.base import FAMILY_LEVEL, Report, Settings, Table, Verdict
from ..shared.beyond import marked, said
from ..shared.cells import against, alarm_rate, blind, measure, point, starred
from . import open_law

NAME = "theorem-5.3"
TITLE = "Theorem 5.3, D uniform: defendable without being learnable (keyed hashes for a random oracle) [simulated]"
EPSILON = 0.25  # hashes differ on about half of the inputs: nothing comes near it
DEFENDED = ((5, 7), (6, 8), (7, 9))  # key bits and bits: so many inputs that no two keys come within 1/4 by chance
# 512 keys, all of which can be tried; 24 labels single out one of them
KEY_BITS, BITS, EXAMPLES = 9, 16, 24
TRIES = (1, 16, 32, 64, 128, 256)  # up to half of the keys
SEARCH, MEMORY, UNBOUNDED = "tries q random keys", "memorizer (q = 0)", "tries all keys (unbounded)"
WORTH = f"simultaneous {FAMILY_LEVEL:.0%} Clopper-Pearson intervals"


@dataclasses.dataclass(frozen=True)
class Learnt:
    """One learner's cell: how many different keys it asks the oracle for, and the most that it can be right."""

    label: str
    cell: Match
    queried: int
    bound: float


def defended_cells(rounds: int) -> list[Match]:
    """Attackers that look for a plant on classes that are small enough to list, against blind trust."""
    attackers: tuple[Attacker, ...] = (
        NearestLegal(),
        RandomLegal(),
        HillClimbAttacker(BoltzmannResampling(), budget=200, triggers=8),
    )
    games = [BackdoorGame(RandomOracle(key_bits=k, bits=n), EPSILON, Uniform()) for k, n in DEFENDED]
    return [Match(game, attacker, AlwaysClean(), rounds) for game in games for attacker in attackers]


def learners(settings: Settings) -> list[Learnt]:
    """Learners on one class, each as the only member of a distillation: its false alarms are its mistakes."""
    tries = TRIES if not settings.full else (*TRIES, 512, 1024)
    chosen: list[tuple[str, Learner, int]] = [(SEARCH, RandomSearch(tries=q), q) for q in tries]
    chosen += [(MEMORY, Memorizer(), 0), (UNBOUNDED, ConsistentERM(), 2**KEY_BITS)]
    game = BackdoorGame(RandomOracle(key_bits=KEY_BITS, bits=BITS), EPSILON, Uniform())
    rounds = 65_536 if settings.full else 8_192
    found = []
    for label, learner, q in chosen:
        defender = DistillationEnsemble(learner=learner, members=1, examples=EXAMPLES, threshold=0.5)
        bound = bounds.random_oracle_accuracy(KEY_BITS, BITS, q, EXAMPLES)
        found.append(Learnt(label, Match(game, NoAttack(), defender, rounds), q, bound))
    return found


def run(settings: Settings) -> Report:
    """Let attackers look for plants and learners guess at fresh points, D uniform; then let a star attack pick D."""
    trusted, learnt = defended_cells(4_096 if settings.full else 512), learners(settings)
    even, small = open_law.uniform_cells(settings), open_law.small_cells(settings)
    results = iter(measure([*trusted, *(one.cell for one in learnt), *even, *small], settings))
    played, guessed = [(c, next(results)) for c in trusted], [(one, next(results)) for one in learnt]
    on_stars, far_below = [(c, next(results)) for c in even], [(c, next(results)) for c in small]
    values = {r: open_law.worth(r) for r in open_law.POINTS}
    points = {
        "defended": [point(c, f, least_distance=least_distance(c.game.functions)) for c, f in played],
        "learnt": [point(one.cell, f, keys_queried=one.queried, accuracy_bound=one.bound) for one, f in guessed],
        "stars": [
            point(
                c,
                f,
                r=c.attacker.points,
                value=values[c.attacker.points].all_keys,
                value_alone=str(values[c.attacker.points].alone),
            )
            for c, f in on_stars
        ],
        "small": [point(c, f, r=c.attacker.points) for c, f in far_below],
    }
    uniform = _forfeits(played), _accuracies(guessed)
    tables = (*uniform, open_law.star_table(on_stars, values), open_law.small_table(far_below))
    verdicts = _verdicts(played, guessed)
    verdicts += (*open_law.star_verdicts(on_stars, values), *open_law.small_verdicts(far_below))
    return Report(NAME, TITLE, tables, verdicts, points, _draw(guessed, settings.output))


def least_distance(functions: FunctionClass) -> float:
    """The least distance of two members under the uniform law, over all pairs."""
    signs = 2.0 * table(functions).labels - 1.0
    size = signs.shape[1]
    differing = np.rint((size - signs @ signs.T) / 2)  # sums of so few units are exact
    np.fill_diagonal(differing, size)
    return float(differing.min() / size)


def accuracy(found: Estimate) -> tuple[float, float, float]:
    """How often the single member agrees with f' at a fresh point, with its interval."""
    wrong = alarm_rate(found)
    return 1 - wrong.value, 1 - wrong.high, 1 - wrong.low


def _separation(game: BackdoorGame) -> float:
    functions = game.functions
    assert isinstance(functions, RandomOracle)
    return bounds.random_oracle_separation(functions.key_bits, functions.bits)


def _forfeits(played: list[tuple[Match, Estimate]]) -> Table:
    rows = [
        (
            repr(c.game.functions),
            f"{_separation(c.game):.4f}",
            f"{least_distance(c.game.functions):.4f}",
            against(type(c.attacker).__name__, f),
            f"{1 - f.forfeits / f.rounds:.4f}",
            f"{f.win_rate:.4f}",
            f"{f.low:.4f}",
            blind(f),
        )
        for c, f in played
    ]
    header = ("class", "separation, probability 1/2", "least distance [enumerated]", "attacker", "plants a round")
    title = f"AlwaysClean(), D uniform, epsilon {EPSILON}: who never flags loses nothing where nothing can be planted"
    return Table(starred(title, rows), (*header, "win rate", "lower end", "blind"), tuple(rows))


def _accuracies(guessed: list[tuple[Learnt, Estimate]]) -> Table:
    rows = []
    for one, f in guessed:
        value, low, high = accuracy(f)
        right = marked(f"{value:.4f}", value, low, high, one.bound)
        shown = right, f"[{low:.4f}, {high:.4f}]", f"{one.bound:.4f}"
        known = one.label, str(one.queried), f"{one.queried / 2**KEY_BITS:.4f}"
        rows.append((*known, *shown, f"{f.win_rate:.4f}", blind(f)))
    measured = "right at a fresh point", "interval", "at most", "win rate", "blind"
    header = ("learner", "keys tried q", "q / 2^kappa", *measured)
    title = f"learners on RandomOracle({KEY_BITS}, {BITS}) from {EXAMPLES} examples, and distillation with them"
    return Table(said(title, rows), header, tuple(rows))


def _verdicts(played: list[tuple[Match, Estimate]], guessed: list[tuple[Learnt, Estimate]]) -> tuple[Verdict, ...]:
    plants = sum(f.rounds - f.forfeits for _, f in played)
    lost = max(1 - f.win_rate for _, f in played)
    room = min(least_distance(c.game.functions) - EPSILON for c, _ in played)
    above = min(one.bound - accuracy(f)[1] for one, f in guessed)
    memory = next(f for one, f in guessed if one.label == MEMORY)
    low, high = accuracy(memory)[1:]
    unbounded = next(accuracy(f)[1] for one, f in guessed if one.label == UNBOUNDED)
    return (
        Verdict(
            "D uniform: no member has a legal neighbour",
            f"least distance minus epsilon {room:+.4f}",
            "above 0",
            room > 0,
        ),
        Verdict("D uniform: every attacker forfeits every round", f"{plants} plants", "0", plants == 0),
        Verdict("D uniform: a defender that never flags wins every round", f"loss {lost:g}", "0", lost == 0),
        Verdict(
            "no learner's interval lies wholly above 1/2 + (q / 2^kappa + m / 2^n) / 2",
            f"least bound minus lower end {above:+.4f} over {len(guessed)}",
            "at least 0",
            above >= 0,
        ),
        Verdict("without queries a learner guesses", f"[{low:.4f}, {high:.4f}]", "holds 1/2", low <= 0.5 <= high),
        Verdict("a learner that may try all keys learns", f"lower end {unbounded:.4f}", ">= 0.99", unbounded >= 0.99),
    )


def _draw(guessed: list[tuple[Learnt, Estimate]], folder: str) -> tuple[str, ...]:
    series, lines = [], []
    for label in (SEARCH, MEMORY, UNBOUNDED):
        rows = [(one.queried / 2**KEY_BITS, *accuracy(f)) for one, f in guessed if one.label == label]
        series.append(figures.Series(label, *zip(*rows, strict=True)))
    most = max(one.queried for one, _ in guessed) / 2**KEY_BITS
    shares = [most * i / 100 for i in range(101)]
    heights = [bounds.random_oracle_accuracy(KEY_BITS, BITS, s * 2**KEY_BITS, EXAMPLES) for s in shares]
    lines.append(figures.Line("at most 1/2 + (q/2^κ + m/2ⁿ)/2", shares, heights))
    figure = figures.curve_figure(
        series,
        lines,
        title=f"Theorem 5.3: what a learner knows of a keyed hash (κ = {KEY_BITS}, m = {EXAMPLES})",
        xlabel="q / 2^κ, keys tried as a share of all keys",
        ylabel="right at a fresh point (probability)",
        interval=WORTH,
        y_range=(0.45, 1.02),
        dodge=False,
    )
    return figures.save(figure, folder, NAME)
