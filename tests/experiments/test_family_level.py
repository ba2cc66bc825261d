"""When one experiment runs several, the intervals of all of their lines hold together at the family level."""

from __future__ import annotations

import dataclasses
import json
import math
import pathlib

import pytest

from backdoor_game import CoinFlip
from backdoor_game.experiments.shared.base import Settings, reproduce
from backdoor_game.experiments.theorem_4_1 import lower, phase, upper

PARTS = ("theorem-4.1-lower", "theorem-4.1-upper", "theorem-4.1-phase")


def shortened(cells):
    return [(label, dataclasses.replace(cell, rounds=4096)) for label, cell in cells]


@pytest.fixture(scope="module")
def levels(tmp_path_factory):
    """The level of every line of theorem-4.1, part by part, on a smaller grid and in fewer rounds."""
    folder = tmp_path_factory.mktemp("results")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lower, "DEFENDERS", {"coin flip": CoinFlip()})
        patch.setattr(phase, "DEFENDERS", {phase.VOTERS: CoinFlip()})
        patch.setattr(upper, "EXPONENTS", (5, 6))
        patch.setattr(upper, "hard_cells", lambda settings, cells=upper.hard_cells: shortened(cells(settings)))
        report = reproduce("theorem-4.1", Settings(output=str(folder)))
    points = json.loads(pathlib.Path(report.files[-1]).read_text())["points"]
    return {name: [point["level"] for point in points[name]["cells"]] for name in PARTS}


def test_all_intervals_of_all_parts_hold_together_at_99_per_cent(levels):
    """Each game has streams of its own: the chance that all hold is the product over the lines of all parts."""
    assert all(len(part) >= 15 for part in levels.values())
    assert math.prod(level for part in levels.values() for level in part) == pytest.approx(0.99, abs=1e-12)


def test_each_part_has_a_third_of_the_family_and_each_of_its_lines_an_equal_share(levels):
    for part in levels.values():
        assert part == [pytest.approx(0.99 ** (1 / 3 / len(part)), abs=1e-12)] * len(part)
