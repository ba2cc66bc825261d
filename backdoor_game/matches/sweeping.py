"""One parameter swept: the values that were typed, the texts that they are put into, and the matches at each."""

from __future__ import annotations

import dataclasses
import numbers
import re
from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from ..games.measuring.together import Match
from ..ground import _validate
from ..ground.errors import InvalidArgument
from ..ground.spec import text

Lines = dict[str, list[Match]]  # by the label of each defender, a match at each value
MOST = 1000  # values: each is a game of its own, and a slip of a range asks for millions
_POWER = re.compile(r"(\d+)\^([+-]?\d+)")
_POWERS = re.compile(r"(\d+)\^([+-]?\d+)\.\.(\d+)\^([+-]?\d+)")


@dataclasses.dataclass(frozen=True)
class Value:
    """A number as it is put into specs, and as it is drawn."""

    text: str
    number: float


@dataclasses.dataclass(frozen=True)
class Sweep:
    """A parameter's name and its values, in increasing order."""

    name: str
    values: tuple[Value, ...]


@dataclasses.dataclass(frozen=True)
class Texts:
    """The specs of a sweep as people read them, with ``{name}`` where the parameter stands; None for what is not there.

    `functions`, `distribution` and `epsilon` are those of a backdoor game, and `trigger`, `clean_input` and `reveal`
    where it is a variant; `game` is any other.
    """

    attacker: str
    defender: tuple[str, ...]
    functions: str | None = None
    distribution: str | None = None
    epsilon: str | None = None
    game: str | None = None
    trigger: str | None = None
    clean_input: str | None = None
    reveal: str | None = None

    def written(self) -> list[str]:
        """All that are there, the defenders last."""
        others = (self.functions, self.distribution, self.epsilon, self.attacker, self.game, self.trigger, self.reveal)
        return [one for one in others if one is not None] + list(self.defender)

    @property
    def variant(self) -> dict[str, str]:
        """The fields of a game that is not the plain one, by name."""
        fields = {"trigger": self.trigger, "clean_input": self.clean_input, "reveal": self.reveal}
        return {name: said for name, said in fields.items() if said is not None}


def read(source: str | None) -> Sweep:
    """What ``--sweep NAME=VALUES`` describes.

    VALUES is a list such as ``1/32,1/16,0.1`` of numbers, powers ``2^-5``, ranges ``LOW:HIGH:COUNT`` of evenly
    spaced numbers and ranges ``2^-10..2^-5`` of powers.
    """
    if source is None:
        raise InvalidArgument("--sweep is missing: pass for example --sweep epsilon=1/32,1/16,1/8")
    name, equals, listed = source.partition("=")
    name = name.strip()
    if not equals or not name.isidentifier() or not listed.strip():
        raise InvalidArgument(f"sweep must read NAME=VALUE,VALUE,... such as epsilon=1/32,1/16,1/8, got {source!r}")
    return Sweep(name, listed_values(listed))


def listed_values(listed: str | Sequence[Any]) -> tuple[Value, ...]:
    """The values of a list that was typed, or of a sequence of numbers and such texts, in increasing order.

    Raises
    ------
    InvalidArgument
        For what is no number, and for none or too many.
    """
    if not isinstance(listed, str):
        listed = ",".join(one if isinstance(one, str) else _typed(one) for one in listed)
    values = {value.number: value for part in listed.split(",") for value in _values(part.strip())}
    if len(values) > MOST:
        raise InvalidArgument(f"sweep must name at most {MOST} values, got {len(values)}")
    return tuple(values[number] for number in sorted(values))


def _typed(number: Any) -> str:
    """A number as it would be typed."""
    return str(int(number)) if isinstance(number, numbers.Integral) else repr(_validate.real("sweep", number))


def named(columns: Sequence[list[Match]]) -> Lines:
    """The matches of each defender by its label: its spec where that stays the same, else its class's name.

    Raises
    ------
    InvalidArgument
        Where a defender is named twice.
    """
    labels = []
    for matches in columns:
        specs = {text(match.defender) for match in matches}
        labels.append(specs.pop() if len(specs) == 1 else type(matches[0].defender).__name__)
    if twice := [label for label, count in Counter(labels).items() if count > 1]:
        raise InvalidArgument(f"defender {twice[0]!r} is named twice: name it once")
    return dict(zip(labels, columns, strict=True))


def _values(part: str) -> list[Value]:
    if powers := _POWERS.fullmatch(part):
        base, first, other, last = powers.groups()
        if base != other:
            raise InvalidArgument(f"sweep must stay with one base in a range of powers, got {part!r}")
        low, high = sorted((int(first), int(last)))
        return [_value(Fraction(int(base)) ** k) for k in _exponents(part, int(base), low, high)]
    if part.count(":") == 2:
        start, stop, count = part.split(":")
        low_end, high_end, many = _number(start), _number(stop), _count(part, count)
        return [_value(low_end + (high_end - low_end) * Fraction(i, many - 1)) for i in range(many)]
    number = _number(part)
    return [Value(part if _POWER.fullmatch(part) is None else str(number), float(number))]


def _exponents(part: str, base: int, low: int, high: int) -> range:
    if base < 2 or max(abs(low), abs(high)) > 1000:
        raise InvalidArgument(f"sweep must have powers of 2 or more with exponents up to 1000, got {part!r}")
    return range(low, high + 1)


def _value(number: Fraction) -> Value:
    """A computed number: whole numbers and short fractions stay exact."""
    short = number.denominator <= 10**6
    return Value(str(number) if short else repr(float(number)), float(number))


def _count(part: str, text: str) -> int:
    count = int(text) if text.strip().isdigit() else 0
    return _validate.integer(f"COUNT of the range {part!r} in sweep", count, 2, MOST)


def _number(text: str) -> Fraction:
    text = text.strip()
    power = _POWER.fullmatch(text)
    try:
        if power is None:
            value = _validate.real("sweep", text)
            number = Fraction(text) if "/" in text else Fraction(repr(value))
        else:
            number = Fraction(int(power[1])) ** _validate.integer("exponent", int(power[2]), -1000, 1000)
        _validate.real("sweep", float(number))
        return number
    except (ValueError, ZeroDivisionError, OverflowError):
        raise InvalidArgument(f"sweep must list numbers such as 8, 0.1, 1/32 or 2^-5, got {text!r}") from None
