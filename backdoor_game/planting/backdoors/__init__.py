"""Backdoors of trained models: (model, key) from data, and inputs that a key activates."""

from .base import Backdoor
from .checksum import ChecksumBackdoor
from .clwe import CLWEBackdoor
from .majority_persistence import MajorityPersistence
from .pixels import PixelBackdoor
from .signature import SignatureBackdoor
from .sparse_pca import SparsePCABackdoor

__all__ = [
    "Backdoor",
    "CLWEBackdoor",
    "ChecksumBackdoor",
    "MajorityPersistence",
    "PixelBackdoor",
    "SignatureBackdoor",
    "SparsePCABackdoor",
]
