"""Optimal play as a person reads it: which f is picked, what is planted at which trigger, and what is flagged."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ...figures import Mark, play_figure, play_plot
from ...ground.errors import InvalidArgument
from ...ground.results import Block, Result, short

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST_PLANTS = 100  # rows of a table on a terminal; `table()` and `to_dict()` have them all
MOST_COLUMNS = 16  # points that stand beside each other on a terminal
MOST_DRAWN = 40  # functions, and points, of a picture: a page of 17 inches, of 40 where cells hold several plants


@dataclasses.dataclass(frozen=True)
class PlayedFunction:
    """A function: its labels on the points of D as a text of 0 and 1, its code, and how often it is picked as f."""

    labels: str
    code: tuple[float, ...]
    weight: float


@dataclasses.dataclass(frozen=True)
class PlayedPlant:
    """A plant: numbers of f, of the point x and of f*; Pr[f* | f, x], and the probability of all three together."""

    f: int
    x: int
    f_star: int
    probability: float
    mass: float


@dataclasses.dataclass(frozen=True)
class PlayedFlag:
    """How likely the defender flags what it is shown: numbers of f' and x', None where it does not see them.

    `beside` says what else it sees, such as a trace.
    """

    f: int | None
    x: int | None
    probability: float
    beside: str = ""


@dataclasses.dataclass(frozen=True, repr=False)
class OptimalPlay(Result):
    """Optimal play of both sides in a finite game, one of perhaps many; what is left out is counted.

    Attributes
    ----------
    game : str
    points : tuple of tuple of numbers
        The points that D can draw.
    weights : tuple of float
        D.
    functions : tuple of PlayedFunction
        By their labels. Members that D cannot tell apart are one function, with the code of one of them.
    plants : tuple of PlayedPlant
        Those between the functions that are shown; what Pr[f* | f, x] lack to 1 over all f* is a forfeit, where no
        function is left out.
    flags : tuple of PlayedFlag
        Those above 0, of the functions that are shown.
    functions_in_all : int
    weight_shown, plants_shown : float
        The share of f's weight, and of the mass of all plants, that is shown: 1 where nothing is left out.
    """

    game: str
    points: tuple[tuple[float, ...], ...]
    weights: tuple[float, ...]
    functions: tuple[PlayedFunction, ...]
    plants: tuple[PlayedPlant, ...]
    flags: tuple[PlayedFlag, ...]
    functions_in_all: int
    weight_shown: float = 1.0
    plants_shown: float = 1.0

    def to_dict(self) -> dict[str, Any]:
        """Plain numbers and texts; functions and points are named by their place in the lists, from 0."""
        plain = dataclasses.asdict(self)
        plain["points"] = [
            {"point": list(point), "weight": weight} for point, weight in zip(self.points, self.weights, strict=True)
        ]
        del plain["weights"]
        return plain

    def table(self) -> list[dict[str, Any]]:
        """A row a plant: x and D(x), f with its weight and f* by their labels, and how likely the plant is."""
        names = self.point_names()
        return [
            {
                "x": names[one.x],
                "D(x)": self.weights[one.x],
                "f": self.functions[one.f].labels,
                "weight": self.functions[one.f].weight,
                "f_star": self.functions[one.f_star].labels,
                "probability": one.probability,
                "mass": one.mass,
            }
            for one in self.plants
        ]

    def point_names(self) -> list[str]:
        """The points as short texts."""
        return _names(self.points)

    def cut(self) -> str:
        """What is left out, in a few words; empty where nothing is."""
        left = self.functions_in_all - len(self.functions)
        if not left:
            return ""
        most = f"{_share(self.weight_shown)} of the weight of f, {_share(self.plants_shown)} of the plants"
        return f"{len(self.functions)} of {self.functions_in_all:,} functions are shown: {most}"

    def blocks(self) -> Sequence[Block]:
        """The functions, the plants by trigger, the flags."""
        return [self._functions_block(), self._plants_block(), self._flags_block()]

    def _functions_block(self) -> Block:
        codes = _names([one.code for one in self.functions])
        rows = [
            (number, _brief(one.labels), short(code, 24), one.weight or None)
            for number, (one, code) in enumerate(zip(self.functions, codes, strict=True), 1)
        ]
        header = ("f", "labels", "code", "weight")
        return Block(rows, header, "optimal play, one of perhaps many: f", [self.cut()] if self.cut() else [])

    def _plants_block(self) -> Block:
        names, likely = self.point_names(), sorted(self.plants, key=lambda one: -one.mass)[:MOST_PLANTS]
        rows = [
            (names[one.x], one.f + 1, one.f_star + 1, one.probability, one.mass)
            for one in self.plants
            if one in likely or len(self.plants) <= MOST_PLANTS
        ]
        notes = []
        if len(self.plants) > MOST_PLANTS:
            mass = sum(one.mass for one in likely) / sum(one.mass for one in self.plants)
            notes = [f"{len(rows)} of {len(self.plants):,} plants are listed here: {_share(mass)} of their mass"]
        notes = notes if rows else ["nothing is planted: the attacker forfeits every round"]
        return Block(rows, ("x*", "f", "f*", "Pr[f* | f, x*]", "mass"), "plants by trigger", notes)

    def _flags_block(self) -> Block:
        """A column a point where they fit, else the points of each f' in a row."""
        title, names = "Pr[flag | f', x'], a dot for 0", self.point_names()
        if not self._white_box():
            rows: list[tuple[Any, ...]] = [
                (
                    None if one.f is None else one.f + 1,
                    None if one.x is None else names[one.x],
                    one.beside,
                    one.probability,
                )
                for one in self.flags
            ]
            return Block(rows, ("f'", "x'", "shown beside", "probability"), title)
        at = {(one.f, one.x): one.probability for one in self.flags}
        each = range(len(self.functions))
        if len(names) <= MOST_COLUMNS:
            grid = [(f + 1, *(_digits(at.get((f, x))) for x in range(len(names)))) for f in each]
            return Block(grid, ("f'", *names), title)
        lists = [
            (f + 1, ", ".join(f"{names[x]}: {_digits(at[f, x])}" for x in range(len(names)) if (f, x) in at))
            for f in each
        ]
        return Block([(f, short(told)) for f, told in lists if told], ("f'", "x': probability"), title)

    def _white_box(self) -> bool:
        """Whether the defender sees f' and x', and nothing else."""
        return all(one.f is not None and one.x is not None and not one.beside for one in self.flags)

    def headline(self) -> str:
        picked = sum(one.weight > 0 for one in self.functions)
        told = f"{picked} functions picked, {len(self.plants)} plants, {len(self.flags)} flags"
        return f"{told}, {self.cut() or short(self.game, 80)}"

    def plot(self, ax: Axes | None = None) -> Axes:
        """Functions by points: labels, flag probabilities as shades, plants as numbered circles, weights as bars.

        Raises
        ------
        InvalidArgument
            For more than 40 functions or points.
        """
        return play_plot(**self._drawn(), ax=ax)

    def figure(self) -> Figure:
        """The same on a page of its own, with a key, for `backdoor_game.figures.save`."""
        said = ["no cell is shaded: the flags depend on what is shown beside, see the table"] * (not self._white_box())
        return play_figure(
            **self._drawn(), title=f"Optimal play: {self.game}", notes=[one for one in (self.cut(), *said) if one]
        )

    def _drawn(self) -> dict[str, Any]:
        """What the picture is made of."""
        F, N = len(self.functions), len(self.points)
        if max(F, N) > MOST_DRAWN:
            raise InvalidArgument(
                f"a picture has room for {MOST_DRAWN} functions and {MOST_DRAWN} points, and these are {F} and {N}: "
                f"ask for fewer functions, as optimal_play(most={MOST_DRAWN}), or read table()"
            )
        shades = [[0.0] * N for _ in range(F)]
        for one in self.flags:
            if self._white_box() and one.f is not None and one.x is not None:
                shades[one.f][one.x] = one.probability
        return {
            "labels": [one.labels for one in self.functions],
            "weights": [one.weight for one in self.functions],
            "shades": shades,
            "marks": [Mark(one.f, one.x, one.f_star, one.probability) for one in self.plants],
            "points": self.point_names(),
            "masses": self.weights if max(self.weights) - min(self.weights) > 1e-12 else None,  # rounding of 1/N
        }


def _names(many: Sequence[Sequence[float]]) -> list[str]:
    """Points or codes: digits in a row where all are bits, else numbers, in brackets where they are several."""
    if all(number in (0, 1) for numbers in many for number in numbers):
        return ["".join(f"{number:g}" for number in numbers) for numbers in many]
    told = [", ".join(f"{number:.4g}" if number % 1 else f"{number:.0f}" for number in numbers) for numbers in many]
    return [one if len(numbers) == 1 else f"({one})" for one, numbers in zip(told, many, strict=True)]


def _brief(labels: str) -> str:
    """Labels on many points by their beginning."""
    return labels if len(labels) <= 64 else f"{labels[:61]}..."


def _digits(probability: float | None) -> str:
    """A probability in three digits; a dot where it is 0."""
    return "." if probability is None else f"{probability:.3g}"


def _share(share: float) -> str:
    """A share in per cent, which is 100% only where nothing is missing."""
    told = f"{100 * share:.3g}%"
    return told if told != "100%" or share > 1 - 1e-9 else "nearly 100%"  # 1e-9: rounding of sums
