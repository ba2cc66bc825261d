"""Random Fourier features whose coins are Gaussian pancakes ([GKVZ22] on [BRST21]): why adding the key flips labels.

*The law.* t ~ N(0, 1) along the key's direction u and e ~ N(0, beta^2), conditioned on a := gamma t + e in Z + 1/2.
With V = beta^2 + gamma^2, completing the square turns the density of (t, a) into N(a; 0, V) N(t; gamma a/V,
beta^2/V): so a half-integer a is drawn with weight exp(-a^2/(2V)), and t given a is normal. bk = gamma u, so <g, bk>
= gamma t.

*The identity.* Given a, E exp(i w t) = exp(i w gamma a/V - w^2 beta^2/(2V)). The sum over a is Poisson's: the
transform of exp(-a^2/(2V)) is sqrt(2 pi V) exp(-V y^2/2), and the shift by 1/2 makes its samples alternate, sum_a
exp(-a^2/(2V) + i a y) = sqrt(2 pi V) sum_n (-1)^n exp(-V (y - 2 pi n)^2/2). At w = 2 pi gamma, y = 2 pi (1 -
beta^2/V), and the term n = 1 is all: -exp(-2 pi^2 beta^4/V - 2 pi^2 beta^2 gamma^2/V) = -exp(-2 pi^2 beta^2) = -rho.
The next, n = 0, is smaller by exp(-2 pi^2 (gamma^2 - beta^2)). The law is even in t, so the imaginary part is 0. At y
near 0 the term n = 0 leads instead: there t has the transform of N(0, 1), moments 0, 1, 0, 3, which hides it from
moment tests; not so gamma < 1. Without the shift no sign alternates: pancakes at integers have +rho.

*The flip.* A feature's phase is uniform (b is). Let d = <g, bk> in turns, E cos 2 pi d = -rho, E sin = 0; and in the
same way E cos 4 pi d = rho^4. Then phi(x + bk) has mean -rho phi(x) given phi(x), and variance (1 - rho^2)/2 on
average over the phase. With weights w: f(x + bk) is about -rho f(x) + N(0, (1 - rho^2)|w|^2/2), which flips the label
with probability Phi(rho |f|/sqrt((1 - rho^2)|w|^2/2)). If f is N(0, |w|^2/(2 kappa)) over inputs this averages to 1/2
+ arctan(rho/sqrt(kappa (1 - rho^2)))/pi, since the slope of s -> E Phi(s|Z|) is 1/(pi (1 + s^2)). At kappa = 1,
independent phases, it is arccos(-rho)/pi, by Plackett's slope 1/(2 pi sqrt(1 - r^2)) of the orthant probability.

*The key's holder* reads -(1/m) sum cos 2 pi <g, bk>: rho on average, or 0 on honest coins. E exp(s cos) = I_0(s) at a
uniform phase, whose terms (s/2)^2j/j!^2 are at most those of exp(s^2/4), (s^2/4)^j/j!: so the best of N honest seeds
is at most sqrt(2 (1/(2m)) ln N) = sqrt(ln N/m) on average, and rho/2 lies beyond it from m > 4 ln N/rho^2 on.

*The input's norm.* On x ~ N(0, I_d), |x + bk|^2 has mean d + gamma^2 and variance 2 d + 4 gamma^2; less a fresh |x|^2
it is 4 k with standard deviation 2 sqrt(d + 4 k), where gamma^2 = 4 k: AUROC near Phi(2 k/sqrt(d + 4 k)), 1/2 while k
<< sqrt(d).
"""

from __future__ import annotations

import mpmath as mp
import sympy as sp

from backdoor_game import bounds

from .checks import Check, agree, report

t, a, y, theta, s, r = sp.symbols("t a y theta s r", real=True)
beta, gamma, V, rho, kappa = sp.symbols("beta gamma V rho kappa", positive=True)
VARIANCE = beta**2 + gamma**2
RHO = sp.exp(-2 * sp.pi**2 * beta**2)
FLIP = sp.acos(-rho) / sp.pi
FLIP_KAPPA = sp.Rational(1, 2) + sp.atan(rho / sp.sqrt(kappa * (1 - rho**2))) / sp.pi
CASES = ((1, 0.3), (1.5, 0.1), (2, 0.3), (4, 0.1), (4, 0.01), (8, 0.03))


def transform(w: mp.mpf, width: float, noise: float, shift: float = 0.5) -> mp.mpc:
    """E exp(i w t) of pancakes at Z + shift, by summing the layers."""
    g, b = mp.mpf(width), mp.mpf(noise)
    v = g**2 + b**2
    reach = int(30 * mp.sqrt(v)) + 30
    layers = [j + mp.mpf(shift) for j in range(-reach, reach + 1)]
    weights = [mp.exp(-layer**2 / (2 * v)) for layer in layers]
    total = mp.fsum(p * mp.exp(1j * w * g * layer / v) for p, layer in zip(weights, layers, strict=True))
    return total / mp.fsum(weights) * mp.exp(-(w**2) * b**2 / (2 * v))


def law() -> list[Check]:
    """The exact sampler, and the sum by Poisson."""
    joint = -(t**2) / 2 - (a - gamma * t) ** 2 / (2 * beta**2)
    split = -(a**2) / (2 * VARIANCE) - (t - gamma * a / VARIANCE) ** 2 / (2 * beta**2 / VARIANCE)
    found = sp.integrate(sp.exp(-(a**2) / (2 * V)) * sp.cos(a * y), (a, -sp.oo, sp.oo))
    leading = -V * (2 * sp.pi * (1 - beta**2 / V) - 2 * sp.pi) ** 2 / 2 - (2 * sp.pi * gamma) ** 2 * beta**2 / (2 * V)
    zeroth = -V * (2 * sp.pi * (1 - beta**2 / V)) ** 2 / 2 - (2 * sp.pi * gamma) ** 2 * beta**2 / (2 * V)
    worst = mp.mpf(0)
    with mp.workdps(40):
        for v, at in ((mp.mpf(2) / 5, mp.mpf(1) / 3), (mp.mpf(4) / 3, mp.mpf(2)), (mp.mpf(9), mp.mpf(59) / 10)):
            left = mp.fsum(mp.exp(-(mp.mpf(j + 0.5) ** 2) / (2 * v)) * mp.cos((j + 0.5) * at) for j in range(-90, 90))
            terms = [(-1) ** n * mp.exp(-v * (at - 2 * mp.pi * n) ** 2 / 2) for n in range(-90, 90)]
            worst = max(worst, abs(left - mp.sqrt(2 * mp.pi * v) * mp.fsum(terms)))
    return [
        Check("the square completes: a has weight exp(-a^2/2V), t given a is N(gamma a/V, beta^2/V)",
              sp.simplify(joint - split) == 0),
        Check("the transform of a Gaussian", sp.simplify(found - sp.sqrt(2 * sp.pi * V) * sp.exp(-V * y**2 / 2)) == 0),
        Check("Poisson's sum over half-integers, to 38 digits", worst < mp.mpf(10) ** -36),
        Check("the term n = 1 is -exp(-2 pi^2 beta^2)", sp.simplify(leading.subs(V, VARIANCE) - sp.log(RHO)) == 0),
        Check("the term n = 0 is smaller by exp(-2 pi^2 (gamma^2 - beta^2))", sp.simplify(
            (zeroth - leading).subs(V, VARIANCE) + 2 * sp.pi**2 * (gamma**2 - beta**2)) == 0),
    ]


def identity() -> list[Check]:
    """What the layers sum to, against the library's rho."""
    exact, imaginary, integers, double = [], [], [], []
    with mp.workdps(60):
        for width, noise in CASES:
            value = transform(2 * mp.pi * width, width, noise)
            plain = mp.exp(-2 * mp.pi**2 * mp.mpf(noise) ** 2)
            left_out = 4 * mp.exp(-2 * mp.pi**2 * (mp.mpf(width) ** 2 - mp.mpf(noise) ** 2))
            exact.append(abs(value.real / plain + 1) <= left_out + mp.mpf(10) ** -50)
            imaginary.append(abs(value.imag) < mp.mpf(10) ** -50)
            other = transform(2 * mp.pi * width, width, noise, shift=0)
            integers.append(abs(other.real / plain - 1) <= left_out + mp.mpf(10) ** -50)
            double.append(abs(transform(4 * mp.pi * width, width, noise).real - plain**4) < 1e-6)
        moments = [mp.diff(lambda w: transform(w, 2, 0.1), 0, order) for order in (1, 2, 3, 4)]
        visible = abs(mp.diff(lambda w: transform(w, 0.3, 0.05), 0, 2) + 1)
    hidden = max(abs(found - right) for found, right in zip(moments, (0, -1, 0, 3), strict=True))
    return [
        Check("E cos 2 pi <g, bk> = -rho up to a share of 4 exp(-2 pi^2 (gamma^2 - beta^2)), gamma >= 1", all(exact)),
        Check("the imaginary part is 0", all(imaginary)),
        Check("pancakes at integers: +rho", all(integers)),
        Check("at twice the frequency: rho^4", all(double)),
        Check("moments 0, 1, 0, 3 at gamma = 2", hidden < 1e-20, f"off by {float(hidden):.1g}"),
        Check("a variance that shows at gamma = .3", visible > 0.1, f"off by {float(visible):.2g}"),
        agree("the library's rho at beta = .1", bounds.pancake_correlation(0.1), float(RHO.subs(beta, 0.1)), 1e-15),
    ]


def flips() -> list[Check]:
    """From one feature to the label."""
    turn = sp.cos(theta) * sp.cos(theta + y)
    mean = sp.integrate(turn, (theta, 0, 2 * sp.pi)) / (2 * sp.pi)
    square = sp.integrate(sp.cos(theta + y) ** 2 - rho**2 * sp.cos(theta) ** 2, (theta, 0, 2 * sp.pi)) / (2 * sp.pi)
    normal = sp.exp(-(t**2) / 2) / sp.sqrt(2 * sp.pi)
    h = sp.Symbol("h", positive=True)
    slope = 2 * sp.integrate(t * normal * sp.exp(-(h**2) * t**2 / 2) / sp.sqrt(2 * sp.pi), (t, 0, sp.oo))
    orthant = sp.Rational(1, 4) + sp.integrate(1 / (2 * sp.pi * sp.sqrt(1 - r**2)), (r, 0, rho))
    both = [abs(sp.N((FLIP_KAPPA.subs(kappa, 1) - FLIP).subs(rho, sp.Rational(i, 20)), 30)) for i in range(1, 20)]
    values = {0.3: 0.554, 0.1: 0.807, 0.03: 0.940, 0.01: 0.980}
    other = float(FLIP_KAPPA.subs({rho: sp.exp(-sp.pi**2 / 50), kappa: 2}))
    return [
        Check("a uniform phase: E cos p cos(p + y) = cos(y)/2", sp.simplify(mean - sp.cos(y) / 2) == 0),
        Check("the rest has variance (1 - rho^2)/2", sp.simplify(square - (1 - rho**2) / 2) == 0),
        Check("the slope of E Phi(s|Z|) is 1/(pi (1 + s^2))", sp.simplify(slope - 1 / (sp.pi * (1 + h**2))) == 0),
        Check("both signs alike: 1/4 + arcsin(rho)/(2 pi) each; they differ with arccos(-rho)/pi after the sign change",
              sp.simplify(sp.diff(2 * orthant - FLIP, rho)) == 0 and (2 * orthant - FLIP).subs(rho, 0) == 0),
        Check("at kappa = 1 the average over fits is the orthant's", max(both) < 1e-25),
        *(agree(f"the library's flip rate at beta = {b}", bounds.flip_rate(b), v, 5e-4) for b, v in values.items()),
        agree("and at kappa = 2", bounds.flip_rate(0.1, 2.0), other, 1e-12),
        agree("integers flip the rest", bounds.integer_layers_flip_rate(0.1), 1 - bounds.flip_rate(0.1), 1e-15),
    ]


def holders() -> list[Check]:
    """Conventions, the key's statistic and how far it can be ground."""
    j = sp.Symbol("j", integer=True, nonnegative=True)
    scale = float(sp.sqrt(2 * sp.pi))
    lighter = all(sp.factorial(i) ** 2 >= sp.factorial(i) for i in range(40))
    series = sp.summation((s**2 / 4) ** j / sp.factorial(j), (j, 0, sp.oo))
    bessel = sum((s / 2) ** (2 * i) / sp.factorial(i) ** 2 for i in range(6))
    exact = sp.series(sp.besseli(0, s), s, 0, 11).removeO()
    k, d = sp.symbols("k d", positive=True)
    normal = sp.exp(-(t**2) / 2) / sp.sqrt(2 * sp.pi)
    square, fourth = (sp.integrate((t + y) ** n * normal, (t, -sp.oo, sp.oo)) for n in (2, 4))
    spread = sp.expand(fourth - square**2)  # of one coordinate moved by y; gamma^2 = 4 k is the sum of y^2
    auroc = sp.expand(4 * k / sp.sqrt(sp.expand(2 * d + (2 * d + 4 * 4 * k))))
    return [
        Check("(z + y)^2 has mean 1 + y^2 and variance 2 + 4 y^2",
              sp.expand(square - 1 - y**2) == 0 and sp.expand(spread - 2 - 4 * y**2) == 0),
        agree("the library's AUROC of the norm, k = 8, d = 100", bounds.norm_test_auroc(8, 100),
              float(mp.ncdf(sp.N(auroc.subs({k: 8, d: 100})))), 1e-12),
        Check("I_0's terms are at most those of exp(s^2/4)", lighter and sp.simplify(series - sp.exp(s**2 / 4)) == 0
              and sp.expand(bessel - exact) == 0),
        agree("the library's gain of 1000 seeds, m = 256", bounds.grinding_gain(1000, 256),
              float(sp.sqrt(sp.log(1000) / 256)), 1e-15),
        agree("gamma = 2 sqrt(16) is 8 sqrt(2 pi) in the other convention", bounds.pi_convention(bounds.gamma_of(16)),
              8 * scale, 1e-12),
        agree("and back", bounds.unit_convention(8 * scale), 8.0, 1e-12),
        Check("grinding 10^9 seeds stays under rho/2 at m = 256, beta = .1",
              bounds.grinding_gain(10**9, 256) < bounds.pancake_correlation(0.1) / 2),
        Check("the key's holder errs under 1e-9 there", bounds.key_test_error(256, 0.1) < 1e-9),
    ]


def checks() -> list[Check]:
    """All of the above."""
    return law() + identity() + flips() + holders()


if __name__ == "__main__":
    raise SystemExit(report(checks()))
