"""Decision trees against nested tuples: codes, labels, masses, distances, draws, local moves and grafts."""

from __future__ import annotations

import itertools
from collections import Counter
from fractions import Fraction

import numpy as np
import pytest
from scipy import stats

from backdoor_game import Atoms, DecisionTrees, InvalidArgument, ProductBits, Uniform, bounds
from backdoor_game.functions.distance import within
from backdoor_game.ground import streams
from tests.functions.examples import fixed_keys
from tests.naive import decision_trees as naive

LEVEL = 1e-4
P = (Fraction(1, 8), Fraction(1, 2), Fraction(13, 16), Fraction(3, 8), Fraction(5, 16), Fraction(1, 4))
SMALL = [DecisionTrees(1, 2), DecisionTrees(2, 3), DecisionTrees(2, 5), DecisionTrees(3, 3)]
MIDDLE = [DecisionTrees(6, 7), DecisionTrees(4, 16), DecisionTrees(5, 12)]
small = pytest.mark.parametrize("F", SMALL, ids=str)
middle = pytest.mark.parametrize("F", MIDDLE, ids=str)


def law(F):
    return ProductBits(tuple(map(float, P[: F.bits]))).on(F.domain)


def trees_of(F, codes):
    found = [naive.parsed(code, F.bits) for code in codes.tolist()]
    assert None not in found
    return found


def sampled(F, count=60, seed=1):
    codes = F.sample_block(fixed_keys(count, seed))
    return codes, trees_of(F, codes)


@small
def test_the_codes_are_the_trees_of_the_definition(F):
    trees = [t for k in range(1, F.leaves + 1) for t in naive.all_trees(k, frozenset(range(F.bits)))]
    assert set(map(tuple, F.enumerate().tolist())) == {naive.written(t, F.code_length) for t in trees}
    assert F.count() == len(trees)


@pytest.mark.parametrize("F", [*SMALL, *MIDDLE, DecisionTrees(3, 1)], ids=str)
def test_a_code_is_a_member_exactly_if_it_parses(F):
    """Trees with an entry changed, two entries exchanged, cut short or continued, and numbers near and far."""
    rng, codes = np.random.default_rng(0), np.repeat(F.sample_block(fixed_keys(400)), 3, axis=0)
    rows, L = np.arange(len(codes)), F.code_length
    codes[rows, rng.integers(L, size=len(codes))] = rng.integers(-2, F.bits + 4, size=len(codes))
    codes[::3, rng.integers(L)] = rng.choice([-(2**63), 2**63 - 1, 2**32, -1])
    free = rng.integers(0, F.bits + 2, size=(4000, L))
    every = np.concatenate([codes, free, rng.integers(-(2**63), 2**63 - 1, size=(50, L))])
    expected = [naive.parsed(code, F.bits) is not None for code in every.tolist()]
    assert F.contains(every).tolist() == expected
    assert 0 < sum(expected) < len(every)


@middle
def test_labels_and_leaf_masses_are_those_of_the_nested_tree(F):
    codes, trees = sampled(F)
    points = naive.points(F.bits)
    labels = F.evaluate(codes, np.broadcast_to(np.array(points, dtype=np.uint8), (60, len(points), F.bits)))
    assert labels.tolist() == [[naive.label(tree, x) for x in points] for tree in trees]
    x = np.array(points, dtype=np.uint8)[np.arange(60) % len(points)]
    expected = [float(naive.leaf_mass(tree, row, P)) for tree, row in zip(trees, x.tolist(), strict=True)]
    np.testing.assert_allclose(F.leaf_masses(codes, x, np.array(P[: F.bits], dtype=float)), expected, rtol=1e-15)


@middle
def test_distances_are_sums_over_all_points(F):
    codes, trees = sampled(F)
    near = F.move_block(F.move_block(codes, fixed_keys(60, 5)), fixed_keys(60, 6))
    pairs = list(zip(trees, trees_of(F, near), strict=True)) + list(itertools.pairwise(trees))
    first, second = np.concatenate([codes, codes[:-1]]), np.concatenate([near, codes[1:]])
    expected = [naive.distance(f, g, P[: F.bits]) for f, g in pairs]
    np.testing.assert_allclose(F.distance(first, second, law(F)), np.array(expected, dtype=float), rtol=0, atol=1e-15)
    half = [naive.distance(f, g, [Fraction(1, 2)] * F.bits) for f, g in pairs]
    assert F.distance(first, second, Uniform().on(F.domain)).tolist() == [float(d) for d in half]
    assert F.distance(first, second, Atoms((tuple([1] * F.bits),)).on(F.domain)) is None


def test_on_fifty_uniform_bits_ties_at_epsilon_are_decided_on_counts():
    """Two paths of 50 bits that part at the last one: they differ on two points of 2^50, or on one."""
    F = DecisionTrees(50, 51)
    zero, one = np.zeros((1, 101), dtype=np.int64), np.zeros((1, 101), dtype=np.int64)
    one[0, :50], one[0, 50] = np.arange(50) + 2, 1
    other = one.copy()
    other[0, 49:51] = 51, 0
    other[0, 51] = 1
    assert F.contains(np.concatenate([zero, one, other])).all()
    D = Uniform().on(F.domain)
    one_point, two_points = F.distance(zero, one, D), F.distance(other, one, D)
    assert (one_point * 2**50).tolist() == [1]
    assert (two_points * 2**50).tolist() == [2]
    assert within(one_point, 2.0**-50, D.uniform_size()).all()
    assert not within(two_points, 2.0**-50 * 1.999, D.uniform_size()).any()
    assert within(two_points, 2.0**-49, D.uniform_size()).all()


@pytest.mark.parametrize("F", [DecisionTrees(2, 4), DecisionTrees(3, 5), DecisionTrees(5, 6)], ids=str)
def test_a_sample_is_grown_as_the_words_of_its_key_say(F):
    keys = fixed_keys(200)
    for key, code in zip(keys, F.sample_block(keys).tolist(), strict=True):
        words = [int(w) for w in streams.draws(np.array([key]), 0, 2 * F.code_length + 3)[0]]
        tree = naive.parsed(code, F.bits)
        assert tree == naive.grown(words, naive.leaves(tree), F.bits)


def test_shapes_and_depths_vary_and_all_leaves_are_used():
    F = DecisionTrees(20, 16)
    _, trees = sampled(F, 400)

    def depth(tree):
        return 0 if isinstance(tree, int) else 1 + max(depth(tree[1]), depth(tree[2]))

    sizes, depths = Counter(map(naive.leaves, trees)), Counter(map(depth, trees))
    assert sizes[16] > 0.95 * 400
    assert len(depths) >= 7


@small
def test_a_proposal_has_the_law_of_the_definition_and_its_ratio(F):
    """Pearson's test at level 1e-4 for each of some codes; the ratio q(back) / q(there) exactly."""
    codes = F.enumerate()
    for number in np.random.default_rng(3).permutation(len(codes))[:12]:
        tree = naive.parsed(codes[number].tolist(), F.bits)
        expected = naive.changes(tree, F.bits, F.leaves)
        assert sum(expected.values()) == 1
        drawn, ratios = F.proposal_block(np.repeat(codes[number][None], 4000, axis=0), fixed_keys(4000, int(number)))
        counts = Counter(map(tuple, drawn.tolist()))
        known = {naive.written(t, F.code_length): t for t in expected}
        assert set(counts) <= set(known)
        observed = [counts[code] for code in known]
        chances = [float(expected[t]) * 4000 for t in known.values()]
        assert len(known) == 1 or stats.chisquare(observed, chances).pvalue > LEVEL
        for code, ratio in {tuple(c): r for c, r in zip(drawn.tolist(), ratios.tolist(), strict=True)}.items():
            back = naive.changes(known[code], F.bits, F.leaves)[tree]
            assert ratio == pytest.approx(float(np.log(float(back / expected[known[code]]))), abs=1e-12)


@pytest.mark.parametrize("F", [DecisionTrees(1, 2), DecisionTrees(2, 4), DecisionTrees(3, 8)], ids=str)
def test_with_a_leaf_for_every_point_the_nearest_function_is_f_flipped_at_x(F):
    D = law(F)
    codes, trees = sampled(F, 40)
    assert F.vc_dimension == 2**F.bits == F.vc_upper_bound
    for x in naive.points(F.bits):
        planted, distance = F.nearest(codes, np.broadcast_to(np.array(x, dtype=np.uint8), (40, F.bits)), D)
        assert F.contains(planted).all()
        np.testing.assert_allclose(distance, float(naive.weight(x, P[: F.bits])), rtol=1e-14)
        for f, g in zip(trees, trees_of(F, planted), strict=True):
            assert [z for z in naive.points(F.bits) if naive.label(f, z) != naive.label(g, z)] == [x]
    fewer = DecisionTrees(F.bits, F.leaves - 1)
    x = np.zeros((1, F.bits), dtype=np.uint8)
    assert fewer.nearest(fewer.sample_block(fixed_keys(1)), x, Uniform().on(F.domain)) is None
    assert F.nearest(codes, np.zeros((40, F.bits), dtype=np.uint8), Atoms((tuple([1] * F.bits),)).on(F.domain)) is None


@pytest.mark.parametrize(("bits", "leaves"), [(1, 2), (2, 3), (3, 7), (10, 6), (20, 16), (30, 64)])
def test_there_are_no_more_trees_than_the_vc_bound_counts(bits, leaves):
    """A function with fewer leaves has a tree with exactly s, so those with s leaves are enough."""
    F = DecisionTrees(bits, leaves)
    functions = F.count() - (DecisionTrees(bits, leaves - 1).count() if leaves > 1 else 0)
    assert np.log2(float(functions)) <= bounds.tree_vc_bound(bits, leaves)
    assert min(leaves, 2**bits) <= F.vc_upper_bound <= bounds.tree_vc_bound(bits, leaves)


@middle
def test_a_path_below_the_leaf_singles_out_the_least_mass_that_there_is_room_for(F):
    small_codes = np.pad(DecisionTrees(F.bits, 3).sample_block(fixed_keys(40)), ((0, 0), (0, F.code_length - 5)))
    x = law(F).sample_block(fixed_keys(40, 8), 0, 1)[:, 0]
    planted, masses = F.singled_out(small_codes, x, np.array(P[: F.bits], dtype=float))
    for code, point, g, mass in zip(small_codes, x.tolist(), trees_of(F, planted), masses, strict=True):
        f = naive.parsed(code.tolist(), F.bits)
        assert naive.label(g, point) != naive.label(f, point)
        assert float(naive.distance(f, g, P[: F.bits])) == pytest.approx(mass, rel=1e-12)
        assert float(naive.leaf_mass(g, point, P)) == pytest.approx(mass, rel=1e-12)
        below = [naive.distance(f, t, P[: F.bits]) for t in below_the_leaf(f, point, F)]
        assert mass == pytest.approx(float(min(below)), rel=1e-12)


def below_the_leaf(f, x, F):
    """All plants whose new path stands before x's own leaf: there x meets all that f read on its way."""
    way = naive.leaf_mass(f, x, P)
    for path, tree in naive.grafts(f, x, F.bits, F.leaves):
        chance = Fraction(1)
        for v in path:
            chance *= P[v] if x[v] else 1 - P[v]
        if naive.leaf_mass(tree, x, P) == way * chance:
            yield tree


@pytest.mark.parametrize("uniform", [True, False])
@pytest.mark.parametrize("limit", [Fraction(1, 5), Fraction(1, 16)])
def test_a_graft_is_planted_wherever_one_is_within_the_limit_and_on_uniform_bits_has_the_heaviest_leaf(uniform, limit):
    F = DecisionTrees(5, 8)
    p = [Fraction(1, 2)] * 5 if uniform else list(P[:5])
    codes = np.pad(DecisionTrees(5, 5).sample_block(fixed_keys(30)), ((0, 0), (0, 6)))
    x = ProductBits(tuple(map(float, p))).on(F.domain).sample_block(fixed_keys(30, 9), 0, 1)[:, 0]
    planted, found = F.grafted(codes, x, np.array(p, dtype=float), float(limit))
    higher = 0
    for code, point, g, some in zip(codes, x.tolist(), trees_of(F, planted), found, strict=True):
        f = naive.parsed(code.tolist(), 5)
        legal = [t for _, t in naive.grafts(f, point, 5, 8) if naive.distance(f, t, p) <= limit]
        assert some == bool(legal)
        if not some:
            assert g == f
            continue
        mass, masses = naive.leaf_mass(g, point, p), [naive.leaf_mass(t, point, p) for t in legal]
        assert naive.label(g, point) != naive.label(f, point)
        assert naive.distance(f, g, p) <= limit
        assert mass == max(masses) if uniform else mass in masses
        higher += mass > naive.distance(f, g, p)
    assert 0 < higher < found.sum()


@middle
def test_an_altered_tree_differs_at_x_and_elsewhere_only_where_x_s_new_leaf_is(F):
    codes = np.pad(DecisionTrees(F.bits, 4).sample_block(fixed_keys(200)), ((0, 0), (0, F.code_length - 7)))
    x, half = law(F).sample_block(fixed_keys(200, 8), 0, 1)[:, 0], [Fraction(1, 2)] * F.bits
    altered = F.altered_block(codes, x, fixed_keys(200, 4))
    deepest = F.singled_out(codes, x, np.full(F.bits, 0.5))[1]
    assert F.contains(altered).all()
    as_deep, sizes = 0, set()
    for code, point, g, least in zip(codes.tolist(), x.tolist(), trees_of(F, altered), deepest, strict=True):
        f, way = naive.parsed(code, F.bits), naive.way_of(g, point)
        assert naive.label(f, point) != naive.label(g, point)
        for z in naive.points(F.bits):
            assert naive.label(f, z) == naive.label(g, z) or all(z[v] == point[v] for v in way)
        as_deep += float(naive.leaf_mass(g, point, half)) == least
        sizes.add(naive.leaves(g) - naive.leaves(f))
    assert 80 < as_deep < 180
    assert len(sizes) >= 4


def test_sizes_out_of_range_and_classes_too_large_to_list_are_refused():
    for bad in (lambda: DecisionTrees(0, 2), lambda: DecisionTrees(3, 0), lambda: DecisionTrees(3, 257)):
        with pytest.raises(InvalidArgument, match="must be between 1"):
            bad()
    with pytest.raises(InvalidArgument, match=r"about 10.* members"):
        DecisionTrees(20, 16).enumerate()


def test_the_largest_class_is_sampled_and_moved_in():
    F = DecisionTrees(300, 256)
    codes = F.sample_block(fixed_keys(3))
    assert F.contains(codes).all()
    assert F.contains(F.move_block(codes, fixed_keys(3, 2))).all()
