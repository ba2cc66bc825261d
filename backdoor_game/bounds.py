"""Closed-form guarantees: what the theorems promise about win rates, as plain numbers.

Notation, shared by every function below (its *Parameters* section):

d : int
    VC dimension of the class, >= 0.
epsilon : float
    Largest legal distance between f and f*, a probability.
m, members, threshold : int, int, float
    Examples a member, number T of members, and the share theta of votes at which an input is flagged.

Win rates are probabilities; guessing has 1/2, so a lower bound of at most 1/2 is `vacuous`. They are put
together from bounds on the two error rates, each cut at 1, so that they stay inside [0, 1]; the cut never
changes a bound that says something. Voting bounds hold for learners of expected error at most d/(m + 1) on
realizable samples [HLW94]. Each docstring ends with its status; what is *proved* is derived in theory/.
Values of the wrong type or out of range raise `InvalidArgument`.
"""

import math

from .errors import InvalidArgument

BOLTZMANN = 1.2784645427610738  # 1 + W(1/e), W the Lambert function: the root of (v - 1) e^v = 1


def shattering_bound(d: int, epsilon: float) -> float:
    """What no defender can beat on d shattered points, [CHLX25] Theorem 4.1 ("only if"): an upper bound.

    1/2 from epsilon = 1/d on (ties to within 1e-12), 1 - (d - 1) epsilon / 2 below; 1 for d <= 1. *proved*
    """
    d, epsilon = _whole("d", d), _real("epsilon", epsilon, 0, 1)
    if d <= 1:
        return 1.0
    return 0.5 if epsilon >= 1 / d - 1e-12 else 1 - (d - 1) * epsilon / 2


def voting_bound(d: int, epsilon: float, m: int, members: int, threshold: float) -> float:
    """What T voters guarantee for every finite T, T = 1 included, [CHLX25] Theorem 4.1 ("if"): a lower bound.

    Any margin 0 < g < q - threshold, q = (1 - epsilon)^m, gives a valid bound; the best one is searched
    numerically, so that a coarse search could only weaken the answer. *proved*
    """
    error, q = _expected_error(d, m), _untouched(epsilon, m)
    members, threshold = _whole("members", members, 1), _positive("threshold", threshold, 1)
    room = q - threshold
    return _win(error / threshold, _misses(error, room, members) if room > 0 else 1.0)


def _misses(error: float, room: float, members: int) -> float:
    """Least of error / (room - g) + exp(-2 T g^2) over a grid of margins g in (0, room), refined twice."""

    def rate(g: float) -> float:
        return error / (room - g) + math.exp(-2 * members * g * g) if 0 < g < room else math.inf

    best, step = room / 2, room / 200
    for _ in range(3):
        best = min((best + i * step for i in range(-100, 101)), key=rate)
        step /= 100
    return rate(best)


def single_bound(d: int, epsilon: float, m: int) -> float:
    """What one distillation guarantees (T = 1): 1 - d/(m + 1) - (1 - q)/2, a lower bound. *proved*"""
    error, q = _expected_error(d, m), _untouched(epsilon, m)
    return _win(error, 1 - q + error)


def majority_bound(d: int, epsilon: float, m: int) -> float:
    """What the majority of many voters guarantees as T grows, [HKMMM22] Theorem 3.1: a lower bound.

    1 - d/(m + 1) - d / (2 (m + 1) (q - 1/2)) while q > 1/2. *proved*, in the limit of large T only
    """
    error, q = _expected_error(d, m), _untouched(epsilon, m)
    return _win(2 * error, error / (q - 0.5) if q > 0.5 else 1.0)


def half_q_bound(d: int, epsilon: float, m: int) -> float:
    """What many voters at threshold q/2 guarantee as T grows: 1 - 2d / ((m + 1) q), a lower bound.

    *proved*, in the limit of large T only; best at `voting_examples`.
    """
    error, q = _expected_error(d, m), _untouched(epsilon, m)
    rate = error / (q / 2) if q > 0 else 1.0
    return _win(rate, rate)


def vacuous(bound: float) -> bool:
    """Whether a lower bound on the win rate promises no more than blind guessing does."""
    return bound <= 0.5


def voting_examples(epsilon: float) -> int:
    """The m = floor(1/epsilon) - 1 examples a member that maximise `half_q_bound` exactly. *proved*"""
    return math.floor(1 / _positive("epsilon", epsilon, 1) + 1e-9) - 1


def voting_threshold(epsilon: float, m: int) -> float:
    """The threshold theta = q/2: half the chance that m examples miss the difference of f and f*. *proved*"""
    return _untouched(epsilon, m) / 2


def voting_members(epsilon: float, m: int) -> int:
    """The T whose margin q/4 fails with probability 1/100 (Hoeffding): ceil(8 ln(100) / q^2). *proved*"""
    q = _untouched(epsilon, m)
    if q < 1e-100:
        raise InvalidArgument(f"(1 - epsilon)^m must exceed 1e-100, got {q!r}: take m about 1/epsilon")
    return math.ceil(math.log(100) / (2 * (q / 4) ** 2))


def single_examples(d: int, epsilon: float) -> int:
    """The m = sqrt(2d / epsilon), rounded and at least 1, near which `single_bound` is best. *heuristic*"""
    return max(1, round(math.sqrt(2 * _whole("d", d) / _positive("epsilon", epsilon, 1))))


def votes_needed(members: int, threshold: float) -> int:
    """The least count of dissenting votes that flags: ceil(theta T), which forgives 1e-9 of rounding."""
    return math.ceil(_real("threshold", threshold, 0, 1) * _whole("members", members, 1) - 1e-9)


def boltzmann_beta(epsilon: float) -> float:
    """The inverse temperature (1 + W(1/e)) / (2 epsilon), .639 / epsilon, best in the bound. *proved*"""
    return BOLTZMANN / (2 * _positive("epsilon", epsilon, 1))


def boltzmann_bound(log_size: float, epsilon: float, beta: float) -> float:
    """What one Boltzmann resample wins, [CHLX25] Appendix A: 1 - L (1 + e^{2 beta epsilon}) / (2 beta).

    L = `log_size` is ln|F| (nats) of a finite class or of its restriction to a sample. *proved*
    """
    log_size, epsilon = _real("log_size", log_size, 0, math.inf), _real("epsilon", epsilon, 0, 1)
    false_alarms = log_size / _positive("beta", beta, math.inf)
    return _win(false_alarms, false_alarms * math.exp(min(2 * beta * epsilon, 700.0)))


def sauer_shelah(points: int, d: int) -> int:
    """How many labelings of n points a class of VC dimension d has at most: sum of binomials C(n, i), i <= d.

    *proved* [SauerShelah72]
    """
    n, d = _whole("points", points), _whole("d", d)
    total, term = 1, 1
    for i in range(min(n, d)):
        term = term * (n - i) // (i + 1)
        total += term
    return total


def sauer_shelah_log(points: int, d: int) -> float:
    """The log (nats) of `sauer_shelah` is at most d ln(e n / d), and n ln 2 where d >= n. *proved*"""
    n, d = _whole("points", points), _whole("d", d)
    if d == 0 or n == 0:
        return 0.0
    return n * math.log(2) if d >= n else min(n * math.log(2), d * (1 + math.log(n / d)))


def _win(false_alarms: float, misses: float) -> float:
    """The win rate left by these two error rates, neither of which can exceed 1."""
    return 1 - (min(1.0, false_alarms) + min(1.0, misses)) / 2


def _expected_error(d: int, m: int) -> float:
    return _whole("d", d) / (_whole("m", m) + 1)


def _untouched(epsilon: float, m: int) -> float:
    """q = (1 - epsilon)^m, the least chance that m examples all fall where f* equals f."""
    epsilon, m = _real("epsilon", epsilon, 0, 1), _whole("m", m)
    return math.exp(m * math.log1p(-epsilon)) if epsilon < 1 else 0.0**m


def _whole(name: str, value: int, low: int = 0) -> int:
    if isinstance(value, bool) or _real(name, value, -math.inf, math.inf) != int(value) or value < low:
        raise InvalidArgument(f"{name} must be a whole number of at least {low}, got {value!r}")
    return int(value)


def _positive(name: str, value: float, high: float) -> float:
    if not _real(name, value, 0, high) > 0:
        raise InvalidArgument(f"{name} must be above 0, got {value!r}")
    return float(value)


def _real(name: str, value: float, low: float, high: float) -> float:
    """`value` as a finite float in [low, high]; text is refused, since only a spec reads "1/8"."""
    try:
        number = math.nan if isinstance(value, str) else float(value)
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if not (math.isfinite(number) and low <= number <= high):
        raise InvalidArgument(f"{name} must be a finite number from {low:g} to {high:g}, got {value!r}")
    return number
