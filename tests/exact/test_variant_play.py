"""Optimal play, best replies and exact win rates in the game's variants: played, and against enumeration."""

import dataclasses
import itertools
import math

import numpy as np
import pytest

from backdoor_game import (
    AlwaysClean,
    AlwaysFlag,
    BackdoorGame,
    BlockAttacker,
    BlockDefender,
    BoltzmannResampling,
    CoinFlip,
    DistillationEnsemble,
    ExchangeablePair,
    Explicit,
    HillClimbAttacker,
    Intervals,
    InvalidArgument,
    LikelihoodRatio,
    MissingCapability,
    NearestLegal,
    NeighbourVote,
    NoAttack,
    OneInclusion,
    OptimalAttacker,
    OptimalDefender,
    PredicateCheck,
    RandomLegal,
    Thresholds,
    TraceReader,
    Uniform,
    Weighted,
    WorstAttack,
    best_response,
    estimate,
    exact_win_rate,
    exploitability,
    scale,
    solve,
)
from backdoor_game.exact.averaging import attack_table, flag_table
from backdoor_game.games.predicates import OneOf
from backdoor_game.games.reveals import AttackerTranscript, Coins, Original
from backdoor_game.games.triggers import (
    AfterOriginal,
    BeforeOriginal,
    Chosen,
    Offers,
    Satisfying,
    TriggerLaw,
    WorstOf,
)
from backdoor_game.ground.streams import draws
from backdoor_game.matches import exactness
from backdoor_game.players.attackers.base import NO_PLANT, PLANT
from backdoor_game.tournaments import check_size
from tests.exact.test_variants import Parity

LAWS = [AfterOriginal(), BeforeOriginal(), Chosen(), WorstOf(2), WorstOf(3), Satisfying(OneOf([1, 2]))]
UNEVEN = Explicit(["0000", "0011", "0111", "1111", "1011", "0010"]), 0.5, Weighted([0.1, 0.2, 0.3, 0.4])
VARIANTS = [
    BackdoorGame(*UNEVEN, trigger=law, clean_input=clean_input, reveal=reveal)
    for law, clean_input, reveal in itertools.product(LAWS, ["fresh", "trigger"], [None, Original(bits=1)])
]
names = pytest.mark.parametrize("game", VARIANTS, ids=lambda game: f"{game.trigger}-{game.clean_input}-{game.reveal}")
FAMILY = 0.99  # the level at which the intervals of a test hold together


def test_optimal_players_win_the_value_under_every_law():
    """100,000 rounds in all, intervals that hold together at .99."""
    level = FAMILY ** (1 / len(VARIANTS))
    for game in VARIANTS:
        found = estimate(game, OptimalAttacker(), OptimalDefender(), rounds=4200, seed=14, level=level)
        assert found.low <= solve(game).value <= found.high, game
        assert found.illegal == 0


@names
def test_what_optimal_players_state_of_their_coins_is_the_value(game):
    """The closed laws of f, of the trigger and of f*, and of the flags: each side loses nothing to its best reply."""
    value, optimal = solve(game).value, OptimalAttacker()
    assert exact_win_rate(game, optimal, OptimalDefender()) == pytest.approx(value, abs=1e-9)
    assert attack_table(game, game.distribution, optimal).how == "closed form"
    for strategy in (optimal, OptimalDefender()):
        found = exploitability(game, strategy)
        assert found.value == pytest.approx(0.0, abs=1e-9)
        assert found.how in ("closed form", "deterministic")


@names
def test_best_replies_win_what_is_promised_and_nobody_more(game):
    value = solve(game).value
    for defender in (NeighbourVote(), CoinFlip(), BoltzmannResampling(beta=2.0)):
        reply = best_response(game, defender=defender)
        assert exact_win_rate(game, reply.player, defender) == pytest.approx(reply.win_rate, abs=1e-9)
        assert reply.win_rate <= value + 1e-9
        others = (NearestLegal(), RandomLegal(), NoAttack(), OptimalAttacker())
        assert all(exact_win_rate(game, other, defender) >= reply.win_rate - 1e-9 for other in others)
    for attacker in (NearestLegal(), RandomLegal()):
        reply = best_response(game, attacker=attacker)
        assert reply.player == LikelihoodRatio(attacker)
        assert exact_win_rate(game, attacker, reply.player) == pytest.approx(reply.win_rate, abs=1e-9)
        assert reply.win_rate >= value - 1e-9
        others = (AlwaysClean(), AlwaysFlag(), NeighbourVote(), OptimalDefender())
        assert all(exact_win_rate(game, attacker, other) <= reply.win_rate + 1e-9 for other in others)


def test_exact_win_rates_are_those_of_play():
    """f, trigger and plant of shipped attackers, the default pick among them, against what is flagged."""
    pairs = list(itertools.product(VARIANTS, (NearestLegal(), RandomLegal(), WorstAttack(NeighbourVote()))))
    level = FAMILY ** (1 / len(pairs))
    for game, attacker in pairs:
        defender = LikelihoodRatio(RandomLegal())
        found = estimate(game, attacker, defender, rounds=1000, seed=3, level=level)
        assert found.low <= exact_win_rate(game, attacker, defender) <= found.high, (game, attacker)


@pytest.mark.parametrize("draws", [1, 2, 3])
@pytest.mark.parametrize("clean_input", ["fresh", "trigger"])
def test_the_default_pick_is_any_offered_trigger_with_a_legal_plant_and_else_any(draws, clean_input):
    """Against a defender that flags the ones of f' at a point: every f, every draw, every trigger, in plain Python."""
    rows, weights = ["0000", "0011", "0111", "1110"], [0.1, 0.2, 0.3, 0.4]
    game = BackdoorGame(Explicit(rows), 0.5, Weighted(weights), trigger=WorstOf(draws), clean_input=clean_input)

    def distance(f, g):
        return sum(w for a, b, w in zip(f, g, weights, strict=True) if a != b)

    def nearest(f, x):
        near = [g for g in rows if g[x] != f[x] and distance(f, g) <= 0.5 + 1e-12]
        return min(near, key=lambda g: distance(f, g), default=None)

    total = 0.0
    for f in rows:
        alarms = sum(w * (f[x] == "1") for x, w in enumerate(weights))
        for drawn in itertools.product(range(4), repeat=draws):
            able = [x for x in sorted(set(drawn)) if nearest(f, x)] or sorted(set(drawn))
            for x in able:
                g = nearest(f, x)
                caught = 1.0 if g is None else float(g[x] == "1")
                alarm = float(f[x] == "1") if clean_input == "trigger" else alarms
                chance = math.prod(weights[i] for i in drawn) / len(able) / len(rows)
                total += chance * (1 - alarm + caught) / 2
    assert exact_win_rate(game, NearestLegal(), Ones()) == pytest.approx(total, abs=1e-9)


@dataclasses.dataclass(frozen=True, repr=False)
class Ones(BlockDefender):
    """Flags where f'(x') = 1."""

    def suspicion_block(self, view):
        return view.game.functions.member_labels(view.codes, view.X[:, None])[:, 0].astype(np.float64)


@dataclasses.dataclass(frozen=True, repr=False)
class Trace(BlockDefender):
    """Flags where the number that is revealed is not that of f', or is 1 where `ones`."""

    ones: bool = False

    def suspicion_block(self, view):
        if self.ones:
            return view.trace.astype(np.float64)
        return (view.trace != view.codes[:, 0] % 2).astype(np.float64)


def test_a_defender_that_reads_the_trace_is_asked_with_it():
    """Thresholds(4) at 1/4: f* is a neighbour of f, with the other parity, planted at their one point."""
    game = BackdoorGame(Thresholds(4), "1/4", Uniform(), reveal=Parity())
    planted = (2 * 1 + 3 * 2) / 5 / 4  # the ends have one neighbour, the others two, each at a point of four
    assert exact_win_rate(game, RandomLegal(), AlwaysClean()) == pytest.approx(1 - planted / 2)
    assert exact_win_rate(game, RandomLegal(), Trace()) == pytest.approx(1.0)
    odd = 2 / 5  # thresholds 1 and 3, flagged whatever is shown with them; the others have 2 of 8 plants
    passed = (1 * 1 + 2 + 1) / 5 / 4  # of thresholds 0, 2 and 4
    assert exact_win_rate(game, RandomLegal(), Trace(ones=True)) == pytest.approx(1 - (odd + passed) / 2)
    assert best_response(game, defender=Trace()).win_rate == pytest.approx(1.0)
    assert len(flag_table(game, game.distribution, Trace()).flags) == 4 * 5 + planted * 4 * 5


def test_the_optimal_defender_reads_a_trace_that_gives_every_plant_away():
    """Thresholds a step apart differ in parity."""
    game = BackdoorGame(Thresholds(10), "1/10", Uniform(), reveal=Parity())
    assert exact_win_rate(game, RandomLegal(), OptimalDefender()) == pytest.approx(1.0)
    assert best_response(game, defender=OptimalDefender()).win_rate == pytest.approx(1.0)


def test_how_far_a_strategy_is_from_optimal_is_told_in_its_own_game():
    """Both branches show a trigger that the attacker knew: the value is one half, which always-clean wins at least."""
    game = BackdoorGame(Thresholds(6), "1/3", Uniform(), trigger=BeforeOriginal(), clean_input="trigger")
    found = exploitability(game, AlwaysClean())
    assert found.game_value == pytest.approx(0.5, abs=1e-6)
    assert found.value == pytest.approx(0.0, abs=1e-6)


@dataclasses.dataclass(frozen=True, repr=False)
class SecondRow(BlockDefender):
    """Flags one row of a table by its number, not by its labels."""

    reads_code = True

    def suspicion_block(self, view):
        return (view.codes[:, 0] == 1).astype(float)


def test_members_that_d_does_not_tell_apart_are_two_to_who_reads_codes():
    """The second row is flagged where it is clean, and its plant, the third, is not."""
    game = BackdoorGame(Explicit(["00", "01", "10"]), 1.0, Weighted([1.0, 0.0]), trigger=Chosen())
    assert best_response(game, defender=SecondRow()).win_rate == 0.0
    assert exact_win_rate(game, WorstAttack(SecondRow()), SecondRow()) == 0.0
    assert attack_table(game, game.distribution, WorstAttack(SecondRow())).attack.picked.tolist() == [[0.0, 1.0, 0.0]]


@dataclasses.dataclass(frozen=True, repr=False)
class First(BlockAttacker):
    """Picks the first trigger of the offer, and plants nothing: an answer to the order, not to the set."""

    plants: bool = False

    def pick_block(self, view):
        return view.offered[:, 0]

    def plant_block(self, view):
        planted, answers = NearestLegal().plant_block(view)
        return planted, answers if self.plants else np.full(len(view), NO_PLANT)


def test_an_attacker_that_answers_by_the_order_of_the_draws_is_only_sampled():
    game = BackdoorGame(*UNEVEN, trigger=WorstOf(2))
    with pytest.raises(MissingCapability, match="can only be sampled"):
        exact_win_rate(game, First(plants=True), CoinFlip())
    assert attack_table(game, game.distribution, First(plants=True)).how == "estimated"
    reply = best_response(game, attacker=First(plants=True), rounds=2000, seed=1)
    after = best_response(dataclasses.replace(game, trigger=AfterOriginal()), attacker=NearestLegal())
    assert reply.how == "estimated"
    assert reply.low - 0.02 <= after.win_rate <= reply.high + 0.02  # the first of two draws is one draw


def test_in_counted_rounds_a_forfeit_has_picked_f_and_a_trigger_too():
    game = BackdoorGame(*UNEVEN, trigger=WorstOf(2), clean_input="trigger")
    table = attack_table(game, game.distribution, First())
    assert table.how == "estimated"
    assert table.attack.planted.sum() == 0
    np.testing.assert_allclose(table.attack.picked.sum(axis=1), [0.1, 0.2, 0.3, 0.4], atol=0.01)  # 4 sd of 50,000


@dataclasses.dataclass(frozen=True, repr=False)
class AllButOne(TriggerLaw):
    """Three of D's four points, in any order."""

    @property
    def draws(self):
        return 3

    def offered(self, distribution, keys):
        return distribution.atoms()[0][np.argsort(draws(keys, 0, 4), axis=1)[:, :3]]

    def offers(self, points, weights):
        return Offers(~np.eye(4, dtype=bool), np.full(4, 1 / 4))


@dataclasses.dataclass(frozen=True, repr=False)
class At(BlockAttacker):
    """Picks the trigger at one place of the offer, and plants nothing."""

    place: int

    def pick_block(self, view):
        return view.offered[:, self.place]

    def plant_block(self, view):
        return view.chosen()[0], np.full(len(view), NO_PLANT)


class PlantsAtTheFirst(BlockAttacker):
    """Picks the least trigger of the offer, and plants where that was drawn first."""

    def pick_block(self, view):
        return view.offered.min(axis=1)

    def plant_block(self, view):
        planted, answers = NearestLegal().plant_block(view)
        first = (view.offered[:, 0] == view.X_star).all(axis=1)
        return planted, np.where(first, answers, NO_PLANT)


def test_who_picks_by_the_set_and_plants_by_its_order_answers_the_order():
    game = BackdoorGame(*UNEVEN, trigger=WorstOf(2))
    with pytest.raises(MissingCapability, match="can only be sampled"):
        exact_win_rate(game, PlantsAtTheFirst(), CoinFlip())
    assert attack_table(game, game.distribution, PlantsAtTheFirst()).how == "estimated"


@pytest.mark.parametrize("place", [0, 1, 2])
def test_who_picks_by_the_place_in_an_offer_of_three_answers_the_order(place):
    """The second of three is the second of them backwards too."""
    game = BackdoorGame(Thresholds(4), "1/4", Uniform(), trigger=AllButOne(), clean_input="trigger")
    with pytest.raises(MissingCapability, match="can only be sampled"):
        exact_win_rate(game, At(place), CoinFlip())


@dataclasses.dataclass(frozen=True, repr=False)
class Outside(BlockAttacker):
    """Picks the first point of D, whether it is offered or not."""

    def pick_block(self, view):
        return np.zeros((len(view), 1), dtype=view.functions.domain.dtype)

    def plant_block(self, view):
        return NearestLegal().plant_block(view)


@pytest.mark.parametrize("clean_input", ["fresh", "trigger"])
def test_a_trigger_that_the_law_does_not_leave_is_a_forfeit_at_a_fresh_point(clean_input):
    game = BackdoorGame(*UNEVEN, trigger=Satisfying(OneOf([1, 2])), clean_input=clean_input)
    table = attack_table(game, game.distribution, Outside())
    assert table.attack.planted.sum() == 0
    np.testing.assert_allclose(table.attack.picked.sum(axis=1), [0.1, 0.2, 0.3, 0.4])
    found = estimate(game, Outside(), Ones(), rounds=4000, seed=2, level=0.999)
    assert found.illegal == 4000
    assert found.low <= exact_win_rate(game, Outside(), Ones()) <= found.high


@dataclasses.dataclass(frozen=True, repr=False)
class Told(BlockAttacker):
    """Sees the trigger first, and chooses the f that is 1 on its right half: where it can it flips it there."""

    def choose_block(self, view):
        ones = (view.offered[:, 0, 0] >= 2).astype(int)
        return view.functions.enumerate()[ones]

    def plant_block(self, view):
        return NearestLegal().plant_block(view)


def test_an_f_that_depends_on_the_offer_is_averaged_offer_by_offer():
    game = BackdoorGame(*UNEVEN, trigger=BeforeOriginal())
    table = attack_table(game, game.distribution, Told())
    assert table.how == "deterministic"
    found = estimate(game, Told(), Ones(), rounds=4000, seed=2, level=0.999)
    assert found.low <= exact_win_rate(game, Told(), Ones()) <= found.high
    first, second = game.functions.enumerate()[:2]
    codes = table.game.legal.codes
    picked = {tuple(code): row for code, row in zip(codes.tolist(), table.attack.picked.T.tolist(), strict=True)}
    assert picked[tuple(first.tolist())] == pytest.approx([0.1, 0.2, 0.0, 0.0])
    assert picked[tuple(second.tolist())] == pytest.approx([0.0, 0.0, 0.3, 0.4])


@names
def test_a_match_is_scaled_by_its_own_game(game):
    found = scale(game, NearestLegal(), NeighbourVote(), rounds=200, seed=1)
    assert found.value == pytest.approx(solve(game).value, abs=1e-9)
    assert found.best_reply == pytest.approx(best_response(game, attacker=NearestLegal()).win_rate)
    assert found.worst_case == pytest.approx(best_response(game, defender=NeighbourVote()).win_rate)
    assert found.win_rate_exact == pytest.approx(exact_win_rate(game, NearestLegal(), NeighbourVote()))
    assert found.blind_exact == max(exact_win_rate(game, NearestLegal(), one) for one in (AlwaysClean(), AlwaysFlag()))
    assert found.reasons == {}


def test_a_scale_that_is_not_known_says_why_and_is_never_the_default_game_s(monkeypatch):
    game = BackdoorGame(*UNEVEN, reveal=Coins())
    found = scale(game, NearestLegal(), NeighbourVote(), rounds=200, seed=1)
    assert (found.value, found.worst_case, found.best_reply, found.win_rate_exact) == (None,) * 4
    assert all("Coins" in reason for reason in found.reasons.values())
    monkeypatch.setattr(exactness, "CELLS", 30)
    other = BackdoorGame(UNEVEN[0], 0.4, UNEVEN[2], trigger=WorstOf(3))  # exact numbers are remembered
    found = scale(other, NearestLegal(), NeighbourVote(), rounds=200, seed=1)
    assert found.value is None
    assert all("at most 30 ways to pick" in reason for reason in found.reasons.values())


def test_a_transcript_holds_more_than_f_so_that_who_reads_it_is_only_played():
    game = BackdoorGame(*UNEVEN, trigger=BeforeOriginal(), reveal=AttackerTranscript())
    assert solve(game).value == 1.0
    assert flag_table(game, game.distribution, NeighbourVote()).how != "estimated"
    with pytest.raises(MissingCapability, match="can only be sampled"):
        flag_table(game, game.distribution, OptimalDefender())
    found = estimate(game, OptimalAttacker(), OptimalDefender(), rounds=500, seed=1)
    assert found.win_rate == 1.0


def test_where_both_branches_show_the_chosen_trigger_every_defender_wins_one_half():
    """The optimal attacker against voters, samplers and coins: both branches have one law."""
    games = [BackdoorGame(*UNEVEN, trigger=law, clean_input="trigger") for law in (Chosen(), BeforeOriginal())]
    vote = DistillationEnsemble(learner=OneInclusion(), members=7, examples=4)
    defenders = (AlwaysClean(), CoinFlip(), NeighbourVote(), BoltzmannResampling(beta=2.0), vote, OptimalDefender())
    level = FAMILY ** (1 / (len(games) * len(defenders)))
    for game, defender in itertools.product(games, defenders):
        assert solve(game).value == pytest.approx(0.5, abs=1e-12)
        found = estimate(game, OptimalAttacker(), defender, rounds=2000, seed=5, level=level)
        assert found.low <= 0.5 <= found.high, defender


def test_off_its_path_the_optimal_attacker_picks_what_is_offered_and_may_forfeit():
    """Every f and every offer is answered, whatever the plan gets to."""
    from backdoor_game.players.views import AttackerBlock, Meter

    for game in VARIANTS:
        ready, functions = OptimalAttacker().prepare(game), game.functions
        codes = np.repeat(functions.enumerate(), 50, axis=0)
        keys = np.arange(len(codes), dtype=np.uint64)
        offered = game.trigger.offered(game.distribution, keys)
        if offered is None or offered.shape[1] > 1:
            view = AttackerBlock(game, game.distribution, keys, Meter(len(keys)), codes=codes, offered=offered)
            X = ready.pick_block(view)
        else:
            X = offered[:, 0].copy()
        inside = game.trigger.admits(game.distribution, X) if offered is None else (offered == X[:, None]).all(2).any(1)
        assert inside.all()
        view = AttackerBlock(game, game.distribution, keys, Meter(len(keys)), codes=codes, X_star=X, offered=offered)
        planted, answers = ready.plant_block(view)
        assert view.legal(planted)[answers == PLANT].all()


def test_a_climber_refuses_what_it_does_not_know():
    with pytest.raises(MissingCapability, match="HillClimbAttacker knows the game whose trigger is drawn after f"):
        HillClimbAttacker(CoinFlip()).prepare(BackdoorGame(*UNEVEN, trigger=Chosen()))


def test_a_tournament_weighs_variants_of_a_size_that_it_counts():
    law = WorstOf(2)
    small, large = (BackdoorGame(Intervals(n), 2 / n, Uniform(), trigger=law) for n in (8, 16))
    assert check_size(small) == small
    with pytest.raises(InvalidArgument, match=r"at most 16384 ways to pick f and its trigger.* got 35072"):
        check_size(large)


SIX = BackdoorGame(Thresholds(points=6), "1/3", Uniform())
ONLY_IN_VARIANTS = [
    *(
        (dataclasses.replace(SIX, trigger=law, clean_input=shown), ExchangeablePair(), BoltzmannResampling())
        for law in (BeforeOriginal(), Chosen(), Satisfying(OneOf([1, 4])))
        for shown in ("fresh", "trigger")
    ),
    (dataclasses.replace(SIX, reveal=Original(bits=1)), RandomLegal(), TraceReader()),
    (dataclasses.replace(SIX, trigger=Chosen(), reveal=Original(bits=2)), NearestLegal(), TraceReader()),
    (dataclasses.replace(SIX, trigger=Satisfying(OneOf([1, 4]))), RandomLegal(), PredicateCheck()),
]


@pytest.mark.parametrize(("game", "attacker", "defender"), ONLY_IN_VARIANTS, ids=str)
def test_players_of_variants_alone_win_in_play_what_their_laws_say(game, attacker, defender):
    exact = exact_win_rate(game, attacker, defender)
    found = estimate(game, attacker, defender, rounds=20_000, seed=5, level=1 - 1e-3 / len(ONLY_IN_VARIANTS))
    assert found.low <= exact <= found.high
