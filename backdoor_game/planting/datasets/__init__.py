"""Where the examples come from that models are trained on."""

from .array_file import ArrayFile
from .base import Dataset, Split
from .breast_cancer import BreastCancer
from .digits import Digits
from .gaussian_linear import GaussianLinear
from .linear_bits import LinearBits
from .loan_applications import LoanApplications
from .sphere import Sphere

__all__ = [
    "ArrayFile",
    "BreastCancer",
    "Dataset",
    "Digits",
    "GaussianLinear",
    "LinearBits",
    "LoanApplications",
    "Sphere",
    "Split",
]
