"""A run of SCIP that hears Ctrl-C, keeps to a time limit and tells how far it is."""

from __future__ import annotations

import dataclasses
import threading
import time
from typing import Any

from ...ground.progress import Progress
from .program import FEASIBILITY, Program

GAP = 1e-7  # between SCIP's ends, at which it stops: a tenth of what relaxing and moving its bound costs
POLLED = 0.05  # seconds between two looks at the thread: Ctrl-C is heard at once
PARTS = 1000  # of a progress report


@dataclasses.dataclass(frozen=True)
class Searched:
    """What SCIP says of its program.

    Attributes
    ----------
    bound : float
        What the optimum is at most.
    nodes : int
    D : tuple of float or None
        Of its best solution, if it has one.
    chosen : tuple of sets
        Those it counts as light enough there.
    closed : bool
        Whether the search ended by itself.
    """

    bound: float
    nodes: int
    D: tuple[float, ...] | None
    chosen: tuple[tuple[int, ...], ...]
    closed: bool


def searched(made: Program, time_limit: float | None, progress: Progress) -> Searched:
    """Run SCIP in a thread of its own that lets go of the interpreter, and read its answer."""
    model = made.model
    model.setParam("numerics/feastol", FEASIBILITY)
    model.setParam("numerics/dualfeastol", FEASIBILITY)
    model.setParam("limits/absgap", GAP)
    model.setParam("misc/catchctrlc", False)  # Python hears it
    if time_limit is not None:
        model.setParam("limits/time", time_limit)
    _run(model, time_limit, progress)
    bound = min(1.0, float(model.getDualbound()))  # before its first one it is 1e20; 2 sum z <= 1 always
    closed = model.getStatus() in ("optimal", "gaplimit")
    if model.getNSols() == 0:
        return Searched(bound, int(model.getNNodes()), None, (), closed)
    best = model.getBestSol()
    D = tuple(max(0.0, float(model.getSolVal(best, variable))) for variable in made.D)
    chosen = tuple(S for S, variable in made.b.items() if model.getSolVal(best, variable) > 0.5)
    return Searched(bound, int(model.getNNodes()), D, chosen, closed)


def _run(model: Any, time_limit: float | None, progress: Progress) -> None:
    """Until it ends, its time is over or somebody presses Ctrl-C, which ends the thread as well."""
    failed: list[BaseException] = []

    def run() -> None:
        try:
            model.optimizeNogil()
        except BaseException as error:
            failed.append(error)

    thread, began = threading.Thread(target=run, daemon=True), time.monotonic()
    thread.start()
    try:
        while thread.is_alive():
            thread.join(POLLED)
            spent = time.monotonic() - began
            # without a limit nobody knows how much is left: a share that creeps towards the whole
            share = spent / time_limit if time_limit else spent / (spent + 60.0)
            progress(min(PARTS, int(PARTS * share)), PARTS)
    except BaseException:
        model.interruptSolve()
        thread.join()
        raise
    if failed:
        raise failed[0]
    progress(PARTS, PARTS)
