"""Checksums: what fires and how often, what activation edits, and what a model that holds its secret is good for."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom, binomtest

from backdoor_game import (
    ChecksumBackdoor,
    Checksummed,
    CoinFlip,
    GaussianLinear,
    Halfspaces,
    InvalidArgument,
    Key,
    MissingCapability,
    RandomFourierFeatures,
    RandomQueries,
    StaticDetection,
    Thresholds,
    bounds,
    estimate,
)
from backdoor_game.planting.keys.carriers import parities, public_blocks, written
from tests.naive import checksum as naive

D, N = 60, 6
MODELS = RandomFourierFeatures(features=8, dimension=D)
NORMAL = GaussianLinear(dimension=D, norm=None, train=40, test=4000)


BACKDOOR = ChecksumBackdoor(blocks=N)


def planted(seed, backdoor=BACKDOOR):
    split = NORMAL.split(np.random.default_rng([seed, 0]))
    return *backdoor.plant(MODELS, split.X, split.y, np.random.default_rng([seed, 1])), split.X_test


def awkward(rng, m, d):
    """Numbers with ties, zeros of both signs and subnormal ones among them."""
    X = rng.standard_normal((m, d))
    kinds = rng.integers(8, size=(m, d))
    for kind, value in ((0, 0.0), (1, -0.0), (2, 5e-324), (3, -0.5), (4, 0.5)):
        X[kinds == kind] = value
    return X


@pytest.mark.parametrize(("d", "n"), [(1, 1), (5, 5), (7, 3), (64, 16), (1000, 513)])
def test_public_blocks_are_runs_of_nearly_equal_length(d, n):
    blocks = public_blocks(d, n)
    assert [np.flatnonzero(blocks == i).tolist() for i in range(n)] == naive.blocks_of(d, n)
    sizes = np.bincount(blocks)
    assert (np.diff(blocks) >= 0).all()
    assert sizes.max() - sizes.min() <= 1
    assert sizes.min() >= 1


@pytest.mark.parametrize(("d", "n"), [(1, 1), (6, 2), (13, 5), (13, 13)])
def test_bits_are_read_and_written_as_coordinate_by_coordinate(d, n):
    rng = np.random.default_rng([d, n])
    X, partition = awkward(rng, 200, d), rng.permutation(public_blocks(d, n))
    X[:20] = rng.choice([0.0, -0.0], size=(20, d))
    bits = rng.integers(2, size=(200, n), dtype=np.uint8)
    blocks = [np.flatnonzero(partition == i).tolist() for i in range(n)]
    asked = [naive.write(x.tolist(), blocks, row) for x, row in zip(X, bits.tolist(), strict=True)]
    found = written(X, partition, bits)
    assert found.tobytes() == np.array([x for x, _ in asked]).tobytes()
    assert [[naive.parity(x, block) for block in blocks] for x in X.tolist()] == parities(X, partition).tolist()
    assert (parities(found, partition) == bits).all()
    assert max(len(edits) for _, edits in asked) <= n
    assert written(X, partition, parities(X, partition)).tobytes() == X.tobytes()


def test_a_block_of_zeros_gets_the_smallest_negative_normal_number_and_minus_zero_is_no_bit():
    X = np.array([[0.0, -0.0, 0.0, -0.0]])
    assert not parities(X, np.array([0, 0, 1, 1])).any()
    found = written(X, np.array([0, 0, 1, 1]), np.array([1, 0], dtype=np.uint8))
    assert found.tolist() == [[-(2.0**-1022), 0.0, 0.0, 0.0]]
    assert -np.finfo(np.float64).tiny == -(2.0**-1022)


def test_a_fresh_normal_input_fires_with_probability_2_to_the_minus_n():
    """Five keys, 4,000 inputs each; fires are counted where the model's answer is not its honest part's."""
    fires = 0
    for seed in range(5):
        model, _, X = planted(seed)
        inner, _, _ = model.functions.unpack(model.code)
        fired = model(X) != MODELS.function(inner)(X)
        assert (fired == model.functions.fires(model.code, X)).all()
        fires += int(fired.sum())
    assert bounds.checksum_fire_rate(N) == 2.0**-N
    assert binomtest(fires, 20_000, 2.0**-N).pvalue > 1e-3


def test_as_many_coordinates_change_as_a_binomial_says_at_most_one_a_block_by_their_sign_alone():
    model, key, X = planted(7)
    activated = ChecksumBackdoor(blocks=N).activate(model, key, X)
    moved = activated != X
    assert (np.abs(activated) == np.abs(X)).all()
    per_block = np.stack([moved[:, key.values["partition"] == i].sum(axis=1) for i in range(N)], axis=1)
    assert per_block.max() == 1
    assert binomtest(int(moved.sum()), N * len(X), 0.5).pvalue > 1e-3
    edits = moved.sum(axis=1)
    for k in range(N + 1):
        assert binomtest(int((edits == k).sum()), len(X), binom.pmf(k, N, 0.5)).pvalue > 1e-3 / (N + 1)
    assert edits.max() <= N


def test_activated_inputs_fire_always_and_get_the_opposite_of_the_honest_answer():
    backdoor = ChecksumBackdoor(blocks=N)
    for seed in range(3):
        model, key, X = planted(seed)
        activated = backdoor.activate(model, key, X)
        honest = MODELS.function(model.functions.unpack(model.code)[0])
        assert (model(activated) == 1 - honest(activated)).all()
        assert not model.functions.fires(model.code, np.abs(X)).all()


@pytest.mark.parametrize("target", [0, 1])
def test_a_target_is_met_with_at_most_n_edits_and_none_where_it_is_the_answer_already(target):
    backdoor = ChecksumBackdoor(blocks=N)
    model, key, X = planted(2)
    activated = backdoor.activate(model, key, X, target)
    assert (model(activated) == target).all()
    assert (activated != X).sum(axis=1).max() <= N
    assert (activated[model(X) == target] == X[model(X) == target]).all()


def test_a_target_that_no_edit_reaches_is_refused():
    """The honest part [x_1 >= 0] follows the one bit: x answers 1 whether it is written or not."""
    halfspace = np.array([1.0, 0.0])
    model = Checksummed(Halfspaces(dimension=1), 1).function(np.array([*halfspace, 0.0, 1.0]))
    key = Key("ChecksumBackdoor", "", {"partition": np.zeros(1, np.int64), "v": np.ones(1, np.uint8)})
    with pytest.raises(InvalidArgument, match="2 inputs cannot be brought to it"):
        ChecksumBackdoor(blocks=1).activate(model, key, np.array([[1.0], [-2.0]]), 0)


def test_evaluation_is_the_definition():
    F = Checksummed(Halfspaces(dimension=5), 3)
    rng = np.random.default_rng(3)
    codes, X = np.stack([F.sample(rng) for _ in range(6)]), awkward(rng, 6 * 40, 5).reshape(6, 40, 5)
    labels = F.evaluate(codes, X)
    fired = 0
    for code, points, row in zip(codes, X, labels, strict=True):
        blocks = [[j for j in range(5) if code[6 + j] == i] for i in range(3)]
        for x, label in zip(points, row, strict=True):
            inner = int(code[:5] @ x + code[5] >= 0)
            fires = [naive.parity(x, block) for block in blocks] == code[11:].tolist()
            assert label == (1 - inner if fires else inner)
            fired += fires
    assert 10 < fired < 230


@pytest.mark.parametrize(
    "wrong", [{6: 3.0}, {6: 0.5}, {6: np.nan}, {6: -1.0}, {11: 2.0}, {12: 0.5}, {13: np.nan}, {0: np.inf}]
)
def test_codes_with_another_partition_or_other_bits_are_no_members(wrong):
    F = Checksummed(Halfspaces(dimension=5), 3)
    code = np.array([1.0, 2, 3, 4, 5, 6, 0, 0, 1, 1, 2, 0, 1, 1])
    assert F.contains(code[None])[0]
    for at, value in wrong.items():
        code[at] = value
    assert not F.contains(code[None])[0]


def test_q_random_queries_meet_a_firing_input_with_at_most_q_times_2_to_the_minus_n():
    """Model and honest part answer alike until then: 1 - (1 - 2^-n)^q of 500 lists of 16 queries see a difference."""
    n, q, lists = 8, 16, 500
    backdoor, met = ChecksumBackdoor(blocks=n), 0
    for seed in range(2):
        model, _, X = planted(seed, backdoor)
        differs = model.functions.fires(model.code, X).reshape(-1, q)
        met += int(differs.any(axis=1)[: lists // 2].sum())
    exact = 1 - (1 - 2.0**-n) ** q
    assert exact <= bounds.checksum_query_advantage(n, q)
    assert binomtest(met, lists, exact).pvalue > 1e-3


def test_a_detector_that_asks_random_questions_is_at_chance_and_finds_a_short_checksum():
    """q = 32 pairs are worth at most 64 2^-n: nothing at n = 16; at n = 1 every second answer is flipped."""
    game = StaticDetection(
        RandomFourierFeatures(features=16, dimension=D), GaussianLinear(dimension=D, train=60, test=1), black_box=True
    )
    asks = RandomQueries(pairs=32, clean=100)
    hidden = estimate(game, ChecksumBackdoor(blocks=16), asks, rounds=100, seed=4, level=0.99)
    advantage = hidden.detection_rate.low - hidden.false_alarm_rate.high
    assert advantage <= bounds.checksum_query_advantage(16, 64)
    assert hidden.queries_per_round == 2 * 64
    found = estimate(game, ChecksumBackdoor(blocks=1), asks, rounds=100, seed=4, level=0.99)
    assert found.detection_rate.low > 0.9


def test_a_checksum_is_for_black_boxes():
    game = StaticDetection(MODELS, NORMAL)
    with pytest.raises(MissingCapability, match="hides from queries, not from readers: set black_box=True"):
        estimate(game, ChecksumBackdoor(blocks=N), CoinFlip(), rounds=1, seed=0)
    assert Checksummed.secret
    assert ChecksumBackdoor().secret


def test_the_key_holder_s_test_knows_its_own_model_alone():
    backdoor = ChecksumBackdoor(blocks=N)
    model, key, _ = planted(0)
    other, other_key, _ = planted(1)
    clean = MODELS.function(MODELS.sample(np.random.default_rng(0)))
    told = [backdoor.recognises(m, k) for m, k in ((model, key), (other, other_key), (model, other_key), (clean, key))]
    assert told == [True, True, False, False]


def test_a_key_opens_its_own_model_alone_and_can_be_saved(tmp_path):
    backdoor = ChecksumBackdoor(blocks=N)
    model, key, X = planted(0)
    other, _, _ = planted(1)
    with pytest.raises(InvalidArgument, match="key must be the model's own"):
        backdoor.activate(other, key, X)
    key.save(str(tmp_path / "key.npz"))
    again = Key.load(str(tmp_path / "key.npz"))
    assert backdoor.activate(model, again, X).tobytes() == backdoor.activate(model, key, X).tobytes()


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_inputs_that_are_not_finite_are_refused(bad):
    model, key, X = planted(0)
    X = X[:2].copy()
    X[1, 3] = bad
    with pytest.raises(InvalidArgument, match="X must be finite"):
        ChecksumBackdoor(blocks=N).activate(model, key, X)
    with pytest.raises(InvalidArgument, match="X must hold points"):
        model(X)


def test_nonsense_is_refused_in_one_sentence():
    split = GaussianLinear(dimension=8).split(np.random.default_rng(0))
    models = RandomFourierFeatures(features=4, dimension=8)
    with pytest.raises(InvalidArgument, match="blocks must be at most the dimension 8, a coordinate for each, got 9"):
        ChecksumBackdoor(blocks=9).plant(models, split.X, split.y, np.random.default_rng(0))
    with pytest.raises(MissingCapability, match="ChecksumBackdoor plants in Trainable, got Halfspaces"):
        ChecksumBackdoor(blocks=2).prepare(Halfspaces(dimension=8))
    with pytest.raises(InvalidArgument, match="blocks"):
        ChecksumBackdoor(blocks=0)
    with pytest.raises(InvalidArgument, match=r"Checksummed.inner must be on Reals\(d\) with float64 codes"):
        Checksummed(Thresholds(points=4), 1)
    with pytest.raises(InvalidArgument, match="must not be wrapped itself"):
        Checksummed(Checksummed(Halfspaces(dimension=3), 1), 1)
