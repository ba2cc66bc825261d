"""The contract of an obfuscator: another circuit of the same function."""

from __future__ import annotations

import abc

import numpy as np

from ...functions.base import Codes
from ...functions.table import packed_rows
from ...ground.errors import ContractError, InvalidArgument
from ...ground.spec import Configured, text
from ...ground.streams import Words
from ..classes import Circuits


class Obfuscator(Configured, abc.ABC):
    """Writes `obfuscate_block`, and `gates`, the room that it needs."""

    @abc.abstractmethod
    def gates(self, bits: int, size: int) -> int:
        """How many gates are always enough for what it makes of a circuit of `size` gates, padding not counted.

        n = `bits` is how many bits it has.

        Raises
        ------
        InvalidArgument
            Where it does not work on so many bits.
        """

    @abc.abstractmethod
    def obfuscate_block(self, functions: Circuits, codes: Codes, keys: Words) -> Codes:
        """Members (B, L) of `functions` that compute what the given circuits do.

        Parameters
        ----------
        functions : Circuits
            Where the result must fit.
        codes : ndarray of int64, shape (B, 2 s + 1)
            Circuits over the same bits, of a class of s gates that may be larger than `functions`: they end in gates
            (0, 0), padding that `refitted` cuts.
        keys : ndarray of uint64, shape (B,)
            Its coins; row r depends on row r alone.
        """

    def from_tables(self, functions: Circuits, tables: Words) -> Codes | None:
        """The same from truth tables (B, max(1, 2^n / 64)) where only the function matters; None where it does not."""
        return None


def refitted(functions: Circuits, codes: Codes) -> Codes:
    """Circuits of another size (B, 2 s + 1) as members of `functions`; what they lose must be padding.

    Raises
    ------
    InvalidArgument
        Where a circuit has more gates than the class, reads a wire that is not there, or is deeper than the class.
    """
    out = np.zeros((len(codes), functions.code_length), dtype=np.int64)
    shared = min(codes.shape[1], functions.code_length) - 1
    read = int(codes[:, -1].max(initial=0) >> 1) - functions.bits  # the output may read a gate that reads (0, 0)
    held = int(np.flatnonzero(np.append(True, codes[:, :-1].any(axis=0)))[-1] + 1) // 2
    need = max(read, held)
    if 2 * need > shared:
        raise InvalidArgument(f"{text(functions)} has no room for a circuit of {need} gates")
    out[:, :shared], out[:, -1] = codes[:, :shared], codes[:, -1]
    return members(functions, out)


def same_functions(obfuscator: Obfuscator, functions: Circuits, codes: Codes, tables: Words) -> Codes:
    """What an obfuscator has made (B, L), held to its contract: members with these truth tables.

    Raises
    ------
    ContractError
        Naming the obfuscator, where it has given anything else.
    """
    made = np.asarray(codes)
    shape = (len(tables), functions.code_length)
    if made.shape != shape or made.dtype != np.int64 or not functions.contains(made).all():
        got = f"{made.dtype} of shape {made.shape}"
        raise ContractError(f"{text(obfuscator)} must give int64 codes of {text(functions)}, {shape}, got {got}")
    if (packed_rows(functions, made) != tables).any():
        raise ContractError(f"{text(obfuscator)} must not change a function, and has changed one")
    return made


def members(functions: Circuits, codes: Codes) -> Codes:
    """The codes (B, L) themselves.

    Raises
    ------
    InvalidArgument
        Where one is no member of the class.
    """
    strange = np.flatnonzero(~functions.contains(codes))
    if len(strange):
        raise InvalidArgument(f"the circuit in row {strange[0]} is no member of {text(functions)}")
    return codes
