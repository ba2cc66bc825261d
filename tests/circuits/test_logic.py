"""Equivalence by a SAT solver and counts by diagrams and a model counter, against brute force and closed forms."""

from __future__ import annotations

import signal
import subprocess
import sys
import time

import numpy as np
import pytest

from backdoor_game import (
    CircuitBuilder,
    InvalidArgument,
    MissingCapability,
    count_differences,
    equivalent,
    from_truth_table,
    trimmed,
)
from backdoor_game.circuits.graphs.side_by_side import clauses, miter
from tests.circuits.random_circuits import random_circuit, truth, vectors

WAYS = ("bdd", "sharpsat")


def differences(f, g):
    return sum(a != b for a, b in zip(truth(f), truth(g), strict=True))


def pairs(seed, count):
    """Pairs of small circuits, a third of them two forms of one function."""
    rng = np.random.default_rng(seed)
    for i in range(count):
        f = random_circuit(rng, int(rng.integers(6)), int(rng.integers(9)), 2)
        g = random_circuit(rng, f.inputs, f.size, 2)
        yield f, (from_truth_table(np.array(truth(f)).T) if i % 3 == 0 else g)


def test_the_solver_and_both_counters_agree_with_brute_force():
    counts = []
    for f, g in pairs(0, 90):
        counts.append(differences(f, g))
        assert equivalent(f, g) == (counts[-1] == 0)
        for by in WAYS:
            found = count_differences(f, g, by=by)
            assert found == counts[-1]
            assert type(found) is int
    assert 30 <= counts.count(0) <= 60


def test_the_clauses_have_one_model_for_each_input_that_puts_out_a_one():
    from pysat.solvers import Solver

    rng = np.random.default_rng(4)
    for _ in range(25):
        circuit = random_circuit(rng, 3, 5)
        with Solver(name="cadical153", bootstrap_with=clauses(circuit)) as solver:
            models = [
                tuple(sign * (i + 1) for i, sign in enumerate(2 * row.astype(int) - 1))
                for row, out in zip(vectors(3), truth(circuit), strict=True)
                if out[0]
            ]
            for row in vectors(3):
                assumed = [sign * (i + 1) for i, sign in enumerate((2 * row.astype(int) - 1).tolist())]
                assert solver.solve(assumptions=assumed) == (tuple(assumed) in models)


def test_a_miter_is_one_exactly_where_some_output_differs_and_shared_gates_stand_there_once():
    for f, g in pairs(1, 30):
        assert [row[0] for row in truth(miter(f, g))] == [a != b for a, b in zip(truth(f), truth(g), strict=True)]
        assert miter(f, trimmed(f)).size == 0


@pytest.mark.parametrize("by", WAYS)
@pytest.mark.parametrize("width", [12, 30])
def test_x_below_y_and_y_below_x_differ_wherever_x_and_y_do(by, width):
    """On 2^(2w) - 2^w input vectors."""
    build = CircuitBuilder(2 * width)
    x, y = build.inputs[:width], build.inputs[width:]
    f, g = build.circuit([build.less(x, y)]), build.circuit([build.less(y, x)])
    assert count_differences(f, g, by=by) == 2 ** (2 * width) - 2**width


@pytest.mark.parametrize("by", WAYS)
def test_counts_are_exact_where_no_float_is(by):
    """In each of 40 pairs some input is 1: 3^40 vectors, an odd number above 2^63."""
    build = CircuitBuilder(80)
    f = build.circuit([build.all_(map(build.or_, build.inputs[:40], build.inputs[40:]))])
    assert count_differences(f, build.circuit([0]), by=by) == 3**40


@pytest.mark.parametrize("by", WAYS)
def test_inputs_that_nothing_reads_are_counted(by):
    build = CircuitBuilder(40)
    f, g = build.circuit([build.and_(*build.inputs[3:5])]), build.circuit([0])
    assert count_differences(f, g, by=by) == 2**38


def test_two_ways_to_add_are_equivalent_and_one_wrong_carry_is_found():
    width = 24
    build = CircuitBuilder(2 * width)
    x, y = build.inputs[:width], build.inputs[width:]
    ripple = build.circuit(build.add(x, y))
    low = build.add(x[:12], y[:12])
    selected = build.choose(low[-1], build.add(x[12:], y[12:], 1), build.add(x[12:], y[12:]))
    assert equivalent(ripple, build.circuit([*low[:-1], *selected]))
    wrong = build.choose(build.and_(low[-1], x[0] ^ 1), build.add(x[12:], y[12:], 1), build.add(x[12:], y[12:]))
    assert not equivalent(ripple, build.circuit([*low[:-1], *wrong]))


def test_two_products_of_different_build_are_equivalent():
    build = CircuitBuilder(10)
    x, y = build.inputs[:5], build.inputs[5:]
    assert equivalent(build.circuit(build.multiply(x, y)), build.circuit(build.multiply(y, x)))


def test_circuits_of_different_shape_are_refused():
    one, two = CircuitBuilder(1).circuit([2]), CircuitBuilder(2).circuit([2])
    for ask in (equivalent, count_differences):
        with pytest.raises(InvalidArgument, match="g must have as many inputs and outputs as f"):
            ask(one, two)
        with pytest.raises(InvalidArgument, match="g must have as many inputs and outputs as f"):
            ask(one, CircuitBuilder(1).circuit([2, 2]))
    with pytest.raises(InvalidArgument, match="by must be 'bdd' or 'sharpsat', got 'sat'"):
        count_differences(one, one, by="sat")


@pytest.mark.parametrize(
    ("module", "ask"),
    [
        ("pysat.solvers", equivalent),
        ("dd.autoref", count_differences),
        ("pyganak", lambda f, g: count_differences(f, g, by="sharpsat")),
    ],
)
def test_a_library_that_is_missing_is_named_with_the_command_that_installs_it(monkeypatch, module, ask):
    monkeypatch.setitem(sys.modules, module, None)
    circuit = CircuitBuilder(1).circuit([2])
    with pytest.raises(MissingCapability, match=r"pip install 'backdoor-game\[logic\]'"):
        ask(circuit, circuit)


def test_diagrams_are_counted_without_the_compiled_library_too(monkeypatch):
    monkeypatch.setitem(sys.modules, "dd.cudd", None)
    for f, g in pairs(2, 20):
        assert count_differences(f, g) == differences(f, g)


@pytest.mark.parametrize("inputs", [1300, 3072])
def test_wide_circuits_are_counted_by_diagrams_and_the_recursion_limit_is_as_it_was(inputs):
    build, before = CircuitBuilder(inputs), sys.getrecursionlimit()
    f = build.circuit([build.all_(build.inputs)])
    assert count_differences(f, build.circuit([0]), by="bdd") == 1
    assert sys.getrecursionlimit() == before


HARD = """
import time
from backdoor_game import CircuitBuilder, equivalent
build = CircuitBuilder(26)
x, y = build.inputs[:13], build.inputs[13:]
f, g = build.circuit(build.multiply(x, y)), build.circuit(build.multiply(y, x))
equivalent(f, f)
for work in (lambda: equivalent(f, g), lambda: time.sleep(20)):
    print("ready", flush=True)
    try:
        work()
    except KeyboardInterrupt as error:
        print("heard", error.__cause__ or error.__context__, flush=True)
"""


def test_ctrl_c_is_heard_by_the_solver_as_anywhere_and_again_after_it():
    """Products of 13 bits, built in two ways, take it far longer than the half second that it is given."""
    with subprocess.Popen([sys.executable, "-c", HARD], stdout=subprocess.PIPE, text=True) as running:
        for _ in range(2):
            assert running.stdout.readline() == "ready\n"
            time.sleep(0.5)
            assert running.poll() is None
            began = time.monotonic()
            running.send_signal(signal.SIGINT)
            assert running.stdout.readline() == "heard None\n"
            assert time.monotonic() - began < 5
        assert running.wait(timeout=20) == 0
