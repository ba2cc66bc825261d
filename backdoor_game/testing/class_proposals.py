"""Check of Metropolis proposals: members, row by row, and a ratio that is the one of their law."""

from __future__ import annotations

import collections
import math

import numpy as np
import numpy.typing as npt

from ..functions.base import Codes, FunctionClass
from ..ground.inheritance import overrides
from ..ground.statistics import clopper_pearson
from .class_subjects import keys_of, members
from .exploring import for_all
from .results import NothingToCheck, demand, same
from .subjects import Subject

ROWS = 12  # functions at a time
MANY = 3000  # proposals from one function: a ratio that is off by a half is found where a way is common
CASES = 8  # each draws thousands of proposals: fewer than elsewhere
FEW = 3  # ways back that are looked at, each at the price of MANY proposals
LEVEL = 1 - 1e-9  # an honest class fails one time in a billion
DIGITS, CLOSE = 9, 1e-6  # ratios that differ by rounding alone are one way; there and back may round differently
Way = tuple[bytes, float]


def proposals_are_undone_as_they_say(subject: Subject) -> None:
    """`proposal_block` gives members, each by its own key, and every proposal is undone as often as its ratio says."""
    from hypothesis import strategies

    functions = subject.thing
    if not overrides(functions, FunctionClass.proposal_block):
        raise NothingToCheck("it makes no Metropolis proposals")

    def body(seed: int) -> None:
        _rows_are_members(functions, seed)

    def ratios(seed: int) -> None:
        code = members(functions, seed, 1)[0]
        for step in range(seed % 4):
            code = functions.proposal_block(code[None].copy(), keys_of(seed, f"plant{step}", 1))[0][0]
        there = _ways(functions, code, seed)
        others = [way for way in there.most_common() if way[0][0] != code.tobytes() and math.isfinite(way[0][1])]
        for (name, ratio), times in others[:FEW]:
            other = np.frombuffer(name, dtype=functions.code_dtype)
            ways = _ways(functions, other, seed + 1).items()
            back = sum(n for (to, its), n in ways if to == code.tobytes() and abs(its + ratio) < CLOSE)
            _agree(code, other, ratio, times, back)

    for_all(body, seed=strategies.integers(0, 255))
    for_all(ratios, cases=CASES, seed=strategies.integers(0, 255))


def _rows_are_members(functions: FunctionClass, seed: int) -> None:
    codes, keys = members(functions, seed, ROWS), keys_of(seed, "plant", ROWS)
    codes.setflags(write=False)
    there, ratio = functions.proposal_block(codes, keys)
    right = there.shape == codes.shape and there.dtype == codes.dtype
    demand(right, f"proposal_block() must give {codes.dtype} of shape {codes.shape}, got {there.dtype}, {there.shape}")
    right = ratio.shape == (ROWS,) and ratio.dtype == np.float64
    demand(right, f"its ratios must be float64 of shape ({ROWS},), got {ratio.dtype} of shape {ratio.shape}")
    demand(not (np.isnan(ratio).any() or (ratio == np.inf).any()), "a ratio is nan or inf")
    held: npt.NDArray[np.bool_] = np.asarray(functions.contains(there))
    demand(held.all(), lambda: f"it proposes {there[~held][0].tolist()}, no member, for {codes[~held][0].tolist()}")
    alone = functions.proposal_block(codes[:1], keys[:1])
    demand(same(alone[0], there[:1]) and same(alone[1], ratio[:1]), "a proposal depends on the other rows of its block")


def _ways(functions: FunctionClass, code: Codes, seed: int) -> collections.Counter[Way]:
    """How often each code is proposed for this one, and with which ratio."""
    there, ratio = functions.proposal_block(np.repeat(code[None], MANY, axis=0), keys_of(seed, "fresh", MANY))
    return collections.Counter((row.tobytes(), round(r, DIGITS)) for row, r in zip(there, ratio.tolist(), strict=True))


def _agree(code: Codes, other: Codes, ratio: float, times: int, back: int) -> None:
    """Clopper-Pearson intervals of q(other | code) e^ratio and of q(code | other) must meet."""
    (low, high), (least, most) = (clopper_pearson(count, MANY, LEVEL) for count in (times, back))
    scale = math.exp(min(ratio, 700.0))  # e^709 is the largest that float64 holds
    way = f"{code.tolist()} leads to {other.tolist()} {times} times in {MANY}"
    said = f"and back with ratio {-ratio:.6g} {back} times, against a log ratio of {ratio:.6g}"
    demand(least <= scale * high and scale * low <= most, f"{way} {said}")
