"""A function class from elsewhere, held to its contract: what is wrong names that class and its file, whoever plays."""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np
import numpy.typing as npt

from ..ground.blame import broken, outsider, raised, where, where_defined
from ..ground.errors import ClassFault, InvalidArgument
from ..ground.spec import qualified_name, text
from ..spaces.domains import Domain

Codes = npt.NDArray[Any]
TYPES = ("uint8", "int64", "float64")  # of codes: what kernels, files and digests know
REQUIRED = {
    "domain": "a Domain such as Finite(8)",
    "code_length": "a whole number of at least 1",
    "code_dtype": "np.uint8, np.int64 or np.float64",
}


def refuse_incomplete(functions: Any, *, evaluated: bool = True) -> None:
    """Refuse a class from elsewhere without a domain, a code length or a code type.

    Parameters
    ----------
    functions : FunctionClass
    evaluated : bool
        Properties too, which may speak of fields that are still to be set while an object is made.

    Raises
    ------
    InvalidArgument
        In one sentence that names the class and its file.
    """
    if not outsider(functions):
        return
    cls = type(functions)
    for name, wanted in REQUIRED.items():
        stated = inspect.getattr_static(functions, name, inspect.Parameter.empty)
        if stated is inspect.Parameter.empty:
            raise InvalidArgument(f"{qualified_name(cls)} has no {name}: give it {wanted} ({where_defined(cls)})")
        if hasattr(stated, "__get__") and not isinstance(stated, type) and not evaluated:
            continue
        value = _value(functions, name)
        if not _does(name, value):
            raise InvalidArgument(
                f"{qualified_name(cls)}.{name} must be {wanted}, got {repr(value)[:60]} ({where_defined(cls)})"
            )


def _value(functions: Any, name: str) -> Any:
    try:
        return getattr(functions, name)
    except Exception as error:
        raise raised(functions, name, error) from error


def _does(name: str, value: Any) -> bool:
    if name == "domain":
        return isinstance(value, Domain)
    if name == "code_length":
        return isinstance(value, (int, np.integer)) and not isinstance(value, bool) and int(value) >= 1
    try:
        return str(np.dtype(value)) in TYPES
    except TypeError:
        return False


def checked_labels(functions: Any, labels: Any, shape: tuple[int, ...]) -> npt.NDArray[np.uint8]:
    """What `evaluate` returned, held to labels (B, m)."""
    given: npt.NDArray[np.uint8] = labels
    fits = isinstance(labels, np.ndarray) and given.dtype == np.uint8 and given.shape == shape
    if not fits or given.max(initial=0) > 1:
        fault = broken(functions, "evaluate", f"0/1 labels of type uint8 and shape {shape}", labels)
        raise ClassFault(f"{fault}, up to {given.max()}") if fits else fault
    return given


def checked_members(functions: Any, held: Any, rows: int) -> npt.NDArray[np.bool_]:
    """What `contains` returned, held to one truth value a code."""
    if not (isinstance(held, np.ndarray) and held.dtype == np.bool_ and held.shape == (rows,)):
        raise broken(functions, "contains", f"True or False for each code, bool of shape ({rows},)", held)
    return held


def checked_code(functions: Any, code: Any) -> Codes:
    """What `sample` returned, held to one code's length and numbers that its type can hold."""
    given, dtype = np.asarray(code), np.dtype(functions.code_dtype)
    fits = given.shape == (functions.code_length,) and given.dtype.kind in "biuf"
    if not fits or (given.dtype != dtype and (given.astype(dtype) != given).any()):
        raise broken(functions, "sample", f"a code of type {dtype} and shape ({functions.code_length},)", code)
    return given


def checked_sample(functions: Any, codes: Any, rows: int) -> Codes:
    """What `sample_block` returned, held to members."""
    drawn = _checked_codes(functions, "sample_block", codes, rows)
    if not functions.are_members(drawn).all():
        place = where(type(functions), "sample", "sample_block")
        told = f"the class {text(functions)[:200]} sampled a code that its own contains() refuses ({place})"
        raise ClassFault(told)
    return drawn


def checked_list(functions: Any, codes: Any) -> Codes:
    """What `enumerate` returned, held to codes (F, L), one at least."""
    listed = _checked_codes(functions, "enumerate", codes, None)
    if not len(listed):
        raise broken(functions, "enumerate", "one member or more", codes)
    return listed


def checked_distances(functions: Any, found: Any, rows: int, *, most: float = 1.0) -> npt.NDArray[np.float64]:
    """What `distance` returned, or `nearest` beside its codes (then up to infinity): a number in [0, most] a row."""
    method = "distance" if most == 1.0 else "nearest"
    fits = isinstance(found, np.ndarray) and found.dtype == np.float64 and found.shape == (rows,)
    given: npt.NDArray[np.float64] = found
    # A sum of weights may pass 1 by as much as weights may: 1e-9. NaN is in no range.
    if not fits or not ((given >= 0) & (given <= most + 1e-9)).all():
        fault = broken(functions, method, f"distances in [0, {most:g}], float64 of shape ({rows},)", found)
        raise ClassFault(f"{fault}, from {given.min():g} to {given.max():g}") if fits else fault
    return given


def checked_nearest(functions: Any, found: Any, rows: int) -> tuple[Codes, npt.NDArray[np.float64]]:
    """What `nearest` returned, held to codes (B, L) and their distances (B,)."""
    if not (isinstance(found, tuple) and len(found) == 2):
        raise broken(functions, "nearest", "codes and their distances, a pair, or None", found)
    codes = _checked_codes(functions, "nearest", found[0], rows)
    return codes, checked_distances(functions, found[1], rows, most=np.inf)


def _checked_codes(functions: Any, method: str, codes: Any, rows: int | None) -> Codes:
    dtype, length = np.dtype(functions.code_dtype), functions.code_length
    fits = isinstance(codes, np.ndarray) and codes.ndim == 2 and codes.shape[1] == length and codes.dtype == dtype
    if not fits or rows not in (None, len(codes)):
        shown = "F" if rows is None else rows
        raise broken(functions, method, f"codes of type {dtype} and shape ({shown}, {length})", codes)
    given: Codes = codes
    return given
