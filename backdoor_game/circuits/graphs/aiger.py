"""Circuits in files: the AIGER format, ascii (aag) and binary (aig), its combinational part."""

from __future__ import annotations

import os

from ...ground.errors import InvalidArgument
from ...ground.files import write_bytes
from ...ground.paths import as_path, local_file, quoted, read_bytes
from .aiger_ascii import read_ascii, write_ascii
from .aiger_binary import read_binary, write_binary
from .aiger_source import Source
from .circuit import Circuit


def read_aiger(path: str | os.PathLike[str]) -> Circuit:
    """The circuit in an AIGER file, ascii or binary as its first word says [Biere11].

    Gates keep the file's order where that will do; those of an ascii file may stand in any order. Symbols and comments
    are skipped. A file takes at most 64 times its own size of memory and 1 MiB: nothing is allocated from a number in
    the header before the file's size has been seen to bear it out. Inputs of a binary file take no bytes: at most 2^20.

    Raises
    ------
    InvalidArgument
        In one sentence with the line or the byte: for a file that cannot be read, a latch or a property to check, a
        header whose numbers do not fit each other or the file, a literal that nothing defines or that is defined
        twice, a gate that reads itself through others, a difference not in its shortest form, a truncated file, and
        whatever follows the gates without being a symbol or a comment.
    """
    if not os.path.exists(local_file(path)):
        told = "no file is there; write_aiger(circuit, path) makes one"
        raise InvalidArgument(f"path {quoted(as_path(path))} cannot be read: {told}")
    source = Source(read_bytes(path), str(as_path(path)))
    header = source.header()
    return (read_ascii if header.ascii else read_binary)(source, header)


def write_aiger(circuit: Circuit, path: str | os.PathLike[str], *, ascii: bool = False) -> str:
    """Write a circuit as an AIGER file, binary unless `ascii`; returns the path as text.

    Inputs, gates and outputs keep their order, and each gate names its larger literal first: the bytes are a function
    of the circuit. The file appears whole or not at all.

    Raises
    ------
    InvalidArgument
        Where the path names no file or one that cannot be written.
    """
    return write_bytes(path, write_ascii(circuit) if ascii else write_binary(circuit), "path")
