"""Counts of suspicions: exact while few are different; else in order, what is flagged after what is not."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backdoor_game import AllFunctions, BackdoorGame, Shattered, estimate
from backdoor_game.games.measuring import suspicions as module
from backdoor_game.games.measuring.suspicions import MOST, Suspicions
from backdoor_game.ground.curves import auroc
from backdoor_game.players.defenders import BlockDefender


def counted(clean, planted, threshold, blocks=1):
    found = Suspicions()
    for part in np.array_split(np.arange(len(clean)), blocks):
        pair = clean[part], planted[part]
        found.add(*pair, np.stack(pair) >= threshold)
    return found


def area(clean, planted):
    ranked = np.sort(clean)
    below, upto = (np.searchsorted(ranked, planted, side=side) for side in ("left", "right"))
    return float((below + upto).mean() / (2 * len(clean)))


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=60), st.floats(0, 1))
def test_few_suspicions_are_counted_exactly(pairs, threshold):
    clean, planted = np.array(pairs).T
    counts = counted(clean, planted, threshold).counts()
    assert auroc(*counts) == pytest.approx(area(clean, planted), rel=1e-12)
    assert [side.sum() for side in counts] == [len(pairs)] * 2


@pytest.mark.parametrize("blocks", [1, 7, 300])
def test_many_are_rounded_to_as_many_as_are_kept_whatever_the_blocks(blocks, monkeypatch):
    monkeypatch.setattr(module, "PENDING", 1000 if blocks == 300 else module.PENDING)
    rng = np.random.default_rng(1)
    clean, planted = rng.beta(1, 30, 40_000), rng.beta(1.3, 30, 40_000)
    counts = counted(clean, planted, 0.031, blocks).counts()
    whole = counted(clean, planted, 0.031).counts()
    assert all(np.array_equal(one, other) for one, other in zip(counts, whole, strict=True))
    assert MOST // 3 < len(counts[0]) <= MOST
    assert auroc(*counts) == pytest.approx(area(clean, planted), abs=2e-6)


def test_what_decides_is_never_rounded_away():
    """So many different suspicions that .31 and its neighbour share a place; the threshold lies between them."""
    rng = np.random.default_rng(2)
    clean, planted = rng.random(50_000) * 0.31, 0.31 + rng.random(50_000) * 0.69
    clean[0], planted[0] = np.nextafter(0.31, 0), 0.31
    assert auroc(*counted(clean, planted, 0.31, 5).counts()) == 1.0


class Close(BlockDefender):
    """Looks at a label that the game plants, and tells it by a hair's breadth on either side of its threshold."""

    threshold = 0.3

    def suspicion_block(self, view):
        return np.where(view.X[:, 0] == 0, 0.30001, 0.29999)


def test_who_tells_by_a_hair_has_the_whole_area():
    tied = Suspicions()
    tied.add(np.full(50, 0.29999), np.full(50, 0.30001), np.stack([np.zeros(50, bool), np.ones(50, bool)]))
    assert auroc(*tied.counts()) == 1.0
    game = BackdoorGame(AllFunctions(points=4), 0.25)
    found = estimate(game, Shattered(), Close(), rounds=400, seed=1)
    low, high = found.auroc_interval
    assert low <= 0.5 <= high  # x is as often 0 with a plant as without
    assert len(found.roc) == 3
