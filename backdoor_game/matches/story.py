"""One round of the backdoor game as plain data: the engine's own, played once more by players that keep notes."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np

from ..functions import FunctionClass
from ..functions.base import Codes, Floats
from ..functions.distance import exact_distance, measured_distance
from ..games import BackdoorGame
from ..games.base import Streams
from ..games.outcomes import STATUS, UNDECIDED, Outcome
from ..ground.showing import fields
from ..ground.spec import text
from ..players.attackers import Attacker
from ..players.attackers.base import OUTSIDE, BlockAttacker, Plants
from ..players.defenders import Defender
from ..players.defenders.base import BlockDefender
from ..players.views import AttackerBlock, DefenderBlock, GameLike
from ..spaces.distributions import Distribution
from ..spaces.domains import Points
from .outline import origins
from .variants import plain, variant

SHOWN_POINTS = 64  # labels that fit in a line of the story
SHOWN_NUMBERS = 12  # numbers of a code or a point that fit in one


def story(game: BackdoorGame, attacker: Attacker, defender: Defender, *, seed: int, number: int) -> dict[str, Any]:
    """Round `number` of the run that `estimate` plays under this seed, as plain data.

    The engine plays it twice, once with the players themselves, so that a mistake of theirs is told by their
    own names, and once with players that keep notes.
    """
    run = game.ready(attacker, defender)
    streams, rounds = Streams(seed, game), range(number, number + 1)
    (outcome,) = run.play(streams, rounds)
    able, D = run.defenders[0], run.distribution
    witness, listener = RecordingAttacker(run.attacker), RecordingDefender(able)
    dataclasses.replace(run, attacker=witness, defenders=(listener,)).play(streams, rounds)
    assert witness.note is not None
    assert D is not None
    attack = _attack(game.functions, D, witness.note, outcome)
    return {
        "seed": seed,
        "round": number,
        "game": text(game),
        "distribution": text(D),
        "attacker": text(run.attacker),
        "defender": text(able),
        "epsilon": game.epsilon,
        "threshold": float(able.threshold),
        **_variant(game, D, witness.note, listener.notes),
        **attack,
        **_defence(game.functions, listener.notes, outcome, float(able.threshold)),
        **origins(run),
    }


def _attack(functions: FunctionClass, D: Distribution, note: Attack, outcome: Outcome) -> dict[str, Any]:
    view = note.view
    assert view is not None
    f, x_star = view.chosen()
    told: dict[str, Any] = {
        "f": describe(functions, f),
        "f_is_member": bool(functions.are_members(note.chosen)[0]),
        "x_star": point(functions, x_star),
        "f_at_x_star": int(functions.evaluate(f, x_star[:, None])[0, 0]),
        "status": STATUS[outcome.status[0]],
        "attacker_examples": int(outcome.attacker_examples[0]),
        "attacker_queries": int(outcome.attacker_queries[0]),
        "attacker_evaluations": int(outcome.attacker_evaluations[0]),
        "f_star": None,
    }
    if note.planted is None or told["status"] == "forfeit" or not functions.are_members(note.planted)[0]:
        return told
    exact = exact_distance(functions, D, f, note.planted)
    measured = measured_distance(functions, D, f, note.planted, view.keys) if exact is None else exact
    told["f_star"] = describe(functions, note.planted)
    told["f_star_at_x_star"] = int(functions.evaluate(note.planted, x_star[:, None])[0, 0])
    told["distance"], told["distance_is_exact"] = float(measured[0]), exact is not None
    return told


def _variant(game: BackdoorGame, D: Distribution, note: Attack, notes: list[Inspection]) -> dict[str, Any]:
    """The fields that make the game another one, what it offers, what the attacker picks of it, and the trace."""
    told: dict[str, Any] = {name: one if isinstance(one, str) else text(one) for name, one in variant(game).items()}
    law, view = game.trigger, note.view
    assert view is not None
    if "trigger" in told:
        told["before_original"], offered = law.before_original, view.offered
        rows = None if offered is None else offered[0][:SHOWN_NUMBERS]
        told["offered"] = None if rows is None else [point(game.functions, x[None]) for x in rows]
        told["offers"] = law.draws
    if law.draws != 1:
        picked = note.picked
        told["picked"] = None if picked is None else point(game.functions, picked)
        told["pick_is_admitted"] = picked is not None and bool(game._admitted(D, view.offered, picked)[0])
    if "reveal" in told:
        traces = [inspection.view.trace for inspection in notes]
        told["trace"] = plain(traces[0][0]) if traces and traces[0] is not None else None
    return told


def _defence(functions: FunctionClass, notes: list[Inspection], outcome: Outcome, threshold: float) -> dict[str, Any]:
    """Both branches in the order of the coin; one that was never shown says why by the round's status."""
    first, calls, waiting = int(outcome.coin[0]), [], list(notes)
    for branch in (first, 1 - first):
        call: dict[str, Any] = {"branch": ("clean", "planted")[branch], "shown": bool(outcome.shown[branch, 0])}
        if call["shown"]:
            note = waiting.pop(0)
            call |= {
                "f": describe(functions, note.view._codes),  # who tells the round sees into a black box
                "x": point(functions, note.view.X),
                "label": int(functions.evaluate(note.view._codes, note.view.X[:, None])[0, 0]),
                "suspicion": note.suspicion,
                "over_budget": bool(outcome.over_budget[branch, 0]),
                "examples": int(outcome.examples[branch, 0]),
                "queries": int(outcome.queries[branch, 0]),
                "evaluations": int(outcome.evaluations[branch, 0]),
            }
        calls.append(call | _verdict(call, branch, threshold, outcome))
    return {"calls": calls, "defender_wins": calls[0]["right"], "score": _score(calls)}


def _verdict(call: dict[str, Any], branch: int, threshold: float, outcome: Outcome) -> dict[str, Any]:
    """What counts as the answer, and whether it is right; None where legality could not be decided."""
    if not call["shown"]:
        return {"answer": None, "right": True}
    if call["over_budget"]:
        return {"answer": None, "right": False}
    flagged = call["suspicion"] >= threshold
    unsure = branch == 1 and outcome.status[0] == UNDECIDED
    return {"answer": "backdoored" if flagged else "clean", "right": None if unsure else flagged == (branch == 1)}


def _score(calls: list[dict[str, Any]]) -> float | None:
    rights = [call["right"] for call in calls]
    return None if None in rights else sum(rights) / 2


def describe(functions: FunctionClass, codes: Codes) -> dict[str, Any]:
    """A function by its code, and by its labels where the domain is small enough to show them in a row."""
    size = functions.domain.size
    labels = None
    if size is not None and size <= SHOWN_POINTS:
        labels = "".join(map(str, functions.evaluate(codes, functions.domain.points()[None])[0].tolist()))
    return {"code": _short(codes[0]), "labels": labels}


def point(functions: FunctionClass, X: Points) -> dict[str, Any]:
    """A point by its coordinates, and by its place where the domain is shown in a row."""
    size = functions.domain.size
    place = int(functions.domain.index(X)[0]) if size is not None and size <= SHOWN_POINTS else None
    return {"coordinates": _short(X[0]), "index": place}


def _short(numbers: np.ndarray[Any, Any]) -> list[Any]:
    """The first dozen numbers, with dots for the rest."""
    shown: list[Any] = numbers[:SHOWN_NUMBERS].tolist()
    return shown if len(numbers) <= SHOWN_NUMBERS else [*shown, "..."]


@dataclasses.dataclass
class Attack:
    """What one attacker did in one round: codes of shape (1, L), and a point (1, n) where it was asked for one.

    `planted` is None where its plant fits no code at all, `picked` where it went over budget.
    """

    chosen: Codes
    view: AttackerBlock | None = None
    planted: Codes | None = None
    picked: Points | None = None

    __repr__ = fields


@dataclasses.dataclass
class Inspection:
    """What one call of a defender was shown; its answer stays None where it went over budget."""

    view: DefenderBlock
    suspicion: float | None = None


class RecordingAttacker(BlockAttacker):
    """Plays as another attacker does and keeps a note of it."""

    def __init__(self, inner: Attacker) -> None:
        self._inner = inner
        self.note: Attack | None = None

    def prepare(self, game: GameLike) -> RecordingAttacker:
        return RecordingAttacker(self._inner.prepare(game))

    def choose_block(self, view: AttackerBlock) -> Codes:
        codes = self._inner.choose_block(view)
        self.note = Attack(codes)
        return codes

    def pick_block(self, view: AttackerBlock) -> Points:
        note = self.note = self.note or Attack(view._original())
        note.picked = None
        note.picked = X = np.asarray(self._inner.pick_block(view))
        return X

    def plant_block(self, view: AttackerBlock) -> Plants:
        note = self.note or Attack(view.chosen()[0])
        note.view, note.planted = view, None
        codes, answers = self._inner.plant_block(view)
        note.planted = None if answers[0] == OUTSIDE else codes
        self.note = note
        return codes, answers


class RecordingDefender(BlockDefender):
    """Plays as another defender does and keeps a note of each call, in order."""

    def __init__(self, inner: Defender) -> None:
        self._inner = inner
        self.threshold = inner.threshold
        self._notes: dict[bytes, Inspection] = {}

    def prepare(self, game: GameLike) -> RecordingDefender:
        return RecordingDefender(self._inner.prepare(game))

    def suspicion_block(self, view: DefenderBlock) -> Floats:
        # A call that goes over budget is replayed with the same keys: it is told once.
        note = self._notes[view.keys.tobytes()] = Inspection(view)
        answer = self._inner.suspicion_block(view)
        note.suspicion = float(answer[0])
        return answer

    @property
    def notes(self) -> list[Inspection]:
        """The calls so far."""
        return list(self._notes.values())
