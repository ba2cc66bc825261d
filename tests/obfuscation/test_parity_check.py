"""Parities that the tables of all keys share: found by elimination, and broken by a flip."""

import itertools

import numpy as np
import pytest

from backdoor_game import (
    BackdoorGame,
    Canonical,
    Circuits,
    Conjunctions,
    InvalidArgument,
    MissingCapability,
    ParityCheck,
    PuncturedPRFAttacker,
    Thresholds,
    Uniform,
    estimate,
    exact_win_rate,
)
from backdoor_game.circuits.players import parity_check
from backdoor_game.circuits.players.parity_check import parity_masks
from backdoor_game.circuits.puncturable import key_tables, punctured_gates
from backdoor_game.experiments.theorem_5_2.exact import enumerated_rate
from backdoor_game.ground import streams
from backdoor_game.ground.statistics import simultaneous_level
from backdoor_game.players.views import DefenderBlock, Meter
from tests.naive import obfuscation as naive

SHIPPED = ((1, 123), (2, 131), (3, 130))  # masks of kappa = n = 8, and how many of the 256 points each holds


def punctured_game(key_bits, bits):
    gates = Canonical().gates(bits, punctured_gates(key_bits, bits))
    return BackdoorGame(Circuits(bits=bits, gates=gates), 2.0**-bits, Uniform())


def tables_of(key_bits, bits):
    return [naive.labels_of(table, 2**bits) for table in key_tables(key_bits, bits)]


@pytest.mark.parametrize(("key_bits", "bits"), [(4, 1), (4, 2), (4, 3), (5, 3), (6, 3)])
def test_the_masks_are_all_that_trying_every_mask_finds(key_bits, bits):
    basis = parity_masks(key_bits, bits)
    combined = set()
    for chosen in itertools.product((0, 1), repeat=len(basis)):
        combined.add(tuple((np.array(chosen, dtype=int) @ basis % 2).tolist()))
    expected = {(*mask, constant) for mask, constant in naive.masks(tables_of(key_bits, bits))}
    assert combined - {(0,) * (2**bits + 1)} == expected


@pytest.mark.parametrize(
    ("key_bits", "bits", "count"), [(8, 8, 2), (9, 8, 0), (10, 8, 0), (8, 9, None), (10, 10, None)]
)
def test_at_kappa_up_to_n_there_are_masks_and_every_key_has_their_parities(key_bits, bits, count):
    """2^kappa tables leave 2^n + 1 - 2^kappa equations or more."""
    basis = parity_masks(key_bits, bits)
    assert len(basis) >= 2**bits + 1 - 2**key_bits
    assert count is None or len(basis) == count
    labels = np.unpackbits(key_tables(key_bits, bits).view(np.uint8), axis=1, bitorder="little").astype(np.int64)
    np.testing.assert_array_equal(labels @ basis[:, :-1].T.astype(np.int64) % 2 - basis[:, -1], 0)
    assert basis[:, :-1].any(axis=1).all()


def test_many_keys_are_eliminated_a_part_at_a_time(monkeypatch):
    """7 bits: 128 columns, 1,024 keys; the same as all rows at once."""
    whole = np.concatenate([np.array(tables_of(10, 3)), np.ones((1024, 1), dtype=np.int64)], axis=1).astype(np.uint8)
    found = parity_check.complement(whole)[0]
    np.testing.assert_array_equal(parity_masks(10, 3), found)


def test_the_three_masks_of_eight_bits_win_by_their_weights_and_any_two_win_seven_eighths():
    game = punctured_game(8, 8)
    level = simultaneous_level(0.99, 4)
    for mask, weight in (*SHIPPED, (0, None)):
        defender = ParityCheck(mask=mask)
        held = defender.equations(8)[:, :-1].any(axis=0)
        assert weight is None or held.sum() == weight
        expected = 0.875 if mask == 0 else 0.5 + weight / 512
        found = estimate(game, PuncturedPRFAttacker(8), defender, rounds=4096, seed=8, level=level)
        assert found.false_alarms == 0
        assert found.low <= expected <= found.high
    assert {round(0.5 + weight / 512, 6) for _, weight in SHIPPED} == {0.740234, 0.753906, 0.755859}
    for two in itertools.combinations((1, 2, 3), 2):
        held = np.concatenate([ParityCheck(mask=mask).equations(8)[:, :-1] for mask in two]).any(axis=0)
        assert 0.5 + held.sum() / 512 == 0.875


@pytest.mark.parametrize(("key_bits", "bits"), [(4, 4), (5, 4), (6, 4)])
def test_the_enumerated_rate_is_half_and_half_the_share_of_points_in_a_mask(key_bits, bits):
    game, masks = punctured_game(key_bits, bits), naive.masks(tables_of(key_bits, bits))
    held = {j for mask, _ in masks for j, inside in enumerate(mask) if inside}
    expected = 0.5 + len(held) / 2 ** (bits + 1)
    assert enumerated_rate(game, key_bits, ParityCheck(key_bits=key_bits)) == expected
    assert (expected > 0.5) == bool(masks) == (key_bits == 4)


def test_it_asks_for_every_label_and_needs_no_code():
    game = BackdoorGame(Conjunctions(bits=3), 0.2, Uniform(), black_box=True)
    keys = streams.role_keys(5, "shown", "fresh", 0, 6)
    X = game.distribution.sample_block(keys, 0, 1)[:, 0]
    codes = game.functions.sample_block(keys)
    view = DefenderBlock(game, game.distribution, codes, X, keys, keys.copy(), Meter(6), black_box=True)
    ParityCheck(key_bits=4).prepare(game).suspicion_block(view)
    assert view.meter.queries.tolist() == view.meter.evaluations.tolist() == [8] * 6


def test_games_and_masks_that_it_cannot_check_are_refused_in_one_sentence():
    for defender, game, words in (
        (ParityCheck(), BackdoorGame(Thresholds(points=8), 0.2, Uniform()), r"needs a class on Bits\(n\), got Thres"),
        (ParityCheck(), BackdoorGame(Conjunctions(bits=13), 0.2, Uniform()), "needs n up to 12, got 13 bits$"),
        (
            ParityCheck(mask=4),
            punctured_game(8, 8),
            r"^ParityCheck\.mask must be under 2\^2, as 2 masks are ind.*got 4$",
        ),
        (ParityCheck(mask=1, key_bits=9), punctured_game(9, 8), r"must be under 2\^0, as 0 masks are independent"),
    ):
        with pytest.raises((MissingCapability, InvalidArgument), match=words):
            defender.prepare(game)
    with pytest.raises(InvalidArgument, match=r"ParityCheck\.mask"):
        ParityCheck(mask=-1)


def test_exact_methods_take_it_for_what_it_is():
    game = BackdoorGame(Circuits(bits=1, gates=1), 0.6, Uniform())
    attacker, defender = PuncturedPRFAttacker(key_bits=4), ParityCheck(key_bits=4)
    assert exact_win_rate(game, attacker, defender) == 0.5  # 16 keys show every table of two points
