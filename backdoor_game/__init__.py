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
from .ground.public import GENERAL, HOMES, ROOMS

_WHERE = {name: home for home, names in HOMES.items() for name in names}
PUBLIC = frozenset(_WHERE)
__all__ = sorted(PUBLIC - GENERAL)
keep_old_paths()


def __getattr__(name: str) -> Any:
    """Load a public name from its module on first use: importing the package costs next to nothing."""
    if name == "__version__":
        from importlib.metadata import version

        return version("backdoor-game")
    if name in _WHERE:
        value = getattr(importlib.import_module(f"{__name__}.{_WHERE[name]}"), name)
    elif name in ROOMS or name in OLD:
        value = importlib.import_module(f"{__name__}.{name}")
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return [*__all__, *ROOMS, "__version__"]
