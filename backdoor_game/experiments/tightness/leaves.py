"""Worst cases of the bounds for reading: lists of rare bits, with plants that read all bits but one; and ANDs.

f is 1 iff one of r rare bits is, read one after another. f* reads all of them but bit i, and where they are 0 some of k
fair bits as they are at x*; there it says 0, and elsewhere what f says. So f* differs from f on a mass of mu Q, mu the
chance of bit i and Q = 2^-k (1 - mu)^(r-1) the mass of the leaf of x* in f*. With Q just over delta/s and mu just under
it that is just under (delta/s)^2: false alarms are nearly r delta/s, and so are misses.
"""

from __future__ import annotations

import numpy as np

from ... import bounds
from ...exact.solving import best_response
from ...functions import Conjunctions, DecisionTrees
from ...functions.base import Codes, Floats
from ...games import BackdoorGame
from ...players.defenders import LeafMass, RareConjunction
from ...players.views import DefenderBlock, Meter
from ...spaces.distributions import ProductBits, Uniform
from ...spaces.domains import Points
from .cases import Case

NAME, ANDS = "leaf mass", "rare conjunction"
RARE, FAIR = 232, 12  # r + 2k leaves are 256, the most that a tree may have
LIGHT, FAR = 0.999, 0.9995  # mu over delta/s, and epsilon over its square: both just under 1
SMALL = DecisionTrees(bits=3, leaves=4)
SMALL_BITS = (0.24975, 0.5, 0.5)  # at delta = 1: one bit just under 1/4, the best of a grid for all sizes up to these


def cases() -> list[Case]:
    """Small trees that are listed, and the list of rare bits; ANDs of five bits."""
    return [_listed(), _rare_bits(), _ands()]


def _ands() -> Case:
    """f the AND of four bits is flagged on its 2 epsilon; there f*, which reads the fifth too, says 0 and passes."""
    game = BackdoorGame(Conjunctions(bits=5), 1 / 32, Uniform())
    reply = best_response(game, defender=RareConjunction())
    limit = 1 - bounds.rare_conjunction_bound(game.epsilon)
    return Case(ANDS, "Conjunctions(5), epsilon = 1/32", f"enumerated, {reply.how}", 1 - reply.win_rate, limit, 0.99)


def _listed() -> Case:
    epsilon = FAR / SMALL.leaves**2
    game = BackdoorGame(SMALL, epsilon, ProductBits(SMALL_BITS))
    reply = best_response(game, defender=LeafMass(1.0))
    limit = 1 - bounds.leaf_mass_bound(1.0, SMALL.leaves, epsilon)
    what = f"{SMALL!r}, delta = 1, bits of {SMALL_BITS}"
    return Case(NAME, what, f"enumerated, {reply.how}", 1 - reply.win_rate, limit, 0.37)


def _rare_bits() -> Case:
    mu, delta, epsilon = sizes()
    leaves = RARE + 2 * FAIR
    limit = 1 - bounds.leaf_mass_bound(delta, leaves, epsilon)
    what = f"{RARE} rare bits, {FAIR} fair ones, {leaves} leaves, delta = {delta:.4f}"
    return Case(NAME, what, "counted by symmetry", counted_loss(mu, delta, epsilon), limit, 0.86)


def sizes() -> tuple[float, float, float]:
    """mu, delta and epsilon: Q = 2^-k (1 - mu)^(r-1) is delta/s and a millionth, mu = .999 delta/s."""
    mu = 0.0
    for _ in range(50):  # a contraction by r mu, under 1/10
        light = 2.0**-FAIR * (1 - mu) ** (RARE - 1) / (1 + 1e-6)
        mu = LIGHT * light
    return mu, light * (RARE + 2 * FAIR), FAR * light**2


def counted_loss(mu: float, delta: float, epsilon: float) -> float:
    """What `LeafMass` loses to the plants of the first lines, over all x; an illegal one would miss nothing.

    x with first rare bit i has mass mu (1 - mu)^i. Plants are made where no other rare bit is 1: mu (1 - mu)^(r-1) for
    each i, and by symmetry all the same for every value of the fair bits.
    """
    trees = DecisionTrees(bits=RARE + FAIR, leaves=RARE + 2 * FAIR)
    law = ProductBits((mu,) * RARE + (0.5,) * FAIR)
    game = BackdoorGame(trees, epsilon, law)
    f, plants = codes(trees)
    X = np.ones((RARE + 1, RARE + FAIR), dtype=np.uint8)
    X[:, :RARE] = np.eye(RARE + 1, RARE, dtype=np.uint8)
    originals = np.repeat(f[None], RARE, axis=0)
    distances = trees.distance(originals, plants, law.on(trees.domain))
    assert distances is not None
    legal = (distances <= epsilon) & (
        trees.evaluate(plants, X[:-1, None]) != trees.evaluate(originals, X[:-1, None])
    ).ravel()
    first = np.append(mu * (1 - mu) ** np.arange(RARE), (1 - mu) ** RARE)
    alarms = float((first * _flags(game, delta, np.repeat(f[None], RARE + 1, axis=0), X)).sum())
    passed = legal * (1 - _flags(game, delta, plants, X[:-1]))
    return (alarms + mu * (1 - mu) ** (RARE - 1) * float(passed.sum())) / 2


def codes(trees: DecisionTrees) -> tuple[Codes, Codes]:
    """f (L,), and f* for each rare bit (r, L), at fair bits that are all 1; in prefix order."""
    f = [*range(2, RARE + 2), 0, *([1] * RARE)]
    plants = []
    for i in range(RARE):
        others = [2 + j for j in range(RARE) if j != i]
        fair = [token for j in range(FAIR) for token in (2 + RARE + j, 2 + i, 0, 1)]
        plants.append([*others, *fair, 0, *([1] * (RARE - 1))])
    rows = np.zeros((RARE + 1, trees.code_length), dtype=np.int64)
    for row, tokens in zip(rows, [f, *plants], strict=True):
        row[: len(tokens)] = tokens
    return rows[0], rows[1:]


def _flags(game: BackdoorGame, delta: float, shown: Codes, X: Points) -> Floats:
    """Whether `LeafMass` flags each pair."""
    law, zeros = game.distribution, np.zeros(len(shown), dtype=np.uint64)
    assert law is not None
    view = DefenderBlock(game, law, shown.copy(), X.copy(), zeros, zeros.copy(), Meter(len(shown)))
    return LeafMass(delta).prepare(game).suspicion_probability(view)
