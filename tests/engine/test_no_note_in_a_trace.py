"""No call can leave in a trace what the call of the other branch would read."""

from __future__ import annotations

import contextlib
import dataclasses

import numpy as np

from backdoor_game import (
    AttackerTranscript,
    BackdoorGame,
    BeforeOriginal,
    BlockDefender,
    NearestLegal,
    Reveal,
    Thresholds,
    Uniform,
)
from backdoor_game.games.base import Streams


@dataclasses.dataclass(frozen=True)
class PassesNotes(BlockDefender):
    """Writes into what it is shown wherever it can, and is suspicious iff that worked."""

    def suspicion_block(self, view):
        return np.array([float(any(map(written, entry))) for entry in view.trace])


def written(parts):
    """Whether one of the arrays takes a note."""
    wrote = False
    for array in parts:
        if isinstance(array, np.ndarray):
            with contextlib.suppress(ValueError):
                array.flags.writeable = True
                array[:] = 0
                wrote = True
    return wrote


@dataclasses.dataclass(frozen=True)
class Slates(Reveal):
    """The same entries as a transcript's, on arrays of their own: the control."""

    def trace_block(self, run):
        trace = np.empty(len(run.codes), dtype=object)
        for r, code in enumerate(run.codes):
            trace[r] = (("chose", code.copy()),)
        return trace

    def contradicts(self, view, attacker):
        return np.zeros(len(view), dtype=bool)


def suspicions(reveal):
    game = BackdoorGame(Thresholds(points=10), 0.2, Uniform(), trigger=BeforeOriginal(), reveal=reveal)
    (outcome,) = game.ready(NearestLegal(), PassesNotes()).play(Streams(3, game), range(100))
    return outcome.suspicion[outcome.shown]


def test_what_a_transcript_shows_cannot_be_written_to():
    assert len(suspicions(AttackerTranscript())) > 100
    assert (suspicions(AttackerTranscript()) == 0).all()


def test_who_could_write_would_be_seen():
    assert (suspicions(Slates()) == 1).all()
