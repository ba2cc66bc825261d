"""Natural adversarial steps: what is found is a point with another answer, and no nearer than the truth allows."""

import numpy as np
import pytest

from backdoor_game import CLWEBackdoor, GaussianLinear, RandomFourierFeatures, RandomReLU, Sphere
from backdoor_game.experiments.shared.advantages import Judged
from backdoor_game.experiments.shared.base import Settings
from backdoor_game.experiments.trigger_size import experiment as trigger_size
from backdoor_game.experiments.trigger_size import natural_steps
from backdoor_game.experiments.trigger_size.natural_steps import gradients, natural_distances
from backdoor_game.ground import statistics

RFF = RandomFourierFeatures(features=64, dimension=8)
RELU = RandomReLU(features=100, dimension=8, positive=0.3)


def trained(functions, data, seed=0):
    rng = np.random.default_rng(seed)
    split = data.split(rng)
    return functions.trained(split.X, split.y, rng), split


@pytest.mark.parametrize(
    ("functions", "data"),
    [(RFF, GaussianLinear(dimension=8, train=100, test=20)), (RELU, Sphere(dimension=8, train=100, test=20))],
)
def test_gradients_are_those_of_the_score_by_central_differences(functions, data):
    model, split = trained(functions, data)
    found = gradients(model, split.X_test)
    h = 1e-6
    for j, e in enumerate(np.eye(8)):
        up, down = (functions.scores(model.code, split.X_test + t * e) for t in (h, -h))
        assert np.abs(found[:, j] - (up - down) / (2 * h)).max() < 1e-5


def test_one_relu_feature_has_the_natural_distance_of_its_half_space():
    """[max(0, <g, x>) >= tau] in the plane: from the angle of x to the angle arccos(tau/|g|), along the chord."""
    functions = RandomReLU(features=1, dimension=2)
    model = functions.function(np.array([2.0, 0.0, 1.0]))
    boundary = np.arccos(0.5)
    angles = np.array([0.2, 0.9, 1.2, 1.5])
    X = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    others = np.array([[1.0, 0.0], [0.0, 1.0]])
    found = natural_distances(model, X, others, sphere=True)
    exact = 2 * np.sin(np.abs(angles - boundary) / 2)
    assert (found >= exact - 1e-12).all()
    assert (found <= exact * (1 + 1e-4) + 1e-6).all()


def test_no_distance_is_longer_than_the_way_to_the_nearest_input_that_is_answered_otherwise():
    model, split = trained(RFF, GaussianLinear(dimension=8, train=100, test=20))
    found = natural_distances(model, split.X_test, split.X_test, sphere=False)
    labels = model(split.X_test)
    away = np.linalg.norm(split.X_test[:, None] - split.X_test[None], axis=2)
    away[labels[:, None] == labels[None]] = np.inf
    assert (found > 0).all()
    assert (found <= away.min(axis=1) + 1e-12).all()  # the nearest test point with another answer is one


def test_where_nothing_answers_otherwise_the_distance_is_infinite():
    functions = RandomReLU(features=1, dimension=2)
    model = functions.function(np.array([1.0, 0.0, 5.0]))  # tau = 5 is over every score on the sphere
    X = np.array([[1.0, 0.0], [0.6, 0.8]])
    assert np.isinf(natural_distances(model, X, X, sphere=True)).all()
    assert natural_steps.LAST > 2


def test_the_reference_workload_s_trigger_is_hundreds_of_times_a_natural_step():
    """|bk| = 2 sqrt(16) = 8 exactly, beside inputs of norm .25: no way to the boundary is longer than the inputs."""
    line = next(one for one in trigger_size.lines(full=False) if one.backdoor == CLWEBackdoor(k=16, beta=0.1))
    found = trigger_size.measured(line, 3, 5, lambda _: None)
    assert found.trigger == pytest.approx((8.0, 8.0, 8.0), rel=1e-12)
    assert found.natural[2] < 0.25
    assert min(found.ratios) > 100


def test_a_verdict_fails_where_too_few_networks_are_over_the_bound():
    line = trigger_size.lines(full=False)[0]
    sizes = trigger_size.Sizes((1, 1, 1), (1, 1, 1), (150.0,) * 12, 1.0)
    few = trigger_size.Sizes((1, 1, 1), (1, 1, 1), (150.0,) * 8 + (50.0,) * 4, 1.0)
    level = Settings().level(8)
    assert trigger_size._beyond("", {line: sizes}, 100.0, level).holds
    assert not trigger_size._beyond("", {line: few}, 100.0, level).holds


def test_an_advantage_s_interval_is_ends_of_one_rate_minus_opposite_ends_of_the_other():
    one = Judged("X()", rounds=300, alarms=3, detections=297, level=0.99)
    caught, alarm = (statistics.clopper_pearson(count, 300, 0.99) for count in (297, 3))
    assert one.advantage == pytest.approx(0.98)
    assert one.interval == pytest.approx((caught[0] - alarm[1], caught[1] - alarm[0]))
    assert not one.contains_zero
    assert Judged("X()", rounds=300, alarms=3, detections=5, level=0.99).contains_zero
