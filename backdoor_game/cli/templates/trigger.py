"""A trigger law: what nature offers, whether the attacker sees it before it picks f, and what it may pick of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from backdoor_game import Distribution, Floats, Offers, Points, TriggerLaw, Words


@dataclass(frozen=True)
class Mine(TriggerLaw):
    """Two triggers from D; the attacker sees both, then picks f, one of the two, and f*."""

    before_original = True  # the attacker sees the offer when it picks f

    # The contract. A law is a frozen dataclass of bool, int, float, str, None, tuples or such objects.
    # - `draws`: triggers that are offered a round. With 1 the attacker has no choice; None: no offer is made, and any
    #   point will do that `admits(distribution, X (B, n))` allows, by default those that D can draw.
    # - `offered(distribution, keys (B,))` gives them, (B, draws, n) in the domain's type, or None. All coins come from
    #   the keys: row r depends on keys[r] alone, `draws(keys, start, count)` are its words.
    # - `offers(points (N, n), weights (N,))` is the law of the *set* that is offered where D has these points: members
    #   (S, N) and chances (S,), the set of all that may be picked where there is no offer. Exact methods need it; None
    #   where it is not finite.
    # - `predicate`, optional, is what players may ask of points through their views. `check(game)`, optional, refuses a
    #   game that the law makes no sense in, with an `InvalidArgument` in one sentence.

    @property
    def draws(self) -> int:
        return 2

    def offered(self, distribution: Distribution, keys: Words) -> Points:
        return distribution.sample_block(keys, 0, 2)

    def offers(self, points: Points, weights: Floats) -> Offers:
        i, j = np.triu_indices(len(points))
        members = np.zeros((len(i), len(points)), dtype=np.bool_)
        members[np.arange(len(i)), i] = members[np.arange(len(i)), j] = True
        return Offers(members, np.where(i == j, 1.0, 2.0) * weights[i] * weights[j])
