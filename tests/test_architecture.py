"""Where things live: imports point strictly down, packs are apart, heavy packages load late, public names are complete.

Every check lists its offenders: one item for the whole house, not one for each file.
"""

from __future__ import annotations

import ast
import functools
import importlib
import inspect
import pathlib
import statistics
import subprocess
import sys

import pytest

import backdoor_game
from backdoor_game import catalog
from backdoor_game.ground import namespace
from backdoor_game.ground.spec import Configured
from tests import old_layout

HOUSE = pathlib.Path(backdoor_game.__file__).parent
# Floor and imports of every room: the core is floors 0 to 5, packs stand on 5 to 7, what sees them all above. A room
# imports rooms of lower floors alone, and those that it says; a pack or surface to come adds one line of at most 8.
ROOMS = {
    "ground": (0, ""),
    "kernels": (1, "ground"),
    "bounds": (1, "ground"),
    "figures": (1, "ground"),
    "spaces": (2, "ground kernels"),
    "functions": (3, "ground kernels bounds spaces"),
    "players": (4, "ground kernels bounds spaces functions"),
    "games": (5, "ground kernels figures spaces functions players"),
    "circuits": (6, "ground kernels spaces functions players games"),
    "exact": (7, "ground kernels bounds figures spaces functions players games"),
    "planting": (7, "ground kernels bounds spaces functions players games"),
    "catalog": (8, "ground spaces functions players games circuits exact planting"),
    "matches": (9, "ground bounds figures spaces functions players games exact catalog"),
    "tournaments": (10, "ground figures players games exact"),
    "experiments": (10, "ground bounds figures spaces functions players games circuits exact planting matches"),
    "testing": (
        11,
        "ground kernels spaces functions players games circuits exact planting catalog matches tournaments experiments",
    ),
    "cli": (
        12,
        "ground bounds figures spaces functions players games exact catalog matches tournaments experiments testing",
    ),
}
FLOORS = {room: floor for room, (floor, _) in ROOMS.items()}
# What a pack may import beside the core; nobody below the catalog imports a pack otherwise.
PACKS = {"circuits": set(), "exact": {"circuits"}, "planting": {"circuits"}}
# Steps inside a room: a file imports its own step's lower ones only. Files that are not named stand on the first.
STEPS = {
    "spaces": [{"domains"}, {"distributions"}, {"checked"}],
    "players": [{"views"}, {"learners", "walking", "picking"}, {"attackers"}, {"defenders"}],
    "games": [
        {"outcomes", "predicates", "observations", "contract"},
        {"triggers", "reveals"},
        {"base"},
        {"backdoor"},
        {"measuring"},
    ],
    "circuits": [{"graphs"}, {"classes", "puncturable"}, {"obfuscators"}, {"players"}, {"games"}],
    "exact": [
        {"finite", "density"},
        {"variants"},
        {"averaging"},
        {"climbing"},
        {"players", "responses"},
        {"minimax"},
        {"solving"},
        {"frontier"},
    ],
    "planting": [
        {"datasets", "keys", "networks", "features"},
        {"models"},
        {"views"},
        {"backdoors", "coins", "updates", "forgers", "smoothing", "estimators"},
        {"detectors", "delegates"},
        {"games"},
    ],
}
MOST_ENTRIES, MOST_ARROWS = 19, 110  # of today's rooms
HEAVY = {"numba", "scipy", "matplotlib", "sympy", "pandas", "distributed"}
HEAVY |= {"dd", "pysat", "pyganak", "sklearn", "aigverse", "threadpoolctl", "pyscipopt"}
PLUG_INS = {room: [module.__name__ for module in modules] for room, modules in catalog.ROOMS.items()}
MOST_LINES, MEDIAN_LINES = 300, 100

FILES = sorted(HOUSE.rglob("*.py"))


@functools.cache
def tree(path):
    return ast.parse(path.read_text())


def module(path):
    """A file's module inside the package, as parts: ("functions", "base"), ("games",), () for the package itself."""
    parts = path.relative_to(HOUSE).with_suffix("").parts
    return parts[:-1] if parts[-1] == "__init__" else parts


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


@functools.cache
def needs(path):
    """Everything of the package, and of others, that a file imports anywhere."""
    return imported(path, list(ast.walk(tree(path))))


@functools.cache
def needs_at_once(path):
    return imported(path, when_loaded(path))


def dotted(parts):
    return ".".join(("backdoor_game", *parts))


def arrows():
    """Every import from one room to another: (from, to) and the modules that make it."""
    found = {}
    for parts, path in MODULES.items():
        for target in needs(path)[0]:
            if parts and target and target[0] != parts[0]:
                found.setdefault((parts[0], target[0]), set()).add(f"{dotted(parts)} -> {dotted(target)}")
    return found


# Floors


def test_every_room_has_a_floor_and_there_are_few():
    assert {parts[0] for parts in MODULES if parts} == set(FLOORS)
    assert all(isinstance(floor, int) for floor in FLOORS.values())
    entries = {path.name for path in HOUSE.iterdir()} - {"__pycache__", "__init__.pyi"}
    assert len(entries) <= MOST_ENTRIES, sorted(entries)
    assert len(MODULES) == len(FILES) > 300


def test_imports_point_strictly_down_those_inside_functions_too():
    offenders = [line for (here, there), lines in arrows().items() if FLOORS[there] >= FLOORS[here] for line in lines]
    # The package itself names no room; it asks the ground for names that load late.
    offenders += [f"-> {dotted(target)}" for target in needs(MODULES[()])[0] if target[:1] != ("ground",)]
    assert offenders == []


def test_each_room_imports_the_rooms_that_the_table_says_and_no_others():
    drawn = {(room, other) for room, (_, others) in ROOMS.items() for other in others.split()}
    assert sorted(set(arrows()) ^ drawn) == []
    assert len(drawn) <= MOST_ARROWS


def test_the_one_way_up_from_the_ground_is_to_the_catalog_and_by_name_when_a_text_is_read():
    """Specs in Python are read on floors below the names that they use: one file knows where those are."""
    word = dotted(("catalog",))
    named = [
        dotted(parts)
        for parts, path in MODULES.items()
        if parts and FLOORS[parts[0]] < FLOORS["catalog"]
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.startswith(word)
    ]
    assert named == [dotted(("ground", "lookup"))]
    play = PLAY.replace("print(", "import sys; print('backdoor_game.catalog' in sys.modules,")
    assert fresh(play) == ["False", "64"]
    assert fresh(play.replace("Thresholds(points=16), ", "'Thresholds(points=16)', ")) == ["True", "64"]


def test_packs_import_neither_each_other_nor_are_imported_by_the_core():
    offenders = []
    for (here, there), lines in arrows().items():
        if there in PACKS and here in PACKS and there not in PACKS[here]:
            offenders += lines
        if there in PACKS and here not in PACKS and FLOORS[here] < FLOORS["catalog"]:
            offenders += lines
    assert offenders == []


def test_a_room_s_own_steps_are_taken_one_way():
    offenders = []
    for room, steps in STEPS.items():
        height = {name: number for number, names in enumerate(steps) for name in names}
        inner = {parts[1] for parts in MODULES if parts[:1] == (room,) and len(parts) > 1}
        assert inner == set(height), f"{room}: {inner ^ set(height)}"
        for parts, path in MODULES.items():
            if parts[:1] != (room,) or len(parts) < 2:
                continue
            for target in needs(path)[0]:
                if target[:1] == (room,) and (len(target) < 2 or target[1] not in height):
                    offenders.append(f"{dotted(parts)} -> {dotted(target)}, which names no step")
                elif target[:1] == (room,) and target[1] != parts[1] and height[target[1]] >= height[parts[1]]:
                    offenders.append(f"{dotted(parts)} -> {dotted(target)}")
    assert offenders == []


def test_files_do_not_import_each_other_in_a_circle():
    wanted = {parts: {t for t in needs(path)[0] if t in MODULES} for parts, path in MODULES.items()}
    ordered = set()
    while len(ordered) < len(wanted):
        free = {parts for parts, targets in wanted.items() if parts not in ordered and targets - {parts} <= ordered}
        assert free, sorted(map(dotted, set(wanted) - ordered))
        ordered |= free


def test_a_file_of_a_plug_in_folder_names_its_neighbours_one_by_one():
    """Never the folder, which imports them all."""
    folders = {tuple(name.split(".")[1:]) for names in PLUG_INS.values() for name in names}
    offenders = [
        f"{dotted(parts)} -> {dotted(parts[:-1])}"
        for parts, path in MODULES.items()
        if parts[:-1] in folders and path.name != "__init__.py" and parts[:-1] in needs(path)[0]
    ]
    assert offenders == []


def test_players_import_neither_their_opponents_nor_each_other():
    offenders, checked = [], 0
    for parts, path in MODULES.items():
        if parts[:2] in (("players", "attackers"), ("players", "defenders")) and path.name != "__init__.py":
            others = {("players", "attackers"), ("players", "defenders")} - {parts[:2]}
            for target in needs(path)[0]:
                if target[:2] in others or (target[:2] == parts[:2] and target[2:] != ("base",)):
                    offenders.append(f"{dotted(parts)} -> {dotted(target)}")
            checked += 1
    assert offenders == []
    assert checked >= 16


def test_no_file_of_the_core_names_a_thing_of_a_pack():
    """Not in an import, nor in code or an example: a reader of the core must not need the packs."""
    core = [room for room, floor in FLOORS.items() if floor < 6 and room not in PACKS]
    things = {n for n, home in backdoor_game._WHERE.items() if home.split(".")[0] in PACKS and n[0].isupper()}
    things -= {"Split", "Update", "Key", "Identity", "Canonical"}  # words of everyday English
    offenders = []
    for parts, path in MODULES.items():
        if parts and parts[0] in core:
            for node in ast.walk(tree(path)):
                word = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else None
                texts = node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
                named = {word} & things | {thing for thing in things if f"{thing}(" in texts}
                offenders += [f"{dotted(parts)}:{node.lineno} names {name}" for name in sorted(named)]
    assert offenders == []


def blocked(code, rooms):
    """What a new interpreter prints in which these rooms cannot be imported."""
    guard = f"""
import sys
class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[:2] in {[["backdoor_game", room] for room in rooms]!r}:
            raise ImportError(f"{{name}} is blocked")
sys.meta_path.insert(0, Blocked())
"""
    return fresh(guard + code)


def loading(*rooms):
    """A program that imports every file of these rooms, the one that needs an extra apart."""
    names = [dotted(parts) for parts in MODULES if parts and parts[0] in rooms and "estimators" not in parts]
    return f"import importlib\nfor name in {names!r}:\n    importlib.import_module(name)\n"


PLAY = """
from backdoor_game import BackdoorGame, DistillationEnsemble, NearestLegal, Thresholds, Uniform
from backdoor_game.games.measuring.estimation import estimate
game = BackdoorGame(Thresholds(points=16), "1/8", Uniform())
print(estimate(game, NearestLegal(), DistillationEnsemble(), rounds=64).rounds)
"""


def test_the_core_loads_and_plays_where_no_pack_can_be_imported():
    core = [room for room, floor in FLOORS.items() if floor < 6 and room not in PACKS]
    above = [room for room, floor in FLOORS.items() if floor >= 8]
    assert blocked(loading(*core) + PLAY, [*PACKS, *above]) == ["64"]


@pytest.mark.parametrize("pack", PACKS)
def test_a_pack_loads_where_the_others_cannot_be_imported(pack):
    above = [room for room, floor in FLOORS.items() if floor >= 8]
    others = set(PACKS) - {pack} - PACKS[pack]
    assert others
    assert blocked(loading(pack) + "print(len(sys.modules) > 100)", [*others, *above]) == ["True"]
    with pytest.raises(subprocess.CalledProcessError):
        blocked(loading(*others), [*others, *above])


# What loads when


def test_kernels_and_heavy_packages_are_imported_where_they_are_used():
    offenders = []
    for parts, path in MODULES.items():
        inside, outside = needs_at_once(path)
        if parts[:1] != ("kernels",):
            offenders += [f"{dotted(parts)} loads {dotted(target)}" for target in inside if target[:1] == ("kernels",)]
        # The classes of estimators inherit from scikit-learn's; nothing else of the package imports them. The kernel
        # cache inherits from numba's, and is imported where the first kernel is.
        allowed = {("planting", "estimators"): {"sklearn"}, ("ground", "_kernel_cache"): {"numba"}}.get(parts, set())
        heavy = {name.split(".")[0] for name in outside} & HEAVY
        offenders += [f"{dotted(parts)} loads {name}" for name in heavy - allowed]
        offenders += [f"{dotted(parts)} needs estimators" for target in needs(path)[0] if "estimators" in target]
    assert offenders == []


def test_numba_is_touched_on_the_ground_alone_and_scipy_stats_nowhere():
    offenders = []
    for parts, path in MODULES.items():
        outside = needs(path)[1]
        offenders += [f"{dotted(parts)} imports {name}" for name in outside if name.startswith("scipy.stats")]
        if parts not in (("ground", "_jit"), ("ground", "_kernel_cache")):
            touched = "numba" in {name.split(".")[0] for name in outside}
            touched |= any(isinstance(node, ast.Attribute) and node.attr == "njit" for node in ast.walk(tree(path)))
            offenders += [f"{dotted(parts)} touches numba"] * touched
    assert offenders == []


def test_the_library_knows_nothing_of_the_repository_around_it_and_testers_only_in_the_kit():
    offenders = []
    for parts, path in MODULES.items():
        strangers = {"theory", "tests", "benchmarks", "notebooks"}
        strangers |= set() if parts[:1] == ("testing",) else {"hypothesis", "pytest"}
        words = {name.split(".")[0] for name in needs(path)[1]} & strangers
        words |= {name.split(".")[0] for name in needs_at_once(path)[1]} & {"hypothesis", "pytest"}
        offenders += [f"{dotted(parts)} imports {word}" for word in sorted(words)]
    assert offenders == []


def fresh(code):
    """What a new interpreter prints."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.split()


def test_importing_the_package_loads_no_heavy_package_and_no_room():
    loaded = fresh("import sys, backdoor_game; print(*sys.modules)")
    assert "backdoor_game" in loaded
    assert not {name.split(".")[0] for name in loaded} & (HEAVY | {"numpy"})
    rooms = {name for name in loaded if name.startswith("backdoor_game.")}
    assert rooms == {"backdoor_game.ground", "backdoor_game.ground.namespace", "backdoor_game.ground.public"}


def test_loading_every_public_name_and_the_command_line_still_loads_no_heavy_package():
    load = "import sys, backdoor_game as b; [getattr(b, n) for n in b.PUBLIC]"
    loaded = fresh(f"{load}; import backdoor_game.cli; print(*sys.modules)")
    assert "backdoor_game.games.backdoor" in loaded
    assert not {name.split(".")[0] for name in loaded} & HEAVY


# What is public


def test_every_public_name_loads_from_its_room_and_is_described():
    offenders = []
    for name in sorted(backdoor_game.PUBLIC):
        found = getattr(backdoor_game, name)
        home = importlib.import_module(f"backdoor_game.{backdoor_game._WHERE[name]}")
        if getattr(home, name) is not found:
            offenders.append(f"{name} is not {home.__name__}.{name}")
        if not found.__doc__ or found.__doc__.startswith(f"{name}("):
            offenders.append(f"{name} has no docstring but the one that dataclasses make up")
    assert offenders == []
    assert set(backdoor_game.__all__) < backdoor_game.PUBLIC
    assert set(backdoor_game.__all__) <= set(dir(backdoor_game))


def test_an_unknown_public_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'CoinFlop'"):
        backdoor_game.CoinFlop  # noqa: B018
    with pytest.raises(AttributeError, match="no attribute 'CoinFlop'"):
        backdoor_game.planting.CoinFlop  # noqa: B018
    assert backdoor_game.__version__.count(".") >= 1


def test_a_pack_offers_the_names_of_its_rooms():
    for name, home in backdoor_game._WHERE.items():
        pack = home.split(".")[0]
        if pack in PACKS and home != "planting.smoothing":
            assert getattr(getattr(backdoor_game, pack), name) is getattr(backdoor_game, name)
    assert "CLWEBackdoor" in backdoor_game.planting.__all__


def concrete(folder):
    """The configured things that the files of a folder define, by name."""
    parts = tuple(folder.split(".")[1:])
    found = {}
    for one, path in MODULES.items():
        if one[: len(parts)] == parts and len(one) == len(parts) + 1 and path.name != "__init__.py":
            members = vars(importlib.import_module(dotted(one))).items()
            found |= {
                name: cls
                for name, cls in members
                if inspect.isclass(cls)
                and issubclass(cls, Configured)
                and cls.__module__ == dotted(one)
                and "__dataclass_fields__" in vars(cls)
                and not inspect.isabstract(cls)
            }
    return found


def test_every_strategy_in_a_plug_in_folder_is_exported_listed_described_and_alone_in_its_file():
    offenders = []
    for room, folders in PLUG_INS.items():
        found = {}
        for folder in folders:
            mine = concrete(folder)
            assert mine, folder
            exported = importlib.import_module(folder).__all__
            offenders += [f"{name} is not exported by {folder}" for name in mine if name not in exported]
            homes = [cls.__module__ for cls in mine.values()]
            offenders += [f"{home} holds several" for home in set(homes) if homes.count(home) > 1]
            found |= mine
        kind = catalog.KINDS.get(room, Configured)
        found = {name: cls for name, cls in found.items() if issubclass(cls, kind)}
        for name, cls in found.items():
            if getattr(backdoor_game, name, None) is not cls or name not in backdoor_game.PUBLIC:
                offenders.append(f"{name} is not public")
            if not cls.__doc__ or cls.__doc__.startswith(f"{name}("):
                offenders.append(f"{name} has no docstring")
        if catalog.shipped(room) != found:
            offenders.append(f"{room} are not what is shipped: {set(catalog.shipped(room)) ^ set(found)}")
    assert offenders == []


def test_an_experiment_is_a_file_or_a_folder_named_as_its_key():
    experiments = importlib.import_module("backdoor_game.experiments")
    offenders, listed = [], {"shared"}
    for key, place in experiments.EXPERIMENTS.items():
        name = key.replace("-", "_").replace(".", "_")
        folder, _, part = place.partition(".")
        # A part of a theorem has its folder's key and its own name.
        named = {folder, f"{folder}_{part}"} if part else {folder}
        listed.add(folder)
        if name not in named or not hasattr(importlib.import_module(f"{experiments.__name__}.{place}"), "run"):
            offenders.append(f"{key} is {place}")
    assert offenders == []
    assert {parts[1] for parts in MODULES if parts[:1] == ("experiments",) and len(parts) > 1} == listed


def test_public_functions_and_classes_of_a_file_are_described():
    offenders = []
    for parts, path in MODULES.items():
        nodes = [node for node in tree(path).body if isinstance(node, ast.ClassDef | ast.FunctionDef)]
        nodes = [node for node in nodes if "overload" not in map(ast.unparse, node.decorator_list)]  # one describes all
        named = [node.name for node in nodes if not node.name.startswith("_") and not ast.get_docstring(node)]
        offenders += [f"{dotted(parts)}.{name} has no docstring" for name in named]
        if not ast.get_docstring(tree(path)):
            offenders.append(f"{dotted(parts)} does not open with a sentence")
    assert offenders == []


# Old paths: kept for one release


@pytest.mark.filterwarnings("ignore:.*is the old path of:DeprecationWarning")
@pytest.mark.parametrize("folder", sorted(old_layout.OLD))
def test_an_old_folder_gives_all_its_names_as_today_s_things(folder):
    old = importlib.import_module(f"backdoor_game.{folder}")
    for name in old_layout.OLD[folder]:
        found = getattr(old, name)
        if name in backdoor_game.PUBLIC:
            assert found is getattr(backdoor_game, name)
    assert getattr(backdoor_game, folder) is old


def test_every_public_name_of_the_old_layout_is_one_still():
    assert set(old_layout.PUBLIC) <= backdoor_game.PUBLIC


@pytest.mark.parametrize("folder", sorted(namespace.OLD))
def test_an_old_path_says_where_its_names_are(folder):
    name = old_layout.OLD[folder][0]
    with pytest.warns(DeprecationWarning, match=f"backdoor_game.{folder} is the old path of {name}: import it from"):
        getattr(importlib.import_module(f"backdoor_game.{folder}"), name)


def test_what_walks_all_modules_for_a_name_loads_no_room_and_meets_no_error():
    """As pickle does for a function that does not say where it lives."""
    walk = "import sys, pickle, backdoor_game, numpy; sys.modules['sklearn'] = None; import backdoor_game.estimators; "
    walk += "pickle.dumps(numpy.add.reduce.__self__); "
    walk += "[getattr(m, n, None) for m in list(sys.modules.values()) for n in ('load_tests', 'expit', 'Anything')]; "
    fresh(walk)
    loaded = fresh(
        "import sys, pickle, backdoor_game, scipy.special; pickle.dumps(scipy.special.expit); print(*sys.modules)"
    )
    assert not [name for name in loaded if name.startswith(("backdoor_game.planting", "backdoor_game.players"))]


def test_names_that_went_to_a_pack_are_found_where_they_were_and_inner_old_files_are_not():
    with pytest.warns(DeprecationWarning, match="import it from backdoor_game$"):
        from backdoor_game.functions import Circuits
    with pytest.warns(DeprecationWarning, match="import it from backdoor_game$"):
        from backdoor_game.defenders import KeySearch
    with pytest.warns(DeprecationWarning, match="import it from backdoor_game$"):
        from backdoor_game.games import StaticDetection
    assert (Circuits, KeySearch, StaticDetection) == (
        backdoor_game.Circuits,
        backdoor_game.KeySearch,
        backdoor_game.StaticDetection,
    )
    with pytest.raises(ImportError, match=r"backdoor_game\.detectors\.base"):
        importlib.import_module("backdoor_game.detectors.base")
    with pytest.raises(ImportError):
        from backdoor_game.defenders import NoSuchDefender  # noqa: F401


def test_no_module_keeps_a_generator_of_its_own():
    makers = {"default_rng", "RandomState", "Random", "Generator"}
    offenders = []
    for parts, path in MODULES.items():
        for statement in when_loaded(path):
            value = getattr(statement, "value", None)
            if isinstance(value, ast.Call) and getattr(value.func, "attr", getattr(value.func, "id", "")) in makers:
                offenders.append(f"{dotted(parts)}:{statement.lineno}")
    assert offenders == []


def test_asking_an_old_path_for_nothing_loads_nothing():
    loaded = fresh("import sys, backdoor_game.detectors, backdoor_game.views; print(*sys.modules)")
    assert "backdoor_game.planting" not in loaded
    assert "backdoor_game.players" not in loaded


# The files themselves


def test_files_are_short_and_finished():
    lengths = {path: len(path.read_text().splitlines()) for path in FILES}
    assert {str(path.relative_to(HOUSE)): n for path, n in lengths.items() if n > MOST_LINES} == {}
    assert statistics.median(lengths.values()) < MEDIAN_LINES
    marks = ("TODO", "FIXME", "XXX")
    assert [str(path) for path in FILES if any(mark in path.read_text() for mark in marks)] == []


def test_no_state_is_kept_but_caches_and_no_environment_is_read_but_for_compiler_and_figures():
    offenders = []
    for parts, path in MODULES.items():
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Global):
                offenders.append(f"{dotted(parts)}:{node.lineno} declares a global")
            read = isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv")
            named = [alias.name for alias in node.names] if isinstance(node, ast.ImportFrom) else []
            read |= bool({"environ", "getenv"} & set(named))
            if read and parts not in (("ground", "_jit"), ("ground", "_matplotlib")):
                offenders.append(f"{dotted(parts)}:{node.lineno} reads the environment")
    assert offenders == []


def test_no_abstract_method_has_a_leading_underscore():
    offenders = []
    for parts, path in MODULES.items():
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("_"):
                abstract = any(ast.unparse(one).endswith("abstractmethod") for one in node.decorator_list)
                offenders += [f"{dotted(parts)}:{node.lineno} wants {node.name}"] * abstract
    assert offenders == []
