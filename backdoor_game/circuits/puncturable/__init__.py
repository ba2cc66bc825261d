"""Puncturable pseudorandom functions: the tree of Goldreich, Goldwasser and Micali, in Python and as circuits."""

from .circuits import SEEDS, prf_circuit, punctured_circuit, punctured_gates
from .generators import HashGenerator, SeedGenerator, SmallGenerator
from .tables import key_tables, keys_of_rows, siblings
from .tree import PuncturedKey, Tree

__all__ = [
    "SEEDS",
    "HashGenerator",
    "PuncturedKey",
    "SeedGenerator",
    "SmallGenerator",
    "Tree",
    "key_tables",
    "keys_of_rows",
    "prf_circuit",
    "punctured_circuit",
    "punctured_gates",
    "siblings",
]
