"""What the VC dimension alone says, with the exact constant: on equally likely points, and for VC dimension 1."""

from fractions import Fraction

from .arguments import real, whole


def density_bound(points: int, d: int) -> float:
    """The least value over classes of VC dimension at most d, on N equally likely points at epsilon = 1/N.

    1 - m/N, m = sum_{i<=d} i C(N, i) / sum_{i<=d} C(N, i) the edge density of "at most d ones", which attains it;
    m <= d, so the loss is at most d epsilon. It holds up to epsilon < 2/N. theory/density.py, by the density lemma of
    [HLW94]. *proved*
    """
    n, d = whole("points", points, 1), whole("d", d)
    ones, size, term = 0, 0, 1
    for i in range(min(n, d) + 1):
        ones, size = ones + i * term, size + term
        term = term * (n - i) // (i + 1)  # C(n, i + 1) = C(n, i) (n - i) / (i + 1), whole at every step
    return float(1 - Fraction(ones, n * size))


def dimension_one_bound(epsilon: float) -> float:
    """What a defender that knows D wins at least in every class of VC dimension at most 1, for every D: 1 - epsilon.

    From epsilon = 1/2 on blind guessing wins as much. theory/dimension_one.py. *proved*
    """
    return 1 - real("epsilon", epsilon, 0, 1)
