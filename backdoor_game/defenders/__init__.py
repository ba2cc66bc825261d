"""Players that look for backdoors: one strategy a file."""

from .always_clean import AlwaysClean
from .always_flag import AlwaysFlag
from .base import BlockDefender, Defender
from .coin_flip import CoinFlip
from .ensemble import DistillationEnsemble

__all__ = [
    "AlwaysClean",
    "AlwaysFlag",
    "BlockDefender",
    "CoinFlip",
    "Defender",
    "DistillationEnsemble",
]
