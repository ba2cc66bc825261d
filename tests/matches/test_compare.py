"""`compare`: estimates as they are alone, places by simultaneous intervals, and differences over the same rounds."""

import itertools
import json

import numpy as np
import pytest

from backdoor_game import BackdoorGame, InvalidArgument, compare, estimate
from backdoor_game.catalog import make
from backdoor_game.cli import main
from backdoor_game.functions import AllFunctions, Thresholds
from backdoor_game.games import Game
from backdoor_game.games.outcomes import ILLEGAL, PLANTED, UNDECIDED, Outcome
from backdoor_game.ground.files import json_text
from backdoor_game.ground.paired import STAKES, paired_interval
from backdoor_game.matches import scores as scoring
from backdoor_game.matches.scores import Scores
from backdoor_game.players.attackers import NearestLegal, Shattered
from backdoor_game.players.defenders import AlwaysClean, AlwaysFlag, CoinFlip, DistillationEnsemble, NeighbourVote
from backdoor_game.spaces.distributions import Uniform

LINE = BackdoorGame(Thresholds(points=16), 1 / 8, Uniform())
PANEL = [NeighbourVote(), DistillationEnsemble(), AlwaysClean()]
MODELS = "(RandomFourierFeatures(features=16, dimension=4), GaussianLinear(dimension=4))"


@pytest.fixture(scope="module")
def found():
    return compare(LINE, NearestLegal(), PANEL, rounds=4000, seed=1)


def by_name(found):
    return {one.defender: one for one in found.defenders}


def test_each_defender_is_estimated_as_it_is_alone_at_the_level_of_bonferroni(found):
    for defender in PANEL:
        one = by_name(found)[repr(defender)].estimate
        alone = estimate(LINE, NearestLegal(), defender, rounds=4000, seed=1, level=one.level, scale=False)
        assert json_text({**one.to_dict(), "scale": None}) == json_text({**alone.to_dict(), "scale": None})
        assert one.level == pytest.approx(1 - 0.05 / 3)


def test_a_difference_is_that_of_the_rounds_and_lies_inside_its_interval(found):
    kept = {repr(one): estimate(LINE, NearestLegal(), one, rounds=4000, seed=1, records=True).records for one in PANEL}

    def score(rows):
        caught = (rows["status"] != "planted") | rows["flagged_planted"]
        return ((~rows["flagged_clean"]).astype(float) + caught) / 2

    assert len(found.differences) == 3
    for one in found.differences:
        rounds = score(kept[one.first]) - score(kept[one.second])
        assert one.value == pytest.approx(rounds.mean(), abs=1e-15)
        assert one.value == pytest.approx(
            by_name(found)[one.first].estimate.win_rate - by_name(found)[one.second].estimate.win_rate, abs=1e-12
        )
        counts = [int((rounds == d).sum()) for d in (-1, -0.5, 0, 0.5, 1)]
        assert (one.low, one.high) == paired_interval(counts, counts, 1 - 0.05 / 3)
        assert one.low < one.value < one.high


def test_places_are_shared_unless_an_interval_lies_wholly_above(found):
    for one in found.defenders:
        above = [other for other in found.defenders if other.estimate.low > one.estimate.high]
        assert one.place == 1 + len(above)
    assert [one.estimate.win_rate for one in found.defenders] == sorted(
        (one.estimate.win_rate for one in found.defenders), reverse=True
    )
    # where nobody can tell f from f*, both win exactly 1/2: one place for both, and a difference that holds 0
    equal = compare(
        BackdoorGame(AllFunctions(points=8), 1 / 8), Shattered(), [CoinFlip(), AlwaysFlag()], rounds=3000, seed=5
    )
    assert [one.place for one in equal.defenders] == [1, 1]
    assert equal.differences[0].low < 0 < equal.differences[0].high


def test_a_panel_stands_on_its_scale_and_says_what_forfeits_mean():
    """Thresholds of 16 points, plants within 2: each t has min(2, t) + min(2, 16 - t) of them, 62 in all of 272."""
    panel = [DistillationEnsemble(members=3), AlwaysClean()]
    found = compare(LINE, NearestLegal(), panel, rounds=1000, seed=1)
    for one in found.defenders:
        scale = one.estimate.scale
        assert scale.blind_exact == pytest.approx(1 - 62 / 272 / 2, abs=1e-12)
        assert scale.value_fraction == "8/9"
        assert scale.best_reply == pytest.approx(16 / 17, abs=1e-12)
    assert by_name(found)["AlwaysClean()"].estimate.scale.win_rate_exact == pytest.approx(1 - 62 / 272 / 2, abs=1e-12)
    text = str(found)
    assert "exactly 0.886029 (AlwaysClean); best reply to the attacker 0.941176; " in text
    assert "; value of the game 0.888889 = 8/9\n" in text
    assert "of the rounds are forfeits: the win rate says how often the attacker gives up" in text
    ends = by_name(found)["AlwaysClean()"].estimate.given_plant_interval
    assert f"0.5000 [{ends[0]:.4f}, {ends[1]:.4f}]" in text
    never = str(compare(LINE, "NoAttack()", panel, rounds=200, seed=1))
    assert "against NoAttack() * in 200 rounds" in never
    assert "* plants in under 1% of the rounds" in never
    # the control: an attacker that always plants has neither line
    always = str(compare(BackdoorGame(AllFunctions(points=8), 1 / 8), Shattered(), panel[1:], rounds=200, seed=1))
    assert "forfeits" not in always
    assert "*" not in always


def test_every_kind_of_game_is_compared_and_each_model_is_made_once(monkeypatch):
    game = make(f"StaticDetection{MODELS}", Game, "game")
    made = []
    honest = type(game)._honest
    monkeypatch.setattr(type(game), "_honest", lambda self, keys, r: made.append(r) or honest(self, keys, r))
    found = compare(game, "CLWEBackdoor(k=4)", ["CoinFlip()", "AlwaysFlag()"], rounds=40, seed=1)
    assert len(made) == 40
    assert by_name(found)["AlwaysFlag()"].estimate.win_rate == 0.5


def test_the_command_prints_and_saves_what_the_function_returns(capsys, tmp_path, monkeypatch, found):
    monkeypatch.chdir(tmp_path)
    words = ["--functions", "Thresholds(points=16)", "--distribution", "Uniform()", "--epsilon", "1/8", "--quiet"]
    words += ["--attacker", "NearestLegal()", "--rounds", "4000", "--seed", "1"]
    words += [word for one in PANEL for word in ("--defender", repr(one))]
    assert main(["compare", *words]) == 0
    out = capsys.readouterr().out
    assert out.startswith(f"{found}\n\nwrote ")
    assert len(str(found).splitlines()) < 20
    assert len(repr(found)) < 150
    saved = json.loads((tmp_path / "results/compare/compare.json").read_text())
    assert saved == json.loads(json_text(found.to_dict()))
    assert sorted(path.name for path in (tmp_path / "results/compare").iterdir()) == [
        "compare.json",
        "compare.png",
        "compare.svg",
    ]
    assert main(["compare", *words[:-6]]) == 2
    assert "--defender is missing" in capsys.readouterr().err


def test_a_picture_has_a_row_a_defender_the_first_on_top(found):
    axes = found.plot()
    assert [label.get_text() for label in axes.get_yticklabels()] == [one.defender for one in found.defenders]
    (points,) = [container[0] for container in axes.containers]
    assert points.get_xdata().tolist() == [one.estimate.win_rate for one in found.defenders]
    assert axes.get_ylim()[0] > axes.get_ylim()[1]
    assert found.to_frame()["place"].tolist() == [one.place for one in found.defenders]


@pytest.mark.parametrize(
    ("defenders", "options", "said"),
    [
        ([], {}, "defenders must be one or several"),
        ([CoinFlip(), CoinFlip()], {}, "is named twice"),
        ([CoinFlip(), NearestLegal()], {}, "defender must be a Defender"),
        ([CoinFlip(), AlwaysFlag()], {"rounds": 2**28}, "play at most 134217728 rounds"),
    ],
)
def test_what_cannot_be_compared_is_refused_in_one_sentence(defenders, options, said):
    with pytest.raises(InvalidArgument, match=said) as refused:
        compare(LINE, NearestLegal(), defenders, **{"rounds": 10, **options})
    assert "\n" not in str(refused.value)


def test_an_undecided_plant_may_have_been_caught_by_either_or_be_nothing():
    """Legal, the one that flags it is ahead by half a round; not legal, both have won it."""
    kept = Scores(2, 2, 2)
    status = np.array([UNDECIDED, PLANTED], np.int8)
    for place, suspicion in enumerate((1.0, 0.0)):
        zeros = np.zeros((2, 2), np.int64)
        said = np.array([[0.0, 0.0], [suspicion, 0.0]])
        outcome = Outcome(status, said, np.ones((2, 2), bool), zeros > 0, zeros[0], *[zeros] * 3, *[zeros[0]] * 3)
        kept(place, outcome, 0.5)
    value, low, high = kept.difference(0, 1, 0.9)
    assert value == (0.25 + 0.0) / 2
    assert (low, high) == paired_interval([0, 0, 2, 0, 0], [0, 0, 1, 1, 0], 0.9)
    assert scoring.MOST == 2**28


def test_an_illegal_plant_is_won_and_a_branch_over_budget_is_lost_by_whoever_it_happens_to():
    """Of two rounds: both win the illegal plant though nobody flags; the one over its budget loses a clean branch."""
    status, nothing = np.array([ILLEGAL, PLANTED], np.int8), np.zeros((2, 2))
    kept, zeros = Scores(2, 2, 2), np.zeros((2, 2), np.int64)
    for place in range(2):
        over = np.array([[False, place == 1], [False, False]])
        outcome = Outcome(status, nothing, np.ones((2, 2), bool), over, zeros[0], *[zeros] * 3, *[zeros[0]] * 3)
        kept(place, outcome, 0.5)
    assert kept.difference(0, 1, 0.9)[0] == 0.25  # half of one round of two
    other = Scores(2, 2, 2)
    for place, suspicion in enumerate((0.0, 1.0)):  # flagging on an illegal plant wins no more than not flagging
        said = np.array([[0.0, 0.0], [suspicion, 0.0]])
        over = zeros > 0
        other(place, Outcome(status, said, ~over, over, zeros[0], *[zeros] * 3, *[zeros[0]] * 3), 0.5)
    assert other.difference(0, 1, 0.9)[0] == 0.0


def test_in_a_game_of_one_branch_a_round_is_that_branch_alone():
    """One flags the plant of the only round, the other does not: all of the round lies between them."""
    kept, zeros = Scores(2, 1, 1), np.zeros((2, 1), np.int64)
    for place, suspicion in enumerate((1.0, 0.0)):
        said = np.array([[0.0], [suspicion]])
        over = zeros > 0
        outcome = Outcome(np.array([PLANTED], np.int8), said, ~over, over, zeros[0], *[zeros] * 3, *[zeros[0]] * 3)
        kept(place, outcome, 0.5)
    assert kept.difference(0, 1, 0.9)[0] == 1.0


def naive_limit(counts, alpha):
    """The definition with every round's factor multiplied out, at 2,000 means: the last at which wealth is enough."""
    x = np.repeat(np.linspace(0, 1, len(counts)), counts)
    best = 0.0
    for mu in np.arange(1, 2000) / 2000:
        wealth = np.mean([np.prod(1 - c + c * x / mu) for c in STAKES])
        if wealth >= 1 / alpha and mu > best:
            best = mu
    return best


@pytest.mark.parametrize("counts", [[3, 5, 20, 9, 6], [0, 0, 0, 0, 30], [30, 0, 0, 0, 0], [0, 0, 25, 0, 0], [9, 0, 1]])
def test_paired_limits_are_the_definition_s(counts):
    low, high = paired_interval(counts, counts, 0.9)
    assert low == pytest.approx(2 * naive_limit(counts, 0.05) - 1, abs=2 / 1000)
    assert high == pytest.approx(1 - 2 * naive_limit(counts[::-1], 0.05), abs=2 / 1000)


def test_paired_intervals_cover_by_exact_enumeration_of_all_counts():
    """Multinomial of 12 rounds over (-1, 0, 1): the chance that a limit is on the wrong side, added up exactly."""
    from math import comb

    n, alpha = 12, 0.1
    found = {
        (a, b): paired_interval([a, b, n - a - b], [a, b, n - a - b], 1 - alpha)
        for a in range(n + 1)
        for b in range(n + 1 - a)
    }
    for p, q in itertools.product((0.05, 0.2, 0.4), (0.1, 0.3, 0.5)):
        mean = 1 - p - q - p
        missed = sum(
            comb(n, a) * comb(n - a, b) * p**a * q**b * (1 - p - q) ** (n - a - b)
            for (a, b), (low, high) in found.items()
            if not low <= mean <= high
        )
        assert missed <= alpha
    # the control: intervals of a quarter of the width miss more often than they may
    narrow = {key: ((5 * low + 3 * high) / 8, (3 * low + 5 * high) / 8) for key, (low, high) in found.items()}
    p, q = 0.4, 0.1
    missed = sum(
        comb(n, a) * comb(n - a, b) * p**a * q**b * (1 - p - q) ** (n - a - b)
        for (a, b), (low, high) in narrow.items()
        if not low <= 1 - 2 * p - q <= high
    )
    assert missed > alpha
