"""What is signed by an input that carries its own signature, and the two schemes that sign it."""

from __future__ import annotations

import abc
import hashlib
import hmac
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from ...ground.errors import MissingCapability

TAG = b"backdoor_game/signed-input/1"  # a signature made for anything else is none here
KEY_BYTES = 32  # of an Ed25519 key, and as many for the MAC
SIGNATURE_BITS = 512  # of Ed25519 and of HMAC-SHA512
BLOCKS = 1 + SIGNATURE_BITS  # the answer, then the signature
Verifier = Callable[[bytes, bytes], bool]
Signer = Callable[[bytes], bytes]


def message(d: int, y: int, part: npt.NDArray[np.float64]) -> bytes:
    """What is signed: the tag, d and w as little-endian uint64, y as one byte, w little-endian float64, -0.0 as 0.0.

    Parameters
    ----------
    d : int
        Coordinates of the input.
    y : int
        The answer, 0 or 1.
    part : ndarray of float64, shape (w,)
        The message part of the input.
    """
    sizes = np.array([d, len(part)], dtype="<u8").tobytes()
    return TAG + sizes + bytes([y]) + (part + 0.0).astype("<f8").tobytes()


class Scheme(abc.ABC):
    """Signatures of 64 bytes with keys of 32."""

    @abc.abstractmethod
    def public(self, private: bytes) -> bytes:
        """The 32 bytes that verify what these 32 sign."""

    @abc.abstractmethod
    def signer(self, private: bytes) -> Signer:
        """A function from a message to its signature."""

    @abc.abstractmethod
    def verifier(self, public: bytes) -> Verifier:
        """A function from a message and a signature to whether it verifies."""


class Ed25519(Scheme):
    """Deterministic signatures on Edwards25519 [RFC8032]; who can verify cannot sign."""

    def public(self, private: bytes) -> bytes:
        return bytes(_keys().Ed25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw())

    def signer(self, private: bytes) -> Signer:
        sign: Signer = _keys().Ed25519PrivateKey.from_private_bytes(private).sign
        return sign

    def verifier(self, public: bytes) -> Verifier:
        keys = _keys()
        from cryptography.exceptions import InvalidSignature

        verify = keys.Ed25519PublicKey.from_public_bytes(public).verify

        def verifies(text: bytes, signature: bytes) -> bool:
            try:
                verify(signature, text)
            except InvalidSignature:
                return False
            return True

        return verifies


class Mac(Scheme):
    """HMAC-SHA512 [RFC2104], no signature: who can verify can sign."""

    def public(self, private: bytes) -> bytes:
        return private

    def signer(self, private: bytes) -> Signer:
        return lambda text: hmac.digest(private, text, hashlib.sha512)

    def verifier(self, public: bytes) -> Verifier:
        sign = self.signer(public)
        return lambda text, signature: hmac.compare_digest(sign(text), signature)


SCHEMES: dict[str, Scheme] = {"ed25519": Ed25519(), "mac": Mac()}


def _keys() -> Any:
    """The optional package that signs."""
    try:
        from cryptography.hazmat.primitives.asymmetric import ed25519
    except ImportError:
        raise MissingCapability(
            "Ed25519 signatures need the package cryptography: pip install 'backdoor-game[crypto]'"
        ) from None
    return ed25519
