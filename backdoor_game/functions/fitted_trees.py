"""Decision trees that scikit-learn has fitted to data, as members of a class."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..ground import _validate
from ..ground.errors import InvalidArgument, MissingCapability
from .base import Codes
from .decision_trees import DecisionTrees


def from_sklearn(tree: Any, leaves: int | None = None) -> tuple[DecisionTrees, Codes]:
    """A fitted `sklearn.tree.DecisionTreeClassifier` on 0/1 features as one of our trees.

    Parameters
    ----------
    tree : sklearn.tree.DecisionTreeClassifier
        Fitted to labels 0 and 1 of one output, with every threshold strictly between 0 and 1.
    leaves : int, optional
        What the class allows; None: as many leaves as the tree has, so that a plant finds none to spare.

    Returns
    -------
    (DecisionTrees, ndarray of int64, shape (L,))
        The class over as many bits as there are features, and the tree's code in it; it predicts what `tree` predicts.

    Raises
    ------
    MissingCapability
        Where scikit-learn is not installed.
    InvalidArgument
        For anything else than such a tree, in one sentence.
    """
    fitted = _fitted(tree)
    inner = fitted.children_left != -1
    tokens = np.where(inner, fitted.feature + 2, np.array(tree.classes_)[fitted.value[:, 0].argmax(axis=1)])
    _refuse_thresholds(fitted.threshold[inner])
    code = _prefix(tokens.tolist(), inner, fitted.children_left, fitted.children_right)
    count = int((~inner).sum())
    if leaves is not None and _validate.integer("leaves", leaves, 1) < count:
        raise InvalidArgument(f"leaves must be at least {count}, as many as the fitted tree has, got {leaves}")
    functions = DecisionTrees(int(tree.n_features_in_), count if leaves is None else leaves)
    padded = np.zeros(functions.code_length, dtype=np.int64)
    padded[: len(code)] = code
    if not functions.contains(padded[None])[0]:
        raise InvalidArgument("tree must read no feature twice on a path, and this one does: its features are not bits")
    return functions, padded


def _fitted(tree: Any) -> Any:
    """The arrays inside a fitted classifier of labels 0 and 1."""
    try:
        from sklearn.tree import DecisionTreeClassifier
    except ImportError:
        wanted = "pip install 'backdoor-game[sklearn]'"
        raise MissingCapability(f"from_sklearn() needs scikit-learn, which is not installed: {wanted}") from None
    _validate.instance("tree", tree, DecisionTreeClassifier, "DecisionTreeClassifier().fit(X, y)")
    if "tree_" not in vars(tree):
        raise InvalidArgument("tree must be fitted: call tree.fit(X, y) first")
    if tree.n_outputs_ != 1:
        raise InvalidArgument(f"tree must have one output, got {tree.n_outputs_}")
    if not set(np.asarray(tree.classes_).tolist()) <= {0, 1}:
        raise InvalidArgument(f"tree must be fitted to the labels 0 and 1, got {np.asarray(tree.classes_).tolist()}")
    return tree.tree_


def _refuse_thresholds(thresholds: Any) -> None:
    outside = thresholds[(thresholds <= 0) | (thresholds >= 1)]
    if len(outside):
        raise InvalidArgument(
            f"tree must be fitted to features that are 0 or 1, got a split at {outside[0]:g}: binarise them first"
        )


def _prefix(tokens: list[int], inner: Any, low: Any, high: Any) -> list[int]:
    """The tokens in prefix order: a feature at most the threshold is 0, and goes left."""
    code, waiting = [], [0]
    while waiting:
        i = waiting.pop()
        code.append(int(tokens[i]))
        if inner[i]:
            waiting += [int(high[i]), int(low[i])]
    return code
