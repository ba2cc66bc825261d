"""Every strategy that is shipped passes its battery, and what is skipped is what it does not offer."""

from __future__ import annotations

import pytest

from backdoor_game import (
    AfterOriginal,
    AllFunctions,
    Atoms,
    Attacker,
    AttackerTranscript,
    BeforeOriginal,
    BoltzmannResampling,
    Boxes,
    Checksummed,
    Chosen,
    Circuits,
    Coins,
    Conjunctions,
    DecisionTrees,
    Defender,
    DirectSum,
    Explicit,
    GateNetworks,
    Halfspaces,
    HashPrefix,
    HillClimbAttacker,
    Intervals,
    IntervalUnions,
    LikelihoodRatio,
    MacChecked,
    Mixture,
    NearestLegal,
    OneOf,
    Original,
    Parities,
    ProductBits,
    RandomFourierFeatures,
    RandomOracle,
    RandomReLU,
    Satisfying,
    SigmoidNetworks,
    SignatureChecked,
    Singletons,
    StandardNormal,
    Thresholds,
    Uniform,
    UnitCube,
    Weighted,
    WorstAttack,
    WorstOf,
    catalog,
)
from backdoor_game.testing import check_names
from backdoor_game.testing.batteries import check

NO_SYMMETRY = {"declared_symmetries_hold"}
SYMMETRIC = {"AlwaysClean", "AlwaysFlag", "BoltzmannResampling", "CoinFlip", "NoAttack", "RandomLegal"}
SYMMETRIC |= {"ExchangeablePair"}
# One plays no game whose trigger is drawn after f, the other no other.
OF_VARIANTS = {
    "ExchangeablePair": {"declared_symmetries_hold", "plants_no_more_than_the_trigger_allows"},
    "HillClimbAttacker": {"picks_are_admitted", "a_pick_depends_on_its_own_round"},
}
# They play classes that name no shattered set, or one under a fixed D alone.
OF_ONE_KIND = {"LeafMass", "RareConjunction", "StructuralDefender", "PredicateCheck", "TraceReader"}
REPLIES = [
    LikelihoodRatio(NearestLegal()),
    WorstAttack(BoltzmannResampling()),
    HillClimbAttacker(BoltzmannResampling(), budget=300),
]
ATTACKERS = [cls() for cls in catalog.shipped("attackers").values()] + REPLIES[1:]
DEFENDERS = [cls() for cls in catalog.shipped("defenders").values()] + REPLIES[:1]
LEARNERS = {
    "Closure": set(),
    "ConsistentERM": {"expected_error_is_not_exceeded"},
    "LinearSeparator": {
        "expected_error_is_not_exceeded",
        "same_examples_same_prediction",
        "error_probability_is_right",
    },
    "Memorizer": {"expected_error_is_not_exceeded", "hypotheses_are_members"},
    "OneInclusion": {"hypotheses_are_members"},
    "RandomSearch": {
        "expected_error_is_not_exceeded",
        "same_examples_same_prediction",
        "error_probability_is_right",
    },
    "TreeLearner": {
        "expected_error_is_not_exceeded",
        "same_examples_same_prediction",
        "error_probability_is_right",
        "guesses_at_unseen_points",
    },
}
NO_CLOSED_FORM = {"distance_is_a_pseudometric", "distance_is_the_mass_of_difference", "nearest_is_nearest"}
NO_PROPOSALS = {"proposals_are_undone_as_they_say"}
NOT_CLOSED = {"intersections_are_members"}
ENDLESS = {
    "every_member_is_listed_once",
    "samples_are_uniform",
    "vc_dimension_is_right",
    "intersections_are_members",
    "labelings_are_restrictions",
    "value_is_the_same_after_renaming",
}
# Codes that name a function more than once: no theorem, no closed form of the nearest, too many codes to solve.
UNKNOWN_DIMENSION = {
    "nearest_is_nearest",
    "vc_dimension_is_right",
    "shattered_set_is_shattered",
    "consistent_fits",
    "intersections_are_members",
    "value_is_the_same_after_renaming",
}
UNLISTED = {"every_member_is_listed_once", "samples_are_uniform", "labelings_are_restrictions"}
ORACLE = {"vc_dimension_is_right", "shattered_set_is_shattered", "intersections_are_members"}
TRAINED = {*UNKNOWN_DIMENSION, *ENDLESS, *NO_CLOSED_FORM, *NO_PROPOSALS}
CLASSES = {
    AllFunctions(points=3): set(),
    Thresholds(points=4): NO_PROPOSALS,
    Thresholds(): {*ENDLESS, *NO_PROPOSALS},
    Intervals(points=4): NO_PROPOSALS,
    Intervals(): {*ENDLESS, *NO_PROPOSALS},
    IntervalUnions(points=5, k=2): {*NOT_CLOSED, *NO_PROPOSALS},
    Singletons(points=4): set(),
    Boxes(dimension=2, points=3): NO_PROPOSALS,
    Boxes(dimension=2): {*ENDLESS, *NO_PROPOSALS},
    Circuits(bits=2, gates=1): UNKNOWN_DIMENSION,
    Circuits(bits=2, gates=2, depth=1): {*UNKNOWN_DIMENSION, *UNLISTED},
    Circuits(bits=20, gates=40): {*UNKNOWN_DIMENSION, *ENDLESS, *NO_CLOSED_FORM},
    Conjunctions(bits=3): set(),
    DecisionTrees(bits=2, leaves=3): UNKNOWN_DIMENSION - {"value_is_the_same_after_renaming"},
    DecisionTrees(bits=2, leaves=4): UNKNOWN_DIMENSION - {"nearest_is_nearest", "vc_dimension_is_right"},
    DecisionTrees(bits=20, leaves=16): {*UNKNOWN_DIMENSION, *ENDLESS},
    Parities(bits=3): NOT_CLOSED,
    RandomOracle(key_bits=3, bits=4): {*NO_CLOSED_FORM, *ORACLE},
    Halfspaces(dimension=2): {*ENDLESS, *NO_PROPOSALS},
    Explicit(["0000", "1010", "0101", "1110", "0011"]): {*NO_CLOSED_FORM, *NOT_CLOSED, *NO_PROPOSALS},
    Explicit(["0010", "0110", "1010", "1110"]): {*NO_CLOSED_FORM, *NO_PROPOSALS},
    DirectSum([Thresholds(points=2), Singletons(points=3)]): NO_PROPOSALS,
    DirectSum([Parities(bits=2), Intervals()]): {*ENDLESS, *NO_PROPOSALS},
    RandomFourierFeatures(features=4, dimension=2): TRAINED,
    RandomReLU(features=5, dimension=2, dtype="float32"): TRAINED,
    SigmoidNetworks(features=4, dimension=2): TRAINED,
    Checksummed(Halfspaces(dimension=3), blocks=2): TRAINED,
    SignatureChecked(Halfspaces(dimension=514), message=1): TRAINED,
    MacChecked(Halfspaces(dimension=514), message=1): TRAINED,
    GateNetworks(bits=2, gates=1, weight=1): {*NO_CLOSED_FORM, *UNKNOWN_DIMENSION},
    GateNetworks(bits=6, gates=3, copies=3): {*NO_CLOSED_FORM, *UNKNOWN_DIMENSION, *UNLISTED},
    GateNetworks(bits=6, gates=3, copies=3, real=True): {*NO_CLOSED_FORM, *UNKNOWN_DIMENSION, *UNLISTED},
}
NO_ATOMS = {"atoms_are_a_law", "atoms_are_what_is_drawn", "uniform_size_is_right", "windows_are_right"}
NO_BITS = {"bit_probabilities_are_right"}
UNEVEN = {"uniform_size_is_right"}
NO_WINDOW = {"windows_are_right"}
DISTRIBUTIONS = {
    Uniform(): set(),
    Weighted([0.1, 0.2, 0.3, 0.4]): {*NO_BITS, *UNEVEN},
    Weighted([0.25, 0.25, 0.25, 0.25]): NO_BITS,
    Atoms([2, 0], [0.25, 0.75]): {*NO_BITS, *UNEVEN, *NO_WINDOW},
    Atoms([[0, 1], [1, 1]]): {*NO_BITS, *NO_WINDOW},
    ProductBits(0.3): {*UNEVEN, *NO_WINDOW},
    ProductBits(0.5): NO_WINDOW,
    UnitCube(): {*NO_ATOMS, *NO_BITS},
    StandardNormal(): {*NO_ATOMS, *NO_BITS},
    Mixture([Uniform(), Uniform()], [0.3, 0.7]): {"mass_is_right", *NO_BITS, *UNEVEN},
    Mixture([UnitCube(), Uniform()], [0.3, 0.7]): {"mass_is_right", *NO_ATOMS, *NO_BITS},
}

OFFERED = {"admits_are_right", "shows_what_it_admits"}
NO_OFFER = {"an_offer_depends_on_its_own_key", "offers_are_what_is_offered"}
TRIGGERS = [AfterOriginal(), BeforeOriginal(), WorstOf(draws=3), Chosen(), Satisfying(OneOf([0, 1]))]
TRIGGERS += [Satisfying(HashPrefix(bits=1)), WorstOf(draws=1)]
PREDICATES = [OneOf([0, 3]), OneOf([[0, 1], [1, 1]], cost=9), HashPrefix(bits=2), HashPrefix(bits=0)]
SHOWS = {"nothing_shows_nothing"}
REVEALS = {
    Original(bits=0): set(),
    Original(bits=3): SHOWS,
    Original(): SHOWS,
    Coins(): {*SHOWS, "symbols_are_equal_where_traces_are"},
    AttackerTranscript(): SHOWS,
}
REQUIRED = {"Examples": {"m": 2}, "Queries": {"q": 1}}
OBSERVATIONS = [cls(**REQUIRED.get(name, {})) for name, cls in catalog.shipped("observations").items()]


def passes(thing, number, skipped):
    """Run the battery: so many checks, none failed, and exactly those skipped."""
    found = check(thing)
    assert [result.name for result in found] == list(check_names(thing))
    assert len(found) == number
    assert [result for result in found if result.status == "failed"] == []
    assert {result.name for result in found if result.status == "skipped"} == set(skipped)
    assert all(result.reason for result in found if result.status == "skipped")


@pytest.mark.parametrize("attacker", ATTACKERS, ids=str)
def test_every_shipped_attacker_passes_its_nineteen_checks(attacker):
    skipped = set() if type(attacker).__name__ in SYMMETRIC else set(NO_SYMMETRY)
    if type(attacker).plant_law is Attacker.plant_law:
        skipped |= {"plant_law_is_right"}
    if type(attacker).pick_law is Attacker.pick_law:
        skipped |= {"pick_law_is_right"}
    if type(attacker).choose_given_law is Attacker.choose_given_law:
        skipped |= {"choose_given_law_is_right"}
    passes(attacker, 19, skipped | OF_VARIANTS.get(type(attacker).__name__, set()))


@pytest.mark.parametrize("defender", DEFENDERS, ids=str)
def test_every_shipped_defender_passes_its_fifteen_checks(defender):
    skipped = set() if type(defender).__name__ in SYMMETRIC else set(NO_SYMMETRY)
    if type(defender).suspicion_probability is Defender.suspicion_probability:
        skipped |= {"suspicion_probability_is_right"}
    if type(defender).reads_code:
        skipped |= {"plays_in_a_black_box"}
    if type(defender).__name__ in OF_ONE_KIND:
        skipped |= {"tells_no_equal_laws_apart"}
    passes(defender, 15, skipped)


@pytest.mark.parametrize("learner", [cls() for cls in catalog.shipped("learners").values()], ids=str)
def test_every_shipped_learner_passes_its_fourteen_checks(learner):
    passes(learner, 14, LEARNERS[type(learner).__name__])


@pytest.mark.parametrize("functions", CLASSES, ids=str)
def test_every_shipped_class_passes_its_twenty_two_checks(functions):
    passes(functions, 22, CLASSES[functions])


@pytest.mark.parametrize("distribution", DISTRIBUTIONS, ids=str)
def test_every_shipped_distribution_passes_its_thirteen_checks(distribution):
    passes(distribution, 13, DISTRIBUTIONS[distribution])


@pytest.mark.parametrize("law", TRIGGERS, ids=str)
def test_every_shipped_trigger_law_passes_its_ten_checks(law):
    passes(law, 10, OFFERED if law.draws is not None else {*NO_OFFER})


@pytest.mark.parametrize("predicate", PREDICATES, ids=str)
def test_every_shipped_predicate_passes_its_seven_checks(predicate):
    passes(predicate, 7, set())


@pytest.mark.parametrize("reveal", REVEALS, ids=str)
def test_every_shipped_reveal_passes_its_eleven_checks(reveal):
    passes(reveal, 11, REVEALS[reveal])


@pytest.mark.parametrize("observation", OBSERVATIONS, ids=str)
def test_every_shipped_observation_passes_its_nine_checks(observation):
    passes(observation, 9, {"sees_in_a_black_box", "charges_what_it_sees"} if observation.reads_code else set())


def test_nothing_that_is_shipped_is_left_out():
    listed = {"functions": CLASSES, "distributions": DISTRIBUTIONS, "triggers": TRIGGERS, "predicates": PREDICATES}
    listed |= {"reveals": REVEALS, "observations": OBSERVATIONS}
    for room, things in listed.items():
        assert {type(thing) for thing in things} == set(catalog.shipped(room).values())
    assert {type(reply) for reply in REPLIES} == set(catalog.shipped("responses").values())
    assert set(LEARNERS) == set(catalog.shipped("learners"))
    players = {**catalog.shipped("attackers"), **catalog.shipped("defenders")}
    assert {name for name, cls in players.items() if set(cls.symmetries) == {"rename", "complement"}} == SYMMETRIC
    assert {name for name, cls in players.items() if cls.symmetries} == SYMMETRIC
