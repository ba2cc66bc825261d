"""Functions that obey inputs which carry a signature of themselves."""

from __future__ import annotations

import abc
from typing import ClassVar

import numpy as np

from ...functions.base import Booleans, Codes, FunctionClass, Labels
from ...ground import _validate
from ...ground.errors import InvalidArgument
from ...spaces.domains import Points
from ..keys.carriers import parities, public_blocks
from ..keys.signing import BLOCKS, KEY_BYTES, SCHEMES, Scheme, message
from .wrapped import Wrapped


class MessageChecked(Wrapped, abc.ABC):
    """The inner label, but y where the input carries y and a signature of y and its message part.

    Coordinates 0..w-1 are the message part. The other d - w lie in 513 public blocks, in order and nearly equal: the
    parity of negative signs in block 0 is y, in blocks 1..512 the signature, each byte's most significant bit first.

    Attributes
    ----------
    inner : FunctionClass
        On `Reals(d)`, with float64 codes.
    message : int
        w, from 1 to d - 513: the first coordinates of an input, which are signed and never edited.
    scheme : str
        Which of `signing.SCHEMES` verifies.
    """

    inner: FunctionClass
    message: int
    scheme: ClassVar[str]

    def __post_init__(self) -> None:
        super().__post_init__()
        check_message(f"{type(self).__name__}.message", self.message, self.dimension)

    @property
    def extra(self) -> int:
        return KEY_BYTES

    @property
    def signing(self) -> Scheme:
        """The scheme itself."""
        return SCHEMES[self.scheme]

    def sample(self, rng: np.random.Generator) -> Codes:
        key = np.frombuffer(self.signing.public(rng.bytes(KEY_BYTES)), dtype=np.uint8)
        return self.joined(self.inner.sample(rng), key)

    def follows(self, rest: Codes) -> Booleans:
        return np.asarray(((rest >= 0) & (rest <= 255) & (rest == np.floor(rest))).all(axis=1))

    def fires(self, code: Codes, X: Points) -> Booleans:
        verifies = self.signing.verifier(self.split(code)[1].astype(np.uint8).tobytes())
        bits = self._carried(X)
        answers, signatures = bits[:, 0].tolist(), np.packbits(bits[:, 1:], axis=1)
        parts = X[:, : self.message]
        signed = zip(answers, parts, signatures, strict=True)
        found = [verifies(message(self.dimension, y, part), bytes(signature)) for y, part, signature in signed]
        return np.array(found, dtype=bool)

    def overruling(self, inner: Labels, X: Points) -> Labels:
        return self._carried(X)[:, 0]

    def _carried(self, X: Points) -> Labels:
        carriers = X[:, self.message :]
        return parities(carriers, public_blocks(carriers.shape[1], BLOCKS))


def check_message(name: str, length: int, dimension: int) -> None:
    """Refuse a message part that leaves no room for a signature."""
    _validate.integer(name, length, 1)
    if dimension - length < BLOCKS:
        raise InvalidArgument(
            f"{name} must leave {BLOCKS} coordinates to carry an answer and 512 bits of signature, "
            f"got {length} of {dimension}: such inputs are too small unless d >= {BLOCKS + length}"
        )
