"""What a defender may see of its rounds."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from ...functions import Function
from ...functions.base import Booleans, Codes, Labels
from ...ground import _validate
from ...ground.streams import Words
from ...spaces.distributions import Distribution
from ...spaces.domains import Points
from .meter import GameLike, HiddenFunction, Meter, MeteredFunction, RowMeter, held_to, hidden, satisfied
from .sample import FEW, Sample, asked_for

DRAWN_CALLS = 16  # calls whose examples are kept for the whole block; beyond, each round draws its own
Trace = npt.NDArray[Any]
DRAWN_NUMBERS = 2**22  # coordinates of such a call: 32 MiB


class DefenderBlock:
    """B rounds as a block defender sees them: never the attacker, the coin or the other function.

    Attributes
    ----------
    game : GameLike
    codes : ndarray, shape (B, L), read-only
        The functions f' that are shown; in a black box reading them is a `ContractError`.
    X : ndarray, shape (B, n), read-only
        The inputs x'.
    keys : ndarray of uint64, shape (B,)
        The defender's coins, by way of `streams.draws`, and to be used as nothing else. They are words that follow from
        the run's seed, the game and the round, as everything else in a run does: a game's seed is no secret, and who
        tries the small ones against its keys finds it, and with it the round's coin and trigger. Such a player shows
        nothing but that the seed was small; `backdoor_game.testing` looks for it, and `estimate` draws 63 bits.
    black_box : bool
        Whether codes are hidden: the engine says so; who averages over a game knows them.
    """

    def __init__(
        self,
        game: GameLike,
        oracle: Distribution,
        codes: Codes,
        X: Points,
        keys: Words,
        oracle_keys: Words,
        meter: Meter,
        *,
        black_box: bool = False,
        trace: Trace | None = None,
    ) -> None:
        self.game, self._codes, self.X, self.keys, self.meter = game, codes, X, keys, meter
        self._trace = trace
        self._oracle, self._oracle_keys, self.black_box = oracle, oracle_keys, black_box
        self._used = 0
        self._labels: Labels | None = None
        self._drawn: dict[tuple[int, int], tuple[Points, Labels]] = {}
        for array in (codes, X, keys, trace):
            if array is not None:
                array.setflags(write=False)

    def __len__(self) -> int:
        return len(self.keys)

    @property
    def codes(self) -> Codes:
        """The functions f' that are shown, (B, L)."""
        if self.black_box:
            raise hidden()
        return self._codes

    @property
    def distribution(self) -> Distribution | None:
        """D where the game fixes it; None where the attacker has picked it."""
        return self.game.distribution

    @property
    def trace(self) -> Trace | None:
        """What the game reveals of the attacker's run, an entry for each round; None where it reveals nothing."""
        return self._trace

    def satisfies(self, X: Points) -> Booleans:
        """Whether points X (B, m, n) satisfy the game's predicate, bool (B, m); charged its cost a point."""
        return satisfied(self.game, self.meter, None, X, len(self))

    def sample(self, m: int, members: int = 1) -> Sample:
        """m fresh examples for each of `members` members, labelled by f'; charged now, drawn when read."""
        m, members = asked_for(self.game.functions.domain, m, members)
        self.meter.charge(slice(None), examples=m * members)
        start, self._used = self._used, self._used + m * members
        return Sample(
            self.game.functions, self._oracle, self._codes, self._oracle_keys, start=start, members=members, m=m
        )

    def evaluate(self, X: Points) -> Labels:
        """f' on X (B, m, n): uint8 of shape (B, m); charged m queries a round."""
        if isinstance(X, np.ndarray):
            _validate.room("X", X.shape, X.nbytes // max(1, len(self)))
        X = self.game.functions.domain.checked(X)
        held_to(len(self), X)  # a kernel would read on behind the last row
        self.meter.charge(slice(None), queries=X.shape[1])
        return self.game.functions.member_labels(self._codes, X)

    def charge(self, *, evaluations: int) -> None:
        """Own up to evaluations done on a code by hand."""
        self.meter.charge(slice(None), evaluations=_validate.integer("evaluations", evaluations, 0))

    def _shown_labels(self) -> Labels:
        """f'(x') of every round, shape (B, 1), read-only; computed for the whole block when a round first asks."""
        if self._labels is None:
            self._labels = self.game.functions.member_labels(self._codes, self.X[:, None, :])
            self._labels.setflags(write=False)
        return self._labels

    def row(self, r: int) -> DefenderView:
        """Round r alone, as a simple defender sees it."""
        return DefenderView(self, r)

    def _alone_with(self, r: int, meter: Meter, used: int = 0) -> DefenderBlock:
        """Round r as a block of one, with a meter of its own."""
        rows = slice(r, r + 1)
        block = DefenderBlock(
            self.game,
            self._oracle,
            self._codes[rows],
            self.X[rows],
            self.keys[rows],
            self._oracle_keys[rows],
            meter,
            black_box=self.black_box,
            trace=None if self._trace is None else self._trace[rows],
        )
        block._used = used
        return block

    def _examples(self, r: int, start: int, m: int) -> tuple[Points, Labels]:
        """Examples start .. start + m - 1 of round r; drawn for the whole block when the first round asks."""
        drawn = self._drawn.get((start, m))
        if drawn is None:
            functions = self.game.functions
            sample = Sample(functions, self._oracle, self._codes, self._oracle_keys, start=start, members=1, m=m)
            if len(self._drawn) >= DRAWN_CALLS or len(self) * m * functions.domain.n > DRAWN_NUMBERS:
                sample = sample.rows(r, r + 1)
                return sample.X[0, 0], sample.y[0, 0]
            drawn = self._drawn[start, m] = sample.X[:, 0], sample.y[:, 0]
        return drawn[0][r], drawn[1][r]


class DefenderView:
    """One round as a simple defender sees it.

    Attributes
    ----------
    game : GameLike
    f : callable
        The function that is shown: ``f(X)`` for X (m, n) gives labels (m,) and is charged; ``f.code`` is free, but
        hidden in a black box.
    x : ndarray, shape (n,), read-only
        The input that is shown.

    Notes
    -----
    The generator that comes with a view is keyed with the round's key: coins, as `DefenderBlock.keys` says.
    """

    __slots__ = ("_alone", "_block", "_row", "_used", "f", "game", "x")

    def __init__(self, block: DefenderBlock, row: int) -> None:
        self._block, self._row, self._used = block, row, block._used
        self._alone: DefenderBlock | None = None
        self.game = block.game
        self.x = block.X[row]
        known = (self.x, block._shown_labels)
        shown: Function = MeteredFunction(block.game.functions, block._codes[row], block.meter, row, known)
        self.f = HiddenFunction(shown) if block.black_box else shown

    @property
    def distribution(self) -> Distribution | None:
        """D where the game fixes it; None where the attacker has picked it."""
        return self.game.distribution

    @property
    def trace(self) -> Any:
        """What the game reveals of the attacker's run in this round; None where it reveals nothing."""
        trace = self._block.trace
        return None if trace is None else trace[self._row]

    def satisfies(self, X: Points) -> Booleans:
        """Whether points X (m, n) satisfy the game's predicate, bool (m,); charged its cost a point."""
        return satisfied(self.game, self._block.meter, self._row, X)

    @property
    def used(self) -> tuple[int, int]:
        """Examples and evaluations, queries among them, charged to this round so far."""
        return int(self._block.meter.examples[self._row]), int(self._block.meter.evaluations[self._row])

    def examples(self, m: int) -> tuple[Points, Labels]:
        """m fresh examples X (m, n) with labels y (m,) of the function that is shown; charged."""
        if type(m) is not int or not 0 <= m <= FEW:
            m, _ = asked_for(self.game.functions.domain, m)
        self._block.meter.charge(self._row, examples=m)
        return self._block._examples(self._row, self._take(m), m)

    def _take(self, m: int) -> int:
        """Where the next m examples begin, counting those that went through `block()`."""
        if self._alone is not None:
            self._used = self._alone._used
            self._alone._used += m
        start, self._used = self._used, self._used + m
        return start

    def evaluate(self, X: Points) -> Labels:
        """The same as ``f(X)``."""
        return self.f(X)

    def charge(self, *, evaluations: int) -> None:
        """Own up to evaluations done on a code by hand."""
        self._block.meter.charge(self._row, evaluations=_validate.integer("evaluations", evaluations, 0))

    def block(self) -> DefenderBlock:
        """This round as a block of one, for wrapping a block defender; what it uses is charged and used up here."""
        if self._alone is None:
            self._alone = self._block._alone_with(self._row, RowMeter(self._block.meter, self._row), self._used)
        return self._alone
