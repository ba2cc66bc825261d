"""``backdoor-game reproduce``: a theorem's experiment, with a verdict for each claim."""

from __future__ import annotations

import argparse

from ..ground.errors import InvalidArgument
from . import options as shared
from .parsing import Parser, whole

KEPT = "no file is half-written"


def parser() -> Parser:
    """The options of this command."""
    from ..experiments import EXPERIMENTS

    made = Parser("reproduce", "Run an experiment; exit status 1 if one of its claims fails.")
    made.epilog = "experiments: " + ", ".join(EXPERIMENTS)
    made.add_argument("name", metavar="NAME", nargs="?", help="which experiment")
    size = made.add_argument_group("the run")
    size.add_argument("--quick", action="store_true", help="at most a minute on two cores (the default)")
    size.add_argument("--full", action="store_true", help="more rounds and a finer grid")
    size.add_argument("--seed", metavar="NUMBER", help="what every number follows from; fixed by default")
    size.add_argument("--output", metavar="FOLDER", default="results", help="where figures and JSON go (results)")
    shared.add_overwrite(size)
    size.add_argument("--threads", metavar="COUNT", help="threads to use; changes no number")
    size.add_argument("--json", action="store_true", help="print one JSON object")
    size.add_argument("--quiet", action="store_true", help="no progress on standard error")
    return made


def run(options: argparse.Namespace) -> int:
    """Reproduce, print tables, verdicts and files; 1 if a claim fails."""
    from ..experiments import EXPERIMENTS
    from ..ground._validate import did_you_mean

    name = options.name
    if name is None:
        raise InvalidArgument("the experiment is missing: name one of " + ", ".join(EXPERIMENTS))
    if name not in EXPERIMENTS:
        raise InvalidArgument(f"unknown experiment {name!r}: {did_you_mean(name, list(EXPERIMENTS))}")
    if options.quick and options.full:
        raise InvalidArgument("--quick and --full exclude each other: pass one of them")
    seed, threads = whole("seed", options.seed), shared.threads(options)
    from ..experiments.shared.base import DEFAULT_SEED
    from ..experiments.shared.reproducing import reproduce
    from ..ground.files import json_text

    with shared.progress(name, options.quiet) as progress:
        report = reproduce(
            name,
            quick=not options.full,
            seed=DEFAULT_SEED if seed is None else seed,
            output=options.output,
            threads=threads,
            progress=progress,
            overwrite=options.overwrite,
        )
    print(json_text(report.to_dict()) if options.json else report)
    if report.lost is not None:
        raise InvalidArgument(f"the results above are whole, but {report.lost}")
    return 0 if report.holds else 1
