"""The command line of the comparisons: one table, or JSON."""

from __future__ import annotations

import argparse
import importlib
import json
import os
import sys

from .timing import ROUNDS, Row

# Modules of this folder, each with rows(rounds) -> iterable of Row; a new comparison is one more name.
MODULES = ("import_time", "rounds", "gibbs", "orientation", "solving", "circuits", "circuit_batches", "features")


def shown(row: Row) -> str:
    """One line of the table."""
    if row.reason_skipped:
        return f"{row.name:<72} skipped: {row.reason_skipped}"
    bar = row.bar
    cells = [_time(row.ours), _time(row.peer), f"{row.ratio:.2f}x" if row.ratio is not None else "-"]
    unit = "-" if bar is None else " s" if bar.at_most else "x"
    cells += ["-", "-"] if bar is None else [f"{bar.floor:g}{unit}", f"{bar.stretch:g}{unit}"]
    return f"{row.name:<72}" + "".join(f"{cell:>11}" for cell in [*cells, row.verdict])


def _time(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value * 1e6:.1f} us" if value < 1e-3 else f"{value * 1e3:.2f} ms"


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--only", choices=MODULES, help="run one module of comparisons")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="interleaved rounds (default: %(default)s)")
    parser.add_argument("--json", action="store_true", help="print records instead of a table")
    options = parser.parse_args(arguments)
    os.environ["NUMBA_NUM_THREADS"] = "1"  # the bars are of one thread
    found = []
    if not options.json:
        print(f"{'':<72}" + "".join(f"{head:>11}" for head in ("ours", "peer", "ratio", "floor", "stretch", "reached")))
    for name in [options.only] if options.only else MODULES:
        for row in importlib.import_module(f".{name}", __package__).rows(options.rounds):
            found.append(row)
            if not options.json:
                print(shown(row), flush=True)
    if options.json:
        print(json.dumps([row.to_dict() for row in found], indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
