"""Long codes are played a few rounds at a time, and no number shows it."""

import pytest

from backdoor_game import BackdoorGame, Circuits, HammingSmoothing, NoAttack, PuncturedPRFAttacker, Uniform, estimate
from backdoor_game.games.measuring import estimation

GAMES = {
    NoAttack(): BackdoorGame(Circuits(bits=5, gates=30), "1/8", Uniform()),
    PuncturedPRFAttacker(key_bits=6): BackdoorGame(Circuits(bits=6, gates=80), "1/64", Uniform()),
}


@pytest.mark.parametrize("attacker", GAMES, ids=repr)
def test_smaller_parts_of_a_block_give_the_same_estimate_and_hold_fewer_codes(monkeypatch, attacker):
    game, sizes = GAMES[attacker], []
    play = BackdoorGame.play

    def noted(self, run, streams, rounds):
        sizes.append(len(rounds))
        return play(self, run, streams, rounds)

    monkeypatch.setattr(BackdoorGame, "play", noted)
    whole = estimate(game, attacker, HammingSmoothing(), rounds=5000, seed=4, threads=1)
    assert max(sizes) == estimation.BLOCK
    sizes.clear()
    monkeypatch.setattr(estimation, "CODES", 100 * game.functions.code_length)
    assert estimate(game, attacker, HammingSmoothing(), rounds=5000, seed=4, threads=2) == whole
    assert max(sizes) == 100
    assert sum(sizes) == 5000
