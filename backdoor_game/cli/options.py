"""Options that several commands share, and what is built from them."""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ..ground.errors import InvalidArgument
from ..ground.progress import Progress, Reporter, silent
from .parsing import Parser, needed, whole

if TYPE_CHECKING:
    from ..games import BackdoorGame, Game
    from ..ground.files import Waiting
    from ..ground.outputs import Claim
    from ..players.attackers import Attacker
    from ..players.defenders import Defender


VARIANTS = ("trigger", "clean_input", "reveal")


def add_game(parser: Parser, *, budgets: bool = True, variants: bool = True, epsilons: bool = False) -> None:
    """The class, D, epsilon (several times where `epsilons` is set) and, where they matter, the variant and limits."""
    from ..games import BUDGETS

    group = parser.add_argument_group("the game")
    group.add_argument("--functions", metavar="SPEC", help='the class F, such as "Thresholds(points=10)"')
    said = "largest legal distance of f and f*: 0.125 or 1/8"
    action = "append" if epsilons else "store"
    group.add_argument("--epsilon", metavar="NUMBER", action=action, help=said)
    group.add_argument("--distribution", metavar="SPEC", help='D, such as "Uniform()"; else the attacker picks it')
    if variants:
        group.add_argument("--trigger", metavar="SPEC", help='who picks x*: "BeforeOriginal()", "WorstOf(draws=2)"')
        shown = "what is shown with f in the clean branch: fresh, an x of its own, or trigger, x* itself"
        group.add_argument("--clean-input", metavar="WHICH", help=shown)
        said = 'what of the attacker\'s run the defender sees in both branches, such as "Original(bits=4)"'
        group.add_argument("--reveal", metavar="SPEC", help=said)
    if not budgets:
        return
    group.add_argument("--black-box", action="store_true", help="the defender cannot read the code of f'")
    for budget in BUDGETS:
        player, _, what = budget.partition("_")
        option = "--" + budget.replace("_", "-")
        group.add_argument(option, metavar="COUNT", help=f"most {what} of the {player} a round")


def add_any_game(parser: Parser, *, several: bool = False) -> None:
    """The backdoor game by its parts, or any game by its spec; several epsilons, or games, where that is set."""
    add_game(parser, epsilons=several)
    parser.add_argument_group("or another game").add_argument(
        "--game",
        metavar="SPEC",
        action="append" if several else "store",
        help='such as "StaticDetection(RandomFourierFeatures(features=256, dimension=64), GaussianLinear())"',
    )


def add_players(parser: Parser, *, several: bool = False) -> None:
    """Attacker and defender: shipped names, module:Name or file.py:Name."""
    group = parser.add_argument_group("the players")
    group.add_argument("--attacker", metavar="SPEC", help='such as "NearestLegal()" or "mine.py:Mine(tries=9)"')
    action = "append" if several else "store"
    more = "; may be given several times" if several else ""
    group.add_argument(
        "--defender", metavar="SPEC", action=action, help=f'such as "CoinFlip()" or "mine.py:Mine(threshold=0.3)"{more}'
    )


def add_run(parser: Parser, *, rounds: bool = True) -> Any:
    """Rounds, seed, threads and the shape of the output; returns the group."""
    group = parser.add_argument_group("the run")
    if rounds:
        group.add_argument("--rounds", metavar="COUNT", default="20000", help="rounds to play (20000)")
        group.add_argument("--threads", metavar="COUNT", help="threads to use; changes no number")
    group.add_argument("--seed", metavar="NUMBER", help="what every number follows from; else one is drawn, and shown")
    group.add_argument("--json", action="store_true", help="print one JSON object")
    group.add_argument("--quiet", action="store_true", help="no progress on standard error")
    return group


def game(options: argparse.Namespace) -> BackdoorGame:
    """The game that the options describe."""
    from ..catalog.names import make
    from ..functions import FunctionClass
    from ..games import BUDGETS, BackdoorGame
    from ..spaces.distributions import Distribution

    functions = make(needed("functions", options.functions, '"Thresholds(points=10)"'), FunctionClass, "functions")  # type: ignore[type-abstract]
    D = None
    if options.distribution is not None:
        D = make(options.distribution, Distribution, "distribution")  # type: ignore[type-abstract]
    epsilon: Any = needed("epsilon", options.epsilon, "1/8")
    limits: Any = {name: whole(name, getattr(options, name, None)) for name in BUDGETS}
    limits["black_box"] = getattr(options, "black_box", False)
    variant = {name: value for name in VARIANTS if (value := getattr(options, name, None)) is not None}
    return BackdoorGame(functions, epsilon, D, **limits, **variant)


def any_game(options: argparse.Namespace) -> Game:
    """The game of ``--game``, or else the backdoor game that the other options describe."""
    return game(options) if options.game is None else whole_game(options, options.game)


def whole_game(options: argparse.Namespace, spec: str) -> Game:
    """The game of this spec, beside which no other option describes one."""
    from ..catalog.names import make
    from ..games import BUDGETS, Game

    parts = ("functions", "epsilon", "distribution", *VARIANTS, *BUDGETS)
    given = [name for name in parts if getattr(options, name, None) is not None]
    if given or options.black_box:
        name = (given or ["black_box"])[0].replace("_", "-")
        raise InvalidArgument(f"--game names the whole game: leave --{name} out and write it into the spec")
    return make(spec, Game, "game")  # type: ignore[type-abstract]


def player(game: Game, side: str, source: str | None) -> Any:
    """The player of this spec for one side of a game, "attacker" or "defender"."""
    from ..catalog.names import make

    kind, example = game.attackers if side == "attacker" else game.defenders
    return make(needed(side, source, f'"{example}"'), kind, side, example)


def attacker(source: str | None) -> Attacker:
    """The attacker of this spec."""
    from ..catalog.names import make
    from ..players.attackers import Attacker

    return make(needed("attacker", source, '"NearestLegal()"'), Attacker, "attacker")  # type: ignore[type-abstract]


def defender(source: str | None) -> Defender:
    """The defender of this spec."""
    from ..catalog.names import make
    from ..players.defenders import Defender

    return make(needed("defender", source, '"CoinFlip()"'), Defender, "defender")  # type: ignore[type-abstract]


def threads(options: argparse.Namespace) -> int | None:
    """The number of threads that was asked for; a word where fewer are used."""
    from ..ground._jit import thread_count
    from ..ground._validate import integer

    asked = whole("threads", options.threads)
    if asked is None:
        return None
    used = thread_count(integer("threads", asked, 1))
    if used < asked:
        note(f"--threads {asked} is more than can work at once: {used} are used", options.quiet)
    return used


def add_overwrite(group: Any) -> None:
    """What lets a command overwrite the results of another run."""
    group.add_argument("--overwrite", action="store_true", help="even where the folder holds another run's results")


@contextlib.contextmanager
def kept(place: Claim, waiting: Waiting, files: list[str]) -> Iterator[None]:
    """Put a run's files in place and print inside, whatever becomes of them; what was lost is said in the end.

    `files` are emptied of those that are not there.
    """
    lost: list[str] = list(waiting.lost)
    try:
        place.put(waiting)
    except InvalidArgument as error:
        lost = [str(error)]
        files.clear()
    yield
    if lost:
        raise InvalidArgument(f"the results above are whole, but {lost[0]}")


def note(sentence: str, quiet: bool) -> None:
    """A word beside the result, on standard error, where somebody listens."""
    if not quiet:
        with contextlib.suppress(OSError, ValueError):
            print(sentence, file=sys.stderr, flush=True)


@contextlib.contextmanager
def progress(label: str, quiet: bool) -> Iterator[Progress]:
    """A reporter on standard error, whose line is cleared at the end."""
    if quiet:
        yield silent
        return
    reporter = Reporter(label)
    try:
        yield reporter
    finally:
        reporter.close()
