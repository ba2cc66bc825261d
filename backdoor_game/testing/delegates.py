"""Checks of delegates: the steps of every protocol that they play, and what they hand in."""

from __future__ import annotations

import dataclasses
import functools
from typing import Any

import numpy as np

from ..games.contract import ask_prepare
from ..ground._blas import one_blas_thread
from ..ground.errors import BackdoorGameError, ContractError, InvalidArgument
from ..ground.spec import text
from ..planting.coins import PROTOCOLS
from ..planting.datasets import GaussianLinear, Split
from ..planting.delegates import Delegate
from ..planting.games import Delegation
from ..planting.games.delegation import Dealt
from ..planting.models import RandomFourierFeatures
from .model_subjects import each
from .results import NothingToCheck, demand, same
from .subjects import Subject


def small_games() -> tuple[Delegation, ...]:
    """Every protocol, on models of a few features."""
    models, data = RandomFourierFeatures(features=24, dimension=8), GaussianLinear(dimension=8, train=40, test=8)
    return tuple(Delegation(models, data, coins=coins) for coins in PROTOCOLS)


@dataclasses.dataclass(frozen=True)
class Office:
    """A delegate made ready for a game of delegation."""

    game: Delegation
    ready: Any

    def __str__(self) -> str:
        return text(self.game)

    def dealt(self, seed: int) -> tuple[Dealt, Split]:
        """What it hands in, and the user's data."""
        split = self.game.data.split(np.random.default_rng(seed))
        own, verifier = (np.random.default_rng([seed, number]) for number in (1, 2))
        with one_blas_thread():
            return self.game.deal(self.ready, split, own, verifier), split


@functools.lru_cache(maxsize=16)
def offices(subject: Subject) -> tuple[tuple[Office, ...], tuple[str, ...]]:
    """The delegate at its games, and what it says of those that it refuses."""
    found, refusals = [], []
    for game in subject.games:
        try:
            found.append(Office(game, ask_prepare("attacker", subject.thing, Delegate, game)))
        except ContractError:
            raise
        except BackdoorGameError as error:
            refusals.append(str(error))
    return tuple(found), tuple(refusals)


def plays_a_protocol(subject: Subject) -> str:
    """`prepare` accepts one of the games at least, twice the same."""
    found, refusals = offices(subject)
    for office in each(found):
        again = subject.thing.prepare(office.game)
        demand(again == office.ready, f"prepare() returns {text(office.ready)[:200]}, and then {text(again)[:200]}")
    said = f"plays {len(found)} of {len(subject.games)} games"
    return f"{said}; the first that it refuses: {refusals[0][:120]}" if refusals else said


def every_step_has_its_form(subject: Subject) -> None:
    """Key, seed, share, coins and model are what the steps of the protocol want: the game itself looks at each."""
    for office in each(offices(subject)[0]):
        dealt, split = office.dealt(0)
        labels = dealt.model(split.X_test)
        demand(labels.shape == (len(split.X_test),), f"labels of shape {labels.shape} in {office}")


def same_seed_same_steps(subject: Subject) -> None:
    """The same data and generators give the same model and transcript, bit for bit."""
    for office in each(offices(subject)[0]):
        (one, _), _, (two, _) = (office.dealt(seed) for seed in (0, 1, 0))
        demand(same(one.model.code, two.model.code), f"another model the second time in {office}")
        told = [(d.transcript.seed, d.transcript.commitments) for d in (one, two)]
        demand(told[0] == told[1], f"another transcript the second time in {office}")


def leaves_the_data_alone(subject: Subject) -> None:
    """Training writes into none of the user's arrays."""
    for office in each(offices(subject)[0]):
        _, split = office.dealt(0)
        before = office.game.data.split(np.random.default_rng(0))
        for name in ("X", "y", "X_test", "y_test"):
            demand(same(getattr(split, name), getattr(before, name)), f"it writes into {name} in {office}")


def who_plants_nothing_hands_in_what_is_determined(subject: Subject) -> None:
    """Who declares ``plants = False`` hands in the model that the published coins and the data give."""
    if subject.thing.plants:
        raise NothingToCheck("it declares plants = True: what it hands in is its own affair")
    for office in each(offices(subject)[0]):
        demand(not office.dealt(0)[0].planted, f"it hands in another model than coins and data give in {office}")


CHECKS = (
    every_step_has_its_form,
    same_seed_same_steps,
    leaves_the_data_alone,
    who_plants_nothing_hands_in_what_is_determined,
)


def accept(subject: Subject) -> None:
    """Refuse games none of which the delegate plays."""
    found, refusals = offices(subject)
    if not found:
        last = refusals[-1] if refusals else "no game was given"
        raise InvalidArgument(f"{text(subject.thing)[:200]} plays none of the games: {last}; name one with games=[...]")
