"""Names to classes: the package's own, entry points of other distributions, importable modules and plug-in files."""

from __future__ import annotations

import importlib
import inspect
import sys
import types
from typing import Any, TypeVar, overload

from .. import functions, games
from ..circuits import classes as circuit_classes
from ..circuits import games as circuit_games
from ..circuits import obfuscators
from ..circuits import players as circuit_players
from ..exact import players as exact_players
from ..exact import responses
from ..games import observations, predicates, reveals, triggers
from ..ground import _validate, plugin_files, plugins
from ..ground.errors import SpecError
from ..ground.paths import printable
from ..ground.plugins import Offer
from ..ground.spec import PATH_STOPS, Configured, parse, text
from ..planting import backdoors, datasets, delegates, detectors, forgers, updates
from ..planting import games as planting_games
from ..planting import models as planting_models
from ..players import attackers, defenders, learners
from ..spaces import distributions, domains

ROOMS: dict[str, tuple[types.ModuleType, ...]] = {
    "functions": (functions, circuit_classes, planting_models),
    "distributions": (distributions,),
    "learners": (learners,),
    "attackers": (attackers, circuit_players, exact_players),
    "defenders": (defenders, circuit_players, exact_players),
    "responses": (responses,),
    "games": (games, circuit_games, planting_games),
    "domains": (domains,),
    "obfuscators": (obfuscators,),
    "datasets": (datasets,),
    "forgers": (forgers,),
    "backdoors": (backdoors,),
    "delegates": (delegates,),
    "detectors": (detectors,),
    "updates": (updates,),
    "triggers": (triggers,),
    "predicates": (predicates,),
    "reveals": (reveals,),
    "observations": (observations,),
}
KINDS: dict[str, type[Configured]] = {
    "attackers": attackers.Attacker,
    "defenders": defenders.Defender,
    "functions": functions.FunctionClass,
    "distributions": distributions.Distribution,
    "learners": learners.Learner,
    "obfuscators": obfuscators.Obfuscator,
    "datasets": datasets.Dataset,
    "forgers": forgers.Forger,
    "backdoors": backdoors.Backdoor,
    "delegates": delegates.Delegate,
    "detectors": detectors.Detector,
    "updates": updates.Update,
    "triggers": triggers.TriggerLaw,
    "predicates": predicates.Predicate,
    "reveals": reveals.Reveal,
    "observations": observations.Observation,
}
Thing = TypeVar("Thing")
PLACES = "write path/to/file.py:Name, which runs the file, or package.module:Name, which imports the module"


def shipped(room: str) -> dict[str, type[Configured]]:
    """The concrete classes that a folder of the package offers, by name."""
    members = sorted((item for module in ROOMS[room] for item in vars(module).items()), key=lambda item: item[0])
    kind = KINDS.get(room, Configured)
    return {n: c for n, c in members if _is_thing(c) and issubclass(c, kind) and "__dataclass_fields__" in vars(c)}


def _is_thing(found: object) -> bool:
    return _is_configured(found) and not inspect.isabstract(found)


def _is_configured(found: object) -> bool:
    return inspect.isclass(found) and issubclass(found, Configured)


def status_word(thing: object) -> str:
    """The status that a docstring states: proved, enumerated, simulated or heuristic; a dash where it states none."""
    stated = (thing.__doc__ or "").lower()
    words = {word: stated.rfind(f"*{word}") for word in ("proved", "enumerated", "simulated", "heuristic")}
    best = max(words, key=lambda word: words[word])
    return best if words[best] >= 0 else "-"


def resolve(name: str) -> type:
    """The class that a spec's name means.

    Parameters
    ----------
    name : str
        A shipped name, the name of an entry point, ``package.module:Name`` or ``path/to/file.py:Name``. The last two
        run code: the file's, with that of the neighbours it imports (see `ground.plugin_files.load`), or whatever
        importing the module runs. So does a spec from elsewhere that names them: read it before.

    Raises
    ------
    SpecError
        For an unknown name (with the closest known one), a module, file or entry point that does not import, and a
        module of the standard library, which holds no strategy.
    """
    if ":" in name:
        return _at(*name.rsplit(":", 1))
    known = {label: cls for room in ROOMS for label, cls in shipped(room).items()}
    if name in known:
        return known[name]
    offers = offered()
    for offer in offers:
        if offer.name == name:
            return _loaded(offer, offers)
    names = list(dict.fromkeys([*known, *(offer.name for offer in offers)]))
    if name in ("nan", "inf", "infinity"):
        raise SpecError(f"{name} is no number that a parameter may hold: write a finite one")
    if files := plugin_files.defining(name):
        named = " or ".join(f"{file}:{name}" for file in files)
        raise SpecError(f"unknown name {name!r}: for the class in a file of your own write {named}")
    raise SpecError(f"unknown name {name!r}: {_validate.did_you_mean(name, names, f'path/to/file.py:{name}')}")


def _at(source: str, attribute: str) -> type:
    """The class of a module or file."""
    module = _module(source)
    found: Any = module
    for part in attribute.split("."):
        found = getattr(found, part, None)
    if not _is_configured(found):
        own = [(n, c) for n, c in vars(module).items() if _is_configured(c) and c.__module__ == module.__name__]
        names = [n for n, c in own if not inspect.isabstract(c)]
        raise SpecError(f"{source} defines no strategy {attribute!r}: {_validate.did_you_mean(attribute, names)}")
    return _concrete(found)


def offered() -> list[Offer]:
    """What other distributions offer under the entry points of every room, none of it imported."""
    return plugins.offers(list(KINDS))


def problems() -> list[str]:
    """What is wrong with the entry points of other distributions beyond a single offer, a sentence each."""
    return plugins.problems(list(KINDS))


def refusal(offer: Offer, offers: list[Offer]) -> str | None:
    """Why an offer's name cannot be used in a spec, in one sentence, or None; nothing is imported for it."""
    if any(offer.name in shipped(room) for room in ROOMS):
        return f"{offer.by} may not take the shipped name {offer.name!r}: write {offer.value}"
    return plugins.problem(offer, offers)


def _loaded(offer: Offer, offers: list[Offer]) -> type:
    """The class behind an entry point, which must be of its room's kind and say where it lives."""
    if (problem := plugins.problem(offer, offers)) is not None:
        raise SpecError(problem)
    found: Any = plugins.load(offer)
    kind = KINDS[offer.room]
    if not (inspect.isclass(found) and issubclass(found, kind)):
        raise SpecError(f"{offer.title} is no subclass of {kind.__name__}, as its group {offer.group} wants")
    found_again: Any = getattr(sys.modules.get(found.__module__), found.__qualname__, None)
    if found_again is not found:
        raise SpecError(f"{offer.title} is not defined at the top of its module, where specs look for it")
    try:
        return _concrete(found)
    except SpecError as error:
        raise SpecError(f"{offer.title}: {error}") from None


def _concrete(cls: type) -> type:
    if inspect.isabstract(cls):
        missing = ", ".join(sorted(getattr(cls, "__abstractmethods__", ())))
        raise SpecError(f"{cls.__name__} does not define {missing}")
    return cls


def _module(source: str) -> types.ModuleType:
    if source == "__main__":
        raise SpecError("a class defined in __main__ plays in process only: put it in a file and write file.py:Name")
    if source.endswith(".py"):
        return _from_file(source)
    if source.split(".")[0] in sys.stdlib_module_names:
        raise SpecError(f"module {source!r} is one of the standard library, which defines no strategy: {PLACES}")
    try:
        return importlib.import_module(source)
    except (Exception, SystemExit) as error:
        raise SpecError(f"module {source!r} does not import: {plugin_files.first_line(error)}") from error


def _from_file(source: str) -> types.ModuleType:
    if any(stop in source for stop in PATH_STOPS):
        raise SpecError(f"file {source!r} cannot be named in a spec: its path may hold none of {' '.join(PATH_STOPS)}")
    if not printable(source):
        raise SpecError(f"file {source!r} cannot be named in a result: its path must be text in UTF-8, rename it")
    return plugin_files.load(source)


@overload
def make(source: str) -> Any: ...


@overload
def make(source: str, kind: type[Thing], argument: str = ..., example: str = ...) -> Thing: ...


def make(source: str, kind: type[Any] = Configured, argument: str = "spec", example: str = "") -> Any:
    """The object that a spec text describes, which must be a `kind`.

    Parameters
    ----------
    source : str
        For example ``"DistillationEnsemble(members=15)"`` or ``"mine.py:Mine(threshold=0.3)"``.
    kind : type, optional
        Such as `Defender`; by default whatever a spec describes.
    argument : str, optional
        The argument's name, for the sentence that refuses it.
    example : str, optional
        The spec of one that would do, for that sentence.

    Raises
    ------
    SpecError
        For a text that cannot be read, or that describes something else.
    """
    built = read(source, argument)
    if not isinstance(built, kind):
        shown = text(built) if isinstance(built, Configured) else repr(built)
        wanted = "the spec of an object" if kind is Configured else _validate.article(kind.__name__)
        example = example or ("NearestLegal()" if kind is Configured else "")
        raise SpecError(f"{argument} must be {wanted}{f' such as {example}' if example else ''}, got {shown[:200]}")
    return built


def read(source: str, argument: str) -> Any:
    """What a spec text describes, an object or a literal; a text that cannot be read is refused for its argument."""
    try:
        return parse(source, resolve)
    except SpecError as error:
        raise SpecError(f"{argument}: {error}") from error
