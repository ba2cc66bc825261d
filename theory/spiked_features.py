"""Random ReLU features with a spike ([GKVZ22] on sparse PCA): how often the planted answer comes, when the spike shows.

*Success.* On a unit x an honest <g, x> is N(0, 1), and its ReLU has mean 1/sqrt(2 pi) and variance 1/2 - 1/(2 pi).
With g ~ N(0, I + theta s s^T) the variance of <g, x> is 1 + theta <x, s>^2: sigma^2 = 1 + theta a^2 on Activate(x), 1
+ theta/d on average over the sphere, whose root is 1 + theta/(2 d) to first order. A ReLU's moments scale with sigma
and sigma^2, so the mean of m of them is near N(sigma/sqrt(2 pi), sigma^2 (1/2 - 1/(2 pi))/m). tau is the (1 -
p)-quantile on clean inputs of the same network, (1 + theta/(2 d))/sqrt(2 pi) + z sqrt((1/2 - 1/(2 pi))/m); the
probability to exceed it is the formula. Activate(x) is of unit norm: the square of a, and of sqrt(1 - a^2) across s.

*The top eigenvalue.* W = Z^T Z/m, Z honest, c = d/m: g(z) = <s, (z - W)^-1 s> tends to [MarchenkoPastur67]'s
transform, the solution of c z g^2 - (z + c - 1) g + 1 = 0 that is 1/z at infinity; its bulk ends at (1 + sqrt c)^2.
The features have covariance S = R W R, R^2 = I + theta s s^T. z outside the bulk is an eigenvalue iff det(z R^-2 - W)
= 0, and R^-2 = I - theta/(1 + theta) s s^T, so iff z g(z) = (1 + theta)/theta. Into the quadratic: z = (1 + theta)(1
+ c/theta). As z g(z) falls from its value at the edge, (1 + sqrt c)/sqrt c, to 1, there is a solution iff theta >
sqrt c.

*Its eigenvector.* v = R u with (z - W) u = theta <s, u> W s, hence u = (z - W)^-1 W s up to a factor: <s, u> = z g -
1 = 1/theta, |u|^2 = -z^2 g' - 2 z g + 1, and <s, v>^2/|v|^2 = (1 + theta) <s, u>^2/(|u|^2 + theta <s, u>^2).

*Single entries.* A variance estimated from m features exceeds 1 + y with probability about exp(-m (y - ln(1 + y))/2),
that is exp(-m y^2/4): the largest of d is near 1 + 2 sqrt(ln d/m), and a secret one is 1 + theta/k. An entry off the
diagonal is near N(0, 1/m), the largest of d(d - 1)/2, either sign, near sqrt(2 ln(d(d - 1))/m), and a secret one is
theta/k. The largest of k secret variances is higher by 2 sqrt(ln k/m), so the first passes from 2 k (sqrt(ln d) -
sqrt(ln k))/sqrt m on, and half of them do at the line. Both lines lie below sqrt(d/m), and so show spikes that the
eigenvalue does not, only where k < sqrt(d/(4 ln d)).
"""

from __future__ import annotations

import math

import sympy as sp

from backdoor_game import bounds

from .checks import Check, agree, report

x, y = sp.symbols("x y", real=True)
m, d, k, sigma, theta, a, c, z, tau = sp.symbols("m d k sigma theta a c z tau", positive=True)
quantile = sp.Symbol("quantile", real=True)
MEAN = 1 / sp.sqrt(2 * sp.pi)
VARIANCE = sp.Rational(1, 2) - 1 / (2 * sp.pi)
SIGMA = sp.sqrt(1 + theta * a**2)
SCORE = (sp.sqrt(m) * (SIGMA - 1 - theta / (2 * d)) / (sp.sqrt(2 * sp.pi) * sp.sqrt(VARIANCE)) - quantile) / SIGMA
TRANSFORM = (z + c - 1 - sp.sqrt((z - c - 1) ** 2 - 4 * c)) / (2 * c * z)
TOP = (1 + theta) * (1 + c / theta)
OVERLAP = (1 - c / theta**2) / (1 + c / theta)
SPIKES = ((400, 4000, 0.5), (64, 256, 0.7), (1000, 500, 2.0))


def success() -> list[Check]:
    """From one ReLU to the label."""
    normal = sp.exp(-(x**2) / (2 * sigma**2)) / (sp.sqrt(2 * sp.pi) * sigma)
    first, second = (sp.integrate(x**n * normal, (x, 0, sp.oo)) for n in (1, 2))
    threshold = (1 + theta / (2 * d)) * MEAN + quantile * sp.sqrt(VARIANCE / m)
    score = (SIGMA * MEAN - threshold) / (SIGMA * sp.sqrt(VARIANCE / m))
    root = sp.series(sp.sqrt(1 + theta * x**2), theta, 0, 2).removeO()
    law = (1 - x**2) ** ((d - 3) / 2)  # of <x, s> on the sphere
    second_moment = [sp.integrate((x**2 * law).subs(d, n), (x, -1, 1)) for n in (3, 5, 9)]
    share = [top / sp.integrate(law.subs(d, n), (x, -1, 1)) for top, n in zip(second_moment, (3, 5, 9), strict=True)]
    unit = sp.sqrt(1 - a**2) ** 2 + a**2
    half = {theta: sp.Rational(3, 10), a: sp.Rational(1, 2), m: 4000, d: 400}
    half[quantile] = sp.sqrt(2) * sp.erfinv(sp.Rational(4, 5))
    value = float((1 + sp.erf(SCORE.subs(half).evalf(30) / sp.sqrt(2))) / 2)
    return [
        Check("a ReLU's mean is sigma/sqrt(2 pi)", sp.simplify(first - sigma * MEAN) == 0),
        Check("its variance is sigma^2 (1/2 - 1/(2 pi))", sp.simplify(second - first**2 - sigma**2 * VARIANCE) == 0),
        agree("whose root is .5838", float(sp.sqrt(VARIANCE)), 0.5838, 5e-5),
        Check("<x, s>^2 is 1/d on average over the sphere", share == [sp.Rational(1, n) for n in (3, 5, 9)]),
        Check("and moves sigma by theta/2 times it", sp.expand(root - 1 - theta * x**2 / 2) == 0),
        Check("Activate(x) is of unit norm", sp.expand(unit) == 1),
        Check("exceeding tau has the stated score", sp.simplify(score - SCORE) == 0),
        agree("the library's success, theta = .3, a = .5, m = 4000, d = 400, p = .1",
              bounds.relu_success(4000, 400, 0.3, 0.5, 0.1), value, 1e-12),
        agree("without a spike it is p", bounds.relu_success(4000, 400, 0.0, 0.5, 0.1), 0.1, 1e-12),
        agree("a step to s at a = .8 is .89 long", bounds.relu_distance(0.8), 0.894427, 1e-6),
    ]


def eigenvalue() -> list[Check]:
    """Marchenko and Pastur's transform, its spike and the spike's direction."""
    quadratic = c * z * TRANSFORM**2 - (z + c - 1) * TRANSFORM + 1
    far = sp.series(TRANSFORM.subs(z, 1 / y), y, 0, 4).removeO()
    solved = sp.solve((c * z * x**2 - (z + c - 1) * x + 1).subs(x, (1 + theta) / (theta * z)), z)
    edge = sp.simplify((z * TRANSFORM).subs(z, (1 + sp.sqrt(c)) ** 2))
    g = sp.Function("g")(z)
    implicit = sp.diff(c * z * g**2 - (z + c - 1) * g + 1, z)
    slope = sp.solve(implicit, sp.diff(g, z))[0].subs(g, (1 + theta) / (theta * z)).subs(z, TOP)
    squared = -(TOP**2) * slope - 2 * (1 + theta) / theta + 1
    overlap = (1 + theta) / theta**2 / (squared + 1 / theta)
    library = (("eigenvalue", bounds.spiked_eigenvalue, TOP), ("overlap", bounds.spiked_overlap, OVERLAP))
    return [
        Check("the transform solves its quadratic", sp.simplify(quadratic) == 0),
        Check("with moments 1, 1, 1 + c", sp.simplify(sp.expand(far - y - y**2 - (1 + c) * y**3)) == 0),
        Check("the spike is at (1 + theta)(1 + c/theta)", len(solved) == 1 and sp.simplify(solved[0] - TOP) == 0),
        Check("z g is (1 + sqrt c)/sqrt c at the edge", sp.simplify(edge - 1 - 1 / sp.sqrt(c)) == 0),
        Check("and meets (1 + theta)/theta at theta = sqrt c, where the spike leaves the edge", sp.simplify(
            TOP.subs(theta, sp.sqrt(c)) - (1 + sp.sqrt(c)) ** 2) == 0),
        Check("the squared overlap is (1 - c/theta^2)/(1 + c/theta)", sp.simplify(overlap - OVERLAP) == 0),
        *(agree(f"the library's {name} at d = {n}, m = {size}, theta = {spike}", found(spike, n, size),
                float(derived.subs({c: sp.Rational(n, size), theta: spike})), 1e-12)
          for n, size, spike in SPIKES for name, found, derived in library),
        agree("the library's threshold", bounds.bbp_threshold(400, 4000), math.sqrt(0.1), 1e-15),
        Check("up to it the edge, and no overlap", bounds.spiked_overlap(0.3, 400, 4000) == 0.0 and abs(
            bounds.spiked_eigenvalue(0.3, 400, 4000) - bounds.bbp_edge(400, 4000)) < 1e-12),
    ]


def entries() -> list[Check]:
    """Single variances and covariances against the largest of noise."""
    lam, excess = sp.symbols("lam excess", positive=True)
    exponent = lam * (1 + excess) + sp.log(1 - 2 * lam) / 2  # of one squared normal, by Chernoff
    best = sp.solve(sp.diff(exponent, lam), lam)[0]
    rate = sp.expand_log(sp.simplify(exponent.subs(lam, best) - (excess - sp.log(1 + excess)) / 2))
    small = sp.series((y - sp.log(1 + y)) / 2, y, 0, 3).removeO()
    line = k * 2 * sp.sqrt(sp.log(d) / m)
    equal = sp.sqrt(d / (4 * sp.log(d)))
    return [
        Check("Chernoff's exponent of a variance is (y - ln(1 + y))/2", rate == 0),
        Check("y^2/4 for small y", sp.simplify(small - y**2 / 4) == 0),
        Check("m y^2/4 = ln d at y = 2 sqrt(ln d/m)", sp.simplify(m * (line / k) ** 2 / 4 - sp.log(d)) == 0),
        agree("the library's diagonal line, k = 8", bounds.diagonal_threshold(8, 400, 4000),
              float(line.subs({k: 8, d: 400, m: 4000})), 1e-14),
        Check("the line off the diagonal is the same to first order", all(
            abs(bounds.covariance_threshold(8, n, 10 * n) / bounds.diagonal_threshold(8, n, 10 * n) - 1) < 1 / n
            for n in (50, 400, 10**4))),
        Check("it crosses sqrt(d/m) at k = sqrt(d/(4 ln d))", sp.simplify(line.subs(k, equal) ** 2 - d / m) == 0),
        Check("so at d = 400 the diagonal shows more than the eigenvalue for k <= 4 alone", [
            bounds.diagonal_threshold(size, 400, 4000) < bounds.bbp_threshold(400, 4000) for size in (3, 4, 5, 20)
        ] == [True, True, False, False]),
    ]


def checks() -> list[Check]:
    """All of the above."""
    return success() + eigenvalue() + entries()


if __name__ == "__main__":
    raise SystemExit(report(checks()))
