"""How often the key of a CLWE backdoor flips answers: against arccos(-rho)/pi, and on real data against R(h)."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import numpy as np

from .. import bounds, figures
from ..functions.base import Floats
from ..ground.spec import text
from ..planting.backdoors import CLWEBackdoor
from ..planting.datasets import BreastCancer, Dataset, Digits, GaussianLinear
from ..planting.models import RandomFourierFeatures
from .shared.base import FAMILY_LEVEL, Report, Settings, Table, Verdict
from .shared.means import mean_interval
from .shared.pool import each_network

NEEDS = {"sklearn": "sklearn"}  # package and the extra that installs it
NAME = "rff-flip-rate"
TITLE = "Random Fourier features: how often the key of a CLWE backdoor flips answers"
BETAS = (0.3, 0.1, 0.03, 0.01)  # r(beta) from near 1/2 to near 1
KS = (4, 8, 16, 32)  # from the least that CLWE speaks of; the rate must not depend on it
# what a mean over 40 or more networks may be off, and what the limit of many features leaves out
CLOSE, WRONG, REAL = 0.02, 0.03, 0.03
# accuracies of useful models: a backdoor in a useless one would show nothing
LEAST = {"Digits": 0.94, "BreastCancer": 0.91}
ROLES = ("choose", "plant", "referee")


@dataclasses.dataclass(frozen=True, repr=False)
class IntegerLayers(CLWEBackdoor):
    """The control: layers at whole numbers, so that its key keeps answers instead of flipping them. *Simulated.*"""

    shift = 0.0


@dataclasses.dataclass(frozen=True)
class FlipRateLine:
    """One line: what is planted, on which data, in how many fresh networks."""

    data: Dataset
    backdoor: CLWEBackdoor
    networks: int

    @property
    def functions(self) -> RandomFourierFeatures:
        """256 features of the data's inputs."""
        return RandomFourierFeatures(features=256, dimension=self.data.dimension)

    @property
    def group(self) -> str:
        """The table that it belongs to."""
        if type(self.data) is not GaussianLinear:
            return "real"
        return "reference" if self.backdoor.shift else "integer layers"


@dataclasses.dataclass(frozen=True)
class Network:
    """What was measured on one network's test inputs.

    Attributes
    ----------
    flips, wrong : float
        Share of answers that the key flips, and a fresh key of the same norm.
    predicted : float
        R(h), from the network's own scores and weights.
    kappa : float
        |w|^2 / (2 E f^2).
    accuracy : float
        Before any key is added.
    """

    flips: float
    wrong: float
    predicted: float
    kappa: float
    accuracy: float


Results = dict[FlipRateLine, list[Network]]


def cells(full: bool) -> list[FlipRateLine]:
    """The reference workload on a grid, its control, and two real data sets."""
    networks = 200 if full else 40
    grid = [FlipRateLine(GaussianLinear(), CLWEBackdoor(k=k, beta=beta), networks) for beta in BETAS for k in KS]
    control = KS if full else (16,)
    grid += [FlipRateLine(GaussianLinear(), IntegerLayers(k=k, beta=beta), networks) for beta in BETAS for k in control]
    real = (Digits(), BreastCancer())
    networks = 240 if full else 60
    return grid + [FlipRateLine(data, CLWEBackdoor(k=16, beta=b), networks) for data in real for b in (0.1, 0.03)]


def run(settings: Settings) -> Report:
    """Train every network afresh: data, coins and key."""
    grid = cells(settings.full)
    level = settings.level(len(grid))
    results: Results = {}
    total, done = sum(cell.networks for cell in grid), 0
    for cell in grid:
        results[cell] = measured(cell, settings)
        done += cell.networks
        settings.progress(done, total)
    points = [_point(cell, found, level) for cell, found in results.items()]
    files = _draw(results, level, settings.output)
    tables = tuple(_table(group, results) for group in ("reference", "integer layers", "real"))
    return Report(NAME, TITLE, tables, _verdicts(results), {"networks": points}, files)


def measured(cell: FlipRateLine, settings: Settings) -> list[Network]:
    """All networks of a cell; each depends on the seed, the cell and its number alone."""
    name = f"{NAME}\n{text(cell.data)}\n{text(cell.functions)}\n{text(cell.backdoor)}"
    return each_network(lambda rngs: _network(cell, *rngs), name, ROLES, cell.networks, settings)


def _network(
    cell: FlipRateLine, data: np.random.Generator, plant: np.random.Generator, other: np.random.Generator
) -> Network:
    functions, backdoor = cell.functions, cell.backdoor
    split = cell.data.split(data)
    model, key = backdoor.plant(functions, split.X, split.y, plant)
    wrong = backdoor.new_key(functions, other)
    scores = functions.scores(model.code, split.X_test)
    before, power = scores >= 0, float((functions.unpack(model.code)[2] ** 2).sum())
    flips, missed = (
        float((model(backdoor.activate(model, one, split.X_test)) != before).mean()) for one in (key, wrong)
    )
    return Network(
        flips=flips,
        wrong=missed,
        predicted=bounds.flip_rate_given_fit(scores, power, backdoor.width),
        kappa=bounds.fit_ratio(scores, power),
        accuracy=float((before == split.y_test).mean()),
    )


def means_of(found: list[Network]) -> dict[str, float]:
    """The mean of every measurement over networks, by name."""
    names = [field.name for field in dataclasses.fields(Network)]
    return {name: float(np.mean([getattr(one, name) for one in found])) for name in names}


def expected(cell: FlipRateLine, found: list[Network]) -> float:
    """r(beta), 1 - r(beta) for layers at whole numbers, the mean R(h) on real data."""
    if cell.group == "real":
        return means_of(found)["predicted"]
    rate = bounds.flip_rate(cell.backdoor.width)
    return rate if cell.group == "reference" else 1 - rate


def _flips(found: list[Network]) -> Floats:
    return np.array([one.flips for one in found])


def _table(group: str, results: Results) -> Table:
    theory = "mean R(h)" if group == "real" else "1 - r(beta)" if group == "integer layers" else "r(beta)"
    columns = ("data", "k", "beta", "networks", "flips", theory, "wrong key", "kappa", "accuracy")
    rows = []
    for cell, found in results.items():
        if cell.group == group:
            means = [means_of(found)[what] for what in ("wrong", "kappa", "accuracy")]
            numbers = (float(_flips(found).mean()), expected(cell, found), *means)
            known = (type(cell.data).__name__, str(cell.backdoor.k), f"{cell.backdoor.beta:g}", str(cell.networks))
            rows.append((*known, *(f"{number:.3f}" for number in numbers)))
    title = {
        "reference": "reference workload",
        "integer layers": "control: layers at whole numbers",
        "real": "real data",
    }
    return Table(title[group], columns, tuple(rows))


def _verdicts(results: Results) -> tuple[Verdict, ...]:
    def largest(group: str, away: Callable[[FlipRateLine, list[Network]], float]) -> tuple[float, int]:
        found = [away(cell, networks) for cell, networks in results.items() if cell.group == group]
        return max(map(abs, found)), len(found)

    def off(cell: FlipRateLine, found: list[Network]) -> float:
        return float(_flips(found).mean()) - expected(cell, found)

    lines = (
        ("reference workload: mean flip rate is r(beta), for each k", *largest("reference", off), CLOSE),
        (
            "a wrong key of the same norm flips half",
            *largest("reference", lambda _, found: means_of(found)["wrong"] - 0.5),
            WRONG,
        ),
        ("control, layers at whole numbers: 1 - r(beta)", *largest("integer layers", off), CLOSE),
        ("digits and breast cancer: mean flip rate is the mean R(h)", *largest("real", off), REAL),
    )
    told = [
        Verdict(claim, f"largest difference {away:.4f} over {count} cells", f"at most {most:g}", away <= most)
        for claim, away, count, most in lines
    ]
    for name, least in LEAST.items():
        found = [means_of(one)["accuracy"] for cell, one in results.items() if type(cell.data).__name__ == name]
        told.append(Verdict(f"accuracy on {name}", f"least mean {min(found):.4f}", f"over {least}", min(found) > least))
    return tuple(told)


def _point(cell: FlipRateLine, found: list[Network], level: float) -> dict[str, object]:
    low, high = mean_interval(_flips(found), level)
    return {
        "data": repr(cell.data),
        "backdoor": repr(cell.backdoor),
        "networks": cell.networks,
        "low": low,
        "high": high,
        "level": level,
        "expected": expected(cell, found),
        **means_of(found),
    }


def _draw(results: Results, level: float, folder: str) -> tuple[str, ...]:
    def series(label: str, group: str, k: int) -> figures.Series:
        mine = [(c.backdoor.beta, _flips(f)) for c, f in results.items() if c.group == group and c.backdoor.k == k]
        ends = [mean_interval(flips, level) for _, flips in mine]
        at, means = [beta for beta, _ in mine], [float(flips.mean()) for _, flips in mine]
        return figures.Series(label, at, means, [low for low, _ in ends], [high for _, high in ends])

    betas = np.geomspace(0.008, 0.5, 200).tolist()
    rates = [bounds.flip_rate(beta) for beta in betas]
    points = [series(f"k = {k}", "reference", k) for k in KS]
    figure = figures.curve_figure(
        [*points, series("control: layers at whole numbers, k = 16", "integer layers", 16)],
        [
            figures.Line("r(β) = arccos(−ρ)/π", betas, rates),
            figures.Line("1 − r(β)", betas, [1 - rate for rate in rates]),
        ],
        title="CLWE backdoor: how often the key flips answers (d = 64, m = 256)",
        xlabel="β, width of the layers (turns)",
        ylabel="flip rate (probability)",
        interval=f"simultaneous {FAMILY_LEVEL:.0%} intervals of the mean",
        log_x=10,
        y_range=(0.0, 1.02),
    )
    return figures.save(figure, folder, NAME)
