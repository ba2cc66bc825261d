"""How likely a defender flags each (f', x'), over its examples and its coins."""

from __future__ import annotations

import dataclasses
import functools
from typing import Any

import numpy as np
import numpy.typing as npt

from ...functions.base import Codes, Floats
from ...games import BUDGETS, BackdoorGame
from ...games.backdoor import refuse_variant
from ...games.contract import ask_suspicion, blamed, call
from ...ground import _validate
from ...ground.errors import InvalidArgument, MissingCapability
from ...ground.inheritance import untouched
from ...ground.progress import Heard, Progress, silent
from ...ground.showing import fields
from ...ground.spec import text
from ...ground.streams import role_keys
from ...players.defenders import Defender
from ...players.views import DefenderBlock, Meter
from ...spaces.checked import checked
from ...spaces.distributions import Distribution
from ...spaces.domains import Points
from ..finite import LegalGame, legal_game
from .coinless import flagged_without_coins, stated_probability
from .oracle import EnumeratedOracle
from .ways import (
    CLOSED,
    DETERMINISTIC,
    ENUMERATED,
    ESTIMATED,
    Arrays,
    Order,
    Seal,
    SealedKeys,
    draws_each,
    only_sampled,
    without_coins,
)

BLOCK = 4096  # questions a call: as many as rounds in a block of play
MOST_SAMPLES = 20_000  # samples that are listed; with more, sampling is cheaper than the list
MOST_QUESTIONS = 2_000_000  # answers of the defender: 500 blocks of play


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


class Questions:
    """All pairs (f', x') of a finite game in the order of (N, F), asked of one defender a block at a time."""

    def __init__(
        self, game: BackdoorGame, distribution: Distribution, defender: Defender, legal: LegalGame, progress: Progress
    ) -> None:
        self.game, self.distribution, self.defender, self.legal = (
            game,
            checked(distribution, game.functions.domain),
            defender,
            legal,
        )
        self.size, self.progress = len(legal.starts) - 1, progress

    def pairs(self, start: int, stop: int) -> tuple[Codes, Points]:
        """Functions (B, L) and inputs (B, n) of the cells start .. stop - 1."""
        cells, F = np.arange(start, min(stop, self.size)), len(self.legal.codes)
        return self.legal.codes[cells % F], self.legal.points[cells // F]

    def view(
        self, codes: Codes, X: Points, keys: Any, samples: Any, oracle: Distribution | None = None
    ) -> DefenderBlock:
        """A view of these rows, with the game's own oracle or another."""
        distribution = self.distribution if oracle is None else oracle
        return DefenderBlock(self.game, distribution, codes.copy(), X.copy(), keys, samples, Meter(len(codes)))

    def flagged(self, view: DefenderBlock) -> npt.NDArray[np.bool_]:
        """What the defender says of each row, held to its contract."""
        answers, _ = ask_suspicion(self.defender, view, lambda: Meter(1))
        return answers >= self.defender.threshold


def flag_table(
    game: BackdoorGame,
    distribution: Distribution,
    defender: Defender,
    *,
    sampled: bool = True,
    questions: int = MOST_QUESTIONS,
    progress: Progress = silent,
) -> FlagTable:
    """Flag probabilities of a defender at every function of the class and every point of D.

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
) -> FlagTable:
    refuse_variant(game, "an exact method")
    legal = legal_game(game.functions, distribution, game.epsilon, merged=False)
    ready = call(defender, "prepare", lambda: defender.prepare(game))
    _validate.instance("what the defender's prepare() returns", ready, Defender, "self")
    _validate.real(f"the threshold of {text(ready)[:200]}", ready.threshold, 0.0, 1.0)
    asked = Questions(game, distribution, ready, legal, heard.progress)
    for way, answer in (
        (CLOSED, _closed),
        (DETERMINISTIC, _deterministic),
        (ENUMERATED, lambda asked: _enumerated(asked, questions)),
    ):
        flags = answer(asked)
        if flags is not None:
            return FlagTable(legal, _frozen(flags, legal), way)
    if not sampled:
        raise only_sampled(defender)
    return FlagTable(legal, _frozen(_estimated(asked), legal), ESTIMATED)


def _frozen(flags: Floats, legal: LegalGame) -> Floats:
    flags = flags.reshape(legal.shape)
    flags.setflags(write=False)
    return flags


def _closed(asked: Questions) -> Floats | None:
    if not untouched(asked.defender, "suspicion_probability"):
        return None
    out = np.empty(asked.size)
    keys = np.zeros(BLOCK, dtype=np.uint64)
    try:
        for start in range(0, asked.size, BLOCK):
            codes, X = asked.pairs(start, start + BLOCK)
            view = asked.view(codes, X, keys[: len(codes)], keys[: len(codes)])
            out[start : start + BLOCK] = stated_probability(asked.defender, view)
    except (MissingCapability, NotImplementedError):
        return None
    return out


def _deterministic(asked: Questions) -> Floats | None:
    """Asked with keys and samples that cannot be read."""
    out = np.empty(asked.size)
    for start in range(0, asked.size, BLOCK):
        codes, X = asked.pairs(start, start + BLOCK)

        def ask(order: Order, seal: Seal, codes: Codes = codes, X: Points = X) -> Arrays:
            sealed = SealedKeys(len(order), seal)
            view = asked.view(codes[order], X[order], sealed, sealed)
            return (flagged_without_coins(asked.defender, view, seal),)

        said = without_coins(ask, len(codes))
        if said is None:
            return None
        out[start : start + BLOCK] = said[0]
    return out


def _enumerated(asked: Questions, questions: int) -> Floats | None:
    """Every sample of the size that the defender draws, in turn; None where it draws too many or uses coins."""
    N = len(asked.legal.weights)
    m = 1
    while N**m <= MOST_SAMPLES and N**m * asked.size <= questions:
        oracle = EnumeratedOracle(asked.legal.points, asked.legal.weights, m)
        found = _over_samples(asked, oracle)
        if found is not None or not oracle.exhausted:
            return found
        m += 1
    return None


def _over_samples(asked: Questions, oracle: EnumeratedOracle) -> Floats | None:
    keys, chances = oracle.keys, oracle.probabilities()
    step = max(1, BLOCK // len(keys))
    out = np.empty(asked.size)
    for start in range(0, asked.size, step):
        codes, X = asked.pairs(start, start + step)
        rows, samples = np.repeat(np.arange(len(codes)), len(keys)), np.tile(keys, len(codes))

        def ask(order: Order, seal: Seal, all_: Any = (codes, X, rows, samples)) -> Arrays:
            codes, X, rows, samples = all_
            sealed = SealedKeys(len(order), seal)
            view = asked.view(codes[rows[order]], X[rows[order]], sealed, samples[order], oracle)
            return (flagged_without_coins(asked.defender, view, seal),)

        said = without_coins(ask, len(rows))
        if said is None or oracle.exhausted:
            return None
        out[start : start + step] = said[0].reshape(len(codes), len(keys)) @ chances
        asked.progress(start + len(codes), asked.size)
    return np.minimum(out, 1.0)


def _estimated(asked: Questions) -> Floats:
    each = draws_each(asked.size)
    streams = {role: f"average {text(asked.defender)}" for role in ("defender/0", "oracle/0")}
    out = np.zeros(asked.size)
    step = max(1, BLOCK // each)
    for start in range(0, asked.size, step):
        codes, X = asked.pairs(start, start + step)
        keys, samples = (role_keys(0, name, role, start * each, len(codes) * each) for role, name in streams.items())
        view = asked.view(np.repeat(codes, each, axis=0), np.repeat(X, each, axis=0), keys, samples)
        out[start : start + step] = asked.flagged(view).reshape(len(codes), each).mean(axis=1)
        asked.progress(start + len(codes), asked.size)
    return out


def refuse_budgets(game: BackdoorGame) -> None:
    """Exact methods ask as often as they need, and know functions by their codes: a game with limits is refused."""
    if any(getattr(game, budget) is not None for budget in BUDGETS):
        raise InvalidArgument("exact methods do not weigh budgets: leave the game's budgets out")
    refuse_black_box(game)


def refuse_black_box(game: BackdoorGame) -> None:
    """Optimal play reads codes."""
    if game.black_box:
        raise InvalidArgument("exact methods do not weigh what a black box hides: leave black_box out")
    refuse_variant(game, "an exact method")
