"""Written by `python -m tests.stubs` from its rooms' `__all__`: what type checkers see of names that load late."""

from . import (
    averaging as averaging,
    climbing as climbing,
    density as density,
    finite as finite,
    frontier as frontier,
    minimax as minimax,
    players as players,
    responses as responses,
    solving as solving,
    variants as variants,
)
from .averaging import (
    AttackTable as AttackTable,
    EXACT as EXACT,
    FlagTable as FlagTable,
    VariantAttackTable as VariantAttackTable,
    VariantFlagTable as VariantFlagTable,
    attack_table as attack_table,
    flag_table as flag_table,
)
from .climbing import (
    Found as Found,
    LegalPlants as LegalPlants,
    Suspicions as Suspicions,
    pair_keys as pair_keys,
    search as search,
)
from .density import (
    OneInclusionDensity as OneInclusionDensity,
    one_inclusion_density as one_inclusion_density,
)
from .finite import (
    Attack as Attack,
    Equilibrium as Equilibrium,
    LegalGame as LegalGame,
    distribution_of as distribution_of,
    equilibrium as equilibrium,
    legal_game as legal_game,
)
from .frontier import (
    ExtremalClass as ExtremalClass,
    search_classes as search_classes,
)
from .minimax import (
    CertifiedInterval as CertifiedInterval,
    certified_interval as certified_interval,
)
from .players import (
    OptimalAttacker as OptimalAttacker,
    OptimalDefender as OptimalDefender,
)
from .responses import (
    HillClimbAttacker as HillClimbAttacker,
    LikelihoodRatio as LikelihoodRatio,
    WorstAttack as WorstAttack,
)
from .solving import (
    BestResponse as BestResponse,
    DistributionSearch as DistributionSearch,
    Exploitability as Exploitability,
    OptimalPlay as OptimalPlay,
    Solution as Solution,
    ValueCurve as ValueCurve,
    best_response as best_response,
    exact_win_rate as exact_win_rate,
    exploitability as exploitability,
    solve as solve,
    value_curve as value_curve,
)
from .variants import (
    Joint as Joint,
    Plan as Plan,
    Variant as Variant,
    VariantEquilibrium as VariantEquilibrium,
    optimum as optimum,
    settled as settled,
    variant as variant,
    variant_equilibrium as variant_equilibrium,
)

__all__ = [
    "Attack",
    "AttackTable",
    "BestResponse",
    "CertifiedInterval",
    "DistributionSearch",
    "EXACT",
    "Equilibrium",
    "Exploitability",
    "ExtremalClass",
    "FlagTable",
    "Found",
    "HillClimbAttacker",
    "Joint",
    "LegalGame",
    "LegalPlants",
    "LikelihoodRatio",
    "OneInclusionDensity",
    "OptimalAttacker",
    "OptimalDefender",
    "OptimalPlay",
    "Plan",
    "Solution",
    "Suspicions",
    "ValueCurve",
    "Variant",
    "VariantAttackTable",
    "VariantEquilibrium",
    "VariantFlagTable",
    "WorstAttack",
    "attack_table",
    "best_response",
    "certified_interval",
    "distribution_of",
    "equilibrium",
    "exact_win_rate",
    "exploitability",
    "flag_table",
    "legal_game",
    "one_inclusion_density",
    "optimum",
    "pair_keys",
    "search",
    "search_classes",
    "settled",
    "solve",
    "value_curve",
    "variant",
    "variant_equilibrium",
]
