"""Finite games from their definition, in plain Python: legal plants, guarantees, best replies and one step of CFR+."""

import math


def legal_plants(labels, weights, limit):
    """{(x, f): the g with g(x) != f(x) and weights of disagreement up to the limit} for rows of 0/1 labels."""
    def near(f, g):
        return math.fsum(w for a, b, w in zip(f, g, weights, strict=True) if a != b) <= limit

    return {
        (x, i): [j for j, g in enumerate(labels) if g[x] != f[x] and near(f, g)]
        for x in range(len(weights))
        for i, f in enumerate(labels)
    }


def loss_of(i, legal, D, a):
    """How often flag probabilities a[x][f] lose on f at the attacker's best."""
    missed = (max((1 - a[x][j] for j in legal[x, i]), default=0.0) for x in range(len(D)))
    return 0.5 * math.fsum(p * (a[x][i] + m) for x, (p, m) in enumerate(zip(D, missed, strict=True)))


def shown_planted(legal, D, originals, plants):
    """P1(f*, x) / D(x) as shown[x][f*], from plants[x, f] = {f*: probability}."""
    shown = [[0.0] * len(originals) for _ in D]
    for (x, i), laid in plants.items():
        for j, p in laid.items():
            assert j in legal[x, i]
            shown[x][j] += originals[i] * p
    return shown


def best_defence(legal, D, originals, plants):
    """The win rate of the defender who flags whatever is likelier planted than clean."""
    shown = shown_planted(legal, D, originals, plants)
    total = 0.0
    for x, p in enumerate(D):
        seen = sum(max(clean, planted) for clean, planted in zip(originals, shown[x], strict=True))
        total += p * 0.5 * (seen + 1 - sum(shown[x]))
    return total


class Cfr:
    """CFR+ as it is defined: regrets that never go below 0, the defender's step before the attacker's, weights t."""

    def __init__(self, legal, D, F):
        self.legal, self.D, self.F, self.t = legal, D, F, 0
        self.root = [0.0] * F
        self.plant = {cell: dict.fromkeys(laid, 0.0) for cell, laid in legal.items()}
        self.flag = {cell: [0.0, 0.0] for cell in legal}
        self.root_sum, self.plant_sum = [0.0] * F, {cell: dict.fromkeys(laid, 0.0) for cell, laid in legal.items()}
        self.flag_sum = dict.fromkeys(legal, 0.0)

    @staticmethod
    def matched(regrets):
        total = sum(regrets)
        return [r / total if total > 0 else 1 / len(regrets) for r in regrets]

    def step(self):
        self.t += 1
        pi = self.matched(self.root)
        worth = [0.0] * self.F
        for x, p in enumerate(self.D):
            planted = [0.0] * self.F
            for i in range(self.F):
                laid = self.plant[x, i]
                for j, share in zip(laid, self.matched(list(laid.values())) if laid else [], strict=True):
                    planted[j] += pi[i] * share
                    self.plant_sum[x, i][j] += self.t * pi[i] * share
            a = []
            for i in range(self.F):
                now = self.matched(self.flag[x, i])[1]
                gain = p * (planted[i] - pi[i])
                passing, flagging = self.flag[x, i]
                self.flag[x, i] = [max(passing - gain * now, 0.0), max(flagging + gain * (1 - now), 0.0)]
                a.append(self.matched(self.flag[x, i])[1])
                self.flag_sum[x, i] += self.t * a[-1]
            for i in range(self.F):
                laid = self.plant[x, i]
                worth[i] += p * a[i]
                if laid:
                    missed = sum(s * (1 - a[j]) for j, s in zip(laid, self.matched(list(laid.values())), strict=True))
                    self.plant[x, i] = {j: max(r + p * (1 - a[j] - missed), 0.0) for j, r in laid.items()}
                    worth[i] += p * missed
        mean = sum(q * u for q, u in zip(pi, worth, strict=True))
        self.root_sum = [s + self.t * q for s, q in zip(self.root_sum, pi, strict=True)]
        self.root = [max(r + u - mean, 0.0) for r, u in zip(self.root, worth, strict=True)]
