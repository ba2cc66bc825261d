"""Win rates over every key and every trigger of the punctured function, with no round played."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...circuits.players import PuncturedPRFAttacker
from ...functions.base import Codes, Floats
from ...games import BackdoorGame
from ...ground.inheritance import overrides
from ...players.defenders import Defender
from ...players.views import AttackerBlock, DefenderBlock, Meter
from ...spaces.distributions import Distribution, Uniform
from ...spaces.domains import Points

ROWS = 4096  # questions a call: as many as rounds in a block of play


def enumerated_rate(game: BackdoorGame, key_bits: int, defender: Defender) -> float:
    """A defender's exact win rate against ``PuncturedPRFAttacker(key_bits)`` under the canonical form.

    The defender tosses no coin and asks for no examples, or knows its chance to flag in closed form.
    """
    return enumerated_rates(game, key_bits, [defender])[0]


def enumerated_rates(game: BackdoorGame, key_bits: int, defenders: Sequence[Defender]) -> list[float]:
    """The same for several defenders: every plant is made once."""
    attacker = PuncturedPRFAttacker(key_bits).prepare(game)
    ready = [defender.prepare(game) for defender in defenders]
    law = Uniform().on(game.functions.domain)
    known = attacker.choose_law(game, law)
    assert known is not None
    originals, points = known[0], game.functions.domain.points()
    pairs = len(originals) * len(points)
    gained = [0.0] * len(ready)  # detections less false alarms
    for start in range(0, pairs, ROWS):
        cells = np.arange(start, min(start + ROWS, pairs))
        f, x = originals[cells // len(points)], points[cells % len(points)]
        zeros = np.zeros(len(cells), dtype=np.uint64)
        view = AttackerBlock(game, law, zeros, Meter(len(cells)), codes=f.copy(), X_star=x.copy())
        planted = attacker.plant_block(view)[0]
        for place, one in enumerate(ready):
            flagged = _flags(game, law, one, planted, x) - _flags(game, law, one, f, x)
            gained[place] += float(flagged.sum())
    return [0.5 + 0.5 * gain / pairs for gain in gained]


def _flags(game: BackdoorGame, distribution: Distribution, defender: Defender, codes: Codes, X: Points) -> Floats:
    """How likely each pair is flagged."""
    zeros = np.zeros(len(codes), dtype=np.uint64)
    view = DefenderBlock(game, distribution, codes.copy(), X.copy(), zeros, zeros.copy(), Meter(len(codes)))
    if overrides(defender, Defender.suspicion_probability):
        return defender.suspicion_probability(view)
    return (defender.suspicion_block(view) >= defender.threshold).astype(np.float64)
