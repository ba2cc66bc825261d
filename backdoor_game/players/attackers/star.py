"""The attack on a star: members that each differ from one function at a point of their own."""

from __future__ import annotations

import dataclasses
import functools
import math

import numpy as np
import numpy.typing as npt

from ...functions import FunctionClass
from ...functions.base import Booleans, Codes
from ...functions.legality import COUNT_TIE, allowed_count
from ...functions.table import table
from ...ground import _validate
from ...ground.errors import InvalidArgument, MissingCapability
from ...ground.showing import fields
from ...ground.spec import text
from ...spaces.distributions import Atoms, Distribution
from ...spaces.distributions.uniform import listed
from ...spaces.domains import Points
from ..views import AttackerBlock, GameLike
from .base import NO_PLANT, PLANT, BlockAttacker, Originals, Plants

PARTIAL = 256  # partial stars that are tried around one centre: beyond, another centre is the better bet
LABELS = 2**30  # labels that are read in all: some seconds
Integers = npt.NDArray[np.int64]


@dataclasses.dataclass(frozen=True, repr=False)
class Star(BlockAttacker):
    """D on the points of a star, f its centre, and f* the member that differs from f at the trigger alone among them.

    A star [HannekeYang15] is a function f, points x_1 .. x_r and members f_1 .. f_r of which f_i differs from f at x_i
    and at no other of the r points. From epsilon = 1/r on D is uniform on them and every round has a plant: who never
    flags wins 1/2. Below, r - 1 points have mass epsilon each and the last has the rest, where the attacker forfeits:
    who never flags wins 1 - (r-1) epsilon / 2. No shattered set is needed: this is the attack on `RandomOracle` where
    the game leaves D open. That f is always the centre is what an unbounded defender may see.

    The star is the first that is found in the class's own order, of the centre and then of the points: around each
    centre 256 partial stars are tried. *Heuristic*, as it may miss one; what it finds is checked.

    Parameters
    ----------
    points : int, optional
        r; by default the least that lets every round have a plant, 1/epsilon rounded up.
    """

    points: int | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.points is not None:
            _validate.integer("Star.points", self.points, 1)

    def prepare(self, game: GameLike) -> Star:
        if game.distribution is not None:
            raise InvalidArgument(
                f"{text(self)} picks its own distribution and refuses the fixed {text(game.distribution)}: leave it out"
            )
        return dataclasses.replace(self, points=len(self._star(game).points))

    def distribution(self, game: GameLike) -> Distribution:
        star = self._star(game)
        r, rows = len(star.points), star.points.tolist()
        if allowed_count(game.epsilon, r) >= 1:  # a point of the uniform D may be flipped
            return Atoms(rows)
        return Atoms(rows, (game.epsilon,) * (r - 1) + (1 - (r - 1) * game.epsilon,))

    def choose_block(self, view: AttackerBlock) -> Codes:
        return np.repeat(self._star(view.game).centre, len(view), axis=0)

    def choose_law(self, game: GameLike, distribution: Distribution) -> Originals | None:
        """The centre, always."""
        return self._star(game).centre, np.ones(1)

    def plant_block(self, view: AttackerBlock) -> Plants:
        codes, x_star = view.chosen()
        star = self._star(view.game)
        r = len(star.points)
        at = (x_star[:, None, :] == star.points).all(axis=2)
        place = at.argmax(axis=1)
        hopeless = (place == r - 1) & (allowed_count(view.game.epsilon, r) < 1)
        able = at.any(axis=1) & (codes == star.centre).all(axis=1) & ~hopeless
        return np.where(able[:, None], star.leaves[place], codes), np.where(able, PLANT, NO_PLANT)

    def _star(self, game: GameLike) -> Found:
        if self.points is None and game.epsilon == 0:
            raise MissingCapability("Star() cannot choose how many points at epsilon 0: pass points=...")
        return star_of(game.functions, self.points or max(1, math.ceil(1 / game.epsilon - COUNT_TIE)))


@dataclasses.dataclass(frozen=True, eq=False)
class Found:
    """A star of r points.

    Attributes
    ----------
    points : ndarray, shape (r, n)
    centre : ndarray, shape (1, L)
        The code of f.
    leaves : ndarray, shape (r, L)
        Row i differs from f at point i alone among the r points.
    """

    points: Points
    centre: Codes
    leaves: Codes

    __repr__ = fields


@functools.lru_cache(maxsize=8)  # as many as there are tables
def star_of(functions: FunctionClass, r: int) -> Found:
    """The first star of r points that the search comes upon.

    Raises
    ------
    MissingCapability, InvalidArgument
        Where it finds none, or where the class has no table.
    """
    known = table(functions)
    read = 0
    for centre in range(len(known.labels) if r < len(known.labels) and r <= known.labels.shape[1] else 0):
        apart = known.labels != known.labels[centre]
        places, cost = grown(apart, r, LABELS - read)
        read += cost
        if places is not None:
            alone = apart[:, places] & (apart[:, places].sum(axis=1) == 1)[:, None]
            found = Found(listed(functions.domain)[places], known.codes[[centre]], known.codes[alone.argmax(axis=0)])
            for array in (found.points, found.centre, found.leaves):
                array.setflags(write=False)
            return found
        if read >= LABELS:
            break
    raise MissingCapability(f"Star(points={r}) found no star of {r} points in {text(functions)[:200]}: ask for fewer")


def grown(apart: Booleans, r: int, most: int) -> tuple[Integers | None, int]:
    """The first places of a star of r points around one centre, None where none is found, and how many labels it read.

    Parts of a star are stars, so points are added one at a time, in their order, for as long as every one of them has a
    member of its own.

    Parameters
    ----------
    apart : ndarray of bool, shape (F, N)
        Where each member differs from the centre.
    r, most : int
        Points of the star, and labels that may be read.
    """
    read, tried, everybody = apart.size, 0, np.arange(len(apart))
    # A partial star: its places, who agrees with the centre on them all, who differs on each alone, and what may follow
    stack = [(list[int](), everybody, list[Integers](), iter(_next(apart, everybody, [], -1, r)))]
    while stack and tried < PARTIAL and read < most:
        places, same, own, candidates = stack[-1]
        if (x := next(candidates, None)) is None:
            stack.pop()
            continue
        longer, tried = [*places, x], tried + 1
        if len(longer) == r:
            return np.array(longer), read
        left = same[~apart[same, x]]
        kept = [*(group[~apart[group, x]] for group in own), same[apart[same, x]]]
        read += (len(left) + sum(map(len, kept))) * apart.shape[1]
        stack.append((longer, left, kept, iter(_next(apart, left, kept, x, r - len(longer)))))
    return None, read


def _next(apart: Booleans, same: Integers, own: list[Integers], last: int, wanted: int) -> list[int]:
    """Points after `last` that make a partial star longer; none where there are fewer than are wanted."""
    able: Booleans = np.asarray(apart[same].any(axis=0))
    for group in own:
        able &= ~apart[group].all(axis=0)
    found = np.flatnonzero(able[last + 1 :]) + last + 1
    return found.tolist() if len(found) >= wanted else []
