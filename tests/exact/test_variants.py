"""Exact values of the game's variants: against a second program, against theory, and with faults planted in them."""

import dataclasses
import functools
import hashlib

import numpy as np
import pytest
from scipy.sparse import csr_array

from backdoor_game import (
    AllFunctions,
    BackdoorGame,
    BackdoorGameError,
    Explicit,
    Intervals,
    InvalidArgument,
    MissingCapability,
    Singletons,
    Thresholds,
    Uniform,
    Weighted,
    solve,
)
from backdoor_game.exact.variants import building, guarantees, optimal, program, variant, variant_equilibrium
from backdoor_game.exact.variants.optimal import solved
from backdoor_game.games.predicates import OneOf
from backdoor_game.games.reveals import AttackerTranscript, Coins, Original, Reveal
from backdoor_game.games.triggers import AfterOriginal, BeforeOriginal, Chosen, Satisfying, WorstOf
from tests.naive import variants as naive

AFTER, BEFORE, CHOSEN = AfterOriginal(), BeforeOriginal(), Chosen()
LAWS = {"after": AFTER, "before": BEFORE, "chosen": CHOSEN, 2: WorstOf(2), 3: WorstOf(3)}
TABLES = 200
# [THEORY] 10, the table of nine games and the laws; None where it leaves a figure out.
COLUMNS = [(AFTER, "fresh"), (WorstOf(2), "fresh"), (WorstOf(3), "fresh"), (BEFORE, "fresh"), (CHOSEN, "fresh")]
COLUMNS += [(AFTER, "trigger"), (BEFORE, "trigger"), (CHOSEN, "trigger")]
NINE = [
    (Thresholds(10), 0.2, Uniform(), [5 / 6, 0.816465, 0.810321, 0.801383, 0.801383, 5 / 6, 0.5, 0.5]),
    (Thresholds(10), 0.1, Uniform(), [10 / 11, 0.901289, 0.900317, 0.900001, 0.900001, 10 / 11, 0.5, 0.5]),
    (Thresholds(6), "1/3", Uniform(), [0.75, 0.728614, 0.718208, 0.695609, 0.695609, 0.75, 0.5, 0.5]),
    (Singletons(8), "1/8", Uniform(), [8 / 9, 0.854430, 0.828928, 0.718750, 0.718750, 8 / 9, 0.5, 0.5]),
    (Singletons(8), "2/8", Uniform(), [7 / 8, 0.8203125, 0.772461, 0.5, 0.5, 7 / 8, 0.5, 0.5]),
    (Intervals(8), "1/8", Uniform(), [0.783784, 0.765054, None, 0.682099, 0.682099, 0.783784, 0.5, 0.5]),
    (Intervals(8), "2/8", Uniform(), [0.636364, 0.611044, None, 0.5, 0.5, 0.636364, 0.5, 0.5]),
    (AllFunctions(4), "1/4", Uniform(), [0.5] * 8),
    (AllFunctions(3), 0.2, Weighted([0.2, 0.2, 0.6]), [0.8] * 7 + [0.5]),
]


def value(game):
    found = solve(game)
    assert found.gap <= 1e-7
    assert found.status == "enumerated"
    return found.value


@functools.cache
def table(seed):
    """A few different rows of 0/1 on a few points, with weights and a budget that some pairs keep."""
    rng = np.random.default_rng([14, seed])
    F, N = rng.integers(3, 7), rng.integers(2, 5)
    rows = np.unique(rng.integers(2, size=(F, N)), axis=0)
    weights = np.round(rng.dirichlet(np.ones(N)) * 100 + 1) if seed % 2 else np.ones(N)
    return rows.tolist(), (weights / weights.sum()).tolist(), round(float(rng.uniform(0.2, 0.8)), 2)


def game_of(seed, law, clean_input="fresh", reveal=None):
    rows, weights, epsilon = table(seed)
    return BackdoorGame(Explicit(rows), epsilon, Weighted(weights), trigger=law, clean_input=clean_input, reveal=reveal)


@pytest.fixture(scope="module")
def by_law():
    """The values of 200 random tables under each law, with a fresh clean input."""
    return {name: np.array([value(game_of(seed, law)) for seed in range(TABLES)]) for name, law in LAWS.items()}


@pytest.mark.parametrize("law", LAWS)
def test_200_random_tables_have_the_values_of_the_defender_s_own_program(law, by_law):
    expected = naive.values([naive.Game(*table(seed), law=law) for seed in range(TABLES)])
    np.testing.assert_allclose(by_law[law], expected, atol=1e-7)
    assert len(set(np.round(expected, 6))) > 40  # they are not all 1/2 or 1


def test_values_fall_from_law_to_law(by_law):
    """[THEORY] 10: the attacker on the left can play what the one on the right plays; with a fresh clean input and a
    defender who sees x', choosing the trigger is worth what seeing it first is."""
    least = by_law["chosen"]
    for left, right in (("chosen", "before"), ("before", "after"), ("chosen", 3), (3, 2), (2, "after")):
        assert (by_law[left] <= by_law[right] + 1e-9).all(), (left, right)
    np.testing.assert_allclose(least, by_law["before"], atol=1e-9)
    assert all((least < by_law[name] - 1e-3).sum() > 20 for name in ("after", 2, 3))


def mixed(seed):
    """A variant with a paired clean input, a predicate, revealed bits and a kernel, or some of them, and its twin."""
    rng = np.random.default_rng([15, seed])
    rows, weights, epsilon = table(seed)
    name = [*LAWS, "satisfying"][seed % 6]
    allowed = sorted(rng.permutation(len(weights))[: rng.integers(1, len(weights) + 1)].tolist())
    law = Satisfying(OneOf(allowed)) if name == "satisfying" else LAWS[name]
    paired, bits = bool(rng.integers(4)), int(rng.integers(3))
    game = game_of(seed, law, "trigger" if paired else "fresh", Original(bits=bits))
    made = variant(game)
    twin = naive.Game(
        made.legal.labels.tolist(),
        made.legal.weights.tolist(),
        epsilon,
        law="chosen" if name == "satisfying" else name,
        paired=paired,
        allowed=allowed if name == "satisfying" else None,
        traces=[revealed(row, bits) for row in made.legal.labels],
    )
    if seed % 3 == 0:
        chances = rng.dirichlet(np.ones(4), size=made.legal.shape) * (rng.random((*made.legal.shape, 4)) < 0.6)
        chances[..., 0] += 1 - chances.sum(axis=-1)
        made = dataclasses.replace(made, kernel=csr_array(chances.reshape(-1, 4)))
        twin = dataclasses.replace(twin, kernel=[[dict(enumerate(law)) for law in row] for row in chances.tolist()])
    return made, twin


def revealed(labels, bits):
    """The first bits of SHA-256 of a label table, as text."""
    digest = hashlib.sha256(np.packbits(labels).tobytes()).digest()
    return f"{int.from_bytes(digest, 'big'):0256b}"[:bits]


def test_200_tables_with_other_fields_at_once_have_the_values_of_the_defender_s_own_program():
    made, twins = zip(*(mixed(seed) for seed in range(TABLES)), strict=True)
    found = [solved(one) for one in made]
    np.testing.assert_allclose([one.lower for one in found], naive.values(twins), atol=1e-7)
    np.testing.assert_allclose([one.upper for one in found], [one.lower for one in found], atol=1e-7)


def test_the_second_program_is_the_matrix_game_of_pure_attackers():
    twins = [
        naive.Game(*table(seed), law=law, paired=paired) for seed in range(40) for law in LAWS for paired in (0, 1)
    ]
    small = [twin for twin in twins if twin.F <= 4 and twin.N <= 2]
    assert len(small) > 40
    np.testing.assert_allclose(naive.values(small), [naive.pure_value(twin) for twin in small], atol=1e-9)


@pytest.mark.parametrize(("functions", "epsilon", "law", "expected"), NINE, ids=lambda case: str(case)[:24])
def test_nine_games_have_the_values_of_theory_under_seven_laws(functions, epsilon, law, expected):
    for (trigger, clean_input), number in zip(COLUMNS, expected, strict=True):
        if number is not None:
            game = BackdoorGame(functions, epsilon, law, trigger=trigger, clean_input=clean_input)
            assert value(game) == pytest.approx(number, abs=1e-6), (trigger, clean_input)


@dataclasses.dataclass(frozen=True, repr=False)
class Parity(Reveal):
    """f's number modulo 2: thresholds by t, singletons with the empty one first."""

    first: int = 0

    def trace_block(self, run):
        return self.symbols(run.functions, run.codes)

    def contradicts(self, view, attacker):
        return self.symbols(view.game.functions, view.codes) != view.trace

    def symbols(self, functions, codes):
        return (codes[:, 0].astype(np.int64) - self.first) % functions.count() % 2


@pytest.mark.parametrize(
    ("functions", "epsilon", "expected"),
    [
        (Thresholds(10), 0.2, 5 / 6),
        (Thresholds(10), 0.1, 1.0),
        (Thresholds(6), "1/3", 0.75),
        (Singletons(8), "1/8", 0.9),
        (Singletons(8), "2/8", 0.875),
    ],
)
def test_the_parity_of_f_s_number_is_worth_what_theory_says(functions, epsilon, expected):
    first = 8 if isinstance(functions, Singletons) else 0
    found = solve(BackdoorGame(functions, epsilon, Uniform(), reveal=Parity(first)))
    assert found.value == pytest.approx(expected, abs=1e-9)
    assert found.gap < 1e-9


@pytest.mark.parametrize("law", [*LAWS.values()], ids=str)
@pytest.mark.parametrize("clean_input", ["fresh", "trigger"])
def test_more_revealed_bits_never_lower_the_value_and_all_of_f_gives_one(law, clean_input):
    def revealing(reveal):
        return value(BackdoorGame(Thresholds(6), "1/3", Uniform(), trigger=law, clean_input=clean_input, reveal=reveal))

    values = [revealing(Original(bits=bits)) for bits in range(4)]
    assert (np.diff(values) >= -1e-9).all(), values
    assert values[-1] > values[0] + 0.01 or (law, clean_input) == (CHOSEN, "trigger")
    assert revealing(Original(bits=256)) == revealing(AttackerTranscript()) == 1.0


@pytest.mark.parametrize("law", [BEFORE, CHOSEN, Satisfying(OneOf([2, 5]))], ids=str)
def test_where_both_branches_show_the_trigger_and_the_attacker_knew_it_nobody_beats_one_half(law):
    """[THEORY] 10: an unordered legal pair in a fair order."""
    for functions, epsilon in ((Thresholds(8), "1/4"), (Intervals(6), "1/3")):
        found = solve(BackdoorGame(functions, epsilon, Uniform(), trigger=law, clean_input="trigger"))
        assert (found.lower, found.upper) == pytest.approx((0.5, 0.5), abs=1e-12)


def test_members_that_labels_do_not_tell_apart_are_two_where_a_trace_does():
    """Two names of one function, one of them with the name of its neighbour's parity: the attacker has to use it."""
    rows = Explicit(["000", "011", "011", "001"])
    game = BackdoorGame(rows, 1.0, Weighted([0.0, 0.5, 0.5]), reveal=Parity())
    assert variant(game).legal.shape == (2, 4)
    assert variant(dataclasses.replace(game, reveal=None)).legal.shape == (2, 3)
    twin = naive.Game(["00", "11", "11", "01"], [0.5, 0.5], 1.0, traces=[0, 1, 0, 1])
    assert value(game) == pytest.approx(naive.values([twin])[0], abs=1e-9)
    apart = naive.Game(["00", "11", "01"], [0.5, 0.5], 1.0, traces=[0, 1, 1])
    assert naive.values([apart])[0] > naive.values([twin])[0] + 0.01


# A fault in each part: 60 tables are solved with it, and some must be refused or come out off the second program.


def without_spent(made, columns):
    """A plan that may plant more than gets there."""
    return program._sparse(np.zeros(0), np.zeros(0), 1.0, (0, columns.count))


def without_shares(made, columns):
    """A plan in which each trigger of a set may be picked with all of f."""
    fixed, totals = TREE(made, columns)
    return (fixed, totals) if made.before else (fixed[:1], totals[:1])


def forfeits_show_nothing(made, columns):
    """A paired game whose clean branch leaves out the rounds without a plant, whatever trigger they name."""
    clean, planted = BRANCHES(made, columns)
    if not made.paired or made.kernel is not None:
        return clean, planted
    entries, triples = (array[columns.moves] for array in made.moves)
    chances = made.chances[made.entries[0][entries]]
    here = made.seen.clean.ravel()[made.legal.cells[triples]]
    return program._sparse(here, columns.plants, chances, clean.shape), planted


def forfeits_name_another_trigger(made, joint):
    """A guarantee for which the trigger of a forfeit is the first point."""
    planted = np.bincount(made.legal.cells, joint.planted, minlength=joint.picked.size).reshape(joint.picked.shape)
    moved = planted.astype(np.float64)
    moved[0] += joint.picked.sum(axis=0) - planted.sum(axis=0)
    return MASSES(made, dataclasses.replace(joint, picked=moved if made.paired else joint.picked))


def no_false_alarms(made, flags):
    """A reply that does not count what the defender flags in the clean branch."""
    return REPLY(made, np.where(np.isin(np.arange(len(flags)), made.seen.planted), flags, 0.0)).loss


def any_trigger(made, flags):
    """A reply that picks its trigger although nature has drawn it."""
    return REPLY(dataclasses.replace(made, offered=np.ones_like(made.offered)), flags).loss


TREE, BRANCHES, MASSES, REPLY = program.tree_of, program.masses_of, guarantees.branches, guarantees.best_reply
FAULTS = {
    "spent": (program, "spent_of", without_spent),
    "shares": (program, "tree_of", without_shares),
    "forfeits show nothing": (program, "masses_of", forfeits_show_nothing),
    "forfeits name another trigger": (guarantees, "branches", forfeits_name_another_trigger),
    "no false alarms": (optimal, "defender_guarantee", lambda made, flags: 1 - no_false_alarms(made, flags)),
    "any trigger": (optimal, "defender_guarantee", lambda made, flags: 1 - any_trigger(made, flags)),
    "half of what is common": (optimal, "attacker_guarantee", lambda made, joint: 0.5 + UPPER(made, joint) / 2),
}
UPPER = guarantees.attacker_guarantee


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_in_the_plan_or_in_a_guarantee_is_found(fault, monkeypatch):
    place, name, planted = FAULTS[fault]
    monkeypatch.setattr(place, name, planted)
    found = 0
    for seed in range(60):
        made, twin = mixed(seed)
        try:
            found += abs(solved(made).lower - naive.values([twin])[0]) > 1e-6
        except BackdoorGameError:
            found += 1
    assert found >= 3


# What is refused, before any work.


def test_what_is_not_finite_is_refused_in_one_sentence():
    for refused in (Coins(),):
        with pytest.raises(MissingCapability, match=r"reveal=Coins\(\) shows more than f decides.*Original\(bits=4\)"):
            solve(BackdoorGame(Thresholds(6), "1/3", Uniform(), reveal=refused))
    with pytest.raises(InvalidArgument, match=r"WorstOf\(draws=9\) offers [\d,]+ sets of the 64 points.*at most 20000"):
        solve(BackdoorGame(Thresholds(64), "1/8", Uniform(), trigger=WorstOf(9)))
    with pytest.raises(MissingCapability, match="fractions"):
        solve(BackdoorGame(Thresholds(6), "1/3", Uniform(), trigger=CHOSEN), exact=True)


@pytest.mark.parametrize(("limit", "what"), [("MOVES", "moves"), ("PICKS", "ways to pick")])
def test_a_variant_that_is_too_large_is_refused_with_its_size_and_the_limit(limit, what, monkeypatch):
    monkeypatch.setattr(building, limit, 30)
    with pytest.raises(InvalidArgument, match=rf"too large to solve: [\d,]+ {what}.* at most 30 fit"):
        variant_equilibrium(BackdoorGame(Thresholds(7), "2/7", Uniform(), trigger=CHOSEN))


def test_where_d_is_left_open_a_search_looks_for_the_one_that_the_law_is_worst_under():
    game = BackdoorGame(Thresholds(4), 0.25, trigger=CHOSEN)
    found = solve(game)
    assert found.at_most
    assert found.upper <= value(dataclasses.replace(game, distribution=Uniform())) + 1e-9
    assert found.upper == pytest.approx(value(dataclasses.replace(game, distribution=found.distribution)), abs=1e-6)
