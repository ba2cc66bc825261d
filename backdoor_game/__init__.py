"""A formal simulator of attacker-defender games from backdoor-detection theory."""

from __future__ import annotations

import importlib
from typing import Any

_HOMES = {
    "attackers": (
        "Attacker",
        "BlockAttacker",
        "DeepestLegal",
        "GraftPath",
        "HiddenTile",
        "NearestLegal",
        "NoAttack",
        "OptimalAttacker",
        "PuncturedPRFAttacker",
        "RandomLegal",
        "Shattered",
    ),
    "backdoors": (
        "Backdoor",
        "CLWEBackdoor",
        "ChecksumBackdoor",
        "MajorityPersistence",
        "PixelBackdoor",
        "SignatureBackdoor",
        "SparsePCABackdoor",
    ),
    "bounds": (),
    "catalog": ("make",),
    "circuits": (
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
    "coins": ("Transcript", "expand"),
    "datasets": (
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
    "defenders": (
        "AlwaysClean",
        "AlwaysFlag",
        "BlockDefender",
        "BoltzmannResampling",
        "CoinFlip",
        "Defender",
        "DistillationEnsemble",
        "HammingSmoothing",
        "KeySearch",
        "LeafMass",
        "NeighbourVote",
        "OptimalDefender",
        "RareConjunction",
        "StructuralDefender",
    ),
    "delegates": (
        "CommitsPlant",
        "Delegate",
        "GrindsSeeds",
        "KeepsCoins",
        "OwnCoins",
        "PlantsAnyway",
        "RushesCommittee",
    ),
    "detectors": (
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
    "diagnostics": ("Mixing", "Statistic", "mixing"),
    "distributions": (
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
    "domains": ("Bits", "Domain", "Finite", "Grid", "Reals", "Union"),
    "errors": (
        "BackdoorGameError",
        "BudgetExceeded",
        "ContractError",
        "InvalidArgument",
        "MissingCapability",
        "SpecError",
    ),
    "estimation": ("estimate",),
    "estimators": (),
    "forgers": ("Copycat", "Forger", "GaussianElimination", "Splice"),
    "functions": (
        "AllFunctions",
        "BlockFunctionClass",
        "Boxes",
        "Checksummed",
        "Circuits",
        "Conjunctions",
        "DecisionTrees",
        "DirectSum",
        "Explicit",
        "Function",
        "FunctionClass",
        "GateNetworks",
        "Halfspaces",
        "IntervalUnions",
        "Intervals",
        "MacChecked",
        "Parities",
        "RandomFourierFeatures",
        "RandomOracle",
        "RandomReLU",
        "SigmoidNetworks",
        "SignatureChecked",
        "Singletons",
        "Thresholds",
        "Trainable",
        "from_sklearn",
        "random_class",
    ),
    "games": ("Activation", "BackdoorGame", "Delegation", "Game", "Persistence", "Replication", "StaticDetection"),
    "keys": ("Key", "fingerprint"),
    "learners": (
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
    "models": ("load_model", "save_model"),
    "obfuscators": ("Canonical", "Identity", "Obfuscator", "Rewriting"),
    "records": ("Estimate", "Interval", "Outcome"),
    "responses": ("HillClimbAttacker", "LikelihoodRatio", "WorstAttack"),
    "smoothing": ("Smoothed", "smoothed"),
    "solving": (
        "BestResponse",
        "DistributionSearch",
        "Exploitability",
        "Solution",
        "best_response",
        "exact_win_rate",
        "exploitability",
        "solve",
    ),
    "streams": ("draws",),
    "testing": (),
    "tournaments": ("ExactGame", "ExactPlayer", "Pairing", "Standing", "TournamentResult", "tournament"),
    "updates": ("FineTuning", "SeveralEdits", "SingleEdits", "StraightThrough", "Update", "WeightDecay"),
    "views": ("AttackerView", "DefenderView", "ForgerView", "ModelView"),
}
_WHERE = {name: home for home, names in _HOMES.items() for name in names}
__all__ = sorted(_WHERE)


def __getattr__(name: str) -> Any:
    """Load a public name from its module on first use: importing the package costs next to nothing."""
    if name == "__version__":
        from importlib.metadata import version

        return version("backdoor-game")
    if name in _WHERE:
        value = getattr(importlib.import_module(f"{__name__}.{_WHERE[name]}"), name)
    elif name in _HOMES:
        value = importlib.import_module(f"{__name__}.{name}")
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
