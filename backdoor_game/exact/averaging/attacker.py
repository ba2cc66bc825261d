"""How likely an attacker picks each f, and plants each f* at each trigger, over its coins."""

from __future__ import annotations

import dataclasses
import functools
from typing import Any

import numpy as np
import numpy.typing as npt

from ...functions.base import Codes, Floats
from ...games import BackdoorGame
from ...games.backdoor import refuse_variant
from ...games.contract import ask_original, ask_plants, blamed, call
from ...ground import _validate
from ...ground.errors import ContractError
from ...ground.inheritance import overrides, untouched
from ...ground.showing import fields
from ...ground.spec import text
from ...ground.streams import role_keys
from ...players.attackers import Attacker
from ...players.attackers.base import NO_PLANT, OUTSIDE, PLANT, Originals, PlantLaw
from ...players.views import AttackerBlock, Meter
from ...spaces.checked import checked
from ...spaces.distributions import Distribution
from ..finite import Attack, LegalGame, legal_game
from .ways import (
    CLOSED,
    DETERMINISTIC,
    ESTIMATED,
    ROUNDING,
    Arrays,
    Order,
    Seal,
    SealedGenerator,
    SealedKeys,
    draws_each,
    only_sampled,
    weakest,
    without_coins,
)

BLOCK = 4096  # questions a call: as many as rounds in a block of play
CHOOSING, PLANTING = ("choose", "choose_block", "choose_law"), ("plant", "plant_block", "plant_law")
ORIGINALS = 50_000  # draws of f: each share is known to 0.005
Indices = npt.NDArray[np.int64]


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


class AttackerQuestions:
    """One attacker, asked for originals and plants in a finite game."""

    def __init__(
        self, game: BackdoorGame, distribution: Distribution, attacker: Attacker, legal: LegalGame, sampled: bool
    ) -> None:
        self.game, self.distribution, self.attacker, self.legal = (
            game,
            checked(distribution, game.functions.domain),
            attacker,
            legal,
        )
        self._sampled = sampled

    def before(self, keys: Any) -> AttackerBlock:
        """What it sees before f exists."""
        return AttackerBlock(self.game, self.distribution, keys, Meter(len(keys)))

    def planting(self, codes: Codes, cells: Indices, keys: Any) -> AttackerBlock:
        """What it sees of f's with these codes at the points of these cells (x F + f)."""
        X = self.legal.points[cells // len(self.legal.codes)]
        return AttackerBlock(self.game, self.distribution, keys, Meter(len(codes)), codes=codes.copy(), X_star=X)

    def originals(self) -> tuple[Codes, Floats, str]:
        """The different f's, their probabilities, and how they were found."""
        base = not overrides(self.attacker, Attacker.choose_law)  # which looks for itself at how f is chosen
        if base or untouched(self.attacker, "choose_law", but=PLANTING):
            known = call(self.attacker, "choose_law", lambda: self.attacker.choose_law(self.game, self.distribution))
            if known is not None:
                return *_gathered(checked_original_law(self.attacker, known)), CLOSED
        alone = without_coins(self._chosen, 1)
        if alone is not None:
            return alone[0], np.ones(1), DETERMINISTIC
        self._need_samples()
        keys = role_keys(0, f"average {text(self.attacker)}", "choose", 0, ORIGINALS)
        codes, _ = ask_original(self.attacker, self.before(keys), lambda: Meter(1))
        return *_gathered((codes, np.full(len(codes), 1 / len(codes)))), ESTIMATED

    def _chosen(self, order: Order, seal: Seal) -> Arrays:
        """One f, chosen without a coin."""
        sealed: Any = SealedKeys(1, seal)
        rng: Any = SealedGenerator(seal)
        view, functions = self.before(sealed), self.game.functions
        if overrides(self.attacker, Attacker.choose_block):
            return (ask_original(self.attacker, view, lambda: Meter(1))[0],)
        code = self.attacker.choose(view.row(0), rng).code
        if code.shape != (functions.code_length,) or code.dtype != functions.code_dtype:
            raise ContractError("choose() must return a Function of the game's class")
        return (code[None],)

    def plants(self, codes: Codes, cells: Indices, each: int) -> tuple[PlantLaw, str]:
        """The law of f* for each row, and how it was found."""
        if untouched(self.attacker, "plant_law", but=CHOOSING):
            view = self.planting(codes, cells, np.zeros(len(codes), dtype=np.uint64))
            known = call(self.attacker, "plant_law", lambda: self.attacker.plant_law(view))
            if known is not None:
                return checked_plant_law(self.attacker, known, len(codes)), CLOSED
        alone = without_coins(lambda order, seal: self._planted(codes[order], cells[order], seal), len(codes))
        if alone is not None:
            rows = np.flatnonzero(alone[1] == PLANT)
            return (rows, alone[0][rows], np.ones(len(rows))), DETERMINISTIC
        self._need_samples()
        keys = role_keys(0, f"average {text(self.attacker)} {cells[0]}", "plant", 0, len(codes) * each)
        rows = np.repeat(np.arange(len(codes)), each)
        planted, answers = ask_plants(self.attacker, self.planting(codes[rows], cells[rows], keys), lambda: Meter(1))
        legal = answers == PLANT
        return (rows[legal], planted[legal], np.full(int(legal.sum()), 1 / each)), ESTIMATED

    def _planted(self, codes: Codes, cells: Indices, seal: Seal) -> Arrays:
        """Plants (B, L) without a coin, and for each row whether there is one that is a code of the class."""
        sealed: Any = SealedKeys(len(codes), seal)
        rng: Any = SealedGenerator(seal)
        view = self.planting(codes, cells, sealed)
        if overrides(self.attacker, Attacker.plant_block):
            return ask_plants(self.attacker, view, lambda: Meter(1))
        planted, answers = codes.copy(), np.full(len(codes), NO_PLANT)
        for r in range(len(codes)):
            g = self.attacker.plant(view.row(r), rng)
            if g is not None:
                fits = g.code.shape == codes.shape[1:] and g.code.dtype == codes.dtype
                answers[r] = PLANT if fits else OUTSIDE
                planted[r] = g.code if fits else codes[r]
        return planted, answers

    def _need_samples(self) -> None:
        if not self._sampled:
            raise only_sampled(self.attacker)


def attack_table(
    game: BackdoorGame, distribution: Distribution, attacker: Attacker, *, sampled: bool = True
) -> AttackTable:
    """What an attacker plays at every function of the class and every point of D.

    Tried in turn, for f and for f* each: the attacker's own closed form; whether it uses a coin; else, unless `sampled`
    is False, 50,000 draws of f, and some 50,000 of f* in all.

    Raises
    ------
    MissingCapability
        Where the game is not finite, or the attacker could only be sampled and must not be.
    """
    _validate.instance("attacker", attacker, Attacker, "NearestLegal()")
    return blamed(lambda: _attack_table(game, distribution, attacker, sampled))


@functools.lru_cache(maxsize=16)
def _attack_table(game: BackdoorGame, distribution: Distribution, attacker: Attacker, sampled: bool) -> AttackTable:
    refuse_variant(game, "an exact method")
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
        _add(legal, plants, cells, chances[mine] / originals[who[mine]], law_of_rows)
    for array in (originals, plants):
        array.setflags(write=False)
    return AttackTable(legal, Attack(originals, plants), how)


def _add(legal: LegalGame, plants: Floats, cells: Indices, shares: Floats, law: PlantLaw) -> None:
    """Add the plants of some rows to those of their triples; an illegal plant has no triple."""
    rows, codes, chances = law
    member = legal.functions.are_members(codes)
    rows, codes, chances = rows[member], codes[member], np.asarray(chances)[member]
    F = len(legal.codes)
    wanted = cells[rows] * F + legal.find(codes)
    keys = legal.cells * F + legal.partners
    place = np.minimum(np.searchsorted(keys, wanted), max(0, len(keys) - 1))
    if len(keys):
        found = keys[place] == wanted
        np.add.at(plants, place[found], (shares[rows] * chances)[found])


def _gathered(law: Originals) -> Originals:
    """Equal codes once, with their probabilities added up; those of probability 0 left out."""
    codes, chances = law
    codes, chances = codes[chances > 0], chances[chances > 0]
    different, which = np.unique(codes, axis=0, return_inverse=True)
    return different, np.bincount(which.ravel(), weights=chances).astype(np.float64)


def checked_original_law(attacker: Attacker, law: Originals) -> Originals:
    """A law of f that sums to 1, or a `ContractError`."""
    codes, chances = np.asarray(law[0]), np.asarray(law[1], dtype=np.float64)
    sound = chances.shape == (len(codes),) and (chances >= 0).all() and abs(chances.sum() - 1) <= ROUNDING
    if not sound:
        raise ContractError(
            f"choose_law() of {text(attacker)[:200]} must give a probability for each of {len(codes)} codes, "
            f"and they sum to {chances.sum():g}"
        )
    return codes, chances


def checked_plant_law(attacker: Attacker, law: PlantLaw, rows: int) -> PlantLaw:
    """A law of plants whose probabilities sum to at most 1 in each row, or a `ContractError`."""
    where, codes, chances = np.asarray(law[0]), np.asarray(law[1]), np.asarray(law[2], dtype=np.float64)
    sound = chances.shape == where.shape == (len(codes),) and (chances >= 0).all()
    most = np.bincount(where, weights=chances, minlength=rows).max(initial=0.0) if sound else np.nan
    if not most <= 1 + ROUNDING:
        raise ContractError(
            f"plant_law() of {text(attacker)[:200]} must give probabilities that sum to at most 1 for each f and "
            f"trigger, and they reach {most:g}"
        )
    return where, codes, chances
