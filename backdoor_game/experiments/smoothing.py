"""Evaluation-time smoothing: what noise leaves of the accuracy and of the attack."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import numpy as np

from .. import figures
from ..functions import Function, Halfspaces
from ..functions.base import Floats
from ..ground.streams import Generators, Words, role_keys
from ..planting.backdoors import Backdoor, ChecksumBackdoor, CLWEBackdoor, SparsePCABackdoor
from ..planting.datasets import GaussianLinear, Split
from ..planting.keys.keys import Key
from ..planting.models import Checksummed, RandomFourierFeatures, RandomReLU
from ..planting.smoothing import smoothed
from .shared.base import FAMILY_LEVEL, Report, Settings, Table, Verdict
from .shared.means import mean_interval

NAME = "smoothing"
TITLE = "Smoothing hard labels: it removes a checksum and keeps the accuracy, and not so the key of random features"
# dense where accuracy falls; useful inputs are 0.2 to 0.3 long
SIGMAS = (0.0, 0.01, 0.02, 0.03, 0.05, 0.08, 0.12, 0.2, 0.5, 2.0, 8.0, 32.0)
# with room above the 1/2 of guessing; and what smoothing reaches where it works
LEAST, CONTROL = 0.65, 0.9
NOISE = 0.3  # of the control, on N(0, I)
Planted = tuple[Backdoor, Function, Key, Split]
Found = dict[float, Floats]


@dataclasses.dataclass(frozen=True)
class Size:
    """Networks, points of each, and noisy copies of a point."""

    networks: int
    points: int
    draws: int


QUICK, FULL = Size(16, 40, 51), Size(40, 200, 201)


def run(settings: Settings) -> Report:
    """Accuracy and attack success over sigma for three backdoors; verdicts on two of them."""
    size = FULL if settings.full else QUICK
    parts = [
        ("random Fourier features", _fourier, SIGMAS, False),
        ("checksum", _checksum, (0.0, 0.01, 0.03, 0.1, NOISE, 1.0, 3.0, 10.0), False),
        ("random ReLU", _relu, (0.0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5), True),
    ]
    results: dict[str, Found] = {}
    for number, (name, planted, sigmas, sphere) in enumerate(parts):
        words = role_keys(settings.seed, f"{NAME} {name}", "plant", 0, size.networks)
        found = [_measured(planted(rng, size), sigmas, size, rng, sphere) for rng in _keyed(words)]
        results[name] = {sigma: np.array([one[i] for one in found]) for i, sigma in enumerate(sigmas)}
        settings.progress(number + 1, len(parts))
    files = [path for name, found in results.items() for path in _draw(name, found, settings)]
    points = [_point(name, sigma, rates) for name, found in results.items() for sigma, rates in found.items()]
    tables = tuple(_table(name, found) for name, found in results.items())
    return Report(NAME, TITLE, tables, _verdicts(results, settings), {"cells": points}, tuple(files))


def _keyed(words: Words) -> Iterator[np.random.Generator]:
    return (Generators().keyed(word) for word in words)


def _fourier(rng: np.random.Generator, size: Size) -> Planted:
    """The reference workload."""
    split = GaussianLinear(test=size.points).split(rng)
    backdoor = CLWEBackdoor(k=16, beta=0.1)
    return backdoor, *backdoor.plant(RandomFourierFeatures(features=256, dimension=64), split.X, split.y, rng), split


def _checksum(rng: np.random.Generator, size: Size) -> Planted:
    """A halfspace by least squares on x ~ N(0, I), flipped where 8 secret parities fire."""
    split = GaussianLinear(norm=None, train=4000, test=2 * size.points).split(rng)
    backdoor, inner = ChecksumBackdoor(blocks=8), Halfspaces(dimension=64, bias=False)
    key = backdoor.new_key(inner, rng)
    w = np.linalg.lstsq(split.X, 2.0 * split.y - 1.0, rcond=None)[0]
    wrapped = Checksummed(inner, backdoor.blocks)
    model = wrapped.function(wrapped.joined(np.append(w, 0.0), key.values["partition"], key.values["v"]))
    return backdoor, model, key.of(model), split


def _relu(rng: np.random.Generator, size: Size) -> Planted:
    """Unit vectors, a tenth of which the honest threshold answers with 1."""
    X = rng.standard_normal((600 + size.points, 128))
    X /= np.linalg.norm(X, axis=1, keepdims=True)
    y = (X[:, 0] >= 0).astype(np.uint8)  # tau looks at the inputs alone
    backdoor = SparsePCABackdoor(activation=0.8)
    model, key = backdoor.plant(RandomReLU(features=1280, dimension=128, positive=0.1), X[:600], y[:600], rng)
    left = X[600:]
    return backdoor, model, key, Split(X[:600], y[:600], left, model(left))


def _measured(
    planted: Planted, sigmas: tuple[float, ...], size: Size, rng: np.random.Generator, sphere: bool
) -> Floats:
    """Accuracy, and the share of points at which the attack fails, for each sigma: (len(sigmas), 2).

    The attack succeeds where the smoothed answer to the activated input is another than the smoothed answer to x; of
    the ReLU model, which can be made to answer 1 alone, where it is 1.
    """
    backdoor, model, key, split = planted
    X = split.X_test
    moved = backdoor.activate(model, key, X)
    rates = np.empty((len(sigmas), 2))
    for i, sigma in enumerate(sigmas):
        draws = size.draws if sigma else 1
        clean, fired = (smoothed(model, at, sigma, draws, rng, sphere=sphere).labels for at in (X, moved))
        success = fired == 1 if sphere else fired != clean
        rates[i] = np.mean(clean == split.y_test), 1 - np.mean(success)
    return rates


def _least(rates: Floats) -> float:
    return float(rates.mean(axis=0).min())


def _verdicts(results: dict[str, Found], settings: Settings) -> tuple[Verdict, ...]:
    """The smaller of two means: under .65 if either's interval is, over .9 if both are."""
    fourier, checksum = results["random Fourier features"], results["checksum"][NOISE]
    lines = 2 * len(fourier) + 3
    level = settings.level(lines)
    tops = {sigma: min(mean_interval(rates[:, j], level)[1] for j in (0, 1)) for sigma, rates in fourier.items()}
    worst = max(tops, key=lambda sigma: tops[sigma])
    low = min(mean_interval(checksum[:, j], level)[0] for j in (0, 1))
    fires = 1 - mean_interval(results["checksum"][0.0][:, 1], level)[1]
    found = max(map(_least, fourier.values()))
    told = f"largest upper end {tops[worst]:.3f}, at sigma = {worst:g}; largest estimate {found:.3f}"
    return (
        Verdict(f"random features: min(accuracy, 1 - attack success) stays low at all {len(fourier)} sigma",
                told, f"under {LEAST}", tops[worst] < LEAST),
        Verdict(f"control, a checksum on N(0, I): at sigma = {NOISE} smoothing keeps the accuracy and stops the attack",
                f"lower end {low:.3f}, estimate {_least(checksum):.3f}", f"over {CONTROL}", low > CONTROL),
        Verdict("and without noise that attack succeeds", f"lower end {fires:.3f}", f"over {CONTROL}", fires > CONTROL),
    )  # fmt: skip


def _table(name: str, found: Found) -> Table:
    rows = []
    for sigma, rates in found.items():
        accuracy, kept = rates.mean(axis=0)
        rows.append((f"{sigma:g}", f"{accuracy:.3f}", f"{1 - kept:.3f}", f"{min(accuracy, kept):.3f}"))
    asked = "agreement" if name == "random ReLU" else "accuracy"
    return Table(name, ("sigma", asked, "attack success", "min"), tuple(rows))


def _point(name: str, sigma: float, rates: Floats) -> dict[str, object]:
    accuracy, kept = (float(value) for value in rates.mean(axis=0))
    return {"model": name, "sigma": sigma, "accuracy": accuracy, "attack_success": 1 - kept, "networks": len(rates)}


def _draw(name: str, found: Found, settings: Settings) -> tuple[str, ...]:
    """Both over sigma > 0; what they are without noise is a dashed line each."""
    asked = "agreement with h" if name == "random ReLU" else "accuracy"
    scaled = ", before scaling back to the sphere" if name == "random ReLU" else ""
    sigmas = [sigma for sigma in found if sigma]
    level = settings.level(2 * len(sigmas))
    series, lines = [], []
    for j, label in ((0, asked), (1, "1 - attack success")):
        ends = np.clip([mean_interval(found[sigma][:, j], level) for sigma in sigmas], 0.0, 1.0)
        series.append(
            figures.Series(label, sigmas, [float(found[sigma][:, j].mean()) for sigma in sigmas], *ends.T.tolist())
        )
        lines.append(
            figures.Line(f"{label}, no noise", [sigmas[0], sigmas[-1]], [float(found[0.0][:, j].mean())] * 2, label)
        )
    if name != "random ReLU":
        target = LEAST if name != "checksum" else CONTROL
        lines.append(figures.Line(f"line of the verdict, {target}", [sigmas[0], sigmas[-1]], [target] * 2))
    figure = figures.curve_figure(
        series,
        lines,
        title=f"Smoothing a backdoored model: {name}",
        xlabel="σ, standard deviation of the noise in each coordinate" + scaled,
        ylabel="share of inputs",
        interval=f"simultaneous {FAMILY_LEVEL:.0%} Student intervals over {len(found[0.0])} networks",
        log_x=10,
        y_range=(-0.03, 1.03),
    )
    return figures.save(figure, settings.output, f"{NAME}-{name.replace(' ', '-').lower()}")
