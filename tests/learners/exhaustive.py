"""Every sample of m points and every test point of a small class, and what a learner answers to each."""

from __future__ import annotations

import dataclasses
import itertools

import numpy as np

from backdoor_game.functions import (
    AllFunctions,
    Boxes,
    Conjunctions,
    DirectSum,
    Explicit,
    FunctionClass,
    Intervals,
    IntervalUnions,
    Parities,
    Singletons,
    Thresholds,
    random_class,
)
from backdoor_game.ground import streams
from backdoor_game.players.learners import Learner
from backdoor_game.players.views import Sample

RANDOM = random_class(6, 14, np.random.default_rng(4))
CO_SINGLETONS = Explicit(["0111", "1011", "1101", "1110", "1111"])
CLASSES: list[tuple[FunctionClass, tuple[int, ...]]] = [
    (AllFunctions(points=4), (1, 3, 4)),
    (Thresholds(points=6), (0, 1, 2, 4)),
    (Intervals(points=6), (1, 2, 4)),
    (IntervalUnions(points=6, k=2), (1, 3)),
    (Singletons(points=6), (0, 1, 2, 4)),
    (Boxes(dimension=2, points=3), (1, 3)),
    (Conjunctions(bits=3), (1, 3)),
    (Parities(bits=3), (1, 2, 3)),
    (RANDOM, (1, 2, 4)),
    (CO_SINGLETONS, (1, 4)),
    (DirectSum([Thresholds(points=3), Singletons(points=2)]), (1, 3, 4)),
]
CASES = [(functions, m) for functions, sizes in CLASSES for m in sizes]


class Given(Sample):
    """R rows of one member each on examples that are written down rather than drawn."""

    def __init__(self, functions: FunctionClass, X: np.ndarray, y: np.ndarray) -> None:
        self.functions, self.size, self.members, self.m = functions, len(X), 1, X.shape[1]
        self.X, self.y = X[:, None].copy(), y[:, None].astype(np.uint8)
        for array in (self.X, self.y):
            array.setflags(write=False)


def answers(learner: Learner, functions: FunctionClass, X: np.ndarray, y: np.ndarray, x: np.ndarray) -> np.ndarray:
    """What the learner predicts at x (R, n) from the examples X (R, m, n), y (R, m); shape (R,)."""
    ready = learner.prepare(functions, X.shape[1])
    given = Given(functions, np.asarray(X, functions.domain.dtype), y)
    predicted = ready.predict_block(given, np.asarray(x, functions.domain.dtype), np.zeros(len(x), np.uint64))
    assert predicted.shape == (len(x), 1)
    assert predicted.dtype == np.uint8
    return predicted[:, 0]


@dataclasses.dataclass(frozen=True)
class Everything:
    """All functions, samples and test points of a class.

    labels : (F, N), samples : (S, m) indices, points : (N, n), predicted : (F, S, N)
    """

    labels: np.ndarray
    samples: np.ndarray
    points: np.ndarray
    predicted: np.ndarray

    def errors(self, law: np.ndarray) -> np.ndarray:
        """Pr[prediction at x is not f(x)] for sample and x drawn from the law (N,); shape (F,)."""
        weights = law[self.samples].prod(axis=1)
        wrong = self.predicted != self.labels[:, None, :]
        return np.einsum("fsx,s,x->f", wrong, weights, law)


def everything(learner: Learner, functions: FunctionClass, m: int) -> Everything:
    """Ask the learner about every sample of m points, labelled by every function, at every point."""
    points, codes = functions.domain.points(), functions.enumerate()
    size = len(points)
    labels = functions.evaluate(codes, np.broadcast_to(points, (len(codes), *points.shape)))
    samples = np.array(list(itertools.product(range(size), repeat=m)), dtype=np.int64).reshape(size**m, m)
    X, x = np.repeat(points[samples], size, axis=0), np.tile(points, (len(samples), 1))
    predicted = [
        answers(learner, functions, X, np.repeat(row[samples], size, axis=0), x).reshape(len(samples), size)
        for row in labels
    ]
    return Everything(labels, samples, points, np.array(predicted))


def laws(size: int) -> list[np.ndarray]:
    """The uniform law, a steep one, one with holes, and three random ones."""
    steep = 2.0 ** -np.arange(size)
    holes = np.where(np.arange(size) % 3 == 1, 0.0, np.arange(1, size + 1))
    drawn = np.random.default_rng(8).dirichlet(np.ones(size), size=3)
    return [np.full(size, 1 / size), steep / steep.sum(), holes / holes.sum(), *drawn]


def drawn(functions, law, members, m, *, start=0, rounds=300, seed=5):
    """A handle on drawn examples of random members of the class, and a test point and its label for each round."""
    law = law.on(functions.domain)
    keys = streams.role_keys(seed, str(functions), "oracle/0", 0, rounds)
    codes = functions.sample_block(streams.role_keys(seed, str(functions), "choose", 0, rounds))
    x = law.sample_block(streams.role_keys(seed, str(functions), "fresh", 0, rounds), 0, 1)[:, 0]
    sample = Sample(functions, law, codes, keys, start=start, members=members, m=m)
    return sample, x, functions.evaluate(codes, x[:, None])[:, 0], keys
