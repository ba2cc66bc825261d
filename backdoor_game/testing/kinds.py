"""The kinds of things that are checked, and the battery of each."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from ..circuits.obfuscators import Obfuscator
from ..functions import FunctionClass
from ..games import BackdoorGame, Game
from ..games.observations import Observation
from ..games.predicates import Predicate
from ..games.reveals import Reveal
from ..games.triggers import TriggerLaw
from ..ground.errors import InvalidArgument
from ..ground.lookup import made
from ..planting.backdoors import Backdoor
from ..planting.datasets import Dataset
from ..planting.delegates import Delegate
from ..planting.detectors import Detector
from ..planting.forgers import Forger
from ..planting.games import Delegation, Replication
from ..planting.games.base import ModelGame
from ..planting.updates import Update
from ..players.attackers import Attacker
from ..players.defenders import Defender
from ..players.learners import Learner
from ..spaces.distributions import Distribution
from . import (
    attackers,
    backdoors,
    class_distances,
    class_lists,
    class_proposals,
    class_subjects,
    class_values,
    classes,
    datasets,
    defenders,
    delegates,
    detectors,
    distribution_subjects,
    distributions,
    examples,
    foresight,
    forgers,
    learner_errors,
    learners,
    model_subjects,
    obfuscators,
    observations,
    optimum,
    picks,
    player_laws,
    players,
    predicates,
    reveals,
    symmetry,
    thieves,
    triggers,
    updates,
)
from . import manners as configured
from .subjects import Check, Subject

Games = Game | Sequence[Game] | None


@dataclasses.dataclass(frozen=True)
class Kind:
    """A base class, what an example of it is, and its checks."""

    base: type
    example: str
    checks: tuple[Check, ...]
    accept: Callable[[Subject], None] = lambda subject: None  # refuses games that say nothing of the thing
    plays: type = BackdoorGame
    small: Callable[[], tuple[Any, ...]] = examples.games


ATTACKER = Kind(
    Attacker,
    "NearestLegal()",
    (
        players.prepares,
        *configured.CHECKS,
        attackers.plants_are_legal,
        attackers.same_seed_same_plants,
        attackers.leaves_its_view_alone,
        attackers.a_round_is_a_block_of_one,
        attackers.a_plant_depends_on_its_own_round,
        attackers.over_budget_is_a_forfeit,
        player_laws.choose_law_is_right,
        player_laws.plant_law_is_right,
        *picks.CHECKS,
        symmetry.declared_symmetries_hold,
        optimum.holds_nobody_below_the_value,
        foresight.plants_no_more_than_the_trigger_allows,
    ),
    players.accept,
    small=examples.player_games,
)
DEFENDER = Kind(
    Defender,
    "CoinFlip()",
    (
        players.prepares,
        *configured.CHECKS,
        defenders.suspicion_lies_in_0_1,
        defenders.same_seed_same_suspicions,
        defenders.leaves_its_view_alone,
        defenders.plays_in_a_black_box,
        defenders.a_round_is_a_block_of_one,
        defenders.a_suspicion_depends_on_its_own_round,
        defenders.over_budget_is_a_forfeit,
        player_laws.suspicion_probability_is_right,
        picks.plays_variants_or_refuses,
        symmetry.declared_symmetries_hold,
        optimum.wins_no_more_than_the_value,
        thieves.tells_no_equal_laws_apart,
    ),
    players.accept,
    small=examples.player_games,
)
FUNCTION_CLASS = Kind(
    FunctionClass,
    "Thresholds(points=4)",
    (
        *configured.CHECKS,
        classes.samples_are_members,
        classes.codes_have_the_stated_form,
        classes.a_sample_depends_on_its_own_key,
        classes.labels_are_0_or_1,
        classes.a_batch_is_its_rows,
        classes.leaves_its_arguments_alone,
        classes.garbage_is_refused,
        classes.moves_stay_in_the_class,
        class_proposals.proposals_are_undone_as_they_say,
        class_distances.distance_is_a_pseudometric,
        class_distances.distance_is_the_mass_of_difference,
        class_distances.nearest_is_nearest,
        class_lists.every_member_is_listed_once,
        class_lists.samples_are_uniform,
        class_lists.vc_dimension_is_right,
        class_lists.shattered_set_is_shattered,
        class_lists.consistent_fits,
        class_lists.intersections_are_members,
        class_lists.labelings_are_restrictions,
        class_values.value_is_the_same_after_renaming,
    ),
    class_subjects.accept,
)
DISTRIBUTION = Kind(
    Distribution,
    "Uniform()",
    (
        distributions.fits_a_domain,
        *configured.CHECKS,
        distributions.draws_are_points,
        distributions.a_draw_depends_on_its_own_key,
        distributions.draws_are_independent,
        distributions.a_window_is_cut_from_the_stream,
        distributions.atoms_are_a_law,
        distributions.atoms_are_what_is_drawn,
        distributions.mass_is_right,
        distributions.bit_probabilities_are_right,
        distributions.uniform_size_is_right,
        distributions.windows_are_right,
    ),
    distribution_subjects.accept,
)
LEARNER = Kind(
    Learner,
    "Closure()",
    (
        learners.learns_a_class,
        *configured.CHECKS,
        learners.predictions_are_labels,
        learners.same_sample_same_predictions,
        learners.a_prediction_depends_on_its_own_row,
        learners.a_round_is_a_block_of_one,
        learners.leaves_its_sample_alone,
        learners.votes_count_predictions,
        learners.hypotheses_are_members,
        learner_errors.expected_error_is_not_exceeded,
        learner_errors.same_examples_same_prediction,
        learner_errors.error_probability_is_right,
        thieves.guesses_at_unseen_points,
    ),
)
DETECTOR = Kind(
    Detector,
    "Moments()",
    (
        detectors.prepares,
        *configured.CHECKS,
        detectors.suspicion_lies_in_0_1,
        detectors.same_seed_same_suspicions,
        detectors.a_suspicion_depends_on_its_own_round,
        detectors.leaves_its_view_alone,
        detectors.plays_in_a_black_box,
        detectors.over_budget_loses_the_branch,
        thieves.wins_no_more_under_small_seeds,
    ),
    model_subjects.accept,
    ModelGame,
    model_subjects.small_games,
)
BACKDOOR = Kind(
    Backdoor,
    "CLWEBackdoor(k=8)",
    (backdoors.plants, *configured.CHECKS, *backdoors.CHECKS),
    model_subjects.accept,
    Game,
    model_subjects.backdoor_games,
)
DATASET = Kind(Dataset, "GaussianLinear()", (*configured.CHECKS, *datasets.CHECKS))
OBFUSCATOR = Kind(Obfuscator, "Canonical()", (obfuscators.works_on_circuits, *configured.CHECKS, *obfuscators.CHECKS))
FORGER = Kind(
    Forger,
    "Copycat()",
    (forgers.forges_in_a_game, *configured.CHECKS, *forgers.CHECKS),
    forgers.accept,
    Replication,
    forgers.small_games,
)
DELEGATE = Kind(
    Delegate,
    "KeepsCoins()",
    (delegates.plays_a_protocol, *configured.CHECKS, *delegates.CHECKS),
    delegates.accept,
    Delegation,
    delegates.small_games,
)
UPDATE = Kind(
    Update,
    "SingleEdits()",
    (updates.trains_a_class, *configured.CHECKS, *updates.CHECKS),
    updates.accept,
    Game,
    model_subjects.backdoor_games,
)
TRIGGER_LAW = Kind(
    TriggerLaw, "BeforeOriginal()", (triggers.fits_a_game, *configured.CHECKS, *triggers.CHECKS), triggers.accept
)
PREDICATE = Kind(
    Predicate, "OneOf([0, 3])", (predicates.fits_a_domain, *configured.CHECKS, *predicates.CHECKS), predicates.accept
)
REVEAL = Kind(Reveal, "Original(bits=4)", (reveals.fits_a_game, *configured.CHECKS, *reveals.CHECKS), reveals.accept)
OBSERVATION = Kind(
    Observation,
    "Label()",
    (observations.fits_a_class, *configured.CHECKS, *observations.CHECKS),
    observations.accept,
    small=examples.listed_games,
)
KINDS = (
    *(ATTACKER, DEFENDER, FUNCTION_CLASS, DISTRIBUTION, LEARNER, OBFUSCATOR),
    *(BACKDOOR, DETECTOR, DATASET, FORGER, DELEGATE, UPDATE),
    *(TRIGGER_LAW, PREDICATE, REVEAL, OBSERVATION),
)
EXAMPLES: dict[type, str] = {
    BackdoorGame: "BackdoorGame(Thresholds(points=4), 0.25, Uniform())",
    ModelGame: "StaticDetection(RandomFourierFeatures(features=64, dimension=8), GaussianLinear(dimension=8))",
    Replication: "Replication(RandomFourierFeatures(features=64, dimension=8), GaussianLinear(dimension=8))",
    Delegation: "Delegation(RandomFourierFeatures(features=64, dimension=8), GaussianLinear(dimension=8))",
    Game: "StaticDetection(RandomFourierFeatures(features=64, dimension=8), GaussianLinear(dimension=8))",
}


def kind_of(thing: Any) -> Kind:
    """The kind of a thing, the closest where it is of two; refuses what is of none."""
    found = [kind for kind in KINDS if isinstance(thing, kind.base)]
    if found:
        return max(found, key=lambda kind: len(kind.base.__mro__))
    wanted = ", ".join(kind.base.__name__ for kind in KINDS)
    raise InvalidArgument(f"what is checked must be an instance of one of {wanted}, got {thing!r}")


def subject(thing: Any, games: Games) -> Subject:
    """A thing and the games that were given, else the small ones."""
    kind = kind_of(thing)
    given: Any = kind.small() if games is None else games
    if not isinstance(given, Game | Iterable):
        raise InvalidArgument(f"games must be a game or a list of them, got {games!r}")
    several = (given,) if isinstance(given, Game | str) else given
    listed = tuple(made(game, kind.plays, "games", EXAMPLES[kind.plays]) for game in several)
    held = Subject(thing, listed)
    kind.accept(held)
    return held
