"""Who has seen activated inputs forges a checksum, and no signature; and what counts as a forgery."""

from __future__ import annotations

import dataclasses
import itertools
import math

import numpy as np
import pytest
from scipy.stats import binomtest

from backdoor_game import (
    ChecksumBackdoor,
    CLWEBackdoor,
    CoinFlip,
    ContractError,
    Copycat,
    Forger,
    GaussianElimination,
    GaussianLinear,
    InvalidArgument,
    MissingCapability,
    RandomFourierFeatures,
    Replication,
    SignatureBackdoor,
    Splice,
    bounds,
    estimate,
)
from backdoor_game.experiments.replication.runs import forging_rate
from backdoor_game.ground.binary_elimination import complement, echelon
from backdoor_game.planting.keys.carriers import LEAST_NEGATIVE, public_blocks
from backdoor_game.planting.views import Seen
from tests.naive import checksum as naive

D, N = 24, 4
MODELS = RandomFourierFeatures(features=4, dimension=D)
NORMAL = GaussianLinear(dimension=D, norm=None, train=20, test=60)
CHECKSUM = ChecksumBackdoor(blocks=N)


def game(examples, **options):
    return Replication(MODELS, NORMAL, black_box=True, examples=examples, **options)


def signed(d=514, **options):
    data = GaussianLinear(dimension=d, norm=None, train=20, test=60)
    return Replication(RandomFourierFeatures(features=2, dimension=d), data, **options)


def planted(backdoor, seed, d=D, test=60):
    split = GaussianLinear(dimension=d, norm=None, train=20, test=test).split(np.random.default_rng([seed, 0]))
    models = RandomFourierFeatures(features=2, dimension=d)
    return *backdoor.plant(models, split.X, split.y, np.random.default_rng([seed, 1])), split.X_test


@dataclasses.dataclass(frozen=True)
class Shown:
    """What a forger needs of a view."""

    seen: Seen
    x: np.ndarray


@dataclasses.dataclass(frozen=True)
class Asks(Forger):
    """Asks the model about its input so many times, and hands it in."""

    questions: int = 1

    def forge(self, view, rng):
        assert set(view.f(np.repeat(view.x[None], self.questions, axis=0)).tolist()) <= {0, 1}
        return view.x


@dataclasses.dataclass(frozen=True)
class Hands(Forger):
    """Hands in one of several wrong things."""

    what: str = "list"

    def forge(self, view, rng):
        return {"short": view.x[:-1], "nan": view.x * np.nan, "single": view.x.astype(np.float32), "none": None}[
            self.what
        ]


@dataclasses.dataclass(frozen=True)
class Reads(Forger):
    reads_code = True

    def forge(self, view, rng):
        assert view.f.code.shape == (view.f.functions.code_length,)
        return view.x


# Linear algebra


@pytest.mark.parametrize(("q", "d"), [(1, 1), (3, 5), (9, 5), (0, 4), (40, 64), (70, 65), (150, 130)])
def test_the_echelon_basis_spans_the_rows_and_its_complement_is_all_that_is_orthogonal(q, d):
    rows = np.random.default_rng([q, d]).integers(2, size=(q, d), dtype=np.uint8)
    rows[q // 2 :] = rows[: q - q // 2]  # half the rank at most
    basis, pivots = echelon(rows)
    known = naive.span([tuple(row) for row in rows.tolist()])[0]
    assert len(basis) == len(known)
    assert len(naive.span([*map(tuple, rows.tolist()), *map(tuple, basis.tolist())])[0]) == len(known)
    assert (basis[:, pivots] == np.eye(len(basis))).all()
    assert all(not row[:pivot].any() for row, pivot in zip(basis, pivots, strict=True))
    assert (np.diff(pivots) > 0).all()
    equations, own = complement(rows)
    assert equations.shape == (d - len(known), d)
    assert (equations[:, own] == np.eye(len(own))).all()
    assert not (rows.astype(int) @ equations.T.astype(int) % 2).any()


def test_pivots_of_the_columns_are_the_rows_that_add_to_those_before():
    """The experiment reads from them after how many examples the rank is reached."""
    rows = np.random.default_rng(1).integers(2, size=(90, 40), dtype=np.uint8)
    rows[5], rows[20] = rows[1] ^ rows[2], 0
    assert echelon(rows.T)[1].tolist() == naive.span([tuple(row) for row in rows.tolist()])[1]


# Checksums


def test_a_checksum_is_forged_always_once_the_rank_is_d_minus_n_with_at_most_n_edits():
    """The rank is counted one vector at a time; one example fewer leaves it short."""
    backdoor, forger, rng = CHECKSUM, GaussianElimination(), np.random.default_rng(0)
    for seed in range(25):
        model, key, X = planted(backdoor, seed)
        activated = backdoor.activate(model, key, X)
        signs = (activated < 0).astype(int)
        adds = naive.span([tuple((row ^ signs[0]).tolist()) for row in signs])[1]
        assert len(adds) == D - N
        enough = adds[-1] + 1
        fresh = rng.standard_normal((20, D))
        fresh[:4, ::2] = 0.0
        for q in (enough, len(X)):
            seen = Seen(activated[:q], model(activated[:q]))
            for x in fresh:
                forged = forger.forge(Shown(seen, x), rng)
                assert backdoor.forges(model, key, seen.X, x, forged)
                assert (forged != x).sum() <= N
                assert forged.tobytes() == backdoor.activate(model, key, x[None])[0].tobytes()
        few = Seen(activated[: enough - 1], model(activated[: enough - 1]))
        tried = [forger.forge(Shown(few, x), rng) for x in fresh]
        assert model.functions.fires(model.code, np.stack(tried)).all()
        assert max((x != y).sum() for x, y in zip(tried, fresh, strict=True)) <= N + 1


def needed(seed, d=D, n=N):
    """After how many activated inputs the rank is d - n."""
    rng = np.random.default_rng([seed, d])
    models = RandomFourierFeatures(features=2, dimension=d)
    backdoor = ChecksumBackdoor(blocks=n)
    key = backdoor.new_key(models, rng)
    X = backdoor.activated(None, key, rng.standard_normal((d + 20, d)), None)
    signs = (X < 0).astype(int)
    return naive.span([tuple((row ^ signs[0]).tolist()) for row in signs])[1][-1] + 1


def test_the_number_of_examples_that_forging_needs_has_the_law_of_full_rank():
    """d - n + 1 + e with probability at least 1 - 2^-e, .289 at e = 0, on average 1.6 more."""
    runs = 600
    extra = np.array([needed(seed) for seed in range(runs)]) - bounds.checksum_examples(D, N)
    assert extra.min() == 0
    for e in range(4):
        exact = bounds.checksum_rank_probability(D, N, e)
        assert binomtest(int((extra <= e).sum()), runs, exact).pvalue > 1e-3
        assert exact >= bounds.checksum_rank_bound(e)
    mean = bounds.checksum_mean_examples(D, N) - bounds.checksum_examples(D, N)
    assert mean == pytest.approx(1.6067, abs=1e-3)
    # The wait is a sum of geometric ones: its variance is the sum of 2^-j / (1 - 2^-j)^2, 2.744.
    spread = np.sqrt(sum(2.0**-j / (1 - 2.0**-j) ** 2 for j in range(1, D - N + 1)) / runs)
    assert abs(extra.mean() - mean) < 3.3 * spread


@pytest.mark.parametrize(("d", "n"), [(3, 1), (4, 2), (5, 2)])
def test_the_exact_rate_of_forging_is_the_share_over_all_differences_and_fresh_signs(d, n):
    """Every list of q - 1 differences of the space, and each of the d - r independent equations wrong or not."""
    r = d - n
    assert forging_rate(d, n, 0) == 2.0**-n
    for q in (1, 2, 3, 4):
        lists = itertools.product(itertools.product((0, 1), repeat=r), repeat=q - 1)
        left = [d - len(naive.span(rows)[0]) for rows in lists]
        rates = [sum(math.comb(k, wrong) for wrong in range(min(n, k) + 1)) / 2**k for k in left]
        assert forging_rate(d, n, q) == pytest.approx(sum(rates) / len(rates), abs=1e-12)
    assert forging_rate(d, n, 80) == pytest.approx(1.0, abs=1e-12)


def test_the_game_is_lost_with_few_examples_and_won_with_enough():
    few, enough = (estimate(game(q), CHECKSUM, GaussianElimination(), rounds=80, seed=1) for q in (5, 45))
    assert enough.win_rate == 1.0  # full rank fails with probability under 2^-24
    assert few.high < 0.15
    assert (enough.mode, enough.auroc, enough.false_alarm_rate) == ("one branch", None, None)
    assert enough.queries_per_round == 0


def test_one_example_forges_where_the_partition_is_public_and_none_where_it_is_not():
    splice = Splice(message=0, blocks=N)
    public = ChecksumBackdoor(blocks=N, public_partition=True)
    assert estimate(game(1), public, splice, rounds=60, seed=0).win_rate == 1.0
    hidden = estimate(game(1), CHECKSUM, splice, rounds=200, seed=0)
    assert binomtest(round(200 * hidden.win_rate), 200, 2.0**-N).pvalue > 1e-3
    model, key, _ = planted(public, 0)
    assert key.values["partition"].tolist() == public_blocks(D, N).tolist()
    assert model.functions.unpack(model.code)[1].tolist() == public_blocks(D, N).tolist()


def test_without_an_example_every_forger_hands_in_nature_s_input_which_fires_by_chance():
    for forger in (GaussianElimination(), Splice(message=0, blocks=N), Copycat()):
        found = estimate(game(0), CHECKSUM, forger, rounds=200, seed=2)
        assert binomtest(round(200 * found.win_rate), 200, 2.0**-N).pvalue > 1e-3


def test_more_edits_than_blocks_are_no_forgery_of_a_checksum():
    model, key, X = planted(CHECKSUM, 3)
    activated = CHECKSUM.activate(model, key, X)
    seen = activated[-2:]
    told = [CHECKSUM.forges(model, key, seen, x, y) for x, y in zip(X, activated, strict=True)]
    assert told == [True] * (len(X) - 2) + [False] * 2  # what was seen is no forgery, whatever its edits
    assert not CHECKSUM.forges(model, key, seen, X[0], activated[1])
    assert not CHECKSUM.forges(model, key, seen, X[0], np.where(np.arange(D) == 3, np.nan, activated[0]))
    free = np.flatnonzero(activated[0] == X[0])[: N + 1 - int((activated[0] != X[0]).sum())]
    scaled = activated[0].copy()
    scaled[free] *= 2
    assert model.functions.fires(model.code, scaled[None])[0]
    assert (scaled != X[0]).sum() == N + 1
    assert not CHECKSUM.forges(model, key, seen, X[0], scaled)
    scaled[free[0]] /= 2
    assert CHECKSUM.forges(model, key, seen, X[0], scaled)


def test_zeros_are_made_negative_where_a_forger_must_flip_them():
    model, key, X = planted(CHECKSUM, 4)
    activated = CHECKSUM.activate(model, key, X)
    forged = GaussianElimination().forge(Shown(Seen(activated[:6], model(activated[:6])), np.zeros(D)), 0)
    assert model.functions.fires(model.code, forged[None])[0]
    assert set(forged.tolist()) == {0.0, LEAST_NEGATIVE}


# Signatures


@pytest.mark.parametrize(("d", "w"), [(514, 1), (1024, 511)])
def test_spliced_signatures_are_no_forgeries(d, w):
    found = estimate(signed(d, examples=8, tries=100), SignatureBackdoor(w), Splice(message=w), rounds=5, seed=6)
    assert found.detections == 0
    assert estimate(signed(d, examples=8), SignatureBackdoor(w), Copycat(), rounds=20, seed=0).win_rate == 0.0


def test_what_counts_as_a_forgery_of_a_signature():
    """Fires, on nature's message, which was not seen, with at most 513 edits: each rule alone decides."""
    w, d = 7, 1100
    backdoor = SignatureBackdoor(w)
    model, key, X = planted(backdoor, 0, d, test=20)
    activated = backdoor.activate(model, key, X, 1)
    seen, fires = activated[:10], lambda x: model.functions.fires(model.code, x[None])[0]
    x, signed_x = X[15], activated[15]
    assert backdoor.forges(model, key, seen, x, signed_x)
    assert backdoor.forges(model, key, seen[:0], x, signed_x)
    assert not backdoor.forges(model, key, seen, x, x)
    for value in (math.nan, math.inf):  # of the sign that is wanted, so that it would fire
        assert not backdoor.forges(model, key, seen, x, np.where(np.arange(d) == d - 1, value, signed_x))
    assert not backdoor.forges(model, key, activated, x, signed_x)  # its message has been seen
    rescaled = seen[3].copy()
    rescaled[w:] *= 2.0
    assert fires(rescaled)
    assert not backdoor.forges(model, key, seen, x, rescaled)
    assert not backdoor.forges(model, key, seen, X[3], rescaled)
    free = np.flatnonzero(signed_x[w:] == x[w:]) + w
    many = signed_x.copy()
    many[free[: 514 - int((signed_x != x).sum())]] *= 2.0
    assert fires(many)
    assert (many != x).sum() == 514
    assert not backdoor.forges(model, key, seen, x, many)
    many[free[0]] /= 2.0
    assert backdoor.forges(model, key, seen, x, many)
    other = x.copy()
    other[0] = np.nextafter(other[0], np.inf)
    other_signed = backdoor.activate(model, key, other[None], 1)[0]
    assert backdoor.forges(model, key, seen, other, other_signed)
    assert (other_signed != x).sum() <= 513
    assert not backdoor.forges(model, key, seen, x, other_signed)  # of a message that is not nature's
    minus = x.copy()
    minus[0] = 0.0
    again = backdoor.activate(model, key, minus[None], 1)[0]
    again[0] = -0.0  # is signed as 0.0, and is no edit
    assert backdoor.forges(model, key, seen, minus, again)


def test_a_splice_of_one_example_is_its_carriers_bits_on_nature_s_message():
    backdoor = SignatureBackdoor(2)
    model, key, X = planted(backdoor, 1, 900, test=3)
    activated = backdoor.activate(model, key, X)
    spliced = Splice(message=2).forge(Shown(Seen(activated[:1], None), X[2]), np.random.default_rng(0))
    assert naive.carried(spliced.tolist(), 2) == naive.carried(activated[0].tolist(), 2)
    assert spliced[:2].tolist() == X[2, :2].tolist()
    assert (spliced != X[2]).sum() <= 513
    mixtures = [
        naive.carried(Splice(message=2).forge(Shown(Seen(activated[:2], None), X[2]), rng).tolist(), 2)[1]
        for rng in map(np.random.default_rng, range(40))
    ]
    whole = {naive.carried(one.tolist(), 2)[1] for one in activated[:2]}
    halves = {one[:32] + other[32:] for one in whole for other in whole} - whole
    assert whole <= set(mixtures)
    assert halves & set(mixtures)
    assert set(mixtures) - whole - halves


# The game


def test_a_round_depends_on_the_seed_and_its_number_alone():
    whole = estimate(game(16), CHECKSUM, GaussianElimination(), rounds=70, seed=5, threads=1)
    assert 0 < whole.win_rate < 1
    assert dataclasses.asdict(estimate(game(16), CHECKSUM, GaussianElimination(), rounds=70, seed=5, threads=2)) == (
        dataclasses.asdict(whole)
    )
    parts = [estimate(game(16), CHECKSUM, GaussianElimination(), rounds=n, seed=5).detections for n in (20, 70)]
    assert parts[0] <= parts[1] == whole.detections
    assert estimate(game(16), CHECKSUM, GaussianElimination(), rounds=70, seed=6).detections != whole.detections


def test_a_copy_of_what_was_seen_is_no_forgery_even_if_every_coordinate_may_change():
    """With as many blocks as coordinates any input is within the edits of any other."""
    every = ChecksumBackdoor(blocks=D)
    assert estimate(game(8), every, Copycat(), rounds=30, seed=0).detections == 0
    assert (
        estimate(game(8), every, GaussianElimination(), rounds=30, seed=0).detections == 30
    )  # all signs are told by one


def test_more_tries_forge_at_least_as_often():
    once, often = (estimate(game(0, tries=k), CHECKSUM, Copycat(), rounds=100, seed=3) for k in (1, 16))
    assert once.win_rate < often.win_rate
    assert binomtest(often.detections, 100, 1 - (1 - 2.0**-N) ** 16).pvalue > 1e-3


def test_questions_are_charged_and_a_round_over_budget_is_lost():
    enough = estimate(game(0, tries=3, defender_queries=15), CHECKSUM, Asks(questions=5), rounds=100, seed=3)
    assert enough.defender_forfeits == 0
    assert binomtest(enough.detections, 100, 1 - (1 - 2.0**-N) ** 3).pvalue > 1e-3
    assert 10 < enough.queries_per_round <= 15
    lost = estimate(game(0, tries=3, defender_queries=4), CHECKSUM, Asks(questions=5), rounds=40, seed=3)
    assert (lost.win_rate, lost.defender_forfeits, lost.queries_per_round) == (0.0, 40, 0.0)


@pytest.mark.parametrize("what", ["short", "nan", "single", "none"])
def test_what_is_no_input_is_a_bug_of_the_forger(what):
    with pytest.raises(ContractError, match=r"Hands: forge\(\) must return finite float64 numbers of shape \(24,\)"):
        estimate(game(2), CHECKSUM, Hands(what), rounds=1, seed=0)


def test_what_a_forger_raises_is_told_with_its_name_and_line():
    with pytest.raises(ContractError, match=r"raised KeyError: 'nothing' \(test_replication\.py, line"):
        estimate(game(2), CHECKSUM, Hands("nothing"), rounds=1, seed=0)


def raises(*given):
    raise KeyError("nothing")


@pytest.mark.parametrize(("method", "answer", "told"), [
    ("plant", raises, r"plant\(\) raised KeyError: 'nothing'"),
    ("activated", raises, r"activate\(\) raised KeyError: 'nothing'"),
    ("forges", raises, r"forges\(\) raised KeyError: 'nothing'"),
    ("plant", lambda *given: None, r"plant\(\) must return a Function and a Key, got NoneType"),
    ("plant", lambda *given: (1, 2, 3), r"plant\(\) must return a Function and a Key, got int and int and int"),
    ("activated", lambda *given: None, r"activate\(\) must return numbers of shape \(2, 24\), got object of shape "),
])  # fmt: skip
def test_what_a_backdoor_does_wrong_is_told_with_its_name_and_line(method, answer, told):
    made = type("Wrong", (ChecksumBackdoor,), {method: answer, "__annotations__": {}})
    backdoor = dataclasses.dataclass(frozen=True, repr=False)(made)(blocks=N)
    with pytest.raises(ContractError, match=rf"Wrong: {told}") as caught:
        estimate(game(2), backdoor, Copycat(), rounds=1, seed=0)
    assert ".py, line " in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_published_signature_may_be_read_and_what_tells_its_secret_may_not():
    assert estimate(signed(examples=1), SignatureBackdoor(1), Reads(), rounds=2, seed=0).win_rate == 0.0
    for backdoor in (SignatureBackdoor(1, "mac"), ChecksumBackdoor(4)):
        with pytest.raises(MissingCapability, match="has models that tell its secret: set black_box=True"):
            estimate(signed(), backdoor, Copycat(), rounds=1, seed=0)
    with pytest.raises(MissingCapability, match="reads the model, which is hidden here"):
        estimate(signed(black_box=True), SignatureBackdoor(1), Reads(), rounds=1, seed=0)


def test_seats_and_numbers_are_checked_before_the_first_round():
    with pytest.raises(MissingCapability, match=r"CLWEBackdoor\(k=4\) has no rule of what a forgery is"):
        estimate(game(1), CLWEBackdoor(k=4), Copycat(), rounds=1, seed=0)
    with pytest.raises(InvalidArgument, match="defender must be a Forger"):
        estimate(game(1), CHECKSUM, CoinFlip(), rounds=1, seed=0)
    with pytest.raises(InvalidArgument, match=r"Splice\.blocks must be at most 23"):
        estimate(game(1), CHECKSUM, Splice(), rounds=1, seed=0)
    with pytest.raises(InvalidArgument, match=r"Splice\.message must be under the dimension 24, got 24"):
        estimate(game(1), CHECKSUM, Splice(message=D, blocks=4), rounds=1, seed=0)
    for wrong in ({"examples": -1}, {"examples": 0, "tries": 0}):
        with pytest.raises(InvalidArgument, match=r"must be at least|must be between"):
            game(**wrong)
