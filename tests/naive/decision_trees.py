"""Decision trees as nested tuples (bit, tree for 0, tree for 1), leaves as labels: recursion and exact fractions."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction

Tree = int | tuple
Masses = Sequence[Fraction]


def parsed(code: Sequence[int], bits: int) -> Tree | None:
    """The tree that a code describes; None where it is no tree's code."""

    def subtree(above: frozenset[int]) -> Tree:
        token = tokens.pop(0)
        if token in (0, 1):
            return token
        bit = token - 2
        if not 0 <= bit < bits or bit in above:
            raise ValueError
        return (bit, subtree(above | {bit}), subtree(above | {bit}))

    tokens = list(code)
    try:
        tree = subtree(frozenset())
    except (IndexError, ValueError):
        return None
    return tree if not any(tokens) else None


def written(tree: Tree, length: int) -> tuple[int, ...]:
    """The code of a tree."""

    def tokens(tree: Tree) -> list[int]:
        return [tree] if isinstance(tree, int) else [tree[0] + 2, *tokens(tree[1]), *tokens(tree[2])]

    found = tokens(tree)
    return (*found, *[0] * (length - len(found)))


def leaves(tree: Tree) -> int:
    return 1 if isinstance(tree, int) else leaves(tree[1]) + leaves(tree[2])


def label(tree: Tree, x: Sequence[int]) -> int:
    return tree if isinstance(tree, int) else label(tree[1 + x[tree[0]]], x)


def way_of(tree: Tree, x: Sequence[int]) -> list[int]:
    """The bits that x meets."""
    return [] if isinstance(tree, int) else [tree[0], *way_of(tree[1 + x[tree[0]]], x)]


def leaf_mass(tree: Tree, x: Sequence[int], p: Masses) -> Fraction:
    """The product, along x's path, of the chances that a bit has x's value."""
    if isinstance(tree, int):
        return Fraction(1)
    bit = tree[0]
    return (p[bit] if x[bit] else 1 - p[bit]) * leaf_mass(tree[1 + x[bit]], x, p)


def points(bits: int) -> list[tuple[int, ...]]:
    return [vector[::-1] for vector in itertools.product((0, 1), repeat=bits)]


def weight(x: Sequence[int], p: Masses) -> Fraction:
    total = Fraction(1)
    for bit, q in zip(x, p, strict=True):
        total *= q if bit else 1 - q
    return total


def distance(f: Tree, g: Tree, p: Masses) -> Fraction:
    """The mass of the points at which they differ, one after another."""
    return sum((weight(x, p) for x in points(len(p)) if label(f, x) != label(g, x)), Fraction(0))


def fewest_leaves(labels: Sequence[int]) -> int:
    """Of all trees that compute these labels of all points, the fewest leaves; for at most 3 bits or so."""
    if len(set(labels)) == 1:
        return 1
    halves = []
    for bit in range((len(labels) - 1).bit_length()):
        zero = [y for i, y in enumerate(labels) if not i >> bit & 1]
        one = [y for i, y in enumerate(labels) if i >> bit & 1]
        halves.append(fewest_leaves(zero) + fewest_leaves(one))
    return min(halves)


def all_trees(leaves: int, free: frozenset[int]) -> Iterator[Tree]:
    """Every tree with exactly so many leaves."""
    if leaves == 1:
        yield from (0, 1)
    for bit in free if leaves > 1 else ():
        for left in range(1, leaves):
            for low in all_trees(left, free - {bit}):
                for high in all_trees(leaves - left, free - {bit}):
                    yield (bit, low, high)


def grown(words: Sequence[int], leaves: int, bits: int) -> Tree:
    """A random tree with exactly so many leaves, from the words 1, 2, ... of a stream: two for each node as written.

    The upper 53 bits of a word are a fraction: of the free bits (the path's stand first in the order), then of the
    pairs of subtrees, counted by how many leaves hang on the 0-side.
    """
    order, used = list(range(bits)), iter(range(1, len(words), 2))

    def count(k: int, free: int) -> int:
        if k == 1:
            return 2
        return free * sum(count(i, free - 1) * count(k - i, free - 1) for i in range(1, k)) if free else 0

    def grow(k: int, depth: int) -> Tree:
        at = next(used)
        if k == 1:
            return words[at] >> 63
        free = bits - depth
        j = depth + int(Fraction(words[at] >> 11, 2**53) * free)
        order[depth], order[j] = order[j], order[depth]
        bit = order[depth]
        ways = [count(i, free - 1) * count(k - i, free - 1) for i in range(1, k)]
        target = Fraction(words[at + 1] >> 11, 2**53) * sum(ways)
        left = next(i for i, reached in enumerate(itertools.accumulate(ways), 1) if target < reached)
        return (bit, grow(left, depth + 1), grow(k - left, depth + 1))

    return grow(leaves, 0)


def changes(tree: Tree, bits: int, most: int) -> Counter[Tree]:
    """The law of one random change: trees with their probabilities.

    First a kind among those that can be made (a leaf relabelled, a node's bit, a leaf split, two leaves merged), then a
    place, then the bit among those not read above it, and the labels, each evenly; what reads a bit twice stays as is.
    """
    kinds: list[Counter[Tree]] = []
    places = list(_places(tree, frozenset()))
    ends = [(put, above) for node, put, above in places if isinstance(node, int)]
    inner = [(node, put, above) for node, put, above in places if not isinstance(node, int)]
    kinds.append(_even([{put(1 - node): Fraction(1)} for node, put, _ in places if isinstance(node, int)]))
    if inner:
        kinds.append(
            _even([_read(node, put, set(range(bits)) - above - {node[0]}, tree) for node, put, above in inner])
        )
        pairs = [put for node, put, _ in inner if isinstance(node[1], int) and isinstance(node[2], int)]
        kinds.append(_even([{put(b): Fraction(1, 2) for b in (0, 1)} for put in pairs]))
    open_ = [(put, set(range(bits)) - above) for put, above in ends if len(above) < bits]
    if leaves(tree) < most and open_:
        four = list(itertools.product((0, 1), repeat=2))
        kinds.append(
            _even([{put((v, *two)): Fraction(1, 4 * len(free)) for v in free for two in four} for put, free in open_])
        )
    return _even(kinds)


def _read(node: tuple, put, free: set[int], tree: Tree) -> Counter[Tree]:
    law: Counter[Tree] = Counter()
    for v in free:
        law[put((v, node[1], node[2])) if v not in _read_below(node) else tree] += Fraction(1, len(free))
    return law if free else Counter({tree: Fraction(1)})


def _read_below(tree: Tree) -> set[int]:
    return set() if isinstance(tree, int) else {tree[0]} | _read_below(tree[1]) | _read_below(tree[2])


def _places(tree: Tree, above: frozenset[int]):
    """Every subtree, with what puts another in its place and the bits read above it."""
    yield tree, (lambda new: new), above
    if not isinstance(tree, int):
        bit, low, high = tree
        for node, put, over in _places(low, above | {bit}):
            yield node, (lambda new, put=put: (bit, put(new), high)), over
        for node, put, over in _places(high, above | {bit}):
            yield node, (lambda new, put=put: (bit, low, put(new))), over


def _even(laws: Sequence) -> Counter[Tree]:
    total: Counter[Tree] = Counter()
    for law in laws:
        for tree, chance in law.items():
            total[tree] += Fraction(chance) / len(laws)
    return total


def grafts(tree: Tree, x: Sequence[int], bits: int, most: int) -> Iterator[tuple[tuple[int, ...], Tree]]:
    """Every plant of `GraftPath`: the new bits of the path and the tree, with at most so many leaves."""
    flipped = 1 - label(tree, x)
    for node, put, above in _places(tree, frozenset()):
        on_way = all(x[v] == side for v, side in _way(tree, node, put))
        free = sorted(set(range(bits)) - above - _read_below(node))
        for size in range(len(free) + 1 if on_way else 0):
            for path in itertools.combinations(free, size):
                planted: Tree = flipped
                for v in reversed(path):
                    planted = (v, node, planted) if x[v] else (v, planted, node)
                if leaves(put(planted)) <= most:
                    yield path, put(planted)


def _way(tree: Tree, node: Tree, put) -> list[tuple[int, int]]:
    """The bits and sides that lead to a place: where a marker put there is found."""
    marked, way = put("here"), []
    while marked != "here":
        side = 0 if _holds(marked[1]) else 1
        way.append((marked[0], side))
        marked = marked[1 + side]
    return way


def _holds(tree) -> bool:
    return tree == "here" or (isinstance(tree, tuple) and (_holds(tree[1]) or _holds(tree[2])))


def learned(X: Sequence[Sequence[int]], y: Sequence[int], most: int) -> Tree:
    """Split the leaf, by the bit, that gain most in purity, the older and the lower first, until all are pure."""
    nodes: list[list] = [[list(range(len(y))), None]]

    def purity(rows: Sequence[int]) -> float:
        ones = sum(y[i] for i in rows)
        return (ones * ones + (len(rows) - ones) ** 2) / len(rows)

    def best(rows: Sequence[int]) -> tuple[float, int] | None:
        if len({y[i] for i in rows}) < 2:
            return None
        found = []
        for bit in range(len(X[0])):
            zero, one = [i for i in rows if not X[i][bit]], [i for i in rows if X[i][bit]]
            if zero and one:
                found.append((purity(one) + purity(zero) - purity(rows), -bit))
        return max(found, default=None)

    for _ in range(most - 1):
        splits = [(found, k) for k, (rows, split) in enumerate(nodes) if split is None and (found := best(rows))]
        if not splits:
            break
        (_, negative), place = max(splits, key=lambda split: (split[0][0], -split[1]))
        rows, bit = nodes[place][0], -negative
        nodes[place][1] = (bit, len(nodes), len(nodes) + 1)
        nodes += [[[i for i in rows if X[i][bit] == side], None] for side in (0, 1)]

    def tree(k: int) -> Tree:
        rows, split = nodes[k]
        if split is None:
            return int(2 * sum(y[i] for i in rows) > len(rows))
        return (split[0], tree(split[1]), tree(split[2]))

    return tree(0)
