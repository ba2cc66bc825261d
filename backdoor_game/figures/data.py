"""What is plotted, as plain tuples."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from ..ground.errors import InvalidArgument

Numbers = Sequence[float]


@dataclasses.dataclass(frozen=True)
class Series:
    """Measured points, each with the ends of its interval.

    Parameters
    ----------
    label : str
    x, y : sequence of float, of one length
    low, high : sequence of float, of the same length, optional
        Without them no bars are drawn.
    key : str, optional
        What gives a series its colour all over a sheet of figures; the label where there is none.
    """

    label: str
    x: Numbers
    y: Numbers
    low: Numbers | None = None
    high: Numbers | None = None
    key: str | None = dataclasses.field(default=None, kw_only=True)

    def __post_init__(self) -> None:
        _store(self, ("x", "y", "low", "high"))
        if (self.low is None) != (self.high is None):
            raise InvalidArgument(f"low and high of series {self.label!r} come together, got one of them")


@dataclasses.dataclass(frozen=True)
class Line:
    """A theory line, drawn dashed; NaN among its y breaks it, as at a jump.

    Parameters
    ----------
    label : str
    x, y : sequence of float, of one length
    like : str, optional
        Label of the series whose colour the line takes; otherwise it is dark grey.
    """

    label: str
    x: Numbers
    y: Numbers
    like: str | None = None

    def __post_init__(self) -> None:
        _store(self, ("x", "y"))


def _store(data: Series | Line, fields: tuple[str, ...]) -> None:
    """Turn sequences into tuples of floats, all as long as x."""
    for field in fields:
        values = getattr(data, field)
        if values is None:
            continue
        values = tuple(map(float, values))
        object.__setattr__(data, field, values)
        if len(values) != len(data.x):
            raise InvalidArgument(f"{field} of {data.label!r} must have {len(data.x)} numbers, got {len(values)}")
