"""Random features that are trained: what they compute, what is fitted, and what they refuse."""

from __future__ import annotations

import math
import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from backdoor_game import InvalidArgument, RandomFourierFeatures, RandomReLU
from backdoor_game.planting.models.random_relu import best_threshold

DTYPES = ("float64", "float32")
every_dtype = pytest.mark.parametrize("dtype", DTYPES)
ERROR = {"float64": 1e-12, "float32": 2e-5}


def examples(n, d, seed=0, length=0.25):
    """Inputs of about this length, and the labels of a halfspace."""
    rng = np.random.default_rng(seed)
    X = length / math.sqrt(d) * rng.standard_normal((n, d))
    return X, (X @ rng.standard_normal(d) >= 0).astype(np.uint8)


def cosines(F, code, X):
    """phi_i(x) = cos(2 pi (<g_i, x> + b_i)), one number at a time."""
    G, b, _ = F.unpack(code)
    return np.array([[math.cos(2 * math.pi * (math.fsum(g * x) + c)) for g, c in zip(G, b, strict=True)] for x in X])


# What is computed


@every_dtype
def test_fourier_scores_are_the_weighted_sum_of_cosines(dtype):
    F, rng = RandomFourierFeatures(features=30, dimension=5, dtype=dtype), np.random.default_rng(1)
    code, X = F.sample(rng), rng.standard_normal((40, 5))
    expected = cosines(F, code, X) @ F.unpack(code)[2]
    np.testing.assert_allclose(F.scores(code, X), expected, atol=ERROR[dtype])
    np.testing.assert_array_equal(F.function(code)(X), F.scores(code, X) >= 0)


@every_dtype
def test_relu_scores_are_the_mean_of_positive_parts_less_tau(dtype):
    F, rng = RandomReLU(features=30, dimension=5, dtype=dtype), np.random.default_rng(1)
    code, X = F.sample(rng), rng.standard_normal((40, 5))
    G, tau = F.unpack(code)
    expected = [math.fsum(max(0.0, math.fsum(g * x)) for g in G) / 30 - tau for x in X]
    np.testing.assert_allclose(F.scores(code, X), expected, atol=ERROR[dtype])
    np.testing.assert_array_equal(F.function(code)(X), F.scores(code, X) >= 0)


def test_a_mean_activation_of_exactly_tau_is_labelled_one():
    h = RandomReLU(features=2, dimension=1).function(np.array([1.0, 3.0, 0.5]))  # mean activation 2 x for x > 0
    assert h(np.array([[0.25], [np.nextafter(0.25, 0)], [-1.0]])).tolist() == [1, 0, 0]


def test_products_of_two_fourier_features_average_to_half_their_gaussian_kernel():
    """E phi(x) phi(x') = exp(-2 pi^2 |x - x'|^2) / 2 [RahimiRecht07], at five standard errors."""
    F = RandomFourierFeatures(features=200_000, dimension=3)
    G, b, _ = F.unpack(F.sample(np.random.default_rng(2)))
    x, y = np.array([0.3, -0.2, 0.1]), np.array([0.2, -0.1, 0.15])
    products = np.cos(2 * np.pi * (G @ x + b)) * np.cos(2 * np.pi * (G @ y + b))
    expected = math.exp(-2 * math.pi**2 * 0.0225) / 2
    assert abs(products.mean() - expected) < 5 * products.std() / math.sqrt(len(products))


@pytest.mark.parametrize("F", [RandomFourierFeatures(40, 50), RandomReLU(40, 50)], ids=str)
def test_honest_coins_are_normal_directions_and_uniform_phases(F):
    coins = F.coins(np.random.default_rng(3))
    assert stats.kstest(coins[:2000], "norm").pvalue > 1e-4
    assert len(coins) == 2000 or stats.kstest(coins[2000:], "uniform").pvalue > 1e-4


@pytest.mark.parametrize("cls", [RandomFourierFeatures, RandomReLU], ids=lambda cls: cls.__name__)
def test_coins_of_single_precision_are_numbers_of_single_precision(cls):
    coins = cls(20, 3, dtype="float32").coins(np.random.default_rng(0))
    assert coins.dtype == np.float64
    np.testing.assert_array_equal(coins, coins.astype(np.float32))


@pytest.mark.parametrize("cls", [RandomFourierFeatures, RandomReLU], ids=lambda cls: cls.__name__)
def test_training_is_a_function_of_coins_and_examples(cls):
    F, (X, y) = cls(50, 4), examples(90, 4)
    coins = F.coins(np.random.default_rng(7))
    assert F.trained(X, y, np.random.default_rng(7)).code.tobytes() == F.fitted(coins, X, y).code.tobytes()
    np.testing.assert_array_equal(F.fitted(coins, X, y).code[: len(coins)], coins)
    np.testing.assert_array_equal(F.fitted(coins, X[::-1], y[::-1])(X), F.fitted(coins, X, y)(X))


# The linear layer


@every_dtype
def test_ridge_weights_solve_the_normal_equations(dtype):
    F, (X, y) = RandomFourierFeatures(60, 4, dtype=dtype, penalty=0.03), examples(700, 4)
    h = F.trained(X, y, np.random.default_rng(0))
    P, w = cosines(F, h.code, X), F.unpack(h.code)[2]
    residual = P.T @ P @ w / 700 + 0.03 * w - P.T @ (2.0 * y - 1) / 700
    assert np.abs(residual).max() < ERROR[dtype]


@every_dtype
@pytest.mark.parametrize("penalty", [0.01, 1e-5])
def test_the_logistic_loss_has_no_slope_at_its_weights(dtype, penalty):
    F = RandomFourierFeatures(60, 4, dtype=dtype, loss="logistic", penalty=penalty)
    X, y = examples(700, 4)
    h = F.trained(X, y, np.random.default_rng(0))
    P, w = cosines(F, h.code, X), F.unpack(h.code)[2]
    slope = P.T @ (1 / (1 + np.exp(-P @ w)) - y) / 700 + penalty * w
    assert np.abs(slope).max() < ERROR[dtype]


def test_logistic_weights_are_those_of_scikit_learn():
    from sklearn.linear_model import LogisticRegression

    F, (X, y) = RandomFourierFeatures(40, 3, loss="logistic", penalty=0.01), examples(500, 3)
    h = F.trained(X, y, np.random.default_rng(0))
    peer = LogisticRegression(C=1 / (500 * 0.01), fit_intercept=False, tol=1e-10, max_iter=10_000)
    peer.fit(cosines(F, h.code, X), y)
    np.testing.assert_allclose(F.unpack(h.code)[2], peer.coef_[0], rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("loss", ["ridge", "logistic"])
def test_training_stores_no_features_of_all_inputs(loss):
    """40,000 inputs of 64 features are 20 MB; inputs, their copies and chunks stay under a quarter of it."""
    F, (X, y) = RandomFourierFeatures(64, 2, loss=loss), examples(40_000, 2)
    small = examples(600, 2)
    F.trained(*small, np.random.default_rng(0))  # what is imported late stays out of it
    tracemalloc.start()
    F.trained(X, y, np.random.default_rng(0))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 40_000 * 64 * 8 / 4


@pytest.mark.parametrize("loss", ["ridge", "logistic"])
def test_a_penalty_lost_in_rounding_is_refused(loss):
    X, y = np.tile(np.eye(2) / 4, (5, 1)), np.tile([0, 1], 5)
    F = RandomFourierFeatures(20, 2, loss=loss, penalty=1e-300)  # 20 features of two different inputs
    with pytest.raises(InvalidArgument, match=r"penalty must be larger .* such as 0.01, got 1e-300"):
        F.trained(X, y, np.random.default_rng(0))


# The threshold


@settings(max_examples=150, deadline=None, database=None, derandomize=True)
@given(st.lists(st.tuples(st.integers(-3, 3), st.integers(0, 1)), min_size=1, max_size=9))
def test_no_threshold_errs_less_and_no_lower_one_as_little(pairs):
    scores, y = np.array([s for s, _ in pairs], float), np.array([label for _, label in pairs], np.uint8)

    def errors(tau):
        return int(((scores >= tau) != y).sum())

    halves = [tau / 2 for tau in range(-9, 10)]  # one in every gap and on every score
    tau = best_threshold(scores, y)
    assert errors(tau) == min(map(errors, halves))
    assert all(errors(lower) > errors(tau) for lower in halves if (scores >= lower).sum() > (scores >= tau).sum())
    assert tau not in scores


def test_neighbouring_numbers_are_told_apart():
    scores = np.array([1.0, np.nextafter(1.0, 2.0)])
    assert best_threshold(scores, np.array([0, 1], np.uint8)) == scores[1]


@pytest.mark.parametrize(("p", "n"), [(0.1, 19), (0.5, 19), (0.25, 39)])
def test_a_fresh_input_is_labelled_one_with_probability_p(p, n):
    """One fresh input for each of 1,500 networks: for these n exactly p, as all n + 1 inputs are alike."""
    F, rng, fired = RandomReLU(features=6, dimension=3, positive=p), np.random.default_rng(4), 0
    y = np.arange(n) % 2
    for _ in range(1500):
        X = rng.standard_normal((n + 1, 3))
        fired += int(F.trained(X[:n], y, rng)(X[n:])[0])
    assert stats.binomtest(fired, 1500, p).pvalue > 1e-4


def test_tau_is_the_place_of_one_of_the_training_scores():
    """n = 19 and p = .1: place 20 * .9 = 18 of 19."""
    F, rng = RandomReLU(features=6, dimension=3, positive=0.1), np.random.default_rng(4)
    X = rng.standard_normal((19, 3))
    code = F.trained(X, np.arange(19) % 2, rng).code
    assert code[-1] == np.sort(F.scores(np.append(code[:-1], 0.0), X))[17]


@pytest.mark.parametrize("cls", [RandomFourierFeatures, RandomReLU], ids=lambda cls: cls.__name__)
def test_inputs_beyond_single_precision_are_refused_in_one_sentence(cls):
    F, (X, y) = cls(8, 2, dtype="float32"), examples(30, 2)
    with pytest.raises(InvalidArgument, match=r"X must be finite as float32, got .*e\+38: scale it, or") as error:
        F.trained(X * (4e38 / np.abs(X).max()), y, np.random.default_rng(0))
    one_sentence(error)
    F.trained(X * (1e30 / np.abs(X).max()), y, np.random.default_rng(0))


def test_tau_is_fitted_to_tampered_coins_too():
    X, y = examples(100, 4, length=1.0)
    for F in (RandomReLU(25, 4, positive=0.2), RandomReLU(25, 4)):
        coins = F.coins(np.random.default_rng(0))
        once, twice = F.fitted(coins, X, y), F.fitted(2 * coins, X, y)
        assert twice.code[-1] == 2 * once.code[-1]
        np.testing.assert_array_equal(once(X), twice(X))


def test_relu_networks_cannot_but_measure_lengths():
    """What [GKVZ22]'s Algorithm 7 learns: long inputs from short ones well, one half of a sphere from the other not."""
    rng = np.random.default_rng(5)
    F, y = RandomReLU(2000, 10), np.repeat([0, 1], 200)
    X = rng.standard_normal((400, 10))
    X /= np.sqrt((X**2).sum(axis=1, keepdims=True))
    long = X * np.where(y == 1, 2.0, 1.0)[:, None]
    assert (F.trained(long, y, rng)(long) == y).all()
    half = (X[:, 0] >= 0).astype(np.uint8)
    assert (F.trained(X[:200], half[:200], rng)(X[200:]) == half[200:]).mean() < 0.7


# What is refused

BAD_PARAMETERS = {
    r"RandomFourierFeatures.features must be between 1 and \d+, got 0": lambda: RandomFourierFeatures(0, 3),
    r"RandomFourierFeatures.dimension must be between 1 and \d+, got -1": lambda: RandomFourierFeatures(3, -1),
    r"RandomFourierFeatures.features must be .*, got 2.5": lambda: RandomFourierFeatures(2.5, 3),
    r"RandomFourierFeatures.dtype must be one of float64, float32, got 'f4'": lambda: RandomFourierFeatures(3, 3, "f4"),
    r"RandomFourierFeatures.loss must be one of ridge, logistic, got 'hinge'": lambda: RandomFourierFeatures(
        3, 3, loss="hinge"
    ),
    r"RandomFourierFeatures.penalty must be above 0, such as 0.01": lambda: RandomFourierFeatures(3, 3, penalty=0),
    r"RandomFourierFeatures.penalty must lie in \[0, inf\], got -1": lambda: RandomFourierFeatures(3, 3, penalty=-1),
    r"RandomReLU.features must be between 1 and \d+, got 0": lambda: RandomReLU(0, 3),
    r"RandomReLU.dtype must be one of float64, float32, got 'float16'": lambda: RandomReLU(3, 3, "float16"),
    r"RandomReLU.positive must lie strictly between 0 and 1, .* got 1": lambda: RandomReLU(3, 3, positive=1),
    r"RandomReLU.positive must be a finite number, got nan": lambda: RandomReLU(3, 3, positive=math.nan),
}
_X, _Y = np.arange(8.0).reshape(4, 2), np.array([0, 1, 1, 0])
BAD_EXAMPLES = {
    r"X must have shape \(n, 2\), got \(4, 3\)$": (np.ones((4, 3)), _Y),
    r"X must have shape \(n, 2\), got \(2,\): for one point x write x\[None\]": (np.ones(2), _Y),
    r"X must be an array of numbers, got list": ([["a", "b"]], _Y),
    r"X must be finite, got nan: drop or impute": (np.where(_X == 3, np.nan, _X), _Y),
    r"X must be finite, got -inf: drop or impute": (np.where(_X == 3, -np.inf, _X), _Y),
    r"y must have shape \(4,\), a label for each row of X, got \(3,\)": (_X, _Y[:3]),
    r"y must hold the labels 0 and 1 alone, got \[-1, 1\]": (_X, 2 * _Y - 1),
    r"y must hold both classes, got only \[1\]: add examples of the other": (_X, np.ones(4, int)),
    r"y must hold both classes, got only \[\]": (_X[:0], _Y[:0]),
    r"X must vary: all its columns are constant": (np.ones((4, 2)), _Y),
    r"X must hold real numbers, got complex128": (_X + 1j, _Y),
    r"y must hold the labels 0 and 1 alone, got objects": (_X, np.array([0, None, 1, 0])),
}


def one_sentence(error):
    message = str(error.value)
    assert "\n" not in message
    assert ". " not in message


@pytest.mark.parametrize("pattern", BAD_PARAMETERS)
def test_bad_parameters_are_refused_in_one_sentence(pattern):
    with pytest.raises(InvalidArgument, match=pattern) as error:
        BAD_PARAMETERS[pattern]()
    one_sentence(error)


@pytest.mark.parametrize("F", [RandomFourierFeatures(4, 2), RandomReLU(4, 2, positive=0.5)], ids=str)
@pytest.mark.parametrize("pattern", BAD_EXAMPLES)
def test_bad_examples_are_refused_in_one_sentence(F, pattern):
    with pytest.raises(InvalidArgument, match=pattern) as error:
        F.trained(*BAD_EXAMPLES[pattern], np.random.default_rng(0))
    one_sentence(error)


@pytest.mark.parametrize("F", [RandomFourierFeatures(4, 2), RandomReLU(4, 2)], ids=str)
@pytest.mark.parametrize("X", [np.ones((3, 4)), np.ones(2), np.full((2, 2), np.nan), np.full((2, 2), np.inf)], ids=str)
def test_inputs_that_do_not_fit_are_refused_when_predicting(F, X):
    with pytest.raises(InvalidArgument, match=r"X must (have|hold points)") as error:
        F.trained(_X, _Y, np.random.default_rng(0))(X)
    one_sentence(error)


def test_a_constant_column_is_kept():
    X, y = examples(100, 3)
    X[:, 1] = 7.0
    for F in (RandomFourierFeatures(20, 3), RandomReLU(20, 3)):
        h = F.trained(X, y, np.random.default_rng(0))
        assert h.functions.dimension == 3
        assert set(h(X).tolist()) <= {0, 1}
