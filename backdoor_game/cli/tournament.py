"""``backdoor-game tournament``: every attacker against every defender."""

from __future__ import annotations

import argparse
import contextlib
from typing import TYPE_CHECKING, Any

from ..ground.errors import BackdoorGameError, ContractError, InvalidArgument, SpecError
from . import options as shared
from .parsing import Parser, whole

if TYPE_CHECKING:
    from ..games import Game

EXAMPLE = """
--attacker, --defender, --epsilon and --game may be given several times; every epsilon is a game of its own. Without
--attacker or --defender all shipped ones that can play take part, the optimal ones where the game is small.

examples:
  backdoor-game tournament --functions "Thresholds(points=10)" --distribution "Uniform()" --epsilon 0.2 \\
      --attacker "NearestLegal()" --attacker "RandomLegal()" --defender "DistillationEnsemble()" --rounds 5000 --seed 1
  backdoor-game tournament --attacker "CLWEBackdoor(k=8)" --attacker "CLWEBackdoor(k=16)" --rounds 100 --seed 1 \\
      --game "StaticDetection(RandomFourierFeatures(features=64, dimension=16), GaussianLinear(dimension=16))"
"""
OPTIMAL = ("OptimalAttacker", "OptimalDefender")
KEPT = "no file is half-written"


def parser() -> Parser:
    """The options of this command."""
    made = Parser("tournament", "Play every attacker against every defender, with simultaneous intervals.")
    made.epilog = EXAMPLE
    shared.add_any_game(made, several=True)
    group = made.add_argument_group("the players")
    for role, example in (("attacker", "NearestLegal()"), ("defender", "mine.py:Mine(threshold=0.3)")):
        group.add_argument(f"--{role}", metavar="SPEC", action="append", help=f'such as "{example}"')
    run_options = shared.add_run(made)
    run_options.add_argument("--level", metavar="LEVEL", default="0.95", help="level of all intervals together (0.95)")
    folder = "results/tournament"
    run_options.add_argument("--output", metavar="FOLDER", default=folder, help=f"where files go ({folder})")
    shared.add_overwrite(run_options)
    run_options.add_argument("--no-exact", action="store_true", help="no exact values and exploitabilities")
    return made


def run(options: argparse.Namespace) -> int:
    """Check everything, play, then write the files and print the tables."""
    from ..figures.saving import check_drawing
    from ..ground import _validate
    from ..ground.files import gathered, json_text
    from ..ground.outputs import claim
    from ..ground.seeds import fresh_or
    from ..ground.spec import text
    from ..tournaments import tournament

    rounds, seed = whole("rounds", options.rounds), fresh_or(whole("seed", options.seed))
    threads, level = shared.threads(options), _validate.asked_level(options.level)
    games = _games(options)
    attackers = [_player(games, "attacker", source) for source in options.attacker or []]
    defenders = [_player(games, "defender", source) for source in options.defender or []]
    attackers = attackers or _shipped(games, "attacker", options.quiet)
    defenders = defenders or _shipped(games, "defender", options.quiet)
    whose = {"games": games, "attackers": attackers, "defenders": defenders}
    about: dict[str, Any] = {name: list(map(text, many)) for name, many in whose.items()}
    about |= {"rounds": rounds, "seed": seed, "level": level}
    place = claim(options.output, "tournament.json", about, overwrite=options.overwrite)
    check_drawing()
    with shared.progress("tournament", options.quiet) as progress:
        result = tournament(
            games,
            attackers,
            defenders,
            rounds=rounds,  # type: ignore[arg-type]
            seed=seed,
            level=level,
            exact=not options.no_exact,
            threads=threads,
            progress=progress,
        )
    with gathered() as waiting:
        files = list(result.write(place.folder))
    with shared.kept(place, waiting, files):
        told = "\n\n".join([str(result), "\n".join(f"wrote {path}" for path in files)])
        print(json_text({**result.to_dict(), "files": files}) if options.json else told)
    if result.failures:
        missing = f"{len(result.failures)} of {len(result.pairs)} pairs are missing"
        raise ContractError(f"the tournament is incomplete, {missing}: {result.failures[0]}")
    return 0


def _games(options: argparse.Namespace) -> list[Game]:
    """The games that are named whole, or one for each epsilon."""
    if options.game is not None:
        return [shared.whole_game(options, spec) for spec in options.game]
    return [
        shared.game(argparse.Namespace(**{**vars(options), "epsilon": epsilon}))
        for epsilon in options.epsilon or [None]
    ]


def _player(games: list[Game], side: str, source: str) -> Any:
    """The player of this spec, of a kind that one of the games has on that side."""
    for game in games:
        with contextlib.suppress(SpecError):
            return shared.player(game, side, source)
    return shared.player(games[0], side, source)


def _shipped(games: list[Game], side: str, quiet: bool) -> list[Any]:
    """Every shipped player that needs no parameter and can play a game; the optimal ones only where all are small."""
    from ..catalog import resolve
    from ..ground.spec import parse
    from ..tournaments import attacker_refusal, defender_refusal

    refusal: Any = attacker_refusal if side == "attacker" else defender_refusal
    made = []
    for name in dict.fromkeys(name for game in games for name in _names(game, side)):
        if name in OPTIMAL and not all(map(_small, games)):
            continue
        with contextlib.suppress(SpecError):  # it needs parameters
            made.append(parse(name, resolve))
    able = [player for player in made if any(refusal(game, player) is None for game in games)]
    if not able:
        reason = refusal(games[0], made[0]) if made else f"each needs parameters: name one with --{side}"
        raise InvalidArgument(f"no shipped {side} can play: {reason}")
    for player in made:
        if player not in able:
            shared.note(f"left out: {player!r}: {refusal(games[0], player)}", quiet)
    return able


def _names(game: Game, side: str) -> list[str]:
    """The shipped players of the kind that a game has on this side; of defenders those that play games of its sort."""
    from ..catalog import KINDS, shipped
    from ..players.defenders import Defender

    kind = (game.attackers if side == "attacker" else game.defenders)[0]
    found = {name: cls for room, own in KINDS.items() if issubclass(own, kind) for name, cls in shipped(room).items()}
    return [n for n, cls in found.items() if not issubclass(cls, Defender) or cls.plays in ("any", game.plays)]


def _small(game: Game) -> bool:
    """Whether the game is solved before anybody has to wait."""
    from ..tournaments import check_size

    try:
        check_size(game)
    except BackdoorGameError:
        return False
    return True
