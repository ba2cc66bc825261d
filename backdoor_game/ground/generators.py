"""Public functions that draw take a generator or an int seed, as NumPy's own do; the engine hands out generators."""

from __future__ import annotations

import functools
import inspect
import types
from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np

from . import _validate
from .errors import InvalidArgument

Drawing = TypeVar("Drawing", bound=Callable[..., Any])


def generator(rng: Any) -> np.random.Generator:
    """The generator that was given, or that of an int seed.

    Raises
    ------
    InvalidArgument
        For anything else: nothing here draws from a hidden source.
    """
    if isinstance(rng, np.random.Generator) or hasattr(rng, "integers"):  # a stand-in that counts draws will do
        found: np.random.Generator = rng
        return found
    if isinstance(rng, (int, np.integer)) and not isinstance(rng, bool):
        return np.random.default_rng(_validate.integer("rng", rng, 0))
    raise InvalidArgument(f"rng must be a numpy Generator or an int seed such as 1, got {repr(rng)[:200]}")


def seeded(method: Drawing) -> Drawing:
    """A function whose argument `rng` may be an int seed as well."""
    place = list(inspect.signature(method).parameters).index("rng")

    @functools.wraps(method)
    def drawing(*args: Any, **given: Any) -> Any:
        if "rng" in given:
            given["rng"] = generator(given["rng"])
        elif len(args) > place and type(args[place]) is not np.random.Generator:
            args = (*args[:place], generator(args[place]), *args[place + 1 :])
        return method(*args, **given)

    drawing.__seeded__ = True  # type: ignore[attr-defined]
    return drawing  # type: ignore[return-value]


def take_seeds(cls: type) -> None:
    """Have every public method of a class that draws from `rng` take an int seed as well.

    One whose `rng` may be left out says by itself what it then does: see `seeds.public_and_secret`.
    """
    for name, method in list(vars(cls).items()):
        # a class with slots is made twice from the same methods
        if not isinstance(method, types.FunctionType) or name.startswith("_") or hasattr(method, "__seeded__"):
            continue
        rng = inspect.signature(method).parameters.get("rng")
        if rng is not None and rng.default is inspect.Parameter.empty:
            setattr(cls, name, seeded(method))
