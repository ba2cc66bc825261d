"""What the checks of function classes say, and what they let pass."""

from __future__ import annotations

import re

import numpy as np
import pytest

from backdoor_game import BackdoorGame, Explicit, FunctionClass, Intervals, InvalidArgument, Thresholds, Uniform
from backdoor_game.testing import check_function_class
from tests.testing import faulty_classes


def result(functions, name):
    (found,) = [result for result in check_function_class(functions) if result.name == name]
    return found


class TwoCodes(faulty_classes.Sound):
    """t and t + 7 stand for the same function."""

    samples_uniformly = True
    distance, nearest = FunctionClass.distance, FunctionClass.nearest
    proposal_block = FunctionClass.proposal_block

    def evaluate(self, codes, X):
        return super().evaluate(codes % (self.points + 1), X)

    def sample(self, rng):
        return rng.integers(2 * (self.points + 1), size=1)

    def contains(self, codes):
        return (codes[:, 0] >= 0) & (codes[:, 0] < 2 * (self.points + 1))

    def enumerate(self):
        return np.arange(2 * (self.points + 1))[:, None]


@pytest.mark.parametrize("functions", [Explicit(["0011", "0011", "0101"]), TwoCodes()], ids=str)
def test_two_codes_may_stand_for_one_function(functions):
    assert [found for found in check_function_class(functions) if found.status == "failed"] == []


def test_a_class_without_a_list_is_told_so_and_its_vc_dimension_is_bounded_from_below():
    found = result(Intervals(), "vc_dimension_is_right")
    assert found.status == "skipped"
    assert found.reason.startswith("it cannot be enumerated: no larger shattered set was found")
    assert result(Intervals(), "labelings_are_restrictions").reason == "it cannot be enumerated"
    assert "vc_dimension is 0, but its members shatter" in result(faulty_classes.TooPoor(), found.name).reason


def test_a_nearest_member_that_is_not_is_told_with_f_and_x():
    near = result(faulty_classes.NobodyIsNear(), "nearest_is_nearest").reason
    assert re.fullmatch(r"nearest\(\) is not the nearest: off by inf for f = \[\d\] and x = \[\d\]", near)
    far = result(faulty_classes.AnyOther(points=200), "nearest_is_nearest").reason
    assert far.startswith("nearest() is not the nearest to f = [")


def test_games_of_other_classes_alone_are_refused():
    here, there = (BackdoorGame(Thresholds(points=points), 0.2, Uniform()) for points in (4, 5))
    with pytest.raises(InvalidArgument, match=r"games must be on the class that is checked, Thresholds\(points=4\)"):
        check_function_class(here.functions, there)
    found = check_function_class(here.functions, [there, here])
    assert [result for result in found if result.status == "failed"] == []
