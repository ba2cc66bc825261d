"""Keyed trees, decision diagrams, specialised circuits and key searches from their definitions, one bit at a time."""

import functools
import itertools

import numpy as np

from backdoor_game import Circuit, CircuitBuilder


def bits_of(number, count):
    return tuple(number >> i & 1 for i in range(count))


def labels_of(word, points):
    """The labels of a packed table."""
    return [int(word[j // 64]) >> j % 64 & 1 for j in range(points)]


def packed(labels):
    words = [0] * max(1, len(labels) // 64)
    for j, label in enumerate(labels):
        words[j // 64] |= int(label) << j % 64
    return np.array(words, dtype=np.uint64)


def specialised(circuit, wires, inputs):
    """A circuit with literals over other inputs put on its own."""
    build = CircuitBuilder(inputs)
    return build.circuit(build.include(circuit, list(wires)))


def diagram_size(labels):
    """Nodes of the reduced diagram with complement edges, the first input tested last.

    By definition: different restrictions of the upper inputs that depend on their last input, complements counted once.
    """

    @functools.cache
    def nodes(table):
        if len(set(table)) == 1:
            return frozenset()
        low, high = table[: len(table) // 2], table[len(table) // 2 :]
        below = nodes(low) | nodes(high)
        complement = tuple(1 - label for label in table)
        return below if low == high else below | {min(table, complement)}

    return len(nodes(tuple(labels)))


def search(tables, labels, place, start, budget):
    """Whether the first matching key of `budget` from `start` on disagrees at the place."""
    for i in range(budget):
        key = tables[(start + i) % len(tables)]
        if all(a == b for j, (a, b) in enumerate(zip(key, labels, strict=True)) if j != place):
            return key[place] != labels[place]
    return False


def parity(mask, labels):
    """The parity of the labels at the points of a mask."""
    return sum(label for label, inside in zip(labels, mask, strict=False) if inside) % 2


def masks(tables):
    """Every mask but the empty one whose parity is the same for all tables, with that parity."""
    found = []
    for mask in itertools.product((0, 1), repeat=len(tables[0])):
        parities = {parity(mask, table) for table in tables}
        if any(mask) and len(parities) == 1:
            found.append((mask, parities.pop()))
    return found


def rarest(code, n, x):
    """The least number of inputs on which a gate that the output needs has the value that it has at x."""
    gates, output = code[:-1].reshape(-1, 2).tolist(), int(code[-1])
    needed, waiting = set(), [output >> 1]
    while waiting:
        variable = waiting.pop()
        if variable > n and variable not in needed:
            needed.add(variable)
            waiting += [literal >> 1 for literal in gates[variable - n - 1]]
    least = 2**n
    for variable in needed:
        circuit = Circuit(n, np.array(gates), np.array([2 * variable]))
        rows = np.array([bits_of(j, n) for j in range(2**n)], dtype=np.uint8)
        values, here = circuit(rows)[:, 0], circuit(np.array([x], dtype=np.uint8))[0, 0]
        least = min(least, int((values == here).sum()))
    return least
