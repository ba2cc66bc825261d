"""Shipped defenders, what each of them sees, and what it wins against its worst attacker."""

from __future__ import annotations

import dataclasses

from ...bounds import votes_needed
from ...exact.averaging import flag_table
from ...games.observations import Blind, Examples, LeafMassSeen, Observation, WhiteBox
from ...players.defenders import (
    AlwaysClean,
    AlwaysFlag,
    BoltzmannResampling,
    Defender,
    DistillationEnsemble,
    LeafMass,
    NeighbourVote,
)
from .axis import GAMES

LEARNED = ("thresholds", "singletons", "intervals", "conjunctions")  # a learner is known that errs with d/(m + 1)
LABELS = (1, 2, 4, 8, 16, 32)  # examples in all: a doubling a step
MEMBERS = (1, 3, 9)  # of a vote, each with its share of the examples
SHIPPED: tuple[Defender, ...] = (
    DistillationEnsemble(),
    DistillationEnsemble(members=1),
    NeighbourVote(),
    BoltzmannResampling(),
    AlwaysClean(),
    AlwaysFlag(),
)


@dataclasses.dataclass(frozen=True)
class Weighed:
    """A defender of one class as it is prepared for it, what it sees, and what it wins at least."""

    label: str
    defender: Defender
    sees: Observation
    worst: float


def weighed(label: str, defender: Defender) -> Weighed:
    """What a defender wins against its worst attacker, exactly."""
    game = GAMES[label]
    assert game.distribution is not None
    table = flag_table(game, game.distribution, defender, sampled=False)
    return Weighed(label, defender, information(defender.prepare(game)), table.worst_case())


def information(ready: Defender) -> Observation:
    """What a prepared defender looks at: its examples in all, beside x' and f'(x')."""
    if isinstance(ready, DistillationEnsemble):
        return Examples((ready.members or 1) * (ready.examples or 0))
    if isinstance(ready, NeighbourVote):
        return Examples(ready.examples or 0)
    if isinstance(ready, LeafMass):
        return LeafMassSeen()
    return Blind() if isinstance(ready, AlwaysClean | AlwaysFlag) else WhiteBox()


def shipped(label: str) -> list[Weighed]:
    """The defenders at their defaults; of trees the one that looks at the leaf's mass."""
    return [weighed(label, defender) for defender in (SHIPPED if label in LEARNED else (*SHIPPED[3:], LeafMass()))]


def voters(label: str) -> list[Weighed]:
    """Of so many examples in all: the best vote of members at any threshold, and the vote of the nearest."""
    found = []
    for m in LABELS:
        votes = [_vote(T, m // T, k) for T in MEMBERS if m >= T for k in range(1, T + 1)]
        best = max((weighed(label, vote) for vote in votes), key=lambda one: one.worst)
        near = NeighbourVote(neighbours=min(m, NeighbourVote().neighbours), examples=m)
        found += [dataclasses.replace(best, sees=Examples(m)), weighed(label, near)]
    return found


def _vote(members: int, examples: int, needed: int) -> DistillationEnsemble:
    threshold = needed / members
    assert votes_needed(members, threshold) == needed
    return DistillationEnsemble(members=members, examples=examples, threshold=threshold)
