"""``backdoor-game tournament``: every attacker against every defender."""

from __future__ import annotations

import argparse
import contextlib
import sys
from typing import TYPE_CHECKING, Any

from ..errors import BackdoorGameError, InvalidArgument, SpecError
from . import options as shared
from .parsing import Parser, whole

if TYPE_CHECKING:
    from ..games import BackdoorGame

EXAMPLE = """
--attacker, --defender and --epsilon may be given several times; every epsilon is a game of its own. Without
--attacker or --defender all shipped ones that can play take part, the optimal ones where the game is small.

example:
  backdoor-game tournament --functions "Thresholds(points=10)" --distribution "Uniform()" --epsilon 0.2 \\
      --attacker "NearestLegal()" --attacker "RandomLegal()" --defender "DistillationEnsemble()" --rounds 5000
"""
OPTIMAL = ("OptimalAttacker", "OptimalDefender")
KEPT = "no file is half-written"


def parser() -> Parser:
    """The options of this command."""
    made = Parser("tournament", "Play every attacker against every defender, with simultaneous intervals.")
    made.epilog = EXAMPLE
    shared.add_game(made, epsilons=True)
    group = made.add_argument_group("the players")
    for role, example in (("attacker", "NearestLegal()"), ("defender", "mine.py:Mine(threshold=0.3)")):
        group.add_argument(f"--{role}", metavar="SPEC", action="append", help=f'such as "{example}"')
    run_options = shared.add_run(made)
    run_options.add_argument("--level", metavar="LEVEL", default="0.95", help="level of all intervals together (0.95)")
    folder = "results/tournament"
    run_options.add_argument("--output", metavar="FOLDER", default=folder, help=f"where files go ({folder})")
    run_options.add_argument("--no-exact", action="store_true", help="no exact values and exploitabilities")
    return made


def run(options: argparse.Namespace) -> int:
    """Check everything, play, then write the files and print the tables."""
    from .. import _validate
    from ..files import check_writable, json_text
    from ..tournaments import tournament
    from .standings import told

    rounds, seed = whole("rounds", options.rounds), whole("seed", options.seed)
    threads, level = whole("threads", options.threads), _validate.level(options.level)
    games = _games(options)
    attackers = [shared.attacker(source) for source in options.attacker or []]
    defenders = [shared.defender(source) for source in options.defender or []]
    folder = check_writable(options.output)
    with shared.progress("tournament", options.quiet) as progress:
        result = tournament(
            games,
            attackers or _shipped(games, "attackers", options.quiet),
            defenders or _shipped(games, "defenders", options.quiet),
            rounds=rounds,  # type: ignore[arg-type]
            seed=seed,  # type: ignore[arg-type]
            level=level,
            exact=not options.no_exact,
            threads=threads,
            progress=progress,
        )
    files = result.write(folder)
    print(json_text({**result.to_dict(), "files": files}) if options.json else told(result, files))
    return 0


def _games(options: argparse.Namespace) -> list[BackdoorGame]:
    """A game for each epsilon."""
    return [
        shared.game(argparse.Namespace(**{**vars(options), "epsilon": epsilon}))
        for epsilon in options.epsilon or [None]
    ]


def _shipped(games: list[BackdoorGame], role: str, quiet: bool) -> list[Any]:
    """Every shipped player that needs no parameter and can play a game; the optimal ones only where all are small."""
    from ..catalog import resolve, shipped
    from ..spec import parse
    from ..tournaments import attacker_refusal, defender_refusal

    refusal: Any = {"attackers": attacker_refusal, "defenders": defender_refusal}[role]
    made = []
    for name in shipped(role):
        if name in OPTIMAL and not all(map(_small, games)):
            continue
        with contextlib.suppress(SpecError):  # it needs parameters
            made.append(parse(name, resolve))
    able = [player for player in made if any(refusal(game, player) is None for game in games)]
    if not able:
        raise InvalidArgument(f"no shipped {role[:-1]} can play: {refusal(games[0], made[0])}")
    for player in made:
        if player not in able and not quiet:
            print(f"left out: {player!r}: {refusal(games[0], player)}", file=sys.stderr)
    return able


def _small(game: BackdoorGame) -> bool:
    """Whether the game is solved before anybody has to wait."""
    from ..tournaments import check_size

    try:
        check_size(game)
    except BackdoorGameError:
        return False
    return True
