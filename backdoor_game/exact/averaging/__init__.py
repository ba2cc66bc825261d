"""What a strategy does in a finite game, averaged over its randomness: exactly where that can be, else estimated."""

from .attacker import AttackTable, VariantAttackTable, attack_table
from .defender import FlagTable, VariantFlagTable, flag_table
from .ways import EXACT

__all__ = ["EXACT", "AttackTable", "FlagTable", "VariantAttackTable", "VariantFlagTable", "attack_table", "flag_table"]
