"""Plug-in files in other processes, their neighbours, and what results say of both."""

from __future__ import annotations

import concurrent.futures
import copy
import dataclasses
import hashlib
import json
import multiprocessing
import os
import pickle
import sys

import pytest

from backdoor_game import (
    AlwaysClean,
    Attacker,
    BackdoorGame,
    CoinFlip,
    Defender,
    FunctionClass,
    NearestLegal,
    NeighbourVote,
    NoAttack,
    SpecError,
    Thresholds,
    Uniform,
    best_response,
    estimate,
    exploitability,
    make,
    play,
    solve,
    tournament,
)
from backdoor_game.catalog import resolve
from backdoor_game.ground.spec import text
from tests.test_catalog import RARE, STRIPES, TRIES

MINE = '''
import dataclasses
import helper
from backdoor_game import CoinFlip, Defender

@dataclasses.dataclass(frozen=True)
class Mine(Defender):
    """Flags a share of the rounds that its neighbour says, by a coin of its own."""
    inner: Defender = CoinFlip()
    half: float = 0.5

    def suspicion(self, view, rng):
        from deep.inside import scaled
        return float(rng.random() < scaled(self.half))
'''


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder of plug-in files to stand in, one with neighbours."""
    monkeypatch.chdir(tmp_path)
    for name, source in (("rare", RARE), ("tries", TRIES), ("stripes", STRIPES), ("mine", MINE)):
        (tmp_path / f"{name}.py").write_text(source)
    (tmp_path / "helper.py").write_text("SHARE = 0.5\n")
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "__init__.py").write_text("")
    (tmp_path / "deep" / "inside.py").write_text(
        "from helper import SHARE\nfrom .twice import twice\n\ndef scaled(half):\n    return twice(half) * SHARE\n"
    )
    (tmp_path / "deep" / "twice.py").write_text("def twice(number):\n    return 2 * number\n")
    before = list(sys.path)
    yield tmp_path
    assert sys.path == before
    assert not {"helper", "deep", "deep.inside"} & set(sys.modules)


def forget():
    """What was imported from the plug-in files here, as a new process does not have it."""
    for name, module in list(sys.modules.items()):
        if getattr(module, "__backdoor_game_file__", None) and module.__file__.startswith(os.getcwd() + os.sep):
            del sys.modules[name]


def match():
    game = BackdoorGame(make("stripes.py:Stripes(points=8)", FunctionClass), 0.5, Uniform())
    return game, make("tries.py:Tries(tries=9)", Attacker), make("mine.py:Mine(inner=rare.py:Rare(m=3))", Defender)


HOW = {"rounds": 300, "seed": 7}


# To another process and back


def test_objects_of_files_play_the_same_numbers_in_a_spawned_pool_and_in_one_whose_worker_was_killed(folder):
    here = estimate(*match(), **HOW)
    spawn = multiprocessing.get_context("spawn")
    with spawn.Pool(2) as pool:
        there = [pool.apply_async(estimate, match(), HOW) for _ in range(2)]
        assert [one.get(timeout=120) for one in there] == [here, here]
    with concurrent.futures.ProcessPoolExecutor(1, mp_context=spawn) as pool:
        killed = pool.submit(os._exit, 9)
        with pytest.raises(concurrent.futures.process.BrokenProcessPool):
            killed.result(timeout=120)
    with concurrent.futures.ProcessPoolExecutor(1, mp_context=spawn) as pool:
        game, attacker, defender = pickle.loads(pickle.dumps(match()))
        assert pool.submit(estimate, game, attacker, defender, **HOW).result(timeout=120) == here
        (folder / "late.py").write_text(RARE)
        late = make("late.py:Rare()")
        (folder / "late.py").write_text(RARE + "# edited\n")
        with pytest.raises(
            SpecError, match=r"^file '.*late\.py' has changed: its digest is \w{8}, and where the object"
        ):
            pool.submit(estimate, game, attacker, late, **HOW).result(timeout=120)


def test_objects_of_files_play_the_same_numbers_in_joblib(folder):
    joblib = pytest.importorskip("joblib")
    here = estimate(*match(), **HOW)
    there = joblib.Parallel(n_jobs=2, backend="loky")(joblib.delayed(estimate)(*match(), **HOW) for _ in range(2))
    assert there == [here, here]


@pytest.mark.parametrize("kind", ["pickle", "cloudpickle"])
@pytest.mark.parametrize("forgotten", [False, True])
def test_an_object_comes_back_with_its_fields_and_its_text_under_every_protocol(folder, kind, forgotten):
    pickler = pytest.importorskip(kind)
    things = match()
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        written = pickler.dumps(things, protocol=protocol)
        if forgotten:
            forget()
        found = pickle.loads(written)
        assert text(found) == text(things)
        assert found[2].inner.m == 3
        if not forgotten:
            assert found == things
            assert type(found[2]) is type(things[2])


def test_an_object_in_this_process_is_copied_whatever_stands_in_its_file_by_now(folder):
    things = match()
    (folder / "mine.py").write_text("raise ValueError")
    assert copy.deepcopy(things) == copy.copy(things) == pickle.loads(pickle.dumps(things)) == things


@pytest.mark.parametrize("changed", ["mine.py", "helper.py", "deep/twice.py"])
def test_a_changed_file_or_neighbour_is_refused_in_one_sentence_with_both_digests(folder, changed):
    written = pickle.dumps(make("mine.py:Mine()"))
    old = hashlib.sha256((folder / changed).read_bytes()).hexdigest()[:8]
    (folder / changed).write_text((folder / changed).read_text() + "# edited\n")
    new = hashlib.sha256((folder / changed).read_bytes()).hexdigest()[:8]
    forget()
    with pytest.raises(SpecError) as caught:
        pickle.loads(written)
    assert str(caught.value) == (
        f"file {str(folder / changed)!r} has changed: its digest is {new}, and where the object was made {old}: "
        "make the object again"
    )


def test_a_file_that_is_gone_is_refused_by_its_name(folder):
    written = pickle.dumps(make("rare.py:Rare()"))
    (folder / "rare.py").unlink()
    forget()
    with pytest.raises(SpecError, match=r"^file '.*rare\.py' cannot be read: No such file or directory$"):
        pickle.loads(written)


def test_a_class_inside_a_function_does_not_travel(folder):
    (folder / "local.py").write_text(
        RARE + "\ndef made():\n    @dataclass(frozen=True)\n    class Inner(Rare):\n        pass\n    return Inner()\n"
    )
    thing = sys.modules[resolve("local.py:Rare").__module__].made()
    with pytest.raises((AttributeError, pickle.PicklingError), match="local"):
        pickle.dumps(thing)


MADE = """
import dataclasses
from backdoor_game import Defender

def answering(value):
    @dataclasses.dataclass(frozen=True)
    class Local(Defender):
        def suspicion(self, view, rng):
            return value
    return Local

class Both:
    @dataclasses.dataclass(frozen=True)
    class Inside(Defender):
        def suspicion(self, view, rng):
            return 0.0

Flags, Trusts = answering(1.0), answering(0.0)
"""


@pytest.mark.parametrize("spec", ["made.py:Flags()", "made.py:Trusts()", "made.py:Both.Inside()"])
def test_a_class_that_a_function_or_a_class_made_is_called_what_its_file_calls_it(folder, spec):
    (folder / "made.py").write_text(MADE)
    one = make(spec)
    assert text(one) == spec
    blob = pickle.dumps(one)
    forget()
    assert text(pickle.loads(blob)) == spec
    assert text(make(spec)) == spec


def test_two_classes_of_one_function_are_two_players(folder):
    (folder / "made.py").write_text(MADE)
    game = BackdoorGame(Thresholds(points=8), "1/8", Uniform())
    table = tournament(game, [NoAttack()], [make("made.py:Flags()"), make("made.py:Trusts()")], rounds=50, seed=1)
    # Against who plants nothing, to flag all is right in each planted branch alone, and to trust all in both.
    rates = {pair.defender: pair.estimate.win_rate for pair in table.pairs}
    assert rates == {"made.py:Flags()": 0.5, "made.py:Trusts()": 1.0}


def test_two_ways_to_type_a_path_are_two_texts_whichever_came_first(folder):
    for first, second in [("rare.py", f"{folder}/rare.py"), ("./tries.py", "tries.py")]:
        name = "Rare" if "rare" in first else "Tries"
        specs = [f"{source}:{name}()" for source in (first, second)]
        assert [text(make(spec)) for spec in specs] == specs


# Neighbours


def test_a_neighbour_is_imported_at_the_top_and_inside_functions_and_relatively(folder):
    found = estimate(BackdoorGame(Thresholds(points=4), 0.5, Uniform()), NoAttack(), make("mine.py:Mine()"), **HOW)
    half = found.false_alarm_rate
    assert half.low <= 0.5 <= half.high
    (folder / "near.py").write_text("from . import helper\nfrom .deep import inside as one\n" + RARE)
    module = sys.modules[resolve("near.py:Rare").__module__]
    assert module.helper.SHARE == 0.5
    assert module.one.scaled(1) == 1.0
    (folder / "star.py").write_text("import deep.inside as other, deep.twice\nfrom helper import *\n" + RARE)
    module = sys.modules[resolve("star.py:Rare").__module__]
    assert module.SHARE == 0.5
    assert module.deep.inside is module.other
    assert module.deep.twice.twice(3) == 6


def test_neighbours_of_one_name_in_two_folders_are_two(folder):
    for name, share in (("a", 0.25), ("b", 0.75)):
        (folder / name).mkdir()
        source = RARE.replace("= 64", "= int(100 * SHARE)")
        (folder / name / "mine.py").write_text("from helper import SHARE\n" + source)
        (folder / name / "helper.py").write_text(f"SHARE = {share}\n")
    assert [make(f"{name}/mine.py:Rare()").m for name in "abab"] == [25, 75, 25, 75]


def test_an_edited_neighbour_is_noticed(folder):
    first = resolve("mine.py:Mine")
    assert resolve("mine.py:Mine") is first
    (folder / "deep" / "twice.py").write_text("def twice(number):\n    return 0 * number\n")
    second = resolve("mine.py:Mine")
    assert second is not first
    game = BackdoorGame(Thresholds(points=4), 0.5, Uniform())
    assert estimate(game, NoAttack(), second(), **HOW).false_alarms == 0
    assert estimate(game, NoAttack(), first(), **HOW).false_alarms > 0  # as it was read, with its late import


def test_a_class_of_a_neighbour_is_the_one_that_its_own_spec_names(folder):
    (folder / "panel.py").write_text(
        "import dataclasses\nfrom rare import Rare\n\n@dataclasses.dataclass(frozen=True)\nclass Panel(Rare):\n"
        "    inner: Rare = Rare(m=2)\n"
    )
    panel = make("panel.py:Panel()")
    assert panel.inner == make("rare.py:Rare(m=2)")
    assert (
        text(dataclasses.replace(panel, inner=make("rare.py:Rare(m=5)"))) == "panel.py:Panel(inner=rare.py:Rare(m=5))"
    )


def test_files_that_import_each_other_are_each_read_once(folder):
    (folder / "odd.py").write_text("import even\n" + RARE)
    (folder / "even.py").write_text("import odd\n" + RARE)
    odd, even = (sys.modules[resolve(f"{name}.py:Rare").__module__] for name in ("odd", "even"))
    assert (odd.even, even.odd) == (even, odd)


def test_the_standard_library_and_this_package_are_never_a_neighbour_s(folder):
    (folder / "dataclasses.py").write_text("raise ValueError")
    (folder / "backdoor_game.py").write_text("raise ValueError")
    assert make("rare.py:Rare()").m == 64


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("import broken\n", "file 'asks.py' does not import: broken.py: ValueError: no"),
        ("import syntax\n", "file 'asks.py' does not import: syntax.py: SyntaxError: "),
        (
            "import deep.nothing\n",
            "file 'asks.py' does not import: ModuleNotFoundError: No module named 'deep.nothing'",
        ),
        ("from deep import nothing\n", "file 'asks.py' does not import: ImportError: cannot import name 'nothing'"),
        ("from . import nothing\n", "file 'asks.py' does not import: ImportError: cannot import name 'nothing'"),
        ("from .. import nothing\n", "file 'asks.py' does not import: ImportError: attempted relative import"),
    ],
)
def test_a_neighbour_that_does_not_import_is_named(folder, source, words):
    (folder / "broken.py").write_text("raise ValueError('no')\n")
    (folder / "syntax.py").write_text("def (:\n")
    (folder / "asks.py").write_text(source + RARE)
    for _ in range(2):
        with pytest.raises(SpecError) as caught:
            resolve("asks.py:Rare")
        assert str(caught.value).startswith(words)
        assert "\n" not in str(caught.value)


# What a result says


def test_an_estimate_holds_the_digest_of_each_file_and_every_field(folder):
    found = estimate(*match(), **HOW)
    files = ("mine.py", "helper.py", "deep/__init__.py", "deep/inside.py", "deep/twice.py", "rare.py", "tries.py")
    files += ("stripes.py",)
    assert found.sources == {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in files}
    assert found.players["attacker"] == {"tries": 9}
    assert found.players["defender"] == {"inner": "rare.py:Rare(m=3, threshold=0.8)", "half": 0.5}
    assert found.players["game"]["functions"] == "stripes.py:Stripes(points=8, period=4)"
    assert found.players["game"]["black_box"] is False
    plain = json.loads(json.dumps(found.to_dict()))
    assert (plain["players"], plain["sources"]) == (found.players, found.sources)


def test_what_ran_is_what_is_told_although_the_file_has_changed_since(folder):
    rare = make("rare.py:Rare()")
    ran = hashlib.sha256((folder / "rare.py").read_bytes()).hexdigest()
    (folder / "rare.py").write_text("raise ValueError")
    found = estimate(BackdoorGame(Thresholds(points=4), 0.5, Uniform()), NoAttack(), rare, **HOW)
    assert found.sources == {"rare.py": ran}


def test_tournaments_solutions_and_replies_hold_them_too(folder):
    digests = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in ("rare.py", "stripes.py")}
    game = BackdoorGame(make("stripes.py:Stripes(points=8)"), 0.5, Uniform())
    result = tournament(game, [NoAttack()], [CoinFlip(), make("rare.py:Rare()")], rounds=20, seed=1, exact=False)
    assert result.sources == digests
    assert [pair.estimate.sources.keys() for pair in result.pairs] == [{"stripes.py"}, {"rare.py", "stripes.py"}]
    solved = solve(game)
    assert solved.sources == {"stripes.py": digests["stripes.py"]}
    assert solved.players["attacker"] == {"law": None, "tolerance": None}
    assert solved.players["game"]["epsilon"] == 0.5
    assert best_response(game, defender=AlwaysClean()).sources == {"stripes.py": digests["stripes.py"]}
    assert exploitability(game, make("rare.py:Rare(m=1)"), rounds=20, seed=1).sources == digests


def test_one_round_that_is_told_holds_them_too(folder):
    told, whole = (
        one.to_dict() for one in (play(*match(), seed=1), estimate(*match(), rounds=10, seed=1, scale=False))
    )
    assert "mine.py" in told["sources"]
    assert {name: told[name] for name in ("players", "sources", "versions")} == {
        name: whole[name] for name in ("players", "sources", "versions")
    }


def test_a_result_of_shipped_players_names_no_file():
    found = estimate(BackdoorGame(Thresholds(points=4), 0.5, Uniform()), NearestLegal(), NeighbourVote(), **HOW)
    assert found.sources == {}
    assert found.players["attacker"] == {}
    assert found.players["defender"]["neighbours"] == 5
    assert found.spec["defender"] == "NeighbourVote()"


# Modules


@pytest.mark.parametrize("name", ["this:x", "json:JSONDecoder", "os.path:join"])
def test_a_module_of_the_standard_library_is_refused_and_not_imported(name):
    sys.modules.pop("this", None)
    with pytest.raises(SpecError) as caught:
        resolve(name)
    assert str(caught.value) == (
        f"module {name.split(':')[0]!r} is one of the standard library, which defines no strategy: write "
        "path/to/file.py:Name, which runs the file, or package.module:Name, which imports the module"
    )
    assert "this" not in sys.modules
