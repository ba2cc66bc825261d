"""Boltzmann resampling, and how many labelings a class has."""

import math

from .arguments import positive, real, whole, win

BOLTZMANN = 1.2784645427610738  # 1 + W(1/e), W the Lambert function: the root of (v - 1) e^v = 1


def boltzmann_beta(epsilon: float) -> float:
    """The inverse temperature (1 + W(1/e)) / (2 epsilon), .639 / epsilon, best in the bound, D known. *proved*"""
    return BOLTZMANN / (2 * positive("epsilon", epsilon, 1))


def boltzmann_bound(log_size: float, epsilon: float, beta: float) -> float:
    """What one Boltzmann resample wins, [CHLX25] Appendix A: 1 - L (1 + e^{2 beta epsilon}) / (2 beta).

    For a defender that knows D: it draws by distances under D. L = `log_size` is ln|F| (nats) of a finite class or of
    its restriction to a sample. *proved*
    """
    log_size, epsilon = real("log_size", log_size, 0, math.inf), real("epsilon", epsilon, 0, 1)
    false_alarms = log_size / positive("beta", beta, math.inf)
    # e^709 is the largest that float64 holds, and far smaller ones make the bound vacuous
    return win(false_alarms, false_alarms * math.exp(min(2 * beta * epsilon, 700.0)))


def sauer_shelah(points: int, d: int) -> int:
    """How many labelings of n points a class of VC dimension d has at most: sum of binomials C(n, i), i <= d.

    *proved* [SauerShelah72]
    """
    n, d = whole("points", points), whole("d", d)
    total, term = 1, 1
    for i in range(min(n, d)):
        term = term * (n - i) // (i + 1)  # C(n, i + 1) = C(n, i) (n - i) / (i + 1), whole at every step
        total += term
    return total


def sauer_shelah_log(points: int, d: int) -> float:
    """The log (nats) of `sauer_shelah` is at most d ln(e n / d), and n ln 2 where d >= n. *proved*"""
    n, d = whole("points", points), whole("d", d)
    if d == 0 or n == 0:
        return 0.0
    return n * math.log(2) if d >= n else min(n * math.log(2), d * (1 + math.log(n / d)))
