"""The reveal of some bits of the original: how much of the training must one see?"""

from __future__ import annotations

import dataclasses
import hashlib
from typing import Any

import numpy as np
import numpy.typing as npt

from ...functions import FunctionClass
from ...functions.base import Booleans, Codes
from ...functions.table import labels_at
from ...ground import _validate
from ...players.views import DefenderBlock
from ...spaces.distributions.uniform import listed
from .base import AttackerRun, Reveal, Trace

TABLE = 4096  # points up to which the label table is hashed: a block of rounds takes 16 MiB of labels
HASHED = 256  # bits of SHA-256


@dataclasses.dataclass(frozen=True, repr=False)
class Original(Reveal):
    """The first `bits` bits of SHA-256 of f, in both branches: of its label table, most significant bit first.

    Where the domain is infinite or has more than 4,096 points it is the hash of f's code, which tells equal functions
    of two codes apart. The trace is uint8 of shape (B, bits); with 0 bits the game is the one without.

    Parameters
    ----------
    bits : int
        Up to 256, which shows all of f to whoever knows the class.
    """

    bits: int = HASHED

    def __post_init__(self) -> None:
        super().__post_init__()
        _validate.integer("Original.bits", self.bits, 0, HASHED)

    @property
    def nothing(self) -> bool:
        return self.bits == 0

    def trace_block(self, run: AttackerRun) -> Trace:
        return self._shown(run.functions, run.codes)

    def contradicts(self, view: DefenderBlock, attacker: Any) -> Booleans:
        """Where the hash of f' begins otherwise."""
        return np.asarray((self._shown(view.game.functions, view.codes) != view.trace).any(axis=1))

    def symbols(self, functions: FunctionClass, codes: Codes) -> npt.NDArray[np.int64]:
        shown = self._shown(functions, codes)
        return np.unique(shown, axis=0, return_inverse=True)[1].ravel().astype(np.int64)

    def _shown(self, functions: FunctionClass, codes: Codes) -> npt.NDArray[np.uint8]:
        different, which = np.unique(codes, axis=0, return_inverse=True)
        size = functions.domain.size
        if size is not None and size <= TABLE:
            hashed = np.packbits(labels_at(functions, different, listed(functions.domain)), axis=1)
        else:
            hashed = np.ascontiguousarray(different).view(np.uint8).reshape(len(different), -1)
        digests = b"".join(hashlib.sha256(row.tobytes()).digest() for row in hashed)
        bits = np.unpackbits(np.frombuffer(digests, dtype=np.uint8).reshape(len(different), HASHED // 8), axis=1)
        return bits[which.ravel(), : self.bits]
