"""Checks of function classes: members, codes and labels."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..functions.base import Codes, FunctionClass
from ..ground.inheritance import overrides
from ..spaces.distributions import Distribution
from .class_subjects import drawn_members, is_small, keys_of, members, points, whole
from .exploring import for_all
from .results import NothingToCheck, demand, same
from .subjects import Subject
from .two_threads import draws_alike, training

ROWS = 12  # functions at a time
MANY_ROWS = 300  # a batch large enough for code that treats large ones differently
WIDTHS = (0, 1, 4, 40)  # points: none, one, few and many
GARBAGE = 200  # codes, most of them near a member and some far: both kinds of mistake are met


def samples_are_members(subject: Subject) -> None:
    """`sample` and `sample_block` give codes that `contains` accepts."""
    functions = subject.thing

    def body(seed: int) -> None:
        codes = members(functions, seed, ROWS)
        codes = np.concatenate([codes, [functions.sample(np.random.default_rng(seed))]])
        refused = ~np.asarray(functions.contains(codes))
        demand(not refused.any(), lambda: f"contains() refuses the sample {codes[refused][0].tolist()}")

    for_all(body, **_seeds())


def codes_have_the_stated_form(subject: Subject) -> None:
    """Codes have the stated length and type, and `contains` answers one bool for each."""
    functions = subject.thing
    L, dtype = functions.code_length, np.dtype(functions.code_dtype)
    demand(dtype in (np.uint8, np.int64, np.float64), f"code_dtype must be uint8, int64 or float64, got {dtype}")

    def body(seed: int) -> None:
        codes, one = members(functions, seed, ROWS), functions.sample(np.random.default_rng(seed))
        for what, found, shape in (("sample_block", codes, (ROWS, L)), ("sample", one, (L,))):
            given = f"{found.dtype} of shape {found.shape}"
            demand(
                found.shape == shape and found.dtype == dtype, f"{what}() must give {dtype} of shape {shape}: {given}"
            )
        held = functions.contains(codes)
        right = held.shape == (ROWS,) and held.dtype == np.bool_
        demand(right, f"contains() must give bool of shape ({ROWS},), got {held.dtype} of shape {held.shape}")

    for_all(body, **_seeds())


def a_sample_depends_on_its_own_key(subject: Subject) -> None:
    """Row r of `sample_block` depends on key r alone, and is the same every time; on two threads too, and trained."""
    functions = subject.thing
    draws_alike(lambda seed: functions.sample_block(keys_of(seed, "choose", ROWS)))
    if (train := training(functions)) is not None:
        draws_alike(train)

    def body(seed: int) -> None:
        keys = keys_of(seed, "choose", ROWS)
        codes = functions.sample_block(keys)
        demand(same(codes, functions.sample_block(keys)), "the same keys give other members the second time")
        demand(same(codes[::-1], functions.sample_block(keys[::-1].copy())), "other rows change a row's sample")
        demand(same(codes[:1], functions.sample_block(keys[:1])), "a block of one gives another member")

    for_all(body, **_seeds())


def labels_are_0_or_1(subject: Subject) -> None:
    """`evaluate` gives uint8 labels 0 and 1 of shape (B, m), for no points too."""
    functions = subject.thing

    def body(law: Distribution, seed: int) -> None:
        for m in (4, 1, 0):
            labels = functions.evaluate(members(functions, seed, ROWS), points(law, seed, ROWS, m))
            right = labels.shape == (ROWS, m) and labels.dtype == np.uint8
            demand(right, f"labels must be uint8 of shape ({ROWS}, {m}), got {labels.dtype} of shape {labels.shape}")
            demand(labels.max(initial=0) <= 1, f"labels must be 0 or 1, got {labels.max(initial=0)}")

    for_all(body, **drawn_members(subject))


def a_batch_is_its_rows(subject: Subject) -> None:
    """`evaluate` on a batch is `evaluate` code by code and point by point, the same every time."""
    functions = subject.thing

    def body(law: Distribution, seed: int) -> None:
        codes, X = members(functions, seed, ROWS), points(law, seed, ROWS, 4)
        labels = functions.evaluate(codes, X)
        pairs = zip(codes, X, strict=True)
        alone = [[functions.evaluate(code[None], x[None, None])[0, 0] for x in row] for code, row in pairs]
        found = np.argwhere(labels != np.array(alone))
        if len(found):
            r, i = found[0]
            case = f"code {codes[r].tolist()} at {X[r, i].tolist()}"
            demand(False, f"{case} is {labels[r, i]} in a batch and {alone[r][i]} alone")

    def large(law: Distribution, seed: int) -> None:
        codes, X = members(functions, seed, MANY_ROWS), points(law, seed, MANY_ROWS, max(WIDTHS))
        parts = [slice(r, r + ROWS) for r in range(0, MANY_ROWS, ROWS)]
        for m in WIDTHS:
            pieces = [
                np.concatenate([functions.evaluate(codes[part], X[part, i : i + 4]) for part in parts])
                for i in range(0, m, 4)
            ]
            wanted = np.concatenate([np.zeros((MANY_ROWS, 0), np.uint8), *pieces], axis=1)[:, :m]
            labels = functions.evaluate(codes, X[:, :m])
            demand(labels.shape == wanted.shape, f"labels must have shape {wanted.shape}, got {labels.shape}")
            for r, i in np.argwhere(labels != wanted)[:1]:
                case = f"row {r} of {MANY_ROWS}, code {codes[r].tolist()}, at point {i} of {m}, {X[r, i].tolist()}"
                demand(False, f"{case}, is {labels[r, i]} in the batch and {wanted[r, i]} in a small one")

    for_all(body, **drawn_members(subject))
    for_all(large, cases=1, **drawn_members(subject))


def leaves_its_arguments_alone(subject: Subject) -> None:
    """`evaluate` and `contains` work on read-only codes and points, and write into neither."""
    functions = subject.thing

    def body(law: Distribution, seed: int) -> None:
        codes, X = members(functions, seed, ROWS).copy(), points(law, seed, ROWS, 3).copy()
        kept = codes.copy(), X.copy()
        codes.setflags(write=False)
        X.setflags(write=False)
        functions.contains(codes)
        functions.evaluate(codes, X)
        demand(same(codes, kept[0]) and same(X, kept[1]), "it writes into the codes or points that it is given")
        demand(not (codes.flags.writeable or X.flags.writeable), "it makes its arguments writable")

    for_all(body, **drawn_members(subject))


def garbage_is_refused(subject: Subject) -> None:
    """`contains` answers for any codes at all: no for whatever `enumerate` does not list, and never breaks."""
    functions: FunctionClass = subject.thing
    listed = {tuple(code) for code in whole(functions).codes.tolist()} if is_small(functions) else None

    def body(seed: int) -> None:
        codes = garbage(functions, seed)
        held = np.asarray(functions.contains(codes))
        demand(held.shape == (len(codes),), f"contains() must have shape ({len(codes)},), got {held.shape}")
        if listed is not None:
            for code, answer in zip(codes.tolist(), held.tolist(), strict=True):
                demand(answer == (tuple(code) in listed), f"contains({code}) is {answer}, against enumerate()")

    for_all(body, **_seeds())


def garbage(functions: FunctionClass, seed: int) -> Codes:
    """Members with an entry changed a little or much, and random numbers; real codes also get inf and nan."""
    rng = np.random.default_rng(seed)
    dtype = np.dtype(functions.code_dtype)
    codes = np.repeat(members(functions, seed, GARBAGE // 2), 2, axis=0)
    places = rng.integers(functions.code_length, size=len(codes))
    wild: Any
    if dtype.kind == "f":
        wild = rng.choice([np.nan, np.inf, -np.inf, 0.0, -1e300, 0.5], size=len(codes))
    else:
        ends = np.iinfo(dtype)
        near = codes[np.arange(len(codes)), places].astype(object) + rng.integers(-3, 4, size=len(codes))
        far = rng.choice(np.array([ends.min, ends.max, ends.max // 2, 255, 0]), size=len(codes))
        wild = np.where(rng.random(len(codes)) < 0.7, near, far)
        wild = np.clip(wild, ends.min, ends.max).astype(dtype)
    codes[np.arange(len(codes)), places] = wild
    return codes


def moves_stay_in_the_class(subject: Subject) -> None:
    """`move_block` turns members into members, each by its own key."""
    functions = subject.thing
    if not overrides(functions, FunctionClass.move_block):
        raise NothingToCheck("it has no local moves of its own")

    def body(seed: int) -> None:
        codes, keys = members(functions, seed, ROWS), keys_of(seed, "plant", ROWS)
        moved = functions.move_block(codes.copy(), keys)
        right = moved.shape == codes.shape and moved.dtype == codes.dtype
        demand(right, f"move_block() must give {codes.dtype} of shape {codes.shape}, got {moved.dtype}, {moved.shape}")
        held = np.asarray(functions.contains(moved))
        demand(held.all(), lambda: f"a move leads from {codes[~held][0].tolist()} out to {moved[~held][0].tolist()}")
        alone = functions.move_block(codes[:1].copy(), keys[:1])
        demand(same(alone, moved[:1]), "a move depends on the other rows of its block")

    for_all(body, **_seeds())


def _seeds() -> dict[str, Any]:
    from hypothesis import strategies

    return {"seed": strategies.integers(0, 255)}
