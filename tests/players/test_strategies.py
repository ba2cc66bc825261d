"""What each shipped defender does, from its definition: votes, Gibbs laws, neighbours and coins."""

from __future__ import annotations

import math
import tracemalloc

import numpy as np
import pytest

from backdoor_game import (
    AllFunctions,
    AlwaysClean,
    AlwaysFlag,
    BackdoorGame,
    BoltzmannResampling,
    Boxes,
    Closure,
    CoinFlip,
    DistillationEnsemble,
    Explicit,
    Halfspaces,
    HiddenTile,
    Intervals,
    InvalidArgument,
    Memorizer,
    MissingCapability,
    NearestLegal,
    NeighbourVote,
    OneInclusion,
    Parities,
    RandomLegal,
    Shattered,
    Singletons,
    Thresholds,
    Uniform,
    UnitCube,
    Weighted,
    estimate,
)
from backdoor_game.ground.statistics import clopper_pearson, simultaneous_level
from tests.naive import exact_play as naive
from tests.naive import gibbs
from tests.players.cases import CLOSED, LISTED, OPEN, ROWS, TILED, Rounds, keys_of, law_of

EPSILONS = [0.5, 1 / 3, 0.2, 0.15, 1 / 49, 0.001]
FINITE = [*LISTED, *TILED]


def plain(tiny, game, rounds):
    """Label tuples of the functions shown, and places of the inputs."""
    return tiny.labels_of(rounds.codes), game.functions.domain.index(rounds.X).tolist()


# Ensembles


@pytest.mark.parametrize("epsilon", EPSILONS)
def test_an_ensemble_takes_its_numbers_from_the_theorem(epsilon):
    ready = DistillationEnsemble().prepare(BackdoorGame(Intervals(points=100), epsilon, Uniform()))
    m = math.floor(1 / epsilon + 1e-9) - 1
    q = (1 - epsilon) ** m
    members = math.ceil(math.log(100) / (2 * (q / 4) ** 2))
    assert ready.learner == Closure()
    assert ready.examples == m
    assert ready.members == members
    # Flagged iff the count is at least theta T, which the prepared threshold states as a count.
    assert ready.threshold == math.ceil(q / 2 * members) / members
    if epsilon <= 0.2:
        assert 170 <= members <= 275


@pytest.mark.parametrize(
    ("functions", "d"), [(Thresholds(points=50), 1), (Intervals(points=50), 2), (Parities(bits=4), 4)]
)
@pytest.mark.parametrize("epsilon", EPSILONS)
def test_one_member_takes_its_numbers_from_the_theorem_on_single_distillation(functions, d, epsilon):
    learner = OneInclusion(limit=2**20) if isinstance(functions, Parities) else None
    ready = DistillationEnsemble(members=1, learner=learner).prepare(BackdoorGame(functions, epsilon, Uniform()))
    assert ready.examples == round(math.sqrt(2 * d / epsilon))
    assert ready.threshold == 1.0


def test_the_learner_is_the_closure_where_that_is_proved_and_one_inclusion_elsewhere():
    for game in LISTED:
        expected = Closure() if game in CLOSED else OneInclusion()
        assert DistillationEnsemble().prepare(game).learner == expected


@pytest.mark.parametrize(
    ("threshold", "members", "needed"),
    [(0.5, 5, 3), (0.5, 4, 2), (0.34, 3, 2), (1 / 3, 3, 1), (1.0, 7, 7), (1e-9, 5, 1), (0.0, 5, 0)],
)
def test_a_threshold_is_the_least_count_of_votes_that_reaches_it(threshold, members, needed):
    typed = DistillationEnsemble(threshold=threshold, members=members, examples=2)
    ready = typed.prepare(LISTED[2])
    assert ready.threshold == needed / members
    for count in range(members + 1):
        assert (count / members >= ready.threshold) == (count >= needed)


@pytest.mark.parametrize("game", [game for game in FINITE if game in CLOSED], ids=str)
@pytest.mark.parametrize("learner", [Closure(), Memorizer(default=1)], ids=str)
def test_the_suspicion_of_an_ensemble_is_the_share_of_members_that_disagree(game, learner):
    ready = DistillationEnsemble(learner=learner, members=5, examples=3).prepare(game)
    rounds = Rounds(game, game.distribution)
    suspicion = ready.suspicion_block(rounds.defending())
    tiny = naive.TinyGame(game, game.distribution)
    sample = rounds.defending().sample(3, 5)
    predict = naive.closure_prediction(tiny) if learner == Closure() else memorized
    shown = plain(tiny, game, rounds)
    for r, (f, x) in enumerate(zip(*shown, strict=True)):
        places = game.functions.domain.index(sample.X[r]).tolist()
        disagree = [predict(tuple(place), f, x) != f[x] for place in places]
        assert suspicion[r] == sum(disagree) / 5


def memorized(S, f, x):
    return f[x] if x in S else 1


# Boltzmann resampling


@pytest.mark.parametrize("beta", [0.0, 2.0, 25.0])
@pytest.mark.parametrize("game", FINITE, ids=str)
def test_the_stated_probability_of_a_resample_is_that_of_the_gibbs_law(game, beta):
    tiny = naive.TinyGame(game, game.distribution)
    rounds = Rounds(game, game.distribution)
    law = naive.gibbs_probability(tiny, tiny.law, beta)
    said = BoltzmannResampling(beta=beta).prepare(game).suspicion_probability(rounds.defending())
    expected = [law(f, x) for f, x in zip(*plain(tiny, game, rounds), strict=True)]
    np.testing.assert_allclose(said, expected, rtol=0, atol=1e-12)


@pytest.mark.parametrize("game", [FINITE[0], FINITE[3], FINITE[7], FINITE[8], FINITE[-1]], ids=str)
def test_the_share_of_resamples_that_disagree_is_within_its_interval(game):
    draws = 20_000
    rounds = Rounds(game, game.distribution)
    said = BoltzmannResampling(beta=4.0).suspicion_probability(rounds.defending())
    counts = np.rint(draws * BoltzmannResampling(beta=4.0, draws=draws).suspicion_block(rounds.defending()))
    for count, expected in zip(counts, said, strict=True):
        low, high = clopper_pearson(int(count), draws, simultaneous_level(0.999, 5 * ROWS))
        assert low <= expected <= high


def test_one_resample_flags_or_does_not():
    rounds = Rounds(LISTED[0], LISTED[0].distribution)
    assert set(BoltzmannResampling(beta=4.0).suspicion_block(rounds.defending())) == {0.0, 1.0}


@pytest.mark.parametrize("epsilon", EPSILONS)
def test_resampling_takes_its_temperature_from_the_best_bound(epsilon):
    """The root v of (v - 1) e^v = 1 minimises (1 + e^v) / v, and beta = v / (2 epsilon)."""
    beta = BoltzmannResampling().prepare(BackdoorGame(Thresholds(points=9), epsilon, Uniform())).beta
    v = 2 * beta * epsilon
    assert (v - 1) * math.exp(v) == pytest.approx(1, abs=1e-12)


def test_where_the_attacker_picks_the_law_distances_are_shares_of_the_examples():
    game = OPEN[0]
    ready = BoltzmannResampling(beta=3.0, examples=6).prepare(game)
    rounds = Rounds(game, law_of(game))
    suspicion = ready.suspicion_block(rounds.defending())
    tiny = naive.TinyGame(game, law_of(game))
    places = game.functions.domain.index(rounds.defending().sample(6).X[:, 0]).tolist()
    shown = zip(*plain(tiny, game, rounds), strict=True)
    factors = np.exp(-3.0 * np.arange(7) / 6)
    for r, (f, x) in enumerate(shown):
        weights = [
            gibbs.product_weight(f, g, [float(factors[places[r].count(z)]) for z in range(len(f))]) for g in tiny.labels
        ]
        drawn = gibbs.draw_weighted(weights, int(keys_of("defender/0")[r]), 1, 0)[0]
        assert suspicion[r] == float(tiny.labels[drawn][x] != f[x])


def test_without_a_fixed_law_no_probability_is_stated():
    picked = Rounds(OPEN[0], law_of(OPEN[0])).defending()
    with pytest.raises(MissingCapability, match="fixed distribution"):
        BoltzmannResampling(beta=1.0, examples=3).suspicion_probability(picked)


# Neighbours and controls


@pytest.mark.parametrize("game", FINITE, ids=str)
@pytest.mark.parametrize(("neighbours", "examples"), [(1, 4), (3, 6), (9, 4)])
def test_the_suspicion_of_neighbours_is_the_share_of_the_nearest_that_disagree(game, neighbours, examples):
    rounds = Rounds(game, game.distribution)
    ready = NeighbourVote(neighbours=neighbours, examples=examples).prepare(game)
    suspicion = ready.suspicion_block(rounds.defending())
    sample = rounds.defending().sample(examples)
    label = game.functions.evaluate(rounds.codes, rounds.X[:, None])[:, 0]
    parts = bool(getattr(game.functions.domain, "parts", ()))
    for r, x in enumerate(rounds.X.astype(float).tolist()):
        points = sample.X[r, 0].astype(float).tolist()
        gaps = [math.inf if parts and p[0] != x[0] else math.dist(p, x) for p in points]
        nearest = sorted(range(examples), key=lambda i: (gaps[i], i))[:neighbours]
        assert suspicion[r] == sum(bool(sample.y[r, 0, i] != label[r]) for i in nearest) / len(nearest)


@pytest.mark.parametrize("epsilon", EPSILONS)
def test_neighbours_are_sought_among_as_many_examples_as_a_voter_has(epsilon):
    ready = NeighbourVote().prepare(BackdoorGame(Thresholds(points=9), epsilon, Uniform()))
    assert ready.examples == max(1, math.floor(1 / epsilon + 1e-9) - 1)


def test_controls_say_what_their_names_say():
    view = Rounds(LISTED[0], LISTED[0].distribution).defending()
    assert (AlwaysClean().suspicion_block(view) == 0).all()
    assert (AlwaysFlag().suspicion_block(view) == 1).all()
    first_bits = [gibbs.word(int(key), 0) >> 63 for key in view.keys]
    assert CoinFlip().suspicion_block(view).tolist() == first_bits
    assert set(first_bits) == {0, 1}


# Refusals

LARGE = BackdoorGame(Explicit(np.random.default_rng(0).integers(0, 2, (300, 40))), 0.1, Uniform())
REFUSED = [
    (DistillationEnsemble(), BackdoorGame(Thresholds(points=4), 0.0, Uniform()), "at epsilon 0: pass examples="),
    (DistillationEnsemble(members=1), LARGE, "VC dimension of .* is unknown"),
    (DistillationEnsemble(learner=Closure()), LISTED[9], "not closed under intersection"),
    (DistillationEnsemble(), BackdoorGame(Halfspaces(dimension=2), 0.1), "cannot list its labelings"),
    (BoltzmannResampling(), BackdoorGame(Thresholds(points=4), 0.0, Uniform()), "at epsilon 0: pass beta="),
    (BoltzmannResampling(), BackdoorGame(Thresholds(), 0.1, UnitCube()), "cannot be enumerated"),
    (BoltzmannResampling(), BackdoorGame(AllFunctions(points=30), 0.1, Uniform()), "at most 67108864 labels"),
    (BoltzmannResampling(examples=5), LISTED[0], "examples=5 is for games without a distribution"),
    (NeighbourVote(), BackdoorGame(Thresholds(points=4), 0.0, Uniform()), "at epsilon 0: pass examples="),
    (NearestLegal(), OPEN[0], "needs a fixed distribution"),
    (NearestLegal(), BackdoorGame(Halfspaces(dimension=2), 0.1, UnitCube()), "no closest function is known"),
    (RandomLegal(), OPEN[0], "needs a fixed distribution"),
    (RandomLegal(), BackdoorGame(Boxes(dimension=2), 0.1, UnitCube()), "no listed atoms"),
    (HiddenTile(), LISTED[0], "needs a DirectSum whose last part is Singletons"),
    (HiddenTile(), BackdoorGame(TILED[0].functions, 0.1), "needs a fixed distribution"),
    (Shattered(), LISTED[0], "picks its own distribution and refuses the fixed Uniform"),
    (Shattered(), BackdoorGame(Explicit(["0110"]), 0.1), "VC dimension at least 1"),
]


@pytest.mark.parametrize(("player", "game", "words"), REFUSED)
def test_a_player_refuses_a_game_it_cannot_play_when_it_prepares(player, game, words):
    with pytest.raises((MissingCapability, InvalidArgument), match=words) as caught:
        player.prepare(game)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 600


@pytest.mark.parametrize("defender", [DistillationEnsemble(), BoltzmannResampling(), NeighbourVote()], ids=str)
def test_a_player_with_nones_left_says_who_fills_them(defender):
    view = Rounds(LISTED[0], LISTED[0].distribution).defending()
    with pytest.raises(MissingCapability, match=r"has Nones left: call prepare\(game\)"):
        defender.suspicion_block(view)


@pytest.mark.parametrize(
    ("configure", "words"),
    [
        (lambda: DistillationEnsemble(members=0), "members must be between 1"),
        (lambda: DistillationEnsemble(examples=-1), "examples must be between 0"),
        (lambda: DistillationEnsemble(threshold=1.5), r"threshold must lie in \[0, 1\]"),
        (lambda: DistillationEnsemble(learner=CoinFlip()), r"learner must be a Learner, got CoinFlip\(\)"),
        (lambda: BoltzmannResampling(beta=-1.0), "beta must lie in"),
        (lambda: BoltzmannResampling(draws=0), "draws must be between 1"),
        (lambda: BoltzmannResampling(examples=0), "examples must be between 1"),
        (lambda: NeighbourVote(neighbours=0), "neighbours must be between 1"),
        (lambda: NeighbourVote(examples=0), "examples must be between 1"),
    ],
)
def test_a_number_out_of_range_is_refused_by_name(configure, words):
    with pytest.raises(InvalidArgument, match=words):
        configure()


def test_weights_of_singletons_and_their_forfeits():
    """On uneven tiles only those within epsilon can be planted: 0.1 and 0.2 of 0.1, 0.2, 0.7 at epsilon 0.2."""
    game = BackdoorGame(Singletons(points=3), 0.2, Weighted([0.1, 0.2, 0.7]))
    rounds = Rounds(game, game.distribution)
    empty = np.full((ROWS, 1), 3)
    _, said = NearestLegal().prepare(game).plant_block(rounds.planting(empty))
    np.testing.assert_array_equal(said == 1, rounds.X[:, 0] < 2)


def test_the_vote_of_neighbours_takes_a_few_rounds_at_a_time_and_no_number_changes(monkeypatch):
    from backdoor_game.players.defenders import neighbours

    game = BackdoorGame(Boxes(dimension=3, points=4), 0.125, Uniform())
    whole = estimate(game, NearestLegal(), NeighbourVote(examples=20), rounds=300, seed=1)
    for numbers in (1, 60, 3 * 20 * 7):  # one round at a time, one round, and seven
        monkeypatch.setattr(neighbours, "NUMBERS", numbers)
        assert estimate(game, NearestLegal(), NeighbourVote(examples=20), rounds=300, seed=1) == whole


def test_the_vote_of_neighbours_stays_within_memory_at_many_examples():
    """16 rounds of 2^18 examples hold 2^22 coordinates: 32 MiB for each array of them, if all were taken at once."""
    game = BackdoorGame(Thresholds(points=16), 0.125, Uniform())
    defender = NeighbourVote(examples=2**18)
    estimate(game, NearestLegal(), defender, rounds=1, seed=1, threads=1)
    tracemalloc.start()
    try:
        estimate(game, NearestLegal(), defender, rounds=16, seed=1, threads=1)
        assert tracemalloc.get_traced_memory()[1] < 50 * 2**20  # all at once take 80
    finally:
        tracemalloc.stop()
