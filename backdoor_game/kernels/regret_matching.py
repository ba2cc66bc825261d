"""CFR+ on a finite backdoor game [Tammelin14]: regret matching+, in turn, with linear averaging."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..ground._jit import inline, kernel


@inline
def shares(regrets: Any, low: int, high: int, out: Any) -> None:
    """Regret matching on a stretch of regrets, none negative: shares in out[: high - low], even where all are 0."""
    total = 0.0
    for k in range(low, high):
        total += regrets[k]
    even = 1.0 / max(high - low, 1)
    for k in range(low, high):
        out[k - low] = regrets[k] / total if total > 0.0 else even


@inline
def plant_all(
    starts: Any, partners: Any, pi: Any, x: int, weight: float, regrets: Any, total: Any, planted: Any
) -> None:
    """What the attacker plants at x: adds to `planted` (F,) and, `weight` times, to the running sums of plants."""
    F = pi.shape[0]
    for f in range(F):
        low, high = starts[x * F + f], starts[x * F + f + 1]
        if high > low:
            sum_regrets = 0.0
            for k in range(low, high):
                sum_regrets += regrets[k]
            even = 1.0 / (high - low)
            for k in range(low, high):
                share = regrets[k] / sum_regrets if sum_regrets > 0.0 else even
                planted[partners[k]] += pi[f] * share
                total[k] += weight * pi[f] * share


@inline
def defend_all(
    mass: float, pi: Any, planted: Any, x: int, weight: float, passing: Any, flagging: Any, a: Any, total: Any
) -> None:
    """The defender's step at x: regrets of passing and of flagging, and its new flag probabilities a (F,)."""
    for f in range(pi.shape[0]):
        gain = mass * (planted[f] - pi[f])
        both = passing[x, f] + flagging[x, f]
        now = flagging[x, f] / both if both > 0.0 else 0.5
        # negative regrets are forgotten: the plus of CFR+, and what makes it fast
        flagging[x, f] = max(flagging[x, f] + gain * (1.0 - now), 0.0)
        passing[x, f] = max(passing[x, f] - gain * now, 0.0)
        both = passing[x, f] + flagging[x, f]
        a[f] = flagging[x, f] / both if both > 0.0 else 0.5
        total[x, f] += weight * a[f]


@inline
def attack_all(starts: Any, partners: Any, mass: float, x: int, a: Any, regrets: Any, worth: Any) -> None:
    """The attacker's step at x against flag probabilities a (F,): its regrets, and what each f is worth (F,)."""
    F = a.shape[0]
    for f in range(F):
        low, high = starts[x * F + f], starts[x * F + f + 1]
        worth[f] += mass * a[f]
        if high > low:
            sum_regrets, missed = 0.0, 0.0
            for k in range(low, high):
                sum_regrets += regrets[k]
                missed += regrets[k] * (1.0 - a[partners[k]])
            if sum_regrets > 0.0:
                missed /= sum_regrets
            else:
                missed = 0.0
                for k in range(low, high):
                    missed += 1.0 - a[partners[k]]
                missed /= high - low
            for k in range(low, high):
                regrets[k] = max(regrets[k] + mass * (1.0 - a[partners[k]] - missed), 0.0)
            worth[f] += mass * missed


@kernel
def play_on(starts: Any, partners: Any, weights: Any, regrets: Any, sums: Any, first: int, count: int) -> None:
    """Iterations first + 1 .. first + count, changing `regrets` and `sums` in place.

    regrets : originals (F,), plants (T,), passing (N, F), flagging (N, F)
    sums : originals (F,), plants (T,), flags (N, F); iteration t has weight t
    """
    root, plants, passing, flagging = regrets
    root_sum, plant_sum, flag_sum = sums
    F, N = root.shape[0], weights.shape[0]
    pi, planted, a, worth = np.empty(F), np.empty(F), np.empty(F), np.empty(F)
    for t in range(first + 1, first + count + 1):
        shares(root, 0, F, pi)
        worth[:] = 0.0
        for x in range(N):
            planted[:] = 0.0
            plant_all(starts, partners, pi, x, float(t), plants, plant_sum, planted)
            defend_all(weights[x], pi, planted, x, float(t), passing, flagging, a, flag_sum)
            attack_all(starts, partners, weights[x], x, a, plants, worth)
        mean = 0.0
        for f in range(F):
            mean += pi[f] * worth[f]
        for f in range(F):
            root_sum[f] += t * pi[f]
            root[f] = max(root[f] + worth[f] - mean, 0.0)
