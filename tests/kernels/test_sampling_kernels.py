"""Sampling kernels against their twins in Python's integers, draw by draw."""

from __future__ import annotations

import numpy as np
import pytest

from backdoor_game.ground import streams
from backdoor_game.kernels import sampling
from tests.naive import sampling as naive

KEYS = streams.role_keys(5, "sampling kernels", "fresh", 0, 12)
STARTS_AND_SIZES = [(0, 1), (0, 7), (0, 8), (1, 1), (1, 8), (3, 5), (4, 0), (7, 0), (1001, 6)]
starts = pytest.mark.parametrize(("start", "m"), STARTS_AND_SIZES)


@starts
@pytest.mark.parametrize("size", [1, 2, 10, 65_536, 2**32])
def test_uniform_indices_scale_the_halves_of_words(start, m, size):
    found = sampling.uniform_indices(KEYS, start, m, size)
    expected = [[naive.uniform_index(int(key), start + i, size) for i in range(m)] for key in KEYS]
    assert found.shape == (len(KEYS), m)
    assert found.tolist() == expected


@starts
def test_weighted_indices_look_up_the_upper_53_bits(start, m):
    for weights in ([1.0], [0.25, 0.75], [0.5, 0.0, 0.25, 0.25], [0.0, 1.0, 0.0]):
        last = max(i for i, weight in enumerate(weights) if weight)
        ends = [2**53 if i >= last else int(sum(weights[: i + 1]) * 2**53) for i in range(len(weights))]
        found = sampling.weighted_indices(KEYS, start, m, np.array(ends, dtype=np.uint64))
        assert found.shape == (len(KEYS), m)
        assert found.tolist() == [[naive.weighted_index(int(key), start + i, ends) for i in range(m)] for key in KEYS]


def _windows(top):
    rng = np.random.default_rng(1)
    ends = np.sort(rng.integers(top, size=(len(KEYS), 2), dtype=np.uint64), axis=1)
    ends[0], ends[1], ends[2] = (0, top), (5, 5), (top // 3, top // 3 + top // 20)
    return ends[:, 0].copy(), ends[:, 1].copy()


@pytest.mark.parametrize(("kernel", "twin", "top"), [
    (sampling.half_hits, naive.half_hits, 2**32),
    (sampling.word_hits, naive.word_hits, 2**53),
], ids=["halves", "words"])  # fmt: skip
@pytest.mark.parametrize("m", [0, 1, 2, 3, 7, 8])
@pytest.mark.parametrize("start", [0, 1, 6, 13])
@pytest.mark.parametrize("members", [1, 2, 5])
def test_hits_count_the_members_with_a_draw_in_the_window(kernel, twin, top, m, start, members):
    low, high = _windows(top)
    found = kernel(KEYS, start, m, members, low, high)
    arguments = [(int(key), start, m, members, int(a), int(b)) for key, a, b in zip(KEYS, low, high, strict=True)]
    assert found.tolist() == [twin(*given) for given in arguments]


@pytest.mark.parametrize(("kernel", "top"), [(sampling.half_hits, 2**32), (sampling.word_hits, 2**53)])
def test_the_whole_line_is_always_hit_and_an_empty_window_never(kernel, top):
    nothing, everything = np.zeros(len(KEYS), dtype=np.uint64), np.full(len(KEYS), top, dtype=np.uint64)
    assert (kernel(KEYS, 3, 5, 4, nothing, everything) == 4).all()
    assert (kernel(KEYS, 3, 5, 4, everything, everything) == 0).all()
