"""Halfspaces of R^n."""

from __future__ import annotations

import dataclasses

import numpy as np

from ..ground import _validate
from ..ground.streams import Words, draws, unit
from ..spaces.distributions import Distribution, StandardNormal
from ..spaces.domains import Points, Reals
from . import hyperplanes
from .base import BlockFunctionClass, Booleans, Codes, Floats, Labels
from .foreign import members

NUDGES = 16  # from 1e-16 to 1e-7, each four times the last: past rounding, and still next to x
TURN = 0.1  # radians: 3% of the labels change under a round law


@dataclasses.dataclass(frozen=True, repr=False)
class Halfspaces(BlockFunctionClass):
    """{<w, x> + b >= 0} on R^n for w not 0, with b = 0 unless `bias`; a code is (w_1 .. w_n, b).

    VC dimension n + 1, or n without bias. *Proved.* `sample` draws every entry from N(0, 1).
    Distances are exact under the standard normal law, by Owen's T function [Owen56]; so is `nearest` without bias,
    and with bias it is a numerical minimum over one angle, within about 1e-6.

    Parameters
    ----------
    dimension : int
        n, the coordinates.
    bias : bool
        Whether b may be other than 0.
    """

    dimension: int
    bias: bool = True
    code_dtype = np.float64

    def __post_init__(self) -> None:
        super().__post_init__()
        _validate.integer("Halfspaces.dimension", self.dimension, 1, 4096)

    @property
    def domain(self) -> Reals:
        return Reals(self.dimension)

    @property
    def code_length(self) -> int:
        return self.dimension + 1

    @property
    def vc_dimension(self) -> int:
        return self.dimension + self.bias

    def evaluate(self, codes: Codes, X: Points) -> Labels:
        return self._member_labels(*members(self, codes, X))

    def _member_labels(self, codes: Codes, X: Points) -> Labels:
        from ..kernels.arguments import frozen
        from ..kernels.boundaries import sides

        return np.asarray(sides(frozen(codes, np.float64), frozen(X, np.float64)))

    def sample_block(self, keys: Words) -> Codes:
        from scipy.special import ndtri

        codes = np.asarray(ndtri(unit(draws(keys, 0, self.dimension + 1))))
        codes[:, -1] *= self.bias
        return codes

    def move_block(self, codes: Codes, keys: Words) -> Codes:
        """Turned a little: the code as a unit vector plus a random direction, mostly of length about 0.1."""
        from scipy.special import ndtri

        words = draws(keys, 0, self.dimension + 2)
        away = np.asarray(ndtri(unit(words[:, :-1])))
        away[:, -1] *= self.bias
        odds = unit(words[:, -1:])
        step = TURN * odds / (1 - odds) / np.sqrt((away**2).sum(axis=1, keepdims=True))
        whole = codes / np.abs(codes).max(axis=1, keepdims=True)
        return np.asarray(whole / np.sqrt((whole**2).sum(axis=1, keepdims=True)) + step * away)

    def contains(self, codes: Codes) -> Booleans:
        """Finite, with w not 0: the two constant functions are no members."""
        known = np.isfinite(codes).all(axis=1) & (codes[:, :-1] != 0).any(axis=1)
        return np.asarray(known & (self.bias | (codes[:, -1] == 0)))

    def shattered_set(self) -> Points:
        """The unit vectors, and first the origin if there is a bias."""
        return np.eye(self.dimension + self.bias, self.dimension, k=-int(self.bias))

    def realise(self, labels: Labels) -> Codes:
        signs = 2.0 * labels - 1.0
        bias = signs[:, :1] / 2 if self.bias else np.zeros((len(labels), 1))
        return np.concatenate([signs[:, int(self.bias) :], bias], axis=1)

    def consistent(self, X: Points, y: Labels) -> Codes:
        """The half-space of largest margin in the box norm, by scipy's HiGHS: about a millisecond a row."""
        return np.stack([separate(*row, self.bias) for row in zip(X, y, strict=True)])

    def distance(self, F: Codes, G: Codes, distribution: Distribution) -> Floats | None:
        return hyperplanes.distance(F, G) if isinstance(distribution, StandardNormal) else None

    def nearest(self, codes: Codes, x: Points, distribution: Distribution) -> tuple[Codes, Floats] | None:
        """The hyperplane of g passes through x, and its normal lies in the plane of f's normal u and x.

        For a fixed offset the distance grows with the angle between the normals [Slepian62], so a g that differs at x
        may be turned towards u until x lies on its boundary. No g differs at x = 0 without bias.
        """
        if not isinstance(distribution, StandardNormal):
            return None
        u, t = hyperplanes.normalised(codes)
        across, s, r = hyperplanes.across(u, x)
        line = self.dimension == 1
        if self.bias:
            angle = hyperplanes.best_angle(t, s, r, line)
        else:
            angle = np.full(len(codes), np.pi) if line else -np.arctan2(s, r)
        normal = np.cos(angle)[:, None] * u + np.sin(angle)[:, None] * across
        changed = self._past(codes, x, normal)
        differs = (self.member_labels(changed, x[:, None, :]) != self.member_labels(codes, x[:, None, :]))[:, 0]
        return changed, np.where(differs, hyperplanes.distance(codes, changed), np.inf)

    def _past(self, codes: Codes, x: Points, normal: Points) -> Codes:
        """The halfspace with this normal and x just on its other side than f's."""
        label = self.member_labels(codes, x[:, None, :])
        side = np.where(label == 1, -1.0, 1.0)
        size = np.sqrt((x**2).sum(axis=1, keepdims=True))
        # half a unit in the last place of 1: the least that can matter
        step = np.full((len(codes), 1), 1e-16)
        for _ in range(NUDGES):
            if self.bias:
                offset = -(normal * x).sum(axis=1, keepdims=True) + side * step * (1.0 + size)
                changed = np.concatenate([normal, offset], axis=1)
            else:
                turned = normal + side * step * x / np.maximum(size, hyperplanes.TINY)
                changed = np.concatenate([turned, np.zeros_like(size)], axis=1)
            differs = self.member_labels(changed, x[:, None, :]) != label
            if differs.all():
                break
            step = np.where(differs, step, 4 * step)
        return changed


def separate(X: Points, y: Labels, bias: bool) -> Codes:
    """Maximise t with y' (<w, x> + b) >= t for all examples, y' = 2y - 1, and every entry of w and b in [-1, 1]."""
    from scipy.optimize import linprog

    m, n = X.shape
    constant = np.zeros(n + 1)
    constant[-1] = 1.0 if m == 0 or y[0] == 1 else -1.0
    if bias and (m == 0 or (y == y[0]).all()):
        # w must not be 0: so small that the sign of b decides everywhere that floats reach
        constant[0] = 1e-300
        return constant
    if not bias:  # every member is 1 at the origin, which would leave no margin
        away = (X != 0).any(axis=1)
        X, y, m = X[away], y[away], int(away.sum())
    sign = 2.0 * y - 1.0
    rows = -sign[:, None] * np.column_stack([X, np.full(m, float(bias))])
    solved = linprog(
        np.r_[np.zeros(n + 1), -1.0],
        A_ub=np.column_stack([rows, np.ones(m)]),
        b_ub=np.zeros(m),
        bounds=[(-1.0, 1.0)] * (n + 1) + [(0.0, None)],
        method="highs",
    )
    code = np.asarray(solved.x[:-1]) if solved.x is not None else np.r_[1.0, np.zeros(n)]
    if not bias:
        code[-1] = 0.0
    return code
