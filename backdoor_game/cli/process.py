"""What the console script does to its own process, and `main` never does: streams and warnings."""

from __future__ import annotations

import codecs
import io
import sys
import warnings
from typing import Any


class Told(io.TextIOWrapper):
    """Standard output that remembers what it was told, for where that cannot be written."""

    def __init__(self, *about: Any, **more: Any) -> None:
        super().__init__(*about, **more)
        self.told: list[str] = []

    def write(self, text: str, /) -> int:
        self.told.append(text)
        return super().write(text)


def settle_streams() -> bool:
    """Make the standard streams usable; False where there is no standard output, so that work would be lost."""
    codecs.register_error("backdoor_game.escaped", _escaped)
    if sys.stderr is None:
        sys.stderr = open(2, "w", errors="backslashreplace", closefd=False)  # noqa: SIM115  # for the process's life
    if sys.stdout is None:
        return False
    if isinstance(sys.stdout, io.TextIOWrapper):
        how = {name: getattr(sys.stdout, name) for name in ("encoding", "line_buffering", "write_through")}
        sys.stdout.flush()
        sys.stdout = Told(sys.stdout.detach(), errors="backdoor_game.escaped", **how)
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
    if quiet and not sys.warnoptions:  # who asked Python for them gets them
        warnings.simplefilter("ignore")
