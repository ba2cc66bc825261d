"""One fault of the engine, of exact play or of a bound at a time: a verdict that `reproduce` prints says FAILS.

What falls for players and detectors stands beside their experiments: test_tightness.py (bounds that are too strong,
thresholds of leaves, votes, keys tried), test_controls_*.py.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from backdoor_game import AllFunctions, AlwaysClean, BackdoorGame, Shattered, bounds, estimate
from backdoor_game.exact.averaging import defender as flag_tables
from backdoor_game.exact.finite import guarantees, legal, optimal
from backdoor_game.exact.responses import hill_climb, worst_attack
from backdoor_game.experiments import exact_values
from backdoor_game.experiments.shared.base import Settings
from backdoor_game.experiments.theorem_4_1 import lower, phase
from backdoor_game.experiments.theorem_5_3 import experiment as theorem_5_3
from backdoor_game.experiments.tightness import experiment, resampling
from backdoor_game.functions import legality
from backdoor_game.players.attackers import shattered
from backdoor_game.players.views.sample import Sample
from tests.experiments.faults import fallen, fell, mutated

FEW = {name: lower.DEFENDERS[name] for name in ("ensemble", "neighbour vote", "always clean")}
COIN = 'coin = (keys["coin"] >> np.uint64(63)).astype(np.uint8)'


@pytest.fixture
def told(monkeypatch, tmp_path):
    """The verdicts of one part of theorem 4.1, with few defenders."""

    def run(module):
        few = FEW if module is lower else {name: FEW[name] for name in phase.DEFENDERS}
        monkeypatch.setattr(module, "DEFENDERS", few)
        return module.run(Settings(output=str(tmp_path), threads=1)).verdicts

    return run


def engine(monkeypatch, old, new, **names):
    monkeypatch.setattr(BackdoorGame, "play", mutated(BackdoorGame.play, old, new, **names))


@pytest.mark.parametrize("module", [lower, phase])
def test_without_a_fault_every_verdict_holds(module, told):
    assert not fallen(told(module))


def test_a_planted_branch_that_shows_a_fresh_input(told, monkeypatch):
    engine(monkeypatch, "np.concatenate([x_clean, x_star])", "np.concatenate([x_clean, x_fresh])")
    fell(told(phase), "below, given a plant, every interval of the ensemble contains what its voters are worth")


def labelled_by(codes):
    """`sample` of a view whose examples are labelled by other functions than the shown ones."""

    def sample(view, m, members=1):
        view.meter.charge(slice(None), examples=m * members)
        start, view._used = view._used, view._used + m * members
        return Sample(view.game.functions, view._oracle, codes, view._oracle_keys, start=start, members=members, m=m)

    return sample


def test_an_oracle_that_labels_by_f_in_both_branches(told, monkeypatch):
    """Neighbours tell: closures are counted by who has seen x, whatever label it had there."""
    old = "self._defend(defender, view, outcome, branch[rows], rows)"
    engine(monkeypatch, old, f"view.sample = labelled_by(f[rows]).__get__(view); {old}", labelled_by=labelled_by)
    fell(told(lower), "not refuted", "from epsilon = 1/d on every interval contains 1/2")


def test_a_coin_that_always_falls_alike_is_seen_where_it_alone_decides(monkeypatch):
    """Both branches of a round are played, so that no win rate of an experiment depends on it: the literal game does.

    `test_a_fair_coin_that_knows_neither_trigger_nor_input_says_which_branch_comes_first` looks at the coin itself.
    """
    game = BackdoorGame(AllFunctions(points=4), 1 / 4)

    def literal():
        found = estimate(game, Shattered(), AlwaysClean(), rounds=2000, literal=True, level=1 - 1e-6)
        return found.low <= 0.5 <= found.high

    assert literal()
    engine(monkeypatch, COIN, "coin = np.zeros(B, dtype=np.uint8)")
    assert not literal()


def test_a_referee_that_accepts_twice_epsilon(told, monkeypatch):
    """Everybody asks one rule; `test_a_plant_beyond_epsilon_is_illegal_and_one_within_is_not` asks the engine alone."""
    count = legality.allowed_count
    for module in (legality, shattered):
        monkeypatch.setattr(module, "allowed_count", lambda epsilon, size: count(2 * epsilon, size))
    fell(told(lower), "always clean attains the curve")


def test_ties_at_epsilon_that_are_illegal(told, monkeypatch):
    monkeypatch.setattr(legality, "COUNT_TIE", -1e-9)
    monkeypatch.setattr(legality, "TIE", -1e-12)
    fell(told(lower), "not refuted", "from epsilon = 1/d on every interval contains 1/2")


def forget():
    """All that exact play keeps from one question to the next."""
    for kept in (legal.legal_game, flag_tables._flag_table, optimal._solved, worst_attack._found, hill_climb._searched):
        kept.cache_clear()


@pytest.fixture
def fresh():
    forget()
    yield
    forget()


def test_a_solver_that_ignores_the_weights_of_d(fresh, monkeypatch):
    """What exact-values says of the shattered set, whose last point is heavy."""

    def off():
        value = exact_values._solved(AllFunctions(points=4), Fraction(1, 8)).shattered.value
        return abs(value - bounds.shattering_bound(4, 1 / 8))

    assert off() <= exact_values.CLOSE
    forget()
    support = legal.support
    monkeypatch.setattr(legal, "support", lambda law: (support(law)[0], np.full_like(support(law)[1], 1 / 4)))
    assert off() > exact_values.CLOSE


def test_a_best_reply_that_takes_the_worst_plant(fresh, monkeypatch):
    worst = mutated(guarantees.best_misses, "np.maximum.reduceat", "np.minimum.reduceat")
    monkeypatch.setattr(guarantees, "best_misses", worst)
    fell(experiment._verdicts(resampling.cases(), 0.0), "Boltzmann: worst cases lose")


@pytest.mark.parametrize("times", [2, 5])
def test_an_oracle_learner_s_bound_that_is_too_strong(times, monkeypatch, tmp_path):
    """Who tries all keys is always right."""
    accuracy = bounds.random_oracle_accuracy
    monkeypatch.setattr(bounds, "random_oracle_accuracy", lambda *given: 0.5 + (accuracy(*given) - 0.5) / times)
    monkeypatch.setattr(theorem_5_3, "DEFENDED", theorem_5_3.DEFENDED[:1])
    monkeypatch.setattr(theorem_5_3, "TRIES", (16,))
    told = theorem_5_3.run(Settings(output=str(tmp_path), threads=1)).verdicts
    fell(told, "no learner's interval lies wholly above")
