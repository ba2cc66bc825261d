"""The steps of a delegate, each held to its contract: what it hands in is told with its name where it is nonsense."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import numpy as np

from ...functions import Function
from ...functions.base import Floats
from ...games.contract import Answer, call
from ...ground.errors import ContractError
from ...ground.spec import text
from ...ground.streams import Words
from ..coins import SEED_BYTES
from ..datasets import Split
from ..delegates import Delegate
from ..keys.keys import Key
from ..models.trainable import Trainable


@dataclasses.dataclass(frozen=True)
class Steps:
    """A delegate at work for one model.

    Attributes
    ----------
    delegate : Delegate
    functions : Trainable
    rng : numpy Generator
        What the delegate draws from.
    """

    delegate: Delegate
    functions: Trainable
    rng: np.random.Generator

    def key(self) -> Key | None:
        """The key that it fixes."""

        def good(found: Any) -> str | None:
            told = type(found).__name__
            return None if found is None or isinstance(found, Key) else f"a Key or None, got {told}"

        return self._step("key", lambda: self.delegate.key(self.functions, self.rng), good)

    def seed(self, key: Key | None) -> bytes:
        """The seed that it picks."""

        def good(found: Any) -> str | None:
            if isinstance(found, bytes) and len(found) == SEED_BYTES:
                return None
            told = f"{len(found)} bytes" if isinstance(found, bytes) else type(found).__name__
            return f"{SEED_BYTES} bytes, got {told}"

        return self._step("seed", lambda: self.delegate.seed(self.functions, key, self.rng), good)

    def share(self, key: Key | None, others: tuple[Words, ...] | None) -> Words:
        """Its share in a committee."""
        return self._step("share", lambda: self.delegate.share(self.functions, key, others, self.rng), self._words)

    def revealed(self, key: Key | None, share: Words, others: tuple[Words, ...]) -> Words:
        """The share that it reveals."""
        reveal = lambda: self.delegate.revealed(self.functions, key, share, others, self.rng)  # noqa: E731
        return self._step("revealed", reveal, self._words)

    def coins(self, key: Key | None, published: Floats | None) -> Floats:
        """The coins that it hands in."""

        def good(found: Any) -> str | None:
            wanted = f"finite float64 numbers of shape ({self._count},)"
            if told := _another(found, np.float64, (self._count,)):
                return f"{wanted}, got {told}"
            return None if np.isfinite(found).all() else f"{wanted}, got {found[~np.isfinite(found)][0]}"

        return self._step("coins", lambda: self.delegate.coins(self.functions, key, published, self.rng), good)

    def model(self, coins: Floats, split: Split) -> Function:
        """The model that it hands in."""

        def good(found: Any) -> str | None:
            if isinstance(found, Function) and found.functions == self.functions:
                return None
            told = f"one of {text(found.functions)[:200]}" if isinstance(found, Function) else type(found).__name__
            return f"one of {text(self.functions)[:200]}, got {told}"

        return self._step("model", lambda: self.delegate.model(self.functions, coins, split, self.rng), good)

    @property
    def _count(self) -> int:
        return sum(self.functions.coin_laws)

    def _words(self, found: Any) -> str | None:
        told = _another(found, np.uint64, (self._count,))
        return f"uint64 words of shape ({self._count},), got {told}" if told else None

    def _step(self, method: str, action: Callable[[], Answer], good: Callable[[Any], str | None]) -> Answer:
        """What a method returns; `good` says what it must be where it is not."""

        def held() -> Answer:
            found = action()
            if wrong := good(found):
                raise ContractError(f"{method}() must return {wrong}")
            frozen: Answer = _frozen(found)
            return frozen

        return call(self.delegate, method, held)


def _frozen(found: Any) -> Any:
    """What several auditors are shown must not change in the hands of one of them."""
    if isinstance(found, np.ndarray):
        found = found.copy()
        found.setflags(write=False)
    return found


def _another(found: Any, dtype: type[Any], shape: tuple[int, ...]) -> str | None:
    """What stands there instead of an array of this type and shape, or None."""
    if not isinstance(found, np.ndarray):
        return type(found).__name__
    return None if found.dtype == dtype and found.shape == shape else f"{found.dtype} of shape {found.shape}"
