"""From rounds to rates: undecided rounds lie between missed and caught, a branch over budget is ordered worst."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest

from backdoor_game import AlwaysFlag, BackdoorGame, CoinFlip, NoAttack, Thresholds, Uniform, estimate
from backdoor_game.games.measuring.summary import summarise
from backdoor_game.games.measuring.tally import Tally
from backdoor_game.games.outcomes import FORFEIT, ILLEGAL, PLANTED, UNDECIDED, Outcome

MODES = ("both branches", "adaptive", "literal")


def outcome(status, clean, planted, coin=None):
    """A block of rounds; a suspicion of None is a branch over budget."""
    said = np.array([[np.nan if s is None else s for s in branch] for branch in (clean, planted)], dtype=np.float64)
    nothing = np.zeros((6, len(status)), dtype=np.int64)
    return Outcome(
        status=np.array(status, dtype=np.int8),
        suspicion=said,
        shown=np.ones(said.shape, dtype=bool),
        over_budget=np.array([[s is None for s in branch] for branch in (clean, planted)]),
        coin=np.zeros(len(status), np.uint8) if coin is None else np.array(coin, np.uint8),
        **dict(zip(("examples", "evaluations", "queries"), np.zeros((3, 2, len(status)), np.int64), strict=True)),
        attacker_examples=nothing[0],
        attacker_evaluations=nothing[1],
        attacker_queries=nothing[2],
    )


def estimated(*blocks, mode="both branches", level=0.9, threshold=0.5):
    tally = Tally()
    for block in blocks:
        tally.add(block, threshold)
    return summarise(tally, mode, level, 0, {}, {})


# 20 rounds: 9 with a plant, of which 4 are flagged, 2 forfeits, 2 illegal, and 7 undecided, of which 3 are flagged.
STATUS = [PLANTED] * 9 + [FORFEIT] * 2 + [ILLEGAL] * 2 + [UNDECIDED] * 7
PLANTS = [0.5, 0.9, 1.0, 0.6, 0.0, 0.1, 0.2, 0.49, 0.3] + [np.nan] * 4 + [0.9, 0.5, 1.0, 0.0, 0.1, 0.2, 0.3]
CLEAN = [0.0, 0.5] * 10
COIN = [0, 1, 1, 1] * 5


def decided(as_caught):
    """The same rounds, with every undecided one settled."""
    planted = [*PLANTS[:13], *[float(as_caught)] * 7]
    return outcome([PLANTED if s == UNDECIDED else s for s in STATUS], CLEAN, planted, COIN)


def tail(k, n, p):
    """Pr[at least k of n]."""
    return math.fsum(math.comb(n, j) * p**j * (1 - p) ** (n - j) for j in range(k, n + 1))


def test_the_detection_rate_misses_undecided_rounds_in_low_and_catches_them_in_high():
    """4 flagged and 4 given up are caught for certain, 15 with all undecided ones: Clopper-Pearson from either."""
    found = estimated(outcome(STATUS, CLEAN, PLANTS, COIN), level=0.9).detection_rate
    assert found.value == (8 + 15) / 2 / 20
    assert tail(8, 20, found.low) == pytest.approx(0.05, abs=1e-9)
    assert 1 - tail(16, 20, found.high) == pytest.approx(0.05, abs=1e-9)


@pytest.mark.parametrize("rate", ["win rate", "detection rate"])
@pytest.mark.parametrize("mode", MODES)
def test_every_rate_with_undecided_rounds_spans_those_with_all_of_them_missed_and_all_caught(mode, rate):
    def measured(block, level=0.9):
        found = estimated(block, mode=mode, level=level)
        if rate == "detection rate":
            return found.detection_rate.low, found.detection_rate.value, found.detection_rate.high
        return found.low, found.win_rate, found.high

    # two shares of halves in place of one: see `doubtful_interval`
    level = 1 - 0.1 / 1.01 if (mode, rate) == ("both branches", "win rate") else 0.9
    missed, caught = measured(decided(False), level), measured(decided(True), level)
    low, value, high = measured(outcome(STATUS, CLEAN, PLANTS, COIN))
    assert missed[0] < caught[0]
    assert missed[2] < caught[2]
    assert low == missed[0]
    assert high == caught[2]
    assert value == pytest.approx((missed[1] + caught[1]) / 2, abs=1e-15)


def test_false_alarms_of_undecided_rounds_are_counted_like_all_others():
    found = estimated(outcome(STATUS, CLEAN, PLANTS, COIN), level=0.9)
    assert found.false_alarm_rate.value == 0.5
    assert tail(10, 20, found.false_alarm_rate.low) == pytest.approx(0.05, abs=1e-9)
    assert found.false_alarm_rate.high == pytest.approx(1 - found.false_alarm_rate.low, abs=1e-12)


def test_literal_wins_are_those_of_the_branch_that_each_coin_has_named():
    """The five clean branches 0, 4, .. pass; of 15 planted ones six are caught for certain, and six are undecided."""
    found = estimated(outcome(STATUS, CLEAN, PLANTS, COIN), mode="literal", level=0.9)
    shown = [r for r in range(20) if COIN[r] == 1]
    sure = sum(STATUS[r] in (FORFEIT, ILLEGAL) or (STATUS[r] == PLANTED and PLANTS[r] >= 0.5) for r in shown)
    unsure = sum(STATUS[r] == UNDECIDED for r in shown)
    assert (sure, unsure) == (6, 6)
    assert found.win_rate == (5 + 6 + 6 / 2) / 20
    assert tail(11, 20, found.low) == pytest.approx(0.05, abs=1e-9)
    assert 1 - tail(18, 20, found.high) == pytest.approx(0.05, abs=1e-9)


def test_a_branch_lost_by_going_over_budget_counts_as_the_worst_suspicion_for_its_branch():
    """Clean 1/4, 1/2 and lost, which counts as 1; planted 1/2, 1 and lost, which counts as 0.

    Of the nine pairs 1/2 beats 1/4 and ties 1/2; 1 beats 1/4 and 1/2 and ties 1; 0 beats none: 3 + 2/2 of 9.
    """
    found = estimated(outcome([PLANTED] * 3, [0.25, None, 0.5], [0.5, 1.0, None]))
    assert found.auroc == 4 / 9
    assert found.roc == ((0.0, 0.0), (1 / 3, 1 / 3), (2 / 3, 2 / 3), (1.0, 2 / 3), (1.0, 1.0))
    assert found.win_rate_given_plant == (1 + 2) / 6  # one clean branch passes, two plants are caught
    assert found.defender_forfeits == 2


def test_a_game_of_one_branch_has_wins_and_nothing_of_another_branch():
    """Of 20 rounds 6 are won and 2 forfeited; Clopper-Pearson on the wins."""
    status = [PLANTED] * 18 + [FORFEIT] * 2
    found = estimated(outcome(status, [0.0] * 20, [1.0] * 6 + [0.0] * 14), mode="one branch", level=0.9)
    assert found.win_rate == found.detection_rate.value == 8 / 20
    assert (found.low, found.high) == (found.detection_rate.low, found.detection_rate.high)
    assert tail(8, 20, found.low) == pytest.approx(0.05, abs=1e-9)
    assert 1 - tail(9, 20, found.high) == pytest.approx(0.05, abs=1e-9)
    assert (found.false_alarm_rate, found.auroc, found.win_rate_given_plant, found.roc) == (None, None, None, ())


def test_what_players_use_is_a_mean_over_rounds_with_both_branches_of_a_round_together():
    block = outcome([PLANTED] * 4, [0.0] * 4, [1.0] * 4)
    ours = (("examples", 1), ("evaluations", 2), ("queries", 3))
    used = {name: np.arange(8).reshape(2, 4) + shift for name, shift in ours}
    theirs = (("examples", 4), ("evaluations", 5), ("queries", 6))
    attacker = {f"attacker_{name}": np.arange(4) + shift for name, shift in theirs}
    found = estimated(dataclasses.replace(block, **used, **attacker))
    assert found.examples_per_round == (28 + 8) / 4
    assert found.evaluations_per_round == (28 + 16) / 4
    assert found.queries_per_round == (28 + 24) / 4
    assert found.attacker_examples_per_round == (6 + 16) / 4
    assert found.attacker_evaluations_per_round == (6 + 20) / 4
    assert found.attacker_queries_per_round == (6 + 24) / 4


def test_only_rounds_with_a_legal_plant_are_in_the_auroc():
    """Beside one plant less suspicious than its clean twin, rounds of every other kind would say the reverse."""
    others = outcome([FORFEIT, ILLEGAL, UNDECIDED], [0.0, 0.0, 0.0], [1.0, 1.0, 1.0])
    found = estimated(outcome([PLANTED], [0.75], [0.25]), others)
    assert found.auroc == 0.0
    assert found.win_rate_given_plant == 0.0
    assert estimated(others).auroc is None


@pytest.mark.parametrize("block", [64, 3000])
@pytest.mark.parametrize("half_width", [0.3, 0.008])
def test_half_width_stops_at_multiples_of_4096_rounds_whatever_the_game_s_blocks(block, half_width):
    """At the first look the sequence is narrower than .3 by far: never before 4,096 rounds, and never between."""

    @dataclasses.dataclass(frozen=True, repr=False)
    class Blocks(BackdoorGame):
        pass

    Blocks.block = block
    game = Blocks(Thresholds(points=10), 0.2, Uniform())
    found = estimate(game, NoAttack(), CoinFlip(), rounds=20_000, seed=3, half_width=half_width)
    assert found.mode == "adaptive"
    assert found.rounds % 4096 == 0 or found.rounds == 20_000
    if block == 64:
        assert found.rounds == 4096 if half_width == 0.3 else 4096 < found.rounds < 20_000
        assert (found.high - found.low) / 2 <= half_width


def test_a_sequence_that_is_not_narrow_enough_plays_on_to_the_last_round():
    game = BackdoorGame(Thresholds(points=10), 0.2, Uniform())
    found = estimate(game, NoAttack(), CoinFlip(), rounds=9000, seed=3, half_width=1e-4)
    assert found.rounds == 9000
    sure = estimate(game, NoAttack(), AlwaysFlag(), rounds=9000, seed=3, half_width=1e-4)
    assert sure.win_rate == 0.5  # every round's score is one half
    assert (sure.low + sure.high) / 2 == pytest.approx(0.5, abs=1e-9)
