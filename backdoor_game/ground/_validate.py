"""Argument checks that every constructor and entry point shares: one sentence each, with the value in it."""

from __future__ import annotations

import difflib
import math
import numbers
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from .errors import InvalidArgument

HIGHEST_LEVEL = 1.0 - 1e-12  # a thousandth of what it leaves open is still ten times the spacing of floats below 1
MOST_NAMES = 40  # that a sentence may list
# 4 GiB: the points that one round is given, or asks labels of, when they are written out. Half a billion numbers take
# seconds a round to draw; who asks for more runs until the system ends the process.
MOST_BYTES = 2**32


def integer(name: str, value: Any, low: int, high: int | None = None) -> int:
    """`value` as an int in [low, high]; bools and fractional numbers are refused."""
    whole = isinstance(value, numbers.Integral) or (isinstance(value, float) and value.is_integer())
    if isinstance(value, (bool, np.bool_)) or not whole:
        raise InvalidArgument(f"{name} must be a whole number, got {value!r}")
    number = int(value)
    if number < low or (high is not None and number > high):
        wanted = f"at least {low}" if high is None else f"between {low} and {high}"
        raise InvalidArgument(f"{name} must be {wanted}, got {value!r}")
    return number


def real(name: str, value: Any, low: float = -math.inf, high: float = math.inf) -> float:
    """`value` as a finite float in [low, high]; text such as "1/8" is read as a fraction."""
    number = _number(value)
    if number is None or not math.isfinite(number):
        raise InvalidArgument(f"{name} must be a finite number, got {value!r}")
    if not low <= number <= high:
        raise InvalidArgument(f"{name} must lie in [{low:g}, {high:g}], got {value!r}")
    return number + 0.0  # one zero, so that equal numbers have one text


def positive(name: str, value: Any, said: str, high: float = math.inf) -> float:
    """`value` as a finite float in (0, high]; of 0 is `said` what to do, or why not."""
    number = real(name, value, 0.0, high)
    if number == 0.0:
        raise InvalidArgument(f"{name} must be above 0, {said}")
    return number


def _number(value: Any) -> float | None:
    if isinstance(value, (bool, np.bool_)):
        return None
    try:
        if isinstance(value, numbers.Real):
            return float(value)
        if isinstance(value, str):
            # Fraction would write 1e-999999999 out in full, so it reads nothing but p/q.
            return float(Fraction(value.replace(" ", ""))) if "/" in value else float(value)
    except (ValueError, ZeroDivisionError, OverflowError):
        return None
    return None


def level(value: Any) -> float:
    """A confidence level strictly inside (0, 1)."""
    number = real("level", value)
    if not 0.0 < number < 1.0:
        raise InvalidArgument(f"level must lie strictly between 0 and 1, got {value!r}")
    return number


def asked_level(value: Any) -> float:
    """The level of a run, from which those of many lines follow: at most 1 - 1e-12, for beyond it rounds away."""
    number = level(value)
    if number > HIGHEST_LEVEL:
        raise InvalidArgument(f"level must be at most 1 - 1e-12, got {value!r}: the rest is lost in rounding")
    return number


def weights(name: str, values: Iterable[Any]) -> tuple[float, ...]:
    """Non-negative numbers that sum to 1 within 1e-9, used as given: never renormalised."""
    if isinstance(values, str) or not isinstance(values, Iterable):
        raise InvalidArgument(f"{name} must be a list of numbers, got {values!r}")
    checked = tuple(real(f"{name}[{i}]", value, 0.0, 1.0) for i, value in enumerate(values))
    # 1e-9: weights typed with ten digits pass, a forgotten one does not.
    if not checked or abs(math.fsum(checked) - 1.0) > 1e-9:
        raise InvalidArgument(f"{name} must sum to 1 within 1e-9, but they sum to {math.fsum(checked):.12g}")
    return checked


def room(name: str, value: Any, size: int) -> None:
    """Refuse a request for points that would take more than `MOST_BYTES` bytes, before anything is drawn."""
    if size > MOST_BYTES:
        most, asked = f"{MOST_BYTES / 2**30:g} GiB", f"{size / 2**30:.3g} GiB"
        raise InvalidArgument(f"{name} must ask for at most {most} of points a round, got {value!r}, which is {asked}")


def instance(name: str, value: Any, kind: type, example: str) -> None:
    """Refuse a `value` that is not an instance of `kind`, showing an example of one."""
    if not isinstance(value, kind):
        wanted = article(kind.__name__) + (f" such as {example}" if example else "")
        raise InvalidArgument(f"{name} must be {wanted}, got {repr(value)[:200]}")


def article(name: str) -> str:
    """The name with "a" or "an" before it."""
    return f"{'an' if name[0] in 'AEIOU' and not name.startswith('Uni') else 'a'} {name}"


def did_you_mean(word: str, known: Sequence[str], own: str | None = None) -> str:
    """A clause that offers the closest known name, or lists them when nothing is close and they are few.

    Where the word is not surely a slip, `own` is offered beside: how what is not known here would be named.
    """
    # 0.6: two slips in five letters are still guessed, another word is not; under 0.7 it may be a name of its own
    close = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    surely = difflib.get_close_matches(word, known, n=1, cutoff=0.7)
    if close:
        return f"did you mean {close[0]!r}" + (f", or a class of your own, {own}?" if own and not surely else "?")
    if len(known) > MOST_NAMES:
        return "`backdoor-game list` shows what there is" + (f", and a class of your own is {own}" if own else "")
    return "known are " + ", ".join(sorted(known)) if known else "nothing is known here"
