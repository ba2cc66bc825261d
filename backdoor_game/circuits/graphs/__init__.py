"""And-inverter graphs: built, read, written, evaluated and compared."""

from .aiger import read_aiger, write_aiger
from .builder import CircuitBuilder
from .circuit import Circuit
from .conversion import from_truth_table, trimmed
from .counting import count_differences
from .differing import Disagreement, disagreement
from .equivalence import equivalent

__all__ = [
    "Circuit",
    "CircuitBuilder",
    "Disagreement",
    "count_differences",
    "disagreement",
    "equivalent",
    "from_truth_table",
    "read_aiger",
    "trimmed",
    "write_aiger",
]
