"""On how many inputs two circuits differ, counted without listing them."""

from __future__ import annotations

import contextlib
import sys
import threading
from collections.abc import Iterator
from typing import Any, Literal

from ...ground.errors import InvalidArgument, MissingCapability
from .circuit import Circuit
from .equivalence import satisfiable
from .side_by_side import clauses, library, miter

_LIMIT = threading.Lock()  # the recursion limit belongs to all threads
EXACT_FLOAT = 50  # CUDD counts in floats, which hold every whole number up to 2^53


def count_differences(f: Circuit, g: Circuit, *, by: Literal["bdd", "sharpsat"] = "bdd") -> int:
    """The number of inputs, of all 2^n, on which some output of f and g differs.

    Parameters
    ----------
    by : "bdd" or "sharpsat"
        A reduced ordered decision diagram of the difference [Bryant86] (library dd), best where such a diagram is
        small, as for adders and comparators. *Proved.* Or the model counter Ganak [Sharma19] (library pyganak), best
        where the two differ in few gates; exact but for collisions of the hashes that it keeps its components by. Ganak
        does not hear Ctrl-C before it is done: run it in a process of its own where it may take long.

    Raises
    ------
    InvalidArgument
        Where their numbers of inputs or outputs differ, or `by` names no way to count.
    MissingCapability
        Where the library (extra `logic`) is not installed.
    """
    if by == "bdd":
        difference = miter(f, g)
        with _deep(difference.inputs):
            return _by_diagram(difference)
    if by == "sharpsat":
        return _by_models(miter(f, g))
    raise InvalidArgument(f"by must be 'bdd' or 'sharpsat', got {by!r}")


@contextlib.contextmanager
def _deep(inputs: int) -> Iterator[None]:
    """Room for recursion over the inputs, as dd walks its diagrams; one thread at a time, since all share the limit."""
    if inputs <= EXACT_FLOAT:
        yield
        return
    with _LIMIT:
        before = sys.getrecursionlimit()
        sys.setrecursionlimit(max(before, 10 * inputs + 1000))  # dd takes a few frames an input
        try:
            yield
        finally:
            sys.setrecursionlimit(before)


def _by_models(difference: Circuit) -> int:
    """Only where they differ somewhere, by a SAT solver's word: Ganak prints a line about an empty count."""
    counter = library("pyganak", "pyganak", "counting by a model counter").Counter()
    if not satisfiable(difference):
        return 0
    counter.new_vars(1 + difference.inputs + difference.size)
    counter.add_clauses(clauses(difference))
    return int(counter.count())


def _by_diagram(difference: Circuit) -> int:
    """Gate by gate, each diagram dropped after the last gate that reads it."""
    diagrams = _diagrams(difference.inputs)
    names = [f"x{v}" for v in _order(difference)]
    diagrams.declare(*names)
    first = 1 + difference.inputs
    found: dict[int, Any] = {0: diagrams.false} | {1 + i: diagrams.var(f"x{1 + i}") for i in range(difference.inputs)}
    pairs, output = difference.gates.tolist(), int(difference.outputs[0])
    last = {wire >> 1: i for i, pair in enumerate(pairs) for wire in pair} | {output >> 1: len(pairs)}
    for i, (a, b) in enumerate(pairs):
        left, right = (~found[wire >> 1] if wire & 1 else found[wire >> 1] for wire in (a, b))
        found[first + i] = left & right
        for v in {a >> 1, b >> 1}:
            if last[v] == i:
                del found[v]
    whole = ~found[output >> 1] if output & 1 else found[output >> 1]
    number: int = round(whole.count(nvars=difference.inputs))
    return number


def _diagrams(inputs: int) -> Any:
    """An empty manager: the compiled one where it is installed and exact."""
    slow = library("dd.autoref", "dd", "counting by decision diagrams")
    try:
        fast = library("dd.cudd", "dd", "counting by decision diagrams")
    except MissingCapability:
        return slow.BDD()
    return fast.BDD() if inputs <= EXACT_FLOAT else slow.BDD()


def _order(circuit: Circuit) -> list[int]:
    """The inputs in the order in which a walk down from the output meets them, the deeper gate first."""
    pairs, first = (circuit.gates >> 1).tolist(), 1 + circuit.inputs
    levels = [0] * first
    for a, b in pairs:
        levels.append(1 + max(levels[a], levels[b]))
    waiting, met = [int(circuit.outputs[0]) >> 1], dict[int, None]()
    while waiting:
        v = waiting.pop()
        if v not in met:
            met[v] = None
            if v >= first:
                waiting += sorted(pairs[v - first], key=levels.__getitem__)
    ordered = [v for v in met if 0 < v < first]
    return ordered + sorted(set(range(1, first)) - set(ordered))
