"""SCIP in a process of its own: it may crash or hear neither limit nor interrupt, and neither may cost a result."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
import time
from typing import Any

from ...functions.base import Labels
from ...ground.progress import Progress

POLLED = 0.05  # seconds between two looks at the process: Ctrl-C is heard at once
GRACE = 10.0  # seconds beyond its limit: to start in, and to end in; a linear program may turn on one spot for ever
PARTS = 1000  # of a progress report
HALF = 60.0  # seconds after which a run without a limit is told as half done
# The paths of this process, so that it finds the same package; the group of its own keeps Ctrl-C from it, and it ends
# when this process has ended, however that was.
CHILD = """
import json, sys
task = json.load(sys.stdin)
sys.path[:] = task["path"]
from backdoor_game.exact.minimax.child import leave_with, run
leave_with(task["parent"])
json.dump(run(task), sys.stdout)
"""


def searched(labels: Labels, epsilon: float, time_limit: float | None, progress: Progress) -> dict[str, Any] | None:
    """What `child.run` returns; None where SCIP crashed, or was killed since it did not keep to its limit."""
    task: dict[str, Any] = {"labels": labels.tolist(), "epsilon": epsilon, "time_limit": time_limit}
    task |= {"path": sys.path, "parent": os.getpid()}
    began, last = time.monotonic(), math.inf if time_limit is None else time_limit + GRACE
    words = [sys.executable, "-c", CHILD]
    pipes: Any = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(words, **pipes, text=True, start_new_session=True) as process:
        try:
            told: str | None = json.dumps(task)
            while time.monotonic() - began < last:
                try:
                    answer, _ = process.communicate(told, timeout=POLLED)
                except subprocess.TimeoutExpired:
                    told = None
                    progress(_parts(time.monotonic() - began, time_limit), PARTS)
                    continue
                progress(PARTS, PARTS)
                found: dict[str, Any] | None = json.loads(answer) if process.returncode == 0 else None
                return found
            return None
        finally:
            process.kill()


def _parts(spent: float, time_limit: float | None) -> int:
    """How far it is: without a limit nobody knows how much is left, and the share creeps towards the whole."""
    share = spent / time_limit if time_limit else spent / (spent + HALF)
    return min(PARTS, int(PARTS * share))
