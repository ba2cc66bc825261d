"""Persistence: what a user's own training does to a backdoor, with hard gates and with gradients."""

from __future__ import annotations

import dataclasses

import numpy as np

from ... import figures
from ...ground.spec import text
from ...ground.statistics import clopper_pearson
from ...planting.backdoors import MajorityPersistence
from ...planting.datasets import LinearBits
from ...planting.games import Persistence
from ...planting.models import GateNetworks
from ...planting.updates import SeveralEdits, SingleEdits, StraightThrough, Update, WeightDecay
from ..shared.base import FAMILY_LEVEL, Report, Settings, Table, Verdict
from .fine_tuned import DEAD, LIVE, Curve, fine_tuned
from .single_parameters import Edits, every_edit

NEEDS = {"sklearn": "sklearn"}  # package and the extra that installs it
NAME = "persistence"
TITLE = "Persistence: three copies under a majority against single edits, and pixels against fine-tuning"
BITS = 7  # small: each round trains a network, and edits it up to 1,000 times
GAME = Persistence(GateNetworks(bits=BITS, gates=BITS), LinearBits(dimension=BITS))
THREE, ONE = MajorityPersistence(), MajorityPersistence(copies=1)
LINES: tuple[tuple[MajorityPersistence, Update], ...] = (
    (THREE, SingleEdits(trials=300)),
    (ONE, SingleEdits(trials=1000)),
    (THREE, SeveralEdits()),
    (THREE, StraightThrough()),
    (ONE, StraightThrough()),
    (THREE, WeightDecay()),
)
ROUNDS = {SeveralEdits: 60, StraightThrough: 60, WeightDecay: 100}  # at least, where shares are neither 0 nor 1
# attack success before and after, the accuracy that may be lost, success where nothing reaches it
BEFORE, AFTER, KEPT, STAYS = 0.5, 0.1, 0.02, 0.9


@dataclasses.dataclass(frozen=True)
class PersistenceLine:
    """One update against one backdoor: in how many rounds the user won, and what became of the models on average."""

    rounds: int
    won: int
    dead: int
    success: float
    accuracy: tuple[float, float]

    def interval(self, count: int, level: float) -> tuple[float, float]:
        """Of a share of the rounds."""
        return clopper_pearson(count, self.rounds, level)


def run(settings: Settings) -> Report:
    """Edit every parameter, play the game with every update, and fine-tune networks on digits."""
    networks, rounds, seeds = (20, 100, 20) if settings.full else (5, 30, 5)
    total = len(LINES) + 3
    edits = {copies: every_edit(copies, networks, settings.seed) for copies in (3, 1)}
    settings.progress(1, total)
    lines = []
    for number, (attacker, update) in enumerate(LINES):
        least = ROUNDS.get(type(update), 0)
        lines.append(_played(attacker, update, max(rounds, least), settings.seed + number))
        settings.progress(2 + number, total)
    curves = fine_tuned(seeds, settings.seed)
    settings.progress(total, total)
    # Two shares of each line, and all of them hold at once.
    level = settings.level(2 * len(LINES))
    points = {
        "single_edits": {str(copies): dataclasses.asdict(found) for copies, found in edits.items()},
        "updates": {_name(i): {**dataclasses.asdict(line), "level": level} for i, line in enumerate(lines)},
        "fine_tuning": {curve.label: dataclasses.asdict(curve) for curve in curves},
    }
    tables = (_edit_table(edits), _line_table(lines, level), _curve_table(curves))
    verdicts = (*_edit_verdicts(edits), *_line_verdicts(lines, level), *_curve_verdicts(curves))
    return Report(NAME, TITLE, tables, verdicts, points, _draw(curves, settings.output))


def _name(number: int) -> str:
    attacker, update = LINES[number]
    return f"{text(attacker)} {text(update)}"


def _played(attacker: MajorityPersistence, update: Update, rounds: int, seed: int) -> PersistenceLine:
    found = GAME.conditions(attacker, update, rounds=rounds, seed=seed)
    accuracies = [(before.accuracy, after.accuracy) for before, after in found]
    kept, left = (float(np.mean(rates)) for rates in zip(*accuracies, strict=True))
    return PersistenceLine(
        rounds,
        sum(GAME.won(before, after) for before, after in found),
        sum(after.success < GAME.dead for _, after in found),
        float(np.mean([after.success for _, after in found])),
        (kept, left),
    )


def _edit_table(edits: dict[int, Edits]) -> Table:
    rows = []
    for copies, found in edits.items():
        counts = (copies, found.networks, found.parameters, found.tried, found.changed)
        rows.append((*map(str, counts), f"{found.largest_quotient:g}"))
    header = ("copies", "networks", "parameters each", "single edits", "that change an output", "largest quotient")
    return Table("every single parameter, changed by 34 sizes, on all inputs", header, tuple(rows))


def _line_table(lines: list[PersistenceLine], level: float) -> Table:
    rows = []
    for (attacker, update), line in zip(LINES, lines, strict=True):
        low, high = line.interval(line.won, level)
        rates = (f"{line.success:.3f}", f"{line.accuracy[0]:.3f}", f"{line.accuracy[1]:.3f}")
        shares = (f"{line.dead / line.rounds:.3f}", f"{line.won / line.rounds:.3f}", f"[{low:.3f}, {high:.3f}]")
        rows.append((str(attacker.copies), text(update), str(line.rounds), *rates, *shares))
    rates_of = ("attack success after", "accuracy before", "after")
    header = ("copies", "update", "rounds", *rates_of, "dead", "user wins", "interval")
    title = f"{text(GAME)}; intervals hold at once at {FAMILY_LEVEL:.0%}"
    return Table(title, header, tuple(rows))


def _curve_table(curves: list[Curve]) -> Table:
    rows = []
    for curve in curves:
        first, last = curve.success[0], curve.success[-1]
        spans = (f"{min(first):.3f} to {max(first):.3f}", f"{min(last):.4f} to {max(last):.4f}")
        rows.append((curve.label, *spans, f"{np.mean(curve.accuracy[0]):.3f}", f"{np.mean(curve.accuracy[-1]):.3f}"))
    header = ("trigger and training", "attack success before", "after 50 epochs", "mean accuracy before", "after")
    return Table(f"digits, 64-32-10 ReLU, {len(curves[0].success[0])} networks each", header, tuple(rows))


def _edit_verdicts(edits: dict[int, Edits]) -> tuple[Verdict, ...]:
    three, one = edits[3], edits[1]
    quotient = f"largest difference quotient {three.largest_quotient:g}"
    return (
        Verdict(
            "no single edit changes three copies on any input",
            f"{three.changed} of {three.tried} edits of {three.networks} networks; {quotient}",
            "exactly 0",
            three.changed == 0 and three.largest_quotient == 0,
        ),
        Verdict(
            "control: some single edit changes every network of one copy",
            f"{one.changed} of {one.tried} edits; {one.networks_changed} of {one.networks} networks",
            f"{one.networks} networks",
            one.networks_changed == one.networks,
        ),
    )


def _line_verdicts(lines: list[PersistenceLine], level: float) -> tuple[Verdict, ...]:
    names = [(attacker.copies, type(update).__name__) for attacker, update in LINES]
    by_name, found = dict(zip(names, lines, strict=True)), []
    stuck = by_name[3, "SingleEdits"]
    high = stuck.interval(stuck.won, level)[1]
    shown = f"wins {stuck.won} of {stuck.rounds}, interval up to {high:.3f}"
    found.append(Verdict("training by single edits never removes it from three copies", shown, "0", stuck.won == 0))
    for claim, which in (
        ("the same training removes it from one copy", (1, "SingleEdits")),
        ("straight-through gradients remove it from three copies", (3, "StraightThrough")),
        ("changes of several weights remove it from three copies", (3, "SeveralEdits")),
    ):
        line = by_name[which]
        low = line.interval(line.won, level)[0]
        shown = f"wins {line.won} of {line.rounds}, interval from {low:.3f}"
        found.append(Verdict(f"{claim} in more than half of the rounds", shown, "over 0.5", low > 0.5))
    decayed = by_name[3, "WeightDecay"]
    low = decayed.interval(decayed.dead, level)[0]
    shown = f"dead in {decayed.dead} of {decayed.rounds}, interval from {low:.3f}; accuracy {decayed.accuracy[1]:.3f}"
    claim = "weight decay alone kills it in some rounds, and accuracy with it"
    found.append(Verdict(claim, shown, "over 0.1", low > 0.1))
    return tuple(found)


def _curve_verdicts(curves: list[Curve]) -> tuple[Verdict, ...]:
    by_label = {curve.label: curve for curve in curves}
    live, dead = by_label[LIVE], by_label[DEAD]
    seeds = len(live.success[0])
    before, after, stays = min(live.success[0]), max(live.success[-1]), min(dead.success[-1])
    falls = [a - b for a, b in zip(live.accuracy[0], live.accuracy[-1], strict=True)]
    return (
        Verdict(
            f"live pixels: fine-tuning takes attack success down in each of {seeds} networks",
            f"least before {before:.3f}, most after {after:.3f}",
            f"over {BEFORE} to under {AFTER}",
            before > BEFORE and after < AFTER,
        ),
        Verdict(
            f"live pixels: accuracy is kept, on average over {seeds} networks",
            f"falls by {np.mean(falls):+.4f}, at most {max(falls):+.4f} in one",
            f"at most {KEPT}",
            bool(np.mean(falls) <= KEPT),
        ),
        Verdict(
            f"dead pixels without decay: the backdoor stays in each of {seeds} networks",
            f"least after {stays:.3f}",
            f"over {STAYS}",
            stays > STAYS,
        ),
    )


def _draw(curves: list[Curve], folder: str) -> tuple[str, ...]:
    series = [
        figures.Series(
            curve.label,
            curve.epochs,
            [float(np.mean(found)) for found in curve.success],
            [min(found) for found in curve.success],
            [max(found) for found in curve.success],
        )
        for curve in curves
    ]
    figure = figures.curve_figure(
        series,
        title="Attack success while fine-tuning, with weight decay and without",
        xlabel="epochs of fine-tuning on 400 clean digits",
        ylabel="attack success (share of test digits)",
        interval=f"least to most of {len(curves[0].success[0])} networks, mean marked",
        y_range=(-0.03, 1.03),
    )
    return figures.save(figure, folder, NAME)
