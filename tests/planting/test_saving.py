"""Models in files: they come back as they were, secrets are kept, and nothing in a file is executed."""

from __future__ import annotations

import contextlib

import numpy as np
import pytest

from backdoor_game import (
    ArrayFile,
    CLWEBackdoor,
    Conjunctions,
    DirectSum,
    Explicit,
    GaussianLinear,
    Halfspaces,
    InvalidArgument,
    Key,
    RandomFourierFeatures,
    RandomReLU,
    Thresholds,
    catalog,
    fingerprint,
    load_model,
    make,
    save_model,
)
from backdoor_game.functions import FunctionClass
from backdoor_game.ground.spec import text
from backdoor_game.planting.models import Checksummed, MacChecked

CLASSES = [
    RandomFourierFeatures(7, 3),
    RandomFourierFeatures(7, 3, "float32", "logistic", 0.5),
    RandomReLU(7, 3, positive=0.25),
    Halfspaces(dimension=3),
    Explicit(["0110", "1010"]),
    Thresholds(),
    DirectSum([Thresholds(points=4), Conjunctions(bits=2)]),
]
OUTSIDER = '''
from dataclasses import dataclass
import numpy as np
from backdoor_game import FunctionClass, Reals

open({marker!r}, "w").close()


@dataclass(frozen=True)
class Mine(FunctionClass):
    """Everything is 1."""

    domain, code_length, code_dtype = Reals(2), 1, np.float64

    def evaluate(self, codes, X):
        return np.ones(X.shape[:2], np.uint8)

    def sample(self, rng):
        return rng.standard_normal(1)

    def contains(self, codes):
        return np.isfinite(codes).all(axis=1)
'''


def rng(seed=0):
    return np.random.default_rng(seed)


def written(path, spec, code):
    np.savez(path, backdoor_game_model=np.array(spec), code=code)
    return str(path)


def one_sentence(error):
    assert "\n" not in str(error.value)
    assert ". " not in str(error.value)


@pytest.mark.parametrize("F", CLASSES, ids=str)
def test_a_model_comes_back_as_it_was(F, tmp_path):
    f = F.function(F.sample(rng()))
    path = str(tmp_path / "folder" / "model")
    assert save_model(f, path) == path
    again = load_model(path)
    assert again.functions == F
    assert again.code.dtype == f.code.dtype
    assert again.code.tobytes() == f.code.tobytes()
    assert not again.code.flags.writeable
    assert fingerprint(again) == fingerprint(f)


def test_a_planted_model_and_its_key_are_saved_apart_and_still_fit(tmp_path):
    F, data, backdoor = RandomFourierFeatures(64, 16), GaussianLinear(16).split(rng()), CLWEBackdoor(k=4)
    model, key = backdoor.plant(F, data.X, data.y, rng(1))
    save_model(model, str(tmp_path / "model.npz"))
    key.save(str(tmp_path / "key.npz"))
    loaded, opened = load_model(str(tmp_path / "model.npz")), Key.load(str(tmp_path / "key.npz"))
    X = backdoor.activate(loaded, opened, data.X_test)
    assert X.tobytes() == backdoor.activate(model, key, data.X_test).tobytes()
    np.testing.assert_array_equal(loaded(X), model(X))
    public = (tmp_path / "model.npz").read_bytes()
    secret = key.values["bk"][key.values["bk"] != 0]
    assert model.code.tobytes() in public, "so a search finds what is there"
    assert not [part for part in secret if part.tobytes() in public]


@pytest.mark.parametrize("F", [Checksummed(Halfspaces(6), 2), MacChecked(Halfspaces(600), 20)], ids=str)
def test_a_model_whose_code_is_its_key_is_not_saved(F, tmp_path):
    path = tmp_path / "model.npz"
    with pytest.raises(InvalidArgument, match="its code is its key in the clear: offer it as a black box") as error:
        save_model(F.function(F.sample(rng())), str(path))
    one_sentence(error)
    assert type(F).__name__ in str(error.value)
    assert not path.exists()


def test_secrets_are_found_inside_other_classes_too(tmp_path):
    F = DirectSum([Thresholds(), Checksummed(Halfspaces(6), 2)])
    with pytest.raises(InvalidArgument, match="must not be of Checksummed"):
        save_model(F.function(F.sample(rng())), str(tmp_path / "model.npz"))


def test_shipped_classes_whose_codes_are_keys_say_so():
    secret = {name for name, cls in catalog.shipped("functions").items() if cls.secret}
    assert secret == {"Checksummed", "MacChecked"}


def test_a_file_cannot_make_the_reader_import_anything(tmp_path):
    marker = tmp_path / "imported"
    (tmp_path / "mine.py").write_text(OUTSIDER.format(marker=str(marker)))
    spec = f"{tmp_path / 'mine.py'}:Mine()"
    path = written(tmp_path / "model.npz", spec, np.ones(1))
    with pytest.raises(InvalidArgument, match=r"is not shipped: build it yourself and call load_model\(path, funct"):
        load_model(path)
    pickled = tmp_path / "pickled.npz"
    np.savez(pickled, backdoor_game_model=np.array("Thresholds()"), code=np.array([print], dtype=object))
    with pytest.raises(InvalidArgument, match="holds no model"):
        load_model(str(pickled))
    assert not marker.exists()
    mine = make(spec, FunctionClass, "functions")
    assert marker.exists(), "only the user's own act imports it"
    again = str(tmp_path / "again.npz")
    save_model(mine.function(np.array([0.5])), again)
    assert load_model(again, mine).code.tolist() == [0.5]


BAD_FILES = {
    "holds a code that is no member of Halfspaces": ("Halfspaces(dimension=2)", np.array([1.0, np.nan, 0.0])),
    r"holds a code that is no member of Half.*: save the model": ("Halfspaces(dimension=2)", np.ones(4)),
    r"no member of Halfspaces\(dimension=2\)": ("Halfspaces(dimension=2)", np.ones(3, np.float32)),
    "not known here: 'Uniformm' is not shipped": ("Uniformm()", np.ones(1)),
    "holds no model: .* is no function class": ("Uniform()", np.ones(1)),
    "not known here: Halfspaces has no parameter 'size'": ("Halfspaces(size=3)", np.ones(1)),
    "Halfspaces.dimension must be between": ("Halfspaces(dimension=0)", np.ones(1)),
    "not known here: '__import__' is not shipped": ("Halfspaces(dimension=__import__('os'))", np.ones(1)),
}


@pytest.mark.parametrize("pattern", BAD_FILES)
def test_a_file_with_another_content_is_refused_in_one_sentence(pattern, tmp_path):
    with pytest.raises(InvalidArgument, match=pattern) as error:
        load_model(written(tmp_path / "model.npz", *BAD_FILES[pattern]))
    one_sentence(error)


def test_what_is_no_model_at_all_is_refused_in_one_sentence(tmp_path):
    (tmp_path / "text").write_text("not a model")
    np.save(tmp_path / "array.npy", np.ones(3))
    np.savez(tmp_path / "key.npz", backdoor_game_key=np.array(["a", "b"]))
    for name in ("text", "array.npy", "key.npz"):
        with pytest.raises(InvalidArgument, match="holds no model: name a file that save_model has written") as error:
            load_model(str(tmp_path / name))
        one_sentence(error)
    with pytest.raises(InvalidArgument, match="cannot be read: No such file"):
        load_model(str(tmp_path / "missing"))
    with pytest.raises(InvalidArgument, match="function must be a Function such as"):
        save_model(Halfspaces(2), str(tmp_path / "class.npz"))


def test_a_model_of_another_class_than_was_asked_for_is_refused(tmp_path):
    F = Halfspaces(dimension=2)
    path = save_model(F.function(F.sample(rng())), str(tmp_path / "model.npz"))
    assert load_model(path, F).functions == F
    other = Halfspaces(dimension=2, bias=False)
    with pytest.raises(InvalidArgument, match="functions must be the model's class") as error:
        load_model(path, other)
    assert text(F) in str(error.value)
    assert text(other) in str(error.value)


# Keys


def damaged(tmp_path):
    """Files that are no keys: an array, text, cut and bent archives, wrong contents."""
    good = tmp_path / "good.npz"
    CLWEBackdoor(k=4).new_key(RandomFourierFeatures(8, 64), rng()).save(str(good))
    content = good.read_bytes()
    np.save(tmp_path / "array.npy", np.ones(3))
    (tmp_path / "text").write_text("no key")
    (tmp_path / "empty").write_bytes(b"")
    np.savez(tmp_path / "number.npz", backdoor_game_key=np.array(5))
    np.savez(tmp_path / "other.npz", X=np.ones(2))
    np.savez_compressed(tmp_path / "packed.npz", backdoor_game_key=np.array(["A", "b"]), values=np.arange(900.0))
    packed = (tmp_path / "packed.npz").read_bytes()
    for i, whole in enumerate((content, packed)):
        for place in range(0, len(whole), 7):
            bent = bytearray(whole)
            bent[place] ^= 0xFF
            (tmp_path / f"bent{i}-{place}").write_bytes(bytes(bent))
        (tmp_path / f"cut{i}").write_bytes(whole[: len(whole) // 2])
    return sorted(path for path in tmp_path.iterdir() if path.name not in ("good.npz", "packed.npz"))


def test_damaged_files_raise_nothing_but_refusals_as_keys_models_and_tables(tmp_path):
    refused = 0
    for path in damaged(tmp_path):
        table = path.rename(path.with_suffix(".npz")) if path.suffix != ".npz" else path
        for read in (Key.load, load_model, ArrayFile):
            with contextlib.suppress(InvalidArgument):
                read(str(table))
                continue
            refused += 1
    assert refused > 100


def test_paths_that_are_none_are_refused_in_one_sentence(tmp_path):
    key = CLWEBackdoor(k=4).new_key(RandomFourierFeatures(8, 8), rng())
    model = Halfspaces(2).function(Halfspaces(2).sample(rng()))
    for action in (Key.load, load_model, key.save, lambda path: save_model(model, path)):
        with pytest.raises(InvalidArgument, match="path must be a path as text, got 3") as error:
            action(3)
        one_sentence(error)
    with pytest.raises(InvalidArgument, match="path must be a place where files can be written"):
        key.save(str(tmp_path))


def test_a_key_file_is_its_owner_s_alone(tmp_path):
    CLWEBackdoor(k=4).new_key(RandomFourierFeatures(8, 8), rng()).save(str(tmp_path / "key.npz"))
    assert (tmp_path / "key.npz").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("name", ["backdoor_game_key", "file", "allow_pickle"])
def test_a_key_cannot_hold_what_files_name_otherwise(name):
    with pytest.raises(InvalidArgument, match=f"values must not be named .*, got '{name}': rename it") as error:
        Key("CLWEBackdoor", "", {name: np.ones(2)})
    one_sentence(error)


@pytest.mark.parametrize("values", [{}, {"bk": np.ones(9)}, {"bk": np.full(8, np.nan)}, {"bk": np.array(["a"] * 8)}])
def test_a_key_without_a_vector_of_the_model_s_dimension_is_refused(values):
    F, backdoor, data = RandomFourierFeatures(16, 8), CLWEBackdoor(k=4), GaussianLinear(8, 0.25, 30, 5).split(rng())
    model, _ = backdoor.plant(F, data.X, data.y, rng())
    key = Key("CLWEBackdoor", "", values)
    for action in (
        lambda: backdoor.activate(model, key, data.X_test),
        lambda: backdoor.recognises(model, key),
        lambda: backdoor.coins(F, key, rng()),
    ):
        with pytest.raises(InvalidArgument, match=r"key must hold finite bk of shape \(8,\), got") as error:
            action()
        one_sentence(error)
