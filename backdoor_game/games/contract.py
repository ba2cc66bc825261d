"""Calls players and holds them to their contracts: nonsense and exceptions are bugs in a measurement, never results."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from ..functions.base import Codes, Floats
from ..ground import _validate
from ..ground.blame import last_line, let_go, where
from ..ground.errors import (
    BackdoorGameError,
    BudgetExceeded,
    ClassFault,
    ContractError,
    InvalidArgument,
    MissingCapability,
)
from ..ground.spec import qualified_name, text
from ..players.attackers import Attacker
from ..players.attackers.base import NO_PLANT, OUTSIDE, PLANT, Plants
from ..players.defenders import Defender
from ..players.defenders.base import refuse_game
from ..players.views import AttackerBlock, DefenderBlock, Meter
from ..spaces.domains import Points

Answer = TypeVar("Answer")
Budget = Callable[[], Meter]
BEFORE_PLAY = ("prepare", "distribution")
OWN = __name__.split(".")[0] + "."


def call(player: Any, method: str, action: Callable[[], Answer]) -> Answer:
    """`action()`, with whatever it raises told as one sentence that names the player, the file and the line.

    What a player refuses before the first round is an answer, not a bug, and passes as it is.
    """
    told = _as_written(player, method)
    try:
        return action()
    except (BudgetExceeded, ClassFault, MemoryError):
        raise
    except ContractError as error:
        place = last_line(error, own=False) or _place(player, method)
        raise ContractError(f"{_name(player)}: {error} ({place})") from error
    except (BackdoorGameError, NotImplementedError) as error:
        if method in BEFORE_PLAY:
            raise error if isinstance(error, BackdoorGameError) else MissingCapability(str(error)) from error
        place = last_line(error) or _place(player, method)
        raise ContractError(f"{_name(player)}: {told}(): {error} ({place})") from error
    except (Exception, SystemExit) as error:
        let_go(error)
        reason = str(error).splitlines()[0] if str(error) else "no message"
        place = last_line(error) or _place(player, method)
        raise ContractError(f"{_name(player)}: {told}() raised {type(error).__name__}: {reason} ({place})") from error


def ask_prepare(side: str, player: Any, kind: type[Any], told: Any) -> Any:
    """What the player's `prepare` returns for a game (or for what else it is `told`), held to its kind."""
    if isinstance(player, Defender):
        refuse_game(player, told)
    ready = call(player, "prepare", lambda: player.prepare(told))
    _validate.instance(f"what the {side}'s prepare() returns", ready, kind, "self")
    if isinstance(ready, Defender):
        _validate.real(f"the threshold of {text(ready)}", ready.threshold, 0.0, 1.0)
    return ready


def blamed(action: Callable[[], Answer]) -> Answer:
    """`action()`; what a function class or distribution from elsewhere raises is told with its file and line.

    What this package raises by itself is its own bug and keeps its traceback.
    """
    try:
        return action()
    except BackdoorGameError:
        raise
    except Exception as error:
        let_go(error)
        place = last_line(error, own=False)
        if place is None:
            raise
        reason = str(error).splitlines()[0] if str(error) else "no message"
        raise ContractError(f"{place} raised {type(error).__name__}: {reason}") from error


def _as_written(player: Any, method: str) -> str:
    """The method that the author wrote: the block form only where a class outside this package defines it."""
    outside = [cls for cls in type(player).__mro__ if not cls.__module__.startswith(OWN)]
    return method if any(method in vars(cls) for cls in outside) else method.removesuffix("_block")


def _name(player: Any) -> str:
    return qualified_name(type(player))


def _place(player: Any, method: str) -> str:
    return where(type(player), method.removesuffix("_block"), method)


def _granted(player: Any, method: str, meter: Meter, action: Callable[[], Answer]) -> Answer:
    """`call`; an answer that comes although the meter has refused something is none, caught exception or not."""
    answer = call(player, method, action)
    if meter.refused.any():
        raise BudgetExceeded(f"{_name(player)} goes on after its budget is used up")
    return answer


def ask_suspicion(defender: Defender, view: DefenderBlock, budget: Budget) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """Suspicions (B,) and which rows went over budget (B,); a block that does is replayed round by round."""
    try:
        answers = _granted(defender, "suspicion_block", view.meter, lambda: defender.suspicion_block(view))
    except BudgetExceeded:
        return _replayed(defender, view, budget)
    return checked_suspicions(defender, answers, len(view)), np.zeros(len(view), dtype=bool)


def _replayed(defender: Defender, view: DefenderBlock, budget: Budget) -> tuple[Floats, npt.NDArray[np.bool_]]:
    answers, over = np.full(len(view), np.nan), np.zeros(len(view), dtype=bool)
    for r in range(len(view)):
        meter = budget()
        alone = view._alone_with(r, meter)
        try:
            answer = _granted(defender, "suspicion_block", meter, partial(defender.suspicion_block, alone))
            answers[r] = checked_suspicions(defender, answer, 1)[0]
        except BudgetExceeded:
            over[r] = True
        view.meter.counts[:, r] = meter.counts[:, 0]
    return answers, over


def checked_suspicions(defender: Defender, answers: Any, rows: int) -> Floats:
    """What a defender has answered for so many rows, held to its contract."""
    values = np.asarray(answers)
    if values.shape != (rows,) or values.dtype.kind not in "fiub":
        wanted = f"numbers of shape ({rows},)"
        raise ContractError(
            f"{_name(defender)}: suspicion_block() must return {wanted}, got {values.dtype} of shape {values.shape} "
            f"({_place(defender, 'suspicion_block')})"
        )
    suspicion = values.astype(np.float64, copy=False)
    wrong = ~((suspicion >= 0) & (suspicion <= 1))
    if wrong.any():
        raise ContractError(
            f"{_name(defender)}: suspicion() must return a number in [0, 1], got {suspicion[wrong][0]:g} "
            f"({_place(defender, 'suspicion_block')})"
        )
    return suspicion


def ask_original(attacker: Attacker, view: AttackerBlock, budget: Budget) -> tuple[Codes, npt.NDArray[np.bool_]]:
    """f's codes (B, L) in the class's type, and which rounds went over budget (B,), where any member stands in."""
    over = np.zeros(len(view), dtype=bool)
    try:
        codes = np.asarray(_granted(attacker, "choose_block", view.meter, lambda: attacker.choose_block(view)))
        return _shaped(attacker, "choose", codes, view), over
    except BudgetExceeded:
        codes = view.functions.draw_members(view.keys)
        view.forget()
    for r in range(len(view)):
        meter = budget()
        alone = view._alone_with(r, meter)
        try:
            codes[r] = _granted(attacker, "choose_block", meter, partial(attacker.choose_block, alone))[0]
        except BudgetExceeded:
            over[r] = True
        view.meter.counts[:, r] = meter.counts[:, 0]
    return codes, over


def ask_triggers(attacker: Attacker, view: AttackerBlock, budget: Budget) -> tuple[Points, npt.NDArray[np.bool_]]:
    """The triggers (B, n) that it picks, and which rounds went over budget (B,), where any point stands in."""
    used, over = view.meter.counts.copy(), np.zeros(len(view), dtype=bool)
    view.meter.refused[:] = False  # what was refused while f was chosen has had its answer
    try:
        picked = _granted(attacker, "pick_block", view.meter, lambda: attacker.pick_block(view))
        return _pointed(attacker, picked, view), over
    except BudgetExceeded:
        X = view.distribution.sample_block(view.keys, 0, 1)[:, 0].copy()
    for r in range(len(view)):
        meter = budget()
        meter.counts[:, 0] = used[:, r]
        alone = view._alone_with(r, meter)
        try:
            answer = _granted(attacker, "pick_block", meter, partial(attacker.pick_block, alone))
            X[r] = _pointed(attacker, answer, alone)[0]
        except BudgetExceeded:
            over[r] = True
        view.meter.counts[:, r] = meter.counts[:, 0]
    return X, over


def _pointed(attacker: Attacker, X: Any, view: AttackerBlock) -> Points:
    domain, found = view.functions.domain, np.asarray(X)
    if found.shape != (len(view), domain.n):
        raise ContractError(
            f"{_name(attacker)}: pick_block() must return points of shape ({len(view)}, {domain.n}), got {found.shape}"
        )
    try:
        return domain.checked(found)
    except InvalidArgument as error:
        raise ContractError(f"{_name(attacker)}: pick_block() must return points of {domain!r}: {error}") from None


def ask_plants(attacker: Attacker, view: AttackerBlock, budget: Budget) -> Plants:
    """f*'s codes (B, L) and the answers (B,): a round over budget is a forfeit."""
    used = view.meter.counts.copy()
    view.meter.refused[:] = False  # what was refused while f was chosen has had its answer
    try:
        codes, answers = _granted(attacker, "plant_block", view.meter, lambda: attacker.plant_block(view))
    except BudgetExceeded:
        return _replayed_plants(attacker, view, budget, used)
    answers = np.asarray(answers)
    if answers.shape != (len(view),) or ((answers != PLANT) & (answers != NO_PLANT) & (answers != OUTSIDE)).any():
        raise ContractError(f"{_name(attacker)}: plant_block() must answer 1, 0 or -1 for each of {len(view)} rounds")
    return _shaped(attacker, "plant", np.asarray(codes), view), answers.astype(np.int8)


def _replayed_plants(attacker: Attacker, view: AttackerBlock, budget: Budget, used: npt.NDArray[np.int64]) -> Plants:
    codes, answers = view.chosen()[0].copy(), np.full(len(view), NO_PLANT)
    for r in range(len(view)):
        meter = budget()
        meter.counts[:, 0] = used[:, r]
        alone = view._alone_with(r, meter)
        try:
            code, answer = _granted(attacker, "plant_block", meter, partial(attacker.plant_block, alone))
            codes[r], answers[r] = code[0], answer[0]
        except BudgetExceeded:
            answers[r] = NO_PLANT
        view.meter.counts[:, r] = meter.counts[:, 0]
    return codes, answers


def _shaped(attacker: Attacker, method: str, codes: npt.NDArray[Any], view: AttackerBlock) -> Codes:
    functions = view.functions
    if codes.shape != (len(view), functions.code_length) or codes.dtype != functions.code_dtype:
        wanted = f"{np.dtype(functions.code_dtype)} codes of shape ({len(view)}, {functions.code_length})"
        raise ContractError(
            f"{_name(attacker)}: {method}_block() must return {wanted}, got {codes.dtype} of shape {codes.shape}"
        )
    return codes
