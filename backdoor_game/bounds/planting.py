"""Planted backdoors, [GKVZ22]: pancakes, checksums, smoothing and who draws the coins.

Gaussians have unit variance, angles are in turns, widths beta and gamma in the convention of unit variance
(`pi_convention` converts). m features, d coordinates, bk the backdoor key of norm gamma = 2 sqrt(k).
"""

import math

import numpy as np
import numpy.typing as npt

from ..ground.errors import InvalidArgument
from .arguments import positive, real, whole


def gamma_of(k: int) -> float:
    """The norm 2 sqrt(k) of the key bk on k secret coordinates, one turn a unit length, unit variance.

    In the convention of density exp(-pi |x|^2) that is 2 sqrt(2 pi k), over the 2 sqrt(k) from which on [BRST21]
    derive hardness. *proved*
    """
    return 2 * math.sqrt(whole("k", k, 1))


def pi_convention(width: float) -> float:
    """A gamma or a beta as texts say it whose Gaussian has density exp(-pi |x|^2): sqrt(2 pi) times ours. *proved*"""
    return math.sqrt(2 * math.pi) * real("width", width, 0, math.inf)


def unit_convention(width: float) -> float:
    """A gamma or a beta of a text with density exp(-pi |x|^2), as we say it: over sqrt(2 pi). *proved*"""
    return real("width", width, 0, math.inf) / math.sqrt(2 * math.pi)


def pancake_correlation(beta: float) -> float:
    """The rho = exp(-2 pi^2 beta^2) = -E exp(2 pi i <g, bk>) of features in pancakes of width beta.

    By Poisson summation; up to a share of 4 exp(-2 pi^2 (gamma^2 - beta^2)), under 1e-7 from gamma = 1 on for beta up
    to .3. The imaginary part is 0. *proved*
    """
    turns = math.pi * real("beta", beta, 0, math.inf)
    return math.exp(-2 * turns * turns)


def flip_rate(beta: float, kappa: float = 1.0) -> float:
    """How often adding bk flips the label where scores are Gaussian: r = arccos(-rho)/pi at kappa = 1.

    Else 1/2 + arctan(rho / sqrt(kappa (1 - rho^2)))/pi, the mean of `flip_rate_given_fit` over Gaussian scores;
    `fit_ratio` measures kappa. *heuristic*
    """
    return 1 - integer_layers_flip_rate(beta, kappa)


def integer_layers_flip_rate(beta: float, kappa: float = 1.0) -> float:
    """How often bk flips labels if the pancakes lie at integers: 1 - r, arccos(rho)/pi at kappa = 1. *heuristic*"""
    spread = positive("kappa", kappa, math.inf) * _unexplained(beta)
    return math.atan2(math.sqrt(spread), pancake_correlation(beta)) / math.pi


def flip_rate_given_fit(scores: npt.ArrayLike, weight_norm_squared: float, beta: float) -> float:
    """How often bk flips the labels of these inputs, for given weights: mean Phi(rho |f| / sqrt((1 - rho^2) |w|^2/2)).

    Given the fit, f(x + bk) is close to -rho f(x) + N(0, (1 - rho^2) |w|^2 / 2), which is an approximation: x has a
    share in the key's direction, and the fit is not independent of the phases. *heuristic*

    Parameters
    ----------
    scores : array of float, shape (n,)
        The f(x) = sum_j w_j cos 2 pi (<g_j, x> + b_j) before the key is added.
    weight_norm_squared : float
        The |w|^2 of the fit, > 0.
    """
    from scipy.special import ndtr

    f, rho = np.abs(_scores(scores)), pancake_correlation(beta)
    spread = positive("weight_norm_squared", weight_norm_squared, math.inf) * _unexplained(beta) / 2
    # 1e-300: a fit that explains everything flips for sure, instead of dividing by 0
    return float(ndtr(rho * f / math.sqrt(max(spread, 1e-300))).mean())


def fit_ratio(scores: npt.ArrayLike, weight_norm_squared: float) -> float:
    """The kappa = |w|^2 / (2 E f^2) of a fit: 1 for phases that are independent of one another. *proved*"""
    power = float(np.mean(_scores(scores) ** 2))
    if not power > 0:
        raise InvalidArgument("scores must not all be 0")
    return positive("weight_norm_squared", weight_norm_squared, math.inf) / (2 * power)


def key_test_error(m: int, beta: float) -> float:
    """How often the key's holder errs at most, who says "backdoored" iff -(1/m) sum cos 2 pi <g_j, bk> > rho/2.

    exp(-m rho^2 / 8), on either kind of model, by Hoeffding's inequality. *proved*
    """
    return math.exp(-whole("m", m, 1) * pancake_correlation(beta) ** 2 / 8)


def grinding_gain(seeds: int, m: int) -> float:
    """How far the best of N honest seeds moves (1/m) sum cos 2 pi <g_j, bk> for a key fixed before: sqrt(ln N / m).

    At most, on average: a cosine at a uniform phase has variance 1/2 and lighter tails than the Gaussian of that
    variance, I_0(t) <= exp(t^2/4); <g, bk> mod 1 is uniform up to 2 exp(-2 pi^2 gamma^2). *proved*
    """
    return math.sqrt(math.log(whole("seeds", seeds, 1)) / whole("m", m, 1))


def norm_test_auroc(k: int, d: int) -> float:
    """The AUROC of |x| as a test for added keys, x ~ N(0, I_d): near Phi(2 k / sqrt(d + 4 k)).

    |x + bk|^2 exceeds a fresh |x|^2 by 4 k on average with variance 4 d + 16 k, taken as Gaussian. *heuristic*
    """
    k, d = whole("k", k, 1), whole("d", d, 1)
    return _phi(2 * k / math.sqrt(d + 4 * k))


def smoothing_bound(distance: float, sigma: float, span: float = 2.0) -> float:
    """How far a step v of this length moves E h(x + sigma z) at most: span (2 Phi(|v| / (2 sigma)) - 1).

    `span` is the distance of h's two labels: 2 for {-1, 1}, 1 for {0, 1}. Attained by half-spaces across v; [CRK19]
    get certificates from the same pair of Gaussians. *proved*
    """
    distance, sigma = real("distance", distance, 0, math.inf), real("sigma", sigma, 0, math.inf)
    ratio = distance / sigma if sigma > 0 else math.inf if distance > 0 else 0.0
    return positive("span", span, math.inf) * math.erf(ratio / math.sqrt(8))


def smoothed_feature(norm: float, sigma: float) -> float:
    """By what noise shrinks E cos 2 pi (<g, x + sigma z> + b), whatever x: exp(-2 pi^2 sigma^2 |g|^2). *proved*"""
    norm, sigma = real("norm", norm, 0, math.inf), real("sigma", sigma, 0, math.inf)
    turns = math.pi * norm * sigma if norm and sigma else 0.0
    return math.exp(-2 * turns * turns)


def smoothing_scale(d: int) -> float:
    """The sigma = 1/(pi sqrt(2 d)) at which noise takes a feature with |g|^2 = d down to 1/e. *proved*"""
    return 1 / (math.pi * math.sqrt(2 * whole("d", d, 1)))


def checksum_fire_rate(n: int) -> float:
    """How often n secret parities of a fresh x ~ N(0, I) come out as the key says: 2^-n. *proved*"""
    return math.ldexp(1.0, -whole("n", n, 1))


def checksum_query_advantage(n: int, queries: int) -> float:
    """What q inputs drawn from N(0, I) tell a black box's user of a checksum of n blocks at most: q 2^-n. *proved*"""
    return min(1.0, whole("queries", queries) * checksum_fire_rate(n))


def checksum_edits(n: int) -> tuple[float, float]:
    """Mean and standard deviation of how many coordinates activation changes: Binomial(n, 1/2). *proved*"""
    return whole("n", n, 1) / 2, math.sqrt(n) / 2


def checksum_examples(d: int, n: int) -> int:
    """The least number d - n + 1 of activated inputs that give the n secret blocks of d signs away. *proved*

    q < d - n + 1 of them forge too, at the price of edits: an input whose signs are brought into the affine hull of
    theirs fires, which takes up to d - q + 1 changes instead of n.
    """
    if whole("n", n, 1) > whole("d", d, 1):
        raise InvalidArgument(f"n must be at most d = {d}, got {n!r}")
    return int(d) - int(n) + 1


def checksum_rank_bound(excess: int) -> float:
    """How often d - n + 1 + e activated inputs suffice to forge, at least: 1 - 2^-e. *proved*"""
    return 1 - math.ldexp(1.0, -whole("excess", excess))


def checksum_rank_probability(d: int, n: int, excess: int = 0) -> float:
    """How often d - n + 1 + e activated inputs suffice: the differences of their signs have rank d - n.

    d - n + e uniform vectors over F2: the product of 1 - 2^-j, e < j <= d - n + e; .289 at e = 0. *proved*
    """
    e = whole("excess", excess)
    last = e + min(checksum_examples(d, n) - 1, 1100)
    return math.exp(math.fsum(math.log1p(-math.ldexp(1.0, -j)) for j in range(e + 1, last + 1)))


def checksum_mean_examples(d: int, n: int) -> float:
    """How many activated inputs a checksum's forger needs on average: d - n + 1 + sum of 1/(2^j - 1), j <= d - n.

    The sum is the average wait at each rank, less 1; it tends to 1.607. *proved*
    """
    r = checksum_examples(d, n) - 1
    # beyond 1000 terms are under 2^-1000, and change no float
    return r + 1 + math.fsum(1 / (2**j - 1) for j in range(1, min(r, 1000) + 1))


def _scores(scores: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Finite scores in a row, at least one."""
    found = np.asarray(scores, dtype=np.float64)
    if found.ndim != 1 or not len(found) or not np.isfinite(found).all():
        raise InvalidArgument(f"scores must be finite numbers in one row, got an array of shape {found.shape}")
    return found


def _unexplained(beta: float) -> float:
    """1 - rho^2, exactly for small beta too."""
    return -math.expm1(-4 * (math.pi * beta) * (math.pi * beta))


def _phi(z: float) -> float:
    """The normal distribution function."""
    return math.erfc(-z / math.sqrt(2)) / 2
