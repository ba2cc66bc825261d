"""The exact laws of shipped players: against brute force on tiny games, and against simulation on larger ones."""

from __future__ import annotations

import collections
import dataclasses
import math
from fractions import Fraction

import numpy as np
import pytest

from backdoor_game import (
    AllFunctions,
    AlwaysClean,
    AlwaysFlag,
    Atoms,
    BackdoorGame,
    BackdoorGameError,
    BoltzmannResampling,
    Boxes,
    Closure,
    CoinFlip,
    Conjunctions,
    ConsistentERM,
    DirectSum,
    DistillationEnsemble,
    Explicit,
    Halfspaces,
    HiddenTile,
    Intervals,
    IntervalUnions,
    LinearSeparator,
    Memorizer,
    MissingCapability,
    Mixture,
    NearestLegal,
    NeighbourVote,
    NoAttack,
    OneInclusion,
    Parities,
    ProductBits,
    RandomLegal,
    Shattered,
    Singletons,
    Thresholds,
    Uniform,
    UnitCube,
    Weighted,
    catalog,
)
from backdoor_game.ground import chances, streams
from backdoor_game.ground.chances import binomial_tail, least_count, nearest_tail
from backdoor_game.ground.statistics import clopper_pearson, simultaneous_level
from backdoor_game.players.attackers import BlockAttacker, random_legal
from backdoor_game.players.attackers.base import PLANT
from backdoor_game.players.defenders import neighbours
from backdoor_game.players.views import AttackerBlock, DefenderBlock, Meter
from tests.functions import examples
from tests.learners.exhaustive import answers
from tests.naive import exact_play as naive
from tests.players.cases import LISTED, TILED

M = 4
HOLES = [0.3, 0.0, 0.4, 0.1, 0.0, 0.2]
TINY = [
    BackdoorGame(Thresholds(points=6), 0.3, Uniform()),
    BackdoorGame(Thresholds(points=6), 0.3, Weighted(HOLES)),
    BackdoorGame(Intervals(points=5), "2/5", Weighted([0.1, 0.3, 0.2, 0.15, 0.25])),
    BackdoorGame(IntervalUnions(points=6, k=2), 0.25, Atoms([5, 0, 2, 3])),
    BackdoorGame(AllFunctions(points=4), 0.3, Weighted([0.1, 0.2, 0.3, 0.4])),
    BackdoorGame(Boxes(dimension=2, points=2), "1/4", Uniform()),
    BackdoorGame(Conjunctions(bits=2), 0.3, ProductBits([0.2, 0.0])),
    BackdoorGame(Parities(bits=2), 0.5, ProductBits([0.1, 0.5])),
    BackdoorGame(Explicit(["00000", "10100", "01011", "11110", "00111", "10001"]), 0.6, Uniform()),
    *TILED[:2],
]
CLOSED = [game for game in TINY if game.functions.intersection_closed]


@dataclasses.dataclass(frozen=True, repr=False)
class Strict(NeighbourVote):
    """Another share of the neighbours. *Heuristic.*"""

    threshold: float = 0.7


@dataclasses.dataclass(frozen=True, repr=False)
class Lenient(BoltzmannResampling):
    """Another share of the draws. *Heuristic.*"""

    threshold: float = 0.3


VOTES = [
    *[(DistillationEnsemble(learner=Closure(), members=5, examples=M, threshold=0.4), game) for game in CLOSED],
    *[
        (DistillationEnsemble(learner=learner, members=members, examples=3, threshold=threshold), game)
        for game in TINY
        for learner, members, threshold in [
            (OneInclusion(), 1, 0.5),
            (OneInclusion(), 4, 0.5),
            (ConsistentERM(), 3, 1.0),
            (Memorizer(default=1), 7, "1/3"),
            (Memorizer(), 2, 0.0),
        ]
    ],
]
RESAMPLING = [
    (defender, game)
    for game in TINY
    for defender in [BoltzmannResampling(), BoltzmannResampling(beta=3.0, draws=4), Lenient(beta=2.0, draws=10)]
]
NEIGHBOURS = [
    (defender, game)
    for game in TINY
    for defender in [
        NeighbourVote(neighbours=1, examples=M),
        NeighbourVote(neighbours=3, examples=M),
        Strict(neighbours=3, examples=M),
        Strict(neighbours=9, examples=3),
    ]
]


def everywhere(game, codes=None):
    """Every function at every point: codes (F N, L) and points (F N, n)."""
    codes = game.functions.enumerate() if codes is None else codes
    points = game.functions.domain.points()
    return np.repeat(codes, len(points), axis=0), np.tile(points, (len(codes), 1))


def shown(game, codes, X, role="defender/0"):
    """A view on rounds that show these pairs, to a defender who may use nothing."""
    keys = streams.role_keys(5, str(game), role, 0, len(X))
    oracle = streams.role_keys(5, str(game), "oracle/0", 0, len(X))
    return DefenderBlock(game, game.distribution, codes, X, keys, oracle, Meter(len(X), examples=0, evaluations=0))


def stated(defender, game):
    """What the defender states for every function at every point, (F, N), without using anything."""
    view = shown(game, *everywhere(game))
    said = defender.suspicion_probability(view)
    assert said.shape == (len(view),)
    assert ((said >= 0) & (said <= 1)).all()
    return said.reshape(-1, game.functions.domain.size)


def enumerated(game, make):
    """What brute force says of every function at every point."""
    tiny = naive.TinyGame(game, game.distribution)
    flag = make(tiny)
    return np.array([[flag(f, x) for x in range(len(tiny.points))] for f in tiny.labels])


def prediction(tiny, learner, m):
    """Predictions from their definitions, or the learner's own answers to every ordered sample."""
    samples = [S for S, _ in tiny.samples(m)]
    known = {}

    def ask(S, f, x):
        if (f, x) not in known:
            y = np.array([[f[s] for s in S] for S in samples], dtype=np.uint8)
            asked = np.repeat(tiny.points[x : x + 1], len(samples), axis=0)
            said = answers(learner, tiny.functions, tiny.points[np.array(samples)], y, asked)
            known[f, x] = dict(zip(samples, said.tolist(), strict=True))
        return known[f, x][S]

    match learner:
        case Closure():
            return naive.closure_prediction(tiny)
        case Memorizer():
            return lambda S, f, x: f[x] if x in S else learner.default
    return ask


# Defenders, from the definition


@pytest.mark.parametrize(("defender", "game"), VOTES, ids=str)
def test_an_ensemble_flags_as_often_as_over_all_samples_and_votes(defender, game):
    ready = defender.prepare(game)
    needed = min(k for k in range(ready.members + 1) if k / ready.members >= defender.threshold)

    def flag(tiny):
        return naive.flags_by_voting(
            tiny, prediction(tiny, ready.learner, ready.examples), ready.examples, ready.members, needed
        )

    np.testing.assert_allclose(stated(ready, game), enumerated(game, flag), rtol=0, atol=1e-12)


@pytest.mark.parametrize(("defender", "game"), RESAMPLING, ids=str)
def test_resampling_flags_as_often_as_its_draws_from_the_gibbs_law(defender, game):
    ready = defender.prepare(game)

    def flag(tiny):
        return naive.flags_by_resampling(tiny, ready.beta, ready.draws, threshold=defender.threshold)

    np.testing.assert_allclose(stated(ready, game), enumerated(game, flag), rtol=0, atol=1e-12)


@pytest.mark.parametrize(("defender", "game"), NEIGHBOURS, ids=str)
def test_neighbours_flag_as_often_as_over_all_ordered_samples(defender, game):
    def flag(tiny):
        return naive.flags_by_neighbours(tiny, defender.examples, defender.neighbours, defender.threshold)

    np.testing.assert_allclose(stated(defender.prepare(game), game), enumerated(game, flag), rtol=0, atol=1e-12)


def neighbours_by_rings(masses, differing, m, k, count):
    """The chance by walking outwards in fractions: so many of the draws left fall into a ring, so many are taken."""
    states, left = {(0, 0): Fraction(1)}, Fraction(1)
    for mass, differs in zip(masses, differing, strict=True):
        after = collections.Counter()
        for (taken, differ), chance in states.items():
            for c in range(m - taken + 1 if taken < k else 1):
                share = binomial(c, m - taken, mass / left) if taken < k else 1
                more = min(c, k - taken)
                for i in range(more + 1):
                    after[taken + more, differ + i] += chance * share * binomial(i, more, differs / mass)
        states, left = after, left - mass
    return float(sum(chance for (_, differ), chance in states.items() if differ >= count))


def binomial(count, total, p):
    return math.comb(total, count) * p**count * (1 - p) ** (total - count)


@pytest.mark.parametrize(("m", "k"), [(40, 7), (9, 9), (300, 3)])
def test_the_nearest_of_many_draws_are_counted_ring_by_ring(m, k):
    """Five rings of eight points, two of them at the same gap and some at the same gap with either label."""
    gaps = np.array([[4.0, 0.0, 1.0, 1.0, 4.0, 9.0, np.inf, np.inf]])
    shares = [Fraction(w, 64) for w in (8, 1, 2, 5, 16, 20, 4, 8)]
    differs = np.array([[True, False, True, False, False, True, True, False]])
    rings = [(1,), (2, 3), (0, 4), (5,), (6, 7)]
    masses = [sum(shares[a] for a in ring) for ring in rings]
    differing = [sum((shares[a] for a in ring if differs[0, a]), Fraction(0)) for ring in rings]
    for count in range(k + 2):
        said = nearest_tail(gaps, np.zeros(1, int), np.array([float(w) for w in shares]), differs, m, k, count)
        expected = neighbours_by_rings(masses, differing, m, k, count)
        np.testing.assert_allclose(said, [expected], rtol=1e-11, atol=0)


@pytest.mark.parametrize("total", [1, 3, 7, 10, 49, 63, 100, 1000])
def test_the_least_count_is_the_first_share_that_reaches_the_threshold(total):
    shares = [k / total for k in range(total + 1)]
    for threshold in [
        0.0,
        1e-9,
        0.1,
        0.29,
        0.3,
        1 / 3,
        0.5,
        0.7,
        2 / 3,
        1.0,
        *shares,
        *np.nextafter(shares[:9], 2),
    ]:
        if threshold <= 1:
            assert least_count(total, threshold) == min(k for k, share in enumerate(shares) if share >= threshold)


def test_binomial_tails_are_exact_at_their_edges_and_right_between():
    p = np.array([0.0, 0.3, 1.0])
    assert binomial_tail(0, 5, p).tolist() == [1.0, 1.0, 1.0]
    assert binomial_tail(6, 5, p).tolist() == [0.0, 0.0, 0.0]
    for count in range(1, 6):
        said = binomial_tail(count, 5, p)
        assert (said[0], said[2]) == (0.0, 1.0)
        assert said[1] == pytest.approx(sum(binomial(k, 5, 0.3) for k in range(count, 6)), abs=1e-15)


@pytest.mark.parametrize("numbers", [1, 40, 2**20])
@pytest.mark.parametrize(("defender", "game"), [VOTES[0], VOTES[20], RESAMPLING[1], *NEIGHBOURS[::3]], ids=str)
def test_what_is_stated_of_a_round_depends_on_its_own_function_and_input_alone(defender, game, numbers, monkeypatch):
    monkeypatch.setattr(neighbours, "NUMBERS", numbers)
    monkeypatch.setattr(chances, "CELLS", numbers)
    ready, (codes, X) = defender.prepare(game), everywhere(game)
    whole = ready.suspicion_probability(shown(game, codes, X))
    for rows in (np.random.default_rng(1).integers(len(X), size=2 * len(X)), np.array([len(X) // 2]), np.zeros(0, int)):
        said = ready.suspicion_probability(shown(game, codes[rows], X[rows]))
        np.testing.assert_allclose(said, whole[rows], rtol=0, atol=1e-14)


@pytest.mark.parametrize("threshold", [0.0, 1e-9, 0.5, 1.0])
@pytest.mark.parametrize("control", [AlwaysClean, AlwaysFlag, CoinFlip])
def test_a_control_flags_as_often_as_its_suspicion_reaches_the_threshold(control, threshold):
    """A coin shows 0 and 1 equally often; the others always say the same."""

    @dataclasses.dataclass(frozen=True, repr=False)
    class Typed(control):
        threshold: float = 0.5

    said = stated(Typed(threshold=threshold), TINY[0])
    suspicions = {AlwaysClean: [0.0], AlwaysFlag: [1.0], CoinFlip: [0.0, 1.0]}[control]
    assert (said == np.mean([suspicion >= threshold for suspicion in suspicions])).all()


# Defenders, against simulation

LARGE = [
    (DistillationEnsemble(), BackdoorGame(Thresholds(points=200), 0.05, Uniform())),
    (
        DistillationEnsemble(learner=OneInclusion(), members=5, examples=6, threshold=0.4),
        BackdoorGame(IntervalUnions(points=12, k=2), 0.2, Weighted([0.05, 0.1, 0.0, *[0.1] * 6, 0.15, 0.0, 0.1])),
    ),
    (
        DistillationEnsemble(learner=Memorizer(), members=9, examples=40),
        BackdoorGame(Parities(bits=6), 0.1, ProductBits(0.4)),
    ),
    (BoltzmannResampling(draws=5), BackdoorGame(Intervals(points=30), 0.1, Uniform())),
    (
        NeighbourVote(neighbours=4, examples=25),
        BackdoorGame(Boxes(dimension=2, points=6), 0.1, Atoms([(i, j) for i in range(6) for j in range(0, 6, 2)])),
    ),
    (
        NeighbourVote(neighbours=6, examples=10),
        BackdoorGame(
            DirectSum([Intervals(points=12), Parities(bits=3)]), 0.1, Mixture([Uniform(), Uniform()], [0.5, 0.5])
        ),
    ),
    (CoinFlip(), BackdoorGame(Thresholds(points=200), 0.05, Uniform())),
]


@pytest.mark.parametrize(("defender", "game"), LARGE, ids=str)
def test_the_share_of_flagged_rounds_is_within_its_interval(defender, game):
    pairs, rounds = 15, 1500
    ready = defender.prepare(game)
    keys = streams.role_keys(8, str(game), "choose", 0, pairs)
    codes = game.functions.sample_block(keys)
    X = game.distribution.sample_block(keys, 0, 1)[:, 0]
    expected = ready.suspicion_probability(shown(game, codes, X))
    assert expected.min() < 0.95
    assert expected.max() > 0.05
    view = shown(game, np.repeat(codes, rounds, axis=0), np.repeat(X, rounds, axis=0))
    view.meter = Meter(len(view))
    flagged = (ready.suspicion_block(view) >= ready.threshold).reshape(pairs, rounds).sum(axis=1)
    for count, chance in zip(flagged.tolist(), expected, strict=True):
        low, high = clopper_pearson(count, rounds, simultaneous_level(0.999, pairs * len(LARGE)))
        assert low - 1e-12 <= chance <= high + 1e-12


# What cannot be stated

UNKNOWN = [
    (DistillationEnsemble(members=3, examples=3), BackdoorGame(Thresholds(points=5), 0.2), "fixed distribution"),
    (
        DistillationEnsemble(members=3, examples=3),
        BackdoorGame(Intervals(points=13), 0.2, Uniform()),
        "at most 12 points of positive weight, or estimate",
    ),
    (
        DistillationEnsemble(learner=LinearSeparator(), members=3, examples=3),
        BackdoorGame(Halfspaces(dimension=1), 0.2, Atoms([0.5, 1.5])),
        r"LinearSeparator\(\) errs on Halfspaces",
    ),
    (BoltzmannResampling(), BackdoorGame(Thresholds(points=5), 0.2), "fixed distribution"),
    (NeighbourVote(), BackdoorGame(Thresholds(points=5), 0.2), "fixed distribution on listed points, got .* None"),
    (NeighbourVote(), BackdoorGame(Thresholds(), 0.2, UnitCube()), r"listed points, got distribution UnitCube\("),
]


@pytest.mark.parametrize(("defender", "game", "words"), UNKNOWN, ids=str)
def test_a_defender_without_a_closed_form_says_so_in_one_sentence(defender, game, words):
    law = game.distribution or Uniform().on(game.functions.domain)
    keys = np.arange(4, dtype=np.uint64)
    X = law.sample_block(keys, 0, 1)[:, 0]
    view = DefenderBlock(game, law, game.functions.sample_block(keys), X, keys, keys.copy(), Meter(4))
    with pytest.raises(MissingCapability, match=words) as caught:
        defender.prepare(game).suspicion_probability(view)
    assert "\n" not in str(caught.value)


def test_resampling_that_was_prepared_to_measure_distances_on_examples_states_nothing_about_a_fixed_law():
    ready = BoltzmannResampling().prepare(BackdoorGame(Thresholds(points=6), 0.3))
    assert ready.examples is not None
    with pytest.raises(MissingCapability, match="needs a game with a fixed distribution"):
        ready.suspicion_probability(shown(TINY[0], *everywhere(TINY[0])))


@pytest.mark.parametrize("defender", [DistillationEnsemble(), BoltzmannResampling(), NeighbourVote()], ids=str)
def test_a_defender_with_nones_left_states_nothing(defender):
    with pytest.raises(MissingCapability, match=r"has Nones left: call prepare\(game\)"):
        defender.suspicion_probability(shown(TINY[0], *everywhere(TINY[0])))


# Attackers


def planting(game, codes, X, law=None):
    keys = streams.role_keys(9, str(game), "plant", 0, len(X))
    law = law or game.distribution
    return AttackerBlock(game, law, keys, Meter(len(X), evaluations=0), codes=codes, X_star=X)


@pytest.mark.parametrize("cells", [1, 50, 2**21])
@pytest.mark.parametrize("game", [*LISTED, *TILED, TINY[1]], ids=str)
def test_random_plants_are_uniform_over_the_legal_ones(game, cells, monkeypatch):
    monkeypatch.setattr(random_legal, "CELLS", cells)
    tiny = naive.TinyGame(game, game.distribution)
    codes, X = everywhere(game)
    mixed = np.random.default_rng(3).integers(len(X), size=len(X))
    codes, X = codes[mixed], X[mixed]
    rows, planted, chances = RandomLegal().prepare(game).plant_law(planting(game, codes, X))
    assert planted.dtype == game.functions.code_dtype
    found = collections.defaultdict(list)
    for row, g, chance in zip(rows.tolist(), tiny.labels_of(planted), chances, strict=True):
        found[row].append((g, float(chance)))
    places = game.functions.domain.index(X).tolist()
    for row, (f, x) in enumerate(zip(tiny.labels_of(codes), places, strict=True)):
        legal = tiny.legal(f, x)
        assert sorted(found[row]) == sorted((g, 1 / len(legal)) for g in legal)


def test_every_random_plant_has_the_frequency_of_its_law():
    game, rounds = BackdoorGame(Intervals(points=8), "2/8", Uniform()), 4000
    codes, X = everywhere(game)
    several = np.bincount(RandomLegal().plant_law(planting(game, codes, X))[0])
    pairs = np.flatnonzero(several >= 5)[[0, 3, -1]]
    rows, planted, chances = RandomLegal().plant_law(planting(game, codes[pairs], X[pairs]))
    view = planting(game, np.repeat(codes[pairs], rounds, axis=0), np.repeat(X[pairs], rounds, axis=0))
    drawn, said = RandomLegal().plant_block(view)
    assert (said == PLANT).all()
    counts = collections.Counter(zip(np.repeat(np.arange(3), rounds).tolist(), map(tuple, drawn.tolist()), strict=True))
    law = dict(zip(zip(rows.tolist(), map(tuple, planted.tolist()), strict=True), chances, strict=True))
    assert len(law) >= 15
    assert set(counts) <= set(law)
    for plant, chance in law.items():
        low, high = clopper_pearson(counts[plant], rounds, simultaneous_level(0.999, len(law)))
        assert low <= chance <= high


def choice_law(attacker, game):
    """The stated law of f as a dict of codes."""
    ready = attacker.prepare(game)
    codes, chances = ready.choose_law(game, game.setup(ready))
    assert codes.dtype == game.functions.code_dtype
    assert game.functions.contains(codes).all()
    law = dict(zip(map(tuple, codes.tolist()), chances.tolist(), strict=True))
    assert len(law) == len(codes)
    assert sum(law.values()) == pytest.approx(1.0, abs=1e-12)
    return law


@pytest.mark.parametrize("game", [*LISTED, *TILED], ids=str)
@pytest.mark.parametrize("attacker", [RandomLegal(), NearestLegal(), NoAttack()], ids=str)
def test_who_chooses_any_function_states_every_member_alike(attacker, game):
    members = game.functions.enumerate().tolist()
    assert choice_law(attacker, game) == {tuple(code): pytest.approx(1 / len(members)) for code in members}


@pytest.mark.parametrize("game", TILED, ids=str)
def test_who_hides_a_tile_chooses_every_function_without_one_alike(game):
    tiles = game.functions.parts[-1].points
    bare = [code for code in game.functions.enumerate().tolist() if code[-1] == tiles]
    assert choice_law(HiddenTile(), game) == {tuple(code): pytest.approx(1 / len(bare)) for code in bare}


SHATTERED = [
    BackdoorGame(AllFunctions(points=4), 0.25),
    BackdoorGame(Intervals(points=5), 0.3),
    BackdoorGame(Boxes(dimension=2, points=3), 0.2),
    BackdoorGame(Boxes(dimension=2), 0.2),
    BackdoorGame(Halfspaces(dimension=3), 0.2),
]


@pytest.mark.parametrize("game", SHATTERED, ids=str)
def test_who_attacks_a_shattered_set_chooses_each_of_its_labelings_alike(game):
    law, points = choice_law(Shattered(), game), game.functions.shattered_set()
    codes = np.array(list(law), dtype=game.functions.code_dtype)
    labels = game.functions.evaluate(codes, np.broadcast_to(points, (len(codes), *points.shape)))
    assert len({tuple(row) for row in labels.tolist()}) == len(law) == 2 ** len(points)
    assert set(law.values()) == {0.5 ** len(points)}


@pytest.mark.parametrize(
    ("attacker", "game"),
    [
        (RandomLegal(), BackdoorGame(Intervals(points=6), "1/3", Uniform())),
        (NearestLegal(), BackdoorGame(Boxes(dimension=2, points=3), 0.2, Uniform())),
        (HiddenTile(), TILED[0]),
        (HiddenTile(), TILED[2]),
        (Shattered(), SHATTERED[0]),
        (Shattered(), SHATTERED[2]),
    ],
    ids=str,
)
def test_every_choice_has_the_frequency_of_its_law(attacker, game):
    law, rounds, ready = choice_law(attacker, game), 20_000, attacker.prepare(game)
    keys = streams.role_keys(4, str(game), "choose", 0, rounds)
    chosen = ready.choose_block(AttackerBlock(game, game.setup(ready), keys, Meter(rounds)))
    within_intervals(collections.Counter(map(tuple, chosen.tolist())), law, rounds, 6)


def within_intervals(counts, law, rounds, families):
    assert set(counts) <= set(law)
    level = simultaneous_level(0.999, families * len(law))
    for code, chance in law.items():
        low, high = clopper_pearson(counts[code], rounds, level)
        assert low <= chance <= high


@dataclasses.dataclass(frozen=True)
class Uneven(Thresholds):
    """Thresholds whose low ones come more often."""

    samples_uniformly = False


@dataclasses.dataclass(frozen=True)
class Picky(NoAttack):
    """Chooses a function of its own."""

    def choose_block(self, view):
        return np.zeros((len(view), 1), dtype=np.int64)


@dataclasses.dataclass(frozen=True)
class Lazy(BlockAttacker):
    """Plants by blocks, and leaves choosing to the class."""

    def plant_block(self, view):
        return view.chosen()[0], np.zeros(len(view), np.int8)


def test_a_choice_that_is_not_known_in_closed_form_is_not_stated():
    uniform, uneven = (BackdoorGame(cls(points=6), 0.3, Uniform()) for cls in (Thresholds, Uneven))
    assert len(Lazy().choose_law(uniform, uniform.distribution)[0]) == 7
    for attacker in (Lazy(), NearestLegal(), NoAttack()):
        assert attacker.choose_law(uneven, uneven.distribution) is None
    assert Picky().choose_law(uniform, uniform.distribution) is None
    line = BackdoorGame(Thresholds(), 0.3, UnitCube())
    assert NearestLegal().choose_law(line, line.distribution) is None
    broad = BackdoorGame(AllFunctions(points=17), 0.3)
    assert Shattered().choose_law(broad, Shattered().distribution(broad)) is None
    tiled = BackdoorGame(
        DirectSum([Uneven(points=3), Singletons(points=2)]), 0.25, Mixture([Uniform(), Uniform()], [0.5, 0.5])
    )
    assert HiddenTile().choose_law(tiled, tiled.distribution) is None


# Classes


@pytest.mark.parametrize("example", examples.FINITE, ids=str)
def test_a_listed_class_samples_every_row_of_its_list_equally_often(example):
    functions, rounds = example.functions, 40_000
    assert functions.samples_uniformly
    rows = list(map(tuple, functions.enumerate().tolist()))
    keys = streams.role_keys(12, str(functions), "choose", 0, rounds)
    counts = collections.Counter(map(tuple, functions.sample_block(keys).tolist()))
    within_intervals(counts, dict.fromkeys(rows, 1 / len(rows)), rounds, len(examples.FINITE))


def test_a_class_without_a_list_does_not_claim_to_sample_it_uniformly():
    for example in examples.CONTINUOUS:
        assert not example.functions.samples_uniformly
    assert not DirectSum([Thresholds(points=3), Intervals()]).samples_uniformly
    assert not DirectSum([Thresholds(points=3), Uneven(points=3)]).samples_uniformly


# Nobody is left out


def test_no_shipped_defender_lacks_a_closed_form_on_thresholds_where_it_can_play():
    game, refused = BackdoorGame(Thresholds(points=8), 0.25, Uniform()), set()
    for name, cls in catalog.shipped("defenders").items():
        try:
            ready = cls().prepare(game)
        except MissingCapability:
            refused.add(name)
            continue
        assert stated(ready, game).shape == (9, 8)
    assert refused == {
        "HammingSmoothing",
        "KeySearch",
        "LeafMass",
        "ParityCheck",
        "PredicateCheck",  # which wants a predicate, as `TraceReader` a trace
        "RareConjunction",
        "StructuralDefender",
        "TraceReader",
    }


def test_no_shipped_attacker_lacks_a_law_of_f_on_thresholds_where_it_can_play():
    playing = set()
    for law in (Uniform(), None):
        game = BackdoorGame(Thresholds(points=8), 0.25, law)
        for name, cls in catalog.shipped("attackers").items():
            try:
                game.setup(cls().prepare(game))
            except BackdoorGameError:
                continue
            assert choice_law(cls(), game)
            playing.add(name)
    assert playing == set(catalog.shipped("attackers")) - {
        "DeepestLegal",
        "ExchangeablePair",  # which wants its trigger first
        "GraftPath",
        "HiddenTile",
        "PuncturedPRFAttacker",
        "Star",  # thresholds have no star of four points
    }
