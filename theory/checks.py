"""One verified statement of a derivation, and how a list of them is printed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Check:
    """A statement by name, whether it holds, and the figures that were compared."""

    name: str
    holds: bool
    detail: str = ""


def agree(name: str, found: float, expected: float, within: float) -> Check:
    """That two numbers differ by no more than `within`."""
    return Check(name, abs(found - expected) <= within, f"{found:.6g} against {expected:.6g}")


def report(checks: Iterable[Check]) -> int:
    """Print one line a check; the exit status: 0 when all hold, 1 when one fails or there is nothing to check."""
    listed = list(checks)
    for check in listed:
        print(f"{'holds' if check.holds else 'FAILS'}  {check.name}" + (f"  ({check.detail})" if check.detail else ""))
    return 0 if listed and all(check.holds for check in listed) else 1
