"""What players of decision trees ask of a game, and the trees that attackers begin with."""

from __future__ import annotations

import itertools
import math

import numpy as np

from ..ground import _validate
from ..ground.errors import InvalidArgument, MissingCapability
from ..ground.spec import text
from ..ground.streams import Words, below, bits, draws
from ..spaces.distributions import Distribution
from ..spaces.domains import ENUMERABLE_POINTS
from .base import Codes, Floats, FunctionClass
from .decision_trees import DecisionTrees


def trees_of(who: str, functions: FunctionClass) -> DecisionTrees:
    """The class, where it is one of decision trees."""
    if not isinstance(functions, DecisionTrees):
        raise MissingCapability(f"{who}() plays DecisionTrees(...), not {text(functions)[:200]}")
    return functions


def bits_of(who: str, distribution: Distribution | None) -> Floats:
    """Pr[bit i = 1], (n,), where D is fixed and its bits are independent."""
    p = None if distribution is None else distribution.bit_probabilities()
    if p is None:
        raise MissingCapability(
            f"{who}() needs a game with a fixed distribution of independent bits, such as Uniform() or ProductBits(p), "
            f"got {text(distribution)[:200]}"
        )
    return p


def leaves_of(who: str, leaves: int | None, trees: DecisionTrees) -> int:
    """How many leaves an original has: as stated, else half of what the class allows."""
    if leaves is None:
        return max(1, trees.leaves // 2)
    return _validate.integer(f"{who}.leaves", leaves, 1, trees.leaves)


def original_of(who: str, original: tuple[int, ...], trees: DecisionTrees) -> Codes:
    """A code that was written down, padded to the class's length; shape (L,)."""
    code = np.zeros(trees.code_length, dtype=np.int64)
    code[: len(original)] = original[: trees.code_length]
    if len(original) > trees.code_length or not trees.contains(code[None])[0]:
        shown = f"{str(list(original))[:100]}"
        raise InvalidArgument(f"{who}.original must be the code of a tree of {text(trees)}, got {shown}")
    return code


def padded(codes: Codes, trees: DecisionTrees) -> Codes:
    """Codes of trees with fewer leaves as codes of `trees`."""
    return np.pad(codes, ((0, 0), (0, trees.code_length - codes.shape[1])))


def path_trees(trees: DecisionTrees, leaves: int, keys: Words) -> Codes:
    """Random trees of one path, one a key: every node but the last has a leaf on one side; codes (B, L).

    `leaves` leaves, or bits + 1 if that is fewer. All such trees are equally likely.
    """
    nodes, rows = min(leaves - 1, trees.bits), np.arange(len(keys))
    words, order = draws(keys, 0, nodes), np.tile(np.arange(trees.bits), (len(keys), 1))
    for d in range(nodes):
        j = d + below(words[:, d], trees.bits - d)
        order[rows, d], order[rows, j] = order[rows, j], order[rows, d]
    fair = bits(keys, nodes, 2 * nodes + 1)
    return _chain(trees, order[:, :nodes], fair[:, nodes + 1 :], fair[:, : nodes + 1])


def listed_path_trees(trees: DecisionTrees, leaves: int) -> Codes | None:
    """All of them, or None where they are more than 65,536."""
    nodes = min(leaves - 1, trees.bits)
    if math.perm(trees.bits, nodes) * 4**nodes > ENUMERABLE_POINTS:
        return None
    orders = itertools.permutations(range(trees.bits), nodes)
    sides = itertools.product((0, 1), repeat=max(0, nodes - 1))
    labels = itertools.product((0, 1), repeat=nodes + 1)
    found = list(itertools.product(orders, sides, labels))
    parts = [np.array([one[i] for one in found], dtype=np.int64).reshape(len(found), -1) for i in range(3)]
    return _chain(trees, *parts)


def _chain(trees: DecisionTrees, order: Codes, sides: Codes, labels: Codes) -> Codes:
    """Trees whose node d reads order[:, d] and goes on at side sides[:, d]; labels from the root's leaf down."""
    B, nodes = order.shape
    codes, rows = np.zeros((B, trees.code_length), dtype=np.int64), np.arange(B)
    front, back = np.zeros(B, dtype=np.int64), np.full(B, 2 * nodes)
    for d in range(nodes):
        codes[rows, front] = 2 + order[:, d]
        on_high = sides[:, d] == 1 if d < nodes - 1 else np.ones(B, dtype=bool)
        codes[rows, np.where(on_high, front + 1, back)] = labels[:, d]
        front, back = front + 1 + on_high, back - ~on_high
    codes[rows, front] = labels[:, nodes]
    return codes
