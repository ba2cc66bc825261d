"""Ctrl-C at many moments of a run: ``python -m benchmarks.interruptions``.

Each run is a process of its own, stopped after a time that moves evenly over the span; cold ones compile every kernel.
It must leave with status 130 (SIGTERM: 143), print nothing on standard output and one line on standard error. A moment
at which Python itself is still starting is named apart: no program has a say there.
"""

from __future__ import annotations

import argparse
import collections
import os
import signal
import subprocess
import sys
import tempfile
import time

HANGS = 20.0  # seconds after which a process counts as hanging
GAME = ["estimate", "--functions", "Thresholds(points=16)", "--distribution", "Uniform()", "--epsilon", "1/8"]
GAME += ["--attacker", "NearestLegal()", "--defender", "DistillationEnsemble()"]
MODELS = ["estimate", "--game", "StaticDetection(RandomFourierFeatures(features=64, dimension=16), "]
MODELS[-1] += "GaussianLinear(dimension=16))"
MODELS += ["--attacker", "CLWEBackdoor(k=8)", "--defender", "Moments()"]
LONG = ["--rounds", "1e9", "--seed", "1", "--quiet"]


def stopped(words: list[str], after: float, number: int, folder: str) -> tuple[str, float]:
    """How one process left that was sent signal `number` after so many seconds, and how long that took."""
    process = subprocess.Popen(
        [sys.executable, "-m", "backdoor_game.cli", *words],
        env={**os.environ, "NUMBA_CACHE_DIR": folder},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    time.sleep(after)
    process.send_signal(number)
    sent = time.perf_counter()
    try:
        out, err = process.communicate(timeout=HANGS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        return "hangs", HANGS
    took = time.perf_counter() - sent
    word = {signal.SIGINT: "interrupted", signal.SIGTERM: "terminated"}[signal.Signals(number)]
    line = f"backdoor-game estimate: {word}; nothing was written\n"
    if (process.returncode, out, err) == (128 + number, "", line):
        return "left as it should", took
    # By Python's own handler, or none: it had not come to ours yet, which raises nothing.
    if process.returncode == -number or (process.returncode == 1 and err.rstrip().endswith("KeyboardInterrupt")):
        return "Python was still starting", took
    return f"status {process.returncode}, {err[-300:]!r}", took


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cold", type=int, default=100, help="moments of runs that compile everything (100)")
    parser.add_argument("--warm", type=int, default=200, help="moments of runs that find their kernels (200)")
    parser.add_argument("--term", type=int, default=20, help="moments of SIGTERM (20)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as warm:
        for words in (GAME, MODELS):
            run = [sys.executable, "-m", "backdoor_game.cli", *words, "--rounds", "50", "--seed", "1", "--quiet"]
            subprocess.run(run, env={**os.environ, "NUMBA_CACHE_DIR": warm}, capture_output=True, check=True)
        plans = [("cold", options.cold, 6.0, signal.SIGINT), ("warm", options.warm, 2.0, signal.SIGINT)]
        for name, count, span, number in [*plans, ("SIGTERM, warm", options.term, 3.0, signal.SIGTERM)]:
            found: collections.Counter[str] = collections.Counter()
            slowest = 0.0
            for i in range(count):
                with tempfile.TemporaryDirectory() as cold:
                    folder = cold if name == "cold" else warm
                    words = [*(GAME, MODELS)[i % 2], *LONG]
                    how, took = stopped(words, 0.08 + span * i / count, number, folder)
                found[how] += 1
                slowest = max(slowest, took)
            print(f"{name}: {count} moments over {span:g} s; slowest to leave {slowest:.2f} s")
            for how, many in found.most_common():
                print(f"  {many:4d}  {how}", flush=True)


if __name__ == "__main__":
    main()
