"""The win rate given a plant on d shattered points: what no defender beats, and what voters reach.

Below epsilon = 1/d the attacker forfeits at the heavy point, x = x_d, and a forfeit is a win for everybody. Given a
plant the clean branch shows (f, x) with a fresh x ~ D and the other (f*, x*) with x* uniform on the d - 1 light points;
f and f* are uniform labelings either way. So the overlap of the two laws is the mass (d - 1) epsilon of the light
points, and every defender wins with probability at most 1 - (d - 1) epsilon / 2: by flagging them. It is 1/2 from
epsilon = 1/d on, where the laws are one, and 1/2 again for a defender that never flags.
"""

from __future__ import annotations

import math


def voters_given_plant(d: int, epsilon: float, m: int, members: int, threshold: float) -> float:
    """What an ensemble of closure learners wins on d shattered points given a plant, exactly.

    A member errs at x iff f'(x) = 1, a fair coin, and none of its m examples is x: the closure of labelings of
    `AllFunctions` adds no point. With flag(p) = Pr[Bin(T, (1 - p)^m) >= votes] / 2 at a point of mass p that is
    1/2 + (flag at a light point - mean of flag over D) / 2.
    """
    needed = math.ceil(threshold * members - 1e-9)  # as `bounds.votes_needed`, which is what players use

    def flagged(p: float) -> float:
        q = (1 - p) ** m
        votes = (math.comb(members, k) * q**k * (1 - q) ** (members - k) for k in range(needed, members + 1))
        return math.fsum(votes) / 2

    if epsilon >= 1 / d - 1e-12:  # as in `bounds.shattering_bound`: the laws are one
        return 0.5
    light = (d - 1) * epsilon
    return (1 + flagged(epsilon) - light * flagged(epsilon) - (1 - light) * flagged(1 - light)) / 2
