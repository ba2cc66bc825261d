"""Plain results: what an estimate says."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ...ground.errors import MissingCapability
from ...ground.results import Block, Result, rate
from .telling import summary

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclasses.dataclass(frozen=True, repr=False)
class Interval(Result):
    """A measured proportion with the ends of its interval."""

    value: float
    low: float
    high: float

    def to_dict(self) -> dict[str, Any]:
        return dataclasses.asdict(self)

    def blocks(self) -> Sequence[Block]:
        return [Block(notes=[rate(self.value, self.low, self.high)])]

    def headline(self) -> str:
        return f"{self.value:.4f}, low={self.low:.4f}, high={self.high:.4f}"


@dataclasses.dataclass(frozen=True, repr=False)
class Scale(Result):
    """What a win rate stands beside; None where it is not known, and `reason` says why.

    Attributes
    ----------
    blind : float
        The win rate of the better of two defenders that look at nothing, always clean and always flag, against this
        attacker at these forfeits.
    blind_player : str
        Which of the two: ``"AlwaysClean"`` or ``"AlwaysFlag"``.
    blind_exact : float or None
        The same against this attacker, exactly.
    value : float or None
        What optimal play of both sides wins.
    best_reply : float or None
        The exact win rate of the best reply to this attacker.
    worst_case : float or None
        The win rate of this defender against the attacker that it loses most to.
    reason : str or None
        Why there is no exact number: the game is too large, or not finite.
    """

    blind: float
    blind_player: str
    blind_exact: float | None = None
    value: float | None = None
    best_reply: float | None = None
    worst_case: float | None = None
    reason: str | None = None

    def to_dict(self) -> dict[str, Any]:
        return dataclasses.asdict(self)

    def blocks(self) -> Sequence[Block]:
        known = [(name.replace("_", " "), value) for name, value in self.to_dict().items()]
        return [Block([(name, value) for name, value in known if value not in (None, {})])]

    def headline(self) -> str:
        numbers = {name: value for name, value in self.to_dict().items() if isinstance(value, float)}
        return ", ".join(f"{name}={value:.4f}" for name, value in numbers.items())


@dataclasses.dataclass(frozen=True, repr=False)
class Estimate(Result):
    """What `estimate` measured; `to_dict()` is what the command line prints under ``--json``.

    Attributes
    ----------
    win_rate, low, high : float
        The defender's win rate and its interval at `level`, of the kind that `interval` names. Rates have intervals of
        their own, each at `level`: they do not all hold at once.
    rounds : int
        Rounds played; each plays both branches, or the coin's branch alone in literal mode, or all that there is in a
        game of one branch.
    forfeits, illegal, undecided : int
        Rounds in which the attacker gave up, broke a rule, or stood where legality could not be decided
        (undecided rounds are lost in `low` and won in `high`).
    defender_forfeits : int
        Branches that the defender lost by going over its budget.
    false_alarms, detections : int
        Clean branches flagged; planted branches flagged, forfeited or illegal.
    false_alarm_rate, detection_rate : Interval
        Clopper-Pearson at `level`; in adaptive mode a betting confidence sequence like the win rate's. A game of one
        branch has no false alarms, and its win rate is its detection rate.
    scores : (int, int, int) or None
        Rounds with both branches told wrongly, one of them, none: scores 0, 1/2 and 1, undecided plants missed.
    win_rate_given_plant : float or None
        Mean score over the rounds with a legal plant, both branches.
    given_plant_interval : (float, float) or None
        Of the same kind as the win rate's; in literal mode as where both branches are counted.
    auroc : float or None
        Probability that a planted branch looks more suspicious than a clean one, over rounds with a legal plant: exact
        up to 4,096 different suspicions, else of suspicions rounded to so many; flagged ones come after all others.
    auroc_interval : (float, float) or None
        At `level`: DeLong's variance with the errors of both branches added, see `ground.curves.auroc_interval`.
    roc : tuple of (false-alarm rate, detection rate)
    examples_per_round, evaluations_per_round, queries_per_round : float
        The defender's mean use, both branches together. A query is a label asked through the view; evaluations are
        the queries and what else was owned up to.
    attacker_examples_per_round, attacker_evaluations_per_round, attacker_queries_per_round : float
    scale : Scale or None
        What the win rate stands beside, where it was asked for.
    """

    win_rate: float
    low: float
    high: float
    level: float
    interval: str
    mode: str
    rounds: int
    forfeits: int
    illegal: int
    undecided: int
    defender_forfeits: int
    false_alarms: int
    detections: int
    false_alarm_rate: Interval | None
    detection_rate: Interval
    scores: tuple[int, int, int] | None
    win_rate_given_plant: float | None
    given_plant_interval: tuple[float, float] | None
    auroc: float | None
    auroc_interval: tuple[float, float] | None
    roc: tuple[tuple[float, float], ...]
    examples_per_round: float
    evaluations_per_round: float
    queries_per_round: float
    attacker_examples_per_round: float
    attacker_evaluations_per_round: float
    attacker_queries_per_round: float
    seed: int
    spec: dict[str, str]
    prepared: dict[str, str]
    versions: dict[str, str]
    scale: Scale | None = None

    def to_dict(self) -> dict[str, Any]:
        """Plain numbers, texts, lists and dicts."""
        return dataclasses.asdict(self)

    def blocks(self) -> Sequence[Block]:
        return [summary(self)]

    def headline(self) -> str:
        ends = f"low={self.low:.4f}, high={self.high:.4f}, level={self.level:.6g}"
        return f"win_rate={self.win_rate:.4f}, {ends}, rounds={self.rounds}, seed={self.seed}"

    def threshold_point(self) -> tuple[float, float] | None:
        """False-alarm and detection rate of the decisions made in rounds with a legal plant: a point of `roc`."""
        plants = self.rounds - self.forfeits - self.illegal - self.undecided
        if self.win_rate_given_plant is None or plants == 0:
            return None
        caught = (self.detections - self.forfeits - self.illegal) / plants
        return caught - (2 * self.win_rate_given_plant - 1), caught

    def plot(self, ax: Axes | None = None) -> Axes:
        """The ROC curve with its AUROC, guessing, and the point at which the defender's threshold stands.

        Raises
        ------
        MissingCapability
            Where there is no ROC curve: no legal plant, or a game of one branch.
        """
        from ...figures import roc_plot

        point = self.threshold_point()
        if self.auroc is None or point is None:
            raise MissingCapability("an estimate without a legal plant, or of one branch, has no ROC curve to plot")
        return roc_plot(self.roc, self.auroc, self.auroc_interval, point, self.level, ax)
