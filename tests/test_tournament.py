"""Tournaments: the numbers of `estimate`, intervals that hold together, rankings, refusals, exact play and files."""

from __future__ import annotations

import csv
import dataclasses
import io
import itertools
import json
import math
import pathlib

import pytest

from backdoor_game import (
    AllFunctions,
    AlwaysClean,
    AlwaysFlag,
    Attacker,
    BackdoorGame,
    BoltzmannResampling,
    CoinFlip,
    ContractError,
    Defender,
    DistillationEnsemble,
    Halfspaces,
    InvalidArgument,
    MissingCapability,
    NearestLegal,
    NoAttack,
    OptimalAttacker,
    OptimalDefender,
    Pairing,
    RandomLegal,
    Shattered,
    StandardNormal,
    Thresholds,
    Uniform,
    estimate,
    tournament,
)
from backdoor_game.ground.spec import text
from backdoor_game.ground.statistics import line_level
from backdoor_game.tournaments.ranking import rank_attackers, rank_defenders

LINE = BackdoorGame(Thresholds(points=10), 0.1, Uniform())
CUBE = BackdoorGame(AllFunctions(points=4), "1/4", Uniform())
OPEN = BackdoorGame(AllFunctions(points=4), "1/4")
CONTROLS = (AlwaysFlag(), CoinFlip(), AlwaysClean())

# On LINE a threshold moves by one step: of the 11 * 10 pairs (f, x*) 9 * 2 + 2 let it cross x*, the others forfeit.
PLANTED = 20 / 110
EXACT = {
    ("NoAttack()", "AlwaysClean()"): 1.0,
    ("NoAttack()", "AlwaysFlag()"): 0.5,
    ("NoAttack()", "CoinFlip()"): 0.75,
    ("NearestLegal()", "AlwaysClean()"): 1 - PLANTED / 2,
    ("NearestLegal()", "AlwaysFlag()"): 0.5,
    ("NearestLegal()", "CoinFlip()"): 0.25 + (1 - PLANTED / 2) / 2,
}


@dataclasses.dataclass(frozen=True)
class Notes(Attacker):
    """Notes every trigger under its name, and forfeits."""

    name: str = ""

    def plant(self, view, rng):
        SEEN.setdefault(self.name, []).append(tuple(view.x_star))


@dataclasses.dataclass(frozen=True)
class Works(Defender):
    """Notes that it was asked."""

    def suspicion(self, view, rng):
        SEEN.setdefault("asked", []).append(1)
        return 0.0


@dataclasses.dataclass(frozen=True)
class Refuses(Defender):
    """Can play no game, and says so when it is prepared."""

    def prepare(self, game):
        SEEN.setdefault("refused", []).append(len(SEEN.get("asked", [])))
        raise MissingCapability("Refuses() plays nothing")

    def suspicion(self, view, rng):
        raise AssertionError


@dataclasses.dataclass(frozen=True)
class Breaks(Defender):
    """Breaks its contract before the first round."""

    def prepare(self, game):
        return 1 / 0

    def suspicion(self, view, rng):
        raise AssertionError


@dataclasses.dataclass(frozen=True)
class Coin(Defender):
    """Flags by a coin of its own, which exact methods can only sample."""

    def suspicion(self, view, rng):
        return float(rng.random() < 0.5)


SEEN: dict[str, list] = {}


@pytest.fixture(autouse=True)
def _forget():
    SEEN.clear()


# Numbers


def test_every_number_is_that_of_estimate_at_the_joint_level():
    attackers, defenders = [NoAttack(), RandomLegal()], [CoinFlip(), BoltzmannResampling()]
    found = tournament([LINE, CUBE], attackers, defenders, rounds=500, seed=7, level=0.9, exact=False)
    level = 1 - (1 - 0.9**0.5) / 4  # Sidak over two games, Bonferroni over four pairs each
    assert len(found.pairs) == 8
    for game in (LINE, CUBE):
        for attacker in attackers:
            for defender in defenders:
                pair = found.pair(text(attacker), text(defender), text(game))
                alone = estimate(game, attacker, defender, rounds=500, seed=7, level=level, scale=False)
                assert pair.estimate == alone
                assert pair.refusal is None


def test_the_same_tournament_gives_the_same_numbers_on_any_number_of_threads():
    def run(threads):
        return tournament(
            CUBE, NearestLegal(), [DistillationEnsemble(), CoinFlip()], rounds=9000, seed=3, threads=threads
        )

    one = run(1)
    assert run(2) == one == run(None)
    assert run(None).to_dict() == one.to_dict()


def test_all_pairs_of_a_game_meet_the_same_triggers():
    tournament(CUBE, [Notes("a"), Notes("b")], [CoinFlip(), AlwaysClean()], rounds=40, seed=5, exact=False)
    assert len(SEEN["a"]) == 40, "an attacker plants once for all its defenders"
    assert SEEN["a"] == SEEN["b"]
    assert len(set(SEEN["a"])) == 4


def test_the_order_in_which_players_are_named_changes_no_number():
    one = tournament(LINE, [NoAttack(), NearestLegal()], CONTROLS, rounds=400, exact=False, seed=0)
    two = tournament(LINE, [NearestLegal(), NoAttack()], CONTROLS[::-1], rounds=400, exact=False, seed=0)
    assert sorted(one.pairs, key=repr) == sorted(two.pairs, key=repr)


def test_the_rates_of_controls_lie_in_their_simultaneous_intervals():
    found = tournament(LINE, [NoAttack(), NearestLegal()], CONTROLS, rounds=20_000, seed=2, level=0.999)
    assert len(found.pairs) == len(EXACT)
    for pair in found.pairs:
        assert pair.estimate.low <= EXACT[pair.attacker, pair.defender] <= pair.estimate.high
        assert pair.estimate.high - pair.estimate.low < 0.04


# Rankings


def test_controls_stand_in_the_order_of_their_exact_worst_cases():
    found = tournament(LINE, [NoAttack(), NearestLegal()], CONTROLS, rounds=20_000, seed=2, level=0.999)
    assert [one.player for one in found.defender_ranking] == ["AlwaysClean()", "CoinFlip()", "AlwaysFlag()"]
    assert [one.player for one in found.attacker_ranking] == ["NearestLegal()", "NoAttack()"]
    for ranking, side, extreme in ((found.defender_ranking, 1, min), (found.attacker_ranking, 0, max)):
        for one in ranking:
            rates = [rate for pair, rate in EXACT.items() if pair[side] == one.player]
            assert one.worst.low <= extreme(rates) <= one.worst.high
            assert one.mean.low <= sum(rates) / len(rates) <= one.mean.high
            assert one.place == one.place_by_mean
            assert (one.played, one.refused, one.on) == (len(rates), 0, text(LINE))
    first = found.defender_ranking[0]
    assert (first.against, found.attacker_ranking[1].against) == ("NearestLegal()", "AlwaysClean()")


@pytest.fixture(scope="module")
def measured():
    """Makes a pair with a win rate of one's own."""
    base = estimate(CUBE, NoAttack(), CoinFlip(), rounds=10, seed=0)

    def made(game, attacker, defender, rate):
        if rate is None:
            return Pairing(game, attacker, defender, None, "cannot")
        changed = dataclasses.replace(base, win_rate=rate, low=rate - 0.02, high=rate + 0.01)
        return Pairing(game, attacker, defender, changed)

    return made


def table(measured, rates):
    """Pairs of one game from {(attacker, defender): rate}."""
    return [measured("G", *names, rate) for names, rate in rates.items()]


def places(ranking):
    return [(one.player, one.place, one.place_by_mean) for one in ranking]


def test_worst_case_and_mean_rank_differently_where_they_should(measured):
    pairs = table(
        measured,
        {("a", "even"): 0.6, ("b", "even"): 0.6, ("a", "sharp"): 0.99, ("b", "sharp"): 0.5,
         ("a", "poor"): 0.55, ("b", "poor"): 0.55},
    )  # fmt: skip
    ranking = rank_defenders(["sharp", "poor", "even"], pairs)
    assert places(ranking) == [("even", 1, 2), ("poor", 2, 3), ("sharp", 3, 1)]
    assert (ranking[2].worst.value, ranking[2].against, ranking[2].on) == (0.5, "b", "G")
    assert ranking[2].worst.low == pytest.approx(0.48)
    assert ranking[2].worst.high == pytest.approx(0.51)
    assert ranking[2].mean.value == pytest.approx(0.745)
    # An attacker is the better the less the defender wins: a's worst is .99 and its mean .713; b's .6 and .55.
    assert places(rank_attackers(["a", "b"], pairs)) == [("b", 1, 1), ("a", 2, 2)]


def test_the_interval_of_a_worst_case_is_that_of_the_extremes_not_of_one_pair(measured):
    base = measured("G", "a", "d", 0.5)
    low = dataclasses.replace(base.estimate, win_rate=0.5, low=0.45, high=0.55)
    wide = dataclasses.replace(base.estimate, win_rate=0.52, low=0.40, high=0.64)
    pairs = [dataclasses.replace(base, estimate=low), dataclasses.replace(base, attacker="b", estimate=wide)]
    (one,) = rank_defenders(["d"], pairs)
    assert (one.worst.value, one.worst.low, one.worst.high) == (0.5, 0.40, 0.55)


def between(measured, player, low, high, exact=None):
    """A pair of this defender whose interval has these ends."""
    base = measured("G", "a", player, (low + high) / 2)
    return dataclasses.replace(base, estimate=dataclasses.replace(base.estimate, low=low, high=high), exact=exact)


def test_a_place_changes_when_an_interval_no_longer_overlaps_the_one_above(measured):
    first = between(measured, "first", 0.7, 0.9)
    for high, place in ((0.75, 1), (0.7, 1), (0.69, 2)):
        pairs = [first, between(measured, "second", 0.5, high)]
        for named in (["first", "second"], ["second", "first"]):
            assert places(rank_defenders(named, pairs)) == [("first", 1, 1), ("second", place, place)]


def test_a_place_is_one_more_than_there_are_players_whose_interval_lies_wholly_beyond(measured):
    """A overlaps B and B overlaps C, but A lies above C: nobody is known to stand before B, and A alone before C."""
    ends = {"A": (0.8, 0.9), "B": (0.65, 0.85), "C": (0.6, 0.7), "D": (0.1, 0.2), "E": (0.1, 0.2)}
    pairs = [between(measured, player, *one) for player, one in ends.items()]
    for named in itertools.permutations(ends):
        found = {one.player: one.place for one in rank_defenders(named, pairs)}
        assert found == {"A": 1, "B": 1, "C": 2, "D": 4, "E": 4}


def test_exact_numbers_order_players_whose_intervals_overlap_and_equal_ones_share_a_place(measured):
    exact = {"x": 0.75, "y": 0.75 + 1e-13, "z": 0.74}
    pairs = [between(measured, player, 0.6, 0.9, rate) for player, rate in exact.items()]
    for named in itertools.permutations(exact):
        assert {one.player: one.place for one in rank_defenders(named, pairs)} == {"x": 1, "y": 1, "z": 3}
    unknown = [*pairs, between(measured, "w", 0.6, 0.745)]
    found = {one.player: (one.place, one.exact_worst) for one in rank_defenders([*exact, "w"], unknown)}
    assert found == {"x": (1, 0.75), "y": (1, 0.75 + 1e-13), "z": (3, 0.74), "w": (3, None)}


def test_one_pair_without_an_exact_rate_leaves_its_player_to_intervals(measured):
    other = dataclasses.replace(measured("G", "b", "x", 0.7), exact=None)
    (one,) = rank_defenders(["x"], [between(measured, "x", 0.6, 0.9, 0.8), other])
    assert (one.exact_worst, one.exact_mean) == (None, None)


@dataclasses.dataclass(frozen=True)
class Namesake(RandomLegal):
    """The same attacker under another name."""


@pytest.mark.parametrize("exact", [False, True])
def test_two_identical_players_under_different_names_share_a_place(exact):
    attackers = [NoAttack(), RandomLegal(), Namesake()]
    found = tournament(LINE, attackers, [AlwaysClean(), CoinFlip()], rounds=3000, exact=exact, seed=0)
    one, other = (one for one in found.attacker_ranking if one.player != "NoAttack()")
    assert {one.player.split(":")[-1].split(".")[-1] for one in (one, other)} == {"RandomLegal()", "Namesake()"}
    assert (one.place, one.place_by_mean) == (other.place, other.place_by_mean) == (1, 1)


def test_exact_rates_of_pairs_are_those_of_the_definition_and_order_the_controls():
    found = tournament(LINE, [NoAttack(), NearestLegal()], CONTROLS, rounds=20, seed=2)
    for pair in found.pairs:
        assert pair.exact == pytest.approx(EXACT[pair.attacker, pair.defender], abs=1e-9)
    # Twenty rounds tell hardly anybody apart: the order is that of the exact numbers.
    assert [one.player for one in found.defender_ranking] == ["AlwaysClean()", "CoinFlip()", "AlwaysFlag()"]
    assert [one.place for one in found.defender_ranking] == [1, 2, 3]
    worst = {one.player: one.exact_worst for one in found.defender_ranking}
    assert worst["AlwaysClean()"] == pytest.approx(EXACT["NearestLegal()", "AlwaysClean()"], abs=1e-9)
    rough = tournament(LINE, [NoAttack(), NearestLegal()], CONTROLS, rounds=20, seed=2, exact=False)
    assert all(pair.exact is None for pair in rough.pairs)
    assert [one.place for one in rough.attacker_ranking] == [1, 1]


def test_every_pair_stands_on_the_scale_that_estimate_works_out_and_its_row_says_so():
    players = [NoAttack(), NearestLegal()], [AlwaysClean(), BoltzmannResampling(), Coin()]
    found = tournament(LINE, *players, rounds=300, seed=2)
    names = ("blind_exact", "best_reply", "win_rate_exact", "worst_case", "value")
    for attacker, defender in itertools.product(*players):
        one = found.pair(text(attacker), text(defender)).estimate.scale
        other = estimate(LINE, attacker, defender, rounds=300, seed=2).scale
        for name in names:
            assert getattr(one, name) == pytest.approx(getattr(other, name), abs=1e-8), name
        assert one.reasons.keys() == other.reasons.keys()
    # by hand: 20 of 110 pairs (f, x*) have a plant, and each (f', x') that is shown with one is as likely without
    nearest = found.pair("NearestLegal()", "AlwaysClean()")
    assert nearest.estimate.scale.blind_exact == pytest.approx(1 - PLANTED / 2, abs=1e-12)
    assert nearest.estimate.scale.best_reply == pytest.approx(1 - PLANTED / 2, abs=1e-12)
    header, *rows = (line.split("  ") for line in str(found).splitlines()[:8])
    assert {"exact", "best reply", "given a plant"} <= {cell.strip() for cell in header}
    ends = nearest.estimate.given_plant_interval
    assert any(f"0.5000 [{ends[0]:.4f}, {ends[1]:.4f}]" in (cell.strip() for cell in row) for row in rows)
    (row,) = [
        one
        for one in csv.DictReader(io.StringIO(found.csv()))
        if (one["attacker"], one["defender"]) == ("NearestLegal()", "AlwaysClean()")
    ]
    assert (float(row["given_plant_low"]), float(row["given_plant_high"])) == ends
    assert float(row["best_reply"]) == pytest.approx(1 - PLANTED / 2, abs=1e-12)
    assert float(row["value"]) == pytest.approx(10 / 11, abs=1e-8)
    rough = tournament(LINE, *players, rounds=300, seed=2, exact=False)
    assert all(pair.estimate.scale.value is None for pair in rough.pairs)


def test_a_game_that_is_not_solved_gives_its_reason_for_every_number_of_the_scale():
    found = tournament(OPEN, Shattered(), AlwaysClean(), rounds=50, seed=2)
    assert set(found.pairs[0].estimate.scale.reasons.values()) == {found.exact[0].reason}


def test_attackers_that_plant_in_under_one_percent_of_their_rounds_are_marked_wherever_they_are_shown(measured):
    base = measured("G", "a", "d", 0.7)

    def planting(attacker, planted):
        counts = dataclasses.replace(base.estimate, rounds=1000, forfeits=900 - planted, illegal=100)
        return dataclasses.replace(base, attacker=attacker, estimate=counts)

    pairs = [planting("never", 0), planting("seldom", 9), planting("often", 10)]
    found = rank_attackers(["never", "seldom", "often"], pairs)
    assert {one.player: one.rarely_plants for one in found} == {"never": True, "seldom": True, "often": False}
    assert not any(one.rarely_plants for one in rank_defenders(["d"], pairs))

    played = tournament(LINE, [NoAttack(), NearestLegal()], AlwaysClean(), rounds=200, exact=False, seed=0)
    rows = {row["attacker"]: row["rarely_plants"] for row in csv.DictReader(io.StringIO(played.csv()))}
    assert rows == {"NoAttack()": "True", "NearestLegal()": "False"}
    figure = played.figure()
    assert {tick.get_text() for tick in figure.axes[0].get_xticklabels()} == {"NoAttack() *", "NearestLegal()"}
    assert any("plants in under 1%" in one.get_text() for one in figure.legends[0].get_texts())


def test_the_last_row_of_the_figure_is_what_looking_at_nothing_wins():
    """Half of the clean branch is given away at worst, and the planted one is won where the attacker forfeits."""
    found = tournament(LINE, [NoAttack(), NearestLegal()], [AlwaysFlag(), CoinFlip()], rounds=500, seed=3)
    (axes, _) = found.figure().axes
    assert [tick.get_text() for tick in axes.get_yticklabels()][-1] == "looks at nothing (blind)"
    bottom = {round(t.get_position()[0]): t.get_text() for t in axes.texts if round(t.get_position()[1]) == 2}
    for place, one in enumerate(found.attacker_ranking):
        forfeits = found.pair(one.player, "CoinFlip()").estimate.forfeits
        assert bottom[place] == f"{(1 + forfeits / 500) / 2:.3f}"


def test_attackers_that_lose_alike_share_the_first_place():
    players = [NearestLegal(), RandomLegal()]
    for attackers in (players, players[::-1]):
        found = tournament(LINE, attackers, AlwaysFlag(), rounds=50, exact=False, seed=0)
        assert [one.place for one in found.attacker_ranking] == [1, 1]
        assert [one.player for one in found.attacker_ranking] == [text(one) for one in attackers]


def test_means_that_differ_in_the_last_bits_only_are_equal(measured):
    rates = {("a", "x"): 0.1, ("b", "x"): 0.7, ("c", "x"): 0.1, ("a", "y"): 0.1, ("b", "y"): 0.3, ("c", "y"): 0.5}
    assert places(rank_defenders(["x", "y"], table(measured, rates))) == [("x", 1, 1), ("y", 1, 1)]


def test_whoever_leaves_out_a_pair_that_a_rival_played_stands_behind(measured):
    rates = {("a", "x"): 0.9, ("b", "x"): None, ("a", "y"): 0.6, ("b", "y"): 0.5, ("a", "z"): None, ("b", "z"): None}
    ranking = rank_defenders(["x", "y", "z"], table(measured, rates))
    assert places(ranking) == [("y", 1, 1), ("x", 2, 2), ("z", 3, 3)]
    assert [(one.played, one.refused) for one in ranking] == [(2, 0), (1, 1), (0, 2)]
    assert (ranking[2].worst, ranking[2].mean, ranking[2].against) == (None, None, None)


def test_a_specialist_stands_behind_those_who_played_more_though_nobody_played_everything(measured):
    games = [BackdoorGame(Thresholds(points=5), 0.2, Uniform()), BackdoorGame(AllFunctions(points=3), "1/3")]
    games.insert(1, BackdoorGame(Halfspaces(dimension=2), 0.2, StandardNormal(dimension=2)))
    attackers = [Shattered(), NearestLegal(), RandomLegal()]
    found = tournament(games, attackers, [AlwaysClean(), CoinFlip()], rounds=20, exact=False, seed=0)
    first = found.attacker_ranking[0]
    assert (first.player, first.place, first.place_by_mean) == ("NearestLegal()", 1, 1)
    assert [(one.played, one.refused) for one in found.attacker_ranking] == [(4, 2), (2, 4), (2, 4)]
    rates = {("a", "x"): None, ("b", "x"): None, ("c", "x"): 0.9, ("a", "y"): 0.6, ("b", "y"): 0.5, ("c", "y"): None}
    assert places(rank_defenders(["x", "y"], table(measured, rates))) == [("y", 1, 1), ("x", 2, 2)]


def test_a_pair_that_nobody_can_play_puts_nobody_behind(measured):
    rates = {("a", "x"): 0.9, ("b", "x"): None, ("a", "y"): 0.6, ("b", "y"): None}
    assert [one.player for one in rank_defenders(["y", "x"], table(measured, rates))] == ["x", "y"]


# Those who cannot play


def test_a_pair_that_cannot_play_is_a_cell_with_the_sentence_of_estimate_and_the_others_play():
    found = tournament(CUBE, [Shattered(), NoAttack()], [CoinFlip(), AlwaysClean()], rounds=100, exact=False, seed=0)
    with pytest.raises(InvalidArgument) as caught:
        estimate(CUBE, Shattered(), CoinFlip(), rounds=1, seed=0)
    pair = found.pair("Shattered()", "CoinFlip()")
    assert (pair.estimate, pair.refusal) == (None, str(caught.value))
    assert found.pair("NoAttack()", "CoinFlip()").estimate.level == line_level(["g", "g"], 0.95)
    assert [one.refused for one in found.attacker_ranking] == [0, 2]


def test_each_game_has_the_players_that_can_play_it():
    found = tournament([CUBE, OPEN], [Shattered(), NearestLegal()], AlwaysClean(), rounds=50, exact=False, seed=0)
    played = [pair.estimate is not None for pair in found.pairs]
    assert played == [False, True, True, False]
    assert "needs a fixed distribution" in found.pair("NearestLegal()", "AlwaysClean()", text(OPEN)).refusal


def test_who_cannot_play_is_found_before_the_first_round():
    found = tournament(CUBE, NoAttack(), [Works(), Refuses()], rounds=5, exact=False, seed=0)
    assert SEEN["refused"][0] == 0
    assert len(SEEN["asked"]) == 5
    assert found.pairs[1].refusal == "Refuses() plays nothing"


def test_where_nobody_can_play_one_sentence_says_why():
    with pytest.raises(InvalidArgument) as caught:
        tournament([CUBE, LINE], [NoAttack(), NearestLegal()], Refuses(), rounds=5, seed=0)
    assert str(caught.value) == "nobody can play: Refuses() plays nothing"


def test_a_player_that_breaks_its_contract_ends_the_tournament_before_the_first_round():
    with pytest.raises(ContractError, match="ZeroDivisionError"):
        tournament(CUBE, NoAttack(), [Works(), Breaks()], rounds=5, seed=0)
    assert "asked" not in SEEN


@dataclasses.dataclass(frozen=True)
class Late(Defender):
    """Breaks down in a round far from the first, against attackers that plant there."""

    def suspicion(self, view, rng):
        return 1 / int(rng.integers(400))


def test_a_player_that_breaks_down_late_costs_its_own_pairs_and_no_number_of_the_others():
    attackers, others = [NoAttack(), RandomLegal()], [CoinFlip(), AlwaysClean()]
    found = tournament(CUBE, attackers, [Late(), *others], rounds=3000, exact=True, seed=1)
    assert len(found.failures) == 2
    assert all("ZeroDivisionError" in sentence and "\n" not in sentence for sentence in found.failures)
    for attacker in attackers:
        broken = found.pair(text(attacker), text(Late()))
        assert (broken.estimate, broken.refusal) == (None, None)
        assert broken.failure in found.failures
        for defender in others:
            one = found.pair(text(attacker), text(defender))
            assert one.failure is None
            level = one.estimate.level
            alone = estimate(CUBE, attacker, defender, rounds=3000, seed=1, level=level, scale=False)
            assert dataclasses.replace(one.estimate, scale=alone.scale) == alone
    assert [row["cannot_play"] is None for row in found.table()] == [False, True, True] * 2
    assert found.defender_ranking[-1].player == text(Late())
    assert found.defender_ranking[-1].played == 0


def test_where_everybody_breaks_down_the_sentence_is_raised():
    with pytest.raises(ContractError, match="ZeroDivisionError"):
        tournament(CUBE, NoAttack(), Late(), rounds=3000, seed=1)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"games": []}, r"games must be one or several such as BackdoorGame\(.*got \[\]"),
        ({"games": 3}, r"games must be one or several such as BackdoorGame\(.*got 3"),
        ({"attackers": CoinFlip()}, r"attackers\[0\] must be an Attacker such as NearestLegal\(\), got CoinFlip\(\)"),
        ({"defenders": [CoinFlip(), NoAttack()]}, r"defenders\[1\] must be a Defender .*got NoAttack\(\)"),
        ({"defenders": [CoinFlip(), CoinFlip()]}, r"defenders must differ .*got 'CoinFlip\(\)' twice"),
        ({"games": [LINE, LINE]}, "games must differ"),
        ({"rounds": 0}, "rounds must be between 1"),
        ({"seed": 0.5}, "seed must be a whole number"),
        ({"level": 1}, "level must lie strictly between"),
        ({"level": 1.5}, "level must lie strictly between"),
        ({"threads": 0}, "threads must be at least 1"),
    ],
)
def test_wrong_arguments_are_refused_in_one_sentence_before_anybody_plays(change, words):
    given = {"games": LINE, "attackers": [NoAttack()], "defenders": [Works()], "rounds": 5, **change}
    with pytest.raises(InvalidArgument, match=words) as caught:
        tournament(**given)
    assert "\n" not in str(caught.value)
    assert not SEEN


def test_progress_runs_over_all_pairs_and_all_players_to_be_weighed():
    told = []
    progress = lambda done, total: told.append((done, total))  # noqa: E731
    tournament(
        [CUBE, OPEN], [NoAttack(), Shattered()], [CoinFlip(), AlwaysFlag()], rounds=5000, progress=progress, seed=0
    )
    assert {total for _, total in told} == {(4 + 6) * 5000}
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert told[-1][0] == told[-1][1]


# Exact play


def test_a_small_game_has_its_value_and_everybody_s_exploitability():
    """The value is 5/6; NoAttack lets the defender win always, AlwaysFlag wins half of the rounds always."""
    game = BackdoorGame(Thresholds(points=10), 0.2, Uniform())
    attackers, defenders = [NoAttack(), OptimalAttacker()], [AlwaysFlag(), OptimalDefender()]
    (exact,) = tournament(game, attackers, defenders, rounds=200, seed=0).exact
    assert exact.value == pytest.approx(5 / 6, abs=1e-6)
    assert exact.lower <= 5 / 6 + 1e-9
    assert exact.upper >= 5 / 6 - 1e-9
    found = {one.player: one for one in exact.players}
    assert found["NoAttack()"].exploitability == pytest.approx(1 / 6, abs=1e-6)
    assert found["AlwaysFlag()"].exploitability == pytest.approx(1 / 3, abs=1e-6)
    for player in ("OptimalAttacker()", "OptimalDefender()"):
        assert found[player].exploitability == pytest.approx(0, abs=1e-6)
        assert found[player].how == "closed form"
    assert [one.role for one in exact.players] == ["attacker"] * 2 + ["defender"] * 2


def test_a_game_that_leaves_d_open_or_is_too_large_says_why_it_has_no_value():
    many = BackdoorGame(AllFunctions(points=13), "1/13", Uniform())
    dense = BackdoorGame(AllFunctions(points=10), "1/2", Uniform())
    long = BackdoorGame(Thresholds(points=200), "1/200", Uniform())
    found = tournament([OPEN, many, dense, long], [Shattered(), NoAttack()], AlwaysClean(), rounds=20, seed=0)
    assert [one.value for one in found.exact] == [None] * 4
    assert "leaves D open" in found.exact[0].reason
    assert "at most 4096 members, got 8192" in found.exact[1].reason
    # Each of 1,024 functions has C(10, j) plants that differ on j points, for j up to 5, each fit for j triggers.
    triples = 1024 * sum(j * math.comb(10, j) for j in range(1, 6))
    assert f"at most 20000 legal triples, got {triples}" in found.exact[2].reason
    assert f"at most 16384 pairs (f, x), got {201 * 200}" in found.exact[3].reason


def test_one_player_that_cannot_be_weighed_keeps_its_reason_and_the_others_their_numbers():
    game = BackdoorGame(Thresholds(points=10), 0.2, Uniform(), defender_examples=5)
    (exact,) = tournament(game, NoAttack(), CoinFlip(), rounds=20, seed=0).exact
    reasons = [exact.reason, *(one.reason for one in exact.players)]
    assert any(reason is not None and "budget" in reason for reason in reasons)


def test_only_those_who_play_a_game_are_weighed_on_it():
    (exact,) = tournament(CUBE, [Shattered(), NoAttack()], AlwaysClean(), rounds=20, seed=0).exact
    assert [one.player for one in exact.players] == ["NoAttack()", "AlwaysClean()"]


def test_exact_play_is_left_out_where_it_is_not_wanted():
    assert tournament(LINE, NoAttack(), AlwaysClean(), rounds=20, exact=False, seed=0).exact == ()


# Files


@pytest.fixture(scope="module")
def small():
    return tournament([CUBE, OPEN], [Shattered(), NoAttack()], [CoinFlip(), AlwaysFlag()], rounds=300, seed=4)


def test_the_table_has_a_row_for_each_pair_and_csv_says_the_same_in_full(small):
    rows = small.table()
    assert [(row["game"], row["attacker"], row["defender"]) for row in rows] == [
        (text(game), attacker, defender)
        for game in (CUBE, OPEN)
        for attacker in ("Shattered()", "NoAttack()")
        for defender in ("CoinFlip()", "AlwaysFlag()")
    ]
    read = list(csv.DictReader(io.StringIO(small.csv())))
    assert len(read) == len(rows) == 8
    for row, again, pair in zip(rows, read, small.pairs, strict=True):
        assert list(again) == list(row)
        for name in ("win_rate", "low", "high", "rounds", "forfeits"):
            expected = None if pair.estimate is None else getattr(pair.estimate, name)
            assert row[name] == expected
            assert (float(again[name]) if again[name] else None) == expected
        assert again["cannot_play"] == (pair.refusal or "")


def test_a_sentence_with_commas_quotes_and_breaks_survives_csv(small):
    odd = dataclasses.replace(small.pairs[0], estimate=None, refusal='says "no", twice\nor more')
    (read,) = csv.DictReader(io.StringIO(dataclasses.replace(small, pairs=(odd,)).csv()))
    assert read["cannot_play"] == 'says "no", twice\nor more'


def test_the_files_are_written_and_json_gives_the_result_back(small, tmp_path):
    paths = small.write(tmp_path / "new")
    names = [pathlib.Path(path).name for path in paths]
    assert names == [f"tournament.{kind}" for kind in ("json", "csv", "png", "svg")]
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == sorted(names)
    with open(paths[0]) as file:
        assert json.load(file) == json.loads(json.dumps(small.to_dict()))
    with open(paths[1]) as file:
        assert file.read() == small.csv()


def test_where_the_figure_fails_the_numbers_are_written_already(small, tmp_path, monkeypatch):
    def interrupted(self):
        raise KeyboardInterrupt

    monkeypatch.setattr(type(small), "figure", interrupted)
    with pytest.raises(KeyboardInterrupt):
        small.write(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["tournament.csv", "tournament.json"]
    assert (tmp_path / "tournament.csv").read_text() == small.csv()


def test_a_pair_is_found_by_its_specs(small):
    assert small.pair("NoAttack()", "CoinFlip()", text(CUBE)).estimate.rounds == 300
    for wrong in (("NoAttack()", "CoinFlip()"), ("Nobody()", "CoinFlip()", text(CUBE))):
        with pytest.raises(KeyError):
            small.pair(*wrong)


def test_the_figure_has_a_panel_a_game_and_a_dash_where_a_pair_cannot_play(small):
    figure = small.figure()
    first, second, bar = figure.axes
    assert bar.get_ylabel() == "win rate of the defender (probability)"
    for axes, game in ((first, CUBE), (second, OPEN)):
        rows = [tick.get_text() for tick in axes.get_yticklabels()]
        assert rows == [*(one.player for one in small.defender_ranking), "looks at nothing (blind)"]
        columns = [one.player for one in small.attacker_ranking]
        assert [tick.get_text().removesuffix(" *") for tick in axes.get_xticklabels()] == columns
        shown = {(round(t.get_position()[1]), round(t.get_position()[0])): t.get_text() for t in axes.texts}
        for j, defender in enumerate(one.player for one in small.defender_ranking):
            for i, attacker in enumerate(columns):
                found = small.pair(attacker, defender, text(game)).estimate
                assert shown[j, i] == ("–" if found is None else f"{found.win_rate:.3f}")
    (legend,) = figure.legends
    assert legend.get_texts()[0].get_text() == "–  cannot play"
    value = small.exact[0].value
    assert f"value of the game: {value:.4f}" in " ".join(first.get_title(loc="left").split())


@pytest.mark.parametrize(
    ("games", "panels", "said"), [(12, 12, ""), (14, 12, "; the first 12 games, and 2 more: see the JSON")]
)
def test_a_figure_has_twelve_panels_at_most_and_says_how_many_games_are_left_out(small, games, panels, said):
    names = [f"G{number}" for number in range(games)]
    pairs = [dataclasses.replace(pair, game=name) for name in names for pair in small.pairs[:4]]
    figure = dataclasses.replace(small, games=tuple(names), pairs=tuple(pairs)).figure()
    assert [axes.get_title(loc="left") for axes in figure.axes[:-1]] == names[:panels]
    title = " ".join(figure._suptitle.get_text().split())
    assert title == f"Win rate of the defender, 300 rounds a pair; best worst case first{said}"
