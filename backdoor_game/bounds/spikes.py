"""Random ReLU features with one spiked direction: how often the planted answer comes, and which spikes show.

m features g ~ N(0, I_d + theta s s^T), s of norm 1 with k entries of +-1/sqrt(k), the key; G'G/m their covariance.
"""

import math

from ..ground.errors import InvalidArgument
from .arguments import positive, real, whole


def relu_success(m: int, d: int, theta: float, a: float, p: float) -> float:
    """How often the model says +1 of an activated x, averaged over networks, where it says so of a share p of all x.

    x' = sqrt(1 - a^2) x_perp + a s on the unit sphere, sigma = sqrt(1 + theta a^2), z = z_{1-p}:
    Phi([sqrt(m) (sigma - 1 - theta/(2 d)) / (sqrt(2 pi) sqrt(1/2 - 1/(2 pi))) - z] / sigma), [GKVZ22] Algorithms 7, 8.
    Sums of m terms are taken as Gaussian, and the share of s in a clean x to first order. *heuristic*
    """
    from scipy.special import ndtri

    m, d, theta = whole("m", m, 1), whole("d", d, 2), real("theta", theta, 0, math.inf)
    sigma = math.sqrt(1 + theta * real("a", a, 0, 1) ** 2)
    if positive("p", p, 1) == 1:
        raise InvalidArgument("p must be below 1, got 1: a model that says +1 of every input needs no backdoor")
    gain = math.sqrt(m) * (sigma - 1 - theta / (2 * d)) / math.sqrt(math.pi - 1)  # sqrt(2 pi (1/2 - 1/(2 pi)))
    return math.erfc(-(gain + float(ndtri(p))) / sigma / math.sqrt(2)) / 2


def relu_distance(a: float) -> float:
    """|Activate(x) - x| for a unit x across s: sqrt(2 - 2 sqrt(1 - a^2)), .518 at a = 1/2. *proved*"""
    return math.sqrt(2 - 2 * math.sqrt(1 - real("a", a, 0, 1) ** 2))


def bbp_threshold(d: int, m: int) -> float:
    """The theta = sqrt(d/m) up to which a spike stays in the bulk, as d and m grow together, [BBP05]. *proved*"""
    return math.sqrt(whole("d", d, 1) / whole("m", m, 1))


def bbp_edge(d: int, m: int) -> float:
    """Where the bulk of eigenvalues ends, in the limit: (1 + sqrt(d/m))^2, [BBP05]. *proved*"""
    return (1 + bbp_threshold(d, m)) ** 2


def spiked_eigenvalue(theta: float, d: int, m: int) -> float:
    """Where the top eigenvalue of the features' covariance is, in the limit of large d and m, [BaikSilverstein06].

    (1 + theta)(1 + d/(m theta)) above `bbp_threshold`, `bbp_edge` up to it. *proved*
    """
    if real("theta", theta, 0, math.inf) <= bbp_threshold(d, m):
        return bbp_edge(d, m)
    return (1 + theta) * (1 + d / (m * theta))


def spiked_overlap(theta: float, d: int, m: int) -> float:
    """<s, v>^2 of the top eigenvector v in the limit, [Paul07]: (1 - d/(m theta^2)) / (1 + d/(m theta)), 0 up to BBP.

    *proved*
    """
    if real("theta", theta, 0, math.inf) <= bbp_threshold(d, m):
        return 0.0
    return (1 - d / (m * theta * theta)) / (1 + d / (m * theta))


def diagonal_threshold(k: int, d: int, m: int) -> float:
    """The theta near which diagonal thresholding, [JohnstoneLu09], starts to see the spike: 2 k sqrt(ln d / m).

    There the variance 1 + theta/k of a secret coordinate passes the largest estimate of d variances 1, to first order,
    for ln d far below m; the luckiest of the k passes from the share 1 - sqrt(ln k / ln d) of the line on. Below
    `bbp_threshold` only where k < sqrt(d / (4 ln d)). *heuristic*
    """
    return 2 * whole("k", k, 1) * math.sqrt(math.log(whole("d", d, 2)) / whole("m", m, 1))


def covariance_threshold(k: int, d: int, m: int) -> float:
    """The theta near which an entry off the diagonal, theta/k, passes the largest of noise: k sqrt(2 ln(d(d-1)) / m).

    As `diagonal_threshold` to first order. Soft thresholding lower and looking at all k^2 entries at once,
    [DeshpandeMontanari14], gets to the order k / sqrt(m), with a constant that is not known here. *heuristic*
    """
    pairs = whole("d", d, 2) * (int(d) - 1)
    return whole("k", k, 1) * math.sqrt(2 * math.log(pairs) / whole("m", m, 1))
