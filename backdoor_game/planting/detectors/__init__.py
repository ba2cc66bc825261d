"""Detectors: defenders that judge a trained model, alone or with an input."""

from .base import Calibrated, Detector
from .coin_audit import CoinAudit
from .covariance_thresholding import CovarianceThresholding
from .diagonal_thresholding import DiagonalThresholding
from .extreme_eigenvalue import TopEigenvalue
from .input_norm import InputNorm
from .key_holder import KeyHolder
from .kolmogorov_smirnov import KolmogorovSmirnov
from .mahalanobis import Mahalanobis
from .moments import Moments
from .random_queries import RandomQueries
from .randomised_smoothing import RandomisedSmoothing
from .spectral_signatures import SpectralSignatures

__all__ = [
    "Calibrated",
    "CoinAudit",
    "CovarianceThresholding",
    "Detector",
    "DiagonalThresholding",
    "InputNorm",
    "KeyHolder",
    "KolmogorovSmirnov",
    "Mahalanobis",
    "Moments",
    "RandomQueries",
    "RandomisedSmoothing",
    "SpectralSignatures",
    "TopEigenvalue",
]
