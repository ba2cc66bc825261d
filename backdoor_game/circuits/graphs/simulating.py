"""Circuits on many inputs at once: work cut into ranges of words that threads take in turn."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import numpy.typing as npt

from ...ground._jit import thread_count
from ...ground.errors import InvalidArgument

if TYPE_CHECKING:
    from ...kernels.circuits.programs import Program

Words = npt.NDArray[np.uint64]
Labels = npt.NDArray[np.uint8]
Part = TypeVar("Part")
WIDE, MIDDLE, NARROW = 64, 32, 8  # words a block, the widths of `kernels.circuits.gates`
CACHED_WORDS = 2**17  # half of a second-level cache of 2 MiB
TABLE_BYTES = 2**33  # 8 GiB: more is refused before the memory is gone
# A range takes some 2 ms, at 2^3 word-gates a nanosecond: below that threads do not pay, and Ctrl-C is heard in time.
RANGE, MOST_RANGES, LONGEST = 2**24, 256, 2**29


def evaluated(program: Program, words: Words) -> Words:
    """Outputs (O, W) on packed inputs (n, W)."""
    from ...kernels.arguments import frozen
    from ...kernels.circuits.blocks import evaluate

    given = frozen(words, np.uint64)
    total = given.shape[1]
    out = np.empty((len(program.outputs), total), np.uint64)

    def work(values: Words, first: int, last: int) -> None:
        evaluate(*program[:3], values, given.reshape(-1), out.reshape(-1), total, first, last, width(program))

    for _ in spread(work, program, total):
        pass
    return out


def tabulated(program: Program) -> Words:
    """Outputs on all 2^n inputs, shape (O, max(1, 2^n / 64))."""
    from ...kernels.circuits.blocks import enumerate_words

    n = len(program.places)
    total = 2 ** max(n - 6, 0)
    if n > 40 or len(program.outputs) * total * 8 > TABLE_BYTES:
        raise InvalidArgument(
            f"a table of {len(program.outputs)} outputs on 2^{n} inputs would take more than {TABLE_BYTES >> 30} GiB; "
            "use words() on part of the inputs"
        )
    out = np.empty((len(program.outputs), total), np.uint64)

    def work(values: Words, first: int, last: int) -> None:
        enumerate_words(*program[:3], values, out.reshape(-1), total, first, last, width(program))

    for _ in spread(work, program, total):
        pass
    return out & np.uint64(2 ** (2**n) - 1) if n < 6 else out


def labelled(program: Program, X: Labels) -> Labels:
    """Outputs (m, O) on rows of bits (m, n)."""
    from ...kernels.arguments import frozen
    from ...kernels.circuits.inputs import pack_columns, unpack_columns

    words = evaluated(program, pack_columns(frozen(X, np.uint8)))
    labels: Labels = unpack_columns(frozen(words, np.uint64), len(X))
    return labels


def width(program: Program) -> int:
    """Words in a block: as many as keep all slots in the cache."""
    fitting = (words for words in (WIDE, MIDDLE) if program.slots * words <= CACHED_WORDS)
    return next(fitting, NARROW)


def ranges(program: Program, words: int) -> Iterator[range]:
    """Words 0 .. words - 1 in ranges of whole blocks, cut the same way whatever the threads."""
    size = range_size(program, words)
    return (range(first, min(first + size, words)) for first in range(0, words, size))


def range_size(program: Program, words: int) -> int:
    """Words in each range but the last, which may have fewer."""
    each = len(program.gates) + len(program.places) + len(program.outputs) + 1
    wanted = min(max(RANGE, each * words // MOST_RANGES), LONGEST)
    return max(WIDE, wanted // each // WIDE * WIDE)


def spread(work: Callable[[Words, int, int], Part], program: Program, words: int) -> Iterator[Part]:
    """`work(values, first, last)` on every range, results in order; `values` is a thread's own room for the slots."""
    from ...kernels.circuits.gates import scratch

    rooms: list[Words] = []

    def one(part: range) -> Part:
        values = rooms.pop() if rooms else scratch(program.slots, width(program))
        found = work(values, part.start, part.stop)
        rooms.append(values)
        return found

    parts = ranges(program, words)
    workers = min(thread_count(), -(-words // range_size(program, words)))
    return map(one, parts) if workers <= 1 else _ahead(one, parts, workers)


def _ahead(one: Callable[[range], Part], parts: Iterator[range], workers: int) -> Iterator[Part]:
    """Results in order, a few ranges under way at a time; this thread only waits, and so hears Ctrl-C."""
    pool = ThreadPoolExecutor(workers)
    waiting: list[Future[Part]] = []
    try:
        for part in parts:
            waiting.append(pool.submit(one, part))
            if len(waiting) > 2 * workers:
                yield waiting.pop(0).result()
        while waiting:
            yield waiting.pop(0).result()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
