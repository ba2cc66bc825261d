"""How likely an attacker picks each f, and plants each f* at each trigger, over its coins."""

from __future__ import annotations

import dataclasses
import functools

import numpy as np

from ...functions.base import Booleans, Floats
from ...games import BackdoorGame
from ...games.contract import blamed, call
from ...ground import _validate
from ...ground.showing import fields
from ...players.attackers import Attacker
from ...players.views import DefenderBlock
from ...spaces.distributions import Distribution
from ..finite import Attack, LegalGame, legal_game
from ..finite.guarantees import attacker_guarantee, likelier_planted, win_rate
from ..variants import Joint, Variant, settled, variant
from ..variants import guarantees as of_variants
from .asking import BLOCK, AttackerQuestions, legal_places
from .joints import joint_of
from .ways import draws_each, weakest


@dataclasses.dataclass(frozen=True, eq=False)
class AttackTable:
    """What an attacker does.

    Attributes
    ----------
    game : LegalGame
    attack : Attack
        What its probabilities lack to 1 is forfeited or illegal: the defender wins there.
    how : str
        closed form, deterministic or estimated.
    """

    game: LegalGame
    attack: Attack
    how: str

    __repr__ = fields

    def best_reply(self) -> float:
        """What the best defender wins against it."""
        return attacker_guarantee(self.game, self.attack)

    def blind(self) -> float:
        """What the better of always-clean and always-flag wins."""
        return max(win_rate(self.game, self.attack, np.full(self.game.shape, flag)) for flag in (0.0, 1.0))

    def against(self, flags: Floats) -> float:
        """What a defender with the flag probabilities of a `FlagTable` wins."""
        return win_rate(self.game, self.attack, flags)

    def likelier_planted(self, view: DefenderBlock) -> Booleans:
        """The likelihood-ratio test of what is shown, (B,)."""
        test = likelier_planted(self.game, self.attack)
        return np.asarray(test[self.game.place(view.X), self.game.find(view.codes)])


@dataclasses.dataclass(frozen=True, eq=False)
class VariantAttackTable:
    """The same in a variant.

    Attributes
    ----------
    game : Variant
    attack : Joint
    how : str
    """

    game: Variant
    attack: Joint
    how: str

    __repr__ = fields

    def best_reply(self) -> float:
        """What the best defender wins against it."""
        return of_variants.attacker_guarantee(self.game, self.attack)

    def blind(self) -> float:
        """What the better of always-clean and always-flag wins."""
        views = len(self.game.seen.keys)
        return max(of_variants.win_rate(self.game, self.attack, np.full(views, flag)) for flag in (0.0, 1.0))

    def against(self, flags: Floats) -> float:
        """What a defender with the flag probabilities of a `VariantFlagTable` wins."""
        return of_variants.win_rate(self.game, self.attack, flags)

    def likelier_planted(self, view: DefenderBlock) -> Booleans:
        """The likelihood-ratio test of what is shown, (B,): a trace that is not of f' is seen in no clean round."""
        test = of_variants.likelier_planted(self.game, self.attack)[self.game.seen.clean] > 0
        found = np.asarray(test[self.game.legal.place(view.X), self.game.legal.find(view.codes)])
        reveal = view.game.reveal
        return found if reveal is None else found | reveal.contradicts(view, None)


def attack_table(
    game: BackdoorGame, distribution: Distribution, attacker: Attacker, *, sampled: bool = True
) -> AttackTable | VariantAttackTable:
    """What an attacker plays at every function of the class and every point of D, and with every offer of triggers.

    Tried in turn, for f, for the trigger where there is a choice, and for f*: the attacker's own closed form; whether
    it uses a coin; else, unless `sampled` is False, 50,000 draws of f, and some 50,000 of f* in all, or 50,000 rounds
    of a variant.

    Raises
    ------
    MissingCapability
        Where the game is not finite, or the attacker could only be sampled and must not be.
    """
    _validate.instance("attacker", attacker, Attacker, "NearestLegal()")
    return blamed(lambda: _attack_table(game, distribution, attacker, sampled))


@functools.lru_cache(maxsize=16)
def _attack_table(
    game: BackdoorGame, distribution: Distribution, attacker: Attacker, sampled: bool
) -> AttackTable | VariantAttackTable:
    if not game.plain:
        made = variant(settled(game, distribution), merged=False)
        ready = call(attacker, "prepare", lambda: attacker.prepare(game))
        return VariantAttackTable(made, *joint_of(game, distribution, attacker, ready, made, sampled))
    legal = legal_game(game.functions, distribution, game.epsilon, merged=False)
    ready = call(attacker, "prepare", lambda: attacker.prepare(game))
    plans = AttackerQuestions(game, distribution, ready, legal, sampled)
    codes, chances, how = plans.originals()
    member = game.functions.are_members(codes)
    codes, chances = codes[member], chances[member]
    F, N = len(legal.codes), len(legal.weights)
    who = legal.find(codes)
    originals = np.bincount(who, weights=chances, minlength=F).astype(np.float64)
    plants = np.zeros(legal.triples)
    for start in range(0, N * len(codes), BLOCK):
        rows = np.arange(start, min(start + BLOCK, N * len(codes)))
        mine = rows % len(codes)
        cells = rows // len(codes) * F + who[mine]
        law_of_rows, way = plans.plants(codes[mine], cells, draws_each(N * len(codes)))
        how = weakest(how, way)
        laid, triples, odds = legal_places(legal, cells, law_of_rows)  # an illegal plant has no triple
        np.add.at(plants, triples, (chances[mine] / originals[who[mine]])[laid] * odds)
    for array in (originals, plants):
        array.setflags(write=False)
    return AttackTable(legal, Attack(originals, plants), how)
