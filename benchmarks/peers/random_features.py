"""Means over random features as they are usually computed: NumPy by chunks of rows, and scikit-learn's RBFSampler."""

from __future__ import annotations

from typing import Any

import numpy as np

CHUNK = 512


def chunked_means(kind: str, X: np.ndarray, Gt: np.ndarray, b: np.ndarray) -> np.ndarray:
    """The float64 mean over features of every row: product, phase, cosine in place, 512 rows at a time."""
    found = np.empty(len(X))
    for i in range(0, len(X), CHUNK):
        values = X[i : i + CHUNK] @ Gt
        if kind == "cos":
            values += b
            values *= 2 * np.pi
            np.cos(values, out=values)
        else:
            np.maximum(values, 0, out=values)
        found[i : i + CHUNK] = values.mean(1)
    return found


def rbf_sampler(Gt: np.ndarray, b: np.ndarray) -> Any:
    """scikit-learn's transformer with these directions and phases; its features are sqrt(2 / m) times the cosines."""
    from sklearn.kernel_approximation import RBFSampler

    sampler = RBFSampler(n_components=len(b), random_state=0).fit(np.zeros((2, len(Gt)), Gt.dtype))
    sampler.random_weights_, sampler.random_offset_ = 2 * np.pi * Gt, 2 * np.pi * b
    return sampler
