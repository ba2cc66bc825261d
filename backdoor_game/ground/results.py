"""What every public result does for people: its lines, one short line, a table for notebooks, rows for data frames."""

from __future__ import annotations

import abc
import dataclasses
import html
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, final

from .columns import aligned, cells, pairs
from .errors import MissingCapability

if TYPE_CHECKING:
    import pandas

MOST_LETTERS = 120  # of a short line: specs are cut there, numbers never


@dataclasses.dataclass(frozen=True)
class Block:
    """One table of a result: names and values without a header, columns with one; sentences before and after.

    Attributes
    ----------
    rows : sequence of sequences
        Cells by the rules of `ground.columns`.
    header : sequence of str, or None
    title : str
        A line before the rows; empty for none.
    notes : sequence of str
        Lines after them.
    """

    rows: Sequence[Sequence[Any]] = ()
    header: Sequence[str] | None = None
    title: str = ""
    notes: Sequence[str] = ()

    def text(self) -> str:
        """For a terminal or a log."""
        body = (
            pairs([(row[0], row[1]) for row in self.rows]) if self.header is None else aligned(self.header, self.rows)
        )
        return "\n".join([*(part for part in (self.title, body) if part), *self.notes])

    def html(self) -> str:
        """For a notebook: no colour of its own, so that it is read on dark and on light."""
        if self.header is None:
            shown = [[str(row[0]), *cells(row[1:])] for row in self.rows]
        else:
            columns = [cells(list(column)) for column in zip(*self.rows, strict=True)]
            shown = [list(row) for row in zip(*columns, strict=True)]
        head = "" if self.header is None else _row("th", self.header)
        title = f"<caption>{html.escape(self.title)}</caption>" if self.title else ""
        table = f"<table>{title}{head}{''.join(_row('td', row) for row in shown)}</table>"
        notes = html.escape("\n".join(self.notes))
        return (table if shown else "") + (f"<pre>{notes}</pre>" if notes else "")  # carets stand under their labels


def _row(tag: str, row: Sequence[str]) -> str:
    return "<tr>" + "".join(f'<{tag} style="text-align:left">{html.escape(cell)}</{tag}>' for cell in row) + "</tr>"


class Result(abc.ABC):
    """Base of what the public functions return; subclasses are frozen dataclasses with ``repr=False``.

    Those that have a picture also have ``plot(ax=None)``, which draws on the given matplotlib Axes, or on those of a
    new Figure that no window shows, and returns them.
    """

    @abc.abstractmethod
    def to_dict(self) -> dict[str, Any]:
        """Plain numbers, texts, lists and dicts: what the command line prints under ``--json``."""

    @abc.abstractmethod
    def blocks(self) -> Sequence[Block]:
        """The tables that `str()` shows, an empty line between them."""

    @abc.abstractmethod
    def headline(self) -> str:
        """The numbers of the short line."""

    def table(self) -> list[dict[str, Any]]:
        """The rows of `to_frame`, texts and numbers by column: here one row, nested fields under dotted names."""
        return [flattened(self.to_dict())]

    @final
    def to_frame(self) -> pandas.DataFrame:
        """`table()` as a pandas DataFrame.

        Raises
        ------
        MissingCapability
            Where pandas is not installed.
        """
        try:
            import pandas
        except ImportError:
            raise MissingCapability("to_frame() needs pandas: pip install 'backdoor-game[frames]'") from None
        return pandas.DataFrame(self.table())

    def __str__(self) -> str:
        return "\n\n".join(block.text() for block in self.blocks())

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.headline()})"

    @final
    def _repr_html_(self) -> str:
        return "".join(block.html() for block in self.blocks())


def short(spec: str, letters: int = MOST_LETTERS) -> str:
    """A spec on one line of at most so many letters."""
    line = " ".join(spec.split())
    return line if len(line) <= letters else f"{line[: letters - 3]}..."


def rate(value: float, low: float, high: float) -> str:
    """A measured rate with the ends of its interval."""
    return f"{value:.4f}  [{low:.4f}, {high:.4f}]"


def flattened(plain: dict[str, Any], before: str = "") -> dict[str, Any]:
    """A dict of dicts as one with dotted names; lists stay what they are."""
    found: dict[str, Any] = {}
    for name, value in plain.items():
        found |= flattened(value, f"{before}{name}.") if isinstance(value, dict) else {before + str(name): value}
    return found
