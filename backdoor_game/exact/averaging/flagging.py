"""How likely a defender flags each of a list of views, over its examples and its coins: the ways that are tried."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import numpy.typing as npt

from ...functions.base import Codes, Floats
from ...games import BackdoorGame
from ...games.contract import ask_suspicion
from ...ground.errors import MissingCapability
from ...ground.inheritance import untouched
from ...ground.progress import Progress
from ...ground.showing import fields
from ...ground.spec import text
from ...ground.streams import role_keys
from ...players.defenders import Defender
from ...players.views import DefenderBlock, Meter
from ...spaces.checked import checked
from ...spaces.distributions import Distribution
from ...spaces.domains import Points
from .coinless import flagged_without_coins, stated_probability
from .oracle import EnumeratedOracle
from .ways import (
    CLOSED,
    DETERMINISTIC,
    ENUMERATED,
    ESTIMATED,
    Arrays,
    Order,
    RandomnessUsed,
    Seal,
    SealedKeys,
    draws_each,
    only_sampled,
    without_coins,
)

BLOCK = 4096  # questions a call: as many as rounds in a block of play
MOST_SAMPLES = 20_000  # samples that are listed; with more, sampling is cheaper than the list
MOST_QUESTIONS = 2_000_000  # answers of the defender: 500 blocks of play
Indices = npt.NDArray[np.int64]


@dataclasses.dataclass(frozen=True, eq=False)
class Views:
    """What a defender is asked of, V views (f', x', trace).

    Attributes
    ----------
    codes : ndarray, shape (F, L)
    points : ndarray, shape (N, n)
    weights : ndarray of float64, shape (N,)
        D on the points, for the oracle.
    cells : ndarray of int64, shape (V,)
        x F + f' of each.
    traces : ndarray, one row for each of the V, or None
        What the game reveals beside them; None where it reveals nothing.
    sealed : bool
        Whether the game reveals what the views do not decide: a defender that looks at its trace is not averaged.
    """

    codes: Codes
    points: Points
    weights: Floats
    cells: Indices
    traces: npt.NDArray[Any] | None = None
    sealed: bool = False

    __repr__ = fields


class Questions:
    """Views, asked of one defender a block at a time."""

    def __init__(
        self, game: BackdoorGame, distribution: Distribution, defender: Defender, views: Views, progress: Progress
    ) -> None:
        self.game, self.defender, self.views, self.progress = game, defender, views, progress
        self.distribution, self.size = checked(distribution, game.functions.domain), len(views.cells)

    def view(self, numbers: Indices, keys: Any, samples: Any, oracle: Distribution | None = None) -> DefenderBlock:
        """A view of these rows, with the game's own oracle or another."""
        at, distribution = self.views, self.distribution if oracle is None else oracle
        f, x = at.cells[numbers] % len(at.codes), at.cells[numbers] // len(at.codes)
        trace: Any = SealedKeys(len(numbers), Seal()) if at.sealed else None
        trace = trace if at.traces is None else at.traces[numbers]
        meter = Meter(len(numbers))
        return DefenderBlock(self.game, distribution, at.codes[f], at.points[x], keys, samples, meter, trace=trace)

    def flagged(self, view: DefenderBlock) -> npt.NDArray[np.bool_]:
        """What the defender says of each row, held to its contract."""
        answers, _ = ask_suspicion(self.defender, view, lambda: Meter(1))
        return answers >= self.defender.threshold


def averaged(asked: Questions, typed: Defender, *, sampled: bool, questions: int) -> tuple[Floats, str]:
    """Flag probabilities (V,), and how they were found; a refusal names the defender as it was typed.

    Raises
    ------
    MissingCapability
        Where the defender could only be sampled and must not be, or looks at a trace that cannot be listed.
    """
    for way, answer in (
        (CLOSED, _closed),
        (DETERMINISTIC, _deterministic),
        (ENUMERATED, lambda asked: _enumerated(asked, questions)),
    ):
        flags = answer(asked)
        if flags is not None:
            return flags, way
    if not sampled:
        raise only_sampled(typed)
    try:
        return _estimated(asked), ESTIMATED
    except RandomnessUsed:
        raise only_sampled(typed) from None


def _closed(asked: Questions) -> Floats | None:
    if not untouched(asked.defender, "suspicion_probability"):
        return None
    out = np.empty(asked.size)
    keys = np.zeros(BLOCK, dtype=np.uint64)
    try:
        for start in range(0, asked.size, BLOCK):
            views = np.arange(start, min(start + BLOCK, asked.size))
            view = asked.view(views, keys[: len(views)], keys[: len(views)])
            out[start : start + BLOCK] = stated_probability(asked.defender, view)
    except (MissingCapability, NotImplementedError, RandomnessUsed):
        return None
    return out


def _deterministic(asked: Questions) -> Floats | None:
    """Asked with keys and samples that cannot be read."""
    out = np.empty(asked.size)
    for start in range(0, asked.size, BLOCK):
        views = np.arange(start, min(start + BLOCK, asked.size))

        def ask(order: Order, seal: Seal, views: Indices = views) -> Arrays:
            sealed = SealedKeys(len(order), seal)
            return (flagged_without_coins(asked.defender, asked.view(views[order], sealed, sealed), seal),)

        said = without_coins(ask, len(views))
        if said is None:
            return None
        out[start : start + BLOCK] = said[0]
    return out


def _enumerated(asked: Questions, questions: int) -> Floats | None:
    """Every sample of the size that the defender draws, in turn; None where it draws too many or uses coins."""
    N = len(asked.views.weights)
    m = 1
    while N**m <= MOST_SAMPLES and N**m * asked.size <= questions:
        oracle = EnumeratedOracle(asked.views.points, asked.views.weights, m)
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
        views = np.arange(start, min(start + step, asked.size))
        rows, samples = np.repeat(views, len(keys)), np.tile(keys, len(views))

        def ask(order: Order, seal: Seal, all_: Any = (rows, samples)) -> Arrays:
            rows, samples = all_
            view = asked.view(rows[order], SealedKeys(len(order), seal), samples[order], oracle)
            return (flagged_without_coins(asked.defender, view, seal),)

        said = without_coins(ask, len(rows))
        if said is None or oracle.exhausted:
            return None
        out[start : start + step] = said[0].reshape(len(views), len(keys)) @ chances
        asked.progress(start + len(views), asked.size)
    return np.minimum(out, 1.0)


def _estimated(asked: Questions) -> Floats:
    each = draws_each(asked.size)
    streams = {role: f"average {text(asked.defender)}" for role in ("defender/0", "oracle/0")}
    out = np.zeros(asked.size)
    step = max(1, BLOCK // each)
    for start in range(0, asked.size, step):
        views = np.arange(start, min(start + step, asked.size))
        keys, samples = (role_keys(0, name, role, start * each, len(views) * each) for role, name in streams.items())
        view = asked.view(np.repeat(views, each), keys, samples)
        out[start : start + step] = asked.flagged(view).reshape(len(views), each).mean(axis=1)
        asked.progress(start + len(views), asked.size)
    return out
