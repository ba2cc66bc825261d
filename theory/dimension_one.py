"""VC dimension 1: every class loses at most epsilon, at every epsilon and every D.

*Theorem B* (ours). Let VC(F) <= 1, D any law on a finite or countable domain, 0 <= epsilon < 1. Then a deterministic
defender that knows D, given below, wins with probability at least 1 - epsilon against every attacker.

*Order the points.* Fix r in F and write f for f + r (modulo 2): which pairs are legal stays as it was (duality.py,
renaming), and now 0 is in F. Drop points of mass 0. Say x <= y iff every f in F with f(y) = 1 has f(x) = 1. This
is reflexive and transitive; two points may stand for each other.

  (1) {f = 1} is closed downwards: f(y) = 1 and x <= y give f(x) = 1, by definition.
  (2) Any two points of {f = 1} are comparable. Let f(x) = f(y) = 1 and neither x <= y nor y <= x. Then some g has
      g(y) = 1 and g(x) = 0, some h has h(x) = 1 and h(y) = 0; 0 is in F, and f is 1 on both: x and y are
      shattered, against VC(F) <= 1.

*The defender.* Let up(f, x) = {y : y >= x, f(y) = 1}. Flag (f, x) iff f(x) = 1 and D(up(f, x)) <= epsilon.

  (3) It flags an end of each legal pair. Let f, g be legal at x, say f(x) = 1 and g(x) = 0. If y >= x, then g(y)
      = 1 would give g(x) = 1 by (1): so g is 0 on up(f, x), where f is 1. D(up(f, x)) is at most dist(f, g) <=
      epsilon, and (f, x) is flagged.
  (4) No f is flagged on a mass above epsilon. Let P be the points at which f is flagged. By (2) the sets up(f, x),
      x in P, are nested: x <= y gives up(f, y) inside up(f, x). For x in P and y in up(f, x) also y is in P: f(y)
      = 1, and D(up(f, y)) <= D(up(f, x)) <= epsilon. So P is the union of its up(f, x). Number P as x_1, x_2, ..
      and let U_n be the largest of the first n of these sets: U_1, U_2, .. increase to P, each of mass at most
      epsilon, hence so is D(P).

*Together.* The flags are a cover of zeros and ones, (3), with loads of at most epsilon, (4): value >= 1 - epsilon by
duality.py. In the game itself: a false alarm has probability D(P) <= epsilon for each f. A miss needs a legal f*
at x that is not flagged there; then (f, x) is flagged by (3), so x is in P: at most epsilon again. Half of each is
lost, so at most epsilon; no finiteness was used. QED.

*How tight.* Singletons with the empty function on N points lose 1/(N + 1) at epsilon = 1/N (density.py, d = 1):
epsilon N/(N + 1). So 1 - epsilon has no better constant. VC dimension 2 can lose more than epsilon: at most two ones
on 5 points have 11/16 at epsilon = 1/5.

*For triggers drawn after f alone.* Step (4) bounds the mass on which f is flagged, and x* does not depend on f. Where
the attacker knows x* first or picks it, singletons lose 1/2 at epsilon = 2/N (trigger_laws.py).

No step is cited but duality.py. Checked below: cover and loads in exact arithmetic on every class of VC dimension at
most 1 on 3 points and on random ones on up to 6 under random D, values of these, and what fails at VC dimension 2.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from fractions import Fraction

from .checks import Check, report
from .density import ball, game, least_value, sets_of, vc_dimension
from .exact_value import solved, uniform
from .finite import Finite, Flags, is_cover, load, lower, random_law


def flags_of_chains(played: Finite, r: int = 0) -> Flags:
    """The defender, as a cover of zeros and ones; r is the function that becomes 0."""
    rows = [tuple(a ^ b for a, b in zip(row, played.labels[r], strict=True)) for row in played.labels]
    points = range(len(played.weights))
    above = {(x, y) for x in points for y in points if all(row[x] for row in rows if row[y])}
    flags: Flags = {}
    for f, x in played.cells:
        mass = sum((played.weights[y] for y in points if rows[f][y] and (x, y) in above), Fraction(0))
        flags[f, x] = Fraction(int(rows[f][x] == 1 and mass <= played.epsilon))
    return flags


def grown(rng: random.Random, points: int, members: int) -> list[int]:
    """A random class of VC dimension at most 1: functions in random order, those kept that shatter no pair."""
    chosen: list[int] = []
    for f in rng.sample(range(2**points), 2**points):
        if len(chosen) < members and vc_dimension([*chosen, f], points) <= 1:
            chosen.append(f)
    return chosen


def under(members: Iterable[int], weights: Iterable[Fraction], epsilon: Fraction) -> Finite:
    """The class under a law and an epsilon."""
    law = tuple(weights)
    return Finite(tuple(tuple(f >> x & 1 for x in range(len(law))) for f in sorted(members)), law, epsilon)


def random_plays(seed: int, count: int) -> Iterator[Finite]:
    """Classes of VC dimension at most 1 on 3 to 6 points, a random D and epsilon."""
    rng = random.Random(seed)
    for _ in range(count):
        points = rng.randint(3, 6)
        members = grown(rng, points, rng.randint(2, points + 1))
        yield under(members, random_law(rng, points, zeros=False), Fraction(rng.randint(1, 23), 24))


def defended(played: Finite, r: int = 0) -> bool:
    """Whether the flags are a cover with loads of at most epsilon, and win 1 - epsilon by the guarantee's formula."""
    flags = flags_of_chains(played, r)
    within = is_cover(played, flags) and load(played, flags) <= played.epsilon
    return within and lower(played, flags) >= 1 - played.epsilon


def checks() -> list[Check]:
    """The cover on all small classes and on random ones, values, tightness, and a class that it does not hold."""
    rng = random.Random(8)
    small = [S for S in sets_of(3) if vc_dimension(S, 3) <= 1]
    laws = [tuple(random_law(rng, 3, zeros=False)) for _ in range(6)]
    weak = [S for S in small for D in laws if not defended(under(S, D, Fraction(rng.randint(1, 11), 12)))]
    plays = list(random_plays(3, 150))
    larger = [play for play in plays if not all(defended(play, r) for r in range(len(play.labels)))]
    values = [(play, solved(play)) for play in plays[:40]]
    low = [play for play, value in values if value is not None and value < 1 - play.epsilon]
    singles = [solved(game(ball(n, 1), n)) for n in range(2, 6)]
    two = Finite(game(ball(5, 2), 5).labels, uniform(5), Fraction(1, 5))
    return [
        Check("a cover with loads up to epsilon: every class on 3 points, 6 laws each", not weak,
              f"{len(small)} classes"),
        Check("so for 150 random classes on up to 6 points, whichever function becomes 0", not larger),
        Check("their exact values are at least 1 - epsilon", not low,
              f"{sum(value is not None for _, value in values)} of 40 settled"),
        Check("at least 30 of those were settled", sum(value is not None for _, value in values) >= 30),
        Check("singletons: 1 - epsilon N/(N + 1) at epsilon = 1/N, N = 2 .. 5",
              singles == [1 - Fraction(1, n + 1) for n in range(2, 6)]),
        Check("a control: at most two ones on 5 points have 11/16 < 4/5, and the flags do not defend them",
              solved(two) == least_value(5, 2) == Fraction(11, 16) < 1 - two.epsilon and not defended(two)),
    ]


if __name__ == "__main__":
    raise SystemExit(report(checks()))
