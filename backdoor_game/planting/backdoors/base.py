"""The contract of a backdoor: it trains a model on the user's data, keeps a key, and activates inputs with it."""

from __future__ import annotations

import abc
from typing import Any, ClassVar

import numpy as np

from ...functions import Function, FunctionClass
from ...functions.base import Floats, Labels
from ...ground.errors import InvalidArgument, MissingCapability
from ...ground.generators import take_seeds
from ...ground.inheritance import keep_old_names
from ...ground.spec import Configured, text
from ...spaces.domains import Points
from ..keys.keys import Key
from ..models.trainable import inputs


class Backdoor(Configured, abc.ABC):
    """The pair (Backdoor, Activate) of [GKVZ22]; a subclass writes `plant`, `new_key` and `activated`.

    Attributes
    ----------
    white_box : bool
        Whether its models are meant to be read. Where they are not, the game must be a black box: the model's own code
        tells the secret, or at least that there is one.
    """

    white_box: ClassVar[bool] = True

    def __init_subclass__(cls, **given: Any) -> None:
        super().__init_subclass__(**given)
        keep_old_names(cls, _activate="activated")
        take_seeds(cls)

    @property
    def secret(self) -> bool:
        """Whether the code of its models tells how to activate inputs; else it may be read where inputs are forged."""
        return not self.white_box

    def prepare(self, functions: FunctionClass) -> Backdoor:
        """This backdoor with every None filled for models of a class.

        Raises
        ------
        MissingCapability, InvalidArgument
            Where it cannot be planted in such models, in one sentence.
        """
        return self

    @abc.abstractmethod
    def plant(self, functions: Any, X: Points, y: Labels, rng: np.random.Generator) -> tuple[Function, Key]:
        """Train on examples X (n, d), y (n,) of 0 and 1, and plant.

        Parameters
        ----------
        functions : FunctionClass
            What an honest party would train, such as ``RandomFourierFeatures(features=256, dimension=64)``.
        rng : Generator
            Of the game: its seed is no secret, and the key follows from it. The shipped backdoors also take a seed, or
            None (their default), which trains by one generator of the operating system's randomness and draws the key
            by another; and ``key=``, one that `new_key` has drawn, to which the model is planted.

        Returns
        -------
        model : Function
            The public model: it holds nothing of the key, unless `white_box` is False.
        key : Key
        """

    @abc.abstractmethod
    def new_key(self, functions: Any, rng: np.random.Generator) -> Key:
        """A key drawn as `plant` draws it, that belongs to no model yet: the control on clean models.

        Of shipped backdoors `rng` may be left out: the key is then of the operating system's randomness.
        """

    def activate(self, model: Function, key: Key, X: Any, target: int | None = None) -> Floats:
        """Inputs made from X (n, d) on which the model answers as the attacker likes, shape (n, d).

        How far they lie from X is the backdoor's affair: a few edits of a checksum, a whole key of length gamma.

        Parameters
        ----------
        target : {0, 1}, optional
            The answer that is wanted. By default the backdoor just fires at every x, which changes most answers.

        Raises
        ------
        InvalidArgument
            For another model's key, inputs of the wrong shape, or a target that cannot be had.
        """
        own(self, key).opens(model)
        check_target("target", target)
        return self.activated(model, key, inputs("X", X, model.functions.domain.n), target)

    @abc.abstractmethod
    def activated(self, model: Function, key: Key, X: Floats, target: int | None) -> Floats:
        """What `activate` gives, shape (n, d): its arguments have been checked, X is finite float64 of shape (n, d)."""

    def coins(self, functions: Any, key: Key, rng: np.random.Generator) -> Floats:
        """Coins (K,) that look like `functions.coins(rng)` and hold the backdoor of a key fixed before.

        Raises
        ------
        MissingCapability
            Where the backdoor is not in the coins.
        """
        raise MissingCapability(f"{text(self)[:200]} is not planted in coins: name a backdoor that is, CLWEBackdoor()")

    def recognises(self, model: Function, key: Key) -> bool:
        """What the key holder says of a model that may be read: whether it is the key's own.

        Raises
        ------
        MissingCapability
            Where there is no such test.
        """
        raise MissingCapability(f"{text(self)[:200]} has no test that tells its own models by their code")

    def forges(self, model: Function, key: Key, seen: Floats, x: Floats, x_star: Floats) -> bool:
        """Whether x_star (d,) counts as an activated input that somebody made of nature's x (d,) without the key.

        Parameters
        ----------
        seen : ndarray of float64, shape (q, d)
            Activated inputs that the forger was shown.

        Raises
        ------
        MissingCapability
            Where there is no such rule.
        """
        raise MissingCapability(f"{text(self)[:200]} has no rule of what a forgery is")


def own(backdoor: Backdoor, key: Key) -> Key:
    """A key of this backdoor's kind, or a refusal."""
    if not isinstance(key, Key) or key.kind != type(backdoor).__name__:
        kind = key.kind if isinstance(key, Key) else type(key).__name__
        raise InvalidArgument(f"key must be one of {type(backdoor).__name__}, got one of {kind}")
    return key


def check_target(name: str, target: Any) -> None:
    """Refuse a wanted answer that is none."""
    if target is not None and not (isinstance(target, (int, np.integer)) and target in (0, 1)):
        raise InvalidArgument(f"{name} must be 0, 1 or None, got {target!r:.40}")


def direction(key: Key, name: str, dimension: int) -> Floats:
    """The vector (d,) of this name in a key, refused in one sentence where there is none for inputs in R^d."""
    found = key.values.get(name)
    if found is None or found.shape != (dimension,) or found.dtype.kind != "f" or not np.isfinite(found).all():
        got = "none" if found is None else f"{found.dtype} of shape {found.shape}"
        raise InvalidArgument(f"key must hold finite {name} of shape ({dimension},), got {got}: load another key")
    return found


def trainable(backdoor: Backdoor, functions: Any, kind: type[Any]) -> None:
    """Refuse models of another kind than the backdoor is made for."""
    if not isinstance(functions, kind):
        name = type(backdoor).__name__
        raise MissingCapability(f"{name} plants in {kind.__name__}, got {text(functions)[:200]}")
