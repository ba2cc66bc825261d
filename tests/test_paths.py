"""A path is a local file: addresses, devices and names that are none are refused alike by every reader and writer."""

from __future__ import annotations

import os
import pathlib
import socket
import threading

import numpy as np
import pytest

from backdoor_game import (
    ArrayFile,
    Circuit,
    Defender,
    Explicit,
    Halfspaces,
    InvalidArgument,
    Key,
    SpecError,
    load_model,
    make,
    read_aiger,
    save_model,
    write_aiger,
)
from backdoor_game.cli import main
from backdoor_game.ground.files import check_writable, write_bytes
from backdoor_game.ground.paths import local_path, read_bytes

KEY = Key("CLWEBackdoor", "", {"bk": np.ones(2)})
MODEL = Halfspaces(2).function(np.ones(3))
WIRE = Circuit(1, np.zeros((0, 2), dtype=int), [2])
READERS = {
    "table.csv": lambda path: Explicit(path),
    "table.npy": lambda path: Explicit(path),
    "data.csv": lambda path: ArrayFile(path),
    "data.npz": lambda path: ArrayFile(path),
    "model.npz": load_model,
    "key.npz": Key.load,
    "circuit.aig": read_aiger,
}
WRITERS = {
    "model.npz": lambda path: save_model(MODEL, path),
    "key.npz": KEY.save,
    "circuit.aag": lambda path: write_aiger(WIRE, path, ascii=True),
    "result.json": lambda path: write_bytes(path, b"{}"),
}
CONTENT = {
    "table.csv": lambda path: path.write_text("0,1\n1,0\n"),
    "table.npy": lambda path: np.save(path, np.eye(2)),
    "data.csv": lambda path: path.write_text("1,0\n2,0\n3,1\n4,1\n"),
    "data.npz": lambda path: np.savez(path, X=np.arange(4.0)[:, None], y=[0, 0, 1, 1]),
    "model.npz": lambda path: save_model(MODEL, str(path)),
    "key.npz": lambda path: KEY.save(str(path)),
    "circuit.aig": lambda path: write_aiger(WIRE, path),
}


def sentence(action, *arguments) -> str:
    """The one line that refuses it."""
    with pytest.raises((InvalidArgument, SpecError)) as error:
        action(*arguments)
    told = str(error.value)
    assert len(told.splitlines()) == 1
    assert len(told) < 400
    return told


@pytest.fixture
def server():
    """The port of a server on this machine that counts who connects."""
    callers = []
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.05)
        done = threading.Event()

        def listen():
            while not done.is_set():
                try:
                    caller, _ = listening.accept()
                except TimeoutError:
                    continue
                callers.append(caller)
                caller.close()

        thread = threading.Thread(target=listen)
        thread.start()
        yield listening.getsockname()[1], callers
        done.set()
        thread.join()


@pytest.mark.filterwarnings("error")
def test_an_address_is_refused_by_everything_that_takes_a_path_and_nothing_is_sent_or_written(
    server, tmp_path, monkeypatch
):
    port, callers = server
    monkeypatch.chdir(tmp_path)
    for scheme in ("http", "https", "ftp", "file", "s3", "FTP"):
        for name in READERS:
            told = sentence(READERS[name], f"{scheme}://127.0.0.1:{port}/{name}")
            assert "an address is never fetched, so download it and name the copy" in told
        for name in WRITERS:
            assert "nothing is sent to an address, so name a place" in sentence(WRITERS[name], f"{scheme}://127.0.0.1:{port}/{name}")
        assert "an address" in sentence(check_writable, f"{scheme}://127.0.0.1:{port}/folder")
        sentence(make, f"{scheme}://127.0.0.1:{port}/mine.py:Mine()", Defender, "defender")
        spec = f"Explicit(table='{scheme}://127.0.0.1:{port}/x.csv')"
        assert "an address" in sentence(lambda spec=spec: make(spec, Explicit, "functions"))
    assert callers == []
    assert list(tmp_path.iterdir()) == []
    with socket.create_connection(("127.0.0.1", port)):
        pass
    while not callers:
        pass  # the server does count: a control


def test_an_address_in_the_spec_of_a_foreign_model_file_is_not_followed(server, tmp_path, monkeypatch):
    port, callers = server
    monkeypatch.chdir(tmp_path)
    spec = f"Explicit(table='http://127.0.0.1:{port}/x.csv', digest='00')"
    np.savez(tmp_path / "model.npz", backdoor_game_model=np.array(spec), code=np.array([0]))
    assert "an address is never fetched" in sentence(load_model, "model.npz")
    assert callers == []
    assert [path.name for path in tmp_path.iterdir()] == ["model.npz"]


@pytest.mark.parametrize("path", ["~nosuchuser/mine.py", "missing.py", "nul\0.py", "folder.py", "pipe.py"])
def test_a_plug_in_s_path_that_names_no_file_is_refused_in_one_sentence(path, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder.py").mkdir()
    os.mkfifo(tmp_path / "pipe.py")
    sentence(lambda: make(f"{path}:Mine()", Defender, "defender"))


def test_an_output_folder_that_is_an_address_is_refused_before_play(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["reproduce", "theorem_4_1_lower", "--quick", "--output", "http://127.0.0.1:9/x"]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("folder", ["\\\\server\\share\\", "S3:/bucket/"])
def test_a_share_of_another_machine_is_an_address_too(folder):
    for name in READERS:
        assert "an address is never fetched" in sentence(READERS[name], folder + name)


def test_a_drive_and_a_colon_within_are_no_addresses():
    assert str(local_path("C:/x.csv")) == "C:/x.csv"
    assert str(local_path("a:b/x.csv")) == "a:b/x.csv"
    assert str(local_path("results/http:/x")) == "results/http:/x"


@pytest.mark.parametrize("name", READERS)
def test_a_tilde_is_the_home_of_readers_and_writers_alike(name, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    CONTENT[name](tmp_path / name)
    READERS[name](f"~/{name}")
    for other in WRITERS:
        WRITERS[other](f"~/written/{other}")
        assert (tmp_path / "written" / other).is_file()
    assert check_writable("~/folder") == tmp_path / "folder"


@pytest.mark.parametrize("name", [name for name in READERS if name[-3:] in ("npz", "aig")])
@pytest.mark.parametrize("path", ["", ".", "/", "..", "~nosuchuser/x", "nul\0/x", "n" * 300, "folder", "missing"])
def test_a_path_that_names_no_file_is_refused_in_one_sentence(name, path, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    told = sentence(READERS[name], path)
    assert "path" in told
    assert any(what in told for what in ("must be the path of a local file", "cannot be read", "must end in .npz"))


@pytest.mark.parametrize("name", WRITERS)
@pytest.mark.parametrize("path", ["", ".", "/", "..", "~nosuchuser/x", "nul\0/x", "n" * 300, "folder"])
def test_a_path_that_names_no_place_is_refused_by_writers(name, path, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    assert " must be " in sentence(WRITERS[name], path)
    assert [place.name for place in tmp_path.iterdir()] == ["folder"]


@pytest.mark.parametrize("suffix", [".csv", ".npz"])
@pytest.mark.parametrize("path", ["", ".", "/", "~nosuchuser/x", "nul\0/x", "n" * 300, "folder"])
def test_a_table_s_path_that_names_no_file_is_refused(path, suffix, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / f"folder{suffix}").mkdir()
    sentence(ArrayFile, path + suffix if path not in ("", ".", "/") else path)
    sentence(Explicit, path + ".csv" if path not in ("", ".", "/") else path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes with names are POSIX")
@pytest.mark.parametrize("name", READERS)
def test_pipes_and_devices_are_refused_at_once(name, tmp_path):
    pipe, device = tmp_path / f"pipe-{name}", tmp_path / f"device-{name}"
    os.mkfifo(pipe)
    device.symlink_to("/dev/zero")
    for path in (pipe, device):
        assert "cannot be read: it is no regular file: name one" in sentence(READERS[name], str(path))


def test_a_device_is_not_replaced_by_a_file(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    assert "it is no regular file" in sentence(write_bytes, pipe, b"x")
    assert pipe.is_fifo()


def test_a_file_longer_than_the_limit_is_refused_unread(tmp_path):
    (tmp_path / "x").write_bytes(bytes(101))
    assert read_bytes(tmp_path / "x", most=101) == bytes(101)
    assert "it holds 101 bytes or more, and 100 are the limit" in sentence(
        lambda: read_bytes(tmp_path / "x", "path", 100)
    )
    with open(tmp_path / "large", "wb") as file:
        file.truncate(2**40)
    assert "1099511627776 bytes" in sentence(read_bytes, tmp_path / "large")


@pytest.mark.skipif(not pathlib.Path("/proc/self/status").exists(), reason="a file that says it has no bytes")
def test_a_file_that_says_it_is_empty_is_read_as_far_as_the_limit():
    assert pathlib.Path("/proc/self/status").stat().st_size == 0
    assert read_bytes("/proc/self/status").startswith(b"Name:")
    assert "10 are the limit" in sentence(lambda: read_bytes("/proc/self/status", "path", 10))


@pytest.mark.parametrize("name", ["table.csv", "data.csv"])
def test_a_byte_order_mark_is_read_alike(name, tmp_path):
    CONTENT[name](tmp_path / name)
    (tmp_path / f"marked-{name}").write_bytes(b"\xef\xbb\xbf" + (tmp_path / name).read_bytes())
    plain, marked = (READERS[name](str(tmp_path / f"{mark}{name}")) for mark in ("", "marked-"))
    if isinstance(plain, Explicit):
        assert plain.digest == marked.digest
    else:
        assert all((a == b).all() for a, b in zip(plain.rows(), marked.rows(), strict=True))
