"""The level of each of many intervals: Sidak over games, whose rounds are independent, Bonferroni within one game."""

from __future__ import annotations

import math

import pytest

from backdoor_game.ground.statistics import line_level, simultaneous_level


@pytest.mark.parametrize("level", [0.5, 0.95, 0.99])
def test_lines_of_different_games_hold_together_by_a_product_and_those_of_one_game_by_a_sum(level):
    assert line_level(["a", "b", "c"], level) ** 3 == pytest.approx(level, abs=1e-12)
    assert line_level(["a", "b", "c"], level) == pytest.approx(simultaneous_level(level, 3), abs=1e-15)
    assert 1 - 4 * (1 - line_level(["a"] * 4, level)) == pytest.approx(level, abs=1e-12)
    assert line_level(["a"], level) == pytest.approx(level, abs=1e-15)


@pytest.mark.parametrize("counts", [(1,), (3,), (1, 2), (2, 2, 2), (5, 1, 1, 1)])
def test_whatever_depends_on_what_within_a_game_all_lines_hold_at_the_level(counts):
    """The chance that all lines of a game hold is at least one minus the sum of their errors; games multiply."""
    games = [f"game {number}" for number, count in enumerate(counts) for _ in range(count)]
    each = line_level(games, 0.99)
    together = math.prod(1 - count * (1 - each) for count in counts)
    assert together >= 0.99 - 1e-12
    if len(set(counts)) == 1:
        assert together == pytest.approx(0.99, abs=1e-12)
