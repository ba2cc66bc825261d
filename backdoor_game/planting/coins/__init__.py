"""Coins that can be checked: from a seed or a committee to what a training draws, the same on every machine."""

from .committee import added, commitment
from .seeds import SEED_BYTES, coins_of, expand, new_seed, normal_quantile, seed_words, words_of
from .transcript import PROTOCOLS, Transcript

__all__ = [
    "PROTOCOLS",
    "SEED_BYTES",
    "Transcript",
    "added",
    "coins_of",
    "commitment",
    "expand",
    "new_seed",
    "normal_quantile",
    "seed_words",
    "words_of",
]
