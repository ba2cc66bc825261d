"""An attacker of a variant as a strategy: what it draws at each place of the tree, also where it never gets to."""

from __future__ import annotations

import dataclasses
import functools

import numpy as np
import numpy.typing as npt

from ...functions.base import Codes, Floats
from ...ground.errors import ContractError
from ...ground.showing import fields
from ...players.attackers.base import NO_PLANT, PLANT, Originals, PickLaw, PlantLaw, Plants
from ...players.views import AttackerBlock
from ...spaces.domains import Points
from .guarantees import Plan, Reply
from .ragged import Ragged
from .tree import Variant

Indices = npt.NDArray[np.int64]


@dataclasses.dataclass(frozen=True, eq=False)
class Strategy:
    """Plays a variant: the hooks of an attacker, with coins (B,) in [0, 1) where it draws.

    Attributes
    ----------
    variant : Variant
    choosing : Ragged
        The law of f: at each set, S places, or at one place where f comes first.
    picking : Ragged
        The law of the trigger at each (set, f), S F places: over the entries of the set.
    planting : Ragged
        The law of f* at each (entry, f), M F places: over its moves.
    """

    variant: Variant
    choosing: Ragged
    picking: Ragged
    planting: Ragged

    __repr__ = fields

    def choose(self, view: AttackerBlock, coins: Floats) -> Codes:
        """Codes (B, L) of the originals."""
        F = len(self.variant.legal.codes)
        return np.asarray(self.variant.legal.codes[self.choosing.surely_drawn(self._roots(view), coins) % F])

    def choose_law(self) -> Originals | None:
        """The law of f; None where it depends on what is offered."""
        if self.variant.before:
            return None
        return self.variant.legal.codes, self.choosing.chances

    def choose_given_law(self, view: AttackerBlock) -> PlantLaw | None:
        """The law of f given each row's offer; None where f comes first."""
        if not self.variant.before:
            return None
        rows, things, chances = self.choosing.spread(self._roots(view))
        return rows, self.variant.legal.codes[things % len(self.variant.legal.codes)], chances

    def pick(self, view: AttackerBlock, coins: Floats) -> Points:
        """Triggers (B, n)."""
        places = self._originals(view)
        return self._points(places, self.picking.surely_drawn(places, coins))

    def pick_law(self, view: AttackerBlock) -> PickLaw:
        """The law of the trigger given each row's f and offer."""
        places = self._originals(view)
        rows, things, chances = self.picking.spread(places)
        return rows, self._points(places[rows], things), chances

    def plant(self, view: AttackerBlock, coins: Floats) -> Plants:
        """Codes (B, L), and PLANT or NO_PLANT for each row."""
        moves = self.planting.drawn(self._triggers(view), coins)
        planted = view.chosen()[0].copy()
        planted[moves >= 0] = self._plants(moves[moves >= 0])
        return planted, np.where(moves >= 0, PLANT, NO_PLANT)

    def plant_law(self, view: AttackerBlock) -> PlantLaw:
        """The law of f* given each row's f, trigger and offer."""
        rows, moves, chances = self.planting.spread(self._triggers(view))
        return rows, self._plants(moves), chances

    def _points(self, places: Indices, things: Indices) -> Points:
        """The points of picks (set, f) -> entry."""
        firsts = self._firsts[places // len(self.variant.legal.codes)]
        entries = firsts + things - self.picking.starts[places]
        return np.asarray(self.variant.legal.points[self.variant.entries[1][entries]])

    def _plants(self, moves: Indices) -> Codes:
        legal = self.variant.legal
        return np.asarray(legal.codes[legal.partners[self.variant.moves[1][moves]]])

    def _roots(self, view: AttackerBlock) -> Indices:
        """Where each row chooses f."""
        return self._sets(view) if self.variant.before else np.zeros(len(view), dtype=np.int64)

    def _originals(self, view: AttackerBlock) -> Indices:
        """Where each row picks its trigger: (set, f)."""
        assert view.codes is not None
        return self._sets(view) * len(self.variant.legal.codes) + self.variant.legal.find(view.codes)

    def _triggers(self, view: AttackerBlock) -> Indices:
        """Where each row plants: (entry, f)."""
        codes, X = view.chosen()
        sets, N = self._sets(view), len(self.variant.legal.weights)
        keys = self.variant.entries[0] * N + self.variant.entries[1]
        wanted = sets * N + self.variant.legal.place(X)
        entries = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
        if (keys[entries] != wanted).any():
            raise ContractError("a trigger was picked that is none of those that were offered")
        return entries * len(self.variant.legal.codes) + self.variant.legal.find(codes)

    def _sets(self, view: AttackerBlock) -> Indices:
        """The number of the set that is offered in each row; the only one where none is."""
        if view.game.trigger.draws is None:
            return np.zeros(len(view), dtype=np.int64)
        offered = view.chosen()[1][:, None, :] if view.offered is None else view.offered
        B, q, n = offered.shape
        members = np.zeros((B, len(self.variant.legal.weights)), dtype=np.bool_)
        members[np.arange(B)[:, None], self.variant.legal.place(offered.reshape(B * q, n)).reshape(B, q)] = True
        different, which = np.unique(np.packbits(members, axis=1), axis=0, return_inverse=True)
        numbers = np.array([self._numbers.get(row.tobytes(), -1) for row in different], dtype=np.int64)
        if (numbers < 0).any():
            raise ContractError("nature offers a set of triggers that the game's law does not list")
        return np.asarray(numbers[which.ravel()])

    @functools.cached_property
    def _numbers(self) -> dict[bytes, int]:
        """The number of each set."""
        return {row.tobytes(): s for s, row in enumerate(np.packbits(self.variant.offered, axis=1))}

    @functools.cached_property
    def _firsts(self) -> Indices:
        """The first entry of each set, and at last M, shape (S + 1,)."""
        return np.concatenate([[0], np.cumsum(self.variant.offered.sum(axis=1))])


def of_plan(variant: Variant, plan: Plan) -> Strategy:
    """The strategy behind a plan; where it never gets to, any trigger and no plant."""
    F, sets = len(variant.legal.codes), variant.entries[0]
    reached = np.zeros((len(variant.chances), F))
    np.add.at(reached, sets, plan.picks)
    even = np.broadcast_to(1.0 / variant.offered.sum(axis=1)[sets, None], plan.picks.shape).copy()
    picking = np.divide(plan.picks, reached[sets], out=even, where=reached[sets] > 0)
    choosing = reached / variant.chances[:, None] if variant.before else reached.sum(axis=0)[None]
    entries, triples = variant.moves
    here = plan.picks[entries, variant.legal.cells[triples] % F]
    planting = np.divide(plan.plants, here, out=np.zeros_like(here), where=here > 0)
    return _strategy(variant, choosing, picking, planting)


def of_reply(variant: Variant, reply: Reply) -> Strategy:
    """The strategy of a best reply, also at the f that it does not choose."""
    F, (sets, points), (_, triples) = len(variant.legal.codes), variant.entries, variant.moves
    choosing = np.zeros((len(variant.chances) if variant.before else 1, F))
    choosing[np.arange(len(choosing)), reply.originals[: len(choosing)]] = 1.0
    picking = (reply.triggers[sets] == points[:, None]).astype(np.float64)
    planting = (reply.plants.ravel()[variant.legal.cells[triples]] == triples).astype(np.float64)
    return _strategy(variant, choosing, picking, planting)


def _strategy(variant: Variant, choosing: Floats, picking: Floats, planting: Floats) -> Strategy:
    """From chances given all that came before: (S, F) or (1, F), (M, F) and (Y,)."""
    (S, F), points, legal = (len(variant.chances), choosing.shape[1]), variant.entries[1], variant.legal
    sizes = variant.offered.sum(axis=1)
    firsts = np.concatenate([[0], np.cumsum(sizes)])
    picks = np.concatenate([picking[firsts[s] : firsts[s + 1]].T.ravel() for s in range(S)])
    places = np.repeat(firsts[:-1] * F, F) + np.tile(np.arange(F), S) * np.repeat(sizes, F)
    cells = legal.starts[points[:, None] * F + np.arange(F)] - legal.starts[points * F][:, None]
    return Strategy(
        variant,
        Ragged(np.arange(len(choosing) + 1) * F, choosing.ravel()),
        Ragged(np.append(places, len(picks)), picks),
        Ragged(np.append((variant.starts[:-1, None] + cells).ravel(), len(planting)), planting),
    )
