"""At which epsilon the legal plants of a finite game change: the distances between functions that D can tell apart."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from ...functions.base import Floats
from ...functions.legality import TIE, counted, rule
from ...functions.listing import shown_count
from ...ground.errors import InvalidArgument
from ...ground.spec import text
from ...spaces.distributions import Distribution
from .legal import LegalGame
from .rational import weight_fractions

Indices = npt.NDArray[np.int64]
ROWS = 128  # functions whose distances to all others are held at a time: 32 MiB for the largest class
MOST_BREAKPOINTS = 1000  # a game is solved at each: minutes for small ones, and a picture has no room for more


@dataclasses.dataclass(frozen=True)
class Breakpoint:
    """An epsilon from which on more plants are legal, and how many legal triples (f, f*, x) there are then."""

    epsilon: Fraction
    triples: int


@dataclasses.dataclass(frozen=True)
class _Found:
    """Different distances in increasing order, how many legal triples each adds, and two functions that far apart."""

    distances: Floats
    triples: Indices
    pairs: Indices

    def and_(self, other: _Found) -> _Found:
        """Both, distances within rounding of each other taken as one: ties at epsilon are legal."""
        distances = np.concatenate([self.distances, other.distances])
        order = np.argsort(distances, kind="stable")
        distances = distances[order]
        first = np.flatnonzero(np.diff(distances, prepend=-np.inf) > TIE)
        triples = np.concatenate([self.triples, other.triples])[order]
        added = np.add.reduceat(triples, first) if len(first) else triples
        return _Found(distances[first], added, np.concatenate([self.pairs, other.pairs])[order][first])


def breakpoints(game: LegalGame, distribution: Distribution, low: float, high: float) -> tuple[Breakpoint, ...]:
    """All of them in (low, high], in increasing order; between two of them the game is the same one.

    Parameters
    ----------
    game : LegalGame
        At any epsilon.
    low, high : float

    Raises
    ------
    InvalidArgument
        For more than 1,000, with how many were met and the limit.
    """
    size = distribution.uniform_size()
    weights, limit = rule(game.weights, high, size)
    scale = float(size) if size is not None and counted(size) else 1.0  # counts, or masses
    found = _Found(np.empty(0), np.empty(0, np.int64), np.empty((0, 2), np.int64))
    for first in range(0, len(game.codes), ROWS):
        found = found.and_(_distances(game, weights, limit, first))
        inside = int((found.distances / scale > low + TIE).sum())
        if inside > MOST_BREAKPOINTS:
            least = "at least " if first + ROWS < len(game.codes) else ""
            raise InvalidArgument(
                f"{text(game.functions)[:200]} has {least}{shown_count(inside)} breakpoints between {low:g} and "
                f"{high:g}, and at most {MOST_BREAKPOINTS} are solved: ask for a smaller range of epsilon"
            )
    each = weight_fractions(distribution)
    reached = np.cumsum(found.triples).tolist()
    every = (Breakpoint(epsilon, count) for epsilon, count in zip(_exact(game, each, found), reached, strict=True))
    return tuple(one for one in every if one.epsilon > low + TIE)


def _distances(game: LegalGame, weights: Floats, limit: float, first: int) -> _Found:
    """Those of some functions to the ones before them, up to a limit."""
    from ...kernels.enumeration import near_distances

    last = min(first + ROWS, len(game.codes))
    near = near_distances(game.packed, first, last, weights, limit)
    f, g = np.nonzero(near < np.inf)
    f = f + first
    points = np.bitwise_count(game.packed[f] ^ game.packed[g]).sum(axis=1)
    distances, place, inverse = np.unique(near[f - first, g], return_index=True, return_inverse=True)
    triples = 2 * np.bincount(inverse, weights=points, minlength=len(distances)).astype(np.int64)  # either may be f
    return _Found(distances, triples, np.stack([f[place], g[place]], axis=1))


def _exact(game: LegalGame, weights: tuple[Fraction, ...], found: _Found) -> Iterator[Fraction]:
    """The distances as fractions, each by two functions that are that far apart."""
    for f, g in found.pairs:
        differ = np.flatnonzero(game.labels[f] != game.labels[g]).tolist()
        yield sum((weights[x] for x in differ), Fraction(0))
