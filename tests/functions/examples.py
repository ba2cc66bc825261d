"""Small instances of every function class that is exported, with laws that fit, and what each promises."""

from __future__ import annotations

import dataclasses
import functools
import itertools

import numpy as np

from backdoor_game.circuits.classes import Circuits
from backdoor_game.functions import (
    AllFunctions,
    Boxes,
    Conjunctions,
    DecisionTrees,
    DirectSum,
    Explicit,
    FunctionClass,
    Halfspaces,
    Intervals,
    IntervalUnions,
    Parities,
    RandomOracle,
    Singletons,
    Thresholds,
)
from backdoor_game.ground import streams
from backdoor_game.planting.models import (
    Checksummed,
    GateNetworks,
    MacChecked,
    RandomFourierFeatures,
    RandomReLU,
    SigmoidNetworks,
    SignatureChecked,
)
from backdoor_game.spaces.distributions import (
    Atoms,
    Distribution,
    Mixture,
    ProductBits,
    StandardNormal,
    Uniform,
    UnitCube,
    Weighted,
)
from tests.naive import classes, decision_trees, gate_networks, random_oracle


@dataclasses.dataclass(frozen=True)
class Law:
    """A distribution, and whether `distance` and `nearest` have a closed form under it."""

    distribution: Distribution
    distance: bool = True
    nearest: bool = True


@dataclasses.dataclass(frozen=True)
class Example:
    functions: FunctionClass
    laws: tuple[Law, ...]

    def __str__(self) -> str:
        return str(self.functions)


def _line(functions: FunctionClass, nearest: bool = True) -> Example:
    """A class on N points: uniform, uneven and gappy weights, and some atoms in no order."""
    size = functions.domain.size
    uneven = np.arange(1, size + 1) / (size * (size + 1) / 2)
    laws = [Uniform(), Weighted(tuple(uneven))]
    if size > 2:
        gappy = np.where(np.arange(size) % 3 == 1, 0.0, uneven)
        laws += [Weighted(tuple(gappy / gappy.sum())), Atoms((2, 0), (0.25, 0.75))]
    return Example(functions, tuple(Law(law, True, nearest) for law in laws))


def _grid(functions: FunctionClass) -> Example:
    points = tuple(map(tuple, functions.domain.points().tolist()))
    weights = np.arange(len(points)) / max(1, len(points) * (len(points) - 1) / 2) if len(points) > 1 else np.ones(1)
    return Example(functions, (Law(Uniform()), Law(Atoms(points[::-1], tuple(weights)), True, False)))


def _bits(functions: FunctionClass) -> Example:
    n = functions.domain.n
    low, high, certain = (0.1, 0.45, 0.3, 0.5)[:n], (0.8, 0.35, 0.6, 0.9)[:n], (0.0, 0.3, 0.5, 0.0)[:n]
    conjunctions = isinstance(functions, Conjunctions)
    atoms = Atoms((tuple([1] * n), tuple([0] * n)), (0.3, 0.7))
    laws = [Law(Uniform()), Law(ProductBits(0.5)), Law(ProductBits(low)), Law(ProductBits(certain))]
    return Example(functions, (*laws, Law(ProductBits(high), True, conjunctions), Law(atoms, conjunctions, False)))


def _sums() -> list[Example]:
    plain = DirectSum((Thresholds(points=3), Singletons(points=4)))
    mixed = DirectSum((AllFunctions(points=2), Conjunctions(bits=2)))
    weighted = Mixture((Weighted((0.5, 0.0, 0.5)), Atoms((3, 0), (0.9, 0.1))), (0.25, 0.75))
    return [
        Example(plain, (Law(Mixture((Uniform(), Uniform()), (0.5, 0.5))), Law(weighted))),
        Example(mixed, (Law(Mixture((Weighted((0.3, 0.7)), ProductBits((0.2, 0.9))), (0.6, 0.4))),)),
        Example(
            DirectSum((Parities(bits=2), IntervalUnions(points=5, k=2))),
            (Law(Mixture((ProductBits(0.4), Uniform()), (0.5, 0.5))), Law(Atoms(((0, 1, 1), (1, 4, 0))), False, False)),
        ),
    ]


FINITE = [
    *map(_line, (AllFunctions(points=1), AllFunctions(points=4))),
    *map(_line, (Thresholds(points=1), Thresholds(points=5))),
    *map(_line, (Intervals(points=1), Intervals(points=2), Intervals(points=6))),
    *map(_line, (IntervalUnions(points=3, k=2), IntervalUnions(points=6, k=2), IntervalUnions(points=6, k=1))),
    *map(_line, (IntervalUnions(points=7, k=3), Singletons(points=1), Singletons(points=5))),
    *map(_grid, (Boxes(dimension=1, points=1), Boxes(dimension=1, points=2), Boxes(dimension=1, points=4))),
    *map(_grid, (Boxes(dimension=2, points=2), Boxes(dimension=2, points=3), Boxes(dimension=3, points=2))),
    *map(_bits, (Conjunctions(bits=1), Conjunctions(bits=2), Conjunctions(bits=3))),
    *map(_bits, (Parities(bits=1), Parities(bits=2), Parities(bits=3))),
    Example(Explicit(("0000", "1100", "1010", "0111", "1111")), (Law(Uniform(), False, False),)),
    Example(Explicit(("000", "100", "110", "111")), (Law(Weighted((0.5, 0.0, 0.5)), False, False),)),
    *_sums(),
]

# Classes whose codes name some functions more than once and whose VC dimension no theorem gives.
REPEATED = [
    Example(F, (Law(Uniform(), nearest=False), Law(ProductBits((0.3, 0.8)[: F.bits]), nearest=False)))
    for F in (Circuits(bits=1, gates=0), Circuits(bits=1, gates=1), Circuits(bits=2, gates=1))
] + [
    Example(F, (Law(Uniform(), False, False), Law(ProductBits(0.3), False, False)))
    for F in (
        *(RandomOracle(key_bits=3, bits=1), RandomOracle(key_bits=2, bits=3), RandomOracle(key_bits=4, bits=4)),
        GateNetworks(bits=1, gates=1, weight=1),
    )
] + [
    Example(F, (Law(Uniform(), nearest=False), Law(ProductBits((0.3, 0.8, 0.5)[: F.bits]), nearest=False)))
    for F in (DecisionTrees(bits=1, leaves=1), DecisionTrees(bits=2, leaves=3), DecisionTrees(bits=3, leaves=3))
]

_NORMAL, _CUBE = Law(StandardNormal()), Law(UnitCube())

CONTINUOUS = [
    Example(Thresholds(), (_CUBE, _NORMAL)),
    Example(Intervals(), (_CUBE, _NORMAL)),
    Example(Boxes(dimension=1), (_CUBE, _NORMAL)),
    Example(Boxes(dimension=3), (_CUBE, _NORMAL)),
    Example(Halfspaces(dimension=1), (_NORMAL, Law(UnitCube(), False, False))),
    Example(Halfspaces(dimension=2, bias=False), (_NORMAL,)),
    Example(Halfspaces(dimension=3), (_NORMAL,)),
    Example(
        DirectSum((Intervals(), Conjunctions(bits=2))),
        (Law(Mixture((UnitCube(), ProductBits((0.3, 0.6))), (0.5, 0.5))),),
    ),
]

# Classes on the reals whose VC dimension no theorem gives: what is trained, backdoored or not.
TRAINED = [
    Example(F, (Law(StandardNormal(), False, False),))
    for F in (
        RandomFourierFeatures(features=4, dimension=2),
        RandomFourierFeatures(features=3, dimension=1, dtype="float32", loss="logistic", penalty=0.5),
        RandomReLU(features=5, dimension=2),
        RandomReLU(features=4, dimension=3, dtype="float32", positive=0.25),
        SigmoidNetworks(features=4, dimension=2),
        SigmoidNetworks(features=3, dimension=3, dtype="float32", activation="relu"),
        Checksummed(Halfspaces(dimension=3), blocks=2),
        SignatureChecked(Halfspaces(dimension=515), message=2),
        MacChecked(Halfspaces(dimension=514), message=1),
    )
]


def fixed_keys(count: int, seed: int = 1) -> np.ndarray:
    """Fixed keys for draws of functions and points."""
    return streams.role_keys(seed, "examples", "choose", 0, count)


@functools.cache
def table(functions: FunctionClass) -> np.ndarray:
    """Labels of every member on every point, one function and one point at a time."""
    points = functions.domain.points()
    calls = [functions.function(code) for code in functions.enumerate()]
    return np.array([[f(point[None])[0] for point in points] for f in calls], dtype=np.uint8)


def labelings(functions: FunctionClass) -> set[tuple[int, ...]]:
    """The members by the class's definition, as labelings of the whole domain."""
    if isinstance(functions, DirectSum):
        parts = [labelings(part) for part in functions.parts]
        return {tuple(itertools.chain(*choice)) for choice in itertools.product(*parts)}
    if isinstance(functions, Explicit):
        return {tuple(map(int, row)) for row in functions.table}
    points = [tuple(map(int, point)) for point in functions.domain.points()]
    if isinstance(functions, RandomOracle):
        keys = range(2**functions.key_bits)
        return {tuple(random_oracle.label(key, point) for point in points) for key in keys}
    everything = itertools.product((0, 1), repeat=len(points))
    return {labels for labels in everything if _is_member(functions, labels, points)}


def _is_member(functions: FunctionClass, labels: tuple[int, ...], points: list[tuple[int, ...]]) -> bool:
    ones = classes.ones_of(labels, points)
    match functions:
        case AllFunctions():
            return True
        case Thresholds():
            return classes.is_threshold(labels)
        case Intervals():
            return classes.runs(labels) <= 1
        case IntervalUnions():
            return classes.runs(labels) <= functions.k
        case Singletons():
            return len(ones) <= 1
        case Boxes() | Conjunctions():
            return classes.is_box(ones, points)
        case Parities():
            return classes.is_linear(ones, points)
        case Circuits():
            return labels in classes.computed(functions.bits, functions.gates)
        case GateNetworks():
            return labels in gate_networks.computed(functions.bits, functions.gates, functions.weight)
        case DecisionTrees():
            return decision_trees.fewest_leaves(labels) <= functions.leaves
    raise NotImplementedError(f"write the definition of {functions!r} here")
