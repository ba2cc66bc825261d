"""Tables and pictures of the price of information."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ... import figures
from ...games.observations import Examples, Observation, Queries
from ...ground.spec import text
from ...players.defenders import NeighbourVote
from ..shared.base import Table
from .axis import GAMES
from .learners import LEARNED, Weighed

NAME = "price-of-information"
Best = Mapping[tuple[str, Observation], float]
Axes = Mapping[str, tuple[Observation, ...]]
WORDS = {
    "Blind()": "nothing",
    "Label()": "f'(x')",
    "LeafMassSeen()": "mass of the leaf of x'",
    "ActivePath()": "path of x', f'(x')",
    "WhiteBox()": "x' and all of f'",
}


def named(sees: Observation) -> str:
    """What is seen, in a few words."""
    if isinstance(sees, Examples):
        more = {0: "", 1: ", 1 example"}.get(sees.m, f", {sees.m} examples")
        return ("x', f'(x')" if sees.label else "x'") + more
    if isinstance(sees, Queries):
        return f"x', {sees.q} quer{'y' if sees.q == 1 else 'ies'}"
    return WORDS.get(text(sees), text(sees))


def tables(axes: Axes, best: Best, defaults: Iterable[Weighed], votes: Iterable[Weighed]) -> tuple[Table, ...]:
    """Values by what is seen; the shipped defenders, and votes of few examples, beside what they could win."""
    every = list(dict.fromkeys(sees for axis in axes.values() for sees in axis))
    rows = tuple((named(sees), *(_shown(best, axes, label, sees) for label in GAMES)) for sees in _ordered(every))
    games = (f"{text(game.functions)}, {game.epsilon:g}" for game in GAMES.values())
    header = ("defender", "class", "sees", "wins at least", "best of what it sees", "short by")
    return (
        Table("values by what the defender sees [enumerated], uniform D", ("sees", *games), rows),
        Table("shipped defenders [enumerated]", header, _rows(best, defaults)),
        Table(
            "votes of few examples, the best threshold and number of members [enumerated]", header, _rows(best, votes)
        ),
    )


def _shown(best: Best, axes: Axes, label: str, sees: Observation) -> str:
    return f"{best[label, sees]:.6f}" if sees in axes[label] else "-"


def _ordered(every: list[Observation]) -> list[Observation]:
    """Those of all classes first, in the order of the axis, with what is a class's own where it stands there."""
    return sorted(every, key=lambda sees: (not text(sees).startswith("Blind"), text(sees) == "WhiteBox()"))


def _rows(best: Best, weighed: Iterable[Weighed]) -> tuple[tuple[str, ...], ...]:
    return tuple(
        (
            text(one.defender),
            one.label,
            named(one.sees),
            f"{one.worst:.6f}",
            f"{best[one.label, one.sees]:.6f}",
            f"{best[one.label, one.sees] - one.worst:.6f}",
        )
        for one in weighed
    )


def draw(axes: Axes, best: Best, votes: Iterable[Weighed], folder: str) -> tuple[str, ...]:
    """The axis with all classes, and a picture of learners for each class that has them."""
    votes = list(votes)
    files = _draw_axis(axes, best, folder)
    for label in LEARNED:
        files += _draw_votes(label, best, [one for one in votes if one.label == label], folder)
    return files


def _draw_axis(axes: Axes, best: Best, folder: str) -> tuple[str, ...]:
    every = _ordered(list(dict.fromkeys(sees for axis in axes.values() for sees in axis)))
    series = []
    for label, axis in axes.items():
        rows = [every.index(sees) for sees in axis]
        epsilon = f"{GAMES[label].epsilon:g}"
        series.append(figures.Series(f"{label}, ε = {epsilon}", rows, [best[label, sees] for sees in axis], key=label))
    figure = figures.rows_figure(
        [named(sees).replace("'", "\N{PRIME}") for sees in every],
        series,
        {"blind guessing": 0.5},
        title="The price of information: exact values (uniform D)",
        xlabel="value, win rate of the defender under optimal play (probability)",
        ylabel="what the defender sees",
        sheet=list(axes),
    )
    return figures.save(figure, folder, NAME)


def _draw_votes(label: str, best: Best, votes: list[Weighed], folder: str) -> tuple[str, ...]:
    """Against the number of examples: the best that they allow, and what votes make of them."""
    drawn = sorted(sees.m for (of, sees) in best if of == label and isinstance(sees, Examples) and sees.label)
    most = max(one.sees.m for one in votes if isinstance(one.sees, Examples))
    few = [m for m in drawn if 1 <= m <= most]
    series = [figures.Series("best use of the examples", few, [best[label, Examples(m)] for m in few])]
    for name, near in (("best vote of models", False), ("vote of the nearest", True)):
        mine = [one for one in votes if isinstance(one.defender, NeighbourVote) is near]
        x = [one.sees.m for one in mine if isinstance(one.sees, Examples)]
        series.append(figures.Series(name, x, [one.worst for one in mine]))
    white = [value for (of, sees), value in best.items() if of == label and text(sees) == "WhiteBox()"]
    lines = [figures.Line("white box", [1, most], [white[0], white[0]])]
    figure = figures.curve_figure(
        series,
        lines,
        title=f"What learners make of their examples: {text(GAMES[label].functions)}, ε = {GAMES[label].epsilon:g}",
        xlabel="m, examples in all beside x′ and f′(x′) (count)",
        ylabel="win rate against the worst attacker (probability)",
        guessing=True,
        log_x=2,
        dodge=False,
        sheet=[one.label for one in series],
    )
    return figures.save(figure, folder, f"{NAME}-{label}")
