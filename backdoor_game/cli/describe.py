"""``backdoor-game describe``: what one name stands for: its docstring, its fields and a line that runs."""

from __future__ import annotations

import argparse
import dataclasses
import importlib
import inspect
import re
import textwrap
from typing import Any

from ..ground.errors import InvalidArgument, SpecError
from .parsing import Parser

EXAMPLE = """
examples:
  backdoor-game describe DistillationEnsemble
  backdoor-game describe mine.py:Mine
"""
WIDTH = 100  # of the meaning of a field
_ENTRY = re.compile(r"^(\w+(?:, \w+)*) : ")


def parser() -> Parser:
    """The options of this command."""
    made = Parser("describe", "What a name stands for: docstring, fields, status, source and an example that runs.")
    made.epilog = EXAMPLE
    said = "a class, bound, experiment or public name, the name of an entry point, mine.py:Mine or package.module:Mine"
    made.add_argument("name", metavar="NAME", nargs="?", help=said)
    made.add_argument("--json", action="store_true", help="print one JSON object")
    return made


def run(options: argparse.Namespace) -> int:
    """Print what is known of the name."""
    from ..ground.files import json_text

    if options.name is None:
        raise InvalidArgument("NAME is missing: pass for example DistillationEnsemble, or mine.py:Mine")
    found = described(options.name.partition("(")[0].strip())
    print(json_text(found) if options.json else told(found))
    return 0


def described(name: str) -> dict[str, Any]:
    """Name, kind, status, source, signature, docstring, fields and example.

    Raises
    ------
    InvalidArgument
        For an unknown name, with the closest known one, or a file or module that does not import.
    """
    from .. import PUBLIC, bounds, experiments
    from ..catalog import names as catalog
    from ..ground._validate import did_you_mean
    from ..ground.spec import parse

    classes = {label for room in catalog.ROOMS for label in catalog.shipped(room)}
    # Entry points are looked for where nothing that is shipped has the name: that goes through all that is installed.
    offers = {} if name in classes else {offer.name: offer for offer in catalog.offered()}
    if name.endswith(".py"):
        parse(name, catalog.resolve)  # refuses a file alone, with the names that it holds
    if name in classes or name in offers or ":" in name:
        try:
            return _class(name, catalog.resolve(name), offers.get(name))
        except SpecError as error:
            raise InvalidArgument(f"NAME: {error}") from None
    if name in bounds.__all__:
        line = "backdoor-game list bounds"
        return _entry(name, "bound", getattr(bounds, name), f"backdoor_game.bounds.{name}", line)
    if name in experiments.EXPERIMENTS:
        module = importlib.import_module(f"{experiments.__name__}.{experiments.EXPERIMENTS[name]}")
        return _entry(name, "experiment", module, module.__name__, f"backdoor-game reproduce {name}")
    if name in PUBLIC:
        package = importlib.import_module(__name__.partition(".")[0])
        line = f'python -c "from backdoor_game import {name}; help({name})"'
        thing = getattr(package, name)
        kind = "class" if inspect.isclass(thing) else "function" if callable(thing) else "name"
        return _entry(name, kind, thing, f"backdoor_game.{package._WHERE[name]}", line)
    known = [*classes, *offers, *bounds.__all__, *experiments.EXPERIMENTS, *PUBLIC]
    raise InvalidArgument(f"unknown name {name!r}: {did_you_mean(name, list(dict.fromkeys(known)))}")


def _class(name: str, cls: type[Any], offer: Any) -> dict[str, Any]:
    """A class that specs can name: shipped, of an entry point, a file or a module."""
    from .specimens import example, spec_of

    room = _room(cls)
    spec = spec_of(cls, name)
    source = cls.__module__ if ":" not in name else name.rpartition(":")[0]
    found = _entry(name, _kind(room), cls, f"{offer.by}: {offer.value}" if offer else source, None)
    found["fields"] = _fields(cls)
    found["example"] = None if spec is None else example(room, spec)
    return found


def _room(cls: type[Any]) -> str:
    """The room of `catalog.ROOMS` that a class is of: of its closest kind, where it is of two."""
    from ..catalog.names import KINDS
    from ..games import Game
    from ..spaces.domains import Domain

    kinds: dict[str, type[Any]] = {**KINDS, "games": Game, "domains": Domain}
    mine = [room for room, kind in kinds.items() if issubclass(cls, kind)]
    return max(mine, key=lambda room: len(kinds[room].__mro__), default="")


def _kind(room: str) -> str:
    """What one thing of a room is called."""
    return "function class" if room == "functions" else room.removesuffix("s") or "configured class"


def _entry(name: str, kind: str, thing: Any, source: str, example: str | None) -> dict[str, Any]:
    from ..catalog.names import status_word

    doc = inspect.cleandoc(thing.__doc__ or "")
    named = inspect.isclass(thing) or callable(thing)
    signature = f"{name}{_signature(thing)}" if named and kind in ("function", "bound") else name
    status = status_word(thing)
    return {
        "name": name,
        "kind": kind,
        "status": status,
        "source": source,
        "signature": signature,
        "doc": doc,
        "fields": [],
        "example": example,
    }


def _signature(thing: Any) -> str:
    """Parameters and defaults; the docstring says their types. A function that is a default is told by its name."""
    try:
        found = inspect.signature(thing)
    except (TypeError, ValueError):
        return ""
    plain = []
    for one in found.parameters.values():
        default = _Named(one.default) if inspect.isfunction(one.default) else one.default
        plain.append(one.replace(annotation=one.empty, default=default))
    return str(found.replace(parameters=plain, return_annotation=found.empty))


class _Named:
    """A function by its name, without the address that differs from run to run."""

    def __init__(self, function: Any) -> None:
        self._name = function.__name__

    def __repr__(self) -> str:
        return str(self._name)


def _fields(cls: type[Any]) -> list[dict[str, Any]]:
    """Name, type, default as spec text (None where it must be given) and meaning of each parameter."""
    from ..ground.spec import text

    meanings: dict[str, str] = {}
    for base in cls.__mro__:
        if base is not object and "__doc__" in vars(base):
            meanings = _meanings(inspect.cleandoc(base.__doc__ or "")) | meanings
    found = []
    for field in dataclasses.fields(cls):
        if field.init:
            made = field.default_factory() if field.default_factory is not dataclasses.MISSING else field.default
            shown = field.type if isinstance(field.type, str) else getattr(field.type, "__name__", str(field.type))
            default = None if made is dataclasses.MISSING else text(made)
            meaning = meanings.get(field.name, "")
            found.append({"name": field.name, "type": shown, "default": default, "meaning": meaning})
    return found


def _meanings(doc: str) -> dict[str, str]:
    """What the sections of parameters and attributes of a numpydoc docstring say, by name: the type where no more."""
    found: dict[str, list[str]] = {}
    names: list[str] = []
    for line in doc.splitlines():
        if entry := _ENTRY.match(line):
            names = entry[1].split(", ")
            found |= {name: [line.partition(" : ")[2]] for name in names}
        elif line.startswith("    "):
            for name in names:
                found[name].append(line.strip())
        else:
            names = []
    return {name: " ".join(words[1:] or words) for name, words in found.items()}


def told(found: dict[str, Any]) -> str:
    """The same as text, the parameters' section once."""
    head = f"{found['signature']}  [{found['status']}]" if found["status"] != "-" else found["signature"]
    doc = _without_parameters(found["doc"]) if found["fields"] else found["doc"]
    lines = [head, f"{found['kind']}, {found['source']}", "", doc or "It has no docstring."]
    for field in found["fields"]:
        default = "which must be given" if field["default"] is None else f"= {field['default']}"
        meaning = textwrap.wrap(field["meaning"], width=WIDTH, initial_indent=" " * 4, subsequent_indent=" " * 4)
        lines += ["", "fields"] * (field is found["fields"][0])
        lines += [f"  {field['name']} : {field['type']} {default}", *meaning]
    if found["example"] is not None:
        lines += ["", "example", f"  {found['example']}"]
    return "\n".join(lines)


def _without_parameters(doc: str) -> str:
    """A numpydoc docstring without the section that the fields are shown in."""
    return re.sub(r"\n\nParameters\n-+\n.*?(?=\n\n|\Z)", "", doc, flags=re.DOTALL)
