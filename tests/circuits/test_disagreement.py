"""The share of inputs on which two circuits differ: exact where it says so, covered where it is drawn."""

from __future__ import annotations

import os
import pathlib
import signal
import subprocess
import sys
import time
from fractions import Fraction

import numpy as np
import pytest

from backdoor_game import (
    Atoms,
    Circuit,
    CircuitBuilder,
    InvalidArgument,
    ProductBits,
    Uniform,
    count_differences,
    disagreement,
)
from backdoor_game.circuits.graphs import differing, simulating
from tests.circuits.random_circuits import random_circuit
from tests.naive import circuits as naive

ROOT = pathlib.Path(__file__).resolve().parents[2]
EIGHTHS = [Fraction(k, 8) for k in range(9)]


def pair(seed, inputs, outputs=3):
    """Two circuits that share most gates."""
    gates = random_circuit(np.random.default_rng(seed), inputs, 40).gates
    outputs = 2 * (1 + inputs + 39 - np.arange(outputs))
    spoilt = gates.copy()
    spoilt[30 + seed] ^= 1
    spoilt[39 - seed % 3, 0] ^= 1
    return Circuit(inputs, gates, outputs), Circuit(inputs, spoilt, outputs)


def naive_share(f, g, p):
    listed, mask = naive.listed(f.inputs), (1 << 2**f.inputs) - 1
    tables = [naive.outputs(listed, each.gates.tolist(), each.outputs.tolist(), mask) for each in (f, g)]
    return naive.share(*tables, p)


@pytest.mark.parametrize("inputs", [0, 1, 2, 5, 6, 7, 10])
@pytest.mark.parametrize("seed", range(4))
def test_by_enumeration_it_is_the_count_over_all_inputs(inputs, seed):
    f, g = pair(seed, inputs)
    found = disagreement(f, g, seed=0)
    assert found.exact
    assert found.low == found.value == found.high
    assert Fraction(found.value) == naive_share(f, g, [Fraction(1, 2)] * inputs)


@pytest.mark.parametrize("inputs", [1, 4, 6, 9])
@pytest.mark.parametrize("seed", range(4))
def test_under_independent_bits_it_is_the_mass_of_the_inputs(inputs, seed):
    """Probabilities in eighths: every mass is a float, and no sum of these is rounded."""
    f, g = pair(seed, inputs)
    p = [EIGHTHS[k] for k in np.random.default_rng(seed).integers(9, size=inputs)]
    found = disagreement(f, g, ProductBits(tuple(map(float, p))), seed=0)
    assert found.exact
    assert Fraction(found.value) == naive_share(f, g, p)


def test_under_a_law_with_atoms_it_is_the_sum_over_them():
    build = CircuitBuilder(4)
    a, b, _, d = build.inputs
    f, g = build.circuit([d, build.xor(a, b)]), build.circuit([d, build.and_(a, d)])
    points = [(0, 0, 0, 1), (1, 1, 0, 1), (1, 0, 1, 0), (0, 1, 1, 1)]
    weights = (0.5, 0.25, 0.125, 0.125)
    found = disagreement(f, g, Atoms(points, weights), seed=0)
    assert (found.value, found.exact) == (0.5, True), "they differ on all but the first"
    drawn = disagreement(f, g, Atoms(points, weights), draws=20_000, level=0.999, seed=0)
    assert not drawn.exact
    assert drawn.low <= 0.5 <= drawn.high


def adders(bits, broken):
    """A ripple-carry adder, and one whose top carry forgets a carry when `broken` low bits of a are all 1."""
    found = []
    for spoilt in (False, True):
        build = CircuitBuilder(2 * bits)
        a, b, carry, sums = build.inputs[:bits], build.inputs[bits:], 0, []
        trigger = 1
        for wire in a[:broken]:
            trigger = build.and_(trigger, wire)
        for x, y in zip(a, b, strict=True):
            sums.append(build.xor(build.xor(x, y), carry))
            carry = build.or_(build.and_(x, y), build.and_(carry, build.xor(x, y)))
        found.append(build.circuit([*sums, build.and_(carry, trigger ^ 1) if spoilt else carry]))
    return found


def test_24_inputs_by_enumeration_are_what_a_decision_diagram_counts():
    pytest.importorskip("dd")
    f, g = adders(12, 5)
    assert disagreement(f, g, seed=0).value * 2**24 == count_differences(f, g, by="bdd") > 0


MEMORY = """
import resource, tracemalloc
import numpy as np
from backdoor_game.circuits import disagreement
from tests.circuits.test_disagreement import adders
warm, (f, g) = adders(4, 2), adders(12, 5)
disagreement(*warm), disagreement(*warm, draws=1000)
tracemalloc.start()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
value = disagreement(f, g).value
after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(value * 2**24, (after - before) // 1024, tracemalloc.get_traced_memory()[1] >> 20)
"""


def test_24_inputs_by_enumeration_take_under_100_megabytes_beyond_a_warm_process():
    """Both the peak of resident memory and what Python and NumPy were handed; they take about one megabyte."""
    done = subprocess.run([sys.executable, "-c", MEMORY], cwd=ROOT, capture_output=True, text=True, check=True)
    count, resident, traced = map(float, done.stdout.split())
    assert count > 0
    assert resident < 20
    assert traced < 20


def test_only_inputs_that_matter_are_tried():
    """100 inputs, of which the part that differs reads two."""
    build = CircuitBuilder(100)
    wires = build.inputs
    shared = build.all_(wires)
    f, g = build.circuit([shared, build.and_(wires[3], wires[70])]), build.circuit([shared, wires[3]])
    found = disagreement(f, g, ProductBits(tuple(0.25 if i == 70 else 0.5 for i in range(100))), seed=0)
    assert (found.value, found.exact) == (0.375, True)


def test_what_structure_decides_needs_no_inputs():
    f, _ = adders(40, 3)
    flipped = Circuit(f.inputs, f.gates, f.outputs ^ 1)
    assert [(r.value, r.exact) for r in (disagreement(f, f, seed=0), disagreement(f, flipped, seed=0))] == [
        (0.0, True),
        (1.0, True),
    ]


@pytest.mark.parametrize("p", [None, 0.3])
def test_beyond_30_inputs_it_is_drawn_and_the_interval_covers(p):
    """They differ where 4 of 80 inputs are 1 while the 36 behind carry: by hand, P(a1..a4 = 1, carry of the rest)."""
    f, g = adders(20, 4)
    law = None if p is None else ProductBits(p)
    found = disagreement(f, g, law, draws=2**18, level=0.999, seed=5)
    exact = Fraction(_carry_and_ones(20, 4, Fraction(1, 2) if p is None else Fraction(3, 10)))
    assert not found.exact
    assert found.low <= exact <= found.high
    assert found.high - found.low < 0.01


def _carry_and_ones(bits, ones, p):
    """P(the sum of two words carries out and the low `ones` bits of the first are all 1), bits independent."""
    law = {0: Fraction(1), 1: Fraction(0)}
    for i in range(bits):
        new = {0: Fraction(0), 1: Fraction(0)}
        for carry, mass in law.items():
            for x in (0, 1):
                for y in (0, 1):
                    if i >= ones or x:
                        chance = (p if x else 1 - p) * (p if y else 1 - p)
                        new[int(x + y + carry >= 2)] += mass * chance
        law = new
    return law[1]


def test_draws_are_the_same_whatever_the_threads_and_begin_alike(monkeypatch):
    f, g = adders(20, 2)
    monkeypatch.setattr(simulating, "RANGE", 2**14)
    found = []
    for threads in (1, 3):
        monkeypatch.setattr(simulating, "thread_count", lambda count=threads: count)
        found.append((disagreement(f, g, draws=100_001, seed=3), disagreement(f, g, ProductBits(0.4), seed=3)))
    assert found[0] == found[1]
    assert disagreement(f, g, draws=100_001, seed=4) != found[0][0]


def test_the_law_of_random_inputs_has_the_stated_mass():
    """Each of 40 inputs alone, at level 1 - 1e-6 each: 40 intervals hold together."""
    p = tuple(np.linspace(0.01, 0.99, 40))
    zero = Circuit(40, np.empty((0, 2), np.int32), np.zeros(1, np.int32))
    for i in range(40):
        wire = Circuit(40, np.empty((0, 2), np.int32), np.array([2 * (1 + i)]))
        found = disagreement(wire, zero, ProductBits(p), draws=2**14, level=1 - 1e-6, seed=0)
        assert found.low <= p[i] <= found.high


def test_progress_is_told_to_the_end_and_uniform_is_the_default():
    f, g = adders(12, 5)
    told = []
    found = disagreement(f, g, Uniform(), progress=lambda done, total: told.append((done, total)), seed=0)
    assert found == disagreement(f, g, seed=0)
    assert told == sorted(told)
    assert told[-1] == (2**18, 2**18)


LONG = """
import numpy as np
from backdoor_game import Circuit
from backdoor_game.circuits import disagreement
from tests.circuits.random_circuits import random_circuit
rng = np.random.default_rng(0)
own = 2 * (31 + np.arange(30_000))
gates = np.stack([own - 2, rng.integers(0, own - 2)], axis=1) ^ 1
f, g = Circuit(30, gates, own[-1:]), Circuit(30, gates, np.array([2]))
disagreement(f, g, draws=100)
print("ready", flush=True)
disagreement(f, g)
"""


@pytest.mark.parametrize("threads", ["1", "2"])
def test_ctrl_c_is_heard_during_long_work(threads):
    environment = {**os.environ, "NUMBA_NUM_THREADS": threads}
    running = subprocess.Popen(
        [sys.executable, "-c", LONG],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert running.stdout.readline() == "ready\n"
    time.sleep(0.5)
    assert running.poll() is None
    began = time.monotonic()
    running.send_signal(signal.SIGINT)
    _, errors = running.communicate(timeout=20)
    assert "KeyboardInterrupt" in errors
    assert time.monotonic() - began < 3


def test_what_cannot_be_compared_is_refused_in_one_sentence():
    f, g = adders(3, 1)
    with pytest.raises(InvalidArgument, match="f_star must have as many inputs and outputs as f"):
        disagreement(f, adders(4, 1)[0], seed=0)
    with pytest.raises(InvalidArgument, match="probabilities"):
        disagreement(f, g, ProductBits((0.5, 0.5)), seed=0)
    with pytest.raises(InvalidArgument, match="draws must be between 1 and"):
        disagreement(f, g, draws=0, seed=0)


def test_a_circuit_of_the_size_of_the_largest_of_the_suite_runs():
    """214,335 gates, 1,204 inputs and 1,231 outputs, against the naive evaluator on 128 inputs."""
    rng = np.random.default_rng(0)
    own = 1205 + np.arange(214_335)
    near = np.maximum(own[:, None] - rng.integers(1, 3000, size=(len(own), 2)), 1)
    gates = 2 * near + rng.integers(2, size=near.shape)
    f = Circuit(1204, gates, 2 * rng.choice(own[-5000:], 1231, replace=False))
    words = rng.integers(2**64, size=(1204, 2), dtype=np.uint64)
    inputs = [int(a) | int(b) << 64 for a, b in words.tolist()]
    wanted = naive.outputs(inputs, f.gates.tolist(), f.outputs.tolist(), (1 << 128) - 1)
    assert [int(a) | int(b) << 64 for a, b in f.words(words).tolist()] == wanted
    spoilt = Circuit(1204, f.gates, np.append(f.outputs[:-1], f.outputs[-1] ^ 1))
    assert disagreement(f, spoilt, seed=0) == differing.Disagreement(
        1.0, 1.0, 1.0, True, "by structure: equal gates merged"
    )
