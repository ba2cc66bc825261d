"""`curve`: the win rate as one parameter is swept."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..figures import Line, curve_plot, save
from ..games.measuring.records import Estimate
from ..games.measuring.together import attempts
from ..ground import _validate
from ..ground.errors import ContractError, InvalidArgument
from ..ground.files import together, write_json
from ..ground.progress import Progress, silent
from ..ground.results import Block, Result
from ..ground.seeds import fresh_or
from .drawing import axis, draw, measured, scale_lines, tabulated, theory
from .players import several
from .points import Swept, lines_of, texts_of
from .scaling import scaled
from .sweeping import Lines, Sweep, Texts, listed_values

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


@dataclasses.dataclass(frozen=True, repr=False)
class Curve(Result):
    """What `curve` measured.

    Attributes
    ----------
    sweep : Sweep
        The parameter: its `name`, and its `values` in increasing order, each a `number` and the `text` in the specs.
    estimates : dict of str to tuple of Estimate
        By the label of each defender an estimate at each value, None where a player broke down.
    level : float
        All intervals hold together at this level.
    lines : tuple of Line
        What theorems say: no more than this, or no less.
    texts : Texts
        The specs, with the parameter in braces.
    log_x : bool
        Whether the parameter is drawn on a logarithmic axis.
    failures : tuple of str
        What broke during play, a sentence for each point that is missing for it; empty where the curve is complete.
    """

    sweep: Sweep
    estimates: dict[str, tuple[Estimate | None, ...]]
    level: float
    lines: tuple[Line, ...]
    texts: Texts
    log_x: bool = False
    failures: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        return {
            "sweep": self.sweep.name,
            "family_level": self.level,
            "interval": "simultaneous over all points and defenders",
            "points": [
                {"value": value.number, "text": value.text, "defender": label, "estimate": one.to_dict()}
                for label, series in self.estimates.items()
                for value, one in zip(self.sweep.values, series, strict=True)
                if one is not None
            ],
            "failures": list(self.failures),
        }

    def blocks(self) -> Sequence[Block]:
        return [tabulated(self.sweep, self.estimates, self.level)]

    def headline(self) -> str:
        first = next(one for series in self.estimates.values() for one in series if one is not None)
        what = f"{self.sweep.name}, {len(self.sweep.values)} values, {len(self.estimates)} defenders"
        return f"{what}, rounds={first.rounds}, level={self.level:g}, seed={first.seed}"

    def table(self) -> list[dict[str, Any]]:
        """A row a point: the parameter under its own name, the defender's label, and the fields of the estimate."""
        return [
            {self.sweep.name: value.number, "label": label, **one.table()[0]}
            for label, series in self.estimates.items()
            for value, one in zip(self.sweep.values, series, strict=True)
            if one is not None
        ]

    def plot(self, ax: Axes | None = None) -> Axes:
        """Measured points with their simultaneous intervals; dashed what theorems say and what they stand beside."""
        beside = [*self.lines, *scale_lines([value.number for value in self.sweep.values], self.estimates)]
        axes = curve_plot(measured(self.sweep, self.estimates), beside, axis(self.texts, self.sweep), ax)
        if self.log_x:
            axes.set_xscale("log")
        return axes

    def figure(self) -> Figure:
        """The picture of the command line, for `backdoor_game.figures.save`."""
        return draw(self.texts, self.sweep, self.estimates, self.lines, self.level, log_x=self.log_x)

    def write(self, folder: str | os.PathLike[str]) -> tuple[str, ...]:
        """Write curve.json, .png and .svg into a folder, in that order and each in one step; their paths."""
        with together():
            data = write_json(os.path.join(folder, "curve.json"), self.to_dict())
            return data, *save(self.figure(), folder, "curve")


def measure(
    sweep: Sweep,
    texts: Texts,
    lines: Lines,
    *,
    level: float,
    threads: int | None = None,
    log_x: bool = False,
    progress: Progress = silent,
) -> Curve:
    """Play the matches of a sweep; their intervals all hold together at `level`.

    Raises
    ------
    ContractError
        Where a player breaks its contract at every point; at some, the others are kept.
    """
    matches = [match for column in lines.values() for match in column]
    tried = attempts(matches, level=level, threads=threads, progress=progress)
    failures = [one for one in tried if isinstance(one, ContractError)]
    if len(failures) == len(tried):
        raise failures[0]
    there = [(match, one) for match, one in zip(matches, tried, strict=True) if isinstance(one, Estimate)]
    known = iter(scaled([match for match, _ in there], [one for _, one in there]))
    following = iter([next(known) if isinstance(one, Estimate) else None for one in tried])
    series = {label: tuple(next(following) for _ in column) for label, column in lines.items()}
    drawn = tuple(theory(sweep, lines, log_x=log_x))
    return Curve(sweep, series, level, drawn, texts, log_x, tuple(map(str, failures)))


def curve(
    game: Any,
    attacker: Any,
    defenders: Any,
    *,
    over: Mapping[str, Any],
    rounds: int = 20_000,
    seed: int | None = None,
    level: float = 0.99,
    threads: int | None = None,
    log_x: bool = False,
    progress: Progress = silent,
) -> Curve:
    """The win rate of one or several defenders as one parameter is swept.

    Parameters
    ----------
    game, attacker, defenders
        Objects, or their specs; `defenders` is one or several. The parameter is a field of one of the objects, or
        stands in braces in specs, as in ``"Thresholds(points={n})"``; a function of the parameter's value does as well.
    over : dict of one name to its values
        The name is that of a field of the game, ``"epsilon"`` or ``"functions.points"``, or of a player,
        ``"attacker.k"`` or ``"defender.threshold"``; or what stands in braces. The values are numbers and texts such as
        ``"1/8"`` in a list, or one text as the command line takes it: ``"10:50:5"``, ``"2^-10..2^-5"``.
    rounds, seed, threads, progress
        As for `estimate`; rounds are for each point, and a seed that is drawn is one for all of them.
    level : float in (0, 1)
        All intervals hold together at this level.
    log_x : bool
        Draw the parameter on a logarithmic axis.

    Raises
    ------
    InvalidArgument, MissingCapability, ContractError
        In one sentence each, before the first round.

    Examples
    --------
    >>> from backdoor_game import AllFunctions, BackdoorGame, CoinFlip, Shattered
    >>> game = BackdoorGame(AllFunctions(points=8), "1/8")
    >>> curve(game, Shattered(), CoinFlip(), over={"epsilon": ["1/16", "1/8"]}, rounds=100, seed=1)
    Curve(epsilon, 2 values, 1 defenders, rounds=100, level=0.99, seed=1)
    """
    sweep = _sweep(over)
    if log_x and sweep.values[0].number <= 0:
        raise InvalidArgument(f"log_x needs positive values, got {sweep.values[0].text}: leave it out")
    rounds = _validate.integer("rounds", rounds, 1, 2**48)
    seed, level = fresh_or(seed), _validate.level(level)
    given = several("defenders", defenders)
    swept = Swept("game", game), Swept("attacker", attacker), [Swept("defender", one) for one in given]
    lines = lines_of(sweep, *swept, rounds=rounds, seed=seed)
    texts = texts_of(sweep, lines, game, attacker, given)
    return measure(sweep, texts, lines, level=level, threads=threads, log_x=log_x, progress=progress)


def _sweep(over: Any) -> Sweep:
    """The one parameter and its values."""
    if not isinstance(over, Mapping) or len(over) != 1:
        raise InvalidArgument(
            f'over must name one parameter and its values, as {{"epsilon": ["1/8"]}}, got {over!r:.80}'
        )
    ((name, values),) = over.items()
    if not isinstance(name, str) or not all(part.isidentifier() for part in name.split(".")):
        raise InvalidArgument(f'over must name a parameter such as "epsilon" or "functions.points", got {name!r:.80}')
    if not isinstance(values, str | Sequence | np.ndarray) or len(values) == 0:
        raise InvalidArgument(f'over[{name!r}] must list values such as ["1/32", "1/8"], got {values!r:.80}')
    return Sweep(name, listed_values(values if isinstance(values, str) else list(values)))
