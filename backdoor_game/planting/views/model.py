"""What a detector may see of a model: its labels, its code unless it is a black box, an input where there is one."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np

from ...functions import Function
from ...functions.base import Floats
from ...ground import _validate
from ...ground.errors import ContractError
from ...ground.showing import fields
from ...ground.streams import Generators, Words
from ...players.views.meter import HiddenFunction, Meter, MeteredFunction, RowMeter
from ...spaces.domains import Points
from ..datasets import Dataset, Split


@dataclasses.dataclass(frozen=True, eq=False)
class Shown:
    """One branch of one round, before it is shown.

    Attributes
    ----------
    model : Function
    split : Split
        The user's data.
    x : ndarray of float64, shape (d,), or None
        The input that comes with the model, where the game shows one.
    secret : (Backdoor, Key), or None
        For the key holder alone.
    transcript : object, or None
        How the model came about, where the game shows it.
    """

    model: Function
    split: Split
    x: Floats | None = None
    secret: tuple[Any, Any] | None = None
    transcript: Any = None

    __repr__ = fields


class ModelBlock:
    """Rounds of a game about models, one branch each.

    Attributes
    ----------
    game : ModelGame
    keys : ndarray of uint64, shape (B,)
        The detector's coins, and nothing else: see `backdoor_game.players.views.DefenderBlock`.
    meter : Meter
    """

    def __init__(self, game: Any, shown: list[Shown], keys: Words, fresh: Words, meter: Meter, holds_key: bool) -> None:
        self.game, self.keys, self.meter = game, keys, meter
        self._shown, self._fresh, self._holds_key = shown, fresh, holds_key

    def __len__(self) -> int:
        return len(self._shown)

    def row(self, r: int) -> ModelView:
        """Round r alone."""
        return ModelView(self, r)

    def _alone_with(self, r: int, meter: Meter) -> ModelBlock:
        """Round r as a block of one, with a meter of its own."""
        rows = slice(r, r + 1)
        return ModelBlock(self.game, self._shown[rows], self.keys[rows], self._fresh[rows], meter, self._holds_key)


class ModelView:
    """One model as a detector sees it.

    Attributes
    ----------
    game : ModelGame
        `game.functions` is what an honest party trains, `game.data` where examples come from.
    f : Function
        The model: ``f(X)`` for X (m, d) gives labels (m,) and is charged as queries; ``f.code`` and ``f.functions`` are
        free, but hidden in a black box.
    x : ndarray of float64, shape (d,), or None
        The input that comes with the model, where the game shows one; read-only, as the data are.
    train : Split
        The user's data that the model was trained on.
    transcript : object, or None
        How the model came about, where the game shows it.
    """

    __slots__ = ("_block", "_drawn", "_row", "f", "game", "train", "transcript", "x")

    def __init__(self, block: ModelBlock, row: int) -> None:
        shown = block._shown[row]
        self._block, self._row, self._drawn = block, row, 0
        self.game, self.train, self.transcript = block.game, shown.split, shown.transcript
        self.x = None if shown.x is None else np.array(shown.x)
        if self.x is not None:
            self.x.setflags(write=False)
        metered = MeteredFunction(shown.model.functions, shown.model.code, RowMeter(block.meter, row), 0)
        self.f: Function = HiddenFunction(metered) if block.game.black_box else metered

    def inputs(self, m: int) -> Points:
        """m fresh clean inputs (m, d) from the data's law, test examples of further splits; charged as examples.

        A fixed table has none but its own rows: the shown input, scaled otherwise, may be among them.
        """
        m = _validate.integer("m", m, 0)
        data: Dataset = self.game.data
        _validate.room("m", m, m * data.dimension * 8)  # float64
        self._block.meter.charge(self._row, examples=m)
        found: list[Points] = [np.empty((0, data.dimension))]
        while sum(map(len, found)) < m:
            word = self._block._fresh[self._row] + np.uint64(self._drawn)
            self._drawn += 1
            found.append(data.split(Generators().keyed(word)).X_test)
        return np.concatenate(found)[:m].copy()

    @property
    def secret(self) -> tuple[Any, Any]:
        """The backdoor and its key (on a clean model a fresh key), for players that declare `holds_key` alone."""
        found = self._block._shown[self._row].secret
        if not self._block._holds_key or found is None:
            raise ContractError("the key is the attacker's: only a control that declares holds_key = True may use it")
        return found
