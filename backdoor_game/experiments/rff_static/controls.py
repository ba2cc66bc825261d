"""A control for every detector of the panel: a plant that it is made to see, strong enough by theory to be seen.

Nothing that a detector says of a hidden plant counts before it has said yes to a visible one. The strengths were chosen
from the lines below, on d = 64 coordinates and m = 256 features, before any control was played.
"""

from __future__ import annotations

import dataclasses

import numpy as np

from ...functions import Function
from ...functions.base import Floats, Labels
from ...games.measuring.together import Match, estimates
from ...ground.progress import silent
from ...ground.spec import text
from ...planting.backdoors import Backdoor, ChecksumBackdoor, CLWEBackdoor
from ...planting.detectors import (
    CovarianceThresholding,
    Detector,
    DiagonalThresholding,
    KolmogorovSmirnov,
    Moments,
    RandomQueries,
    SpectralSignatures,
    TopEigenvalue,
)
from ...planting.detectors.base import calibrated
from ...planting.games import StaticDetection
from ...planting.games.base import Keys
from ...planting.keys.keys import Key
from ...planting.views import Shown
from ...spaces.domains import Points
from ..rff_flip_rate import IntegerLayers
from ..shared.advantages import FAMILY_ERROR, Judged
from ..shared.base import Settings, Table, Verdict

ROUNDS = 40  # all seen and at most 3 alarms put the lower end of an advantage above one half
FIRES = 0.5  # what an advantage must exceed: no detector that says nothing of the model has more than 0


@dataclasses.dataclass(frozen=True, repr=False)
class RepeatedInput(Backdoor):
    """Trains on data in which one input of label 1 takes the places of a share of its class. *Simulated.*

    Parameters
    ----------
    share : float
    """

    share: float = 0.05

    def poisoned(self, X: Points, y: Labels) -> Floats:
        """X (n, d) with the first of the rows of label 1 overwritten by the very first."""
        rows = np.flatnonzero(y == 1)
        found = np.array(X, np.float64)
        found[rows[: max(1, round(self.share * len(rows)))]] = X[rows[0]] if len(rows) else 0.0
        return found

    def new_key(self, functions: object, rng: np.random.Generator) -> Key:
        return Key(type(self).__name__, "", {"x": np.zeros(1)})

    def plant(self, functions: object, X: Points, y: Labels, rng: np.random.Generator) -> tuple[Function, Key]:
        model: Function = functions.trained(self.poisoned(X, y), y, rng)  # type: ignore[attr-defined]
        return model, Key(type(self).__name__, "", {"x": X[y == 1][:1].ravel()}).of(model)

    def activated(self, model: Function, key: Key, X: Floats, target: int | None) -> Floats:
        return np.broadcast_to(key.values["x"], X.shape).copy()


@dataclasses.dataclass(frozen=True, repr=False)
class PoisonedData(StaticDetection):
    """Static detection where the user's data themselves are poisoned, so that the detector sees them as they were."""

    def planted_branch(self, attacker: Backdoor, keys: Keys, r: int) -> Shown:
        shown = super().planted_branch(attacker, keys, r)
        assert isinstance(attacker, RepeatedInput)
        split = dataclasses.replace(shown.split, X=attacker.poisoned(shown.split.X, shown.split.y))
        return dataclasses.replace(shown, split=split)


@dataclasses.dataclass(frozen=True)
class Control:
    """What is planted for one detector, in which game, and why it must be seen."""

    detector: Detector
    backdoor: Backdoor
    game: type[StaticDetection]
    black_box: bool
    why: str


def _layers(k: int, gamma: float) -> CLWEBackdoor:
    """Layers so wide apart that they show; their width is small beside 1/gamma."""
    return CLWEBackdoor(k=k, gamma=gamma, beta=0.05, visible=True)


# At gamma = 1/4 the products with u are about +-1.92, of variance 3.74: a spike of theta = 2.74 along u. At gamma = 1/2
# their variance is 1.1, 1.3 standard errors off, which no maximum over 256 moments shows; but the middle is empty.
CONTROLS = (
    Control(
        Moments(),
        _layers(1, 0.25),
        StaticDetection,
        False,
        "one coordinate has variance 3.74: 2.74 / sqrt(2/256) = 31 standard errors",
    ),
    Control(
        KolmogorovSmirnov(),
        _layers(1, 0.5),
        StaticDetection,
        False,
        "one coordinate has no mass within 0.8 of 0: .29, and noise has sqrt(ln(128/.01)/512) = .14",
    ),
    Control(
        TopEigenvalue(),
        _layers(64, 0.25),
        StaticDetection,
        False,
        "theta = 2.74 over all coordinates: 4.2 by [BaikSilverstein06], and the bulk ends at 2.25",
    ),
    Control(
        TopEigenvalue(bottom=True),
        IntegerLayers(k=64, gamma=0.25, beta=0.05, visible=True),
        StaticDetection,
        False,
        "a direction of variance .05: .04 by [BaikSilverstein06], and the bulk begins at .25",
    ),
    Control(
        DiagonalThresholding(),
        _layers(4, 0.25),
        StaticDetection,
        False,
        "theta = 2.74 on 4 coordinates: 2.7 times the line 2k sqrt(ln d/m) = 1.02",
    ),
    Control(
        CovarianceThresholding(),
        _layers(4, 0.25),
        StaticDetection,
        False,
        "theta = 2.74 on 4 coordinates: 2.7 times the line k sqrt(2 ln(d(d-1))/m) = 1.02",
    ),
    Control(
        SpectralSignatures(),
        RepeatedInput(),
        PoisonedData,
        False,
        "one input 15 times in a class of 300: an eigenvalue near 14, and the bulk ends near 4",
    ),
    Control(
        RandomQueries(),
        ChecksumBackdoor(blocks=3),
        StaticDetection,
        True,
        "a negated coordinate changes one of 3 parities: 2/8 of the answers change",
    ),
)


def fired(game: StaticDetection, panel: tuple[Detector, ...], settings: Settings) -> list[Judged]:
    """Every detector on its own control, with the threshold that it has in the game of the panel.

    Each plays a game of its own: models of its attacker, 40 clean and 40 planted, on seeds that the panel does not use.
    """
    ready = dict(zip(panel, calibrated(panel, game, silent), strict=True))
    matches = [
        Match(
            one.game(game.functions, game.data, black_box=one.black_box),
            one.backdoor,
            ready[one.detector],
            ROUNDS,
            settings.seed + 1 + place,
        )
        for place, one in enumerate(CONTROLS)
    ]
    found = estimates(matches, level=1 - FAMILY_ERROR, threads=settings.threads)
    level = 1 - FAMILY_ERROR / (2 * len(CONTROLS))
    return [
        Judged(text(one.detector), shown.rounds, shown.false_alarms, shown.detections, level)
        for one, shown in zip(CONTROLS, found, strict=True)
    ]


def verdict(found: list[Judged]) -> Verdict:
    """Every detector fires on what is made for it."""
    weakest = min(found, key=lambda one: one.interval[0])
    silent_ones = [one.detector for one in found if one.interval[0] <= FIRES]
    told = f"least lower end {weakest.interval[0]:.3f}, of {weakest.detector}"
    return Verdict(
        "every keyless detector fires on the control that is made for it",
        f"{len(found) - len(silent_ones)} of {len(found)}; {told}",
        f"an advantage over {FIRES:g} each",
        not silent_ones,
    )


def table(found: list[Judged]) -> Table:
    """What was planted for each detector, why it must show, and what the detector said."""
    rows = tuple(
        (
            one.detector,
            text(control.backdoor),
            control.why,
            f"{one.alarms / one.rounds:.3f}",
            f"{one.detections / one.rounds:.3f}",
            "[{:+.3f}, {:+.3f}]".format(*one.interval),
        )
        for one, control in zip(found, CONTROLS, strict=True)
    )
    columns = ("detector", "what is planted", "why it shows", "false alarms", "detections", "advantage")
    return Table(
        f"controls: a plant for every detector, {ROUNDS} clean and {ROUNDS} planted models each", columns, rows
    )
