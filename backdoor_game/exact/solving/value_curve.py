"""What `value_curve` found: the value of a finite game as a step function of epsilon."""

from __future__ import annotations

import bisect
import dataclasses
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ...figures import Line, steps_figure, steps_plot
from ...functions.legality import TIE
from ...games.measuring.summary import versions
from ...ground import _validate
from ...ground.results import Block, Result, short

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

AXIS = "ε, the largest legal distance of f and f* (probability)"


@dataclasses.dataclass(frozen=True)
class Step:
    """The value from one epsilon on, up to the next step.

    Attributes
    ----------
    epsilon : float
    text : str
        It as a fraction.
    value, lower, upper : float
        As in `Solution`.
    fraction : str or None
        The value as a fraction, where that was asked for.
    triples : int
        Legal triples (f, f*, x).
    method : str
    """

    epsilon: float
    text: str
    value: float
    lower: float
    upper: float
    fraction: str | None
    triples: int
    method: str


@dataclasses.dataclass(frozen=True, repr=False)
class ValueCurve(Result):
    """The value of a game at every epsilon of a range; `to_dict()` is what the command line prints under ``--json``.

    Attributes
    ----------
    game : str
        The game at the first epsilon.
    low, high : float
        The range, both ends in it.
    steps : tuple of Step
        The first is at `low`; each further one at a distance of two functions, where more plants become legal. From a
        step up to the next the game is the same one, so that the value is too.
    exact : bool
    tolerance : float or None
        As they were asked for.
    functions, points : int
        Functions that D can tell apart, points of positive mass.
    distribution : str
    lines : tuple of Line
        What is proved of the class at every epsilon, for the picture.
    players : dict of dict
        Every field of the game at the first epsilon.
    sources : dict of str
        SHA-256 of each plug-in file behind the game, by its path as typed.
    """

    game: str
    low: float
    high: float
    steps: tuple[Step, ...]
    exact: bool
    tolerance: float | None
    functions: int
    points: int
    distribution: str
    lines: tuple[Line, ...] = ()
    players: dict[str, dict[str, Any]] = dataclasses.field(default_factory=dict)
    sources: dict[str, str] = dataclasses.field(default_factory=dict)

    @property
    def breakpoints(self) -> int:
        """How many epsilon in the range change what is legal; the first step is where the range begins."""
        return len(self.steps) - 1

    def at(self, epsilon: float | str) -> Step:
        """The step that an epsilon of the range lies on; ties within 1e-12, as the game decides them.

        Raises
        ------
        InvalidArgument
            For an epsilon outside the range.
        """
        at = _validate.real("epsilon", epsilon, self.low, self.high)
        return self.steps[max(0, bisect.bisect_right([step.epsilon for step in self.steps], at + TIE) - 1)]

    def to_dict(self) -> dict[str, Any]:
        """Plain numbers and texts."""
        plain = {field.name: getattr(self, field.name) for field in dataclasses.fields(self) if field.name != "lines"}
        steps = [dataclasses.asdict(step) for step in self.steps]
        return {**plain, "steps": steps, "breakpoints": self.breakpoints, "versions": versions()}

    def table(self) -> list[dict[str, Any]]:
        """A row a step."""
        return [dataclasses.asdict(step) for step in self.steps]

    def blocks(self) -> Sequence[Block]:
        """The steps, and what they are of."""
        exact = ("as a fraction",) if self.exact else ()
        rows = [
            (
                step.text,
                f"{step.value:.6f}",
                *([step.fraction] if self.exact else []),
                step.upper - step.lower,
                step.triples,
            )
            for step in self.steps
        ]
        about = f"{self.breakpoints} breakpoints from {self.low:g} to {self.high:g}; the value holds up to the next one"
        size = f"{self.functions} functions, {self.points} points; {self.game}"
        return [Block(rows, ("epsilon from", "value", *exact, "gap", "legal triples"), notes=[about, size])]

    def headline(self) -> str:
        first, last = self.steps[0], self.steps[-1]
        ends = f"value {first.fraction or f'{first.value:.6f}'} to {last.fraction or f'{last.value:.6f}'}"
        return f"{ends}, {self.breakpoints} breakpoints in [{self.low:g}, {self.high:g}], {short(self.game, 80)}"

    def plot(self, ax: Axes | None = None) -> Axes:
        """The steps, with what is proved of the class dashed."""
        return steps_plot(*self._corners(), self.high, self.lines, xlabel=AXIS, ax=ax)

    def figure(self) -> Figure:
        """The picture of the command line, for `backdoor_game.figures.save`."""
        title = f"Value against ε: {self.players['game']['functions']} under {self.distribution}"
        return steps_figure(*self._corners(), self.high, self.lines, xlabel=AXIS, title=title)

    def _corners(self) -> tuple[list[float], list[float]]:
        return [step.epsilon for step in self.steps], [step.value for step in self.steps]
