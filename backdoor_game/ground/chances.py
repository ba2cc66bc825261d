"""Exact chances of what independent draws do, on plain arrays; sums run over terms of one sign, so nothing cancels."""

from __future__ import annotations

import functools
import math

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]
Booleans = npt.NDArray[np.bool_]
CELLS = 2**20  # 8 MiB an array


def least_count(total: int, threshold: float) -> int:
    """The least k for which the float k / total is at least a threshold in [0, 1]: what a share must reach."""
    count = math.ceil(threshold * total)
    while count > 0 and (count - 1) / total >= threshold:
        count -= 1
    while count / total < threshold:
        count += 1
    return count


def binomial_tail(count: int, total: int, p: Floats) -> Floats:
    """Pr[at least `count` of `total` independent events of probability p happen], in the shape of p.

    It is the regularised incomplete beta function I_p(count, total - count + 1), exact at p = 0 and p = 1.
    """
    from scipy.special import betainc

    if count <= 0:
        return np.ones_like(p)
    return np.zeros_like(p) if count > total else np.asarray(betainc(count, total - count + 1, p))


def missed(mass: Floats, m: int) -> Floats:
    """Pr[m draws all miss a set of this mass]; 1 for m = 0."""
    return np.asarray(np.maximum(1.0 - mass, 0.0) ** m)


@functools.lru_cache(maxsize=16)  # 32 KiB each at 12 atoms
def seen_law(weights: tuple[float, ...], m: int) -> Floats:
    """Pr[the atoms that m draws hit are exactly S] for each of the 2^A sets S; bit a of a set's number is atom a.

    By squaring: the set that 2t draws hit is the union of two independent ones. Weights are made to sum to 1.
    """
    size = len(weights)
    law, once = np.zeros(2**size), np.zeros(2**size)
    law[0] = 1.0
    once[1 << np.arange(size)] = weights
    once /= once.sum()
    for digit in f"{m:b}":
        law = united(law, law)
        law = united(law, once) if digit == "1" else law
        law /= law.sum()
    law.setflags(write=False)
    return law


def united(a: Floats, b: Floats) -> Floats:
    """The law (2^A,) of the union of two independent random sets with laws a and b, in 3^A products.

    For each atom: it is in neither; or in the second, whatever the first (two of three cases); or in the first alone.
    """
    left, right = a[None], b[None]
    while left.shape[1] > 1:
        half = left.shape[1] // 2
        without, held = left[:, :half], left[:, half:]
        lacking, holding = right[:, :half], right[:, half:]
        left = np.concatenate([without, held, without])
        right = np.concatenate([lacking, lacking + holding, holding])
    law = left * right
    while len(law) > 1:
        neither, first, second = np.split(law, 3)
        law = np.concatenate([neither, first + second], axis=1)
    return np.asarray(law[0])


def nearest_tail(
    gaps: Floats, which: Indices, weights: Floats, differs: Booleans, m: int, k: int, count: int
) -> Floats:
    """Pr[at least `count` of the k nearest of m draws differ], shape (B,); ties go to the earlier draw.

    The sum is over the ring that completes the k nearest, and over the number j < k of draws inside it: there each
    differs independently with the inner mass's share, and of the ring the k - j earliest are taken.

    Parameters
    ----------
    gaps : ndarray of float64, shape (P, A)
        How far each atom is from each point; a ring is what is equally far.
    which : ndarray of int64, shape (B,)
        The point of each row.
    weights : ndarray of float64, shape (A,)
        Chances of the atoms, made to sum to 1.
    differs : ndarray of bool, shape (B, A)
    m, k, count : int
        1 <= k <= m.
    """
    shares = weights / weights.sum()
    if k == m:
        return binomial_tail(count, m, np.minimum(np.where(differs, shares, 0.0).sum(axis=1), 1.0))
    ring = _rings(gaps)
    mass = _summed(ring, np.broadcast_to(shares, ring.shape))
    reached = _completed(mass, m, k)
    out = np.empty(len(which))
    step = max(1, CELLS // (k * k * mass.shape[1]))
    for start in range(0, len(which), step):
        rows, own = slice(start, start + step), which[start : start + step]
        differing = _summed(ring[own], np.where(differs[rows], shares, 0.0), mass.shape[1])
        inner = _ratio(_before(differing), _before(mass)[own])
        chances = _either(inner, _ratio(differing, mass[own]), k, count)
        out[rows] = sum((reached[j][own] * chance).sum(axis=1) for j, chance in enumerate(chances))
    return np.minimum(out, 1.0)


def _rings(gaps: Floats) -> Indices:
    """Which ring around its point each atom is in, nearest first; (P, A)."""
    order = np.argsort(gaps, axis=1, kind="stable")
    ordered = np.take_along_axis(gaps, order, axis=1)
    numbers = np.zeros(gaps.shape, dtype=np.int64)
    numbers[:, 1:] = np.cumsum(ordered[:, 1:] != ordered[:, :-1], axis=1)
    ring = np.empty_like(numbers)
    np.put_along_axis(ring, order, numbers, axis=1)
    return ring


def _summed(ring: Indices, values: Floats, width: int | None = None) -> Floats:
    """The values of the atoms (B, A) added up in each ring; (B, width)."""
    width = int(ring.max(initial=0)) + 1 if width is None else width
    place = (ring + width * np.arange(len(ring))[:, None]).ravel()
    return np.bincount(place, values.ravel(), width * len(ring)).reshape(-1, width).astype(np.float64)


def _completed(mass: Floats, m: int, k: int) -> list[Floats]:
    """For each j < k: Pr[j of m draws are inside a ring, and of the others at least k - j in it], shape (P, G)."""
    from scipy.special import betaln

    inner, outer = _before(mass), np.cumsum(mass[:, ::-1], axis=1)[:, ::-1]
    with np.errstate(divide="ignore"):
        inside, outside = np.log(inner), np.log(outer)
    found = []
    for j in range(k):
        # ln C(m, j) = -ln(m + 1) - ln B(m - j + 1, j + 1), which does not overflow
        ways = -float(betaln(1 + m - j, 1 + j)) - math.log1p(m)
        exactly = np.exp(ways + (j * inside if j else 0.0) + (m - j) * outside)
        found.append(exactly * binomial_tail(k - j, m - j, _ratio(mass, outer)))
    return found


def _either(near: Floats, far: Floats, k: int, count: int) -> list[Floats]:
    """For each j < k: Pr[Bin(j, near) + Bin(k - j, far) >= count], by one event after another."""
    one, none, not_far, not_near = np.ones_like(far), np.zeros_like(far), 1.0 - far, 1.0 - near
    tails = [[one]]
    for t in range(k):
        last = [*tails[t], none]
        # Pr[>= c of t + 1] = Pr[>= c of t] (1 - far) + Pr[>= c - 1 of t] far
        tails.append([one, *(last[c] * not_far + last[c - 1] * far for c in range(1, t + 2))])
    exactly, found = [one], []
    for j in range(k):
        needed = [max(count - i, 0) for i in range(j + 1)]
        found.append(sum((exactly[i] * tails[k - j][c] for i, c in enumerate(needed) if c <= k - j), none))
        # Pr[i of j + 1] = Pr[i of j] (1 - near) + Pr[i - 1 of j] near
        stay, rise = [p * not_near for p in exactly], [p * near for p in exactly]
        exactly = [a + b for a, b in zip([*stay, none], [none, *rise], strict=True)]
    return found


def _before(values: Floats) -> Floats:
    """Sums of what stands before each column; never a difference of sums."""
    return np.pad(np.cumsum(values, axis=1)[:, :-1], ((0, 0), (1, 0)))


def _ratio(part: Floats, whole: Floats) -> Floats:
    """part / whole, at most 1; 0 where both are 0."""
    return np.minimum(np.divide(part, whole, out=np.zeros_like(part), where=whole > 0), 1.0)
