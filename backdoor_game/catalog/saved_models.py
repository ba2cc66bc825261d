"""Models in files: a function's class as its spec and its code as numbers, nothing of which is executed on load."""

from __future__ import annotations

import dataclasses
import io
from collections.abc import Iterator
from typing import Any

import numpy as np

from ..functions import Function, FunctionClass
from ..ground import _validate
from ..ground.errors import InvalidArgument, SpecError
from ..ground.files import as_path, write_bytes
from ..ground.lookup import made
from ..ground.spec import Configured, parse, text
from . import names as catalog

NAME = "backdoor_game_model"


def save_model(function: Function, path: str) -> str:
    """Write a model to an .npz file: beside the path first, and then renamed.

    Parameters
    ----------
    function : Function
        Planted or not; of one planted by a backdoor with `white_box` everybody may read the file: the key is no part of
        the model. `MajorityPersistence` and `PixelBackdoor` hide nothing from who reads the weights.
    path : str
        Where to; ``.npz`` is the usual ending, and none is added.

    Returns
    -------
    str
        The path.

    Raises
    ------
    InvalidArgument
        For a model whose code is its key, such as one of `Checksummed`, or a place that cannot be written.
    """
    _validate.instance("function", function, Function, "RandomReLU(400, 64).trained(X, y, rng)")
    for part in _parts(function.functions):
        if part.secret:
            name = type(part).__name__
            why = "its code is its key in the clear: offer it as a black box"
            raise InvalidArgument(f"function must not be of {name}: {why}")
    buffer = io.BytesIO()
    np.savez(buffer, **{NAME: np.array(text(function.functions)), "code": function.code})  # type: ignore[arg-type]
    return write_bytes(path, buffer.getvalue(), "path")


def load_model(path: str, functions: FunctionClass | None = None) -> Function:
    """Read what `save_model` has written.

    Parameters
    ----------
    path : str
    functions : FunctionClass, optional
        The class that the model must be of: needed for a class that the package does not ship, since a file may not say
        what code to import.

    Raises
    ------
    InvalidArgument
        For a file that cannot be read or holds no model, a model of another class, or a code that is no member.
    """
    path = as_path(path)
    spec, code = _content(path)
    given = _class(path, spec) if functions is None else functions
    found: FunctionClass = made(given, FunctionClass, "functions", "RandomReLU(features=400, dimension=64)")
    if text(found) != spec:
        raise InvalidArgument(f"functions must be the model's class {spec[:200]}, got {text(found)[:200]}")
    fits = code.shape == (found.code_length,) and code.dtype == np.dtype(found.code_dtype)
    if not fits or not found.contains(code[None])[0]:
        raise InvalidArgument(
            f"path {str(path)!r} holds a code that is no member of {spec[:200]}: save the model again"
        )
    return found.function(code)


def _content(path: str) -> tuple[str, Any]:
    try:
        with np.load(path, allow_pickle=False) as found:
            return str(found[NAME].item()), found["code"]
    except OSError as error:
        raise InvalidArgument(f"path {str(path)!r} cannot be read: {error.strerror or error}") from None
    except Exception:  # whatever a file that is none makes of the reader
        raise InvalidArgument(f"path {str(path)!r} holds no model: name a file that save_model has written") from None


def _class(path: str, spec: str) -> FunctionClass:
    """The class that a spec of shipped names describes."""
    known = catalog.shipped("functions") | catalog.shipped("domains") | catalog.shipped("distributions")

    def named(name: str) -> type:
        if name not in known:
            raise SpecError(f"{name!r} is not shipped: build it yourself and call load_model(path, functions=...)")
        return known[name]

    try:
        found = parse(spec, named)
    except SpecError as error:
        raise InvalidArgument(f"path {str(path)!r} holds a model of a class that is not known here: {error}") from None
    if not isinstance(found, FunctionClass):
        raise InvalidArgument(f"path {str(path)!r} holds no model: {spec[:200]} is no function class")
    return found


def _parts(thing: Any) -> Iterator[FunctionClass]:
    """A function class and all that it is made of."""
    if isinstance(thing, FunctionClass):
        yield thing
    if isinstance(thing, Configured) and dataclasses.is_dataclass(thing):
        for field in dataclasses.fields(thing):
            yield from _parts(getattr(thing, field.name))
    if isinstance(thing, tuple):
        for item in thing:
            yield from _parts(item)
