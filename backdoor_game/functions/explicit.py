"""A class given as a 0/1 matrix."""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import itertools
import math
from typing import Any

import numpy as np

from ..ground.arrays import read_npy
from ..ground.errors import InvalidArgument
from ..ground.generators import seeded
from ..ground.paths import quoted, read_bytes
from ..ground.streams import Words, below, draws
from ..spaces.domains import Finite, Points
from .base import BlockFunctionClass, Booleans, Codes, Labels
from .binary_table import labels_in
from .foreign import members

MAX_ENTRIES = 2**26  # 64 MiB as uint8, and eight times that while a .csv is read
BRUTE_FORCE_SUBSETS = 200_000  # 1.4 to 2.6 s at 500 to 2,000 functions
CHECKED_PAIRS = 4_000_000  # 2,800 functions, each pair once; half as many pairs take 0.7 s
RIVALS = 4  # trades reach for nearness: of very many the nearest would always be the same row


@dataclasses.dataclass(frozen=True, repr=False)
class Explicit(BlockFunctionClass):
    """The rows of a 0/1 matrix as functions of its columns; a code is a row's number.

    VC dimension by brute force, up to 200,000 candidate subsets. *Enumerated.*

    Parameters
    ----------
    table : path to a .npy or .csv file, 0/1 array of shape (F, N), nested list, or list of texts such as "0110"
        A .csv has no header, and what follows a ``#`` in it is left out. A path is one on this machine.
    digest : str, optional
        SHA-256 of the matrix in a file, filled in when it is read; a file that has changed since is refused.
    """

    table: str | tuple[str, ...]
    digest: str | None = None
    code_length = 1
    code_dtype = np.int64
    samples_uniformly = True

    def __post_init__(self) -> None:
        if not isinstance(self.table, str):
            object.__setattr__(self, "table", _as_texts(self.table))
            super().__post_init__()
            return
        super().__post_init__()
        found = _digest(_load(self.table))
        if self.digest not in (None, found):
            raise InvalidArgument(f"table {quoted(self.table)} has changed: its digest is {found}, not {self.digest}")
        object.__setattr__(self, "digest", found)

    def _matrix(self) -> Labels:
        return _read(self.table, self.digest or "") if isinstance(self.table, str) else _from_texts(self.table)

    @property
    def domain(self) -> Finite:
        return Finite(self._matrix().shape[1])

    @property
    def vc_dimension(self) -> int | None:
        shattered = _shattered(self)
        return None if shattered is None else len(shattered)

    @property
    def vc_upper_bound(self) -> int:
        exact = self.vc_dimension
        return exact if exact is not None else int(math.log2(len(self._matrix())))

    @property
    def intersection_closed(self) -> bool:
        return _intersection_closed(self)

    def evaluate(self, codes: Codes, X: Points) -> Labels:
        return self._member_labels(*members(self, codes, X))

    def _member_labels(self, codes: Codes, X: Points) -> Labels:
        return np.asarray(self._matrix()[codes, X[:, :, 0]])

    def sample_block(self, keys: Words) -> Codes:
        return below(draws(keys, 0, 1), len(self._matrix()))

    def move_block(self, codes: Codes, keys: Words) -> Codes:
        """Of a few random other rows the one that differs in the fewest columns."""
        matrix = self._matrix()
        if len(matrix) == 1:
            return codes.copy()
        others = below(draws(keys, 0, RIVALS), len(matrix) - 1)
        others += others >= codes
        apart = (matrix[others] != matrix[codes]).sum(axis=2)
        return np.take_along_axis(others, apart.argmin(axis=1)[:, None], axis=1)

    def contains(self, codes: Codes) -> Booleans:
        return np.asarray((codes[:, 0] >= 0) & (codes[:, 0] < len(self._matrix())))

    def enumerate(self) -> Codes:
        return np.arange(len(self._matrix()), dtype=np.int64)[:, None]

    def count(self) -> int:
        return len(self._matrix())

    def shattered_set(self) -> Points:
        shattered = _shattered(self)
        if shattered is None:
            return super().shattered_set()
        return np.array(shattered, dtype=np.int64)[:, None]

    def consistent(self, X: Points, y: Labels) -> Codes:
        """The first row that fits, or the smallest one where the class is closed under intersection."""
        matrix = self._matrix()
        order = np.argsort(matrix.sum(axis=1), kind="stable") if self.intersection_closed else np.arange(len(matrix))
        codes = np.empty((len(X), 1), dtype=np.int64)
        for row in range(len(X)):
            fits = (matrix[order][:, X[row, :, 0]] == y[row]).all(axis=1)
            codes[row] = order[np.argmax(fits)]
        return codes

    def labelings(self, points: Points) -> Labels:
        return np.unique(self._matrix()[:, points[:, 0]], axis=0)


def _as_texts(table: Any) -> tuple[str, ...]:
    rows = table if isinstance(table, np.ndarray) else list(table) if isinstance(table, (list, tuple)) else []
    if len(rows) and all(isinstance(row, str) for row in rows):
        texts = tuple(str(row) for row in rows)
    else:
        texts = tuple(
            "".join(str(int(v)) if v in (0, 1) else "?" for v in np.atleast_1d(np.asarray(row))) for row in rows
        )
    if not texts or not texts[0] or len({len(t) for t in texts}) > 1 or any(set(t) - {"0", "1"} for t in texts):
        raise InvalidArgument("table must be a 0/1 matrix with rows of one length, or the path of a .npy or .csv file")
    return texts


@functools.lru_cache(maxsize=16)  # up to 64 MiB each
def _from_texts(rows: tuple[str, ...]) -> Labels:
    flat = np.frombuffer("".join(rows).encode(), dtype=np.uint8) - ord("0")
    return _frozen(flat.reshape(len(rows), -1))


@functools.lru_cache(maxsize=16)  # up to 64 MiB each
def _read(path: str, digest: str) -> Labels:
    """The matrix with this digest; the digest is part of the key, so that an edited file is never mistaken for it."""
    matrix = _load(path)
    if _digest(matrix) != digest:
        raise InvalidArgument(f"table {quoted(path)} has changed since it was read")
    return matrix


def _load(path: str) -> Labels:
    kind = path[-4:].lower()
    if kind not in (".npy", ".csv"):
        raise InvalidArgument(f"table must be the path of a .npy or .csv file, got {quoted(path)}")
    content = read_bytes(path, "table")
    try:
        values = read_npy(content) if kind == ".npy" else labels_in(content)
    except InvalidArgument as error:
        raise InvalidArgument(f"table {quoted(path)} cannot be read: {error}") from None
    if values.ndim != 2 or not 0 < values.size <= MAX_ENTRIES or not np.isin(values, (0, 1)).all():
        raise InvalidArgument(
            f"table {quoted(path)} must be a 0/1 matrix of at most {MAX_ENTRIES} entries, got {values.shape}"
        )
    return _frozen(values.astype(np.uint8))


def _frozen(matrix: Labels) -> Labels:
    matrix = np.ascontiguousarray(matrix)
    matrix.setflags(write=False)
    return matrix


def _digest(matrix: Labels) -> str:
    return hashlib.sha256(repr(matrix.shape).encode() + np.packbits(matrix).tobytes()).hexdigest()[:32]


@functools.lru_cache(maxsize=32)
def _shattered(functions: Explicit) -> tuple[int, ...] | None:
    """The lexicographically first largest shattered set, or None past 200,000 candidate subsets.

    Every subset of a shattered set is shattered, so sets grow by one larger point at a time.
    """
    columns = np.unique(functions._matrix(), axis=0).T.astype(np.int64)
    level: list[tuple[int, ...]] = [()]
    tried = 0
    while True:
        grown = []
        for base in level:
            known = sum((columns[p] << i for i, p in enumerate(base)), np.zeros_like(columns[0]))
            for point in range(base[-1] + 1 if base else 0, len(columns)):
                tried += 1
                if tried > BRUTE_FORCE_SUBSETS:
                    return None
                patterns = known + (columns[point] << len(base))
                if np.bincount(patterns, minlength=2 << len(base)).all():
                    grown.append((*base, point))
        if not grown:
            return level[0]
        level = grown


@functools.lru_cache(maxsize=32)
def _intersection_closed(functions: Explicit) -> bool:
    """Every pairwise intersection looked up; classes of more than 2,000 functions count as not closed."""
    rows = np.packbits(functions._matrix(), axis=1)
    if len(rows) ** 2 > CHECKED_PAIRS:
        return False
    known = {row.tobytes() for row in rows}
    return all((a & b).tobytes() in known for a, b in itertools.combinations(rows, 2))


@seeded
def random_class(points: int, functions: int, rng: np.random.Generator) -> Explicit:
    """A class of distinct uniform random functions.

    Parameters
    ----------
    points, functions : int
        N columns and F rows, F at most 2^N.
    rng : numpy Generator or int
        An int is a seed.
    """
    if functions < 1 or points < 1 or (points < 63 and functions > 2**points):
        raise InvalidArgument(f"functions must lie between 1 and 2^points = 2^{points}, got {functions!r}")
    if points <= 20:
        codes = rng.choice(2**points, size=functions, replace=False)
        return Explicit((codes[:, None] >> np.arange(points) & 1).tolist())
    seen: dict[bytes, Any] = {}
    while len(seen) < functions:
        row = rng.integers(0, 2, size=points, dtype=np.uint8)
        seen.setdefault(row.tobytes(), row)
    return Explicit(np.stack(list(seen.values())).tolist())
