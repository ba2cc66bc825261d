"""The scale of a win rate: exact numbers by hand and by a linear program of its own, reasons where there are none."""

import dataclasses
import json
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from scipy.optimize import linprog

from backdoor_game import (
    AllFunctions,
    AlwaysClean,
    AlwaysFlag,
    Attacker,
    BackdoorGame,
    BackdoorGameError,
    BoltzmannResampling,
    CLWEBackdoor,
    CoinFlip,
    Defender,
    DistillationEnsemble,
    Explicit,
    GaussianLinear,
    Intervals,
    IntervalUnions,
    InvalidArgument,
    Moments,
    NearestLegal,
    NeighbourVote,
    NoAttack,
    OptimalAttacker,
    OptimalDefender,
    RandomFourierFeatures,
    RandomLegal,
    Shattered,
    Singletons,
    SpecError,
    StaticDetection,
    Thresholds,
    Uniform,
    UnitCube,
    Weighted,
    estimate,
    scale,
)
from backdoor_game.cli import main
from backdoor_game.games.measuring.together import Match, estimates
from backdoor_game.matches import exactness, scaled, scaling

README = BackdoorGame(Thresholds(points=64), "1/32", Uniform())
SMALL = BackdoorGame(Thresholds(points=10), "1/5", Uniform())
EXACT = ("blind_exact", "best_reply", "win_rate_exact", "worst_case", "value")
MINE = """
from dataclasses import dataclass
import numpy as np
from backdoor_game import Defender

@dataclass(frozen=True)
class Mine(Defender):
    m: int = 64
    reach: int = 2
    threshold: float = 0.5

    def suspicion(self, view, rng):
        X, y = view.examples(self.m)
        close = np.abs(X[:, 0] - view.x[0]) <= self.reach
        return float(np.mean(y[close] != view.f(view.x[None])[0])) if close.any() else 0.0
"""


def line(N, k):
    """Thresholds 0 .. N on N points and NearestLegal at k points of distance, pair by pair.

    Threshold t labels x by x >= t, or the other way round, which changes nothing here. To differ from t at x one must
    move to x (from t > x, over t - x points) or to x + 1 (from t <= x, over x + 1 - t): that is the nearest one.
    """
    plants = {}
    for t, x in product(range(N + 1), range(N)):
        to, moved = (x, t - x) if x < t else (x + 1, x + 1 - t)
        if moved <= k:
            plants[t, x] = to
    return plants


def by_hand(N, k):
    """What always-clean and the best reply win against NearestLegal, whose f is uniform, as fractions."""
    plants, each = line(N, k), Fraction(1, N * (N + 1))
    blind = 1 - len(plants) * each / 2
    shown = {}
    for (_, x), to in plants.items():
        shown[to, x] = shown.get((to, x), 0) + each
    return blind, 1 - sum(min(each, p1) for p1 in shown.values()) / 2


def by_program(labels, weights, epsilon):
    """The value of a finite game from THEORY's linear program, every ordered triple a variable: dense and slow."""
    labels, D = np.asarray(labels), np.asarray(weights)
    F, N = labels.shape
    far = (labels[:, None] != labels[None]) @ D
    triples = [
        (f, g, x) for f, g, x in product(range(F), range(F), range(N)) if labels[f, x] != labels[g, x]
        and far[f, g] <= epsilon + 1e-9
    ]  # fmt: skip
    A = np.zeros((2 * F * N, F + len(triples)))
    for f, x in product(range(F), range(N)):
        A[f * N + x, f] = A[F * N + f * N + x, f] = -1
    for place, (f, g, x) in enumerate(triples, F):
        A[f * N + x, place] = A[F * N + g * N + x, place] = 1
    cost = np.concatenate([np.zeros(F), [-D[x] for _, _, x in triples]])
    total = np.concatenate([np.ones(F), np.zeros(len(triples))])[None]
    found = linprog(cost, A_ub=A, b_ub=np.zeros(len(A)), A_eq=total, b_eq=[1], method="highs")
    return 1 + found.fun / 2


def test_by_hand_on_thresholds_of_64_points_at_two_points_of_distance():
    """Each t has min(2, t) + min(2, N - t) plants, 254 of 4,160 in all, and 128 of the 4,160 pairs may be planted."""
    blind, best = by_hand(64, 2)
    assert blind == 1 - Fraction(254, 4160) / 2 == Fraction(4033, 4160)
    assert best == 1 - Fraction(128, 4160) / 2 == Fraction(64, 65)
    assert (round(float(blind), 5), round(float(best), 5)) == (0.96947, 0.98462)
    labels = np.arange(64) >= np.arange(65)[:, None]
    assert by_program(labels, np.full(64, 1 / 64), 2 / 64) == pytest.approx(32 / 33, abs=1e-8)


def test_the_readme_s_command_prints_each_exact_number_and_the_forfeits_by_name(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.py").write_text(MINE)
    words = ["--functions", "Thresholds(points=64)", "--distribution", "Uniform()", "--epsilon", "1/32"]
    words += ["--attacker", "NearestLegal()", "--defender", "mine.py:Mine(threshold=0.4)"]
    assert main(["estimate", *words, "--rounds", "20000", "--seed", "1"]) == 0
    first, *rest = capsys.readouterr().out.splitlines()
    told = dict(line.split("  ", 1) for line in rest)
    told = {name: value.strip() for name, value in told.items()}
    assert told["win rate"].startswith("0.9741  [0.9725, 0.9757]")  # as before there was a scale
    assert told["blind baseline"].endswith("exactly 0.969471 (AlwaysClean)")
    assert told["best reply to the attacker"] == "0.984615"
    assert told["value of the game"] == "0.969697 = 32/33"
    assert told["forfeits"] == "18781 (93.9%), 0 illegal plants"
    assert first.startswith(
        "note: 93.9% of the rounds are forfeits: the win rate says how often the attacker gives up; "
    )
    assert all(what in first for what in ("given a plant", "`backdoor-game check`", "raise epsilon"))
    assert told["unknown"].startswith(
        "no exact win rate, no worst case of the defender: the randomness of mine.py:Mine("
    )


def test_json_holds_the_scale_the_shares_and_the_notes(capsys):
    words = ["--functions", "Thresholds(points=64)", "--distribution", "Uniform()", "--epsilon", "1/32", "--json"]
    main(["estimate", *words, "--attacker", "NearestLegal()", "--defender", "AlwaysClean()", "--seed", "1"])
    found = json.loads(capsys.readouterr().out)
    assert found["scale"]["blind_exact"] == found["scale"]["win_rate_exact"] == pytest.approx(4033 / 4160)
    assert found["scale"]["best_reply"] == pytest.approx(64 / 65)
    assert (found["scale"]["value_fraction"], found["scale"]["blind_player"]) == ("32/33", "AlwaysClean")
    assert found["scale"]["blind"] == found["win_rate"]
    assert found["scale"]["value_low"] <= 32 / 33 + 1e-9 <= found["scale"]["value_high"] + 2e-9
    assert found["scale"]["worst_case"] == pytest.approx(1 - 4 / 64 / 2)  # an f in the middle has four plants
    assert found["forfeit_share"] == found["forfeits"] / found["rounds"]
    assert found["rarely_plants"] is False
    assert len(found["notes"]) == 1


@pytest.mark.parametrize(("N", "k"), [(5, 1), (6, 2), (9, 3)])
def test_exact_numbers_agree_with_counting_and_with_a_program_of_its_own(N, k):
    game = BackdoorGame(Thresholds(points=N), Fraction(k, N).__str__(), Uniform())
    blind, best = by_hand(N, k)
    found = scale(game, NearestLegal(), AlwaysFlag(), seed=1, rounds=100)
    assert found.blind_exact == pytest.approx(float(blind), abs=1e-12)
    assert found.best_reply == pytest.approx(float(best), abs=1e-12)
    assert found.win_rate_exact == pytest.approx(0.5, abs=1e-12)
    assert found.worst_case == pytest.approx(0.5, abs=1e-12)  # against who forfeits nothing; and never less
    value = by_program(np.arange(N) >= np.arange(N + 1)[:, None], np.full(N, 1 / N), k / N)
    assert found.value == pytest.approx(value, abs=1e-7)
    assert float(Fraction(found.value_fraction)) == pytest.approx(value, abs=1e-7)


def test_another_attacker_has_another_scale():
    """Controls: nothing planted is worth 1 to both; a plant in every round leaves one half to who looks at nothing."""
    idle, nearest = (scale(SMALL, who, CoinFlip(), seed=1, rounds=100) for who in (NoAttack(), NearestLegal()))
    assert idle.blind_exact == idle.best_reply == idle.blind == 1
    assert nearest.blind_exact < nearest.best_reply < 1
    always = scale(
        BackdoorGame(AllFunctions(points=4), "1/4", Uniform()), RandomLegal(), CoinFlip(), seed=1, rounds=100
    )
    assert always.blind_exact == always.best_reply == always.value == pytest.approx(0.5)


@dataclasses.dataclass(frozen=True)
class Outside(Attacker):
    """An f outside the class half of the time at best: an even sum of its draw decides, which is no coin."""

    def choose_law(self, game, distribution):
        return np.array([[0], [99]]), np.array([0.25, 0.75])

    def choose(self, view, rng):
        return view.game.functions.function(np.array([0 if rng.random() < 0.25 else 99]))

    def plant_law(self, view):
        return np.arange(0), np.zeros((0, 1), np.int64), np.zeros(0)

    def plant(self, view, rng):
        return None


def test_an_f_outside_the_class_is_won_by_always_clean_on_both_branches():
    found = estimate(SMALL, Outside(), AlwaysFlag(), rounds=2000, seed=1, level=0.999)
    assert found.scale.blind_exact == found.scale.blind == 1
    assert found.scale.win_rate_exact == pytest.approx((0.75 + 1) / 2)
    assert found.low <= found.scale.win_rate_exact <= found.high
    assert 0.7 < found.illegal_share < 0.8
    assert "of the rounds are forfeits and 7" in found.notes[0]
    assert "illegal plants" in found.notes[0]


PAIRS = [
    (game, attacker, defender)
    for game in (
        SMALL,
        BackdoorGame(Intervals(points=6), "1/3", Uniform()),
        BackdoorGame(Singletons(points=5), 0.3, Weighted([0.1, 0.2, 0.2, 0.2, 0.3])),
        BackdoorGame(Explicit(["00000", "10100", "01011", "11110", "00111"]), 0.6, Uniform()),
    )
    for attacker in (NearestLegal(), RandomLegal(), OptimalAttacker(), NoAttack())
    for defender in (AlwaysClean(), AlwaysFlag(), CoinFlip(), BoltzmannResampling(), OptimalDefender())
]


@pytest.mark.parametrize(("game", "attacker", "defender"), PAIRS, ids=repr)
def test_best_reply_pair_and_worst_case_stand_in_their_order_and_so_does_the_value(game, attacker, defender):
    found = scale(game, attacker, defender, rounds=50, seed=1)
    assert not found.reasons
    tiny = 1e-9  # sums of floats
    assert found.best_reply >= found.win_rate_exact - tiny
    assert found.win_rate_exact >= found.worst_case - tiny
    assert found.best_reply >= found.value_low - tiny
    assert found.value_high >= found.worst_case - tiny
    assert 0.5 - tiny <= found.blind_exact <= found.best_reply + tiny
    assert found.value_low <= found.value + tiny <= found.value_high + 2 * tiny
    if isinstance(defender, OptimalDefender):
        assert found.worst_case == pytest.approx(found.value, abs=1e-6)
    if isinstance(attacker, OptimalAttacker):
        assert found.best_reply == pytest.approx(found.value, abs=1e-6)


def test_where_the_game_leaves_d_open_the_value_is_at_most_and_nobody_s_worst_case_is_known():
    """D of Theorem 4.1 below 1/d: always-clean attains 1 - (d - 1) epsilon / 2, the value of this D."""
    found = estimate(BackdoorGame(AllFunctions(points=4), 0.2), Shattered(), AlwaysClean(), rounds=300, seed=1)
    assert found.scale.value is found.scale.value_low is found.scale.worst_case is None
    known = found.scale.value_high, found.scale.best_reply, found.scale.blind_exact, found.scale.win_rate_exact
    assert known == pytest.approx([1 - 3 * 0.2 / 2] * 4)
    assert set(found.scale.reasons) == {"value", "worst_case"}
    assert "value of the game           at most 0.700000: the game leaves D open" in str(found)
    assert "at least" not in str(found)


SAMPLED = "can only be sampled"
REFUSED = {
    "too many functions": (BackdoorGame(AllFunctions(points=40), 0.1, Uniform()), NoAttack(), EXACT, "4096 functions"),
    "too many pairs": (BackdoorGame(Thresholds(points=2000), 0.1, Uniform()), NoAttack(), EXACT, "20000 pairs"),
    "too many triples": (BackdoorGame(Thresholds(points=130), 0.5, Uniform()), NoAttack(), EXACT, "20000 legal"),
    "no list of points": (BackdoorGame(Thresholds(), 0.1, UnitCube()), NoAttack(), EXACT, "cannot be enumerated"),
    "a black box": (dataclasses.replace(SMALL, black_box=True), NoAttack(), EXACT, "black_box"),
    "a budget": (dataclasses.replace(SMALL, defender_queries=3), NoAttack(), EXACT[:4], "budgets"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_second_s_work_has_a_reason_in_one_sentence_and_the_rounds_are_played(name):
    game, attacker, missing, why = REFUSED[name]
    found = estimate(game, attacker, CoinFlip(), rounds=200, seed=1)
    assert (found.rounds, found.scale.blind) == (200, 1)
    assert set(found.scale.reasons) == set(missing)
    for number in missing:
        assert why in found.scale.reasons[number]
        assert "\n" not in found.scale.reasons[number]
        assert getattr(found.scale, number) is None


def test_a_voter_whose_learner_would_be_asked_for_seconds_is_not_averaged():
    """794 functions on 12 points: 9,528 pairs, each with 2^12 sets of points."""
    game = BackdoorGame(IntervalUnions(12, 2), "1/12", Uniform())
    found = estimate(game, NoAttack(), DistillationEnsemble(), rounds=20, seed=1).scale
    assert "sets of points" in found.reasons["worst_case"]
    assert set(found.reasons) == {"worst_case", "win_rate_exact"}


def test_models_are_played_and_not_solved():
    game = StaticDetection(RandomFourierFeatures(features=16, dimension=8), GaussianLinear(dimension=8, train=40))
    found = estimate(game, CLWEBackdoor(k=4), Moments(), rounds=4, seed=1)
    assert set(found.scale.reasons) == set(EXACT)
    assert "no exact number: StaticDetection is played, not solved" in str(found)
    assert "best reply" not in str(found)


@dataclasses.dataclass(frozen=True)
class Tosses(Defender):
    """A coin that only its generator knows."""

    def suspicion(self, view, rng):
        return float(rng.random() < 0.5)


@dataclasses.dataclass(frozen=True)
class Looks(Defender):
    """Flags where the label is 1; counts how often it is asked."""

    def suspicion(self, view, rng):
        ASKED.append(1)
        return float(view.f(view.x[None])[0])


ASKED = []


def test_a_player_that_can_only_be_sampled_has_no_exact_rate_and_nobody_samples_it():
    found = estimate(SMALL, NearestLegal(), Tosses(), rounds=200, seed=1).scale
    assert SAMPLED in found.reasons["win_rate_exact"]
    assert SAMPLED in found.reasons["worst_case"]
    assert None not in (found.best_reply, found.value, found.blind_exact)


def test_somebody_s_player_is_asked_no_oftener_than_in_the_rounds_and_once_for_all():
    """110 pairs (f, x) asked twice: more than the 200 answers of 100 rounds, less than the 240 of 120."""
    short, long = (estimate(SMALL, NearestLegal(), Looks(), rounds=rounds, seed=1).scale for rounds in (100, 120))
    assert "would be asked 220 times for exact numbers, and after 100 rounds 200" in short.reasons["win_rate_exact"]
    assert not long.reasons
    ASKED.clear()
    estimate(SMALL, NearestLegal(), Looks(), rounds=120, seed=2, scale=False)
    played = len(ASKED)
    ASKED.clear()
    estimate(SMALL, NearestLegal(), Looks(), rounds=120, seed=2)
    assert len(ASKED) == played  # what is known is not asked again


def test_no_number_of_a_run_depends_on_its_scale():
    for literal in (False, True):
        runs = [
            estimate(SMALL, RandomLegal(), DistillationEnsemble(), rounds=500, seed=4, literal=literal, scale=asked)
            for asked in (True, False)
        ]
        with_scale, without = (one.to_dict() for one in runs)
        assert without["scale"]["reasons"] == {}
        assert without["scale"]["best_reply"] is None
        assert with_scale.pop("scale")["best_reply"] is not None
        assert {name: value for name, value in without.items() if name != "scale"} == with_scale


def test_a_refusal_of_the_solver_is_a_reason_and_a_bug_is_a_bug(monkeypatch):
    from backdoor_game.exact import solving

    def solve(*args, **options):
        raise BackdoorGameError("the game was not solved")

    with monkeypatch.context() as patched:
        patched.setattr(solving, "solve", solve)
        found = scale(BackdoorGame(Thresholds(points=7), "1/7", Uniform()), NoAttack(), CoinFlip(), rounds=10, seed=1)
        assert found.reasons == {"value": "the game was not solved"}
    monkeypatch.setattr(exactness, "FRACTION", None)  # a comparison inside the package fails
    with pytest.raises(TypeError):
        scale(BackdoorGame(Thresholds(points=23), "1/23", Uniform()), NoAttack(), CoinFlip(), rounds=10, seed=1)


@dataclasses.dataclass(frozen=True)
class Unlisted(Thresholds):
    """Its list of members fails."""

    def count(self):
        raise RuntimeError("no list today")


def test_a_fault_of_somebody_s_class_is_a_reason_that_names_its_file():
    found = estimate(BackdoorGame(Unlisted(points=7), "1/7", Uniform()), NoAttack(), CoinFlip(), rounds=10, seed=1)
    assert set(found.scale.reasons) == set(EXACT)
    assert "test_scale.py, line" in found.scale.reasons["value"]
    assert "no list today" in found.scale.reasons["value"]


def test_weights_that_are_no_fractions_leave_the_value_without_one():
    weights = [0.123456789123, 0.276543210877, 0.6]
    found = scale(BackdoorGame(Thresholds(points=3), 0.3, Weighted(weights)), NoAttack(), CoinFlip(), rounds=10, seed=1)
    assert found.value == pytest.approx(by_program(np.arange(3) >= np.arange(4)[:, None], weights, 0.3), abs=1e-7)


def test_several_matches_are_scaled_within_a_total(monkeypatch):
    matches = [Match(SMALL, attacker, CoinFlip(), 50, 1) for attacker in (NearestLegal(), RandomLegal(), NoAttack())]
    found = estimates(matches, level=0.9)
    assert all(one.scale.best_reply is not None for one in scaled(matches, found))
    monkeypatch.setattr(scaling, "TOTAL", 250)  # two games of 110 pairs (f, x), and not three
    known = [one.scale.best_reply for one in scaled(matches, found)]
    assert [one is None for one in known] == [False, False, True]
    last = scaled(matches, found)[2].scale
    assert "in all" in last.reasons["best_reply"]
    assert last.blind == 1
    again = scaled([matches[0]] * 9, [found[0]] * 9)  # the same match costs once
    assert all(one.scale.best_reply is not None for one in again)


def test_specs_are_taken_where_objects_are():
    spec = "BackdoorGame(Thresholds(points=10), 1/5, Uniform())"
    told = estimate(spec, "NearestLegal()", "CoinFlip()", rounds=100, seed=1)
    assert told == estimate(SMALL, NearestLegal(), CoinFlip(), rounds=100, seed=1)
    assert scale(spec, "NearestLegal()", "CoinFlip()", told) == told.scale
    for match, what in (
        ((spec, "NearestLegal()", "NearestLegal()"), "defender must be a Defender such as"),
        ((spec, "CoinFlip()", "CoinFlip()"), "attacker must be an Attacker such as"),
        ((spec, "NearestLogal()", "CoinFlip()"), "did you mean 'NearestLegal'"),
        (("Thresholds(points=10)", "NearestLegal()", "CoinFlip()"), "game must be a Game"),
    ):
        with pytest.raises(SpecError, match=what):
            estimate(*match, rounds=10, seed=1)
    with pytest.raises(InvalidArgument, match="game must be a Game"):
        estimate(3, "NearestLegal()", "CoinFlip()", rounds=10, seed=1)


def test_notes_stand_where_over_half_of_the_rounds_had_no_plant_and_marks_where_nearly_all():
    """Thresholds on 10 points: NearestLegal has 2 to 4 plants of 10 triggers at 1/5, and all or nearly all at 1."""
    loud = estimate(SMALL, NearestLegal(), CoinFlip(), rounds=400, seed=1)
    assert loud.forfeit_share > 0.5
    assert len(loud.notes) == 1
    assert not loud.rarely_plants
    quiet = estimate(BackdoorGame(Thresholds(points=10), 1, Uniform()), NearestLegal(), CoinFlip(), rounds=400, seed=1)
    assert quiet.notes == ()
    assert "note" not in str(quiet)
    never = estimate(SMALL, NoAttack(), CoinFlip(), rounds=400, seed=1)
    assert never.rarely_plants
    assert never.notes[0].startswith("100% of the rounds are forfeits")
    assert "given a plant" not in never.notes[0]  # there is none
    assert "NoAttack() (plants in under 1% of the rounds)" in str(never)
    assert "under 1%" not in str(loud)
    few = dataclasses.replace(never, forfeits=397)
    assert few.rarely_plants
    assert not dataclasses.replace(never, forfeits=396).rarely_plants  # 1% is not under 1%


def test_a_reason_names_a_player_as_it_was_typed():
    game = BackdoorGame(AllFunctions(points=8), 1 / 8)
    reasons = estimate(game, Shattered(), NeighbourVote(), rounds=50, seed=0).scale.reasons
    assert reasons["win_rate_exact"] == "the randomness of NeighbourVote() can only be sampled here"
