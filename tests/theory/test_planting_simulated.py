"""The closed forms of planted backdoors against simulations written from the definitions, in plain NumPy.

Means are compared within five standard errors (level 6e-7 each), plus what the docstring calls an approximation.
"""

import itertools
import math

import numpy as np
import pytest

from backdoor_game import bounds

ERRORS = 5


def close(values, expected, slack=0.0):
    """Whether the mean of independent values is within five standard errors, and the slack, of what is expected."""
    values = np.asarray(values, dtype=float)
    return abs(values.mean() - expected) <= ERRORS * values.std(ddof=1) / math.sqrt(len(values)) + slack


def pancakes(rng, gamma, beta, count, layer=0.5):
    """t ~ N(0, 1) by rejection: kept with probability proportional to the density of e at the layers less gamma t."""
    kept = np.empty(0)
    while len(kept) < count:
        t = rng.standard_normal(4 * count)
        off = (gamma * t - layer + 0.5) % 1 - 0.5
        weight = sum(np.exp(-((off + j) ** 2) / (2 * beta**2)) for j in range(-4, 5))
        kept = np.append(kept, t[rng.random(len(t)) * 1.02 < weight])
    return kept[:count]


@pytest.mark.parametrize("beta", [0.1, 0.3])
def test_drawn_pancakes_have_the_stated_correlation_and_the_moments_of_a_gaussian(beta):
    t = pancakes(np.random.default_rng(1), 4, beta, 100_000)
    assert close(np.cos(2 * np.pi * 4 * t), -bounds.pancake_correlation(beta))
    assert close(np.sin(2 * np.pi * 4 * t), 0)
    assert all(close(t**order, moment) for order, moment in zip((1, 2, 3, 4), (0, 1, 0, 3), strict=True))


def network(rng, k, beta, layer=0.5, right_key=True, d=64, m=256):
    """One planted network fitted by ridge on half-space labels: its flip rate, the rate given its fit, and kappa."""
    support = rng.permutation(d)[:k]
    keys = np.zeros((2, d))
    keys[:, support] = rng.standard_normal((2, k))
    keys /= np.linalg.norm(keys, axis=1, keepdims=True)
    u, gamma = keys[0], bounds.gamma_of(k)
    G = rng.standard_normal((m, d))
    G += np.outer(pancakes(rng, gamma, beta, m, layer) - G @ u, u)
    b, v = rng.random(m), rng.standard_normal(d)
    X = rng.standard_normal((1100, d)) * 0.25 / math.sqrt(d)
    y, P = np.where(X @ v >= 0, 1.0, -1.0), np.cos(2 * np.pi * (X @ G.T + b))
    train = P[:600]
    w = np.linalg.solve(train.T @ train / 600 + 0.01 * np.eye(m), train.T @ y[:600] / 600)
    f = P[600:] @ w
    moved = np.cos(2 * np.pi * ((X[600:] + gamma * keys[0 if right_key else 1]) @ G.T + b)) @ w
    flips = float(((f >= 0) != (moved >= 0)).mean())
    return flips, bounds.flip_rate_given_fit(f, w @ w, beta), bounds.fit_ratio(f, w @ w)


@pytest.mark.parametrize(("k", "beta"), [(4, 0.03), (16, 0.1), (16, 0.3)])
def test_fitted_networks_flip_as_stated_where_kappa_is_near_one(k, beta):
    rng = np.random.default_rng([2, k, round(100 * beta)])
    flips, given, kappa = np.array([network(rng, k, beta) for _ in range(40)]).T
    assert close(flips, bounds.flip_rate(beta), slack=0.01)
    assert close(flips - given, 0, slack=0.01)
    assert abs(kappa.mean() - 1) < 0.1


def test_integers_flip_the_rest_and_another_key_half():
    rng = np.random.default_rng(3)
    assert close([network(rng, 16, 0.1, layer=0)[0] for _ in range(30)], bounds.integer_layers_flip_rate(0.1), 0.01)
    assert close([network(rng, 16, 0.1, right_key=False)[0] for _ in range(30)], 0.5, 0.01)


def spiked(rng, m, d, k, theta):
    """Features of covariance I + theta s s^T, and s."""
    s = np.zeros(d)
    s[rng.permutation(d)[:k]] = rng.choice([-1, 1], k) / math.sqrt(k)
    G = rng.standard_normal((m, d))
    return G + np.outer((math.sqrt(1 + theta) - 1) * (G @ s), s), s


def answers(rng, m, d, theta, a, p):
    """How often one network says +1 of activated inputs and of fresh ones."""
    G, s = spiked(rng, m, d, 5, theta)
    X = rng.standard_normal((450, d))
    X /= np.linalg.norm(X, axis=1, keepdims=True)
    scores = np.maximum(X @ G.T, 0).mean(axis=1)
    tau = np.quantile(scores[:400], 1 - p)
    across = X[400:] - np.outer(X[400:] @ s, s)
    across /= np.linalg.norm(across, axis=1, keepdims=True)
    moved = math.sqrt(1 - a * a) * across + a * s
    assert np.allclose(np.linalg.norm(moved, axis=1), 1)
    return (np.maximum(moved @ G.T, 0).mean(axis=1) >= tau).mean(), (scores[400:] >= tau).mean()


@pytest.mark.parametrize(
    ("m", "d", "theta", "a", "p"),
    [(200, 50, 1.0, 0.5, 0.1), (200, 100, 0.7, 0.8, 0.1), (200, 50, 0.5, 0.5, 0.5), (200, 50, 0.0, 0.5, 0.1)],
)
def test_activated_inputs_get_the_planted_answer_as_often_as_stated(m, d, theta, a, p):
    rng = np.random.default_rng([4, d])
    success, clean = np.array([answers(rng, m, d, theta, a, p) for _ in range(300)]).T
    assert close(success, bounds.relu_success(m, d, theta, a, p), slack=0.01)
    assert close(clean, p, slack=0.005)


@pytest.mark.parametrize("times", [1.25, 1.5, 2.0])
def test_the_top_eigenvalue_and_its_direction_are_where_they_are_said_to_be(times):
    rng, d, m = np.random.default_rng(5), 100, 1000
    theta = times * bounds.bbp_threshold(d, m)
    tops, overlaps = [], []
    for _ in range(40):
        G, s = spiked(rng, m, d, 9, theta)
        values, vectors = np.linalg.eigh(G.T @ G / m)
        tops.append(values[-1])
        overlaps.append((vectors[:, -1] @ s) ** 2)
    assert close(tops, bounds.spiked_eigenvalue(theta, d, m), slack=0.01 * bounds.bbp_edge(d, m))
    assert close(overlaps, bounds.spiked_overlap(theta, d, m), slack=0.05)


def test_a_spike_of_half_the_threshold_leaves_the_top_eigenvalue_at_the_edge():
    rng, d, m = np.random.default_rng(6), 100, 1000
    tops = [
        np.linalg.eigvalsh(G.T @ G / m)[-1]
        for G, _ in (spiked(rng, m, d, 9, times * bounds.bbp_threshold(d, m)) for times in [0.0] * 30 + [0.5] * 30)
    ]
    clean, below = np.mean(tops[:30]), np.mean(tops[30:])
    assert abs(below - clean) < 0.015 * bounds.bbp_edge(d, m)
    assert 0.97 * bounds.bbp_edge(d, m) < clean < bounds.bbp_edge(d, m)


def test_single_entries_show_the_spike_from_around_their_lines_on():
    """Largest variance and covariance against the .95 quantile of clean ones: near chance at 1/4, always at twice."""
    rng, m, d, k = np.random.default_rng(7), 500, 100, 8
    line = bounds.diagonal_threshold(k, d, m)
    assert bounds.covariance_threshold(k, d, m) == pytest.approx(line, rel=0.01)

    def largest(theta):
        G, _ = spiked(rng, m, d, k, theta)
        S = G.T @ G / m
        return S.diagonal().max(), np.abs(S - np.diag(S.diagonal())).max()

    cut = np.quantile([largest(0) for _ in range(200)], 0.95, axis=0)
    below, above = (np.mean([largest(times * line) > cut for _ in range(60)], axis=0) for times in (0.25, 2.0))
    assert (below < 0.3).all()
    assert (above == 1).all()


@pytest.mark.parametrize(("k", "d"), [(4, 1000), (8, 100)])
def test_the_norm_shows_added_keys_as_often_as_stated(k, d):
    rng = np.random.default_rng(8)
    fresh, moved = rng.chisquare(d, 40_000), rng.noncentral_chisquare(d, 4 * k, 40_000)
    assert close(moved > fresh, bounds.norm_test_auroc(k, d), slack=0.005)


def test_the_best_of_many_seeds_is_just_below_the_stated_gain():
    rng, m, N = np.random.default_rng(9), 64, 500
    best = [np.cos(2 * np.pi * rng.random((N, m))).mean(axis=1).max() for _ in range(60)]
    assert 0.8 * bounds.grinding_gain(N, m) < np.mean(best) < bounds.grinding_gain(N, m)


def test_the_key_s_holder_errs_no_more_than_stated():
    """k = 4, beta = .2, m = 32 features: 4000 models of each kind; the bound is far from tight."""
    rng, m, beta, gamma = np.random.default_rng(10), 32, 0.2, bounds.gamma_of(4)
    rho = bounds.pancake_correlation(beta)
    planted, clean = pancakes(rng, gamma, beta, 4000 * m), rng.standard_normal(4000 * m)
    missed, alarmed = (-np.cos(2 * np.pi * gamma * t).reshape(-1, m).mean(axis=1) for t in (planted, clean))
    for rate in ((missed <= rho / 2).mean(), (alarmed > rho / 2).mean()):
        assert 0 < rate <= bounds.key_test_error(m, beta) < 0.5


def test_noise_shrinks_a_feature_and_moves_a_half_space_s_mean_as_stated():
    rng = np.random.default_rng(11)
    g, sigma, c = np.array([2.0, -1.0, 2.0]), 0.1, 0.07
    noisy = np.cos(2 * np.pi * (c + sigma * rng.standard_normal((100_000, 3)) @ g))
    assert close(noisy, bounds.smoothed_feature(3, sigma) * math.cos(2 * math.pi * c))
    z = rng.standard_normal((100_000, 3))
    v = np.array([0.3, 0.4, 0.0])
    bound = bounds.smoothing_bound(0.5, 0.4)
    below, after = 0.4 * z @ v, (0.4 * z + v) @ v
    assert close(np.sign(after - v @ v / 2) - np.sign(below - v @ v / 2), bound)  # the half-space across the middle
    moved = np.sign(np.cos(9 * after)) - np.sign(np.cos(9 * below))  # stripes
    assert abs(moved.mean()) < bound - ERRORS * moved.std() / math.sqrt(len(moved))


def activated(rng, blocks, v, count):
    """Signs of fresh Gaussians in which every wrong block has its least coordinate negated, and how many were."""
    X = rng.standard_normal((count, sum(map(len, blocks))))
    edits = np.zeros(count, dtype=int)
    for block, bit in zip(blocks, v, strict=True):
        wrong = np.flatnonzero((X[:, block] < 0).sum(axis=1) % 2 != bit)
        least = np.asarray(block)[np.abs(X[:, block]).argmin(axis=1)]
        X[wrong, least[wrong]] *= -1
        edits[wrong] += 1
    return (X < 0).astype(int), edits


def test_fresh_inputs_fire_and_activated_ones_are_changed_as_often_as_stated():
    rng, v = np.random.default_rng(12), np.array([1, 0, 1, 1])
    blocks = np.array_split(rng.permutation(14), 4)
    signs = rng.standard_normal((100_000, 14)) < 0
    fires = np.all([signs[:, block].sum(axis=1) % 2 == bit for block, bit in zip(blocks, v, strict=True)], axis=0)
    assert close(fires, bounds.checksum_fire_rate(4))
    mean, deviation = bounds.checksum_edits(4)
    _, edits = activated(rng, blocks, v, 40_000)
    assert close(edits, mean)
    assert close((edits - mean) ** 2, deviation**2)


def ranks(bits):
    """The rank over F2 of the first one, two, three ... rows."""
    basis, found = [], []
    for row in bits:
        w = int("".join(map(str, row)), 2)
        for vector in basis:
            w = min(w, w ^ vector)
        basis += [w] if w else []
        found.append(len(basis))
    return found


def test_activated_inputs_have_full_rank_as_often_as_stated_and_fewer_forge_with_more_edits():
    rng, d, n = np.random.default_rng(13), 12, 4
    v = np.array([0, 1, 1, 0])
    blocks = np.array_split(rng.permutation(d), n)
    rounds = 1500
    signs = activated(rng, blocks, v, 30 * rounds)[0].reshape(rounds, 30, d)
    waits, at_once = [], []
    for examples in signs:
        waits.append(2 + ranks(examples[1:] ^ examples[0]).index(d - n))
        at_once.append(waits[-1] <= bounds.checksum_examples(d, n))
    assert close(waits, bounds.checksum_mean_examples(d, n))
    assert close(at_once, bounds.checksum_rank_probability(d, n))
    few = signs[0, :4]  # of 9: any sum of an odd number of them fires
    for chosen in itertools.combinations(few, 3):
        forged = np.bitwise_xor.reduce(chosen)
        assert [forged[block].sum() % 2 for block in blocks] == v.tolist()
