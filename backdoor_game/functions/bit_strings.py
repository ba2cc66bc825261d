"""What classes share whose codes are all bit strings of one length, a bit a label that is free to choose."""

from __future__ import annotations

import numpy as np

from ..ground.streams import Words, below, bits, draws
from .base import Codes, Labels, SymmetricMoves


class BitStrings(SymmetricMoves):
    """2^L functions, one a code of L bits, which are its labels on `shattered_set()`: VC dimension L."""

    code_dtype = np.uint8

    @property
    def vc_dimension(self) -> int:
        return self.code_length

    def sample_block(self, keys: Words) -> Codes:
        return bits(keys, 0, self.code_length)

    def move_block(self, codes: Codes, keys: Words) -> Codes:
        """One bit flipped."""
        moved = codes.copy()
        moved[np.arange(len(codes)), below(draws(keys, 0, 1)[:, 0], self.code_length)] ^= 1
        return moved

    def count(self) -> int:
        return int(2**self.code_length)

    def realise(self, labels: Labels) -> Codes:
        return labels
