"""The least that a comparison of walks takes: two chains, one function, sixteen steps."""

import pytest

from backdoor_game import BackdoorGame, BoltzmannResampling, Conjunctions, InvalidArgument, Uniform, mixing

GAME = BackdoorGame(Conjunctions(bits=4), 0.1, Uniform())


def test_two_chains_from_one_function_of_sixteen_steps_are_enough():
    found = mixing(GAME, BoltzmannResampling(steps=16), chains=2, rounds=1, seed=0)
    assert (found.chains, found.rounds, found.steps, found.kept) == (2, 1, 16, 2 * 8)


@pytest.mark.parametrize(("fewer", "told"), [
    ({"chains": 1}, "chains must be between 2 and 1000, got 1"),
    ({"rounds": 0}, "rounds must be between 1 and 100000, got 0"),
])  # fmt: skip
def test_fewer_are_refused(fewer, told):
    with pytest.raises(InvalidArgument, match=told):
        mixing(GAME, BoltzmannResampling(steps=16), **{"chains": 2, "rounds": 1, **fewer})
    with pytest.raises(InvalidArgument, match="at least 16"):
        mixing(GAME, BoltzmannResampling(steps=15), chains=2, rounds=1, seed=0)


def test_progress_counts_the_steps_of_the_walks():
    heard = []
    steps = BoltzmannResampling(steps=16)
    mixing(GAME, steps, chains=2, rounds=1, progress=lambda done, total: heard.append((done, total)), seed=0)
    assert heard == [(step, 16) for step in range(1, 17)]
