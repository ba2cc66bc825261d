"""The shattered game in vectorised NumPy: all rounds of a chunk at once, both branches, legality checked."""

from __future__ import annotations

import numpy as np

CHUNK = 1024


def shattered_game(
    d: int, members: int, m: int, epsilon: float, needed: int, rounds: int, seed: int
) -> tuple[int, int]:
    """False alarms and detections of an ensemble of closures against the shattering attack."""
    rng = np.random.default_rng(seed)
    false_alarms = detections = 0
    for start in range(0, rounds, CHUNK):
        B = min(CHUNK, rounds - start)
        row = np.arange(B)
        f = rng.integers(0, 2, size=(B, d), dtype=np.uint8)
        x_star = rng.integers(0, d, size=B)
        f_star = f.copy()
        f_star[row, x_star] ^= 1
        legal = (f_star[row, x_star] != f[row, x_star]) & ((f != f_star).sum(axis=1) / d <= epsilon)
        false_alarms += int(_flagged(rng, f, rng.integers(0, d, size=B), d, members, m, needed).sum())
        detections += int((~legal | _flagged(rng, f_star, x_star, d, members, m, needed)).sum())
    return false_alarms, detections


def _flagged(
    rng: np.random.Generator, f: np.ndarray, x: np.ndarray, d: int, members: int, m: int, needed: int
) -> np.ndarray:
    points = rng.integers(0, d, size=(len(f), members, m), dtype=np.uint8)
    seen = (points == x[:, None, None].astype(np.uint8)).any(axis=2)
    label = f[np.arange(len(f)), x]
    predicted = seen & (label == 1)[:, None]
    return (predicted != label[:, None]).sum(axis=1) >= needed
