"""The keyed hash against its definition, and the game that nobody can attack."""

from __future__ import annotations

import numpy as np
import pytest

from backdoor_game import (
    AlwaysClean,
    BackdoorGame,
    InvalidArgument,
    NearestLegal,
    RandomLegal,
    RandomOracle,
    RandomSearch,
    Uniform,
    estimate,
)
from backdoor_game.ground.statistics import clopper_pearson
from backdoor_game.ground.streams import draws
from backdoor_game.players.views.sample import WrittenSample
from tests.functions.examples import fixed_keys
from tests.naive import random_oracle


@pytest.mark.parametrize("bits", [1, 7, 63, 64, 65, 130])
def test_labels_are_those_of_the_definition(bits):
    F, rng = RandomOracle(key_bits=62, bits=bits), np.random.default_rng(bits)
    codes, X = F.sample_block(fixed_keys(6)), rng.integers(2, size=(6, 9, bits), dtype=np.uint8)
    expected = [[random_oracle.label(int(k[0]), x) for x in row] for k, row in zip(codes, X, strict=True)]
    assert F.evaluate(codes, X).tolist() == expected
    spread = np.broadcast_to(X[:1], X.shape)
    expected = [[random_oracle.label(int(k[0]), x) for x in X[0]] for k in codes]
    assert F.evaluate(codes, spread).tolist() == expected


def test_a_label_is_as_often_0_as_1_and_so_is_the_difference_of_two_keys_or_points():
    """Clopper-Pearson at level 1 - 1e-4 for each, 2^16 labels."""
    F = RandomOracle(key_bits=20, bits=16)
    codes, X = np.arange(256)[:, None], np.random.default_rng(1).integers(2, size=(1, 256, 16), dtype=np.uint8)
    labels = F.evaluate(codes, np.repeat(X, 256, axis=0))
    for bits in (labels, labels[1:] ^ labels[:-1], labels[:, 1:] ^ labels[:, :-1]):
        low, high = clopper_pearson(int(bits.sum()), bits.size, 1 - 1e-4)
        assert low <= 0.5 <= high


@pytest.mark.parametrize("m", [0, 1, 5, 12])
def test_what_is_learnt_is_the_least_key_that_fits(m):
    F, rng = RandomOracle(key_bits=6, bits=5), np.random.default_rng(m)
    codes, X = F.sample_block(fixed_keys(20)), rng.integers(2, size=(20, m, 5), dtype=np.uint8)
    y = F.evaluate(codes, X)
    found = F.consistent(X, y)
    for code, row, labels in zip(found, X, y, strict=True):
        fits = [k for k in range(64) if [random_oracle.label(k, x) for x in row] == labels.tolist()]
        assert code.tolist() == fits[:1]


def test_too_many_keys_are_neither_listed_nor_tried():
    F = RandomOracle(key_bits=23, bits=5)
    for call in (F.enumerate, lambda: F.consistent(np.zeros((1, 1, 5), np.uint8), np.zeros((1, 1), np.uint8))):
        with pytest.raises(InvalidArgument, match="8388608 members"):
            call()


@pytest.mark.parametrize(("key_bits", "bits"), [(0, 3), (63, 3), (3, 0), (3, 1001)])
def test_sizes_out_of_range_are_refused_by_name(key_bits, bits):
    with pytest.raises(InvalidArgument, match=r"RandomOracle\.(key_)?bits"):
        RandomOracle(key_bits=key_bits, bits=bits)


@pytest.mark.parametrize("attacker", [NearestLegal(), RandomLegal()], ids=str)
def test_nobody_can_plant_anything_and_trust_wins_every_round(attacker):
    game = BackdoorGame(RandomOracle(key_bits=5, bits=7), 0.2, Uniform())
    found = estimate(game, attacker, AlwaysClean(), rounds=300, seed=0)
    assert (found.forfeits, found.illegal, found.win_rate) == (300, 0, 1.0)


@pytest.mark.parametrize("tries", [1, 3, 40])
def test_random_search_predicts_with_the_first_of_its_members_that_errs_least(tries):
    F, rng = RandomOracle(key_bits=4, bits=6), np.random.default_rng(tries)
    X, keys = rng.integers(2, size=(30, 5, 6), dtype=np.uint8), fixed_keys(30, 3)
    y = F.evaluate(F.sample_block(fixed_keys(30)), X)
    found = RandomSearch(tries=tries).learn_block(WrittenSample(F, X, y), keys)[:, 0]
    for r in range(30):
        tried = [int(F.sample_block(draws(keys[r : r + 1], i, 1)[0])[0, 0]) for i in range(tries)]
        errors = [sum(random_oracle.label(k, x) != label for x, label in zip(X[r], y[r], strict=True)) for k in tried]
        assert found[r, 0] == tried[errors.index(min(errors))]
