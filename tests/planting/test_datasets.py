"""Data sets: what is drawn, how a table is split and prepared, and which tables are refused."""

from __future__ import annotations

import sys

import numpy as np
import pytest
from scipy import stats

from backdoor_game import (
    ArrayFile,
    BreastCancer,
    CLWEBackdoor,
    CoinFlip,
    Dataset,
    Digits,
    GaussianLinear,
    InvalidArgument,
    MissingCapability,
    RandomFourierFeatures,
    RandomReLU,
    Sphere,
    StaticDetection,
    catalog,
    estimate,
    make,
)
from backdoor_game.ground.spec import text
from backdoor_game.planting.datasets import Split
from backdoor_game.planting.datasets.preparing import preparation
from backdoor_game.planting.datasets.sklearn_table import sklearn_table


def rng(seed=0):
    return np.random.default_rng(seed)


def lengths(X):
    return np.sqrt((X**2).sum(axis=1))


@pytest.fixture
def written(tmp_path):
    """A function that writes rows of text to a file and names it."""

    def write(*lines, name="table.csv"):
        (tmp_path / name).write_text("\n".join(lines) + "\n")
        return str(tmp_path / name)

    return write


def saved(tmp_path, X, y, name="table.npz"):
    np.savez(tmp_path / name, X=X, y=y)
    return str(tmp_path / name)


# What is drawn


def test_sphere_inputs_have_length_one_and_every_direction_alike():
    """<x, e>^2 of a uniform unit vector is Beta(1/2, (d - 1)/2)."""
    found = Sphere(dimension=7, train=1500, test=500).split(rng())
    X = np.concatenate([found.X, found.X_test])
    assert X.shape == (2000, 7)
    np.testing.assert_allclose(lengths(X), 1, atol=1e-12)
    for e in np.vstack([np.eye(7), np.ones(7) / np.sqrt(7)]):
        assert stats.kstest((X @ e) ** 2, stats.beta(0.5, 3).cdf).pvalue > 1e-4
        assert stats.binomtest(int((X @ e > 0).sum()), 2000).pvalue > 1e-4


@pytest.mark.parametrize("data", [Sphere(9, 4000, 10), GaussianLinear(9, 0.25, 4000, 10)], ids=str)
def test_labels_are_the_sides_of_one_fresh_hyperplane_through_the_origin(data):
    found, other = data.split(rng(1)), data.split(rng(2))
    mean = found.X[found.y == 1].mean(axis=0) - found.X[found.y == 0].mean(axis=0)  # converges to the normal
    assert ((found.X @ mean >= 0) == found.y).mean() > 0.95
    assert 0.2 < ((other.X @ mean >= 0) == other.y).mean() < 0.8
    assert stats.binomtest(int(found.y.sum()), 4000).pvalue > 1e-4


# How a table is split and prepared


def test_digits_and_tumours_are_as_many_as_their_descriptions_say():
    """1,797 digits, 178 of them zeros; 357 benign tumours and 212 malignant ones."""
    X, y = Digits(ones=(0,)).rows()
    assert X.shape == (1797, 64)
    assert (y.sum(), Digits(ones=(1, 2, 3, 4, 5, 6, 7, 8, 9)).rows()[1].sum()) == (178, 1797 - 178)
    X, y = BreastCancer().rows()
    assert X.shape == (569, 30)
    assert (y.sum(), (1 - y).sum()) == (357, 212)


def test_a_split_is_a_partition_of_the_rows_with_the_same_share_of_each_class(tmp_path):
    names = np.arange(200.0)
    path = saved(tmp_path, np.column_stack([names, names % 7]), (names < 60).astype(int))
    found = ArrayFile(path, scaling="centred", norm=None, test=0.25).split(rng())
    rows = np.concatenate([found.X[:, 0], found.X_test[:, 0]])
    np.testing.assert_allclose(np.sort(rows) - rows.min(), names)
    np.testing.assert_array_equal(found.y, found.X[:, 0] - rows.min() < 59.5)
    assert np.bincount(found.y).tolist() == [105, 45]
    assert np.bincount(found.y_test).tolist() == [35, 15]
    assert (np.diff(found.X[:, 0]) < 0).any(), "rows are shuffled"


@pytest.mark.parametrize("data", [Digits(), BreastCancer(), Digits(scaling="standardised"), BreastCancer(norm=3.0)])
def test_training_inputs_are_centred_and_of_the_median_length_that_was_asked_for(data):
    found = data.split(rng())
    np.testing.assert_allclose(found.X.mean(axis=0), 0, atol=1e-12)
    assert np.median(lengths(found.X)) == pytest.approx(data.norm)
    spreads = found.X.std(axis=0)
    if data.scaling == "standardised":
        np.testing.assert_allclose(spreads[spreads > 0], spreads.max())
    else:
        assert spreads.max() > 2 * spreads.min()


def test_what_inputs_are_judged_by_is_prepared_by_the_training_part_alone(tmp_path):
    names, y = np.arange(60.0), np.arange(60) % 2
    which = ArrayFile(saved(tmp_path, names[:, None], y, "names.npz"), scaling="centred", norm=None).split(rng(2))
    lowest = min(which.X.min(), which.X_test.min())
    train, test = (np.rint(part[:, 0] - lowest).astype(int) for part in (which.X, which.X_test))
    X = rng(1).standard_normal((60, 4)) * [1, 10, 100, 1000] + 5
    found = ArrayFile(saved(tmp_path, X, y)).split(rng(2))
    scaled = (X - X[train].mean(axis=0)) / X[train].std(axis=0)
    scaled *= 0.2 / np.median(lengths(scaled[train]))
    np.testing.assert_allclose(found.X, scaled[train], atol=1e-12)
    np.testing.assert_allclose(found.X_test, scaled[test], atol=1e-12)


@pytest.mark.parametrize("scaling", ["centred", "standardised"])
def test_a_constant_column_is_kept_and_is_zero_though_its_mean_is_rounded(scaling):
    X = rng(3).standard_normal((30, 3))
    X[:, 1] = 0.1
    assert X[:, 1].mean() != 0.1 or X[:, 1].std() != 0, "else this tests nothing"
    assert (preparation(X, scaling)(X)[:, 1] == 0).all()
    found = Digits(scaling=scaling).split(rng())
    never = (Digits().rows()[0] == Digits().rows()[0][0]).all(axis=0)
    assert never.sum() == 3
    assert found.X.shape[1] == 64
    assert (found.X[:, never] == 0).all()
    assert (found.X_test[:, never] == 0).all()
    assert np.isfinite(found.X_test).all()


@pytest.mark.parametrize("centre", [1.0, -3e7, 1e100, 1e-100, 0.1])
@pytest.mark.parametrize("steps", [0, 1, 3])
def test_a_column_that_is_constant_up_to_rounding_is_left_unscaled_as_scikit_learn_leaves_it(centre, steps):
    """A last digit or so apart: scaled to variance 1 it would weigh as much as a measurement."""
    from sklearn.preprocessing import StandardScaler

    X = rng(8).standard_normal((200, 3))
    X[:, 1] = centre * (1 + np.finfo(float).eps * rng(9).integers(0, steps + 1, size=200))
    theirs = StandardScaler().fit(X)
    ours = preparation(X, "standardised", norm=None)
    assert theirs.scale_[1] == 1, "else this tests nothing"
    np.testing.assert_allclose(ours.spread, theirs.scale_, rtol=1e-12)
    assert ours.spread[1] == 1
    assert abs(ours(X)[:, 1]).max() <= 1e-13 * abs(centre)


@pytest.mark.parametrize("apart", [1e-10, 1e-6, 1.0])
def test_a_column_that_does_vary_is_scaled_however_little_it_does(apart):
    X = rng(8).standard_normal((200, 2))
    X[:, 1] = 1 + apart * rng(9).standard_normal(200)
    assert preparation(X, "standardised", norm=None)(X)[:, 1].std() == pytest.approx(1)


def test_a_column_of_rounding_costs_no_accuracy(tmp_path):
    """The last digits of a constant, scaled to variance 1 beside the one column that decides."""
    X = rng(10).standard_normal((800, 21))
    y = (X[:, 0] > 0).astype(int)
    X[:, 1:] = 5 + 5e-16 * rng(11).integers(0, 3, size=(800, 20))
    path, bare = saved(tmp_path, X, y), saved(tmp_path, X[:, :1], y, "bare.npz")
    right = []
    for data in (ArrayFile(path), ArrayFile(bare)):
        found = data.split(rng(1))
        model = RandomFourierFeatures(128, data.dimension).trained(found.X, found.y, rng(2))
        right.append((model(found.X_test) == found.y_test).mean())
    assert min(right) > 0.97


@pytest.mark.filterwarnings("error")
def test_tables_constant_up_to_rounding_or_too_large_for_squares_are_refused_without_a_warning(tmp_path):
    X = 5 + 1e-15 * rng(11).integers(0, 3, size=(8, 2))
    with pytest.raises(InvalidArgument, match="X must vary: all its columns are constant up to rounding"):
        ArrayFile(saved(tmp_path, X, np.arange(8) % 2))
    huge = ArrayFile(saved(tmp_path, 1e308 * (np.arange(8.0)[:, None] % 2), np.arange(8) % 2, "huge.npz"))
    assert huge.dimension == 1


@pytest.mark.parametrize("data", [Digits(sphere=True), BreastCancer(sphere=True)], ids=str)
def test_inputs_can_be_put_on_the_unit_sphere_for_relu(data):
    found = data.split(rng())
    np.testing.assert_allclose(lengths(found.X), 1, atol=1e-12)
    np.testing.assert_allclose(lengths(found.X_test), 1, atol=1e-12)
    h = RandomReLU(200, data.dimension, positive=0.3).trained(found.X, found.y, rng(1))
    assert abs(h(found.X_test).mean() - 0.3) < 0.2


@pytest.mark.parametrize("data", [Digits(), BreastCancer(), Sphere(), GaussianLinear()], ids=str)
def test_a_split_depends_on_its_generator_alone(data):
    first, between, again = data.split(rng(1)), data.split(rng(2)), data.split(rng(1))
    assert first.X.tobytes() + first.y_test.tobytes() == again.X.tobytes() + again.y_test.tobytes()
    assert first.X.tobytes() != between.X.tobytes()


@pytest.mark.parametrize(("data", "least"), [(Digits(), 0.94), (BreastCancer(), 0.91)], ids=str)
def test_planted_models_on_real_data_are_as_accurate_as_they_should_be(data, least):
    F, backdoor, right = RandomFourierFeatures(256, data.dimension), CLWEBackdoor(k=16, beta=0.03), []
    for seed in range(25):
        found = data.split(rng(seed))
        model, _ = backdoor.plant(F, found.X, found.y, rng(1000 + seed))
        right.append((model(found.X_test) == found.y_test).mean())
    low = np.mean(right) - stats.t.ppf(0.9999, 24) * np.std(right, ddof=1) / 5
    assert low > least


# Files


def test_a_table_reads_the_same_from_text_and_from_arrays(written, tmp_path):
    X, y = rng(4).standard_normal((12, 2)), np.arange(12) % 2
    rows = [f"{a!r}, {b!r},{label}" for (a, b), label in zip(X.tolist(), y, strict=True)]
    words = [row[: row.rindex(",")] + (",yes" if label else ",no") for row, label in zip(rows, y, strict=True)]
    paths = [
        saved(tmp_path, X, y),
        saved(tmp_path, X, y == 1, "bools.npz"),
        written(*rows),
        written("height,weight,died", *rows, name="header.csv"),
        written("\ufeffheight,weight,died", *words, name="words.csv"),
        written(*(f"{row}.0" for row in rows), "", name="floats.CSV"),
    ]
    for path in paths:
        found = ArrayFile(path)
        assert found.dimension == 2
        np.testing.assert_array_equal(found.rows()[0], X)
        np.testing.assert_array_equal(found.rows()[1], y)
        assert found.rows()[1].dtype == np.uint8


def test_labels_are_ordered_as_numbers_where_they_are_numbers(written):
    assert ArrayFile(written("1,9", "2,10", "3,9", "4,10")).rows()[1].tolist() == [0, 1, 0, 1]
    assert ArrayFile(written("1,9x", "2,10x", "3,9x", "4,10x")).rows()[1].tolist() == [1, 0, 1, 0]


def test_the_digest_of_the_content_is_part_of_the_spec_and_another_content_is_refused(written):
    path = written("1,0", "2,0", "3,1", "4,1")
    data = ArrayFile(path)
    assert f"digest={data.digest!r}" in text(data)
    assert len(data.digest) == 16
    assert make(text(data), Dataset, "data") == data
    written("1,0", "2,0", "3,1", "5,1")
    assert ArrayFile(path).digest != data.digest
    with pytest.raises(InvalidArgument, match=r"ArrayFile.digest must be that of the file, .* other content"):
        ArrayFile(path, digest="0" * 16)


def test_a_game_is_played_on_a_file(tmp_path):
    X = rng(5).standard_normal((80, 6))
    data = ArrayFile(saved(tmp_path, X, (X[:, 0] > 0).astype(int)))
    game = StaticDetection(RandomFourierFeatures(32, 6), data)
    assert estimate(game, CLWEBackdoor(k=4), CoinFlip(), rounds=8, seed=0).rounds == 8


BAD_TABLES = {
    "X must be finite, got nan: drop or impute such rows": ["1,0", "nan,0", "3,1", "4,1"],
    "X must be finite, got inf: drop or impute such rows": ["1,0", "inf,0", "3,1", "4,1"],
    "y must hold two labels, each at least twice, got 1.0 4 times": ["1,1", "2,1", "3,1", "4,1"],
    "y must hold two labels, each at least twice, got a 2 times, b 1 times, c 1 times": ["1,a", "2,b", "3,c", "4,a"],
    "y must hold two labels, each at least twice, got a 3 times, b 1 times": ["1,a", "2,a", "3,a", "4,b"],
    "X must vary: all its columns are constant": ["5,7,0", "5,7,1", "5,7,0", "5,7,1"],
    "rows must be of one length 3, got 2 in row 2": ["1,2,0", "1,2", "3,4,1"],
    "cells must be numbers, got 'red' in row 2, column 1": ["1,2,0", "red,2,1", "3,4,1"],
    "cells must be numbers, got '' in row 1, column 2": ["1,,0", "3,2,1"],
    "must have rows of at least one number and a label": ["0", "1", "1"],
}


@pytest.mark.parametrize("pattern", BAD_TABLES)
def test_a_table_that_cannot_be_learned_from_is_refused_in_one_sentence(written, pattern):
    path = written(*BAD_TABLES[pattern])
    with pytest.raises(InvalidArgument, match=pattern) as error:
        ArrayFile(path)
    assert "table.csv' holds no table to learn from" in str(error.value)
    assert "\n" not in str(error.value)


def test_files_that_hold_no_table_are_refused_in_one_sentence(tmp_path, written):
    evil = np.array([print], dtype=object)
    for path, pattern in {
        saved(tmp_path, evil, [0], "pickled.npz"): "holds no table to learn from: an .npz file must hold plain arrays",
        saved(tmp_path, np.ones(3), [0, 1, 1], "flat.npz"): r"X must have shape \(n, d\)",
        saved(tmp_path, np.ones((3, 1)), [0, 1], "short.npz"): r"y must have shape \(3,\)",
        written("no zip", name="text.npz"): "an .npz file must hold",
        written("1,0", name="table.txt"): "ArrayFile.path must end in .npz or .csv",
        str(tmp_path / "missing.csv"): "cannot be read: No such file",
    }.items():
        with pytest.raises(InvalidArgument, match=pattern) as error:
            ArrayFile(path)
        assert "\n" not in str(error.value)
    np.savez(tmp_path / "noy.npz", X=np.ones((3, 1)))
    with pytest.raises(InvalidArgument, match="must hold arrays X and y"):
        ArrayFile(str(tmp_path / "noy.npz"))


def test_rows_that_cannot_be_scaled_are_refused():
    X = np.zeros((20, 2))
    X[0], X[10] = (1, 0), (-1, 0)
    with pytest.raises(InvalidArgument, match="median length that can be scaled, got 0: set norm=None"):
        preparation(X)
    with pytest.raises(InvalidArgument, match="sphere must be False for such X: row"):
        preparation(X, sphere=True)(X)
    np.testing.assert_array_equal(preparation(X, norm=None)(X), X)


@pytest.mark.parametrize(
    ("wrong", "pattern"),
    {
        (Digits, "ones", ()): "Digits.ones must be some of the digits 0 to 9",
        (Digits, "ones", (1, 1)): "each once",
        (Digits, "ones", (3, 12)): "Digits.ones must be",
        (Digits, "scaling", "whitened"): "Digits.scaling must be one of centred, standardised, got 'whitened'",
        (BreastCancer, "norm", 0): "BreastCancer.norm must be above 0, or None",
        (BreastCancer, "norm", float("nan")): "BreastCancer.norm must be a finite number",
        (BreastCancer, "test", 1): "BreastCancer.test must lie strictly between 0 and 1, got 1",
        (Sphere, "dimension", 1): "Sphere.dimension must be between 2",
        (Sphere, "train", 1): "Sphere.train must be between 2",
    }.items(),
    ids=str,
)
def test_bad_parameters_are_refused(wrong, pattern):
    cls, name, value = wrong
    with pytest.raises(InvalidArgument, match=pattern):
        cls(**{name: value})


def test_without_scikit_learn_its_tables_name_the_command_that_installs_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn", None)
    sklearn_table.cache_clear()
    for data in (Digits(), BreastCancer()):
        with pytest.raises(MissingCapability, match=r"pip install 'backdoor-game\[sklearn\]'"):
            data.split(rng())


def test_every_data_set_has_parameters_that_a_spec_can_say():
    for cls in catalog.shipped("datasets").values():
        if cls is not ArrayFile:
            assert make(text(cls()), Dataset, "data") == cls()
            assert cls().dimension == cls().split(rng()).X.shape[1]


def test_a_split_cannot_be_written_into_and_leaves_its_arrays_writable():
    """All players of a round look at the same arrays."""
    X, y = np.ones((4, 2)), np.ones(4, np.uint8)
    split = Split(X, y, X, y)
    for part in (split.X, split.y, split.X_test, split.y_test, split.X[1:], GaussianLinear(2).split(rng()).y):
        with pytest.raises(ValueError, match="read-only"):
            part[0] = 0
    X[0] = 5.0
    assert split.X[0, 0] == 5.0


@pytest.mark.parametrize("label", ["", " ", "nan", "NaN"])
def test_a_row_without_a_label_is_refused(label, written):
    with pytest.raises(InvalidArgument, match="y must hold a label for each row, got an empty or NaN one: drop such"):
        ArrayFile(written("1,1", "2,1", f"3,{label}", f"4,{label}"))
    with pytest.raises(InvalidArgument, match="y must hold a label for each row"):
        ArrayFile(written("1,yes", "2,yes", f"3,{label}", f"4,{label}", name="words.csv"))


def test_arrays_of_complex_numbers_and_labels_that_are_nan_are_refused(tmp_path):
    with pytest.raises(InvalidArgument, match="plain arrays of numbers"):
        ArrayFile(saved(tmp_path, np.arange(8.0).reshape(4, 2) + 1j, np.array([0, 1, 0, 1]), "complex.npz"))
    with pytest.raises(InvalidArgument, match="y must hold a label for each row"):
        ArrayFile(saved(tmp_path, np.arange(8.0).reshape(4, 2), np.array([0, np.nan, 0, np.nan]), "nan.npz"))


@pytest.mark.parametrize("data", [Digits(), BreastCancer()], ids=str)
def test_the_rows_of_a_shipped_table_cannot_be_written_into(data):
    with pytest.raises(ValueError, match="read-only"):
        sklearn_table("load_digits" if isinstance(data, Digits) else "load_breast_cancer")[0][0, 0] = 1.0
    with pytest.raises(ValueError, match="read-only"):
        sklearn_table("load_digits" if isinstance(data, Digits) else "load_breast_cancer")[1][0] = 1
