"""Optimal play of a finite game: the method that fits its size, and guarantees that do not trust it."""

from __future__ import annotations

import dataclasses
import functools

from ...functions import FunctionClass
from ...functions.base import Floats
from ...ground.errors import BackdoorGameError, InvalidArgument, MissingCapability
from ...ground.progress import Heard, Progress, silent
from ...ground.showing import fields
from ...ground.spec import text
from ...spaces.distributions import Distribution
from .guarantees import Attack, attacker_guarantee, defender_guarantee
from .legal import LegalGame, legal_game
from .program import solve_attacker
from .regret import match_regrets

PROGRAM_TRIPLES = 60_000  # about 8 s, to a gap of 1e-6 where regrets stop at 1e-4
LARGEST_PROGRAM = 300_000  # time grows as its 1.5th power: two minutes
PROGRAM_TOLERANCE = 1e-6  # ten times the feasibility tolerance of HiGHS
REGRET_TOLERANCE = 1e-4  # 2 s at 165,000 triples; in practice gaps fall as 1/t
REGRET_FINEST = 1e-5  # finer gaps may need more iterations than are granted
ROUNDING = 1e-9  # by which sums of floats may put the upper guarantee below the lower one


@dataclasses.dataclass(frozen=True, eq=False)
class Equilibrium:
    """Optimal play of both sides, up to `upper` - `lower`.

    Attributes
    ----------
    game : LegalGame
    attack : Attack
    flags : ndarray of float64, shape (N, F)
        The defender's flag probabilities.
    lower, upper : float
        What the defender wins at least against every attacker, and at most against this one.
    tolerance : float
        The gap that was asked for.
    method : str
    """

    game: LegalGame
    attack: Attack
    flags: Floats
    lower: float
    upper: float
    tolerance: float
    method: str

    __repr__ = fields

    @property
    def legal(self) -> LegalGame:
        """Functions, points and legal triples."""
        return self.game


def distribution_of(
    functions: FunctionClass, fixed: Distribution | None, law: Distribution | None, who: str
) -> Distribution:
    """The D to solve: the game's own, else `law`, in a game that leaves D open."""
    if fixed is not None:
        if law is not None and law.on(functions.domain) != fixed:
            raise InvalidArgument(f"{who} has law={text(law)}, but the game fixes {text(fixed)}: leave law out")
        return fixed
    if law is None:
        raise MissingCapability(f"{who} needs a D: give the game one, such as Uniform(), or pass law=Uniform()")
    return law.on(functions.domain)


def equilibrium(
    functions: FunctionClass,
    distribution: Distribution,
    epsilon: float,
    tolerance: float | None = None,
    progress: Progress = silent,
) -> Equilibrium:
    """Optimal play, solved once for each game and tolerance.

    Parameters
    ----------
    tolerance : float, optional
        The most by which `upper` may exceed `lower`: by default 1e-6 up to 60,000 legal triples, where the linear
        program is solved, and 1e-4 beyond, where regrets are matched.

    Raises
    ------
    MissingCapability, InvalidArgument
        Where the game is not finite or too large, before work starts.
    BackdoorGameError
        Where the guarantees stay further apart than the tolerance: no number is better than a wrong one.
    """
    if tolerance is None:
        small = legal_game(functions, distribution, epsilon).triples <= PROGRAM_TRIPLES
        tolerance = PROGRAM_TOLERANCE if small else REGRET_TOLERANCE
    return _solved(functions, distribution, epsilon, tolerance, Heard(progress))


@functools.lru_cache(maxsize=8)  # up to some hundred megabytes each
def _solved(
    functions: FunctionClass, distribution: Distribution, epsilon: float, tolerance: float, heard: Heard
) -> Equilibrium:
    game = legal_game(functions, distribution, epsilon)
    if tolerance < REGRET_FINEST and game.triples > LARGEST_PROGRAM:
        raise InvalidArgument(
            f"a tolerance under {REGRET_FINEST:g} is for games of up to {LARGEST_PROGRAM} legal triples, got "
            f"{tolerance:g} for {game.triples}: pass tolerance={REGRET_TOLERANCE:g}"
        )
    fine = tolerance < REGRET_FINEST and game.triples <= LARGEST_PROGRAM
    if game.triples <= PROGRAM_TRIPLES or fine:
        method = "linear program, HiGHS"
        attack, flags = solve_attacker(game)
    else:
        method = "regret matching, CFR+"
        attack, flags = match_regrets(game, tolerance, heard.progress)
    for array in (attack.originals, attack.plants, flags):
        array.setflags(write=False)
    lower, upper = defender_guarantee(game, flags), attacker_guarantee(game, attack)
    if not -ROUNDING <= upper - lower <= tolerance:
        raise BackdoorGameError(
            f"the game was not solved: {method} leaves its value between {lower:.6g} and {upper:.6g}, "
            f"which is no gap within the tolerance {tolerance:g}"
        )
    return Equilibrium(game, attack, flags, lower, upper, tolerance, method)
