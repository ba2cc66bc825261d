"""The attack behind the lower bound: labels of a shattered set are independent fair coins."""

from __future__ import annotations

import dataclasses

import numpy as np
import numpy.typing as npt

from ...functions import FunctionClass
from ...functions.base import Codes
from ...functions.legality import allowed_count
from ...ground.errors import InvalidArgument, MissingCapability
from ...ground.spec import text
from ...ground.streams import bits
from ...spaces.distributions import Atoms, Distribution, Uniform, Weighted
from ...spaces.domains import ENUMERABLE_POINTS, Domain, Finite, Points
from ..views import AttackerBlock, GameLike
from .base import NO_PLANT, PLANT, BlockAttacker, Originals, Plants

LISTED_POINTS = 16  # 2^16 originals, one for each labelling


@dataclasses.dataclass(frozen=True, repr=False)
class Shattered(BlockAttacker):
    """D on a shattered set of d points, f a uniform labelling, f* flips the trigger [CHLX25] Theorem 4.1. *Proved.*

    From epsilon = 1/d on D is uniform and no defender beats 1/2. Below, d - 1 points have mass epsilon each and
    the last has the rest, where the attacker forfeits: no defender beats 1 - (d-1) epsilon / 2.
    """

    def prepare(self, game: GameLike) -> Shattered:
        if game.distribution is not None:
            raise InvalidArgument(
                f"Shattered() picks its own distribution and refuses the fixed {text(game.distribution)}: leave it out"
            )
        if len(game.functions.shattered_set()) == 0:
            given = text(game.functions)[:200]
            raise MissingCapability(f"Shattered() needs a class of VC dimension at least 1, got {given}")
        return self

    def distribution(self, game: GameLike) -> Distribution:
        points = game.functions.shattered_set()
        d, domain = len(points), game.functions.domain
        whole = domain == Finite(d) and (points[:, 0] == np.arange(d)).all()
        if allowed_count(game.epsilon, d) >= 1:  # a point of the uniform D may be flipped
            return Uniform() if whole else Atoms(points.tolist())
        weights = (game.epsilon,) * (d - 1) + (1 - (d - 1) * game.epsilon,)
        return Weighted(weights) if whole else Atoms(points.tolist(), weights)

    def choose_block(self, view: AttackerBlock) -> Codes:
        return view.functions.realise(bits(view.keys, 0, _vc(view.functions)))

    def choose_law(self, game: GameLike, distribution: Distribution) -> Originals | None:
        """Uniform over the 2^d labelings of the shattered set; None for d above 16."""
        d = _vc(game.functions)
        if d > LISTED_POINTS:
            return None
        labels = (np.arange(2**d)[:, None] >> np.arange(d) & 1).astype(np.uint8)
        return game.functions.realise(labels), np.full(2**d, 0.5**d)

    def plant_block(self, view: AttackerBlock) -> Plants:
        codes, x_star = view.chosen()
        points = view.functions.shattered_set()
        d = len(points)
        place = _places(view.functions.domain, points, x_star)
        labels = view.functions.member_labels(codes, np.broadcast_to(points, (len(view), *points.shape))).copy()
        labels[np.arange(len(view)), place] ^= 1
        hopeless = (place == d - 1) & (allowed_count(view.game.epsilon, d) < 1)
        return view.functions.realise(labels), np.where(hopeless, NO_PLANT, PLANT)


def _places(domain: Domain, points: Points, x: Points) -> npt.NDArray[np.int64]:
    """Which of the shattered points (d, n) each x (B, n) is, shape (B,)."""
    if domain.size is None or domain.size > ENUMERABLE_POINTS:
        return np.asarray((x[:, None, :] == points).all(axis=2).argmax(axis=1))
    numbers = np.zeros(domain.size, dtype=np.int64)
    numbers[domain.index(points)] = np.arange(len(points))
    return numbers[domain.index(x)]


def _vc(functions: FunctionClass) -> int:
    return len(functions.shattered_set())
