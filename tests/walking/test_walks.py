"""Metropolis walks keep the Gibbs law over codes and reach it, in every tiny class that makes proposals."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from backdoor_game import Circuits, Conjunctions, DecisionTrees, ProductBits, Uniform
from backdoor_game.functions.base import FunctionClass
from backdoor_game.ground.inheritance import overrides
from backdoor_game.ground.streams import draws
from backdoor_game.players.walking import Nearness, walk
from tests.functions.examples import FINITE, fixed_keys

LEVEL = 1e-4
BETA = 2.5
ROWS = 15_000
OWN = [
    (Circuits(bits=2, gates=1), Uniform()),
    (Circuits(bits=1, gates=2, depth=1), ProductBits([0.3])),
    (DecisionTrees(bits=2, leaves=3), ProductBits([0.3, 0.6])),
]
TINY = OWN + [
    (example.functions, law.distribution)
    for example in FINITE
    for law in example.laws[:3:2]
    if overrides(example.functions, FunctionClass.proposal_block) and 1 < example.functions.count() <= 600
]
tiny = pytest.mark.parametrize(("functions", "law"), TINY, ids=str)


def gibbs(functions, law, shown):
    """exp(-beta dist(g, f')) over all codes g, normalised, distances summed over the atoms of D."""
    codes, (points, weights) = functions.enumerate(), law.atoms()
    labels = [[functions.function(code)(point[None])[0] for point in points] for code in (*codes, shown)]
    far = (np.array(labels[:-1]) != labels[-1]) @ weights
    return codes, np.exp(-BETA * far) / np.exp(-BETA * far).sum()


def places(codes, reached):
    """Where codes stand among all of them."""
    numbers = {code.tobytes(): i for i, code in enumerate(codes)}
    return np.array([numbers[code.tobytes()] for code in reached])


def held(functions, law):
    """The law as the game holds it, bound to the domain."""
    return law.on(functions.domain)


@tiny
def test_long_walks_from_one_member_end_by_the_gibbs_law_over_codes(functions, law):
    """Pearson's test at level 1e-4 on 15,000 walks; codes expected less than 5 times are counted together."""
    law = held(functions, law)
    shown = functions.enumerate()[functions.count() // 3]
    codes, wanted = gibbs(functions, law, shown)
    start = np.repeat(shown[None], ROWS, axis=0)
    near = Nearness(functions, start, law)
    reached = walk(functions, start, near, BETA, fixed_keys(ROWS, 3), 40 * functions.code_length + 60)
    counts = np.bincount(places(codes, reached), minlength=len(codes))
    rare = wanted * ROWS < 5
    observed, expected = (np.append(a[~rare], a[rare].sum()) for a in (counts, wanted * ROWS))
    observed, expected = observed[expected > 0], expected[expected > 0]
    assert stats.chisquare(observed, expected * observed.sum() / expected.sum()).pvalue > LEVEL


@tiny
def test_a_step_from_the_gibbs_law_leads_from_a_to_b_as_often_as_from_b_to_a(functions, law):
    """Bowker's test of symmetry at level 1e-4: detailed balance, of proposals and their ratios together."""
    law = held(functions, law)
    shown = functions.enumerate()[-1]
    codes, wanted = gibbs(functions, law, shown)
    before = np.random.default_rng(5).choice(len(codes), size=4 * ROWS, p=wanted)
    near = Nearness(functions, np.repeat(shown[None], 4 * ROWS, axis=0), law)
    after = places(codes, walk(functions, codes[before], near, BETA, fixed_keys(4 * ROWS, 8), 1))
    moves = np.zeros((len(codes), len(codes)))
    np.add.at(moves, (before, after), 1)
    both = (moves + moves.T)[np.triu_indices(len(codes), 1)]
    more = (moves - moves.T)[np.triu_indices(len(codes), 1)]
    often = both >= 20
    assert stats.chi2.sf((more[often] ** 2 / both[often]).sum(), often.sum()) > LEVEL
    assert (both > 0).any()


def test_the_constant_0_and_the_ands_of_all_literals_trade_places_as_often_as_their_law_says():
    """n = 2 with uniform D: at beta 0 all 10 codes are equally likely, 0 among them."""
    F = Conjunctions(bits=2)
    start = np.repeat(np.array([[3, 3]], dtype=np.uint8), 20_000, axis=0)
    reached = walk(F, start, lambda codes: np.zeros(len(codes)), 0.0, fixed_keys(20_000), 100)
    interval = stats.binomtest(int((reached[:, 0] == 3).sum()), 20_000).proportion_ci(1 - LEVEL)
    assert interval.low <= 1 / 10 <= interval.high


def test_one_step_by_hand():
    """From 00 a proposal 0 comes with q = 1/4, and from 0 the proposal 00 with 2^-2: ln(1/4 / (1/4)) = 0 for n = 2."""
    F = Conjunctions(bits=2)
    there, ratio = F.proposal_block(np.zeros((4000, 2), dtype=np.uint8), fixed_keys(4000))
    zero, free = (there == 3).all(axis=1), (there == 2).any(axis=1)
    np.testing.assert_allclose(ratio[zero], 0.0, atol=1e-12)
    np.testing.assert_allclose(ratio[free], math.log(4 / 3))
    np.testing.assert_allclose(ratio[~zero & ~free], 0.0)
    assert 0.2 < zero.mean() < 0.3
    there, ratio = F.proposal_block(np.full((4, 2), 2, dtype=np.uint8), fixed_keys(4))
    np.testing.assert_allclose(ratio, 0.0)


def test_a_walk_depends_on_its_own_row_and_what_was_watched_is_what_happened():
    F, keys, D = Conjunctions(bits=5), fixed_keys(50, 2), ProductBits(0.3).on(Conjunctions(bits=5).domain)
    start, shown = F.sample_block(fixed_keys(50)), F.sample_block(fixed_keys(50, 9))
    seen = []

    def watch(step, codes, far, other, taken):
        seen.append((step, codes.copy(), far, other, taken))

    whole = walk(F, start, Nearness(F, shown, D), 4.0, keys, 30, watch)
    order = np.random.default_rng(0).permutation(50)[:17]
    part = walk(F, start[order], Nearness(F, shown[order], D), 4.0, keys[order], 30)
    np.testing.assert_array_equal(part, whole[order])
    assert [step for step, *_ in seen] == list(range(30))
    before = start
    for _, codes, far, other, taken in seen:
        np.testing.assert_array_equal((codes != before).any(axis=1), other & taken)
        np.testing.assert_array_equal(far, F.distance(shown, codes, D))
        before = codes
    np.testing.assert_array_equal(before, whole)


class Noted:
    """Proposes the next number, half as likely to be taken, and notes the keys that it is asked with."""

    def __init__(self):
        self.keys = []

    def proposal_block(self, codes, keys):
        self.keys.append(keys)
        return codes + 1, np.full(len(codes), math.log(0.5))


def test_step_t_proposes_by_word_2t_and_takes_by_word_2t_plus_1():
    noted, keys, takes = Noted(), fixed_keys(40), []

    def watch(step, codes, far, other, taken):
        takes.append(taken)

    walk(noted, np.zeros((40, 1), dtype=np.int64), lambda codes: np.zeros(len(codes)), 1.0, keys, 6, watch)
    words = draws(keys, 0, 12)
    np.testing.assert_array_equal(np.stack(noted.keys, axis=1), words[:, 0::2])
    np.testing.assert_array_equal(np.stack(takes, axis=1), words[:, 1::2] < np.uint64(2**63))


def test_on_a_sample_the_distance_is_the_share_of_labels_that_are_missed():
    F, D = Conjunctions(bits=4), Uniform().on(Conjunctions(bits=4).domain)
    codes, shown = F.sample_block(fixed_keys(9)), F.sample_block(fixed_keys(9, 4))
    X = D.sample_block(fixed_keys(9, 5), 0, 6)
    y = F.evaluate(shown, X)
    near = Nearness(F, shown, X=X, y=y)
    wanted = [np.mean(F.function(code)(points) != labels) for code, points, labels in zip(codes, X, y, strict=True)]
    np.testing.assert_allclose(near(codes), wanted)
    np.testing.assert_allclose(
        near.repeated(slice(2, 5), 3)(np.repeat(codes[2:5], 3, axis=0)), np.repeat(wanted[2:5], 3)
    )
