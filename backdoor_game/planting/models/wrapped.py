"""Functions of another class, overruled on a few inputs by what their signs carry."""

from __future__ import annotations

import abc
from typing import TYPE_CHECKING

import numpy as np

from ...functions.base import Booleans, Codes, FunctionClass, Labels
from ...functions.foreign import members
from ...ground import _validate
from ...ground.errors import InvalidArgument
from ...ground.spec import text
from ...ground.streams import Words
from ...spaces.domains import Points, Reals


class Wrapped(FunctionClass, abc.ABC):
    """A code is one of the inner class on R^d, then `extra` numbers; a subclass writes the abstract members.

    Attributes
    ----------
    inner : FunctionClass
        On `Reals(d)`, with float64 codes.
    """

    if TYPE_CHECKING:  # read-only, so that a subclass may give it as a field

        @property
        @abc.abstractmethod
        def inner(self) -> FunctionClass: ...

    code_dtype = np.float64

    def __post_init__(self) -> None:
        super().__post_init__()
        name = f"{type(self).__name__}.inner"
        _validate.instance(name, self.inner, FunctionClass, "Halfspaces(dimension=64)")
        if not isinstance(self.inner.domain, Reals) or np.dtype(self.inner.code_dtype) != np.float64:
            raise InvalidArgument(f"{name} must be on Reals(d) with float64 codes, got {text(self.inner)[:200]}")
        if isinstance(self.inner, Wrapped):
            raise InvalidArgument(f"{name} must not be wrapped itself, got {text(self.inner)[:200]}")

    @property
    def dimension(self) -> int:
        """d, the coordinates of an input."""
        return int(self.inner.domain.n)

    @property
    def domain(self) -> Reals:
        return Reals(self.dimension)

    @property
    @abc.abstractmethod
    def extra(self) -> int:
        """Numbers that a code holds beyond the inner one."""

    @property
    def code_length(self) -> int:
        return self.inner.code_length + self.extra

    def split(self, code: Codes) -> tuple[Codes, Codes]:
        """The inner code and what comes after it, of a code (L,) or codes (B, L)."""
        return code[..., : self.inner.code_length], code[..., self.inner.code_length :]

    def contains(self, codes: Codes) -> Booleans:
        inner, rest = self.split(codes)
        return np.asarray(self.inner.contains(inner) & self.follows(rest))

    @abc.abstractmethod
    def follows(self, rest: Codes) -> Booleans:
        """Which rows (B, extra) may come after an inner code."""

    @abc.abstractmethod
    def fires(self, code: Codes, X: Points) -> Booleans:
        """At which of X (m, d) the function with this code (L,) overrules the inner one, shape (m,)."""

    @abc.abstractmethod
    def overruling(self, inner: Labels, X: Points) -> Labels:
        """The labels (m,) of X (m, d) where they fire; `inner` has the inner ones."""

    def evaluate(self, codes: Codes, X: Points) -> Labels:
        return self._member_labels(*members(self, codes, X))

    def _member_labels(self, codes: Codes, X: Points) -> Labels:
        labels = np.array(self.inner.member_labels(self.split(codes)[0].copy(), X))
        for row, (code, points) in enumerate(zip(codes, X, strict=True)):
            fired = self.fires(code, points)
            labels[row, fired] = self.overruling(labels[row, fired], points[fired])
        return labels

    def move_block(self, codes: Codes, keys: Words) -> Codes:
        """A move of the inner class; what comes after the inner code stays."""
        inner, rest = self.split(codes)
        return np.concatenate([self.inner.move_block(inner.copy(), keys), rest], axis=1)

    def joined(self, inner: Codes, *rest: Codes) -> Codes:
        """The code (L,) of an inner code and what comes after it."""
        return np.concatenate([inner, *rest]).astype(np.float64)
