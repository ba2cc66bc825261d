"""A formal simulator of attacker-defender games from backdoor-detection theory.

The backdoor game of [CHLX25]. The attacker picks an original function f of a class F; a trigger x* is drawn from a
distribution D; the attacker plants a member f* of F that differs from f at x*, and on mass at most epsilon in all, or
forfeits. A fair coin decides whether the defender is shown (f, x) with a fresh x from D, or (f*, x*). It answers
"clean" or "backdoored", and wins iff it is right: 1/2 by guessing, more where F is defendable.

>>> from backdoor_game import BackdoorGame, DistillationEnsemble, NearestLegal, Thresholds, Uniform, estimate
>>> game = BackdoorGame(Thresholds(points=16), "1/8", Uniform())
>>> estimate(game, NearestLegal(), DistillationEnsemble(), rounds=1000, seed=1).rounds
1000

Start with
    BackdoorGame     the game: a class, epsilon, and D where it is fixed
    estimate         many rounds: the defender's win rate with an interval
    solve            the exact value of a finite game, and optimal play
    best_response    the best reply to a fixed attacker or defender
    tournament       every attacker against every defender
    Defender         inherit from it and write suspicion(view, rng)
    Attacker         inherit from it and write plant(view, rng)
    FunctionClass    inherit from it to say what is backdoored
    StaticDetection  the game in which detectors are shown trained models
    make             the object that a spec describes, such as "CoinFlip()"

Namespaces
    functions, spaces, players, games   the core: classes, D and domains, views, strategies, rules, variants, measuring
    circuits, exact, planting           packs: circuits and obfuscation, exact play, trained models
    bounds, figures                     proved curves, plots
    catalog, tournaments                names, specs and saved models, rankings
    testing                             check_defender and its like: the conformance kit for plug-ins

On the command line `backdoor-game list` shows what there is, `backdoor-game describe NAME` what a name stands for, and
`backdoor-game new defender mine.py` writes a plug-in to begin with.
"""

from __future__ import annotations

import importlib
from typing import Any

from .ground.namespace import OLD, keep_old_paths

_HOMES: dict[str, tuple[str, ...]] = {
    "bounds": (),
    "catalog": ("make",),
    "catalog.saved_models": ("load_model", "save_model"),
    "circuits.classes": ("Circuits",),
    "circuits.games": ("PuncturedHybrid",),
    "circuits.graphs": (
        "Circuit",
        "CircuitBuilder",
        "Disagreement",
        "count_differences",
        "disagreement",
        "equivalent",
        "from_truth_table",
        "read_aiger",
        "trimmed",
        "write_aiger",
    ),
    "circuits.obfuscators": ("Canonical", "Identity", "Obfuscator", "Rewriting"),
    "circuits.players": ("KeySearch", "ParityCheck", "PuncturedPRFAttacker", "StructuralDefender"),
    "exact.density": ("OneInclusionDensity", "one_inclusion_density"),
    "exact.frontier": ("ExtremalClass", "search_classes"),
    "exact.players": ("OptimalAttacker", "OptimalDefender"),
    "exact.responses": ("HillClimbAttacker", "LikelihoodRatio", "WorstAttack"),
    "exact.solving": (
        "BestResponse",
        "DistributionSearch",
        "Exploitability",
        "OptimalPlay",
        "Solution",
        "ValueCurve",
        "best_response",
        "exact_win_rate",
        "exploitability",
        "solve",
        "value_curve",
    ),
    "functions.base": ("Booleans", "Codes", "Floats", "Labels"),
    "experiments.shared.base": ("Report",),
    "experiments.shared.reproducing": ("reproduce",),
    "functions": (
        "AllFunctions",
        "BlockFunctionClass",
        "Boxes",
        "Conjunctions",
        "DecisionTrees",
        "DirectSum",
        "Explicit",
        "Function",
        "FunctionClass",
        "Halfspaces",
        "IntervalUnions",
        "Intervals",
        "Parities",
        "RandomOracle",
        "Singletons",
        "Thresholds",
        "from_sklearn",
        "random_class",
    ),
    "games": ("BackdoorGame", "Game"),
    "games.measuring.mixing": ("Mixing", "Statistic", "mixing"),
    "games.measuring.records": ("Estimate", "Interval", "Scale"),
    "games.observations": ("Observation",),
    "games.outcomes": ("Outcome",),
    "games.predicates": ("HashPrefix", "OneOf", "Predicate"),
    "games.reveals": ("AttackerRun", "AttackerTranscript", "Coins", "Original", "Reveal"),
    "games.reveals.base": ("Trace",),
    "games.triggers": ("AfterOriginal", "BeforeOriginal", "Chosen", "Offers", "Satisfying", "TriggerLaw", "WorstOf"),
    "ground.errors": (
        "BackdoorGameError",
        "BudgetExceeded",
        "ContractError",
        "InvalidArgument",
        "MissingCapability",
        "SpecError",
    ),
    "ground.streams": ("Words", "draws"),
    "matches": ("Comparison", "Curve", "Story", "compare", "curve", "estimate", "play", "scale"),
    "planting.backdoors": (
        "Backdoor",
        "CLWEBackdoor",
        "ChecksumBackdoor",
        "MajorityPersistence",
        "PixelBackdoor",
        "SignatureBackdoor",
        "SparsePCABackdoor",
    ),
    "planting.coins": ("Transcript", "expand"),
    "planting.datasets": (
        "ArrayFile",
        "BreastCancer",
        "Dataset",
        "Digits",
        "GaussianLinear",
        "LinearBits",
        "LoanApplications",
        "Sphere",
        "Split",
    ),
    "planting.delegates": (
        "CommitsPlant",
        "Delegate",
        "GrindsSeeds",
        "KeepsCoins",
        "OwnCoins",
        "PlantsAnyway",
        "RushesCommittee",
        "Task",
    ),
    "planting.detectors": (
        "Calibrated",
        "CoinAudit",
        "CovarianceThresholding",
        "Detector",
        "DiagonalThresholding",
        "InputNorm",
        "KeyHolder",
        "KolmogorovSmirnov",
        "Mahalanobis",
        "Moments",
        "RandomQueries",
        "RandomisedSmoothing",
        "SpectralSignatures",
        "TopEigenvalue",
    ),
    "planting.estimators": (),
    "planting.forgers": ("Copycat", "Forger", "GaussianElimination", "Splice"),
    "planting.games": (
        "Activation",
        "Delegation",
        "Persistence",
        "Replication",
        "StaticDetection",
    ),
    "planting.keys": ("Key", "fingerprint"),
    "planting.models": (
        "Checksummed",
        "GateNetworks",
        "MacChecked",
        "RandomFourierFeatures",
        "RandomReLU",
        "SigmoidNetworks",
        "SignatureChecked",
        "Trainable",
    ),
    "planting.smoothing": ("Smoothed", "smoothed"),
    "planting.updates": (
        "FineTuning",
        "SeveralEdits",
        "SingleEdits",
        "StraightThrough",
        "Update",
        "WeightDecay",
    ),
    "planting.views": ("ForgerView", "ModelView"),
    "players.attackers.base": ("NO_PLANT", "OUTSIDE", "Originals", "PLANT", "PlantLaw", "Plants"),
    "players.attackers": (
        "Attacker",
        "BlockAttacker",
        "DeepestLegal",
        "ExchangeablePair",
        "GraftPath",
        "HiddenTile",
        "NearestLegal",
        "NoAttack",
        "RandomLegal",
        "Shattered",
        "Star",
    ),
    "players.defenders": (
        "AlwaysClean",
        "AlwaysFlag",
        "BlockDefender",
        "BoltzmannResampling",
        "CoinFlip",
        "Defender",
        "DistillationEnsemble",
        "HammingSmoothing",
        "LeafMass",
        "NeighbourVote",
        "PredicateCheck",
        "RareConjunction",
        "TraceReader",
    ),
    "players.learners": (
        "BlockLearner",
        "Closure",
        "ConsistentERM",
        "Learner",
        "LinearSeparator",
        "Memorizer",
        "OneInclusion",
        "ProperLearner",
        "RandomSearch",
        "TreeLearner",
    ),
    "players.views": ("AttackerBlock", "AttackerView", "DefenderBlock", "DefenderView", "GameLike", "Sample"),
    "spaces.distributions.base": ("Support", "Window"),
    "spaces.distributions": (
        "Atoms",
        "BlockDistribution",
        "Distribution",
        "Mixture",
        "ProductBits",
        "StandardNormal",
        "Uniform",
        "UnitCube",
        "Weighted",
    ),
    "spaces.domains": (
        "Bits",
        "Domain",
        "Finite",
        "Grid",
        "Points",
        "Reals",
        "Union",
    ),
    "testing": (),
    "testing.verifying": ("Mismatch", "Verification", "verify"),
    "tournaments": (
        "ExactGame",
        "ExactPlayer",
        "Pairing",
        "Standing",
        "TournamentResult",
        "tournament",
    ),
}
# Words too general for a star or a completion list: they stay importable, and are at home in their namespaces.
_GENERAL = {"Canonical", "Identity", "Key", "Smoothed", "Split", "Statistic", "Union", "Update"}
_GENERAL |= {"Booleans", "Codes", "Floats", "Labels", "NO_PLANT", "OUTSIDE", "Originals", "PLANT", "Plants", "Points"}
_GENERAL |= {"Chosen", "Coins", "Examples", "Label", "Offers", "Original", "Queries", "Trace"}
_GENERAL |= {"Sample", "Support", "Task", "Window", "Words"}
_GENERAL |= {"draws", "equivalent", "expand", "mixing", "scale", "trimmed"}
_WHERE = {name: home for home, names in _HOMES.items() for name in names}
_ROOMS = {"bounds", "catalog", "circuits", "exact", "figures", "functions", "games", "planting", "players", "spaces"}
_ROOMS |= {"testing", "tournaments"}
PUBLIC = frozenset(_WHERE)
__all__ = sorted(PUBLIC - _GENERAL)
keep_old_paths()


def __getattr__(name: str) -> Any:
    """Load a public name from its module on first use: importing the package costs next to nothing."""
    if name == "__version__":
        from importlib.metadata import version

        return version("backdoor-game")
    if name in _WHERE:
        value = getattr(importlib.import_module(f"{__name__}.{_WHERE[name]}"), name)
    elif name in _ROOMS or name in OLD:
        value = importlib.import_module(f"{__name__}.{name}")
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return [*__all__, *_ROOMS, "__version__"]
