"""``solve --curve``: the value of a finite game at every epsilon of a range."""

from __future__ import annotations

import argparse

from ..ground.errors import InvalidArgument
from . import options as shared
from . import pictures

# What says nothing beside --curve, and why.
ALONE = {
    "epsilon": "a curve takes every epsilon: leave it out, or take a range by --from and --to",
    "attacker": "strategies are weighed at one epsilon: leave --curve out",
    "defender": "strategies are weighed at one epsilon: leave --curve out",
    "steps": "a curve is that of one D: pass --distribution and leave --steps out",
    "play": "play is shown at one epsilon: leave --curve out",
    "certify": "a curve is that of one D: leave --distribution and --curve out",
    "time-limit": "it is for --certify, which does not go with --curve either: leave it out",
    "sees": "a curve is that of a defender who sees all of f' and x': leave it out",
    "seed": "nothing is drawn for a curve: leave it out",
}


def add_curve(group: argparse._ArgumentGroup) -> None:
    """The curve and its range."""
    group.add_argument("--curve", action="store_true", help="the value at every epsilon, in all its steps")
    group.add_argument("--from", dest="low", metavar="NUMBER", help="with --curve: the least epsilon (0)")
    group.add_argument("--to", dest="high", metavar="NUMBER", help="with --curve: the largest epsilon (1)")


def check(options: argparse.Namespace) -> None:
    """Refuse options that do not go together."""
    if not options.curve:
        for name, dest in (("from", "low"), ("to", "high")):
            if getattr(options, dest) is not None:
                raise InvalidArgument(f"--{name} is for --curve: name one --epsilon, or add --curve")
        return
    for name, why in ALONE.items():
        if getattr(options, name.replace("-", "_")):
            raise InvalidArgument(f"--{name} does not go with --curve: {why}")
    if options.distribution is None:
        raise InvalidArgument('a curve is that of one D: pass for example --distribution "Uniform()"')


def run(options: argparse.Namespace) -> int:
    """Solve at every breakpoint, then print a table or one JSON object."""
    from ..exact.solving import value_curve
    from ..ground.files import json_text

    game = shared.game(argparse.Namespace(**{**vars(options), "epsilon": "0"}))
    place = pictures.claimed(options.figure, overwrite=options.overwrite)
    low, high = "0" if options.low is None else options.low, "1" if options.high is None else options.high
    with shared.progress("solve", options.quiet) as progress:
        found = value_curve(
            game, low=low, high=high, exact=options.exact, tolerance=options.tolerance, progress=progress
        )
    with pictures.drawn(place, found) as files:
        told = "\n".join([str(found), *(f"wrote {path}" for path in files)])
        more = {"files": files} if options.figure is not None else {}
        print(json_text({**found.to_dict(), **more}) if options.json else told)
    return 0
