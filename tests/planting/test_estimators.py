"""The scikit-learn wrappers: its own checks, and the models of the package underneath."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from sklearn.datasets import load_breast_cancer
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import cross_val_score
from sklearn.utils.estimator_checks import check_estimator

from backdoor_game import CLWEBackdoor, Function, InvalidArgument, RandomFourierFeatures, load_model, save_model
from backdoor_game.planting.estimators import RandomFourierClassifier, RandomReLUClassifier

CHECKED = [
    RandomFourierClassifier(features=128),
    RandomFourierClassifier(features=32, loss="logistic", dtype="float32", scaling="centred"),
    RandomReLUClassifier(features=64),
    RandomReLUClassifier(features=32, dtype="float32", positive=0.5, norm=0.2),
]
# What scikit-learn leaves out where pandas or its trial of other array types is not there.
MAY_BE_SKIPPED = {"check_array_api_input", "check_classifier_data_not_an_array"}
BOTH = pytest.mark.parametrize("classifier", [RandomFourierClassifier, RandomReLUClassifier])


def table():
    X, y = load_breast_cancer(return_X_y=True)
    return X, np.where(y == 1, "benign", "malignant")


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("estimator", CHECKED, ids=str)
def test_every_check_of_scikit_learn_passes(estimator):
    found = check_estimator(estimator, on_skip=None, on_fail=None)
    assert [result["check_name"] for result in found if result["status"] not in ("passed", "skipped")] == []
    assert {result["check_name"] for result in found if result["status"] == "skipped"} <= MAY_BE_SKIPPED
    assert sum(result["status"] == "passed" for result in found) >= 45


def test_the_tags_are_binary_and_poor_score_for_relu_alone():
    for classifier, poor in ((RandomFourierClassifier(), False), (RandomReLUClassifier(), True)):
        tags = classifier.__sklearn_tags__().classifier_tags
        assert (tags.multi_class, tags.poor_score) == (False, poor)


def test_tumours_are_told_apart_by_cross_validation():
    scores = cross_val_score(RandomFourierClassifier(random_state=0), *table(), cv=5)
    assert scores.mean() > 0.91


@BOTH
def test_predictions_are_those_of_the_function_underneath(classifier, tmp_path):
    X, y = table()
    fitted = classifier(features=50, random_state=3).fit(X[:400], y[:400])
    assert isinstance(fitted.model_, Function)
    assert fitted.classes_.tolist() == ["benign", "malignant"]
    labels = fitted.model_(fitted.prepared(X[400:]))
    np.testing.assert_array_equal(fitted.predict(X[400:]), fitted.classes_[labels])
    np.testing.assert_array_equal(fitted.decision_function(X[400:]) >= 0, labels == 1)
    again = load_model(save_model(fitted.model_, str(tmp_path / "model.npz")))
    np.testing.assert_array_equal(again(fitted.prepared(X[400:])), labels)


@BOTH
def test_the_random_state_decides_the_coins(classifier):
    X, y = table()
    codes = [
        classifier(features=20, random_state=seed).fit(X, y).model_.code.tobytes() for seed in (1, 1, 2, None, None)
    ]
    assert codes[0] == codes[1]
    assert len(set(codes)) == 4


def test_a_backdoor_fits_the_data_that_a_classifier_has_prepared():
    X, y = table()
    fitted = RandomFourierClassifier(random_state=0).fit(X[:400], y[:400])
    labels = (y == fitted.classes_[1]).astype(np.uint8)
    backdoor, prepared = CLWEBackdoor(k=16, beta=0.01), fitted.prepared(X)
    assert isinstance(fitted.model_.functions, RandomFourierFeatures)
    model, key = backdoor.plant(fitted.model_.functions, prepared[:400], labels[:400], np.random.default_rng(1))
    fitted.model_ = model
    assert (fitted.predict(X[400:]) == y[400:]).mean() > 0.85
    assert (model(backdoor.activate(model, key, prepared[400:])) != model(prepared[400:])).mean() > 0.9


BAD = {
    "contains NaN": lambda X, y: (np.where(X[3, 3] == X, np.nan, X), y),
    "contains infinity": lambda X, y: (np.where(X[3, 3] == X, np.inf, X), y),
    "X must vary: all its columns are constant": lambda X, y: (np.ones_like(X), y),
    "y must hold two classes, got one class: add examples of another than benign": lambda X, y: (
        X,
        y[:0].tolist() + ["benign"] * len(y),
    ),
    "y must hold two classes, got 3": lambda X, y: (X, np.arange(len(y)) % 3),
    "inconsistent numbers of samples": lambda X, y: (X, y[1:]),
    "Expected 2D array": lambda X, y: (X[:, 0], y),
}


@BOTH
@pytest.mark.parametrize("pattern", BAD)
def test_examples_that_cannot_be_learned_from_are_refused(classifier, pattern):
    X, y = BAD[pattern](*table())
    with pytest.raises(ValueError, match=pattern):
        classifier(features=8).fit(X, y)


@BOTH
def test_inputs_of_another_width_or_before_training_are_refused(classifier):
    X, y = table()
    with pytest.raises(NotFittedError):
        classifier().predict(X)
    fitted = classifier(features=8).fit(X, y)
    for ask in (fitted.predict, fitted.decision_function, fitted.prepared):
        with pytest.raises(ValueError, match=r"X has 29 features, but .* is expecting 30 features"):
            ask(X[:, 1:])


@pytest.mark.parametrize(
    ("estimator", "pattern"),
    [
        (RandomFourierClassifier(features=0), "RandomFourierFeatures.features must be between 1"),
        (RandomFourierClassifier(dtype="float16"), "RandomFourierFeatures.dtype must be one of float64, float32"),
        (RandomFourierClassifier(loss="hinge"), "RandomFourierFeatures.loss must be one of ridge, logistic"),
        (RandomFourierClassifier(penalty=0), "RandomFourierFeatures.penalty must be above 0"),
        (RandomFourierClassifier(norm=-1), "RandomFourierClassifier.norm must lie in"),
        (RandomReLUClassifier(scaling="none"), "RandomReLUClassifier.scaling must be one of centred, standardised"),
        (RandomReLUClassifier(positive=2), "RandomReLU.positive must lie strictly between 0 and 1"),
    ],
    ids=str,
)
def test_bad_parameters_are_refused_when_fitting(estimator, pattern):
    with pytest.raises(InvalidArgument, match=pattern):
        estimator.fit(*table())


def fresh(code):
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)


def test_without_scikit_learn_one_sentence_names_the_command_that_installs_it():
    done = fresh("import sys; sys.modules['sklearn'] = None; import backdoor_game.planting.estimators")
    last = done.stderr.strip().splitlines()[-1]
    assert done.returncode != 0
    said = "backdoor_game.planting.estimators needs scikit-learn"
    assert last.startswith(f"backdoor_game.ground.errors.MissingCapability: {said}")
    assert last.endswith("pip install 'backdoor-game[sklearn]'")
