"""The command line: one file a command, and one sentence with exit status 2 for whatever is wrong."""

from __future__ import annotations

import contextlib
import errno
import importlib
import os
import sys
from collections.abc import Sequence
from functools import partial
from typing import Any, NoReturn, TextIO

from ..ground.errors import BackdoorGameError, InvalidArgument

COMMANDS = {
    "list": "what there is: classes, distributions, learners, players, games, bounds, experiments",
    "describe": "what a name stands for: docstring, fields, status, source, and an example that runs",
    "new": "a plug-in of a kind, with its contract in comments, and a pytest file beside it",
    "play": "one round, told step by step",
    "estimate": "many rounds: the win rate with its interval",
    "curve": "the win rate as one parameter is swept: table, figure and JSON",
    "compare": "several defenders against one attacker on the same rounds, with the intervals of their differences",
    "solve": "the exact value of a finite game, and how far strategies are from optimal",
    "mixing": "how well a defender's Metropolis walks mix: acceptance, R-hat, effective sample size",
    "check": "whether a strategy keeps its contract: one line for each property; exit status 1 if one fails",
    "tournament": "every attacker against every defender: table, rankings, exact play, heat map, JSON and CSV",
    "verify": "a saved result played again, and every number compared; exit status 1 if one differs",
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
        0; 1 where a claim of `reproduce`, a check of `check` or a number of `verify` fails; 2 for wrong input, and
        where a result or a part of it could not be had or kept; 130 after Ctrl-C (the console script: 143 after
        SIGTERM); 141 where standard output was closed. Anything unexpected is a bug and keeps its traceback.
    """
    words = list(sys.argv[1:] if argv is None else argv)
    name = _name(words)
    try:
        command, rest = _command(words)
        if command is None:
            return _say(rest[0])
        try:
            options = command.parser().read(rest)
        except SystemExit:  # --help has been printed
            sys.stdout.flush()
            return 0
        _check_environment()
        status = int(command.run(options))
        sys.stdout.flush()
        return status
    except BackdoorGameError as error:
        return _fail(f"{name}: {error}", WRONG)
    except MemoryError:
        return _fail(f"{name}: out of memory: ask for fewer examples or members, or for a smaller class", WRONG)
    except KeyboardInterrupt:
        return _fail(_left(words, "interrupted"), INTERRUPTED)
    except BrokenPipeError:
        return _closed()
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EFBIG):
            raise
        return _unwritten(name, error)


def run() -> NoReturn:
    """The console script: `main` in a process whose streams, warnings and signals are settled first."""
    from .signals import settle_descriptors, settle_signals

    words = sys.argv[1:]
    name = _name(words)
    settle_descriptors()
    settle_signals(partial(_left, words))  # soon: until then Ctrl-C is Python's own
    from . import process

    if not process.settle_streams():
        sys.exit(_fail(f"{name}: standard output is closed: send it to a file or to {os.devnull}", WRONG))
    process.settle_warnings(name, "--quiet" in words)
    status = main(words)
    if status == INTERRUPTED:  # heard elsewhere, as by a SAT solver: leave at once here too
        os._exit(status)
    sys.exit(status)


def _name(words: list[str]) -> str:
    """What a message begins with."""
    return " ".join(["backdoor-game", *words[:1]]) if words[:1] and words[0] in COMMANDS else "backdoor-game"


def _left(words: list[str], how: str) -> str:
    """The sentence of a command that was stopped, with what it has kept."""
    first = words[0] if words else ""
    command = sys.modules.get(f"{__name__}.{FILES.get(first, first)}")
    return f"{_name(words)}: {how}; {getattr(command, 'KEPT', 'nothing was written')}"


def _check_environment() -> None:
    """Refuse odd values of variables that are read later on, before any work."""
    from ..ground._jit import check_environment

    check_environment()


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
    """One line on standard error; where that cannot be written the status alone says it."""
    try:
        print(" ".join(message.split()), file=sys.stderr, flush=True)
    except (OSError, ValueError):
        _to_nowhere(sys.stderr)
    return status


def _unwritten(name: str, error: OSError) -> int:
    """Standard output takes no more: what it was told goes to standard error, lest hours of work are lost."""
    from .process import Told

    told = "".join(sys.stdout.told) if isinstance(sys.stdout, Told) else ""
    follows = "; all that it was told follows here" if told else ""
    _to_nowhere(sys.stdout)
    status = _fail(f"{name}: standard output cannot be written: {error.strerror}{follows}", WRONG)
    with contextlib.suppress(OSError, ValueError):
        print(told.removesuffix("\n"), file=sys.stderr, flush=True)  # the last line may have ended too late
    return status


def _closed() -> int:
    """Standard output went away, as under ``| head``: leave without a word."""
    _to_nowhere(sys.stdout)
    return CLOSED


def _to_nowhere(stream: TextIO) -> None:
    """What a stream still holds would raise once more at the interpreter's last flush."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
