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
from .learning import linear_error, random_oracle_accuracy, random_oracle_separation
from .mechanistic import leaf_mass_bound, leaf_mass_threshold, rare_conjunction_bound, tree_vc_bound
from .obfuscation import (
    chance_matches,
    key_search_advantage,
    keyed_class_vc_bound,
    label_balance_advantage,
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
    "boltzmann_beta",
    "boltzmann_bound",
    "chance_matches",
    "half_q_bound",
    "key_search_advantage",
    "keyed_class_vc_bound",
    "label_balance_advantage",
    "leaf_mass_bound",
    "leaf_mass_threshold",
    "linear_error",
    "majority_bound",
    "random_oracle_accuracy",
    "random_oracle_separation",
    "rare_conjunction_bound",
    "sauer_shelah",
    "sauer_shelah_log",
    "shattering_bound",
    "single_bound",
    "single_examples",
    "tree_vc_bound",
    "vacuous",
    "votes_needed",
    "voting_bound",
    "voting_examples",
    "voting_members",
    "voting_threshold",
]
