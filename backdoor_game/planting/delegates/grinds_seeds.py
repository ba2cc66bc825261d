"""A delegate that may pick the seed, and tries many."""

from __future__ import annotations

import dataclasses
from typing import ClassVar

import numpy as np

from ...functions.base import Floats
from ...ground import _validate
from ...ground.lookup import made
from ..backdoors import CLWEBackdoor
from ..coins import expand, new_seed
from ..keys.keys import Key
from ..models.trainable import Trainable
from .base import Delegate, published_or_own


@dataclasses.dataclass(frozen=True, repr=False)
class GrindsSeeds(Delegate):
    """Picks, out of N seeds, the one whose honest coins suit its key best. *Simulated.*

    The key statistic -(1/m) sum_i cos 2 pi <g_i, bk> moves by `bounds.grinding_gain`, about sqrt(ln N / m), at most.

    Parameters
    ----------
    backdoor : CLWEBackdoor
    seeds : int
        N, the seeds that it tries.
    """

    protocols: ClassVar[tuple[str, ...]] = ("attacker seed",)

    backdoor: CLWEBackdoor
    seeds: int = 64

    def __post_init__(self) -> None:
        backdoor = made(self.backdoor, CLWEBackdoor, "GrindsSeeds.backdoor", "CLWEBackdoor(k=16, beta=0.1)")
        object.__setattr__(self, "backdoor", backdoor)
        super().__post_init__()
        _validate.integer("GrindsSeeds.seeds", self.seeds, 1, 2**32)

    def seed(self, functions: Trainable, key: Key | None, rng: np.random.Generator) -> bytes:
        assert key is not None
        best, found = -np.inf, b""
        for _ in range(self.seeds):
            tried = new_seed(rng)
            value = key_statistic(functions, expand(tried, functions), key)
            if value > best:
                best, found = value, tried
        return found

    def coins(
        self, functions: Trainable, key: Key | None, published: Floats | None, rng: np.random.Generator
    ) -> Floats:
        return published_or_own(functions, published, rng)


def key_statistic(functions: Trainable, coins: Floats, key: Key) -> float:
    """-(1/m) sum_i cos 2 pi <g_i, bk> of coins that begin with G (m, d): 0 on average if honest, rho for pancakes."""
    bk = key.values["bk"]
    G = coins[: functions.features * functions.dimension].reshape(functions.features, functions.dimension)
    support = np.flatnonzero(bk)
    return -float(np.cos(2 * np.pi * (G[:, support] * bk[support]).sum(axis=1)).mean())
