"""Static detection of a CLWE backdoor in random Fourier features: a panel of detectors, and the key holder."""

from __future__ import annotations

import numpy as np

from ... import figures
from ...functions.base import Floats
from ...games.measuring.together import Match, estimates
from ...ground.spec import text
from ...planting.backdoors import CLWEBackdoor
from ...planting.datasets import GaussianLinear
from ...planting.detectors import (
    CovarianceThresholding,
    Detector,
    DiagonalThresholding,
    KeyHolder,
    KolmogorovSmirnov,
    Moments,
    RandomQueries,
    SpectralSignatures,
    TopEigenvalue,
)
from ...planting.games import StaticDetection
from ...planting.models import RandomFourierFeatures
from ..shared.advantages import FAMILY_ERROR, SMALL, Judged, found_in
from ..shared.base import Report, Settings, Table, Verdict
from ..shared.pool import each_network
from . import controls

NAME = "rff-static"
TITLE = "Random Fourier features: what detectors see of a CLWE backdoor when no input is shown"
FUNCTIONS = RandomFourierFeatures(features=256, dimension=64)
GAME = StaticDetection(FUNCTIONS, GaussianLinear())
BACKDOOR = CLWEBackdoor(k=16, beta=0.1)
KEYLESS: tuple[Detector, ...] = (
    Moments(),
    KolmogorovSmirnov(),
    TopEigenvalue(),
    TopEigenvalue(bottom=True),
    DiagonalThresholding(),
    CovarianceThresholding(),
    SpectralSignatures(),
    RandomQueries(),
)
HOLDER = KeyHolder()
ROUNDS = 300  # intervals tell an advantage of a fifth from none
POWER, PARITY = 0.95, 0.02  # the key holder must be nearly sure; accuracies that a user could not tell apart


def run(settings: Settings) -> Report:
    """Thresholds on 400 clean models, then 300 clean and 300 backdoored fresh ones, the same for every detector."""
    rounds = 10 * ROUNDS if settings.full else ROUNDS
    total = 2 * rounds
    found = estimates(
        [Match(GAME, BACKDOOR, detector, rounds, settings.seed) for detector in (*KEYLESS, HOLDER)],
        level=1 - FAMILY_ERROR,
        threads=settings.threads,
        progress=lambda done, all_: settings.progress(rounds * done // all_, total),
    )
    judged = [
        Judged(text(detector), one.rounds, one.false_alarms, one.detections, level(detector))
        for detector, one in zip((*KEYLESS, HOLDER), found, strict=True)
    ]
    fired = controls.fired(GAME, KEYLESS, settings)
    accuracy = accuracies(rounds // 3, settings)
    settings.progress(total, total)
    files = _draw(judged, settings.output)
    tables = (_table(judged, found[0].rounds), controls.table(fired), _accuracy_table(accuracy))
    points = {
        "detectors": [one.point() for one in judged],
        "controls": [one.point() for one in fired],
        "accuracy": accuracy.tolist(),
    }
    verdicts = (*_verdicts(judged, accuracy), controls.verdict(fired))
    return Report(NAME, TITLE, tables, verdicts, points, files)


def level(detector: Detector) -> float:
    """Of each Clopper-Pearson interval: the keyless are one family, the key holder is a claim of its own."""
    return 1 - FAMILY_ERROR / (2 * (1 if detector == HOLDER else len(KEYLESS)))


def accuracies(networks: int, settings: Settings) -> Floats:
    """Mean test accuracy of honest and of backdoored models on further fresh data, shape (2,)."""
    found = each_network(_pair, f"{NAME}\n{text(GAME)}", ("fresh", "plant"), networks, settings)
    return np.asarray(np.mean(found, axis=0))


def _pair(rngs: list[np.random.Generator]) -> list[float]:
    """An honest and a backdoored model of the same data."""
    fresh, rng = rngs
    split = GAME.data.split(fresh)
    honest = FUNCTIONS.trained(split.X, split.y, rng)
    planted, _ = BACKDOOR.plant(FUNCTIONS, split.X, split.y, rng)
    return [float((model(split.X_test) == split.y_test).mean()) for model in (honest, planted)]


def _table(judged: list[Judged], rounds: int) -> Table:
    rows = []
    for one in judged:
        low, high = one.interval
        rates = (f"{one.alarms / one.rounds:.3f}", f"{one.detections / one.rounds:.3f}", f"{one.advantage:+.3f}")
        rows.append((one.detector, *rates, f"[{low:+.3f}, {high:+.3f}]", found_in(one)))
    title = f"{BACKDOOR!r} on {rounds} clean and {rounds} backdoored models, thresholds at 1% alarms on 400 clean ones"
    columns = ("detector", "false alarms", "detections", "advantage", "interval", "what was found")
    return Table(title, columns, tuple(rows))


def _accuracy_table(accuracy: Floats) -> Table:
    rows = tuple((name, f"{value:.4f}") for name, value in zip(("honest", "backdoored"), accuracy, strict=True))
    return Table("accuracy on the same fresh data", ("model", "mean accuracy"), rows)


def _verdicts(judged: list[Judged], accuracy: Floats) -> tuple[Verdict, ...]:
    *keyless, holder = judged
    through = sum(one.contains_zero for one in keyless)
    most, alarms = max(one.interval[1] for one in keyless), max(one.alarms / one.rounds for one in keyless)
    away = abs(float(accuracy[0] - accuracy[1]))
    return (
        Verdict(
            "the advantage of every keyless detector may be 0",
            f"{through} of {len(keyless)} intervals hold 0; no advantage above {most:.3f} found",
            f"{len(keyless)} of {len(keyless)}",
            through == len(keyless),
        ),
        Verdict(
            "no keyless detector has an advantage above 0.1",
            f"largest upper end {most:.3f}",
            f"at most {SMALL:g}",
            most <= SMALL,
        ),
        Verdict(
            "false alarms of a 1% threshold are rare on fresh clean models",
            f"most {alarms:.3f}",
            "at most 0.05",
            alarms <= 0.05,
        ),
        Verdict(
            "the key holder tells them apart",
            f"advantage {holder.advantage:.3f}, at least {holder.interval[0]:.4f}; false alarms {holder.alarms}",
            f"over {POWER:g}",
            holder.interval[0] > POWER,
        ),
        Verdict(
            "backdoored models are as accurate as honest ones",
            f"difference {away:.4f}",
            f"at most {PARITY:g}",
            away <= PARITY,
        ),
    )


def _draw(judged: list[Judged], folder: str) -> tuple[str, ...]:
    low, high = zip(*(one.interval for one in judged), strict=True)
    rows = range(len(judged))
    figure = figures.rows_figure(
        [one.detector for one in judged],
        [figures.Series("advantage", rows, [one.advantage for one in judged], low, high)],
        {"no advantage": 0.0},
        title="Static detection of a CLWE backdoor (k = 16, β = 0.1)",
        xlabel="advantage, detections − false alarms (rates)",
        ylabel="detector",
        interval=f"simultaneous {1 - FAMILY_ERROR:.0%} intervals (the key holder's alone)",
        x_range=(-0.15, 1.05),
    )
    return figures.save(figure, folder, NAME)
