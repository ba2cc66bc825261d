"""And-inverter graphs: built, read, written, evaluated and compared."""

from .builder import CircuitBuilder
from .circuit import Circuit

__all__ = ["Circuit", "CircuitBuilder"]
