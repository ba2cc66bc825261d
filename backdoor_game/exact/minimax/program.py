"""The bilinear program of the value over all D, as a model of SCIP; each constraint is relaxed by more than SCIP errs.

maximise 2 sum z_x{f, g} over D, pi, w_x(f) = D(x) pi(f), z_x{f, g} where f(x) != g(x), and b_S in {0, 1} for the set S
on which a pair differs, where b_S = 1 says that S has mass at most epsilon:

    sum D = sum pi = 1,  sum over x of w_x(f) = pi(f),  sum over f of w_x(f) = D(x)
    w_x(f) <= D(x) pi(f),  sum over g of z_x{f, g} <= w_x(f),  z_x{f, g} <= epsilon b_S,  D(S) + (1 - epsilon) b_S <= 1

and what follows from these: b_T <= b_S where S is inside T; the flow of a pair, summed over x, is at most
epsilon b_S / 2 and epsilon min(pi(f), pi(g)); an order of the weights (symmetry.py). min over D of the value is
1 - optimum / 2.
"""

from __future__ import annotations

import dataclasses
from typing import Any

from ...functions.base import Labels
from ...ground.errors import MissingCapability
from .labels import Pair, differences, sets_of
from .listing import TIES
from .symmetry import ordered_weights

Apart = dict[Pair, tuple[int, ...]]
# SCIP's tolerance on constraints and on reduced costs: a thousandth of its default, which SoPlex still reaches here.
FEASIBILITY = 1e-9
# By which each constraint is relaxed: ten times the most by which SCIP may hold one too tight, so that what it bounds
# contains every D and attacker of the game, also where a weight or a distance is off by rounding.
RELAXED = 1e-8


@dataclasses.dataclass(eq=False)
class Program:
    """A model and its variables, by place.

    Attributes
    ----------
    model : pyscipopt.Model
    D, pi : list
    w : dict of (x, f)
    z : dict of (x, f, g), f < g
    b : dict of sets
    """

    model: Any
    D: list[Any]
    pi: list[Any]
    w: dict[tuple[int, int], Any]
    z: dict[tuple[int, int, int], Any]
    b: dict[tuple[int, ...], Any]

    @property
    def columns(self) -> int:
        """Columns of SCIP's linear programs, all in [0, 1]: the variables, and one more for each product D(x) pi(f)."""
        return len(self.D) + len(self.pi) + 2 * len(self.w) + len(self.z) + len(self.b)

    @property
    def moved(self) -> float:
        """The most by which a bound of SCIP may be too low for its own program.

        A linear program's bound is off by the reduced costs of the wrong sign, each at most `FEASIBILITY` on a column
        in [0, 1] (`columns` of them), and a node within as much of the incumbent may be cut off (one more).
        """
        return FEASIBILITY * (self.columns + 1)


def program(labels: Labels, epsilon: float) -> Program:
    """The relaxed program of a class without doubles, labels (F, N).

    Raises
    ------
    MissingCapability
        Where pyscipopt is not installed.
    """
    limit = min(1.0, epsilon + TIES)
    apart = differences(labels)
    made = _variables(labels, apart, limit)
    _masses(made)
    _legality(made, limit)
    _flows(made, apart, limit)
    for x, y in ordered_weights(labels):
        made.model.addCons(made.D[x] - made.D[y] >= -RELAXED)
    made.model.setObjective(2 * _sum(made.z.values()), "maximize")
    return made


def scip() -> Any:
    """The module pyscipopt."""
    try:
        import pyscipopt
    except ImportError:
        raise MissingCapability("certify=True needs pyscipopt: pip install 'backdoor-game[minimax]'") from None
    return pyscipopt


def _sum(terms: Any) -> Any:
    return scip().quicksum(terms)


def _variables(labels: Labels, apart: Apart, limit: float) -> Program:
    model = scip().Model()
    model.hideOutput()
    F, N = labels.shape

    def share(most: float = 1.0) -> Any:
        return model.addVar(lb=0.0, ub=most)

    D, pi = [share() for _ in range(N)], [share() for _ in range(F)]
    w = {(x, f): share() for x in range(N) for f in range(F)}
    z = {(x, f, g): share(limit) for (f, g), S in apart.items() for x in S}
    return Program(model, D, pi, w, z, {S: model.addVar(vtype="B") for S in sets_of(apart)})


def _masses(made: Program) -> None:
    """D, pi and their products."""
    for total, one in [
        (_sum(made.D), 1.0),
        (_sum(made.pi), 1.0),
        *((_sum(made.w[x, f] for x in range(len(made.D))), pi) for f, pi in enumerate(made.pi)),
        *((_sum(made.w[x, f] for f in range(len(made.pi))), D) for x, D in enumerate(made.D)),
    ]:
        made.model.addCons(total - one <= RELAXED)
        made.model.addCons(total - one >= -RELAXED)
    for (x, f), w in made.w.items():
        made.model.addCons(w - made.D[x] * made.pi[f] <= RELAXED)


def _legality(made: Program, limit: float) -> None:
    """Which sets may have mass at most epsilon together: a set's subsets may wherever it may."""
    sets = list(made.b)
    for i, S in enumerate(sets):
        made.model.addCons(_sum(made.D[x] for x in S) + (1 - limit) * made.b[S] <= 1 + RELAXED)
        inside = [T for T in sets[:i] if set(T) < set(S)]
        for T in inside:
            if not any(set(T) < set(between) for between in inside):
                made.model.addCons(made.b[S] - made.b[T] <= RELAXED)


def _flows(made: Program, apart: Apart, limit: float) -> None:
    """The flows of pairs, bounded by masses and by legality."""
    sent: dict[Pair, list[Any]] = {}
    for (f, g), S in apart.items():
        flows = {x: made.z[x, f, g] for x in S}
        for x, z in flows.items():
            made.model.addCons(z <= limit * made.b[S] + RELAXED)
            sent.setdefault((x, f), []).append(z)
            sent.setdefault((x, g), []).append(z)
        for most in (limit / 2 * made.b[S], limit * made.pi[f], limit * made.pi[g]):
            made.model.addCons(_sum(flows.values()) <= most + RELAXED)
    for place, flow in sent.items():
        made.model.addCons(_sum(flow) <= made.w[place] + RELAXED)
