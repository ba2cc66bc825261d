"""What is on record when someone else has trained a model: whose coins, by which seed or shares."""

from __future__ import annotations

import dataclasses

from ...functions.base import Floats
from ...ground.errors import InvalidArgument
from ...ground.showing import fields
from ...ground.streams import Words
from ..models.trainable import Trainable
from .committee import added, commitment
from .seeds import coins_of, expand

PROTOCOLS = ("attacker", "seed", "attacker seed", "committee", "open committee")


@dataclasses.dataclass(frozen=True, eq=False)
class Transcript:
    """The record of one delegation; the coins handed in and the weights are the model's code.

    Attributes
    ----------
    protocol : str
        Who supplies the coins: "attacker" draws them itself; "seed" expands the verifier's seed, published after the
        attacker has fixed its key; "attacker seed" expands one that the attacker picks; "committee" adds shares that
        were committed to before any was revealed; "open committee" adds them without commitments.
    seed : bytes, or None
    shares : tuple of ndarray of uint64, shape (K,)
        As revealed.
    nonces, commitments : tuple of bytes
        One a share, where there are commitments.

    Raises
    ------
    InvalidArgument
        For a record that lacks what its protocol calls for, or holds more: it would demand nothing.
    """

    protocol: str
    seed: bytes | None = None
    shares: tuple[Words, ...] = ()
    nonces: tuple[bytes, ...] = ()
    commitments: tuple[bytes, ...] = ()

    __repr__ = fields

    def __post_init__(self) -> None:
        if self.protocol not in PROTOCOLS:
            raise InvalidArgument(f"protocol must be one of {', '.join(PROTOCOLS)}, got {self.protocol!r}")
        seeded, shared = self.protocol in ("seed", "attacker seed"), "committee" in self.protocol
        if seeded != (self.seed is not None) or shared != bool(self.shares):
            wanted = "a seed and no shares" if seeded else "shares and no seed" if shared else "neither seed nor shares"
            raise InvalidArgument(f"a record of protocol {self.protocol!r} must hold {wanted}")
        bound = len(self.shares) if self.protocol == "committee" else 0
        if not len(self.nonces) == len(self.commitments) == bound:
            got = f"{len(self.nonces)} nonces and {len(self.commitments)} commitments"
            raise InvalidArgument(f"a record of protocol {self.protocol!r} must hold {bound} of each, got {got}")

    def coins(self, functions: Trainable) -> Floats | None:
        """The coins (K,) that the record demands, computed anew; None where the attacker may draw what it likes."""
        if self.seed is not None:
            return expand(self.seed, functions)
        return coins_of(functions, added(self.shares)) if self.shares else None

    def broken(self) -> tuple[int, ...]:
        """The members, counted from 0, whose share is not the one that they committed to."""
        kept = zip(self.shares, self.nonces, self.commitments, strict=True) if self.commitments else ()
        return tuple(i for i, (share, nonce, bound) in enumerate(kept) if commitment(share, nonce) != bound)
