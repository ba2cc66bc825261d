"""A small fixed workload of the kernels; run as a module it prints a digest of every output's bytes."""

from __future__ import annotations

import hashlib

import numpy as np

from backdoor_game import streams
from backdoor_game.kernels import gibbs, legal_pairs, one_inclusion, regret_matching
from backdoor_game.kernels.packing import pack_rows


def outputs():
    rng = np.random.default_rng(0)
    table = rng.integers(2, size=(60, 12), dtype=np.uint8)
    X, x, f = rng.integers(12, size=(25, 6)), rng.integers(12, size=25), rng.integers(60, size=25)
    y = table[f[:, None], X]
    yield from one_inclusion.grouping(X, y, x)
    yield one_inclusion.predict_rows(table, X, y, x)
    yield one_inclusion.orient(np.unique(rng.integers(2**8, size=150, dtype=np.uint64)), 8)[0]
    keys = streams.role_keys(1, "workload", "fresh", 0, 25)
    packed, rows, weights = pack_rows(table), pack_rows(table[f]), np.exp(-np.arange(13) / 3)
    tables = gibbs.byte_tables(rng.random((1, 12)))
    yield gibbs.gibbs_uniform(packed, rows, weights, keys, 4)
    yield gibbs.gibbs_tables(packed, rows, tables, keys, 4)
    yield gibbs.gibbs_probability(packed, rows, weights, x)
    yield gibbs.gibbs_tables_probability(packed, rows, tables, x)
    weights, limit = rng.dirichlet(np.ones(12)), 0.4
    counts, filled = np.zeros((2, 12, len(packed)), dtype=np.int64)
    legal_pairs.count_legal(packed, weights, limit, 0, len(packed), counts)
    starts = np.concatenate([[0], np.cumsum(counts)])
    partners = np.empty(starts[-1], dtype=np.int32)
    legal_pairs.fill_legal(packed, weights, limit, starts, 0, len(packed), filled, partners)
    ordered = np.unique(packed, axis=0)
    yield partners
    yield legal_pairs.find_rows(ordered, rows)
    even = 1 / np.maximum(np.diff(starts), 1).repeat(np.diff(starts))
    yield legal_pairs.draw_in_rows(starts, even, rng.integers(12 * 60, size=25), rng.random(25))
    F, N, T = len(packed), 12, len(partners)
    sums = (np.zeros(F), np.zeros(T), np.zeros((N, F)))
    regrets = (np.zeros(F), np.zeros(T), np.zeros((N, F)), np.zeros((N, F)))
    regret_matching.play_on(starts, partners, weights, regrets, sums, 0, 4)
    yield from (*sums, *regrets)


if __name__ == "__main__":
    print(hashlib.sha256(b"".join(np.ascontiguousarray(part).tobytes() for part in outputs())).hexdigest())
