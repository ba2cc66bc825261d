"""``backdoor-game describe``: every field has a meaning, every example runs, unknown names are guessed."""

from __future__ import annotations

import dataclasses
import json
import shlex

import pytest

from backdoor_game import bounds, catalog, experiments
from backdoor_game.cli.describe import _meanings, described
from backdoor_game.ground.spec import parse

SHIPPED = {name: (room, cls) for room in catalog.ROOMS for name, cls in catalog.shipped(room).items()}
NEEDS = """
import dataclasses
from backdoor_game import Learner

@dataclasses.dataclass(frozen=True)
class Needs(Learner):
    k: int
    def predict(self, functions, X, y, x, rng):
        return 0
"""
NEEDS_A_FILE = {"ArrayFile"}
# A command for each room that says how things of it are shown; the rest is built and admitted, which takes a moment.
RUN = ["CoinFlip", "NearestLegal", "Closure", "Singletons", "Weighted", "Identity", "GaussianLinear", "Copycat"]
RUN += ["BeforeOriginal", "HashPrefix", "OneOf", "Original"]
RUN += ["ChecksumBackdoor", "KeepsCoins", "Moments", "SingleEdits", "PuncturedHybrid", "LikelihoodRatio", "Shattered"]


@pytest.fixture(scope="module")
def everything():
    return {name: described(name) for name in SHIPPED}


def test_every_field_of_every_shipped_class_has_a_type_and_a_meaning(everything):
    offenders = []
    for name, found in everything.items():
        fields = [field.name for field in dataclasses.fields(SHIPPED[name][1]) if field.init]
        assert [field["name"] for field in found["fields"]] == fields
        offenders += [
            f"{name}.{field['name']}" for field in found["fields"] if not (field["meaning"] and field["type"])
        ]
    assert offenders == []


def test_the_example_of_every_shipped_class_names_it_and_can_be_built(everything):
    for name, found in everything.items():
        if name in NEEDS_A_FILE:
            assert found["example"] is None
            continue
        assert f"{name}(" in found["example"]
        words = shlex.split(found["example"])
        assert words[0] in ("backdoor-game", "python")
        specs = [word for word in words[2:] if "(" in word and words[0] != "python"]
        for spec in specs:
            parse(spec, catalog.resolve)


@pytest.mark.parametrize("name", RUN)
def test_an_example_runs_as_it_is_printed(run, name):
    line = described(name)["example"]
    program, *words = shlex.split(line)
    assert program == "backdoor-game"
    answer = run(*words, "--quiet")
    assert (answer.status, answer.err) == (0, "")


def test_what_is_told_is_the_docstring_once_with_fields_status_and_source(run):
    answer = run("describe", "NeighbourVote")
    lines = answer.out.splitlines()
    assert answer.status == 0
    assert lines[:2] == ["NeighbourVote  [heuristic]", "defender, backdoor_game.players.defenders.neighbours"]
    assert "  neighbours : int = 5" in lines
    assert "    Nearest examples that vote." in lines
    assert "  examples : int | None = None" in lines
    assert "Parameters" not in lines
    assert lines[-2] == "example"
    assert answer.out.count("Nearest examples that vote.") == 1


def test_a_class_is_of_its_closest_kind(everything):
    kinds = {name: everything[name]["kind"] for name in ("Moments", "CoinFlip", "WorstAttack", "Closure", "Boxes")}
    wanted = ["detector", "defender", "attacker", "learner", "function class"]
    assert list(kinds.values()) == wanted
    assert (everything["Union"]["kind"], everything["Replication"]["kind"]) == ("domain", "game")
    assert everything["Boxes"]["status"] == "proved"


def test_a_plug_in_is_described_by_its_file_and_with_what_it_must_be_given(run, mine, tmp_path):
    found = json.loads(run("describe", "mine.py:Mine", "--json").out)
    assert (found["kind"], found["source"]) == ("defender", "mine.py")
    assert '--defender "mine.py:Mine()"' in found["example"]
    assert [(field["name"], field["type"], field["default"]) for field in found["fields"]] == [
        ("m", "int", "64"),
        ("threshold", "float", "0.8"),
    ]
    (tmp_path / "needs.py").write_text(NEEDS)
    found = json.loads(run("describe", "needs.py:Needs(k=3)", "--json").out)
    assert (found["fields"][0]["default"], found["example"]) == (None, None)


def test_bounds_experiments_and_other_public_names_are_described():
    assert described("voting_bound")["signature"].startswith("voting_bound(d, epsilon, m, members")
    assert all(described(name)["kind"] == "bound" for name in bounds.__all__ if callable(getattr(bounds, name)))
    assert all(described(name)["example"].endswith(name) for name in experiments.EXPERIMENTS)
    assert described("estimate")["kind"] == "function"
    assert described("estimate")["signature"].endswith("progress=silent)")  # by its name, not by an address
    assert described("Sample")["source"] == "backdoor_game.players.views"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("no.py",), "'no.py' is a file without a name in it: write no.py:Name"),
        (("CoinFlop",), "unknown name 'CoinFlop': did you mean 'CoinFlip'?"),
        (("theorem-4.1-lowr",), "unknown name 'theorem-4.1-lowr': did you mean 'theorem-4.1-lower'?"),
        (("voting_bond",), "unknown name 'voting_bond': did you mean 'voting_bound'?"),
        (("mine.py:Mien",), "NAME: mine.py defines no strategy 'Mien': did you mean 'Mine'?"),
        (("no.py:Mine",), "NAME: file 'no.py' cannot be read"),
        ((), "NAME is missing: pass for example DistillationEnsemble, or mine.py:Mine"),
    ],
)
def test_an_unknown_name_is_refused_with_the_closest_one(run, mine, words, told):
    answer = run("describe", *words)
    assert answer.status == 2
    assert answer.err.startswith(f"backdoor-game describe: {told}")
    assert answer.err.count("\n") == 1


def test_meanings_are_read_from_a_numpydoc_docstring():
    doc = "A thing.\n\nParameters\n----------\na, b : int\n    Two\n    lines.\nc : float, optional\n\n    d : no field"
    assert _meanings(doc) == {"a": "Two lines.", "b": "Two lines.", "c": "float, optional"}
