"""Random features of rows: cosines (random Fourier features) and ReLU, their weighted sums and their Gram matrix."""

from .packed import Packed

__all__ = ["Packed"]
