"""Names to classes: shipped ones, modules and plug-in files, and the three whole plug-ins of the design."""

from __future__ import annotations

import dataclasses
import inspect
import itertools
import os
import pathlib
import sys

import numpy as np
import pytest

from backdoor_game import (
    AllFunctions,
    AlwaysClean,
    Attacker,
    BackdoorGame,
    CoinFlip,
    Defender,
    DistillationEnsemble,
    Distribution,
    Finite,
    FunctionClass,
    Learner,
    MissingCapability,
    NearestLegal,
    NoAttack,
    RandomLegal,
    SpecError,
    Thresholds,
    Uniform,
    Weighted,
    catalog,
    estimate,
    functions,
)
from backdoor_game.catalog.names import make, resolve, shipped
from backdoor_game.ground import neighbours
from backdoor_game.ground.spec import Configured, parse, text

RARE = '''
from dataclasses import dataclass
import numpy as np
from backdoor_game import Defender

@dataclass(frozen=True)
class Rare(Defender):
    """Suspicious of a label that is rare among m fresh examples."""
    m: int = 64
    threshold: float = 0.8
    def suspicion(self, view, rng):
        X, y = view.examples(self.m)
        return float(np.mean(y != view.f(view.x[None])[0]))
'''
TRIES = '''
from dataclasses import dataclass
from backdoor_game import Attacker

@dataclass(frozen=True)
class Tries(Attacker):
    """Draws members of the class until one is legal; gives up after `tries`."""
    tries: int = 50
    def plant(self, view, rng):
        F = view.game.functions
        for _ in range(self.tries):
            g = F.function(F.sample(rng))
            if view.legal(g):
                return g
        return None
'''
STRIPES = '''
from dataclasses import dataclass
import numpy as np
from backdoor_game import Finite, FunctionClass

@dataclass(frozen=True)
class Stripes(FunctionClass):
    """1 where (x + shift) mod period < period / 2; code (shift,)."""
    points: int
    period: int = 4
    code_length, code_dtype = 1, np.int64
    domain = property(lambda self: Finite(self.points))
    def evaluate(self, codes, X): return (2 * ((X[:, :, 0] + codes) % self.period) < self.period).astype(np.uint8)
    def sample(self, rng): return rng.integers(self.period, size=1)
    def contains(self, codes): return (codes[:, 0] >= 0) & (codes[:, 0] < self.period)
    def enumerate(self): return np.arange(self.period)[:, None]
'''


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder of plug-in files to stand in."""
    monkeypatch.chdir(tmp_path)
    for name, source in (("rare", RARE), ("tries", TRIES), ("stripes", STRIPES)):
        (tmp_path / f"{name}.py").write_text(source)
    return tmp_path


def refusal(name):
    with pytest.raises(SpecError) as caught:
        resolve(name)
    assert "\n" not in str(caught.value)
    return str(caught.value)


# The three plug-ins of the design


def test_a_defender_from_a_file_wins_its_exact_rate(folder):
    """With m = 2 and threshold 1 it flags when both examples disagree with f(x)."""
    rare = make("rare.py:Rare(m=2, threshold=1)", Defender, "defender")
    game = BackdoorGame(Thresholds(points=4), 0.25, Uniform())
    found = estimate(game, NoAttack(), rare, rounds=6000, seed=3, level=0.999)
    exact = np.mean([np.mean([[a != f[x] and b != f[x] for a, b in itertools.product(f, f)] for x in range(4)])
                     for t in range(5) for f in [[int(x >= t) for x in range(4)]]])  # fmt: skip
    alarms = found.false_alarm_rate
    assert alarms.low <= exact <= alarms.high
    assert found.examples_per_round == 2
    assert found.evaluations_per_round == 1
    assert found.spec["defender"] == "rare.py:Rare(m=2, threshold=1.0)"


def test_an_attacker_from_a_file_plants_legally_and_often_as_the_package_s_own(folder):
    tries = make("tries.py:Tries(tries=200)", Attacker, "attacker")
    game = BackdoorGame(AllFunctions(points=4), 0.25, Uniform())
    found = estimate(game, tries, AlwaysClean(), rounds=1000, seed=3)
    assert found.illegal == found.undecided == 0
    # A legal plant is one member of 16: 200 tries miss it with probability (15/16)^200 < 1e-5.
    assert found.forfeits == 0
    once = make("tries.py:Tries(tries=1)", Attacker, "attacker")
    few = estimate(game, once, AlwaysClean(), rounds=4000, level=0.999, seed=0)
    rate = few.detection_rate
    assert rate.low <= 15 / 16 <= rate.high


def test_a_function_class_from_a_file_is_played_and_enumerated(folder):
    stripes = make("stripes.py:Stripes(points=8)", FunctionClass, "functions")
    rows = [[int((x + shift) % 4 < 2) for x in range(8)] for shift in range(4)]
    X = np.broadcast_to(stripes.domain.points(), (4, 8, 1))
    assert stripes.evaluate(stripes.enumerate(), X).tolist() == rows
    assert stripes.vc_dimension is None
    # Stripes that differ by one shift disagree on half of the points, and by two on all of them.
    game = BackdoorGame(stripes, 0.5, Uniform())
    found = estimate(game, RandomLegal(), CoinFlip(), rounds=4000, seed=2, level=0.999)
    assert found.forfeits == found.illegal == 0
    assert found.low <= 0.5 <= found.high
    assert estimate(dataclasses.replace(game, epsilon=0.4), RandomLegal(), CoinFlip(), rounds=50, seed=0).forfeits == 50
    assert estimate(game, NearestLegal(), DistillationEnsemble(members=5, examples=2), rounds=200, seed=0).forfeits == 0
    with pytest.raises(MissingCapability, match=r"the VC dimension of stripes\.py:Stripes.*is unknown"):
        estimate(game, NoAttack(), DistillationEnsemble(members=1), rounds=10, seed=0)


def test_the_three_plug_ins_play_together_and_their_specs_are_read_again(folder):
    specs = ("stripes.py:Stripes(points=8)", "tries.py:Tries(tries=9)", "rare.py:Rare(m=5)")
    functions, attacker, defender = (parse(source, resolve) for source in specs)
    assert (text(functions), text(attacker), text(defender)) == specs
    game = BackdoorGame(functions, "1/2", Uniform())
    assert parse(text(game), resolve) == game
    found = estimate(game, attacker, defender, rounds=400, seed=1)
    assert found.forfeits < 400
    assert found == estimate(parse(text(game), resolve), attacker, defender, rounds=400, seed=1, threads=2)


def test_a_plug_in_that_is_an_instance_of_a_class_at_hand_needs_no_file():
    @dataclasses.dataclass(frozen=True)
    class Here(Defender):
        def suspicion(self, view, rng):
            return 1.0

    game = BackdoorGame(Thresholds(points=4), 0.5, Uniform())
    assert estimate(game, NoAttack(), Here(), rounds=30, seed=0).win_rate == 0.5


# Shipped names


def test_every_shipped_name_means_its_class_and_no_two_rooms_share_one():
    everything = [(name, cls) for room in catalog.ROOMS for name, cls in shipped(room).items()]
    assert len({name for name, _ in everything}) == len(everything)
    for name, cls in everything:
        assert resolve(name) is cls
        assert cls.__name__ == name
        assert not inspect.isabstract(cls)


def test_contracts_and_helpers_are_not_shipped_as_strategies():
    names = {name for room in catalog.ROOMS for name in shipped(room)}
    assert not names & {"Attacker", "BlockDefender", "FunctionClass", "Learner", "Distribution", "Domain", "Configured"}
    assert {"CoinFlip", "Thresholds", "Uniform", "Closure", "Shattered", "BackdoorGame", "Finite"} <= names


@pytest.mark.parametrize(
    ("docstring", "word"),
    [
        ("Wins. *Proved.*", "proved"),
        ("*Enumerated* here, but on the whole *heuristic*.", "heuristic"),
        ("It was proved elsewhere.", "-"),
        ("", "-"),
        (None, "-"),
        ("*Simulated.*", "simulated"),
    ],
)
def test_a_status_word_is_the_last_one_in_stars(docstring, word):
    class Thing:
        __doc__ = docstring

    assert catalog.status_word(Thing) == word


def test_unknown_names_are_refused_with_the_closest_one():
    assert refusal("CoinFlop") == "unknown name 'CoinFlop': did you mean 'CoinFlip'?"
    assert refusal("Treshold") == "unknown name 'Treshold': did you mean 'Thresholds'?"
    assert refusal("Qqqqqq") == (
        "unknown name 'Qqqqqq': `backdoor-game list` shows what there is, "
        "and a class of your own is path/to/file.py:Qqqqqq"
    )
    assert refusal("nan") == "nan is no number that a parameter may hold: write a finite one"
    for name in ("Attacker", "Defender", "Configured", "random_class", "estimate", "__main__", ""):
        assert "unknown name" in refusal(name)


# Modules and files


def test_a_module_s_class_is_found_by_its_path():
    assert resolve("backdoor_game.players.defenders:CoinFlip") is CoinFlip
    assert text(parse("backdoor_game.players.defenders:CoinFlip()", resolve)) == "CoinFlip()"


def test_an_importable_module_needs_no_file_name(folder, monkeypatch):
    monkeypatch.syspath_prepend(str(folder))
    (folder / "my_players").mkdir()
    (folder / "my_players" / "__init__.py").write_text("")
    (folder / "my_players" / "odd.py").write_text(RARE)
    try:
        rare = make("my_players.odd:Rare(m=3)", Defender, "defender")
        assert text(rare) == "my_players.odd:Rare(m=3)"
        assert parse(text(rare), resolve) == rare
    finally:
        for name in ("my_players.odd", "my_players"):
            sys.modules.pop(name, None)


def test_a_file_is_imported_once_and_read_again_when_it_has_changed(folder):
    first = resolve("rare.py:Rare")
    assert resolve("rare.py:Rare") is first
    (folder / "rare.py").write_text(RARE.replace("m: int = 64", "m: int = 63"))
    second = resolve("rare.py:Rare")
    assert second is not first
    assert (first().m, second().m) == (64, 63)
    assert text(second()) == "rare.py:Rare()"


@pytest.mark.parametrize("writes", [True, False])
def test_an_edit_of_equal_size_in_the_same_second_runs_and_nothing_is_written_beside_the_file(
    folder, monkeypatch, writes
):
    monkeypatch.setattr(sys, "dont_write_bytecode", not writes)
    path = folder / "rare.py"
    before, when = sorted(os.listdir(folder)), path.stat().st_mtime_ns
    for m in (64, 63, 62, 61):
        path.write_text(RARE.replace("m: int = 64", f"m: int = {m}"))
        os.utime(path, ns=(when, when))
        assert resolve("rare.py:Rare")().m == m
    assert sorted(os.listdir(folder)) == before


def test_what_was_hashed_is_what_runs_whatever_stands_in_the_file_meanwhile(folder, monkeypatch):
    path = folder / "rare.py"
    read = neighbours.read_bytes

    def read_then_changed(source, argument):
        content = read(source, argument)
        pathlib.Path(source).write_text("raise RuntimeError('another file by now')")
        return content

    monkeypatch.setattr(neighbours, "read_bytes", read_then_changed)
    assert resolve("rare.py:Rare")().m == 64
    assert "another file" in path.read_text()
    with pytest.raises(SpecError, match=r"rare\.py' does not import: RuntimeError: another file by now"):
        resolve("rare.py:Rare")


def test_files_of_one_name_in_two_folders_are_two(folder):
    for name, m in (("a", 1), ("b", 2)):
        (folder / name).mkdir()
        (folder / name / "mine.py").write_text(RARE.replace("m: int = 64", f"m: int = {m}"))
    assert [parse(f"{name}/mine.py:Rare", resolve).m for name in "ab"] == [1, 2]
    assert parse(f"{folder}/a/mine.py:Rare()", resolve).m == 1
    assert parse("../" + folder.name + "/b/mine.py:Rare(threshold=1/4)", resolve).threshold == 0.25


def test_a_file_s_text_is_what_names_it(folder):
    built = parse("[rare.py:Rare(m=1), 'rare.py:Rare', CoinFlip()]", resolve)
    assert text(built[0]) == "rare.py:Rare(m=1)"
    assert built[1:] == ("rare.py:Rare", CoinFlip())


@pytest.mark.parametrize("path", ["my dir/mine.py", "a b  c/my own.py", "dir.py/mine.py", "~x/+-@#é&/mine.py"])
def test_the_path_of_a_file_may_hold_spaces_and_signs_wherever_its_name_stands(folder, path):
    (folder / path).parent.mkdir(parents=True)
    (folder / path).write_text(RARE)
    source = pathlib.Path(path) if path[0] != "~" else folder / path  # a tilde at the start would be someone's home
    built = parse(f"[{source}:Rare(m=1),\n {source}:Rare, '{source}:Rare']", resolve)
    assert text(built) == f"[{source}:Rare(m=1), {source}:Rare(), '{source}:Rare']"
    assert parse(text(built), resolve) == built
    assert make(f"  {source}:Rare(threshold=1/4) ", Defender, "defender").threshold == 0.25


@pytest.mark.parametrize("path", ["a (1)/mine.py", "it's/mine.py", "a:b/mine.py", "a=b/mine.py", "[a]/mine.py"])
def test_a_path_with_a_sign_that_specs_use_is_refused_in_one_sentence(folder, path):
    (folder / path).parent.mkdir()
    (folder / path).write_text(RARE)
    signs = "\" ' ( ) [ ] { } , = :"
    with pytest.raises(SpecError) as caught:
        make(f"{path}:Rare(m=1)", Defender, "defender")
    spec = repr(f"{path}:Rare(m=1)")
    assert str(caught.value) == f"defender: cannot read the spec {spec}: the path of a file holds none of {signs}"
    assert f"cannot be named in a spec: its path may hold none of {signs}" in refusal(f"{path}:Rare")


BROKEN = {
    "syntax.py": ("def (:", "SyntaxError"),
    "missing.py": ("import no_such_module", "ModuleNotFoundError: No module named 'no_such_module'"),
    "raises.py": ("raise ValueError('first' + chr(10) + 'second')", "ValueError: first"),
    "exits.py": ("import sys; sys.exit(3)", "SystemExit: 3"),
    "mute.py": ("assert False", "AssertionError: no message"),
    "bytes.py": ("x = 'caf\\xe9'", "does not import"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_file_that_does_not_import_is_refused_each_time_it_is_asked_for(folder, name):
    source, words = BROKEN[name]
    (folder / name).write_bytes(source.encode("utf-8").replace(b"\\xe9", b"\xe9"))
    for _ in range(2):
        message = refusal(f"{name}:Mine")
        assert message.startswith(f"file {name!r} does not import: ")
        assert words in message


def test_a_module_that_does_not_import_is_refused(folder, monkeypatch):
    monkeypatch.syspath_prepend(str(folder))
    (folder / "leaves_at_once.py").write_text("raise SystemExit(0)")
    assert "module 'leaves_at_once' does not import: SystemExit: 0" in refusal("leaves_at_once:Mine")
    assert "module 'no_such_module' does not import" in refusal("no_such_module:Mine")
    assert "does not import" in refusal("..relative:Mine")
    assert "does not import" in refusal(":Mine")


CLASSES = '''
import abc, dataclasses
from backdoor_game import Defender, CoinFlip
from backdoor_game.ground.spec import Configured

@dataclasses.dataclass(frozen=True)
class Whole(Defender):
    def suspicion(self, view, rng): return 0.0

@dataclasses.dataclass(frozen=True)
class Part(Defender):
    share: float = 0.5

class Stranger:
    pass

number = 3
'''


def test_missing_abstract_and_strange_classes_are_refused(folder):
    (folder / "mine.py").write_text(CLASSES)
    assert resolve("mine.py:Whole").__name__ == "Whole"
    assert resolve("mine.py:CoinFlip") is CoinFlip
    assert refusal("mine.py:Whale") == "mine.py defines no strategy 'Whale': did you mean 'Whole'?"
    assert refusal("mine.py:Qqqqq") == "mine.py defines no strategy 'Qqqqq': known are Whole"
    assert refusal("mine.py:Part") == "Part does not define suspicion"
    for name in ("Stranger", "number", "abc", "Missing"):
        assert f"mine.py defines no strategy {name!r}" in refusal(f"mine.py:{name}")
    assert refusal("rare.py:Defender") == "Defender does not define suspicion"


@pytest.mark.parametrize("name", ["nowhere.py:Mine", "folder.py:Mine", "no/such/folder/mine.py:Mine"])
def test_a_file_that_cannot_be_read_is_refused_by_name(folder, name):
    (folder / "folder.py").mkdir()
    assert f"file {name.split(':')[0]!r} cannot be read" in refusal(name)


def test_what_is_defined_in_main_plays_in_process_only():
    assert refusal("__main__:Mine").startswith("a class defined in __main__ plays in process only")


def test_a_refused_spec_names_the_argument_that_it_was_typed_for(folder):
    wrong = [
        ("CoinFlop()", "defender: unknown name 'CoinFlop'"),
        ("Thresholds(points=3)", r"defender must be a Defender, got Thresholds\(points=3\)"),
        ("3", "defender must be a Defender, got 3"),
        ("rare.py:Rare(n=3)", "defender: Rare has no parameter 'n'"),
        ("rare.py:Rare(m='x')", "Rare.m must be a whole number, got 'x'"),
        ("rare.py:Rear()", "defender: rare.py defines no strategy 'Rear': did you mean 'Rare'"),
    ]
    for source, words in wrong:
        with pytest.raises(ValueError, match=words) as caught:
            make(source, Defender, "defender")
        assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("source", "kind"),
    [("Weighted([1/2, 1/2])", Distribution), ("Closure()", Learner), ("NoAttack", Attacker), ("Finite(3)", Configured)],
)
def test_make_gives_an_object_of_the_kind_that_was_asked_for(source, kind):
    assert isinstance(make(source, kind, "it"), kind)


def test_numpy_numbers_and_arrays_in_fields_become_plain(folder):
    rare = resolve("rare.py:Rare")(m=np.int32(7), threshold=np.float32(0.5))
    assert rare == resolve("rare.py:Rare")(m=7, threshold=0.5)
    assert text(rare) == "rare.py:Rare(m=7, threshold=0.5)"
    assert Weighted(np.full(4, 0.25)) == Weighted([0.25] * 4)
    assert Finite(np.int64(3)) == Finite(3)
    assert hash(functions.DirectSum([Thresholds(points=np.uint8(4))])) == hash(
        functions.DirectSum((Thresholds(points=4),))
    )
