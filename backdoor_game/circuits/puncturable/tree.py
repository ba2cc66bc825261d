"""The tree [GGM86]: a key is the root's seed, an input walks down one bit a level, a leaf's seed gives the label."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from ...ground import _validate
from ...ground.errors import InvalidArgument
from .generators import SeedGenerator


@dataclasses.dataclass(frozen=True)
class PuncturedKey:
    """Seeds of the siblings along the way to a point, root first: every label but that of the point.

    Attributes
    ----------
    point : tuple of int
        x*, n bits.
    seeds : tuple of int
        n seeds; number i belongs to the node that leaves the way at bit i.
    """

    point: tuple[int, ...]
    seeds: tuple[int, ...] = dataclasses.field(repr=False)  # no secret in a log


@dataclasses.dataclass(frozen=True)
class Tree:
    """A pseudorandom function of `bits` bits from any generator, whose keys can be punctured [BW13, BGI14, KPTZ13].

    Parameters
    ----------
    generator : SeedGenerator
    bits : int
        n, the depth of the tree.

    Examples
    --------
    >>> from backdoor_game.circuits.puncturable import HashGenerator, Tree
    >>> tree = Tree(HashGenerator(), bits=8)
    >>> x, x_star = (1, 0, 1, 1, 0, 0, 1, 0), (1, 0, 0, 1, 0, 0, 1, 0)
    >>> punctured = tree.puncture(2024, x_star)
    >>> tree.evaluate_punctured(punctured, x) == tree.evaluate(2024, x)
    True
    """

    generator: SeedGenerator
    bits: int

    def __post_init__(self) -> None:
        _validate.integer("Tree.bits", self.bits, 1, 256)

    def evaluate(self, key: int, x: Sequence[int]) -> int:
        """The label of x (n bits) under a key, 0 or 1."""
        return self._walk(_validate.integer("key", key, 0, 2**self.generator.seed_bits - 1), self._point(x), 0)

    def puncture(self, key: int, x_star: Sequence[int]) -> PuncturedKey:
        """The key that knows every label but that of `x_star`."""
        point = self._point(x_star)
        seed, seeds = _validate.integer("key", key, 0, 2**self.generator.seed_bits - 1), []
        for i, bit in enumerate(point):
            children = self.generator.stretch(seed, point[:i])
            seeds.append(children[1 - bit])
            seed = children[bit]
        return PuncturedKey(point, tuple(seeds))

    def evaluate_punctured(self, punctured: PuncturedKey, x: Sequence[int]) -> int:
        """The label of any x but the punctured point.

        Raises
        ------
        InvalidArgument
            At the punctured point.
        """
        point = self._point(x)
        leaves = [i for i, (a, b) in enumerate(zip(point, punctured.point, strict=True)) if a != b]
        if not leaves:
            raise InvalidArgument(f"the key is punctured at {point}: it knows every other label")
        return self._walk(punctured.seeds[leaves[0]], point, leaves[0] + 1)

    def _walk(self, seed: int, point: tuple[int, ...], level: int) -> int:
        """The label of a point from the seed of its node at a level."""
        for i in range(level, self.bits):
            seed = self.generator.stretch(seed, point[:i])[point[i]]
        return self.generator.label(seed)

    def _point(self, x: Sequence[int]) -> tuple[int, ...]:
        point = tuple(int(bit) for bit in x)
        if len(point) != self.bits or not set(point) <= {0, 1}:
            raise InvalidArgument(f"a point must be {self.bits} bits 0 or 1, got {x!r}")
        return point
