"""What an attacker does at each place of a variant's tree: f, the trigger and f* given what nature offers."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from ...functions.base import Codes, Floats
from ...games import BackdoorGame
from ...games.contract import ask_original, ask_triggers, call
from ...games.triggers import TriggerLaw
from ...games.triggers.base import SHOWN
from ...ground.inheritance import overrides, untouched
from ...players.attackers import Attacker
from ...players.views import AttackerBlock, Meter
from ...spaces.distributions import Distribution
from ...spaces.domains import Points
from ..variants import Variant
from .asking import CHOOSING, GIVEN, PICKING, PLANTING, AttackerQuestions, checked_plant_law
from .ways import CLOSED, DETERMINISTIC, ROUNDING, Arrays, Order, Seal, SealedKeys, without_coins

Indices = npt.NDArray[np.int64]


class NotExact(Exception):
    """The attacker's coins can only be sampled here."""


class PlanQuestions(AttackerQuestions):
    """One attacker, asked at every place of a variant's tree: (set), (set, f) and (set, trigger, f).

    Sets are shown as so many draws, in one of the orders `turns`: no two points come in the same order in all of them,
    and no place holds the same point in all. An attacker that answers by the order, or by how often a trigger is drawn,
    gives two answers.
    """

    def __init__(self, game: BackdoorGame, distribution: Distribution, attacker: Attacker, variant: Variant) -> None:
        super().__init__(game, distribution, attacker, variant.legal, sampled=False)
        self.variant, self.turn = variant, 0
        self.sizes = variant.offered.sum(axis=1)
        self.firsts = np.cumsum(self.sizes) - self.sizes

    def _need_samples(self) -> None:
        raise NotExact

    @property
    def turns(self) -> range:
        """As they lie, backwards, and from the second on, which is backwards where there are two."""
        return range(min(self.game.trigger.draws or 1, 3))

    def offer(self, sets: Indices) -> Points | None:
        """What is offered (B, q, n) in these sets; None where nothing is."""
        q = self.game.trigger.draws
        if q is None:
            return None
        sizes = self.sizes[sets, None]
        ranks = np.minimum(np.arange(q), sizes - 1)
        ranks = (ranks, sizes - 1 - ranks, (ranks + 1) % sizes)[self.turn]
        return np.asarray(self.legal.points[self.variant.entries[1][self.firsts[sets, None] + ranks]])

    def choosing(self, sets: Indices, keys: Any) -> AttackerBlock:
        """What it sees where the offer comes before f."""
        offered = self.offer(sets)
        seen = None if offered is None or offered.shape[1] > 1 else offered[:, 0].copy()
        return AttackerBlock(self.game, self.distribution, keys, Meter(len(sets)), X_star=seen, offered=offered)

    def picking(self, codes: Codes, sets: Indices, keys: Any) -> AttackerBlock:
        """What it sees where it picks a trigger."""
        offered, meter = self.offer(sets), Meter(len(sets))
        return AttackerBlock(self.game, self.distribution, keys, meter, codes=codes.copy(), offered=offered)

    def planting(self, codes: Codes, entries: Indices, keys: Any) -> AttackerBlock:
        """What it sees of f's with these codes where the trigger is that of these entries."""
        sets, points = self.variant.entries
        offered, X = self.offer(sets[entries]), self.legal.points[points[entries]]
        meter = Meter(len(codes))
        return AttackerBlock(self.game, self.distribution, keys, meter, codes=codes.copy(), X_star=X, offered=offered)

    def roots(self) -> tuple[Codes, Floats, str]:
        """The different f's (K, L) and their chances (S, K) given each set, and how they were found."""
        S, (known, how) = len(self.sizes), (None, CLOSED)
        if not self.variant.before:
            codes, chances, how = self.originals()
            return codes, np.broadcast_to(chances, (S, len(codes))), how
        if untouched(self.attacker, "choose_given_law", but=(*PICKING, *PLANTING)):
            view = self.choosing(np.arange(S), np.zeros(S, dtype=np.uint64))
            known = call(self.attacker, "choose_given_law", lambda: self.attacker.choose_given_law(view))
        if known is None and (stated := self.stated_originals()) is not None:
            return stated[0], np.broadcast_to(stated[1], (S, len(stated[0]))), CLOSED
        if known is None:
            alone = without_coins(self._chosen_given, S)
            if alone is None:
                raise NotExact
            known, how = (np.arange(S), alone[0], np.ones(S)), DETERMINISTIC
        rows, codes, chances = checked_plant_law(self.attacker, known, S, "choose_given_law")
        different, which = np.unique(codes, axis=0, return_inverse=True)
        roots = np.zeros((S, len(different)))
        np.add.at(roots, (rows, which.ravel()), chances)
        return different, roots, how

    def _chosen_given(self, order: Order, seal: Seal) -> Arrays:
        sealed: Any = SealedKeys(len(order), seal)
        return (ask_original(self.attacker, self.choosing(order, sealed), lambda: Meter(1))[0],)

    def picks(self, codes: Codes, legal: Floats) -> tuple[Floats, str]:
        """The chances (M, K) of each trigger of a set given f, and how they were found.

        Parameters
        ----------
        legal : ndarray, shape (M, K)
            How likely its plant there is legal.
        """
        sets = self.variant.entries[0]
        if self.game.trigger.draws == 1:
            return np.ones(legal.shape), CLOSED
        if not (overrides(self.attacker, Attacker.pick) or overrides(self.attacker, Attacker.pick_block)):
            return self._any_legal(legal), CLOSED
        S, K = len(self.sizes), len(codes)
        places, who = np.repeat(np.arange(S), K), np.tile(np.arange(K), S)
        found, how = None, CLOSED
        if untouched(self.attacker, "pick_law", but=(*CHOOSING, *GIVEN, *PLANTING)):
            view = self.picking(codes[who], places, np.zeros(S * K, dtype=np.uint64))
            found = call(self.attacker, "pick_law", lambda: self.attacker.pick_law(view))
        if found is None:
            alone = without_coins(lambda order, seal: self._picked(codes[who[order]], places[order], seal), S * K)
            if alone is None:
                raise NotExact
            found, how = (np.arange(S * K), alone[0], np.ones(S * K)), DETERMINISTIC
        rows, points, chances = checked_plant_law(self.attacker, found, S * K, "pick_law")
        out = np.zeros(legal.shape)
        N = len(self.legal.weights)
        keys, wanted = sets * N + self.variant.entries[1], places[rows] * N + self.legal.place(points)
        entries = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
        inside = keys[entries] == wanted  # what is not offered is no pick, and forfeits
        np.add.at(out, (entries[inside], who[rows[inside]]), chances[inside])
        return out, how

    def _picked(self, codes: Codes, sets: Indices, seal: Seal) -> Arrays:
        sealed: Any = SealedKeys(len(sets), seal)
        return (ask_triggers(self.attacker, self.picking(codes, sets, sealed), lambda: Meter(1))[0],)

    def _any_legal(self, legal: Floats) -> Floats:
        """The default pick: any trigger at which its own plant is legal, any at all where there is none."""
        law, sets = self.game.trigger, self.variant.entries[0]
        listed = self.distribution.atoms()
        shown = law.draws is not None or (listed is not None and len(listed[0]) <= SHOWN)
        sure = (np.minimum(legal, np.abs(1.0 - legal)) <= ROUNDING).all()
        if not (shown and sure) or overrides(law, TriggerLaw.shown):
            raise NotExact
        able = np.round(legal)
        many = np.zeros((len(self.sizes), legal.shape[1]))
        np.add.at(many, sets, able)
        return np.asarray(np.where(many[sets] > 0, able / np.maximum(many[sets], 1.0), 1.0 / self.sizes[sets, None]))
