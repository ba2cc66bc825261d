"""The conformance kit on what plays the games about models: what is shipped passes."""

import dataclasses

import pytest

from backdoor_game import Detector, catalog, make
from backdoor_game.planting.backdoors import Backdoor
from backdoor_game.planting.datasets import Dataset
from backdoor_game.planting.detectors import Calibrated
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
def test_every_shipped_detector_passes_its_ten_checks(detector):
    if isinstance(detector, Calibrated):
        detector = dataclasses.replace(detector, clean=20)
    results = check_detector(detector)
    assert len(results) == len(check_names(detector)) == 10
    assert [(result.name, result.reason) for result in results if result.status == "failed"] == []
    assert sum(result.status == "passed" for result in results) >= (3 if detector.holds_key else 7)


@pytest.mark.parametrize("backdoor", shipped("backdoors", Backdoor), ids=repr)
def test_every_shipped_backdoor_passes_its_nine_checks(backdoor):
    results = check_backdoor(backdoor)
    assert len(results) == len(check_names(backdoor)) == 9
    skipped = [result.name for result in results if result.status == "skipped"]
    assert skipped == ([] if backdoor.white_box else ["a_readable_model_holds_no_key"])
    assert [(result.name, result.reason) for result in results if result.status == "failed"] == []
