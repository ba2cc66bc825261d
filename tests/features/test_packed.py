"""Weighted sums, features and Gram matrices against the definition, and what they must not depend on."""

from __future__ import annotations

import tracemalloc
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from backdoor_game.ground.errors import InvalidArgument
from backdoor_game.planting.features import Packed
from tests.naive import features as naive

KINDS = pytest.mark.parametrize("kind", ["cos", "relu"])
TYPES = pytest.mark.parametrize(("dtype", "off"), [("float64", 1e-14), ("float32", 1e-6)])
# One row, one feature, one coordinate; sizes off every tile; a depth past the first block of 256 coordinates.
SHAPES = pytest.mark.parametrize("shape", [(1, 1, 1), (7, 5, 3), (300, 100, 64), (65, 49, 257), (9, 30, 700)])


def drawn(kind, dtype, shape, seed=0):
    """Directions, phases and rows of norm about 1/4; weights that add up to 1."""
    n, m, d = shape
    rng = np.random.default_rng(seed)
    G, b, X = rng.normal(size=(m, d)), rng.random(m), rng.normal(size=(n, d)) / (4 * np.sqrt(d))
    w = rng.random(m)
    return G.astype(dtype), b.astype(dtype) if kind == "cos" else None, X.astype(dtype), w / w.sum()


@KINDS
@TYPES
@SHAPES
def test_weighted_sums_are_those_of_the_definition(kind, dtype, off, shape):
    G, b, X, w = drawn(kind, dtype, shape)
    found = Packed(kind, G, b).weighted(X, w)
    assert (found.dtype, found.shape) == (np.float64, (shape[0],))
    assert np.abs(found - naive.features(kind, G, b, X) @ w).max() < off


@KINDS
@pytest.mark.parametrize("dtype", ["float64", "float32"])
@SHAPES
def test_the_matrix_holds_each_feature_of_each_row(kind, dtype, shape):
    """Within the bound of [Higham 2002] section 3.1 for a product of d + 1 terms in any order, and the cosine's own."""
    G, b, X, _ = drawn(kind, dtype, shape)
    found = Packed(kind, G, b).matrix(X)
    assert (found.dtype, found.shape) == (np.dtype(dtype), shape[:2])
    unit = np.finfo(dtype).eps / 2
    terms = np.abs(X).astype(float) @ np.abs(G).astype(float).T + (0 if b is None else b)
    allowed = 2 * np.pi * (shape[2] + 1) * unit * terms + 6 * unit
    assert (np.abs(found - naive.features(kind, G, b, X)) <= allowed).all()


@KINDS
@TYPES
def test_the_gram_matrix_is_that_of_the_matrix_s_columns(kind, dtype, off, monkeypatch):
    G, b, X, _ = drawn(kind, dtype, (300, 70, 20))
    y = np.random.default_rng(1).normal(size=300)
    monkeypatch.setattr("backdoor_game.planting.features.packed.CHUNK", 64)
    packed = Packed(kind, G, b)
    products, sums = packed.gram(X, y)
    P = packed.matrix(X).astype(np.longdouble)
    assert products.dtype == sums.dtype == np.float64
    np.testing.assert_allclose(products, (P.T @ P).astype(float), rtol=0, atol=1e-12)
    np.testing.assert_allclose(sums, (P.T @ y).astype(float), rtol=0, atol=1e-12)
    np.testing.assert_array_equal(products, products.T)


@KINDS
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_a_row_s_bits_depend_on_that_row_alone(kind, dtype):
    G, b, X, w = drawn(kind, dtype, (600, 77, 300))
    packed = Packed(kind, G, b)
    whole, features = packed.weighted(X, w), packed.matrix(X)
    order = np.random.default_rng(2).permutation(600)
    for rows in (slice(0, 1), slice(599, 600), slice(3, 20), slice(0, 257), slice(None, None, 3), order):
        np.testing.assert_array_equal(packed.weighted(X[rows], w), whole[rows])
        np.testing.assert_array_equal(packed.matrix(X[rows]), features[rows])


@KINDS
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_neither_our_threads_nor_those_of_blas_nor_the_caller_s_change_a_bit(kind, dtype):
    from threadpoolctl import threadpool_limits

    G, b, X, w = drawn(kind, dtype, (301, 300, 40))
    packed, y = Packed(kind, G, b), X[:, 0]
    whole, products = packed.weighted(X, w), packed.gram(X, y)[0]
    for threads in (2, 3, 500):
        np.testing.assert_array_equal(packed.weighted(X, w, threads=threads), whole)
        np.testing.assert_array_equal(packed.matrix(X, threads=threads), packed.matrix(X))
    for limit in (1, 2):
        with threadpool_limits(limit, user_api="blas"):
            np.testing.assert_array_equal(packed.weighted(X, w), whole)
            np.testing.assert_array_equal(packed.gram(X, y)[0], products)
    with ThreadPoolExecutor(4) as pool:
        for mine, gram in pool.map(lambda _: (packed.weighted(X, w), packed.gram(X, y)[0]), range(8)):
            np.testing.assert_array_equal(mine, whole)
            np.testing.assert_array_equal(gram, products)


def test_rows_of_another_type_or_layout_are_cast_to_the_features_own():
    G, b, X, w = drawn("cos", "float32", (50, 40, 9))
    packed = Packed("cos", G, b)
    whole = packed.weighted(X, w)
    for rows in (X.astype(np.float64), np.asfortranarray(X), X.tolist(), np.repeat(X, 2, axis=1)[:, ::2]):
        np.testing.assert_array_equal(packed.weighted(rows, w), whole)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_a_row_with_a_number_that_is_not_finite_spoils_itself_alone(dtype):
    for kind in ("cos", "relu"):
        G, b, X, w = drawn(kind, dtype, (20, 30, 5))
        packed = Packed(kind, G, b)
        whole = packed.weighted(X, w)
        X[7, 2] = np.nan
        found = packed.weighted(X, w)
        assert np.isnan(found[7])
        np.testing.assert_array_equal(np.delete(found, 7), np.delete(whole, 7))


def peak(packed, X, w):
    """Bytes that a call holds at most beyond what it was given and its answer."""
    packed.weighted(X[:1], w)
    tracemalloc.start()
    try:
        found = packed.weighted(X, w)
        return tracemalloc.get_traced_memory()[1] - found.nbytes
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("given", ["float64", "float32"])
def test_memory_stays_within_64_mib_and_is_flat_when_the_rows_double(given):
    G, b, _, w = drawn("cos", "float64", (1, 64, 1000))
    packed, X = Packed("cos", G, b), np.zeros((16_000, 1000), given)
    few, many = peak(packed, X[:8000], w), peak(packed, X, w)
    assert many < 64 * 2**20
    assert abs(many - few) < 2**16


@pytest.mark.parametrize("kind", ["cos", "relu"])
def test_no_rows_give_no_answers(kind):
    G, b, X, w = drawn(kind, "float64", (3, 4, 5))
    packed = Packed(kind, G, b)
    assert packed.weighted(X[:0], w).shape == (0,)
    assert packed.matrix(X[:0]).shape == (0, 4)
    assert not packed.gram(X[:0], X[:0, 0])[0].any()


def test_what_cannot_be_packed_or_evaluated_is_refused_in_one_sentence():
    G, b, X, w = drawn("cos", "float64", (3, 4, 5))
    packed = Packed("cos", G, b)
    bad = G.copy()
    bad[1, 1] = np.inf
    wrong = [
        (lambda: Packed("sin", G, b), 'kind must be "cos" or "relu", got \'sin\''),
        (lambda: Packed("cos", G.astype(int), b), "G must be an array .* got int64 of shape"),
        (lambda: Packed("cos", G[0], b), "G must be an array .* got float64 of shape"),
        (lambda: Packed("cos", G), r"b must be an array \(4,\) of float64, like G, got None"),
        (lambda: Packed("cos", G, b.astype("float32")), "like G, got float32"),
        (lambda: Packed("relu", G, b), 'b must be None for kind "relu"'),
        (lambda: Packed("relu", bad), "G must hold finite numbers, got inf"),
        (lambda: packed.weighted(X[:, :4], w), r"X must have the shape \(n, 5\), got float64 of shape \(3, 4\)"),
        (lambda: packed.weighted(X, w[:3]), r"w must have the shape \(4,\)"),
        (lambda: packed.weighted(X, w, threads=0), "threads must be at least 1, got 0"),
        (lambda: packed.matrix(X[0]), "X must have the shape"),
        (lambda: packed.gram(X, w), r"y must have the shape \(3,\)"),
    ]
    for call, sentence in wrong:
        with pytest.raises(InvalidArgument, match=sentence):
            call()
