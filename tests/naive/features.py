"""Random features from their definition, one at a time, in a wider type."""

from __future__ import annotations

import numpy as np


def features(kind, G, b, X):
    """phi_j(x_i) as an array (n, m): products of rows and directions added up in order."""
    wide = np.longdouble if G.dtype == np.float64 else np.float64
    G, X = G.astype(wide), X.astype(wide)
    found = np.zeros((len(X), len(G)), wide)
    for j, g in enumerate(G):
        product = np.zeros(len(X), wide)
        for k, number in enumerate(g):
            product = product + X[:, k] * number
        if kind == "relu":
            found[:, j] = np.maximum(product, 0)
        else:
            turns = product + wide(b[j])
            found[:, j] = np.cos(2 * np.arccos(wide(-1)) * (turns - np.rint(turns)))
    return found
