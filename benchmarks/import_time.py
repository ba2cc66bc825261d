"""How long a fresh interpreter takes to import the package, beyond its own start."""

from __future__ import annotations

import pathlib
import statistics
import subprocess
import sys
from collections.abc import Iterator

from .timing import Bar, Row

ROOT = pathlib.Path(__file__).resolve().parents[1]
SOURCE = "import time; start = time.perf_counter(); import backdoor_game; print(time.perf_counter() - start)"


def rows(rounds: int) -> Iterator[Row]:
    times = []
    for _ in range(rounds + 1):
        run = subprocess.run([sys.executable, "-c", SOURCE], cwd=ROOT, capture_output=True, text=True, check=False)
        if run.returncode != 0:
            yield Row("import backdoor_game", reason_skipped=run.stderr.strip().splitlines()[-1])
            return
        times.append(float(run.stdout))
    yield Row("import backdoor_game", statistics.median(times[1:]), bar=Bar(0.3, 0.1, at_most=True))
