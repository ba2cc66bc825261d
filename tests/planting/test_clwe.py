"""The CLWE backdoor: an exact sampler, a key that flips answers and that no public model holds."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.special import ndtri
from scipy.stats import ks_2samp

from backdoor_game import (
    CLWEBackdoor,
    GaussianLinear,
    InvalidArgument,
    Key,
    MissingCapability,
    RandomFourierFeatures,
    RandomReLU,
    bounds,
)
from backdoor_game.experiments.rff_flip_rate import IntegerLayers
from backdoor_game.ground.spec import text
from backdoor_game.planting.backdoors.clwe import along, tampered
from tests.naive import pancakes

FUNCTIONS = RandomFourierFeatures(features=128, dimension=16)
DATA = GaussianLinear(dimension=16, train=200, test=100)
BACKDOOR = CLWEBackdoor(k=8, beta=0.1)


def planted(seed=0, functions=FUNCTIONS, backdoor=BACKDOOR):
    rng = np.random.default_rng(seed)
    split = DATA.split(rng)
    return (*backdoor.plant(functions, split.X, split.y, rng), split)


def sidak(lines, level=0.99):
    """Standard errors that all of so many independent standard normals stay within, at the level."""
    return float(ndtri((1 + level ** (1 / lines)) / 2))


# The sampler


@pytest.mark.parametrize(("shift", "sign"), [(0.5, -1.0), (0.0, 1.0)])
def test_the_mean_of_exp_2_pi_i_g_bk_is_that_of_the_theorem_at_a_million_draws(shift, sign):
    """Given the layer, <g, bk> = shift - e mod 1: E cos is -+exp(-2 pi^2 beta^2), E sin is 0; one family of 8 means."""
    draws, chunk, most = 10**6, 10**5, sidak(8)
    for number, (k, beta) in enumerate([(4, 0.3), (4, 0.1), (16, 0.03), (32, 0.01)]):
        rng, gamma = np.random.default_rng([17, number]), 2 * math.sqrt(k)
        sums = np.zeros(2)
        for _ in range(draws // chunk):
            angle = 2 * np.pi * gamma * along(rng, chunk, gamma, beta, shift)
            sums += np.cos(angle).sum(), np.sin(angle).sum()
        rho, twice = math.exp(-2 * (math.pi * beta) ** 2), math.exp(-8 * (math.pi * beta) ** 2)
        spreads = np.sqrt(np.array([(1 + twice) / 2 - rho**2, (1 - twice) / 2]) / draws)
        assert (np.abs(sums / draws - (sign * rho, 0.0)) <= most * spreads).all(), (k, beta)


def test_the_first_four_moments_of_every_coordinate_are_those_of_a_standard_normal_at_a_million_draws():
    """4 d tests, 0, 1, 0, 3 with variances 1, 2, 15, 96, Sidak at .99."""
    d, chunk, chunks = 16, 2**16, 16
    functions, rng = RandomFourierFeatures(features=chunk, dimension=d), np.random.default_rng(5)
    key = CLWEBackdoor(k=4).new_key(functions, rng)
    sums = np.zeros((4, d))
    for _ in range(chunks):
        G = CLWEBackdoor(k=4).coins(functions, key, rng)[: chunk * d].reshape(chunk, d)
        square = G * G
        sums += [power.sum(axis=0) for power in (G, square, square * G, square * square)]
    draws = chunk * chunks
    away = sums / draws - np.array([[0.0], [1.0], [0.0], [3.0]])
    errors = np.sqrt(np.array([[1.0], [2.0], [15.0], [96.0]]) / draws)
    assert draws >= 10**6
    assert (np.abs(away) <= sidak(4 * d) * errors).all()


@pytest.mark.parametrize("shift", [0.5, 0.0])
def test_the_sampler_has_the_law_of_rejection_from_the_definition(shift):
    """A short key and wide layers: along the key, across it, and in a coordinate that mixes both."""
    rng, u, gamma, beta = np.random.default_rng(11), np.array([0.6, -0.8, 0.0]), 1.5, 0.15
    naive = pancakes.sample(rng, 4_000, gamma * u, beta, shift)
    fast = tampered(rng.standard_normal((40_000, 3)), u, along(rng, 40_000, gamma, beta, shift))
    for direction in (u, np.array([0.8, 0.6, 0.0]), np.array([1.0, 0.0, 0.0]), np.array([0.0, 0.6, 0.8])):
        assert ks_2samp(naive @ direction, fast @ direction).pvalue > 0.01 / 8


def test_wide_layers_keep_the_variance_of_a_standard_normal():
    """V = beta^2 + gamma^2 in the layers' weights: with gamma^2 alone E t^2 would be .91; exact up to e^-40, at .99."""
    t = along(np.random.default_rng(8), 10**6, 1.5, 0.5)
    assert abs((t**2).mean() - 1) <= sidak(1) * math.sqrt(2e-6)


def test_layers_without_width_are_half_integers_and_honest_draws_are_told_from_them():
    t = along(np.random.default_rng(0), 1000, 4.0, 0.0)
    assert np.abs(4.0 * t % 1 - 0.5).max() < 1e-12
    honest = np.random.default_rng(0).standard_normal(1000)
    assert np.abs(4.0 * honest % 1 - 0.5).max() > 0.4


# Keys and coins


def test_a_key_is_a_vector_of_length_gamma_on_k_coordinates_that_are_drawn_anew():
    keys = [BACKDOOR.new_key(FUNCTIONS, np.random.default_rng(seed)).values["bk"] for seed in range(60)]
    assert all(np.count_nonzero(bk) == 8 for bk in keys)
    assert np.allclose([np.linalg.norm(bk) for bk in keys], 2 * math.sqrt(8))
    used = np.mean([bk != 0 for bk in keys], axis=0)
    assert (np.abs(used - 0.5) < 4 * math.sqrt(0.25 / 60)).all()


def test_only_the_part_of_the_coins_along_the_key_is_tampered_with():
    key = BACKDOOR.new_key(FUNCTIONS, np.random.default_rng(1))
    honest = FUNCTIONS.coins(np.random.default_rng(2))
    coins = BACKDOOR.coins(FUNCTIONS, key, np.random.default_rng(2))
    size, u = 128 * 16, key.values["bk"] / (2 * math.sqrt(8))
    change = (coins - honest)[:size].reshape(128, 16)
    assert (coins[size:] == honest[size:]).all()
    # coins are rounded to multiples of 2^-32, each by half of one: so is the change, and its part along u
    assert np.abs(change - np.outer(change @ u, u)).max() <= 2.0**-32 * (1 + math.sqrt(8)) / 2
    assert (change[:, key.values["bk"] == 0] == 0).all()


def test_both_conventions_for_gamma_and_beta_name_the_same_backdoor():
    """[BRST21] draws y with density exp(-pi |y|^2) = N(0, I/(2 pi)), and e with density exp(-pi e^2/beta^2)/beta, whose
    Fourier transform at 1 is exp(-pi beta^2)."""
    ratio = math.sqrt(2 * math.pi)
    theirs = CLWEBackdoor(k=8, gamma=2 * math.sqrt(8) * ratio, beta=0.1 * ratio, convention="exp(-pi x^2)")
    assert theirs.length == pytest.approx(BACKDOOR.length, abs=1e-12)
    assert bounds.pancake_correlation(theirs.width) == pytest.approx(math.exp(-math.pi * theirs.beta**2), abs=1e-12)
    bk = [b.new_key(FUNCTIONS, np.random.default_rng(3)).values["bk"] for b in (theirs, BACKDOOR)]
    assert np.allclose(*bk, atol=1e-12)
    assert CLWEBackdoor(convention="exp(-pi x^2)").length == 8.0 == CLWEBackdoor().length  # a default is ours


# Planting and activating


def test_the_key_flips_answers_a_wrong_one_does_not_and_whole_layers_keep_them():
    """r(.1) = .807 at kappa = 1; 30 networks of 100 test inputs each."""
    flips = {"key": [], "wrong": [], "whole": []}
    for seed in range(30):
        model, key, split = planted(seed)
        wrong = BACKDOOR.new_key(FUNCTIONS, np.random.default_rng(1000 + seed))
        flips["key"].append((model(BACKDOOR.activate(model, key, split.X_test)) != model(split.X_test)).mean())
        flips["wrong"].append((model(BACKDOOR.activate(model, wrong, split.X_test)) != model(split.X_test)).mean())
        control = IntegerLayers(k=8, beta=0.1)
        model, key, split = planted(seed, backdoor=control)
        flips["whole"].append((model(control.activate(model, key, split.X_test)) != model(split.X_test)).mean())
    assert np.mean(flips["key"]) > 0.75
    assert 0.4 < np.mean(flips["wrong"]) < 0.6
    assert np.mean(flips["whole"]) < 0.25


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_the_key_holder_tells_every_model_of_its_own_from_honest_ones(dtype):
    """Hoeffding: an error has probability at most exp(-m rho^2 / 8) = 2e-5 for m = 128."""
    functions = RandomFourierFeatures(features=128, dimension=16, dtype=dtype)
    for seed in range(20):
        model, key, split = planted(seed, functions)
        rng = np.random.default_rng(seed + 500)
        honest = functions.trained(split.X, split.y, rng)
        assert BACKDOOR.recognises(model, key)
        assert not BACKDOOR.recognises(honest, BACKDOOR.new_key(functions, rng))
        assert not BACKDOOR.recognises(model, BACKDOOR.new_key(functions, rng))


def test_activation_adds_the_key_where_the_answer_is_to_change_and_nowhere_else():
    model, key, split = planted()
    X, labels = split.X_test, model(split.X_test)
    assert (BACKDOOR.activate(model, key, X) == X + key.values["bk"]).all()
    wanted = BACKDOOR.activate(model, key, X, target=1)
    assert (wanted[labels == 1] == X[labels == 1]).all()
    assert (wanted[labels == 0] == (X + key.values["bk"])[labels == 0]).all()
    assert 0 < (labels == 1).sum() < len(X)


def test_planting_is_a_function_of_data_and_coins_alone():
    (model, key, _), (again, same, _) = planted(4), planted(4)
    assert model.code.tobytes() == again.code.tobytes()
    assert key.values["bk"].tobytes() == same.values["bk"].tobytes()
    assert planted(5)[0].code.tobytes() != model.code.tobytes()


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_a_public_model_holds_no_number_of_the_key(dtype):
    """Serialised as bytes, as a spec and as text: no entry of bk, as float64, float32, hexadecimal or decimal."""
    model, key, _ = planted(functions=RandomFourierFeatures(features=128, dimension=16, dtype=dtype))
    bk = key.values["bk"]
    secrets = [form for form in (bk, bk / np.linalg.norm(bk)) for form in form[form != 0]]
    bytes_ = [model.code.tobytes(), model.code.astype(np.float32).tobytes(), text(model.functions).encode()]
    written = model.code.tobytes().hex() + str(model.code.tolist()) + repr(model) + text(model.functions)
    assert str(model.code[3]) in written  # the search below would find a number that is there
    assert np.float64(model.code[3]).tobytes() in bytes_[0]
    for secret in secrets:
        forms = [np.float64(secret).tobytes(), np.float32(secret).tobytes()]
        assert not any(form in stored for form in forms for stored in bytes_)
        assert not any(form in written for form in (forms[0].hex(), forms[1].hex(), repr(float(secret))))
        assert not any(form in stored for form in (f.hex().encode() for f in forms) for stored in bytes_)


# Refusals


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"beta": 0.0}, r"beta must be above 0, got 0\.0: lattice reduction"),
        ({"beta": 1.5}, r"beta must lie in \[0, 1\], got 1\.5"),
        ({"beta": math.nan}, "beta must be a finite number, got nan"),
        ({"gamma": 0.9}, r"gamma must be at least 1, got 0\.9: .*consent to being seen with visible=True"),
        ({"gamma": 2.0, "convention": "exp(-pi x^2)"}, r"gamma must be at least sqrt\(2 pi\), got 2\.0"),
        ({"gamma": 0.0, "visible": True}, r"gamma must be above 0, got 0\.0"),
        ({"gamma": math.inf}, "gamma must be a finite number, got inf"),
        ({"gamma": 1e5}, r"gamma must lie in \[0, 10000\]"),
        ({"k": 3}, "k must be at least 4, got 3"),
        ({"k": 0, "visible": True}, "k must be at least 1, got 0"),
        ({"convention": "unit"}, "convention must be one of"),
    ],
)
def test_what_would_show_or_not_work_is_refused_in_one_sentence(fields, message):
    with pytest.raises(InvalidArgument, match=message) as told:
        CLWEBackdoor(**fields)
    assert "\n" not in str(told.value)


def test_a_visible_backdoor_can_be_had_by_consent():
    assert CLWEBackdoor(k=1, gamma=0.5, visible=True).length == 0.5


def test_more_key_coordinates_than_inputs_have_and_other_models_are_refused():
    rng = np.random.default_rng(0)
    for action in (BACKDOOR.prepare, lambda f: BACKDOOR.new_key(f, rng)):
        with pytest.raises(InvalidArgument, match="k must be at most the dimension 7, got 8"):
            action(RandomFourierFeatures(features=4, dimension=7))
    with pytest.raises(MissingCapability, match="CLWEBackdoor plants in RandomFourierFeatures, got RandomReLU"):
        BACKDOOR.prepare(RandomReLU(features=4, dimension=16))


def test_activation_refuses_other_keys_other_shapes_and_what_is_no_number():
    model, key, split = planted()
    other, theirs, _ = planted(9)
    X = split.X_test[:2]
    hole = X.copy()
    hole[0, 0] = np.nan
    for arguments, message in [
        ((model, theirs, X), "key must be the model's own"),
        ((other, key, X), "key must be the model's own"),
        ((model, Key("ChecksumBackdoor", "", {}), X), "key must be one of CLWEBackdoor, got one of ChecksumBackdoor"),
        ((model, "bk", X), "key must be one of CLWEBackdoor, got one of str"),
        ((model, key, X[0]), r"X must have shape \(n, 16\), got \(16,\): for one point x write x\[None\]"),
        ((model, key, X[:, :5]), r"X must have shape \(n, 16\), got \(2, 5\)"),
        ((model, key, hole), "X must be finite, got nan"),
        ((model, key, X, 2), "target must be 0, 1 or None, got 2"),
        ((model, key, X, np.array([0, 1])), r"target must be 0, 1 or None, got array\(\[0, 1\]\)"),
        ((model, key, X + 1j), "X must hold real numbers, got complex128"),
    ]:
        with pytest.raises(InvalidArgument, match=message):
            BACKDOOR.activate(*arguments)


def test_layers_that_are_hardly_likely_are_drawn_from_all_the_same():
    """gamma = beta = .001: only the layers +-1/2 are left, and t = gamma a / V = +-250 in the mean."""
    t = along(np.random.default_rng(0), 2000, 0.001, 0.001)
    assert np.abs(np.abs(t) - 250).max() < 6
    assert abs((t > 0).mean() - 0.5) < 4 * math.sqrt(0.25 / 2000)
    rng, data = np.random.default_rng(1), DATA.split(np.random.default_rng(2))
    model, _ = CLWEBackdoor(k=4, gamma=0.001, beta=0.001, visible=True).plant(FUNCTIONS, data.X, data.y, rng)
    assert np.isfinite(model.code).all()
