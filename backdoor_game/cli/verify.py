"""``backdoor-game verify``: a saved result is played again, and every number compared."""

from __future__ import annotations

import argparse

from ..ground.errors import InvalidArgument
from . import options as shared
from .parsing import Parser

EXAMPLE = """
FILE is what estimate, curve, compare, tournament, play, solve or mixing saved, or printed under --json; or the file
that reproduce saved (an experiment that measures time differs there).
Exit status: 0 where every number is the same, 1 where one differs, 2 where the file holds no such result.

examples:
  backdoor-game estimate --functions "AllFunctions(points=8)" --epsilon 1/8 --attacker "Shattered()" \\
      --defender "CoinFlip()" --rounds 2000 --json > result.json
  backdoor-game verify result.json
"""


def parser() -> Parser:
    """The options of this command."""
    made = Parser("verify", "Play a saved result again from what it says, and compare every number.")
    made.epilog = EXAMPLE
    made.add_argument("file", metavar="FILE", nargs="?", help="the saved result")
    group = made.add_argument_group("the run")
    group.add_argument("--threads", metavar="COUNT", help="threads to use; changes no number")
    group.add_argument("--json", action="store_true", help="print one JSON object")
    group.add_argument("--quiet", action="store_true", help="no progress on standard error")
    return made


def run(options: argparse.Namespace) -> int:
    """Play again, and say what differs; 1 if anything does."""
    from ..ground.files import json_text
    from ..testing.verifying import verify

    if options.file is None:
        raise InvalidArgument("the file is missing: pass for example results/curve/curve.json")
    threads = shared.threads(options)
    with shared.progress("verify", options.quiet) as progress:
        found = verify(options.file, threads=threads, progress=progress)
    print(json_text(found.to_dict()) if options.json else found)
    return 0 if found.same else 1
