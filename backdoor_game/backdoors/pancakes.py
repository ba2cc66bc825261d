"""Gaussian pancakes: normal vectors whose product with a secret direction is close to a half-integer."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

REACH = 12.0  # standard deviations of layers that are listed: what is left out weighs less than 1e-31

Floats = npt.NDArray[np.float64]


def along(rng: np.random.Generator, count: int, gamma: float, beta: float, shift: float = 0.5) -> Floats:
    """Products t = <g, u> with a unit vector u, shape (count,): N(0, 1) given that gamma t + e = shift mod 1.

    e ~ N(0, beta^2). Exact, with V = beta^2 + gamma^2: the layer a in Z + shift has weight exp(-a^2 / 2V), and t given
    a is N(gamma a / V, beta^2 / V).

    Parameters
    ----------
    count : int
    gamma, beta : float
        Layers in units of 1/gamma, and their width; unit variance. beta = 0 gives layers without width.
    shift : float
        Where the layers stand modulo 1: one half for the backdoor, 0 as the control.
    """
    variance = beta**2 + gamma**2
    most = int(np.ceil(REACH * np.sqrt(variance)))
    layers = np.arange(-most, most + 1) + shift
    steps = np.cumsum(np.exp((np.min(layers**2) - layers**2) / (2 * variance)))
    a = layers[np.searchsorted(steps, rng.random(count) * steps[-1], side="right")]
    return np.asarray(gamma * a / variance + beta / np.sqrt(variance) * rng.standard_normal(count))


def tampered(G: Floats, u: Floats, t: Floats) -> Floats:
    """Rows of G (m, d) with their products with the unit vector u (d,) replaced by t (m,)."""
    return np.asarray(G + np.outer(t - (G * u).sum(axis=1), u))
