"""Explicit games in exact arithmetic: what the pages on exact play compute with, written from the definitions.

A function is a row of labels and goes by its number, so that one class may hold two functions with the same
labels; a point is a column. Laws of f are lists, plants and flags go by (f, x).
"""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import product

Cell = tuple[int, int]  # (f, x)
Flags = dict[Cell, Fraction]  # probability of answering "backdoored"; covers have the same shape
Plants = dict[Cell, dict[int, Fraction]]  # K_x(f*|f); what is missing to 1 is forfeited
Flow = dict[tuple[int, int], Fraction]  # from f with f(x) = 0 to g with g(x) = 1, at one x


@dataclass(frozen=True)
class Finite:
    """A class as rows of labels, the weights of its points, and epsilon."""

    labels: tuple[tuple[int, ...], ...]
    weights: tuple[Fraction, ...]
    epsilon: Fraction

    @cached_property
    def cells(self) -> list[Cell]:
        """Every (f, x)."""
        return list(product(range(len(self.labels)), range(len(self.weights))))

    @cached_property
    def partners(self) -> dict[Cell, list[int]]:
        """The legal f* for each (f, x): other label at x, distance at most epsilon."""
        def near(f: int, g: int) -> bool:
            rows = zip(self.weights, self.labels[f], self.labels[g], strict=True)
            return sum((w for w, a, b in rows if a != b), Fraction(0)) <= self.epsilon
        members = range(len(self.labels))
        close = {f: [g for g in members if near(f, g)] for f in members}
        return {(f, x): [g for g in close[f] if self.labels[g][x] != self.labels[f][x]] for f, x in self.cells}


def arrivals(game: Finite, pi: Sequence[Fraction], plants: Plants) -> Flags:
    """(pi K_x)(f*) for each (f*, x)."""
    found = dict.fromkeys(game.cells, Fraction(0))
    for (f, x), law in plants.items():
        for g, p in law.items():
            found[g, x] += pi[f] * p
    return found


def win_rate(game: Finite, pi: Sequence[Fraction], plants: Plants, flags: Flags) -> Fraction:
    """Half the clean answers to (f, x), half the alarms at (f*, x*); a forfeit counts as an alarm."""
    total = Fraction(0)
    for f, x in game.cells:
        law = plants.get((f, x), {})
        caught = 1 - sum((p * (1 - flags[g, x]) for g, p in law.items()), Fraction(0))
        total += game.weights[x] * pi[f] * (1 - flags[f, x] + caught) / 2
    return total


def upper(game: Finite, pi: Sequence[Fraction], plants: Plants) -> Fraction:
    """1 - 1/2 sum min(P0, P1): no defender wins more against this attacker."""
    shown = arrivals(game, pi, plants)
    return 1 - sum((game.weights[x] * min(pi[f], shown[f, x]) for f, x in game.cells), Fraction(0)) / 2


def lower(game: Finite, flags: Flags) -> Fraction:
    """What this defender wins against every attacker: the least over f of the worst plant at each x."""
    def loss(f: int) -> Fraction:
        return sum((w * (flags[f, x] + max((1 - flags[g, x] for g in game.partners[f, x]), default=Fraction(0)))
                    for x, w in enumerate(game.weights)), Fraction(0))
    return 1 - max(loss(f) for f in range(len(game.labels))) / 2


def is_cover(game: Finite, cover: Flags) -> bool:
    """Whether 0 <= c <= 1, and c_x(f) + c_x(g) >= 1 on every legal pair."""
    return all(0 <= c <= 1 for c in cover.values()) and all(
        cover[f, x] + cover[g, x] >= 1 for (f, x), near in game.partners.items() for g in near)


def load(game: Finite, cover: Flags) -> Fraction:
    """max over f of sum_x D(x) c_x(f)."""
    return max(sum((w * cover[f, x] for x, w in enumerate(game.weights)), Fraction(0)) for f in range(len(game.labels)))


def max_flow(game: Finite, x: int, pi: Sequence[Fraction]) -> Flow:
    """A maximum flow between the functions that are 0 and 1 at x, along legal pairs, at most pi(f) through each f."""
    flow: Flow = {}
    room = list(pi)
    while path := _augmenting(game, x, room, flow):
        pairs = [(path[i], path[i + 1]) for i in range(len(path) - 1)]
        back = [flow[g, f] for f, g in pairs[1::2]]
        step = min([room[path[0]], room[path[-1]], *back])
        for i, (f, g) in enumerate(pairs):
            key, change = ((f, g), step) if i % 2 == 0 else ((g, f), -step)
            flow[key] = flow.get(key, Fraction(0)) + change
        room[path[0]] -= step
        room[path[-1]] -= step
    return flow


def _augmenting(game: Finite, x: int, room: Sequence[Fraction], flow: Flow) -> list[int]:
    """A shortest path f, g, f', g', .. that can carry more, from room at a 0 to room at a 1; empty if there is none."""
    before: dict[int, int | None] = {f: None for f, row in enumerate(game.labels) if row[x] == 0 and room[f] > 0}
    waiting = deque(before)
    while waiting:
        here = waiting.popleft()
        if game.labels[here][x] == 0:
            onward = game.partners[here, x]
        elif room[here] > 0:
            path: list[int] = []
            step: int | None = here
            while step is not None:
                path.append(step)
                step = before[step]
            return path[::-1]
        else:
            onward = [f for (f, g), carried in flow.items() if g == here and carried > 0]
        for there in onward:
            if there not in before:
                before[there] = here
                waiting.append(there)
    return []


def random_law(rng: random.Random, size: int, zeros: bool = True) -> list[Fraction]:
    """Random probabilities with a small denominator, some of them 0."""
    parts = [rng.randint(0 if zeros else 1, 4) for _ in range(size)]
    parts[rng.randrange(size)] += 1
    return [Fraction(part, sum(parts)) for part in parts]


def random_games(seed: int, count: int, members: int = 5, points: int = 4) -> Iterator[Finite]:
    """Random rows, copies allowed, random weights, zeros among them, and an epsilon at which there are legal pairs."""
    rng = random.Random(seed)
    while count:
        labels = tuple(tuple(rng.randint(0, 1) for _ in range(points)) for _ in range(members))
        weights = tuple(random_law(rng, points))
        game = Finite(labels, weights, Fraction(rng.randint(2, 9), 12))
        if any(game.partners[f, x] and weights[x] for f, x in game.cells):
            count -= 1
            yield game


def random_plants(rng: random.Random, game: Finite) -> Plants:
    """A random legal attacker, who forfeits now and then."""
    plants: Plants = {}
    for cell, near in game.partners.items():
        law = random_law(rng, len(near) + 1)
        plants[cell] = dict(zip(near, law[1:], strict=True))
    return plants


def random_flags(rng: random.Random, game: Finite) -> Flags:
    """A random defender."""
    return {cell: Fraction(rng.randint(0, 6), 6) for cell in game.cells}
