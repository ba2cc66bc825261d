"""`BoltzmannResampling(steps=...)`: it flags as exact Gibbs does after long walks, and pays for what it does."""

from __future__ import annotations

import numpy as np
import pytest

from backdoor_game import (
    AllFunctions,
    BackdoorGame,
    BoltzmannResampling,
    Circuits,
    Conjunctions,
    InvalidArgument,
    MissingCapability,
    NearestLegal,
    Parities,
    ProductBits,
    Singletons,
    Thresholds,
    Uniform,
    Weighted,
    estimate,
)
from backdoor_game.players.views import DefenderBlock, Meter
from tests.functions.examples import fixed_keys

GAMES = [
    BackdoorGame(Conjunctions(bits=3), "1/8", Uniform()),
    BackdoorGame(Conjunctions(bits=2), 0.3, ProductBits([0.3, 0.6])),
    BackdoorGame(AllFunctions(points=5), 0.2, Weighted([0.1, 0.3, 0.2, 0.2, 0.2])),
    BackdoorGame(Singletons(points=6), "1/3", Uniform()),
    BackdoorGame(Parities(bits=3), "1/2", Uniform()),
]


def view_of(game, rows, law=None):
    """Random members shown with random inputs."""
    law = (law or game.distribution).on(game.functions.domain)
    codes = game.functions.sample_block(fixed_keys(rows, 1))
    X = law.sample_block(fixed_keys(rows, 2), 0, 1)[:, 0]
    return DefenderBlock(game, law, codes, X, fixed_keys(rows, 3), fixed_keys(rows, 4), Meter(rows))


@pytest.mark.parametrize("game", GAMES, ids=str)
def test_after_long_walks_it_flags_as_often_as_the_exact_law_says(game):
    """Each row flags with its own p: the sum has mean sum p and variance sum p(1-p); 4.5 deviations are level 1e-5."""
    rows = 6000
    exact = BoltzmannResampling().prepare(game).suspicion_probability(view_of(game, rows))
    flags = BoltzmannResampling(steps=200).prepare(game).suspicion_block(view_of(game, rows))
    assert set(flags) <= {0.0, 1.0}
    assert abs(flags.sum() - exact.sum()) < 4.5 * np.sqrt((exact * (1 - exact)).sum())


def test_several_draws_are_walks_of_their_own():
    """With draws=3 the mean suspicion has the same mean and a third of the variance."""
    game, rows = GAMES[0], 5000
    exact = BoltzmannResampling().prepare(game).suspicion_probability(view_of(game, rows))
    shares = BoltzmannResampling(steps=200, draws=3).prepare(game).suspicion_block(view_of(game, rows))
    assert set(np.rint(3 * shares)) == {0, 1, 2, 3}
    variance = exact * (1 - exact) / 3
    assert abs(shares.sum() - exact.sum()) < 4.5 * np.sqrt(variance.sum())
    assert ((shares - exact) ** 2).mean() == pytest.approx(variance.mean(), rel=0.1)


def test_where_the_attacker_picks_d_walks_go_by_the_examples_that_each_row_was_given():
    """g weighs exp(-beta share of the 9 examples that it misses), row by row; 4.5 deviations of the sum as above."""
    F, rows = AllFunctions(points=5), 6000
    game = BackdoorGame(F, 0.25)
    ready = BoltzmannResampling(examples=9, steps=100).prepare(game)
    flags = ready.suspicion_block(view_of(game, rows, Uniform()))
    view = view_of(game, rows, Uniform())
    sample, codes = view.sample(9), F.enumerate()
    missed = [F.evaluate(np.repeat(g[None], rows, axis=0), sample.X[:, 0]) != sample.y[:, 0] for g in codes]
    weights = np.exp(-ready.beta * np.mean(missed, axis=2))
    differs = codes[:, view.X[:, 0]] != F.evaluate(view.codes, view.X[:, None, :])[:, 0]
    p = (weights * differs).sum(axis=0) / weights.sum(axis=0)
    assert abs(flags.sum() - p.sum()) < 4.5 * np.sqrt((p * (1 - p)).sum())


class Shut(Conjunctions):
    """Conjunctions without closed forms."""

    def distance(self, F, G, distribution):
        return None


class Far(Shut):
    """Without atoms too: more of them than are listed."""


@pytest.mark.parametrize(
    ("game", "defender", "examples", "evaluations"),
    [
        (GAMES[0], BoltzmannResampling(steps=7), 0, 7 + 1 + 1),
        (GAMES[0], BoltzmannResampling(steps=7, draws=4), 0, 4 * 8 + 1),
        (BackdoorGame(Shut(bits=3), "1/8", Uniform()), BoltzmannResampling(steps=7), 0, 7 * 8 + 1 + 1),
        (BackdoorGame(Circuits(3, 2), "1/8", Uniform()), BoltzmannResampling(steps=7), 0, 7 * 8 + 1 + 1),
        (BackdoorGame(Far(bits=30), "1/8", Uniform()), BoltzmannResampling(steps=7), 32, 7 * 32 + 1 + 1),
        (BackdoorGame(Far(bits=30), "1/8", Uniform()), BoltzmannResampling(steps=7, examples=5), 5, 7 * 5 + 1 + 1),
        (BackdoorGame(Conjunctions(bits=3), 0.1), BoltzmannResampling(steps=2, draws=2), 40, 2 * (2 * 40 + 1) + 1),
    ],
)
def test_the_meters_show_an_evaluation_for_each_distance_atom_or_example(game, defender, examples, evaluations):
    """A proposal's distance, the label of each draw at x', and the one label of f' there; 4/epsilon examples."""
    view = view_of(game, 3, Uniform())
    defender.prepare(game).suspicion_block(view)
    assert view.meter.examples.tolist() == [examples] * 3
    assert view.meter.evaluations.tolist() == [evaluations] * 3


def test_a_class_far_too_large_to_list_is_played():
    game = BackdoorGame(Conjunctions(bits=30), "1/16", Uniform())
    found = estimate(game, NearestLegal(), BoltzmannResampling(steps=30), rounds=500, seed=3)
    assert found.rounds == 500
    assert found.defender_forfeits == 0


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: BoltzmannResampling(steps=0), "steps must be between 1 and 10000000, got 0"),
        (lambda: BoltzmannResampling(steps=3, examples=5).prepare(GAMES[0]), "examples=5 is for games without exact"),
        (
            lambda: BoltzmannResampling(steps=3).prepare(BackdoorGame(Thresholds(points=5), 0.2, Uniform())),
            r"Thresholds\(points=5\) has no Metropolis proposals: drop steps, or name another class",
        ),
        (
            lambda: BoltzmannResampling(steps=3).prepare(BackdoorGame(Parities(bits=3), 0.0, Uniform())),
            "cannot choose beta at epsilon 0",
        ),
    ],
)
def test_what_it_cannot_play_is_refused_in_one_sentence(make, words):
    with pytest.raises((InvalidArgument, MissingCapability), match=words):
        make()


def test_walks_have_no_closed_form():
    view = view_of(GAMES[0], 3)
    with pytest.raises(MissingCapability, match="no steps"):
        BoltzmannResampling(steps=5).prepare(GAMES[0]).suspicion_probability(view)
