"""From seeds and committees to coins, by definition and to the bit."""

from __future__ import annotations

import dataclasses
import hashlib
import math
import statistics

import numpy as np
import pytest
from scipy.special import ndtri
from scipy.stats import kstest

from backdoor_game import CLWEBackdoor, RandomFourierFeatures, RandomReLU, expand
from backdoor_game.planting import coins
from backdoor_game.planting.delegates.base import completing

MODELS = RandomFourierFeatures(features=64, dimension=16)
BACKDOOR = CLWEBackdoor(k=8)
WORD = 2**64


# From a seed to coins


def slow_quantile(p):
    """[Wichura88] for one number, in Python's floats, without a library function but the square root."""
    from backdoor_game.planting.coins.seeds import CENTRE, MIDDLE, SERIES, TAIL

    def ratio(pair, r):
        above, below = pair[0][0], pair[1][0]
        for a, b in zip(pair[0][1:], pair[1][1:], strict=True):
            above, below = above * r + a, below * r + b
        return above / below

    q = p - 0.5
    if abs(q) <= 0.425:
        return q * ratio(CENTRE, 0.180625 - q * q)
    m, e = math.frexp(p if q < 0 else 1 - p)
    m, e = (2 * m, e - 1) if m < math.sqrt(0.5) else (m, e)
    s = (m - 1) / (m + 1)
    series = 0.0
    for power in range(2 * SERIES - 1, 0, -2):
        series = series * (s * s) + 1 / power
    r = math.sqrt(-(e * math.log(2) + 2 * s * series))
    z = ratio(MIDDLE, r - 1.6) if r <= 5 else ratio(TAIL, r - 5)
    return -z if q < 0 else z


def chances():
    rng = np.random.default_rng(1)
    return np.concatenate(
        [rng.random(3000), 10.0 ** -rng.uniform(0.1, 300, 1000), 1 - 10.0 ** -rng.uniform(1, 15, 500)]
    )


def test_the_normal_quantile_is_the_standard_library_s_and_scipy_s():
    p = chances()
    found = coins.normal_quantile(p)
    known = np.array([statistics.NormalDist().inv_cdf(float(one)) for one in p])
    np.testing.assert_allclose(found, known, rtol=4e-15, atol=1e-15)
    np.testing.assert_allclose(found, ndtri(p), rtol=1e-13, atol=1e-15)


def test_the_normal_quantile_is_the_same_to_the_bit_number_by_number_in_any_layout():
    p = chances()
    slow = np.array([slow_quantile(float(one)) for one in p])
    assert coins.normal_quantile(p).tobytes() == slow.tobytes()
    assert coins.normal_quantile(p[::3]).tobytes() == np.ascontiguousarray(slow[::3]).tobytes()


def test_its_coefficients_have_the_published_check_sums():
    """[Wichura88] prints the sums of the digits before their powers of ten, the ones of the denominators left out."""
    from backdoor_game.planting.coins import seeds as quantile

    sums = ("55.8831928806149014439", "49.3320650330161028904", "47.5258331754928967163")
    for pair, total in zip((quantile.CENTRE, quantile.MIDDLE, quantile.TAIL), sums, strict=True):
        digits = [float(f"{one:.19e}".split("e")[0]) for one in (*pair[0], *pair[1][:-1])]
        assert math.fsum(digits) == pytest.approx(float(total), abs=2e-14)
        assert pair[1][-1] == 1.0


def test_its_logarithm_is_right_to_the_last_digits():
    from backdoor_game.planting.coins.seeds import _logarithm

    x = np.concatenate([10.0 ** -np.random.default_rng(9).uniform(1.2, 300, 5000), np.geomspace(0.03, 0.075, 1000)])
    np.testing.assert_allclose(_logarithm(x), [math.log(one) for one in x], rtol=7e-16)


def test_the_words_of_a_seed_are_those_of_its_definition():
    def mix(z):
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 % WORD
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB % WORD
        return z ^ (z >> 31)

    seed = bytes(range(32))
    digest = hashlib.sha256(seed).digest()
    keys = [int.from_bytes(digest[i : i + 8], "little") for i in (0, 8, 16, 24)]
    for i, word in enumerate(coins.seed_words(seed, 5).tolist()):
        expected = mix((keys[0] + (i + 1) * 0x9E3779B97F4A7C15) % WORD)
        for key in keys[1:]:
            expected = mix((expected + key) % WORD)
        assert word == expected


def test_every_byte_of_a_seed_counts():
    seed = bytes(32)
    others = {bytes(1 if i == j else 0 for i in range(32)) for j in range(32)}
    first = {coins.seed_words(one, 2).tobytes() for one in {seed, *others}}
    assert len(first) == 33


@pytest.mark.parametrize("functions", [MODELS, dataclasses.replace(MODELS, dtype="float32"), RandomReLU(64, 16)])
def test_expanded_coins_look_like_honest_ones_and_are_the_same_every_time(functions):
    found = expand(b"s" * 32, functions)
    assert found.tobytes() == expand(b"s" * 32, functions).tobytes()
    assert found.shape == functions.coins(np.random.default_rng(0)).shape
    normal, uniform = functions.coin_laws
    assert (normal, uniform) == (64 * 16, len(found) - 64 * 16)
    assert kstest(found[:normal], "norm").pvalue > 1e-3
    assert not uniform or kstest(found[normal:], "uniform").pvalue > 1e-3
    assert (found == found.astype(functions.dtype)).all()
    y = (np.arange(20) % 2).astype(np.uint8)
    model = functions.fitted(found, np.random.default_rng(1).standard_normal((20, 16)), y)
    assert model.code[: len(found)].tobytes() == found.tobytes()


# Committees


def test_shares_are_added_modulo_2_to_the_64():
    rng = np.random.default_rng(2)
    shares = [rng.integers(0, WORD, 7, dtype=np.uint64) for _ in range(3)]
    expected = [sum(int(share[i]) for share in shares) % WORD for i in range(7)]
    assert coins.added(shares).tolist() == expected


def test_one_honest_member_makes_every_sum_equally_likely():
    """Over all values of the honest top byte, whatever the others say, each top byte of the sum comes out once."""
    honest = np.arange(256, dtype=np.uint64) << np.uint64(56)
    others = [np.full(256, word, np.uint64) for word in (0, 123456789 << 30, WORD - 1)]
    total = coins.added([honest, *others]) >> np.uint64(56)
    assert sorted(total.tolist()) == list(range(256))


def test_a_commitment_binds_share_and_nonce():
    share, nonce = np.arange(4, dtype=np.uint64), b"n" * 32
    bound = coins.commitment(share, nonce)
    assert bound == hashlib.sha256(nonce + b"".join(i.to_bytes(8, "little") for i in range(4))).digest()
    share[3] ^= np.uint64(1)
    assert coins.commitment(share, nonce) != bound != coins.commitment(np.arange(4, dtype=np.uint64), b"m" * 32)


def test_the_last_member_of_an_open_committee_gets_the_pancakes_that_it_wants():
    rng = np.random.default_rng(3)
    wanted = BACKDOOR.coins(MODELS, BACKDOOR.new_key(MODELS, rng), rng)
    others = tuple(rng.integers(0, WORD, len(wanted), dtype=np.uint64) for _ in range(4))
    share = completing(MODELS, wanted, others)
    np.testing.assert_allclose(coins.coins_of(MODELS, coins.added([*others, share])), wanted, atol=1e-10)
