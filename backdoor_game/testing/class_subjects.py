"""What the checks of function classes draw: members, laws, points, and the whole table where it is small."""

from __future__ import annotations

import dataclasses
import functools
from typing import Any

import numpy as np

from ..functions.base import Codes, Floats, FunctionClass, Labels
from ..functions.table import has_table
from ..ground.errors import InvalidArgument
from ..ground.inheritance import overrides
from ..ground.streams import Words, role_keys
from ..spaces.distributions import Distribution
from ..spaces.domains import Points
from . import examples
from .laws_of_domains import laws_of
from .results import NothingToCheck
from .subjects import Subject, name

LISTED_FUNCTIONS = 4096  # with the points a table of 256 KiB, compared in every case that is drawn
LISTED_POINTS = 64  # a row is one word
UNLISTED = "it cannot be enumerated"


def keys_of(seed: int, role: str, count: int) -> Words:
    """Fixed keys for draws of functions and points."""
    return role_keys(seed, "testing", role, 0, count)


def members(functions: FunctionClass, seed: int, count: int, role: str = "choose") -> Codes:
    """Random members."""
    return functions.sample_block(keys_of(seed, role, count))


def points(law: Distribution, seed: int, count: int, m: int) -> Points:
    """Random inputs (count, m, n)."""
    return law.sample_block(keys_of(seed, "fresh", count), 3, m)


def neighbours(functions: FunctionClass, codes: Codes, seed: int) -> Codes:
    """Members a few local moves away."""
    for step in range(1 + seed % 2):
        codes = functions.move_block(codes, keys_of(seed, f"plant{step}", len(codes)))
    return codes


def drawn_members(subject: Subject) -> dict[str, Any]:
    """Strategies for a law on the domain and a seed."""
    from hypothesis import strategies

    return {"law": laws(subject), "seed": strategies.integers(0, 255)}


def laws(subject: Subject) -> Any:
    """Distributions on the class's domain: those of its games where there are any, else of every kind."""
    from hypothesis import strategies

    given = [game.distribution for game in subject.games if game.functions == subject.thing and game.distribution]
    return strategies.sampled_from(given) if given else laws_of(subject.thing.domain)


def accept(subject: Subject) -> None:
    """Refuse games none of which is on the class that is checked."""
    if subject.games != examples.games() and not any(game.functions == subject.thing for game in subject.games):
        others = ", ".join(dict.fromkeys(name(game.functions) for game in subject.games)) or "no game"
        raise InvalidArgument(f"games must be on the class that is checked, {name(subject.thing)}, got {others}")


def is_small(functions: FunctionClass) -> bool:
    """Whether all members and all points can be tried."""
    if not has_table(functions):
        return False
    return int(functions.count() or 0) <= LISTED_FUNCTIONS and int(functions.domain.size or 0) <= LISTED_POINTS


def listable(functions: FunctionClass) -> bool:
    """Whether it has a list of its members and of its points."""
    listed = overrides(functions, FunctionClass.enumerate) and functions.count() is not None
    return listed and functions.domain.size is not None


@dataclasses.dataclass(frozen=True, eq=False)
class Whole:
    """All members and points of a small class, and the labels (F, N), asked for row by row."""

    codes: Codes
    points: Points
    labels: Labels

    def distances(self, rows: Labels, law: Distribution) -> Floats:
        """Pr_D[f != g] from labels (B, N) to every member, (B, F), by definition."""
        weights = self.masses(law)
        return np.asarray(((rows[:, None, :] != self.labels[None]) * weights).sum(axis=2))

    def masses(self, law: Distribution) -> Floats:
        """Pr_D of every point (N,)."""
        atoms, weights = law.atoms() or (self.points[:0], np.zeros(0))
        same = (self.points[:, None, :] == atoms[None]).all(axis=2)
        return np.asarray((same * weights).sum(axis=1))


def whole(functions: FunctionClass) -> Whole:
    """The class as a matrix; skips a check where there are too many functions or points."""
    if not listable(functions):
        raise NothingToCheck(UNLISTED)
    if not is_small(functions):
        most = f"{LISTED_FUNCTIONS} functions on {LISTED_POINTS} points"
        raise NothingToCheck(f"not all members of {name(functions)} can be tried: at most {most}")
    return _whole(functions)


@functools.lru_cache(maxsize=16)
def _whole(functions: FunctionClass) -> Whole:
    codes, listed = functions.enumerate(), functions.domain.points()
    rows = [functions.evaluate(code[None], listed[None])[0] for code in codes]
    return Whole(codes, listed, np.array(rows, dtype=np.uint8).reshape(len(codes), len(listed)))


def labels_of(functions: FunctionClass, codes: Codes, X: Points) -> Labels:
    """Labels of X (m, n) under each code (B, L), shape (B, m)."""
    return functions.evaluate(codes, np.broadcast_to(X, (len(codes), *X.shape)))
