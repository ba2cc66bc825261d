"""Closed-form guarantees: what the theorems promise about win rates, as plain numbers.

Notation, shared by every function below (its *Parameters* section):

d : int
    VC dimension of the class, >= 0.
epsilon : float
    Largest legal distance between f and f*, a probability.
m, members, threshold : int, int, float
    Examples a member, number T of members, and the share theta of votes at which an input is flagged.

Win rates are probabilities; guessing has 1/2, so a lower bound of at most 1/2 is `vacuous`. They are put
together from bounds on the two error rates, each cut at 1, so that they stay inside [0, 1]; the cut never
changes a bound that says something. Voting bounds hold for learners of expected error at most d/(m + 1) on
realizable samples [HLW94]. Each docstring ends with its status; what is *proved* is derived in theory/.
Values of the wrong type or out of range raise `InvalidArgument`.
"""

from .boltzmann import boltzmann_beta, boltzmann_bound, sauer_shelah, sauer_shelah_log
from .dimension import density_bound, dimension_one_bound
from .learning import (
    linear_error,
    random_oracle_accuracy,
    random_oracle_separation,
    random_oracle_star,
    trust_bound,
)
from .mechanistic import leaf_mass_bound, leaf_mass_threshold, rare_conjunction_bound, tree_vc_bound
from .obfuscation import (
    chance_matches,
    key_search_advantage,
    keyed_class_vc_bound,
    label_balance_advantage,
)
from .planting import (
    checksum_edits,
    checksum_examples,
    checksum_fire_rate,
    checksum_mean_examples,
    checksum_query_advantage,
    checksum_rank_bound,
    checksum_rank_probability,
    fit_ratio,
    flip_rate,
    flip_rate_given_fit,
    gamma_of,
    grinding_gain,
    integer_layers_flip_rate,
    key_test_error,
    norm_test_auroc,
    pancake_correlation,
    pi_convention,
    smoothed_feature,
    smoothing_bound,
    smoothing_scale,
    unit_convention,
)
from .spikes import (
    bbp_edge,
    bbp_threshold,
    covariance_threshold,
    diagonal_threshold,
    relu_distance,
    relu_success,
    spiked_eigenvalue,
    spiked_overlap,
)
from .voting import (
    half_q_bound,
    majority_bound,
    shattering_bound,
    single_bound,
    single_examples,
    vacuous,
    votes_needed,
    voting_bound,
    voting_examples,
    voting_members,
    voting_threshold,
)

__all__ = [
    "bbp_edge",
    "bbp_threshold",
    "boltzmann_beta",
    "boltzmann_bound",
    "chance_matches",
    "checksum_edits",
    "checksum_examples",
    "checksum_fire_rate",
    "checksum_mean_examples",
    "checksum_query_advantage",
    "checksum_rank_bound",
    "checksum_rank_probability",
    "covariance_threshold",
    "density_bound",
    "diagonal_threshold",
    "dimension_one_bound",
    "fit_ratio",
    "flip_rate",
    "flip_rate_given_fit",
    "gamma_of",
    "grinding_gain",
    "half_q_bound",
    "integer_layers_flip_rate",
    "key_search_advantage",
    "key_test_error",
    "keyed_class_vc_bound",
    "label_balance_advantage",
    "leaf_mass_bound",
    "leaf_mass_threshold",
    "linear_error",
    "majority_bound",
    "norm_test_auroc",
    "pancake_correlation",
    "pi_convention",
    "random_oracle_accuracy",
    "random_oracle_separation",
    "random_oracle_star",
    "rare_conjunction_bound",
    "relu_distance",
    "relu_success",
    "sauer_shelah",
    "sauer_shelah_log",
    "shattering_bound",
    "single_bound",
    "single_examples",
    "smoothed_feature",
    "smoothing_bound",
    "smoothing_scale",
    "spiked_eigenvalue",
    "spiked_overlap",
    "tree_vc_bound",
    "trust_bound",
    "unit_convention",
    "vacuous",
    "votes_needed",
    "voting_bound",
    "voting_examples",
    "voting_members",
    "voting_threshold",
]
