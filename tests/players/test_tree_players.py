"""Players of decision trees and of ANDs that read the model: what they charge, plant and refuse."""

from __future__ import annotations

import dataclasses
from fractions import Fraction

import numpy as np
import pytest

from backdoor_game import (
    Atoms,
    BackdoorGame,
    Conjunctions,
    DecisionTrees,
    DeepestLegal,
    GraftPath,
    HillClimbAttacker,
    InvalidArgument,
    LeafMass,
    MissingCapability,
    Parities,
    ProductBits,
    RareConjunction,
    Uniform,
    catalog,
    estimate,
)
from backdoor_game.functions.tree_players import listed_path_trees, path_trees
from backdoor_game.ground import spec
from backdoor_game.players.attackers.base import PLANT
from backdoor_game.players.views import DefenderBlock, Meter
from tests.functions.examples import fixed_keys
from tests.naive import decision_trees as naive
from tests.players.cases import Rounds, attacked, planted_by

TREES = DecisionTrees(6, 10)
SKEW = ProductBits((0.125, 0.5, 0.75, 0.25, 0.5, 0.375))
GAMES = [BackdoorGame(TREES, epsilon, law) for epsilon in ("1/16", 0.2) for law in (Uniform(), SKEW)]
games = pytest.mark.parametrize("game", GAMES, ids=str)


def fractions_of(game):
    return [Fraction(p) for p in game.distribution.bit_probabilities()]


@games
@pytest.mark.parametrize("delta", [0.1, 0.5, 1.0])
def test_a_leaf_is_flagged_iff_it_is_lighter_than_delta_over_s_for_one_evaluation(game, delta):
    defender, rounds = LeafMass(delta).prepare(game), Rounds(game, game.distribution)
    view = rounds.defending()
    flags = defender.suspicion_block(view)
    trees = [naive.parsed(code, 6) for code in view.codes.tolist()]
    masses = [naive.leaf_mass(tree, x, fractions_of(game)) for tree, x in zip(trees, view.X.tolist(), strict=True)]
    assert flags.tolist() == [float(mass < Fraction(delta) / 10) for mass in masses]
    assert view.meter.counts.tolist() == [[0] * len(view), [1] * len(view), [0] * len(view)]
    again = rounds.defending()
    np.testing.assert_array_equal(defender.suspicion_probability(again), flags)
    assert not again.meter.counts.any()


@pytest.mark.parametrize(
    ("delta", "tree"),
    [(0.5, (2, 0, 3, 1, 4, 0, 1)), (1.0, (2, 3, 0, 1, 4, 1, 0))],
    ids=["one path, down to 1/8", "balanced, 1/4 each"],
)
def test_a_leaf_of_mass_exactly_delta_over_s_is_not_light(delta, tree):
    game = BackdoorGame(DecisionTrees(3, 4), 1 / 8, Uniform())
    X = np.array(naive.points(3), dtype=np.uint8)
    keys = fixed_keys(len(X))
    view = DefenderBlock(game, game.distribution, np.tile(tree, (8, 1)), X, keys, keys.copy(), Meter(8))
    parsed = naive.parsed(tree, 3)
    assert min(naive.leaf_mass(parsed, x, [Fraction(1, 2)] * 3) for x in X.tolist()) == Fraction(delta) / 4
    assert LeafMass(delta).prepare(game).suspicion_block(view).tolist() == [0.0] * 8


def test_a_graft_reaches_a_distance_of_exactly_epsilon():
    """From the constant 0 the heaviest leaf within 1/8 has mass 1/8: three bits, four leaves."""
    game = BackdoorGame(DecisionTrees(4, 5), 1 / 8, Uniform())
    ready, rounds, codes = attacked(GraftPath(original=(0,)), game)
    planted, said = planted_by(ready, rounds, codes)
    assert (said == PLANT).all()
    for g in planted.tolist():
        assert naive.distance(0, naive.parsed(g, 4), [Fraction(1, 2)] * 4) == Fraction(1, 8)


def test_the_deepest_path_reads_the_least_likely_bits_that_spare_leaves_allow():
    """From the constant 0 with three leaves: the two bits whose values at x* are least likely, and no others."""
    game = BackdoorGame(DecisionTrees(6, 3), 1.0, SKEW)
    ready, rounds, codes = attacked(DeepestLegal(original=(0,)), game)
    planted, said = planted_by(ready, rounds, codes)
    assert (said == PLANT).all()
    p = fractions_of(game)
    for g, x in zip(planted.tolist(), rounds.X.tolist(), strict=True):
        least = sorted(q if bit else 1 - q for q, bit in zip(p, x, strict=True))
        assert naive.distance(0, naive.parsed(g, 6), p) == least[0] * least[1]


@pytest.mark.parametrize("attacker", [GraftPath(), DeepestLegal()], ids=str)
def test_attackers_own_up_to_the_walk_down_f(attacker):
    game = dataclasses.replace(GAMES[1], attacker_evaluations=1)
    found = estimate(game, attacker, LeafMass(), rounds=200, seed=0)
    assert found.attacker_evaluations_per_round == 1
    assert found.forfeits < 200
    assert (
        estimate(dataclasses.replace(game, attacker_evaluations=0), attacker, LeafMass(), rounds=200, seed=0).forfeits
        == 200
    )


def test_the_meters_of_a_run_show_no_example_and_one_evaluation():
    """Both branches together: the clean one is always shown, the other in rounds with a plant."""
    found = estimate(GAMES[0], GraftPath(), LeafMass(), rounds=400, seed=0)
    assert found.examples_per_round == found.queries_per_round == 0
    assert found.evaluations_per_round == 1 + (400 - found.forfeits) / 400


@pytest.mark.parametrize("epsilon", [0.0, 1 / 16, 1 / 8, 0.12, 1 / 4, 1.0])
def test_an_and_is_flagged_iff_it_holds_and_is_rare_for_one_evaluation(epsilon):
    game = BackdoorGame(Conjunctions(bits=4), epsilon, Uniform())
    view = Rounds(game, game.distribution).defending()
    flags = RareConjunction().prepare(game).suspicion_block(view)
    for code, x, flag in zip(view.codes.tolist(), view.X.tolist(), flags, strict=True):
        literals = [(i, bit) for i, bit in enumerate(code) if bit < 2]
        holds = 3 not in code and all(x[i] == bit for i, bit in literals)
        assert flag == float(holds and Fraction(1, 2 ** (len(literals) + 1)) <= Fraction(epsilon))
    assert view.meter.counts.tolist() == [[0] * len(view), [1] * len(view), [1] * len(view)]


@games
@pytest.mark.parametrize(
    "attacker", [GraftPath(), GraftPath(leaves=3), DeepestLegal(), DeepestLegal(leaves=4)], ids=str
)
def test_plants_are_legal_and_laid_wherever_a_path_is_short_enough(attacker, game):
    ready, rounds, codes = attacked(attacker, game)
    planted, said = planted_by(ready, rounds, codes)
    view, p = rounds.planting(codes), fractions_of(game)
    epsilon, most = Fraction(game.epsilon) + Fraction(1, 10**12), (ready.leaves or 0)
    for r, (f, g, x) in enumerate(zip(codes.tolist(), planted.tolist(), rounds.X.tolist(), strict=True)):
        f, g = naive.parsed(f, 6), naive.parsed(g, 6)
        assert naive.leaves(f) <= most == (attacker.leaves or 5)
        near = [t for _, t in naive.grafts(f, x, 6, 10) if naive.distance(f, t, p) <= epsilon]
        if isinstance(attacker, GraftPath):
            assert (said[r] == PLANT) == bool(near)
        if said[r] == PLANT:
            assert naive.distance(f, g, p) <= epsilon
            assert naive.label(f, x) != naive.label(g, x)
    assert (said == PLANT).any()
    np.testing.assert_array_equal(view.legal(planted), said == PLANT)


def test_a_path_tree_has_a_leaf_beside_every_node_and_all_of_them_are_listed():
    F = DecisionTrees(3, 6)
    for leaves in (1, 2, 3, 4, 6):
        nodes = min(leaves - 1, 3)
        listed = listed_path_trees(F, leaves)
        by_definition = {
            naive.written(t, F.code_length) for t in naive.all_trees(nodes + 1, frozenset(range(3))) if is_path(t)
        }
        assert set(map(tuple, listed.tolist())) == by_definition
        assert len(listed) == len(by_definition)
        drawn = path_trees(F, leaves, fixed_keys(60 * len(listed)))
        found, counts = np.unique(drawn, axis=0, return_counts=True)
        assert set(map(tuple, found.tolist())) <= by_definition
        assert ((counts - 60) ** 2 / 60).sum() < len(listed) + 5 * (2 * len(listed)) ** 0.5
    assert listed_path_trees(DecisionTrees(20, 16), 8) is None


def is_path(tree):
    if isinstance(tree, int):
        return True
    leaf = [side for side in tree[1:] if isinstance(side, int)]
    return bool(leaf) and all(is_path(side) for side in tree[1:])


def test_an_original_that_is_written_down_is_played_and_read_back_from_a_spec():
    game, code = GAMES[0], (2, 3, 0, 1, 0)
    for kind in (GraftPath, DeepestLegal):
        attacker = kind(original=np.array(code))
        assert spec.parse(spec.text(attacker), catalog.resolve) == attacker
        ready, rounds, codes = attacked(attacker, game)
        assert (codes == [*code, *[0] * 14]).all()
        law = ready.choose_law(game, game.distribution)
        np.testing.assert_array_equal(law[0], codes[:1])
        assert estimate(game, attacker, LeafMass(), rounds=200, seed=0).forfeits < 200


@pytest.mark.parametrize(("make", "said"), [
    (lambda: LeafMass(0.0), "LeafMass.delta must be above 0"),
    (lambda: LeafMass(1.5), r"LeafMass.delta must lie in \[0, 1\]"),
    (lambda: LeafMass().prepare(BackdoorGame(Parities(bits=3), 0.1, Uniform())), r"plays DecisionTrees\(...\), not"),
    (lambda: LeafMass().prepare(BackdoorGame(TREES, 0.1)), "fixed distribution of independent bits, .* got None"),
    (lambda: LeafMass().prepare(BackdoorGame(TREES, 0.1, Atoms(((0,) * 6, (1,) * 6)))), "independent bits.* got Atoms"),
    (lambda: RareConjunction().prepare(BackdoorGame(TREES, 0.1, Uniform())), r"reads Conjunctions\(...\), not Decis"),
    (lambda: RareConjunction().prepare(BackdoorGame(Conjunctions(bits=2), 0.1, ProductBits(0.4))), "uniform bits"),
    (lambda: RareConjunction().prepare(BackdoorGame(Conjunctions(bits=2), 0.1)), "uniform bits.* not None"),
    (lambda: GraftPath().prepare(BackdoorGame(TREES, 0.1)), "needs a fixed distribution"),
    (lambda: GraftPath(leaves=11).prepare(GAMES[0]), "GraftPath.leaves must be between 1 and 10, got 11"),
    (lambda: GraftPath(original=(2, 2, 0, 1, 0)).prepare(GAMES[0]), r"GraftPath.original must be the code of a tree"),
    (lambda: DeepestLegal(original=(0,) * 20).prepare(GAMES[0]), r"DeepestLegal.original must be the code of a tree"),
    (lambda: DeepestLegal().prepare(BackdoorGame(Parities(bits=3), 0.1, Uniform())), r"not Parities\(bits=3\)"),
])  # fmt: skip
def test_what_they_cannot_play_is_refused_in_one_sentence(make, said):
    with pytest.raises((MissingCapability, InvalidArgument), match=said) as caught:
        make()
    assert "\n" not in str(caught.value)


def test_a_reader_of_codes_is_refused_in_a_black_box():
    game = BackdoorGame(TREES, 0.1, Uniform(), black_box=True)
    with pytest.raises(MissingCapability, match=r"LeafMass\(\) reads the code"):
        estimate(game, GraftPath(), LeafMass(), rounds=10, seed=0)


def test_a_hill_climber_plays_against_leaf_mass_on_trees_too_many_to_list():
    game = BackdoorGame(DecisionTrees(8, 6), 1 / 16, Uniform())
    climber = HillClimbAttacker(LeafMass(0.5), budget=300, plants_budget=4)
    found = estimate(game, climber, LeafMass(0.5), rounds=200, seed=1)
    assert found.illegal == found.undecided == 0
