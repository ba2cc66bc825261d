"""A finite game as arrays: the labelings that D can tell apart, and every legal plant."""

from __future__ import annotations

import dataclasses
import functools

import numpy as np
import numpy.typing as npt

from ...functions import FunctionClass
from ...functions.base import Codes, Floats, Labels, missing
from ...functions.legality import rule
from ...functions.listing import shown_count
from ...functions.table import labels_at
from ...ground.errors import ContractError, InvalidArgument, MissingCapability
from ...ground.inheritance import overrides
from ...ground.showing import fields
from ...ground.spec import text
from ...ground.streams import Words
from ...spaces.distributions import Distribution
from ...spaces.domains import ENUMERABLE_POINTS, Points

Indices = npt.NDArray[np.int64]
LABELS = 2**26  # bytes of labels, 64 MiB, before equal rows are merged
FUNCTIONS = 2**15  # rows that are compared with each other: 10^9 pairs
CELLS = 2**23  # (f, x): 64 MiB of flag probabilities, of which a solver holds several copies
COMPARISONS = 10**11  # of labels, 64 to a word: 13 s where few pairs are legal, measured at 4,096 x 1,024
ROWS = 256  # functions between two looks at the count: the first moment at which a game is known to be too large
TRIPLES = 10_000_000  # about a gigabyte while regrets are matched


@dataclasses.dataclass(frozen=True, eq=False)
class LegalGame:
    """F functions on the N points that D can draw, and the T legal triples (x, f, f*).

    Where it is `merged`, members that agree wherever D has mass are one function: that leaves the game's value as it
    is, but not what a defender does that reads codes rather than labels.

    Attributes
    ----------
    codes : ndarray, shape (F, L)
        Each function's code, or that of one of the members that are merged into it.
    points : ndarray, shape (N, n)
    weights : ndarray of float64, shape (N,)
        D, positive throughout.
    labels : ndarray of uint8, shape (F, N)
    packed : ndarray of uint64, shape (F, W)
        The labels 64 to a word, rows in increasing order, equal ones only where members are not merged.
    starts : ndarray of int64, shape (N F + 1,)
    partners : ndarray of int32, shape (T,)
        The legal plants of f at x are partners[starts[x F + f] : starts[x F + f + 1]].
    """

    functions: FunctionClass
    codes: Codes
    points: Points
    weights: Floats
    labels: Labels
    packed: Words
    starts: Indices
    partners: npt.NDArray[np.int32]
    merged: bool

    __repr__ = fields

    @property
    def shape(self) -> tuple[int, int]:
        """(N, F), the shape of flag probabilities: a row for each point."""
        return len(self.weights), len(self.codes)

    @property
    def triples(self) -> int:
        """Number of legal triples T, by which a game's size is counted."""
        return len(self.partners)

    @functools.cached_property
    def cells(self) -> Indices:
        """For each triple its place x F + f, shape (T,)."""
        return np.repeat(np.arange(len(self.starts) - 1), np.diff(self.starts))

    @functools.cached_property
    def planted(self) -> Indices:
        """For each triple the place x F + f* of what is planted, shape (T,)."""
        F = len(self.codes)
        return self.cells // F * F + self.partners

    def find(self, codes: Codes) -> Indices:
        """Which function each member (B, L) is, shape (B,); a class that does not list them all is refused."""
        from ...kernels.legal_pairs import find_rows

        places = np.asarray(find_rows(self.packed, _packed(labels_at(self.functions, codes, self.points))))
        if (places < 0).any():
            raise ContractError(f"{text(self.functions)[:200]} holds a function that its enumerate() does not list")
        if self.merged:
            return places
        exactly = (self._by_code.get(code.tobytes(), place) for code, place in zip(codes, places, strict=True))
        return np.fromiter(exactly, dtype=np.int64, count=len(codes))

    @functools.cached_property
    def _by_code(self) -> dict[bytes, int]:
        """The place of each code's bytes."""
        return {code.tobytes(): place for place, code in enumerate(self.codes)}

    def place(self, X: Points) -> Indices:
        """Which of the points each x (B, n) is, shape (B,); one that is no atom of D is refused."""
        if self._by_index is not None:
            places = np.asarray(self._by_index[self.functions.domain.index(X)])
        else:
            known = {point.tobytes(): place for place, point in enumerate(np.ascontiguousarray(self.points))}
            places = np.array([known.get(x.tobytes(), -1) for x in np.ascontiguousarray(X)], dtype=np.int64)
        if (places < 0).any():
            raise ContractError(f"the point {X[places < 0][0].tolist()} is none of the atoms with mass that D lists")
        return places

    @functools.cached_property
    def _by_index(self) -> Indices | None:
        """The place of each point of a listed domain."""
        domain = self.functions.domain
        if domain.size is None or domain.size > ENUMERABLE_POINTS:
            return None
        places = np.full(domain.size, -1, dtype=np.int64)
        places[domain.index(self.points)] = np.arange(len(self.points))
        return places


@functools.lru_cache(maxsize=4)
def legal_game(
    functions: FunctionClass, distribution: Distribution, epsilon: float, *, merged: bool = True
) -> LegalGame:
    """The finite game of a class that can be enumerated, under a D with listed atoms.

    Raises
    ------
    MissingCapability
        Where the class cannot be enumerated or D has no listed atoms.
    InvalidArgument
        Where it is too large, with its size and the limit, before the work that would need the memory.
    """
    points, weights = support(distribution)
    count = functions.count() if overrides(functions, FunctionClass.enumerate) else None
    if count is None:
        raise missing(functions, "cannot be enumerated: exact methods need one that can, such as Thresholds(points=10)")
    _refuse(
        functions, count * len(points), LABELS, f"labels, of {shown_count(count)} functions on {len(points)} points"
    )
    codes = functions.enumerate()
    labels = labels_at(functions, codes, points)
    packed, first, copies = np.unique(_packed(labels), axis=0, return_index=True, return_inverse=True)
    if not merged:
        if len(first) == len(codes):
            return legal_game(functions, distribution, epsilon)
        first = np.argsort(copies.ravel(), kind="stable")
        packed = packed[copies.ravel()[first]]
    labels, codes = labels[first], codes[first]
    F, N = len(codes), len(points)
    _refuse(functions, F, FUNCTIONS, "different functions")
    _refuse(functions, F * N, CELLS, f"pairs (f, x), of {F} functions on {N} points")
    _refuse(functions, F * F * N, COMPARISONS, f"comparisons of labels, of {F} functions with each other on {N} points")
    partners, starts = _legal(functions, packed, *rule(weights, epsilon, distribution.uniform_size()))
    for array in (codes, labels, packed, starts, partners):
        array.setflags(write=False)
    return LegalGame(functions, codes, points, weights, labels, packed, starts, partners, merged)


def support(distribution: Distribution) -> tuple[Points, Floats]:
    """The points (N, n) that D can draw and their weights (N,), read-only."""
    support = distribution.atoms()
    if support is None:
        raise MissingCapability(
            f"the distribution {text(distribution)[:200]} has no list of at most {ENUMERABLE_POINTS} atoms: exact "
            "methods need one, such as Uniform() on a domain of fewer points or Atoms(points)"
        )
    points, weights = np.asarray(support[0]), np.asarray(support[1], dtype=np.float64)
    points, weights = points[weights > 0], weights[weights > 0]
    once, copies = np.unique(points, axis=0, return_inverse=True)
    if len(once) < len(points):
        points, weights = once, np.bincount(copies.ravel(), weights=weights).astype(np.float64)
    for array in (points, weights):
        array.setflags(write=False)
    return points, weights


def _packed(labels: Labels) -> Words:
    from ...kernels.packing import pack_rows

    return pack_rows(labels)


def _legal(
    functions: FunctionClass, packed: Words, weights: Floats, limit: float
) -> tuple[npt.NDArray[np.int32], Indices]:
    from ...kernels.legal_pairs import fill_legal

    counts = legal_counts(functions, packed, weights, limit)
    starts = np.concatenate([[0], np.cumsum(counts)])
    partners = np.empty(starts[-1], dtype=np.int32)
    filled = np.zeros_like(counts)
    for first in range(0, len(packed), ROWS):
        fill_legal(packed, weights, limit, starts, first, min(first + ROWS, len(packed)), filled, partners)
    return partners, starts


def legal_counts(functions: FunctionClass, packed: Words, weights: Floats, limit: float) -> Indices:
    """How many legal plants each (x, f) has, shape (N, F); refused as soon as there are too many in all."""
    from ...kernels.legal_pairs import count_legal

    counts = np.zeros((len(weights), len(packed)), dtype=np.int64)
    for first in range(0, len(packed), ROWS):
        count_legal(packed, weights, limit, first, min(first + ROWS, len(packed)), counts)
        found = int(counts.sum())
        _refuse(functions, found, TRIPLES, "legal triples (f, f*, x)", least=first + ROWS < len(packed))
    return counts


def _refuse(functions: FunctionClass, size: int, limit: int, what: str, *, least: bool = False) -> None:
    if size > limit:
        more = "at least " if least else ""
        raise InvalidArgument(
            f"{text(functions)[:200]} is too large to solve: {more}{shown_count(size)} {what}, and at most {limit} fit"
        )
