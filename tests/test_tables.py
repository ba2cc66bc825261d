"""Aligned columns."""

import pytest

from backdoor_game.ground.columns import aligned, pairs


def test_numbers_stand_to_the_right_with_their_points_in_line():
    lines = aligned(("name", "x", "n"), [("a", 0.03125, 7), ("bcd", 0.5, 1000), ("e", None, None)]).splitlines()
    assert lines == [
        "name        x     n",
        "----  -------  ----",
        "a     0.03125     7",
        "bcd   0.50000  1000",
        "e           -     -",
    ]


def test_numerals_in_texts_stand_to_the_right_too():
    assert aligned(("epsilon",), [("1/32",), ("1/2",)]).splitlines()[2:] == ["   1/32", "    1/2"]


def test_very_large_and_very_small_numbers_are_shown_in_scientific_notation():
    assert aligned(("x",), [(1e-9,), (0.5,)]).splitlines()[2:] == ["1e-09", "  0.5"]


def test_a_table_without_rows_is_its_header():
    assert aligned(("a", "bc"), []) == "a  bc\n-  --"


def test_rows_of_another_length_than_the_header_are_refused():
    with pytest.raises(ValueError, match="as long as"):
        aligned(("a", "b"), [(1,)])


def test_pairs_stand_in_two_columns():
    lines = pairs([("win rate", 0.51239), ("fair", True), ("auroc", None)]).splitlines()
    assert lines == ["win rate  0.5124", "fair      yes", "auroc     -"]
