"""``backdoor-game check``: whether a strategy keeps its contract, one line for each check."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from ..ground.errors import InvalidArgument
from . import options as shared
from .parsing import Parser

if TYPE_CHECKING:
    from ..testing import CheckResult

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
    failed = [result for result in found if result.status == "failed"]
    if options.json:
        print(json_text({"spec": text(thing), "passed": not failed, "checks": [r.to_dict() for r in found]}))
    else:
        print(told(found))
    return 1 if failed else 0


def _thing(source: str | None) -> Any:
    from ..catalog.names import make
    from ..ground.spec import Configured

    if source is None:
        raise InvalidArgument("what is checked is missing: pass for example mine.py:Mine")
    called = source if "(" in source else f"{source}()"
    thing: Any = make(called, Configured, "SPEC")
    from ..testing.kinds import kind_of

    kind_of(thing)
    return thing


def _games(options: argparse.Namespace) -> tuple[Any, ...] | None:
    """The game that the options name; None for the small games."""
    if options.functions is not None or options.game is not None:
        return (shared.any_game(options),)
    from ..games import BUDGETS

    for name in ("epsilon", "distribution", *BUDGETS, "black_box"):
        if getattr(options, name) not in (None, False):
            raise InvalidArgument(f"--{name.replace('_', '-')} is for a game of your own: name its --functions too")
    return None


def told(found: tuple[CheckResult, ...]) -> str:
    """The table, the smallest case of each failure, and the count."""
    from ..ground.columns import aligned

    lines = [aligned(("check", "status", "reason"), [(r.name, r.status, r.reason) for r in found])]
    for result in found:
        if result.counterexample is not None:
            lines += ["", f"{result.name} fails for", f"    {result.counterexample}"]
    counts = {status: sum(r.status == status for r in found) for status in ("passed", "failed", "skipped")}
    lines += ["", f"{len(found)} checks: " + ", ".join(f"{count} {status}" for status, count in counts.items())]
    return "\n".join(lines)
