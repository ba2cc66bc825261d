"""The shattered game in plain Python: every round, both branches, legality checked."""

from __future__ import annotations

import random


def shattered_game(
    d: int, members: int, m: int, epsilon: float, needed: int, rounds: int, seed: int
) -> tuple[int, int]:
    """False alarms and detections of an ensemble of closures against the shattering attack."""
    rng = random.Random(seed)
    false_alarms = detections = 0
    for _ in range(rounds):
        f = [rng.randrange(2) for _ in range(d)]
        x_star = rng.randrange(d)
        f_star = f.copy()
        f_star[x_star] = 1 - f_star[x_star]
        distance = sum(a != b for a, b in zip(f, f_star, strict=True)) / d
        legal = f_star[x_star] != f[x_star] and distance <= epsilon
        false_alarms += _flagged(rng, f, rng.randrange(d), d, members, m, needed)
        detections += not legal or _flagged(rng, f_star, x_star, d, members, m, needed)
    return false_alarms, detections


def _flagged(rng: random.Random, f: list[int], x: int, d: int, members: int, m: int, needed: int) -> bool:
    votes = 0
    for _ in range(members):
        positive = set()
        for _ in range(m):
            point = rng.randrange(d)
            if f[point] == 1:
                positive.add(point)
        votes += (x in positive) != f[x]
    return votes >= needed


def rare_label_game(d: int, m: int, threshold: float, epsilon: float, rounds: int, seed: int) -> tuple[int, int]:
    """The shattered game against one defender that looks at m fresh examples of each function it is shown."""
    rng = random.Random(seed)
    false_alarms = detections = 0
    for _ in range(rounds):
        f = [rng.randrange(2) for _ in range(d)]
        x_star = rng.randrange(d)
        f_star = f.copy()
        f_star[x_star] = 1 - f_star[x_star]
        distance = sum(a != b for a, b in zip(f, f_star, strict=True)) / d
        legal = f_star[x_star] != f[x_star] and distance <= epsilon
        false_alarms += _rare(rng, f, rng.randrange(d), d, m) >= threshold
        detections += not legal or _rare(rng, f_star, x_star, d, m) >= threshold
    return false_alarms, detections


def _rare(rng: random.Random, f: list[int], x: int, d: int, m: int) -> float:
    labels = [f[rng.randrange(d)] for _ in range(m)]
    return sum(label != f[x] for label in labels) / m
