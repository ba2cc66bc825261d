"""Which f* may be planted for f at a trigger, and which of them are close by."""

from __future__ import annotations

import numpy as np

from ...functions.base import Booleans, Codes, FunctionClass
from ...functions.distance import LEGAL, exact_distance, judge, nearest
from ...ground.errors import MissingCapability
from ...ground.inheritance import overrides
from ...ground.streams import Words, draws
from ...players.views import GameLike
from ...spaces.distributions import Distribution
from ...spaces.domains import Points

STEPS = 8  # of a far walk: each costs a test of legality, and leads out of what few moves reach


class LegalPlants:
    """The plants of a game, legal by the engine's own rule; every method goes row by row.

    Attributes
    ----------
    exact : bool
        Whether distances have a closed form or are sums over atoms, and so are cheap.
    """

    def __init__(self, game: GameLike, distribution: Distribution) -> None:
        self._functions, self._distribution, self._epsilon = game.functions, distribution, game.epsilon
        one = game.functions.sample_block(np.zeros(1, dtype=np.uint64))
        self._alters = overrides(game.functions, FunctionClass.altered_block)
        self.exact = exact_distance(game.functions, distribution, one, one) is not None

    def close(self, f: Codes, g: Codes, keys: Words) -> Booleans:
        """Whether members g (B, L) are within epsilon of f (B, L)."""
        return np.asarray(judge(self._functions, self._distribution, f, g, self._epsilon, keys) == LEGAL)

    def legal(self, f: Codes, g: Codes, x: Points, keys: Words) -> Booleans:
        """Whether they differ at x (B, n) too."""
        X = x[:, None, :]
        legal = (self._functions.member_labels(g, X) != self._functions.member_labels(f, X))[:, 0]
        rows = np.flatnonzero(legal)
        legal[rows] = self.close(f[rows], g[rows], keys[rows])
        return np.asarray(legal)

    def closest(self, f: Codes, x: Points, keys: Words) -> tuple[Codes, Booleans]:
        """The closest members that differ at x, else near ones by the class's rule, and whether they are legal.

        f itself where the class has no rule.
        """
        try:
            g, _ = nearest(self._functions, self._distribution, f, x)
        except MissingCapability:
            if not self._alters:
                return f.copy(), np.zeros(len(f), dtype=bool)
            g = self._functions.altered_block(f, x, keys)
        return g, self.legal(f, g, x, keys)

    def wander(self, f: Codes, g: Codes, x: Points, keys: Words) -> tuple[Codes, Booleans]:
        """Where random legal moves lead from g: one step for half of the keys, several for the others.

        Returns
        -------
        codes (B, L), and whether any move was legal (B,). A g that is not legal is moved from as well, until one is.
        Where the class has a rule for near members that differ at x, half of the walks begin with what it makes of f.
        """
        words, here, found = draws(keys, 0, STEPS + 1), g.copy(), np.zeros(len(f), dtype=bool)
        far = words[:, STEPS] & np.uint64(1) == 1
        for i in range(STEPS):
            rows = np.flatnonzero(far | ~found)
            moved = self._functions.move_block(here[rows], words[rows, i])
            if self._alters and i == 0:
                fresh = np.flatnonzero(words[:, STEPS] & np.uint64(2) == 2)
                moved[fresh] = self._functions.altered_block(f[fresh], x[fresh], words[fresh, i])
            legal = self.legal(f[rows], moved, x[rows], words[rows, i])
            here[rows[legal]], found[rows[legal]] = moved[legal], True
        return here, found
