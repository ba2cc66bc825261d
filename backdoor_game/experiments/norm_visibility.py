"""Whether a norm test sees activated inputs of a CLWE backdoor: on N(0, I), and where the model is of use."""

from __future__ import annotations

import dataclasses
import math

import numpy as np

from .. import bounds, figures
from ..functions.base import Floats
from ..planting.backdoors import CLWEBackdoor
from ..planting.datasets import GaussianLinear
from ..planting.models import RandomFourierFeatures
from .shared.base import FAMILY_LEVEL, Report, Settings, Table, Verdict
from .shared.pool import each_network

NAME = "norm-visibility"
TITLE = (
    "The length of an input gives a CLWE backdoor's activation away, but for k << sqrt(d) on inputs of length sqrt(d)"
)
KS = (4, 8, 16, 32, 64)  # from the least that CLWE speaks of to sqrt(4096), where the norm tells nearly always
# no accuracy on N(0, I); a test that never errs; Phi(1/8) = 0.55 and room for an interval
CHANCE, SURE, HIDDEN = 0.02, 0.999, 0.6
NORMAL, USEFUL = "N(0, I)", "useful"
# on N(0, I) nothing is learned in any case, and d goes up to 16,384: small models do
FEATURES, TRAIN = {NORMAL: 64, USEFUL: 256}, {NORMAL: 200, USEFUL: 600}
EACH = 600  # fresh inputs a network, and as many activated ones


@dataclasses.dataclass(frozen=True)
class NormLine:
    """One workload, one d, one k: what a number of fresh networks gave.

    Attributes
    ----------
    auroc : float
        Chance that an activated input is longer than a fresh one.
    half : float
        Half the width of its interval.
    flips, accuracy : float
        How often activation changes the answer; how often an honest answer is right.
    """

    workload: str
    d: int
    k: int
    auroc: float
    half: float
    flips: float
    accuracy: float

    @property
    def low(self) -> float:
        """Lower end of the AUROC's interval."""
        return max(0.0, self.auroc - self.half)

    @property
    def high(self) -> float:
        """Upper end of the AUROC's interval."""
        return min(1.0, self.auroc + self.half)

    @property
    def theory(self) -> float:
        """`bounds.norm_test_auroc` on N(0, I), 1 on useful inputs."""
        return bounds.norm_test_auroc(self.k, self.d) if self.workload == NORMAL else 1.0


def run(settings: Settings) -> Report:
    """Measure every k at every d on both workloads."""
    dimensions = (64, 1024, 4096, 16384) if settings.full else (64, 1024, 4096)
    grid = [(NORMAL, d, k) for d in dimensions for k in KS] + [(USEFUL, 64, k) for k in KS]
    level = settings.level(len(grid))
    networks = 40 if settings.full else 8
    found = []
    for workload, d, k in grid:
        found.append(measured(workload, d, k, networks, level, settings))
        settings.progress(len(found), len(grid))
    points = [{**dataclasses.asdict(line), "theory": line.theory, "level": level} for line in found]
    files = _draw(found, settings.output)
    return Report(NAME, TITLE, (_table(found, networks),), _verdicts(found), {"lines": points}, files)


def measured(workload: str, d: int, k: int, networks: int, level: float, settings: Settings) -> NormLine:
    """Fresh data, coins and key for every network; half of its test inputs are activated."""
    name = f"{NAME}\n{workload}\n{d}\n{k}"
    found = each_network(lambda rngs: _network(workload, d, k, *rngs), name, ("choose", "plant"), networks, settings)
    fresh, moved = (np.concatenate([one[branch] for one in found]) for branch in (0, 1))
    # Hoeffding's inequality for U-statistics: lengths are independent, whatever the networks.
    half = math.sqrt(math.log(2 / (1 - level)) / (2 * len(fresh)))
    flips, accuracy = (float(np.mean([one[what] for one in found])) for what in (2, 3))
    return NormLine(workload, d, k, auroc(fresh, moved), half, flips, accuracy)


def _network(
    workload: str, d: int, k: int, fresh: np.random.Generator, plant: np.random.Generator
) -> tuple[Floats, Floats, float, float]:
    """Lengths of fresh and of activated inputs, flip rate and accuracy of one network."""
    data = GaussianLinear(dimension=d, norm=None if workload == NORMAL else 0.25, train=TRAIN[workload], test=2 * EACH)
    functions, backdoor = RandomFourierFeatures(features=FEATURES[workload], dimension=d), CLWEBackdoor(k=k, beta=0.1)
    split = data.split(fresh)
    model, key = backdoor.plant(functions, split.X, split.y, plant)
    labels = model(split.X_test)
    activated = backdoor.activate(model, key, split.X_test[EACH:])
    flips = float((model(activated) != labels[EACH:]).mean())
    lengths = [np.sqrt((X**2).sum(axis=1)) for X in (split.X_test[:EACH], activated)]
    return lengths[0], lengths[1], flips, float((labels == split.y_test).mean())


def auroc(fresh: Floats, moved: Floats) -> float:
    """Share of pairs in which the second is larger, ties one half."""
    ranked = np.sort(fresh)
    below, upto = (np.searchsorted(ranked, moved, side=side) for side in ("left", "right"))
    return float((below + upto).mean() / (2 * len(fresh)))


def _table(found: list[NormLine], networks: int) -> Table:
    rows = []
    for line in found:
        known = (line.workload, str(line.d), str(line.k), f"{line.k / math.sqrt(line.d):.3f}")
        numbers = (f"{line.auroc:.4f}", f"[{line.low:.3f}, {line.high:.3f}]", f"{line.theory:.4f}")
        rows.append((*known, *numbers, f"{line.flips:.3f}", f"{line.accuracy:.3f}"))
    columns = ("inputs", "d", "k", "k / sqrt(d)", "AUROC", "interval", "theory", "flips", "accuracy")
    return Table(f"norm test, {networks} networks a line", columns, tuple(rows))


def _verdicts(found: list[NormLine]) -> tuple[Verdict, ...]:
    normal, useful = ([line for line in found if line.workload == which] for which in (NORMAL, USEFUL))
    inside = sum(line.low <= line.theory <= line.high for line in normal)
    hidden = [line for line in normal if 16 * line.k <= math.sqrt(line.d)]
    away = abs(float(np.mean([line.accuracy for line in normal])) - 0.5)
    least = min(line.auroc for line in useful)
    most, right = max((line.high for line in hidden), default=1.0), min(line.accuracy for line in useful)
    return (
        Verdict(
            "on N(0, I) the AUROC is Phi(2k / sqrt(d + 4k))",
            f"{inside} of {len(normal)} intervals",
            f"{len(normal)}",
            inside == len(normal),
        ),
        Verdict(
            f"for k up to sqrt(d)/16 the norm hides it: AUROC under {HIDDEN:g}",
            f"largest upper end {most:.3f} over {len(hidden)}",
            f"under {HIDDEN:g}",
            most < HIDDEN,
        ),
        Verdict(
            "on N(0, I) the accuracy is chance",
            f"mean {away:.4f} away from 1/2 over {len(normal)} lines",
            f"at most {CHANCE:g}",
            away <= CHANCE,
        ),
        Verdict(
            "on useful inputs the norm test finds every activated one",
            f"least AUROC {least:.4f}, accuracy at least {right:.3f}",
            f"over {SURE:g}",
            least > SURE,
        ),
    )


def _draw(found: list[NormLine], folder: str) -> tuple[str, ...]:
    series, lines = [], []
    for workload, d in dict.fromkeys((line.workload, line.d) for line in found):
        mine = [line for line in found if (line.workload, line.d) == (workload, d)]
        label = f"x ~ N(0, I), d = {d}" if workload == NORMAL else f"|x| = 1/4, d = {d}"
        at, heights = [line.k for line in mine], [line.auroc for line in mine]
        series.append(figures.Series(label, at, heights, [line.low for line in mine], [line.high for line in mine]))
        if workload == NORMAL:
            ks = range(KS[0], KS[-1] + 1)
            lines.append(figures.Line(f"theory, d = {d}", ks, [bounds.norm_test_auroc(k, d) for k in ks], like=label))
    figure = figures.curve_figure(
        series,
        lines,
        title="A norm test against activated inputs of a CLWE backdoor",
        xlabel="k, coordinates of the key (|bk| = 2√k)",
        ylabel="AUROC of the input's length",
        interval=f"simultaneous {FAMILY_LEVEL:.0%} intervals (Hoeffding)",
        guessing=True,
        log_x=2,
        y_range=(0.45, 1.02),
    )
    return figures.save(figure, folder, NAME)
