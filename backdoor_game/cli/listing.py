"""``backdoor-game list``: what there is, with a status word and a sentence each."""

from __future__ import annotations

import argparse
import dataclasses
import importlib
import inspect
import re
from typing import Any

from ..ground.errors import InvalidArgument
from .parsing import Parser

BACKDOOR_GAME = ("functions", "distributions", "learners", "attackers", "defenders", "responses", "obfuscators")
MODELS = ("datasets", "backdoors", "detectors", "forgers", "updates", "delegates")
VARIANTS = ("triggers", "predicates", "reveals", "observations")
CLASSES = (*BACKDOOR_GAME, *MODELS, "games", *VARIANTS)
ROOMS = (*CLASSES, "bounds", "experiments")
PLUG_IN = "plug-in"
_STATUS = re.compile(r"\*(proved|enumerated|simulated|heuristic)\.?\*", re.IGNORECASE)


def parser() -> Parser:
    """The options of this command."""
    made = Parser("list", "What there is; one room is listed with its parameters.")
    made.add_argument("room", metavar="ROOM", nargs="?", help="one of " + ", ".join(ROOMS))
    made.add_argument("--json", action="store_true", help="print one JSON object")
    return made


def run(options: argparse.Namespace) -> int:
    """Print one room or all of them."""
    from ..catalog import names as catalog
    from ..ground._validate import did_you_mean
    from ..ground.files import json_text

    if options.room is not None and options.room not in ROOMS:
        raise InvalidArgument(f"unknown room {options.room!r}: {did_you_mean(options.room, ROOMS)}")
    rooms = ROOMS if options.room is None else (options.room,)
    found: dict[str, Any] = {room: entries(room) for room in rooms}
    problems = catalog.problems()
    if options.json:
        print(json_text({**found, "problems": problems} if problems else found))
        return 0
    parts = [_shown(room, found[room], len(rooms) == 1) for room in rooms]
    print("\n\n".join([*parts, "\n".join(["problems", *problems])] if problems else parts))
    return 0


def entries(room: str) -> list[dict[str, Any]]:
    """Name, status, first line of the docstring and parameters of everything in a room.

    What other distributions offer follows what is shipped, and is not imported: its status is ``plug-in``.
    """
    from .. import bounds
    from ..catalog import names as catalog

    if room in CLASSES:
        own = [_entry(name, cls, _fields(cls)) for name, cls in catalog.shipped(room).items()]
        return own + _offered(room)
    if room == "bounds":
        here = {name: getattr(bounds, name) for name in bounds.__all__}
        return [_entry(name, f, dict.fromkeys(inspect.signature(f).parameters)) for name, f in here.items()]
    return _experiments()


def _offered(room: str) -> list[dict[str, Any]]:
    from ..catalog import names as catalog

    offers = catalog.offered()
    return [
        {
            "name": offer.name,
            "status": PLUG_IN,
            "summary": catalog.refusal(offer, offers) or f"from {offer.by}: {offer.value}",
            "parameters": None,
            "distribution": offer.distribution,
            "version": offer.version,
            "value": offer.value,
        }
        for offer in offers
        if offer.room == room
    ]


def _experiments() -> list[dict[str, Any]]:
    from .. import experiments

    return [
        _entry(name, importlib.import_module(f"{experiments.__name__}.{module}"), {})
        for name, module in experiments.EXPERIMENTS.items()
    ]


def _entry(name: str, thing: Any, parameters: dict[str, Any]) -> dict[str, Any]:
    from ..catalog.names import status_word

    first = inspect.cleandoc(thing.__doc__ or "").split("\n\n")[0]
    summary = " ".join(_STATUS.sub("", first).split())
    return {"name": name, "status": status_word(thing), "summary": summary, "parameters": parameters}


def _fields(cls: Any) -> dict[str, Any]:
    """Parameters with their defaults as spec text; None where a value must be given."""
    from ..ground.spec import text

    fields = [field for field in dataclasses.fields(cls) if field.init]
    return {f.name: None if f.default is dataclasses.MISSING else text(f.default) for f in fields}


def _shown(room: str, found: list[dict[str, Any]], alone: bool) -> str:
    from ..ground.columns import aligned

    if alone:
        return "\n".join(f"{_signature(entry)}  [{entry['status']}]\n    {entry['summary']}" for entry in found)
    rows = [(entry["name"], entry["status"], entry["summary"]) for entry in found]
    return aligned((room, "status", "what it is"), rows)


def _signature(entry: dict[str, Any]) -> str:
    if not entry["parameters"]:
        return str(entry["name"])
    shown = ", ".join(name if default is None else f"{name}={default}" for name, default in entry["parameters"].items())
    return f"{entry['name']}({shown})"
