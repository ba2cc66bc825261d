"""Small games, classes and domains on which things are tried unless the caller names others."""

from __future__ import annotations

import functools

from ..circuits.classes import Circuits
from ..functions import (
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
    Singletons,
    Thresholds,
)
from ..games import BackdoorGame
from ..games.predicates import OneOf
from ..games.reveals import Original
from ..games.triggers import Satisfying
from ..spaces.distributions import Atoms, Mixture, ProductBits, StandardNormal, Uniform, UnitCube, Weighted
from ..spaces.domains import Bits, Domain, Finite, Grid, Reals, Union

EVEN = (0.5, 0.5)  # exact in floats
UNEVEN = (0.1, 0.2, 0.3, 0.4)  # 0.1 + 0.2 is not 0.3 in floats: ties must not hang on rounding
# sizes that people choose: a law of their own lives on one of them
LONG = (300, 360, 365, 400, 500, 512, 600, 700, 800, 900, 1000, 1024, 2000, 2048, 4096, 5000, 10**4, 10**5, 10**6)


@functools.cache
def games() -> tuple[BackdoorGame, ...]:
    """Small games of every kind of class, smallest first: D fixed, D open, and on real points."""
    tiles = DirectSum((Thresholds(points=2), Singletons(points=3)))
    return (
        BackdoorGame(Thresholds(points=2), 0.5, Uniform()),
        BackdoorGame(AllFunctions(points=2), 0.5, Uniform()),
        BackdoorGame(Thresholds(points=4), 0.3, Weighted(UNEVEN)),
        BackdoorGame(Singletons(points=3), 0.4, Uniform()),
        BackdoorGame(Intervals(points=4), 0.25, Uniform()),
        BackdoorGame(AllFunctions(points=4), 0.3, Weighted(UNEVEN)),
        BackdoorGame(Explicit(("0000", "1010", "0101", "1110", "0011")), 0.45, Uniform()),
        BackdoorGame(IntervalUnions(points=5, k=2), 0.25, Atoms((4, 0, 2, 3))),
        BackdoorGame(Boxes(dimension=2, points=2), 0.25, Uniform()),
        BackdoorGame(Conjunctions(bits=2), 0.3, ProductBits((0.3, 0.6))),
        BackdoorGame(Conjunctions(bits=2), 0.25, Uniform()),
        BackdoorGame(Parities(bits=2), 0.45, ProductBits((0.5, 0.2))),
        BackdoorGame(DecisionTrees(bits=2, leaves=4), 0.2, ProductBits((0.1, 0.15))),
        BackdoorGame(Circuits(bits=1, gates=0), 0.5, Uniform()),
        BackdoorGame(tiles, 0.2, Mixture((Uniform(), Uniform()), EVEN)),
        BackdoorGame(AllFunctions(points=3), 1 / 3),
        BackdoorGame(Explicit(("0010", "0110", "1010", "1110")), 0.3),
        BackdoorGame(Thresholds(), 0.2, UnitCube()),
        BackdoorGame(Boxes(dimension=2), 0.2, StandardNormal()),
        BackdoorGame(Halfspaces(dimension=2), 0.3, StandardNormal()),
        BackdoorGame(Intervals(), 0.3),
    )


@functools.cache
def player_games() -> tuple[BackdoorGame, ...]:
    """The same, and variants in which a trigger is picked with a predicate to ask, and a trace is read."""
    return (
        *games(),
        BackdoorGame(Thresholds(points=4), 0.25, Uniform(), trigger=Satisfying(OneOf((0, 2)))),
        BackdoorGame(Intervals(points=3), 0.4, Uniform(), clean_input="trigger", reveal=Original(bits=2)),
    )


@functools.cache
def listed_games() -> tuple[BackdoorGame, ...]:
    """Games whose class and D can be looked at as a whole, one of them on few decision trees."""
    few = [game for game in games() if game.functions.domain.size is not None]
    return (*few[:4], BackdoorGame(DecisionTrees(bits=2, leaves=2), 0.25, Uniform()), *few[4:])


@functools.cache
def classes() -> tuple[FunctionClass, ...]:
    """Small classes on which learners are tried, smallest first."""
    return (
        Thresholds(points=2),
        AllFunctions(points=2),
        Singletons(points=3),
        Intervals(points=4),
        Conjunctions(bits=2),
        Parities(bits=2),
        Explicit(("0111", "1011", "1101", "1110", "1111")),
        DecisionTrees(bits=2, leaves=3),
        DirectSum((Thresholds(points=2), Singletons(points=2))),
        Intervals(),
        Halfspaces(dimension=2),
    )


@functools.cache
def domains() -> tuple[Domain, ...]:
    """Domains on which a distribution is tried: those that it accepts count."""
    return (
        Finite(1),
        Finite(4),
        Bits(2),
        Bits(3),
        Grid(3, 2),
        Reals(1),
        Reals(2),
        Union((Finite(2), Finite(3))),
        Union((Finite(2), Bits(2))),
        Union((Reals(1), Finite(2))),
        *(Finite(size) for size in (2, 3, *range(5, 257), *LONG)),
        *(Bits(size) for size in (1, *range(4, 17))),
        *(Grid(side, dimension) for side in (2, 4, 5) for dimension in (1, 2, 3)),
        *(Reals(dimension) for dimension in range(3, 9)),
    )
