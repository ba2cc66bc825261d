"""Interpreted, the feature kernels give what they give compiled, up to the rounding of fused products."""

from __future__ import annotations

import os
import pathlib
import subprocess
import sys

import numpy as np

from backdoor_game.planting.features import Packed

ROOT = pathlib.Path(__file__).resolve().parents[2]
OFF = {"float64": 1e-13, "float32": 1e-5}


def outputs():
    """Sums and features of both kinds and types; the depth of 260 takes two blocks of coordinates."""
    for dtype in OFF:
        rng = np.random.default_rng(0)
        G, b, X = rng.normal(size=(53, 260)), rng.random(53), rng.normal(size=(19, 260)) / 64
        for kind in ("cos", "relu"):
            packed = Packed(kind, G.astype(dtype), b.astype(dtype) if kind == "cos" else None)
            yield dtype, packed.weighted(X, np.linspace(-0.02, 0.02, 53))
            yield dtype, packed.matrix(X)


def test_compiled_and_interpreted_features_agree_within_rounding():
    command = [sys.executable, "-W", "error::RuntimeWarning", "-m", "tests.kernels.test_feature_kernels"]
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    lines, found = done.stdout.splitlines(), list(outputs())
    assert len(lines) == len(found) == 8
    for (dtype, values), line in zip(found, lines, strict=True):
        np.testing.assert_allclose(values.ravel(), np.array(line.split(), float), rtol=0, atol=OFF[dtype])


if __name__ == "__main__":
    for _, values in outputs():
        print(*(repr(float(value)) for value in values.ravel()))
