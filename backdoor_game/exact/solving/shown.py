"""The solution of a finite game as a record for readers: what is picked, planted and flagged, and what is left out."""

from __future__ import annotations

import dataclasses

import numpy as np
import numpy.typing as npt

from ...ground import _validate
from ...ground.errors import InvalidArgument
from ...spaces.distributions import Distribution
from ..finite import Equilibrium
from ..finite.legal import support
from ..variants import VariantEquilibrium
from .optimal_play import MOST_DRAWN, OptimalPlay, PlayedFlag, PlayedFunction, PlayedPlant

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]
MOST_FUNCTIONS = 4096  # shown, as many as a table may have rows
MOST_POINTS = 1024  # letters of a function's labels
NOTHING = 1e-9  # weights and probabilities up to that are rounding of the solver


@dataclasses.dataclass(frozen=True, eq=False)
class _Play:
    """Optimal play as arrays, whatever the game.

    Attributes
    ----------
    originals : ndarray, shape (F,)
        Pr[f].
    shares, mass : ndarray, shape (T,)
        Of each legal triple Pr[f* | f, x] and Pr[x, f, f*].
    flags : list of (str, ndarray of shape (N, F))
        What is shown beside (f', x'), and how likely it is then flagged.
    """

    originals: Floats
    shares: Floats
    mass: Floats
    flags: list[tuple[str, Floats]]


def _play(found: Equilibrium | VariantEquilibrium) -> _Play:
    """The play of the game of the source, or of a variant: summed over what nature offers."""
    legal = found.legal
    (_, F), x, f = legal.shape, legal.cells // len(legal.codes), legal.cells % len(legal.codes)
    if isinstance(found, Equilibrium):
        attack = found.attack
        mass = legal.weights[x] * attack.originals[f] * attack.plants
        return _Play(attack.originals, attack.plants, mass, [("", found.flags)])
    variant, joint = found.game, found.plan.joint(found.game)
    picked = joint.picked[x, f]
    shares = np.divide(joint.planted, picked, out=np.zeros_like(picked), where=picked > 0)
    at_views = found.flags if found.asks is not None else variant.shown @ found.flags
    flags = []
    for trace in np.unique(variant.traces).tolist():
        here = np.zeros(legal.starts.size - 1)
        views = np.flatnonzero(variant.seen.keys // len(here) == trace)
        here[variant.seen.keys[views] % len(here)] = at_views[views]
        flags.append((f"trace {trace}" if variant.traces.any() else "", here.reshape(-1, F)))
    return _Play(joint.picked.sum(axis=0), shares, joint.planted, flags)


def shown(found: Equilibrium | VariantEquilibrium, game: str, most: int) -> OptimalPlay:
    """The play of a solved game, of at most so many functions.

    All functions are shown where there are no more; else those that are picked or planted, the likeliest first.

    Raises
    ------
    InvalidArgument
        For more than 1,024 points.
    """
    most = _validate.integer("most", most, 1, MOST_FUNCTIONS)
    legal, play, F = found.legal, _play(found), len(found.legal.codes)
    refuse_many(len(legal.points), MOST_POINTS)
    x, f, mass = legal.cells // F, legal.cells % F, play.mass
    planted = np.bincount(legal.partners, weights=mass, minlength=F).astype(np.float64)
    rows = _chosen(play.originals, planted, most)
    labels = ["".join(map(str, legal.labels[row].tolist())) for row in rows]
    rows = rows[np.argsort(np.array(labels))]
    place = np.full(F, -1)
    place[rows] = np.arange(len(rows))
    laid = np.flatnonzero((mass > NOTHING * legal.weights[x]) & (place[f] >= 0) & (place[legal.partners] >= 0))
    laid = laid[np.lexsort((place[legal.partners[laid]], place[f[laid]], x[laid]))]
    return OptimalPlay(
        game=game,
        points=tuple(tuple(point.tolist()) for point in legal.points),
        weights=tuple(legal.weights.tolist()),
        functions=tuple(
            PlayedFunction(label, tuple(legal.codes[row].tolist()), _clean(play.originals[row]))
            for label, row in zip(sorted(labels), rows, strict=True)
        ),
        plants=tuple(
            PlayedPlant(
                int(place[f[k]]), int(x[k]), int(place[legal.partners[k]]), float(play.shares[k]), float(mass[k])
            )
            for k in laid
        ),
        flags=tuple(flag for beside, flags in play.flags for flag in _flags(flags[:, rows], beside)),
        functions_in_all=F,
        weight_shown=float(play.originals[rows].sum()) if len(rows) < F else 1.0,
        plants_shown=float(mass[laid].sum() / mass.sum()) if len(rows) < F and mass.any() else 1.0,
    )


def refuse_crowds(distribution: Distribution, *, drawn: bool) -> None:
    """Refuse a D on more points than a table, or a picture, of play has room for: before the work.

    Raises
    ------
    MissingCapability, InvalidArgument
        Where D has no listed atoms, or too many.
    """
    refuse_many(len(support(distribution)[0]), MOST_DRAWN if drawn else MOST_POINTS)


def refuse_many(points: int, most: int) -> None:
    """Refuse more points than have room."""
    if points > most:
        what = "drawn" if most == MOST_DRAWN else "shown"
        raise InvalidArgument(f"optimal play is {what} on at most {most} points, and D has {points:,}")


def _chosen(originals: Floats, planted: Floats, most: int) -> Indices:
    """Numbers of the functions to show."""
    if len(originals) <= most:
        return np.arange(len(originals))
    part = originals + planted
    likeliest = np.argsort(-part, kind="stable")[:most]
    return np.asarray(likeliest[part[likeliest] > NOTHING])


def _flags(flags: Floats, beside: str) -> tuple[PlayedFlag, ...]:
    """Those above 0 of (N, F) flag probabilities, function by function."""
    places = zip(*np.nonzero(flags.T > NOTHING), strict=True)
    return tuple(PlayedFlag(int(f), int(x), float(flags[x, f]), beside) for f, x in places)


def _clean(weight: float) -> float:
    return float(weight) if weight > NOTHING else 0.0
