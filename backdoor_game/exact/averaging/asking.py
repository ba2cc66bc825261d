"""What an attacker is asked, one question for each place that it may get to: the ways that are tried."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from ...functions.base import Codes, Floats
from ...games import BackdoorGame
from ...games.contract import ask_original, ask_plants, call
from ...ground.errors import ContractError
from ...ground.inheritance import overrides, untouched
from ...ground.spec import text
from ...ground.streams import role_keys
from ...players.attackers import Attacker
from ...players.attackers.base import NO_PLANT, OUTSIDE, PLANT, Originals, PlantLaw
from ...players.views import AttackerBlock, Meter
from ...spaces.checked import checked
from ...spaces.distributions import Distribution
from ..finite import LegalGame
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
    only_sampled,
    without_coins,
)

BLOCK = 4096  # questions a call: as many as rounds in a block of play
CHOOSING, GIVEN = ("choose", "choose_block", "choose_law"), ("choose_given_law",)
PICKING, PLANTING = ("pick", "pick_block", "pick_law"), ("plant", "plant_block", "plant_law")
ORIGINALS = 50_000  # draws of f: each share is known to 0.005
Indices = npt.NDArray[np.int64]


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

    def stated_originals(self) -> Originals | None:
        """The different f's and their probabilities where the attacker states them."""
        base = not overrides(self.attacker, Attacker.choose_law)  # which looks for itself at how f is chosen
        if not (base or untouched(self.attacker, "choose_law", but=(*GIVEN, *PICKING, *PLANTING))):
            return None
        known = call(self.attacker, "choose_law", lambda: self.attacker.choose_law(self.game, self.distribution))
        return None if known is None else gathered(checked_original_law(self.attacker, known))

    def originals(self) -> tuple[Codes, Floats, str]:
        """The different f's, their probabilities, and how they were found."""
        known = self.stated_originals()
        if known is not None:
            return *known, CLOSED
        alone = without_coins(self._chosen, 1)
        if alone is not None:
            return alone[0], np.ones(1), DETERMINISTIC
        self._need_samples()
        keys = role_keys(0, f"average {text(self.attacker)}", "choose", 0, ORIGINALS)
        codes, _ = ask_original(self.attacker, self.before(keys), lambda: Meter(1))
        return *gathered((codes, np.full(len(codes), 1 / len(codes)))), ESTIMATED

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
        if untouched(self.attacker, "plant_law", but=(*CHOOSING, *GIVEN, *PICKING)):
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


def gathered(law: Originals) -> Originals:
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


def checked_plant_law(attacker: Attacker, law: PlantLaw, rows: int, method: str = "plant_law") -> PlantLaw:
    """A law whose probabilities sum to at most 1 in each row, as `method` has given it, or a `ContractError`."""
    where, codes, chances = np.asarray(law[0]), np.asarray(law[1]), np.asarray(law[2], dtype=np.float64)
    sound = chances.shape == where.shape == (len(codes),) and (chances >= 0).all()
    most = np.bincount(where, weights=chances, minlength=rows).max(initial=0.0) if sound else np.nan
    if not most <= 1 + ROUNDING:
        raise ContractError(
            f"{method}() of {text(attacker)[:200]} must give probabilities that sum to at most 1 for each f and "
            f"trigger, and they reach {most:g}"
        )
    return where, codes, chances


def legal_places(legal: LegalGame, cells: Indices, law: PlantLaw) -> tuple[Indices, Indices, Floats]:
    """The rows of a law for these cells (x F + f), the triples that they are, and their chances: the legal ones."""
    rows, codes, chances = law
    member = legal.functions.are_members(codes)
    rows, codes, chances = rows[member], codes[member], np.asarray(chances)[member]
    F = len(legal.codes)
    wanted = cells[rows] * F + legal.find(codes)
    keys = legal.cells * F + legal.partners
    if not len(keys):
        return rows[:0], rows[:0], chances[:0]
    places = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    found = keys[places] == wanted
    return rows[found], places[found], chances[found]
