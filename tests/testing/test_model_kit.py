"""The conformance kit on what plays the games about models: shipped things pass, faulty ones fail the right check."""

import dataclasses

import numpy as np
import pytest

from backdoor_game import CLWEBackdoor, Detector, GaussianLinear, Moments, catalog, make
from backdoor_game.backdoors import Backdoor
from backdoor_game.datasets import Dataset
from backdoor_game.detectors import Calibrated
from backdoor_game.testing import check_backdoor, check_dataset, check_detector, check_names

SPECS = {
    "ArrayFile": None,  # needs a file: its own tests hand it one
}


def shipped(room, kind):
    found = []
    for name in catalog.shipped(room):
        spec = SPECS.get(name, f"{name}()")
        if spec is not None:
            found.append(make(spec, kind, room))
    return found


@pytest.mark.parametrize("dataset", shipped("datasets", Dataset), ids=repr)
def test_every_shipped_data_set_passes_its_four_checks(dataset):
    results = check_dataset(dataset)
    assert len(results) == len(check_names(dataset)) == 4
    assert [(result.name, result.status) for result in results if result.status != "passed"] == []


@pytest.mark.parametrize("detector", shipped("detectors", Detector), ids=repr)
def test_every_shipped_detector_passes_its_nine_checks(detector):
    if isinstance(detector, Calibrated):
        detector = dataclasses.replace(detector, clean=20)
    results = check_detector(detector)
    assert len(results) == len(check_names(detector)) == 9
    assert [(result.name, result.reason) for result in results if result.status == "failed"] == []
    assert sum(result.status == "passed" for result in results) >= (3 if detector.holds_key else 7)


@pytest.mark.parametrize("backdoor", shipped("backdoors", Backdoor), ids=repr)
def test_every_shipped_backdoor_passes_its_nine_checks(backdoor):
    results = check_backdoor(backdoor)
    assert len(results) == len(check_names(backdoor)) == 9
    skipped = [result.name for result in results if result.status == "skipped"]
    assert skipped == ([] if backdoor.white_box else ["a_readable_model_holds_no_key"])
    assert [(result.name, result.reason) for result in results if result.status == "failed"] == []


def failed(results):
    return [result.name for result in results if result.status == "failed"]


@dataclasses.dataclass(frozen=True)
class Leaky(CLWEBackdoor):
    """Hides its key at the end of the weights."""

    def plant(self, functions, X, y, rng):
        model, key = super().plant(functions, X, y, rng)
        code = model.code.copy()
        code[-functions.dimension :] = key.values["bk"]
        leaky = functions.function(code)
        return leaky, key.of(leaky)


@dataclasses.dataclass(frozen=True)
class Untied(CLWEBackdoor):
    """Its keys name no model."""

    def plant(self, functions, X, y, rng):
        model, key = super().plant(functions, X, y, rng)
        return model, dataclasses.replace(key, model="")


@dataclasses.dataclass(frozen=True)
class Forgetful(Moments):
    """Scores what it has seen before as well."""

    def score(self, view, rng):
        return super().score(view, rng) + np.random.random()  # noqa: NPY002


@dataclasses.dataclass(frozen=True)
class Reader(Moments):
    """Reads codes and does not say so."""

    reads_code = False


@dataclasses.dataclass(frozen=True)
class OneClass(GaussianLinear):
    """Hands out one label."""

    def split(self, rng):
        found = super().split(rng)
        return dataclasses.replace(found, y=np.ones_like(found.y))


def test_a_key_in_the_model_is_found():
    assert failed(check_backdoor(Leaky(k=4))) == ["a_readable_model_holds_no_key"]


def test_a_key_that_opens_every_model_is_found():
    assert "a_key_opens_its_own_model_alone" in failed(check_backdoor(Untied(k=4)))


def test_a_detector_that_draws_elsewhere_is_found():
    assert "same_seed_same_suspicions" in failed(check_detector(Forgetful(cutoff=1.0, spread=1.0)))


def test_a_detector_that_reads_codes_must_say_so():
    assert "plays_in_a_black_box" in failed(check_detector(Reader(cutoff=1.0, spread=1.0)))


def test_a_data_set_of_one_class_is_found():
    assert failed(check_dataset(OneClass(dimension=4, train=20, test=5))) == ["splits_are_examples"]
