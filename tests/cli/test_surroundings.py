"""What surrounds a command: streams, environment, signals. Results are told or kept, or one sentence comes first."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from backdoor_game.cli import main
from backdoor_game.ground._jit import FEW, thread_count
from backdoor_game.ground.errors import InvalidArgument
from backdoor_game.ground.progress import Reporter

from .running import GAME, SHORT, command

# In a file whose name no ASCII stream can write, for a result that holds it.
MINE = """
import dataclasses
from backdoor_game import Defender

@dataclasses.dataclass(frozen=True)
class Mine(Defender):
    def suspicion(self, view, rng):
        return 0.0
"""


def shell(words, redirection, cwd, **environment):
    """A command under a shell's redirection."""
    line = " ".join(f"'{word}'" for word in command(words)) + " " + redirection
    return subprocess.run(
        ["/bin/sh", "-c", line],
        cwd=cwd,
        capture_output=True,
        timeout=120,
        env={**os.environ, **environment},
        check=False,
    )


def test_a_closed_standard_error_costs_no_result(tmp_path):
    done = shell(["estimate", *(word for word in SHORT if word != "--quiet"), "--json"], "2>&-", tmp_path)
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout)["rounds"] == 300


def test_no_file_gets_the_number_of_a_closed_stream(tmp_path):
    """All three closed: what the signals' pipe or a result's file would be given."""
    code = "import os; from backdoor_game.cli.signals import settle_descriptors as s; s(); os._exit(min(os.pipe()))"
    for closed in ("<&- >&- 2>&-", "2>&-", "<&- 2>&-"):
        done = subprocess.run(["/bin/sh", "-c", f"'{sys.executable}' -c '{code}' {closed}"], cwd=tmp_path, check=False)
        assert done.returncode >= 3


def test_a_closed_standard_output_is_told_before_work(tmp_path):
    done = shell(["curve", "--sweep", "epsilon=1/8"], ">&-", tmp_path)
    assert done.returncode == 2
    assert done.stderr.decode() == (
        "backdoor-game curve: standard output is closed: send it to a file or to /dev/null\n"
    )
    assert list(tmp_path.iterdir()) == []


def test_on_a_full_disk_the_result_goes_to_standard_error(tmp_path):
    done = shell(["estimate", *SHORT, "--json"], ">/dev/full", tmp_path)
    said, told = done.stderr.decode().split("\n", 1)
    assert done.returncode == 2
    assert said.startswith("backdoor-game estimate: standard output cannot be written: No space left on device; ")
    assert json.loads(told)["rounds"] == 300


def test_help_that_cannot_be_written_exits_2(tmp_path):
    assert shell(["estimate", "--help"], ">/dev/full 2>/dev/full", tmp_path).returncode == 2


def test_both_streams_closed_leave_the_status(tmp_path):
    assert shell(["bogus"], ">&- 2>&-", tmp_path).returncode == 2


def test_an_ascii_stream_escapes_what_it_cannot_write_and_json_stays_json(tmp_path):
    (tmp_path / "prüft-ελέγχει-𝔉.py").write_text(MINE)
    words = ["estimate", *GAME, "--attacker", "Shattered()", "--defender", "prüft-ελέγχει-𝔉.py:Mine()", "--rounds", "3"]
    done = shell([*words, "--seed", "1", "--quiet", "--json"], "", tmp_path, PYTHONIOENCODING="ascii")
    assert done.returncode == 0
    assert done.stdout.isascii()
    assert json.loads(done.stdout)["spec"]["defender"] == "prüft-ελέγχει-𝔉.py:Mine()"


def test_a_plug_in_whose_name_is_no_text_is_told_before_play(run, tmp_path):
    name = os.fsdecode(b"m\xff.py")
    try:
        (tmp_path / name).write_text(MINE)
    except OSError:
        pytest.skip("this file system takes names in UTF-8 alone")
    answer = run("estimate", *GAME, "--attacker", "Shattered()", "--defender", f"{name}:Mine()", "--rounds", "1e12")
    assert (answer.status, answer.out) == (2, "")
    assert "defender: " in answer.err
    assert "its path must be text in UTF-8, rename it" in answer.err
    assert answer.err.isascii()


def test_an_output_whose_name_is_no_text_is_told_before_play(run, tmp_path):
    words = ("curve", "--sweep", "epsilon=1/8", "--functions", "AllFunctions(points=8)", "--attacker", "Shattered()")
    words += ("--defender", "CoinFlip()", "--rounds", "1e12", "--output", os.fsdecode(b"o\xff"))
    answer = run(*words)
    assert (answer.status, answer.out) == (2, "")
    assert "output must be a path in UTF-8, got 'o\\udcff': name another one" in answer.err
    assert list(tmp_path.iterdir()) == []


class Full:
    """A stream that takes nothing, as on a full disk."""

    def isatty(self):
        return False

    def write(self, _):
        raise OSError(28, "No space left on device")

    def flush(self):
        raise OSError(28, "No space left on device")


def test_progress_that_cannot_be_written_stops_no_work(monkeypatch):
    import backdoor_game.ground.progress as progress

    monkeypatch.setattr(progress.time, "monotonic", iter(range(0, 10**6, 100)).__next__)
    for stream in (Full(), None):
        monkeypatch.setattr(sys, "stderr", stream)
        reporter = Reporter("estimate")
        reporter(1, 2)
        reporter.close()


@pytest.mark.parametrize("value", ["abc", "0", "-1", "", "1.5"])
def test_a_number_of_threads_that_is_none_is_refused_before_play(run, monkeypatch, value):
    monkeypatch.setenv("NUMBA_NUM_THREADS", value)
    answer = run("estimate", *SHORT)
    assert answer.status == 2
    assert answer.err == (
        "backdoor-game estimate: the environment's NUMBA_NUM_THREADS must be a whole number of at least 1 or unset, "
        f"got {value!r}\n"
    )
    assert answer.out == ""
    with pytest.raises(InvalidArgument, match="NUMBA_NUM_THREADS"):
        thread_count()


def test_a_switch_of_the_compiler_that_is_none_is_refused_before_play(run, monkeypatch):
    monkeypatch.setenv("NUMBA_DISABLE_JIT", "yes")
    assert "NUMBA_DISABLE_JIT must be a whole number of at least 0" in run("estimate", *SHORT).err


def test_threads_are_capped_at_cores_with_a_word_and_numbers_stay(run, monkeypatch):
    cores = len(os.sched_getaffinity(0))
    assert thread_count(10**9) == max(cores, FEW)
    monkeypatch.setenv("NUMBA_NUM_THREADS", str(10**9))
    assert thread_count() == max(cores, FEW)
    assert thread_count(1) == 1
    monkeypatch.delenv("NUMBA_NUM_THREADS")
    assert thread_count() == cores
    words = [word for word in SHORT if word != "--quiet"]
    many, one = run("estimate", *words, "--threads", "100000"), run("estimate", *words, "--threads", "1")
    assert many.out == one.out
    assert many.err == f"--threads 100000 is more than can work at once: {max(cores, FEW)} are used\n"
    assert one.err == ""
    assert run("estimate", *SHORT, "--threads", "100000").err == ""


@pytest.mark.parametrize("value", ["abc", "-3", "0", ""])
def test_an_odd_width_of_the_terminal_is_ignored(run, monkeypatch, value):
    monkeypatch.setenv("COLUMNS", value)
    assert run("estimate", "--help").status == 0


def test_main_leaves_handlers_and_streams_as_they_are(run):
    def state():
        return signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM), sys.stdout, sys.stderr

    before = state()
    assert main(["list", "bounds"]) == 0
    assert state() == before


@pytest.mark.parametrize(
    ("number", "status", "word", "moments"),
    [
        (signal.SIGINT, 130, "interrupted", (0.0, 0.4, 1.5)),
        (signal.SIGTERM, 143, "terminated", (0.5,)),
    ],
)
def test_a_signal_while_kernels_are_compiled_leaves_at_once_with_one_line(tmp_path, number, status, word, moments):
    """The cache's folder is made before the first kernel; `benchmarks/interruptions.py` tries hundreds of moments."""
    words = ["estimate", *GAME, "--attacker", "Shattered()", "--defender", "DistillationEnsemble()", "--rounds", "1e12"]
    for place, moment in enumerate(moments):
        process = subprocess.Popen(
            command([*words, "--threads", "2"]),
            env={**os.environ, "NUMBA_CACHE_DIR": str(tmp_path / str(place))},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
        )
        until = time.monotonic() + 60
        while not (tmp_path / str(place)).exists() and time.monotonic() < until:
            time.sleep(0.01)
        time.sleep(moment)
        process.send_signal(number)
        sent = time.monotonic()
        try:
            out, err = process.communicate(timeout=30)
        finally:
            process.kill()
        assert (process.returncode, out) == (status, "")
        assert err == f"backdoor-game estimate: {word}; nothing was written\n"
        assert time.monotonic() - sent < 20


def test_who_ignores_ctrl_c_for_a_command_is_heard(tmp_path):
    """As nohup and shells do for what runs in the background."""
    process = subprocess.Popen(
        command(["estimate", *SHORT, "--json"]),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN),
    )
    time.sleep(0.5)  # the moment matters little: it is ignored from the first
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, b"")
    assert json.loads(out)["rounds"] == 300
