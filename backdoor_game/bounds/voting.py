"""Shattering and voting: [CHLX25] Theorem 4.1."""

import math

from ..ground.errors import InvalidArgument
from .arguments import positive, real, whole, win


def shattering_bound(d: int, epsilon: float) -> float:
    """What no defender can beat on d shattered points, [CHLX25] Theorem 4.1 ("only if"): an upper bound.

    1/2 from epsilon = 1/d on (ties to within 1e-12), 1 - (d - 1) epsilon / 2 below; 1 for d <= 1. *proved*
    """
    d, epsilon = whole("d", d), real("epsilon", epsilon, 0, 1)
    if d <= 1:
        return 1.0
    # 1e-12: 1/d may come rounded, and ties are legal
    return 0.5 if epsilon >= 1 / d - 1e-12 else 1 - (d - 1) * epsilon / 2


def voting_bound(d: int, epsilon: float, m: int, members: int, threshold: float) -> float:
    """What T voters guarantee for every finite T, T = 1 included, [CHLX25] Theorem 4.1 ("if"): a lower bound.

    Any margin 0 < g < q - threshold, q = (1 - epsilon)^m, gives a valid bound; the best one is searched
    numerically, so that a coarse search could only weaken the answer. *proved*
    """
    error, q = _expected_error(d, m), _untouched(epsilon, m)
    members, threshold = whole("members", members, 1), positive("threshold", threshold, 1)
    room = q - threshold
    return win(error / threshold, _misses(error, room, members) if room > 0 else 1.0)


def _misses(error: float, room: float, members: int) -> float:
    """Least of error / (room - g) + exp(-2 T g^2) over a grid of margins g in (0, room), refined twice."""

    def rate(g: float) -> float:
        return error / (room - g) + math.exp(-2 * members * g * g) if 0 < g < room else math.inf

    best, step = room / 2, room / 200
    for _ in range(3):
        # each round searches the last best cell a hundred times finer: under 1e-6 of the room in the end
        best = min((best + i * step for i in range(-100, 101)), key=rate)
        step /= 100
    return rate(best)


def single_bound(d: int, epsilon: float, m: int) -> float:
    """What one distillation guarantees (T = 1): 1 - d/(m + 1) - (1 - q)/2, a lower bound. *proved*"""
    error, q = _expected_error(d, m), _untouched(epsilon, m)
    return win(error, 1 - q + error)


def majority_bound(d: int, epsilon: float, m: int) -> float:
    """What the majority of many voters guarantees as T grows, [HKMMM22] Theorem 3.1: a lower bound.

    1 - d/(m + 1) - d / (2 (m + 1) (q - 1/2)) while q > 1/2. *proved*, in the limit of large T only
    """
    error, q = _expected_error(d, m), _untouched(epsilon, m)
    return win(2 * error, error / (q - 0.5) if q > 0.5 else 1.0)


def half_q_bound(d: int, epsilon: float, m: int) -> float:
    """What many voters at threshold q/2 guarantee as T grows: 1 - 2d / ((m + 1) q), a lower bound.

    *proved*, in the limit of large T only; best at `voting_examples`.
    """
    error, q = _expected_error(d, m), _untouched(epsilon, m)
    rate = error / (q / 2) if q > 0 else 1.0
    return win(rate, rate)


def vacuous(bound: float) -> bool:
    """Whether a lower bound on the win rate promises no more than blind guessing does."""
    return bound <= 0.5


def voting_examples(epsilon: float) -> int:
    """The m = floor(1/epsilon) - 1 examples a member that maximise `half_q_bound` exactly. *proved*"""
    return math.floor(1 / positive("epsilon", epsilon, 1) + 1e-9) - 1  # 1e-9: 1/epsilon of a rounded 1/k is still k


def voting_threshold(epsilon: float, m: int) -> float:
    """The threshold theta = q/2: half the chance that m examples miss the difference of f and f*. *proved*"""
    return _untouched(epsilon, m) / 2


def voting_members(epsilon: float, m: int) -> int:
    """The T whose margin q/4 fails with probability 1/100 (Hoeffding): ceil(8 ln(100) / q^2). *proved*"""
    q = _untouched(epsilon, m)
    if q < 1e-100:  # the number of members goes as 1/q^2, and must stay a finite float
        raise InvalidArgument(f"(1 - epsilon)^m must exceed 1e-100, got {q!r}: take m about 1/epsilon")
    return math.ceil(math.log(100) / (2 * (q / 4) ** 2))


def single_examples(d: int, epsilon: float) -> int:
    """The m = sqrt(2d / epsilon), rounded and at least 1, near which `single_bound` is best. *heuristic*"""
    return max(1, round(math.sqrt(2 * whole("d", d) / positive("epsilon", epsilon, 1))))


def votes_needed(members: int, threshold: float) -> int:
    """The least count of dissenting votes that flags: ceil(theta T), which forgives 1e-9 of rounding."""
    return math.ceil(real("threshold", threshold, 0, 1) * whole("members", members, 1) - 1e-9)


def _expected_error(d: int, m: int) -> float:
    return whole("d", d) / (whole("m", m) + 1)


def _untouched(epsilon: float, m: int) -> float:
    """q = (1 - epsilon)^m, the least chance that m examples all fall where f* equals f."""
    epsilon, m = real("epsilon", epsilon, 0, 1), whole("m", m)
    return math.exp(m * math.log1p(-epsilon)) if epsilon < 1 else 0.0**m
