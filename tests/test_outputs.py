"""The files of one run: claimed before play, put in place together, never over another run's."""

import errno
import json
import os
import subprocess
import sys
import time

import pytest

from backdoor_game.ground import placing
from backdoor_game.ground.errors import InvalidArgument
from backdoor_game.ground.files import check_writable, gathered, put, together, write_bytes, write_json, write_text
from backdoor_game.ground.outputs import claim, holds

ABOUT = {"seed": 1, "specs": ["a", "b"]}


def names(folder):
    return sorted(path.name for path in folder.rglob("*"))


def full(*_):
    raise OSError(errno.ENOSPC, "No space left on device")


def left(folder, about=ABOUT):
    """A run's two files in a folder."""
    place = claim(str(folder), "run.json", about)
    with gathered() as waiting:
        write_text(folder / "table.csv", f"of seed {about['seed']}")
        write_json(folder / "run.json", {**about, "found": 0.5})
    place.put(waiting)


def test_gathered_files_wait_and_then_stand_there_together(tmp_path):
    with gathered():
        write_text(tmp_path / "r" / "table.csv", "1")
        assert names(tmp_path) == []
    assert names(tmp_path) == []
    left(tmp_path / "r")
    assert names(tmp_path) == ["r", "run.json", "table.csv"]
    assert json.loads((tmp_path / "r" / "run.json").read_text())["found"] == 0.5


def test_the_same_run_overwrites_itself_and_another_one_is_refused_before_play(tmp_path):
    left(tmp_path)
    left(tmp_path)
    with pytest.raises(InvalidArgument) as refused:
        claim(str(tmp_path), "run.json", {**ABOUT, "seed": 2})
    said = str(refused.value)
    assert said.startswith(f"output {str(tmp_path)!r} holds the results of another run (seed 1) in run.json: ")
    assert "--overwrite" in said
    assert "\n" not in said
    claim(str(tmp_path), "run.json", {**ABOUT, "seed": 2}, overwrite=True)
    claim(str(tmp_path), "other.json", {**ABOUT, "seed": 2})


@pytest.mark.parametrize("content", ["", "{", "[]", "null", '{"seed": 1}', '{"seed": 1, "specs": ["a"]}'])
def test_a_file_that_is_not_known_to_be_this_runs_is_another_ones(tmp_path, content):
    (tmp_path / "run.json").write_text(content)
    with pytest.raises(InvalidArgument, match="holds"):
        claim(str(tmp_path), "run.json", ABOUT)
    assert (tmp_path / "run.json").read_text() == content


def test_of_two_runs_at_once_the_second_leaves_the_firsts_files_alone(tmp_path):
    """Both claimed the empty folder; what the second has found is its caller's to print."""
    second = claim(str(tmp_path), "run.json", {**ABOUT, "seed": 2})
    left(tmp_path)
    with gathered() as waiting:
        write_text(tmp_path / "table.csv", "of seed 2")
        write_json(tmp_path / "run.json", {**ABOUT, "seed": 2})
    with pytest.raises(InvalidArgument, match="another run"):
        second.put(waiting)
    assert (tmp_path / "table.csv").read_text() == "of seed 1"
    assert names(tmp_path) == ["run.json", "table.csv"]


def test_a_set_of_which_one_cannot_be_written_leaves_none(tmp_path, monkeypatch):
    (tmp_path / "b").mkdir()
    with pytest.raises(InvalidArgument, match="output must be a place where files can be written"):
        put({tmp_path / "a": b"1", tmp_path / "b": b"2" * 9, tmp_path / "b" / "c" / ("n" * 300): b"3"})
    assert not (tmp_path / "a").exists()
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(InvalidArgument, match="No space left on device"):
        put({tmp_path / "a": b"1", tmp_path / "d": b"2"})
    assert names(tmp_path) == ["b", "c"]


def test_content_is_on_the_disk_before_it_takes_its_place(tmp_path, monkeypatch):
    done = []
    monkeypatch.setattr(os, "fsync", lambda _: done.append("fsync"))
    real = os.replace
    monkeypatch.setattr(os, "replace", lambda *of: (done.append("replace"), real(*of)))
    write_text(tmp_path / "a", "1")
    assert done == ["fsync", "replace", "fsync"]  # the file, its name, the folder that holds the name


def test_parts_of_killed_runs_are_cleaned_up_and_those_of_living_ones_are_not(tmp_path):
    script = f"""
import os, pathlib, sys, time
from backdoor_game.ground import placing
with placing._part(pathlib.Path({str(tmp_path / "a")!r}), b"half", 0o666) as part:
    print(part, flush=True)
    time.sleep(60)
"""
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as writer:
        part = writer.stdout.readline().strip()
        write_text(tmp_path / "a", "1")
        assert os.path.exists(part)
        writer.kill()
        writer.wait()
    assert os.path.exists(part)
    (tmp_path / ".b.12345678.part").write_text("of another file")
    write_text(tmp_path / "a", "2")
    assert names(tmp_path) == [".b.12345678.part", "a"]


def test_a_set_of_its_own_takes_its_place_at_the_end(tmp_path):
    with together():
        write_bytes(tmp_path / "a", b"1")
        assert names(tmp_path) == []
    assert names(tmp_path) == ["a"]


def test_a_part_that_somebody_cleans_up_before_it_is_locked_is_made_again(tmp_path, monkeypatch):
    real, seen = placing._lock, []

    def cleaned(number, *, wait):
        parts = list(tmp_path.glob(".a.*.part"))
        if wait and parts and not seen:
            seen.extend(parts)
            parts[0].unlink()
        return real(number, wait=wait)

    monkeypatch.setattr(placing, "_lock", cleaned)
    write_text(tmp_path / "a", "1")
    assert len(seen) == 1
    assert (tmp_path / "a").read_text() == "1"
    assert names(tmp_path) == ["a"]


def test_what_is_finished_when_work_ends_early_takes_its_place(tmp_path):
    def work():
        with together():
            write_bytes(tmp_path / "b", b"1")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        work()
    assert names(tmp_path) == ["b"]


def test_a_private_file_never_waits(tmp_path):
    with gathered() as waiting:
        write_bytes(tmp_path / "key", b"1", private=True)
    assert names(tmp_path) == ["key"]
    assert waiting.contents == {}


def test_sets_of_two_processes_are_never_mixed(tmp_path):
    """Each writes its number into three files, many times; whoever looks under the lock sees one number."""
    script = f"""
import pathlib, sys
from backdoor_game.ground import placing
for _ in range(60):
    placing.place({{pathlib.Path({str(tmp_path)!r}) / name: sys.argv[1].encode() for name in "abc"}})
"""
    writers = [subprocess.Popen([sys.executable, "-c", script, number]) for number in "12"]
    seen = set()
    while any(writer.poll() is None for writer in writers):
        with placing._alone(tmp_path):
            seen.add(tuple((tmp_path / name).read_text() for name in "abc" if (tmp_path / name).exists()))
        time.sleep(0.001)
    assert [writer.wait() for writer in writers] == [0, 0]
    assert seen - {(), ("1",) * 3, ("2",) * 3} == set()
    assert names(tmp_path) == ["a", "b", "c"]


@pytest.mark.parametrize("name", ["\udcff", "a\udce9.json"])
def test_a_name_that_no_result_could_hold_is_refused_before_play(tmp_path, name):
    with pytest.raises(InvalidArgument, match="must be a path in UTF-8") as refused:
        check_writable(os.path.join(tmp_path, name))
    assert str(refused.value).isascii()
    assert names(tmp_path) == []


def test_data_are_held_by_data_with_more_keys_and_by_no_other():
    assert holds({"a": [1, {"b": 2, "c": 3}], "d": 4}, {"a": [1, {"b": 2}]})
    for other in ({"a": [1]}, {"a": [1, {"b": 3}]}, {"a": [1, {"b": 2}, 5]}, {"a": {"b": 2}}, [], None, 3):
        assert not holds(other, {"a": [1, {"b": 2}]})
