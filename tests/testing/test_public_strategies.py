"""The public Hypothesis strategies: valid values of every kind, small ones first, and examples that run."""

from __future__ import annotations

import dataclasses
import doctest
import importlib
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import find, given, settings
from hypothesis import strategies as st

from backdoor_game import (
    BackdoorGame,
    Bits,
    Domain,
    Finite,
    FunctionClass,
    GateNetworks,
    Grid,
    MissingCapability,
    Reals,
    Thresholds,
    Uniform,
    Union,
    catalog,
)
from backdoor_game.functions.table import has_table
from backdoor_game.ground.spec import parse, text
from backdoor_game.players.views import DefenderView
from backdoor_game.testing import distributions, function_classes, games, views
from tests.functions.examples import TRAINED

DOMAINS = [Finite(1), Finite(4), Finite(1000), Grid(3, 2), Bits(3), Reals(2), Union([Finite(2), Bits(2)])]
run = settings(max_examples=60, database=None, derandomize=True, deadline=None)


@run
@given(functions=function_classes())
def test_a_drawn_class_is_read_back_from_its_spec_and_has_members(functions):
    assert parse(text(functions), catalog.resolve) == functions
    assert functions.contains(functions.sample_block(np.arange(3, dtype=np.uint64))).all()


@run
@given(functions=function_classes(finite=True))
def test_a_finite_class_can_be_tried_as_a_whole(functions):
    assert has_table(functions)
    assert functions.count() <= 37**2  # two classes of all boxes on a grid of 3 x 3


@pytest.mark.parametrize("domain", DOMAINS, ids=str)
def test_a_drawn_distribution_draws_points_of_its_domain(domain):
    @run
    @given(law=distributions(domain))
    def holds(law):
        assert law.on(domain) == law
        assert domain.contains(law.sample_block(np.arange(3, dtype=np.uint64), 0, 4)).all()

    holds()


@run
@given(law=distributions())
def test_a_distribution_without_a_domain_brings_its_own(law):
    assert parse(text(law), catalog.resolve) == law
    assert len(law.sample(3, np.random.default_rng(0))) == 3


@run
@given(game=games())
def test_a_drawn_game_is_read_back_from_its_spec(game):
    assert parse(text(game), catalog.resolve) == game
    assert 0 <= game.epsilon <= 1


@run
@given(game=games(st.just(Thresholds(points=3)), fixed=False))
def test_a_game_may_be_asked_for_on_a_class_and_without_a_distribution(game):
    assert game.functions == Thresholds(points=3)
    assert game.distribution is None


@run
@given(view=views())
def test_a_view_shows_a_function_of_the_game_at_a_point(view):
    assert isinstance(view, DefenderView)
    assert view.game.functions.contains(view.f.code[None]).all()
    assert view.game.functions.domain.contains(view.x[None]).all()
    X, y = view.examples(3)
    np.testing.assert_array_equal(y, view.f(X))


def test_every_shipped_kind_of_class_is_found():
    quick = settings(max_examples=2000, database=None, derandomize=True)
    trained = {type(example.functions) for example in TRAINED} | {GateNetworks}
    assert len(trained) == 7
    for cls in set(catalog.shipped("functions").values()) - trained:
        assert isinstance(find(function_classes(), lambda f, cls=cls: type(f) is cls, settings=quick), FunctionClass)


def test_the_smallest_values_are_the_simplest():
    quick = settings(max_examples=2000, database=None, derandomize=True)
    assert find(function_classes(), lambda f: True, settings=quick) == Thresholds(points=1)
    assert find(games(), lambda game: True, settings=quick) == BackdoorGame(Thresholds(points=1), 0, Uniform())
    found = find(games(), lambda game: game.functions.domain.size == 3 and game.epsilon > 0, settings=quick)
    assert found == BackdoorGame(Thresholds(points=3), 1 / 3, Uniform())
    assert find(distributions(Finite(4)), lambda law: True, settings=quick) == Uniform().on(Finite(4))


@pytest.mark.parametrize("module", ["strategies", "batteries", "variant_batteries", "parametrize"])
def test_the_examples_in_the_docstrings_run(module):
    found = doctest.testmod(importlib.import_module(f"backdoor_game.testing.{module}"))
    assert found.failed == 0
    assert found.attempted >= 3


@dataclasses.dataclass(frozen=True, repr=False)
class Clock(Domain):
    """An outsider's domain: hours, or all moments."""

    hours: int | None = 12
    n, dtype = 1, np.int64
    size = property(lambda self: self.hours)

    def contains(self, X):
        return (X[..., 0] >= 0) & (X[..., 0] < (self.hours or np.inf))

    def _points(self):
        return np.arange(self.hours)[:, None]


def test_on_an_outsider_s_domain_there_are_atoms_where_it_lists_its_points_and_else_a_refusal():
    law = find(distributions(Clock()), lambda law: len(law.points) == 2, settings=settings(database=None))
    assert Clock().contains(law.sample(5, np.random.default_rng(0))).all()
    with pytest.raises(MissingCapability, match="no distribution is known on"):
        distributions(Clock(hours=None))


def test_importing_the_kit_loads_neither_hypothesis_nor_pytest():
    code = "import sys, backdoor_game.testing as t; t.check_names; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert "backdoor_game.testing.batteries" in loaded
    assert not {"hypothesis", "pytest", "numba", "scipy"} & set(loaded)
