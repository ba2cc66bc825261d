"""The trained models as scikit-learn classifiers: what `backdoor-game[sklearn]` is needed for."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from ..ground.errors import InvalidArgument, MissingCapability
from .datasets.preparing import check_preparation, preparation
from .models import RandomFourierFeatures, RandomReLU, Trainable

try:
    from sklearn.base import BaseEstimator, ClassifierMixin
    from sklearn.utils import Tags, check_random_state
    from sklearn.utils.multiclass import check_classification_targets, type_of_target
    from sklearn.utils.validation import check_is_fitted, validate_data
except ImportError as missing:
    wanted = "pip install 'backdoor-game[sklearn]'"
    raise MissingCapability(f"backdoor_game.planting.estimators needs scikit-learn 1.6 or newer: {wanted}") from missing

Array = npt.NDArray[Any]


class _Classifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """Two labels, inputs prepared as the training data show, and a model of the package underneath."""

    def fit(self, X: Any, y: Any) -> Any:
        """Train on X (n, d) with two labels y (n,), of any kind.

        Raises
        ------
        InvalidArgument, ValueError
            For NaN or infinities, one class or more than two, constant columns alone, and parameters that the model
            or the preparation refuses.
        """
        X, y = validate_data(self, X, y, dtype=np.float64)
        check_classification_targets(y)
        self.classes_, labels = np.unique(y, return_inverse=True)
        if type_of_target(y, input_name="y") == "multiclass":
            told = "Only binary classification is supported. The type of the target is multiclass"
            raise InvalidArgument(f"{told}: y must hold two classes, got {len(self.classes_)}")
        if len(self.classes_) < 2:
            raise InvalidArgument(f"y must hold two classes, got one class: add examples of another than {y[0]!s:.40}")
        check_preparation(type(self).__name__, self.scaling, self.norm)
        self.preparation_ = preparation(X, self.scaling, self.norm)
        seed = check_random_state(self.random_state).randint(2**31, size=4)
        functions = self._functions(X.shape[1])
        self.model_ = functions.trained(self.preparation_(X), labels, np.random.default_rng(seed.tolist()))
        return self

    def prepared(self, X: Any) -> Array:
        """X (n, d) as `model_` wants it: what a backdoor's key is added to."""
        check_is_fitted(self)
        return np.asarray(self.preparation_(validate_data(self, X, dtype=np.float64, reset=False)))

    def decision_function(self, X: Any) -> Array:
        """The model's score at X (n, d), shape (n,); from 0 on it is the second of `classes_`."""
        check_is_fitted(self)
        functions = self.model_.functions
        return np.asarray(functions.scores(self.model_.code, self.prepared(X)))

    def predict(self, X: Any) -> Array:
        """The label of each row of X (n, d), shape (n,)."""
        scores = self.decision_function(X)
        return np.asarray(self.classes_[(scores >= 0).astype(int)])

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_class = False
        return tags


class RandomFourierClassifier(_Classifier):
    """`RandomFourierFeatures` for scikit-learn: columns are centred or standardised and brought to a length first.

    Parameters
    ----------
    features, dtype, loss, penalty
        See `RandomFourierFeatures`.
    scaling : {"centred", "standardised"}
    norm : float or None
        The median length of training inputs; None: as they are. At length 1 nothing is learned.
    random_state : int, RandomState or None

    Attributes
    ----------
    model_ : Function
        On prepared inputs; see `prepared`.
    classes_ : ndarray, shape (2,)
    """

    def __init__(
        self,
        features: int = 256,
        *,
        dtype: str = "float64",
        loss: str = "ridge",
        penalty: float = 0.01,
        scaling: str = "standardised",
        norm: float | None = 0.2,
        random_state: Any = None,
    ) -> None:
        self.features = features
        self.dtype = dtype
        self.loss = loss
        self.penalty = penalty
        self.scaling = scaling
        self.norm = norm
        self.random_state = random_state

    def _functions(self, dimension: int) -> Trainable:
        return RandomFourierFeatures(self.features, dimension, self.dtype, self.loss, self.penalty)


class RandomReLUClassifier(_Classifier):
    """`RandomReLU` for scikit-learn, a test of the length of an input: its accuracy is poor on most data.

    Parameters
    ----------
    features, dtype, positive
        See `RandomReLU`.
    scaling, norm, random_state
        As for `RandomFourierClassifier`; the length changes no label.

    Attributes
    ----------
    model_ : Function
        On prepared inputs; see `prepared`.
    classes_ : ndarray, shape (2,)
    """

    def __init__(
        self,
        features: int = 256,
        *,
        dtype: str = "float64",
        positive: float | None = None,
        scaling: str = "standardised",
        norm: float | None = None,
        random_state: Any = None,
    ) -> None:
        self.features = features
        self.dtype = dtype
        self.positive = positive
        self.scaling = scaling
        self.norm = norm
        self.random_state = random_state

    def _functions(self, dimension: int) -> Trainable:
        return RandomReLU(self.features, dimension, self.dtype, self.positive)

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.classifier_tags.poor_score = True
        return tags
