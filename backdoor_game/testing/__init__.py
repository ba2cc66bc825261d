"""A conformance kit: property-based checks for plug-ins, a pytest decorator, and Hypothesis strategies for games."""

from .batteries import (
    check_attacker,
    check_backdoor,
    check_dataset,
    check_defender,
    check_delegate,
    check_detector,
    check_distribution,
    check_forger,
    check_function_class,
    check_learner,
    check_names,
    check_obfuscator,
    check_update,
)
from .parametrize import parametrize_with_checks
from .results import CheckReport, CheckResult
from .strategies import distributions, function_classes, games, views
from .variant_batteries import check_observation, check_predicate, check_reveal, check_trigger_law

__all__ = [
    "CheckReport",
    "CheckResult",
    "check_attacker",
    "check_backdoor",
    "check_dataset",
    "check_defender",
    "check_delegate",
    "check_detector",
    "check_distribution",
    "check_forger",
    "check_function_class",
    "check_learner",
    "check_names",
    "check_obfuscator",
    "check_observation",
    "check_predicate",
    "check_reveal",
    "check_trigger_law",
    "check_update",
    "distributions",
    "function_classes",
    "games",
    "parametrize_with_checks",
    "views",
]
