"""What the console script does to its own process, and `main` never does: streams, warnings and signals."""

from __future__ import annotations

import codecs
import contextlib
import io
import os
import signal
import sys
import threading
import warnings
from collections.abc import Callable
from typing import Any

from ..ground.files import renaming

PATIENCE = 5.0  # seconds that a signal waits for files to be renamed: a set of them takes milliseconds
LINE = 76  # columns of the progress line, see `Reporter`


class Told(io.TextIOWrapper):
    """Standard output that remembers what it was told, for where that cannot be written."""

    def __init__(self, *about: Any, **more: Any) -> None:
        super().__init__(*about, **more)
        self.told: list[str] = []

    def write(self, text: str, /) -> int:
        self.told.append(text)
        return super().write(text)


def settle_streams() -> bool:
    """Make all three standard streams usable; False where there is no standard output, so that work would be lost.

    A closed descriptor would be given to the next file that is opened, and messages written into it.
    """
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # the lowest number that is free: this one
    codecs.register_error("backdoor_game.escaped", _escaped)
    if sys.stderr is None:
        sys.stderr = open(2, "w", errors="backslashreplace", closefd=False)  # noqa: SIM115  # for the process's life
    if sys.stdout is None:
        return False
    if isinstance(sys.stdout, io.TextIOWrapper):
        encoding, lines = sys.stdout.encoding, sys.stdout.line_buffering
        sys.stdout.flush()
        raw = sys.stdout.detach()
        sys.stdout = Told(raw, encoding=encoding, errors="backdoor_game.escaped", line_buffering=lines)
    return True


def _escaped(error: UnicodeError) -> tuple[str, int]:
    """What the encoding lacks as JSON would write it, so that an object in ASCII is still that object."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    units = error.object[error.start : error.end].encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2)), error.end


def settle_warnings(name: str, quiet: bool) -> None:
    """A warning is one line on standard error, or nothing."""
    warnings.formatwarning = lambda message, *_: f"{name}: {' '.join(str(message).split())}\n"
    if quiet:
        warnings.simplefilter("ignore")


def settle_signals(sentence: Callable[[str], str]) -> None:
    """Leave at once on Ctrl-C (status 130) and SIGTERM (143), with one line, whatever all threads are at.

    Nothing is raised: an exception in the middle of a compiler or of a player can be swallowed or taken for theirs, and
    one in native code has crashed the process. A thread waits for the signal instead, so that compiled code in the main
    thread holds nothing up. Files appear in one step, and this waits while a set of them does.
    """
    if os.name != "posix" or threading.current_thread() is not threading.main_thread():
        return  # a wake-up descriptor is a socket on Windows, and its console has a Ctrl-C of its own
    words = {signal.SIGINT: "interrupted", signal.SIGTERM: "terminated"}
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    for number in words:
        if signal.getsignal(number) not in (signal.SIG_IGN, None):  # nohup and background jobs ignore them on purpose
            signal.signal(number, lambda *_: None)
    signal.set_wakeup_fd(writing, warn_on_full_buffer=False)

    def wait() -> None:
        while (number := os.read(reading, 1)[0]) not in words:
            pass
        renaming.acquire(timeout=PATIENCE)
        with contextlib.suppress(OSError):
            clear = "\r" + LINE * " " + "\r" if os.isatty(2) else ""
            os.write(2, f"{clear}{sentence(words[signal.Signals(number)])}\n".encode())
        os._exit(128 + number)

    threading.Thread(target=wait, name="signals", daemon=True).start()
