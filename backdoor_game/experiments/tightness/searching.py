"""Key search over every key and every place to start from: its advantage is q/2^kappa, no more and no less."""

from __future__ import annotations

import dataclasses

import numpy as np

from ...circuits.classes import Circuits
from ...circuits.obfuscators import Canonical
from ...circuits.players import KeySearch, PuncturedPRFAttacker
from ...circuits.puncturable import punctured_gates
from ...functions.base import Codes
from ...games import BackdoorGame
from ...ground.streams import Words, below, draws
from ...players.views import AttackerBlock, DefenderBlock, Meter
from ...spaces.distributions import Uniform
from ...spaces.domains import Points
from ..shared.base import Table, Verdict

KEY_BITS, BITS = 8, 8  # 2^16 pairs of a key and a start, and labels at 2^8 - 1 other points, which no wrong key has
TRIGGER = 37  # any point is like any other
BUDGETS = (32, 64, 128, 256)  # 2^kappa over 8, 4, 2 and 1


@dataclasses.dataclass(frozen=True)
class Searched:
    """What a search through `budget` keys says of every clean and every punctured function, from every start.

    Attributes
    ----------
    budget : int
    alarms, caught : float
        Shares of the pairs of a key and a start that are flagged.
    evaluations : set of int
        What the meters show of a look, 2^n queries among them.
    """

    budget: int
    alarms: float
    caught: float
    evaluations: frozenset[int]

    @property
    def advantage(self) -> float:
        """Detections less false alarms."""
        return self.caught - self.alarms

    @property
    def expected(self) -> float:
        """q/2^kappa."""
        return self.budget / float(2**KEY_BITS)


def searches() -> list[Searched]:
    """Every budget, its search played as in a round but with the coins chosen."""
    gates = Canonical().gates(BITS, punctured_gates(KEY_BITS, BITS))
    game = BackdoorGame(Circuits(bits=BITS, gates=gates), 2.0**-BITS, Uniform())
    law, attacker = Uniform().on(game.functions.domain), PuncturedPRFAttacker(KEY_BITS).prepare(game)
    known = attacker.choose_law(game, law)
    assert known is not None
    codes = known[0]
    x = np.repeat(game.functions.domain.points()[TRIGGER][None], len(codes), axis=0)
    zeros = np.zeros(len(codes), dtype=np.uint64)
    planted = attacker.plant_block(AttackerBlock(game, law, zeros, Meter(len(codes)), codes=codes.copy(), X_star=x))[0]
    coins = _coins(2**KEY_BITS)
    return [_searched(game, KeySearch(q, KEY_BITS), (codes, planted), x, coins) for q in BUDGETS]


def _coins(starts: int) -> Words:
    """Keys of rounds, (starts,), the i-th of which makes a search start from key i."""
    words = np.arange(64 * starts, dtype=np.uint64)  # each start is missed with chance e^-64
    found, first = np.unique(below(draws(words, 0, 1)[:, 0], starts), return_index=True)
    assert len(found) == starts
    return words[first]


def _searched(game: BackdoorGame, search: KeySearch, shown: tuple[Codes, Codes], x: Points, coins: Words) -> Searched:
    ready, law, used = search.prepare(game), game.distribution, set()
    assert law is not None
    rates: list[float] = []
    for codes in shown:
        flagged = 0
        for start in coins:
            keys = np.full(len(codes), start)
            view = DefenderBlock(game, law, codes.copy(), x.copy(), keys, keys.copy(), Meter(len(codes)))
            flagged += int((ready.suspicion_block(view) >= ready.threshold).sum())
            used |= set(view.meter.evaluations.tolist())
        rates.append(flagged / (len(coins) * len(codes)))
    return Searched(int(ready.budget or 0), rates[0], rates[1], frozenset(used))


def verdicts(found: list[Searched]) -> tuple[Verdict, ...]:
    """The advantage, from both sides; and the meters."""
    off = max(abs(one.advantage - one.expected) for one in found)
    paid = [one.evaluations == {2**BITS + one.budget} for one in found]
    return (
        Verdict(
            "over all keys and all starts the advantage of a search is q/2^kappa exactly",
            f"largest difference {off:.1e} over {len(found)} budgets",
            "0",
            off == 0,
        ),
        Verdict(
            "the meters of a search show 2^n queries and q keys tried",
            f"{sum(paid)} of {len(paid)}",
            f"{len(paid)}",
            all(paid),
        ),
    )


def table(found: list[Searched]) -> Table:
    """Budgets and what they catch."""
    rows = tuple(
        (str(one.budget), f"{one.alarms:.6f}", f"{one.caught:.6f}", f"{one.advantage:.6f}", f"{one.expected:.6f}")
        for one in found
    )
    title = f"KeySearch(q) on PuncturedPRFAttacker({KEY_BITS}) over all keys and starts [enumerated]"
    return Table(title, ("q", "false alarms", "detections", "advantage", "q / 2^kappa"), rows)
