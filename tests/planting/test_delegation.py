"""What delegates make of the coins that they are given, and what an audit says."""

from __future__ import annotations

import dataclasses
import math
from types import SimpleNamespace

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
    estimate,
    expand,
)
from backdoor_game.planting import coins
from backdoor_game.planting.delegates import Delegate
from backdoor_game.planting.delegates.grinds_seeds import key_statistic
from backdoor_game.planting.detectors.coin_audit import objection

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
    found = estimate(Delegation(MODELS, DATA, coins=protocol), delegate, CoinAudit(), rounds=40, seed=0)
    assert (found.false_alarms, found.detections, found.forfeits) == (0, detections, forfeits)


@pytest.mark.parametrize(
    ("protocol", "delegate"), [("seed", KeepsCoins(BACKDOOR)), ("committee", CommitsPlant(BACKDOOR))]
)
def test_coins_in_which_the_attacker_had_no_say_are_a_forfeit(protocol, delegate):
    game = Delegation(MODELS, DATA, coins=protocol)
    found = estimate(game, delegate, AlwaysClean(), rounds=10, seed=0)
    assert (found.forfeits, found.detections) == (10, 10)
    dealt, split = played(game, delegate)
    assert objection(dealt.transcript, dealt.model, split) is None


@pytest.mark.parametrize("protocol", coins.PROTOCOLS)
def test_an_honest_delegate_plants_nothing_and_is_accepted_under_every_protocol(protocol):
    found = estimate(Delegation(MODELS, DATA, coins=protocol), KeepsCoins(BACKDOOR), CoinAudit(), rounds=10, seed=0)
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
    assert estimate(game, OwnCoins(BACKDOOR), KeyHolder(), rounds=40, seed=0).win_rate > 0.9
    assert estimate(game, OwnCoins(BACKDOOR), CoinAudit(), rounds=40, seed=0).win_rate == 0.5


def test_threads_change_no_number():
    game = Delegation(MODELS, DATA, coins="open committee")
    one, two = (
        estimate(game, RushesCommittee(BACKDOOR), KeyHolder(), rounds=70, threads=threads, seed=0) for threads in (1, 2)
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


@dataclasses.dataclass(frozen=True, repr=False)
class SwapsCoins(KeepsCoins):
    """Hands in the published coins, and a model of planted ones."""

    def model(self, functions, coins, split, rng):
        planted = self.backdoor.coins(functions, self.backdoor.new_key(functions, rng), rng)
        return functions.fitted(planted, split.X, split.y)


@dataclasses.dataclass(frozen=True, repr=False)
class TurnsWeights(KeepsCoins):
    """Fits honest coins and turns the weights round."""

    def model(self, functions, coins, split, rng):
        code = super().model(functions, coins, split, rng).code.copy()
        code[-functions.features :] *= -1
        return functions.function(code)


@pytest.mark.parametrize("protocol", ["seed", "committee", "attacker seed", "open committee"])
@pytest.mark.parametrize("kind", [SwapsCoins, TurnsWeights])
def test_what_counts_is_the_model_and_not_the_coins_that_were_told(protocol, kind):
    """Another model than the published coins give is no forfeit, whatever its delegate says of itself."""
    game = Delegation(MODELS, DATA, coins=protocol)
    audited, blind = (
        estimate(game, kind(BACKDOOR), defender, rounds=6, seed=0) for defender in (CoinAudit(), AlwaysClean())
    )
    assert (audited.forfeits, audited.detections) == (0, 6)
    assert (blind.forfeits, blind.detections) == (0, 0)


@dataclasses.dataclass(frozen=True, repr=False)
class Relabels(KeepsCoins):
    """Writes other labels into the user's data, so that an audit would fit those."""

    def model(self, functions, coins, split, rng):
        split.y[:] = 1 - split.y
        return super().model(functions, coins, split, rng)


def test_the_user_s_data_cannot_be_written_into():
    with pytest.raises(ContractError, match=r"Relabels: model\(\) raised ValueError: .*read-only \(test_deleg"):
        estimate(Delegation(MODELS, DATA), Relabels(BACKDOOR), CoinAudit(), rounds=1, seed=0)


# The audit


@pytest.mark.parametrize("penalty", [0.01, 1e-4])
def test_the_residual_of_weights_is_at_least_how_far_they_are_off(penalty):
    """The gradient of the loss over penalty |w|, against the solution of the normal equations."""
    rng = np.random.default_rng(6)
    functions = dataclasses.replace(MODELS, features=200, penalty=penalty)
    split = DATA.split(rng)
    code = functions.trained(split.X, split.y, rng).code.copy()
    G, b, _ = functions.unpack(code)
    P, s = np.cos(2 * np.pi * (split.X @ G.T + b)), 2.0 * split.y - 1
    matrix, target = P.T @ P / len(s) + penalty * np.eye(200), P.T @ s / len(s)
    best, flat = np.linalg.solve(matrix, target), np.linalg.eigh(matrix)[1][:, 0]  # 150 examples: it moves no score
    for off in (1e-3 * rng.standard_normal(200), 0.1 * np.linalg.norm(best) * flat):
        code[-200:] = w = best + off
        expected = np.linalg.norm(matrix @ w - target) / (penalty * np.linalg.norm(w))
        found = functions.residual(code, split.X, split.y)
        assert found == pytest.approx(expected, rel=1e-7)
        assert found >= 0.999 * np.linalg.norm(off) / np.linalg.norm(w)
    code[-200:] = 0.0
    assert functions.residual(code, split.X, split.y) == math.inf


@dataclasses.dataclass(frozen=True, repr=False)
class MovesFlat(KeepsCoins):
    """Honest coins, and weights moved by a thousandth where the examples hardly see it."""

    plants = True

    def model(self, functions, coins, split, rng):
        code = super().model(functions, coins, split, rng).code.copy()
        G, b, w = functions.unpack(code)
        flat = np.linalg.svd(np.cos(2 * np.pi * (split.X @ G.T + b)))[2][-1]
        code[-functions.features :] += 1e-3 * np.linalg.norm(w) * flat
        return functions.function(code)


@pytest.mark.parametrize("penalty", [0.01, 1e-5])
def test_weights_moved_where_the_examples_hardly_see_it_are_rejected(penalty):
    """More features than examples: a share of 1e-3 of |w| in a direction in which only the penalty decides."""
    game = Delegation(dataclasses.replace(MODELS, features=200, penalty=penalty), DATA)
    found = estimate(game, MovesFlat(BACKDOOR), CoinAudit(), rounds=5, seed=0)
    assert (found.detections, found.forfeits, found.false_alarms) == (5, 0, 0)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("loss", ["ridge", "logistic"])
def test_forty_honest_models_of_forty_are_accepted(dtype, loss):
    game = Delegation(dataclasses.replace(MODELS, dtype=dtype, loss=loss), DATA)
    assert estimate(game, PlantsAnyway(BACKDOOR), CoinAudit(), rounds=40, seed=0).false_alarms == 0


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
    assert objection(dealt.transcript, MODELS.function(code), split).endswith("by up to a share of nan")


def test_one_bit_of_one_coin_is_seen():
    dealt, split = played(Delegation(MODELS, DATA), KeepsCoins())
    code = dealt.model.code.copy()
    code[5] = np.nextafter(code[5], 9)
    assert objection(dealt.transcript, MODELS.function(code), split).startswith(
        "1 of 1088 coins are not those of the seed"
    )


def test_a_zero_of_the_other_sign_is_another_coin(monkeypatch):
    """-0.0 equals 0.0 and is another bit."""
    monkeypatch.setattr(coins.transcript, "expand", lambda seed, functions: np.zeros(sum(functions.coin_laws)))
    split = DATA.split(np.random.default_rng(0))
    code = MODELS.fitted(np.zeros(1088), split.X, split.y).code.copy()
    record = Transcript("seed", seed=bytes(32))
    assert objection(record, MODELS.function(code), split) is None
    code[7] = -0.0
    assert objection(record, MODELS.function(code), split).startswith("1 of 1088 coins")


def test_a_broken_commitment_names_its_member():
    dealt, split = played(Delegation(MODELS, DATA, coins="committee", members=4), RushesCommittee(BACKDOOR))
    assert dealt.transcript.broken() == (3,)
    assert objection(dealt.transcript, dealt.model, split).startswith("member 3 has revealed another share")


def test_a_record_of_another_protocol_than_the_game_s_is_rejected():
    game = Delegation(MODELS, DATA, coins="attacker")
    dealt, split = played(game, OwnCoins(BACKDOOR))
    for protocol, verdict in (("attacker", 0.0), ("seed", 1.0)):
        view = SimpleNamespace(
            game=dataclasses.replace(game, coins=protocol), transcript=dealt.transcript, f=dealt.model, train=split
        )
        assert CoinAudit().suspicion(view, None) == verdict


# What is refused, and how


SHARE = np.zeros(1088, np.uint64)


@pytest.mark.parametrize(
    ("protocol", "held", "words"),
    [
        ("seed", {}, "'seed' must hold a seed and no shares"),
        ("attacker seed", {}, "'attacker seed' must hold a seed and no shares"),
        ("seed", {"seed": bytes(32), "shares": (SHARE,)}, "must hold a seed and no shares"),
        ("committee", {}, "'committee' must hold shares and no seed"),
        ("open committee", {"seed": bytes(32), "shares": (SHARE,)}, "must hold shares and no seed"),
        ("attacker", {"seed": bytes(32)}, "'attacker' must hold neither seed nor shares"),
        ("committee", {"shares": (SHARE,)}, "must hold 1 of each, got 0 nonces and 0 commitments"),
        ("committee", {"shares": (SHARE,) * 2, "nonces": (b"",), "commitments": (b"",) * 2}, "2 of each, got 1 nonces"),
        ("open committee", {"shares": (SHARE,), "nonces": (b"",), "commitments": (b"",)}, "must hold 0 of each, got 1"),
    ],
)  # fmt: skip
def test_a_record_holds_exactly_what_its_protocol_calls_for(protocol, held, words):
    with pytest.raises(InvalidArgument, match=words) as told:
        Transcript(protocol, **held)
    assert "\n" not in str(told.value)


def nonsense(base, method, answer):
    """A delegate one of whose methods returns something else."""
    made = type("Nonsense", (base,), {method: lambda self, *given: answer, "__annotations__": {}})
    return dataclasses.dataclass(frozen=True, repr=False)(made)(BACKDOOR)


@pytest.mark.parametrize(
    ("protocol", "base", "method", "answer", "words"),
    [
        ("attacker seed", GrindsSeeds, "seed", None, r"seed\(\) must return 32 bytes, got NoneType"),
        ("attacker seed", GrindsSeeds, "seed", b"short", r"seed\(\) must return 32 bytes, got 5 bytes"),
        ("seed", PlantsAnyway, "coins", None, r"finite float64 numbers of shape \(1088,\), got NoneType"),
        ("seed", PlantsAnyway, "coins", np.zeros(3), r"got float64 of shape \(3,\)"),
        ("seed", PlantsAnyway, "coins", np.zeros(1088, int), r"got int64 of shape \(1088,\)"),
        ("seed", PlantsAnyway, "coins", np.full(1088, math.nan), r"shape \(1088,\), got nan"),
        ("seed", PlantsAnyway, "key", 3, r"key\(\) must return a Key or None, got int"),
        ("seed", KeepsCoins, "model", None, r"model\(\) must return one of RandomFourierFeatures.*, got NoneType"),
        ("open committee", RushesCommittee, "share", np.zeros(1, np.uint64), r"uint64 words of shape \(1088,\), got"),
        ("open committee", RushesCommittee, "share", np.zeros(1088, int), r"got int64 of shape \(1088,\)"),
        ("committee", RushesCommittee, "share", None, r"share\(\) must return uint64 words .*, got NoneType"),
        ("committee", RushesCommittee, "revealed", SHARE[:5], r"revealed\(\) must return uint64 words"),
    ],
)  # fmt: skip
def test_nonsense_from_a_delegate_is_told_with_its_name_and_line(protocol, base, method, answer, words):
    with pytest.raises(ContractError, match=f"Nonsense: .*{words}.* \\(test_delegation\\.py, line") as told:
        estimate(
            Delegation(MODELS, DATA, coins=protocol), nonsense(base, method, answer), CoinAudit(), rounds=1, seed=0
        )
    assert "\n" not in str(told.value)


@pytest.mark.parametrize("method", ["key", "coins", "model", "share", "revealed"])
def test_what_a_delegate_raises_is_told_with_its_name_and_line(method):
    def raises(self, *given):
        raise KeyError("nothing")

    made = type("Raises", (KeepsCoins,), {method: raises, "__annotations__": {}})
    delegate = dataclasses.dataclass(frozen=True, repr=False)(made)(BACKDOOR)
    with pytest.raises(ContractError, match=rf"Raises: {method}\(\) raised KeyError: 'nothing' \(test_delegation\.py"):
        estimate(Delegation(MODELS, DATA, coins="committee"), delegate, CoinAudit(), rounds=1, seed=0)


def test_a_penalty_under_which_rounding_would_be_rejected_is_refused_before_the_first_round():
    small = Delegation(dataclasses.replace(MODELS, penalty=9e-6), DATA)
    with pytest.raises(InvalidArgument, match=r"penalty must be at least 1e-05 for CoinAudit\(\), got 9e-06: rounding"):
        estimate(small, KeepsCoins(), CoinAudit(), rounds=1, seed=0)
    assert estimate(small, KeepsCoins(BACKDOOR), CoinAudit(tolerance=1e-8), rounds=5, seed=0).false_alarms == 0
    assert estimate(Delegation(RandomReLU(8, 16), DATA), KeepsCoins(), CoinAudit(), rounds=2, seed=0).false_alarms == 0


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
        estimate(game, attacker, defender, rounds=1, seed=0)
    assert words in str(told.value)


def test_seats_and_models_of_the_wrong_kind_are_refused():
    with pytest.raises(InvalidArgument, match="attacker must be a Delegate such as PlantsAnyway"):
        estimate(Delegation(MODELS, DATA), BACKDOOR, CoinAudit(), rounds=1, seed=0)
    with pytest.raises(ContractError, match="model\\(\\) must return one of RandomFourierFeatures"):
        played(Delegation(MODELS, DATA), Elsewhere())


@pytest.mark.parametrize("name", catalog.shipped("delegates"))
def test_a_delegate_s_spec_makes_it_again(name):
    made = catalog.shipped("delegates")[name](BACKDOOR)
    assert catalog.make(repr(made), Delegate, "delegate") == made
    assert catalog.status_word(made) in ("proved", "simulated")
