"""Which f* may be planted for f at a trigger, and which of them are close by."""

from __future__ import annotations

import numpy as np

from ..distance import LEGAL, exact_distance, judge, nearest
from ..distributions import Distribution
from ..domains import Points
from ..errors import MissingCapability
from ..functions.base import Booleans, Codes
from ..streams import Words, draws
from ..views import GameLike

STEPS = 8


class Plants:
    """The plants of a game, legal by the engine's own rule; every method goes row by row.

    Attributes
    ----------
    exact : bool
        Whether distances have a closed form or are sums over atoms, and so are cheap.
    """

    def __init__(self, game: GameLike, distribution: Distribution) -> None:
        self._functions, self._distribution, self._epsilon = game.functions, distribution, game.epsilon
        one = game.functions.sample_block(np.zeros(1, dtype=np.uint64))
        self.exact = exact_distance(game.functions, distribution, one, one) is not None

    def close(self, f: Codes, g: Codes, keys: Words) -> Booleans:
        """Whether members g (B, L) are within epsilon of f (B, L)."""
        return np.asarray(judge(self._functions, self._distribution, f, g, self._epsilon, keys) == LEGAL)

    def legal(self, f: Codes, g: Codes, x: Points, keys: Words) -> Booleans:
        """Whether they differ at x (B, n) too."""
        X = x[:, None, :]
        legal = (self._functions.evaluate(g, X) != self._functions.evaluate(f, X))[:, 0]
        rows = np.flatnonzero(legal)
        legal[rows] = self.close(f[rows], g[rows], keys[rows])
        return np.asarray(legal)

    def closest(self, f: Codes, x: Points, keys: Words) -> tuple[Codes, Booleans]:
        """The closest members that differ at x, and whether they are legal; f itself where none is known."""
        try:
            g, _ = nearest(self._functions, self._distribution, f, x)
        except MissingCapability:
            return f.copy(), np.zeros(len(f), dtype=bool)
        return g, self.legal(f, g, x, keys)

    def wander(self, f: Codes, g: Codes, x: Points, keys: Words) -> tuple[Codes, Booleans]:
        """Where random legal moves lead from g: one step for half of the keys, several for the others.

        Returns
        -------
        codes (B, L), and whether any move was legal (B,). A g that is not legal is moved from as well, until one is.
        """
        words, here, found = draws(keys, 0, STEPS + 1), g.copy(), np.zeros(len(f), dtype=bool)
        far = words[:, STEPS] & np.uint64(1) == 1
        for i in range(STEPS):
            rows = np.flatnonzero(far | ~found)
            moved = self._functions.move_block(here[rows], words[rows, i])
            legal = self.legal(f[rows], moved, x[rows], words[rows, i])
            here[rows[legal]], found[rows[legal]] = moved[legal], True
        return here, found
