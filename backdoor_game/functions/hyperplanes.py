"""Pairs of halfspaces under the standard normal law: how far apart, and how close through a point."""

from __future__ import annotations

import numpy as np

from ..spaces.domains import Points
from .base import Codes, Floats

FAR = 40.0  # deviations: the mass beyond is 0 in float64, and products of two offsets are finite
TINY = 1e-300  # a divisor instead of 0: quotients of numbers up to 1e8 stay finite
# steps of pi/128, then finer ones down to 2e-8: the minimum is flat, so less changes no digit
GRID, ZOOM, ROUNDS = 256, 16, 6
ROWS = 512  # at a time: 512 x 256 angles are 1 MiB an array


def normalised(codes: Codes) -> tuple[Points, Floats]:
    """Unit normal u (B, n) and offset t (B,) of {<u, x> >= t}; offsets beyond 40 deviations are as good as infinite."""
    scale = np.abs(codes[:, :-1]).max(axis=1)
    w = codes[:, :-1] / scale[:, None]
    norm = np.sqrt((w**2).sum(axis=1))
    with np.errstate(over="ignore"):
        return w / norm[:, None], np.clip(-codes[:, -1] / scale / norm, -FAR, FAR)


def across(u: Points, x: Points) -> tuple[Points, Floats, Floats]:
    """A unit vector (B, n) orthogonal to u with x in their plane, and x's coordinates along u and along it."""
    s = (u * x).sum(axis=1)
    rest = x - s[:, None] * u
    r = np.sqrt((rest**2).sum(axis=1))
    parallel = r <= 1e-12 * np.abs(s)  # below that r is the rounding of s, and has no direction
    other = np.eye(u.shape[1])[np.abs(u).argmin(axis=1)]
    rest = np.where(parallel[:, None], other, rest)
    rest = rest - (rest * u).sum(axis=1, keepdims=True) * u
    length = np.sqrt((rest**2).sum(axis=1, keepdims=True))
    return rest / np.maximum(length, TINY), s, np.where(parallel, 0.0, r)


def best_angle(t: Floats, s: Floats, r: Floats, line: bool) -> Floats:
    """The angle between the normals at which {<v, .> >= <v, x>} is closest to {<u, .> >= t}.

    x has coordinates s along u and r across it, and v = cos(angle) u + sin(angle) across. A grid of 256 angles on the
    whole circle, 0 among them, then ever finer ones around the best, down to steps below 1e-6. On a `line` the angle
    is 0 or pi.
    """
    if line:
        flipped = disagreement(np.full(len(t), np.pi), t, -s) < disagreement(np.zeros(len(t)), t, s)
        return np.where(flipped, np.pi, 0.0)
    parts = [_best_of_grid(t[i : i + ROWS], s[i : i + ROWS], r[i : i + ROWS]) for i in range(0, len(t), ROWS)]
    return np.concatenate([np.zeros(0), *parts])


def _best_of_grid(t: Floats, s: Floats, r: Floats) -> Floats:
    angle = np.zeros(len(t))
    width = np.pi
    steps = np.arange(-GRID // 2, GRID // 2) / (GRID // 2)
    for _ in range(ROUNDS):
        tried = angle[:, None] + width * steps
        offset = s[:, None] * np.cos(tried) + r[:, None] * np.sin(tried)
        cost = disagreement(np.abs(np.remainder(tried + np.pi, 2 * np.pi) - np.pi), t[:, None], offset)
        angle = tried[np.arange(len(t)), cost.argmin(axis=1)]
        width *= 2.0 / len(steps)
        steps = np.arange(-ZOOM, ZOOM + 1) / ZOOM
    return angle


def distance(F: Codes, G: Codes) -> Floats:
    """Pr[f(x) != g(x)] for x standard normal and codes (w_1 .. w_n, b), row by row."""
    (u, s), (v, t) = normalised(F), normalised(G)
    apart, along = np.sqrt(((u - v) ** 2).sum(axis=1)), np.sqrt(((u + v) ** 2).sum(axis=1))
    return disagreement(2 * np.arctan2(apart, along), s, t)


def disagreement(angle: Floats, s: Floats, t: Floats) -> Floats:
    """Pr[(U >= s) != (V >= t)] for standard normals U and V with correlation cos(angle), by Owen's T [Owen56].

    An obtuse angle is one minus the disagreement with V's complement; an offset of 0 is taken as just above it.
    """
    from scipy.special import owens_t

    obtuse = angle > np.pi / 2
    angle, t = np.where(obtuse, np.pi - angle, angle), np.where(obtuse, -t, t)
    s, t = np.where(s == 0, TINY, s), np.where(t == 0, TINY, t)
    lean, apart = np.tan(angle / 2), t - s
    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
        from_s = lean + np.where(apart == 0, 0.0, apart / (s * np.sin(angle)))
        from_t = lean - np.where(apart == 0, 0.0, apart / (t * np.sin(angle)))
    total = 2 * owens_t(s, from_s) + 2 * owens_t(t, from_t) + ((s < 0) != (t < 0))
    total = np.clip(total, 0.0, 1.0)
    return np.asarray(np.where(obtuse, 1.0 - total, total))
