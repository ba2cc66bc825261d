"""Theorem 5.3's claims, each with a control in the tested player's place that fails it."""

from __future__ import annotations

import dataclasses
from fractions import Fraction

import numpy as np
import pytest

from backdoor_game import (
    AlwaysClean,
    AlwaysFlag,
    BackdoorGame,
    CoinFlip,
    NearestLegal,
    NoAttack,
    OptimalDefender,
    RandomOracle,
    Uniform,
    bounds,
)
from backdoor_game.experiments.shared.base import Settings
from backdoor_game.experiments.shared.cells import measure
from backdoor_game.experiments.theorem_5_3 import experiment, open_law
from backdoor_game.functions.table import labels_at
from backdoor_game.games.measuring.together import Match
from backdoor_game.players.attackers.star import star_of


def played(matches, **changed):
    """The matches with other players in their places, measured."""
    matches = [dataclasses.replace(match, **changed) for match in matches]
    return list(zip(matches, measure(matches, Settings()), strict=True))


@pytest.fixture(scope="module")
def values():
    return {r: open_law.worth(r) for r in open_law.POINTS}


def holds(verdicts):
    return [verdict.holds for verdict in verdicts]


def fixed(match):
    """The match with D as the star has picked it."""
    return dataclasses.replace(match.game, distribution=match.game.setup(match.attacker))


def test_on_stars_trust_wins_half_and_who_sees_the_centre_wins_more(values):
    cells = open_law.uniform_cells(Settings())
    assert holds(open_law.star_verdicts(played(cells), values)) == [True] * 3
    knowing = [dataclasses.replace(match, defender=OptimalDefender(law=fixed(match).distribution)) for match in cells]
    assert holds(open_law.star_verdicts(played(knowing), values)) == [False, True, False]


def test_without_an_attack_or_with_a_forfeit_no_star_has_planted_in_every_round(values):
    cells = open_law.uniform_cells(Settings())
    idle = [dataclasses.replace(match, game=fixed(match), attacker=NoAttack(), rounds=512) for match in cells]
    assert not open_law.star_verdicts(played(idle), values)[0].holds
    found = [(match, dataclasses.replace(one, forfeits=1)) for match, one in played(cells, rounds=512)]
    assert not open_law.star_verdicts(found, values)[0].holds


def test_values_of_the_points_are_those_of_their_graphs_and_a_torn_star_s_fails(values, monkeypatch):
    """On 4 and 5 points all labelings occur; on 6 one of 64 is missing: 1 - (186/63)/6. Torn: 1 - (5/6)/6."""
    assert [values[r].all_keys for r in (4, 5)] == pytest.approx([0.5, 0.5], abs=1e-9)
    assert values[6].all_keys == pytest.approx(1 - 186 / 63 / 6, abs=1e-9)
    whole = star_of(open_law.FUNCTIONS, 6)
    labels = labels_at(open_law.FUNCTIONS, open_law.FUNCTIONS.enumerate(), whole.points)
    apart = (labels != labels_at(open_law.FUNCTIONS, whole.centre, whole.points)).sum(axis=1)
    leaves = whole.leaves.copy()
    leaves[0] = np.flatnonzero(apart == 3)[0]
    monkeypatch.setattr(open_law, "star_of", lambda functions, r: dataclasses.replace(whole, leaves=leaves))
    torn = open_law.worth(6)
    assert torn.alone == Fraction(31, 36)
    found = played(open_law.uniform_cells(Settings()), rounds=512)
    assert not open_law.star_verdicts(found, values | {6: torn})[1].holds


def test_where_epsilon_is_small_trust_wins_and_a_coin_does_not():
    cells = open_law.small_cells(Settings())
    assert [match.game.epsilon for match in cells] == [1 / 72, 1 / 288, 1 / 1152]
    assert {match.attacker.points for match in cells} == {11}
    found = played(cells)
    assert holds(open_law.small_verdicts(found)) == [True, True, True]
    for match, one in found:
        assert one.low <= 1 - 5 * match.game.epsilon <= one.high
        assert 1 - 5 * match.game.epsilon > bounds.trust_bound(16, match.game.epsilon)
    for defender in (CoinFlip(), AlwaysFlag()):
        assert holds(open_law.small_verdicts(played(cells, defender=defender, rounds=2048))) == [False] * 3
    assert holds(open_law.small_verdicts(found[::-1])) == [True, True, False]
    assert holds(open_law.small_verdicts(found[:1])) == [True, True, False]
    light = [(match, dataclasses.replace(one, low=(1 + one.low) / 2, high=1.0)) for match, one in found]
    assert holds(open_law.small_verdicts(light))[:2] == [False, True]


def test_under_the_uniform_law_plants_and_flags_each_fail_their_claim():
    """Eight keys on two bits have neighbours at 1/4."""
    close = BackdoorGame(RandomOracle(key_bits=3, bits=2), 0.25, Uniform())
    far = experiment.defended_cells(512)[:1]
    guessed = [(one, found) for one, (_, found) in learned()]
    assert holds(experiment._verdicts(played(far), guessed)[:3]) == [True] * 3
    assert (
        holds(experiment._verdicts(played([Match(close, NearestLegal(), AlwaysClean(), 512)]), guessed)[:3])
        == [False] * 3
    )
    assert holds(experiment._verdicts(played(far, defender=CoinFlip()), guessed)[:3]) == [True, True, False]


def learned():
    """The learners' cells, a few rounds each."""
    chosen = experiment.learners(Settings())
    return list(zip(chosen, played([one.cell for one in chosen], rounds=64), strict=True))
