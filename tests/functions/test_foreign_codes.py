"""Codes that are no members, and X outside, are refused by every shipped class in one sentence, and kill nobody.

The classes are asked in another process: a kernel that reads out of bounds would end this one.
"""

from __future__ import annotations

import json
import subprocess
import sys

import numpy as np
import pytest

from backdoor_game import (
    BackdoorGame,
    BlockDefender,
    Circuits,
    Conjunctions,
    ContractError,
    DecisionTrees,
    Function,
    InvalidArgument,
    NoAttack,
    Thresholds,
    Uniform,
    estimate,
)
from backdoor_game.spaces.domains import Union
from tests.functions.examples import CONTINUOUS, FINITE, REPEATED, TRAINED

EXAMPLES = [*FINITE, *REPEATED, *CONTINUOUS, *TRAINED]


def foreign(functions):
    """Codes (2, L) that no class has, or that this one does not contain, each with what is wrong with it."""
    L, dtype = functions.code_length, np.dtype(functions.code_dtype)
    sound = functions.sample_block(np.arange(2, dtype=np.uint64))
    yield "one number more", np.concatenate([sound, sound[:, :1]], axis=1)
    if L > 0:
        yield "one number less", sound[:, 1:]
    yield "one row more", np.concatenate([sound, sound[:1]])
    yield "one row", sound[:1]
    yield "no axis for rows", sound[0]
    yield "an axis more", sound[None]
    yield "text", sound.astype(str)
    yield "objects", sound.astype(object)
    yield "complex", sound.astype(complex)
    yield "nothing", None
    if L == 0:
        return
    yield "nan", np.full((2, L), np.nan)
    if (
        dtype.kind != "f" or not functions.contains(np.full((2, L), np.inf)).all()
    ):  # an end of a ray on the reals is one
        yield "infinite", np.full((2, L), np.inf)
    if dtype.kind != "f":
        yield "halves", sound + 0.5
        yield "too large for the type", np.full((2, L), 2**64 - 1, dtype=np.uint64)
        yield "negative floats", np.full((2, L), -1e300)
    rng = np.random.default_rng(0)
    info = None if dtype.kind == "f" else np.iinfo(dtype)
    for trial in range(60):
        if info is None:
            values = rng.choice([np.nan, np.inf, -np.inf, 0.0, -0.0, 1.0, 1e308, -1e308, 5e-324], size=(2, L))
        else:
            ends = (info.min, info.max) if trial % 2 else (max(info.min, -3), min(info.max, 2**20))
            values = rng.integers(*ends, size=(2, L), dtype=dtype, endpoint=True)
        mixed = np.where(rng.random((2, L)) < (trial % 5) / 4, sound, values).astype(dtype)
        if not functions.contains(mixed).all():
            yield f"drawn {trial}", mixed


def outside(domain, sound):
    """X that holds no points (2, m, n) of the domain, made of a sound one, each with what is wrong with it."""
    yield "one coordinate more", np.concatenate([sound, sound[..., :1]], axis=2)
    yield "one coordinate less", sound[..., 1:]
    yield "one row more", np.concatenate([sound, sound[:1]])
    yield "no axis for rows", sound[0]
    yield "an axis more", sound[None]
    yield "text", sound.astype(str)
    yield "letters", np.full(sound.shape, "a")
    yield "objects", sound.astype(object)
    yield "objects that are none", np.full(sound.shape, None)
    yield "complex", sound.astype(complex)
    yield "nothing", None
    yield "rows of several lengths", [[[0], [0, 1]]]
    if isinstance(domain, Union):
        for value in (-1, len(domain.parts), 10**9):
            numbered = sound.copy()
            numbered[..., 0] = value
            yield f"part {value}", numbered
    for last in (False, True):  # in every coordinate of every point, and in the last one of the last point alone
        for value in (np.nan, np.inf, -np.inf):
            yield f"{value} {last}", put(sound.astype(np.float64), value, last)
        if np.dtype(domain.dtype).kind != "f":  # else every number is a point, or all that fit a part of reals
            for value in (10**9, -1, 2**63 - 1, -(2**63)):
                yield f"{value} {last}", put(sound.astype(np.int64), value, last)
            yield f"too large for the type {last}", put(sound.astype(np.uint64), 2**64 - 1, last)
            for value in (0.5, -1e300, 1e300):
                yield f"{value} {last}", put(sound.astype(np.float64), value, last)


def put(X, value, last):
    """X with a value in all places, or in the last one alone."""
    X[(-1, -1, -1) if last else ...] = value
    return X


def asked(place):
    """What `evaluate` of one class says of each foreign code, and of each X outside."""
    functions = EXAMPLES[place].functions
    X = EXAMPLES[place].laws[0].distribution.on(functions.domain).sample_block(np.arange(2, dtype=np.uint64), 0, 3)
    codes = functions.sample_block(np.arange(2, dtype=np.uint64))
    functions.evaluate(codes, X)  # sound ones are answered, or none of this says anything
    pairs = [(what, (code, X)) for what, code in foreign(functions)]
    pairs += [(f"X: {what}", (codes, points)) for what, points in outside(functions.domain, X)]
    return {what: outcome(functions, *given) for what, given in pairs}


def outcome(functions, codes, X):
    """What became of the question, and what was said."""
    try:
        functions.evaluate(codes, X)
    except InvalidArgument as error:
        return ["refused", str(error)]
    except Exception as error:
        return [type(error).__name__, str(error)]
    return ["answered", repr((codes, X))[:200]]


@pytest.fixture(scope="module")
def answers():
    """What all classes say, asked in one other process; those after one that dies are missing."""
    program = (
        "import json; from tests.functions.test_foreign_codes import EXAMPLES, asked\n"
        "for place in range(len(EXAMPLES)): print(json.dumps(asked(place)), flush=True)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=600)
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()], done.stderr


@pytest.mark.parametrize("place", range(len(EXAMPLES)), ids=[str(example) for example in EXAMPLES])
def test_every_shipped_class_refuses_foreign_codes_in_one_sentence(answers, place):
    status, found, said = answers
    assert place < len(found), f"the process ended with status {status}: {said[-500:]}"
    assert len([what for what in found[place] if what.startswith("X: ")]) >= 18
    assert len([what for what in found[place] if not what.startswith("X: ")]) >= 10
    for what, (became, sentence) in found[place].items():
        assert became == "refused", (what, became, sentence)
        assert sentence.startswith(("codes must ", "X must "))
        assert "\n" not in sentence
        assert ": " in sentence or "X must hold points of " in sentence  # what would do


def test_all_classes_were_asked_and_nobody_died(answers):
    assert (answers[0], len(answers[1])) == (0, len(EXAMPLES))


@pytest.mark.parametrize("functions", [DecisionTrees(4, 4), Circuits(4, 4)], ids=str)
def test_indices_far_out_of_range_are_refused_where_trees_and_circuits_would_follow_them(functions):
    X = np.zeros((3, 4), dtype=np.uint8)
    with pytest.raises(InvalidArgument, match=r"codes must be members of .*, got \[1048576.* in row 0: .* contains"):
        functions.evaluate(np.full((1, functions.code_length), 2**20), X[None])


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ([1, 2], r"code must have shape \(1,\) for Thresholds\(points=4\), got \(2,\)"),
        ([0.5], "code must be numbers of type int64, got 0.5"),
        ([np.nan], "code must be numbers of type int64, got nan"),
        (["a"], "code must be numbers of type int64, got <U1"),
        ([[1], [1, 2]], "code must be an array of numbers"),
        ([2**70], "code must be numbers of type int64"),
    ],
)
def test_a_function_is_made_of_a_code_of_the_right_form_alone(code, words):
    with pytest.raises(InvalidArgument, match=words):
        Thresholds(points=4).function(code)


def test_a_function_of_a_foreign_code_may_be_held_and_answers_nothing():
    foreign = Thresholds(points=4).function([99])
    with pytest.raises(InvalidArgument, match=r"code must be a member of Thresholds\(points=4\), got \[99\]"):
        foreign(np.zeros((1, 1), dtype=np.int64))
    with pytest.raises(InvalidArgument, match="code must have shape"):
        Function(DecisionTrees(4, 4), np.full(3, 2**20))(np.zeros((1, 4), dtype=np.uint8))


class Inverted(Conjunctions):
    """Writes `evaluate` anew and asks the class that it changes."""

    def evaluate(self, codes, X):
        return 1 - super().evaluate(codes, X)


def test_who_writes_evaluate_anew_is_asked_by_the_engine_too():
    """`member_labels` is the class's own short way, and not that of one below it that has other labels."""
    plain, inverted = Conjunctions(bits=3), Inverted(bits=3)
    codes = plain.enumerate()
    X = np.broadcast_to(plain.domain.points(), (len(codes), 8, 3))
    assert (plain.member_labels(codes, X) == plain.evaluate(codes, X)).all()
    assert (inverted.member_labels(codes, X) == 1 - plain.evaluate(codes, X)).all()
    with pytest.raises(InvalidArgument, match="codes must be members"):
        inverted.evaluate(codes + np.uint8(7), X)


@pytest.mark.parametrize("shape", [(1, 1, 4), (3, 1, 4), (2, 4), (1, 2, 1, 4)])
def test_a_block_of_another_size_than_its_view_is_refused(shape):
    game = BackdoorGame(DecisionTrees(4, 4), 0.25, Uniform())

    class Asks(BlockDefender):
        def suspicion_block(self, view):
            return np.zeros(len(view)) * view.evaluate(np.zeros(shape, dtype=np.uint8)).sum()

    with pytest.raises(ContractError, match=r"X must have shape \(\d+, m, n\), m points for each round, got"):
        estimate(game, NoAttack(), Asks(), rounds=40, seed=0)
