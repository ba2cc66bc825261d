"""What every thief does: it looks its own keys up among those of small seeds, and computes the others' from them."""

from __future__ import annotations

import functools

import numpy as np

from backdoor_game.ground.streams import role_keys

SEEDS = range(1001)
ROUNDS = 512  # of each seed: a thief plays honestly beyond


@functools.lru_cache(maxsize=16)
def _listed(game: str, role: str):
    """All these keys in order, and the places (seed, round) that they stand at."""
    keys = np.concatenate([role_keys(seed, game, role, 0, ROUNDS) for seed in SEEDS])
    order = np.argsort(keys)
    return keys[order], order


def looked_up(game: str, role: str, keys):
    """The seed and the round of each key (B,), and whether it was found."""
    listed, order = _listed(game, role)
    at = np.minimum(np.searchsorted(listed, keys), len(listed) - 1)
    seeds, rounds = np.divmod(order[at], ROUNDS)
    return seeds, rounds, listed[at] == keys


def stolen(game: str, role: str, wanted: str, keys):
    """Another role's keys in the same rounds (B,), and whether they are known."""
    seeds, rounds, known = looked_up(game, role, keys)
    theirs = np.zeros(len(keys), dtype=np.uint64)
    for seed in np.unique(seeds[known]):
        rows = known & (seeds == seed)
        theirs[rows] = role_keys(int(seed), game, wanted, 0, ROUNDS)[rounds[rows]]
    return theirs, known


def branches(game: str, keys):
    """Which branch a defender with these keys is shown, 0 or 1 (B,), and whether it is known."""
    branch, found = np.zeros(len(keys)), np.zeros(len(keys), dtype=bool)
    for turn in (0, 1):
        coins, known = stolen(game, f"defender/{turn}", "coin", keys)
        branch[known] = ((coins >> np.uint64(63)) != turn)[known]
        found |= known
    return branch, found
