"""Decision trees of bounded size."""

from __future__ import annotations

import dataclasses
import functools
import itertools
import math
from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from .. import bounds
from ..ground import _validate
from ..ground.streams import Words
from ..spaces.distributions import Distribution
from ..spaces.domains import Bits, Points
from .base import BlockFunctionClass, Booleans, Codes, Floats, Labels
from .foreign import members
from .listing import refuse_large

Tokens = tuple[int, ...]
LISTED = 2**18  # trees are made one by one in Python: half a second
MOST_LEAVES = 256  # counting trees takes bits x leaves^2 products of long numbers: 2 s at 64 bits


@dataclasses.dataclass(frozen=True, repr=False)
class DecisionTrees(BlockFunctionClass):
    """Trees of at most `leaves` leaves over n bits that read no bit twice on a path.

    A code is the tree in prefix order: 2 + i for a node that reads bit i, followed by its subtree for 0 and then that
    for 1; 0 or 1 for a leaf with that label; zeros after the end up to 2 `leaves` - 1 entries. One tree has one code;
    one function has many, and `sample` is uniform over codes. With s leaves the VC dimension is at least
    min(s, 2^n), and at most (s - 1)(2 + log2 n) + s by counting. *Proved.*

    Parameters
    ----------
    bits : int
        n, the bits of an input.
    leaves : int
        s, the most leaves of a tree.
    """

    bits: int
    leaves: int
    code_dtype = np.int64
    samples_uniformly = True

    def __post_init__(self) -> None:
        super().__post_init__()
        _validate.integer("DecisionTrees.bits", self.bits, 1, 4096)
        _validate.integer("DecisionTrees.leaves", self.leaves, 1, MOST_LEAVES)

    @property
    def domain(self) -> Bits:
        return Bits(self.bits)

    @property
    def code_length(self) -> int:
        return 2 * self.leaves - 1

    @property
    def everything(self) -> bool:
        """Whether every function of n bits is a member: with 2^n leaves it is."""
        return self.leaves >= int(2**self.bits)

    @property
    def vc_dimension(self) -> int | None:
        return int(2**self.bits) if self.everything else None

    @property
    def vc_upper_bound(self) -> int:
        """From at most (4 n)^(s-1) 2^s trees; and never more than there are points."""
        return min(int(2**self.bits), math.floor(bounds.tree_vc_bound(self.bits, self.leaves)))

    def evaluate(self, codes: Codes, X: Points) -> Labels:
        return self._member_labels(*members(self, codes, X))

    def _member_labels(self, codes: Codes, X: Points) -> Labels:
        from ..kernels.arguments import frozen
        from ..kernels.trees.codes import labels

        return np.asarray(labels(frozen(codes, np.int64), frozen(X, np.uint8)))

    def contains(self, codes: Codes) -> Booleans:
        from ..kernels.arguments import frozen
        from ..kernels.trees.codes import are_trees

        return np.asarray(are_trees(frozen(codes, np.int64), self.bits))

    def sample_block(self, keys: Words) -> Codes:
        from ..kernels.arguments import frozen
        from ..kernels.trees.sampling import random_trees

        return np.asarray(random_trees(frozen(keys, np.uint64), *sampling_weights(self.bits, self.leaves), self.bits))

    def move_block(self, codes: Codes, keys: Words) -> Codes:
        """One leaf relabelled, split, or merged with its sibling, or one node that reads another bit."""
        return self._changed(codes, keys)[0]

    def proposal_block(self, codes: Codes, keys: Words) -> tuple[Codes, Floats]:
        """`move_block`, and how much more often it is undone than done."""
        moved, odds = self._changed(codes, keys)
        return moved, np.log(odds)

    def _changed(self, codes: Codes, keys: Words) -> tuple[Codes, Floats]:
        from ..kernels.arguments import frozen
        from ..kernels.trees.moves import changed

        moved, odds = changed(frozen(codes, np.int64), frozen(keys, np.uint64), self.bits)
        return np.asarray(moved), np.asarray(odds)

    def count(self) -> int:
        return sum(counts(self.bits, self.leaves)[0])

    def enumerate(self) -> Codes:
        refuse_large(repr(self), self.count(), LISTED)
        codes = np.zeros((self.count(), self.code_length), dtype=np.int64)
        everywhere, row = frozenset(range(self.bits)), 0
        for leaves in range(1, self.leaves + 1):
            for tokens in trees(leaves, everywhere):
                codes[row, : len(tokens)] = tokens
                row += 1
        return codes

    def distance(self, F: Codes, G: Codes, distribution: Distribution) -> Floats | None:
        """Below each leaf of f, the mass of the leaves of g with the other label; for independent bits.

        On uniform bits masses are powers of 1/2: their sums are exact up to 53 bits.
        """
        p = distribution.bit_probabilities()
        if p is None:
            return None
        from ..kernels.arguments import frozen
        from ..kernels.trees.codes import distances

        return np.asarray(distances(frozen(F, np.int64), frozen(G, np.int64), frozen(p, np.float64)))

    def nearest(self, codes: Codes, x: Points, distribution: Distribution) -> tuple[Codes, Floats] | None:
        """With 2^n leaves, f flipped at x alone: its leaf ends in a path that reads every bit.

        None with fewer: it is not known whether some other tree is closer than the deepest one that has room.
        """
        p = distribution.bit_probabilities()
        if p is None or not self.everything:
            return None
        return self.singled_out(codes, x, p)

    def singled_out(self, codes: Codes, x: Points, p: Floats) -> tuple[Codes, Floats]:
        """f flipped on the least mass around x (B, n) that spare leaves and unread bits single out below x's leaf.

        Bits are independent, bit i is 1 with probability p[i]; the least likely values are read first. Returns codes
        (B, L) and that mass (B,).
        """
        from ..kernels.arguments import frozen
        from ..kernels.trees.grafts import deepest

        planted, masses = deepest(frozen(codes, np.int64), frozen(x, np.uint8), frozen(p, np.float64))
        return np.asarray(planted), np.asarray(masses)

    def grafted(self, codes: Codes, x: Points, p: Floats, limit: float) -> tuple[Codes, Booleans]:
        """f flipped at x (B, n) by a path before a node on x's way, changed on at most `limit`; see `GraftPath`.

        Of all such trees that one in which x's leaf is heaviest: codes (B, L), and whether there is any (B,).
        """
        from ..kernels.arguments import frozen
        from ..kernels.trees.grafts import heaviest

        planted, found = heaviest(frozen(codes, np.int64), frozen(x, np.uint8), frozen(p, np.float64), float(limit))
        return np.asarray(planted), np.asarray(found)

    def altered_block(self, codes: Codes, x: Points, keys: Words) -> Codes:
        """The other label at x, behind a path of random bits before a node on x's way."""
        from ..kernels.arguments import frozen
        from ..kernels.trees.grafts import random_grafts

        return np.asarray(random_grafts(frozen(codes, np.int64), frozen(x, np.uint8), frozen(keys, np.uint64)))

    def leaf_masses(self, codes: Codes, x: Points, p: Floats) -> Floats:
        """Mass of the leaf that x (B, n) reaches, (B,), where bit i is 1 with probability p[i], independently."""
        from ..kernels.arguments import frozen
        from ..kernels.trees.codes import leaf_masses

        return np.asarray(leaf_masses(frozen(codes, np.int64), frozen(x, np.uint8), frozen(p, np.float64)))


@functools.lru_cache(maxsize=32)
def counts(bits: int, leaves: int) -> tuple[tuple[int, ...], ...]:
    """Row d holds the numbers of trees with k = 0..leaves leaves over bits - d bits, for d up to what leaves allow.

    T(1, v) = 2 and T(k, v) = v times the sum of T(i, v - 1) T(k - i, v - 1): a root, then what hangs on either side.
    """
    levels = min(bits, leaves - 1)
    rows: list[tuple[int, ...]] = [(0, 2, *([0] * (leaves - 1)))]
    for level in range(levels - 1, -1, -1):
        below, most = rows[-1], leaves - level
        row = [0, 2] + [(bits - level) * sum(below[i] * below[k - i] for i in range(1, k)) for k in range(2, most + 1)]
        rows.append(tuple(row + [0] * (leaves + 1 - len(row))))
    return tuple(rows[::-1])


@functools.lru_cache(maxsize=32)
def sampling_weights(bits: int, leaves: int) -> tuple[Floats, Floats]:
    """Pr[at most k leaves] for k = 1..leaves, and the counts of each level scaled by c^-k so that floats hold them."""
    listed = counts(bits, leaves)
    total = sum(listed[0])
    ends = np.array([float(Fraction(part, total)) for part in itertools.accumulate(listed[0][1:])])
    scale = (8 * bits).bit_length()  # T(k, v) <= 2^k v^(k-1) Catalan(k-1) < (8 v)^k
    weights = np.array([[float(Fraction(T, 1 << scale * k)) for k, T in enumerate(row)] for row in listed])
    for array in (ends, weights):
        array.setflags(write=False)
    return ends, weights


def trees(leaves: int, free: frozenset[int]) -> Iterator[Tokens]:
    """Every tree with exactly so many leaves over the bits in `free`, in prefix order."""
    if leaves == 1:
        yield from ((0,), (1,))
        return
    for bit in sorted(free):
        rest = free - {bit}
        for left in range(1, leaves):
            for low, high in itertools.product(list(trees(left, rest)), list(trees(leaves - left, rest))):
                yield (bit + 2, *low, *high)
