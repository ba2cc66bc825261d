"""What the process that runs SCIP does: a task in, what SCIP says out."""

from __future__ import annotations

import os
import threading
import time
from typing import Any

import numpy as np

from .program import FEASIBILITY, Program, program

GAP = 1e-7  # between SCIP's ends, at which it stops: a tenth of what relaxing and moving its bound costs
PARAMETERS: dict[str, Any] = {
    "numerics/feastol": FEASIBILITY,
    "numerics/dualfeastol": FEASIBILITY,
    "numerics/sumepsilon": FEASIBILITY,  # its default of 1e-6 takes a relaxed constraint for a tight one
    "limits/absgap": GAP,
}


WATCHED = 0.5  # seconds between two looks at the process that asked


def leave_with(parent: int) -> None:
    """End this process when that one has ended: the command line leaves at once on Ctrl-C, and kills nobody before."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(WATCHED)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def run(task: dict[str, Any]) -> dict[str, Any]:
    """Solve the program of `labels` and `epsilon` within `time_limit` seconds, or None.

    Returns
    -------
    dict
        What the optimum is at most (`bound`) and how far that may be off (`moved`); SCIP's version; whether it is
        `closed`; and where there is a solution its `D` and the sets that it counts as light enough (`chosen`).
    """
    made = program(np.array(task["labels"], dtype=np.uint8), task["epsilon"])
    model = made.model
    for name, value in PARAMETERS.items():
        model.setParam(name, value)
    if task["time_limit"] is not None:
        model.setParam("limits/time", task["time_limit"])
    model.optimizeNogil()  # so that `leave_with` is heard
    # before its first bound SCIP says 1e20; 2 sum z <= 1 always
    found = {"bound": min(1.0, float(model.getDualbound())), "moved": made.moved, "version": float(model.version())}
    return {**found, "closed": model.getStatus() in ("optimal", "gaplimit"), **_best(made)}


def _best(made: Program) -> dict[str, Any]:
    model = made.model
    if model.getNSols() == 0:
        return {"D": None, "chosen": []}
    best = model.getBestSol()
    D = [max(0.0, float(model.getSolVal(best, variable))) for variable in made.D]
    return {"D": D, "chosen": [S for S, variable in made.b.items() if model.getSolVal(best, variable) > 0.5]}
