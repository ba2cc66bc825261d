"""Models in files: a function's class as its spec and its code as numbers, nothing of which is executed on load."""

from __future__ import annotations

import io
from typing import Any

import numpy as np

from ..functions import Function, FunctionClass
from ..ground import _validate
from ..ground.arrays import Archive
from ..ground.errors import InvalidArgument, SpecError
from ..ground.files import write_bytes
from ..ground.lookup import made
from ..ground.nesting import nested
from ..ground.paths import as_path, quoted, read_bytes
from ..ground.spec import MAX_LENGTH, parse, text
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
    for part in nested(function.functions):
        if isinstance(part, FunctionClass) and part.secret:
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
    archive, spec = _content(path)
    given = _class(path, spec) if functions is None else functions
    found: FunctionClass = made(given, FunctionClass, "functions", "RandomReLU(features=400, dimension=64)")
    if text(found) != spec:
        raise InvalidArgument(f"functions must be the model's class {spec[:200]}, got {text(found)[:200]}")
    code, wanted = archive.headers["code"], (found.code_length,)
    if code.shape != wanted or code.dtype != np.dtype(found.code_dtype):
        why = f"{code.dtype} of shape {code.shape} in place of {np.dtype(found.code_dtype)} of {wanted}"
        raise _no_member(path, spec, f" ({why})")
    model = found.function(_code(path, archive))
    if not found.are_members(model.code[None])[0]:
        raise _no_member(path, spec)
    return model


def _no_member(path: str, spec: str, why: str = "") -> InvalidArgument:
    told = f"path {quoted(path)} holds a code that is no member of {spec[:200]}{why}: save the model again"
    return InvalidArgument(told)


def _content(path: str) -> tuple[Archive, str]:
    """The file, and the spec of the class in it; nothing else is unpacked."""
    content = read_bytes(path)
    try:
        archive = Archive(content)
        about = archive.headers.get(NAME)
        if about is None or about.shape or about.dtype.kind != "U" or "code" not in archive.headers:
            raise InvalidArgument("a spec and a code are not in it")
        _validate.integer("its spec's length", about.dtype.itemsize // 4, 1, MAX_LENGTH)
        return archive, str(archive[NAME].item())
    except InvalidArgument as error:
        raise InvalidArgument(
            f"path {quoted(path)} holds no model: name a file that save_model has written, for {error}"
        ) from None


def _code(path: str, archive: Archive) -> Any:
    try:
        return archive["code"]
    except InvalidArgument as error:
        raise InvalidArgument(f"path {quoted(path)} holds no model that can be read: {error}") from None


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
        raise InvalidArgument(f"path {quoted(path)} holds a model of a class that is not known here: {error}") from None
    if not isinstance(found, FunctionClass):
        raise InvalidArgument(f"path {quoted(path)} holds no model: {spec[:200]} is no function class")
    return found
