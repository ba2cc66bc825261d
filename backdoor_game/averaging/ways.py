"""The ways in which a strategy's randomness is averaged, and stand-ins that notice whether it is used at all."""

from __future__ import annotations

from typing import Any, NoReturn

from ..errors import MissingCapability
from ..spec import Configured, text

CLOSED, DETERMINISTIC, ENUMERATED, ESTIMATED = "closed form", "deterministic", "enumerated", "estimated"
EXACT = (CLOSED, DETERMINISTIC, ENUMERATED)
TOTAL_DRAWS = 200_000
FEWEST_DRAWS = 16


class RandomnessUsed(BaseException):
    """A strategy has asked for what differs from round to round; it is not an `Exception`, which it might swallow."""


class SealedKeys:
    """Stands where keys would: it may be cut into parts, but not read."""

    def __init__(self, size: int) -> None:
        self._size = size

    def __len__(self) -> int:
        return self._size

    def __getitem__(self, rows: Any) -> SealedKeys:
        if not isinstance(rows, slice):
            raise RandomnessUsed
        return SealedKeys(len(range(*rows.indices(self._size))))

    def setflags(self, *, write: bool) -> None:
        """Views freeze what they hand out; there is nothing to freeze here."""

    def __iter__(self) -> NoReturn:
        raise RandomnessUsed

    def __array__(self, *_: Any, **__: Any) -> NoReturn:
        raise RandomnessUsed


class SealedGenerator:
    """Stands where a Generator would: whatever is asked of it is noticed."""

    def __getattr__(self, name: str) -> NoReturn:
        raise RandomnessUsed


def only_sampled(player: Configured) -> MissingCapability:
    """The one sentence that refuses a strategy where only exact averages will do."""
    return MissingCapability(f"the randomness of {text(player)[:200]} can only be sampled here: use estimate()")


def holds_still(player: Configured, law: str, *plays: str) -> bool:
    """Whether a stated law is that of how the player plays: no subclass has changed the play below it."""
    classes = type(player).__mro__

    def depth(method: str) -> int:
        return next((i for i, cls in enumerate(classes) if method in vars(cls)), len(classes))

    return depth(law) <= min(map(depth, plays))


def weakest(*ways: str) -> str:
    """The way of a whole whose parts were averaged in these ways: estimated if any was."""
    order = (CLOSED, DETERMINISTIC, ENUMERATED, ESTIMATED)
    return max(ways, key=order.index)


def draws_each(pairs: int) -> int:
    """How often each of so many pairs is asked where its answer is estimated: 200,000 questions in all."""
    return max(FEWEST_DRAWS, TOTAL_DRAWS // max(1, pairs))
