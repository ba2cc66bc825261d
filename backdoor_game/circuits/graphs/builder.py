"""Writing a circuit in Python: wires, words of wires, equal gates shared."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np
import numpy.typing as npt

from ...ground import _validate
from ...ground.errors import InvalidArgument
from .circuit import Circuit

FALSE, TRUE = 0, 1  # the literals of the two constants in AIGER
Word = Sequence[int]


class CircuitBuilder:
    """Collects AND gates; a wire is a literal of the circuit to be, a word a list of wires, least significant first.

    Structural hashing: the same AND is built once, constants and repeated wires are folded away, and complements are
    drawn out of exclusive ors and choices. Wires are plain ints, so that Python's own `&` and `|` on them mean nothing:
    use the methods.

    Parameters
    ----------
    inputs : int
        How many inputs; the list `inputs` then holds their wires.

    Examples
    --------
    Whether x + y = 5 for two numbers of two bits each:

    >>> import numpy as np
    >>> from backdoor_game import CircuitBuilder
    >>> build = CircuitBuilder(4)
    >>> x, y = build.inputs[:2], build.inputs[2:]
    >>> five = build.circuit([build.equal(build.add(x, y), build.constant(5, 3))])
    >>> five(np.array([[0, 1, 1, 1], [1, 1, 0, 1], [1, 1, 1, 1]], dtype=np.uint8)).ravel()  # 2 + 3, 3 + 2, 3 + 3
    array([1, 1, 0], dtype=uint8)
    """

    def __init__(self, inputs: int) -> None:
        inputs = _validate.integer("inputs", inputs, 0, 2**20)
        self.inputs = [2 * (i + 1) for i in range(inputs)]
        self._gates: list[tuple[int, int]] = []
        self._known: dict[tuple[int, int], int] = {}

    def circuit(self, outputs: Iterable[int]) -> Circuit:
        """The circuit with these wires as outputs, every gate built so far included."""
        gates = np.array(self._gates, dtype=np.int64).reshape(-1, 2)
        return Circuit(len(self.inputs), gates, list(outputs))  # type: ignore[arg-type]  # a list: NumPy would make floats of none

    # One wire

    def not_(self, a: int) -> int:
        """1 - a."""
        return a ^ 1

    def and_(self, a: int, b: int) -> int:
        """a b."""
        if a < b:
            a, b = b, a
        if b == FALSE or a == b ^ 1:
            return FALSE
        if b == TRUE or a == b:
            return a
        wire = self._known.get((a, b))
        if wire is None:
            wire = self._known[a, b] = 2 * (1 + len(self.inputs) + len(self._gates))
            self._gates.append((a, b))
        return wire

    def or_(self, a: int, b: int) -> int:
        """1 where a or b."""
        return self.and_(a ^ 1, b ^ 1) ^ 1

    def xor(self, a: int, b: int) -> int:
        """1 where a and b differ."""
        flip, a, b = (a ^ b) & 1, a & ~1, b & ~1
        return self.and_(self.and_(a, b) ^ 1, self.and_(a ^ 1, b ^ 1) ^ 1) ^ flip

    def xnor(self, a: int, b: int) -> int:
        """1 where a and b are equal."""
        return self.xor(a, b) ^ 1

    def mux(self, choose: int, one: int, zero: int) -> int:
        """`one` where `choose` is 1, else `zero`."""
        if one == zero:
            return one
        if one == zero ^ 1:
            return self.xor(choose, zero)
        if choose & 1:
            choose, one, zero = choose ^ 1, zero, one
        flip = zero & 1
        return self.or_(self.and_(choose, one ^ flip), self.and_(choose ^ 1, zero ^ flip)) ^ flip

    # Many wires to one

    def all_(self, wires: Iterable[int]) -> int:
        """1 where every wire is 1, as a balanced tree; 1 for no wire."""
        return self._tree(self.and_, wires, TRUE)

    def any_(self, wires: Iterable[int]) -> int:
        """1 where some wire is 1, as a balanced tree; 0 for no wire."""
        return self._tree(self.or_, wires, FALSE)

    def parity(self, wires: Iterable[int]) -> int:
        """The sum of the wires modulo 2, as a balanced tree; 0 for no wire."""
        return self._tree(self.xor, wires, FALSE)

    def _tree(self, join: Callable[[int, int], int], wires: Iterable[int], empty: int) -> int:
        level = list(wires)
        while len(level) > 1:
            joined = [join(a, b) for a, b in zip(level[0::2], level[1::2], strict=False)]
            level = joined + level[len(level) - len(level) % 2 :]
        return level[0] if level else empty

    # Words: numbers from 0 to 2^width - 1

    def constant(self, value: int, width: int) -> list[int]:
        """The word of a number that fits into `width` wires."""
        _validate.integer("value", value, 0, 2 ** _validate.integer("width", width, 0) - 1)
        return [value >> i & 1 for i in range(width)]

    def choose(self, choose: int, one: Word, zero: Word) -> list[int]:
        """The word `one` where `choose` is 1, else `zero`; the shorter is filled up with 0."""
        return [self.mux(choose, a, b) for a, b in self._pairs(one, zero)]

    def add(self, x: Word, y: Word, carry: int = FALSE) -> list[int]:
        """x + y + carry by a ripple of full adders, one wire longer than the longer word."""
        total = []
        for a, b in self._pairs(x, y):
            half = self.xor(a, b)
            total.append(self.xor(half, carry))
            carry = self.or_(self.and_(a, b), self.and_(half, carry))
        return [*total, carry]

    def subtract(self, x: Word, y: Word) -> list[int]:
        """x - y modulo 2^width, then one wire that is 1 where x < y."""
        width = max(len(x), len(y))
        difference = self.add(x, [b ^ 1 for b in self._filled(y, width)], TRUE)
        return [*difference[:-1], difference[-1] ^ 1]

    def equal(self, x: Word, y: Word) -> int:
        """1 where the numbers are equal."""
        return self.all_(self.xnor(a, b) for a, b in self._pairs(x, y))

    def less(self, x: Word, y: Word) -> int:
        """1 where x < y."""
        below = FALSE
        for a, b in self._pairs(x, y):
            below = self.or_(self.and_(a ^ 1, b), self.and_(self.xnor(a, b), below))
        return below

    def multiply(self, x: Word, y: Word) -> list[int]:
        """x y row by row, as long as both words together."""
        total = [FALSE] * len(x)
        for i, b in enumerate(y):
            row = self.add(total[i:], [self.and_(a, b) for a in x])
            total = total[:i] + row
        return total

    def lookup(self, wires: Word, labels: npt.ArrayLike) -> list[int]:
        """Tables of the number on `wires`, by sharing choices as a reduced decision diagram does.

        Parameters
        ----------
        wires : list of int
            k wires, the first least significant.
        labels : array of 0 and 1, shape (2^k,) or (O, 2^k)
            What each table says of 0, 1, 2, ...

        Returns
        -------
        list of int
            A wire for each table.
        """
        tables = np.atleast_2d(np.asarray(labels))
        if tables.ndim != 2 or tables.shape[1] != 2 ** len(wires) or not np.isin(tables, (0, 1)).all():
            raise InvalidArgument(f"labels must hold 2^{len(wires)} values 0 or 1 a table, got shape {tables.shape}")
        nodes = tables.astype(np.int64).ravel()
        for wire in wires:
            pairs, places = np.unique(nodes[0::2] << 32 | nodes[1::2], return_inverse=True)
            chosen = [self.mux(wire, pair & 0xFFFFFFFF, pair >> 32) for pair in pairs.tolist()]
            nodes = np.array(chosen, dtype=np.int64)[places]
        return [int(node) for node in nodes]

    def include(self, circuit: Circuit, wires: Word) -> list[int]:
        """The outputs of a whole circuit put onto these wires as its inputs; gates known already are shared."""
        if len(wires) != circuit.inputs:
            raise InvalidArgument(f"wires must be {circuit.inputs}, one for each input, got {len(wires)}")
        found = [FALSE, *wires]
        for a, b in circuit.gates.tolist():
            found.append(self.and_(found[a >> 1] ^ (a & 1), found[b >> 1] ^ (b & 1)))
        return [found[literal >> 1] ^ (literal & 1) for literal in circuit.outputs.tolist()]

    def _filled(self, word: Word, width: int) -> list[int]:
        return [*word, *[FALSE] * (width - len(word))]

    def _pairs(self, x: Word, y: Word) -> zip[tuple[int, int]]:
        width = max(len(x), len(y))
        return zip(self._filled(x, width), self._filled(y, width), strict=True)
