"""Gibbs draws index for index against plain Python, and their probabilities against exact fractions."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backdoor_game.ground import streams
from backdoor_game.ground.errors import InvalidArgument
from backdoor_game.kernels import gibbs as kernels
from backdoor_game.kernels.packing import pack_rows
from tests.naive import gibbs as naive

SIZES = st.sampled_from([1, 5, 8, 13, 64, 70])
KEYS = streams.role_keys(11, "gibbs", "fresh", 0, 4)


def _case(size, seed, functions=17, rows=4):
    rng = np.random.default_rng(seed)
    table = rng.integers(2, size=(functions, size), dtype=np.uint8)
    shown = np.concatenate([table[: rows - 1], rng.integers(2, size=(1, size), dtype=np.uint8)])
    return table, shown, rng.random(size)


def _decay(beta, size):
    return np.array([math.exp(-beta * k / size) for k in range(size + 1)])


@given(SIZES, st.integers(0, 99), st.sampled_from([0.0, 1.0, 6.0, 1e6]), st.integers(0, 5))
@settings(max_examples=25, deadline=None)
def test_uniform_draws_are_the_definition_s_index_for_index(size, seed, beta, start):
    table, shown, _ = _case(size, seed)
    weights = _decay(beta, size)
    drawn = kernels.gibbs_uniform(pack_rows(table), pack_rows(shown), weights, KEYS, 6, start=start)
    for row, key, mine in zip(shown, KEYS, drawn, strict=True):
        assert mine.tolist() == naive.draw_uniform(table, row, weights, int(key), 6, start)


@given(SIZES, st.integers(0, 99), st.integers(0, 5))
@settings(max_examples=25, deadline=None)
def test_weighted_draws_are_the_definition_s_index_for_index(size, seed, start):
    table, shown, factors = _case(size, seed)
    drawn = kernels.gibbs_weighted(pack_rows(table), pack_rows(shown), factors, KEYS, 6, start=start)
    for row, key, mine in zip(shown, KEYS, drawn, strict=True):
        weights = [naive.product_weight(row, g, factors) for g in table]
        assert mine.tolist() == naive.draw_weighted(weights, int(key), 6, start)


@given(SIZES, st.integers(0, 99), st.sampled_from([0.0, 3.0, 1e6]))
@settings(max_examples=25, deadline=None)
def test_probabilities_are_those_of_exact_fractions(size, seed, beta):
    table, shown, factors = _case(size, seed)
    shown = shown[:3]
    points = np.random.default_rng(seed).integers(size, size=3)
    weights = _decay(beta, size)
    tables = kernels.byte_tables(factors[None])
    by_distance = kernels.gibbs_probability(pack_rows(table), pack_rows(shown), weights, points)
    by_product = kernels.gibbs_tables_probability(pack_rows(table), pack_rows(shown), tables, points)
    for b, (f, x) in enumerate(zip(shown, points.tolist(), strict=True)):
        exact = naive.disagreement(table, f, naive.uniform_weights(table, f, weights), x)
        assert by_distance[b] == pytest.approx(float(exact), rel=1e-12, abs=1e-300)
        exact = naive.disagreement(table, f, [naive.product_weight(f, g, factors) for g in table], x)
        assert by_product[b] == pytest.approx(float(exact), rel=1e-12, abs=1e-300)


def test_frequencies_of_both_forms_match_the_exact_law():
    table, shown, _ = _case(8, 0, functions=10)
    keys, count = streams.role_keys(3, "law", "fresh", 0, 1), 20_000 if _compiled() else 2_000
    weights = _decay(4.0, 8)
    exact = [float(p) for p in naive.law(naive.uniform_weights(table, shown[0], weights))]
    packed, row = pack_rows(table), pack_rows(shown[:1])
    by_distance = kernels.gibbs_uniform(packed, row, weights, keys, count)
    by_product = kernels.gibbs_weighted(packed, row, np.full(8, weights[1]), keys, count)
    for drawn in (by_distance, by_product):
        # Hoeffding at level 1e-6 for each of the ten frequencies; the seed is fixed.
        margin = math.sqrt(math.log(2 * 10 / 1e-6) / (2 * count))
        assert np.abs(np.bincount(drawn[0], minlength=10) / count - exact).max() <= margin


def _compiled():
    from numba import config

    return not config.DISABLE_JIT


def test_a_large_beta_gives_back_a_function_of_the_class_without_nan():
    table, shown, _ = _case(64, 4)
    packed, rows = pack_rows(table), pack_rows(shown[:3])
    weights, factors = _decay(1e9, 64), np.full(64, math.exp(-1e7))
    assert kernels.gibbs_uniform(packed, rows, weights, KEYS[:3]).ravel().tolist() == [0, 1, 2]
    assert kernels.gibbs_weighted(packed, rows, factors, KEYS[:3]).ravel().tolist() == [0, 1, 2]
    points = np.zeros(3, np.int64)
    assert kernels.gibbs_probability(packed, rows, weights, points).tolist() == [0.0] * 3
    tables = kernels.byte_tables(factors[None])
    assert kernels.gibbs_tables_probability(packed, rows, tables, points).tolist() == [0.0] * 3


def test_outside_the_class_the_limit_of_large_beta_is_the_closest_functions():
    table = np.array([[0, 0, 0, 0], [0, 0, 1, 1], [1, 1, 0, 0]], np.uint8)
    row = pack_rows(np.array([[0, 1, 1, 1]], np.uint8))
    weights = np.array([1.0, 0.0, 0.0, 0.0, 0.0])
    assert set(kernels.gibbs_uniform(pack_rows(table), row, weights, KEYS[:1], 20).ravel().tolist()) == {1}
    probability = kernels.gibbs_probability(pack_rows(table), np.repeat(row, 2, axis=0), weights, np.array([0, 1]))
    assert probability.tolist() == [0.0, 1.0]
    with pytest.raises(InvalidArgument, match="smaller beta"):
        kernels.gibbs_weighted(pack_rows(table), row, np.zeros(4), KEYS[:1])


def test_tables_of_each_row_and_shared_tables_give_the_same_draws():
    table, shown, factors = _case(13, 2)
    packed, rows = pack_rows(table), pack_rows(shown)
    shared = kernels.gibbs_tables(packed, rows, kernels.byte_tables(factors[None])[0], KEYS, 5)
    own = kernels.gibbs_weighted(packed, rows, np.tile(factors, (4, 1)), KEYS, 5)
    np.testing.assert_array_equal(shared, own)


def test_neither_the_buffer_nor_the_block_of_rows_changes_a_draw(monkeypatch):
    table, shown, _ = _case(20, 9, functions=40)
    packed, rows, weights = pack_rows(table), pack_rows(shown), _decay(5.0, 20)
    whole = kernels.gibbs_uniform(packed, rows, weights, KEYS, 3)
    monkeypatch.setattr(kernels, "BUFFER", 80)
    np.testing.assert_array_equal(kernels.gibbs_uniform(packed, rows, weights, KEYS, 3), whole)
    alone = [kernels.gibbs_uniform(packed, rows[b : b + 1], weights, KEYS[b : b + 1], 3)[0] for b in range(4)]
    np.testing.assert_array_equal(alone, whole)


def test_members_past_the_first_blocks_are_found():
    table, shown, _ = _case(6, 1, functions=2500, rows=2)
    weights = _decay(1.0, 6)
    drawn = kernels.gibbs_uniform(pack_rows(table), pack_rows(shown), weights, KEYS[:2], 20)
    assert drawn.max() > 2048
    for row, key, mine in zip(shown, KEYS, drawn, strict=False):
        assert mine.tolist() == naive.draw_uniform(table, row, weights, int(key), 20, 0)


def test_a_share_rounded_up_to_a_subnormal_total_still_chooses_a_function_of_positive_weight():
    packed = pack_rows(np.array([[0], [1]], np.uint8))
    tiny = np.array([5e-324, 0.0])
    assert set(kernels.gibbs_uniform(packed, packed[:1], tiny, KEYS[:1], 20).ravel().tolist()) == {0}
    tables = kernels.byte_tables(np.zeros((1, 1)))
    tables[0, 0, 0] = 5e-324
    assert set(kernels.gibbs_tables(packed, packed[:1], tables, KEYS[:1], 20).ravel().tolist()) == {0}


@pytest.mark.parametrize(
    ("functions", "words", "entries"), [(0, 1, 5), (3, 2, 5), (3, 1, 66), (3, 1, 0)], ids=str
)
def test_shapes_that_do_not_fit_are_refused(functions, words, entries):
    packed, rows = np.zeros((functions, 1), np.uint64), np.zeros((1, words), np.uint64)
    with pytest.raises(InvalidArgument):
        kernels.gibbs_uniform(packed, rows, np.ones(entries), KEYS[:1])
