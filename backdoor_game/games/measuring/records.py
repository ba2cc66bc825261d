"""Plain results: what an estimate says."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ...ground.errors import MissingCapability
from ...ground.results import Block, Result, rate
from .telling import notes, summary

RARE = 0.01  # a share of plants under which even a defender that misses them all seems to win: .995 and more

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
    """What a win rate stands beside: what looking at nothing wins, and what optimal play wins where that is known.

    Exact numbers are None where they are not known, and `reasons` says why; all are win rates of the defender.

    Attributes
    ----------
    blind, blind_low, blind_high : float
        The blind baseline, and its interval of the kind and level of the win rate's: what the better of two defenders
        that look at nothing, `AlwaysClean` and `AlwaysFlag`, wins in the rounds that were played, from their forfeits,
        illegal and undecided plants. In a game of one branch: what a defender wins that does nothing.
    blind_player : str
        Which of them: ``"AlwaysClean"``, ``"AlwaysFlag"`` or, in a game of one branch, ``"DoesNothing"``.
    blind_exact : float or None
        The better of always-clean and always-flag against this attacker, over all its randomness.
    best_reply : float or None
        The best reply to this attacker: no defender wins more against it.
    win_rate_exact : float or None
        This defender against this attacker: what the measured win rate estimates.
    worst_case : float or None
        This defender against the attacker that it loses most to, D as the game fixes it.
    value, value_low, value_high : float or None
        What optimal play of both sides wins, between certified ends. Where the game leaves D open, `value_high` alone:
        the value under the D that this attacker picks, which the value over all D is at most.
    value_fraction : str or None
        The value as a fraction that is proved, where that takes little.
    reasons : dict of str to str
        For each number that is missing the sentence that says why; empty where no exact number was asked for.
    """

    blind: float
    blind_low: float
    blind_high: float
    blind_player: str
    blind_exact: float | None = None
    best_reply: float | None = None
    win_rate_exact: float | None = None
    worst_case: float | None = None
    value: float | None = None
    value_low: float | None = None
    value_high: float | None = None
    value_fraction: str | None = None
    reasons: dict[str, str] = dataclasses.field(default_factory=dict)

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
    scale : Scale
        What the win rate stands beside; its exact numbers only where they were asked for.
    half_width, most_rounds : float and int, or None
        What an adaptive run was asked for; None of others.
    records : structured ndarray, shape (rounds,), or None
        With ``estimate(..., records=True)`` what happened in each round: `round`, `status` ("planted", "forfeit",
        "illegal", "undecided"), `coin` (the branch that was played first), `suspicion_clean` and `suspicion_planted`
        (NaN where nothing was shown), `flagged_...` and `over_budget_...` of either branch; `f` and `f_star` (codes, in
        games about models 16 digits of the code's SHA-256; f* all zero or empty where there is none) and the trigger
        `x_star`, where the game has them. Neither equality nor `to_dict()` looks at them; for a frame:
        ``pandas.DataFrame({name: list(found.records[name]) for name in found.records.dtype.names})``.
    players : dict of dict
        Every field of the game, the attacker and the defender as they played, defaults too.
    sources : dict of str
        SHA-256 of each plug-in file behind them, and of the neighbours that it imports, by its path as typed.
    versions : dict
        What numbers may depend on beside the seed, processor and BLAS among it; see `games.measuring.summary.versions`.
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
    scale: Scale
    players: dict[str, dict[str, Any]] = dataclasses.field(default_factory=dict)
    sources: dict[str, str] = dataclasses.field(default_factory=dict)
    half_width: float | None = None
    most_rounds: int | None = None
    records: Any = dataclasses.field(default=None, compare=False)

    @property
    def forfeit_share(self) -> float:
        """The share of the rounds in which the attacker gave up."""
        return self.forfeits / self.rounds

    @property
    def illegal_share(self) -> float:
        """The share of the rounds in which the attacker broke a rule."""
        return self.illegal / self.rounds

    @property
    def rarely_plants(self) -> bool:
        """Whether under 1% of the rounds may have a legal plant: the win rate then says next to nothing of defence."""
        return self.rounds - self.forfeits - self.illegal < RARE * self.rounds

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader of the win rate must know, a sentence each: that most rounds had no plant."""
        return notes(self)

    def to_dict(self) -> dict[str, Any]:
        """Plain numbers, texts, lists and dicts, `notes` among them and the records left out."""
        plain = dataclasses.asdict(dataclasses.replace(self, records=None))
        del plain["records"]
        shares = {"forfeit_share": self.forfeit_share, "illegal_share": self.illegal_share}
        return {**plain, **shares, "rarely_plants": self.rarely_plants, "notes": list(self.notes)}

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
