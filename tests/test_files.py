"""Files that appear whole or not at all."""

import json
import os
import pathlib
import stat

import numpy as np
import pytest

from backdoor_game.ground.errors import InvalidArgument
from backdoor_game.ground.files import check_writable, json_text, write_bytes, write_json, write_text


def names(folder):
    return sorted(path.name for path in folder.rglob("*"))


def test_text_is_written_into_folders_that_did_not_exist(tmp_path):
    path = write_text(tmp_path / "a" / "b" / "c.txt", "ε = 1/8\n")
    assert path == str(tmp_path / "a" / "b" / "c.txt")
    assert (tmp_path / "a" / "b" / "c.txt").read_text(encoding="utf-8") == "ε = 1/8\n"
    assert names(tmp_path) == ["a", "b", "c.txt"]


def test_a_file_is_replaced_in_one_step(tmp_path):
    target = tmp_path / "c.txt"
    target.write_text("old")
    write_text(target, "new")
    assert target.read_text() == "new"
    assert names(tmp_path) == ["c.txt"]


def test_a_write_that_fails_leaves_the_old_file_and_nothing_beside_it(tmp_path, monkeypatch):
    target = tmp_path / "c.txt"
    target.write_text("old")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(InvalidArgument, match="No space left on device"):
        write_text(target, "new")
    assert target.read_text() == "old"
    assert names(tmp_path) == ["c.txt"]


def test_an_interrupted_write_leaves_nothing_beside_it(tmp_path, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_text(tmp_path / "c.txt", "new")
    assert names(tmp_path) == []


def test_written_files_have_the_usual_permissions(tmp_path):
    (tmp_path / "usual").write_text("")
    write_text(tmp_path / "ours", "")
    assert stat.S_IMODE((tmp_path / "ours").stat().st_mode) == stat.S_IMODE((tmp_path / "usual").stat().st_mode)


def test_json_has_sorted_keys_and_ends_with_a_newline(tmp_path):
    path = write_json(tmp_path / "x.json", {"b": 1, "a": [0.5, None, True]})
    content = pathlib.Path(path).read_text(encoding="utf-8")
    assert content.endswith("}\n")
    assert content.index('"a"') < content.index('"b"')
    assert json.loads(content) == {"a": [0.5, None, True], "b": 1}


def test_json_of_numpy_numbers_is_that_of_plain_ones():
    data = {"n": np.int64(3), "x": np.float64(0.25), "v": np.array([1, 2]), "yes": np.bool_(True)}
    assert json.loads(json_text(data)) == {"n": 3, "x": 0.25, "v": [1, 2], "yes": True}


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), {1, 2}, object()])
def test_json_refuses_what_it_cannot_say_and_writes_nothing(tmp_path, bad):
    with pytest.raises(InvalidArgument, match="plain and finite"):
        write_json(tmp_path / "x.json", {"a": bad})
    assert names(tmp_path) == []


def test_checking_a_folder_creates_nothing(tmp_path):
    assert check_writable(tmp_path / "deep" / "er") == tmp_path / "deep" / "er"
    assert check_writable(tmp_path) == tmp_path
    assert names(tmp_path) == []


@pytest.mark.parametrize("place", ["file", "file/below", "file/far/below", "loop/below", "nul\0/x", "n" * 300])
def test_a_folder_that_cannot_be_is_refused_in_one_sentence(tmp_path, place):
    (tmp_path / "file").write_text("")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    with pytest.raises(InvalidArgument) as refused:
        check_writable(tmp_path / place)
    assert str(refused.value).startswith("output must be a place where files can be written, got ")
    assert "\n" not in str(refused.value)
    with pytest.raises(InvalidArgument):
        write_bytes(tmp_path / place / "x", b"")
