"""What a strategy does in a finite game, averaged over its randomness: exactly where that can be, else estimated."""

from .attacker import AttackTable, attack_table
from .defender import FlagTable, flag_table
from .ways import EXACT

__all__ = ["EXACT", "AttackTable", "FlagTable", "attack_table", "flag_table"]
