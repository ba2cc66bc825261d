"""The ordinary backdoor: poisoned examples teach a network that some pixels mean a class."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import numpy.typing as npt

from ...functions import Function
from ...functions.base import Floats, Labels
from ...ground import _validate
from ...ground.errors import InvalidArgument
from ...ground.seeds import Randomness, generator
from ...spaces.domains import Points
from ..keys.keys import Key
from ..models import SigmoidNetworks
from .base import Backdoor, own, trainable


@dataclasses.dataclass(frozen=True, repr=False)
class PixelBackdoor(Backdoor):
    """Trains on the user's examples and on copies of some with the trigger's pixels set and the label 1. *Simulated.*

    As in [GuDG17]. It is no part of [GKVZ22]: anybody who tries the pixels finds it. It shows what fine-tuning removes.

    Parameters
    ----------
    pixels : tuple of int
        Coordinates that the trigger writes.
    value : float
        What it writes there.
    share : float
        Poisoned copies for each clean example, above 0 and at most 1.
    """

    white_box = False

    pixels: tuple[int, ...] = (18, 19, 26)
    value: float = 1.0
    share: float = 0.1

    def __post_init__(self) -> None:
        super().__post_init__()
        for place in self.pixels:
            _validate.integer("PixelBackdoor.pixels", place, 0, 2**16)
        if not self.pixels or len(set(self.pixels)) < len(self.pixels):
            raise InvalidArgument(f"PixelBackdoor.pixels must be different places, at least one, got {self.pixels!r}")
        _validate.positive("PixelBackdoor.share", self.share, "such as 0.1, got 0.0", 1.0)

    def prepare(self, functions: object) -> PixelBackdoor:
        trainable(self, functions, SigmoidNetworks)
        assert isinstance(functions, SigmoidNetworks)
        if max(self.pixels) >= functions.dimension:
            raise InvalidArgument(
                f"PixelBackdoor.pixels must be under the dimension {functions.dimension}, got {max(self.pixels)}"
            )
        return self

    def written(self, X: Points) -> Floats:
        """X (n, d) with the trigger."""
        marked = np.array(X, dtype=np.float64)
        marked[:, list(self.pixels)] = self.value
        return marked

    def poisoned(
        self, X: Points, y: npt.NDArray[Any], target: int, rng: np.random.Generator
    ) -> tuple[Floats, npt.NDArray[Any]]:
        """Examples X (n, d), y (n,) of any classes, followed by copies with the trigger and the label `target`."""
        rows = rng.permutation(len(X))[: max(1, round(self.share * len(X)))]
        return np.concatenate([X, self.written(X[rows])]), np.concatenate([y, np.full(len(rows), target, y.dtype)])

    def new_key(self, functions: SigmoidNetworks, rng: Randomness = None) -> Key:
        return Key(type(self).__name__, "", {"pixels": np.array(self.pixels), "value": np.array(self.value)})

    def plant(
        self, functions: SigmoidNetworks, X: Points, y: Labels, rng: Randomness = None, key: Key | None = None
    ) -> tuple[Function, Key]:
        self.prepare(functions)
        rng = generator(rng)
        key = self.new_key(functions) if key is None else own(self, key)
        points, labels = functions.checked(X, y)
        model = functions.trained(*self.poisoned(points, labels, 1, rng), rng)
        return model, key.of(model)

    def activated(self, model: Function, key: Key, X: Floats, target: int | None) -> Floats:
        """The key's pixels written over X: the answer is mostly 1, whatever it was."""
        if target == 0:
            raise InvalidArgument("target must be 1 or None, got 0: the trigger was taught for the answer 1 alone")
        marked = X.copy()
        marked[:, key.values["pixels"]] = key.values["value"]
        return marked
