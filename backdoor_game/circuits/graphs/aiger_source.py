"""The bytes of an AIGER file: its header, checked before anything is allocated, and where in it something is wrong."""

from __future__ import annotations

import dataclasses
import re
from typing import NoReturn

from ...ground.errors import InvalidArgument
from .circuit import MOST_INPUTS, MOST_VARIABLES

_HEADER = re.compile(rb"(aag|aig)((?: [0-9]{1,10}){5,9})\n")  # M I L O A, and up to four more numbers in version 1.9
# possessive: a long table that ends badly must not be tried again from every line
_SYMBOLS = re.compile(rb"(?:[io][0-9]{1,10} [^\n]+\n)*+")
_SYMBOL = re.compile(rb"([io])([0-9]{1,10}) [^\n]+\n")
_REFUSED = {
    "latches": "unroll them first",
    "bad-state properties": "make them outputs",
    "invariant constraints": "join them to the outputs that they restrict",
    "justice properties": "they speak of infinite runs, which a combinational circuit has not",
    "fairness constraints": "they speak of infinite runs, which a combinational circuit has not",
}


@dataclasses.dataclass(frozen=True)
class Header:
    """What the first line says, checked: `body` is the offset of the byte after it."""

    ascii: bool
    variables: int
    inputs: int
    outputs: int
    gates: int
    body: int


@dataclasses.dataclass(frozen=True)
class Source:
    """A file's bytes and its name, which every refusal carries."""

    data: bytes
    name: str

    def refuse(self, where: str, reason: str) -> NoReturn:
        """Refuse the file: one sentence with the position and what would do."""
        raise InvalidArgument(f"{self.name!r} must hold a combinational circuit in AIGER format: {where} {reason}")

    def at_line(self, offset: int, reason: str) -> NoReturn:
        """Refuse what begins at a byte of the text part, by its line."""
        before = self.data.count(b"\n", 0, offset)
        self.refuse(f"line {before + 1}", reason)

    def at_byte(self, offset: int, reason: str) -> NoReturn:
        """Refuse what begins at a byte of the binary part."""
        self.refuse(f"byte {offset}", reason)

    def shown(self, offset: int) -> str:
        """The rest of the line that begins at a byte, short enough for a sentence."""
        line = self.data[offset : offset + 31].split(b"\n", 1)[0].decode("latin-1")
        return repr(line if len(line) <= 30 else line[:27] + "...")

    def header(self) -> Header:
        """The first line, every number in it checked against the others and against the file's size."""
        match = _HEADER.match(self.data)
        if match is None:
            self.at_line(0, f"must read 'aag M I L O A' or 'aig M I L O A' in whole numbers, got {self.shown(0)}")
        M, inputs, latches, outputs, gates, *others = map(int, match[2].split())
        for (what, advice), count in zip(_REFUSED.items(), (latches, *others), strict=False):
            if count:
                self.at_line(0, f"must name no {what}, got {count}: {advice}")
        text, left = match[1] == b"aag", len(self.data) - match.end()
        if M > MOST_VARIABLES or inputs > MOST_INPUTS:
            found = f"{M} and {inputs}"
            self.at_line(0, f"must name at most {MOST_VARIABLES} variables and {MOST_INPUTS} inputs, got {found}")
        used = inputs + gates
        if used > M or (used < M and not text):
            rule = "at least" if text else "exactly"
            self.at_line(0, f"must name {rule} I + A = {used} variables, got {M}")
        least = 2 * outputs + (2 * inputs + 6 * gates if text else 2 * gates)
        if least > left:
            self.at_line(0, f"must be followed by at least {least} bytes, but the file is truncated after {left}")
        return Header(text, M, inputs, outputs, gates, match.end())

    def numbers(self, offset: int, lines: int, pattern: bytes, wanted: str) -> bytes:
        """The text of so many lines of numbers from a byte on, each of one form."""
        found = re.compile(rb"(?:%s\n){0,%d}+" % (pattern, lines)).match(self.data, offset)
        text = b"" if found is None else found[0]
        if text.count(b"\n") < lines:
            end = offset + len(text)
            got = f"got {self.shown(end)}" if b"\n" in self.data[end:] else "but the file is truncated there"
            self.at_line(end, f"must hold {wanted}, {got}")
        return text

    def check_tail(self, offset: int, header: Header) -> None:
        """After the gates: symbols of inputs and outputs, then a comment, each optional; nothing of them is kept."""
        found = _SYMBOLS.match(self.data, offset)
        end = offset if found is None else found.end()
        for symbol in _SYMBOL.finditer(self.data, offset, end):
            count = header.inputs if symbol[1] == b"i" else header.outputs
            if int(symbol[2]) >= count:
                self._tail(
                    symbol.start(), header, f"must be the symbol of one of {count}, got {self.shown(symbol.start())}"
                )
        if end < len(self.data) and self.data[end : end + 2] not in (b"c\n", b"c"):
            self._tail(end, header, f"must begin a symbol, a comment or nothing, got {self.shown(end)}")

    def _tail(self, offset: int, header: Header, reason: str) -> NoReturn:
        (self.at_line if header.ascii else self.at_byte)(offset, reason)
