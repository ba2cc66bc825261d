"""Attackers that look before they plant, and pay for each look: for a trigger, for a plant, for what D is."""

from __future__ import annotations

import dataclasses

import numpy as np

from ...functions.table import table
from ...ground.errors import MissingCapability
from ...ground.spec import text
from ...ground.streams import below, draws
from ...players.attackers import BlockAttacker
from ...players.attackers.base import NO_PLANT, PLANT, Plants
from ...players.picking import drawn, plant_counts, random_plants
from ...players.views import AttackerBlock, GameLike
from ...spaces.domains import Points


@dataclasses.dataclass(frozen=True, repr=False)
class TriggerSearch(BlockAttacker):
    """Asks the predicate of one point after another, in a random order, those first at which its f has a legal plant.

    f is a random member and f* uniform over the legal plants. Where the budget ends before a point is found the round
    is its forfeit. *Heuristic.*
    """

    def prepare(self, game: GameLike) -> TriggerSearch:
        if game.trigger.predicate is None:
            raise MissingCapability(
                f"{text(self)} looks for a trigger that satisfies a predicate: give the game one, such as "
                'trigger="Satisfying(HashPrefix(bits=4))"'
            )
        return self

    def pick_block(self, view: AttackerBlock) -> Points:
        assert view.codes is not None
        points = view.functions.domain.points()
        place = {code.tobytes(): f for f, code in enumerate(table(view.functions).codes)}
        rows = np.array([place[code.tobytes()] for code in view.codes])
        able = plant_counts(view.functions, view.distribution, view.game.epsilon)[:, rows].T > 0
        order = np.argsort(np.where(able, 0.0, 1.0) + _fractions(view, len(points)), axis=1, kind="stable")
        X, left = points[order[:, 0]].copy(), np.arange(len(view))
        for turn in range(len(points)):
            here = points[order[left, turn]]
            good = view.at(here, left).satisfies(here[:, None])[:, 0]
            X[left[good]], left = here[good], left[~good]
            if not len(left):
                break
        return X

    def plant_block(self, view: AttackerBlock) -> Plants:
        return random_plants(view)


@dataclasses.dataclass(frozen=True, repr=False)
class PlantSearch(BlockAttacker):
    """Draws members of the class until one is a legal plant; each look costs an evaluation. *Heuristic.*

    It stops in time, and forfeits, where the budget is used up.

    Parameters
    ----------
    looks : int
        At most so many.
    """

    looks: int = 1024

    def plant_block(self, view: AttackerBlock) -> Plants:
        codes, x_star = view.chosen()
        out, answers, left = codes.copy(), np.full(len(view), NO_PLANT), np.arange(len(view))
        members = table(view.functions).codes
        for turn in range(self.looks):
            trying = view.at(x_star[left], left)
            if not len(left) or not trying.meter.affords(slice(None), evaluations=1):
                break
            trying.charge(evaluations=1)
            planted = members[below(draws(view.keys[left], turn, 1)[:, 0], len(members))]
            good = trying.legal(planted)
            out[left[good]], answers[left[good]] = planted[good], PLANT
            left = left[~good]
        return out, answers


@dataclasses.dataclass(frozen=True, repr=False)
class SampleSearch(BlockAttacker):
    """Plants a member that differs from f at the trigger on the fewest of m examples; ties by chance. *Heuristic.*

    It knows f and learns from examples alone which other members are close to it; where its choice is too far from f
    it forfeits.

    Parameters
    ----------
    examples : int
        m, in each round.
    """

    examples: int = 8

    def plant_block(self, view: AttackerBlock) -> Plants:
        codes, x_star = view.chosen()
        domain, listed = view.functions.domain, table(view.functions)
        sample = view.sample(self.examples)
        places, labels = domain.index(sample.X[:, 0].reshape(-1, domain.n)), sample.y[:, 0]
        theirs = listed.labels[:, places].reshape(len(listed.labels), *labels.shape)
        apart = (theirs != labels).sum(axis=2).T
        mine = view.functions.member_labels(codes, x_star[:, None])
        differs = mine != listed.labels[:, domain.index(x_star)].T
        fewest = np.where(differs, apart, self.examples + 1).min(axis=1, keepdims=True)
        planted = listed.codes[drawn(differs & (apart == fewest), view.keys)]
        return planted, np.where(view.legal(planted), PLANT, NO_PLANT)


def _fractions(view: AttackerBlock, count: int) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Coins in [0, 1) for each round, (B, count)."""
    return (draws(view.keys, 0, count) >> np.uint64(11)).astype(np.float64) * 2.0**-53
