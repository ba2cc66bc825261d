"""Best replies: the likelihood-ratio test against a fixed attacker, the worst plant against a fixed defender.

*What is shown*, where the trigger is drawn after f and the clean input is fresh (other games: variants.py).
Fix D, an attacker's law pi of f and its plants K_x(f*|f), whatever coins it uses. The defender is shown
(f', x') with probability P0(f', x') = D(x') pi(f') in the clean branch and P1(f', x') = D(x') (pi K_x')(f')
in the other, with (pi K_x)(g) = sum over f of pi(f) K_x(g|f). What the attacker forfeits counts as
detected: it is as if P1 showed a symbol there that P0 never shows. With it both laws have mass 1.

*The best reply.* One that flags a pair with probability a, and the symbol always, wins with probability

    1/2 sum P0 (1 - a) + 1/2 sum P1 a  =  1/2 + 1/2 sum a (P1 - P0),

which is largest when a = 1 where P1 > P0 and a = 0 where P1 < P0, whatever it is on ties. The best is 1/2 +
1/2 sum max(P1 - P0, 0), and because max(P1 - P0, 0) = P1 - min(P0, P1) this is 1 - 1/2 sum min(P0, P1).

*Neyman and Pearson* [NeymanPearson33]. The same holds at every rate of false alarms. Let a flag where P1 > s
P0 and pass where P1 < s P0, s >= 0. For every other test b the terms of sum (a - b)(P1 - s P0) are all at
least 0: what a detects more is at least s times what it alarms more, and a test with no more false alarms
detects no more. The win rate is the case s = 1.

*The worst attack.* Against fixed flags a, the attacker who draws f and plants f* at x makes the defender lose
1/2 a(f, x) + 1/2 (1 - a(f*, x)) there, and 1/2 a(f, x) if it forfeits. D draws x, so it may choose f* for
each x by itself, and then f by the sum:

    lower(a) = min over f of 1 - 1/2 sum_x D(x) [ a(f, x) + max over legal f* of (1 - a(f*, x)) ],

where the maximum is 0 if no f* is legal. A random attacker is a mixture of such choices and gains nothing.

*Two certificates.* So for every attacker (pi, K), every defender a, and upper(pi, K) = 1 - 1/2 sum min(P0, P1),

    lower(a)  <=  win rate of a against (pi, K)  <=  upper(pi, K),

and also lower(a) <= value <= upper(pi, K). Whoever holds a pair with lower = upper has solved the game, however
the pair was found; in between lies the gap.

*Exploitability* is not negative. An attacker's is upper(pi, K) - value, and the value is the least upper; a
defender's is value - lower(a), and the value is the greatest lower.
"""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import product

import sympy as sp

from .checks import Check, report
from .finite import (
    Finite,
    Flags,
    Plants,
    arrivals,
    lower,
    random_flags,
    random_games,
    random_law,
    random_plants,
    upper,
    win_rate,
)

p0, p1, a = sp.symbols("p0 p1 a", positive=True)


def likelihood_ratio(game: Finite, pi: list[Fraction], plants: Plants, level: Fraction = Fraction(1)) -> Flags:
    """Flag where P1 > level P0."""
    shown = arrivals(game, pi, plants)
    return {(f, x): Fraction(int(shown[f, x] > level * pi[f])) for f, x in game.cells}


def pure_attackers(game: Finite) -> list[tuple[list[Fraction], Plants]]:
    """Every f with every choice of a legal f*, or a forfeit, for every x."""
    found = []
    points = range(len(game.weights))
    for f in range(len(game.labels)):
        pi = [Fraction(int(g == f)) for g in range(len(game.labels))]
        for choice in product(*([None, *game.partners[f, x]] for x in points)):
            found.append((pi, {(f, x): {g: Fraction(1)} for x, g in enumerate(choice) if g is not None}))
    return found


def symbolic() -> list[Check]:
    """The two identities of a cell."""
    low, high = sp.Min(p0, p1).rewrite(sp.Abs), sp.Max(p1 - p0, 0).rewrite(sp.Abs)
    one = (p0 * (1 - a) + p1 * a) / 2
    return [
        Check("a cell's part of the win rate is P0/2 + a (P1 - P0)/2",
              sp.expand(one - p0 / 2 - a * (p1 - p0) / 2) == 0),
        Check("max(P1 - P0, 0) = P1 - min(P0, P1)", sp.simplify(high - p1 + low) == 0),
    ]


def replies() -> list[Check]:
    """On tiny games: among all tests, at every level, and against all pure attackers."""
    rng = random.Random(1)
    best = ties = levels = worst = True
    for game in random_games(2, 12, members=3, points=2):
        pi, plants = random_law(rng, 3), random_plants(rng, game)
        shown = arrivals(game, pi, plants)
        tests: list[Flags] = [dict(zip(game.cells, map(Fraction, answer), strict=True))
                              for answer in product((0, 1), repeat=len(game.cells))]
        top = upper(game, pi, plants)
        best &= max(win_rate(game, pi, plants, test) for test in tests) == top
        test = likelihood_ratio(game, pi, plants)
        tied = {(f, x): Fraction(1, 3) if shown[f, x] == pi[f] else test[f, x] for f, x in game.cells}
        ties &= win_rate(game, pi, plants, test) == win_rate(game, pi, plants, tied) == top

        def rates(flags: Flags, game: Finite = game, pi: list[Fraction] = pi, shown: Flags = shown) -> list[Fraction]:
            return [sum((game.weights[x] * law(f, x) * flags[f, x] for f, x in game.cells), Fraction(0))
                    for law in (lambda f, x: pi[f], lambda f, x: shown[f, x])]

        for level in (Fraction(0), Fraction(1, 3), Fraction(1), Fraction(2)):
            alarms, detected = rates(likelihood_ratio(game, pi, plants, level))
            for other in tests:
                alarms_, detected_ = rates(other)
                levels &= detected - detected_ >= level * (alarms - alarms_)
                levels &= alarms_ > alarms or detected_ <= detected
        flags = random_flags(rng, game)
        worst &= min(win_rate(game, *attacker, flags) for attacker in pure_attackers(game)) == lower(game, flags)
    return [
        Check("the best of all 64 tests wins 1 - 1/2 sum min(P0, P1), on 12 games", best),
        Check("the likelihood-ratio test reaches it, however ties are answered", ties),
        Check("at s = 0, 1/3, 1, 2 no test with as few alarms detects more, and extra alarms gain at least s", levels),
        Check("the worst of all pure attackers holds a defender to lower(a)", worst),
    ]


def certificates() -> list[Check]:
    """lower <= win rate <= upper for attackers and defenders at random."""
    rng = random.Random(3)
    trials = [(game, random_law(rng, 5), random_plants(rng, game), random_flags(rng, game))
              for game in random_games(4, 200)]
    between = [lower(game, flags) <= win_rate(game, pi, plants, flags) <= upper(game, pi, plants)
               for game, pi, plants, flags in trials]
    exact = [win_rate(game, pi, plants, likelihood_ratio(game, pi, plants)) == upper(game, pi, plants)
             for game, pi, plants, _ in trials]
    return [Check("lower <= win rate <= upper, 200 games", all(between)),
            Check("the likelihood-ratio test wins upper, 200 games", all(exact))]


def checks() -> list[Check]:
    """All of the above."""
    return symbolic() + replies() + certificates()


if __name__ == "__main__":
    raise SystemExit(report(checks()))
