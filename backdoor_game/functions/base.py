"""The contract of a function class: what is backdoored, each function a code array of fixed length."""

from __future__ import annotations

import abc
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import numpy.typing as npt

from ..ground import _validate
from ..ground.blame import name_faults
from ..ground.errors import InvalidArgument, MissingCapability
from ..ground.generators import take_seeds
from ..ground.inheritance import MYPY, overrides
from ..ground.spec import Configured, text
from ..ground.streams import Generators, Words
from ..spaces.distributions import Distribution
from ..spaces.domains import Domain, Points
from .foreign import formed
from .function_line import in_a_line
from .held import checked_code, checked_labels, checked_list, checked_members, checked_sample, refuse_incomplete

Codes = npt.NDArray[Any]
Labels = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float64]
Booleans = npt.NDArray[np.bool_]


class Function:
    """One member of a class: its read-only `code` and, when called, its labels.

    Calling it on X of shape (m, n) gives uint8 labels of shape (m,).
    """

    __slots__ = ("_functions", "code")

    def __init__(self, functions: FunctionClass, code: Codes) -> None:
        self._functions = functions
        if isinstance(code, np.ndarray) and code.flags.writeable:  # several players may be shown one function
            code = code.copy()
            code.setflags(write=False)
        self.code = code

    @property
    def functions(self) -> FunctionClass:
        """The class that this is a member of."""
        return self._functions

    def __call__(self, X: Points) -> Labels:
        code = formed(self._functions, self.code)
        if not self._functions.are_members(code[None])[0]:
            raise InvalidArgument(f"code must be a member of {self._functions!r}, got {self.code.tolist()!r:.200}")
        return self._labels(X)

    def _labels(self, X: Points) -> Labels:
        if isinstance(X, np.ndarray):
            _validate.room("X", X.shape, X.nbytes)
        points = self._functions.domain.checked(X)
        if points.ndim != 2:
            raise InvalidArgument(f"X must have shape (m, n), got {points.shape}: for one point x write x[None]")
        return np.asarray(self._functions.member_labels(self.code[None], points[None])[0])

    def __repr__(self) -> str:
        return in_a_line(self._functions, self.code)


class FunctionClass(Configured, abc.ABC):
    """A representation class of functions X -> {0, 1}; a subclass writes the four abstract members.

    Attributes
    ----------
    domain : Domain
        Where the functions live.
    code_length : int
        L, the length of every code (shorter ones are padded in one canonical way).
    code_dtype : numpy dtype
        uint8, int64 or float64.
    vc_dimension : int or None
        Exact VC dimension where a theorem or brute force gives it.
    intersection_closed : bool
        Whether the intersection of any two members is a member. Where it is, `consistent` must return the closure:
        the smallest member that holds all positive examples.
    secret : bool
        Whether codes tell how to activate inputs: such a model is a black box's, and is not to be handed out.
    samples_uniformly : bool
        Whether `sample` is uniform over the rows of `enumerate`, so that exact methods may average over them.
    """

    secret: ClassVar[bool] = False
    _trusts: ClassVar[bool] = False  # whether `evaluate` is a look at the codes and then `_member_labels`

    if TYPE_CHECKING and MYPY:  # read-only, so that a subclass may write a field, a class attribute or a property

        @property
        @abc.abstractmethod
        def domain(self) -> Domain: ...

        @property
        @abc.abstractmethod
        def code_length(self) -> int: ...

        @property
        @abc.abstractmethod
        def code_dtype(self) -> npt.DTypeLike: ...

        @property
        def vc_dimension(self) -> int | None: ...

        @property
        def intersection_closed(self) -> bool: ...

        @property
        def samples_uniformly(self) -> bool: ...

    elif TYPE_CHECKING:
        domain: Any
        code_length: Any
        code_dtype: Any
        vc_dimension: Any
        intersection_closed: Any
        samples_uniformly: Any
    else:
        vc_dimension = None
        intersection_closed = samples_uniformly = False

    @abc.abstractmethod
    def evaluate(self, codes: Codes, X: Points) -> Labels:
        """Labels of X (B, m, n) under codes (B, L): uint8 of shape (B, m), row r under code r.

        Every class of this package refuses, with `InvalidArgument`, codes that are no members. One of others need not:
        where codes come from outside, the engine asks `contains` before.
        """

    def member_labels(self, codes: Codes, X: Points) -> Labels:
        """`evaluate` on codes that are known to be members, and so without a look at each: what the engine calls.

        A class from elsewhere is held to its contract, here and in the two methods that follow.
        """
        if self._trusts:
            return self._member_labels(codes, X)
        return checked_labels(self, self.evaluate(codes, X), X.shape[:2])

    def are_members(self, codes: Codes) -> Booleans:
        """`contains`, as the engine asks it."""
        return checked_members(self, self.contains(codes), len(codes))

    def draw_members(self, keys: Words) -> Codes:
        """`sample_block`, as the engine asks it."""
        return checked_sample(self, self.sample_block(keys), len(keys))

    def _member_labels(self, codes: Codes, X: Points) -> Labels:
        """The part of `evaluate` after its look at the codes, where a class writes it apart."""
        return self.evaluate(codes, X)

    def __post_init__(self) -> None:
        super().__post_init__()
        refuse_incomplete(self, evaluated=False)

    def __init_subclass__(cls, **given: Any) -> None:
        super().__init_subclass__(**given)
        name_faults(cls, FunctionClass)
        take_seeds(cls)
        # Whoever writes `evaluate` anew, below a class that has written both, is asked by that name.
        writer = next((base for base in cls.__mro__ if "evaluate" in vars(base)), FunctionClass)
        cls._trusts = "_member_labels" in vars(writer) and writer is not FunctionClass

    @abc.abstractmethod
    def sample(self, rng: np.random.Generator) -> Codes:
        """A random member's code, shape (L,); uniform over the class wherever that makes sense."""

    @abc.abstractmethod
    def contains(self, codes: Codes) -> Booleans:
        """Which of the codes (B, L) are members, shape (B,); called before `evaluate` sees a player's code."""

    def sample_block(self, keys: Words) -> Codes:
        """A random member for each key (B,), shape (B, L); row r depends on keys[r] alone."""
        generators = Generators()
        codes = np.empty((len(keys), self.code_length), dtype=self.code_dtype)
        for row, key in enumerate(keys):
            codes[row] = checked_code(self, self.sample(generators.keyed(key)))
        return codes

    @property
    def vc_upper_bound(self) -> int | None:
        """An upper bound on the VC dimension: the dimension itself where it is known."""
        return self.vc_dimension

    def function(self, code: Codes) -> Function:
        """The function with this code, shape (L,), a member or not.

        Raises
        ------
        InvalidArgument
            For a code of another length, or with numbers that the class's type cannot hold.
        """
        frozen = np.array(formed(self, code))
        frozen.setflags(write=False)
        return Function(self, frozen)

    # What follows is optional: players say in `prepare` what they need.

    def enumerate(self) -> Codes:
        """All members once each, codes of shape (F, L)."""
        raise missing(self, "cannot be enumerated")

    def count(self) -> int | None:
        """Number of members |F|, without listing them; None for a class that `enumerate` cannot list."""
        return len(checked_list(self, self.enumerate())) if overrides(self, FunctionClass.enumerate) else None

    def shattered_set(self) -> Points:
        """A largest shattered set, points of shape (d, n)."""
        raise missing(self, "names no shattered set")

    def realise(self, labels: Labels) -> Codes:
        """Members (B, L) with the given labels (B, d) on `shattered_set()`."""
        points = self.shattered_set()
        return self.consistent(np.broadcast_to(points, (len(labels), *points.shape)), labels)

    def distance(self, F: Codes, G: Codes, distribution: Distribution) -> Floats | None:
        """Pr_D[f != g] exactly, row by row, shape (B,); None without a closed form under this distribution."""
        return None

    def distance_price(self, distribution: Distribution) -> int:
        """Evaluations that one `distance` stands for: 1 for a closed form."""
        return 1

    def packed_tables(self, codes: Codes) -> Words | None:
        """Labels of codes (B, L) on every point of the domain, packed as `table.packed_rows` says; None without a
        faster way than `evaluate`."""
        return None

    def nearest(self, codes: Codes, x: Points, distribution: Distribution) -> tuple[Codes, Floats] | None:
        """A closest member that differs at x (B, n), and its distance (B,), inf where there is none.

        None without a closed form.
        """
        return None

    def consistent(self, X: Points, y: Labels) -> Codes:
        """Members (B, L) that agree with labels y (B, m) on X (B, m, n); the labels must be realizable."""
        raise missing(self, "has no consistent learner")

    def labelings(self, points: Points) -> Labels:
        """All different labelings of k points (k, n) by members, sorted rows of shape (V, k)."""
        codes = self.enumerate()
        repeated = np.broadcast_to(points, (len(codes), *points.shape))
        return np.unique(self.member_labels(codes, repeated), axis=0)

    def move_block(self, codes: Codes, keys: Words) -> Codes:
        """One random local move from each member (B, L), a member again; without one, a fresh random member."""
        return self.sample_block(keys)

    def altered_block(self, codes: Codes, x: Points, keys: Words) -> Codes:
        """Members near each of the codes (B, L) that differ at x (B, n), by some rule of the class that may toss coins;
        a row as it was where the rule has no answer. An attacker's start where `nearest` is not known."""
        raise missing(self, "has no rule for members near by that differ at an input")

    def proposal_block(self, codes: Codes, keys: Words) -> tuple[Codes, Floats]:
        """One Metropolis proposal from each member (B, L), drawn from a law q(. | code): members, row by row, and
        ln q(code | proposed) - ln q(proposed | code) (B,), with which a walk over codes keeps a law that it aims at."""
        raise missing(self, "has no Metropolis proposals")

    def witness(self, codes: Codes, x: Points) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]] | None:
        """Where one hit decides: indices low..high (each (B,)) such that, if f(x) = 1, the closure of a sample
        labelled by f is 1 at x iff the sample has a point with index in low..high; None where it is not so simple."""
        return None


class BlockFunctionClass(FunctionClass):
    """A function class that writes `sample_block`; the one-round form is a block of one."""

    def sample(self, rng: np.random.Generator) -> Codes:
        key = rng.integers(2**64, size=1, dtype=np.uint64)
        return np.asarray(self.sample_block(key)[0])

    @abc.abstractmethod
    def sample_block(self, keys: Words) -> Codes:
        """A random member for each key; see `FunctionClass.sample_block`."""


class SymmetricMoves(BlockFunctionClass):
    """A class in which `move_block` undoes itself as often as it acts, so that it is a Metropolis proposal as it is."""

    def proposal_block(self, codes: Codes, keys: Words) -> tuple[Codes, Floats]:
        """`move_block`, and no correction."""
        return self.move_block(codes, keys), np.zeros(len(codes))


def missing(functions: FunctionClass, what: str) -> MissingCapability:
    """The one sentence that refuses a class that lacks an optional method."""
    return MissingCapability(f"the function class {text(functions)[:200]} {what}")


def whole_codes(codes: Codes, low: int, high: int) -> Booleans:
    """Which rows of integer codes lie in [low, high] throughout."""
    return np.asarray(((codes >= low) & (codes <= high)).all(axis=1))
