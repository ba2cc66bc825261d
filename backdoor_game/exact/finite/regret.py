"""Regret matching for games that are too large for the linear program, stopped at a proved gap."""

from __future__ import annotations

import math

import numpy as np

from ...functions.base import Floats
from ...ground.errors import BackdoorGameError
from ...ground.progress import Progress, silent
from .guarantees import Attack, attacker_guarantee, defender_guarantee
from .legal import LegalGame

AT_ONCE = 2**25  # cells a call of the kernel, 0.15 s: progress is told, and Ctrl-C heard
ITERATIONS = 200_000  # in practice gaps fall as 1/t: ten times more would gain a digit
LOOK = 1.2  # a look costs some iterations, and up to a fifth are played too many
FIRST = 32  # iterations before the first look: averages start far from settled


def match_regrets(game: LegalGame, tolerance: float, progress: Progress = silent) -> tuple[Attack, Floats]:
    """An attacker and flag probabilities (N, F) whose guarantees are at most `tolerance` apart.

    The averages of CFR+ are looked at after 32 iterations and each time there are a fifth more of them.

    Raises
    ------
    BackdoorGameError
        Where 200,000 iterations do not bring them that close.
    """
    from ...kernels.regret_matching import play_on

    N, F = game.shape
    regrets = (np.zeros(F), np.zeros(game.triples), np.zeros((N, F)), np.zeros((N, F)))
    sums = (np.zeros(F), np.zeros(game.triples), np.zeros((N, F)))
    step = max(1, AT_ONCE // (game.triples + N * F))
    done, look, gap, widest, least = 0, FIRST, 1.0, 0.0, 1.0
    while gap > tolerance:
        if done >= ITERATIONS:
            raise BackdoorGameError(f"regret matching stopped at a gap of {gap:.2g} after {done} iterations")
        while done < look:
            count = min(step, look - done)
            play_on(game.starts, game.partners, game.weights, regrets, sums, done, count)
            done += count
            progress(_share(least, widest, tolerance), 1000)
        attack, flags = _averages(game, sums, done)
        gap = attacker_guarantee(game, attack) - defender_guarantee(game, flags)
        widest, least, look = max(widest, gap), min(least, gap), min(math.ceil(LOOK * done), ITERATIONS)
    return attack, flags


def _averages(game: LegalGame, sums: tuple[Floats, Floats, Floats], done: int) -> tuple[Attack, Floats]:
    """Both players' averages over the iterations so far, iteration t counting t times."""
    originals, plants, flags = sums
    total = done * (done + 1) / 2  # the sum of the weights 1 .. t of linear averaging [Tammelin14]
    reached = np.tile(originals, len(game.weights))[game.cells]
    shares = np.divide(plants, reached, out=np.zeros_like(plants), where=reached > 0)
    sent = np.bincount(game.cells, weights=shares, minlength=len(game.starts) - 1)
    return Attack(originals / originals.sum(), shares / np.maximum(sent, 1.0)[game.cells]), flags / total


def _share(gap: float, widest: float, tolerance: float) -> int:
    """How much of the way from the first gap to the tolerance is done, in thousandths, on a log scale."""
    if not 0 < tolerance < gap < widest:
        return 0
    return int(1000 * math.log(widest / gap) / math.log(widest / tolerance))
