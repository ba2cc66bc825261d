"""Keyed trees: punctured everywhere but at one point, the same in Python, as circuits and in the kernels."""

import itertools

import numpy as np
import pytest

from backdoor_game import InvalidArgument
from backdoor_game.circuits.puncturable import (
    HashGenerator,
    SmallGenerator,
    Tree,
    key_tables,
    keys_of_rows,
    prf_circuit,
    punctured_circuit,
    punctured_gates,
    siblings,
)
from tests.naive.obfuscation import bits_of, labels_of, specialised

SMALL = [4, 5, 7, 8, 20]
GENERATORS = [HashGenerator(), HashGenerator(seed_bits=16), *(SmallGenerator(bits) for bits in SMALL)]


@pytest.mark.parametrize("generator", GENERATORS, ids=str)
@pytest.mark.parametrize("bits", [1, 4])
def test_a_punctured_key_knows_every_label_but_that_of_its_point(generator, bits):
    tree, key = Tree(generator, bits), 13
    points = list(itertools.product((0, 1), repeat=bits))
    for x_star in points:
        punctured = tree.puncture(key, x_star)
        assert (len(punctured.seeds), punctured.point) == (bits, x_star)
        for x in points:
            if x == x_star:
                with pytest.raises(InvalidArgument, match="knows every other label"):
                    tree.evaluate_punctured(punctured, x)
            else:
                assert tree.evaluate_punctured(punctured, x) == tree.evaluate(key, x)


def test_a_punctured_key_holds_the_seeds_of_the_siblings_and_no_seed_of_the_way():
    tree, key, x_star = Tree(HashGenerator(), 6), 99, (1, 0, 0, 1, 1, 0)
    seed, way, beside = key, [key], []
    for i, bit in enumerate(x_star):
        children = tree.generator.stretch(seed, x_star[:i])
        beside.append(children[1 - bit])
        way.append(seed := children[bit])
    assert tree.puncture(key, x_star).seeds == tuple(beside)
    assert not set(way) & set(beside)


def test_the_hash_stretches_a_seed_by_blake2b_of_the_seed_and_its_place():
    import hashlib

    digest = hashlib.blake2b((7).to_bytes(16, "little") + b"6", digest_size=32).digest()  # path 0, 1: 0 + 2 + 4
    expected = tuple(int.from_bytes(half, "little") for half in (digest[:16], digest[16:]))
    assert HashGenerator().stretch(7, (0, 1)) == expected


@pytest.mark.parametrize("bits", [4, 6, 9, 10])
@pytest.mark.parametrize("path", [(), (1,), (0, 1, 1, 0)])
def test_children_are_permutations_and_sibling_labels_are_two_fair_coins(bits, path):
    generator = SmallGenerator(bits)
    pairs = [generator.stretch(seed, path) for seed in range(2**bits)]
    for side in (0, 1):
        assert sorted(pair[side] for pair in pairs) == list(range(2**bits))
    labels = [tuple(map(generator.label, pair)) for pair in pairs]
    assert all(labels.count(both) == 2**bits // 4 for both in itertools.product((0, 1), repeat=2))


@pytest.mark.parametrize(("key_bits", "bits"), [(4, 1), (4, 3), (5, 5), (7, 4), (6, 7)])
def test_the_table_of_all_keys_and_the_circuit_say_what_the_tree_says(key_bits, bits):
    tree, tables, circuit = (
        Tree(SmallGenerator(key_bits), bits),
        key_tables(key_bits, bits),
        prf_circuit(key_bits, bits),
    )
    assert tables.shape == (2**key_bits, max(1, 2**bits // 64))
    for key in range(0, 2**key_bits, 3):
        points = [bits_of(j, bits) for j in range(2**bits)]
        labels = [tree.evaluate(key, x) for x in points]
        assert labels_of(tables[key], 2**bits) == labels
        rows = np.array([bits_of(key, key_bits) + x for x in points], dtype=np.uint8)
        assert circuit(rows)[:, 0].tolist() == labels


@pytest.mark.parametrize(("key_bits", "bits"), [(4, 1), (4, 3), (6, 4)])
def test_the_punctured_circuit_says_what_the_key_says_and_its_answer_at_the_point(key_bits, bits):
    tree, circuit = Tree(SmallGenerator(key_bits), bits), punctured_circuit(key_bits, bits)
    rng = np.random.default_rng(5)
    points = [bits_of(j, bits) for j in range(2**bits)]
    for x_star in points:
        key, answer = int(rng.integers(2**key_bits)), int(rng.integers(2))
        seeds = tree.puncture(key, x_star).seeds
        known = [bit for seed in seeds for bit in bits_of(seed, key_bits)] + [*x_star, answer]
        rows = np.array([[*known, *x] for x in points], dtype=np.uint8)
        expected = [answer if x == x_star else tree.evaluate(key, x) for x in points]
        assert circuit(rows)[:, 0].tolist() == expected
        small = specialised(circuit, [*known, *(2 * (i + 1) for i in range(bits))], bits)
        assert small.size <= punctured_gates(key_bits, bits)
        assert small(np.array(points, dtype=np.uint8))[:, 0].tolist() == expected


def test_the_kernel_of_siblings_gives_the_seeds_of_the_punctured_key():
    tree, rng = Tree(SmallGenerator(9), 5), np.random.default_rng(8)
    keys, X = rng.integers(2**9, size=40), rng.integers(2, size=(40, 5), dtype=np.uint8)
    expected = [tree.puncture(int(key), x).seeds for key, x in zip(keys, X, strict=True)]
    assert siblings(9, keys, X).tolist() == [list(seeds) for seeds in expected]


@pytest.mark.parametrize(("key_bits", "bits"), [(4, 2), (8, 4), (8, 8)])
def test_a_table_leads_back_to_the_least_key_that_has_it(key_bits, bits):
    rows = key_tables(key_bits, bits)
    least = {}
    for key, row in enumerate(rows):
        least.setdefault(row.tobytes(), key)
    assert keys_of_rows(key_bits, bits, rows).tolist() == [least[row.tobytes()] for row in rows]
    if bits == 8:
        wrong = rows[:9].copy()
        wrong[:, 1] ^= np.uint64(1) << np.uint64(17)
        assert (keys_of_rows(key_bits, bits, wrong) == -1).all()


@pytest.mark.parametrize("key_bits", range(8, 13))
def test_no_bit_of_the_input_flips_the_label_more_or_less_than_half_the_time(key_bits):
    """Over all keys and inputs; what is left is the chance of so few keys: 4 / sqrt(2^kappa) for one fixed pattern."""
    labels = np.unpackbits(key_tables(key_bits, 8).astype("<u8").view(np.uint8), axis=1, bitorder="little")
    assert (labels.mean(axis=0) == 0.5).all()
    signs = 1 - 2 * labels.astype(np.int64)
    for i in range(8):
        correlation = (signs * signs[:, np.arange(256) ^ (1 << i)]).mean()
        assert abs(correlation) <= 4 / 2 ** (key_bits / 2)


def test_what_a_tree_cannot_be_is_refused():
    for wrong, named in ((3, "between 4 and 20"), (21, "between 4 and 20")):
        with pytest.raises(InvalidArgument, match=named):
            SmallGenerator(wrong)
    with pytest.raises(InvalidArgument, match="whole number"):
        HashGenerator(seed_bits=12)
    with pytest.raises(InvalidArgument, match="must be 3 bits"):
        Tree(HashGenerator(), 3).evaluate(1, (0, 1))
    with pytest.raises(InvalidArgument, match="must be between 0 and 15"):
        Tree(SmallGenerator(4), 3).evaluate(16, (0, 1, 1))
    with pytest.raises(InvalidArgument, match="at most 2\\^28 are kept"):
        key_tables(20, 9)
