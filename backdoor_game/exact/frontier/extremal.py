"""What a search for the class that loses most has found, in fractions that anyone can check."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from ...functions import Explicit
from ...games import BackdoorGame
from ...ground.errors import BackdoorGameError
from ...ground.results import Block, Result, short
from ...spaces.distributions import Weighted
from ..solving import solve
from .laws import Weights


@dataclasses.dataclass(frozen=True)
class Asked:
    """What is looked for: classes of VC dimension at most d on N points at epsilon, D on a grid of 1/denominator."""

    d: int
    points: int
    epsilon: Fraction
    denominator: int


@dataclasses.dataclass(frozen=True, repr=False)
class ExtremalClass(Asked, Result):
    """The class of VC dimension at most d, and its D, that lose most among those that were tried.

    Attributes
    ----------
    d, points : int
    epsilon : Fraction
    denominator : int
        Of the grid: every D with full support in multiples of 1/denominator. A walk draws its starts from it, and D
        that ascents reach may have weights of 0.
    value, loss : Fraction
        Of the game below, proved from both sides; loss = 1 - value.
    ratio : Fraction
        loss / (d epsilon): the conjecture is that it never exceeds 1.
    functions : tuple of str
        The labels of each function, such as "0110".
    weights : tuple of Fraction
        D.
    classes, laws : int
        How many classes were tried, and under how many D each before the ascents; 0 of a walk.
    status : str
        "enumerated": all classes up to symmetry, each under every D of the grid; else "exploration". D was improved
        from there on, which finds more but proves nothing about what was not tried.
    """

    value: Fraction
    loss: Fraction
    ratio: Fraction
    functions: tuple[str, ...]
    weights: Weights
    classes: int
    laws: int
    status: str

    def to_dict(self) -> dict[str, Any]:
        """Fractions as texts such as "9/35"."""
        plain = dataclasses.asdict(self)
        exact = {name: str(plain[name]) for name in ("epsilon", "value", "loss", "ratio")}
        return {**plain, **exact, "functions": list(self.functions), "weights": [str(w) for w in self.weights]}

    def blocks(self) -> Sequence[Block]:
        rows = [
            ("value", f"{self.value} = {float(self.value):.6f}"),
            ("loss/(d epsilon)", f"{self.ratio} = {float(self.ratio):.6f}"),
            ("d, points, epsilon", f"{self.d}, {self.points}, {self.epsilon}"),
            ("functions", short(" ".join(self.functions))),
            ("D", short(" ".join(map(str, self.weights)))),
            ("classes, D of each", f"{self.classes}, {self.laws or 'a walk'}"),
            ("status", self.status),
        ]
        return [Block(rows)]

    def headline(self) -> str:
        asked = f"d={self.d}, points={self.points}, epsilon={self.epsilon}"
        return f"value={self.value}, ratio={self.ratio}, {asked}, {len(self.functions)} functions, {self.status}"

    def game(self) -> BackdoorGame:
        """The game, for `solve(..., exact=True)`."""
        weights = Weighted(tuple(map(float, self.weights)))
        return BackdoorGame(Explicit(self.functions), float(self.epsilon), weights)


def certified(asked: Asked, functions: tuple[str, ...], weights: Weights, classes: int, laws: int) -> ExtremalClass:
    """The record of a class and a D, solved in rational arithmetic; its VC dimension and weights are checked again."""
    table = Explicit(functions)
    if table.vc_dimension is None or table.vc_dimension > asked.d or sum(weights) != 1:
        raise BackdoorGameError(f"a search for VC dimension {asked.d} came back with {functions} under {weights}")
    found = solve(BackdoorGame(table, float(asked.epsilon), Weighted(tuple(map(float, weights)))), exact=True)
    value = Fraction(str(found.fraction))
    return ExtremalClass(
        **vars(asked),
        value=value,
        loss=1 - value,
        ratio=(1 - value) / (asked.d * asked.epsilon),
        functions=functions,
        weights=weights,
        classes=classes,
        laws=laws,
        status="enumerated" if laws else "exploration",
    )
