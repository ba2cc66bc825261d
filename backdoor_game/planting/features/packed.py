"""The random features phi_j of one model, laid out once and evaluated on many rows."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from ...ground import _validate
from ...ground._blas import one_blas_thread
from ...ground.errors import InvalidArgument

KINDS = ("cos", "relu")
CHUNK = 512  # rows at a time: enough for dsyrk to be fast, 4 MiB at 1,024 features
Real = npt.NDArray[Any]


class Packed:
    """Features phi_j(x) = cos(2 pi (<g_j, x> + b_j)) or max(0, <g_j, x>), j < m, of one floating-point type.

    Parameters
    ----------
    kind : "cos" or "relu"
    G : ndarray of float64 or float32, shape (m, d)
        The directions g_j. Packing copies them once, in panels of the width that the processor's vectors have.
    b : ndarray of G's type, shape (m,)
        The phases in turns, for "cos" alone.

    Raises
    ------
    InvalidArgument
        If a type or a shape is another one, or a number is not finite.

    Notes
    -----
    What a row gives depends on that row alone: not on the other rows, on how many there are, or on threads.
    The last bits may differ between processors with vectors of different widths.
    """

    def __init__(self, kind: str, G: Real, b: Real | None = None) -> None:
        if kind not in KINDS:
            raise InvalidArgument(f'kind must be "cos" or "relu", got {kind!r}')
        if not isinstance(G, np.ndarray) or G.dtype not in (np.float64, np.float32) or G.ndim != 2 or not G.size:
            raise InvalidArgument(f"G must be an array (m, d) of float64 or float32, got {_shown(G)}")
        self.kind, self.dtype = kind, G.dtype
        self.features, self.dimension = G.shape
        if kind == "relu" and b is not None:
            raise InvalidArgument(f'b must be None for kind "relu", got {_shown(b)}')
        if kind == "cos" and not (isinstance(b, np.ndarray) and b.dtype == G.dtype and b.shape == G.shape[:1]):
            raise InvalidArgument(f"b must be an array ({len(G)},) of {G.dtype}, like G, got {_shown(b)}")
        for name, values in (("G", G), ("b", b)):
            if values is not None and not np.isfinite(values).all():
                raise InvalidArgument(f"{name} must hold finite numbers, got {values[~np.isfinite(values)][0]}")
        from ...kernels.features.panels import panels

        self._panels = panels(G, b)

    def weighted(self, X: npt.ArrayLike, w: npt.ArrayLike, threads: int = 1) -> npt.NDArray[np.float64]:
        """The sums over j of w_j phi_j(x), without ever storing n x m features.

        Parameters
        ----------
        X : array_like, shape (n, d)
            Cast to the type of the features, some thousand rows at a time.
        w : array_like, shape (m,)
            Cast likewise; products are added up in float64.
        threads : int
            Contiguous shares of the rows; changes no bit.

        Returns
        -------
        ndarray of float64, shape (n,)
        """
        from ...kernels.features import panels as features

        rows, weights = self._rows(X), np.asarray(w)
        if weights.shape != (self.features,):
            raise InvalidArgument(f"w must have the shape ({self.features},), one weight a feature, got {_shown(w)}")
        threads = _validate.integer("threads", threads, 1)
        return features.weighted(self._panels, self.kind == "cos", rows, weights, threads)

    def matrix(self, X: npt.ArrayLike, threads: int = 1) -> Real:
        """phi_j(x_i) as an array (n, m) of the features' own type, for X (n, d)."""
        from ...kernels.features import panels as features

        threads = _validate.integer("threads", threads, 1)
        return features.matrix(self._panels, self.kind == "cos", self._rows(X), self.features, threads)

    def gram(self, X: npt.ArrayLike, y: npt.ArrayLike) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """P'P (m, m) and P'y (m,) in float64, where P is `matrix(X)`; memory for these and for 512 rows of P."""
        from scipy.linalg.blas import dsyrk

        rows, targets = self._rows(X), np.asarray(y, np.float64)
        if targets.shape != rows.shape[:1]:
            raise InvalidArgument(f"y must have the shape ({len(rows)},), one number a row of X, got {_shown(y)}")
        products = np.zeros((self.features, self.features), order="F")
        sums = np.zeros(self.features)
        with one_blas_thread():
            for i in range(0, len(rows), CHUNK):
                part = self.matrix(rows[i : i + CHUNK]).astype(np.float64, copy=False)
                products = dsyrk(1.0, part.T, beta=1.0, c=products, overwrite_c=1)
                sums += targets[i : i + CHUNK] @ part
        for i in range(0, self.features, CHUNK):  # dsyrk fills the upper half
            products[i : i + CHUNK, :i] = products[:i, i : i + CHUNK].T
            corner = products[i : i + CHUNK, i : i + CHUNK]
            corner[:] = np.triu(corner) + np.triu(corner, 1).T
        return products.T, sums

    def _rows(self, X: npt.ArrayLike) -> Real:
        rows = np.asarray(X)
        if rows.ndim != 2 or rows.shape[1] != self.dimension:
            raise InvalidArgument(f"X must have the shape (n, {self.dimension}), got {_shown(X)}")
        return rows


def _shown(values: Any) -> str:
    """An array by its type and shape: its numbers would not fit a sentence."""
    return f"{values.dtype} of shape {values.shape}" if isinstance(values, np.ndarray) else repr(values)[:60]
