"""Writing a circuit in Python: wires with operators, equal gates shared."""

from __future__ import annotations

from collections.abc import Iterable

from .circuit import Circuit

FALSE, TRUE = 0, 1


class CircuitBuilder:
    """Collects gates; wires are literals (ints) of the circuit to be.

    Structural hashing: the same AND is built once, constants and repeated wires are folded away.
    """

    def __init__(self, inputs: int) -> None:
        self.inputs = [2 * (i + 1) for i in range(inputs)]
        self._gates: list[tuple[int, int]] = []
        self._known: dict[tuple[int, int], int] = {}

    def not_(self, a: int) -> int:
        """1 - a."""
        return a ^ 1

    def and_(self, a: int, b: int) -> int:
        """a b."""
        a, b = max(a, b), min(a, b)
        if b == FALSE or a == b ^ 1:
            return FALSE
        if b == TRUE or a == b:
            return a
        if (a, b) not in self._known:
            self._known[a, b] = 2 * (1 + len(self.inputs) + len(self._gates))
            self._gates.append((a, b))
        return self._known[a, b]

    def or_(self, a: int, b: int) -> int:
        """1 where a or b."""
        return self.and_(a ^ 1, b ^ 1) ^ 1

    def xor(self, a: int, b: int) -> int:
        """1 where a and b differ."""
        return self.or_(self.and_(a, b ^ 1), self.and_(a ^ 1, b))

    def mux(self, choose: int, one: int, zero: int) -> int:
        """`one` where `choose` is 1, else `zero`."""
        return self.or_(self.and_(choose, one), self.and_(choose ^ 1, zero))

    def circuit(self, outputs: Iterable[int]) -> Circuit:
        """The circuit with these wires as outputs."""
        return Circuit(len(self.inputs), self._gates, list(outputs))  # type: ignore[arg-type]
