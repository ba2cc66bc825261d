"""What would not fit into memory is refused by its size before anything is drawn, and told as the asker's."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from backdoor_game import (
    Attacker,
    BackdoorGame,
    BlockDefender,
    CoinFlip,
    ContractError,
    Defender,
    InvalidArgument,
    NoAttack,
    Thresholds,
    Uniform,
    estimate,
)
from backdoor_game.ground._validate import MOST_BYTES, room

GAME = BackdoorGame(Thresholds(points=10), 0.2, Uniform())
MANY = 10**9  # points of one int64 coordinate: 7.45 GiB


@dataclasses.dataclass(frozen=True)
class Greedy(Defender):
    """Asks for too much, in the way named."""

    how: str = "examples"

    def suspicion(self, view, rng):
        wide = np.broadcast_to(view.x[None], (MANY, 1))
        {
            "examples": lambda: view.examples(MANY),
            "block": lambda: view.block().sample(MANY // 9, members=9),
            "f": lambda: view.f(wide),
            "evaluate": lambda: view.evaluate(wide),
            "block evaluate": lambda: view.block().evaluate(wide[None]),
            "distribution": lambda: view.distribution.sample(8 * MANY, rng),
        }[self.how]()
        return 0.0


@dataclasses.dataclass(frozen=True)
class GreedyBlock(BlockDefender):
    """Asks for too many examples a round, for all rounds at once."""

    def suspicion_block(self, view):
        view.sample(MANY)
        return np.zeros(len(view))


@dataclasses.dataclass(frozen=True)
class GreedyAttacker(Attacker):
    """Asks for too many examples."""

    def plant(self, view, rng):
        view.examples(MANY)


@pytest.mark.parametrize("how", ["examples", "block", "f", "evaluate", "block evaluate", "distribution"])
def test_a_giant_request_is_refused_with_its_size_and_the_limit(how):
    with pytest.raises(ContractError) as caught:
        estimate(GAME, NoAttack(), Greedy(how), rounds=4, seed=1)
    assert str(caught.value).startswith(f"{__name__}:Greedy: suspicion(): ")
    assert "must ask for at most 4 GiB of points a round, got " in str(caught.value)
    assert "which is 7.45 GiB (test_giant_requests.py, line " in str(caught.value)


@pytest.mark.parametrize(
    ("attacker", "defender", "who"),
    [
        (NoAttack(), GreedyBlock(), f"{__name__}:GreedyBlock: suspicion_block(): m must"),
        (GreedyAttacker(), CoinFlip(), f"{__name__}:GreedyAttacker: plant(): m must"),
    ],
)
def test_blocks_and_attackers_are_refused_alike(attacker, defender, who):
    with pytest.raises(ContractError) as caught:
        estimate(GAME, attacker, defender, rounds=4, seed=1)
    assert str(caught.value).startswith(who)


def test_a_function_by_hand_and_a_law_by_hand_refuse_alike():
    one = GAME.functions.function(np.array([3]))
    with pytest.raises(InvalidArgument, match=r"^X must ask for at most 4 GiB of points a round, got \(10{9}, 1\)"):
        one(np.broadcast_to(np.int64(2), (MANY, 1)))
    with pytest.raises(InvalidArgument, match=r"^m must ask for at most 4 GiB"):
        GAME.distribution.sample(MOST_BYTES + 1, np.random.default_rng(0))


def test_what_fits_is_given():
    room("m", 0, MOST_BYTES)
    found = estimate(GAME, NoAttack(), Asks(m=1000), rounds=4, seed=1)
    assert found.examples_per_round == 1000  # clean branches alone are shown


@dataclasses.dataclass(frozen=True)
class Asks(Defender):
    """Asks for m examples."""

    m: int = 1

    def suspicion(self, view, rng):
        X, y = view.examples(self.m)
        return float(len(X) != self.m)
