"""How likely a defender flags each (f', x'), over its examples and its coins."""

from __future__ import annotations

import dataclasses
import functools
from typing import Any

import numpy as np
import numpy.typing as npt

from ..checked import held
from ..defenders import Defender
from ..distributions import Distribution
from ..domains import Points
from ..errors import InvalidArgument, MissingCapability
from ..exact import LegalGame, legal_game
from ..functions.base import Codes, Floats
from ..games import BackdoorGame
from ..games.contract import ask_suspicion, blamed, call
from ..progress import Heard, Progress, silent
from ..spec import text
from ..streams import role_keys
from ..views import DefenderBlock, Meter
from .coinless import flagged_without_coins
from .oracle import EnumeratedOracle, TooManyExamples
from .ways import (
    CLOSED,
    DETERMINISTIC,
    ENUMERATED,
    ESTIMATED,
    RandomnessUsed,
    SealedKeys,
    draws_each,
    holds_still,
    only_sampled,
)

BLOCK = 4096
MOST_SAMPLES = 20_000
MOST_QUESTIONS = 2_000_000


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


class Questions:
    """All pairs (f', x') of a finite game in the order of (N, F), asked of one defender a block at a time."""

    def __init__(
        self, game: BackdoorGame, law: Distribution, defender: Defender, legal: LegalGame, progress: Progress
    ) -> None:
        self.game, self.law, self.defender, self.legal = game, held(law, game.functions.domain), defender, legal
        self.size, self.progress = len(legal.starts) - 1, progress

    def pairs(self, start: int, stop: int) -> tuple[Codes, Points]:
        """Functions (B, L) and inputs (B, n) of the cells start .. stop - 1."""
        cells, F = np.arange(start, min(stop, self.size)), len(self.legal.codes)
        return self.legal.codes[cells % F], self.legal.points[cells // F]

    def view(
        self, codes: Codes, X: Points, *, oracle: Any = None, keys: Any = None, samples: Any = None
    ) -> DefenderBlock:
        """A view of these rows; without keys nothing random may be read."""
        sealed: Any = SealedKeys(len(codes))
        return DefenderBlock(
            self.game,
            self.law if oracle is None else oracle,
            codes.copy(),
            X.copy(),
            sealed if keys is None else keys,
            sealed if samples is None else samples,
            Meter(len(codes)),
        )

    def flagged(self, view: DefenderBlock) -> npt.NDArray[np.bool_]:
        """What the defender says of each row, held to its contract."""
        answers, _ = ask_suspicion(self.defender, view, lambda: Meter(1))
        return answers >= self.defender.threshold


def flag_table(
    game: BackdoorGame, law: Distribution, defender: Defender, *, sampled: bool = True, progress: Progress = silent
) -> FlagTable:
    """Flag probabilities of a defender at every function of the class and every point of D.

    Tried in turn: the defender's own closed form; whether it uses neither examples nor coins; all samples, where it
    uses examples alone and there are at most 20,000 of them; else, unless `sampled` is False, 200,000 plays in all.

    Raises
    ------
    MissingCapability
        Where the game is not finite, or the defender could only be sampled and must not be.
    """
    return blamed(lambda: _flag_table(game, law, defender, sampled, Heard(progress)))


@functools.lru_cache(maxsize=16)
def _flag_table(game: BackdoorGame, law: Distribution, defender: Defender, sampled: bool, heard: Heard) -> FlagTable:
    legal = legal_game(game.functions, law, game.epsilon, merged=False)
    ready = call(defender, "prepare", lambda: defender.prepare(game))
    asked = Questions(game, law, ready, legal, heard.progress)
    for way, answer in ((CLOSED, _closed), (DETERMINISTIC, _deterministic), (ENUMERATED, _enumerated)):
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
    if not holds_still(asked.defender, "suspicion_probability", "suspicion", "suspicion_block"):
        return None
    out = np.empty(asked.size)
    try:
        for start in range(0, asked.size, BLOCK):
            view = asked.view(*asked.pairs(start, start + BLOCK))
            out[start : start + BLOCK] = asked.defender.suspicion_probability(view)
    except MissingCapability:
        return None
    return out


def _deterministic(asked: Questions) -> Floats | None:
    """Asked with keys and samples that cannot be read: any trouble means that it is not deterministic."""
    out = np.empty(asked.size)
    try:
        for start in range(0, asked.size, BLOCK):
            out[start : start + BLOCK] = flagged_without_coins(
                asked.defender, asked.view(*asked.pairs(start, start + BLOCK))
            )
    except (Exception, RandomnessUsed):
        return None
    return out


def _enumerated(asked: Questions) -> Floats | None:
    """Every sample of the size that the defender draws, in turn; None where it draws too many or uses coins."""
    N = len(asked.legal.weights)
    m = 1
    while N**m <= MOST_SAMPLES and N**m * asked.size <= MOST_QUESTIONS:
        oracle = EnumeratedOracle(asked.legal.points, asked.legal.weights, m)
        try:
            return _over_samples(asked, oracle)
        except TooManyExamples:
            m += 1
        except (Exception, RandomnessUsed):
            return None
    return None


def _over_samples(asked: Questions, oracle: EnumeratedOracle) -> Floats:
    keys, chances = oracle.keys, oracle.probabilities()
    step = max(1, BLOCK // len(keys))
    out = np.empty(asked.size)
    for start in range(0, asked.size, step):
        codes, X = asked.pairs(start, start + step)
        rows = len(codes)
        view = asked.view(
            np.repeat(codes, len(keys), axis=0),
            np.repeat(X, len(keys), axis=0),
            oracle=oracle,
            samples=np.tile(keys, rows),
        )
        out[start : start + step] = flagged_without_coins(asked.defender, view).reshape(rows, len(keys)) @ chances
        asked.progress(start + rows, asked.size)
    return np.minimum(out, 1.0)


def _estimated(asked: Questions) -> Floats:
    each = draws_each(asked.size)
    streams = {role: f"average {text(asked.defender)}" for role in ("defender/0", "oracle/0")}
    out = np.zeros(asked.size)
    step = max(1, BLOCK // each)
    for start in range(0, asked.size, step):
        codes, X = asked.pairs(start, start + step)
        keys, samples = (role_keys(0, name, role, start * each, len(codes) * each) for role, name in streams.items())
        view = asked.view(np.repeat(codes, each, axis=0), np.repeat(X, each, axis=0), keys=keys, samples=samples)
        out[start : start + step] = asked.flagged(view).reshape(len(codes), each).mean(axis=1)
        asked.progress(start + len(codes), asked.size)
    return out


def refuse_budgets(game: BackdoorGame) -> None:
    """Exact methods ask as often as they need: a game with budgets is refused."""
    if (game.defender_examples, game.defender_evaluations, game.attacker_evaluations) != (None, None, None):
        raise InvalidArgument("exact methods do not weigh budgets: leave the game's budgets out")
