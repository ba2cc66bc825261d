"""``backdoor-game new``: for every kind a plug-in that passes its battery, and a test file that runs it."""

from __future__ import annotations

import importlib
import json
import sys

import pytest

from backdoor_game import catalog
from backdoor_game.cli.new import KINDS
from backdoor_game.testing import check_names

# What a template leaves out, and its battery therefore skips.
SKIPPED = {
    "defender": {"suspicion_probability_is_right", "declared_symmetries_hold"},
    "attacker": {
        "plant_law_is_right",
        "pick_law_is_right",
        "choose_given_law_is_right",
        "declared_symmetries_hold",
    },
    "learner": {"hypotheses_are_members", "expected_error_is_not_exceeded"},
    "functions": {
        "moves_stay_in_the_class",
        "proposals_are_undone_as_they_say",
        "distance_is_a_pseudometric",
        "distance_is_the_mass_of_difference",
        "nearest_is_nearest",
        "vc_dimension_is_right",
        "shattered_set_is_shattered",
        "consistent_fits",
        "intersections_are_members",
    },
    "distribution": {
        "a_window_is_cut_from_the_stream",
        "mass_is_right",
        "bit_probabilities_are_right",
        "uniform_size_is_right",
        "windows_are_right",
    },
    "obfuscator": {"tables_are_kept"},
    "dataset": set(),
    "forger": {"over_budget_loses_the_round"},
    "backdoor": set(),
    "delegate": {"who_plants_nothing_hands_in_what_is_determined"},
    "detector": set(),
    "update": set(),
    "trigger": {"admits_are_right", "shows_what_it_admits"},
    "predicate": set(),
    "reveal": {"nothing_shows_nothing"},
    "observation": set(),
}
# Of the backdoor game one is played here: the small games that are the default take up to half a minute.
ONE_GAME = ("--functions", "Thresholds(points=4)", "--epsilon", "1/4", "--distribution", "Uniform()")


def test_there_is_a_template_for_each_kind_of_plug_in():
    assert {kind.removesuffix("s") + "s" for kind in KINDS} == set(catalog.KINDS)
    assert set(SKIPPED) == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_written_passes_its_battery_and_skips_what_it_leaves_out(run, kind, tmp_path):
    made = run("new", kind, "my_rule.py")
    assert (made.status, made.err) == (0, "")
    assert "backdoor-game check my_rule.py:MyRule" in made.out
    game = ONE_GAME if kind in ("defender", "attacker", "distribution") else ()
    answer = run("check", "my_rule.py:MyRule", "--quiet", "--json", *game)
    found = {check["name"]: check for check in json.loads(answer.out)["checks"]}
    assert answer.status == 0
    assert [check for check in found.values() if check["status"] == "failed"] == []
    assert {name for name, check in found.items() if check["status"] == "skipped"} == SKIPPED[kind]
    assert "Mine" not in (tmp_path / "my_rule.py").read_text()


def test_the_test_file_has_one_test_for_each_check(run, tmp_path, monkeypatch):
    """A file of another name for each run: a module is imported once in a process."""
    run("new", "dataset", "clouds.py", "--name", "TwoClouds")
    monkeypatch.syspath_prepend(str(tmp_path))
    try:
        plug_in, tests = importlib.import_module("clouds"), importlib.import_module("test_clouds")
        (mark,) = tests.test_clouds.pytestmark
        names, parameters = mark.args
        assert names == ("strategy", "check")
        things = {parameter.values[0] for parameter in parameters}
        assert things == {plug_in.TwoClouds()}
        assert tuple(parameter.values[1].__name__ for parameter in parameters) == check_names(plug_in.TwoClouds())
        for parameter in parameters:
            tests.test_clouds(*parameter.values)
    finally:
        for name in ("clouds", "test_clouds"):
            sys.modules.pop(name, None)


@pytest.mark.parametrize("stands", ["mine.py", "test_mine.py"])
def test_a_file_that_exists_is_left_as_it_is_and_nothing_is_written_beside_it(run, tmp_path, stands):
    (tmp_path / stands).write_text("mine")
    answer = run("new", "defender", "mine.py")
    assert answer.status == 2
    told = f"backdoor-game new: FILE must be new: '{stands}' exists, and is left as it is; name another file\n"
    assert answer.err == told
    assert [path.name for path in tmp_path.iterdir()] == [stands]
    assert (tmp_path / stands).read_text() == "mine"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((), "KIND is missing: pass one of defender, attacker"),
        (("defendr", "a.py"), "unknown kind 'defendr': did you mean 'defender'?"),
        (("defender",), "FILE is missing: pass for example mine.py"),
        (("defender", ""), "FILE must be a name that Python can import, such as my_rule.py, got ''"),
        (("defender", "."), "FILE must be a name that Python can import, such as my_rule.py, got '.'"),
        (
            ("defender", "my-rule.py"),
            "FILE must be a name that Python can import, such as my_rule.py, got 'my-rule.py'",
        ),
        (("defender", "rule"), "FILE must be a name that Python can import, such as my_rule.py, got 'rule'"),
        (("defender", "class.py"), "FILE must be a name that Python can import"),
        (("defender", "random.py"), "FILE must not be called random.py, which hides another module"),
        (("defender", "numpy.py"), "FILE must not be called numpy.py, which hides another module"),
        (("defender", "test_a.py"), "FILE must not be called test_a.py, which hides another module"),
        (("defender", "no/rule.py"), "FILE must lie in a folder that exists, got 'no/rule.py': make 'no' first"),
        (("defender", "~nosuchuser/rule.py"), "FILE must be a path such as mine.py, got '~nosuchuser/rule.py'"),
        (
            ("defender", "a.py", "--name", "my rule"),
            "--name must be the name of a class, such as MyRule, got 'my rule'",
        ),
        (("defender", "a.py", "--name", "_Rule"), "--name must be the name of a class, such as MyRule, got '_Rule'"),
        (("defender", "a.py", "--name", "Defender"), "--name must not be Defender, which the file uses otherwise"),
        (("defender", "a.py", "--name", "float"), "--name must not be float, which the file uses otherwise"),
    ],
)
def test_what_cannot_be_written_is_refused_in_one_sentence(run, tmp_path, words, told):
    answer = run("new", *words)
    assert answer.status == 2
    assert answer.err.startswith(f"backdoor-game new: {told}")
    assert answer.err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("file", "name"), [("mine.py", "Mine"), ("my_rule.py", "MyRule"), ("defender.py", "MyDefender"), ("x2.py", "X2")]
)
def test_a_class_is_named_after_its_file_unless_the_file_imports_that_name(run, tmp_path, file, name):
    found = json.loads(run("new", "defender", file, "--json").out)
    assert found == {"kind": "defender", "file": file, "test": f"test_{file}", "spec": f"{file}:{name}"}
    assert f"class {name}(Defender):" in (tmp_path / file).read_text()


def test_where_one_of_the_two_cannot_be_written_neither_stays(run, tmp_path, monkeypatch):
    import builtins

    true_open = builtins.open

    def full(path, *rest, **options):
        if str(path).endswith("test_mine.py"):
            raise OSError(28, "No space left on device")
        return true_open(path, *rest, **options)

    monkeypatch.setattr(builtins, "open", full)
    answer = run("new", "defender", "mine.py")
    assert answer.status == 2
    assert "'test_mine.py' (No space left on device): name another folder" in answer.err
    assert list(tmp_path.iterdir()) == []
