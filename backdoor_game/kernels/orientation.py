"""The one-inclusion graph of a list of labelings, oriented so that the largest out-degree is least."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..ground._jit import kernel
from .packing import lowest, popcount

Words = npt.NDArray[np.uint64]
Links = npt.NDArray[np.int32]
ONE, NONE = np.uint64(1), np.uint64(0)  # uint64: beside a plain 1 numba goes on in signed int64


@kernel
def neighbours(vertices: Words, points: int) -> tuple[Links, Words]:
    """For each vertex and direction the vertex across, or -1; and a mask of the directions that have one.

    `vertices` is sorted, so in one direction the vertices across come in order too: one merge finds all.
    """
    size = vertices.size
    links = np.full((size, points), -1, np.int32)
    masks = np.zeros(size, np.uint64)
    for j in range(points):
        bit = ONE << np.uint64(j)
        p = 0
        for v in range(size):
            if vertices[v] & bit == NONE:
                across = vertices[v] | bit
                while p < size and vertices[p] < across:
                    p += 1
                if p < size and vertices[p] == across:
                    links[v, j] = p
                    links[p, j] = v
                    masks[v] |= bit
                    masks[p] |= bit
    return links, masks


@kernel
def _peel(links: Links, left: Words, out: Words, core: npt.NDArray[np.uint8], bound: int) -> None:
    """Take away vertices of remaining degree <= bound while there are any; their edges point out of them."""
    stack = np.empty(core.size, np.int64)
    top = 0
    for v in range(core.size):
        if core[v] == 1 and popcount(left[v]) <= bound:
            core[v] = 0
            stack[top] = v
            top += 1
    while top > 0:
        top -= 1
        v = stack[top]
        mask = left[v]
        out[v] = mask
        while mask != NONE:
            j = lowest(mask)
            mask &= mask - ONE  # drops the lowest bit
            u = int(links[v, j])
            left[u] &= ~(ONE << np.uint64(j))
            out[u] &= left[u]
            if core[u] == 1 and popcount(left[u]) <= bound:
                core[u] = 0
                stack[top] = u
                top += 1


@kernel
def _balance(vertices: Words, links: Links, left: Words, out: Words, core: npt.NDArray[np.uint8]) -> None:
    """Start: each edge of the core leaves the end that has fewer edges out so far, the lower one on a tie."""
    for v in range(core.size):
        if core[v] == 1:
            mask = left[v] & ~vertices[v]
            while mask != NONE:
                j = lowest(mask)
                mask &= mask - ONE
                u = int(links[v, j])
                if popcount(out[u]) < popcount(out[v]):
                    out[u] |= ONE << np.uint64(j)
                else:
                    out[v] |= ONE << np.uint64(j)


@kernel
def _search(links: Links, out: Words, todo: Words, came: Links, seen: Links, phase: int, bound: int, first: int) -> int:
    """Depth first along edges out of `first` to a vertex below the bound, or -1; no vertex twice a phase."""
    v = first
    todo[v] = out[v]
    seen[v] = phase
    while True:
        if todo[v] == NONE:
            if v == first:
                return -1
            v = int(links[v, came[v]])
            continue
        j = lowest(todo[v])
        todo[v] &= todo[v] - ONE
        u = int(links[v, j])
        if seen[u] != phase:
            seen[u] = phase
            came[u] = j
            todo[u] = out[u]
            v = u
            if popcount(out[u]) < bound:
                return u


@kernel
def _relieve(links: Links, out: Words, core: npt.NDArray[np.uint8], bound: int) -> bool:
    """Reverse paths from vertices above the bound to vertices below it; False if some vertex reaches none.

    What the vertices above then reach has more than `bound` edges a vertex within itself: nothing is better.
    """
    seen, came = np.zeros(core.size, np.int32), np.zeros(core.size, np.int32)
    todo = np.zeros(core.size, np.uint64)
    phase, over, moved = 0, True, True
    while over and moved:
        phase += 1
        over, moved = False, False
        for first in range(core.size):
            while core[first] == 1 and popcount(out[first]) > bound:
                u = _search(links, out, todo, came, seen, phase, bound, first)
                if u < 0:
                    over = True
                    break
                moved = True
                while u != first:
                    bit = ONE << np.uint64(came[u])
                    before = links[u, came[u]]
                    out[before] &= ~bit
                    out[u] |= bit
                    u = before
    return not over


@kernel
def _density(left: Words, core: npt.NDArray[np.uint8]) -> int:
    """Edges a vertex in the core, rounded up: no orientation has a smaller largest out-degree."""
    vertices, ends = 0, 0
    for v in range(core.size):
        if core[v] == 1:
            vertices += 1
            ends += popcount(left[v])
    return -1 if vertices == 0 else (ends // 2 + vertices - 1) // vertices


@kernel
def orient(vertices: Words, points: int) -> tuple[Words, int]:
    """Orient the one-inclusion graph; a function of the set of labelings and of nothing else [HLW94].

    Parameters
    ----------
    vertices : ndarray of uint64, shape (V,)
        Labelings of `points` <= 64 distinct points, sorted, each once; bit j is the label of point j.
    points : int

    Returns
    -------
    out : ndarray of uint64, shape (V,)
        Bit j is set where the edge in direction j leaves the vertex (its head is the vertex across).
    largest : int
        The largest out-degree: the least possible, hence at most the VC dimension of the labelings.
    """
    links, left = neighbours(vertices, points)
    out = np.zeros(vertices.size, np.uint64)
    core = np.ones(vertices.size, np.uint8)
    bound = max(_density(left, core), 0)
    started = False
    while True:
        _peel(links, left, out, core, bound)
        density = _density(left, core)
        if density < 0:
            return out, bound
        if density > bound:
            bound = density
            continue
        if not started:
            _balance(vertices, links, left, out, core)
            started = True
        if _relieve(links, out, core, bound):
            return out, bound
        bound += 1
