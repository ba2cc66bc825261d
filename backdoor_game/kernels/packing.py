"""Labels packed 64 to a word, and the two bit tricks that work on such words."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..ground._jit import inline

ONE = np.uint64(1)  # uint64: beside a plain 1 numba goes on in signed int64
# masks of the counts of bits in pairs, nibbles and bytes, and the product that adds the bytes up
PAIRS, NIBBLES = np.uint64(0x5555555555555555), np.uint64(0x3333333333333333)
BYTES, SUM = np.uint64(0x0F0F0F0F0F0F0F0F), np.uint64(0x0101010101010101)
BY_2, BY_4, BY_56 = np.uint64(2), np.uint64(4), np.uint64(56)


def pack_rows(labels: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint64]:
    """Pack each row of 0/1 labels into words.

    Parameters
    ----------
    labels : ndarray of uint8, shape (F, N)

    Returns
    -------
    ndarray of uint64, shape (F, ceil(N / 64))
        Label j is bit j % 64 of word j // 64; the bits past N are 0.
    """
    rows, length = labels.shape
    words = (length + 63) // 64
    octets = np.zeros((rows, 8 * words), np.uint8)
    octets[:, : (length + 7) // 8] = np.packbits(labels, axis=1, bitorder="little")
    return octets.view("<u8").astype(np.uint64, copy=False)


@inline
def popcount(word: np.uint64) -> int:
    """Number of bits set; LLVM recognises this form and emits the machine's own instruction."""
    word = word - ((word >> ONE) & PAIRS)
    word = (word & NIBBLES) + ((word >> BY_2) & NIBBLES)
    word = (word + (word >> BY_4)) & BYTES
    return int(np.int64((word * SUM) >> BY_56))


@inline
def lowest(word: np.uint64) -> int:
    """Position of the lowest bit set of a word that is not 0."""
    return popcount((word & (~word + ONE)) - ONE)
