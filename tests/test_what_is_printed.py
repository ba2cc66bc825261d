"""`repr` is one line of under 300 characters at any size and holds no secret; refusals are one line in Python too."""

from __future__ import annotations

import dataclasses
import importlib
import pickle
import pkgutil
import re
import time

import numpy as np
import pytest

import backdoor_game
from backdoor_game import (
    ArrayFile,
    Atoms,
    BackdoorGame,
    BackdoorGameError,
    ChecksumBackdoor,
    Circuit,
    CLWEBackdoor,
    DirectSum,
    Explicit,
    GaussianLinear,
    GraftPath,
    Halfspaces,
    InvalidArgument,
    Key,
    RandomFourierFeatures,
    RandomReLU,
    SignatureBackdoor,
    SpecError,
    Thresholds,
    Uniform,
    Weighted,
    estimate,
    make,
)
from backdoor_game.circuits.puncturable import HashGenerator, Tree
from backdoor_game.exact.finite import equilibrium, legal_game
from backdoor_game.ground import errors
from backdoor_game.ground.spec import text

RNG = np.random.default_rng
ARRAYS = re.compile(r"\b(NDArray|Floats|Labels|Codes|Points|Words|Indices|Integers|Booleans|Counts|Literals)\b")


def planted(backdoor, F, d):
    split = GaussianLinear(d, train=40).split(RNG(0))
    return (*backdoor.plant(F, split.X, split.y, RNG(1)), split)


def things():
    """Objects that hold arrays, large where size could tell."""
    big = RandomReLU(2048, 784, positive=0.5)
    law = Weighted([1 / 1000] * 1000)
    thresholds = Thresholds(points=40)
    model, key, split = planted(CLWEBackdoor(k=4), RandomFourierFeatures(64, 16), 16)
    hidden, secret, _ = planted(ChecksumBackdoor(blocks=3), RandomReLU(2, 12), 12)
    yield big.function(RNG(0).standard_normal(big.code_length))
    yield from (model, key, split, hidden, secret)
    yield thresholds.function(np.array([3]))
    yield Explicit(RNG(0).integers(2, size=(300, 300)))
    yield BackdoorGame(Explicit(["01" * 500, "10" * 500]), 0.1, law)
    yield BackdoorGame(DirectSum([thresholds] * 60), 0.1)
    yield GraftPath(original=list(range(4000)))
    yield Circuit(2, [[2, 4]] * 10**4, [6])
    yield legal_game(thresholds, Uniform().on(thresholds.domain), 0.1)
    yield equilibrium(thresholds, Uniform().on(thresholds.domain), 0.1, None)


@pytest.mark.parametrize("thing", list(things()), ids=lambda thing: type(thing).__name__)
def test_a_repr_is_one_short_line(thing):
    start = time.process_time()
    line = repr(thing)
    assert time.process_time() - start < 0.5
    assert len(line) < 300
    assert len(line.splitlines()) == 1
    assert line.startswith(("Function(", type(thing).__name__))


def test_the_spec_is_whole_where_the_repr_is_not():
    F = Explicit(RNG(0).integers(2, size=(40, 40)))
    assert len(text(F)) > 1600
    assert make(text(F), Explicit, "functions") == F
    assert repr(F) != repr(dataclasses.replace(F, table=[*F.table[:-1], F.table[0]])), "the digest tells them apart"
    assert repr(Thresholds(points=4)) == "Thresholds(points=4)"
    assert repr(Thresholds(points=4).function(np.array([3]))) == "Function([3] of Thresholds(points=4))"


def test_two_models_of_one_class_are_told_apart_by_their_digest():
    F = RandomReLU(64, 16, positive=0.5)
    one, other = (F.function(F.sample(RNG(seed))) for seed in (1, 2))
    assert repr(one) != repr(other)
    assert repr(one) == repr(F.function(F.sample(RNG(1))))
    assert re.fullmatch(r"Function\(float64 \(\d+,\) #[0-9a-f]{12} of RandomReLU\(.*\)\)", repr(one))


def numbers(array) -> list[str]:
    """How the entries of an array that are no mere 0 or 1 are written, in full and in brief."""
    odd = [value for value in np.asarray(array).ravel().tolist() if value not in (0, 1)]
    return [str(value) for value in odd] + [f"{value:.3g}" for value in odd if isinstance(value, float)]


@pytest.mark.parametrize(
    ("backdoor", "d"), [(CLWEBackdoor(k=4), 8), (SignatureBackdoor(), 520)], ids=["clwe", "signature"]
)
def test_a_key_s_repr_holds_none_of_its_values(backdoor, d):
    _, key, _ = planted(backdoor, RandomFourierFeatures(16, d), d)
    inner = repr(key).replace(key.model[:56], "")
    assert backdoor.__class__.__name__ in inner
    for value in key.values.values():
        assert not [number for number in numbers(value) if len(number) > 2 and number in inner]
        assert backdoor_game.ground.showing.digest(value.tobytes())[:8] not in inner


def test_a_model_whose_code_is_its_key_shows_no_code_whatever_it_stands_in():
    model, key, _ = planted(ChecksumBackdoor(blocks=3), RandomReLU(1, 6), 6)
    F = DirectSum([Thresholds(points=3), model.functions])
    for hidden in (model, F.function(F.sample(RNG(0)))):
        assert repr(hidden).startswith("Function(a secret code of ")
        assert "[" not in repr(hidden).replace("DirectSum(parts=[", "")
    assert repr(Halfspaces(2).function(np.array([1.5, 2.5, 0.0]))).startswith("Function([1.5, 2.5, 0.0] of")  # control


def test_a_punctured_key_shows_the_point_and_no_seed():
    key = Tree(HashGenerator(), bits=4).puncture(2024, (1, 0, 1, 1))
    assert repr(key) == "PuncturedKey(point=(1, 0, 1, 1))"
    assert len(key.seeds) == 4


def test_every_dataclass_of_the_package_that_holds_arrays_has_a_repr_of_its_own():
    """One that the decorator makes writes NumPy's many lines."""
    found, offenders = 0, []
    for about in pkgutil.walk_packages(backdoor_game.__path__, "backdoor_game."):
        ours = about.name.split(".")[1] in ("testing", "experiments", "cli")
        if ours or about.name.endswith(("__main__", "estimators")):
            continue
        for cls in vars(importlib.import_module(about.name)).values():
            if not (isinstance(cls, type) and dataclasses.is_dataclass(cls) and cls.__module__ == about.name):
                continue
            if any(ARRAYS.search(str(field.type)) for field in dataclasses.fields(cls) if field.repr):
                found += 1
                if hasattr(cls.__repr__, "__wrapped__") and not cls.__name__.startswith("_"):
                    offenders.append(f"{about.name}.{cls.__name__}")
    assert found > 15
    assert offenders == []


# Refusals


KINDS = [cls for cls in vars(errors).values() if isinstance(cls, type) and issubclass(cls, BackdoorGameError)]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize(
    "end", ["\n", "\r\n", "\r", "\v", "\f", "\x1c", "\x1e", "\x85", "\u2028", "\u2029", "\n\n  \n"]
)
def test_a_message_is_one_line_whatever_it_quotes(kind, end):
    error = kind(f"got 'a{end}b'  and  more{end}")
    assert str(error) == "got 'a b'  and  more"
    assert str(pickle.loads(pickle.dumps(error))) == str(error)
    assert len(KINDS) == 7


def test_a_message_that_quotes_a_list_without_end_keeps_its_beginning_and_its_end():
    with pytest.raises(InvalidArgument, match=r"^Atoms\.points must be .*\)$") as error:
        Atoms([1, *range(10**5)])
    assert len(str(error.value)) < 1300


@pytest.mark.parametrize("label", ['"one\ntwo"', '"one\r\n\r\ntwo"'])
def test_a_quoted_label_of_several_lines_is_refused_in_one(label, tmp_path):
    (tmp_path / "table.csv").write_text(f"1,{label}\n2,{label}\n3,x\n4,x\n")
    with pytest.raises(InvalidArgument) as error:
        ArrayFile(str(tmp_path / "table.csv"))
    assert len(str(error.value).splitlines()) == 1


def test_what_other_libraries_say_in_lines_is_refused_in_one(tmp_path):
    (tmp_path / "mine.py").write_text("raise ValueError('one\\ntwo')\n")
    with pytest.raises(SpecError) as error:
        make(f"{tmp_path / 'mine.py'}:Mine()", Explicit, "functions")
    assert len(str(error.value).splitlines()) == 1
    np.savez(tmp_path / "words.npz", X=np.arange(4.0)[:, None], y=["a\nb", "a\nb", "c", "d"])
    with pytest.raises(InvalidArgument) as refused:
        ArrayFile(str(tmp_path / "words.npz"))
    assert len(str(refused.value).splitlines()) == 1
    with pytest.raises(InvalidArgument) as wrong:
        estimate(BackdoorGame(Thresholds(points=4), 0.1, Uniform()), np.arange(5000), "x", rounds=1)
    assert len(str(wrong.value).splitlines()) == 1
    assert Key("a", "b", {}).kind == "a"
