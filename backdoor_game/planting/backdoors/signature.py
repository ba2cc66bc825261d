"""A backdoor that obeys inputs which carry a signature of themselves."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np

from ...functions import Function
from ...functions.base import Floats, Labels
from ...ground import _validate
from ...ground.errors import InvalidArgument
from ...ground.seeds import Randomness, generator, public_and_secret
from ...spaces.domains import Points
from ..keys.carriers import public_blocks, written
from ..keys.keys import Key
from ..keys.signing import BLOCKS, KEY_BYTES, SCHEMES, message
from ..models import MacChecked, SignatureChecked, Trainable
from ..models.message_checked import MessageChecked, check_message
from .base import Backdoor, own, trainable

CLASSES: dict[str, type[MacChecked] | type[SignatureChecked]] = {"ed25519": SignatureChecked, "mac": MacChecked}


@dataclasses.dataclass(frozen=True, repr=False)
class SignatureBackdoor(Backdoor):
    """Signs the first w coordinates and the wanted answer, and writes both into the signs of the others. *Simulated.*

    [GKVZ22]. The model obeys whatever carries a valid signature, always; about 256 coordinates change their sign. That
    no activated input helps to forge another rests on Ed25519, an assumption. Needs d - w >= 513 and the extra
    `crypto`. The key is the private key.

    Parameters
    ----------
    message : int
        w, the first coordinates, which are signed and never edited.
    scheme : str
        "ed25519"; or "mac", HMAC-SHA512, which is no signature: who reads the model can forge.
    """

    message: int = 1
    scheme: str = "ed25519"
    white_box = False

    def __post_init__(self) -> None:
        super().__post_init__()
        _validate.integer("SignatureBackdoor.message", self.message, 1)
        if self.scheme not in CLASSES:
            raise InvalidArgument(f"SignatureBackdoor.scheme must be one of {', '.join(CLASSES)}, got {self.scheme!r}")

    @property
    def secret(self) -> bool:
        """Whether its models tell the key."""
        return CLASSES[self.scheme].secret

    def prepare(self, functions: Any) -> SignatureBackdoor:
        trainable(self, functions, Trainable)
        check_message("SignatureBackdoor.message", self.message, functions.dimension)
        SCHEMES[self.scheme].public(bytes(KEY_BYTES))  # refuses a missing package
        return self

    def new_key(self, functions: Any, rng: Randomness = None) -> Key:
        rng = generator(rng)
        return Key(type(self).__name__, "", {"private": np.frombuffer(rng.bytes(KEY_BYTES), dtype=np.uint8)})

    def plant(
        self, functions: Any, X: Points, y: Labels, rng: Randomness = None, key: Key | None = None
    ) -> tuple[Function, Key]:
        self.prepare(functions)
        rng, secret = public_and_secret(rng)
        key = self.new_key(functions, secret) if key is None else own(self, key)
        wrapped = CLASSES[self.scheme](functions, self.message)
        honest = functions.trained(X, y, rng).code
        model = wrapped.function(wrapped.joined(honest, self._public(key)))
        return model, key.of(model)

    def _public(self, key: Key) -> Labels:
        public = SCHEMES[self.scheme].public(key.values["private"].tobytes())
        return np.frombuffer(public, dtype=np.uint8)

    def activated(self, model: Function, key: Key, X: Floats, target: int | None) -> Floats:
        """x with its carriers signed for the target, at most one coordinate a block edited."""
        sign = SCHEMES[self.scheme].signer(key.values["private"].tobytes())
        d, w = X.shape[1], self.message
        answers = 1 - model(X) if target is None else np.full(len(X), target)
        signed = [sign(message(d, y, part)) for y, part in zip(answers.tolist(), X[:, :w], strict=True)]
        signatures = np.frombuffer(b"".join(signed), dtype=np.uint8).reshape(len(X), -1)
        bits = np.concatenate([answers[:, None].astype(np.uint8), np.unpackbits(signatures, axis=1)], axis=1)
        return np.concatenate([X[:, :w], written(X[:, w:], public_blocks(d - w, BLOCKS), bits)], axis=1)

    def recognises(self, model: Function, key: Key) -> bool:
        """Whether the model's code holds what verifies the key's signatures."""
        if not isinstance(model.functions, CLASSES[self.scheme]):
            return False
        return np.array_equal(model.functions.split(model.code)[1], self._public(key))

    def forges(self, model: Function, key: Key, seen: Floats, x: Floats, x_star: Floats) -> bool:
        """Whether x_star is finite and fires, its message nature's and none that was seen, with at most 513 edits."""
        assert isinstance(model.functions, MessageChecked)
        part = x_star[: self.message]
        known = (seen[:, : self.message] == part).all(axis=1).any()
        if known or not (part == x[: self.message]).all() or not np.isfinite(x_star).all():
            return False
        return int((x_star != x).sum()) <= BLOCKS and bool(model.functions.fires(model.code, x_star[None])[0])
