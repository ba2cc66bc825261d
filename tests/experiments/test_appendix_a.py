"""Appendix A's claims are of a defender that knows D, and fall where another plays in its place."""

from __future__ import annotations

import dataclasses

import pytest

from backdoor_game import AlwaysClean, AlwaysFlag, BoltzmannResampling, CoinFlip, HiddenTile
from backdoor_game.experiments import appendix_a
from backdoor_game.experiments.shared.base import Settings
from backdoor_game.experiments.shared.cells import measure
from backdoor_game.games.measuring.together import Match

GRID = [(epsilon, k) for epsilon in appendix_a.EPSILONS for k in appendix_a.MULTIPLES]


def verdicts(defender=None, rounds=1024):
    """The sweep on the hard pair and one plain game, with another defender in the tested one's place."""
    sweep = [
        Match(appendix_a.hard_pair(e), HiddenTile(), defender or BoltzmannResampling(beta=k / e), rounds)
        for e, k in GRID
    ]
    plain = [
        Match(game, attacker, defender or BoltzmannResampling(), rounds)
        for game, attacker in appendix_a.spread(Settings())
    ]
    found = measure(sweep + plain, Settings())
    swept = dict(zip(GRID, found, strict=False))
    every = [
        (1 - one.low, appendix_a._loss_bound(match)) for match, one in zip(plain, found[len(sweep) :], strict=True)
    ]
    return [verdict.holds for verdict in appendix_a._verdicts(swept, every)]


@pytest.mark.parametrize("control", [AlwaysFlag(), CoinFlip()], ids=str)
def test_who_guesses_loses_more_than_the_bound(control):
    assert verdicts(control)[0] is False


def test_a_loss_that_does_not_depend_on_beta_is_least_at_no_multiple_that_is_claimed():
    """Blind trust loses 1/4 on the hard pair, at every beta alike; ties go to the first multiple."""
    assert verdicts(AlwaysClean())[1] is False


def test_resampling_keeps_both_and_every_game_fixes_the_law_that_it_knows():
    assert verdicts(rounds=16_384) == [True, True, True]
    games = [appendix_a.hard_pair(e) for e in appendix_a.EPSILONS]
    games += [game for game, _ in appendix_a.spread(Settings())]
    assert all(game.distribution is not None for game in games)
    assert "D known to the defender" in appendix_a.TITLE
    for game in games:
        assert BoltzmannResampling().prepare(game).examples is None
        blind = dataclasses.replace(game, distribution=None)
        assert BoltzmannResampling().prepare(blind).examples is not None
