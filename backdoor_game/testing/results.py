"""What a check says: one structured result each, and how a check says it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import numpy as np

from ..ground.errors import BackdoorGameError
from ..ground.spec import Configured, text

PASSED, FAILED, SKIPPED = "passed", "failed", "skipped"


@dataclasses.dataclass(frozen=True)
class CheckResult:
    """What one check found.

    Attributes
    ----------
    name : str
        The check's name, such as ``same_seed_same_suspicions``.
    status : str
        ``"passed"``, ``"failed"`` or ``"skipped"``.
    reason : str
        What is wrong, or why there was nothing to check; empty where the check passed, but for
        ``prepares``, which says how many of the games are played.
    counterexample : str or None
        The smallest case found in which it fails, as text; None where it does not fail or where there is one case.
    """

    name: str
    status: str
    reason: str = ""
    counterexample: str | None = None

    def to_dict(self) -> dict[str, str | None]:
        """Plain texts."""
        return dataclasses.asdict(self)


class Broken(BackdoorGameError):
    """A check fails, and why."""

    def __init__(self, reason: str, counterexample: str | None = None) -> None:
        super().__init__(reason)
        self.reason, self.counterexample = reason, counterexample


class NothingToCheck(BackdoorGameError):
    """A check does not apply, and why."""


def demand(holds: Any, reason: str | Callable[[], str]) -> None:
    """Raise `Broken` with the reason unless it holds."""
    if not holds:
        raise Broken(reason if isinstance(reason, str) else reason())


def same(one: Any, other: Any) -> bool:
    """Whether two arrays are equal in shape and value; NaN equals itself."""
    one, other = np.asarray(one), np.asarray(other)
    floats = one.dtype.kind == "f" and other.dtype.kind == "f"
    return bool(np.array_equal(one, other, equal_nan=floats))


def shown(value: Any) -> str:
    """A drawn value as short text: specs of configured things, lists of arrays."""
    if isinstance(value, Configured):
        return text(value)
    if isinstance(value, np.ndarray):
        return str(value.tolist())
    return str(value)
