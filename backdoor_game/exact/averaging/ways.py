"""The ways in which a strategy's randomness is averaged, and stand-ins that notice whether it is used at all."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any, NoReturn

import numpy as np
import numpy.typing as npt

from ...ground.errors import MissingCapability
from ...ground.spec import Configured, text

CLOSED, DETERMINISTIC, ENUMERATED, ESTIMATED = "closed form", "deterministic", "enumerated", "estimated"
EXACT = (CLOSED, DETERMINISTIC, ENUMERATED)
TOTAL_DRAWS = 50_000  # questions in all, so that many pairs cost no more than one
FEWEST_DRAWS = 16  # of a pair: its answer is known to a quarter, and averages over pairs far better
ROUNDING = 1e-9  # what sums of thousands of probabilities may be off by

Arrays = tuple[npt.NDArray[Any], ...]
Order = npt.NDArray[np.int64]


class RandomnessUsed(BaseException):
    """A strategy has asked for what differs from round to round; it is not an `Exception`, which it might swallow."""


class Seal:
    """Remembers whether what it closes was opened, also where the strategy has swallowed the refusal."""

    def __init__(self) -> None:
        self.broken = False

    def refuse(self) -> NoReturn:
        """Note it and refuse."""
        self.broken = True
        raise RandomnessUsed


class SealedKeys:
    """Stands where keys would: it may be cut into parts, but not read."""

    def __init__(self, size: int, seal: Seal) -> None:
        self._size, self._seal = size, seal

    def __len__(self) -> int:
        return self._size

    def __getitem__(self, rows: Any) -> SealedKeys:
        if not isinstance(rows, slice):
            self._seal.refuse()
        return SealedKeys(len(range(*rows.indices(self._size))), self._seal)

    def setflags(self, *, write: bool) -> None:
        """Views freeze what they hand out; there is nothing to freeze here."""

    def __iter__(self) -> NoReturn:
        self._seal.refuse()

    def __getattr__(self, name: str) -> NoReturn:
        self._seal.refuse()


class SealedGenerator:
    """Stands where a Generator would: whatever is asked of it is noticed."""

    def __init__(self, seal: Seal) -> None:
        self._seal = seal

    def __getattr__(self, name: str) -> NoReturn:
        self._seal.refuse()


def without_coins(ask: Callable[[Order, Seal], Arrays], rows: int) -> Arrays | None:
    """What a strategy says of so many rows if it tosses no coin; None where it does, or comes to grief.

    It is asked twice, in opposite orders and beside other states of the global generators, and must say the same.
    """
    forward = np.arange(rows)
    once = asked_once(ask, forward, 1)
    again = None if once is None else asked_once(ask, forward[::-1], 2)
    if once is None or again is None:
        return None
    return once if all(np.array_equal(a, b[::-1]) for a, b in zip(once, again, strict=True)) else None


def asked_once(ask: Callable[[Order, Seal], Arrays], order: Order, seed: int) -> Arrays | None:
    """What a strategy says beside global generators seeded so; None where it draws from them, opens a seal or fails."""
    seal, kept, also = Seal(), random.getstate(), np.random.get_state()  # noqa: NPY002
    random.seed(seed)
    np.random.seed(seed)  # noqa: NPY002
    fresh = _global_states()
    try:
        said = ask(order, seal)
        drawn = _global_states() != fresh
    except (Exception, RandomnessUsed):
        return None
    finally:
        random.setstate(kept)
        np.random.set_state(also)  # noqa: NPY002
    return None if seal.broken or drawn else said


def _global_states() -> tuple[Any, ...]:
    """Where the global generators stand: equal as long as nobody draws, whereas two coins may agree by chance."""
    name, words, *rest = np.random.get_state()  # noqa: NPY002
    return random.getstate(), name, np.asarray(words).tobytes(), rest


def only_sampled(player: Configured) -> MissingCapability:
    """The one sentence that refuses a strategy where only exact averages will do."""
    return MissingCapability(f"the randomness of {text(player)[:200]} can only be sampled here: use estimate()")


def weakest(*ways: str) -> str:
    """The way of a whole whose parts were averaged in these ways: estimated if any was."""
    order = (CLOSED, DETERMINISTIC, ENUMERATED, ESTIMATED)
    return max(ways, key=order.index)


def draws_each(pairs: int) -> int:
    """How often each of so many pairs is asked where its answer is estimated: about 50,000 questions in all."""
    return max(FEWEST_DRAWS, TOTAL_DRAWS // max(1, pairs))
