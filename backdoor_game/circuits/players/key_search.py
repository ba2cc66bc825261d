"""The unbounded defender of a small keyed class, cut down to a number of keys."""

from __future__ import annotations

import dataclasses

import numpy as np

from ...functions.base import Floats
from ...functions.table import packed_rows
from ...ground import _validate
from ...ground.errors import MissingCapability
from ...ground.spec import text
from ...ground.streams import below, draws
from ...players.defenders.base import BlockDefender
from ...players.views import DefenderBlock, GameLike
from ...spaces.distributions.uniform import listed
from ...spaces.domains import ENUMERABLE_POINTS, Bits
from ..puncturable import key_tables
from ..puncturable.generators import LEAST, MOST


@dataclasses.dataclass(frozen=True, repr=False)
class KeySearch(BlockDefender):
    """Tries `budget` of the 2^`key_bits` keys of `puncturable.Tree`, in order from one that its coins pick.

    The first key whose labels are those of f' everywhere but perhaps at x' decides: suspicious iff it disagrees there.
    Without one it is not. With every key this is the defender of [CHLX25] Theorem 4.1; against
    ``PuncturedPRFAttacker`` its detections exceed its false alarms by budget / 2^key_bits, but for keys that match by
    chance. It asks for all 2^n labels of f', and owns up to one evaluation for each key of its budget. *Enumerated.*

    Parameters
    ----------
    budget : int, optional
        Keys to try: by default all.
    key_bits : int
        4 to 20, with 2^(key_bits + n) at most 2^28; n at most 16, since it reads all of f'.
    """

    budget: int | None = None
    key_bits: int = 8

    def __post_init__(self) -> None:
        super().__post_init__()
        _validate.integer("key_bits", self.key_bits, LEAST, MOST)
        if self.budget is not None:
            _validate.integer("budget", self.budget, 1, 2**self.key_bits)

    def prepare(self, game: GameLike) -> KeySearch:
        domain = game.functions.domain
        if not isinstance(domain, Bits):
            raise MissingCapability(f"{text(self)} needs a class on Bits(n), got {text(game.functions)[:200]}")
        if domain.size > ENUMERABLE_POINTS:
            raise MissingCapability(f"{text(self)} asks for all 2^n labels: it needs n up to 16, got {domain.n} bits")
        key_tables(self.key_bits, domain.n)
        return dataclasses.replace(self, budget=self.budget or 2**self.key_bits)

    def suspicion_block(self, view: DefenderBlock) -> Floats:
        from ...kernels.key_search import search
        from ...kernels.packing import pack_rows

        domain, budget = view.game.functions.domain, self._budget()
        points = listed(domain)
        rows = pack_rows(view.evaluate(np.broadcast_to(points, (len(view), *points.shape))))
        view.charge(evaluations=budget)
        starts = below(draws(view.keys, 0, 1)[:, 0], 2**self.key_bits)
        found = search(key_tables(self.key_bits, domain.n), rows, domain.index(view.X), starts, budget)
        return np.asarray(found, dtype=np.float64)

    def suspicion_probability(self, view: DefenderBlock) -> Floats:
        """The share of starting keys from which a deciding key that disagrees is reached."""
        from ...kernels.key_search import search_counts

        functions = view.game.functions
        rows, places = packed_rows(functions, view.codes), functions.domain.index(view.X)
        counts = search_counts(key_tables(self.key_bits, functions.domain.n), rows, places, self._budget())
        return np.asarray(counts / 2.0**self.key_bits * (self.threshold > 0) + (self.threshold <= 0))

    def _budget(self) -> int:
        if self.budget is None:
            raise MissingCapability("KeySearch has Nones left: call prepare(game), as the engine does")
        return self.budget
