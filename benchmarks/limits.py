"""What the machine allows: c = a & b on vectors of the gates' own type, with everything in the first-level cache."""

from __future__ import annotations

from typing import Any

from backdoor_game.ground._jit import emitted, kernel


def _emit(builder: Any, values: Any, out: Any, a: Any, b: Any) -> None:
    from llvmlite import ir

    word = ir.IntType(64)

    def part(start: Any, k: int) -> Any:
        place = builder.gep(values, [builder.add(start, word(8 * k))])
        return builder.bitcast(place, ir.VectorType(word, 8).as_pointer())

    for k in range(4):
        joined = builder.and_(*(builder.load(part(side, k), align=8) for side in (a, b)))
        builder.store(joined, part(out, k), align=8)


@emitted(_emit)
def _join(values: Any, out: int, a: int, b: int) -> None:
    values[out : out + 32] = values[a : a + 32] & values[b : b + 32]


@kernel
def join_in_cache(values: Any, third: int, times: int) -> None:
    """The last third of the words becomes the AND of the other two, `times` over."""
    for _ in range(times):
        for start in range(0, third, 32):
            _join(values, 2 * third + start, start, third + start)
