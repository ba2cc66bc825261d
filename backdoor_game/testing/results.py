"""What a check says: one structured result each, and how a check says it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..ground.errors import BackdoorGameError
from ..ground.results import Block, Result
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


class CheckReport(Result, tuple[CheckResult, ...]):
    """What a battery found: a tuple of `CheckResult`, in the order in which they ran."""

    @property
    def passed(self) -> bool:
        """Whether no check failed."""
        return not any(one.status == FAILED for one in self)

    def to_dict(self) -> dict[str, Any]:
        return {"passed": self.passed, "checks": self.table()}

    def table(self) -> list[dict[str, Any]]:
        """A row a check."""
        return [one.to_dict() for one in self]

    def blocks(self) -> Sequence[Block]:
        """The table, the smallest case of each failure, and the count."""
        rows = [(one.name, one.status, one.reason) for one in self]
        broken = [one for one in self if one.counterexample is not None]
        cases = [Block(title=f"{one.name} fails for", notes=[f"    {one.counterexample}"]) for one in broken]
        return [Block(rows, ("check", "status", "reason")), *cases, Block(title=self.headline())]

    def headline(self) -> str:
        counts = {status: sum(one.status == status for one in self) for status in (PASSED, FAILED, SKIPPED)}
        return f"{len(self)} checks: " + ", ".join(f"{count} {status}" for status, count in counts.items())


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
