"""The value for a defender who sees less: known fractions, a second program, and what observations show of a view."""

from dataclasses import dataclass

import numpy as np
import pytest
from scipy.sparse import csr_array
from scipy.stats import chi2

from backdoor_game import (
    BackdoorGame,
    ContractError,
    DecisionTrees,
    Explicit,
    InvalidArgument,
    Thresholds,
    Uniform,
    Weighted,
    estimate,
    solve,
)
from backdoor_game.exact.finite import legal_game
from backdoor_game.exact.variants import optimal, querying, variant, variant_equilibrium
from backdoor_game.exact.variants.guarantees import branches
from backdoor_game.functions.tree_paths import active_paths
from backdoor_game.games.observations import (
    ActivePath,
    Blind,
    Examples,
    Feature,
    Label,
    LeafMassSeen,
    Queries,
    WhiteBox,
)
from backdoor_game.games.triggers import BeforeOriginal, Chosen, WorstOf
from backdoor_game.ground.errors import BackdoorGameError, BudgetExceeded, MissingCapability
from backdoor_game.ground.streams import role_keys
from backdoor_game.players.views import DefenderBlock, Meter
from tests.experiments.faults import mutated
from tests.naive import observations as naive

QUARTER = BackdoorGame(Thresholds(points=4), "1/4", Uniform())
TEN = BackdoorGame(Thresholds(points=10), 0.2, Uniform())
TREES = BackdoorGame(DecisionTrees(bits=3, leaves=3), "1/4", Uniform())
# THEORY, more shown and less shown: by two programs that share nothing.
KNOWN = [
    *((QUARTER, Examples(m, label=False), v) for m, v in enumerate((3 / 4, 37 / 48, 151 / 192, 613 / 768, 4 / 5))),
    *((QUARTER, Examples(m), v) for m, v in enumerate((19 / 24, 4 / 5, 4 / 5))),
    *((QUARTER, Queries(q), v) for q, v in enumerate((3 / 4, 19 / 24, 4 / 5))),
    (QUARTER, WhiteBox(), 4 / 5),
    *((TEN, Examples(m), v) for m, v in enumerate((0.825, 0.83, *[5 / 6] * 5))),
    *(
        (TEN, Examples(m, label=False), v)
        for m, v in enumerate((0.8, 0.8075, 0.81375, 0.818975, 0.823357, 0.827046, 0.829371))
    ),
    (TEN, WhiteBox(), 5 / 6),
]


def value(game, sees):
    found = variant_equilibrium(game, sees)
    assert 0 <= found.upper - found.lower + 1e-9 <= 1e-6 + 1e-9
    return found.lower


def random_game(seed, functions=4, points=4, **variant):
    """A small table under weights and an epsilon of which many pairs are legal."""
    rng = np.random.default_rng(seed)
    rows = rng.integers(2, size=(functions, rng.integers(2, points + 1)))
    weights = rng.integers(1, 6, size=rows.shape[1])
    table = Explicit(np.unique(rows, axis=0))
    law = Weighted(tuple(f"{w}/{weights.sum()}" for w in weights))
    return BackdoorGame(table, float(rng.choice([0.3, 0.5, 0.8])), law, **variant)


def as_table(game):
    legal = legal_game(game.functions, game.distribution, game.epsilon)
    return [tuple(map(int, row)) for row in legal.labels], legal.weights.tolist(), game.epsilon + 1e-12


@pytest.mark.parametrize(("game", "sees", "known"), KNOWN, ids=lambda one: str(one)[:40])
def test_values_are_those_that_theory_gives(game, sees, known):
    assert value(game, sees) == pytest.approx(known, abs=1e-6)


def test_a_program_over_pure_attackers_and_ordered_samples_agrees_on_50_random_games():
    for seed in range(50):
        game = random_game(seed)
        table = as_table(game)
        m, label = seed % 3, seed % 2 == 0
        plain = naive.value(*table, naive.example_symbols(*table[:2], m, label))
        assert value(game, Examples(m, label=label)) == pytest.approx(plain, abs=1e-6), (seed, m, label)
        q = seed % 3
        assert value(game, Queries(q)) == pytest.approx(naive.value_of_queries(*table, q), abs=1e-6), (seed, q)


@pytest.mark.parametrize("law", [None, BeforeOriginal(), Chosen(), WorstOf(draws=2)])
@pytest.mark.parametrize("paired", ["fresh", "trigger"])
def test_who_sees_no_more_wins_no_more_and_who_picks_its_points_no_less(law, paired):
    for seed in range(5):
        game = random_game(seed, functions=6, clean_input=paired, **({} if law is None else {"trigger": law}))
        least = value(game, Blind()), value(game, Label()), value(game, Label(input=True))
        with_label = [value(game, Examples(m)) for m in range(3)]
        without = [value(game, Examples(m, label=False)) for m in range(3)]
        asked = [value(game, Queries(q)) for q in range(4)]
        assert least[2] == pytest.approx(with_label[0], abs=2e-6)
        assert asked[0] == pytest.approx(without[0], abs=2e-6)
        chains = [
            [*least, *with_label, value(game, WhiteBox())],
            [least[0], *without, with_label[2]],
            [*asked, value(game, WhiteBox())],
            *([without[m], asked[m]] for m in range(3)),
            *([with_label[m], asked[m + 1]] for m in range(3)),
        ]
        assert all(np.diff(chain).min() >= -2e-6 for chain in chains), seed
        assert value(game, WhiteBox()) == pytest.approx(variant_equilibrium(game).lower, abs=2e-6)


@dataclass(frozen=True, repr=False)
class Untied(Examples):
    """Examples whose symbols tell functions apart that no label tells apart."""

    def kernel(self, functions, codes, points, weights):
        tied = super().kernel(functions, codes, points, weights).tocoo()
        apart = tied.col * len(codes) + tied.row % len(codes)
        return csr_array((tied.data, (tied.row, apart)), shape=(tied.shape[0], tied.shape[1] * len(codes)))


def test_symbols_that_are_not_tied_are_worth_more_than_they_may_be():
    assert value(TEN, Examples(0)) == pytest.approx(0.825, abs=1e-6)
    assert value(TEN, Untied(0)) == pytest.approx(5 / 6, abs=1e-6)


FAULTS = [
    (querying.solve_queries, "[-P1, z, None]", "[-P0, z, None]"),  # the planted branch is forgotten
    (querying.solve_queries, "limits.append([None, None, ask])", "limits.append([None, None, ask[:0]])"),  # no question
    (querying._steps, "np.concatenate([ones, -ones, -ones])", "np.concatenate([ones, -ones, -0 * ones])"),
    (querying._plan, "flagged, left, out", "passed, left, out"),
    (querying._leaves, "made.chance[entry]", "made.chance[entry] * (space % 2)"),
]


@pytest.mark.parametrize(("function", "old", "new"), FAULTS, ids=[old for _, old, _ in FAULTS])
def test_a_fault_in_the_program_of_queries_is_no_value(monkeypatch, function, old, new):
    made = variant(TEN, Queries(2))
    known = querying.asked_in(made, Queries(2))
    assert optimal.solved_queries(made, known).lower == pytest.approx(5 / 6, abs=1e-6)
    faulty = mutated(function, old, new)
    monkeypatch.setattr(querying, function.__name__, faulty)
    monkeypatch.setattr(optimal, "solve_queries", querying.solve_queries)
    with pytest.raises(BackdoorGameError, match="was not solved"):
        optimal.solved_queries(made, known)


def test_a_defender_that_may_ask_is_held_to_its_number_of_questions():
    """The attacker's guarantee is over query trees of two questions: with three, less is left of the same attacker."""
    made = variant(TEN, Queries(1))
    plan, _ = querying.solve_queries(made, querying.asked_in(made, Queries(1)))
    masses = branches(made, plan.joint(made))
    left = [querying.asked_in(made, Queries(q)).least(*masses).sum() for q in (1, 2, 3)]
    assert 1 - left[0] / 2 == pytest.approx(0.825, abs=1e-6)
    assert left[0] - 1e-3 > left[1] >= left[2]


SHOWN = [
    *((TEN, sees) for sees in (Blind(), Label(), Label(input=True), Examples(2), Examples(3, label=False), WhiteBox())),
    (TEN, Queries(1)),
    *((TREES, sees) for sees in (ActivePath(), LeafMassSeen(), Examples(1))),
]


def views_of(game, legal, cell, rounds, **budget):
    """The function and point of one row of the kernel, shown in so many rounds."""
    x, f = divmod(cell, len(legal.codes))
    keys, oracle = (role_keys(cell, "observed", role, 0, rounds) for role in ("defender/0", "oracle/0"))
    shown = np.repeat(legal.codes[f][None], rounds, axis=0), np.repeat(legal.points[x][None], rounds, axis=0)
    return DefenderBlock(game, game.distribution, *shown, keys, oracle, Meter(rounds, **budget), black_box=False)


def apart(game, sees, said=None, rounds=3000, cells=12, seed=3):
    """The least chance, over some rows, of counts as far from those of the kernel as what is observed."""
    legal = legal_game(game.functions, game.distribution, game.epsilon, merged=not sees.tells_codes)
    listed = legal.codes, legal.points, legal.weights
    kernel = (said or sees).kernel(game.functions, *listed).toarray()
    least = 1.0
    for cell in np.random.default_rng(seed).choice(len(kernel), cells, replace=False):
        seen = sees.observe(views_of(game, legal, cell, rounds), *listed)
        if seen.max() >= kernel.shape[1]:
            return 0.0
        counts = np.bincount(seen, minlength=kernel.shape[1])
        some = kernel[cell] > 0
        if counts[~some].any():
            return 0.0
        expected = rounds * kernel[cell][some]
        far = ((counts[some] - expected) ** 2 / expected).sum()
        least = min(least, chi2.sf(far, some.sum() - 1) if some.sum() > 1 else 1.0)
    return least


@pytest.mark.parametrize(("game", "sees"), SHOWN, ids=lambda one: str(one)[:40])
def test_a_kernel_is_a_law_and_what_is_observed_is_drawn_from_it(game, sees):
    legal = legal_game(game.functions, game.distribution, game.epsilon, merged=not sees.tells_codes)
    kernel = sees.kernel(game.functions, legal.codes, legal.points, legal.weights)
    assert kernel.shape[0] == len(legal.points) * len(legal.codes)
    assert kernel.data.min() >= 0
    assert kernel.sum(axis=1) == pytest.approx(1, abs=1e-12)
    assert apart(game, sees) > 1e-3 / 12  # of all 12 rows together one seed in a thousand fails


def test_the_kernel_of_examples_is_that_of_all_samples():
    """Also of more examples than there are points."""
    legal = legal_game(QUARTER.functions, QUARTER.distribution, QUARTER.epsilon)
    rows = [tuple(map(int, row)) for row in legal.labels]
    for m, label in ((1, False), (2, True), (5, False)):
        seen = naive.example_symbols(rows, legal.weights.tolist(), m, label)
        kernel = Examples(m, label=label).kernel(QUARTER.functions, legal.codes, legal.points, legal.weights)
        for x in range(4):
            known = {}
            for f in range(len(rows)):
                for (_, answers, own), p in seen[f, x].items():
                    agree = tuple(
                        g
                        for g, other in enumerate(rows)
                        if all(other[z] == y for z, y in answers) and own in (None, other[x])
                    )
                    known.setdefault(agree, {}).setdefault(f, 0.0)
                    known[agree][f] += p
            columns = kernel[[x * len(rows) + f for f in range(len(rows))]].toarray().T
            ours = sorted(tuple(np.round(column, 12)) for column in columns if column.any())
            spelled = [[known[agree].get(f, 0.0) for f in range(len(rows))] for agree in known]
            assert ours == sorted(tuple(np.round(column, 12)) for column in spelled)


def test_an_observation_that_sees_more_than_it_says_is_seen():
    assert apart(TEN, Examples(2), said=Examples(2, label=False)) < 1e-9
    assert apart(TEN, Examples(3), said=Examples(2)) < 1e-9
    assert apart(TEN, WhiteBox(), said=Label(input=True)) < 1e-9


@pytest.mark.parametrize(
    ("sees", "examples", "evaluations", "queries"),
    [
        (Blind(), 0, 0, 0),
        (Label(), 0, 1, 1),
        (Examples(3), 3, 1, 1),
        (Examples(3, label=False), 3, 0, 0),
        (Queries(2), 0, 0, 0),  # its plan asks
        (WhiteBox(), 0, 0, 0),
    ],
    ids=str,
)
def test_what_is_looked_at_is_charged(sees, examples, evaluations, queries):
    legal = legal_game(TEN.functions, TEN.distribution, TEN.epsilon)
    view = views_of(TEN, legal, 17, 5)
    sees.observe(view, legal.codes, legal.points, legal.weights)
    used = view.meter
    assert (used.examples.tolist(), used.evaluations.tolist(), used.queries.tolist()) == (
        [examples] * 5,
        [evaluations] * 5,
        [queries] * 5,
    )


def test_examples_over_a_budget_are_refused_to_who_observes_them():
    legal = legal_game(TEN.functions, TEN.distribution, TEN.epsilon)
    with pytest.raises(BudgetExceeded):
        Examples(3).observe(views_of(TEN, legal, 17, 5, examples=2), legal.codes, legal.points, legal.weights)


def walked(code, x):
    """The tests and the label of a tree in prefix order, by recursion."""

    def end(i):
        return i + 1 if code[i] < 2 else end(end(i + 1))

    i, tests = 0, []
    while code[i] >= 2:
        bit = code[i] - 2
        tests.append((bit, int(x[bit])))
        i = end(i + 1) if x[bit] else i + 1
    return tests, code[i]


def test_an_active_path_is_what_a_walk_down_the_tree_meets_and_its_leaf_weighs_what_reaches_it():
    legal = legal_game(TREES.functions, TREES.distribution, TREES.epsilon, merged=False)
    F, N = len(legal.codes), len(legal.points)
    codes, X = np.tile(legal.codes, (N, 1)), np.repeat(legal.points, F, axis=0)
    tests, labels = active_paths(codes, X)
    masses = LeafMassSeen().features(TREES.functions, codes, X, legal.points, legal.weights)[:, 0]
    for row, (code, x) in enumerate(zip(codes, X, strict=True)):
        path, label = walked(code, x)
        assert [((t - 1) // 2, (t - 1) % 2) for t in tests[row] if t] == path
        assert labels[row] == label
        assert masses[row] == 2.0 ** -len(path)


def test_a_path_shows_more_than_the_mass_of_its_leaf_and_than_its_label():
    game = BackdoorGame(DecisionTrees(bits=3, leaves=4), "1/8", Uniform())
    mass, path = value(game, LeafMassSeen()), value(game, ActivePath())
    assert value(game, Blind()) - 1e-6 <= mass <= path + 1e-6 <= value(game, WhiteBox()) + 2e-6
    assert value(game, Label()) <= path + 1e-6
    assert mass == pytest.approx(0.6, abs=1e-6)


@dataclass(frozen=True, repr=False)
class Weight(Feature):
    """How many points f' labels 1: an outsider's, written in one method."""

    def features(self, functions, codes, X, points, weights):
        return functions.evaluate(codes, np.broadcast_to(points, (len(codes), *points.shape))).sum(axis=1)[:, None]


def test_a_feature_is_one_method():
    """It is neither x' nor a label, and yet tells thresholds apart."""
    assert value(TEN, Blind()) - 1e-6 <= value(TEN, Weight()) <= 5 / 6 + 1e-6
    assert apart(TEN, Weight()) > 1e-3 / 12


@pytest.mark.parametrize(
    ("game", "sees", "error", "said"),
    [
        (TEN, ActivePath(), MissingCapability, r"ActivePath\(\) plays DecisionTrees"),
        (TEN, LeafMassSeen(), MissingCapability, r"LeafMassSeen\(\) plays DecisionTrees"),
        (BackdoorGame(DecisionTrees(bits=4, leaves=4), "1/8", Uniform()), Examples(8), InvalidArgument, "at most"),
        (BackdoorGame(Thresholds(points=300), "1/100", Uniform()), Examples(300), InvalidArgument, "at most"),
        (BackdoorGame(Thresholds(points=60), "1/60", Uniform()), Queries(12), InvalidArgument, "at most"),
    ],
    ids=str,
)
def test_what_is_too_large_or_makes_no_sense_is_refused_in_a_sentence(game, sees, error, said):
    with pytest.raises(error, match=said) as refused:
        variant_equilibrium(game, sees)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(("wrong", "said"), [((-1,), "m must be"), ((5000,), "m must be"), (("2",), "m must be")])
def test_numbers_of_examples_are_checked(wrong, said):
    with pytest.raises(InvalidArgument, match=said):
        Examples(*wrong)
    with pytest.raises(InvalidArgument, match="q must be"):
        Queries(*wrong)


class Wrong(Feature):
    """Features whose kernel or symbols are none."""

    def features(self, functions, codes, X, points, weights):
        return np.zeros((len(codes), 1))


@dataclass(frozen=True, repr=False)
class HalfALaw(Wrong):
    def kernel(self, *listed):
        return super().kernel(*listed) * 0.5


@dataclass(frozen=True, repr=False)
class Signed(Wrong):
    def kernel(self, functions, codes, points, weights):
        rows = len(codes) * len(points)
        return csr_array(np.tile([[2.0, -1.0]], (rows, 1)))


@dataclass(frozen=True, repr=False)
class Dense(Wrong):
    def kernel(self, *listed):
        return super().kernel(*listed).toarray()


@dataclass(frozen=True, repr=False)
class Beyond(Wrong):
    def observe(self, view, codes, points, weights):
        return np.full(len(view), 7)


@dataclass(frozen=True, repr=False)
class Fractional(Wrong):
    def observe(self, view, codes, points, weights):
        return np.zeros(len(view))


@pytest.mark.parametrize(
    ("sees", "said"), [(HalfALaw(), "must sum to 1"), (Signed(), "hold chances"), (Dense(), "sparse array of 110 rows")]
)
def test_a_kernel_that_is_no_law_is_refused(sees, said):
    with pytest.raises(ContractError, match=said):
        variant_equilibrium(TEN, sees)


@pytest.mark.parametrize(("sees", "said"), [(Beyond(), "columns of its kernel"), (Fractional(), "whole numbers")])
def test_symbols_that_are_no_columns_are_a_fault_of_the_observation(sees, said):
    found = solve(TEN, sees=sees)
    with pytest.raises(ContractError, match=said):
        estimate(TEN, found.attacker, found.defender, rounds=10, seed=1, scale=False)
