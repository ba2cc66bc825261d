"""Real circuits on many inputs: against NumPy gate by gate, the first-level cache, aigverse and berkeley-abc."""

from __future__ import annotations

import os
import pathlib
import statistics
import tempfile
import time
from collections.abc import Iterator

import numpy as np

from backdoor_game import Circuit, disagreement, read_aiger
from backdoor_game.kernels.circuits.gates import scratch

from .limits import join_in_cache
from .peers.circuit_simulators import NumpyGates, abc, abc_seconds, aigverse_on
from .timing import Bar, Row, compare

FOLDER = pathlib.Path(
    os.environ.get("BACKDOOR_GAME_CIRCUITS", pathlib.Path(__file__).parents[2] / "shared" / "circuits")
)
LARGE = ("sin", "multiplier")
ONE_BY_ONE, AIGVERSE, ABC, CACHE = Bar(25.0, 60.0), Bar(15.0, 30.0), Bar(4.0, 8.0), Bar(0.40, 0.60)
NEVER_SLOWER = Bar(1.0, 25.0)
TIED = 14


def rows(rounds: int) -> Iterator[Row]:
    """Every circuit of the folder on 4,096 inputs; the large ones on more, and against other programs."""
    found = {path.stem: path for path in sorted(FOLDER.glob("*.aig"))}
    if not found:
        yield Row("circuits: real circuits", reason_skipped=f"no *.aig files in {FOLDER} (BACKDOOR_GAME_CIRCUITS)")
        return
    for name, path in found.items():
        yield against_numpy(name, read_aiger(path), 64, rounds)
    for name in [name for name in LARGE if name in found]:
        circuit = read_aiger(found[name])
        yield against_numpy(name, circuit, 1024, rounds)
        yield of_the_cache(name, circuit, rounds)
        yield against_aigverse(name, found[name], rounds)
        yield against_abc(name, found[name], rounds)


def against_numpy(name: str, circuit: Circuit, words: int, rounds: int) -> Row:
    inputs = np.random.default_rng(0).integers(2**64, size=(circuit.inputs, words), dtype=np.uint64)
    peer = NumpyGates(circuit, words)
    np.testing.assert_array_equal(circuit.words(inputs), peer(inputs))
    return compare(
        f"circuits: {name}, {circuit.size} gates x {64 * words} inputs, vs NumPy per gate",
        lambda: circuit.words(inputs),
        lambda: peer(inputs),
        bar=ONE_BY_ONE if name in LARGE else NEVER_SLOWER,
        rounds=rounds,
    )


def of_the_cache(name: str, circuit: Circuit, rounds: int) -> Row:
    """As many c = a & b on 512 bits as the circuit has gates x blocks, on 12 KiB."""
    words = 1024
    inputs = np.random.default_rng(0).integers(2**64, size=(circuit.inputs, words), dtype=np.uint64)
    values = scratch(48, 32)
    times = circuit.size * words // (16 * 32)
    return compare(
        f"circuits: {name}, share of the limit c = a & b in the first-level cache",
        lambda: circuit.words(inputs),
        lambda: join_in_cache(values, 512, times),
        bar=CACHE,
        rounds=rounds,
    )


def against_aigverse(name: str, path: pathlib.Path, rounds: int) -> Row:
    """All inputs of the circuit with its inputs tied to 14: the same network, read back, for both."""
    title = f"circuits: {name} on {TIED} tied inputs, all of them, vs aigverse simulate"
    try:
        from aigverse.algorithms import simulate
    except ImportError:
        return Row(title, reason_skipped="aigverse is not installed: pip install aigverse")
    with tempfile.TemporaryDirectory() as folder:
        network, written = aigverse_on(path, TIED, pathlib.Path(folder))
        circuit = read_aiger(written)
    assert circuit.size == network.num_gates
    theirs = [int(table.to_hex(), 16) for table in simulate(network)]
    assert [sum(int(w) << (64 * k) for k, w in enumerate(row)) for row in circuit.table()] == theirs
    return compare(title, circuit.table, lambda: simulate(network), bar=AIGVERSE, rounds=rounds)


def against_abc(name: str, path: pathlib.Path, rounds: int) -> Row:
    """Random inputs made by each in its own way, and whether any output is 1; rounds in turn, one thread.

    abc's own clock, which has no start-up in it, counts processor time: so does ours here. Its words have 32 bits.
    """
    title = f"circuits: {name}, 2^21 random inputs, vs berkeley-abc sim -n -m"
    if abc() is None:
        return Row(title, reason_skipped="berkeley-abc is not installed: apt-get install berkeley-abc")
    circuit, frames, words = read_aiger(path), 32, 2048
    zero = Circuit(circuit.inputs, np.empty((0, 2), np.int32), np.zeros(len(circuit.outputs), np.int32))
    inputs = np.random.default_rng(0).integers(2**64, size=(circuit.inputs, 1024), dtype=np.uint64)
    share = np.bitwise_count(np.bitwise_or.reduce(NumpyGates(circuit, 1024)(inputs))).sum() / inputs[0].nbytes / 8
    mine = disagreement(circuit, zero, draws=2**16, level=0.999999, seed=0)
    assert mine.low - 0.01 <= share <= mine.high + 0.01  # five standard deviations of the other 65,536 inputs
    times = []
    for _ in range(rounds):
        began = time.process_time()
        disagreement(circuit, zero, draws=frames * words * 32, seed=0)
        times.append((time.process_time() - began, abc_seconds(path, frames, words)))
    mine, other = (statistics.median(column) for column in zip(*times, strict=True))
    return Row(title, mine, other, other / mine, ABC)
