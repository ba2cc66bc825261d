"""What a strategy is worth in a variant against its best reply: computed from the definition, without any solver."""

from __future__ import annotations

import dataclasses

import numpy as np
import numpy.typing as npt

from ...functions.base import Floats
from ...ground.showing import fields
from .tree import Variant

Indices = npt.NDArray[np.int64]


@dataclasses.dataclass(frozen=True, eq=False)
class Joint:
    """An attacker of a variant as what its branches show.

    Attributes
    ----------
    picked : ndarray of float64, shape (N, F)
        Pr[f is the original and x the trigger]; a forfeit has a trigger too.
    planted : ndarray of float64, shape (T,)
        Pr[f, x, f*] for each legal triple.
    """

    picked: Floats
    planted: Floats

    __repr__ = fields


@dataclasses.dataclass(frozen=True, eq=False)
class Plan:
    """An attacker of a variant as a realisation plan: the probability of all that it does on the way to each place.

    Attributes
    ----------
    picks : ndarray of float64, shape (M, F)
        Pr[set, f, trigger] for each entry (set, trigger).
    plants : ndarray of float64, shape (Y,)
        Pr[set, f, trigger, f*] for each move; what those of (set, f, trigger) lack to it is a forfeit there.
    """

    picks: Floats
    plants: Floats

    __repr__ = fields

    def joint(self, variant: Variant) -> Joint:
        """The same attacker, summed over what nature offered."""
        picked = np.zeros(variant.legal.shape)
        np.add.at(picked, variant.entries[1], self.picks)
        planted = np.bincount(variant.moves[1], weights=self.plants, minlength=variant.legal.triples)
        return Joint(picked, planted.astype(np.float64))


def branches(variant: Variant, joint: Joint) -> tuple[Floats, Floats]:
    """Pr[view] in the clean branch and in the planted one, (V,) each: what they lack to 1 the defender wins."""
    seen = variant.seen
    originals = joint.picked.sum(axis=0)
    clean = joint.picked if variant.paired else variant.legal.weights[:, None] * originals
    P0 = np.bincount(seen.clean.ravel(), weights=clean.ravel(), minlength=len(seen.keys))
    P1 = np.bincount(seen.planted, weights=joint.planted, minlength=len(seen.keys))
    return P0.astype(np.float64), P1.astype(np.float64)


def attacker_guarantee(variant: Variant, joint: Joint) -> float:
    """The best win rate of any defender against this attacker: 1 - 1/2 sum over symbols of min(P0, P1)."""
    P0, P1 = (variant.shown.T @ masses for masses in branches(variant, joint))
    return 1.0 - 0.5 * float(np.minimum(P0, P1).sum())


def likelier_planted(variant: Variant, joint: Joint) -> Floats:
    """The likelihood-ratio test over symbols: 1 where one is likelier backdoored than clean, else 0."""
    P0, P1 = (variant.shown.T @ masses for masses in branches(variant, joint))
    return np.asarray(P1 > P0, dtype=np.float64)


def win_rate(variant: Variant, joint: Joint, flags: Floats) -> float:
    """How often flag probabilities (V,) over views win against an attacker."""
    P0, P1 = branches(variant, joint)
    return 1.0 - 0.5 * float((P0 * flags).sum() + (P1 * (1.0 - flags)).sum())


@dataclasses.dataclass(frozen=True, eq=False)
class Reply:
    """The attacker's best reply in the tree to a defender.

    Attributes
    ----------
    loss : float
        How often the defender loses to it.
    originals : ndarray of int64, shape (S,)
        The f that it picks for each set; the same for all where f comes before the offer.
    triggers : ndarray of int64, shape (S, F)
        The point of each set that it picks where f is the original.
    plants : ndarray of int64, shape (N, F)
        The triple that it plays at (x, f), -1 where it forfeits.
    """

    loss: float
    originals: Indices
    triggers: Indices
    plants: Indices

    __repr__ = fields


def best_reply(variant: Variant, flags: Floats) -> Reply:
    """The attacker that a defender with flag probabilities (V,) over views loses most to, by going up the tree.

    At (x, f): the plant missed most, 0 for a forfeit. At a set: its trigger of the greatest miss, in paired games of
    the greatest miss and false alarm together. At the root f, whose false alarms at a fresh x count where it is not
    paired: for each set where the offer comes first, else on average over the sets.
    """
    missed, plants = _plants(variant, flags)
    alarms = flags[variant.seen.clean]
    gains = missed + alarms if variant.paired else missed
    sets = np.flatnonzero(variant.offered.any(axis=1))
    triggers = np.zeros((len(variant.chances), gains.shape[1]), dtype=np.int64)
    best = np.zeros(triggers.shape)
    for s in sets:
        points = np.flatnonzero(variant.offered[s])
        triggers[s] = points[gains[points].argmax(axis=0)]
        best[s] = gains[points].max(axis=0)
    if not variant.paired:
        best = best + variant.legal.weights @ alarms
    if variant.before:
        originals, loss = best.argmax(axis=1), float(variant.chances @ best.max(axis=1))
    else:
        mean = variant.chances @ best
        originals, loss = np.full(len(best), mean.argmax()), float(mean.max())
    return Reply(0.5 * loss, originals, triggers, plants)


def _plants(variant: Variant, flags: Floats) -> tuple[Floats, Indices]:
    """How likely the plant missed most at each (x, f) is missed, and its triple: 0 and -1 without one, (N, F) each."""
    legal, best = variant.legal, np.zeros(len(variant.legal.starts) - 1)
    chosen = np.full(len(best), np.int64(-1))
    misses = 1.0 - flags[variant.seen.planted]
    if legal.triples:
        some = legal.starts[1:] > legal.starts[:-1]
        best[some] = np.maximum.reduceat(misses, legal.starts[:-1][some])
        hits = np.flatnonzero(misses == best[legal.cells])[::-1]
        chosen[legal.cells[hits]] = hits
    return best.reshape(legal.shape), chosen.reshape(legal.shape)


def defender_guarantee(variant: Variant, flags: Floats) -> float:
    """The least win rate of flag probabilities (V,) over views, over all attackers."""
    return 1.0 - best_reply(variant, flags).loss
