"""Packed labels against their definition, bit by bit."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backdoor_game.ground import streams
from backdoor_game.ground._jit import kernel
from backdoor_game.kernels.arguments import frozen
from backdoor_game.kernels.hashing import below, word
from backdoor_game.kernels.packing import lowest, pack_rows, popcount


@kernel
def _bit_tricks(words):
    counts, places = np.empty(words.size, np.int64), np.empty(words.size, np.int64)
    for i in range(words.size):
        counts[i] = popcount(words[i])
        places[i] = lowest(words[i])
    return counts, places


@kernel
def _hashed(keys, count, bound):
    words, chosen = np.empty((keys.size, count), np.uint64), np.empty((keys.size, count), np.int64)
    for r in range(keys.size):
        for i in range(count):
            words[r, i] = word(keys[r], i)
            chosen[r, i] = below(words[r, i], bound)
    return words, chosen


@pytest.mark.parametrize("length", [0, 1, 7, 63, 64, 65, 128, 200])
def test_label_j_is_bit_j_mod_64_of_word_j_div_64(length):
    labels = np.random.default_rng(length).integers(2, size=(5, length), dtype=np.uint8)
    packed = pack_rows(labels)
    assert packed.shape == (5, -(-length // 64))
    assert packed.dtype == np.uint64
    for row, words in zip(labels, packed, strict=True):
        integer = sum(int(w) << (64 * i) for i, w in enumerate(words))
        assert integer == sum(int(label) << j for j, label in enumerate(row))


@given(st.lists(st.integers(1, 2**64 - 1), min_size=1, max_size=20))
def test_bit_tricks_agree_with_python_integers(integers):
    counts, places = _bit_tricks(np.array(integers, np.uint64))
    assert counts.tolist() == [i.bit_count() for i in integers]
    assert places.tolist() == [(i & -i).bit_length() - 1 for i in integers]


def test_kernel_words_are_the_words_of_the_numpy_twin():
    keys = streams.role_keys(7, "game", "fresh", 0, 20)
    words, chosen = _hashed(keys, 9, 1000)
    np.testing.assert_array_equal(words, streams.draws(keys, 0, 9))
    np.testing.assert_array_equal(chosen, streams.below(streams.draws(keys, 0, 9), 1000))


def test_freezing_copies_nothing_and_leaves_the_caller_its_array():
    values = np.arange(4, dtype=np.int64)
    view = frozen(values, np.int64)
    assert np.shares_memory(view, values)
    assert values.flags.writeable
    assert not view.flags.writeable
