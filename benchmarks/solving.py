"""Solving finite games: time against legal triples, and the usual linear program as a peer.

``python -m benchmarks.solving`` draws the picture, benchmarks/figures/solving.png.
"""

from __future__ import annotations

import functools
import pathlib
import statistics
from collections.abc import Callable, Iterator

import numpy as np

from backdoor_game import BackdoorGame, Explicit, Intervals, Thresholds, Uniform, figures
from backdoor_game.exact.finite import LegalGame, legal_game
from backdoor_game.exact.finite.guarantees import attacker_guarantee, defender_guarantee
from backdoor_game.exact.finite.optimal import LARGEST_PROGRAM
from backdoor_game.exact.finite.program import solve_attacker
from backdoor_game.exact.finite.regret import match_regrets

from .peers import ordered_program
from .timing import Bar, Row, compare, seconds

GAP = 1e-4
FIGURES = pathlib.Path(__file__).parent / "figures"


def random_table() -> Explicit:
    """2,000 random functions on 64 points."""
    return Explicit(np.random.default_rng(0).integers(2, size=(2000, 64)))


def arrays(functions: object, epsilon: object) -> LegalGame:
    """The game's arrays, made anew."""
    game = BackdoorGame(functions, epsilon, Uniform())  # type: ignore[arg-type]
    legal_game.cache_clear()
    return legal_game(game.functions, game.distribution, game.epsilon)  # type: ignore[arg-type]


def program(functions: object, epsilon: object) -> float:
    """Build and solve by the linear program; the gap that it leaves."""
    game = arrays(functions, epsilon)
    attack, flags = solve_attacker(game)
    return attacker_guarantee(game, attack) - defender_guarantee(game, flags)


def regrets(functions: object, epsilon: object) -> float:
    """Build and match regrets to a gap of 1e-4."""
    game = arrays(functions, epsilon)
    attack, flags = match_regrets(game, GAP)
    return attacker_guarantee(game, attack) - defender_guarantee(game, flags)


def once(name: str, action: Callable[[], float], most: float, stretch: float) -> Row:
    """One run of a long solve, which must leave a gap of at most 1e-4."""
    gaps: list[float] = []
    took = seconds(lambda: gaps.append(action()))
    assert gaps[0] <= GAP, gaps
    return Row(name, took, bar=Bar(most, stretch, at_most=True))


def rows(rounds: int) -> Iterator[Row]:
    regrets(Thresholds(points=8), "2/8")  # compile
    game = arrays(Intervals(points=32), "2/32")
    attack, _ = solve_attacker(game)
    assert abs(ordered_program.value(game) - attacker_guarantee(game, attack)) < 1e-8
    yield compare(
        f"solve: Intervals(32), 2/32, {game.triples} triples, vs one variable a triple",
        lambda: solve_attacker(game),
        lambda: ordered_program.value(game),
        rounds=min(rounds, 5),
    )
    yield once("solve: Intervals(63), 2/63, gap 1e-4", lambda: program(Intervals(points=63), "2/63"), 60, 10)
    yield once("solve: Intervals(63), 4/63, gap 1e-4", lambda: regrets(Intervals(points=63), "4/63"), 60, 21)
    yield once("solve: random 2000 x 64 table, 0.35, gap 1e-4", lambda: regrets(random_table(), 0.35), 240, 120)


def measured() -> tuple[list[tuple[int, float]], list[tuple[int, float]]]:
    """(triples, seconds) of both methods on intervals of growing size, medians of three runs where they are short."""
    regrets(Thresholds(points=8), "2/8")
    found: tuple[list[tuple[int, float]], list[tuple[int, float]]] = ([], [])
    for N, k in ((16, 1), (16, 2), (24, 2), (32, 2), (32, 3), (48, 2), (63, 2), (48, 4), (63, 4), (63, 6)):
        triples = arrays(Intervals(points=N), f"{k}/{N}").triples
        for method, out in ((program, found[0]), (regrets, found[1])):
            if method is regrets or triples <= LARGEST_PROGRAM:
                action = functools.partial(method, Intervals(points=N), f"{k}/{N}")
                out.append((triples, statistics.median(seconds(action) for _ in range(3 if triples < 50_000 else 1))))
                print(f"{method.__name__:8} {triples:9} triples {out[-1][1]:8.2f} s", flush=True)
    return found


def draw() -> None:
    """Time against triples for both methods."""
    labels = ("linear program, to 1e-6 or better", "regret matching, to 1e-4")
    series = [figures.Series(label, *zip(*times, strict=True)) for label, times in zip(labels, measured(), strict=True)]
    figure = figures.curve_figure(
        series,
        title="Solving interval games: time against size",
        xlabel="legal triples (f, f*, x)",
        ylabel="time (s)",
        log_x=10,
        log_y=10,
        dodge=False,
    )
    print(*figures.save(figure, str(FIGURES), "solving"), sep="\n")


if __name__ == "__main__":
    draw()
