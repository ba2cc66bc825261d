"""Theorem 5.1 as epsilon falls at one size: the win rate of one distillation tends to 1."""

from __future__ import annotations

import itertools
import math

from ... import bounds, figures
from ..shared.base import Settings, Table, Verdict
from ..shared.cells import BARS, against, blind, starred
from .matches import CONJUNCTIONS, Played, Sized, sized

N = 64  # large enough that epsilon is small, small enough that thousands of rounds take seconds
SHARES = (32, 128, 512)  # epsilon = 1 / (share n): 4 times less each time, which halves the loss that is proved
GRID = 100  # places of a drawn bound: no corner is seen at the width of a page
FALL = 1.5  # of the loss at each step: what is proved halves it, and rounding of rare plants takes some of that away


def cells(settings: Settings) -> list[Sized]:
    """Every epsilon against two attacks on conjunctions; in full also against those on parities, which take longer."""
    rounds = 16_384 if settings.full else 4_096  # on the shattered set two rounds in a thousand have a plant at last
    found = [one for share in SHARES for one in sized(N, rounds, share)]
    return found if settings.full else [one for one in found if one.label == CONJUNCTIONS]


def worst(played: Played) -> list[tuple[float, float, float]]:
    """Win rate and its interval at each epsilon, largest first, against the attack that leaves least."""
    rates: dict[float, list[tuple[float, float, float]]] = {}
    for one, found in played:
        rates.setdefault(one.cell.game.epsilon, []).append((found.win_rate, found.low, found.high))
    return [min(rates[epsilon]) for epsilon in sorted(rates, reverse=True)]


def table(played: Played) -> Table:
    """Win rates beside what is proved."""
    rows = []
    for one, f in played:
        epsilon: float = one.cell.game.epsilon
        m, rates = str(bounds.single_examples(N, epsilon)), (f"{f.win_rate:.4f}", f"[{f.low:.4f}, {f.high:.4f}]")
        plants = f"{1 - f.forfeits / f.rounds:.4f}"
        known = one.label, against(one.attack, f), f"1/{round(1 / epsilon)}"
        rows.append((*known, m, plants, *rates, blind(f), f"{one.bound:.4f}"))
    header = ("class, learner", "attacker", "epsilon", "m", "plants a round", "win rate", "interval", "blind")
    title = starred(f"single distillations at n = {N} as epsilon falls", rows)
    return Table(title, (*header, "single bound"), tuple(rows))


def verdicts(played: Played) -> tuple[Verdict, ...]:
    """What is proved at each epsilon, and where it leads."""
    room = min(f.low - one.bound for one, f in played)
    rates = worst(played)
    losses = [1 - rate for rate, _, _ in rates]
    falls = [a / b if b else math.inf for a, b in itertools.pairwise(losses) if a > 0]
    apart = rates[-1][1] - rates[0][2]
    return (
        Verdict(
            f"at n = {N} every interval of the win rate is above its bound as epsilon falls",
            f"least lower end minus bound {room:+.4f} over {len(played)}",
            "at least 0",
            room >= 0,
        ),
        Verdict(
            f"and against the worst of these attacks the loss falls by {FALL} times or more whenever epsilon does by 4",
            f"{', '.join(f'{loss:.4f}' for loss in losses)}: {', '.join(f'{fall:.1f}' for fall in falls)} times; "
            f"last interval {apart:+.4f} above the first",
            "each; above 0",
            len(falls) == len(rates) - 1 > 0 and min(falls) >= FALL and apart > 0,
        ),
    )


def draw(played: Played, folder: str, name: str) -> tuple[str, ...]:
    """Win rates and bounds over 1 / epsilon."""
    series = []
    for label, attack in dict.fromkeys((one.label, one.attack) for one, _ in played):
        rows = [
            (1 / one.cell.game.epsilon, f.win_rate, f.low, f.high)
            for one, f in played
            if (one.label, one.attack) == (label, attack)
        ]
        series.append(figures.Series(f"{label.split(',')[0]}: {attack}", *zip(*rows, strict=True)))
    ends = [SHARES[0] * N, SHARES[-1] * N]
    fine = [ends[0] * (ends[1] / ends[0]) ** (i / GRID) for i in range(GRID + 1)]
    heights = [bounds.single_bound(N, 1 / x, bounds.single_examples(N, 1 / x)) for x in fine]
    figure = figures.curve_figure(
        series,
        [figures.Line("bound of a single distillation", fine, heights)],
        title=f"Theorem 5.1: one distillation by an efficient learner, n = {N}",
        xlabel="1/ε, inverse of the largest legal distance of f and f*",
        interval=BARS,
        guessing=True,
        log_x=2,
        y_range=(0.45, 1.02),
    )
    return figures.save(figure, folder, f"{name}-epsilon")
