"""The value of a finite game against epsilon: solved at each of the finitely many epsilon where legality changes."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ... import bounds
from ...figures import Line
from ...games import BackdoorGame
from ...games.contract import blamed
from ...ground import _validate
from ...ground.errors import BackdoorGameError, InvalidArgument
from ...ground.fractions import as_fraction
from ...ground.lookup import made
from ...ground.origins import sources, written_out
from ...ground.progress import Progress, silent
from ...ground.spec import text
from ..averaging.defender import refuse_black_box
from ..finite import legal_game
from ..finite.breakpoints import Breakpoint, breakpoints
from ..finite.legal import TRIPLES
from ..finite.optimal import PROGRAM_TOLERANCE, ROUNDING
from ..finite.rational import EXACT_TRIPLES, exact_weights
from .solution import Solution, solve
from .value_curve import Step, ValueCurve

HALF = "half is reached before, and more legal plants help no defender"
FINE = 400  # points of a proved line: no corner is seen at the width of a page


def value_curve(
    game: BackdoorGame,
    *,
    low: float | str = 0.0,
    high: float | str = 1.0,
    exact: bool = False,
    tolerance: float | None = None,
    progress: Progress = silent,
) -> ValueCurve:
    """The value of a finite game at every epsilon from `low` to `high`: a step function, continuous from the right.

    What is legal changes only at the distances between functions that D can tell apart. The game is solved at each;
    once the defender wins no more than 1/2, it wins that by guessing at every larger epsilon.

    Parameters
    ----------
    game : BackdoorGame
        As for `solve`, with a D; its epsilon is not looked at.
    low, high : float in [0, 1]
        The range, both ends in it; fractions such as "1/8" may be typed.
    exact, tolerance, progress
        As for `solve`.

    Raises
    ------
    MissingCapability, InvalidArgument
        Where the game is not finite, has no D, has more than 1,000 breakpoints in the range or is too large at one of
        them: before the work, with the size and the limit.
    BackdoorGameError
        Where guarantees stay further apart than the tolerance, or the values do not fall with epsilon.

    Examples
    --------
    >>> from backdoor_game import BackdoorGame, Thresholds, Uniform
    >>> curve = value_curve(BackdoorGame(Thresholds(points=10), 0, Uniform()), high="3/10", exact=True)
    >>> [step.fraction for step in curve.steps]
    ['1', '10/11', '5/6', '31/40']
    """
    game, low, high = _asked(game, low, high)
    tolerance = None if tolerance is None else _validate.real("tolerance", tolerance, 1e-9, 1.0)
    assert game.distribution is not None
    legal = blamed(lambda: legal_game(game.functions, game.distribution, 0.0))
    found = breakpoints(legal, game.distribution, low, high)
    if exact:
        exact_weights(game.distribution)
    _check_sizes(found, exact)
    starts = [Breakpoint(as_fraction(low), 0), *found]
    steps: list[Step] = []
    told = _shares(starts, progress)
    for start, heard in zip(starts, told, strict=True):
        steps.append(_step(game, start, steps, {"exact": exact, "tolerance": tolerance, "progress": heard}))
        heard(1, 1)
    return ValueCurve(
        game=text(dataclasses.replace(game, epsilon=low)),
        low=low,
        high=high,
        steps=tuple(steps),
        exact=exact,
        tolerance=tolerance,
        functions=len(legal.codes),
        points=len(legal.points),
        distribution=text(game.distribution),
        lines=tuple(proved(game, len(legal.codes), max(low, steps[min(1, len(steps) - 1)].epsilon), high)),
        players={"game": written_out(dataclasses.replace(game, epsilon=low))},
        sources=sources(game, game.distribution),
    )


def _asked(game: Any, low: Any, high: Any) -> tuple[BackdoorGame, float, float]:
    """The game and the range, once they are sound."""
    game = made(game, BackdoorGame, "game", "BackdoorGame(Thresholds(points=10), 0, Uniform())")
    refuse_black_box(game)
    if game.distribution is None:
        raise InvalidArgument("a value curve is that of one D: give the game one, such as Uniform()")
    low, high = _validate.real("low", low, 0.0, 1.0), _validate.real("high", high, 0.0, 1.0)
    if low > high:
        raise InvalidArgument(f"low must be at most high, got {low:g} and {high:g}: exchange them")
    return game, low, high


def _check_sizes(found: Sequence[Breakpoint], exact: bool) -> None:
    """Refuse a range in which a game is too large, and say how far it may go."""
    most = EXACT_TRIPLES if exact else TRIPLES
    fits = [one for one in found if one.triples <= most]
    if len(fits) < len(found):
        last = f"high={str(fits[-1].epsilon)!r} (--to {fits[-1].epsilon})" if fits else "a smaller epsilon"
        raise InvalidArgument(
            f"{len(found) - len(fits)} of the {len(found)} breakpoints have more than {most} legal triples (f, f*, x)"
            f"{' for a fraction' if exact else ''}, up to {found[-1].triples:,}: take the range up to {last}"
        )


def _shares(starts: Sequence[Breakpoint], progress: Progress) -> list[Progress]:
    """Who is told of the progress of each step: its share of the work goes with its legal triples."""
    ends = np.cumsum([one.triples + 1000 for one in starts]).tolist()  # 1000: what the smallest games take beside

    def share(begin: int, end: int) -> Progress:
        def heard(done: int, total: int) -> None:
            progress(begin + (end - begin) * done // max(1, total), ends[-1])

        return heard

    return [share(begin, end) for begin, end in zip([0, *ends], ends, strict=False)]


def _step(game: BackdoorGame, start: Breakpoint, before: Sequence[Step], how: dict[str, Any]) -> Step:
    """The game solved at one epsilon; settled where the step before says it all."""
    at, shown = float(start.epsilon), str(start.epsilon)
    last = before[-1] if before else None
    close = PROGRAM_TOLERANCE if how["tolerance"] is None else how["tolerance"]
    settled = last is not None and (last.fraction == "1/2" if how["exact"] else last.upper <= 0.5 + close)
    if last is not None and settled:
        return Step(at, shown, (0.5 + last.upper) / 2, 0.5, last.upper, last.fraction, start.triples, HALF)
    found: Solution = solve(dataclasses.replace(game, epsilon=at), **how)
    if last is not None and found.lower > last.upper + ROUNDING:
        raise BackdoorGameError(
            f"the value cannot grow with epsilon: it is at most {last.upper!r} at {last.text} and at least "
            f"{found.lower!r} at {shown}"
        )
    return Step(at, shown, found.value, found.lower, found.upper, found.fraction, found.triples, found.method)


def proved(game: BackdoorGame, size: int, low: float, high: float) -> list[Line]:
    """What is proved of the default game on a class of this size and VC dimension, where it says more than guessing.

    Lower bounds on the value for the D that the game has: [CHLX25] Theorem 4.1 with default members, Appendix A, and
    1 - epsilon in VC dimension 1.
    """
    d = game.functions.vc_upper_bound
    if game != BackdoorGame(game.functions, game.epsilon, game.distribution) or low >= high or low == 0:
        return []
    x = np.linspace(low, high, FINE).tolist()

    def voting(epsilon: float) -> float:
        m = bounds.voting_examples(epsilon)
        members, threshold = bounds.voting_members(epsilon, m), bounds.voting_threshold(epsilon, m)
        return bounds.voting_bound(d or 0, epsilon, m, members, threshold)

    def resampling(epsilon: float) -> float:
        return bounds.boltzmann_bound(math.log(size), epsilon, bounds.boltzmann_beta(epsilon))

    log_size = f"ln|F| = {math.log(size):.3g}"
    lines: dict[str, Callable[[float], float]] = {f"at least this, by resampling, {log_size} [proved]": resampling}
    if d is not None:
        lines[f"at least this, by voting, d = {d} [proved]"] = voting
        if d <= 1:
            lines["at least 1 − ε, VC dimension 1 [proved]"] = bounds.dimension_one_bound
    every = ((label, [rule(epsilon) for epsilon in x]) for label, rule in lines.items())
    return [
        Line(label, x, [math.nan if bounds.vacuous(value) else value for value in y])
        for label, y in every
        if not bounds.vacuous(max(y))
    ]
