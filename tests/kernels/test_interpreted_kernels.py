"""Compiled and interpreted kernels give the same bytes."""

from __future__ import annotations

import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]


def _digest(disabled):
    command = [sys.executable, "-W", "error::RuntimeWarning", "-m", "tests.kernels.workload"]
    environment = {**os.environ, "NUMBA_DISABLE_JIT": disabled}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True).stdout


def test_compiled_and_interpreted_kernels_give_equal_bytes():
    compiled = _digest("0")
    assert len(compiled.strip()) == 64
    assert compiled == _digest("1")
