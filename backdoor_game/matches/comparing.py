"""`compare`: a panel of defenders against one attacker, with intervals that all hold together."""

from __future__ import annotations

import dataclasses
import itertools
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..figures import rates_figure, rates_plot, save
from ..games.measuring.records import Estimate
from ..games.measuring.telling import beside, given_plant, remarks, starred
from ..games.measuring.together import Match, estimates
from ..ground import _validate
from ..ground.files import together, write_json
from ..ground.progress import Progress, silent
from ..ground.results import Block, Result, short
from ..ground.seeds import fresh_or
from ..ground.spec import text
from .players import game_of, player_of, several
from .scaling import scaled
from .scores import Scores
from .sweeping import named

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TOGETHER = "simultaneous over all defenders (Bonferroni: they share triggers)"
PAIRED = "betting interval on the rounds' paired scores, simultaneous over all pairs of defenders (Bonferroni)"
# What is a defender's own of its scale; the rest is the attacker's and the game's, and is said once below the table.
EXACT = {"win_rate_exact": "exact", "worst_case": "worst case"}
MOST_PAIRS = 12  # differences that a dozen lines show; all are in `differences`


@dataclasses.dataclass(frozen=True)
class Compared:
    """A defender of a panel: its spec, its place from 1, which others may share, and its estimate."""

    defender: str
    place: int
    estimate: Estimate


@dataclasses.dataclass(frozen=True)
class Difference:
    """Win rate of `first` minus that of `second` over the same rounds, with the ends of its interval."""

    first: str
    second: str
    value: float
    low: float
    high: float


@dataclasses.dataclass(frozen=True, repr=False)
class Comparison(Result):
    """What `compare` measured.

    Attributes
    ----------
    game, attacker : str
        Their specs.
    defenders : tuple of Compared
        Highest win rate first. A defender's place is one more than there are others whose interval lies wholly above
        its own: the win-rate intervals all hold together at `level`.
    differences : tuple of Difference
        Of each pair, the one that stands first minus the other. They hold together at `level` as a family of their own.
    level : float
    rounds, seed : int
    interval, paired : str
        What the two kinds of intervals are.
    """

    game: str
    attacker: str
    defenders: tuple[Compared, ...]
    differences: tuple[Difference, ...]
    level: float
    rounds: int
    seed: int
    interval: str = TOGETHER
    paired: str = PAIRED

    def to_dict(self) -> dict[str, Any]:
        own = {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}
        rows = [{**vars(one), "estimate": one.estimate.to_dict()} for one in self.defenders]
        return {**own, "defenders": rows, "differences": [vars(one).copy() for one in self.differences]}

    def blocks(self) -> Sequence[Block]:
        estimates = [one.estimate for one in self.defenders]
        rare = estimates[0].rarely_plants
        exact = [name for name in EXACT if any(getattr(one.scale, name) is not None for one in estimates)]
        rows = [
            (
                *(one.place, short(one.defender, 60), found.win_rate, found.low, found.high),
                *(getattr(found.scale, name) for name in exact),
                *(given_plant(found), found.auroc),
            )
            for one, found in zip(self.defenders, estimates, strict=True)
        ]
        words = (EXACT[name] for name in exact)
        header = ("place", "defender", "win rate", "low", "high", *words, "given a plant", "AUROC")
        notes = [
            f"low and high: {100 * self.level:g}% intervals, {self.interval}",
            "a place is shared unless another's interval lies wholly above",
            f"against {short(starred(self.attacker, rare))} in {self.rounds} rounds, seed {self.seed}",
            *beside(estimates[0]),
            *remarks(estimates[:1], marks=rare),  # all meet the same plants
        ]
        return [Block(rows, header, notes=notes), *self._told_differences()]

    def _told_differences(self) -> list[Block]:
        """Those from the defender that stands first, as many as a dozen lines take."""
        leader = [one for one in self.differences if one.first == self.defenders[0].defender][:MOST_PAIRS]
        if not leader:
            return []
        rows = [(short(one.second, 60), one.value, one.low, one.high) for one in leader]
        header = (f"{short(self.defenders[0].defender, 40)} minus", "win rate", "low", "high")
        return [Block(rows, header, notes=[f"low and high: {100 * self.level:g}%, {self.paired}"])]

    def headline(self) -> str:
        first = self.defenders[0]
        many = f"{len(self.defenders)} defenders, first {short(first.defender, 40)}"
        return f"{many} {first.estimate.win_rate:.4f}, rounds={self.rounds}, level={self.level:g}, seed={self.seed}"

    def table(self) -> list[dict[str, Any]]:
        """A row a defender: its place, and the fields of its estimate."""
        return [{"defender": one.defender, "place": one.place, **one.estimate.table()[0]} for one in self.defenders]

    def _rates(self) -> list[tuple[float, float, float]]:
        return [(one.estimate.win_rate, one.estimate.low, one.estimate.high) for one in self.defenders]

    def plot(self, ax: Axes | None = None) -> Axes:
        """A row a defender, the first on top: its win rate and simultaneous interval."""
        return rates_plot([one.defender for one in self.defenders], self._rates(), ax)

    def figure(self) -> Figure:
        """`plot` on a page of its own, for `backdoor_game.figures.save`."""
        blind = None if (scale := self.defenders[0].estimate.scale) is None else scale.blind
        names = [one.defender for one in self.defenders]
        title = f"Win rates of {len(names)} defenders against {short(self.attacker, 60)}, {self.rounds} rounds"
        bars = f"simultaneous {100 * self.level:g}% intervals"
        return rates_figure(names, self._rates(), title=title, bars=bars, blind=blind)

    def write(self, folder: str | os.PathLike[str]) -> tuple[str, ...]:
        """Write compare.json, .png and .svg into a folder, in that order and each in one step; their paths."""
        with together():
            data = write_json(os.path.join(folder, "compare.json"), self.to_dict())
            return data, *save(self.figure(), folder, "compare")


def compare(
    game: Any,
    attacker: Any,
    defenders: Any,
    *,
    rounds: int = 20_000,
    seed: int | None = None,
    level: float = 0.95,
    threads: int | None = None,
    progress: Progress = silent,
) -> Comparison:
    """Several defenders, or detectors, against one attacker on the same rounds; a model is made once for all of them.

    Parameters
    ----------
    game, attacker
        As for `estimate`, or their specs.
    defenders
        One or several, or their specs, no two alike.
    rounds, seed, threads, progress
        As for `estimate`; at most 2^28 rounds divided by the number of defenders.
    level : float in (0, 1)
        All win rates' intervals hold together at this level, and so do those of all differences.

    Raises
    ------
    InvalidArgument, MissingCapability, ContractError
        In one sentence each, before the first round where a defender cannot play.

    Examples
    --------
    >>> from backdoor_game import AllFunctions, AlwaysFlag, BackdoorGame, CoinFlip, Shattered
    >>> panel = [CoinFlip(), AlwaysFlag()]
    >>> compare(BackdoorGame(AllFunctions(points=8), "1/8"), Shattered(), panel, rounds=100, seed=1).rounds
    100
    """
    level, seed = _validate.level(level), fresh_or(seed)
    rounds = _validate.integer("rounds", rounds, 1, 2**48)
    field = game_of(game)
    against = player_of(field, "attacker", attacker)
    panel = [player_of(field, "defender", one) for one in several("defenders", defenders)]
    matches = [Match(field, against, one, rounds, seed) for one in panel]
    named([[match] for match in matches])  # refuses one that is named twice
    scores = Scores(len(panel), rounds, field.branches)
    played = estimates(matches, level=level, threads=threads, heard=scores, progress=progress)
    found = scaled(matches, played)
    order = sorted(range(len(panel)), key=lambda place: -found[place].win_rate)
    ranked = tuple(Compared(text(panel[i]), _place(found[i], found), found[i]) for i in order)
    pairs = list(itertools.combinations(order, 2))
    each = 1 - (1 - level) / max(1, len(pairs))
    apart = [(text(panel[i]), text(panel[j]), *scores.difference(i, j, each)) for i, j in pairs]
    return Comparison(
        game=text(field),
        attacker=text(against),
        defenders=ranked,
        differences=tuple(Difference(*one) for one in apart),
        level=level,
        rounds=rounds,
        seed=seed,
    )


def _place(own: Estimate, everybody: Sequence[Estimate]) -> int:
    """One more than there are defenders whose interval lies wholly above."""
    return 1 + sum(other.low > own.high for other in everybody)
