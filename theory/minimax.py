"""The value over all distributions: one of finitely many D is the worst; for larger classes a program bounds it.

Theorem 4.1 lets the attacker pick D. Write loss = 1 - value and, for a set B of unordered pairs of functions,

    g_B(D) = max over pi and z of  sum_x D(x) sum over {f, g} in B, f(x) != g(x), of z_x{f, g},
             sum over g of z_x{f, g} <= pi(f),  pi a probability vector,  z >= 0.

By duality.py loss(D) = g_B(D) for B(D) = the pairs with dist_D(f, g) <= epsilon.

*Theorem C* (vertices; ours). Let F be finite on N points. Some D of least value is a vertex of the planes D(x) = 0
and D(S) = epsilon inside the simplex, where S runs over the sets {x : f(x) != g(x)}: a point at which N - 1 of them,
and sum D = 1, cross in this one point alone.
  (1) For a fixed B the constraints of g_B do not contain D and its objective is linear in D: as a greatest of linear
      functions, g_B is convex. It grows with B.
  (2) P_B = {D : D(S) <= epsilon for each S of a pair in B} is a polytope, so g_B is greatest at a vertex of it.
  (3) Take any D. It lies in P_B for B = B(D), so loss(D) = g_B(D) <= g_B(v) for a vertex v of P_B. At v all of B is
      legal, and perhaps more: B(v) contains B, so g_B(v) <= loss(v).
  (4) N - 1 of the constraints that are tight at v, and sum D = 1, determine it. QED. So the value over all D is the
      least of finitely many values, each of a fixed D: no branching, no bilinear program. On four points there are at
      most C(19, 3) = 969 systems, and after symmetry some 3 to 30 vertices.

*In floating point.* What is listed are the vertices for epsilon' = epsilon + 1e-9, each solved with the plants that
are legal at epsilon'. The package counts a tie up to epsilon + 1e-12 as legal, and up to epsilon + 1e-9/N on N equal
weights: every D with its legal pairs lies in a P_B for epsilon', so (3) holds for it. A vertex as a float is off by
some 1e-15 (the systems have entries 0 and 1 and whole determinants), so a pair that is tied at the exact vertex
passes the tolerance of 1e-12. Two vertices may come as close as epsilon comes to a fraction at which they cross, with
other pairs tied at each; one stands for both only where no weight differs by more than 1e-14, which the same tolerance
covers on the at most 13 points of a list, as 1e-12 covers what it moves the loss. The value at a vertex is at least
the guarantee of flag probabilities, a sum of floats from the definition, whatever program has found these flags: no
solver is trusted. The lower end is the least guarantee, less 1e-12 for the sums.

*What may be merged.* Equal functions (duality.py). Points at which two columns of the class are equal or
complementary: a pair differs at both or at neither. dist_D depends on the sum of the two masses; for one pi the best
z_x is the same at both; so the loss depends on the sum alone, and all mass may stand on one of them.

*Symmetry.* A permutation s of the points with {f(s) : f in F} = F XOR h for a labeling h leaves the value as it is
when D is carried along (duality.py, renaming). Of the vertices one in each orbit will do. For an order of the
weights: among the images of a best D take the one that is lexicographically largest. If g fixes 0 .. x - 1 and takes
y to x then the image under g begins alike and has D(y) at x: so D(x) >= D(y).

*The value as a function of epsilon.* A vertex is a + b epsilon with rational a and b, and legality along it changes
at finitely many epsilon. So the value over all D is piecewise linear in epsilon, with finitely many pieces and jumps,
and does not increase. *It is linear near 0*: on N <= 4 points determinants of the systems are at most 3, so each
coordinate has a = 0 or |a| >= 1/3, and |b| <= 3 (Cramer). For epsilon < 1/12 a point with a > 0 is heavier than
epsilon, and one with a < 0 is outside the simplex; who differs at a heavy point is not legal; the others have masses
b epsilon, and which sets of them may be attacked does not depend on epsilon. So loss/epsilon is constant for 0 <
epsilon < 1/12.

*Theorem D* (at most 4 points; ours, by computer in exact arithmetic). Every class of VC dimension d >= 1 on at most 4
points has value >= 1 - d epsilon, for every D and every epsilon: the conjecture of frontier.py holds there. *Proof.*
d = 1 is dimension_one.py. Maximal classes with D of any support suffice (frontier.py), and 3 points are 4 with one of
mass 0. Let L(epsilon) be the greatest loss; it does not decrease. If L(1/13) <= d/13 then L <= d epsilon for all
epsilon <= 1/13, by linearity near 0. If e < e' and L(e') <= d e then L(epsilon) <= d epsilon for all epsilon in [e,
e']. From d epsilon = 1/2 on always-clean does it. STEPS below are such e; every L there is bounded by exact covers at
each vertex. For d = 4 on 4 points, all functions: shattering.py has (d - 1) epsilon/2 and 1/2.

*What is proved of the constants* (1 - value)/(d epsilon). d = 1: at most 1, and N/(N + 1) is met on N points at
epsilon = 1/N, so no smaller number will do for all N (density.py). All functions on d points: (d - 1)/(2 d) below
epsilon = 1/d, and 1/(2 d epsilon) from there (shattering.py). At most 4 points: at most 1, Theorem D. What is *seen*
in the experiment atlas and not proved for more points: no constant reaches 1, and at d = 1 all maximal classes on N
<= 5 points have one value at .2, .3 and .4. Often the worst D has as many points of mass epsilon as fit and the rest
on one, but not always: (1/10, 3/10, 3/10, 3/10) at 2/5 (frontier.py).

*A program for larger classes.* The bilinear program of the package, with w = D(x) pi(f), is solved by spatial branch
and bound (SCIP). Its exactness: for D, pi, w, z and b as they are meant the objective 2 sum z is twice the loss, and
each further inequality follows (z_x{f, g} <= D(x) min(pi(f), pi(g)); summed over S at most D(S) min <= epsilon min <=
epsilon/2).
  What its tolerances can do. Let each constraint be relaxed by r, and let SCIP treat none as tighter than it is by
  more than t <= r: then what it bounds contains every point of the game, at which each constraint has slack r at
  least. (To bound the effect on the optimum instead would not do: the value jumps, at 1/d for one, so no constant
  bounds what a perturbation of epsilon costs. By relaxing, the jump within r of epsilon widens the interval and makes
  it no lie.) A linear program's bound is c x = b y + sum of reduced costs times columns; those of the wrong sign are
  at most t each, on columns in [0, 1]: n columns make it t n too low at most. A node within t of the incumbent may be
  dropped: t (n + 1). This is an argument about tolerances, and no proof of SCIP: at t = 1e-9, r = 1e-8 and its
  default `sumepsilon` of 1e-6 SCIP 10 says .9 for intervals on 3 points at .2, where the value is 4/5. Vertices are
  listed wherever that is possible.

Checked below, in exact arithmetic: values by vertices, and that no D of a grid goes under; the convexity; that merged
columns keep the value; Theorem D; a control of each.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import combinations, pairwise, permutations

from .checks import Check, report
from .density import ball
from .dimension_one import under
from .exact_value import both_ways, merged, plants_of, suggested
from .finite import Finite, lower, random_law, upper
from .frontier import grown, listed

Law = tuple[Fraction, ...]
# L(STEPS[d][i + 1]) <= d STEPS[d][i] is what is checked; the last one is 1/(2 d)
STEPS = {2: "1/13 1/10 1/7 1/5 1/4", 3: "1/13 1/8 1/6"}
KNOWN = {  # class, epsilon: the value over all D
    ("thresholds", 3, "1/5"): "13/15", ("thresholds", 3, "2/5"): "11/15",
    ("thresholds", 4, "1/5"): "17/20", ("thresholds", 4, "3/10"): "31/40",
    ("at most one", 4, "1/5"): "17/20", ("at most one", 4, "3/10"): "31/40", ("at most one", 4, "2/5"): "11/15",
    ("all", 3, "1/5"): "4/5", ("all", 3, "3/10"): "7/10", ("all", 3, "2/5"): "1/2",
    ("intervals", 3, "1/5"): "4/5", ("intervals", 3, "3/10"): "7/10", ("intervals", 4, "1/5"): "26/35",
    ("intervals", 4, "3/10"): "43/70",
}


def named(name: str, points: int) -> list[int]:
    """A class as numbers, bit x the label at x."""
    runs = [(1 << b) - (1 << a) for a in range(points) for b in range(a + 1, points + 1)]
    return {"thresholds": [(1 << k) - 1 for k in range(points + 1)], "at most one": sorted(ball(points, 1)),
            "all": list(range(2**points)), "intervals": [0, *runs]}[name]


def solution(rows: Sequence[Sequence[Fraction]]) -> list[Fraction] | None:
    """Of a square system, rows with their right side last; None where it is singular. Gauss."""
    left = [list(row) for row in rows]
    for i in range(len(left)):
        pivot = next((k for k in range(i, len(left)) if left[k][i]), None)
        if pivot is None:
            return None
        left[i], left[pivot] = left[pivot], left[i]
        left[i] = [a / left[i][i] for a in left[i]]
        for k in range(len(left)):
            if k != i and left[k][i]:
                left[k] = [a - left[k][i] * b for a, b in zip(left[k], left[i], strict=True)]
    return [row[-1] for row in left]


def symmetries(members: Iterable[int], points: int) -> list[tuple[int, ...]]:
    """The permutations under which the class is itself up to XOR."""
    some = set(members)
    def image(f: int, s: tuple[int, ...]) -> int:
        return sum((f >> s[x] & 1) << x for x in range(points))
    found = []
    for s in permutations(range(points)):
        moved = {image(f, s) for f in some}
        first = min(moved)
        if any({f ^ first ^ g for f in moved} == some for g in some):
            found.append(s)
    return found


def vertices(members: Sequence[int], points: int, epsilon: Fraction) -> set[Law]:
    """Those of Theorem C, one in each orbit."""
    sets = {f ^ g for f, g in combinations(members, 2)}
    one, zero = Fraction(1), Fraction(0)
    planes = [[one if x == y else zero for y in range(points)] + [zero] for x in range(points)]
    planes += [[one if S >> x & 1 else zero for x in range(points)] + [epsilon] for S in sorted(sets)]
    group, found = symmetries(members, points), set()
    for chosen in combinations(planes, points - 1):
        D = solution([[one] * (points + 1), *chosen])
        if D is not None and min(D) >= 0:
            found.add(max(tuple(D[x] for x in s) for s in group))
    return found


def ends(played: Finite) -> tuple[Fraction, Fraction]:
    """What a cover guarantees and what an attacker allows: the value lies between, and mostly they are one."""
    small = merged(played)
    if not any(small.partners.values()):
        return Fraction(1), Fraction(1)
    pi, cover = suggested(small)
    return lower(small, cover), upper(small, pi, plants_of(pi, both_ways(small, pi)))


def least(members: Sequence[int], points: int, epsilon: Fraction) -> tuple[Fraction, Fraction]:
    """An interval around the value over all D, from exact guarantees at every vertex."""
    found = [ends(under(members, D, epsilon)) for D in vertices(members, points, epsilon)]
    return min(low for low, _ in found), min(high for _, high in found)


def steps_hold(members: Sequence[int], points: int, d: int, claim: Fraction = Fraction(1)) -> bool:
    """Whether loss <= claim d epsilon for every epsilon, by the steps of Theorem D; always-clean does beyond them."""
    steps = [Fraction(e) for e in STEPS[d].split()]
    below = [steps[0], *steps[:-1]]
    return all(1 - least(members, points, e)[0] <= claim * d * e0 for e0, e in zip(below, steps, strict=True))


def gridded(points: int, parts: int) -> Iterator[Law]:
    """Every D in multiples of 1/parts."""
    for bars in combinations(range(parts + points - 1), points - 1):
        cuts = [-1, *bars, parts + points - 1]
        yield tuple(Fraction(b - a - 1, parts) for a, b in pairwise(cuts))


def _convex(rng: random.Random) -> bool:
    """g_B halfway between two D is at most the mean, and is less for some: B all pairs, by epsilon = 1.

    At most one label of 1: the loss is half the mass of the two heaviest points.
    """
    strict = False
    for _ in range(20):
        D, E = (tuple(random_law(rng, 4, zeros=False)) for _ in range(2))
        middle = tuple((a + b) / 2 for a, b in zip(D, E, strict=True))
        at = [ends(under(ball(4, 1), law, Fraction(1))) for law in (D, E, middle)]
        if any(low != high or 1 - low != sum(sorted(law)[-2:]) / 2
               for (low, high), law in zip(at, (D, E, middle), strict=True)):
            return False
        (first, _), (second, _), (half, _) = at
        if 1 - half > (2 - first - second) / 2:
            return False
        strict |= 1 - half < (2 - first - second) / 2
    return strict


def _doubled(rng: random.Random) -> bool:
    """A column twice, and its complement, with its mass split: the value stays."""
    for _ in range(30):
        rows, epsilon = rng.sample(range(8), 5), Fraction(rng.randint(1, 9), 10)
        D = tuple(random_law(rng, 3, zeros=False))
        wide = [f | (f & 1) << 3 | (1 - (f & 1)) << 4 for f in rows]
        split = (D[0] / 2, D[1], D[2], D[0] / 3, D[0] / 6)
        (low, high), (low2, high2) = ends(under(rows, D, epsilon)), ends(under(wide, split, epsilon))
        if low > high2 or low2 > high:
            return False
    return True


def checks() -> list[Check]:
    """Values by vertices, grids, convexity, merged columns, and the conjecture on at most 4 points."""
    found = []
    for (name, points, epsilon), value in KNOWN.items():
        low, high = least(named(name, points), points, Fraction(epsilon))
        found.append(Check(f"{name}, {points} points at {epsilon}: {value}", low == high == Fraction(value),
                           f"{low}, {high}"))
    for name, points, epsilon in (("intervals", 3, Fraction(1, 5)), ("thresholds", 4, Fraction(3, 10))):
        low, _ = least(named(name, points), points, epsilon)
        tried = [ends(under(named(name, points), D, epsilon))[1] for D in gridded(points, 10)]
        found.append(Check(f"{name}, {points} points: no D in tenths goes under, one attains it", min(tried) == low,
                           f"{len(tried)} D"))
    thirds = min(ends(under(named("thresholds", 4), D, Fraction(1, 5)))[1] for D in gridded(4, 3))
    found.append(Check("a control: D in thirds do not attain 17/20", thirds > Fraction(17, 20), str(thirds)))
    found.append(Check("for fixed legal pairs the loss is convex in D, and not linear", _convex(random.Random(5))))
    found.append(Check("columns that are equal or complementary are one point", _doubled(random.Random(6))))
    for points, d in ((3, 2), (4, 2), (4, 3)):
        classes = [listed(F) for F in sorted(grown(points, d))]
        one = list({max(_kind(members, points)): members for members in classes}.values())
        found.append(Check(f"d = {d}, {points} points: loss <= d epsilon for every D and epsilon",
                           all(steps_hold(members, points, d) for members in one), f"{len(one)} kinds of classes"))
    found.append(Check("a control: loss <= d epsilon/2 fails for at most two ones on 4 points",
                       not steps_hold(sorted(ball(4, 2)), 4, 2, Fraction(1, 2))))
    return found


def _kind(members: Iterable[int], points: int) -> list[tuple[int, ...]]:
    """All images of a class under permutations and XOR."""
    some = list(members)
    moved = [[sum((f >> s[x] & 1) << x for x in range(points)) for f in some] for s in permutations(range(points))]
    return [tuple(sorted(f ^ h for f in rows)) for rows in moved for h in range(2**points)]


if __name__ == "__main__":
    raise SystemExit(report(checks()))
