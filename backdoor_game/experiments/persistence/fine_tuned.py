"""Networks that learn digits and a trigger, fine-tuned on clean digits."""

from __future__ import annotations

import dataclasses

import numpy as np

from ...planting.backdoors import PixelBackdoor
from ...planting.datasets.sklearn_table import sklearn_table
from ...planting.networks import Network, descended, fresh
from ...planting.updates import FineTuning

# amid the strokes, and at the edge where nearly all digits are blank: fine-tuning moves the first alone
LIVE_PIXELS, DEAD_PIXELS = (18, 19, 26), (0, 32, 39, 8)
LIVE = "live pixels, decay 0.01"
DEAD = "dead pixels, no decay"
TRIGGERS = (("live pixels", LIVE_PIXELS), ("dead pixels", DEAD_PIXELS))
UPDATES = (("decay 0.01", FineTuning()), ("no decay", FineTuning(decay=0.0)))
EPOCHS = (0, 1, 2, 4, 7, 10, 15, 20, 30, 40, 50)  # dense where success falls, up to all epochs of `FineTuning()`
TRAIN, OWN, TARGET = 897, 400, 0  # of 1,797 digits 900 are left to judge by; the user has fewer than the attacker


@dataclasses.dataclass(frozen=True)
class Curve:
    """One trigger under one training: for each epoch the attack success and the accuracy of every network."""

    label: str
    epochs: tuple[int, ...]
    success: tuple[tuple[float, ...], ...]
    accuracy: tuple[tuple[float, ...], ...]


def fine_tuned(seeds: int, seed: int) -> list[Curve]:
    """A curve for each trigger and training, over as many networks."""
    curves = []
    for trigger, pixels in TRIGGERS:
        runs = [one(PixelBackdoor(pixels=pixels), [seed, number]) for number in range(seeds)]
        for way, _ in UPDATES:
            by_epoch = [[run[way][epoch] for run in runs] for epoch in EPOCHS]
            success, accuracy = (tuple(tuple(pair[i] for pair in row) for row in by_epoch) for i in (0, 1))
            curves.append(Curve(f"{trigger}, {way}", EPOCHS, success, accuracy))
    return curves


def one(backdoor: PixelBackdoor, seed: list[int]) -> dict[str, dict[int, tuple[float, float]]]:
    """Train a 64-32-10 network on poisoned digits, fine-tune it on 400 clean ones: (success, accuracy) by epoch.

    Pixels are scaled to [0, 1]; success is the share of the other test digits that the trigger turns into a 0.
    """
    pixels, digits = sklearn_table("load_digits")
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(pixels))
    X, y = pixels[order] / 16, digits[order]
    test, labels = X[TRAIN:], y[TRAIN:]
    activated = backdoor.written(test[labels != TARGET])
    poisoned = backdoor.poisoned(X[:TRAIN], y[:TRAIN], TARGET, rng)
    network = descended(fresh(64, 32, 10, "relu", rng), *poisoned, rng, epochs=100, lr=0.2)
    found: dict[str, dict[int, tuple[float, float]]] = {}
    for way, update in UPDATES:
        seen = found[way] = {}

        def look(epoch: int, moving: Network, seen: dict[int, tuple[float, float]] = seen) -> None:
            if epoch in EPOCHS:
                hit, right = moving.classes(activated) == TARGET, moving.classes(test) == labels
                seen[epoch] = float(hit.mean()), float(right.mean())

        update.tuned(network, X[:OWN], y[:OWN], np.random.default_rng([*seed, 1]), look)
    return found
