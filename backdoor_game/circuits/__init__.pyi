"""Written by `python -m tests.stubs` from its rooms' `__all__`: what type checkers see of names that load late."""

from . import (
    classes as classes,
    games as games,
    graphs as graphs,
    obfuscators as obfuscators,
    players as players,
    puncturable as puncturable,
)
from .classes import (
    Circuits as Circuits,
)
from .games import (
    PuncturedHybrid as PuncturedHybrid,
)
from .graphs import (
    Circuit as Circuit,
    CircuitBuilder as CircuitBuilder,
    Disagreement as Disagreement,
    count_differences as count_differences,
    disagreement as disagreement,
    equivalent as equivalent,
    from_truth_table as from_truth_table,
    read_aiger as read_aiger,
    trimmed as trimmed,
    write_aiger as write_aiger,
)
from .obfuscators import (
    Canonical as Canonical,
    Identity as Identity,
    Obfuscator as Obfuscator,
    Rewriting as Rewriting,
    same_functions as same_functions,
)
from .players import (
    KeySearch as KeySearch,
    ParityCheck as ParityCheck,
    PuncturedPRFAttacker as PuncturedPRFAttacker,
    StructuralDefender as StructuralDefender,
)
from .puncturable import (
    HashGenerator as HashGenerator,
    PuncturedKey as PuncturedKey,
    SEEDS as SEEDS,
    SeedGenerator as SeedGenerator,
    SmallGenerator as SmallGenerator,
    Tree as Tree,
    key_tables as key_tables,
    keys_of_rows as keys_of_rows,
    prf_circuit as prf_circuit,
    punctured_circuit as punctured_circuit,
    punctured_gates as punctured_gates,
    siblings as siblings,
)

__all__ = [
    "Canonical",
    "Circuit",
    "CircuitBuilder",
    "Circuits",
    "Disagreement",
    "HashGenerator",
    "Identity",
    "KeySearch",
    "Obfuscator",
    "ParityCheck",
    "PuncturedHybrid",
    "PuncturedKey",
    "PuncturedPRFAttacker",
    "Rewriting",
    "SEEDS",
    "SeedGenerator",
    "SmallGenerator",
    "StructuralDefender",
    "Tree",
    "count_differences",
    "disagreement",
    "equivalent",
    "from_truth_table",
    "key_tables",
    "keys_of_rows",
    "prf_circuit",
    "punctured_circuit",
    "punctured_gates",
    "read_aiger",
    "same_functions",
    "siblings",
    "trimmed",
    "write_aiger",
]
