"""What a strategy is worth against its best reply: computed from the definition, without any solver."""

from __future__ import annotations

import dataclasses

import numpy as np
import numpy.typing as npt

from ...functions.base import Booleans, Floats
from ...ground.showing import fields
from .legal import LegalGame

Indices = npt.NDArray[np.int64]
NOBODY = np.int64(-1)  # no number of a triple


@dataclasses.dataclass(frozen=True, eq=False)
class Attack:
    """An attacker as arrays.

    Attributes
    ----------
    originals : ndarray of float64, shape (F,)
        Pr[f].
    plants : ndarray of float64, shape (T,)
        Pr[f* | f, x] for each legal triple; what those of (f, x) lack to 1 is a forfeit.
    """

    originals: Floats
    plants: Floats

    __repr__ = fields


def losses(game: LegalGame, flags: Floats) -> Floats:
    """How often each f makes a defender with flag probabilities (N, F) lose, at the attacker's best, shape (F,).

    1/2 sum over x of D(x) [ a(f, x) + max over legal f* of (1 - a(f*, x)) ], the maximum 0 where nothing is legal.
    """
    each = flags + best_misses(game, flags)
    return np.asarray(0.5 * (each * game.weights[:, None]).sum(axis=0))


def best_misses(game: LegalGame, flags: Floats) -> Floats:
    """max over legal f* of 1 - a(f*, x) for each (x, f), 0 where nothing is legal, shape (N, F)."""
    best = np.zeros(flags.size)
    if game.triples:
        some = game.starts[1:] > game.starts[:-1]
        best[some] = np.maximum.reduceat(1.0 - flags.ravel()[game.planted], game.starts[:-1][some])
    return best.reshape(flags.shape)


def defender_guarantee(game: LegalGame, flags: Floats) -> float:
    """The least win rate of flag probabilities (N, F), over all attackers."""
    return 1.0 - float(losses(game, flags).max())


def worst_attack(game: LegalGame, flags: Floats) -> tuple[int, Indices]:
    """The f that a defender loses most on, and for each (x, f) the triple missed most (N, F), -1 without one."""
    best = best_misses(game, flags).ravel()
    chosen = np.full(flags.size, NOBODY)
    misses = 1.0 - flags.ravel()[game.planted]
    hits = np.flatnonzero(misses == best[game.cells])[::-1]
    chosen[game.cells[hits]] = hits
    return int(losses(game, flags).argmax()), chosen.reshape(flags.shape)


def shown_planted(game: LegalGame, attack: Attack) -> Floats:
    """Pr[f* is planted at x | x] for each (x, f*), legal plants alone, shape (N, F)."""
    F = len(game.codes)
    share = attack.originals[game.cells % F] * attack.plants
    shown: Floats = np.bincount(game.planted, weights=share, minlength=game.shape[0] * F).astype(np.float64)
    return shown.reshape(game.shape)


def attacker_guarantee(game: LegalGame, attack: Attack) -> float:
    """The best win rate of any defender against this attacker: 1 - 1/2 sum min(P0, P1); forfeits are always caught."""
    least = np.minimum(shown_planted(game, attack), attack.originals)
    return 1.0 - 0.5 * float((least * game.weights[:, None]).sum())


def likelier_planted(game: LegalGame, attack: Attack) -> Booleans:
    """Where (f', x') is likelier backdoored than clean, (N, F): the likelihood-ratio test, which passes ties."""
    return np.asarray(shown_planted(game, attack) > attack.originals)


def win_rate(game: LegalGame, attack: Attack, flags: Floats) -> float:
    """How often flag probabilities (N, F) win against an attacker."""
    shown = shown_planted(game, attack)
    passed = 1.0 - (attack.originals * flags).sum(axis=1)  # an f outside the class leaves nothing to flag
    caught = 1.0 - (shown * (1.0 - flags)).sum(axis=1)
    return 0.5 * float((game.weights * (passed + caught)).sum())
