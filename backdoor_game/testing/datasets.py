"""Checks of data sets: that their splits are examples, the same under the same seed."""

from __future__ import annotations

import numpy as np

from ..games.contract import blamed
from ..planting.datasets import Split
from .results import demand, same
from .subjects import Subject

PARTS = ("X", "y", "X_test", "y_test")


def splits_are_examples(subject: Subject) -> None:
    """Finite float64 inputs of the stated dimension with labels 0 and 1 of type uint8, both classes to train on."""
    for seed in range(3):
        found = split(subject, seed)
        demand(isinstance(found, Split), f"split() must return a Split, got {type(found).__name__}")
        for name, labels in (("X", "y"), ("X_test", "y_test")):
            X, y = getattr(found, name), getattr(found, labels)
            shaped = X.dtype == np.float64 and X.ndim == 2 and X.shape[1] == subject.thing.dimension
            demand(shaped, f"{name} is {X.dtype} of shape {X.shape}")
            demand(np.isfinite(X).all(), f"{name} holds NaN or infinities under seed {seed}")
            binary = y.dtype == np.uint8 and y.shape == X.shape[:1] and y.max(initial=0) <= 1
            demand(binary, f"{labels} must hold labels 0 and 1 of type uint8, one for each input")
        demand(len(np.unique(found.y)) == 2, f"y holds one class alone under seed {seed}")


def same_seed_same_split(subject: Subject) -> None:
    """The same generator gives the same split, whatever was drawn in between."""
    first, between, second = split(subject, 0), split(subject, 1), split(subject, 0)
    for name in PARTS:
        demand(same(getattr(first, name), getattr(second, name)), f"another {name} the second time")
    demand(not all(same(getattr(first, name), getattr(between, name)) for name in PARTS), "every split is the same")


CHECKS = (splits_are_examples, same_seed_same_split)


def split(subject: Subject, seed: int) -> Split:
    """A split under a seed."""
    found: Split = blamed(lambda: subject.thing.split(np.random.default_rng(seed)))
    return found
