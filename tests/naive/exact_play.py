"""Exact win rates of tiny games from the definition: every function, trigger, sample and vote is enumerated."""

import itertools
import math

import numpy as np

from backdoor_game.players.attackers.base import PLANT
from backdoor_game.players.views import AttackerBlock, Meter


class TinyGame:
    """A game on a listed class and a listed law, as plain label tuples.

    Where a class has several codes for one function, a defender that reads codes tells them apart: there a member is
    its labels followed by its number.
    """

    def __init__(self, game, distribution):
        self.game, self.functions = game, game.functions
        self.codes = game.functions.enumerate()
        self.points = game.functions.domain.points()
        self.numbers = {}
        self.labels = self.labels_of(self.codes)
        if len(set(self.labels)) < len(self.labels):
            self.numbers = {code.tobytes(): number for number, code in enumerate(self.codes)}
            self.labels = self.labels_of(self.codes)
        self.law = dict.fromkeys(range(len(self.points)), 0.0)
        for x, weight in zip(*distribution.atoms(), strict=True):
            self.law[int(game.functions.domain.index(x[None])[0])] += float(weight)
        self.distribution = distribution

    def distance(self, f, g):
        return math.fsum(w for x, w in self.law.items() if f[x] != g[x])

    def legal(self, f, x):
        return [g for g in self.labels if g[x] != f[x] and self.distance(f, g) <= self.game.epsilon + 1e-12]

    def labels_of(self, codes):
        rows = self.functions.evaluate(codes, np.broadcast_to(self.points, (len(codes), *self.points.shape)))
        tails = [(self.numbers[code.tobytes()],) if self.numbers else () for code in np.ascontiguousarray(codes)]
        return [(*map(int, row), *tail) for row, tail in zip(rows, tails, strict=True)]

    def code_of(self, f):
        return self.codes[self.labels.index(f)].tolist()

    def samples(self, m):
        """Every sample of m points with its probability."""
        support = [x for x, w in self.law.items() if w > 0]
        for S in itertools.product(support, repeat=m):
            yield S, math.prod(self.law[x] for x in S)


def exact_win_rate(tiny, originals, plants, flag):
    """1/2 (1 - false alarms) + 1/2 detections.

    originals: list of (f, probability); plants(f, x): list of (g or None, probability); flag(f, x): probability.
    """
    total = 0.0
    for f, weight in originals:
        for x, mass in tiny.law.items():
            if mass == 0:
                continue
            caught = sum(p * (1.0 if g is None else flag(g, x)) for g, p in plants(f, x))
            total += weight * mass * (0.5 * (1 - flag(f, x)) + 0.5 * caught)
    return min(total, 1.0)  # a probability: the sum of many floats may round past it


def uniform_originals(labelings):
    return [(f, 1 / len(labelings)) for f in labelings]


def scripted_plants(tiny, attacker, codes):
    """What a deterministic attacker plants at every (f, x), asked through its own block form."""
    answers = {}
    for x in range(len(tiny.points)):
        X = np.repeat(tiny.points[x : x + 1], len(codes), axis=0)
        view = AttackerBlock(tiny.game, tiny.distribution, np.zeros(len(codes), np.uint64), Meter(len(codes)),
                             codes=codes.copy(), X_star=X)
        planted, said = attacker.plant_block(view)
        safe = np.where((said == PLANT)[:, None], planted, codes)
        for f, g, answer in zip(tiny.labels_of(codes), tiny.labels_of(safe), said, strict=True):
            answers[f, x] = g if answer == PLANT else None
    return lambda f, x: [(answers[f, x], 1.0)]


def random_legal_plants(tiny):
    def plants(f, x):
        legal = tiny.legal(f, x)
        return [(g, 1 / len(legal)) for g in legal] or [(None, 1.0)]

    return plants


def flags_by_voting(tiny, predict, m, members, needed):
    """Pr[at least `needed` of the members err], each on its own sample: e(x) enumerated, then a binomial."""
    cache = {}

    def flag(f, x):
        if (f, x) not in cache:
            e = math.fsum(p for S, p in tiny.samples(m) if predict(S, f, x) != f[x])
            cache[f, x] = sum(
                math.comb(members, k) * e**k * (1 - e) ** (members - k) for k in range(needed, members + 1)
            )
        return cache[f, x]

    return flag


def closure_prediction(tiny):
    """1 iff every member of the class that holds the positive examples holds x."""

    def predict(S, f, x):
        positive = {s for s in S if f[s] == 1}
        return int(all(g[x] for g in tiny.labels if all(g[s] for s in positive)))

    return predict


def memorized(S, f, x):
    return f[x] if x in S else 0


def gibbs_probability(tiny, law, beta):
    """Pr over g ~ exp(-beta dist_law(g, f)) of g(x) != f(x)."""

    def probability(f, x):
        weights = [math.exp(-beta * math.fsum(w for z, w in law.items() if f[z] != g[z])) for g in tiny.labels]
        return math.fsum(w for g, w in zip(tiny.labels, weights, strict=True) if g[x] != f[x]) / math.fsum(weights)

    return probability


def flags_by_resampling(tiny, beta, draws, m=None, threshold=0.5):
    """The threshold's share of the draws disagrees; with m, distances are to an enumerated sample of m."""
    cache = {}

    def majority(p):
        enough = [k for k in range(draws + 1) if k / draws >= threshold]
        return sum(math.comb(draws, k) * p**k * (1 - p) ** (draws - k) for k in enough)

    def flag(f, x):
        if (f, x) not in cache:
            if m is None:
                cache[f, x] = majority(gibbs_probability(tiny, tiny.law, beta)(f, x))
            else:
                cache[f, x] = math.fsum(
                    p * majority(gibbs_probability(tiny, {z: S.count(z) / m for z in set(S)}, beta)(f, x))
                    for S, p in tiny.samples(m)
                )
        return cache[f, x]

    return flag


def flags_by_neighbours(tiny, m, k, threshold=0.5):
    """The threshold's share of the k samples closest to x carry another label; ties go to the earlier example."""

    def gap(a, b):
        p, q = tiny.points[a].astype(float), tiny.points[b].astype(float)
        if hasattr(tiny.functions.domain, "parts"):
            return math.inf if p[0] != q[0] else float(((p[1:] - q[1:]) ** 2).sum())
        return float(((p - q) ** 2).sum())

    gaps = {(a, b): gap(a, b) for a in tiny.law for b in tiny.law}
    cache = {}

    def flag(f, x):
        if (f, x) not in cache:
            total = 0.0
            for S, p in tiny.samples(m):
                closest = sorted(range(m), key=lambda i: (gaps[S[i], x], i))[:k]
                differs = sum(f[S[i]] != f[x] for i in closest)
                total += p * (differs / len(closest) >= threshold)
            cache[f, x] = total
        return cache[f, x]

    return flag
