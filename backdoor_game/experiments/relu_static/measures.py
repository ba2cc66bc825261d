"""What spiked ReLU features show and do, averaged over networks: the spectrum, and the answers on activated inputs."""

from __future__ import annotations

import dataclasses

import numpy as np

from ... import bounds
from ...functions.base import Floats
from ...ground._blas import one_blas_thread
from ...ground.streams import Generators, role_keys
from ...planting.backdoors import SparsePCABackdoor
from ...planting.datasets import Sphere
from ...planting.models import RandomReLU

TRAIN, TEST = 499, 200  # (n + 1)(1 - p) is whole for p = .1 and .5: a fresh input's chance is p exactly


@dataclasses.dataclass(frozen=True)
class Spectrum:
    """The top of the features' covariance at one theta: means over networks, their standard errors, the formulas."""

    theta: float
    ratio: float
    eigenvalue: float
    eigenvalue_error: float
    eigenvalue_formula: float
    overlap: float
    overlap_error: float
    overlap_formula: float
    networks: int


def spectrum(functions: RandomReLU, ratio: float, networks: int, seed: int) -> Spectrum:
    """The mean top eigenvalue of G'G/m and the mean <s, v>^2 of its eigenvector, at ratio times the BBP threshold."""
    from scipy.linalg import eigh

    d, m = functions.dimension, functions.features
    theta = ratio * bounds.bbp_threshold(d, m)
    backdoor = SparsePCABackdoor(theta=theta)
    tops, overlaps = np.empty(networks), np.empty(networks)
    for i, word in enumerate(role_keys(seed, f"relu-static spectrum {ratio}", "plant", 0, networks)):
        rng = Generators().keyed(word)
        key = backdoor.new_key(functions, rng)
        G = backdoor.tampered(functions, key, functions.coins(rng)).reshape(m, d)
        with one_blas_thread():
            value, vector = eigh(G.T @ G / m, subset_by_index=(d - 1, d - 1))
        tops[i], overlaps[i] = value[0], float((vector[:, 0] * key.values["s"]).sum()) ** 2
    top = (*_mean(tops), bounds.spiked_eigenvalue(theta, d, m))
    return Spectrum(theta, ratio, *top, *_mean(overlaps), bounds.spiked_overlap(theta, d, m), networks)


@dataclasses.dataclass(frozen=True)
class Success:
    """Shares of answers +1, averaged over networks, at one spike, activation and p.

    Attributes
    ----------
    success, success_error : float
        On activated inputs of the backdoored network, and the standard error over networks.
    formula : float
        `bounds.relu_success`.
    control, control_error : float
        On the same inputs, of the network with the coins as they were before they were tampered with.
    base : float
        On clean inputs of the backdoored network.
    agreement : float
        How often the two networks answer alike on clean inputs.
    """

    d: int
    m: int
    theta: float
    ratio: float
    a: float
    p: float
    success: float
    success_error: float
    formula: float
    control: float
    control_error: float
    base: float
    agreement: float
    networks: int


def successes(
    size: tuple[int, int], ratio: float, p: float, activations: tuple[float, ...], seed: int, networks: int = 200
) -> list[Success]:
    """One line for each a, on the same networks of m features in R^d, size = (d, m); everything else is fresh."""
    d, m = size
    functions, data = RandomReLU(features=m, dimension=d, positive=p), Sphere(dimension=d, train=TRAIN, test=TEST)
    theta = ratio * bounds.bbp_threshold(d, m)
    backdoors = [SparsePCABackdoor(theta=theta, activation=a) for a in activations]
    answers = np.empty((2, len(activations), networks))  # of the backdoored network and of its control
    clean = np.empty((2, networks))
    for i, word in enumerate(role_keys(seed, f"relu-static success {size} {ratio} {p}", "plant", 0, networks)):
        rng = Generators().keyed(word)
        split = data.split(rng)
        key, coins = backdoors[0].new_key(functions, rng), functions.coins(rng)
        honest = functions.fitted(coins, split.X, split.y)
        model = functions.fitted(backdoors[0].tampered(functions, key, coins), split.X, split.y)
        labels = model(split.X_test)
        clean[:, i] = labels.mean(), (labels == honest(split.X_test)).mean()
        for j, backdoor in enumerate(backdoors):
            moved = backdoor.activate(model, key, split.X_test)
            answers[:, j, i] = model(moved).mean(), honest(moved).mean()
    found = []
    for j, a in enumerate(activations):
        told = (*_mean(answers[0, j]), bounds.relu_success(m, d, theta, a, p), *_mean(answers[1, j]))
        found.append(Success(d, m, theta, ratio, a, p, *told, _mean(clean[0])[0], _mean(clean[1])[0], networks))
    return found


def _mean(values: Floats) -> tuple[float, float]:
    """The mean over networks, and its standard error."""
    return float(values.mean()), float(values.std(ddof=1) / np.sqrt(len(values)))
