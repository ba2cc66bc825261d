"""How likely a defender flags each (f', x'), over its examples and its coins."""

from __future__ import annotations

import dataclasses
import functools

import numpy as np

from ...functions.base import Floats
from ...games import BUDGETS, BackdoorGame
from ...games.contract import blamed, call
from ...ground import _validate
from ...ground.errors import InvalidArgument
from ...ground.progress import Heard, Progress, silent
from ...ground.showing import fields
from ...ground.spec import text
from ...players.defenders import Defender
from ...spaces.distributions import Distribution
from ..finite import LegalGame, legal_game
from ..finite.guarantees import defender_guarantee
from ..variants import Variant, settled, variant
from ..variants import guarantees as of_variants
from .flagging import MOST_QUESTIONS, Questions, Views, averaged


@dataclasses.dataclass(frozen=True, eq=False)
class FlagTable:
    """Flag probabilities of a defender.

    Attributes
    ----------
    game : LegalGame
    flags : ndarray of float64, shape (N, F)
    how : str
        closed form, deterministic, enumerated (over all samples), or estimated.
    """

    game: LegalGame
    flags: Floats
    how: str

    __repr__ = fields

    def worst_case(self) -> float:
        """What the defender wins against the attacker that it loses most to."""
        return defender_guarantee(self.game, self.flags)


@dataclasses.dataclass(frozen=True, eq=False)
class VariantFlagTable:
    """The same in a variant.

    Attributes
    ----------
    game : Variant
    flags : ndarray of float64, shape (V,)
        Of the views (trace, x', f').
    how : str
    """

    game: Variant
    flags: Floats
    how: str

    __repr__ = fields

    def worst_case(self) -> float:
        """What the defender wins against the attacker that it loses most to."""
        return of_variants.defender_guarantee(self.game, self.flags)


def flag_table(
    game: BackdoorGame,
    distribution: Distribution,
    defender: Defender,
    *,
    sampled: bool = True,
    questions: int = MOST_QUESTIONS,
    progress: Progress = silent,
) -> FlagTable | VariantFlagTable:
    """Flag probabilities of a defender at every function of the class and every point of D, and with every trace.

    Tried in turn: the defender's own closed form; whether it uses neither examples nor coins; all samples, where it
    uses examples alone and there are at most 20,000 of them, which take at most so many `questions`; else, unless
    `sampled` is False, some 50,000 plays in all.

    Raises
    ------
    MissingCapability
        Where the game is not finite, or the defender could only be sampled and must not be.
    """
    _validate.instance("defender", defender, Defender, "CoinFlip()")
    return blamed(lambda: _flag_table(game, distribution, defender, sampled, questions, Heard(progress)))


@functools.lru_cache(maxsize=16)
def _flag_table(
    game: BackdoorGame, distribution: Distribution, defender: Defender, sampled: bool, questions: int, heard: Heard
) -> FlagTable | VariantFlagTable:
    made: LegalGame | Variant
    if game.plain:
        made = legal_game(game.functions, distribution, game.epsilon, merged=False)
        views = Views(made.codes, made.points, made.weights, np.arange(len(made.starts) - 1))
    else:
        made = variant(settled(game, distribution), merged=False)
        views = _views(game, made)
    ready = call(defender, "prepare", lambda: defender.prepare(game))
    _validate.instance("what the defender's prepare() returns", ready, Defender, "self")
    _validate.real(f"the threshold of {text(ready)[:200]}", ready.threshold, 0.0, 1.0)
    asked = Questions(game, distribution, ready, views, heard.progress)
    flags, how = averaged(asked, defender, sampled=sampled, questions=questions)
    flags = flags.reshape(made.shape) if isinstance(made, LegalGame) else flags
    flags.setflags(write=False)
    return FlagTable(made, flags, how) if isinstance(made, LegalGame) else VariantFlagTable(made, flags, how)


def _views(game: BackdoorGame, made: Variant) -> Views:
    """All views of a variant; the trace of each is that of some f that it is revealed of."""
    legal, cells = made.legal, made.legal.shape[0] * made.legal.shape[1]
    traces, numbers = None, made.seen.keys // cells
    if game.reveal is not None:
        first = np.unique(made.traces, return_index=True)[1]
        traces = game.reveal.traces(legal.functions, legal.codes[first])
        traces = None if traces is None else traces[numbers]
    sealed = game.reveal is not None and traces is None
    return Views(legal.codes, legal.points, legal.weights, made.seen.keys % cells, traces, sealed)


def refuse_budgets(game: BackdoorGame) -> None:
    """Exact methods ask as often as they need, and know functions by their codes: a game with limits is refused."""
    if any(getattr(game, budget) is not None for budget in BUDGETS):
        raise InvalidArgument("exact methods do not weigh budgets: leave the game's budgets out")
    refuse_black_box(game)


def refuse_black_box(game: BackdoorGame) -> None:
    """Optimal play reads codes."""
    if game.black_box:
        raise InvalidArgument("exact methods do not weigh what a black box hides: leave black_box out")
