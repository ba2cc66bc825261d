"""Theorem 5.3 where the attacker picks D: blind trust on stars, at 1/r and far below."""

from __future__ import annotations

import dataclasses
import itertools
from fractions import Fraction

import numpy as np

from ... import bounds
from ...exact.solving import solve
from ...functions import Explicit, RandomOracle
from ...functions.table import labels_at
from ...games import BackdoorGame
from ...games.measuring.records import Estimate
from ...games.measuring.together import Match
from ...ground.errors import MissingCapability
from ...players.attackers import Star
from ...players.attackers.star import star_of
from ...players.defenders import AlwaysClean
from ...spaces.distributions import Uniform
from ..shared.base import Settings, Table, Verdict

FUNCTIONS = RandomOracle(key_bits=8, bits=10)  # 256 keys can be solved exactly, and 1,024 points hold large stars
POINTS = (4, 5, 6, 7)  # on the first two all labelings occur: nobody beats 1/2; on the others somebody does
SMALL = (4, 16, 64)  # epsilon is 1 / (so many (n + kappa)): well under it, and 4 times less each time
MOST_POINTS = 32  # more than a star can have, but for one oracle in a million: the search ends before
Played = list[tuple[Match, Estimate]]


@dataclasses.dataclass(frozen=True)
class Worth:
    """What a star's points are worth with D uniform on them and epsilon = 1/r, exactly.

    Attributes
    ----------
    all_keys : float
        The value of the game with every key.
    alone : Fraction
        The value with the centre and the leaves alone.
    """

    all_keys: float
    alone: Fraction


def uniform_cells(settings: Settings) -> list[Match]:
    """Blind trust against stars at epsilon = 1/r."""
    rounds = 65_536 if settings.full else 4_096
    return [Match(BackdoorGame(FUNCTIONS, 1 / r), Star(points=r), AlwaysClean(), rounds) for r in POINTS]


def small_cells(settings: Settings) -> list[Match]:
    """Blind trust against the largest star that the search finds, at a small epsilon."""
    rounds, r = 65_536 if settings.full else 16_384, largest_star()
    return [Match(BackdoorGame(FUNCTIONS, epsilon), Star(points=r), AlwaysClean(), rounds) for epsilon in epsilons()]


def epsilons() -> list[float]:
    """The small epsilons, largest first."""
    return [1 / (share * (FUNCTIONS.bits + FUNCTIONS.key_bits)) for share in SMALL]


def largest_star() -> int:
    """How many points the largest star has that is found around any centre: a lower bound on the most."""
    found = max(POINTS)
    for r in range(found, MOST_POINTS):
        try:
            star_of(FUNCTIONS, r)
        except MissingCapability:
            return found
        found = r
    return found


def worth(r: int) -> Worth:
    """The exact values on a star's points."""
    game = BackdoorGame(FUNCTIONS, 1 / r)
    star = star_of(FUNCTIONS, r)
    labels = labels_at(FUNCTIONS, np.concatenate([star.centre, star.leaves]), star.points)
    alone = BackdoorGame(Explicit(tuple("".join(map(str, row)) for row in labels.tolist())), f"1/{r}", Uniform())
    whole = dataclasses.replace(game, distribution=game.setup(Star(points=r)))
    fraction = solve(alone, exact=True).fraction
    assert fraction is not None
    return Worth(solve(whole).value, Fraction(fraction))


def expected(r: int, epsilon: float) -> float:
    """What blind trust wins against a star of r points with the heavy one forfeited."""
    return 1 - (r - 1) * epsilon / 2


def star_table(played: Played, values: dict[int, Worth]) -> Table:
    """Blind trust and optimal play on stars, at epsilon = 1/r."""
    rows = []
    for (match, found), r in zip(played, POINTS, strict=True):
        rates = f"{found.win_rate:.4f}", f"[{found.low:.4f}, {found.high:.4f}]"
        worth = values[r]
        plants = f"{1 - found.forfeits / found.rounds:.4f}"
        rows.append((str(r), repr(match.attacker), plants, *rates, f"{worth.all_keys:.6f}", str(worth.alone)))
    values_of = ("value, all keys [enumerated]", "value, star alone [enumerated]")
    header = ("r", "attacker", "plants a round", "AlwaysClean()", "interval", *values_of)
    return Table(f"D left open: {FUNCTIONS!r} on a star of r points, epsilon = 1/r", header, tuple(rows))


def small_table(played: Played) -> Table:
    """Blind trust at small epsilon."""
    star, rows = bounds.random_oracle_star(FUNCTIONS.key_bits, FUNCTIONS.bits), []
    for match, found in played:
        epsilon: float = match.game.epsilon
        rates = f"{found.win_rate:.4f}", f"[{found.low:.4f}, {found.high:.4f}]"
        exact, bound = expected(match.attacker.points, epsilon), bounds.trust_bound(star, epsilon)
        rows.append((f"1/{round(1 / epsilon)}", str(match.attacker.points), *rates, f"{exact:.6f}", f"{bound:.6f}"))
    header = ("epsilon", "points of D", "AlwaysClean()", "interval", "1 - (r-1) epsilon / 2", f"s = {star}, any D")
    title = "D left open: the worst D found (search: an upper bound on the least win rate), epsilon << 1/(n + kappa)"
    return Table(title, header, tuple(rows))


def star_verdicts(played: Played, values: dict[int, Worth]) -> tuple[Verdict, ...]:
    """What blind trust wins where D is open, and what could be won."""
    half = [found.forfeits == 0 and found.low <= 0.5 <= found.high for _, found in played]
    alone = [values[r].alone == Fraction(r, r + 1) for r in POINTS]
    above = [(r, found) for (_, found), r in zip(played, POINTS, strict=True) if values[r].all_keys > 0.5 + 1e-9]
    gap = min((values[r].all_keys - found.high for r, found in above), default=-1.0)
    return (
        Verdict(
            "with D left open a star has a plant in every round, and blind trust wins 1/2 at epsilon = 1/r",
            f"{sum(half)} of {len(half)} intervals hold 1/2 with no forfeit",
            "all",
            bool(half) and all(half),
        ),
        Verdict(
            "the star alone is worth r/(r + 1): who knows the centre flags the rest [enumerated]",
            ", ".join(str(values[r].alone) for r in POINTS),
            ", ".join(str(Fraction(r, r + 1)) for r in POINTS),
            all(alone),
        ),
        Verdict(
            "where not all labelings occur blind trust stays under the value: an unbounded defender sees the centre",
            f"least value minus upper end {gap:+.4f} over {len(above)}",
            "above 0",
            gap > 0,
        ),
    )


def small_verdicts(played: Played) -> tuple[Verdict, ...]:
    """What blind trust wins for every D at small epsilon."""
    star = bounds.random_oracle_star(FUNCTIONS.key_bits, FUNCTIONS.bits)
    room = min(found.low - bounds.trust_bound(star, match.game.epsilon) for match, found in played)
    rising = all(a.high < b.low for (_, a), (_, b) in itertools.pairwise(played))
    rates = ", ".join(f"{found.win_rate:.4f}" for _, found in played)
    exact = [found.low <= expected(match.attacker.points, match.game.epsilon) <= found.high for match, found in played]
    return (
        Verdict(
            "epsilon well under 1/(n + kappa): on a star of r points blind trust wins 1 - (r-1) epsilon/2",
            f"{sum(exact)} of {len(exact)} intervals contain it",
            "all",
            bool(exact) and all(exact),
        ),
        Verdict(
            f"epsilon well under 1/(n + kappa): blind trust wins 1 - s epsilon/2 on the worst D found, s = {star}",
            f"least lower end minus bound {room:+.4f} over {len(played)}",
            "at least 0",
            room >= 0,
        ),
        Verdict(
            "and tends to 1 as epsilon falls: intervals are apart and rise",
            rates,
            "each above the last",
            len(played) > 1 and rising,
        ),
    )
