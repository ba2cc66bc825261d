"""What a black box tells: labels and examples of f', and neither its code nor what class it is written in."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from backdoor_game import (
    BackdoorGame,
    ChecksumBackdoor,
    ContractError,
    Defender,
    Detector,
    GaussianLinear,
    NearestLegal,
    RandomFourierFeatures,
    StaticDetection,
    Thresholds,
    Uniform,
    estimate,
)

ROUNDS = BackdoorGame(Thresholds(points=10), 0.2, Uniform(), black_box=True)
MODELS = StaticDetection(
    RandomFourierFeatures(features=4, dimension=24),
    GaussianLinear(dimension=24, norm=None, train=20, test=60),
    black_box=True,
)
ASKED = {
    "its class": lambda f: f.functions,
    "its code": lambda f: f.code,
    "whether its class is the honest one": lambda f: type(f.functions).__name__,
    "both": lambda f: (f.functions.code_length, f.code.shape),
}
TOLD = {
    "its text": repr,
    "its type": type,
    "its fields": lambda f: sorted(name for name in dir(f) if not name.startswith("_")),
}


class _Asks:
    def suspicion(self, view, rng):
        TOLD_SO_FAR.append({**ASKED, **TOLD}[self.what](view.f))
        return 0.0


@dataclass(frozen=True)
class AsksInRounds(_Asks, Defender):
    """Asks f' for something."""

    what: str


@dataclass(frozen=True)
class AsksModels(_Asks, Detector):
    """Asks a model for something."""

    what: str


TOLD_SO_FAR = []
GAMES = [(ROUNDS, NearestLegal(), AsksInRounds), (MODELS, ChecksumBackdoor(blocks=4), AsksModels)]


@pytest.mark.parametrize("what", ASKED)
@pytest.mark.parametrize(("game", "attacker", "asks"), GAMES, ids=["rounds", "models"])
def test_a_black_box_tells_neither_code_nor_class(game, attacker, asks, what):
    """A checksum is verified by a wrapper of a class of its own: its name alone would tell every planted model."""
    with pytest.raises(ContractError, match="the game is a black box"):
        estimate(game, attacker, asks(what), rounds=4, seed=0)


@pytest.mark.parametrize("what", TOLD)
@pytest.mark.parametrize(("game", "attacker", "asks"), GAMES, ids=["rounds", "models"])
def test_what_a_black_box_does_tell_is_the_same_on_both_branches(game, attacker, asks, what):
    TOLD_SO_FAR.clear()
    found = estimate(game, attacker, asks(what), rounds=40, seed=0)
    assert len(TOLD_SO_FAR) == 80 - found.forfeits
    assert found.forfeits < 40
    assert all(told == TOLD_SO_FAR[0] for told in TOLD_SO_FAR)


def test_a_box_that_is_not_black_tells_code_and_class():
    @dataclass(frozen=True)
    class Sees(Defender):
        def suspicion(self, view, rng):
            assert view.f.functions == Thresholds(points=10)
            label = view.f(view.x[None])
            np.testing.assert_array_equal(view.f.functions.function(view.f.code)(view.x[None]), label)
            return 0.0

    assert (
        estimate(BackdoorGame(Thresholds(points=10), 0.2, Uniform()), NearestLegal(), Sees(), rounds=9, seed=0).rounds
        == 9
    )
