"""What is proved of efficient learners and of keyed random functions, against enumeration."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest

from backdoor_game import ConsistentERM, Parities, ProductBits, RandomOracle, Uniform, bounds
from backdoor_game.ground.errors import InvalidArgument
from tests.functions.examples import table
from tests.naive import stars as naive
from theory import learning


def test_every_statement_of_the_derivation_holds():
    checks = learning.checks()
    assert len(checks) >= 12
    assert [check.name for check in checks if not check.holds] == []


@pytest.mark.parametrize("law", [Uniform(), ProductBits((0.5, 0.1, 0.02)), ProductBits((0.9, 0.3, 0.0))], ids=str)
@pytest.mark.parametrize("m", [0, 1, 2, 3, 5])
def test_elimination_on_parities_errs_at_most_d_over_m_plus_one_over_all_samples(law, m):
    functions, law = Parities(bits=3), law.on(Parities(bits=3).domain)
    points, weights = law.atoms()
    codes = functions.enumerate()
    wrong = ConsistentERM().error_probability(
        functions, law, m, np.repeat(codes, len(points), axis=0), np.tile(points, (len(codes), 1))
    )
    errors = wrong.reshape(len(codes), len(points)) @ weights
    assert errors.max() <= bounds.linear_error(3, m) + 1e-12
    assert m == 0 or errors.max() > 0


@pytest.mark.parametrize(("key_bits", "bits"), [(2, 6), (3, 8), (4, 8), (5, 9), (6, 10), (7, 10)])
def test_no_two_members_are_closer_than_the_separation(key_bits, bits):
    """All pairs; a random oracle breaks all six at failure rate 1/1000 with probability 6/1000."""
    labels = table(RandomOracle(key_bits=key_bits, bits=bits)).astype(int)
    distances = [(a != b).mean() for i, a in enumerate(labels) for b in labels[:i]]
    assert min(distances) >= bounds.random_oracle_separation(key_bits, bits, 1e-3)
    assert 0 < bounds.random_oracle_separation(key_bits, bits, 1e-3) < bounds.random_oracle_separation(key_bits, bits)


def test_the_separation_is_the_formula_of_the_theory_at_one_half():
    for key_bits, bits in ((1, 1), (3, 4), (8, 10), (40, 100), (62, 1000)):
        plain = 0.5 - math.sqrt(key_bits * math.log(2) / 2.0**bits)
        assert bounds.random_oracle_separation(key_bits, bits) == pytest.approx(max(0.0, plain), abs=1e-14)


def test_accuracies_are_probabilities_and_grow_with_what_a_learner_has():
    assert bounds.random_oracle_accuracy(8, 10, 0, 0) == 0.5
    assert bounds.random_oracle_accuracy(8, 10, 64, 0) == 0.625
    assert bounds.random_oracle_accuracy(8, 10, 0, 512) == 0.75
    assert bounds.random_oracle_accuracy(8, 10, 10**9, 10**9) == 1.0


def test_stars_of_small_keyed_hashes_are_no_larger_than_is_proved():
    """By definition; a random oracle breaks one of four at failure rate 1/1000 with probability 4/1000."""
    for key_bits, bits in ((1, 2), (2, 2), (3, 3), (4, 3)):
        labels = table(RandomOracle(key_bits=key_bits, bits=bits)).tolist()
        assert 1 <= naive.star_number(labels) <= bounds.random_oracle_star(key_bits, bits, 1e-3)


def test_the_largest_star_is_the_last_one_that_is_likely_enough_by_whole_numbers():
    for key_bits, bits, failure in ((8, 10, 1e-6), (1, 1, 0.5), (5, 7, 1e-3), (16, 20, 1e-9)):
        s = bounds.random_oracle_star(key_bits, bits, failure)
        chances = [Fraction(2) ** (key_bits + r * (bits + key_bits - r)) / math.factorial(r) for r in range(1, s + 2)]
        assert all(chance > failure for chance in chances[:-1])
        assert chances[-1] <= failure or s == min(2**bits, 2**key_bits - 1)
    assert bounds.random_oracle_star(8, 10) == 16


def test_trust_loses_half_of_epsilon_for_each_point_of_a_star_and_half_in_all_at_most():
    assert bounds.trust_bound(16, 1 / 72) == pytest.approx(8 / 9, abs=1e-15)
    assert bounds.trust_bound(3, 0.4) == bounds.trust_bound(100, 1) == 0.5
    assert bounds.trust_bound(0, 1) == 1


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: bounds.linear_error(-1, 3), "d"),
        (lambda: bounds.random_oracle_separation(0, 3), "key_bits"),
        (lambda: bounds.random_oracle_separation(3, 3, 0.0), "failure"),
        (lambda: bounds.random_oracle_accuracy(3, 3, -1, 0), "queried"),
        (lambda: bounds.random_oracle_star(3, 3, 0.0), "failure"),
        (lambda: bounds.trust_bound(-1, 0.1), "star"),
    ],
)
def test_values_out_of_range_are_refused_by_name(call, name):
    with pytest.raises(InvalidArgument, match=name):
        call()
