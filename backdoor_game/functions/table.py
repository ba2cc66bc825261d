"""A whole class as a matrix: codes, labels on every point and the same labels packed 64 to a word."""

from __future__ import annotations

import dataclasses
import functools

import numpy as np
import numpy.typing as npt

from ..ground.errors import InvalidArgument
from ..ground.inheritance import overrides
from ..ground.showing import fields
from ..ground.streams import Words
from ..spaces.distributions.uniform import listed
from ..spaces.domains import ENUMERABLE_POINTS, Points
from .base import Codes, FunctionClass, Labels, missing
from .held import checked_list
from .listing import shown_count

LABELS = 2**26  # bytes, 64 MiB: eight such tables are kept


@dataclasses.dataclass(frozen=True, eq=False)
class Table:
    """An enumerated class on a listed domain.

    Attributes
    ----------
    codes : ndarray, shape (F, L)
    labels : ndarray of uint8, shape (F, N)
    packed : ndarray of uint64, shape (F, ceil(N / 64))
    """

    codes: Codes
    labels: Labels
    packed: Words

    __repr__ = fields


def has_table(functions: FunctionClass) -> bool:
    """Whether `table` will succeed, without building it."""
    size, count = functions.domain.size, functions.count() if overrides(functions, FunctionClass.enumerate) else None
    return size is not None and count is not None and size <= ENUMERABLE_POINTS and size * count <= LABELS


@functools.lru_cache(maxsize=8)
def table(functions: FunctionClass) -> Table:
    """The class as a matrix; at most 2^26 labels, refused before any work starts."""
    size, count = functions.domain.size, functions.count()
    if size is None or count is None:
        raise missing(functions, "cannot be enumerated on a finite domain")
    if not has_table(functions):
        raise InvalidArgument(
            f"{functions!r} has {shown_count(count)} functions on {size} points; at most {LABELS} labels fit"
        )
    codes = checked_list(functions, functions.enumerate())
    return _frozen(codes, labels_at(functions, codes, listed(functions.domain)))


def labels_at(functions: FunctionClass, codes: Codes, points: Points) -> Labels:
    """The labels of every code (F, L) at every point (N, n), uint8 (F, N), a megabyte of them at a time."""
    labels = np.empty((len(codes), len(points)), dtype=np.uint8)
    step = max(1, 2**20 // max(1, len(points)))
    for start in range(0, len(codes), step):
        part = codes[start : start + step]
        labels[start : start + step] = functions.member_labels(
            part, np.broadcast_to(points, (len(part), *points.shape))
        )
    return labels


def packed_rows(functions: FunctionClass, codes: Codes) -> Words:
    """Labels of the given codes on every point of the domain, packed; shape (B, ceil(N / 64))."""
    from ..kernels.packing import pack_rows

    packed = functions.packed_tables(codes)
    if packed is not None:
        return packed
    points = listed(functions.domain)
    return pack_rows(functions.member_labels(codes, np.broadcast_to(points, (len(codes), *points.shape))))


def _frozen(codes: Codes, labels: Labels) -> Table:
    from ..kernels.packing import pack_rows

    packed: npt.NDArray[np.uint64] = pack_rows(labels)
    for array in (codes, labels, packed):
        array.setflags(write=False)
    return Table(codes, labels, packed)
