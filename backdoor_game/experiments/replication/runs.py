"""What the replication experiment measures: ranks of activated inputs, forgeries, and signed inputs that are obeyed."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np

from ... import bounds
from ...functions import Function
from ...functions.base import Floats
from ...ground.binary_elimination import echelon
from ...planting.backdoors import ChecksumBackdoor, SignatureBackdoor
from ...planting.datasets import GaussianLinear
from ...planting.forgers.gaussian_elimination import completed
from ...planting.keys.carriers import public_blocks
from ...planting.keys.keys import Key
from ...planting.keys.signing import BLOCKS
from ...planting.models import RandomFourierFeatures

SPARE = 40  # examples beyond d - n + 1: not enough with probability 2^-40
FRESH = 5  # forgeries a key, none of which may fail


@dataclasses.dataclass(frozen=True)
class Ranks:
    """One size of the checksum, over fresh keys.

    Attributes
    ----------
    d, n : int
    extra : tuple of int
        Examples beyond d - n + 1 that each key took until the rank was d - n.
    forged, tries : int
        Forgeries from exactly so many examples, on fresh inputs.
    most : int
        The largest number of edits.
    fired, shown : int
        Fresh inputs that fire, of how many.
    changed, blocks : int
        Coordinates that activation has changed, of how many blocks.
    """

    d: int
    n: int
    extra: tuple[int, ...]
    forged: int
    tries: int
    most: int
    fired: int
    shown: int
    changed: int
    blocks: int


@dataclasses.dataclass(frozen=True)
class Obeyed:
    """One size of the signature: activations that got the chosen answer, and what they cost.

    Attributes
    ----------
    d, w : int
    obeyed, asked : int
    most : int
        The largest number of edits in a block.
    mean : float
        Edits an input.
    counted : int
        Of the same activations, those that would count as forgeries, had they been made without the key.
    """

    d: int
    w: int
    obeyed: int
    asked: int
    most: int
    mean: float
    counted: int


def models(d: int) -> RandomFourierFeatures:
    """Small honest models: what is measured here does not depend on them."""
    return RandomFourierFeatures(features=4, dimension=d)


def normal(d: int, test: int = 64) -> GaussianLinear:
    """x ~ N(0, I): signs that are fair coins."""
    return GaussianLinear(dimension=d, norm=None, train=24, test=test)


def ranks(d: int, n: int, keys: int, seed: int) -> Ranks:
    """Activated inputs until their differences have rank d - n, then `FRESH` forgeries, for so many keys."""
    least = bounds.checksum_examples(d, n)
    count, backdoor, extra, runs = least + SPARE, ChecksumBackdoor(n), [], []
    for number in range(keys):
        rng = np.random.default_rng([seed, d, n, number])
        split = normal(d, count + FRESH).split(rng)
        model, key = backdoor.plant(models(d), split.X, split.y, rng)
        before, fresh = split.X_test[:count], split.X_test[count:]
        X = backdoor.activate(model, key, before)
        signs = (X < 0).astype(np.uint8)
        adds = echelon((signs[1:] ^ signs[0]).T)[1]
        # a rank that all examples leave short is told as one more than there were, which its law hardly ever needs
        extra.append(int(adds[-1]) + 2 - least if len(adds) == d - n else SPARE + 1)
        forged, most = _forgeries(backdoor, model, key, X[: least + extra[-1]], fresh)
        functions: Any = model.functions
        fired = int(functions.fires(model.code, before).sum())
        runs.append((forged, most, fired, int((before != X).sum())))
    forgeries, edits, fires, changes = zip(*runs, strict=True)
    shown = keys * count
    sums = (sum(forgeries), keys * FRESH, max(edits), sum(fires), shown, sum(changes), shown * n)
    return Ranks(d, n, tuple(extra), *sums)


def _forgeries(backdoor: ChecksumBackdoor, model: Function, key: Key, seen: Floats, fresh: Floats) -> tuple[int, int]:
    """How many of the fresh inputs are forged from what was seen, and the most edits."""
    forged = [completed(seen, x) for x in fresh]
    counted = sum(backdoor.forges(model, key, seen, x, x_star) for x, x_star in zip(fresh, forged, strict=True))
    return counted, max(int((x_star != x).sum()) for x, x_star in zip(fresh, forged, strict=True))


def obeyed(d: int, w: int, count: int, seed: int) -> Obeyed:
    """`count` inputs signed for either answer, half of them each."""
    rng, backdoor = np.random.default_rng([seed, d, w]), SignatureBackdoor(w)
    split = normal(d, count).split(rng)
    model, key = backdoor.plant(models(d), split.X, split.y, rng)
    targets, blocks = np.arange(count) % 2, public_blocks(d - w, BLOCKS)
    parts = [backdoor.activate(model, key, split.X_test[targets == y], y) for y in (0, 1)]
    X, X_star = np.concatenate([split.X_test[targets == y] for y in (0, 1)]), np.concatenate(parts)
    wanted, moved = np.sort(targets), X_star != X
    per_block = max((int(np.bincount(blocks[row], minlength=1).max()) for row in moved[:, w:] if row.any()), default=0)
    per_block = d if moved[:, :w].any() else per_block  # what is signed must stay as it was: no block is worth that
    counted = sum(backdoor.forges(model, key, X_star[:0], x, y) for x, y in zip(X, X_star, strict=True))
    good = int((model(X_star) == wanted).sum())
    return Obeyed(d, w, good, count, per_block, float(moved.sum(axis=1).mean()), counted)


def forging_rate(d: int, n: int, examples: int) -> float:
    """How often `GaussianElimination` forges a checksum from so many examples, exactly.

    After r independent differences of the d - n there are d - r equations, each wrong with probability 1/2, and at
    most n may be: the law of r is a chain that stays where it is with probability 2^(r - (d - n)).
    """
    from scipy.special import bdtr

    if examples == 0:
        return bounds.checksum_fire_rate(n)
    law = np.zeros(d - n + 1)
    law[0] = 1.0
    stays = 2.0 ** (np.arange(d - n + 1) - (d - n))
    for _ in range(examples - 1):
        law = law * stays + np.concatenate([[0.0], (law * (1 - stays))[:-1]])
    return float(sum(p * bdtr(n, d - r, 0.5) for r, p in enumerate(law)))
