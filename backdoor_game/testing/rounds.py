"""Rounds of a game as a player sees them, from the same keys again and again, noting what is handed out."""

from __future__ import annotations

import dataclasses
import functools
import types
from typing import Any

import numpy as np

from ..functions.base import Codes, Labels
from ..games import BackdoorGame
from ..games.reveals import AttackerRun
from ..ground.spec import text
from ..ground.streams import Words, role_keys
from ..players.views import AttackerBlock, DefenderBlock, Meter
from ..players.views.sample import Sample
from ..spaces.checked import checked
from ..spaces.distributions import Distribution
from ..spaces.domains import Points
from .results import same

DRAWS = 64  # of D for a trigger that the attacker would pick: a predicate that holds on half of it fails all in 2^-64


@dataclasses.dataclass(frozen=True, eq=False)
class Rounds:
    """Rounds 0 .. count - 1 of a game under a seed; the first rounds of more are the same rounds."""

    game: BackdoorGame
    distribution: Distribution
    seed: int
    count: int

    def keys(self, role: str, rows: Any = slice(None)) -> Words:
        """The keys of one role, those of some rows."""
        keys: Words = role_keys(self.seed, text(self.game), role, 0, self.count)[rows].copy()
        return keys

    @functools.cached_property
    def law(self) -> Distribution:
        """D as the engine uses it."""
        return checked(self.distribution, self.game.functions.domain)

    @functools.cached_property
    def codes(self) -> Codes:
        """A random member for each round."""
        return self.game.functions.sample_block(self.keys("referee"))

    @functools.cached_property
    def offered(self) -> Points | None:
        """What nature offers in each round, (B, q, n)."""
        return self.game.trigger.offered(self.law, self.keys("trigger"))

    @functools.cached_property
    def X(self) -> Points:
        """A trigger for each round: the first that is offered, or of what D draws one that the law admits."""
        if self.offered is not None:
            return self.offered[:, 0]
        law, X = self.game.trigger, self.law.sample_block(self.keys("trigger"), 0, DRAWS)
        admitted = law.admits(self.law, X.reshape(-1, X.shape[2])).reshape(X.shape[:2])
        return np.asarray(X[np.arange(len(X)), admitted.argmax(axis=1)])

    def choosing(self, rows: Any = slice(None), meter: Meter | None = None) -> AttackerBlock:
        """What an attacker sees before f exists: the offer too, where the law has it so."""
        keys, early = self.keys("choose", rows), self.offered if self.game.trigger.before_original else None
        seen = None if early is None else early[rows].copy()
        alone = None if seen is None or seen.shape[1] > 1 else seen[:, 0].copy()
        return AttackerBlock(self.game, self.law, keys, meter or Meter(len(keys)), X_star=alone, offered=seen)

    def planting(self, codes: Codes, rows: Any = slice(None), meter: Meter | None = None) -> AttackerBlock:
        """What an attacker sees once f and the trigger exist; `codes` are those of all rounds."""
        keys = self.keys("plant", rows)
        return AttackerBlock(
            self.game,
            self.law,
            keys,
            meter or Meter(len(keys)),
            codes=codes[rows].copy(),
            X_star=self.X[rows].copy(),
            referee_keys=self.keys("referee", rows),
            oracle_keys=self.keys("oracle/attacker", rows),
            offered=None if self.offered is None else self.offered[rows].copy(),
        )

    def defending(self, rows: Any = slice(None), meter: Meter | None = None, black_box: bool | None = None) -> Watched:
        """What a defender sees; in a black box where the game is one, or as it is said here."""
        keys = self.keys("defender/0", rows)
        return Watched(
            self.game,
            self.law,
            self.codes[rows].copy(),
            self.X[rows].copy(),
            keys,
            self.keys("oracle/0", rows),
            meter or Meter(len(keys)),
            black_box=self.game.black_box if black_box is None else black_box,
            trace=traced(self.game, self.codes[rows]),
        )


def traced(game: BackdoorGame, codes: Codes) -> Any:
    """What the game reveals of attackers that chose these functions, asked nothing and tossed zeros; None: nothing."""
    if game.reveal is None:
        return None
    coins = np.zeros((len(codes), 3), dtype=np.uint64)
    return game.reveal.trace_block(AttackerRun(game.functions, codes.copy(), coins, ((),) * len(codes)))


class Watched(DefenderBlock):
    """A view that remembers the examples that it hands out, each beside a twin that nobody else has touched."""

    def __init__(self, *parts: Any, black_box: bool = False, trace: Any = None) -> None:
        super().__init__(*parts, black_box=black_box, trace=trace)
        self.handed: list[tuple[Any, Sample]] = []

    def sample(self, m: int, members: int = 1) -> Sample:
        start = self._used
        made = super().sample(m, members)
        self.handed.append((made, self._twin(slice(None), start=start, members=members, m=m)))
        return made

    def _examples(self, r: int, start: int, m: int) -> tuple[Points, Labels]:
        X, y = super()._examples(r, start, m)
        twin = self._twin(slice(r, r + 1), start=start, members=1, m=m)
        self.handed.append((types.SimpleNamespace(X=X, y=y), twin))
        return X, y

    def _twin(self, rows: slice, **size: int) -> Sample:
        codes, keys = self._codes[rows].copy(), self._oracle_keys[rows].copy()
        return Sample(self.game.functions, self._oracle, codes, keys, **size)

    def _alone_with(self, r: int, meter: Meter, used: int = 0) -> Watched:
        rows = slice(r, r + 1)
        arrays = self._codes[rows], self.X[rows], self.keys[rows], self._oracle_keys[rows]
        trace = None if self.trace is None else self.trace[rows]
        block = Watched(self.game, self._oracle, *arrays, meter, black_box=self.black_box, trace=trace)
        block._used, block.handed = used, self.handed
        return block

    def touched(self) -> str | None:
        """Which examples have been changed or made writable since they were handed out; None where none were."""
        for made, twin in self.handed:
            for name in ("X", "y"):
                array = vars(made).get(name)
                if array is not None and array.flags.writeable:
                    return f"it makes {name} of its examples writable"
                if array is not None and not same(array, getattr(twin, name).reshape(array.shape)):
                    return f"it writes into {name} of its examples"
        return None
