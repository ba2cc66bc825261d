"""The exceptions of the package: each message is one sentence that names the argument, the value and what would do."""

from __future__ import annotations

import re

LONGEST = 1200  # characters of a message: some ten lines of a terminal, and no list of a million numbers
# whatever starts a new line for a terminal or for str.splitlines
_BREAKS = re.compile(r"\s*[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]\s*")


class BackdoorGameError(Exception):
    """Anything that the package raises on purpose; the command line turns it into one line and exit status 2.

    A message is one line of at most 1,200 characters whatever it quotes: a label, a path, a long list, another
    library's explanation.
    """

    def __init__(self, *told: object) -> None:
        super().__init__(*(_line(part) if isinstance(part, str) else part for part in told))


class InvalidArgument(BackdoorGameError, ValueError):
    """An argument has the wrong type or lies outside its range."""


class SpecError(BackdoorGameError, ValueError):
    """A spec text cannot be read: unknown name, misspelt parameter, bad syntax or a plug-in that does not import."""


class MissingCapability(BackdoorGameError, NotImplementedError):
    """A class, distribution or learner lacks an optional method that a player needs."""


class ContractError(BackdoorGameError):
    """A player broke its contract (nonsense returned, an exception raised): a bug in a measurement, never a result."""


class ClassFault(ContractError):
    """A function class or distribution from elsewhere broke its contract: told under its name, whoever was playing."""


class BudgetExceeded(BackdoorGameError):
    """A player asked for more examples or evaluations than the game grants; the round is its forfeit."""


def _line(message: str) -> str:
    """One line, its middle left out where it is long: what is refused stands first, and what would do last."""
    line = _BREAKS.sub(" ", message).strip()
    return line if len(line) <= LONGEST else f"{line[: LONGEST * 3 // 4]}...{line[-LONGEST // 5 :]}"
