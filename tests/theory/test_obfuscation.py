"""Theorem 5.2's arithmetic: its derivation holds, and the library's numbers are those of exact enumeration."""

import itertools
import math
from fractions import Fraction

import numpy as np
import pytest
import sympy as sp
from mpmath import mp

from backdoor_game import InvalidArgument, bounds
from backdoor_game.circuits.puncturable.searching import search_advantage
from tests.naive.obfuscation import search
from theory import obfuscation


def test_every_statement_of_the_derivation_holds():
    checks = obfuscation.checks()
    assert len(checks) >= 15
    assert [check.name for check in checks if not check.holds] == []


@pytest.mark.parametrize(("key_bits", "bits"), [(0, 1), (1, 1), (2, 1), (1, 2)])
def test_a_search_of_ideal_functions_wins_on_average_what_is_stated(key_bits, bits):
    """All classes of 2^kappa tables, all keys, all triggers, all starts, by the definition of the search."""
    K, N = 2**key_bits, 2**bits
    tables = list(itertools.product((0, 1), repeat=N))
    for budget in range(1, K + 1):
        total, played = 0, 0
        for keyed in itertools.product(tables, repeat=K):
            for key, x, start in itertools.product(range(K), range(N), range(K)):
                f = keyed[key]
                flipped = (*f[:x], 1 - f[x], *f[x + 1 :])
                total += search(keyed, flipped, x, start, budget) - search(keyed, f, x, start, budget)
                played += 1
        assert bounds.key_search_advantage(key_bits, bits, budget) == pytest.approx(total / played, abs=1e-12)


def test_the_library_s_search_is_the_derived_expression():
    p, q, K = obfuscation.p, obfuscation.q, obfuscation.K
    for kappa, n, budget in itertools.product((1, 8, 16), (1, 3, 4, 6), (1, 2, 100)):
        values = {p: sp.Rational(2, 2 ** 2**n), q: budget, K: 2**kappa}
        expected = min(float(obfuscation.SEARCH.subs(values)), 1.0)
        assert bounds.key_search_advantage(kappa, n, budget) == pytest.approx(expected, rel=1e-9)


def test_small_generators_are_searched_as_ideal_functions_are_even_where_chance_matches_abound():
    """sigma of an average over 2^kappa functions: some 2^-kappa/2 of what chance matches take away."""
    for kappa, n in ((10, 3), (12, 4)):
        K = 2**kappa
        for budget in (K // 4, K):
            ideal = bounds.key_search_advantage(kappa, n, budget)
            assert ideal < 0.99 * budget / K
            assert abs(float(search_advantage(kappa, n, budget)) - ideal) < 4 * 2 ** (-kappa / 2)


def test_from_five_bits_on_a_search_is_worth_its_share_of_the_keys():
    for kappa in (8, 12, 16):
        for share in (8, 4, 2, 1):
            assert bounds.key_search_advantage(kappa, 8, 2**kappa // share) == pytest.approx(1 / share, rel=1e-12)
    assert search_advantage(10, 8, 2**7) == Fraction(1, 8)
    assert bounds.chance_matches(16, 5) < 2**-11 < bounds.chance_matches(16, 4)


@pytest.mark.parametrize("bits", [1, 2, 3, 4])
def test_the_rarer_label_of_one_fixed_function_is_worth_the_mean_imbalance(bits):
    """By all functions: the fresh x has the rarer label with probability (1 - b)/2, the trigger with (1 + b)/2."""
    N = 2**bits
    ones = np.array([bin(table).count("1") for table in range(2**N)])
    assert bounds.label_balance_advantage(bits) == pytest.approx(np.abs(2 * ones / N - 1).mean(), rel=1e-12)
    assert bounds.label_balance_advantage(bits) == pytest.approx(math.sqrt(2 / (math.pi * N)), rel=0.3 / N + 0.01)


@pytest.mark.parametrize("bits", [13, 20, 50, 1100])
def test_the_rarer_label_is_worth_as_much_by_the_gamma_function_to_700_digits(bits):
    with mp.workdps(700):
        N = mp.mpf(2) ** bits
        exact = float(mp.exp(mp.loggamma(N + 1) - 2 * mp.loggamma(N / 2 + 1) - N * mp.log(2)))
    assert bounds.label_balance_advantage(bits) == pytest.approx(exact, rel=1e-13)


def test_up_to_twelve_bits_the_rarer_label_s_worth_is_a_binomial_to_the_last_digit():
    for bits in range(1, 13):
        exact = Fraction(math.comb(2**bits, 2 ** (bits - 1)), 2**2**bits)
        assert bounds.label_balance_advantage(bits) == float(exact)


def test_chance_matches_of_a_long_key_are_counted_or_refused_and_many_bits_leave_none():
    assert bounds.chance_matches(1023, 10) == pytest.approx(1.0)  # 2^1023 2^(1 - 1024)
    with pytest.raises(InvalidArgument, match=r"^key_bits must be at most 1023, got 1024$"):
        bounds.chance_matches(1024, 10)
    assert bounds.chance_matches(8, 10**12) < 1e-300


def test_the_keyed_class_and_its_changes_are_too_few_to_shatter_more():
    for kappa, n in itertools.product(range(20), range(1, 12)):
        d = bounds.keyed_class_vc_bound(kappa, n)
        assert 2**d <= 2**kappa * (2**n + 1) < 2 ** (d + 1)
