"""Configured things and their canonical text: frozen dataclasses to spec and back, never through eval."""

from __future__ import annotations

import ast
import copyreg
import dataclasses
import functools
import re
import sys
import types
import typing
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from . import _validate, plugin_files
from ._cast import Nested, cast
from .errors import BackdoorGameError, InvalidArgument, SpecError
from .showing import shortened

MAX_LENGTH = 10_000  # bounds what the parser is given: its time, and how deep it may nest
MOST_CLASSES = 3  # of a file, that a sentence offers
_QUOTED = r"""("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
PATH_STOPS = "\"'()[]{},=:"  # what ends a path in a spec, and may therefore not stand in one
_STOPS = re.escape(PATH_STOPS)
_NAME = r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*"  # dotted where a class stands inside a class
# The path of a Python file fills the whole place of a name, spaces and all.
_FILE = rf"(?<![^{_STOPS}])(\s*)([^{_STOPS}\s][^{_STOPS}\n\r\t\0]*+(?<=\.py):{_NAME})"
_MODULE = rf"[\w./\\~+-]+:{_NAME}"
_OUTSIDER = re.compile(f"{_QUOTED}|{_FILE}|{_MODULE}")
_FROZEN = types.SimpleNamespace(frozen=True)


class Configured(Nested):
    """Base of everything that a spec describes; subclasses are frozen dataclasses.

    Fields hold only bool, int, float, str, None, tuples and other configured things. Numbers are cast to the
    annotated type and lists become tuples, so that ``hash``, ``==`` and ``repr`` always work: ``repr`` is the spec, or
    its beginning and a digest where it has 300 characters or more (`text` is always whole). A subclass that checks
    more overrides ``__post_init__`` and calls this one first.
    """

    def __post_init__(self) -> None:
        cls: type = type(self)
        if not getattr(cls, "__dataclass_params__", _FROZEN).frozen:
            raise InvalidArgument(f"{cls.__name__} must be a frozen dataclass: write @dataclass(frozen=True)")
        for field, hint in _hints(cls):
            object.__setattr__(self, field, cast(f"{cls.__name__}.{field}", getattr(self, field), hint))

    def __init_subclass__(cls, **given: Any) -> None:
        super().__init_subclass__(**given)
        if "__repr__" not in vars(cls):  # else the decorator writes one, which knows neither the file nor a length
            cls.__repr__ = cls.__repr__  # type: ignore[method-assign]

    def __repr__(self) -> str:
        return shortened(text(self))

    def __getstate__(self) -> dict[str, Any]:
        """The fields alone: what a player keeps beside them is worked out again where it arrives."""
        return {field.name: getattr(self, field.name) for field in fields_of(type(self))}

    def __reduce_ex__(self, protocol: Any) -> Any:
        """Objects of a plug-in file travel with its path and digest, for no process can import it by name."""
        reduced = super().__reduce_ex__(max(2, protocol))  # from 2 on an object is made as `__newobj__` has it
        plugin, name = plugin_files.of(type(self)), _name_in_module(type(self))
        if plugin is None or "<locals>" in name or reduced[0] is not copyreg.__newobj__:  # type: ignore[attr-defined]
            return reduced
        return plugin_files.arrived, (plugin, name, *reduced[1][1:]), *reduced[2:]


@functools.cache
def _hints(cls: type) -> tuple[tuple[str, Any], ...]:
    try:
        hints = typing.get_type_hints(cls)
    except (NameError, TypeError):
        hints = {}
    return tuple((field.name, hints.get(field.name, Any)) for field in fields_of(cls))


def fields_of(cls: type) -> tuple[dataclasses.Field[Any], ...]:
    """The fields of a class; none of one that has no parameters and is no dataclass itself."""
    return dataclasses.fields(cls) if dataclasses.is_dataclass(cls) else ()


def qualified_name(cls: type) -> str:
    """The name that a spec uses: bare for the package's own, `file.py:Name` or `package.module:Name` for others."""
    module = sys.modules.get(cls.__module__)
    if cls.__module__.split(".")[0] == __name__.split(".")[0]:
        return cls.__name__
    source = getattr(module, "__backdoor_game_source__", cls.__module__)
    return f"{source}:{_name_in_module(cls)}"


def _name_in_module(cls: type) -> str:
    """Its own name, or the one that its module keeps it under: a class that a function made has no name of its own."""
    kept, own = vars(sys.modules.get(cls.__module__, object)), cls.__qualname__
    return own if kept.get(own) is cls else next((name for name, thing in kept.items() if thing is cls), own)


def text(obj: Any, *, defaults: bool = False) -> str:
    """The canonical spec of a configured object or literal: fields at their default are left out but for `defaults`."""
    if isinstance(obj, Configured):
        return _text_of_fields(obj, defaults)
    if isinstance(obj, (tuple, list)):
        return "[" + ", ".join(text(item, defaults=defaults) for item in obj) + "]"
    return repr(obj)


def _text_of_fields(obj: Configured, defaults: bool) -> str:
    own = next(cls for cls in type(obj).__mro__ if "__init__" in vars(cls))
    if own is not object and "__dataclass_fields__" not in vars(own):
        raise InvalidArgument(f"{own.__name__} defines __init__: write its parameters as fields of a frozen dataclass")
    values = [(field, getattr(obj, field.name)) for field in fields_of(type(obj)) if field.init]
    kept = [(field.name, value) for field, value in values if defaults or value != default_of(field)]
    parts = [f"{name}={text(value, defaults=defaults)}" for name, value in kept]
    return f"{qualified_name(type(obj))}({', '.join(parts)})"


def default_of(field: dataclasses.Field[Any]) -> Any:
    """What a field holds when it is left out; MISSING where it must be given."""
    factory: Any = field.default_factory
    return field.default if factory is dataclasses.MISSING else factory()


Lookup = Callable[[str], type]


def parse(source: str, names: Lookup) -> Any:
    """The object that a spec describes.

    Parameters
    ----------
    source : str
        For example ``"DistillationEnsemble(members=15)"`` or ``"mine.py:Mine(threshold=0.3)"``; at most
        10,000 characters. Literals, fractions such as ``1/8`` and nested specs only.
    names : callable
        Turns a name into a class, raising `SpecError` where it cannot.

    Raises
    ------
    SpecError
        In one sentence, for bad syntax, unknown names and parameters, or arguments that a constructor refuses.
    """
    if not isinstance(source, str):
        raise SpecError(f"a spec is text such as 'CoinFlip()', got {source!r}")
    if len(source) > MAX_LENGTH:
        raise SpecError(f"a spec has at most {MAX_LENGTH} characters, got {len(source)}")
    if (path := source.strip()).endswith(".py"):
        known = plugin_files.classes(path) or ["Name"]
        hint = " or ".join(f"{path[:200]}:{name}" for name in known[:MOST_CLASSES])
        raise SpecError(f"{path[:200]!r} is a file without a name in it: write {hint}")
    outsiders: dict[str, str] = {}

    def stand_in(match: re.Match[str]) -> str:
        if match[1]:
            return match[1]
        name = f"outsider_{len(outsiders)}_"
        outsiders[name] = match[3] or match[0]
        return f"{match[2] or ''}{name} "

    try:
        tree = ast.parse(_OUTSIDER.sub(stand_in, source.strip()), mode="eval")
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        hint = f"the path of a file holds none of {' '.join(PATH_STOPS)}"
        hint = hint if ".py:" in source else "write Name(parameter=value, ...)"
        if source.count("(") != source.count(")"):
            hint = "close each bracket that is opened, as in Name(parameter=value)"
        raise SpecError(f"cannot read the spec {source[:200]!r}: {hint}") from None
    try:
        return _build(tree.body, lambda name: names(outsiders.get(name, name)), source)
    except RecursionError:
        raise SpecError(f"the spec {source[:40]!r}... is nested too deeply") from None


def _build(node: ast.expr, names: Lookup, source: str) -> Any:
    match node:
        case ast.Constant(value=None | bool() | int() | float() | str()):
            return node.value
        case ast.List(elts=items) | ast.Tuple(elts=items):
            return tuple(_build(item, names, source) for item in items)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_plain_number(_build(operand, names, source), source)
        case ast.BinOp(left=left, op=ast.Div(), right=right):
            return _fraction(_build(left, names, source), _build(right, names, source), source)
        case ast.Name(id=name):
            return _call(names(name), {})
        case ast.Call(func=ast.Name(id=name), args=args, keywords=keywords):
            cls = names(name)
            return _call(cls, _arguments(cls, args, keywords, lambda part: _build(part, names, source)))
    part, whole = ast.unparse(node)[:200], source[:200]
    raise SpecError(f"cannot read {part!r} in the spec {whole!r}: only literals and nested specs may stand there")


def _plain_number(value: Any, source: str) -> Any:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise SpecError(f"{value!r} in the spec {source[:200]!r} is not a number")
    return value


def _fraction(left: Any, right: Any, source: str) -> float:
    try:
        return float(Fraction(_plain_number(left, source)) / Fraction(_plain_number(right, source)))
    except (ZeroDivisionError, OverflowError, ValueError):
        raise SpecError(f"{left!r}/{right!r} in the spec {source[:200]!r} is not a number") from None


def _arguments(
    cls: type, args: list[ast.expr], keywords: list[ast.keyword], build: Callable[[ast.expr], Any]
) -> dict[str, Any]:
    fields = [field.name for field in fields_of(cls) if field.init]
    if len(args) > len(fields):
        raise SpecError(f"{cls.__name__} takes at most {len(fields)} parameters, got {len(args)}")
    values = dict(zip(fields, map(build, args), strict=False))
    for keyword in keywords:
        if keyword.arg is None or keyword.arg not in fields:
            hint = _validate.did_you_mean(keyword.arg or "**", fields) if fields else "it takes none"
            raise SpecError(f"{cls.__name__} has no parameter {keyword.arg!r}: {hint}")
        if keyword.arg in values:
            raise SpecError(f"{cls.__name__} got {keyword.arg!r} twice")
        values[keyword.arg] = build(keyword.value)
    return values


def _call(cls: type, values: dict[str, Any]) -> Any:
    required = [field.name for field in fields_of(cls) if field.init and default_of(field) is dataclasses.MISSING]
    missing = [name for name in required if name not in values]
    if missing:
        raise SpecError(f"{cls.__name__} needs {missing[0]}=...")
    try:
        return cls(**values)
    except BackdoorGameError:
        raise
    except Exception as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise SpecError(f"{cls.__name__} refuses its parameters: {reason}") from error
