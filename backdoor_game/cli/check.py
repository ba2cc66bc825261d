"""``backdoor-game check``: whether a strategy keeps its contract, one line for each check."""

from __future__ import annotations

import argparse
from typing import Any

from ..ground.errors import InvalidArgument
from . import options as shared
from .parsing import Parser

EXAMPLE = """
examples:
  backdoor-game check "mine.py:Mine(threshold=0.3)"
  backdoor-game check mine.py:Mine --functions "Thresholds(points=10)" --distribution "Uniform()" --epsilon 1/10
"""


def parser() -> Parser:
    """The options of this command."""
    made = Parser("check", "Check a player, class, data set or other plug-in; exit status 1 if a check fails.")
    made.epilog = EXAMPLE
    made.add_argument("spec", metavar="SPEC", nargs="?", help='what is checked, such as "mine.py:Mine(threshold=0.3)"')
    shared.add_any_game(made)
    group = made.add_argument_group("the run")
    group.add_argument("--json", action="store_true", help="print one JSON object")
    group.add_argument("--quiet", action="store_true", help="no progress on standard error")
    return made


def run(options: argparse.Namespace) -> int:
    """Check, print a table and the counter-examples; 1 if a check fails."""
    from ..ground.files import json_text
    from ..ground.spec import text
    from ..testing.batteries import check

    thing, games = _thing(options.spec), _games(options)
    with shared.progress("check", options.quiet) as progress:
        found = check(thing, games, progress=progress)
    print(json_text({"spec": text(thing), **found.to_dict()}) if options.json else found)
    return 0 if found.passed else 1


def _thing(source: str | None) -> Any:
    from ..catalog.names import make
    from ..ground.spec import Configured

    if source is None:
        raise InvalidArgument("what is checked is missing: pass for example mine.py:Mine")
    thing: Any = make(source, Configured, "SPEC")
    from ..testing.kinds import kind_of

    kind_of(thing)
    return thing


def _games(options: argparse.Namespace) -> tuple[Any, ...] | None:
    """The game that the options name; None for the small games."""
    if options.functions is not None or options.game is not None:
        return (shared.any_game(options),)
    from ..games import BUDGETS

    for name in ("epsilon", "distribution", *shared.VARIANTS, *BUDGETS, "black_box"):
        if getattr(options, name) not in (None, False):
            raise InvalidArgument(f"--{name.replace('_', '-')} is for a game of your own: name its --functions too")
    return None
