"""The price of efficiency: how far each shipped defender is from optimal play, exactly, on each class."""

from __future__ import annotations

import math
from fractions import Fraction

from .. import bounds, figures
from ..exact.players import OptimalDefender
from ..exact.responses import HillClimbAttacker
from ..exact.solving import Exploitability, exact_win_rate, exploitability, solve
from ..functions import (
    AllFunctions,
    Boxes,
    Conjunctions,
    FunctionClass,
    Intervals,
    IntervalUnions,
    Parities,
    Singletons,
    Thresholds,
)
from ..games import BackdoorGame
from ..players.defenders import Defender
from ..spaces.distributions import Uniform
from .shared.base import Report, Settings, Table, Verdict
from .shared.players import DEFENDERS as SHIPPED

NAME = "price-of-efficiency"
TITLE = "The price of efficiency: exact exploitability of each shipped defender"
DEFENDERS: dict[str, Defender] = {"optimal": OptimalDefender(), **SHIPPED}
GAMES: dict[str, tuple[FunctionClass, Fraction]] = {
    "thresholds": (Thresholds(points=32), Fraction(1, 32)),
    "singletons": (Singletons(points=24), Fraction(1, 24)),
    "intervals": (Intervals(points=12), Fraction(1, 12)),
    "interval unions": (IntervalUnions(points=8, k=2), Fraction(1, 8)),
    "boxes": (Boxes(dimension=2, points=3), Fraction(1, 9)),
    "conjunctions": (Conjunctions(bits=3), Fraction(1, 8)),
    "parities": (Parities(bits=3), Fraction(1, 2)),
    "all functions": (AllFunctions(points=6), Fraction(1, 6)),
}
# at 2/12 plants are many, so that finding the worst takes a search
SEARCHED = BackdoorGame(Intervals(points=12), 2 / 12, Uniform())
BUDGETS = (30, 100, 300, 1000, 3000)  # half a decade a step
CLIMBED = ("Boltzmann", "ensemble", "neighbour vote")  # a resampler, a vote of models and a vote of neighbours
CLOSE = 1e-6  # the gap to which the linear program is solved
Found = dict[tuple[str, str], Exploitability]


def run(settings: Settings) -> Report:
    """Weigh every defender on every class, then search for its weaknesses on growing budgets."""
    games = {name: BackdoorGame(functions, float(eps), Uniform()) for name, (functions, eps) in GAMES.items()}
    budgets = (*BUDGETS, 10_000, 30_000) if settings.full else BUDGETS
    found: Found = {}
    total = len(games) * len(DEFENDERS) + len(CLIMBED) * len(budgets)
    for label, game in games.items():
        for name, defender in DEFENDERS.items():
            found[label, name] = exploitability(game, defender, seed=settings.seed)
            settings.progress(len(found), total)
    climbed = {}
    for name in CLIMBED:
        for budget in budgets:
            climbed[name, budget] = _climbed(DEFENDERS[name], budget)
            settings.progress(len(found) + len(climbed), total)
    files = (*_draw(found, settings.output), *_draw_search(climbed, settings.output))
    points = {
        "exploitability": [{"class": c, "defender": d, **one.to_dict()} for (c, d), one in found.items()],
        "search": [{"defender": d, "budget": b, "exploitability": v} for (d, b), v in climbed.items()],
    }
    return Report(NAME, TITLE, (_table(found), _search_table(climbed)), _verdicts(games, found, climbed), points, files)


def _climbed(defender: Defender, budget: int) -> float:
    """How much the attack that was found gains over the game's value, its win rate computed exactly."""
    attacker = HillClimbAttacker(defender, budget=budget)
    return solve(SEARCHED).value - exact_win_rate(SEARCHED, attacker, defender)


def _promise(label: str, game: BackdoorGame) -> float | None:
    """What is proved for a defender's default on a class."""
    d, epsilon = int(game.functions.vc_dimension or 0), game.epsilon
    if label == "Boltzmann":
        return bounds.boltzmann_bound(math.log(game.functions.count() or 1), epsilon, bounds.boltzmann_beta(epsilon))
    if label == "ensemble":
        m = bounds.voting_examples(epsilon)
        members = bounds.voting_members(epsilon, m)
        return bounds.voting_bound(d, epsilon, m, members, bounds.voting_threshold(epsilon, m))
    if label == "single distillation":
        return bounds.single_bound(d, epsilon, bounds.single_examples(d, epsilon))
    return None


def _table(found: Found) -> Table:
    rows = []
    for label, (functions, epsilon) in GAMES.items():
        value = found[label, "optimal"].game_value
        shown = (f"{found[label, d].value:.4f}" for d in DEFENDERS)
        rows.append((repr(functions), str(epsilon), f"{value:.4f}", *shown))
    ways = sorted({one.how for one in found.values()})
    title = f"exploitability, value minus win rate against the worst attacker [enumerated; averaged: {', '.join(ways)}]"
    return Table(title, ("class, uniform D", "epsilon", "value", *DEFENDERS), tuple(rows))


def _search_table(climbed: dict[tuple[str, int], float]) -> Table:
    budgets = sorted({budget for _, budget in climbed})
    rows = []
    for name in CLIMBED:
        exact = exploitability(SEARCHED, DEFENDERS[name]).value
        rows.append((name, *(f"{climbed[name, budget]:.4f}" for budget in budgets), f"{exact:.4f}"))
    title = f"exploitability that hill climbing finds on {SEARCHED.functions!r}, epsilon 1/6 [heuristic], by queries"
    return Table(title, ("defender", *map(str, budgets), "exact"), tuple(rows))


def _verdicts(
    games: dict[str, BackdoorGame], found: Found, climbed: dict[tuple[str, int], float]
) -> tuple[Verdict, ...]:
    optimal = max(one.value for (_, defender), one in found.items() if defender == "optimal")
    rooms = [
        one.win_rate - promise
        for (label, defender), one in found.items()
        if (promise := _promise(defender, games[label])) is not None and not bounds.vacuous(promise)
    ]
    sampled = [key for key, one in found.items() if one.how == "estimated"]
    over = max(gain - exploitability(SEARCHED, DEFENDERS[name]).value for (name, _), gain in climbed.items())
    return (
        Verdict("optimal play cannot be exploited", f"at most {optimal:.1e}", f"{CLOSE:g}", optimal <= CLOSE),
        Verdict(
            "no defender falls under what is proved for it, against its worst attacker",
            f"least distance {min(rooms):+.4f} over {len(rooms)} bounds that say something",
            "at least 0",
            min(rooms) >= -CLOSE,
        ),
        Verdict("every figure is exact", f"{len(sampled)} of {len(found)} sampled", "0", not sampled),
        Verdict("no search gains more than the worst attacker", f"{over:+.1e}", f"{CLOSE:g}", over <= CLOSE),
    )


def _draw(found: Found, folder: str) -> tuple[str, ...]:
    values = [[found[label, name].value for label in GAMES] for name in DEFENDERS]
    names = [f"{label}, ε = {epsilon}" for label, (_, epsilon) in GAMES.items()]
    figure = figures.matrix_figure(
        [figures.Panel("game value − win rate against the worst attacker", values)],
        list(DEFENDERS),
        names,
        title="The price of efficiency (exact)",
        row_label="defender",
        column_label="class, uniform D",
        colour_label="exploitability (probability)",
        colour_range=(0.0, 0.5),
    )
    return figures.save(figure, folder, NAME)


def _draw_search(climbed: dict[tuple[str, int], float], folder: str) -> tuple[str, ...]:
    budgets = sorted({budget for _, budget in climbed})
    series = [figures.Series(name, budgets, [climbed[name, budget] for budget in budgets]) for name in CLIMBED]
    lines = [
        figures.Line(f"{name}: worst attacker", [budgets[0], budgets[-1]], [exact, exact], like=name)
        for name in CLIMBED
        for exact in [exploitability(SEARCHED, DEFENDERS[name]).value]
    ]
    figure = figures.curve_figure(
        series,
        lines,
        title="What hill climbing finds, by budget",
        xlabel="budget (questions to the defender)",
        ylabel="exploitability found (probability)",
        log_x=10,
        dodge=False,
    )
    return figures.save(figure, folder, f"{NAME}-search")
