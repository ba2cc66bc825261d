"""The inclusion-maximal classes of a VC dimension on few points, one of each kind up to symmetry.

A class on N points is a number: its bit f says whether the labeling f is in it, whose bit x is the label at x.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np

from ...ground import _validate
from ...ground.errors import InvalidArgument
from ...ground.streams import Words

MOST_POINTS = 6  # 2^6 labelings fill a word
MOST_UNIONS = 2**18  # of cubes at one step, a second of work: 5 points have far fewer, 6 often more


def cubes(points: int, d: int) -> list[list[int]]:
    """For each set of d + 1 points its patterns, each as the set of labelings that show it."""
    found = []
    for chosen in itertools.combinations(range(points), d + 1):
        patterns = [0] * 2 ** (d + 1)
        for f in range(2**points):
            patterns[sum((f >> x & 1) << place for place, x in enumerate(chosen))] |= 1 << f
        found.append(patterns)
    return found


def maximal_classes(points: int, d: int) -> tuple[int, ...]:
    """The classes of VC dimension at most d to which no function can be added, one of each kind, in increasing order.

    Two are of one kind if a permutation of the points and the XOR with a fixed labeling take one to the other: games
    on them have the same values (theory/frontier.py). A class has VC dimension at most d iff its complement holds a
    cube for each set of d + 1 points: the labelings that show one pattern there. So complements grow set by set, and
    those that are not smallest are dropped at once. *Enumerated.*

    Parameters
    ----------
    points : int
        N, at most 6.
    d : int
        At least 0, under N.

    Raises
    ------
    InvalidArgument
        Where more complements than 2^18 would have to be kept at one step.
    """
    points = _validate.integer("points", points, 1, MOST_POINTS)
    d = _validate.integer("d", d, 0, points - 1)
    sets = [np.array(patterns, dtype=np.uint64) for patterns in cubes(points, d)]
    missing = np.zeros(1, dtype=np.uint64)
    for step in range(len(sets)):
        missing = _smallest(_with_a_cube(missing, sets[step], points, d), sets[: step + 1])
    everything = np.uint64(2**2**points - 1)
    # the least number: labelings that are 1 at the last points are few
    kinds = canonical(missing ^ everything, points, every_permutation(points))
    return tuple(np.unique(kinds).tolist())


def _with_a_cube(missing: Words, patterns: Words, points: int, d: int) -> Words:
    """Each set of labelings with a cube of these patterns added, where it has none; up to XOR, without copies."""
    have = np.zeros(len(missing), dtype=bool)
    for cube in patterns:
        have |= (missing & cube) == cube
    size = int((~have).sum()) * len(patterns)
    if size > MOST_UNIONS:
        raise InvalidArgument(
            f"points={points} with d={d} has too many classes to list: {size} sets at one step, and at most "
            f"{MOST_UNIONS} fit; take fewer points or a local search"
        )
    grown = (missing[~have, None] | patterns[None]).ravel()
    return np.unique(canonical(np.unique(np.concatenate([missing[have], grown])), points, [range(points)]))


def _smallest(missing: Words, sets: Sequence[Words]) -> Words:
    """Those from which no labeling can be taken: each one lies in the only cube that some set of points has there."""
    needed = np.zeros_like(missing)
    for patterns in sets:
        inside = [(missing & cube) == cube for cube in patterns]
        only = np.sum(inside, axis=0) == 1
        for cube, here in zip(patterns, inside, strict=True):
            needed |= np.where(only & here, cube, np.uint64(0))
    return np.asarray(missing[needed == missing])


def every_permutation(points: int) -> list[Sequence[int]]:
    """All orders of the points."""
    return list(itertools.permutations(range(points)))


def canonical(classes: Words, points: int, permutations: Sequence[Sequence[int]]) -> Words:
    """The least number among all images of each class under these permutations and the XOR with every labeling."""
    best = classes.copy()
    for permutation in permutations:
        image = permuted(classes, points, permutation)
        # each labeling is reached from the one before by a flip at one point: a Gray code
        for step in range(2**points):
            if step:
                image = flipped(image, points, (step & -step).bit_length() - 1)
            np.minimum(best, image, out=best)
    return best


def flipped(classes: Words, points: int, x: int) -> Words:
    """Every labeling XOR the one that is 1 at x alone: halves of 2^x bits change places."""
    low = np.uint64(sum(1 << f for f in range(2**points) if not f >> x & 1))
    shift = np.uint64(1 << x)
    return np.asarray((classes >> shift & low) | (classes & low) << shift)


def permuted(classes: Words, points: int, permutation: Sequence[int]) -> Words:
    """The label at x moves to permutation[x]."""
    if list(permutation) == sorted(permutation):
        return classes.copy()
    out = np.zeros_like(classes)
    for f in range(2**points):
        image = sum((f >> x & 1) << permutation[x] for x in range(points))
        out |= (classes >> np.uint64(f) & np.uint64(1)) << np.uint64(image)
    return out


def rows(code: int, points: int) -> tuple[str, ...]:
    """A class as the rows of a table, such as "0110": the label at the first point comes first."""
    return tuple("".join(str(f >> x & 1) for x in range(points)) for f in range(2**points) if code >> f & 1)
