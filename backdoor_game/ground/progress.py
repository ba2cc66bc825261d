"""Progress of long work: a bar on a terminal, a plain line now and then in a log, nothing when quiet."""

from __future__ import annotations

import contextlib
import io
import sys
import time
from typing import Protocol, TextIO


class Progress(Protocol):
    """What long work reports to: `done` of `total` units, called often and cheap."""

    def __call__(self, done: int, total: int) -> None: ...


def silent(done: int, total: int) -> None:
    """Reports nothing."""


class Heard:
    """Carries who is told of progress past a cache: equal to every other one, and so no part of the key."""

    def __init__(self, progress: Progress) -> None:
        self.progress = progress

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Heard)

    def __hash__(self) -> int:
        return 0


class Reporter:
    """Writes to a stream, rewriting one line on a terminal and adding a line every ten seconds elsewhere."""

    def __init__(self, label: str, stream: TextIO | None = None) -> None:
        # Without a standard error, as under pythonw, there is nobody to report to.
        self._label, self._stream = label, stream or sys.stderr or io.StringIO()
        self._terminal = self._stream.isatty()
        self._began = self._last = time.monotonic()
        self._share = self._from = 0.0  # so far, and where the clock was started
        self._wrote = False

    def __call__(self, done: int, total: int) -> None:
        now, share = time.monotonic(), done / total if total else 1.0
        if share < self._share:  # another phase, such as rounds after the clean models of a threshold
            self._began, self._from = now, share
        self._share = share
        if now - self._last < (0.1 if self._terminal else 10.0) and not (self._terminal and done == total):
            return
        self._last = now
        since = share - self._from
        left = (now - self._began) * (1 - share) / since if since > 0 else 0.0
        line = f"{self._label}: {share:4.0%}, about {left:.0f} s left"
        self._write(f"\r{line:<76}" if self._terminal else line + "\n")
        self._wrote = True

    def _write(self, words: str) -> None:
        """A stream that is full, closed or gone costs the report, never the work."""
        with contextlib.suppress(OSError, ValueError):
            self._stream.write(words)
            self._stream.flush()

    def close(self) -> None:
        """Clear the line on a terminal."""
        if self._wrote and self._terminal:
            self._write("\r" + " " * 76 + "\r")
