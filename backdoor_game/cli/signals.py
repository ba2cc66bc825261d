"""Descriptors, Ctrl-C and SIGTERM, for the console script alone: a library leaves its user's as they are."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections.abc import Callable

from ..ground.renaming import renaming

PATIENCE = 5.0  # seconds that a signal waits for files to be renamed: a set of them takes milliseconds
LINE = 76  # columns of the progress line, see `Reporter`


def settle_descriptors() -> None:
    """Open what is closed of the first three: the next file, or pipe, would get its number and all that is written."""
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # the lowest number that is free: this one


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
