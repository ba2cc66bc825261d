"""The command line: one file a command, and one sentence with exit status 2 for whatever is wrong."""

from __future__ import annotations

import contextlib
import errno
import importlib
import os
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

from ..ground.errors import BackdoorGameError, InvalidArgument

COMMANDS = {
    "list": "what there is: classes, distributions, learners, players, games, bounds, experiments",
    "play": "one round, told step by step",
    "estimate": "many rounds: the win rate with its interval",
    "curve": "the win rate as one parameter is swept: table, figure and JSON",
    "compare": "several defenders against one attacker on the same rounds, with the intervals of their differences",
    "solve": "the exact value of a finite game, and how far strategies are from optimal",
    "mixing": "how well a defender's Metropolis walks mix: acceptance, R-hat, effective sample size",
    "check": "whether a strategy keeps its contract: one line for each property; exit status 1 if one fails",
    "tournament": "every attacker against every defender: table, rankings, exact play, heat map, JSON and CSV",
    "reproduce": "a theorem's experiment: tables, figures and a verdict for each claim",
}
FILES = {"list": "listing"}
WRONG, INTERRUPTED, CLOSED = 2, 130, 141


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command.

    Parameters
    ----------
    argv : sequence of str, optional
        By default ``sys.argv[1:]``.

    Returns
    -------
    int
        0; 1 where a claim of `reproduce` or one of the checks of `check` fails; 2 for wrong input; 130 after Ctrl-C;
        141 where standard output was closed. Anything unexpected is a bug and keeps its traceback.
    """
    words = list(sys.argv[1:] if argv is None else argv)
    name = " ".join(["backdoor-game", *words[:1]]) if words[:1] and words[0] in COMMANDS else "backdoor-game"
    kept = "nothing was written"
    try:
        command, rest = _command(words)
        if command is None:
            return _say(rest[0])
        kept = getattr(command, "KEPT", kept)
        try:
            options = command.parser().read(rest)
        except SystemExit:  # --help has been printed
            return 0
        status = int(command.run(options))
        sys.stdout.flush()
        return status
    except BackdoorGameError as error:
        return _fail(f"{name}: {error}", WRONG)
    except MemoryError:
        return _fail(f"{name}: out of memory: ask for fewer examples or members, or for a smaller class", WRONG)
    except KeyboardInterrupt:
        return _fail(f"{name}: interrupted; {kept}", INTERRUPTED)
    except BrokenPipeError:
        return _closed()
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EIO):
            raise
        _closed()
        return _fail(f"{name}: standard output cannot be written: {error.strerror}", WRONG)


def run() -> NoReturn:
    """The console script: `main`, left at once after Ctrl-C, whatever a kernel in another thread is still at."""
    status = main()
    if status == INTERRUPTED:
        with contextlib.suppress(OSError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(status)
    sys.exit(status)


def _command(words: list[str]) -> tuple[Any, list[str]]:
    """The module of a command and its arguments; None and a text to print instead."""
    first = words[0] if words else "--help"
    if first in ("-h", "--help"):
        return None, [_help()]
    if first == "--version":
        from importlib.metadata import version

        return None, [f"backdoor-game {version('backdoor-game')}"]
    if first not in COMMANDS:
        from ..ground._validate import did_you_mean

        kind = "option" if first.startswith("-") else "command"
        raise InvalidArgument(f"unknown {kind} {first!r}: {did_you_mean(first, [*COMMANDS, '--help', '--version'])}")
    return importlib.import_module(f"{__name__}.{FILES.get(first, first)}"), words[1:]


def _help() -> str:
    width = max(map(len, COMMANDS))
    lines = [f"  {name:<{width}}  {what}" for name, what in COMMANDS.items()]
    return "\n".join(
        [
            "usage: backdoor-game COMMAND [options]",
            "",
            "Attacker-defender games from backdoor-detection theory: played, measured, laid over the theorems.",
            "",
            *lines,
            "",
            "'backdoor-game COMMAND --help' tells the options of a command; --version the version.",
        ]
    )


def _say(text: str) -> int:
    print(text, flush=True)
    return 0


def _fail(message: str, status: int) -> int:
    print(" ".join(message.split()), file=sys.stderr)
    return status


def _closed() -> int:
    """Standard output went away, as under ``| head``: leave without a word, also at the interpreter's last flush."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return CLOSED
