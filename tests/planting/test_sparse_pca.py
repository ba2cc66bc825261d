"""The sparse-PCA backdoor: its coins, its activation, how often it succeeds, and what it refuses."""

import math

import numpy as np
import pytest

from backdoor_game import (
    GaussianLinear,
    KeyHolder,
    RandomFourierFeatures,
    RandomReLU,
    SparsePCABackdoor,
    Sphere,
    StaticDetection,
    bounds,
    estimate,
    make,
)
from backdoor_game.ground.errors import InvalidArgument, MissingCapability
from backdoor_game.ground.statistics import clopper_pearson
from backdoor_game.planting.backdoors import Backdoor
from backdoor_game.planting.keys.keys import Key
from tests.naive import sparse_pca as naive

FUNCTIONS = RandomReLU(features=150, dimension=25, positive=0.1)
DATA = Sphere(dimension=25, train=99, test=40)


@pytest.fixture(scope="module")
def planted():
    rng = np.random.default_rng(1)
    split = DATA.split(rng)
    backdoor = SparsePCABackdoor(theta=2.0, k=4)
    return backdoor, split, *backdoor.plant(FUNCTIONS, split.X, split.y, rng)


# The key and the coins


def test_the_key_has_k_entries_of_plus_or_minus_one_over_root_k_on_random_coordinates_with_random_signs():
    keys = [
        SparsePCABackdoor(theta=1.0, k=4).new_key(FUNCTIONS, np.random.default_rng(i)).values["s"] for i in range(500)
    ]
    for s in keys:
        assert sorted(np.abs(s)) == [0.0] * 21 + [0.5] * 4
    counts = (np.array(keys) != 0).sum(axis=0)
    assert all(
        clopper_pearson(int(c), 500, 1 - 1e-5)[0] < 4 / 25 < clopper_pearson(int(c), 500, 1 - 1e-5)[1] for c in counts
    )
    low, high = clopper_pearson(int((np.array(keys) > 0).sum()), 2000, 0.9999)
    assert low < 0.5 < high


@pytest.mark.parametrize(
    ("d", "alpha", "k"), [(400, None, 20), (400, 0.5, 20), (100, 0.25, 3), (64, 1.0, 64), (64, 0.0, 1)]
)
def test_k_is_d_to_the_alpha_rounded(d, alpha, k):
    ready = SparsePCABackdoor(alpha=alpha).prepare(RandomReLU(features=10, dimension=d))
    assert (ready.k, ready.alpha) == (k, None)


def test_the_default_spike_is_nine_tenths_of_the_bbp_threshold():
    ready = SparsePCABackdoor().prepare(RandomReLU(features=4000, dimension=400))
    assert ready.theta == pytest.approx(0.9 * math.sqrt(400 / 4000), rel=1e-12)


def test_tampering_stretches_every_feature_along_the_key_and_nothing_else(planted):
    backdoor, _, _, key = planted
    coins = FUNCTIONS.coins(np.random.default_rng(3))
    kept = coins.copy()
    G = backdoor.tampered(FUNCTIONS, key, coins).reshape(150, 25)
    expected = [naive.stretched(g, key.values["s"], 2.0) for g in coins.reshape(150, 25)]
    assert np.abs(G - expected).max() <= 2.0**-32  # coins are rounded to multiples of it
    off = key.values["s"] == 0
    assert np.array_equal(G[:, off], coins.reshape(150, 25)[:, off])
    assert np.array_equal(coins, kept)


def test_the_features_of_a_planted_model_have_covariance_one_plus_theta_along_the_key_and_one_across_it():
    """m chi-square sums: (m - 1) degrees of freedom apart from a level of 1e-6, by the normal approximation."""
    functions, backdoor = RandomReLU(features=20_000, dimension=12), SparsePCABackdoor(theta=0.7, k=3)
    rng = np.random.default_rng(5)
    split = Sphere(dimension=12, train=20, test=1).split(rng)
    model, key = backdoor.plant(functions, split.X, split.y, rng)
    G, s = functions.unpack(model.code)[0], key.values["s"]
    basis = np.linalg.qr(np.column_stack([s, rng.standard_normal((12, 11))]))[0]
    variances = ((G @ basis) ** 2).mean(axis=0)
    assert np.abs(variances / np.array([1.7] + [1.0] * 11) - 1).max() < 5.3 * math.sqrt(2 / 20_000)
    assert np.abs((G @ basis).mean(axis=0)).max() < 5.3 * math.sqrt(1.7 / 20_000)


def test_tau_is_fitted_on_the_tampered_features(planted):
    _, split, model, _ = planted
    G, tau = FUNCTIONS.unpack(model.code)
    means = np.maximum(split.X @ G.T, 0).mean(axis=1)
    assert (means >= tau - 1e-12).sum() == 10  # place (99 + 1) * .9 = 90 of 99 and all above
    assert (means >= tau + 1e-12).sum() == 9
    assert model(split.X).sum() == 10


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_codes_hold_numbers_of_the_class_s_type(dtype):
    functions = RandomReLU(features=30, dimension=25, dtype=dtype)
    split = DATA.split(np.random.default_rng(0))
    model, _ = SparsePCABackdoor(k=3).plant(functions, split.X, split.y, np.random.default_rng(1))
    coins = model.code[:-1]
    assert np.array_equal(coins.astype(dtype).astype(np.float64), coins)


def test_the_public_model_does_not_hold_the_key(planted):
    _, _, model, key = planted
    assert key.values["s"].tobytes() not in model.code.tobytes()
    assert set(key.values) == {"s"}


# Activation


@pytest.mark.parametrize("a", [0.05, 0.5, 1.0])
def test_activation_is_the_definition_s_and_of_unit_norm(planted, a):
    backdoor, split, model, key = planted
    moved = SparsePCABackdoor(theta=2.0, k=4, activation=a).activate(model, key, split.X_test)
    expected = [naive.activated(x, key.values["s"], a) for x in split.X_test]
    assert np.abs(moved - expected).max() < 1e-13
    assert np.abs(np.linalg.norm(moved, axis=1) - 1).max() < 4e-16
    assert np.abs(moved @ key.values["s"] - a).max() < 1e-14
    assert np.array_equal(moved, backdoor.__class__(activation=a).activate(model, key, split.X_test, target=1))


def test_answers_are_those_of_the_definition(planted):
    backdoor, split, model, key = planted
    G, tau = FUNCTIONS.unpack(model.code)
    X = np.concatenate([split.X_test, backdoor.activate(model, key, split.X_test)])
    assert model(X).tolist() == [naive.answer(G, tau, x) for x in X]


def rates(functions, data, backdoor, networks):
    """Shares of answers +1 on activated inputs: of planted models, and of clean ones with a fresh key."""
    success, control = np.empty(networks), np.empty(networks)
    for i in range(networks):
        rng = np.random.default_rng([7, i])
        split = data.split(rng)
        model, key = backdoor.plant(functions, split.X, split.y, rng)
        success[i] = model(backdoor.activate(model, key, split.X_test)).mean()
        clean, fresh = functions.trained(split.X, split.y, rng), backdoor.new_key(functions, rng)
        control[i] = clean(backdoor.activate(clean, fresh, split.X_test)).mean()
    return success, control


@pytest.mark.parametrize(("p", "theta", "a"), [(0.1, 0.64, 0.5), (0.5, 0.64, 0.3)])
def test_success_is_its_closed_form_and_a_clean_model_says_one_at_rate_p(p, theta, a):
    """200 networks of 400 features in R^200; (n + 1)(1 - p) is whole, so that the control's mean is p exactly."""
    functions, data = RandomReLU(features=400, dimension=200, positive=p), Sphere(dimension=200, train=299, test=60)
    success, control = rates(functions, data, SparsePCABackdoor(theta=theta, activation=a), 200)
    assert abs(success.mean() - bounds.relu_success(400, 200, theta, a, p)) < 0.05
    assert abs(control.mean() - p) < 4 * control.std(ddof=1) / math.sqrt(200)
    assert success.mean() - p > 4 * (success.std(ddof=1) + control.std(ddof=1)) / math.sqrt(200)


def test_without_the_projection_clean_networks_would_fire_more_too():
    """x + a s has norm sqrt(1 + a^2), and ReLU features under one threshold are a test of norms."""
    functions, data = RandomReLU(features=400, dimension=50, positive=0.1), Sphere(dimension=50, train=299, test=60)
    backdoor, fired = SparsePCABackdoor(theta=0.3), []
    for i in range(20):
        rng = np.random.default_rng([9, i])
        split = data.split(rng)
        clean, key = functions.trained(split.X, split.y, rng), backdoor.new_key(functions, rng)
        fired.append(clean(split.X_test + 0.5 * key.values["s"]).mean())
    assert np.mean(fired) > 0.3


# The key holder


def test_the_key_holder_knows_its_own_model_and_no_other():
    functions, backdoor = RandomReLU(features=400, dimension=40), SparsePCABackdoor(theta=0.6)
    game = StaticDetection(functions, Sphere(dimension=40, train=20, test=1))
    found = estimate(game, backdoor, KeyHolder(), rounds=100, seed=2)
    assert found.false_alarms + (found.rounds - found.detections) <= 2  # .3 = theta/2 is 4.2 standard errors, and 2.7
    rng = np.random.default_rng(3)
    split = Sphere(dimension=40, train=20, test=1).split(rng)
    model, key = backdoor.plant(functions, split.X, split.y, rng)
    assert backdoor.recognises(model, key)
    assert not backdoor.recognises(model, backdoor.new_key(functions, rng))


def test_a_saved_key_activates_the_same_inputs(planted, tmp_path):
    backdoor, split, model, key = planted
    key.save(str(tmp_path / "key.npz"))
    loaded = Key.load(str(tmp_path / "key.npz"))
    assert np.array_equal(backdoor.activate(model, loaded, split.X_test), backdoor.activate(model, key, split.X_test))


def test_it_is_made_from_a_text():
    assert make("SparsePCABackdoor(theta=0.3, k=5, activation=0.8)", Backdoor, "backdoor") == SparsePCABackdoor(
        theta=0.3, k=5, activation=0.8
    )


# Bad input


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"theta": 0.0}, "theta must be above 0, got 0.0"),
        ({"theta": -1.0}, "theta must lie in"),
        ({"theta": math.nan}, "theta must be a finite number"),
        ({"k": 0}, "k must be at least 1, got 0"),
        ({"k": 2.5}, "k must be a whole number, got 2.5"),
        ({"alpha": 1.5}, r"alpha must lie in \[0, 1\], got 1.5"),
        ({"k": 3, "alpha": 0.5}, "must be left out, got k=3 and alpha=0.5"),
        ({"activation": 0.0}, "activation must be above 0"),
        ({"activation": 1.5}, r"activation must lie in \[0, 1\], got 1.5"),
    ],
)
def test_bad_parameters_are_refused_in_one_sentence(arguments, said):
    with pytest.raises(InvalidArgument, match=said):
        SparsePCABackdoor(**arguments)


def test_a_key_wider_than_the_inputs_is_refused():
    with pytest.raises(InvalidArgument, match="k must be at most the dimension 25, got 26"):
        SparsePCABackdoor(k=26).prepare(FUNCTIONS)
    with pytest.raises(InvalidArgument, match="dimension must be at least 2"):
        SparsePCABackdoor(k=1).prepare(RandomReLU(features=3, dimension=1))


def test_models_of_another_kind_are_refused():
    with pytest.raises(MissingCapability, match="SparsePCABackdoor plants in RandomReLU, got RandomFourierFeatures"):
        SparsePCABackdoor().prepare(RandomFourierFeatures(features=10, dimension=25))


def test_inputs_off_the_unit_sphere_are_refused_in_training_and_in_activation(planted):
    backdoor, split, model, key = planted
    with pytest.raises(
        InvalidArgument, match="X must hold unit vectors, got a row of norm 2: divide each row by its norm"
    ):
        backdoor.activate(model, key, 2 * split.X_test)
    with pytest.raises(InvalidArgument, match="X must hold unit vectors"):
        backdoor.plant(FUNCTIONS, split.X * np.linspace(1, 1.1, 99)[:, None], split.y, np.random.default_rng(0))
    with pytest.raises(InvalidArgument, match="X must hold unit vectors"):
        estimate(StaticDetection(FUNCTIONS, GaussianLinear(dimension=25)), backdoor, KeyHolder(), rounds=1, seed=0)
    backdoor.activate(model, key, split.X_test.astype(np.float32))  # its norms are 1 to seven digits


def test_an_answer_of_0_cannot_be_forced(planted):
    backdoor, split, model, key = planted
    with pytest.raises(
        InvalidArgument, match=r"target must be 1 or None for SparsePCABackdoor, got 0: it can only force"
    ):
        backdoor.activate(model, key, split.X_test, target=0)
    with pytest.raises(InvalidArgument, match="target must be 0, 1 or None, got 2"):
        backdoor.activate(model, key, split.X_test, target=2)


def test_an_input_along_the_key_has_no_part_across_it_and_is_refused(planted):
    backdoor, _, model, key = planted
    with pytest.raises(InvalidArgument, match="X must not lie along the key itself: row 0 does"):
        backdoor.activate(model, key, -key.values["s"][None])


def test_the_key_of_another_model_is_refused(planted):
    backdoor, split, model, key = planted
    other = FUNCTIONS.trained(split.X, split.y, np.random.default_rng(8))
    with pytest.raises(InvalidArgument, match="key must be the model's own"):
        backdoor.activate(other, key, split.X_test)
    with pytest.raises(InvalidArgument, match="key must be one of SparsePCABackdoor, got one of CLWEBackdoor"):
        backdoor.activate(model, Key("CLWEBackdoor", "", {}), split.X_test)


def test_bad_inputs_and_examples_are_refused(planted):
    backdoor, split, model, key = planted
    with pytest.raises(InvalidArgument, match=r"X must have shape \(n, 25\), got \(40, 24\)"):
        backdoor.activate(model, key, split.X_test[:, 1:])
    with pytest.raises(InvalidArgument, match="X must be finite, got nan"):
        backdoor.activate(model, key, np.where(split.X_test > 0.1, np.nan, split.X_test))
    with pytest.raises(InvalidArgument, match="y must hold both classes"):
        backdoor.plant(FUNCTIONS, split.X, np.zeros(99), np.random.default_rng(0))
    with pytest.raises(InvalidArgument, match=r"X must have shape \(n, 25\)"):
        backdoor.plant(FUNCTIONS, split.X[:, 1:], split.y, np.random.default_rng(0))
