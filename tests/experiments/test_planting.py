"""The experiments on planted models end in verdicts that hold and leave files that open."""

import json
import pathlib

import pytest

from backdoor_game.experiments import EXPERIMENTS
from backdoor_game.experiments.shared.base import Settings, reproduce

PLANTING = [
    "rff-flip-rate",
    "rff-static",
    "relu-static",
    "trigger-size",
    "norm-visibility",
    "smoothing",
    "replication",
    "persistence",
    "delegation",
    "loan-officer",
]


def test_every_experiment_is_run_by_one_file_or_the_other():
    assert set(PLANTING) <= set(EXPERIMENTS)


@pytest.mark.parametrize("name", PLANTING)
def test_every_claim_of_a_quick_run_holds_and_its_files_open(name, tmp_path):
    report = reproduce(name, Settings(output=str(tmp_path)))
    assert all(verdict.holds for verdict in report.verdicts), report.text()
    assert len(report.verdicts) >= 2
    endings = [pathlib.Path(path).suffix for path in report.files]
    assert {".png", ".svg", ".json"} <= set(endings)
    assert endings.count(".png") == endings.count(".svg")
    for path in map(pathlib.Path, report.files):
        head = path.read_bytes()[:200]
        assert head.startswith({".png": b"\x89PNG", ".svg": b"<?xml", ".json": b"{"}[path.suffix])
    kept = json.loads(pathlib.Path(report.files[-1]).read_text())
    assert kept["points"]
    assert [verdict["holds"] for verdict in kept["verdicts"]] == [True] * len(report.verdicts)
