"""Trees that scikit-learn has fitted predict the same as members of the class; everything else is refused."""

from __future__ import annotations

import sys

import numpy as np
import pytest
from sklearn.datasets import load_breast_cancer, load_digits
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from backdoor_game import DecisionTrees, InvalidArgument, MissingCapability, from_sklearn

RNG = np.random.default_rng(0)
X = RNG.integers(2, size=(200, 6), dtype=np.uint8)
Y = RNG.integers(2, size=200)


def predicted(functions, code, X):
    return functions.function(code)(X.astype(np.uint8))


def binary(name):
    if name == "digits":
        X, y = load_digits(return_X_y=True)
        return X > 7, y % 2
    X, y = load_breast_cancer(return_X_y=True)
    return np.median(X, axis=0) < X, y


@pytest.mark.parametrize("depth", [1, 4, 7])
@pytest.mark.parametrize("name", ["breast cancer", "digits"])
def test_it_predicts_what_scikit_learn_predicts(name, depth):
    X, y = binary(name)
    tree = DecisionTreeClassifier(max_depth=depth, random_state=0).fit(X, y)
    functions, code = from_sklearn(tree)
    assert functions == DecisionTrees(X.shape[1], tree.get_n_leaves())
    fresh = RNG.integers(2, size=(3000, X.shape[1]))
    for points in (X, fresh):
        np.testing.assert_array_equal(predicted(functions, code, points), tree.predict(points))


def test_spare_leaves_pad_the_code():
    tree = DecisionTreeClassifier(max_depth=3).fit(X, Y)
    small, code = from_sklearn(tree)
    large, padded = from_sklearn(tree, leaves=20)
    assert large == DecisionTrees(6, 20)
    assert padded.tolist() == [*code.tolist(), *[0] * (39 - small.code_length)]


@pytest.mark.parametrize("label", [0, 1])
def test_a_tree_fitted_to_one_label_is_a_constant(label):
    functions, code = from_sklearn(DecisionTreeClassifier().fit(X, np.full(200, label)))
    assert functions == DecisionTrees(6, 1)
    assert code.tolist() == [label]


@pytest.mark.parametrize(("make", "said"), [
    (lambda: DecisionTreeClassifier(), "tree must be fitted: call tree.fit"),
    (lambda: DecisionTreeRegressor().fit(X, Y), "tree must be a DecisionTreeClassifier such as"),
    (lambda: "a tree", "tree must be a DecisionTreeClassifier such as"),
    (lambda: DecisionTreeClassifier().fit(X, Y + X[:, 0]), r"fitted to the labels 0 and 1, got \[0, 1, 2\]"),
    (lambda: DecisionTreeClassifier().fit(X, np.where(Y, "b", "a")), r"fitted to the labels 0 and 1, got \['a', 'b'\]"),
    (lambda: DecisionTreeClassifier().fit(X, np.stack([Y, 1 - Y], axis=1)), "tree must have one output, got 2"),
    (lambda: DecisionTreeClassifier().fit(3.0 * X, Y), "features that are 0 or 1, got a split at 1.5"),
    (lambda: DecisionTreeClassifier().fit(-1.0 * X, Y), "features that are 0 or 1, got a split at -0.5"),
    (lambda: DecisionTreeClassifier().fit(RNG.random((200, 2)), Y), "read no feature twice on a path"),
])  # fmt: skip
def test_everything_else_is_refused_in_one_sentence(make, said):
    with pytest.raises(InvalidArgument, match=said) as caught:
        from_sklearn(make())
    assert "\n" not in str(caught.value)


def test_fewer_leaves_than_the_tree_has_are_refused():
    tree = DecisionTreeClassifier(max_depth=2).fit(X, Y)
    with pytest.raises(InvalidArgument, match="leaves must be at least 4, as many as the fitted tree has, got 3"):
        from_sklearn(tree, leaves=3)


def test_without_scikit_learn_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn.tree", None)
    with pytest.raises(MissingCapability, match=r"pip install 'backdoor-game\[sklearn\]'"):
        from_sklearn("a tree")
