"""Codes from outside: whether they have the form of a class's codes and are members, said in one sentence where not."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..ground.errors import InvalidArgument
from ..ground.spec import text
from ..spaces.domains import Points

Codes = np.ndarray[Any, Any]
DRAW = "sample() and enumerate() give members, and contains() says which codes are"


def formed(functions: Any, code: Any) -> Codes:
    """`code`, L numbers, as an array (L,) of the class's type, in which none is another one; a member or not.

    Raises
    ------
    InvalidArgument
        For another length, and for numbers that the type cannot hold.
    """
    return _typed(functions, "code", _array("code", code).ravel(), (functions.code_length,))


def members(functions: Any, codes: Any, X: Any) -> tuple[Codes, Points]:
    """Codes (B, L) of the class's type, all of them members, and points (B, m, n) that go with them.

    Raises
    ------
    InvalidArgument
        For another shape, for numbers that the type cannot hold, for X that leaves the domain, and for codes that the
        class does not contain.
    """
    points = functions.domain.checked(X)
    if points.ndim != 3:
        raise InvalidArgument(
            f"X must have shape (B, m, {functions.domain.n}), m points for each code, got {points.shape}: "
            "for one code write X[None]"
        )
    typed = _typed(functions, "codes", codes, (len(points), functions.code_length))
    inside = np.asarray(functions.are_members(typed))
    if not inside.all():
        row = int(inside.argmin())
        raise InvalidArgument(
            f"codes must be members of {text(functions)[:200]}, got {typed[row].tolist()!r:.200} in row {row}: {DRAW}"
        )
    return typed, points


def _array(name: str, codes: Any) -> Codes:
    try:
        return np.asarray(codes)
    except (ValueError, OverflowError):  # rows of several lengths
        raise InvalidArgument(f"{name} must be an array of numbers, got {codes!r:.200}: {DRAW}") from None


def _typed(functions: Any, name: str, codes: Any, shape: tuple[int, ...]) -> Codes:
    given = _array(name, codes)
    if given.shape != shape:
        wanted = f"{name} must have shape {shape} for {text(functions)[:200]}, got {given.shape}"
        raise InvalidArgument(f"{wanted}: {DRAW}")
    if given.dtype == functions.code_dtype:
        return given
    if given.dtype.kind not in "biuf":
        wanted = np.dtype(functions.code_dtype)
        raise InvalidArgument(f"{name} must be numbers of type {wanted}, got {given.dtype}: {DRAW}")
    with np.errstate(invalid="ignore", over="ignore"):  # nan and infinities become something else, which is seen
        typed = given.astype(functions.code_dtype)
    other = typed != given
    if other.any():
        first = given[other][0].item()
        raise InvalidArgument(
            f"{name} must be numbers of type {typed.dtype}, got {first!r} among {given.dtype}: {DRAW}"
        )
    return typed
