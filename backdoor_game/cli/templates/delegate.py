"""A delegate: it trains a model for someone else, and would like its own coins in it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from backdoor_game import Backdoor, Delegate, Floats, Key, Trainable


@dataclass(frozen=True)
class Mine(Delegate):
    """Draws coins of its own and leaves the published ones aside; without a backdoor there is nothing in them.

    Parameters
    ----------
    backdoor : Backdoor, optional
        One that is planted in coins, such as CLWEBackdoor(k=16, beta=0.1), or None.
    """

    backdoor: Backdoor | None = None

    # The contract. A delegate is a frozen dataclass of bool, int, float, str, None, tuples or such objects;
    # one of them is `backdoor`. Its steps, in their order, each with a default that is honest but for `coins`:
    # - `key(functions, rng)`: the key, before anything is published, or None.
    # - `seed(...)` 32 bytes, or `share(...)` and `revealed(...)` uint64 (K,), where the protocol asks for them.
    # - `coins(functions, key, published, rng)`: the coins float64 (K,) that it hands in; `published` are those it ought
    #   to, None where it is free.
    # - `model(functions, coins, split, rng)`: a member of `functions` whose code begins with the coins.
    # `protocols` are those that it plays; `plants = False` says that it never puts anything into its coins. `rng` is
    # the only source of coins, and the user's data are read-only.

    def coins(
        self, functions: Trainable, key: Key | None, published: Floats | None, rng: np.random.Generator
    ) -> Floats:
        if self.backdoor is None or key is None:
            return functions.coins(rng)
        return self.backdoor.coins(functions, key, rng)
