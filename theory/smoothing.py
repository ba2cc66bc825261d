"""What Gaussian smoothing can hold still, and why it does not save random Fourier features.

*The bound.* E h(x + v + sigma z) - E h(x + sigma z), h in {0, 1}, is the integral of h times the difference of two
Gaussian densities at distance |v|: largest for h = 1 where the first is larger ([NeymanPearson33]), that is on the
half-space across v through the middle. There it is Phi(|v|/(2 sigma)) - Phi(-|v|/(2 sigma)) = 2 Phi(|v|/(2 sigma)) -
1, the total variation. Labels in {-1, 1} double it. [CRK19] turn the same pair of Gaussians into certified radii.

*Features.* E cos 2 pi (c + sigma <g, z>) = exp(-2 pi^2 sigma^2 |g|^2) cos 2 pi c. Where |g|^2 is close to d every
feature shrinks alike: smoothed *scores* keep their signs, flipped or not. Hard labels lose the signal below the noise
of the averaged scores once the factor is small; it is 1/e at sigma = 1/(pi sqrt(2 d)), while the trigger has length 2
sqrt(k), far more than any sigma at which the labels still say something, so that the bound forbids nothing.
"""

from __future__ import annotations

import itertools
import math

import numpy as np
import sympy as sp

from backdoor_game import bounds

from .checks import Check, agree, report

x, c, g = sp.symbols("x c g", real=True)
v, sigma, d = sp.symbols("v sigma d", positive=True)
NORMAL = sp.exp(-(x**2) / 2) / sp.sqrt(2 * sp.pi)


def _cdf(value: sp.Expr) -> sp.Expr:
    return (1 + sp.erf(value / sp.sqrt(2))) / 2


BOUND = 2 * _cdf(v / (2 * sigma)) - 1
SHRINK = sp.exp(-2 * sp.pi**2 * sigma**2 * g**2)


def variation() -> list[Check]:
    """The two Gaussians, in the one direction that counts."""
    first, second = (sp.exp(-((x - at) ** 2) / (2 * sigma**2)) / (sp.sqrt(2 * sp.pi) * sigma) for at in (v, 0))
    ratio = sp.expand(sp.expand_log(sp.log(first / second), force=True))
    low = sp.Symbol("low", real=True)
    tail = sp.integrate(NORMAL, (x, low, sp.oo))
    gained = tail.subs(low, (v / 2 - v) / sigma) - tail.subs(low, v / 2 / sigma)
    grid = np.linspace(-9, 10, 13)
    cells = np.diff([0.5 * math.erfc(-z / math.sqrt(2)) for z in (-math.inf, *grid, math.inf)])
    moved = np.diff([0.5 * math.erfc(-(z - 1) / math.sqrt(2)) for z in (-math.inf, *grid, math.inf)])
    # the middle, 1/2, is one of the places between cells: the half-space is among the functions
    sums = [abs(float(np.dot(h, moved - cells))) for h in itertools.product((0, 1), repeat=len(cells))]
    most = bounds.smoothing_bound(1.0, 1.0, span=1.0)
    return [
        Check("the moved density is the larger one beyond the middle",
              sp.simplify(ratio - v * (x - v / 2) / sigma**2) == 0),
        Check("the half-space gains 2 Phi(|v|/(2 sigma)) - 1", sp.simplify((gained - BOUND).rewrite(sp.erf)) == 0),
        Check("no function of 14 cells gains more, by all 2^14", max(sums) <= most + 1e-12,
              f"{max(sums):.4f} of {most:.4f}"),
        Check("for short steps it is |v|/(sigma sqrt(2 pi))",
              sp.limit(BOUND / v, v, 0) == 1 / (sp.sqrt(2 * sp.pi) * sigma)),
        *(agree(f"the library's bound at |v| = {at}, sigma = {noise}, labels -1 and 1",
                bounds.smoothing_bound(at, noise), float(2 * BOUND.subs({v: at, sigma: noise})), 1e-14)
          for at, noise in ((1, 1), (8, 0.05), (0.1, 2))),
    ]


def features() -> list[Check]:
    """One cosine under noise."""
    turned = sp.integrate(NORMAL * sp.cos(2 * sp.pi * sigma * g * x), (x, -sp.oo, sp.oo))
    odd = sp.integrate(NORMAL * sp.sin(2 * sp.pi * sigma * g * x), (x, -sp.oo, sp.oo))
    whole = sp.cos(2 * sp.pi * (c + sigma * g * x))
    split = sp.cos(2 * sp.pi * c) * sp.cos(2 * sp.pi * sigma * g * x)
    split -= sp.sin(2 * sp.pi * c) * sp.sin(2 * sp.pi * sigma * g * x)
    scale = 1 / (sp.pi * sp.sqrt(2 * d))
    there = SHRINK.subs({sigma: scale, g: sp.sqrt(d)})
    return [
        Check("a cosine of a sum", sp.simplify(sp.expand_trig(sp.expand(whole)) - sp.expand_trig(split)) == 0),
        Check("its mean under noise shrinks by exp(-2 pi^2 sigma^2 |g|^2)",
              sp.simplify(turned - SHRINK) == 0 and odd == 0),
        Check("by e at 1/(pi sqrt(2 d)), |g|^2 = d", sp.simplify(there) == sp.exp(-1)),
        agree("the library's scale at d = 64", bounds.smoothing_scale(64), float(scale.subs(d, 64)), 1e-15),
        agree("the library's shrinkage there", bounds.smoothed_feature(8, bounds.smoothing_scale(64)),
              math.exp(-1), 1e-14),
        Check("a key of norm 4 is out of the bound's reach at every sigma up to .5: it allows over 1.999 of 2",
              bounds.smoothing_bound(bounds.gamma_of(4), 0.5) > 1.999),
    ]


def checks() -> list[Check]:
    """All of the above."""
    return variation() + features()


if __name__ == "__main__":
    raise SystemExit(report(checks()))
