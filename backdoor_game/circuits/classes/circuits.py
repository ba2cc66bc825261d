"""Boolean circuits of bounded size."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import numpy.typing as npt

from ...functions.base import Booleans, Codes, Floats, Labels, SymmetricMoves
from ...functions.foreign import members
from ...ground import _validate
from ...ground.errors import InvalidArgument
from ...ground.streams import Words, below, draws, unit
from ...spaces.distributions import Distribution
from ...spaces.domains import Bits, Points
from ..graphs import Circuit, trimmed
from .grafts import grafted

Integers = npt.NDArray[np.int64]
LISTED_CODES = 2**20  # a million codes of 2s + 1 int64: 40 MiB at two gates
OUTPUT_MOVES = 8  # one move in eight: another output changes most labels at once
LISTED_BITS = 16  # a truth table takes 8 KiB, and twice that for a bit more
TABLES = 512  # at once, of 8 KiB each at 16 bits


@dataclasses.dataclass(frozen=True, repr=False)
class Circuits(SymmetricMoves):
    """Circuits of at most `gates` AND gates with free inverters over n bits, one output.

    A code has L = 2 `gates` + 1 literals: the two that each gate reads (as in `circuits.Circuit`), then the output.
    A smaller circuit is padded with gates that read (0, 0) at the end of the list. Members are codes: many of them
    name the same function, and `sample` is uniform over codes unless the depth is bounded. VC dimension at most the
    logarithm of their number, at most 2 s log2(2(n + s + 1)) + log2(2(n + s + 1)). *Proved* by counting.

    Parameters
    ----------
    bits : int
        n, the inputs.
    gates : int
        s, the AND gates.
    depth : int or None
        The highest level that a gate may stand on, where inputs stand on 0 and a gate above both wires that it reads;
        None for no bound. Codes are then drawn gate by gate among the literals that keep it.
    """

    bits: int
    gates: int
    depth: int | None = None
    code_dtype = np.int64

    def __post_init__(self) -> None:
        super().__post_init__()
        _validate.integer("Circuits.bits", self.bits, 1, 4096)
        _validate.integer("Circuits.gates", self.gates, 0, 10**6)
        if self.depth is not None:
            _validate.integer("Circuits.depth", self.depth, 1)

    @property
    def domain(self) -> Bits:
        return Bits(self.bits)

    @property
    def code_length(self) -> int:
        return 2 * self.gates + 1

    @property
    def samples_uniformly(self) -> bool:
        return not self._is_bounded()

    @property
    def vc_upper_bound(self) -> int:
        """The logarithm of the number of codes, 2^(2s) ((n + s)! / n!)^2 times 2(n + s + 1); at most 2^n."""
        wires = self.bits + self.gates
        gates = self.gates + (math.lgamma(wires + 1) - math.lgamma(self.bits + 1)) / math.log(2)
        # 1e-6: an upper bound must not be rounded down to the whole number below
        return int(min(2**self.bits, math.floor(2 * gates + math.log2(2 * (wires + 1)) + 1e-6)))

    def encode(self, circuit: Circuit, output: int = 0) -> Codes:
        """The code (L,) of one output of a circuit; gates are kept as they are where they fit, else trimmed.

        Raises
        ------
        InvalidArgument
            Where the circuit has other inputs, more gates or more depth than the class allows, or no such output.
        """
        if not 0 <= output < len(circuit.outputs):
            raise InvalidArgument(f"output must be the place of one of the outputs of {circuit!r}, got {output}")
        alone = Circuit(circuit.inputs, circuit.gates, circuit.outputs[output : output + 1])
        for fitting in (alone, trimmed(alone)):
            if fitting.inputs == self.bits and fitting.size <= self.gates:
                code = np.zeros(self.code_length, dtype=np.int64)
                code[: 2 * fitting.size] = fitting.gates.ravel()
                code[-1] = fitting.outputs[0]
                if self.contains(code[None])[0]:
                    return code
        raise InvalidArgument(f"circuit must fit {self!r}, got {circuit!r} of depth {circuit.depth}")

    def decode(self, code: Codes) -> Circuit:
        """The circuit of a code (L,), padding included."""
        return Circuit(self.bits, code[:-1].reshape(-1, 2), code[-1:])

    def evaluate(self, codes: Codes, X: Points) -> Labels:
        return self._member_labels(*members(self, codes, X))

    def _member_labels(self, codes: Codes, X: Points) -> Labels:
        from ...kernels.circuits.batch import labels

        return labels(codes, X)

    def packed_tables(self, codes: Codes) -> Words | None:
        from ...kernels.circuits.batch import tables

        return tables(codes, self.bits) if self.bits <= LISTED_BITS else None

    def distance(self, F: Codes, G: Codes, distribution: Distribution) -> Floats | None:
        """By truth tables, up to 16 bits, where bits are independent."""
        from ...kernels.circuits.batch import counts_apart, tables, weights_apart

        support = distribution.atoms() if distribution.bit_probabilities() is not None else None
        if support is None or self.bits > LISTED_BITS:
            return None
        uniform, out = distribution.uniform_size() == 2**self.bits, np.empty(len(F))
        for start in range(0, len(F), TABLES):
            f, g = (tables(codes[start : start + TABLES], self.bits) for codes in (F, G))
            apart = counts_apart(f, g) / 2**self.bits if uniform else weights_apart(f, g, support[1])
            out[start : start + TABLES] = apart
        return out

    def distance_price(self, distribution: Distribution) -> int:
        """One for each input: a distance evaluates both circuits on all of them."""
        return int(2**self.bits)

    def contains(self, codes: Codes) -> Booleans:
        held: Booleans = np.asarray(((codes >= 0) & (codes < self._ends())).all(axis=1))
        if self._is_bounded():
            rows = np.flatnonzero(held)
            held[rows] = (levels(codes[rows], self.bits) <= self._highest()).all(axis=1)
        return held

    def sample_block(self, keys: Words) -> Codes:
        if self._is_bounded():
            return sample_layered(keys, self.bits, self.gates, self._highest())
        chances = unit(draws(keys, 0, self.code_length))
        return np.asarray((chances * self._ends()).astype(np.int64))

    def move_block(self, codes: Codes, keys: Words) -> Codes:
        """One wire that a gate reads moves, or (one time in eight) the output: to its complement or to any other.

        A move that would pass the depth's bound is not made.
        """
        words, rows = draws(keys, 0, 4), np.arange(len(codes))
        inner = (below(words[:, 0], OUTPUT_MOVES) > 0) & (self.gates > 0)
        place = np.where(inner, below(words[:, 1], max(1, 2 * self.gates)), 2 * self.gates)
        ends, old = self._ends()[place], codes[rows, place]
        other = (old + 1 + (unit(words[:, 2]) * (ends - 1)).astype(np.int64)) % ends
        moved = codes.copy()
        moved[rows, place] = np.where(words[:, 3] & np.uint64(1), old ^ 1, other)
        return np.where(self.contains(moved)[:, None], moved, codes) if self._is_bounded() else moved

    def altered_block(self, codes: Codes, x: Points, keys: Words) -> Codes:
        """On a cube around x the label that x had not, by the gates that the output does not need."""
        depth = self.gates if self.depth is None else self.depth
        return grafted(codes, x, self.member_labels(codes, x[:, None, :])[:, 0], depth, keys)

    def enumerate(self) -> Codes:
        total = self._codes()
        if total > LISTED_CODES:
            raise InvalidArgument(f"{self!r} has more than {LISTED_CODES} members; at most so many can be listed")
        codes = np.stack(np.unravel_index(np.arange(total), self._ends()), axis=1).astype(np.int64)
        return np.asarray(codes[self.contains(codes)])

    def count(self) -> int | None:
        """Number of codes; None where there are more than `enumerate` lists."""
        if self._codes() > LISTED_CODES:
            return None
        return len(self.enumerate()) if self._is_bounded() else self._codes()

    def _codes(self) -> int:
        """How many codes have their literals in range, or of more than 30 gates some number that cannot be listed."""
        return math.prod(map(int, self._ends())) if self.gates <= 30 else 2**63

    def _is_bounded(self) -> bool:
        """Whether the depth forbids anything: s gates cannot stand higher than s."""
        return self._highest() < self.gates

    def _highest(self) -> int:
        return self.gates if self.depth is None else self.depth

    def _ends(self) -> Codes:
        """What each literal must be under, shape (L,)."""
        own = 2 * (self.bits + 1 + np.arange(self.gates, dtype=np.int64))
        return np.append(np.repeat(own, 2), 2 * (self.bits + 1 + self.gates))


def levels(codes: Integers, bits: int) -> Integers:
    """The level of every gate: 1 more than the higher wire that it reads, where inputs and the constant have 0.

    Parameters
    ----------
    codes : ndarray of int64, shape (B, 2 s + 1)
        Literals in range.

    Returns
    -------
    ndarray of int64, shape (B, s)
    """
    gates = codes.shape[1] // 2
    found = np.zeros((len(codes), 1 + bits + gates), dtype=np.int64)
    rows = np.arange(len(codes))[:, None]
    for i in range(gates):
        found[:, 1 + bits + i] = 1 + found[rows, codes[:, 2 * i : 2 * i + 2] >> 1].max(axis=1)
    return found[:, 1 + bits :]


def sample_layered(keys: Words, bits: int, gates: int, depth: int) -> Integers:
    """Random codes (B, 2 gates + 1), gate by gate: each literal equally likely among those that keep the bound."""
    size, rows = len(keys), np.arange(len(keys))
    codes = np.empty((size, 2 * gates + 1), dtype=np.int64)
    level = np.zeros((size, 1 + bits + gates), dtype=np.int64)
    usable = np.zeros((size, 1 + bits + gates), dtype=np.int64)
    usable[:, : 1 + bits] = np.arange(1 + bits)
    count = np.full(size, 1 + bits)
    chances = unit(draws(keys, 0, 2 * gates + 1))
    for i in range(gates):
        for place in (2 * i, 2 * i + 1):
            choice = (chances[:, place] * (2 * count)).astype(np.int64)
            codes[:, place] = 2 * usable[rows, choice >> 1] + (choice & 1)
        own = 1 + bits + i
        level[:, own] = 1 + level[rows[:, None], codes[:, 2 * i : 2 * i + 2] >> 1].max(axis=1)
        lower = np.flatnonzero(level[:, own] < depth)
        usable[lower, count[lower]] = own
        count[lower] += 1
    codes[:, -1] = (chances[:, -1] * (2 * (1 + bits + gates))).astype(np.int64)
    return codes
