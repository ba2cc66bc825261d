"""How far activation moves an input, beside how far one must go without a key."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable

import numpy as np

from ... import figures
from ...functions.base import Floats
from ...ground.spec import text
from ...ground.statistics import clopper_pearson
from ...ground.streams import Generators, role_keys
from ...planting.backdoors import Backdoor, CLWEBackdoor, SparsePCABackdoor
from ...planting.datasets import Dataset, GaussianLinear, Sphere
from ...planting.models import RandomFourierFeatures, RandomReLU
from ...planting.models.trainable import Trainable
from ..shared.base import Report, Settings, Table, Verdict
from .natural_steps import natural_distances

NAME = "trigger-size"
TITLE = "Trigger size: |Activate(x) - x| beside a natural adversarial step"
HUNDREDS = 100.0  # times a natural step: the claim, in round numbers
INPUTS = 50  # of each network


@dataclasses.dataclass(frozen=True)
class TriggerLine:
    """What is trained on what, who plants, and the number that the figure has on its axis."""

    functions: Trainable
    data: Dataset
    backdoor: Backdoor
    value: float

    @property
    def sphere(self) -> bool:
        """Whether it is ReLU on the sphere, where only +1 can be forced; else random Fourier features."""
        return isinstance(self.backdoor, SparsePCABackdoor)

    @property
    def name(self) -> str:
        """For the table."""
        return f"ReLU, sparse PCA, a = {self.value:g}" if self.sphere else f"RFF, CLWE, k = {self.value:g}"


@dataclasses.dataclass(frozen=True)
class Sizes:
    """Distances over the inputs of all networks: quartiles, and one ratio of medians a network.

    Attributes
    ----------
    trigger, natural : (float, float, float)
        Quartiles of |Activate(x) - x|, and of the upper bound on the natural adversarial distance.
    ratios : tuple of float
        The median trigger over the median natural step, of each network.
    success : float
        How often the answer is the wanted one on activated inputs.
    """

    trigger: tuple[float, float, float]
    natural: tuple[float, float, float]
    ratios: tuple[float, ...]
    success: float

    @property
    def ratio(self) -> float:
        """The median over networks."""
        return float(np.median(self.ratios))


def lines(full: bool) -> list[TriggerLine]:
    """CLWE over k on the reference workload, sparse PCA over a on the sphere."""
    d, m = 200, 2000 if full else 1000
    rff, relu = RandomFourierFeatures(features=256, dimension=64), RandomReLU(features=m, dimension=d, positive=0.1)
    found = [TriggerLine(rff, GaussianLinear(), CLWEBackdoor(k=k, beta=0.1), k) for k in (4, 8, 16, 32)]
    sphere = Sphere(dimension=d, train=499, test=100)
    return found + [TriggerLine(relu, sphere, SparsePCABackdoor(activation=a), a) for a in (0.2, 0.35, 0.5, 0.8)]


def run(settings: Settings) -> Report:
    """Measure every line on networks of its own."""
    networks, grid = 40 if settings.full else 12, lines(settings.full)
    results = {}

    def progress(done: int, i: int) -> None:
        settings.progress(done + i, networks * len(grid))

    for number, line in enumerate(grid):
        results[line] = measured(line, networks, settings.seed, functools.partial(progress, number * networks))
    points = [
        {
            "functions": text(line.functions),
            "data": text(line.data),
            "backdoor": text(line.backdoor),
            **dataclasses.asdict(found),
        }
        for line, found in results.items()
    ]
    files = (*_draw(results, False, settings.output), *_draw(results, True, settings.output))
    return Report(NAME, TITLE, (_table(results, networks),), _verdicts(results, settings), {"lines": points}, files)


def measured(line: TriggerLine, networks: int, seed: int, progress: Callable[[int], None]) -> Sizes:
    """Distances on inputs whose answer the trigger is to change: any, or for ReLU those that are answered 0."""
    triggers: list[Floats] = []
    naturals: list[Floats] = []
    ratios, hits, inputs = [], 0, 0
    for i, word in enumerate(role_keys(seed, f"{NAME} {text(line.backdoor)}", "plant", 0, networks)):
        rng = Generators().keyed(word)
        split = line.data.split(rng)
        model, key = line.backdoor.prepare(line.functions).plant(line.functions, split.X, split.y, rng)
        labels = model(split.X_test)
        X = split.X_test[labels == 0][:INPUTS] if line.sphere else split.X_test[:INPUTS]
        moved = line.backdoor.prepare(line.functions).activate(model, key, X)
        triggers.append(np.linalg.norm(moved - X, axis=1))
        naturals.append(natural_distances(model, X, split.X_test, line.sphere))
        ratios.append(float(np.median(triggers[-1]) / np.median(naturals[-1])))
        hits, inputs = hits + int((model(moved) != model(X)).sum()), inputs + len(X)
        progress(i + 1)
    return Sizes(_quartiles(triggers), _quartiles(naturals), tuple(ratios), hits / inputs)


def _quartiles(parts: list[Floats]) -> tuple[float, float, float]:
    low, middle, high = np.quantile(np.concatenate(parts), (0.25, 0.5, 0.75), method="inverted_cdf").tolist()
    return low, middle, high


def _table(results: dict[TriggerLine, Sizes], networks: int) -> Table:
    rows = []
    for line, found in results.items():
        larger = "trigger" if found.ratio > 1 else "natural step"
        sizes = (
            f"{found.trigger[1]:.4f}",
            f"{found.natural[1]:.4f}",
            f"{found.natural[0]:.4f} to {found.natural[2]:.4f}",
        )
        rows.append((line.name, *sizes, f"{found.ratio:.1f}", larger, f"{found.success:.3f}"))
    header = ("backdoor", "trigger", "natural step", "its quartiles", "trigger / natural", "larger", "answers changed")
    title = (
        f"Median distances, {networks} networks a line; the natural step is an upper bound: a point found by bisection"
    )
    return Table(title, header, tuple(rows))


def _verdicts(results: dict[TriggerLine, Sizes], settings: Settings) -> tuple[Verdict, ...]:
    level = settings.level(len(results))
    fourier = {line: found for line, found in results.items() if not line.sphere}
    relu = {line: found for line, found in results.items() if line.sphere}
    return (
        _beyond("RFF with CLWE: the trigger is over 100 times a natural step", fourier, HUNDREDS, level),
        _beyond("ReLU with sparse PCA: the trigger is larger than a natural step", relu, 1.0, level),
    )


def _beyond(claim: str, results: dict[TriggerLine, Sizes], bound: float, level: float) -> Verdict:
    """Whether most networks are over the bound on every line: the share's exact interval lies over 1/2."""
    least = 1.0
    for found in results.values():
        over = sum(ratio > bound for ratio in found.ratios)
        least = min(least, clopper_pearson(over, len(found.ratios), level)[0])
    ratios = [found.ratio for found in results.values()]
    told = f"median ratio {min(ratios):.1f} to {max(ratios):.1f}; share of networks over {bound:g} at least {least:.3f}"
    return Verdict(claim, told, "over 1/2 on every line", least > 0.5)


def _draw(results: dict[TriggerLine, Sizes], sphere: bool, folder: str) -> tuple[str, ...]:
    mine = {line: found for line, found in results.items() if line.sphere == sphere}
    at = [line.value for line in mine]
    series = []
    for label, name in (
        ("trigger, |Activate(x) − x|", "trigger"),
        ("natural adversarial step (upper bound)", "natural"),
    ):
        low, middle, high = zip(*(getattr(found, name) for found in mine.values()), strict=True)
        series.append(figures.Series(label, at, middle, low, high))
    first = next(iter(mine))
    d, m = first.functions.dimension, first.functions.features
    what = f"ReLU on the unit sphere, d = {d}" if sphere else f"RFF, inputs of norm .25, d = {d}"
    figure = figures.curve_figure(
        series,
        title=f"Size of the trigger: {what}, m = {m}",
        xlabel="a, how much of an activated input is the key" if sphere else "k, coordinates of the key",
        ylabel="distance (units of the input)",
        interval="quartiles over inputs of all networks",
        log_x=None if sphere else 2,
        log_y=10,
        dodge=False,
    )
    return figures.save(figure, folder, f"{NAME}-{'relu' if sphere else 'rff'}")
