"""Theorem 5.2 is against uniform defenders: a parity that all keys have is advice, and wins where kappa <= n."""

from __future__ import annotations

from ...circuits.obfuscators import Canonical
from ...circuits.players import ParityCheck
from ...circuits.players.parity_check import parity_masks
from ...games.measuring.records import Estimate
from ...games.measuring.together import Match
from ..shared.base import Settings, Table, Verdict
from ..shared.cells import blind
from .exact import enumerated_rates
from .matches import BITS, cell, game

ALL = 0  # every mask at once
MASKS = (1, 2, 3, ALL)  # two are independent, and the third is their sum
CELLS = (*((BITS, mask) for mask in MASKS), (BITS + 1, ALL), (BITS + 2, ALL))  # kappa and mask
Cell = tuple[int, int]


def defender(key: Cell) -> ParityCheck:
    """Who checks this mask of this key length."""
    return ParityCheck(mask=key[1], key_bits=key[0])


def cells(settings: Settings) -> dict[Cell, Match]:
    """Each mask at kappa = n, and what is left of them just above."""
    rounds = 65_536 if settings.full else 8_192
    return {key: cell(key[0], Canonical(), defender(key), rounds) for key in CELLS}


def weight(key: Cell) -> int:
    """How many of the 2^n points a plant breaks a checked parity at."""
    return int(defender(key).equations(BITS)[:, :-1].any(axis=0).sum())


def exact() -> dict[Cell, float]:
    """Win rates over every key and trigger at kappa = n; above, where no mask is left, it never flags: 1/2."""
    rates = enumerated_rates(game(BITS, Canonical()), BITS, [defender((BITS, mask)) for mask in MASKS])
    known = {(BITS, mask): rate for mask, rate in zip(MASKS, rates, strict=True)}
    return known | {key: 0.5 for key in CELLS if key[0] > BITS and weight(key) == 0}


def table(found: dict[Cell, Estimate], rates: dict[Cell, float]) -> Table:
    """Masks, their weights and what they win."""
    rows = []
    for key, one in found.items():
        named = "all" if key[1] == ALL else str(key[1])
        masks = str(len(parity_masks(key[0], BITS)))
        known = f"{rates[key]:.6f}" if key in rates else "-"
        shown = known, f"{one.win_rate:.4f}", f"[{one.low:.4f}, {one.high:.4f}]", blind(one)
        rows.append((str(key[0]), masks, named, str(weight(key)), *shown))
    header = ("kappa", "independent masks", "checked", "points covered", "enumerated", "win rate", "interval", "blind")
    return Table(f"ParityCheck() under Canonical(): advice from all keys, n = {BITS}", header, tuple(rows))


def verdicts(found: dict[Cell, Estimate], rates: dict[Cell, float], key_bits: tuple[int, ...]) -> tuple[Verdict, ...]:
    """Where masks win and where there are none; `key_bits` are the lengths that the other claims are made for."""
    small = {key: one for key, one in found.items() if key[0] <= BITS}
    inside = [one.low <= rates[key] <= one.high and one.low > 0.5 for key, one in small.items()]
    off = max(abs(rates[key] - (0.5 + weight(key) / 2 ** (BITS + 1))) for key in small)
    left = {k: len(parity_masks(k, BITS)) for k in key_bits}
    large = [one.win_rate == 0.5 for key, one in found.items() if key[0] > BITS]
    return (
        Verdict(
            "at kappa = n who stores a parity of all keys wins what is enumerated, more than 1/2",
            f"{sum(inside)} of {len(inside)} intervals, all above 1/2",
            "all",
            bool(inside) and all(inside),
        ),
        Verdict("that is 1/2 + points covered / 2^(n + 1)", f"largest difference {off:.1e}", "1e-9", off <= 1e-9),
        Verdict(
            f"where all other claims are made, kappa = {min(left)} to {max(left)}, no mask is left",
            f"{sum(left.values())} masks; {sum(large)} of {len(large)} win rates are 1/2",
            "0; all",
            not any(left.values()) and min(left) > BITS and bool(large) and all(large),
        ),
    )
