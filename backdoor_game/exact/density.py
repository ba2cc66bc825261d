"""The value at epsilon = 1/N on N equally likely points, without a linear program: one-inclusion graphs and flows."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from ..functions.base import FunctionClass, Labels
from ..functions.table import table
from ..ground.errors import InvalidArgument
from ..ground.lookup import made
from ..ground.origins import sources
from ..ground.results import Block, Result

__all__ = ["OneInclusionDensity", "one_inclusion_density"]

Indices = npt.NDArray[np.int64]
MOST_SHOWN = 8  # functions that fit in a line
LARGEST_FLOW = 2**31 - 1  # scipy's capacities and flows are 32-bit integers


@dataclasses.dataclass(frozen=True, repr=False)
class OneInclusionDensity(Result):
    """A densest part of a one-inclusion graph, and the value that it stands for; `to_dict()` is all of it as texts.

    Attributes
    ----------
    density : Fraction
        rho, the most edges a vertex of an induced subgraph.
    value : Fraction
        1 - rho/N: what optimal play wins under uniform D on the N points, for 1/N <= epsilon < 2/N.
    points : int
        N.
    functions, edges : int
        Distinct labelings of the points, and pairs of them that differ at one point.
    densest : tuple of str
        The labelings of a densest part, such as "0110". An original drawn uniformly from them is optimal for the
        attacker; anybody can count the edges inside.
    sources : dict of str
        SHA-256 of each plug-in file behind the class, by its path as typed.
    """

    density: Fraction
    value: Fraction
    points: int
    functions: int
    edges: int
    densest: tuple[str, ...]
    sources: dict[str, str] = dataclasses.field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Fractions as texts such as "6/7"."""
        plain = dataclasses.asdict(self)
        return {**plain, "density": str(self.density), "value": str(self.value), "densest": list(self.densest)}

    def blocks(self) -> Sequence[Block]:
        shown = " ".join(self.densest[:MOST_SHOWN])
        more = "" if len(self.densest) <= MOST_SHOWN else f" and {len(self.densest) - MOST_SHOWN} more"
        rows = [
            ("density", f"{self.density}"),
            ("value at epsilon = 1/N", f"{self.value} = {float(self.value):.6f}"),
            ("points N", self.points),
            ("functions, edges", f"{self.functions}, {self.edges}"),
            ("densest part", f"{shown}{more}"),
        ]
        return [Block(rows)]

    def headline(self) -> str:
        return f"density={self.density}, value={self.value}, points={self.points}, functions={self.functions}"


def one_inclusion_density(functions: FunctionClass) -> OneInclusionDensity:
    """The greatest edge density of a subgraph of the one-inclusion graph, and so the value at epsilon = 1/N.

    value = 1 - rho/N is Theorem A of theory/density.py. rho is found by minimum cuts [Goldberg84] in the iteration of
    [Dinkelbach67], in whole numbers throughout. *Enumerated.*

    Parameters
    ----------
    functions : FunctionClass
        One that can be enumerated, on a domain with listed points.

    Raises
    ------
    MissingCapability, InvalidArgument
        Where the class cannot be listed or is too large.

    Examples
    --------
    >>> from backdoor_game import Singletons
    >>> one_inclusion_density(Singletons(points=6)).value
    Fraction(6, 7)
    """
    functions = made(functions, FunctionClass, "functions", "Singletons(points=6)")
    labels = np.unique(table(functions).labels, axis=0)
    F, N = labels.shape
    ends = one_inclusion_edges(labels)
    if F * len(ends) > LARGEST_FLOW:
        raise InvalidArgument(
            f"functions has {F} different functions with {len(ends)} one-inclusion edges: their product must not "
            f"exceed {LARGEST_FLOW}, so take fewer points"
        )
    chosen = densest_part(F, ends)
    density = _density(ends, chosen)
    rows = tuple("".join(map(str, row)) for row in labels[chosen].tolist())
    return OneInclusionDensity(density, 1 - density / N, N, F, len(ends), rows, sources(functions))


def one_inclusion_edges(labels: Labels) -> Indices:
    """The pairs of rows that differ at one point, shape (E, 2): distinct rows (F, N) that agree without a column."""
    found = [np.empty((0, 2), dtype=np.int64)]
    for x in range(labels.shape[1]):
        rest = np.packbits(np.delete(labels, x, axis=1), axis=1)
        _, group = np.unique(rest, axis=0, return_inverse=True)
        order = np.argsort(group.ravel(), kind="stable")
        same = np.flatnonzero(np.diff(group.ravel()[order]) == 0)  # rows are distinct: a group has at most two
        found.append(np.stack([order[same], order[same + 1]], axis=1))
    return np.concatenate(found)


def densest_part(vertices: int, ends: Indices) -> Indices:
    """The numbers of the vertices of a densest induced subgraph, by Dinkelbach's iteration on |E(S)| - g |S|."""
    chosen = np.arange(vertices)
    while True:
        better = _surplus(vertices, ends, _density(ends, chosen))
        if better is None:
            return chosen
        chosen = better


def _density(ends: Indices, chosen: Indices) -> Fraction:
    """|E(S)| / |S|."""
    return Fraction(int(np.isin(ends, chosen).all(axis=1).sum()), len(chosen))


def _surplus(vertices: int, ends: Indices, density: Fraction) -> Indices | None:
    """A set S with |E(S)| > density |S|, the one of greatest surplus; None where there is none.

    Source -> edge (capacity q) -> its two ends -> sink (capacity p), density = p/q: a cut that keeps the set S on the
    source's side costs q |E| - (q |E(S)| - p |S|).
    """
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import breadth_first_order, maximum_flow

    p, q, E = density.numerator, density.denominator, len(ends)
    source, sink = E + vertices, E + vertices + 1
    tails = np.concatenate([np.full(E, source), np.repeat(np.arange(E), 2), E + np.arange(vertices)])
    heads = np.concatenate([np.arange(E), E + ends.ravel(), np.full(vertices, sink)])
    room = np.concatenate([np.full(E, q), np.full(2 * E, q), np.full(vertices, p)]).astype(np.int32)
    network = csr_array((room, (tails, heads)), shape=(sink + 1, sink + 1)).tocsr()
    found = maximum_flow(network, source, sink)
    if found.flow_value == q * E:
        return None
    residual = csr_array(network - found.flow)
    residual.eliminate_zeros()
    reached = breadth_first_order(residual, source, return_predecessors=False)
    return np.sort(reached[(reached >= E) & (reached < source)] - E)
