"""The best of some random members."""

from __future__ import annotations

import dataclasses

import numpy as np

from ...functions.base import Codes
from ...ground import _validate
from ...ground.streams import Words, draws
from ..views.sample import Sample
from .base import ProperLearner, flattened


@dataclasses.dataclass(frozen=True, repr=False)
class RandomSearch(ProperLearner):
    """Draws `tries` random members and predicts with the first that errs least on the examples. *Heuristic.*

    What an efficient learner can do where labels tell nothing until a guess is right, as with `RandomOracle`.

    Parameters
    ----------
    tries : int
        Members that are drawn.
    """

    tries: int = 64

    def __post_init__(self) -> None:
        super().__post_init__()
        _validate.integer("tries", self.tries, 1, 10**6)

    def learn_block(self, sample: Sample, keys: Words) -> Codes:
        X, y = flattened(sample)
        best = np.full(len(X), np.iinfo(np.int64).max)
        codes = np.zeros((len(X), sample.functions.code_length), dtype=sample.functions.code_dtype)
        for i in range(self.tries):
            words = draws(keys, i * sample.members, sample.members).ravel()
            tried = sample.functions.sample_block(words)
            errors = (sample.functions.member_labels(tried, X) != y).sum(axis=1)
            better = errors < best
            best, codes = np.where(better, errors, best), np.where(better[:, None], tried, codes)
        return codes.reshape(sample.size, sample.members, codes.shape[1])
