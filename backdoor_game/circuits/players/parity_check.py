"""A defender with advice: the parities that the labels of every key have, worked out before the first round."""

from __future__ import annotations

import dataclasses
import functools

import numpy as np

from ...functions.base import Floats
from ...ground import _validate
from ...ground.binary_elimination import Bits as Equations
from ...ground.binary_elimination import complement, echelon
from ...ground.errors import InvalidArgument, MissingCapability
from ...ground.spec import text
from ...ground.streams import Words
from ...players.defenders.base import BlockDefender
from ...players.views import DefenderBlock, GameLike
from ...spaces.distributions.uniform import listed
from ...spaces.domains import Bits
from ..puncturable import key_tables
from ..puncturable.generators import LEAST, MOST

MOST_BITS = 12  # elimination on 2^n columns takes a second there, and 8 times as long with each bit more


@dataclasses.dataclass(frozen=True, repr=False)
class ParityCheck(BlockDefender):
    """Flags where a parity is broken that the labels of each of the 2^`key_bits` keys of `puncturable.Tree` have.

    A mask m and a constant c with <m, table of k> = c over GF(2) for every key k: a flip of a point in m breaks it. The
    2^kappa tables have an affine span of dimension 2^kappa - 1 at most, so that there are masks wherever kappa <= n,
    and against ``PuncturedPRFAttacker`` one of weight w wins 1/2 + w / 2^(n + 1). [CHLX25] Theorem 5.2 is about uniform
    defenders and does not speak of it: what this one learns from all keys in `prepare` is advice that no meter counts.
    It is the control that shows where small keys end; from kappa = n + 1 on there is mostly no mask, and it never
    flags. It asks for all 2^n labels of f'. *Enumerated.*

    Parameters
    ----------
    mask : int
        Which mask: the sum of the basis masks whose bits are set in it, up to 2^s - 1 where s are independent; 0, the
        default, checks them all.
    key_bits : int
        4 to 20, with 2^(key_bits + n) at most 2^28; n at most 12.
    """

    mask: int = 0
    key_bits: int = 8

    def __post_init__(self) -> None:
        super().__post_init__()
        _validate.integer("key_bits", self.key_bits, LEAST, MOST)
        _validate.integer("ParityCheck.mask", self.mask, 0)

    def prepare(self, game: GameLike) -> ParityCheck:
        domain = game.functions.domain
        if not isinstance(domain, Bits):
            raise MissingCapability(f"{text(self)} needs a class on Bits(n), got {text(game.functions)[:200]}")
        if domain.n > MOST_BITS:
            raise MissingCapability(f"{text(self)} eliminates on 2^n columns: it needs n up to 12, got {domain.n} bits")
        self.equations(domain.n)
        return self

    def equations(self, bits: int) -> Equations:
        """What is checked: masks beside their constants, uint8 of shape (s, 2^bits + 1).

        Raises
        ------
        InvalidArgument
            Where there are not as many masks as `mask` wants.
        """
        basis = parity_masks(self.key_bits, bits)
        if self.mask == 0:
            return basis
        if self.mask >> len(basis):
            raise InvalidArgument(
                f"ParityCheck.mask must be under 2^{len(basis)}, as {len(basis)} masks are independent at key_bits="
                f"{self.key_bits} and n = {bits}, got {self.mask}"
            )
        chosen = np.array([self.mask >> i & 1 for i in range(len(basis))], dtype=np.uint8)
        return np.asarray(chosen @ basis % 2, dtype=np.uint8)[None]

    def suspicion_block(self, view: DefenderBlock) -> Floats:
        from ...kernels.packing import pack_rows

        domain = view.game.functions.domain
        points = listed(domain)
        rows = pack_rows(view.evaluate(np.broadcast_to(points, (len(view), *points.shape))))
        equations = self.equations(domain.n)
        broken = np.zeros(len(view), dtype=bool)
        for mask, constant in zip(pack_rows(equations[:, :-1].copy()), equations[:, -1], strict=True):
            broken |= _parity(rows & mask) != constant
        return broken.astype(np.float64)


@functools.lru_cache(maxsize=4)  # as many as there are tables of keys
def parity_masks(key_bits: int, bits: int) -> Equations:
    """A basis of the equations that the tables of all keys satisfy: rows (m, c), uint8 (s, 2^bits + 1), read-only.

    Rows are added to an echelon basis of what came before, a square of them at a time: once that is full there is no
    equation, however many keys are left.
    """
    size = 2**bits
    span = np.zeros((0, size + 1), dtype=np.uint8)
    tables = key_tables(key_bits, bits)
    for start in range(0, len(tables), size + 1):
        part = tables[start : start + size + 1]
        labels = np.unpackbits(part.astype("<u8").view(np.uint8), axis=1, bitorder="little", count=size)
        ones = np.ones((len(part), 1), dtype=np.uint8)  # the constant stands beside the mask
        span = echelon(np.concatenate([span, np.concatenate([labels, ones], axis=1)]))[0]
        if len(span) == size + 1:
            break
    found = complement(span)[0]
    found.setflags(write=False)
    return found


def _parity(words: Words) -> np.ndarray:
    """The parity of the bits of each row of words (B, W), uint8 (B,)."""
    return np.asarray(np.bitwise_count(np.bitwise_xor.reduce(words, axis=1)) & 1)
