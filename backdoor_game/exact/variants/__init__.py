"""Finite variants of the game: any trigger law, clean input, reveal and observation, as one linear program."""

from .building import settled, variant
from .guarantees import Joint, Plan
from .optimal import VariantEquilibrium, optimum, variant_equilibrium
from .tree import Variant

__all__ = ["Joint", "Plan", "Variant", "VariantEquilibrium", "optimum", "settled", "variant", "variant_equilibrium"]
