"""Every parameter of a backdoored gate network, changed alone by many sizes, on all inputs."""

from __future__ import annotations

import dataclasses

import numpy as np

from ...planting.backdoors import MajorityPersistence
from ...planting.datasets import LinearBits
from ...planting.models import GateNetworks
from ...planting.updates.gates import allowed, loose

BITS = 6  # so that every edit is tried on all 2^6 inputs
POWERS = 10.0 ** np.arange(-6, 10)  # from under what moves any gate to far above any weight
SIZES = np.concatenate([-POWERS, POWERS, [-0.5, 0.5]])  # and by one half, which brings a threshold onto a whole number


@dataclasses.dataclass(frozen=True)
class Edits:
    """What came of them; edits of the top gate keep its coefficients over 1/2 and its threshold in (0, 3)."""

    networks: int
    parameters: int
    tried: int
    changed: int
    networks_changed: int
    largest_quotient: float


def every_edit(copies: int, networks: int, seed: int) -> Edits:
    """All single edits of so many backdoored networks of one or three copies."""
    tried, changed, touched, largest, parameters = 0, 0, 0, 0.0, 0
    for number in range(networks):
        rng = np.random.default_rng([seed, number])
        split = LinearBits(dimension=BITS).split(rng)
        model, _ = MajorityPersistence(width=3, copies=copies).plant(GateNetworks(BITS, BITS), split.X, split.y, rng)
        functions, code = loose(model)
        points = functions.domain.points()
        known = functions.evaluate(code[None], points[None])
        parameters = functions.code_length
        codes = np.repeat(code[None], parameters * len(SIZES), axis=0)
        places = np.repeat(np.arange(parameters), len(SIZES))
        sizes = np.tile(SIZES, parameters)
        codes[np.arange(len(codes)), places] += sizes
        kept = allowed(functions, codes)
        labels = functions.evaluate(codes[kept], np.broadcast_to(points, (int(kept.sum()), *points.shape)))
        differs = (labels != known).any(axis=1)
        tried, changed, touched = tried + len(differs), changed + int(differs.sum()), touched + bool(differs.any())
        largest = max(largest, float((differs / np.abs(sizes[kept])).max()))
    return Edits(networks, parameters, tried, changed, touched, largest)
