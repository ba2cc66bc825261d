"""The exceptions of the package: each message is one sentence that names the argument, the value and what would do."""


class BackdoorGameError(Exception):
    """Anything that the package raises on purpose; the command line turns it into one line and exit status 2."""


class InvalidArgument(BackdoorGameError, ValueError):
    """An argument has the wrong type or lies outside its range."""


class SpecError(BackdoorGameError, ValueError):
    """A spec text cannot be read: unknown name, misspelt parameter, bad syntax or a plug-in that does not import."""


class MissingCapability(BackdoorGameError, NotImplementedError):
    """A class, distribution or learner lacks an optional method that a player needs."""


class ContractError(BackdoorGameError):
    """A player broke its contract (nonsense returned, an exception raised): a bug in a measurement, never a result."""


class BudgetExceeded(BackdoorGameError):
    """A player asked for more examples or evaluations than the game grants; the round is its forfeit."""
