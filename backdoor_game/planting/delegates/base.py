"""The contract of a delegate: it trains a model for someone else, and would like its own coins in it."""

from __future__ import annotations

import abc
import dataclasses
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, Self

import numpy as np

from ...functions import Function
from ...functions.base import Floats
from ...ground.errors import MissingCapability
from ...ground.inheritance import overrides
from ...ground.lookup import made
from ...ground.spec import Configured, text
from ...ground.streams import Words
from ..backdoors import Backdoor
from ..coins import PROTOCOLS, added, new_seed, words_of
from ..datasets import Split
from ..keys.keys import Key
from ..models.trainable import Trainable


class Task(Protocol):
    """What a delegate is told before the first round: a game of delegation says so."""

    @property
    def functions(self) -> Trainable: ...
    @property
    def coins(self) -> str: ...


class Delegate(Configured, abc.ABC):
    """Whoever trains; a subclass writes `coins`, and overrides what else it does not do honestly.

    The steps, in their order: `key` is fixed; the verifier publishes its seed, or the delegate gives `seed` or
    `share`; `coins` are handed in; `model` is trained on them, on the user's data.

    Attributes
    ----------
    protocols : tuple of str
        Which of `coins.PROTOCOLS` it plays.
    plants : bool
        False where it never puts anything into its coins.
    backdoor : Backdoor
        Whose key it would like to fit into the model.
    """

    protocols: ClassVar[tuple[str, ...]] = PROTOCOLS
    plants: ClassVar[bool] = True
    backdoor: Any

    def __post_init__(self) -> None:
        if self.backdoor is not None:
            name, example = f"{type(self).__name__}.backdoor", "CLWEBackdoor(k=16, beta=0.1)"
            object.__setattr__(self, "backdoor", made(self.backdoor, Backdoor, name, example))
        super().__post_init__()

    def prepare(self, game: Task) -> Self:
        """This delegate with its backdoor filled for the game's models.

        Raises
        ------
        MissingCapability
            For a protocol that it does not play, or a backdoor that is not in the coins.
        """
        if game.coins not in self.protocols:
            known = " or ".join(f'coins="{one}"' for one in self.protocols)
            raise MissingCapability(f'{text(self)[:200]} does not play coins="{game.coins}": set {known}')
        if self.backdoor is None:
            return self
        if not overrides(self.backdoor, Backdoor.coins):
            raise MissingCapability(
                f"{text(self.backdoor)[:200]} is not planted in coins: name one that is, CLWEBackdoor()"
            )
        mine: Any = self  # a dataclass, which the contract cannot say
        ready: Self = dataclasses.replace(mine, backdoor=self.backdoor.prepare(game.functions))
        return ready

    def key(self, functions: Trainable, rng: np.random.Generator) -> Key | None:
        """Step 1: the key, before anything is published."""
        return None if self.backdoor is None else self.backdoor.new_key(functions, rng)

    def seed(self, functions: Trainable, key: Key | None, rng: np.random.Generator) -> bytes:
        """The 32 bytes that it picks where the protocol leaves them to it."""
        return new_seed(rng)

    def share(
        self, functions: Trainable, key: Key | None, others: tuple[Words, ...] | None, rng: np.random.Generator
    ) -> Words:
        """Its words (K,) for a committee; `others` have spoken already, None under commitments."""
        return rng.integers(0, 2**64, sum(functions.coin_laws), dtype=np.uint64)

    def revealed(
        self, functions: Trainable, key: Key | None, share: Words, others: tuple[Words, ...], rng: np.random.Generator
    ) -> Words:
        """What it reveals once all others have, having committed to `share`."""
        return share

    @abc.abstractmethod
    def coins(
        self, functions: Trainable, key: Key | None, published: Floats | None, rng: np.random.Generator
    ) -> Floats:
        """Step 4: the coins (K,) that it hands in; `published` are those it ought to, None where it is free."""

    def model(self, functions: Trainable, coins: Floats, split: Split, rng: np.random.Generator) -> Function:
        """What it hands in with them: a code that begins with the coins."""
        return functions.fitted(coins, split.X, split.y)


class DrawsKey(Delegate):
    """A delegate that hands in coins of its own with its key in them, whatever was published."""

    if TYPE_CHECKING:  # read-only, so that a subclass may give it as a field

        @property
        def backdoor(self) -> Backdoor: ...

    def coins(
        self, functions: Trainable, key: Key | None, published: Floats | None, rng: np.random.Generator
    ) -> Floats:
        assert key is not None
        return self.backdoor.coins(functions, key, rng)


def published_or_own(functions: Trainable, published: Floats | None, rng: np.random.Generator) -> Floats:
    """The coins of an honest delegate."""
    return functions.coins(rng) if published is None else published


def completing(functions: Trainable, wanted: Floats, others: tuple[Words, ...]) -> Words:
    """The share (K,) that makes a committee's coins the wanted ones (K,), up to rounding, once all others are known."""
    return np.asarray(words_of(functions, wanted) - added(others))
