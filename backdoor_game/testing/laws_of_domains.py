"""Strategies for distributions on each kind of domain."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import numpy as np

from ..ground.errors import MissingCapability
from ..spaces.distributions import (
    Atoms,
    Distribution,
    Mixture,
    ProductBits,
    StandardNormal,
    Uniform,
    UnitCube,
    Weighted,
)
from ..spaces.domains import Bits, Domain, Finite, Grid, Reals, Union

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

WEIGHTED_POINTS = 16  # numbers to draw for one law: each costs
MOST_ATOMS = 4  # few points, so that cases shrink to something readable
DRAWN_COORDINATES = 64  # beyond them points come from a seed: each drawn number costs


@functools.singledispatch
def laws_of(domain: Domain) -> SearchStrategy[Distribution]:
    """Distributions on a domain of a shipped kind, filled in; on another kind, atoms where it lists its points."""
    if domain.size is None or domain.size > WEIGHTED_POINTS:
        raise MissingCapability(f"no distribution is known on {domain!r}")
    from hypothesis import strategies as st

    return _atoms(domain, st.sampled_from([tuple(row) for row in domain.points().tolist()]))


@laws_of.register(Finite)
def _finite(domain: Finite) -> SearchStrategy[Distribution]:
    from hypothesis import strategies as st

    uniform = st.just(Uniform().on(domain))
    atoms = _atoms(domain, st.tuples(st.integers(0, domain.count - 1)))
    if domain.count > WEIGHTED_POINTS:
        return st.one_of(uniform, atoms)
    return st.one_of(uniform, _weights(domain.count).map(lambda weights: Weighted(weights).on(domain)), atoms)


@laws_of.register(Grid)
def _grid(domain: Grid) -> SearchStrategy[Distribution]:
    from hypothesis import strategies as st

    point = st.tuples(*[st.integers(0, domain.side - 1)] * domain.n)
    return st.one_of(st.just(Uniform().on(domain)), _atoms(domain, point))


@laws_of.register(Bits)
def _bits(domain: Bits) -> SearchStrategy[Distribution]:
    from hypothesis import strategies as st

    chances = st.tuples(*[st.integers(0, 8)] * domain.n)
    product = chances.map(lambda eighths: ProductBits(tuple(k / 8 for k in eighths)).on(domain))
    return st.one_of(st.just(Uniform().on(domain)), product, _atoms(domain, st.tuples(*[st.integers(0, 1)] * domain.n)))


@laws_of.register(Reals)
def _reals(domain: Reals) -> SearchStrategy[Distribution]:
    from hypothesis import strategies as st

    point = st.tuples(*[st.integers(0, 8).map(lambda k: k / 4)] * domain.n)
    if domain.n > DRAWN_COORDINATES:
        point = st.integers(0, 255).map(lambda seed: _spread(seed, domain.n))
    named = st.sampled_from([UnitCube().on(domain), StandardNormal().on(domain)])
    return st.one_of(named, _atoms(domain, point))


def _spread(seed: int, n: int) -> tuple[float, ...]:
    return tuple((np.random.default_rng(seed).integers(9, size=n) / 4).tolist())


@laws_of.register(Union)
def _union(domain: Union) -> SearchStrategy[Distribution]:
    from hypothesis import strategies as st

    parts = st.tuples(*(laws_of(part) for part in domain.parts))
    mixed = st.tuples(parts, _weights(len(domain.parts)))
    return mixed.map(lambda drawn: Mixture(drawn[0], drawn[1]).on(domain))


def _weights(count: int) -> SearchStrategy[tuple[float, ...]]:
    """Shares of small whole numbers, not all of them 0."""
    from hypothesis import strategies as st

    numbers = st.lists(st.integers(0, 4), min_size=count, max_size=count).filter(any)
    return numbers.map(lambda drawn: tuple((np.array(drawn) / sum(drawn)).tolist()))


def _atoms(domain: Domain, point: Any) -> SearchStrategy[Distribution]:
    from hypothesis import strategies as st

    most = MOST_ATOMS if domain.size is None else min(MOST_ATOMS, domain.size)
    chosen = st.lists(point, min_size=1, max_size=most, unique=True)
    weighted = chosen.flatmap(lambda points: st.tuples(st.just(tuple(points)), _weights(len(points))))
    return weighted.map(lambda drawn: Atoms(*drawn).on(domain))
