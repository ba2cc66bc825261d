"""Checks of obfuscators: other circuits of the same functions, that fit in the room that they ask for."""

from __future__ import annotations

import dataclasses
import functools
from typing import Any

import numpy as np

from ..circuits.classes import Circuits
from ..circuits.obfuscators.base import same_functions
from ..functions.base import Codes
from ..functions.table import packed_rows
from ..games.contract import blamed, call
from ..ground.errors import BackdoorGameError, ContractError
from ..ground.streams import Words
from .class_subjects import keys_of, members
from .results import NothingToCheck, demand, same
from .subjects import Subject

SMALL = ((2, 2), (3, 4), (5, 6))  # bits and gates: tables of under a word, and gates that are read by several others
ROWS = 6


@dataclasses.dataclass(frozen=True)
class Bench:
    """Small circuits, and the class in which an obfuscator says that there is room for what it makes of them."""

    source: Circuits
    room: Circuits
    obfuscator: Any

    def __str__(self) -> str:
        return f"{self.source!r}"

    def circuits(self, rows: slice = slice(None)) -> tuple[Codes, Words]:
        """Random circuits (B, 2 s + 1), and their truth tables."""
        codes = members(self.source, 0, ROWS)[rows].copy()
        return codes, packed_rows(self.source, codes)

    def keys(self, rows: slice = slice(None)) -> Words:
        """Its coins (B,)."""
        return keys_of(0, "plant", ROWS)[rows].copy()

    def made(self, codes: Codes, keys: Words) -> Codes:
        """What it makes of circuits."""
        ask = functools.partial(self.obfuscator.obfuscate_block, self.room, codes, keys)
        return np.asarray(call(self.obfuscator, "obfuscate_block", ask))


@functools.lru_cache(maxsize=16)
def benches(subject: Subject) -> tuple[tuple[Bench, ...], tuple[str, ...]]:
    """Where it works, and what it says where it does not."""
    found, refusals = [], []
    for bits, size in SMALL:
        try:
            gates = blamed(functools.partial(subject.thing.gates, bits, size))
        except ContractError:
            raise
        except BackdoorGameError as error:
            refusals.append(str(error))
        else:
            whole = isinstance(gates, int | np.integer) and not isinstance(gates, bool) and gates >= 0
            demand(whole, f"gates({bits}, {size}) must be a whole number, at least 0, got {gates!r}")
            found.append(Bench(Circuits(bits, size), Circuits(bits, int(gates)), subject.thing))
    return tuple(found), tuple(refusals)


def works_on_circuits(subject: Subject) -> str:
    """`gates` is a number for circuits of some size, the same whenever it is asked."""
    found, refusals = benches(subject)
    demand(found, f"it works on none of the small circuits: {refusals[-1] if refusals else ''}")
    for bench in found:
        again = subject.thing.gates(bench.source.bits, bench.source.gates)
        demand(again == bench.room.gates, f"gates() is {bench.room.gates}, and then {again} for {bench}")
    said = f"works on {len(found)} of {len(SMALL)} sizes"
    return f"{said}; the first that it refuses: {refusals[0][:120]}" if refusals else said


def functions_are_kept(subject: Subject) -> None:
    """Each circuit comes back as a member, of at most as many gates as `gates` says, with the same truth table."""
    for bench in _each(subject):
        codes, tables = bench.circuits()
        same_functions(subject.thing, bench.room, bench.made(codes, bench.keys()), tables)


def same_keys_same_circuits(subject: Subject) -> None:
    """The same circuits and coins give the same circuits, bit for bit."""
    for bench in _each(subject):
        codes, _ = bench.circuits()
        first, _, second = (bench.made(codes.copy(), keys) for keys in (bench.keys(), bench.keys() + 1, bench.keys()))
        demand(same(first, second), f"other circuits the second time for {bench}")


def a_circuit_depends_on_its_own_row(subject: Subject) -> None:
    """Row r of a block is the block of one of its circuit."""
    for bench in _each(subject):
        codes, _ = bench.circuits()
        whole = bench.made(codes.copy(), bench.keys())
        rows = [slice(r, r + 1) for r in range(ROWS)]
        alone = np.concatenate([bench.made(codes[row].copy(), bench.keys(row)) for row in rows])
        demand(same(whole, alone), f"a block gives other circuits than blocks of one for {bench}")


def leaves_its_circuits_alone(subject: Subject) -> None:
    """Codes and coins hold the same bytes afterwards."""
    for bench in _each(subject):
        codes, _ = bench.circuits()
        keys = bench.keys()
        bench.made(codes, keys)
        demand(same(codes, bench.circuits()[0]), f"it writes into the codes that it is given for {bench}")
        demand(same(keys, bench.keys()), f"it writes into its keys for {bench}")


def tables_are_kept(subject: Subject) -> None:
    """`from_tables` gives members with these truth tables, if it gives any."""
    used = False
    for bench in _each(subject):
        _, tables = bench.circuits()
        ask = functools.partial(subject.thing.from_tables, bench.room, tables.copy())
        made = call(subject.thing, "from_tables", ask)
        if made is not None:
            used = True
            same_functions(subject.thing, bench.room, made, tables)
    if not used:
        raise NothingToCheck("what it makes depends on more than the function: from_tables() is None")


CHECKS = (
    functions_are_kept,
    same_keys_same_circuits,
    a_circuit_depends_on_its_own_row,
    leaves_its_circuits_alone,
    tables_are_kept,
)


def _each(subject: Subject) -> tuple[Bench, ...]:
    found = benches(subject)[0]
    if not found:
        raise NothingToCheck("it works on no small circuit: see `works_on_circuits`")
    return found
