"""One parameter swept: the values that were typed, and the texts that they are put into."""

from __future__ import annotations

import argparse
import dataclasses
import re
from fractions import Fraction

from ..ground import _validate
from ..ground.errors import InvalidArgument

FIELDS = ("functions", "distribution", "epsilon", "attacker", "game")
MOST = 1000  # values: each is a game of its own, and a slip of a range asks for millions
_POWER = re.compile(r"(\d+)\^([+-]?\d+)")
_POWERS = re.compile(r"(\d+)\^([+-]?\d+)\.\.(\d+)\^([+-]?\d+)")
_PLACE = re.compile(r"\{([^{}]*)\}")


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
    values = {value.number: value for part in listed.split(",") for value in _values(part.strip())}
    if len(values) > MOST:
        raise InvalidArgument(f"sweep must name at most {MOST} values, got {len(values)}")
    return Sweep(name, tuple(values[number] for number in sorted(values)))


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


def fill(options: argparse.Namespace, sweep: Sweep) -> list[argparse.Namespace]:
    """The options at each value, with ``{NAME}`` replaced in every spec; epsilon itself needs no place."""
    texts = {field: getattr(options, field) for field in FIELDS}
    defenders = list(options.defender or [None])
    if sweep.name == "epsilon" and texts["epsilon"] is None:
        texts["epsilon"] = "{epsilon}"
    written = [text for text in (*texts.values(), *defenders) if text is not None]
    places = {place for text in written for place in _PLACE.findall(text)}
    if unknown := sorted(places - {sweep.name}):
        held, named = f"{{{unknown[0]}}}", f"{{{sweep.name}}}"
        raise InvalidArgument(f"sweep names {sweep.name!r}, but a spec holds {held}: write {named} there")
    if not places and sweep.name == "epsilon":
        raise InvalidArgument(f"epsilon is swept and fixed at {options.epsilon} at once: leave --epsilon out")
    if not places:
        example = f'--functions "AllFunctions(points={{{sweep.name}}})"'
        if options.game is not None:
            example = f'--attacker "CLWEBackdoor({sweep.name}={{{sweep.name}}})"'
        raise InvalidArgument(f"sweep names {sweep.name!r}, but no spec holds {{{sweep.name}}}: write {example}")

    def at(text: str | None, value: Value) -> str | None:
        return None if text is None else text.replace(f"{{{sweep.name}}}", value.text)

    def filled(value: Value) -> argparse.Namespace:
        changed = {field: at(text, value) for field, text in texts.items()}
        return argparse.Namespace(**{**vars(options), **changed, "defender": [at(text, value) for text in defenders]})

    return [filled(value) for value in sweep.values]
