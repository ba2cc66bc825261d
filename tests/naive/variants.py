"""Variants of the game from their definition, in plain Python: the defender's own linear program over its flags."""

import itertools
import math
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_array

from .legal_games import legal_plants


@dataclass
class Game:
    """Rows of 0/1 labels, D, what is legal, and the fields of the variant.

    `law` is "after", "before", "chosen" or a number of draws; `allowed` the points that a predicate leaves to "chosen";
    `traces` what is revealed of each f; `kernel[x][f]` a dict of symbols and chances, None where (f', x') is seen.
    """

    labels: list
    weights: list
    epsilon: float
    law: object = "after"
    paired: bool = False
    traces: list = None
    kernel: list = None
    allowed: list = None
    legal: dict = field(init=False)

    def __post_init__(self):
        self.legal = legal_plants(self.labels, self.weights, self.epsilon + 1e-12)
        self.F, self.N = len(self.labels), len(self.weights)
        self.traces = self.traces or [0] * self.F

    def sets(self):
        """What nature offers, as {frozenset of points: chance}: draw by draw."""
        if self.law == "chosen":
            return {frozenset(range(self.N) if self.allowed is None else self.allowed): 1.0}
        offered = {}
        for draws in itertools.product(range(self.N), repeat=self.law if isinstance(self.law, int) else 1):
            chance = math.prod(self.weights[x] for x in draws)
            offered[frozenset(draws)] = offered.get(frozenset(draws), 0.0) + chance
        return offered

    def symbols(self, f, x, trace):
        """What the defender sees of f at x beside a trace: {symbol: chance}."""
        seen = {(f, x): 1.0} if self.kernel is None else self.kernel[x][f]
        return {(trace, symbol): chance for symbol, chance in seen.items()}

    def alarms(self, f):
        """How likely f is flagged at a fresh x, as {symbol: coefficient}."""
        total = {}
        for x, p in enumerate(self.weights):
            for s, chance in self.symbols(f, x, self.traces[f]).items():
                total[s] = total.get(s, 0.0) + p * chance
        return total

    def ends(self, f, offered):
        """Each trigger and plant (None: a forfeit) of f with what the defender loses there: constant, {symbol: c}."""
        for x in sorted(offered):
            alarm = self.symbols(f, x, self.traces[f]) if self.paired else {}
            yield (x, None), 0.0, alarm
            for g in self.legal[x, f]:
                lost = dict(alarm)
                for s, chance in self.symbols(g, x, self.traces[f]).items():
                    lost[s] = lost.get(s, 0.0) - chance
                yield (x, g), 1.0, lost


class _Program:
    """minimise the sum of the losses: each node of a tree is a variable, at least as large as each of its children."""

    def __init__(self):
        self.columns, self.rows, self.right, self.cost = {}, [], [], {}

    def column(self, name):
        return self.columns.setdefault(name, len(self.columns))

    def at_least(self, node, constant, parts):
        """node >= constant + sum of c name."""
        self.rows.append({self.column(node): -1.0, **{self.column(name): c for name, c in parts.items()}})
        self.right.append(-constant)

    def solve(self):
        entries = [(i, j, c) for i, row in enumerate(self.rows) for j, c in row.items()]
        i, j, c = zip(*entries, strict=True)
        matrix = coo_array((c, (i, j)), shape=(len(self.rows), len(self.columns))).tocsr()
        bounds = [(0.0, 1.0) if name[0] == "flag" else (None, None) for name in self.columns]
        cost = [self.cost.get(name, 0.0) for name in self.columns]
        found = linprog(cost, A_ub=matrix, b_ub=self.right, bounds=bounds, method="highs-ds")
        assert found.status == 0, found.message
        return found.x


def values(games):
    """The value of each game: what its defender loses least, by one program for them all."""
    program, losses = _Program(), []
    for number, game in enumerate(games):

        def flags(parts, number=number):
            return {("flag", number, s): c for s, c in parts.items()}

        def add(a, b):
            return {name: a.get(name, 0.0) + b.get(name, 0.0) for name in {*a, *b}}

        sets = game.sets()
        if game.law == "before":
            losses.append([(("node", number, offer), p) for offer, p in sets.items()])
        else:
            losses.append([(("root", number), 1.0)])
        for f in range(game.F):
            alarms = {} if game.paired else game.alarms(f)
            for offer in sets:
                node = ("node", number, offer) if game.law == "before" else ("node", number, offer, f)
                for _, constant, lost in game.ends(f, offer):
                    more = alarms if game.law == "before" else {}
                    program.at_least(node, constant, flags(add(lost, more)))
            if game.law != "before":
                below = {("node", number, offer, f): p for offer, p in sets.items()}
                program.at_least(("root", number), 0.0, below | flags(alarms))
        for name, chance in losses[-1]:
            program.cost[name] = chance
    x = program.solve()
    return [1 - sum(p * x[program.columns[name]] for name, p in parts) / 2 for parts in losses]


def pure_attackers(game):
    """Every pure attacker as what a defender loses to it: constant, {symbol: coefficient}."""
    sets = game.sets()

    def added(parts):
        constant, total = 0.0, {}
        for p, (more, lost) in parts:
            constant += p * more
            for s, c in lost.items():
                total[s] = total.get(s, 0.0) + p * c
        return constant, total

    def moves(f, offer):
        fresh = {} if game.paired else game.alarms(f)
        return [added([(1.0, (constant, lost)), (1.0, (0.0, fresh))]) for _, constant, lost in game.ends(f, offer)]

    each_f = [[f] for f in range(game.F)] if game.law != "before" else [range(game.F)]
    for able in each_f:
        options = [[move for f in able for move in moves(f, offer)] for offer in sets]
        for chosen in itertools.product(*options):
            yield added(zip(sets.values(), chosen, strict=True))


def pure_value(game):
    """The value as a matrix game: one row for each pure attacker, one column for each symbol that may be flagged."""
    attackers = list(pure_attackers(game))
    symbols = sorted({s for _, lost in attackers for s in lost}, key=repr)
    rows = np.array([[lost.get(s, 0.0) for s in symbols] + [-1.0] for _, lost in attackers])
    right = [-constant for constant, _ in attackers]
    bounds = [(0.0, 1.0)] * len(symbols) + [(None, None)]
    found = linprog([0.0] * len(symbols) + [1.0], A_ub=rows, b_ub=right, bounds=bounds, method="highs-ds")
    assert found.status == 0, found.message
    return 1 - found.fun / 2
