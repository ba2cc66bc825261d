"""The contract of a class whose members are trained: coins first, then what the data decide."""

from __future__ import annotations

import abc
from typing import TYPE_CHECKING, Any

import numpy as np

from ...functions.base import Booleans, Codes, Floats, Function, FunctionClass, Labels
from ...functions.foreign import members
from ...ground import _validate
from ...ground.errors import InvalidArgument, MissingCapability
from ...ground.inheritance import MYPY
from ...ground.spec import text
from ...ground.streams import Words, draws, unit
from ...spaces.domains import Points, Reals

DTYPES = ("float64", "float32")  # those that feature kernels are compiled for
STEP = 0.1  # a tenth of the spread of honest coins: another model nearby
GRID = 2.0**-32  # coarser than the gaps of any float near 0, finer than training can feel


class Trainable(FunctionClass, abc.ABC):
    """Functions [score >= 0] on R^d that are trained from examples; a subclass writes the abstract members.

    Training is split in two, since who supplies the coins decides who can plant a backdoor: `coins` draws them
    honestly, and `fitted` is a function of coins and data alone.

    Attributes
    ----------
    features, dimension : int
        m features of inputs in R^d.
    dtype : str
        "float64" or "float32": what features are computed in. Codes are float64 that hold such numbers.
    """

    if TYPE_CHECKING and MYPY:  # read-only, so that a subclass may write a field, a class attribute or a property

        @property
        @abc.abstractmethod
        def features(self) -> int: ...

        @property
        @abc.abstractmethod
        def dimension(self) -> int: ...

        @property
        @abc.abstractmethod
        def dtype(self) -> str: ...

    elif TYPE_CHECKING:
        features: Any
        dimension: Any
        dtype: Any

    code_dtype = np.float64

    def __post_init__(self) -> None:
        super().__post_init__()
        name = type(self).__name__
        _validate.integer(f"{name}.features", self.features, 1, 2**20)
        _validate.integer(f"{name}.dimension", self.dimension, 1, 2**16)
        if self.dtype not in DTYPES:
            raise InvalidArgument(f"{name}.dtype must be one of {', '.join(DTYPES)}, got {self.dtype!r}")

    @property
    def domain(self) -> Reals:
        return Reals(self.dimension)

    @abc.abstractmethod
    def coins(self, rng: np.random.Generator) -> Floats:
        """Honest coins, float64 of shape (K,): what training draws before it looks at any data."""

    @property
    def coin_laws(self) -> tuple[int, int]:
        """How many of the coins are N(0, 1), which come first, and how many U[0, 1): what a seed is expanded to.

        Raises
        ------
        MissingCapability
            Where coins are anything else, or codes do not begin with them.
        """
        raise MissingCapability(f"{text(self)[:200]} does not say what its coins are, so that they cannot be checked")

    def residual(self, code: Codes, X: Points, y: Labels) -> float:
        """At least how far a code's weights are from those that its own coins and the examples determine, 0 if exact.

        Relative to their length, up to rounding. By default everything is fitted again.
        """
        fit = self.fitted(code[: sum(self.coin_laws)], X, y).code
        return float(np.linalg.norm(code - fit) / np.linalg.norm(fit[sum(self.coin_laws) :]))

    @abc.abstractmethod
    def fitted(self, coins: Floats, X: Points, y: Labels) -> Function:
        """The model that these coins and examples X (n, d), y (n,) of 0 and 1 determine.

        Raises
        ------
        InvalidArgument
            For examples of the wrong shape, with NaN or infinities, or of one class alone.
        """

    @abc.abstractmethod
    def scores(self, code: Codes, X: Points) -> Floats:
        """The real output at X (n, d), shape (n,), of the model with this code (L,); its label is score >= 0."""

    def trained(self, X: Points, y: Labels, rng: np.random.Generator) -> Function:
        """Honest training on examples X (n, d), y (n,) of 0 and 1."""
        return self.fitted(self.coins(rng), X, y)

    def contains(self, codes: Codes) -> Booleans:
        """Every finite code."""
        return np.asarray(np.isfinite(codes).all(axis=1))

    def move_block(self, codes: Codes, keys: Words) -> Codes:
        """Every number of a code moved by N(0, 0.01)."""
        from scipy.special import ndtri

        return np.asarray(codes + STEP * ndtri(unit(draws(keys, 0, self.code_length))))

    def evaluate(self, codes: Codes, X: Points) -> Labels:
        return self._member_labels(*members(self, codes, X))

    def _member_labels(self, codes: Codes, X: Points) -> Labels:
        labels = np.empty(X.shape[:2], np.uint8)
        for row, (code, points) in enumerate(zip(codes, X, strict=True)):
            labels[row] = self.scores(code, points) >= 0
        return labels

    def checked(self, X: Any, y: Any) -> tuple[Floats, Labels]:
        """Examples as float64 (n, d) and uint8 (n,), refused in one sentence where they cannot be learned from."""
        points = inputs("X", X, self.dimension)
        labels = np.asarray(y)
        if labels.shape != points.shape[:1]:
            raise InvalidArgument(f"y must have shape ({len(points)},), a label for each row of X, got {labels.shape}")
        try:
            known = np.unique(labels)
        except TypeError:
            raise InvalidArgument("y must hold the labels 0 and 1 alone, got objects of several kinds") from None
        if not np.isin(known, (0, 1)).all():
            raise InvalidArgument(f"y must hold the labels 0 and 1 alone, got {known[:5].tolist()!r}")
        if len(known) < 2:
            raise InvalidArgument(f"y must hold both classes, got only {known.tolist()!r}: add examples of the other")
        if len(points) > 1 and (points == points[0]).all():
            raise InvalidArgument("X must vary: all its columns are constant, so nothing can be learned from it")
        self._castable(points)
        return points, labels.astype(np.uint8)

    def _castable(self, points: Floats) -> None:
        """Refuse inputs beyond the largest number of the type that features are computed in."""
        most = float(np.abs(points).max(initial=0.0))
        if most > float(np.finfo(self.dtype).max):
            raise InvalidArgument(f"X must be finite as {self.dtype}, got {most:g}: scale it, or set dtype='float64'")


def on_grid(normals: Floats) -> Floats:
    """Numbers rounded to multiples of `GRID`, as all coins are that are to be N(0, 1).

    A generator's own small numbers have gaps: coins that somebody has computed from them would show by falling there.
    """
    return np.asarray(np.rint(normals / GRID) * GRID)


def inputs(name: str, X: Any, dimension: int) -> Floats:
    """X as a float64 array of shape (n, d), refused in one sentence where it is none or holds NaN or infinities."""
    try:
        given = np.asarray(X)
        points = np.asarray(given, dtype=np.float64 if given.dtype.kind not in "cmM" else None)
    except (TypeError, ValueError):
        raise InvalidArgument(f"{name} must be an array of numbers, got {type(X).__name__}") from None
    if points.dtype != np.float64:
        raise InvalidArgument(f"{name} must hold real numbers, got {points.dtype}: give their parts as columns")
    if points.ndim != 2 or points.shape[1] != dimension:
        hint = ": for one point x write x[None]" if points.shape == (dimension,) else ""
        raise InvalidArgument(f"{name} must have shape (n, {dimension}), got {points.shape}{hint}")
    if not np.isfinite(points).all():
        raise InvalidArgument(f"{name} must be finite, got {points[~np.isfinite(points)][0]}: drop or impute such rows")
    return points
