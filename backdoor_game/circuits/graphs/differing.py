"""How often two circuits differ: on all inputs where they can be listed, on random ones beyond."""

from __future__ import annotations

import dataclasses
import math
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ...ground import _validate
from ...ground.errors import InvalidArgument
from ...ground.lookup import made
from ...ground.progress import Progress, silent
from ...ground.seeds import fresh_or
from ...ground.spec import text
from ...ground.statistics import clopper_pearson
from ...ground.streams import role_keys
from ...spaces.distributions import Distribution
from ...spaces.domains import Bits
from .circuit import Circuit

if TYPE_CHECKING:
    from ...kernels.circuits.programs import Program

ENUMERABLE_BITS = 30  # 2^24 words: 2 s on 1,000 gates at 8 word-gates a nanosecond
DRAWS = 2**20  # an interval at level 95% is 0.002 wide at most
BYTES_AT_ONCE = 2**22  # bytes of inputs or outputs at a time
Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Words = npt.NDArray[np.uint64]


@dataclasses.dataclass(frozen=True)
class Disagreement:
    """A share of D's mass.

    Attributes
    ----------
    value, low, high : float
        The share, and an interval for it; all three are equal where it is exact.
    exact : bool
    how : str
        What was done, in a few words.
    seed : int or None
        Where inputs were drawn: of the draws.
    """

    value: float
    low: float
    high: float
    exact: bool
    how: str
    seed: int | None = None


def disagreement(
    f: Circuit,
    f_star: Circuit,
    distribution: Distribution | None = None,
    *,
    draws: int | None = None,
    level: float = 0.95,
    seed: int | None = None,
    progress: Progress = silent,
) -> Disagreement:
    """The share of D's mass on which some output of f and f_star differs.

    Both become one program in which equal gates stand once and gates behind equal outputs not at all. Where at most
    30 inputs are left in it, all their values are tried: an integer count under the uniform law, sums of float64
    weights (relative error up to some 1e-13) where bits are independent. A law with listed atoms is summed over them.
    Otherwise inputs are drawn: bits of probability p as multiples of 2^-53, exactly. Memory does not grow with any
    of this. *Enumerated*, or *Simulated* with a Clopper-Pearson interval.

    Parameters
    ----------
    f, f_star : Circuit
        With n inputs and equally many outputs.
    distribution : Distribution, optional
        On Bits(n); uniform by default.
    draws : int, optional
        Draw so many inputs whatever the size; by default 2^20, where all cannot be tried.
    level : float in (0, 1)
    seed : int, optional
        The result is a function of the circuits, the distribution, draws and seed; threads change nothing. By default
        drawn from the operating system, so that no circuit is made for the inputs that are drawn.
    progress : callable
        Called with (words of 64 inputs done, words in all).

    Raises
    ------
    InvalidArgument
        Where the circuits' inputs or outputs differ in number, or the distribution is not one on n bits.
    """
    for name, circuit in (("f", f), ("f_star", f_star)):
        _validate.instance(name, circuit, Circuit, "read_aiger('adder.aig')")
    if distribution is not None:
        distribution = made(distribution, Distribution, "distribution", "Uniform()")
    level = _validate.asked_level(level)
    seed = fresh_or(seed)
    draws = draws if draws is None else _validate.integer("draws", draws, 1, 2**48)
    if (f.inputs, len(f.outputs)) != (f_star.inputs, len(f_star.outputs)):
        raise InvalidArgument(f"f_star must have as many inputs and outputs as f, {f!r}, got {f_star!r}")
    law = None if distribution is None else distribution.on(Bits(f.inputs))
    p = np.full(f.inputs, 0.5) if law is None else law.bit_probabilities()
    program = _merged(f, f_star)
    if isinstance(program, float):
        return Disagreement(program, program, program, True, "by structure: equal gates merged")
    if p is None and law is not None:
        return _listed(f, f_star, law, draws, level, seed, progress)
    read = np.flatnonzero(program.places >= 0)
    program = program._replace(places=program.places[read])
    if draws is None and len(read) <= ENUMERABLE_BITS:
        value = _weighed(program, np.asarray(p)[read], progress)
        return Disagreement(value, value, value, True, f"all 2^{len(read)} values of the inputs that matter")
    keys = role_keys(seed, "disagreement", "oracle/0", 0, f.inputs)[read]
    tried = draws or DRAWS
    hits = _counted(program, keys, np.rint(np.asarray(p)[read] * 2.0**53).astype(np.uint64), tried, progress)
    return _interval(hits, tried, level, seed)


def _interval(hits: int, draws: int, level: float, seed: int) -> Disagreement:
    how = f"{draws} random inputs, Clopper-Pearson at level {level:g}"
    return Disagreement(hits / draws, *clopper_pearson(hits, draws, level), False, how, seed)


def _merged(f: Circuit, f_star: Circuit) -> Program | float:
    """One program with the outputs of f that need a look and then those of f_star; 0. or 1. where none does."""
    from ...kernels.circuits.programs import lay, share

    def shifted(literals: npt.NDArray[np.int32]) -> npt.NDArray[np.int32]:
        return np.where(literals >> 1 > f.inputs, literals + np.int32(2 * f.size), literals)

    gates, now = share(f.inputs, np.concatenate([f.gates, shifted(f_star.gates)]))
    sides = [now[ends >> 1] ^ (ends & 1) for ends in (f.outputs, shifted(f_star.outputs))]
    a, b = np.unique(np.stack([np.minimum(*sides), np.maximum(*sides)], axis=1), axis=0).T
    if (a == b ^ 1).any():
        return 1.0
    apart = a != b
    if not apart.any():
        return 0.0
    return lay(f.inputs, gates, np.concatenate([a[apart], b[apart]]))


def _counted(program: Program, keys: Words, ends: Words, inputs: int, progress: Progress) -> int:
    """On how many of the inputs they differ: drawn with keys, without any counted through."""
    from ...kernels.circuits.blocks import count_differences
    from .simulating import spread, width

    words, total = -(-inputs // 64), 0

    def work(values: Words, first: int, last: int) -> tuple[int, int]:
        count = count_differences(*program[:3], values, keys, ends, first, last, inputs, width(program))
        return int(count), last

    for count, done in spread(work, program, words):
        total += count
        progress(done, words)
    return total


def _weighed(program: Program, p: Floats, progress: Progress) -> float:
    """The mass of all 2^n inputs on which they differ."""
    from ...kernels.circuits.blocks import weigh_differences
    from .simulating import spread, width

    inputs = 2 ** len(p)
    if (p == 0.5).all():
        none = np.empty(0, np.uint64)
        return float(_counted(program, none, none, inputs, progress) / inputs)
    padded = np.concatenate([p, np.zeros(ENUMERABLE_BITS - len(p))])
    bits, low, high = (_products(part) for part in (padded[:6], padded[6:18], padded[18:]))
    octets = bits.reshape(8, 8) @ (np.arange(256) >> np.arange(8)[:, None] & 1).astype(np.float64)
    words = max(1, inputs // 64)
    parts = []

    def work(values: Words, first: int, last: int) -> tuple[float, int]:
        mass = weigh_differences(*program[:3], values, octets, low, high, first, last, width(program))
        return float(mass), last

    for mass, done in spread(work, program, words):
        parts.append(mass)
        progress(done, words)
    return min(math.fsum(parts), 1.0)


def _products(p: Floats) -> Floats:
    """The probability of every value of independent bits, first bit least significant, shape (2^len(p),)."""
    out = np.ones(1)
    for q in p:
        out = np.concatenate([out * (1 - q), out * q])
    return out


def _listed(
    f: Circuit, f_star: Circuit, law: Distribution, draws: int | None, level: float, seed: int, progress: Progress
) -> Disagreement:
    """Under a law whose bits are not independent: over its atoms, else over draws of its own."""
    support, step = law.atoms(), max(1, BYTES_AT_ONCE // max(f.inputs, len(f.outputs), 1))
    if draws is None and support is not None:
        points, weights = support
        parts = []
        for start in range(0, len(points), step):
            X = points[start : start + step]
            parts += weights[start : start + step][(f(X) != f_star(X)).any(axis=1)].tolist()
            progress(min(start + step, len(points)), len(points))
        value = min(math.fsum(parts), 1.0)
        return Disagreement(value, value, value, True, f"all {len(points)} atoms of {text(law)[:200]}")
    keys, hits, tried = role_keys(seed, "disagreement", "oracle/0", 0, 1), 0, draws or DRAWS
    for start in range(0, tried, step):
        X = law.sample_block(keys, start, min(step, tried - start))[0]
        hits += int((f(X) != f_star(X)).any(axis=1).sum())
        progress(min(start + step, tried), tried)
    return _interval(hits, tried, level, seed)
