"""Players that note what passes between the engine and the real players, for telling a round."""

from __future__ import annotations

import dataclasses

from ..attackers import Attacker
from ..attackers.base import OUTSIDE, BlockAttacker, Plants
from ..defenders import Defender
from ..defenders.base import BlockDefender
from ..functions.base import Codes, Floats
from ..views import AttackerBlock, DefenderBlock, GameLike


@dataclasses.dataclass
class Attack:
    """What one attacker did in one round: codes of shape (1, L); `planted` is None where they fit no code at all."""

    chosen: Codes
    view: AttackerBlock | None = None
    planted: Codes | None = None


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
