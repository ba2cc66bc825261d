"""Integer counts of an estimate: what blocks of rounds add up to, in any order."""

from __future__ import annotations

import dataclasses

import numpy as np
import numpy.typing as npt

from ...ground.showing import fields
from ..outcomes import FORFEIT, ILLEGAL, PLANTED, UNDECIDED, Outcome
from .suspicions import Suspicions

Counts = npt.NDArray[np.int64]


@dataclasses.dataclass
class FirstCalls:
    """What the coin showed first, which alone is the literal game: counts of rounds.

    `planted` are those in which it showed the planted branch, `given_up` those among them without a legal plant and
    `undecided` those in which legality is; `unshown` are the others, in which it showed the clean branch, without an f.
    """

    planted: int = 0
    given_up: int = 0
    undecided: int = 0
    unshown: int = 0


@dataclasses.dataclass
class Tally:
    """Everything that `estimate` needs to know of the rounds so far, as counts.

    A round's score is 0, 1 or 2 halves: one for a clean branch that passes, one for a planted branch that is caught.
    """

    rounds: int = 0
    forfeits: int = 0
    illegal: int = 0
    undecided: int = 0
    defender_forfeits: int = 0
    false_alarms: int = 0
    detections: int = 0
    undecided_detections: int = 0
    scores_low: Counts = dataclasses.field(default_factory=lambda: np.zeros(3, np.int64))
    scores_high: Counts = dataclasses.field(default_factory=lambda: np.zeros(3, np.int64))
    plant_scores: Counts = dataclasses.field(default_factory=lambda: np.zeros(3, np.int64))
    coin_wins_low: int = 0
    coin_wins_high: int = 0
    unshown: int = 0
    first: FirstCalls = dataclasses.field(default_factory=FirstCalls)
    examples: int = 0
    evaluations: int = 0
    queries: int = 0
    attacker_examples: int = 0
    attacker_evaluations: int = 0
    attacker_queries: int = 0
    suspicions: Suspicions = dataclasses.field(default_factory=Suspicions)

    __repr__ = fields

    def add(self, outcome: Outcome, threshold: float) -> None:
        """Count a block.

        An illegal f leaves nothing to show on the clean branch, which then passes; over budget, a branch is lost.
        """
        status = outcome.status
        flagged = outcome.suspicion >= threshold
        over = outcome.over_budget
        alarm = flagged[0] | over[0]
        given_up = (status == FORFEIT) | (status == ILLEGAL)
        unsure = status == UNDECIDED
        caught_low = given_up | (flagged[1] & ~unsure)
        caught_high = given_up | flagged[1] | unsure
        self.rounds += len(status)
        self.forfeits += int((status == FORFEIT).sum())
        self.illegal += int((status == ILLEGAL).sum())
        self.undecided += int(unsure.sum())
        self.defender_forfeits += int(over.sum())
        self.false_alarms += int(alarm.sum())
        self.detections += int(caught_low.sum())
        self.undecided_detections += int(unsure.sum())
        self._add_scores(alarm, caught_low, caught_high, outcome.coin)
        self._add_first(outcome, given_up, unsure)
        self._add_plants(outcome, alarm, flagged[1])
        self._add_use(outcome)

    def _add_first(self, outcome: Outcome, given_up: npt.NDArray[np.bool_], unsure: npt.NDArray[np.bool_]) -> None:
        """Count what a defender that looks at nothing would meet."""
        planted, unshown = outcome.coin == 1, ~outcome.shown[0]
        self.unshown += int(unshown.sum())
        self.first.planted += int(planted.sum())
        self.first.given_up += int((planted & given_up).sum())
        self.first.undecided += int((planted & unsure).sum())
        self.first.unshown += int((~planted & unshown).sum())

    def _add_use(self, outcome: Outcome) -> None:
        self.examples += int(outcome.examples.sum())
        self.evaluations += int(outcome.evaluations.sum())
        self.queries += int(outcome.queries.sum())
        self.attacker_examples += int(outcome.attacker_examples.sum())
        self.attacker_evaluations += int(outcome.attacker_evaluations.sum())
        self.attacker_queries += int(outcome.attacker_queries.sum())

    def _add_scores(
        self,
        alarm: npt.NDArray[np.bool_],
        caught_low: npt.NDArray[np.bool_],
        caught_high: npt.NDArray[np.bool_],
        coin: npt.NDArray[np.uint8],
    ) -> None:
        self.scores_low += np.bincount((~alarm).astype(np.int64) + caught_low, minlength=3)
        self.scores_high += np.bincount((~alarm).astype(np.int64) + caught_high, minlength=3)
        self.coin_wins_low += int(np.where(coin == 1, caught_low, ~alarm).sum())
        self.coin_wins_high += int(np.where(coin == 1, caught_high, ~alarm).sum())

    def _add_plants(self, outcome: Outcome, alarm: npt.NDArray[np.bool_], flagged: npt.NDArray[np.bool_]) -> None:
        planted = outcome.status == PLANTED
        self.plant_scores += np.bincount((~alarm)[planted].astype(np.int64) + flagged[planted], minlength=3)
        # A branch that is lost counts as the wrong answer, whatever would have been said.
        lost, said = outcome.over_budget[:, planted], outcome.suspicion[:, planted]
        decided = np.stack([alarm[planted], flagged[planted] & ~lost[1]])
        self.suspicions.add(np.where(lost[0], 1.0, said[0]), np.where(lost[1], 0.0, said[1]), decided)
