"""Where real circuits are: beside the project, or in the folder that BACKDOOR_GAME_CIRCUITS names."""

from __future__ import annotations

import os
import pathlib

import pytest

FOLDER = pathlib.Path(
    os.environ.get("BACKDOOR_GAME_CIRCUITS", pathlib.Path(__file__).parents[2].parent / "shared" / "circuits")
)
REAL = sorted(FOLDER.glob("*.aig"), key=lambda path: path.stat().st_size)
WHY = f"no *.aig files in {FOLDER}: name a folder that has some in BACKDOOR_GAME_CIRCUITS"

every_real_circuit = pytest.mark.parametrize(
    "path", REAL or [pytest.param(None, marks=pytest.mark.skip(reason=WHY))], ids=lambda path: getattr(path, "stem", "")
)
