"""Each verdict of price-of-information falls for a fault in the program, in what is said to be seen or in a learner."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest
from scipy.sparse import csr_array

from backdoor_game import BackdoorGame, BoltzmannResampling, Intervals, OptimalDefender, Uniform
from backdoor_game.experiments.price_of_information import axis, experiment, learners, shown
from backdoor_game.experiments.shared.base import Settings
from backdoor_game.games.observations import Blind, Examples, Queries
from tests.experiments.faults import fallen

FEW = ("thresholds", "intervals")


@pytest.fixture(autouse=True)
def small(monkeypatch):
    for label in set(axis.GAMES) - set(FEW):
        monkeypatch.delitem(axis.GAMES, label)
    for module in (experiment, learners, shown):
        monkeypatch.setattr(module, "LEARNED", FEW)
    monkeypatch.setattr(learners, "LABELS", (2, 4))
    monkeypatch.setitem(axis.GAMES, "intervals", BackdoorGame(Intervals(points=5), 1 / 5, Uniform()))
    monkeypatch.setattr(experiment, "draw", lambda *_: ())


def verdicts(folder):
    return experiment.run(Settings(output=str(folder))).verdicts


def test_all_hold_on_two_classes(tmp_path):
    assert fallen(verdicts(tmp_path)) == []


def test_ends_that_are_apart_are_no_proof(monkeypatch, tmp_path):
    solve = experiment.solve

    def apart(game, **how):
        found = solve(game, **how)
        return replace(found, lower=found.lower - 1e-5)

    monkeypatch.setattr(experiment, "solve", apart)
    assert fallen(verdicts(tmp_path))[0] == "every value is proved from both sides"


def solved_for(monkeypatch, another):
    """`solve` for another observation than it is asked for."""
    solve = experiment.solve
    monkeypatch.setattr(experiment, "solve", lambda game, sees: solve(game, sees=another(sees)))


@dataclass(frozen=True, repr=False)
class Untied(Examples):
    """Examples whose symbols tell functions apart that no label tells apart."""

    def kernel(self, functions, codes, points, weights):
        tied = super().kernel(functions, codes, points, weights).tocoo()
        apart = tied.col * len(codes) + tied.row % len(codes)
        return csr_array((tied.data, (tied.row, apart)), shape=(tied.shape[0], tied.shape[1] * len(codes)))


def test_symbols_that_are_not_tied_are_neither_known_values_nor_in_order(monkeypatch, tmp_path):
    solved_for(monkeypatch, lambda sees: Untied(sees.m, sees.label) if isinstance(sees, Examples) else sees)
    told = fallen(verdicts(tmp_path))
    assert told == ["who sees no more wins no more", "thresholds on 10 points at 1/5: the values of THEORY"]


def test_examples_that_show_a_label_that_they_do_not_own_up_to_are_out_of_order(monkeypatch, tmp_path):
    solved_for(monkeypatch, lambda sees: replace(sees, label=True) if isinstance(sees, Examples) else sees)
    assert "who sees no more wins no more" in fallen(verdicts(tmp_path))


def test_queries_that_are_not_all_asked_are_out_of_order(monkeypatch, tmp_path):
    solved_for(monkeypatch, lambda sees: Queries(0) if isinstance(sees, Queries) else sees)
    assert fallen(verdicts(tmp_path)) == ["who sees no more wins no more"]


def test_a_defender_that_sees_more_than_is_said_wins_more_than_that_allows(monkeypatch, tmp_path):
    tell = learners.information
    blind = BoltzmannResampling
    monkeypatch.setattr(learners, "information", lambda one: Blind() if isinstance(one, blind) else tell(one))
    assert fallen(verdicts(tmp_path)) == ["no shipped defender wins more than what it sees allows"]


def test_a_learner_that_makes_the_most_of_its_examples_is_not_far_from_optimal(monkeypatch, tmp_path):
    best = OptimalDefender(sees=Examples(4))
    monkeypatch.setattr(learners, "SHIPPED", (*learners.SHIPPED, best))
    tell = learners.information
    monkeypatch.setattr(learners, "information", lambda one: one.sees if hasattr(one, "sees") else tell(one))
    assert fallen(verdicts(tmp_path)) == [
        "2 d examples at best use win more than every learner with any number of them"
    ]


def test_without_a_value_nothing_holds():
    told = experiment.verdicts([], [], [])
    assert len(fallen(told)) == len(told) == 5
