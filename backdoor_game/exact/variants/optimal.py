"""Optimal play of a variant: its linear program, and guarantees that do not trust it."""

from __future__ import annotations

import dataclasses
import functools

from ...functions.base import Floats
from ...games import BackdoorGame
from ...games.observations import Observation
from ...ground.errors import BackdoorGameError
from ...ground.progress import Progress, silent
from ...ground.showing import fields
from ...spaces.distributions import Distribution
from ..finite import Equilibrium, LegalGame, equilibrium
from ..finite.optimal import PROGRAM_TOLERANCE, ROUNDING
from .asking import Asking, QueryPlan
from .building import settled, variant
from .guarantees import Plan, attacker_guarantee, branches, defender_guarantee
from .program import solve_plan
from .querying import asked_in, solve_queries
from .tree import Variant

METHOD = "linear program, HiGHS"


@dataclasses.dataclass(frozen=True, eq=False)
class VariantEquilibrium:
    """Optimal play of both sides of a variant, up to `upper` - `lower`.

    Attributes
    ----------
    game : Variant
    plan : Plan
        The attacker's.
    flags : ndarray of float64
        The defender's flag probabilities over symbols.
    lower, upper : float
        What the defender wins at least against every attacker, and at most against this one.
    tolerance : float
        The gap that was asked for.
    method : str
    asks : QueryPlan or None
        How the defender asks, where it does: `flags` are then those of its plan at each view.
    """

    game: Variant
    plan: Plan
    flags: Floats
    lower: float
    upper: float
    tolerance: float
    method: str
    asks: QueryPlan | None = None

    __repr__ = fields

    @property
    def legal(self) -> LegalGame:
        """Functions, points and legal triples."""
        return self.game.legal


def optimum(
    game: BackdoorGame,
    distribution: Distribution,
    tolerance: float | None = None,
    progress: Progress = silent,
    sees: Observation | None = None,
) -> Equilibrium | VariantEquilibrium:
    """Optimal play of a game under this D: by `equilibrium` where its trigger is drawn after f and nothing is shown.

    Parameters
    ----------
    sees : Observation, optional
        What the defender sees of (f', x'): by default all of it.

    Raises
    ------
    MissingCapability, InvalidArgument, BackdoorGameError
        As `equilibrium` and `variant_equilibrium` do.
    """
    if game.plain and sees is None:
        return equilibrium(game.functions, distribution, game.epsilon, tolerance, progress)
    return variant_equilibrium(settled(game, distribution), sees, tolerance)


def variant_equilibrium(
    game: BackdoorGame, sees: Observation | None = None, tolerance: float | None = None
) -> VariantEquilibrium:
    """Optimal play of a variant whose D is fixed, solved once for each game, observation and tolerance.

    Parameters
    ----------
    sees : Observation, optional
        What the defender sees of (f', x'): by default all of it.
    tolerance : float, optional
        The most by which `upper` may exceed `lower`, by default 1e-6.

    Raises
    ------
    MissingCapability, InvalidArgument
        Where the game is not finite or too large, before work starts.
    BackdoorGameError
        Where the guarantees stay further apart than the tolerance.
    """
    return _solved(game, sees, PROGRAM_TOLERANCE if tolerance is None else tolerance)


@functools.lru_cache(maxsize=8)  # up to some hundred megabytes each
def _solved(game: BackdoorGame, sees: Observation | None, tolerance: float) -> VariantEquilibrium:
    made = variant(game, sees)
    if sees is not None and sees.queries:
        return solved_queries(made, asked_in(made, sees), tolerance)
    return solved(made, tolerance)


def solved(made: Variant, tolerance: float = PROGRAM_TOLERANCE) -> VariantEquilibrium:
    """Optimal play of these arrays, held to the gap."""
    plan, flags = solve_plan(made)
    for array in (plan.picks, plan.plants, flags):
        array.setflags(write=False)
    lower = defender_guarantee(made, made.shown @ flags)
    upper = attacker_guarantee(made, plan.joint(made))
    return _held(VariantEquilibrium(made, plan, flags, lower, upper, tolerance, METHOD))


def solved_queries(made: Variant, known: Asking, tolerance: float = PROGRAM_TOLERANCE) -> VariantEquilibrium:
    """Optimal play against a defender who asks. The record is of what its plan does at each view."""
    plan, asks = solve_queries(made, known)
    seen, flags = dataclasses.replace(made, kernel=None), asks.views(made)
    for array in (plan.picks, plan.plants, flags, asks.asks, asks.flags):
        array.setflags(write=False)
    lower = defender_guarantee(seen, flags)
    upper = 1.0 - 0.5 * float(known.least(*branches(seen, plan.joint(seen))).sum())
    return _held(VariantEquilibrium(seen, plan, flags, lower, upper, tolerance, METHOD, asks))


def _held(found: VariantEquilibrium) -> VariantEquilibrium:
    """What was found, where its guarantees are within the tolerance."""
    if not -ROUNDING <= found.upper - found.lower <= found.tolerance:
        raise BackdoorGameError(
            f"the game was not solved: the linear program leaves its value between {found.lower:.6g} and "
            f"{found.upper:.6g}, which is no gap within the tolerance {found.tolerance:g}"
        )
    return found
