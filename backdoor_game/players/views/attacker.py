"""What an attacker may see of its rounds."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from ...functions import Function, FunctionClass
from ...functions.base import Booleans, Codes, Floats, Labels
from ...functions.distance import LEGAL, judge, measured_distance
from ...functions.foreign import members
from ...ground import _validate
from ...ground.streams import GOLD, Words, mix64
from ...spaces.distributions import Distribution
from ...spaces.domains import Points
from .meter import GameLike, Meter, MeteredFunction, PartMeter, RowMeter, held_to, satisfied
from .sample import Sample, asked_for

NOT_YET = "f and x_star do not exist yet: choose() comes before the trigger is drawn"
Indices = npt.NDArray[np.int64]
Log = list[list[tuple[Any, ...]]]  # for each round what was asked of it
OFFERED = "offered"  # an entry of nature's


def sealed(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """The same numbers on bytes of their own, which nothing can write to: both branches are shown the same entry."""
    return np.ndarray(array.shape, array.dtype, buffer=array.tobytes())


class AttackerBlock:
    """B rounds as a block attacker sees them.

    Attributes
    ----------
    game : GameLike
    distribution : Distribution
        D, the game's or the attacker's own.
    keys : ndarray of uint64, shape (B,)
        The attacker's coins, and nothing else, as `DefenderBlock.keys` says: those of `choose` and of `plant` differ,
        and follow from the run's seed.
    codes : ndarray, shape (B, L), read-only, or None before f is chosen
    X_star : ndarray, shape (B, n), read-only, or None before the triggers are known
    offered : ndarray, shape (B, q, n), read-only, or None
        The triggers that nature offers, from the moment at which the game's law lets the attacker see them.
    """

    def __init__(
        self,
        game: GameLike,
        distribution: Distribution,
        keys: Words,
        meter: Meter,
        *,
        codes: Codes | None = None,
        X_star: Points | None = None,
        referee_keys: Words | None = None,
        oracle_keys: Words | None = None,
        offered: Points | None = None,
        plant_keys: Words | None = None,
        log: Log | None = None,
    ) -> None:
        self.game, self.distribution, self.keys, self.meter = game, distribution, keys, meter
        self.codes, self.X_star, self.offered = codes, X_star, offered
        self._referee_keys = keys if referee_keys is None else referee_keys
        self._oracle_keys, self._used = oracle_keys, 0
        self._plant_keys, self._log = keys if plant_keys is None else plant_keys, log
        for array in (codes, X_star, keys, offered):
            if array is not None:
                array.setflags(write=False)

    def __len__(self) -> int:
        return len(self.keys)

    @property
    def functions(self) -> FunctionClass:
        """The class of the game."""
        return self.game.functions

    def chosen(self) -> tuple[Codes, Points]:
        """f's codes (B, L) and the triggers (B, n), once both exist."""
        if self.codes is None or self.X_star is None:
            raise ValueError(NOT_YET)
        return self.codes, self.X_star

    def _original(self) -> Codes:
        """f's codes (B, L), once they exist."""
        if self.codes is None:
            raise ValueError(NOT_YET)
        return self.codes

    def at(self, X: Points, rows: Indices | None = None) -> AttackerBlock:
        """Where f is chosen and the trigger is to be picked: what `plant` would see if it were X (B, n).

        Parameters
        ----------
        X : ndarray, shape (B, n), or (k, n) with `rows`
        rows : ndarray of int, shape (k,), optional
            Only these rounds. What is used is charged to them.
        """
        part = np.arange(len(self)) if rows is None else rows
        oracle = None if self._oracle_keys is None else self._oracle_keys[part]
        return AttackerBlock(
            self.game,
            self.distribution,
            self._plant_keys[part],
            PartMeter(self.meter, part),
            codes=self._original()[part],
            X_star=np.array(X),
            offered=None if self.offered is None else self.offered[part],
            referee_keys=self._referee_keys[part],
            oracle_keys=oracle,
        )

    def evaluate(self, codes: Codes, X: Points) -> Labels:
        """Labels of X (B, m, n) under members' codes (B, L); charged m queries a round."""
        codes, X = members(self.functions, codes, X)
        held_to(len(self), X)
        self.meter.charge(slice(None), queries=X.shape[1])
        labels = self.functions.member_labels(codes, X)
        self.note("evaluated", codes, X, labels)
        return labels

    def satisfies(self, X: Points) -> Booleans:
        """Whether points X (B, m, n) satisfy the game's predicate, bool (B, m); charged its cost a point."""
        said = satisfied(self.game, self.meter, None, X, len(self))
        self.note("satisfies", X, said)
        return said

    def note(self, what: str, *arrays: np.ndarray[Any, Any]) -> None:
        """Keep what was asked of each round, where the game shows it to the defender."""
        for r, entries in enumerate(self._log or []):
            entries.append((what, *(sealed(array[r]) for array in arrays)))

    def sample(self, m: int, members: int = 1) -> Sample:
        """m examples from D for each of `members` members, labelled by f; charged now, drawn when read."""
        f = self._original()
        m, members = asked_for(self.functions.domain, m, members)
        self.meter.charge(slice(None), examples=m * members)
        start, self._used = self._used, self._used + m * members
        # A view made by hand has no stream for examples: one beside the attacker's own.
        keys = mix64(self.keys ^ GOLD) if self._oracle_keys is None else self._oracle_keys
        return Sample(self.functions, self.distribution, f, keys, start=start, members=members, m=m)

    def forget(self) -> None:
        """Drop what was asked of a block that is asked again round by round; what was offered stays."""
        for entries in self._log or []:
            entries[:] = [entry for entry in entries if entry[0] == OFFERED]

    def charge(self, *, evaluations: int) -> None:
        """Own up to evaluations done by hand."""
        self.meter.charge(slice(None), evaluations=_validate.integer("evaluations", evaluations, 0))

    def legal(self, codes: Codes) -> Booleans:
        """Which codes (B, L) would be legal plants, by the engine's own rule."""
        f, x = self.chosen()
        ok = self.functions.are_members(codes)
        safe = np.where(ok[:, None], codes, f)
        differs = self.functions.member_labels(safe, x[:, None]) != self.functions.member_labels(f, x[:, None])
        verdicts = judge(self.functions, self.distribution, f, safe, self.game.epsilon, self._referee_keys)
        return np.asarray(ok & differs[:, 0] & (verdicts == LEGAL))

    def distance(self, codes: Codes) -> Floats:
        """Pr_D[f != g] for each row, shape (B,); estimated from 16,384 draws where no exact form exists."""
        f = self._original()
        return measured_distance(self.functions, self.distribution, f, codes, self._referee_keys)

    def row(self, r: int) -> AttackerView:
        """Round r alone, as a simple attacker sees it."""
        return AttackerView(self, r)

    def _alone_with(self, r: int, meter: Meter, used: int = 0) -> AttackerBlock:
        """Round r as a block of one, with a meter of its own."""
        rows = slice(r, r + 1)
        block = AttackerBlock(
            self.game,
            self.distribution,
            self.keys[rows],
            meter,
            codes=None if self.codes is None else self.codes[rows],
            X_star=None if self.X_star is None else self.X_star[rows],
            offered=None if self.offered is None else self.offered[rows],
            plant_keys=self._plant_keys[rows],
            log=None if self._log is None else self._log[rows],
            referee_keys=self._referee_keys[rows],
            oracle_keys=None if self._oracle_keys is None else self._oracle_keys[rows],
        )
        block._used = used
        return block


class AttackerView:
    """One round as a simple attacker sees it.

    Attributes
    ----------
    game : GameLike
    distribution : Distribution
    f : callable or None
        The original, None while it is being chosen.
    x_star : ndarray, shape (n,), read-only, or None
    offered : ndarray, shape (q, n), read-only, or None
        The triggers that nature offers, as soon as the game's law shows them.

    Notes
    -----
    The generator that comes with a view is keyed with the round's key: coins, as `DefenderBlock.keys` says.
    """

    __slots__ = ("_alone", "_block", "_row", "distribution", "f", "game", "offered", "x_star")

    def __init__(self, block: AttackerBlock, row: int) -> None:
        self._block, self._row = block, row
        self._alone: AttackerBlock | None = None
        self.game, self.distribution = block.game, block.distribution
        codes, x_star = block.codes, block.X_star
        self.f = None if codes is None else MeteredFunction(block.functions, codes[row], block.meter, row)
        self.x_star = None if x_star is None else x_star[row]
        self.offered = None if block.offered is None else block.offered[row]

    def chosen(self) -> tuple[Function, Points]:
        """f and the trigger x_star (n,), once both exist, as they do in `plant`."""
        if self.f is None or self.x_star is None:
            raise ValueError(NOT_YET)
        return self.f, self.x_star

    def legal(self, g: Function) -> bool:
        """Whether g would be a legal plant, by the engine's own rule."""
        functions = self.game.functions
        if g.code.shape != (functions.code_length,) or g.code.dtype != functions.code_dtype:
            return False
        return bool(self.block().legal(g.code[None])[0])

    def distance(self, g: Function) -> float:
        """Pr_D[f != g]."""
        return float(self.block().distance(g.code[None])[0])

    def examples(self, m: int) -> tuple[Points, Labels]:
        """m fresh examples X (m, n) from D with labels y (m,) of f, once it exists; charged."""
        sample = self.block().sample(m)
        return sample.X[0, 0], sample.y[0, 0]

    def satisfies(self, X: Points) -> Booleans:
        """Whether points X (m, n) satisfy the game's predicate, bool (m,); charged its cost a point."""
        return np.asarray(self.block().satisfies(np.asarray(X)[None])[0])

    def charge(self, *, evaluations: int) -> None:
        """Own up to evaluations done by hand."""
        self.block().charge(evaluations=evaluations)

    def block(self) -> AttackerBlock:
        """This round as a block of one, for wrapping a block attacker; what it uses is charged and used up here."""
        if self._alone is None:
            self._alone = self._block._alone_with(self._row, RowMeter(self._block.meter, self._row), self._block._used)
        return self._alone
