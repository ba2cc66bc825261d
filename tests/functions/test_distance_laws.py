"""Distances and nearest functions of finite classes, against sums over points and the whole class."""

from __future__ import annotations

import numpy as np
import pytest

from backdoor_game.functions import Boxes, Conjunctions
from backdoor_game.functions.distance import point_weights
from backdoor_game.spaces.distributions import Atoms, ProductBits, Uniform
from tests.functions.examples import FINITE, REPEATED, table

laws = pytest.mark.parametrize(
    ("F", "law"), [(e.functions, law) for e in FINITE + REPEATED for law in e.laws], ids=lambda value: str(value)[:60]
)


def _pairwise(F, D):
    """Pr_D[f != g] for all pairs of members, as a sum over points."""
    labels, weights = table(F).astype(bool), point_weights(F, D)
    return np.array([[weights[f != g].sum() for g in labels] for f in labels])


@laws
def test_distances_are_the_weight_of_the_points_where_labels_differ(F, law):
    D, codes = law.distribution.on(F.domain), F.enumerate()
    first, second = np.repeat(codes, len(codes), axis=0), np.tile(codes, (len(codes), 1))
    found = F.distance(first, second, D)
    assert (found is not None) == law.distance
    if found is not None:
        np.testing.assert_allclose(found.reshape(len(codes), -1), _pairwise(F, D), rtol=0, atol=1e-14)
        assert (found >= 0).all()
        np.testing.assert_array_equal(F.distance(codes, codes, D), np.zeros(len(codes)))


@laws
def test_the_nearest_function_differs_at_x_and_none_is_nearer(F, law):
    D, codes, labels = law.distribution.on(F.domain), F.enumerate(), table(F)
    distances = _pairwise(F, D)
    for place, point in enumerate(F.domain.points()):
        x = np.broadcast_to(point, (len(codes), F.domain.n))
        found = F.nearest(codes, x, D)
        assert (found is not None) == law.nearest
        if found is None:
            return
        differs = labels[:, place, None] != labels[None, :, place]
        best = np.where(differs, distances, np.inf).min(axis=1)
        some = np.isfinite(best)
        np.testing.assert_array_equal(np.isfinite(found[1]), some)
        np.testing.assert_allclose(found[1][some], best[some], rtol=0, atol=1e-14)
        assert F.contains(found[0]).all()
        assert found[0].dtype == F.code_dtype
        assert (F.evaluate(found[0][some], x[some, None])[:, 0] != labels[some, place]).all()
        weights = point_weights(F, D)
        reached = F.evaluate(found[0], np.broadcast_to(F.domain.points(), (len(codes), *F.domain.points().shape)))
        real = np.where(reached != labels, weights, 0.0).sum(axis=1)
        np.testing.assert_allclose(found[1][some], real[some], rtol=0, atol=1e-14)


def test_a_box_is_nearest_under_a_product_law_alone():
    F = Boxes(dimension=1, points=3)
    code, x = np.array([[0, 0]]), np.array([[2]])
    assert F.nearest(code, x, Uniform().on(F.domain)) is not None
    assert F.nearest(code, x, Atoms((0, 1, 2), (0.1, 0.8, 0.1)).on(F.domain)) is None


def test_a_conjunction_may_do_best_with_neither_the_hull_nor_the_point():
    """f = (bit 2 is 0) and x = (1, 1) at p = (.2, .6): {x} is .52 away, all points .6, (bit 1 is 1) .32 + .12."""
    F = Conjunctions(bits=2)
    f, x = np.array([[2, 0]], dtype=np.uint8), np.array([[1, 1]], dtype=np.uint8)
    code, distance = F.nearest(f, x, ProductBits((0.2, 0.6)).on(F.domain))
    assert code.tolist() == [[1, 2]]
    assert distance[0] == pytest.approx(0.44)


@pytest.mark.parametrize("n", [5, 40])
def test_on_uniform_bits_another_and_is_half_a_term_away(n):
    """The closest other AND to one with a < n literals is at 2^-(a+1), at a point x where the AND holds."""
    F, rng = Conjunctions(bits=n), np.random.default_rng(0)
    D = Uniform().on(F.domain)
    for a in range(n):
        code = np.full((1, n), 2, dtype=np.uint8)
        literals = rng.permutation(n)[:a]
        code[0, literals] = rng.integers(2, size=a)
        x = np.where(code == 2, rng.integers(2, size=(1, n)), code).astype(np.uint8)
        assert F.nearest(code, x, D)[1][0] == 2.0 ** -(a + 1)
    assert F.nearest(x, x, D)[1][0] == 2.0**-n
