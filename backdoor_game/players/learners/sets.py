"""How often a learner errs, from its answer on every set of different examples that m draws can give."""

from __future__ import annotations

from typing import Protocol

import numpy as np
import numpy.typing as npt

from ...functions.base import Codes, Floats, FunctionClass, Labels
from ...ground.chances import seen_law
from ...ground.streams import Words
from ...spaces.distributions import Distribution
from ...spaces.domains import Points
from ..views.sample import Sample, WrittenSample

MOST_ATOMS = 12  # at most 4,096 sets, each asked about for every f and x
ANSWERS = 2**18  # questions at a time, each with up to 12 examples: 25 MiB
Indices = npt.NDArray[np.int64]


class Predictor(Protocol):
    """What is asked of a learner here."""

    def predict_block(self, sample: Sample, x: Points, keys: Words) -> Labels: ...


def error_over_sets(
    learner: Predictor, functions: FunctionClass, distribution: Distribution, m: int, codes: Codes, x: Points
) -> Floats | None:
    """Pr[h_S(x) != f(x)] (B,) of a learner whose answer depends on the set of different examples alone.

    None where more than 12 points have positive weight, or where they cannot be listed.
    """
    support = distribution.atoms()
    held = np.zeros(0, dtype=bool) if support is None else support[1] > 0
    if support is None or held.sum() > MOST_ATOMS:
        return None
    atoms, weights = support[0][held], support[1][held]
    law = seen_law(tuple(weights.tolist()), m)
    sets = np.flatnonzero(law)
    places = _places(sets, len(atoms))
    known = functions.member_labels(codes, np.broadcast_to(atoms, (len(codes), *atoms.shape)))
    truth = functions.member_labels(codes, x[:, None, :])[:, 0]
    masks = (known.astype(np.int64) << np.arange(len(atoms))).sum(axis=1)
    points, number = np.unique(x, axis=0, return_inverse=True)
    out = np.zeros(len(codes))
    for start in range(0, len(sets) * len(codes), ANSWERS):
        # Set by set, so that what functions share on a set is asked once, and learners that group by set find it whole.
        of_set, row = np.divmod(np.arange(start, min(start + ANSWERS, len(sets) * len(codes))), len(codes))
        question = ((of_set << len(atoms)) + (masks[row] & sets[of_set])) * len(points) + number.ravel()[row]
        _, first, again = np.unique(question, return_index=True, return_inverse=True)
        place, asked = places[of_set[first]], row[first]
        sample = WrittenSample(functions, atoms[place], np.take_along_axis(known[asked], place, axis=1))
        answer = learner.predict_block(sample, x[asked], np.zeros(len(asked), np.uint64))[:, 0]
        out += np.bincount(row, np.where(answer[again.ravel()] != truth[row], law[sets[of_set]], 0.0), len(codes))
    return np.minimum(out, 1.0)


def _places(sets: Indices, size: int) -> Indices:
    """The atoms of each set in increasing order, the first one repeated up to a common width."""
    inside = (sets[:, None] >> np.arange(size) & 1).astype(bool)
    counts = inside.sum(axis=1)
    order = np.argsort(~inside, axis=1, kind="stable")[:, : counts.max(initial=0)]
    return np.where(np.arange(order.shape[1]) < counts[:, None], order, order[:, :1])
