"""Whose fault an exception is: the file and line outside this package, and classes told by their own name."""

from __future__ import annotations

import functools
import inspect
import os
import pathlib
import traceback
import types
from collections.abc import Callable
from typing import Any

from .errors import BackdoorGameError, ClassFault
from .spec import qualified_name

OWN = __name__.split(".")[0]
PACKAGE = str(pathlib.Path(__file__).resolve().parent.parent) + os.sep


def last_line(error: BaseException, *, own: bool = True) -> str | None:
    """The deepest frame outside this package and its libraries; without one the deepest of all if `own`, else None."""
    frames = traceback.extract_tb(error.__traceback__)
    outside = [frame for frame in frames if not str(pathlib.Path(frame.filename).resolve()).startswith(PACKAGE)]
    named = [frame for frame in outside if os.sep + "site-packages" + os.sep not in frame.filename]
    named = named or (frames if own else [])
    return f"{pathlib.Path(named[-1].filename).name}, line {named[-1].lineno}" if named else None


def where(cls: type, *methods: str) -> str:
    """The file and line of the first of these methods that is written outside this package, else of the last."""
    codes = [code for name in methods if (code := _code(getattr(cls, name, None))) is not None]
    outside = [code for code in codes if not code.co_filename.startswith(PACKAGE)]
    code = (outside or codes[-1:])[0]
    return f"{pathlib.Path(code.co_filename).name}, line {code.co_firstlineno}"


def _code(method: Any) -> types.CodeType | None:
    code: types.CodeType | None = getattr(inspect.unwrap(method), "__code__", None) if callable(method) else None
    return code


def where_defined(cls: type) -> str:
    """The file and line of a class statement; the file alone where its source is gone."""
    try:
        file = pathlib.Path(inspect.getsourcefile(cls) or "").name
        return f"{file}, line {inspect.getsourcelines(cls)[1]}"
    except (OSError, TypeError):
        return f"module {cls.__module__}"


def outsider(thing: Any) -> bool:
    """Whether a thing's class is from elsewhere than this package."""
    return type(thing).__module__.split(".")[0] != OWN


def name_faults(cls: type, base: type) -> None:
    """Have what a class from elsewhere raises in the methods of its contract told under its own name, whoever plays.

    Refusals of this package, which a class may raise on purpose, pass as they are.
    """
    if cls.__module__.split(".")[0] == OWN:
        return
    for name, method in list(vars(cls).items()):
        # A class with slots is made twice from the same methods; a method of this package, taken over, stays itself.
        foreign = isinstance(method, types.FunctionType) and method.__module__.split(".")[0] != OWN
        if foreign and not hasattr(method, "__wrapped__") and not name.startswith("_") and hasattr(base, name):
            setattr(cls, name, _named(name, method))


def _named(name: str, method: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(method)
    def asked(self: Any, *args: Any, **given: Any) -> Any:
        try:
            return method(self, *args, **given)
        except (BackdoorGameError, NotImplementedError, MemoryError):
            raise
        except Exception as error:
            raise raised(self, f"{name}()", error) from error

    return asked


def let_go(error: BaseException) -> None:
    """Ctrl-C that came out as another exception, as from a compiled kernel or its compiler, is still Ctrl-C."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, KeyboardInterrupt):
            raise KeyboardInterrupt from error
        seen = seen.__cause__ or seen.__context__


def raised(thing: Any, what: str, error: Exception) -> ClassFault:
    """The one sentence for an exception inside a class from elsewhere."""
    let_go(error)
    reason = str(error).splitlines()[0] if str(error) else "no message"
    place = last_line(error, own=False) or where_defined(type(thing))
    return ClassFault(f"{qualified_name(type(thing))}: {what} raised {type(error).__name__}: {reason} ({place})")


def broken(thing: Any, method: str, wanted: str, got: Any) -> ClassFault:
    """The one sentence for a class whose method returns what it must not."""
    place = where(type(thing), method, method.removesuffix("_block"))
    return ClassFault(f"{qualified_name(type(thing))}: {method}() must return {wanted}, got {shape(got)} ({place})")


def shape(got: Any) -> str:
    """What was returned, in a few words."""
    dtype = getattr(got, "dtype", None)
    return f"{repr(got)[:60]}" if dtype is None else f"{dtype} of shape {got.shape}"
