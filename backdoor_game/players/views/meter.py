"""Meters and budgets, what a black box hides, and the `Protocol` of a game that players are typed against."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, ClassVar, Protocol

import numpy as np
import numpy.typing as npt

from ...functions import Function, FunctionClass
from ...functions.base import Booleans, Codes, Labels
from ...ground.errors import BudgetExceeded, ContractError, InvalidArgument, MissingCapability
from ...ground.spec import text
from ...ground.streams import Words
from ...spaces.distributions import Distribution
from ...spaces.domains import Domain, Points

Counts = npt.NDArray[np.int64]
Known = tuple[Points, Callable[[], Labels]]
METERED = ("examples", "evaluations", "queries")


class PredicateLike(Protocol):
    """What players may ask of points, see `Predicate`."""

    @property
    def cost(self) -> int: ...
    def holds(self, X: Points) -> Booleans: ...


class TriggerLike(Protocol):
    """What players may rely on in a trigger law, see `TriggerLaw`."""

    @property
    def before_original(self) -> bool: ...
    @property
    def draws(self) -> int | None: ...
    @property
    def predicate(self) -> PredicateLike | None: ...
    def shown(self, distribution: Distribution, keys: Words, domain: Domain) -> Points: ...
    def admits(self, distribution: Distribution, X: Points) -> Booleans: ...


class GameLike(Protocol):
    """What players may rely on in the backdoor game."""

    plays: ClassVar[str]
    attackers: ClassVar[tuple[type[Any], str]]
    defenders: ClassVar[tuple[type[Any], str]]

    @property
    def functions(self) -> FunctionClass: ...
    @property
    def epsilon(self) -> float: ...
    @property
    def distribution(self) -> Distribution | None: ...
    @property
    def black_box(self) -> bool: ...
    @property
    def trigger(self) -> TriggerLike: ...
    @property
    def clean_input(self) -> str: ...
    @property
    def reveal(self) -> Any: ...


class Meter:
    """Counts what a player uses in each row of a block, and stops it at its budget.

    Attributes
    ----------
    counts : ndarray of int64, shape (3, rows)
        Examples, evaluations and queries, the arrays below; a query is an evaluation too.
    examples, evaluations, queries : ndarray of int64, shape (rows,)
    refused : ndarray of bool, shape (rows,), or (0,) where there is no budget
        The rows to which it has refused something, whatever became of the exception.
    """

    def __init__(
        self,
        rows: int,
        *,
        examples: int | None = None,
        evaluations: int | None = None,
        queries: int | None = None,
    ) -> None:
        self.counts: Counts = np.zeros((3, rows), dtype=np.int64)
        self.examples: Counts
        self.evaluations: Counts
        self.queries: Counts
        self.examples, self.evaluations, self.queries = self.counts
        self._most = (examples, evaluations, queries)
        self._limited = self._most != (None, None, None)
        self.refused = np.zeros(rows if self._limited else 0, dtype=np.bool_)

    def charge(self, rows: slice | int, *, examples: int = 0, evaluations: int = 0, queries: int = 0) -> None:
        """Add to the given rows; where one would go over, raises `BudgetExceeded` and grants nothing.

        `evaluations` are those beyond the queries, each of which counts as one by itself.
        """
        more = (examples, evaluations + queries, queries)
        if self._limited:
            for what, most, over in self._exceeded(rows, more):
                self.refused[rows] |= over
                raise BudgetExceeded(f"more than {most} {what} in a round")
        for kind, one in enumerate(more):
            if one:
                self.counts[kind, rows] += one

    def affords(self, rows: slice | int, *, examples: int = 0, evaluations: int = 0, queries: int = 0) -> bool:
        """Whether `charge` would grant this: who stops in time asks first, since what is refused loses the round."""
        return not any(True for _ in self._exceeded(rows, (examples, evaluations + queries, queries)))

    def _exceeded(self, rows: slice | int, more: tuple[int, int, int]) -> Iterator[tuple[str, int, Any]]:
        """What these charges would take too far, how much there may be, and in which of the rows."""
        for used, one, most, what in zip(self.counts, more, self._most, METERED, strict=True):
            if one and most is not None:
                over = used[rows] + one > most
                if np.any(over):
                    yield what, most, over


class RowMeter(Meter):
    """A meter of one row that charges a row of another."""

    def __init__(self, meter: Meter, row: int) -> None:
        super().__init__(1)
        self._meter, self._row = meter, row

    def charge(self, rows: slice | int, *, examples: int = 0, evaluations: int = 0, queries: int = 0) -> None:
        self._meter.charge(self._row, examples=examples, evaluations=evaluations, queries=queries)

    def affords(self, rows: slice | int, *, examples: int = 0, evaluations: int = 0, queries: int = 0) -> bool:
        return self._meter.affords(self._row, examples=examples, evaluations=evaluations, queries=queries)


class PartMeter(Meter):
    """A meter of some rows of another."""

    def __init__(self, meter: Meter, rows: npt.NDArray[np.int64]) -> None:
        super().__init__(len(rows))
        self._meter, self._rows = meter, rows

    def charge(self, rows: slice | int, *, examples: int = 0, evaluations: int = 0, queries: int = 0) -> None:
        charged: Any = self._rows[rows]
        self._meter.charge(charged, examples=examples, evaluations=evaluations, queries=queries)

    def affords(self, rows: slice | int, *, examples: int = 0, evaluations: int = 0, queries: int = 0) -> bool:
        asked: Any = self._rows[rows]
        return self._meter.affords(asked, examples=examples, evaluations=evaluations, queries=queries)


class MeteredFunction(Function):
    """A function whose calls are charged; its label at the shown input may be looked up rather than computed."""

    __slots__ = ("_known", "_meter", "_row")

    def __init__(
        self, functions: FunctionClass, code: Codes, meter: Meter, row: int, known: Known | None = None
    ) -> None:
        self._functions, self.code = functions, code
        self._meter, self._row, self._known = meter, row, known

    def __call__(self, X: Points) -> Labels:
        X = np.asarray(X)
        self._meter.charge(self._row, queries=len(X))
        if self._known is not None and len(X) == 1:
            x, labels = self._known
            if X.dtype == x.dtype and X.shape[1:] == x.shape and X.tobytes() == x.tobytes():
                return np.asarray(labels()[self._row])
        return self._labels(X)


class HiddenFunction(Function):
    """A function that answers and cannot be read: what a defender holds in a black-box game."""

    __slots__ = ("_inner",)

    def __init__(self, inner: Function) -> None:
        self._inner = inner

    @property
    def code(self) -> Codes:  # type: ignore[override]  # read-only here, a slot in every other function
        raise hidden()

    @property
    def functions(self) -> FunctionClass:
        raise hidden()  # a wrapped model's class would tell that it is wrapped

    def __call__(self, X: Points) -> Labels:
        return self._inner(X)

    def __repr__(self) -> str:
        return "Function(in a black box)"


def hidden() -> ContractError:
    """The rule that a defender breaks by reading a code in a black-box game."""
    return ContractError("the game is a black box: ask f' for labels or examples, its code is not to be read")


def answers(predicate: PredicateLike, X: Points) -> Booleans:
    """What the predicate says of points X (m, n), held to its contract."""
    said = np.asarray(predicate.holds(X))
    if said.shape != (len(X),) or said.dtype != np.bool_:
        raise ContractError(
            f"{text(predicate)[:200]}: holds() must return bool of shape ({len(X)},), got {said.dtype} of shape "
            f"{said.shape}"
        )
    return said


def satisfied(game: GameLike, meter: Meter, row: int | None, X: Points, rounds: int = 1) -> Booleans:
    """What the game's predicate says, charged its cost a point to each of the rounds that ask.

    Of X (rounds, m, n), bool (rounds, m); of X (m, n), bool (m,), where it is one row of the meter that asks.
    """
    predicate = game.trigger.predicate
    if predicate is None:
        raise MissingCapability(
            'the game has no predicate to ask: give it one, such as trigger="Satisfying(HashPrefix(bits=4))"'
        )
    X = game.functions.domain.checked(X)
    if row is None:
        held_to(rounds, X)
    elif X.ndim != 2:
        raise InvalidArgument(f"X must have shape (m, n), m points for this round, got {X.shape}")
    meter.charge(slice(None) if row is None else row, evaluations=X.shape[-2] * predicate.cost)
    if row is None and X.strides[0] == 0:  # the same points for every round
        return np.broadcast_to(answers(predicate, X[0]), X.shape[:-1])
    return answers(predicate, X.reshape(-1, X.shape[-1])).reshape(X.shape[:-1])


def held_to(rounds: int, X: Points) -> None:
    """Refuse points that are not (rounds, m, n): what is charged is m a round."""
    if X.ndim != 3 or len(X) != rounds:
        raise InvalidArgument(f"X must have shape ({rounds}, m, n), m points for each round, got {X.shape}")
