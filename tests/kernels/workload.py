"""A small fixed workload of the kernels; run as a module it prints a digest of every output's bytes."""

from __future__ import annotations

import hashlib

import numpy as np

from backdoor_game import (
    Canonical,
    Circuits,
    DecisionTrees,
    ProductBits,
    RandomOracle,
    Rewriting,
    Uniform,
    disagreement,
)
from backdoor_game.circuits.puncturable import key_tables, prf_circuit, siblings
from backdoor_game.functions.table import packed_rows
from backdoor_game.ground import streams
from backdoor_game.kernels import gibbs, key_search, legal_pairs, one_inclusion, regret_matching
from backdoor_game.kernels.circuits.rare_gates import rarest_gate
from backdoor_game.kernels.circuits.specialising import specialise
from backdoor_game.kernels.packing import pack_rows
from backdoor_game.kernels.trees import learning as tree_learning
from backdoor_game.kernels.trees import moves as tree_moves
from backdoor_game.spaces.domains import Bits
from tests.circuits.random_circuits import random_circuit


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
    yield from circuits(rng)
    yield from obfuscation(rng)
    yield from trees(rng)
    X, oracles = rng.integers(2, size=(9, 20, 70), dtype=np.uint8), RandomOracle(key_bits=6, bits=70)
    yield oracles.evaluate(rng.integers(64, size=(9, 1)), X)
    yield oracles.consistent(X[:, :9], oracles.evaluate(rng.integers(64, size=(9, 1)), X[:, :9]))


def circuits(rng):
    """Words in wide and narrow blocks, tables, rows, batches, and every way to compare two circuits."""
    f, g = random_circuit(rng, 8, 30, 4), random_circuit(rng, 8, 30, 4)
    yield f.words(rng.integers(2**64, size=(8, 37), dtype=np.uint64))
    yield f.words(rng.integers(2**64, size=(8, 3), dtype=np.uint64))
    yield from (random_circuit(rng, 11, 30, 4).table(), f(rng.integers(2, size=(200, 8), dtype=np.uint8)))
    law = ProductBits(tuple(rng.random(8)))
    shares = [disagreement(f, g, seed=0), disagreement(f, g, law, seed=0), disagreement(f, g, law, draws=500, seed=0)]
    yield np.array([share.value for share in shares])
    functions = Circuits(7, 5)
    codes = functions.sample_block(rng.integers(2**64, size=6, dtype=np.uint64))
    yield from (
        packed_rows(functions, codes),
        functions.evaluate(codes, rng.integers(2, size=(6, 70, 7), dtype=np.uint8)),
    )
    for each in (Uniform(), law):
        pairs = Circuits(8, 6).sample_block(rng.integers(2**64, size=12, dtype=np.uint64)).reshape(2, 6, -1)
        yield Circuits(8, 6).distance(*pairs, each.on(Bits(8)))


def trees(rng):
    """Every kernel of decision trees, on a class with labels on many bits and few leaves, and a learner's samples."""
    functions, p = DecisionTrees(9, 12), rng.random(9)
    keys = rng.integers(2**64, size=20, dtype=np.uint64)
    codes, X = functions.sample_block(keys), rng.integers(2, size=(20, 70, 9), dtype=np.uint8)
    small = np.pad(DecisionTrees(9, 5).sample_block(keys), ((0, 0), (0, 14)))
    garbage = np.where(rng.random(codes.shape) < 0.05, rng.integers(-3, 14, size=codes.shape), codes)
    yield from (codes, functions.contains(garbage), functions.evaluate(codes, X))
    yield functions.leaf_masses(codes, X[:, 0], p)
    yield from tree_moves.changed(codes, keys, 9)
    yield functions.distance(codes, functions.move_block(codes, keys), ProductBits(tuple(p)).on(Bits(9)))
    yield from functions.singled_out(small, X[:, 0], p)
    yield functions.altered_block(small, X[:, 0], keys)
    yield from functions.grafted(small, X[:, 0], p, 0.01)
    yield tree_learning.learned(X, functions.evaluate(codes, X), 12)


def obfuscation(rng):
    """Keyed tables, circuits with a key put in, hidden and rewritten, searched and read."""
    tables, circuit = key_tables(4, 3), prf_circuit(4, 3)
    yield tables
    X = rng.integers(2, size=(5, 3), dtype=np.uint8)
    yield siblings(4, np.arange(5), X)
    wires = np.concatenate([rng.integers(2, size=(5, 4)), np.tile(2 * np.arange(1, 4), (5, 1))], axis=1)
    codes = np.zeros((5, 2 * circuit.size + 1), dtype=np.int64)
    yield specialise(circuit.gates.astype(np.int64), int(circuit.outputs[0]), wires, 3, codes)
    keys = rng.integers(2**64, size=5, dtype=np.uint64)
    yield rarest_gate(codes, X, 8, True, keys)
    yield rarest_gate(codes, X, 64, False, keys)
    yield Canonical().from_tables(Circuits(3, 9), tables)
    yield Rewriting(rounds=3).obfuscate_block(Circuits(3, 2 * circuit.size), codes, keys)
    places, starts = rng.integers(8, size=16), rng.integers(16, size=16)
    yield key_search.search(tables, tables, places, starts, 7)
    yield key_search.search_counts(tables, tables, places, 7)


if __name__ == "__main__":
    print(hashlib.sha256(b"".join(np.ascontiguousarray(part).tobytes() for part in outputs())).hexdigest())
