"""What is said of points that are none."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from backdoor_game import InvalidArgument
from backdoor_game.spaces.domains import Bits, Domain, Grid, Reals


@dataclasses.dataclass(frozen=True, repr=False)
class Sphere(Domain):
    """Vectors of length 1: no coordinate is to blame alone."""

    n = 12
    dtype = np.float64
    size = None

    def contains(self, X):
        return np.abs((X**2).sum(axis=-1) - 1) < 1e-9


def at(n, places, value, dtype=np.float64):
    point = np.full(n, 1, dtype)
    point[places] = value
    return point


@pytest.mark.parametrize(("domain", "point", "told"), [
    (Reals(dimension=3), [0.0, np.nan, 1.0], "got [0.0, nan, 1.0]"),
    (Reals(dimension=1024), at(1024, [700, 900], np.nan), "got nan in coordinate 700"),
    (Reals(dimension=9), at(9, [0], -np.inf), "got -inf in coordinate 0"),
    (Reals(dimension=9), at(9, [8], np.inf), "got inf in coordinate 8"),
    (Bits(count=4096), at(4096, [4095], 7, np.uint8), "got 7 in coordinate 4095"),
    (Grid(side=3, dimension=10), at(10, [4, 6], -1, np.int64), "got -1 in coordinate 4"),
    (Sphere(), np.full(12, 0.5), "got [0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, ..]"),
], ids=str)  # fmt: skip
def test_of_a_long_point_outside_the_first_wrong_coordinate_is_named(domain, point, told):
    with pytest.raises(InvalidArgument) as caught:
        domain.checked(np.stack([np.asarray(point)] * 2))
    assert str(caught.value).endswith(told)
    assert len(str(caught.value)) < 150
