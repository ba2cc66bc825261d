"""Small games about models, and which of them a detector or a backdoor accepts."""

from __future__ import annotations

import dataclasses
import functools
from typing import Any

import numpy as np

from ..functions import Function
from ..games import Game
from ..games.contract import ask_prepare, blamed, call
from ..ground._blas import one_blas_thread
from ..ground.errors import BackdoorGameError, ContractError, InvalidArgument
from ..ground.spec import text
from ..planting.datasets import Dataset, GaussianLinear, LinearBits, Sphere, Split
from ..planting.detectors import Detector
from ..planting.games import Activation, Delegation, Persistence, StaticDetection
from ..planting.games.base import ModelGame
from ..planting.keys.keys import Key
from ..planting.models import GateNetworks, RandomFourierFeatures, RandomReLU, SigmoidNetworks
from ..planting.views import ModelBlock
from .results import NothingToCheck
from .subjects import Subject

Games = tuple[ModelGame, ...]


def small_games() -> Games:
    """Fourier features and random ReLUs of a few inputs, read and asked, with an input and without."""
    fourier, plane = RandomFourierFeatures(features=24, dimension=8), GaussianLinear(dimension=8, train=40, test=8)
    relu, sphere = RandomReLU(features=40, dimension=8), Sphere(dimension=8, train=40, test=8)
    wide = RandomFourierFeatures(features=8, dimension=520)
    data = GaussianLinear(dimension=520, norm=None, train=20, test=4)
    return (
        StaticDetection(fourier, plane),
        StaticDetection(fourier, plane, black_box=True),
        Activation(fourier, plane),
        Delegation(fourier, plane),
        StaticDetection(relu, sphere),
        Activation(relu, sphere),
        StaticDetection(wide, data, black_box=True),
    )


def backdoor_games() -> tuple[Game, ...]:
    """The same, and networks of gates and of sigmoids, which only `Persistence` trains on."""
    gates = Persistence(GateNetworks(bits=7, gates=7), LinearBits(dimension=7))
    sigmoids = SigmoidNetworks(features=8, dimension=32, epochs=20)
    return (*small_games(), gates, Persistence(sigmoids, GaussianLinear(dimension=32, train=60, test=20)))


@dataclasses.dataclass(frozen=True)
class Chair:
    """A detector made ready for a game that it accepts."""

    game: ModelGame
    ready: Any

    def __str__(self) -> str:
        return text(self.game)

    def clean(self, seed: int, rounds: int) -> list[ModelBlock]:
        """Clean rounds of the game, in blocks."""
        return list(self.game.clean_blocks(rounds, self.ready, seed=seed + 1))


@functools.lru_cache(maxsize=64)
def chairs(subject: Subject) -> tuple[tuple[Chair, ...], tuple[str, ...]]:
    """The detector at each of its games, and what it says of those that it refuses."""
    found, refusals = [], []
    for game in subject.games:
        try:
            game.admit(subject.thing)
            found.append(Chair(game, ask_prepare("defender", subject.thing, Detector, game)))
        except ContractError:
            raise
        except BackdoorGameError as error:
            refusals.append(str(error))
    return tuple(found), tuple(refusals)


@dataclasses.dataclass(frozen=True)
class Field:
    """A backdoor made ready for models of a class, and data to train on."""

    functions: Any
    data: Dataset
    ready: Any

    def __str__(self) -> str:
        return f"{text(self.functions)} on {text(self.data)}"

    def planted(self, seed: int) -> tuple[Split, Function, Key]:
        """The data, a model and its key under a seed."""
        rng = np.random.default_rng(seed)
        split = self.data.split(rng)
        with one_blas_thread():
            plant = lambda: self.ready.plant(self.functions, split.X, split.y, rng)  # noqa: E731
            answer = call(self.ready, "plant", plant)
        if not (isinstance(answer, tuple) and len(answer) == 2):
            raise ContractError(f"plant() must return a model and a key, got {answer!r:.200}")
        return split, *answer


@functools.lru_cache(maxsize=64)
def fields(subject: Subject) -> tuple[tuple[Field, ...], tuple[str, ...]]:
    """The backdoor in each class of its games, and what it says of those that it refuses."""
    found: dict[Any, Field] = {}
    refusals = []
    for game in subject.games:
        try:
            prepare = functools.partial(subject.thing.prepare, game.functions)
            ready = blamed(functools.partial(call, subject.thing, "prepare", prepare))
        except ContractError:
            raise
        except BackdoorGameError as error:
            refusals.append(str(error))
        else:
            found[game.functions, game.data] = Field(game.functions, game.data, ready)
    return tuple(found.values()), tuple(refusals)


def each(places: tuple[Any, ...]) -> tuple[Any, ...]:
    """The places, of which there must be one."""
    if not places:
        raise NothingToCheck("it plays none of the games: see the first check")
    return places


def accept(subject: Subject) -> None:
    """Refuse games none of which the thing plays."""
    from ..planting.backdoors import Backdoor

    found, refusals = (fields if isinstance(subject.thing, Backdoor) else chairs)(subject)
    if not found:
        last = refusals[-1] if refusals else "no game was given"
        raise InvalidArgument(f"{text(subject.thing)[:200]} plays none of the games: {last}; name one with games=[...]")
