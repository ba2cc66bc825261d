"""Where things live: imports point strictly down, heavy packages load late, and what is public is complete."""

from __future__ import annotations

import ast
import functools
import importlib
import inspect
import pathlib
import subprocess
import sys

import pytest

import backdoor_game
from backdoor_game import catalog
from backdoor_game.spec import Configured

HOUSE = pathlib.Path(backdoor_game.__file__).parent
# A room may import rooms on lower floors only; a floor between whole numbers is a step inside one of the design's.
FLOORS = {
    "errors": 0,
    "_blas": 0,
    "_jit": 0,
    "_validate": 1.0,
    "_cast": 1.05,
    "bounds": 1.0,
    "files": 1.0,
    "inheritance": 1.0,
    "plugins": 1.05,
    "progress": 1.0,
    "streams": 1.0,
    "tables": 1.0,
    "spec": 1.1,
    "domains": 1.2,
    "kernels": 2,
    "statistics": 2,
    "chances": 2,
    "records": 3,
    "features": 3,
    "networks": 3,
    "carriers": 3,
    "signing": 3,
    "circuits": 3.5,
    "distributions": 3,
    "functions": 4,
    "datasets": 4.4,
    "keys": 4.5,
    "coins": 4.6,
    "puncturable": 4.2,
    "obfuscators": 4.5,
    "figures": 4,
    "tally": 4,
    "checked": 4.0,
    "distance": 5,
    "learners": 5,
    "smoothing": 5,
    "summary": 5,
    "exact": 5.5,
    "walking": 5.2,
    "views": 6,
    "attackers": 7,
    "defenders": 7,
    "backdoors": 7,
    "delegates": 7.1,
    "forgers": 7,
    "detectors": 7.2,
    "updates": 7,
    "games": 8,
    "averaging": 8.3,
    "climbing": 8.5,
    "responses": 8.6,
    "catalog": 9,
    "estimation": 9,
    "models": 9.1,
    "estimators": 9.1,
    "diagnostics": 10,
    "solving": 10,
    "store": 10,
    "sweep": 11,
    "testing": 11,
    "tournaments": 11,
    "experiments": 12,
    "report": 12,
    "cli": 13,
    "__init__": 13,
}
HEAVY = {"numba", "scipy", "matplotlib", "sympy", "pandas", "distributed"}
HEAVY |= {"dd", "pysat", "pyganak", "sklearn", "aigverse", "threadpoolctl"}
PLUG_INS = ("attackers", "defenders", "distributions", "domains", "functions", "games", "learners", "responses")
PLUG_INS += ("obfuscators", "datasets", "backdoors", "delegates", "detectors", "forgers")
PLUG_INS += ("updates",)
PLAYERS = ("attackers", "defenders")
MOST_LINES = 250

FILES = sorted(HOUSE.rglob("*.py"))
every_file = pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(HOUSE)))


@functools.cache
def tree(path):
    return ast.parse(path.read_text())


def module(path):
    """A file's module inside the package, as parts: ("functions", "base"), ("spec",), () for the package itself."""
    parts = path.relative_to(HOUSE).with_suffix("").parts
    return parts[:-1] if parts[-1] == "__init__" else parts


def room(parts):
    return parts[0] if parts else "__init__"


MODULES = {module(path): path for path in FILES}


def imported(path, nodes):
    """What the import statements among the nodes name: modules of the package as parts, others by their first word."""
    inside, outside = set(), set()
    for node in nodes:
        if isinstance(node, ast.Import):
            names = [(alias.name.split("."), 0, None) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [((node.module or "").split("."), node.level, alias.name) for alias in node.names]
        else:
            continue
        for target, level, name in names:
            target = [word for word in target if word]
            if level:
                package = module(path) if path.name == "__init__.py" else module(path)[:-1]
                full = (*package[: len(package) - level + 1], *target)
            elif target[0] == "backdoor_game":
                full = tuple(target[1:])
            else:
                outside.add(".".join(target if name is None or target[0] not in ("scipy",) else [*target, name]))
                continue
            inside.add((*full, name) if (*full, name) in MODULES else full)
    return inside, outside


def when_loaded(path):
    """The statements that run on import: those outside functions, and outside `if TYPE_CHECKING`."""
    waiting, found = list(tree(path).body), []
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            waiting += node.orelse
            continue
        found.append(node)
        waiting += [child for child in ast.iter_child_nodes(node) if not isinstance(child, ast.expr)]
    return found


def anywhere(path):
    return list(ast.walk(tree(path)))


# Floors


def test_every_room_has_a_floor():
    assert {room(parts) for parts in MODULES} <= set(FLOORS)
    assert len(MODULES) == len(FILES) > 80


@every_file
def test_imports_point_strictly_down_those_inside_functions_too(path):
    here = room(module(path))
    for target in imported(path, anywhere(path))[0]:
        there = room(target)
        assert there == here or FLOORS[there] < FLOORS[here], f"{here} must not import {there}"


def test_the_steps_inside_the_first_floor_are_all_needed():
    """Each is there because of an import: without it the table above could be simpler."""
    used = {(room(module(path)), room(target)) for path in FILES for target in imported(path, anywhere(path))[0]}
    assert {("spec", "_validate"), ("_cast", "_validate"), ("domains", "spec"), ("domains", "_validate")} <= used
    steps = {name for name, floor in FLOORS.items() if 1 <= floor < 2}
    flat = {name for name in steps if FLOORS[name] == 1.0}
    assert not {(a, b) for a, b in used if a in flat and b in flat and a != b}


def test_the_files_of_a_room_do_not_import_each_other_in_a_circle():
    loaded = {parts: imported(path, when_loaded(path))[0] for parts, path in MODULES.items()}
    needs = {parts: {target for target in targets if target in MODULES} for parts, targets in loaded.items()}
    # A file of a plug-in room names its neighbours one by one, never the room itself, which imports them all.
    for parts, targets in needs.items():
        if room(parts) in PLUG_INS and MODULES[parts].name != "__init__.py":
            assert parts[:1] not in targets
    ordered = set()
    while len(ordered) < len(needs):
        free = {parts for parts, targets in needs.items() if parts not in ordered and targets - {parts} <= ordered}
        assert free, sorted(set(needs) - ordered)
        ordered |= free


@pytest.mark.parametrize("players", PLAYERS)
def test_players_import_neither_their_opponents_nor_each_other(players):
    others = set(PLAYERS) - {players}
    checked = 0
    for parts, path in MODULES.items():
        if room(parts) == players and path.name != "__init__.py":
            targets = imported(path, anywhere(path))[0]
            assert not {room(target) for target in targets} & others
            assert {target for target in targets if room(target) == players} <= {(players, "base")}
            checked += 1
    assert checked >= 6


# What loads when


@every_file
def test_kernels_and_heavy_packages_are_imported_where_they_are_used(path):
    inside, outside = imported(path, when_loaded(path))
    if room(module(path)) != "kernels":
        assert "kernels" not in {room(target) for target in inside}
    # Its classes inherit from scikit-learn's; nothing else of the package imports it.
    expected = {"sklearn"} if module(path) == ("estimators",) else set()
    assert {name.split(".")[0] for name in outside} & HEAVY == expected


def test_only_their_user_loads_the_estimators():
    importers = [parts for parts, path in MODULES.items() if ("estimators",) in imported(path, anywhere(path))[0]]
    assert importers == []


@every_file
def test_numba_is_touched_in_one_file_and_scipy_stats_in_none(path):
    _, outside = imported(path, anywhere(path))
    assert not {name for name in outside if name.startswith("scipy.stats")}
    if module(path) != ("_jit",):
        assert "numba" not in {name.split(".")[0] for name in outside}
        assert not [node for node in anywhere(path) if isinstance(node, ast.Attribute) and node.attr == "njit"]


@every_file
def test_the_library_knows_nothing_of_the_repository_around_it(path):
    _, outside = imported(path, anywhere(path))
    around = {"theory", "tests", "benchmarks", "notebooks"}
    assert not {name.split(".")[0] for name in outside} & around


@every_file
def test_hypothesis_and_pytest_are_imported_in_the_conformance_kit_alone_and_when_it_is_used(path):
    _, outside = imported(path, anywhere(path))
    _, at_once = imported(path, when_loaded(path))
    testers = {"hypothesis", "pytest"}
    assert not {name.split(".")[0] for name in at_once} & testers
    if room(module(path)) != "testing":
        assert not {name.split(".")[0] for name in outside} & testers


def fresh(code):
    """What a new interpreter prints."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.split()


def test_importing_the_package_loads_no_heavy_package_and_no_room():
    loaded = fresh("import sys, backdoor_game; print(*sys.modules)")
    assert "backdoor_game" in loaded
    assert not {name.split(".")[0] for name in loaded} & HEAVY
    assert not [name for name in loaded if name.startswith("backdoor_game.")]


def test_loading_every_public_name_and_the_command_line_still_loads_no_heavy_package():
    load = "import sys, backdoor_game as b; [getattr(b, n) for n in b.__all__]"
    loaded = fresh(f"{load}; import backdoor_game.cli; print(*sys.modules)")
    assert "backdoor_game.games.backdoor" in loaded
    assert not {name.split(".")[0] for name in loaded} & HEAVY


# What is public


@pytest.mark.parametrize("name", backdoor_game.__all__)
def test_a_public_name_loads_and_is_described(name):
    found = getattr(backdoor_game, name)
    assert found.__doc__
    assert not found.__doc__.startswith(f"{name}("), "the docstring is the one that dataclasses make up"
    assert name in dir(backdoor_game)


def test_an_unknown_public_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'CoinFlop'"):
        backdoor_game.CoinFlop  # noqa: B018
    assert backdoor_game.__version__.count(".") >= 1


def test_the_package_s_names_are_those_of_their_rooms():
    for name in backdoor_game.__all__:
        assert getattr(importlib.import_module(f"backdoor_game.{backdoor_game._WHERE[name]}"), name) is getattr(
            backdoor_game, name
        )


def concrete(folder):
    """The configured things that the files of a folder define, by name."""
    found = {}
    for parts, path in MODULES.items():
        if room(parts) == folder and path.name != "__init__.py":
            members = vars(importlib.import_module(".".join(("backdoor_game", *parts)))).items()
            found |= {
                name: cls
                for name, cls in members
                if inspect.isclass(cls)
                and issubclass(cls, Configured)
                and cls.__module__ == f"backdoor_game.{'.'.join(parts)}"
                and "__dataclass_fields__" in vars(cls)
                and not inspect.isabstract(cls)
            }
    return found


@pytest.mark.parametrize("folder", PLUG_INS)
def test_every_strategy_in_a_plug_in_folder_is_exported_listed_and_shipped(folder):
    found = concrete(folder)
    assert found
    exported = importlib.import_module(f"backdoor_game.{folder}").__all__
    for name, cls in found.items():
        assert name in exported
        assert getattr(backdoor_game, name) is cls
        assert name in backdoor_game.__all__
        assert catalog.shipped(folder)[name] is cls
        assert cls.__doc__
        assert not cls.__doc__.startswith(f"{name}(")
    assert set(catalog.shipped(folder)) == set(found)


@pytest.mark.parametrize("folder", PLUG_INS)
def test_a_plug_in_folder_holds_one_strategy_a_file(folder):
    per_file = {}
    for name, cls in concrete(folder).items():
        per_file.setdefault(cls.__module__, []).append(name)
    assert all(len(names) == 1 for names in per_file.values()), per_file


@every_file
def test_public_functions_and_classes_of_a_file_are_described(path):
    nodes = [node for node in tree(path).body if isinstance(node, ast.ClassDef | ast.FunctionDef)]
    for node in nodes:
        assert node.name.startswith("_") or ast.get_docstring(node), f"{node.name} has no docstring"
    assert ast.get_docstring(tree(path)), "a module opens with one sentence"


# The files themselves


@every_file
def test_a_file_is_short_and_finished(path):
    lines = path.read_text().splitlines()
    assert len(lines) <= MOST_LINES
    assert not [line for line in lines if any(mark in line for mark in ("TODO", "FIXME", "XXX"))]


@every_file
def test_no_state_is_kept_but_caches_and_no_environment_is_read_but_for_the_compiler(path):
    for node in anywhere(path):
        assert not isinstance(node, ast.Global)
        if isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv"):
            assert module(path) == ("_jit",)
