"""Whether two circuits compute the same, decided by a SAT solver."""

from __future__ import annotations

import signal
import sys

from .circuit import Circuit
from .side_by_side import clauses, library, miter


def equivalent(f: Circuit, g: Circuit) -> bool:
    """Whether all outputs of f and g agree on all inputs. *Proved.*

    The CaDiCaL solver [CaDiCaL20] is asked for an input on which the two differ, on one graph that holds the gates
    they share once: circuits that were copied or written and read again are settled at once, others (two multipliers
    of different build) may take time exponential in the number of inputs.

    Raises
    ------
    InvalidArgument
        Where their numbers of inputs or outputs differ.
    MissingCapability
        Where python-sat (extra `logic`) is not installed.
    """
    return not satisfiable(miter(f, g))


def satisfiable(circuit: Circuit) -> bool:
    """Whether some input puts out a 1 (first output)."""
    solvers = library("pysat.solvers", "python-sat", "equivalence of circuits")
    stopped = library("pysolvers", "python-sat", "equivalence of circuits").error
    with solvers.Solver(name="cadical153", bootstrap_with=clauses(circuit)) as solver:
        try:
            return bool(solver.solve())
        except stopped as error:
            if "keyboard interrupt" not in str(error):
                raise
        _take_back_interrupts()
        raise KeyboardInterrupt


def _take_back_interrupts() -> None:
    """The solver hears Ctrl-C, but jumps out of its handler, which stays in place for the next one, and blocks it."""
    signal.signal(signal.SIGINT, signal.getsignal(signal.SIGINT) or signal.default_int_handler)
    if sys.platform != "win32":
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])
