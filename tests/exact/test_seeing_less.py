"""`solve(sees=...)`: what it says, what it refuses, and its players against each other by play."""

import dataclasses
import json
import warnings

import numpy as np
import pytest

from backdoor_game import (
    Atoms,
    BackdoorGame,
    DecisionTrees,
    Intervals,
    InvalidArgument,
    MissingCapability,
    NearestLegal,
    OptimalAttacker,
    OptimalDefender,
    Thresholds,
    Uniform,
    estimate,
    exact_win_rate,
    solve,
)
from backdoor_game.catalog import make
from backdoor_game.cli import main
from backdoor_game.cli.templates.observation import Mine as WrongLabel
from backdoor_game.exact.averaging import flag_table
from backdoor_game.exact.finite.guarantees import defender_guarantee
from backdoor_game.exact.finite.kept import keep
from backdoor_game.exact.players import seeing
from backdoor_game.exact.players.varied import Varied
from backdoor_game.exact.variants import variant_equilibrium
from backdoor_game.exact.variants.asking import QueryPlan
from backdoor_game.games.observations import (
    ActivePath,
    Blind,
    Examples,
    Label,
    LeafMassSeen,
    Observation,
    Queries,
    WhiteBox,
)
from backdoor_game.games.predicates import OneOf
from backdoor_game.games.reveals import AttackerTranscript, Original
from backdoor_game.games.triggers import BeforeOriginal, Chosen, Satisfying, WorstOf
from backdoor_game.ground.spec import text
from backdoor_game.ground.statistics import clopper_pearson, simultaneous_level
from backdoor_game.ground.streams import role_keys
from backdoor_game.players.views import DefenderBlock, Meter
from tests.exact.test_variants import Parity
from tests.experiments.faults import mutated

TEN = BackdoorGame(Thresholds(points=10), 0.2, Uniform())
FIVE = Intervals(points=5)
TREES = BackdoorGame(DecisionTrees(bits=3, leaves=4), "1/8", Uniform())
PLAYED = [
    (TEN, Examples(1)),
    (TEN, Examples(2, label=False)),
    (TEN, Queries(2)),
    (TEN, WhiteBox()),
    (BackdoorGame(Thresholds(points=6), "1/3", Uniform(), black_box=True), Queries(2)),
    (TREES, LeafMassSeen()),
    (TREES, ActivePath()),
    (BackdoorGame(FIVE, 0.2, Uniform(), trigger=BeforeOriginal()), Queries(2)),
    (BackdoorGame(FIVE, 0.2, Uniform(), trigger=Chosen()), Examples(3)),
    (BackdoorGame(FIVE, 0.2, Uniform(), trigger=WorstOf(2), reveal=Original(bits=2)), Examples(1)),
    (BackdoorGame(FIVE, 0.2, Uniform(), trigger=WorstOf(2), reveal=Original(bits=2)), Queries(1)),
    (BackdoorGame(FIVE, 0.2, Uniform(), clean_input="trigger"), Label()),
]
ROUNDS = 20_000


def interval(game, sees, found, rounds=ROUNDS):
    level = simultaneous_level(0.999, len(PLAYED))
    return estimate(game, found.attacker, found.defender, rounds=rounds, seed=14, level=level, scale=False)


@pytest.mark.parametrize(("game", "sees"), PLAYED, ids=lambda one: str(one)[:60])
def test_optimal_play_by_play_wins_the_value_and_uses_what_it_may(game, sees):
    found = solve(game, sees=sees)
    played = interval(game, sees, found)
    assert played.low <= found.value <= played.high
    both = 2 - played.forfeits / played.rounds  # a forfeit shows the defender one branch
    assert played.illegal == 0
    assert played.examples_per_round == pytest.approx(both * getattr(sees, "m", 0), rel=1e-9)
    labels = sees.queries + (sees.label if isinstance(sees, Examples) else isinstance(sees, Label))
    assert played.queries_per_round == pytest.approx(both * labels, rel=1e-9)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("known.after[here, asked, labels]", "known.after[here, asked, 1 - labels]"),
        ("plan.flags[groups, here]", "plan.flags[groups, 0 * here]"),
    ],
    ids=["answers are misread", "answers are forgotten"],
)
def test_a_defender_that_misreads_its_answers_does_not_win_the_value(monkeypatch, old, new):
    found = solve(TEN, sees=Queries(2))
    monkeypatch.setattr(seeing, "_asked", mutated(seeing._asked, old, new))
    against_worst = solve(TEN, sees=Queries(1)).attacker
    played = estimate(TEN, against_worst, found.defender, rounds=ROUNDS, seed=14, level=0.999, scale=False)
    assert played.high < found.value


def test_the_flags_that_exact_methods_average_are_those_of_the_proof():
    """The table is made from the player, and its worst attacker found on the table: neither reads the program."""
    for sees in (Blind(), Label(input=True), Examples(2), Queries(1), Queries(2), WhiteBox()):
        found = solve(TEN, sees=sees)
        table = flag_table(TEN, TEN.distribution, found.defender, sampled=False)
        assert defender_guarantee(table.game, table.flags) == pytest.approx(found.lower, abs=1e-9), sees


def test_by_play_the_defender_flags_each_view_as_often_as_the_average_says():
    defender = OptimalDefender(sees=Queries(2)).prepare(TEN)
    table = flag_table(TEN, TEN.distribution, defender, sampled=False)
    B, level = 4000, simultaneous_level(0.999, table.flags.size)
    for x in range(10):
        for f in range(11):
            keys, oracle = (role_keys(x * 11 + f, "flags", role, 0, B) for role in ("defender/0", "oracle/0"))
            shown = np.repeat(table.game.codes[f][None], B, axis=0), np.repeat(table.game.points[x][None], B, axis=0)
            view = DefenderBlock(TEN, TEN.distribution, *shown, keys, oracle, Meter(B))
            low, high = clopper_pearson(int(defender.suspicion_block(view).sum()), B, level)
            assert low <= table.flags[x, f] + 1e-12
            assert table.flags[x, f] - 1e-12 <= high


@pytest.mark.parametrize(("q", "flagged"), [(1, 1 / 4), (2, 1 / 2)], ids=["its own coins", "no question once over"])
def test_a_plan_by_hand_is_played_as_it_says(q, flagged):
    """One asks point 0 or point 3 by a fair coin, and after point 0 flags half the time; two stop half the time."""
    game, sees = BackdoorGame(Thresholds(points=4), "1/4", Uniform()), Queries(q)
    found = variant_equilibrium(game, sees)
    known = found.asks.asking.states
    asks, flags = np.zeros_like(found.asks.asks), np.zeros_like(found.asks.flags)
    asks[:, 0, [0, 3] if q == 1 else [0]] = 0.5
    flags[:, known.after[0, 0] if q == 1 else 0] = 0.5 * q  # after point 0; where it stops at once
    plan = QueryPlan(found.asks.asking, asks, flags)
    defender = keep(OptimalDefender(sees=sees), game, Varied(dataclasses.replace(found, asks=plan), sees))
    B, (F, N) = 2000, (5, 4)
    keys, oracle = (role_keys(7, "by hand", role, 0, B * F * N) for role in ("defender/0", "oracle/0"))
    X, codes = np.repeat(game.functions.domain.points(), B * F, axis=0), np.tile(game.functions.enumerate(), (B * N, 1))
    view = DefenderBlock(game, game.distribution, codes, X, keys, oracle, Meter(len(keys)))
    low, high = clopper_pearson(int(defender.suspicion_block(view).sum()), len(keys), 0.999)
    assert low <= flagged <= high


def test_a_view_that_no_round_has_is_flagged_on_average():
    """At point 0 with the trace of an even threshold: threshold 3 is nobody's plant there, nor clean."""
    game = BackdoorGame(Thresholds(points=4), "1/4", Uniform(), reveal=Parity())
    codes, word = game.functions.enumerate()[3:4], np.zeros(1, dtype=np.uint64)
    trace = Parity().traces(game.functions, game.functions.enumerate()[2:3])
    shown = codes, game.functions.domain.points()[:1], word, word, Meter(1)
    view = DefenderBlock(game, game.distribution, *shown, trace=trace)
    assert OptimalDefender(sees=Label()).prepare(game).suspicion_probability(view) == 1.0


def test_a_coin_of_an_observation_is_none_of_those_that_flag():
    """The template's label is told wrong by the first word of its keys: on given symbols flags are drawn anew."""
    game, sees = BackdoorGame(Thresholds(points=4), "1/4", Uniform()), WrongLabel(noise=0.1)
    found = solve(game, sees=sees)
    assert exact_win_rate(game, found.attacker, found.defender) == pytest.approx(found.value, abs=2e-6)
    for attacker in (found.attacker, NearestLegal()):
        played = estimate(game, attacker, found.defender, rounds=ROUNDS, seed=14, level=0.999, scale=False)
        assert played.low <= exact_win_rate(game, attacker, found.defender) <= played.high


def test_a_trigger_that_no_branch_shows_is_asked_of_without_a_warning():
    """Both branches show point 1 or 2, which the attacker knew when it picked f: nobody beats one half."""
    law = Satisfying(OneOf(points=(1, 2)))
    game = BackdoorGame(Thresholds(points=4), "1/4", Uniform(), trigger=law, clean_input="trigger")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert solve(game, sees=Queries(2)).value == pytest.approx(0.5, abs=1e-6)


def test_a_solution_says_what_is_seen_and_is_silent_where_that_is_all(capsys):
    found = solve(TEN, sees="Examples(m=1)")
    assert found.sees == "Examples(m=1)"
    assert found.to_dict()["sees"] == "Examples(m=1)"
    assert "the defender sees         Examples(m=1)" in str(found)
    assert "sees" not in solve(TEN).to_dict()
    assert "sees" not in str(solve(TEN))
    assert found.attacker == OptimalAttacker(sees=Examples(1))
    assert found.defender == OptimalDefender(sees=Examples(1))
    assert make(text(found.defender)) == found.defender


def test_solve_on_the_command_line_takes_what_is_seen(capsys):
    game = ["--functions", "Thresholds(points=10)", "--distribution", "Uniform()", "--epsilon", "0.2", "--quiet"]
    assert main(["solve", *game, "--sees", "Queries(q=1)", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["value"] == pytest.approx(0.825, abs=1e-6)
    assert told["sees"] == "Queries(q=1)"
    assert main(["solve", *game, "--sees", "Queries(q=1)"]) == 0
    assert "weighed in the game" not in capsys.readouterr().out
    assert main(["solve", *game, "--sees", "Queries(q=1)", "--defender", "CoinFlip()"]) == 0
    assert "weighed in the game whose defender sees all of f' and x', worth 0.833333" in capsys.readouterr().out
    assert main(["solve", *game, "--sees", "Queries(q=1)"]) == 0
    assert "Queries(q=1)" in capsys.readouterr().out


def test_what_is_seen_does_not_go_with_a_curve(capsys):
    game = ["--functions", "Thresholds(points=10)", "--distribution", "Uniform()", "--quiet"]
    assert main(["solve", *game, "--curve", "--sees", "Blind()"]) == 2
    assert "--sees does not go with --curve" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("sees", "said"),
    [
        ("Example(m=1)", "did you mean 'Examples'"),
        ("Examples(m=-1)", "m must be"),
        ("CoinFlip()", "sees must be an Observation"),
        ("LeafMassSeen()", "plays DecisionTrees"),
    ],
)
def test_a_wrong_observation_is_one_sentence_and_exit_2(capsys, sees, said):
    game = ["--functions", "Thresholds(points=10)", "--distribution", "Uniform()", "--epsilon", "0.2", "--quiet"]
    assert main(["solve", *game, "--sees", sees]) == 2
    told = capsys.readouterr()
    assert said in told.err
    assert len(told.err.strip().splitlines()) == 1
    assert not told.out


@pytest.mark.parametrize(
    ("game", "how", "error", "said"),
    [
        (BackdoorGame(Thresholds(points=10), 0.2), {}, InvalidArgument, "for games with a distribution"),
        (TEN, {"exact": True}, InvalidArgument, "leave exact or sees out"),
        (TEN, {"sees": 3}, InvalidArgument, "sees must be"),
        (
            BackdoorGame(Thresholds(points=10), 0.2, Uniform(), black_box=True),
            {"sees": WhiteBox()},
            InvalidArgument,
            "leave black_box out",
        ),
    ],
)
def test_what_does_not_go_together_with_seeing_less_is_refused(game, how, error, said):
    with pytest.raises(error, match=said):
        solve(game, **{"sees": Examples(1), **how})


def test_optimal_play_of_who_sees_less_is_shown_with_its_flags_on_average():
    for sees in (Examples(1), Queries(2)):
        found = solve(TEN, sees=sees)
        shown = found.optimal_play()
        table = flag_table(TEN, TEN.distribution, found.defender, sampled=False)
        labels = ["".join(map(str, row)) for row in table.game.labels.tolist()]
        flags = np.zeros_like(table.flags)
        for one in shown.flags:
            flags[one.x, labels.index(shown.functions[one.f].labels)] = one.probability
        assert flags == pytest.approx(table.flags, abs=1e-8)


def test_a_black_box_is_played_by_a_defender_who_reads_no_code_and_refused_to_one_who_does():
    game = BackdoorGame(Thresholds(points=6), "1/3", Uniform(), black_box=True)
    estimate(game, OptimalAttacker(sees=Examples(2)), OptimalDefender(sees=Examples(2)), rounds=100, seed=1)
    for sees in (None, WhiteBox()):
        with pytest.raises(MissingCapability, match="black-box"):
            estimate(game, OptimalAttacker(), OptimalDefender(sees=sees), rounds=100, seed=1)


def test_a_trace_that_more_than_f_decides_is_not_read_by_who_sees_less():
    game = BackdoorGame(FIVE, 0.2, Uniform(), reveal=AttackerTranscript())
    assert solve(game, sees=Examples(1)).value == pytest.approx(variant_value(game, Examples(1)), abs=1e-9)
    with pytest.raises(MissingCapability, match="f alone decides"):
        estimate(game, OptimalAttacker(), OptimalDefender(sees=Examples(1)), rounds=10, seed=1)


def variant_value(game, sees):
    """All of f is revealed: who then sees no label of f' knows whether it forfeits, and nothing of x'."""
    found = variant_equilibrium(game, sees)
    return (found.lower + found.upper) / 2


def test_points_of_a_law_that_is_not_uniform_are_weighed():
    law = Atoms(points=((0,), (2,), (3,)), weights=("1/2", "1/4", "1/4"))
    game = BackdoorGame(Thresholds(points=4), "1/4", law)
    found = solve(game, sees=Examples(2))
    played = interval(game, Examples(2), found)
    assert played.low <= found.value <= played.high
    assert isinstance(found.defender.sees, Observation)
