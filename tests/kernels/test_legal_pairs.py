"""Lists of legal plants, look-ups among packed rows and draws from stretches, against the definition."""

import numpy as np
import pytest

from backdoor_game.kernels.legal_pairs import count_legal, draw_in_rows, fill_legal, find_rows
from backdoor_game.kernels.packing import pack_rows
from tests.naive.legal_games import legal_plants


@pytest.mark.parametrize(("F", "N", "limit"), [(1, 3, 0.5), (30, 5, 0.3), (20, 70, 0.5), (12, 130, 0.45), (9, 4, 0.0)])
def test_every_legal_plant_is_listed_once_in_order(F, N, limit):
    rng = np.random.default_rng(F)
    labels, weights = rng.integers(2, size=(F, N), dtype=np.uint8), rng.dirichlet(np.ones(N))
    counts, filled = np.zeros((2, N, F), dtype=np.int64)
    for first, last in ((0, F // 2), (F // 2, F)):
        count_legal(pack_rows(labels), weights, limit, first, last, counts)
    starts = np.concatenate([[0], np.cumsum(counts)])
    partners = np.empty(starts[-1], dtype=np.int32)
    for first, last in ((0, F // 3), (F // 3, F)):
        fill_legal(pack_rows(labels), weights, limit, starts, first, last, filled, partners)
    expected = legal_plants(labels.tolist(), weights.tolist(), limit)
    assert counts.shape == (N, F)
    found = {
        (x, f): partners[starts[x * F + f] : starts[x * F + f + 1]].tolist() for x in range(N) for f in range(F)
    }
    assert found == expected


def test_rows_are_found_where_they_stand_and_absent_ones_are_told():
    rng = np.random.default_rng(1)
    labels = rng.integers(2, size=(200, 130), dtype=np.uint8)
    ordered = np.unique(pack_rows(labels), axis=0)
    asked = ordered[rng.integers(len(ordered), size=50)]
    assert (ordered[find_rows(ordered, asked)] == asked).all()
    absent = asked.copy()
    absent[:, -1] ^= np.uint64(2)
    known = {row.tobytes() for row in ordered}
    expected = [row.tobytes() in known for row in absent]
    assert ((find_rows(ordered, absent) >= 0) == expected).all()


def test_draws_follow_the_probabilities_and_leave_the_rest_out():
    starts, chances = np.array([0, 3, 3, 5]), np.array([0.2, 0.0, 0.5, 0.25, 0.75])
    fractions = np.array([0.0, 0.19, 0.2, 0.69, 0.7, 0.99, 0.1, 0.2499, 0.25, 0.9999])
    rows = np.array([0, 0, 0, 0, 0, 0, 1, 2, 2, 2])
    assert draw_in_rows(starts, chances, rows, fractions).tolist() == [0, 0, 2, 2, -1, -1, -1, 3, 4, 4]
