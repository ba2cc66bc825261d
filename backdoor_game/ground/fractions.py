"""What a float stands for, as the fraction that somebody typed."""

from __future__ import annotations

from fractions import Fraction

DENOMINATOR = 10**6  # two different such fractions are 1e-12 apart: a float names one of them at most
CLOSE = 1e-15  # some units in the last place, relative, so that a small weight is not taken for 0


def as_fraction(number: float) -> Fraction:
    """The fraction within 1e-15 of it, relative, with a denominator up to 10^6, else its shortest decimal."""
    given = Fraction(number)
    simple = given.limit_denominator(DENOMINATOR)
    return simple if abs(simple - given) <= CLOSE * abs(given) else Fraction(repr(float(number)))
