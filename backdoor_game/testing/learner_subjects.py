"""Where a learner is tried: classes and sizes that it accepts, drawn samples, all samples of tiny classes."""

from __future__ import annotations

import dataclasses
import functools
import itertools
from typing import Any

import numpy as np

from ..functions.base import Codes, FunctionClass, Labels
from ..ground.errors import InvalidArgument, MissingCapability
from ..ground.spec import text
from ..players.views.sample import Sample
from ..spaces.distributions import Distribution, Mixture, Uniform, UnitCube
from ..spaces.domains import Points
from . import examples
from .class_subjects import Whole, is_small, keys_of, members, whole
from .results import Broken, NothingToCheck
from .subjects import Subject, name

SIZES = (0, 1, 3)  # examples: none, one, and few enough to try every sample
EVERY = 20_000  # questions, if all samples are tried


@dataclasses.dataclass(frozen=True)
class Desk:
    """A learner made ready for m examples of a class, and a law that they are drawn from."""

    functions: FunctionClass
    m: int
    ready: Any
    law: Distribution

    def __str__(self) -> str:
        return f"{self.m} examples of {text(self.functions)} from {text(self.law)}"

    def sample(self, seed: int, rows: int, members_each: int, part: Any = slice(None)) -> Sample:
        """Examples for some rows, of random functions."""
        codes, oracle = members(self.functions, seed, rows)[part].copy(), keys_of(seed, "oracle/0", rows)[part].copy()
        return Sample(self.functions, self.law, codes, oracle, start=2, members=members_each, m=self.m)

    def points(self, seed: int, rows: int, members_each: int) -> Points:
        """Examples of each member of each row, (rows, members, m, n)."""
        X = self.law.sample_block(keys_of(seed, "oracle/0", rows), 2, members_each * self.m)
        return X.reshape(rows, members_each, self.m, X.shape[2])

    def labels(self, codes: Codes, X: Points) -> Labels:
        """Their labels under each row's function, (rows, members, m)."""
        y: Labels = self.functions.evaluate(codes, X.reshape(len(X), -1, X.shape[3])).reshape(X.shape[:3])
        return y

    def given(self, codes: Codes, X: Points, y: Labels) -> Sample:
        """These examples, as if each row's function had labelled them."""
        return Given(self.functions, codes, X, y, self.law)

    def asked(self, seed: int, rows: int, part: Any = slice(None)) -> Points:
        """A test point for each row."""
        x: Points = self.law.sample_block(keys_of(seed, "fresh", rows), 0, 1)[part, 0].copy()
        return x

    def keys(self, seed: int, rows: int, part: Any = slice(None)) -> Any:
        """The learner's own keys."""
        return keys_of(seed, "defender/0", rows)[part].copy()


@functools.lru_cache(maxsize=32)
def desks(subject: Subject) -> tuple[Desk, ...]:
    """The classes and sizes that the learner accepts."""
    given = tuple(dict.fromkeys(game.functions for game in subject.games))
    classes = examples.classes() if subject.games == examples.games() else given
    found, last = [], "no class was given"
    for functions, m in itertools.product(classes, SIZES):
        try:
            ready = subject.thing.prepare(functions, m)
            found.append(Desk(functions, m, ready, _law(subject, functions)))
        except (InvalidArgument, MissingCapability, NotImplementedError) as error:
            last = str(error)
    if not found:
        raise Broken(f"{name(subject.thing)} learns none of the {len(classes)} classes: {last}")
    return tuple(found)


def _law(subject: Subject, functions: FunctionClass) -> Distribution:
    """The law of a game on that class, else the plainest."""
    given: list[Distribution] = [
        game.distribution for game in subject.games if game.functions == functions and game.distribution
    ]
    for law in (*given, Uniform(), UnitCube(), Mixture((Uniform(), Uniform()), (0.5, 0.5))):
        try:
            return law.on(functions.domain)
        except InvalidArgument:
            continue
    raise MissingCapability(f"no distribution is known on {functions.domain!r}: name a game")


def fitting(subject: Subject) -> tuple[Desk, ...]:
    """The desks, without which there is nothing to check."""
    try:
        return desks(subject)
    except Broken as broken:
        raise NothingToCheck("it learns no class: see `learns_a_class`") from broken


def drawn_desks(subject: Subject) -> dict[str, Any]:
    """Strategies for a desk and a seed."""
    from hypothesis import strategies

    return {"case": strategies.sampled_from(fitting(subject)), "seed": strategies.integers(0, 255)}


class Given(Sample):
    """R rows on examples X (R, T, m, n), labelled y (R, T, m), that are written down rather than drawn."""

    def __init__(self, functions: FunctionClass, codes: Codes, X: Points, y: Labels, law: Distribution) -> None:
        rows = len(X)
        super().__init__(functions, law, codes, np.zeros(rows, np.uint64), start=0, members=X.shape[1], m=X.shape[2])
        self.__dict__["X"], self.__dict__["y"] = X.copy(), y.copy()
        self.X.setflags(write=False)
        self.y.setflags(write=False)


@dataclasses.dataclass(frozen=True, eq=False)
class Everything:
    """What a learner predicts from every sample of m points, labelled by every function, at every point.

    samples : (S, m) indices of points; predicted : (F, S, N)
    """

    whole: Whole
    samples: Any
    predicted: Labels

    def wrong(self, masses: Any) -> Any:
        """Pr[prediction at x is not f(x)] over samples, (F, N)."""
        weights = masses[self.samples].prod(axis=1)
        differ = self.predicted != self.whole.labels[:, None, :]
        return np.einsum("fsx,s->fx", differ, weights)


def is_tiny(desk: Desk) -> bool:
    """Whether every sample can be tried."""
    if not is_small(desk.functions):
        return False
    points = int(desk.functions.domain.size or 0)
    return bool(int(desk.functions.count() or 0) * points ** (desk.m + 1) <= EVERY)


@functools.lru_cache(maxsize=32)
def everything(desk: Desk, seed: int) -> Everything:
    """Ask about every sample; `seed` is that of the learner's own keys."""
    small = whole(desk.functions)
    N, m = len(small.points), desk.m
    samples = np.array(list(itertools.product(range(N), repeat=m)), dtype=np.int64).reshape(N**m, m)
    S, predicted = len(samples), []
    x = np.tile(small.points, (S, 1))
    for f, (code, row) in enumerate(zip(small.codes, small.labels, strict=True)):
        X, y = np.repeat(small.points[samples], N, axis=0), np.repeat(row[samples], N, axis=0)
        given = Given(desk.functions, np.repeat(code[None], len(x), axis=0), X[:, None], y[:, None], desk.law)
        answers = desk.ready.predict_block(given, x, keys_of(seed, f"learner/{f}", len(x)))
        predicted.append(np.asarray(answers).reshape(S, N))
    return Everything(small, samples, np.array(predicted, dtype=np.uint8))
