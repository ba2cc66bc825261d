"""What a tournament leaves: every pair, both rankings, and exact play where the game is finite."""

from __future__ import annotations

import csv
import dataclasses
import io
import math
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..figures import Panel, matrix_figure, matrix_plot
from ..games.measuring.records import RARE, Estimate, Interval
from ..games.measuring.telling import STARRED, starred
from ..ground.files import together, write_json, write_text
from ..ground.results import Block, Result, short
from .telling import told

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST_PANELS = 12  # panels of one figure: more take minutes to draw, on a page that nobody can look at
BLIND = "looks at nothing (blind)"
MEASURED = ("win_rate", "low", "high", "rounds", "forfeits", "illegal", "undecided", "forfeit_share")
SCALE = ("blind", "blind_low", "blind_high", "blind_player")
COLUMNS = ("game", "attacker", "defender", *MEASURED, *SCALE)
PLANTED = ("win_rate_given_plant", "given_plant_low", "given_plant_high")
EXACT = ("blind_exact", "best_reply", "worst_case", "value")  # behind the columns that stood first
LAST = ("cannot_play", "exact", "rarely_plants", *PLANTED, *EXACT)
INTERVAL = "simultaneous over all pairs: Sidak over games, Bonferroni over the pairs of one game, which share triggers"


@dataclasses.dataclass(frozen=True)
class Pairing:
    """One attacker against one defender on one game: what was measured, or the sentence why not.

    Attributes
    ----------
    refusal : str or None
        Why they cannot play it.
    exact : float or None
        The win rate without a round, where the game is small and both players' randomness is averaged exactly.
    failure : str or None
        What broke while they played.
    """

    game: str
    attacker: str
    defender: str
    estimate: Estimate | None = None
    refusal: str | None = None
    exact: float | None = None
    failure: str | None = None


@dataclasses.dataclass(frozen=True)
class Standing:
    """A player's place among its kind, over all pairs that it played.

    Attributes
    ----------
    place, place_by_mean : int
        One more than there are players of its kind that certainly stand before: those that left out fewer of the
        opponents and games that anybody of the kind met, and those that left out as many and whose interval lies
        wholly beyond this one's: above it for a defender, below it for an attacker. Players share a place as long as
        nobody is known to be better than one of them and not than another. A player's exact number stands for its
        interval where there is one, so that small games have the exact order, equals sharing a place.
    worst : Interval or None
        The win rate that is worst for this player, over opponents and games, with an interval for that extreme.
    against, on : str or None
        Opponent and game of the worst pair.
    mean : Interval or None
        Over all pairs played, each counting alike. Intervals are those of the pairs, all holding together.
    played, refused : int
    exact_worst, exact_mean : float or None
        The same without a round, where all of the player's pairs have an exact win rate.
    rarely_plants : bool
        An attacker that plants in under 1% of its rounds: defenders win against it by forfeits.
    """

    player: str
    place: int
    place_by_mean: int
    worst: Interval | None
    against: str | None
    on: str | None
    mean: Interval | None
    played: int
    refused: int
    exact_worst: float | None = None
    exact_mean: float | None = None
    rarely_plants: bool = False


@dataclasses.dataclass(frozen=True)
class ExactPlayer:
    """How much a player loses to its worst opponent, measured against optimal play.

    Attributes
    ----------
    role : str
        "attacker" or "defender".
    exploitability, low, high : float or None
        What the solver's gap leaves open and, where `how` is "estimated", an interval at level .95 for itself alone.
    how : str or None
        How the player's own randomness was averaged: closed form, deterministic, enumerated or estimated.
    reason : str or None
        Why there is no number.
    """

    player: str
    role: str
    exploitability: float | None = None
    low: float | None = None
    high: float | None = None
    how: str | None = None
    reason: str | None = None


@dataclasses.dataclass(frozen=True)
class ExactGame:
    """The value of a game, certified between `lower` and `upper`, with its players' exploitability; or why not."""

    game: str
    value: float | None = None
    lower: float | None = None
    upper: float | None = None
    reason: str | None = None
    players: tuple[ExactPlayer, ...] = ()


@dataclasses.dataclass(frozen=True, repr=False)
class TournamentResult(Result):
    """What `tournament` measured; texts are the players' and games' specs.

    Attributes
    ----------
    pairs : tuple of Pairing
        Every attacker against every defender on every game, in that order of nesting: game, attacker, defender.
    defender_ranking, attacker_ranking : tuple of Standing
        Best worst case first.
    exact : tuple of ExactGame
        One for each game; empty where exact play was not asked for.
    level : float
        All intervals hold together with this probability.
    sources : dict of str
        SHA-256 of each plug-in file behind the games and players, by its path as typed; every field of those who
        played is in the estimates of the pairs.
    failures : tuple of str
        What broke during play, a sentence for each pair that is missing for it; empty where the result is complete.
    """

    games: tuple[str, ...]
    attackers: tuple[str, ...]
    defenders: tuple[str, ...]
    pairs: tuple[Pairing, ...]
    defender_ranking: tuple[Standing, ...]
    attacker_ranking: tuple[Standing, ...]
    exact: tuple[ExactGame, ...]
    level: float
    rounds: int
    seed: int
    interval: str = INTERVAL
    sources: dict[str, str] = dataclasses.field(default_factory=dict)
    failures: tuple[str, ...] = ()

    def pair(self, attacker: str, defender: str, game: str | None = None) -> Pairing:
        """The pair of these specs, on the only game where none is named; KeyError for one that was not there."""
        wanted = self.games[0] if game is None and len(self.games) == 1 else game
        for one in self.pairs:
            if (one.game, one.attacker, one.defender) == (wanted, attacker, defender):
                return one
        raise KeyError((attacker, defender, game))

    def table(self) -> list[dict[str, Any]]:
        """One row a pair: plain texts and numbers, None where it cannot play, with the sentence under cannot_play.

        `exact` is the exact win rate where it is known; `rarely_plants` marks attackers that hardly ever plant.
        """
        rows = []
        for one in self.pairs:
            found = {} if one.estimate is None else {name: getattr(one.estimate, name) for name in MEASURED}
            if one.estimate is not None:
                found |= {name: getattr(one.estimate.scale, name) for name in (*SCALE, *EXACT)}
                given = one.estimate.win_rate_given_plant, *(one.estimate.given_plant_interval or (None, None))
                found |= dict(zip(PLANTED, given, strict=True))
            names = {"game": one.game, "attacker": one.attacker, "defender": one.defender}
            mark = {"exact": one.exact, "rarely_plants": rarely_plants(self.pairs, one.attacker)}
            refusal = one.refusal or one.failure
            rows.append({**dict.fromkeys((*COLUMNS, *LAST)), **names, **found, "cannot_play": refusal, **mark})
        return rows

    def to_dict(self) -> dict[str, Any]:
        """Plain numbers, texts, lists and dicts."""
        plain = dataclasses.asdict(self)
        for row, pair in zip(plain["pairs"], self.pairs, strict=True):
            row["estimate"] = None if pair.estimate is None else pair.estimate.to_dict()
        return plain

    def blocks(self) -> Sequence[Block]:
        return told(self)

    def headline(self) -> str:
        many = f"{len(self.attackers)} attackers, {len(self.defenders)} defenders, {len(self.games)} games"
        first = f"first {short(self.defender_ranking[0].player, 40)}"
        return f"{many}, {first}, rounds={self.rounds}, level={self.level:g}, seed={self.seed}"

    def plot(self, ax: Axes | None = None) -> Axes:
        """Win rates of the first game: defenders down and attackers across, ranked; `figure()` draws all games."""
        return matrix_plot(_panel(self, self.games[0]), *_ranked(self), ax)

    def csv(self) -> str:
        """The rows of `table()` as CSV, floats in full, nothing for None."""
        out = io.StringIO()
        writer = csv.DictWriter(out, [*COLUMNS, *LAST], lineterminator="\n")
        writer.writeheader()
        writer.writerows(self.table())
        return out.getvalue()

    def figure(self) -> Figure:
        """A heat map of win rates, a panel a game, ranked; for `backdoor_game.figures.save`."""
        return drawn(self)

    def write(self, folder: str | os.PathLike[str]) -> tuple[str, ...]:
        """Write tournament.json, .csv, .png and .svg into a folder, all in one step; their paths, in that order."""
        from ..figures import save

        place = os.path.join(folder, "tournament")
        with together():
            numbers = write_json(f"{place}.json", self.to_dict()), write_text(f"{place}.csv", self.csv())
            return *numbers, *save(self.figure(), folder, "tournament")


def rarely_plants(pairs: Sequence[Pairing], attacker: str) -> bool:
    """Whether an attacker plants in under 1% of the rounds that it plays."""
    played = [one.estimate for one in pairs if one.attacker == attacker and one.estimate is not None]
    planted = sum(one.rounds - one.forfeits - one.illegal for one in played)
    return bool(played) and planted < RARE * sum(one.rounds for one in played)


def drawn(result: TournamentResult) -> Figure:
    """Defenders down and attackers across, the strongest first; a panel a game, a dash where a pair cannot play."""
    panels = [_panel(result, game) for game in result.games[:MOST_PANELS]]
    title = f"Win rate of the defender, {result.rounds} rounds a pair; best worst case first"
    if (left := len(result.games) - MOST_PANELS) > 0:
        title += f"; the first {MOST_PANELS} games, and {left} more: see the JSON"
    return matrix_figure(
        panels,
        *_ranked(result),
        title=title,
        row_label="defender",
        column_label="attacker",
        empty="cannot play" if not result.failures else "cannot play, or broke down",
        notes=[STARRED] if any(one.rarely_plants for one in result.attacker_ranking) else [],
    )


def _ranked(result: TournamentResult) -> tuple[list[str], list[str]]:
    """The names of the rows and of the columns."""
    columns = [starred(one.player, one.rarely_plants) for one in result.attacker_ranking]
    return [*(one.player for one in result.defender_ranking), BLIND], columns


def _panel(result: TournamentResult, game: str) -> Panel:
    """The win rates of one game, what looking at nothing wins in the last row."""
    columns = [standing.player for standing in result.attacker_ranking]
    met = {(one.defender, one.attacker): one.estimate for one in result.pairs if one.game == game}
    blind = {attacker: found.scale.blind for (_, attacker), found in met.items() if found is not None}
    rows = [[_rate(met.get((row.player, column))) for column in columns] for row in result.defender_ranking]
    value = {one.game: one.value for one in result.exact}.get(game)
    return Panel(_title(game, value), [*rows, [blind.get(column, math.nan) for column in columns]])


def _rate(found: Estimate | None) -> float:
    return math.nan if found is None else found.win_rate


def _title(game: str, value: float | None) -> str:
    shown = game.removeprefix("BackdoorGame(").removesuffix(")")
    return shown if value is None else f"{shown}; value of the game: {value:.4f}"
