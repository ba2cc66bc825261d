"""The value of finite games: known fractions, guarantees from the definition, and what is refused."""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pytest

from backdoor_game import (
    AllFunctions,
    Atoms,
    BackdoorGame,
    BackdoorGameError,
    Boxes,
    Conjunctions,
    ContractError,
    DirectSum,
    Distribution,
    DistributionSearch,
    Explicit,
    Finite,
    FunctionClass,
    Intervals,
    IntervalUnions,
    InvalidArgument,
    MissingCapability,
    Mixture,
    OptimalAttacker,
    OptimalDefender,
    Parities,
    ProductBits,
    Singletons,
    Thresholds,
    Uniform,
    UnitCube,
    Weighted,
    estimate,
    exploitability,
    solve,
)
from backdoor_game.exact.finite import legal, legal_game, optimal, rational, regret
from backdoor_game.exact.finite.guarantees import (
    Attack,
    attacker_guarantee,
    defender_guarantee,
    likelier_planted,
    losses,
    win_rate,
    worst_attack,
)
from tests.naive import legal_games as naive

HEAVY_POINT = Weighted([*["1/10"] * 7, "3/10"])
# [THEORY] exact value of a finite game; the thresholds and conjunctions are derived in theory/.
VALUES = [
    (Thresholds(points=10), "1/10", Uniform(), "10/11"),
    (Thresholds(points=10), "2/10", Uniform(), "5/6"),
    (Thresholds(points=10), "3/10", Uniform(), "31/40"),
    (Thresholds(points=10), 0.4, Uniform(), "11/15"),
    (Thresholds(points=10), 0.5, Uniform(), "2/3"),
    (Thresholds(points=3), "1/3", Uniform(), "3/4"),
    (AllFunctions(points=4), "1/4", Uniform(), "1/2"),
    (AllFunctions(points=6), 0.5, Uniform(), "1/2"),
    (AllFunctions(points=3), 0.1, Uniform(), "1"),
    (AllFunctions(points=8), 0.1, HEAVY_POINT, "13/20"),
    (Conjunctions(bits=4), "1/8", Uniform(), "17/21"),
    (Singletons(points=9), "1/9", Uniform(), "9/10"),
]


def random_table(seed, F, N):
    return Explicit(np.random.default_rng(seed).integers(2, size=(F, N)))


TINY = [
    (random_table(1, 9, 5), 0.4, Uniform()),
    (random_table(2, 14, 6), "1/3", Uniform()),
    (random_table(3, 12, 5), 0.45, Weighted([0.1, 0.3, 0.0, 0.35, 0.25])),
    (random_table(4, 20, 7), "3/7", Uniform()),
    (Parities(bits=3), 0.5, ProductBits([0.1, 0.5, 0.3])),
    (IntervalUnions(points=6, k=2), 0.25, Atoms([5, 0, 2, 3])),
    (Boxes(dimension=2, points=3), "2/9", Uniform()),
    (DirectSum([Thresholds(points=3), Singletons(points=2)]), 0.25, Mixture([Uniform(), Uniform()], [0.5, 0.5])),
]


def legal_of(functions, epsilon, law):
    game = BackdoorGame(functions, epsilon, law)
    return legal_game(functions, game.distribution, game.epsilon)


def plain(game):
    """The same game as lists and dicts, its legal plants found anew."""
    D = game.weights.tolist()
    F, parts = len(game.codes), np.split(game.partners, game.starts[1:-1])
    return D, {(cell // F, cell % F): part.tolist() for cell, part in enumerate(parts)}


def some_attack(game, seed):
    rng = np.random.default_rng(seed)
    plants = rng.random(game.triples)
    sent = np.bincount(game.cells, weights=plants, minlength=len(game.starts) - 1)
    return Attack(rng.dirichlet(np.ones(len(game.codes))), plants / np.maximum(sent, 1e-9)[game.cells] * 0.9)


@pytest.mark.parametrize(("functions", "epsilon", "law", "value"), VALUES)
def test_the_value_is_the_fraction_that_theory_derives(functions, epsilon, law, value):
    found = solve(BackdoorGame(functions, epsilon, law), exact=True)
    assert found.fraction == value
    assert found.gap < 1e-9
    assert found.lower - 1e-9 <= Fraction(value) <= found.upper + 1e-9
    assert found.status == "enumerated"


def test_a_measured_value_is_a_fraction_too():
    found = solve(BackdoorGame(Intervals(points=32), "2/32", Uniform()), exact=True)
    assert found.value == pytest.approx(0.883212, abs=5e-7)
    assert Fraction(found.fraction) == Fraction(121, 137)


@pytest.mark.parametrize(("functions", "epsilon", "law"), TINY)
def test_legal_plants_are_those_of_the_definition(functions, epsilon, law):
    game, played = legal_of(functions, epsilon, law), BackdoorGame(functions, epsilon, law)
    size = played.distribution.uniform_size()
    weights = game.weights.tolist() if size is None else [1] * size
    limit = played.epsilon + 1e-12 if size is None else np.floor(played.epsilon * size + 1e-9)
    assert plain(game)[1] == naive.legal_plants(game.labels.tolist(), weights, limit)


@pytest.mark.parametrize(("functions", "epsilon", "law"), TINY)
def test_guarantees_are_those_of_the_definition(functions, epsilon, law):
    game = legal_of(functions, epsilon, law)
    D, stretches = plain(game)
    flags = np.random.default_rng(7).random(game.shape)
    expected = [naive.loss_of(i, stretches, D, flags.tolist()) for i in range(len(game.codes))]
    np.testing.assert_allclose(losses(game, flags), expected, atol=1e-12)
    assert defender_guarantee(game, flags) == pytest.approx(1 - max(expected), abs=1e-12)
    attack = some_attack(game, 8)
    plants = {cell: {} for cell in stretches}
    for k, (cell, partner) in enumerate(zip(game.cells.tolist(), game.partners.tolist(), strict=True)):
        plants[cell // len(game.codes), cell % len(game.codes)][partner] = attack.plants[k]
    best = naive.best_defence(stretches, D, attack.originals.tolist(), plants)
    assert attacker_guarantee(game, attack) == pytest.approx(best, abs=1e-12)


@pytest.mark.parametrize(("functions", "epsilon", "law"), TINY)
def test_best_replies_reach_what_the_guarantees_promise(functions, epsilon, law):
    game = legal_of(functions, epsilon, law)
    attack, flags = some_attack(game, 9), np.random.default_rng(10).random(game.shape).round(1)
    test = likelier_planted(game, attack).astype(float)
    assert win_rate(game, attack, test) == pytest.approx(attacker_guarantee(game, attack), abs=1e-12)
    f, triples = worst_attack(game, flags)
    laid = np.zeros(game.triples)
    laid[triples[triples >= 0]] = 1.0
    worst = Attack(np.eye(len(game.codes))[f], laid)
    assert win_rate(game, worst, flags) == pytest.approx(defender_guarantee(game, flags), abs=1e-12)


@pytest.mark.parametrize(("functions", "epsilon", "law"), TINY)
def test_regret_matching_finds_the_value_of_the_linear_program(functions, epsilon, law):
    game = legal_of(functions, epsilon, law)
    value = solve(BackdoorGame(functions, epsilon, law)).value
    attack, flags = regret.match_regrets(game, 1e-4)
    lower, upper = defender_guarantee(game, flags), attacker_guarantee(game, attack)
    assert lower - 1e-9 <= value <= upper + 1e-9
    assert upper - lower <= 1e-4


@pytest.mark.parametrize(("functions", "epsilon", "law"), [TINY[0], TINY[2], TINY[6]])
def test_a_step_of_regret_matching_is_the_one_that_is_defined(functions, epsilon, law):
    from backdoor_game.kernels.regret_matching import play_on

    game = legal_of(functions, epsilon, law)
    D, stretches = plain(game)
    (N, F), T = game.shape, game.triples
    regrets = (np.zeros(F), np.zeros(T), np.zeros((N, F)), np.zeros((N, F)))
    sums = (np.zeros(F), np.zeros(T), np.zeros((N, F)))
    twin = naive.Cfr(stretches, D, F)
    for done, count in ((0, 1), (1, 4), (5, 2)):
        play_on(game.starts, game.partners, game.weights, regrets, sums, done, count)
        for _ in range(count):
            twin.step()
        np.testing.assert_allclose(sums[0], twin.root_sum, atol=1e-12)
        planted = [v for cell in stretches for v in twin.plant_sum[cell].values()]
        np.testing.assert_allclose(sums[1], planted, atol=1e-12)
        np.testing.assert_allclose(sums[2].ravel(), list(twin.flag_sum.values()), atol=1e-12)
        np.testing.assert_allclose(regrets[0], twin.root, atol=1e-12)


@pytest.mark.parametrize("seed", range(6))
def test_copies_of_members_and_points_without_mass_change_no_value(seed):
    rng = np.random.default_rng(seed)
    table, weights = rng.integers(2, size=(8, 5)), rng.dirichlet(np.ones(5))
    bare = solve(BackdoorGame(Explicit(table), 0.4, Weighted(weights)), exact=False)
    copied = np.concatenate([table, table[rng.permutation(8)[:4]]])
    padded = np.insert(copied, 2, rng.integers(2, size=12), axis=1)
    wide = solve(BackdoorGame(Explicit(padded), 0.4, Weighted(np.insert(weights, 2, 0.0))))
    assert wide.value == pytest.approx(bare.value, abs=1e-9)
    assert (wide.functions, wide.points, wide.triples) == (bare.functions, bare.points, bare.triples)


def test_equal_members_stay_apart_where_strategies_may_read_their_codes():
    functions = Explicit(["0011", "0011", "0101", "0111"])
    apart = legal_game(functions, Uniform().on(functions.domain), 0.5, merged=False)
    assert len(apart.codes) == 4
    assert len(legal_of(functions, 0.5, Uniform()).codes) == 3
    codes = functions.enumerate()
    assert (apart.codes[apart.find(codes)] == codes).all()


def test_a_result_whose_gap_is_over_the_tolerance_is_an_error(monkeypatch):
    def careless(game):
        F = len(game.codes)
        return Attack(np.full(F, 1 / F), np.zeros(game.triples)), np.full(game.shape, 0.5)

    monkeypatch.setattr(optimal, "solve_attacker", careless)
    with pytest.raises(BackdoorGameError, match=r"was not solved: .* no gap within the tolerance 1e-06"):
        solve(BackdoorGame(Thresholds(points=11), 0.2, Uniform()))


def test_a_fraction_that_its_vertices_do_not_prove_is_an_error(monkeypatch):
    monkeypatch.setattr(rational, "_cover", lambda game, *rest: [Fraction(1, 2)] * (len(game.starts) - 1))
    with pytest.raises(BackdoorGameError, match="no exact value was proved"):
        solve(BackdoorGame(Thresholds(points=10), 0.2, Uniform()), exact=True)


def test_fractions_are_read_as_they_were_typed():
    assert rational.as_fraction(float(Fraction("2/32"))) == Fraction(1, 16)
    assert rational.as_fraction(1 / 3) == Fraction(1, 3)
    assert rational.as_fraction(0.1 * 0.5 * 0.8) == Fraction(1, 25)
    assert rational.as_fraction(0.123456789) == Fraction(123456789, 10**9)
    third = BackdoorGame(Thresholds(points=3), "1/3", Weighted(["1/3", "1/3", "1/3"]))
    assert solve(third, exact=True).fraction == "3/4"


@pytest.mark.parametrize(
    ("game", "message"),
    [
        (BackdoorGame(Thresholds(), 0.2, UnitCube()), "no list of at most 65536 atoms"),
        (BackdoorGame(Thresholds(points=70_000), 0.2, Uniform()), "no list of at most 65536 atoms"),
        (BackdoorGame(AllFunctions(points=16), 0.25, Uniform()), "65536 different functions, and at most 32768"),
        (BackdoorGame(AllFunctions(points=30), 0.25, Uniform()), "labels, of 1073741824 functions on 30 points"),
        (BackdoorGame(AllFunctions(points=13), "6/13", Uniform()), r"at least \d+ legal triples .* at most 10000000"),
        (BackdoorGame(Thresholds(), 0.2, Atoms([0.1, 0.5])), "cannot be enumerated"),
    ],
)
def test_what_is_not_finite_or_too_large_is_refused_with_its_size_and_the_limit(game, message):
    with pytest.raises((InvalidArgument, MissingCapability), match=message):
        solve(game)


def test_exact_fractions_have_limits_of_their_own():
    big = BackdoorGame(Intervals(points=63), "2/63", Uniform())
    with pytest.raises(InvalidArgument, match=r"up to 40000 legal triples .* has 46254"):
        solve(big, exact=True)
    uneven = BackdoorGame(Thresholds(points=2), 0.5, Weighted([0.33333333, 0.66666667]))
    assert Fraction(solve(uneven, exact=True).fraction) > Fraction(1, 2)
    short = BackdoorGame(Thresholds(points=2), 0.5, Weighted([0.333333333, 0.6666666667]))
    with pytest.raises(InvalidArgument, match="sum to 1 as fractions"):
        solve(short, exact=True)
    with pytest.raises(InvalidArgument, match="search_distribution is for games without a distribution"):
        solve(short, search_distribution=DistributionSearch())


def test_games_beyond_the_linear_program_are_solved_to_a_proved_gap(monkeypatch):
    monkeypatch.setattr(optimal, "PROGRAM_TRIPLES", 100)
    seen = []
    game = BackdoorGame(Intervals(points=15), "2/15", Uniform())
    large = solve(game, tolerance=2e-4, progress=lambda done, total: seen.append(done / total))
    assert large.method.startswith("regret matching")
    assert large.gap <= 2e-4
    assert seen == sorted(seen)
    assert 0 <= seen[0] <= seen[-1] < 1
    monkeypatch.undo()
    assert large.lower - 1e-9 <= solve(game).value <= large.upper + 1e-9


def test_the_search_over_distributions_starts_from_the_shattering_one():
    found = solve(BackdoorGame(AllFunctions(points=4), 0.15), search_distribution=DistributionSearch(steps=1))
    assert found.status == "heuristic"
    assert found.value == pytest.approx(1 - 3 * 0.15 / 2, abs=1e-9)
    assert found.attacker.law == found.distribution == found.defender.law


@pytest.mark.parametrize(("points", "epsilon"), [(8, 0.3), (8, 0.4), (6, 0.25), (10, 0.375)])
def test_the_search_finds_the_least_value_of_thresholds_that_theory_derives(points, epsilon):
    from theory.thresholds import least_loss

    found = solve(BackdoorGame(Thresholds(points=points), epsilon), search_distribution=DistributionSearch(steps=40))
    assert found.value == pytest.approx(1 - float(least_loss(Fraction(str(epsilon)))), abs=1e-6)


def test_a_search_is_a_function_of_its_seed():
    game = BackdoorGame(random_table(5, 10, 5), 0.3)
    first, again, other = (
        solve(game, search_distribution=DistributionSearch(steps=25, seed=seed)) for seed in (1, 1, 2)
    )
    assert first == again
    assert other.value <= 1
    assert first.value <= solve(BackdoorGame(game.functions, 0.3, Uniform())).value + 1e-9


def test_limits_are_those_that_the_page_states():
    assert (legal.TRIPLES, legal.FUNCTIONS, rational.EXACT_TRIPLES) == (10_000_000, 2**15, 40_000)


@dataclass(frozen=True)
class Stripes(FunctionClass):
    """1 where (x + shift) mod 4 < 2: a class of a user's own, with a list and nothing else."""

    points: int = 12
    code_length, code_dtype = 1, np.int64
    domain = property(lambda self: Finite(self.points))

    def evaluate(self, codes, X):
        return (2 * ((X[:, :, 0] + codes) % 4) < 4).astype(np.uint8)

    def sample(self, rng):
        return rng.integers(4, size=1)

    def contains(self, codes):
        return (codes[:, 0] >= 0) & (codes[:, 0] < 4)

    def enumerate(self):
        return np.arange(4)[:, None]


def test_the_search_finds_a_shattered_set_where_the_class_names_none():
    found = solve(BackdoorGame(Stripes(), 0.5), search_distribution=DistributionSearch(steps=1))
    assert found.value == pytest.approx(0.5, abs=1e-9)
    below = solve(BackdoorGame(Stripes(), 0.3), search_distribution=DistributionSearch(steps=1))
    assert below.value <= 1 - 0.3 / 2 + 1e-9


def test_the_search_stops_where_nobody_wins_less():
    seen = []
    game = BackdoorGame(AllFunctions(points=4), 0.3)
    solve(game, search_distribution=DistributionSearch(steps=50), progress=lambda done, total: seen.append(done))
    assert max(seen) < 50


@dataclass(frozen=True)
class Twofold(Distribution):
    """Names its first point twice."""

    def sample(self, m, rng):
        return rng.choice([0, 1, 2, 3], p=[0.5, 0.2, 0.2, 0.1], size=(m, 1))

    def atoms(self):
        return np.array([[0], [0], [1], [2], [3]]), np.array([0.3, 0.2, 0.2, 0.2, 0.1])


@dataclass(frozen=True)
class Beyond(Twofold):
    """Draws a point that it does not list."""

    def atoms(self):
        return np.array([[0], [1], [2]]), np.array([0.6, 0.2, 0.2])


def test_points_that_are_named_twice_are_one():
    functions = random_table(9, 7, 4)
    twofold = BackdoorGame(functions, 0.5, Twofold())
    plainly = BackdoorGame(functions, 0.5, Weighted([0.5, 0.2, 0.2, 0.1]))
    assert solve(twofold).value == pytest.approx(solve(plainly).value, abs=1e-9)
    assert exploitability(twofold, OptimalDefender(), seed=0).value == pytest.approx(0, abs=1e-9)


def test_a_law_that_draws_what_it_does_not_list_is_told():
    with pytest.raises(ContractError, match="none of the atoms"):
        estimate(
            BackdoorGame(random_table(9, 7, 4), 0.5, Beyond()),
            OptimalAttacker(),
            OptimalDefender(),
            rounds=2000,
            seed=0,
        )


def test_ties_at_epsilon_are_legal_where_a_float_falls_short():
    # 49 * (1 / 49) is a hair under 1: the rule of counts makes it 1.
    assert 49 * (1 / 49) < 1
    assert legal_of(Thresholds(points=49), "1/49", Uniform()).triples == 2 * 49


def test_a_distance_within_rounding_of_epsilon_is_no_case_for_fractions():
    weights = ["3000000000001/10000000000000", "6999999999999/10000000000000"]
    game = BackdoorGame(Explicit(["00", "01", "10"]), 0.3, Weighted(weights))
    with pytest.raises(InvalidArgument, match="rounding decides what is legal"):
        solve(game, exact=True)


def test_a_fine_tolerance_is_for_the_linear_program_and_refused_beyond_it(monkeypatch):
    game = BackdoorGame(Intervals(points=16), "2/16", Uniform())
    monkeypatch.setattr(optimal, "PROGRAM_TRIPLES", 100)
    assert solve(game, tolerance=1e-6).method.startswith("linear program")
    monkeypatch.setattr(optimal, "LARGEST_PROGRAM", 200)
    with pytest.raises(InvalidArgument, match="a tolerance under 1e-05 is for games of up to 200"):
        solve(game, tolerance=2e-6)


def test_the_averages_of_constant_play_are_that_play():
    game = legal_of(Thresholds(points=4), "1/4", Uniform())
    N, F = game.shape
    pi, flags = np.arange(1, F + 1) / (F * (F + 1) / 2), np.linspace(0, 1, N * F).reshape(N, F)
    total = 7 * 8 / 2
    attack, averaged = regret._averages(game, (total * pi, total * pi[game.cells % F], total * flags), 7)
    np.testing.assert_allclose(attack.originals, pi)
    np.testing.assert_allclose(averaged, flags)
    sent = np.bincount(game.cells, weights=attack.plants, minlength=N * F)
    np.testing.assert_allclose(sent, np.minimum(np.diff(game.starts), 1))
