"""What delegates make of the coins that they are given, and what an audit says."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest
from scipy.stats import kstest

from backdoor_game import (
    AlwaysClean,
    ChecksumBackdoor,
    CLWEBackdoor,
    CoinAudit,
    CommitsPlant,
    ContractError,
    Delegation,
    GaussianLinear,
    GrindsSeeds,
    InvalidArgument,
    KeepsCoins,
    KeyHolder,
    MissingCapability,
    OwnCoins,
    PlantsAnyway,
    RandomFourierFeatures,
    RandomReLU,
    RushesCommittee,
    StaticDetection,
    Transcript,
    bounds,
    catalog,
    coins,
    estimate,
    expand,
)
from backdoor_game.delegates import Delegate
from backdoor_game.delegates.grinds_seeds import key_statistic
from backdoor_game.detectors.coin_audit import objection

MODELS = RandomFourierFeatures(features=64, dimension=16)
DATA = GaussianLinear(dimension=16, train=150, test=100)
BACKDOOR = CLWEBackdoor(k=8)
LINES = {  # detections and forfeits of 40: an accepted plant is none, a forfeit is counted as one
    "attacker": (OwnCoins(BACKDOOR), 0, 0),
    "seed": (PlantsAnyway(BACKDOOR), 40, 0),
    "attacker seed": (GrindsSeeds(BACKDOOR, seeds=8), 0, 0),
    "committee": (RushesCommittee(BACKDOOR), 40, 0),
    "open committee": (RushesCommittee(BACKDOOR), 0, 0),
}


def played(game, delegate, seed=0):
    """One delegation, the user's data, and a generator for more."""
    rng = np.random.default_rng(seed)
    split = game.data.split(rng)
    return game.deal(delegate, split, np.random.default_rng(seed + 100), np.random.default_rng(seed + 200)), split


# Committees


def test_a_member_that_commits_to_pancakes_gets_uniform_coins():
    game = Delegation(MODELS, DATA, coins="committee", members=2)
    dealt, _ = played(game, CommitsPlant(BACKDOOR))
    own = coins.coins_of(MODELS, dealt.transcript.shares[-1])
    rho = bounds.pancake_correlation(0.1)
    assert abs(key_statistic(MODELS, own, dealt.key) - rho) < 0.15
    assert abs(key_statistic(MODELS, dealt.model.code, dealt.key)) < 4 * math.sqrt(0.5 / 64)
    assert kstest(dealt.model.code[: 64 * 16], "norm").pvalue > 1e-3
    assert not dealt.planted


@dataclasses.dataclass(frozen=True, repr=False)
class Watches(KeepsCoins):
    """Says in its share what it has been told of the others'."""

    def share(self, functions, key, others, rng):
        known = 0 if others is None else len(others)
        return np.full(sum(functions.coin_laws), known, np.uint64)

    def revealed(self, functions, key, share, others, rng):
        assert (share == 0).all()
        assert len(others) == 3
        return share


def test_a_member_commits_before_it_has_seen_any_share_and_without_commitments_after():
    committed, _ = played(Delegation(MODELS, DATA, coins="committee", members=4), Watches())
    assert (committed.transcript.shares[-1] == 0).all()
    assert len(set(committed.transcript.nonces)) == 4
    seen, _ = played(Delegation(MODELS, DATA, coins="open committee", members=4), Watches())
    assert (seen.transcript.shares[-1] == 3).all()


# The game


@pytest.mark.parametrize("protocol", LINES)
def test_each_protocol_ends_as_it_should_forty_times_of_forty(protocol):
    delegate, detections, forfeits = LINES[protocol]
    found = estimate(Delegation(MODELS, DATA, coins=protocol), delegate, CoinAudit(), rounds=40)
    assert (found.false_alarms, found.detections, found.forfeits) == (0, detections, forfeits)


@pytest.mark.parametrize(
    ("protocol", "delegate"), [("seed", KeepsCoins(BACKDOOR)), ("committee", CommitsPlant(BACKDOOR))]
)
def test_coins_in_which_the_attacker_had_no_say_are_a_forfeit(protocol, delegate):
    game = Delegation(MODELS, DATA, coins=protocol)
    found = estimate(game, delegate, AlwaysClean(), rounds=10)
    assert (found.forfeits, found.detections) == (10, 10)
    dealt, split = played(game, delegate)
    assert objection(dealt.transcript, dealt.model, split) is None


@pytest.mark.parametrize("protocol", coins.PROTOCOLS)
def test_an_honest_delegate_plants_nothing_and_is_accepted_under_every_protocol(protocol):
    found = estimate(Delegation(MODELS, DATA, coins=protocol), KeepsCoins(BACKDOOR), CoinAudit(), rounds=10)
    assert (found.false_alarms, found.forfeits) == (0, 10)


def test_the_key_is_fixed_before_the_seed_is_published():
    game = Delegation(MODELS, DATA, coins="seed")
    split = DATA.split(np.random.default_rng(0))
    first, second = (
        game.deal(KeepsCoins(BACKDOOR), split, np.random.default_rng(1), np.random.default_rng(verifier))
        for verifier in (2, 3)
    )
    assert (first.key.values["bk"] == second.key.values["bk"]).all()
    assert first.transcript.seed != second.transcript.seed
    assert not (first.model.code == second.model.code).any()


def test_who_holds_the_key_knows_what_the_audit_cannot():
    game = Delegation(MODELS, DATA, coins="attacker")
    assert estimate(game, OwnCoins(BACKDOOR), KeyHolder(), rounds=40).win_rate > 0.9
    assert estimate(game, OwnCoins(BACKDOOR), CoinAudit(), rounds=40).win_rate == 0.5


def test_threads_change_no_number():
    game = Delegation(MODELS, DATA, coins="open committee")
    one, two = (
        estimate(game, RushesCommittee(BACKDOOR), KeyHolder(), rounds=70, threads=threads) for threads in (1, 2)
    )
    assert one == two


def test_a_grinder_picks_the_best_of_its_seeds_and_gains_at_most_the_bound():
    key = BACKDOOR.new_key(MODELS, np.random.default_rng(5))
    best = []
    for trial in range(30):
        rng = np.random.default_rng(trial)
        values = [key_statistic(MODELS, expand(coins.new_seed(rng), MODELS), key) for _ in range(16)]
        picked = GrindsSeeds(BACKDOOR, seeds=16).seed(MODELS, key, np.random.default_rng(trial))
        assert key_statistic(MODELS, expand(picked, MODELS), key) == max(values)
        best.append(max(values))
    bound = bounds.grinding_gain(16, MODELS.features)
    spread = 3 * np.std(best) / math.sqrt(30)
    assert bound / 2 < np.mean(best) + spread
    assert np.mean(best) - spread < bound


# The audit


def test_the_residual_is_that_of_the_normal_equations():
    rng = np.random.default_rng(6)
    split = DATA.split(rng)
    code = MODELS.trained(split.X, split.y, rng).code.copy()
    code[-64:] += 1e-3 * rng.standard_normal(64)
    G, b, w = MODELS.unpack(code)
    P, s = np.cos(2 * np.pi * (split.X @ G.T + b)), 2.0 * split.y - 1
    target = P.T @ s / len(s)
    missed = (P.T @ P / len(s) + MODELS.penalty * np.eye(64)) @ w - target
    expected = np.linalg.norm(missed) / np.linalg.norm(target)
    assert MODELS.residual(code, split.X, split.y) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize(
    "functions", [MODELS, dataclasses.replace(MODELS, loss="logistic"), dataclasses.replace(MODELS, dtype="float32"),
                  RandomReLU(64, 16)]
)  # fmt: skip
def test_an_honest_fit_leaves_no_residual_and_any_other_weight_does(functions):
    rng = np.random.default_rng(7)
    split = DATA.split(rng)
    code = functions.trained(split.X, split.y, rng).code
    assert functions.residual(code, split.X, split.y) < 1e-12
    moved = code.copy()
    moved[-1] += 1e-5
    assert functions.residual(moved, split.X, split.y) > 1e-9


@dataclasses.dataclass(frozen=True, repr=False)
class Nudges(KeepsCoins):
    """Honest coins, and one weight that is not."""

    by: float = 1e-6

    def model(self, functions, coins, split, rng):
        code = super().model(functions, coins, split, rng).code.copy()
        code[-1] += self.by
        return functions.function(code)


def test_honest_coins_with_other_weights_are_rejected():
    game = Delegation(MODELS, DATA)
    dealt, split = played(game, Nudges(BACKDOOR))
    assert objection(dealt.transcript, dealt.model, split).startswith(
        "the weights miss what coins and data determine by"
    )
    dealt, split = played(game, Nudges(BACKDOOR, by=0.0))
    assert objection(dealt.transcript, dealt.model, split) is None
    code = dealt.model.code.copy()
    code[-1] = math.nan
    assert objection(dealt.transcript, MODELS.function(code), split).endswith("by nan")


def test_one_bit_of_one_coin_is_seen():
    dealt, split = played(Delegation(MODELS, DATA), KeepsCoins())
    code = dealt.model.code.copy()
    code[5] = np.nextafter(code[5], 9)
    assert objection(dealt.transcript, MODELS.function(code), split).startswith(
        "1 of 1088 coins are not those of the seed"
    )


def test_a_broken_commitment_names_its_member():
    dealt, split = played(Delegation(MODELS, DATA, coins="committee", members=4), RushesCommittee(BACKDOOR))
    assert dealt.transcript.broken() == (3,)
    assert objection(dealt.transcript, dealt.model, split).startswith("member 3 has revealed another share")


# What is refused, and how


@dataclasses.dataclass(frozen=True, repr=False)
class Elsewhere(KeepsCoins):
    """Hands in a model of another class."""

    def model(self, functions, coins, split, rng):
        return dataclasses.replace(functions, penalty=1.0).fitted(coins, split.X, split.y)


@pytest.mark.parametrize(
    ("make", "error", "words"),
    [
        (lambda: Delegation(MODELS, DATA, coins="nobody"), InvalidArgument, "coins must be one of attacker, seed, "),
        (lambda: Delegation(MODELS, DATA, members=1), InvalidArgument, "members must be between 2 and 1024, got 1"),
        (lambda: GrindsSeeds(BACKDOOR, seeds=0), InvalidArgument, "seeds must be between 1 and"),
        (lambda: GrindsSeeds(ChecksumBackdoor()), InvalidArgument, "must be a CLWEBackdoor such as"),
        (lambda: OwnCoins(3), InvalidArgument, "backdoor must be a Backdoor such as"),
        (lambda: CoinAudit(tolerance=0), InvalidArgument, "tolerance must be above 0, such as 1e-9, got 0.0"),
        (lambda: CoinAudit(tolerance=math.nan), InvalidArgument, "tolerance must be a finite number, got nan"),
        (lambda: expand(b"short", MODELS), InvalidArgument, "seed must be 32 bytes, got 5 bytes: new_seed"),
        (lambda: expand("x" * 32, MODELS), InvalidArgument, "seed must be 32 bytes, got str"),
        (lambda: coins.normal_quantile([0.5, 0.0]), InvalidArgument, "p must lie strictly between 0 and 1, got 0.0"),
        (lambda: coins.normal_quantile([math.nan]), InvalidArgument, "strictly between 0 and 1, got nan"),
        (lambda: coins.coins_of(MODELS, np.zeros(3, np.uint64)), InvalidArgument, "words must have shape (1088,)"),
        (lambda: Transcript("nobody"), InvalidArgument, "protocol must be one of attacker, seed, "),
    ],
)  # fmt: skip
def test_bad_input_is_refused_in_one_sentence(make, error, words):
    with pytest.raises(error) as told:
        make()
    assert words in str(told.value)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize(
    ("game", "attacker", "defender", "words"),
    [
        (Delegation(MODELS, DATA), OwnCoins(BACKDOOR), CoinAudit(), 'does not play coins="seed": set coins="attacker"'),
        (Delegation(MODELS, DATA), PlantsAnyway(ChecksumBackdoor(blocks=4)), CoinAudit(), "not planted in coins"),
        (StaticDetection(MODELS, DATA), BACKDOOR, CoinAudit(), "reads a transcript, and StaticDetection shows none"),
        (Delegation(MODELS, DATA, black_box=True), KeepsCoins(), CoinAudit(), "a black-box game hides"),
    ],
)  # fmt: skip
def test_players_that_cannot_play_are_told_before_the_first_round(game, attacker, defender, words):
    with pytest.raises(MissingCapability) as told:
        estimate(game, attacker, defender, rounds=1)
    assert words in str(told.value)


def test_seats_and_models_of_the_wrong_kind_are_refused():
    with pytest.raises(InvalidArgument, match="attacker must be a Delegate such as PlantsAnyway"):
        estimate(Delegation(MODELS, DATA), BACKDOOR, CoinAudit(), rounds=1)
    with pytest.raises(ContractError, match="model\\(\\) must be one of RandomFourierFeatures"):
        played(Delegation(MODELS, DATA), Elsewhere())


@pytest.mark.parametrize("name", catalog.shipped("delegates"))
def test_a_delegate_s_spec_makes_it_again(name):
    made = catalog.shipped("delegates")[name](BACKDOOR)
    assert catalog.make(repr(made), Delegate, "delegate") == made
    assert catalog.status_word(made) in ("proved", "simulated")
