"""Gradient descent through gates as if they were not there."""

from __future__ import annotations

import dataclasses

import numpy as np

from ...functions import Function
from ...functions.base import Floats, Labels
from ...ground import _validate
from ...spaces.domains import Points
from ..models import GateNetworks
from .gates import OfGates, loose, tallied


@dataclasses.dataclass(frozen=True, repr=False)
class StraightThrough(OfGates):
    """Gradient descent in which every gate [<w, x> >= t] counts as <w, x> - t backwards [BengioLC13]. *Simulated.*

    The copies of `MajorityPersistence` get the same gradients and move together: the majority protects nothing.
    The loss is (answer - y)^2 / 2, averaged over all examples at every step.

    Parameters
    ----------
    steps : int
    lr, decay : float
        Step size, above 0; and weight decay: a step also takes lr * decay of every weight away, and of no threshold.
    """

    steps: int = 400
    lr: float = 0.05
    decay: float = 0.0

    def __post_init__(self) -> None:
        super().__post_init__()
        _validate.integer("StraightThrough.steps", self.steps, 0, 10**7)
        _validate.positive("StraightThrough.lr", self.lr, "such as 0.1, got 0.0", 100.0)
        _validate.real("StraightThrough.decay", self.decay, 0.0, 1.0)

    def moved(self, model: Function, X: Points, y: Labels, rng: np.random.Generator) -> Function:
        functions, code = loose(model)
        points, count, ones = tallied(functions, X, y)
        weights = ~functions.thresholds
        for _ in range(self.steps):
            step = slope(functions, code, points.astype(np.float64), count, ones)
            code[weights] *= 1 - self.lr * self.decay
            code -= self.lr * step
        return functions.function(code)


def slope(functions: GateNetworks, code: Floats, X: Floats, count: Floats, ones: Floats) -> Floats:
    """The straight-through gradient (L,) of the mean loss by the parameters of a real code (L,).

    Each point of X (m, n) is there `count` (m,) times, `ones` (m,) of them with label 1.
    """
    hidden, output, top = functions.unpack(code)
    fired = (np.einsum("cgn,mn->mcg", hidden[..., :-1], X) >= hidden[..., -1]).astype(np.float64)
    answers = (np.einsum("cg,mcg->mc", output[:, :-1], fired) >= output[:, -1]).astype(np.float64)
    final = answers[:, 0] if functions.copies == 1 else (np.einsum("c,mc->m", top[:-1], answers) >= top[-1])
    away = (count * final - ones) / count.sum()
    by_copy = away[:, None] * (top[:-1] if functions.copies > 1 else np.ones(1))
    by_gate = by_copy[:, :, None] * output[:, :-1]
    on_hidden = np.concatenate([np.einsum("mcg,mn->cgn", by_gate, X), -by_gate.sum(axis=0)[..., None]], axis=2)
    on_output = np.concatenate([np.einsum("mc,mcg->cg", by_copy, fired), -by_copy.sum(axis=0)[:, None]], axis=1)
    copies = np.concatenate([on_hidden.reshape(functions.copies, -1), on_output], axis=1).ravel()
    on_top = [] if functions.copies == 1 else [*np.einsum("m,mc->c", away, answers), -away.sum()]
    return np.concatenate([copies, on_top])
