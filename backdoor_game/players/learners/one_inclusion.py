"""The one-inclusion learner: orient the graph of labelings once, whichever point is asked about."""

from __future__ import annotations

import dataclasses
from typing import Self

import numpy as np

from ... import bounds
from ...functions.base import FunctionClass, Labels, missing
from ...functions.table import has_table, table
from ...ground import _validate
from ...ground.errors import InvalidArgument
from ...ground.inheritance import overrides
from ...ground.spec import text
from ...ground.streams import Words
from ...spaces.domains import Points
from ..views.sample import Sample
from .base import BlockLearner, flattened

MOST_POINTS = 64  # a labelling is the bits of one word


@dataclasses.dataclass(frozen=True, repr=False)
class OneInclusion(BlockLearner):
    """Predicts along an orientation of least out-degree of the one-inclusion graph on sample and test point [HLW94].

    The orientation depends on the set of distinct points alone, so the expected error is at most d/(m+1). *Proved.*

    Parameters
    ----------
    limit : int
        Refuses classes with more labelings of m + 1 points than this; at most 64 distinct points in any case.
    """

    limit: int = 65_536
    order_free = True

    def __post_init__(self) -> None:
        super().__post_init__()
        _validate.integer("limit", self.limit, 1, 2**20)

    def prepare(self, functions: FunctionClass, m: int) -> Self:
        if not (overrides(functions, FunctionClass.enumerate) or overrides(functions, FunctionClass.labelings)):
            raise missing(functions, "cannot list its labelings: pass another learner (half-spaces: LinearSeparator())")
        points = m + 1 if functions.domain.size is None else min(m + 1, functions.domain.size)
        if points > MOST_POINTS:
            raise InvalidArgument(
                f"OneInclusion() works on at most {MOST_POINTS} distinct points, got {points}: "
                f"pass examples={MOST_POINTS - 1}"
            )
        if self._labelings(functions, points) > self.limit:
            raise InvalidArgument(
                f"{text(functions)[:200]} may have more than {self.limit} labelings of {points} points: "
                "pass fewer examples or OneInclusion(limit=...)"
            )
        return self

    def _labelings(self, functions: FunctionClass, points: int) -> int:
        """An upper bound on the number of labelings, by counting and by Sauer and Shelah."""
        d, count = functions.vc_upper_bound, functions.count()
        known = [] if count is None else [count]
        return int(min([2**points, *known, *([] if d is None else [bounds.sauer_shelah(points, d)])]))

    def expected_error(self, d: int, m: int) -> float:
        return d / (m + 1)

    def predict_block(self, sample: Sample, x: Points, keys: Words) -> Labels:
        from ...kernels.one_inclusion import predict_rows

        functions = sample.functions
        X, y = flattened(sample)
        asked = np.repeat(x, sample.members, axis=0)
        if has_table(functions):
            domain = functions.domain
            answers = predict_rows(table(functions).labels, domain.index(X), y, domain.index(asked))
        else:
            answers = np.array([self._alone(functions, *row) for row in zip(X, y, asked, strict=True)], dtype=np.uint8)
        return answers.reshape(sample.size, sample.members)

    def _alone(self, functions: FunctionClass, X: Points, y: Labels, x: Points) -> int:
        """One row of a class that has no table: its labelings of the points at hand are the table."""
        from ...kernels.one_inclusion import predict_rows

        points, places = np.unique(np.concatenate([X, x[None]]), axis=0, return_inverse=True)
        places = places.ravel()
        return int(predict_rows(functions.labelings(points), places[None, :-1], y[None], places[-1:])[0])
