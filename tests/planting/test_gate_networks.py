"""Networks of hard gates, and networks that are trained by gradients: what they compute, learn and refuse."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backdoor_game import GateNetworks, InvalidArgument, LinearBits, MissingCapability, SigmoidNetworks
from backdoor_game.planting.networks import descended, fresh, gradient, joined, loss
from tests.naive import gate_networks

TINY = GateNetworks(bits=3, gates=2, copies=3, weight=2)


def parts(functions, code):
    """The naive twin's view of a code."""
    return gate_networks.read(functions.parameters(code).tolist(), functions.bits, functions.gates, functions.copies)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 4), st.integers(1, 3), st.sampled_from([1, 3]), st.booleans())
def test_a_network_answers_as_its_gates_say_on_every_input(seed, bits, gates, copies, real):
    F = GateNetworks(bits=bits, gates=gates, copies=copies, weight=2, real=real)
    rng = np.random.default_rng(seed)
    code = F.sample(rng)
    if real:
        code = code + rng.choice([0.0, 0.25, 0.5, -1.0], len(code))  # dyadic, so that float sums are exact
    expected = [gate_networks.answer(*parts(F, code), point) for point in F.domain.points().tolist()]
    assert F.function(code)(F.domain.points()).tolist() == expected


def test_members_are_whole_weights_in_range_under_half_integer_thresholds():
    code = TINY.sample(np.random.default_rng(0))
    assert len(code) == 3 * (2 * 4 + 3) + 4
    for place, threshold in enumerate(TINY.thresholds):
        for value in (3, -3) if not threshold else (0, 2):  # a weight past 2; a doubled threshold that is even
            changed = code.copy()
            changed[place] = value
            assert not TINY.contains(changed[None])[0]
        changed[place] = 1
        assert TINY.contains(changed[None])[0]
    assert TINY.thresholds.sum() == 3 * 3 + 1


def test_listing_counts_every_choice_of_weights_and_thresholds():
    F = GateNetworks(bits=2, gates=1, weight=1)
    assert (
        F.count() == len(F.enumerate()) == 3**2 * 6 * 3 * 4
    )  # thresholds: 6 half-integers in [-5/2, 5/2], 4 in [-3/2, 3/2]
    assert len(np.unique(F.enumerate(), axis=0)) == F.count()
    assert F.vc_upper_bound == 4
    assert GateNetworks(bits=8, gates=8).count() is None
    with pytest.raises(InvalidArgument, match="members"):
        GateNetworks(bits=8, gates=8).enumerate()
    with pytest.raises(MissingCapability, match="cannot be enumerated"):
        GateNetworks(bits=1, gates=1, real=True).enumerate()


@pytest.mark.parametrize(
    "F", [GateNetworks(bits=2, gates=1, weight=1), GateNetworks(bits=1, gates=2, weight=1)], ids=str
)
def test_the_members_are_the_functions_of_the_definition(F):
    codes, points = F.enumerate(), F.domain.points()
    labels = F.evaluate(codes, np.broadcast_to(points, (len(codes), *points.shape)))
    assert set(map(tuple, labels.tolist())) == gate_networks.computed(F.bits, F.gates, F.weight)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**32), st.integers(2, 6), st.integers(1, 9))
def test_three_copies_and_real_parameters_are_the_same_function(seed, bits, gates):
    rng = np.random.default_rng(seed)
    F = GateNetworks(bits=bits, gates=gates)
    code, points = F.sample(rng), F.domain.points()
    three = F.majority(code)
    assert three.functions.contains(three.code[None])[0]
    assert three.functions.unpack(three.code)[2].tolist() == [1, 1, 1, 3]
    for same in (three, F.loosened(code), three.functions.loosened(three.code)):
        np.testing.assert_array_equal(same(points), F.function(code)(points))


def test_training_learns_a_halfspace_of_bits_and_is_a_member():
    accuracies = []
    for seed in range(8):
        rng = np.random.default_rng(seed)
        split = LinearBits(dimension=8).split(rng)
        F = GateNetworks(bits=8, gates=8)
        model = F.trained(split.X, split.y, rng)
        assert F.contains(model.code[None])[0]
        accuracies.append((model(split.X_test) == split.y_test).mean())
    assert np.mean(accuracies) > 0.9  # eight gates can pass the bits on, and a perceptron separates what is separable


def test_training_gives_what_the_class_holds():
    rng = np.random.default_rng(0)
    split = LinearBits(dimension=5).split(rng)
    plain = GateNetworks(bits=5, gates=5).trained(split.X, split.y, np.random.default_rng(1))
    for copies, real in ((3, False), (1, True), (3, True)):
        F = GateNetworks(bits=5, gates=5, copies=copies, real=real)
        model = F.trained(split.X, split.y, np.random.default_rng(1))
        assert model.functions == F
        assert F.contains(model.code[None])[0]
        np.testing.assert_array_equal(model(split.X_test), plain(split.X_test))


@pytest.mark.parametrize(("make", "told"), [
    (lambda: GateNetworks(bits=0, gates=1), "bits must be between 1 and 1000, got 0"),
    (lambda: GateNetworks(bits=2, gates=0), "gates must be between 1 and 1000, got 0"),
    (lambda: GateNetworks(bits=2, gates=1, copies=2), "copies must be 1, or 3 under a majority gate, got 2"),
    (lambda: GateNetworks(bits=2, gates=1, weight=0), "weight must be between"),
    (lambda: TINY.majority(TINY.sample(np.random.default_rng(0))), "copies must be 1 before three are made, got 3"),
    (lambda: GateNetworks(2, 1).trained([[0, 2]], [1], 0), r"X must hold points of Bits\(count=2\), got \[0, 2\]"),
    (lambda: GateNetworks(2, 1).trained([[0, 0.5]], [1], 0), "X must hold points of Bits"),
    (lambda: GateNetworks(2, 1).trained([[0, 1]], [1, 0], 0), r"must have shapes \(m, 2\) and \(m,\), got"),
    (lambda: GateNetworks(2, 1).trained([[0, 1], [1, 1]], [1, 2], 0), r"labels 0 and 1 alone, got \[1, 2\]"),
    (lambda: GateNetworks(2, 1).trained([[0, 1], [1, 1]], [1, 1], 0), r"both classes, got only \[1\]: add"),
    (lambda: SigmoidNetworks(4, 2, activation="tanh"), "activation must be one of sigmoid, relu, got 'tanh'"),
    (lambda: SigmoidNetworks(4, 2, lr=0.0), "lr must be above 0, such as 0.1, got 0.0"),
    (lambda: SigmoidNetworks(4, 2, epochs=0), "epochs must be between"),
    (lambda: SigmoidNetworks(4, 2).trained(np.zeros((3, 3)), [0, 1, 1], np.random.default_rng(0)), r"shape \(n, 2\)"),
    (lambda: fresh(2, 0, 2, "relu", np.random.default_rng(0)), "hidden must be between 1 and 65536, got 0"),
    (lambda: LinearBits(dimension=0), "dimension must be between 1 and 1000, got 0"),
])  # fmt: skip
def test_bad_input_is_refused_in_one_sentence(make, told):
    with pytest.raises(InvalidArgument, match=told) as caught:
        make()
    assert "\n" not in str(caught.value)


# Gradients


@pytest.mark.parametrize("classes", [1, 4])
@pytest.mark.parametrize("activation", ["sigmoid", "relu"])
def test_the_gradient_is_the_difference_quotient_of_the_loss(classes, activation):
    rng = np.random.default_rng(3)
    network = fresh(5, 6, classes, activation, rng)
    X, y = rng.standard_normal((20, 5)), rng.integers(max(2, classes), size=20)
    found = np.concatenate([part.ravel() for part in gradient(network, X, y)])
    flat, step = network.flat(), 1e-6
    for place in range(len(flat)):
        ends = [flat.copy(), flat.copy()]
        ends[0][place] -= step
        ends[1][place] += step
        low, high = (loss(joined(end, 5, 6, classes, activation), X, y) for end in ends)
        assert found[place] == pytest.approx((high - low) / (2 * step), abs=1e-7)


def test_scores_are_the_two_layers_and_classes_the_largest_of_them():
    network = joined(np.array([1.0, -2.0, 0.5, 0.0, 2.0, 1.0, -1.0, 3.0, 0.25, 0.5]), 1, 2, 2, "relu")
    # hidden (x + 1/2, -2x) cut at 0; scores 2 h1 + h2 + 1/4 and -h1 + 3 h2 + 1/2
    X = np.array([[1.0], [-1.0]])
    np.testing.assert_array_equal(network.scores(X), [[3.25, -1.0], [2.25, 6.5]])
    assert network.classes(X).tolist() == [0, 1]


def test_one_step_of_descent_is_the_gradient_and_the_decay_of_weights_alone():
    rng = np.random.default_rng(0)
    network = fresh(3, 4, 2, "relu", rng)
    network.b[:] = 0.3
    X, y = rng.standard_normal((10, 3)), rng.integers(2, size=10)
    moved = descended(network, X, y, rng, epochs=1, lr=0.5, batch=10, decay=0.1)
    steps = gradient(network, X, y)
    for part, step, new, shrink in zip(network.parts, steps, moved.parts, (0.95, 1, 0.95, 1), strict=True):
        np.testing.assert_allclose(new, shrink * part - 0.5 * step, atol=1e-14)


def test_a_batch_that_does_not_divide_the_examples_still_sees_each_once():
    rng = np.random.default_rng(0)
    network = joined(np.zeros(4), 1, 1, 1, "sigmoid")
    seen = []
    descended(network, np.ones((7, 1)), np.ones(7), rng, epochs=2, lr=0.1, batch=3, after=lambda n, _: seen.append(n))
    assert seen == [0, 1, 2]
    once = descended(network, np.ones((7, 1)), np.ones(7), rng, epochs=1, lr=0.1, batch=100)
    # at zero every odds is 1/2 and the hidden unit is 1/2: c moves by lr/2 and v by lr/4, W and b not at all
    np.testing.assert_allclose(once.flat(), [0, 0, 0.025, 0.05], atol=1e-15)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_a_sigmoid_network_learns_what_is_not_linear(dtype):
    rng = np.random.default_rng(5)
    X = rng.standard_normal((600, 2))
    y = (X[:, 0] * X[:, 1] > 0).astype(np.uint8)
    F = SigmoidNetworks(features=16, dimension=2, dtype=dtype, activation="relu", lr=0.3, epochs=60)
    model = F.trained(X[:400], y[:400], rng)
    assert (model(X[400:]) == y[400:]).mean() > 0.9
    assert (model.code.astype(dtype) == model.code).all()
    network = F.network(model.code)
    np.testing.assert_array_equal(F.model(network).code, model.code)
    np.testing.assert_array_equal(network.classes(X), model(X))


def test_coins_decide_training():
    rng = np.random.default_rng(6)
    X, y = rng.standard_normal((50, 3)), np.arange(50) % 2
    F = SigmoidNetworks(features=4, dimension=3, epochs=3)
    coins = F.coins(np.random.default_rng(1))
    assert coins.shape == (F.code_length + 1,)
    np.testing.assert_array_equal(F.fitted(coins, X, y).code, F.fitted(coins, X, y).code)
    reordered = np.append(coins[:-1], (coins[-1] + 0.5) % 1)
    assert (F.fitted(coins, X, y).code != F.fitted(reordered, X, y).code).any()
