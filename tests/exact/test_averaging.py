"""How strategies are averaged: each way is found where it applies, and gives the probabilities of the definition."""

from dataclasses import dataclass

import numpy as np
import pytest

from backdoor_game import (
    Attacker,
    BackdoorGame,
    BlockAttacker,
    BlockDefender,
    BoltzmannResampling,
    CoinFlip,
    ContractError,
    Defender,
    DistillationEnsemble,
    Explicit,
    Finite,
    FunctionClass,
    Intervals,
    InvalidArgument,
    Memorizer,
    MissingCapability,
    NearestLegal,
    RandomLegal,
    Thresholds,
    Uniform,
    Weighted,
    best_response,
    estimate,
    exact_win_rate,
    exploitability,
    solve,
)
from backdoor_game.exact.averaging import attack_table, flag_table
from backdoor_game.players.attackers.base import NO_PLANT, PLANT
from tests.naive import exact_play as naive

GAME = BackdoorGame(Thresholds(points=5), 0.3, Weighted([0.1, 0.3, 0.2, 0.2, 0.2]))


@dataclass(frozen=True)
class LowLabel(Defender):
    """Flags ones on low points: no examples and no coin."""

    def suspicion(self, view, rng):
        return float(view.f(view.x[None])[0] == 1 and view.x[0] < 2)


@dataclass(frozen=True)
class Rare(Defender):
    """Flags a label that most of m examples lack: examples and no coin."""

    m: int = 3
    threshold: float = 0.6

    def suspicion(self, view, rng):
        _, y = view.examples(self.m)
        return float(np.mean(y != view.f(view.x[None])[0]))


@dataclass(frozen=True)
class Twice(Defender):
    """Asks for a second example only where the first has another label."""

    def suspicion(self, view, rng):
        label = view.f(view.x[None])[0]
        if view.examples(1)[1][0] == label:
            return 0.0
        return float(view.examples(1)[1][0] != label)


@dataclass(frozen=True)
class Tosses(Defender):
    """Draws a coin of its own, and swallows whatever goes wrong."""

    p: float = 0.3

    def suspicion(self, view, rng):
        try:
            return float(rng.random() < self.p)
        except Exception:
            return 0.0


@dataclass(frozen=True)
class BlockRare(BlockDefender):
    """The block form of `Rare`."""

    threshold: float = 0.6

    def suspicion_block(self, view):
        y = view.sample(3).y[:, 0]
        return (y != view.evaluate(view.X[:, None, :])).mean(axis=1)


@dataclass(frozen=True)
class BlockTosses(BlockDefender):
    def suspicion_block(self, view):
        return (view.keys % np.uint64(10) < np.uint64(3)).astype(float)


@dataclass(frozen=True)
class FirstLegal(Attacker):
    """The first member that is legal, and sometimes an illegal one: no coin."""

    def plant(self, view, rng):
        F = view.game.functions
        for code in F.enumerate():
            if view.legal(F.function(code)):
                return F.function(code)
        return F.function(F.enumerate()[0])


@dataclass(frozen=True)
class Fixed(BlockAttacker):
    """Always the same f, and a coin on whether to plant."""

    def choose_block(self, view):
        return np.full((len(view), 1), 2)

    def plant_block(self, view):
        codes, x_star = view.chosen()
        planted = np.where(x_star >= 2, 1, 3)
        coin = view.keys % np.uint64(2) == 0
        return planted, np.where(coin & view.legal(planted), PLANT, NO_PLANT)


def expected_flags(flag):
    tiny = naive.TinyGame(GAME, GAME.distribution)
    table = flag_table(GAME, GAME.distribution, CoinFlip()).game
    rows = [tuple(int(v) for v in row) for row in table.labels]
    assert set(rows) == set(tiny.labels)
    return np.array([[flag(tiny, f, x) for f in rows] for x in range(5)])


def rare(tiny, f, x):
    """At least .6 of three examples carry another label."""
    return sum(p for S, p in tiny.samples(3) if sum(f[s] != f[x] for s in S) >= 2)


@pytest.mark.parametrize(
    ("defender", "how", "flag"),
    [
        (CoinFlip(), "closed form", lambda tiny, f, x: 0.5),
        (LowLabel(), "deterministic", lambda tiny, f, x: float(f[x] == 1 and x < 2)),
        (Rare(), "enumerated", rare),
        (BlockRare(), "enumerated", rare),
        (Twice(), "enumerated", lambda tiny, f, x: sum(p for z, p in tiny.law.items() if f[z] != f[x]) ** 2),
    ],
)
def test_a_defender_is_averaged_exactly_where_it_can_be(defender, how, flag):
    found = flag_table(GAME, GAME.distribution, defender)
    assert found.how == how
    np.testing.assert_allclose(found.flags, expected_flags(flag), atol=1e-12)


@pytest.mark.parametrize("defender", [Tosses(), BlockTosses()])
def test_a_defender_that_tosses_coins_of_its_own_is_sampled_and_says_so(defender):
    found = flag_table(GAME, GAME.distribution, defender)
    assert found.how == "estimated"
    # 30 cells of 1,666 plays each: five standard deviations are .057.
    np.testing.assert_allclose(found.flags, 0.3, atol=0.057)
    with pytest.raises(MissingCapability, match="can only be sampled here: use estimate"):
        exact_win_rate(GAME, NearestLegal(), defender)


def test_an_estimated_exploitability_comes_from_fresh_rounds_with_an_interval():
    found = exploitability(GAME, Tosses(), rounds=40_000, seed=3)
    worst = best_response(GAME, defender=Tosses(), rounds=40_000, seed=3)
    again = estimate(GAME, worst.player, Tosses(), rounds=40_000, seed=3)
    assert (worst.win_rate, worst.low, worst.high, worst.how) == (again.win_rate, again.low, again.high, "estimated")
    assert found.how == "estimated"
    assert found.low < found.value < found.high
    # Flagging with probability .3 wins 1/2 on a plant; the worst f allows one at every point that is not too heavy.
    law = GAME.distribution.atoms()[1]
    best = max(
        sum(w for w, legal in zip(law, row, strict=True) if legal)
        for row in [[bool(naive.TinyGame(GAME, GAME.distribution).legal(f, x)) for x in range(5)]
                    for f in naive.TinyGame(GAME, GAME.distribution).labels]
    )
    expected = 0.5 * 0.7 + 0.5 * (0.3 * best + (1 - best))
    assert worst.low <= expected <= worst.high
    assert found.game_value == solve(GAME).value


def test_an_attacker_is_averaged_by_asking_it():
    found = attack_table(GAME, GAME.distribution, FirstLegal())
    assert found.how == "deterministic"
    tiny = naive.TinyGame(GAME, GAME.distribution)
    exact = naive.exact_win_rate(
        tiny,
        naive.uniform_originals(tiny.labels),
        lambda f, x: [(tiny.legal(f, x)[0] if tiny.legal(f, x) else None, 1.0)],
        lambda f, x: float(f[x] == 1 and x < 2),
    )
    assert exact_win_rate(GAME, FirstLegal(), LowLabel()) == pytest.approx(exact, abs=1e-12)


def test_coins_of_an_attacker_are_sampled_and_its_f_is_not_where_it_needs_none():
    found = attack_table(GAME, GAME.distribution, Fixed())
    assert found.how == "estimated"
    assert found.attack.originals.max() == 1.0
    used = found.attack.plants[found.attack.plants > 0]
    np.testing.assert_allclose(used, 0.5, atol=0.05)
    reply = best_response(GAME, attacker=Fixed(), rounds=20_000, seed=0)
    assert reply.how == "estimated"
    assert reply.low <= reply.win_rate <= reply.high


@pytest.mark.parametrize("attacker", [NearestLegal(), RandomLegal(), FirstLegal()])
def test_the_likelihood_ratio_reply_wins_what_is_promised_and_no_defender_more(attacker):
    reply = best_response(GAME, attacker=attacker, seed=0)
    assert exact_win_rate(GAME, attacker, reply.player) == pytest.approx(reply.win_rate, abs=1e-12)
    for defender in (CoinFlip(), LowLabel(), Rare(), BoltzmannResampling()):
        assert exact_win_rate(GAME, attacker, defender) <= reply.win_rate + 1e-12
    played = estimate(GAME, attacker, reply.player, rounds=20_000, seed=2, level=0.999)
    assert played.low <= reply.win_rate <= played.high


@pytest.mark.parametrize("defender", [CoinFlip(), LowLabel(), Rare(), BoltzmannResampling()])
def test_the_worst_attack_wins_what_is_promised_and_no_attacker_more(defender):
    reply = best_response(GAME, defender=defender, seed=0)
    assert exact_win_rate(GAME, reply.player, defender) == pytest.approx(reply.win_rate, abs=1e-12)
    for attacker in (NearestLegal(), RandomLegal(), FirstLegal()):
        assert exact_win_rate(GAME, attacker, defender) >= reply.win_rate - 1e-12
    played = estimate(GAME, reply.player, defender, rounds=20_000, seed=2, level=0.999)
    assert played.low <= reply.win_rate <= played.high


@dataclass(frozen=True, repr=False)
class Contrary(BoltzmannResampling):
    """Says the opposite of what it inherits, and inherits the law too."""

    def suspicion_block(self, view):
        return 1 - super().suspicion_block(view)


@dataclass(frozen=True, repr=False)
class Lazy(RandomLegal):
    """Never plants, but inherits a law of planting and one of choosing, of which the second is still right."""

    def plant_block(self, view):
        codes, _ = view.chosen()
        return codes, np.full(len(view), NO_PLANT)


def test_a_law_that_is_inherited_past_a_change_of_play_is_not_trusted():
    found = flag_table(GAME, GAME.distribution, Contrary())
    assert found.how == "estimated"
    plain = flag_table(GAME, GAME.distribution, BoltzmannResampling())
    np.testing.assert_allclose(found.flags, 1 - plain.flags, atol=0.062)  # five deviations of 1,666 plays
    assert attack_table(GAME, GAME.distribution, Lazy()).attack.plants.max() == 0


@dataclass(frozen=True)
class ReadsCodes(Defender):
    """Flags odd row numbers, which no label shows."""

    def suspicion(self, view, rng):
        return float(view.f.code[0] % 2)


@dataclass(frozen=True)
class Shifted(FunctionClass):
    """Two codes for each of two functions."""

    points: int = 3
    code_length, code_dtype = 1, np.int64
    domain = property(lambda self: Finite(self.points))

    def evaluate(self, codes, X):
        return ((X[:, :, 0] == 0) & (codes >= 2)).astype(np.uint8)

    def sample(self, rng):
        return rng.integers(4, size=1)

    def contains(self, codes):
        return (codes[:, 0] >= 0) & (codes[:, 0] < 4)

    def enumerate(self):
        return np.arange(4)[:, None]


def test_a_defender_that_reads_codes_is_exploited_through_equal_functions_with_other_codes():
    game = BackdoorGame(Shifted(), "1/3", Uniform())
    found = best_response(game, defender=ReadsCodes(), seed=0)
    # f = 1 or 3 is always flagged when clean; f* = 0 or 2 never when planted, legal at the first point alone.
    assert found.how == "deterministic"
    assert found.win_rate == pytest.approx(0.5 * 0 + 0.5 * 2 / 3)


@dataclass(frozen=True)
class Swallows(Defender):
    """Looks at examples, and takes a refusal of them for a clean bill."""

    def suspicion(self, view, rng):
        try:
            return float(view.examples(8)[1].mean() > 0.5)
        except:  # noqa: E722
            return 0.0


@dataclass(frozen=True)
class GlobalCoin(Defender):
    def suspicion(self, view, rng):
        return float(np.random.random() < 0.5)  # noqa: NPY002


@dataclass(frozen=True)
class OwnCoin(Defender):
    def suspicion(self, view, rng):
        return float(np.random.default_rng().random() < 0.5)


COUNTED = []


@dataclass(frozen=True)
class Counts(Defender):
    """Flags every other question."""

    def suspicion(self, view, rng):
        COUNTED.append(1)
        return float(len(COUNTED) % 2)


@pytest.mark.parametrize("defender", [Swallows(), GlobalCoin(), OwnCoin(), Counts()])
def test_what_only_looks_deterministic_is_not_called_so(defender):
    assert flag_table(GAME, GAME.distribution, defender).how == "estimated"


@dataclass(frozen=True)
class States(Defender):
    """States a flag probability that is none."""

    stated: float = 1.7

    def suspicion(self, view, rng):
        return 0.0

    def suspicion_probability(self, view):
        return np.full(len(view), self.stated)


@dataclass(frozen=True)
class Answers(Defender):
    answer: float = 2.0
    threshold: float = 0.5

    def suspicion(self, view, rng):
        return self.answer


@dataclass(frozen=True)
class Overfull(NearestLegal):
    """Laws that sum to more than 1."""

    def choose_law(self, game, distribution):
        codes = game.functions.enumerate()
        return codes, np.full(len(codes), 0.5)


@dataclass(frozen=True)
class Overplanted(FirstLegal):
    def plant_law(self, view):
        return np.zeros(2, dtype=np.int64), view.chosen()[0][[0, 0]], np.array([0.8, 0.8])


def test_what_estimate_refuses_of_a_player_exact_methods_refuse_too():
    for broken in (States(), States(stated=float(-1)), Answers()):
        with pytest.raises(ContractError, match=r"must (give|return) .*in \[0, 1\]"):
            exploitability(GAME, broken, seed=0)
    with pytest.raises(InvalidArgument, match="threshold"):
        exploitability(GAME, Answers(answer=0.0, threshold=1.5), seed=0)
    with pytest.raises(ContractError, match=r"choose_law\(\) .* sum to 3"):
        exact_win_rate(GAME, Overfull(), CoinFlip())
    with pytest.raises(ContractError, match=r"plant_law\(\) .* reach 1\.6"):
        exact_win_rate(GAME, Overplanted(), CoinFlip())
    with pytest.raises(InvalidArgument, match="defender must be a Defender"):
        exact_win_rate(GAME, NearestLegal(), NearestLegal())


@dataclass(frozen=True)
class Outside(Attacker):
    """Chooses an f outside the class, always or half the time."""

    always: bool = True

    def choose(self, view, rng):
        outside = self.always or rng.random() < 0.5
        return view.game.functions.function([99 if outside else 2])

    def plant(self, view, rng):
        return None


def test_an_original_outside_the_class_leaves_the_defender_nothing_to_get_wrong():
    assert exact_win_rate(GAME, Outside(), CoinFlip()) == 1.0
    assert estimate(GAME, Outside(), CoinFlip(), rounds=500, seed=0).win_rate == 1.0
    half = best_response(GAME, attacker=Outside(always=False), rounds=2000, seed=0)
    assert half.how == "estimated"
    table = attack_table(GAME, GAME.distribution, Outside(always=False))
    assert table.attack.originals.sum() == pytest.approx(0.5, abs=0.02)


@dataclass(frozen=True, repr=False)
class NoisyMemory(Memorizer):
    """Forgets by a coin, and inherits a law of what it does not do."""

    def predict_block(self, sample, x, keys):
        return super().predict_block(sample, x, keys) ^ (keys[:, None] & np.uint64(1)).astype(np.uint8)


@dataclass(frozen=True, repr=False)
class Lopsided(Thresholds):
    """Samples one function alone."""

    def sample_block(self, keys):
        return np.full((len(keys), 1), 2)


def test_inherited_laws_of_learners_and_classes_are_not_trusted_past_a_change_either():
    noisy = DistillationEnsemble(learner=NoisyMemory(), members=3, examples=2, threshold=0.5)
    assert flag_table(GAME, GAME.distribution, noisy).how == "estimated"
    game = BackdoorGame(Lopsided(points=5), 0.3, Uniform())
    found = attack_table(game, game.distribution, NearestLegal())
    assert found.how == "deterministic"
    assert found.attack.originals.max() == 1.0


def test_what_exact_methods_refuse_is_said_in_one_sentence():
    with pytest.raises(InvalidArgument, match=r"pass attacker=\.\.\. or defender=\.\.\."):
        best_response(GAME, seed=0)
    with pytest.raises(InvalidArgument, match=r"pass attacker=\.\.\. or defender=\.\.\."):
        best_response(GAME, attacker=NearestLegal(), defender=CoinFlip(), seed=0)
    with pytest.raises(InvalidArgument, match="strategy must be an Attacker or a Defender"):
        exploitability(GAME, 3, seed=0)
    with pytest.raises(InvalidArgument, match="fixes no distribution"):
        exploitability(BackdoorGame(Intervals(points=4), 0.3), CoinFlip(), seed=0)
    with pytest.raises(InvalidArgument, match="leave the game's budgets out"):
        exploitability(BackdoorGame(Intervals(points=4), 0.3, Uniform(), defender_examples=3), CoinFlip(), seed=0)
    with pytest.raises(MissingCapability, match="cannot be enumerated"):
        best_response(BackdoorGame(Broken(), 0.3, Uniform()), defender=CoinFlip(), seed=0)


@dataclass(frozen=True)
class Broken(Shifted):
    """Cannot list its members."""

    enumerate = FunctionClass.enumerate


def test_equal_rows_of_a_table_are_told_apart_by_their_codes():
    functions = Explicit(["00", "00", "01"])
    found = flag_table(BackdoorGame(functions, 0.5, Uniform()), Uniform().on(functions.domain), ReadsCodes())
    assert sorted(found.game.codes[:, 0].tolist()) == [0, 1, 2]
    assert (found.flags == found.game.codes[:, 0] % 2).all()
