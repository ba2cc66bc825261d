"""What every bound checks of its arguments, and how it puts error rates together."""

import math

from ..ground.errors import InvalidArgument


def whole(name: str, value: int, low: int = 0) -> int:
    """`value` as a whole number of at least `low`."""
    if isinstance(value, bool) or real(name, value, -math.inf, math.inf) != int(value) or value < low:
        raise InvalidArgument(f"{name} must be a whole number of at least {low}, got {value!r}")
    return int(value)


def positive(name: str, value: float, high: float) -> float:
    """`value` as a float in (0, high]."""
    if not real(name, value, 0, high) > 0:
        raise InvalidArgument(f"{name} must be above 0, got {value!r}")
    return float(value)


def real(name: str, value: float, low: float, high: float) -> float:
    """`value` as a finite float in [low, high]; text is refused, since only a spec reads "1/8"."""
    try:
        number = math.nan if isinstance(value, str) else float(value)
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if not (math.isfinite(number) and low <= number <= high):
        raise InvalidArgument(f"{name} must be a finite number from {low:g} to {high:g}, got {value!r}")
    return number


def win(false_alarms: float, misses: float) -> float:
    """The win rate left by these two error rates, neither of which can exceed 1."""
    return 1 - (min(1.0, false_alarms) + min(1.0, misses)) / 2
