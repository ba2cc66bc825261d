"""The contract of an attacker: it picks f, sees the trigger, and plants f*."""

from __future__ import annotations

import abc
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from ...functions import Function, FunctionClass
from ...functions.base import Codes
from ...functions.table import has_table, table
from ...ground.errors import ContractError, MissingCapability
from ...ground.inheritance import overrides, untouched
from ...ground.spec import Configured, text
from ...ground.streams import Generators
from ...spaces.distributions import Distribution
from ...spaces.domains import Points
from ..picking import picked
from ..picking.answers import NO_PLANT as NO_PLANT
from ..picking.answers import OUTSIDE as OUTSIDE
from ..picking.answers import PLANT as PLANT
from ..picking.answers import Originals as Originals
from ..picking.answers import PickLaw as PickLaw
from ..picking.answers import PlantLaw as PlantLaw
from ..picking.answers import Plants as Plants
from ..views import AttackerBlock, AttackerView, GameLike

Point = npt.NDArray[Any]


class Attacker(Configured, abc.ABC):
    """Writes `plant`, and `choose` where it does not want a random f; one round at a time.

    Attributes
    ----------
    symmetries : tuple of str
        What leaves its win rates as they are: "rename" (points in another order), "complement" (0 and 1 exchanged).
        `backdoor_game.testing` holds it to what it declares.
    """

    symmetries: ClassVar[tuple[str, ...]] = ()

    def prepare(self, game: GameLike) -> Attacker:
        """This attacker with every None filled for the game, called once before the first round.

        Raises
        ------
        MissingCapability, InvalidArgument
            Where it cannot play that game, in one sentence.
        """
        return self

    def distribution(self, game: GameLike) -> Distribution:
        """D, asked for only where the game fixes none."""
        wanted = "give the game one, such as Uniform()"
        raise MissingCapability(f"attacker {text(self)} needs a fixed distribution: {wanted}")

    def choose(self, view: AttackerView, rng: np.random.Generator) -> Function:
        """The original f; by default a random member of the class."""
        functions = view.game.functions
        return functions.function(functions.sample(rng))

    @abc.abstractmethod
    def plant(self, view: AttackerView, rng: np.random.Generator) -> Function | None:
        """f*, or None to forfeit the round.

        Parameters
        ----------
        view : AttackerView
            `chosen()` gives f and the trigger x_star; `legal(g)` and `distance(g)` answer by the engine's own rule.
        rng : numpy Generator
            Keyed with this round; valid for this call alone.
        """

    def pick(self, view: AttackerView, rng: np.random.Generator) -> Point:
        """The trigger, asked for only where the game's law leaves a choice; a forfeit names one too.

        By default any of the triggers at which its own plant is legal, each as likely, or just any where there is none.

        Parameters
        ----------
        view : AttackerView
            `f` is chosen, `offered` holds the triggers (q, n) to pick from; where it is None any point will do that the
            law admits, and `block().at(x[None])` is what `plant` would see there.
        """
        return np.asarray(picked(self, view.block())[0])

    def pick_block(self, view: AttackerBlock) -> Points:
        """Triggers (B, n), row r depending on round r alone."""
        if not overrides(self, Attacker.pick):
            return picked(self, view)
        generators = Generators()
        rows = [np.asarray(self.pick(view.row(r), generators.keyed(key))) for r, key in enumerate(view.keys)]
        domain = view.functions.domain
        for x in rows:
            if x.shape != (domain.n,):
                raise ContractError(f"pick() must return a point of shape ({domain.n},), got shape {x.shape}")
        return np.stack(rows)

    def choose_block(self, view: AttackerBlock) -> Codes:
        """Codes (B, L) of the originals, row r depending on round r alone."""
        functions = view.functions
        if not overrides(self, Attacker.choose):
            return own_sample(view)
        generators = Generators()
        codes = np.empty((len(view), functions.code_length), dtype=functions.code_dtype)
        for r, key in enumerate(view.keys):
            chosen = self.choose(view.row(r), generators.keyed(key))
            if not isinstance(chosen, Function) or not _fits(chosen, codes):
                raise ContractError(f"choose() must return a Function of the game's class, got {chosen!r}")
            codes[r] = chosen.code
        return codes

    def plant_block(self, view: AttackerBlock) -> Plants:
        """Codes (B, L), and for each row PLANT (1), NO_PLANT (0) or OUTSIDE (-1, no member of the class at all)."""
        codes, _ = view.chosen()
        out, answers = codes.copy(), np.full(len(view), NO_PLANT)
        generators = Generators()
        for r, key in enumerate(view.keys):
            planted = self.plant(view.row(r), generators.keyed(key))
            if planted is None:
                continue
            if not isinstance(planted, Function):
                raise ContractError(f"plant() must return a Function or None, got {planted!r}")
            answers[r] = PLANT if _fits(planted, out) else OUTSIDE
            if answers[r] == PLANT:
                out[r] = planted.code
        return out, answers

    # What follows is optional: exact methods average with it, and try other ways where it is None.

    def choose_given_law(self, view: AttackerBlock) -> PlantLaw | None:
        """The law of f given each row's offer, for laws that make it before f: rows, codes and probabilities.

        None where f does not depend on it, or where the law is not known in closed form.
        """
        return None

    def pick_law(self, view: AttackerBlock) -> PickLaw | None:
        """The law of the trigger given each row's f and offer: rows (P,), points (P, n) and probabilities (P,)."""
        return None

    def choose_law(self, game: GameLike, distribution: Distribution) -> Originals | None:
        """The law of f: codes (K, L) and their probabilities (K,); None where it is not known in closed form."""
        block, one = type(self).choose_block, type(self).choose
        random = block is BlockAttacker.choose_block or (block is Attacker.choose_block and one is Attacker.choose)
        return own_sample_law(game.functions) if random else None

    def plant_law(self, view: AttackerBlock) -> PlantLaw | None:
        """The law of f* given each row's f and x*: rows (P,), codes (P, L) and probabilities (P,) of the plants.

        What a row's probabilities lack to 1 is a forfeit. None where it is not known in closed form.
        """
        return None


class BlockAttacker(Attacker):
    """An attacker that writes `plant_block`; the one-round forms are blocks of one."""

    @abc.abstractmethod
    def plant_block(self, view: AttackerBlock) -> Plants:
        """See `Attacker.plant_block`."""

    def choose_block(self, view: AttackerBlock) -> Codes:
        return own_sample(view)

    def choose(self, view: AttackerView, rng: np.random.Generator) -> Function:
        return view.game.functions.function(self.choose_block(view.block())[0])

    def plant(self, view: AttackerView, rng: np.random.Generator) -> Function | None:
        codes, answers = self.plant_block(view.block())
        return view.game.functions.function(codes[0]) if answers[0] == PLANT else None


def fixed_distribution(attacker: Attacker, game: GameLike) -> Distribution:
    """The game's distribution, refused in one sentence where it has none."""
    return game.distribution if game.distribution is not None else attacker.distribution(game)


def uniform_members(functions: FunctionClass) -> Originals | None:
    """Every row of the class's table with the same probability; None where it has none."""
    if not has_table(functions):
        return None
    codes = table(functions).codes
    return codes, np.full(len(codes), 1 / len(codes))


def own_sample_law(functions: FunctionClass) -> Originals | None:
    """The law of the class's own random members, where they are uniform and can be listed."""
    uniform = functions.samples_uniformly and untouched(functions, "samples_uniformly")
    return uniform_members(functions) if uniform else None


def own_sample(view: AttackerBlock) -> Codes:
    """The class's own random members; one that its `contains` refuses is the class's bug, not an illegal f."""
    return view.functions.draw_members(view.keys)


def _fits(function: Function, codes: Codes) -> bool:
    return function.code.shape == codes.shape[1:] and function.code.dtype == codes.dtype
