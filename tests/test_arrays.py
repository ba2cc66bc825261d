"""Archives of arrays: headers are weighed before anything is unpacked; damaged files are refused in one sentence."""

from __future__ import annotations

import io
import time
import tracemalloc
import zipfile

import numpy as np
import pytest

from backdoor_game import ArrayFile, Explicit, Halfspaces, InvalidArgument, Key, load_model
from backdoor_game.ground.arrays import BYTES, TIMES, Archive, read_npy

NUMBERS = 36 * 2**20  # float64: 288 MiB, a little over the limit


def header(shape, dtype="<f8", order=False) -> bytes:
    out = io.BytesIO()
    np.lib.format.write_array_header_1_0(out, {"descr": dtype, "fortran_order": order, "shape": shape})
    return out.getvalue()


def packed(**members: tuple[bytes, int]) -> bytes:
    """An archive whose members are some bytes and then many zeros, packed as NumPy packs."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as file:
        for name, (start, zeros) in members.items():
            with file.open(f"{name}.npy", "w", force_zip64=True) as member:
                member.write(start)
                for _ in range(zeros // 2**20):
                    member.write(bytes(2**20))
                member.write(bytes(zeros % 2**20))
    return out.getvalue()


def saved(*arrays, **named) -> bytes:
    out = io.BytesIO()
    np.savez(out, *arrays, **named)
    return out.getvalue()


def text(words) -> tuple[bytes, int]:
    out = io.BytesIO()
    np.save(out, np.array(words))
    return out.getvalue(), 0


@pytest.fixture(scope="module")
def bomb(tmp_path_factory):
    """A file of 300 KB that unpacks to 288 MiB, and says so: a model, a key and a table in one."""
    content = packed(
        backdoor_game_model=text(f"Halfspaces(dimension={NUMBERS}, bias=False)"),
        backdoor_game_key=text(["CLWEBackdoor", ""]),
        code=(header((NUMBERS,)), 8 * NUMBERS),
        X=(header((4, 1)), 32),
        y=text([0, 0, 1, 1]),
    )
    assert len(content) < 4e5
    path = tmp_path_factory.mktemp("bombs") / "bomb.npz"
    path.write_bytes(content)
    return str(path)


@pytest.mark.parametrize("read", [load_model, Key.load, ArrayFile])
def test_a_small_archive_that_unpacks_to_much_is_refused_at_once_with_size_and_limit(read, bomb):
    tracemalloc.start()
    start = time.process_time()
    with pytest.raises(InvalidArgument, match=rf"unpacks to 30\d{{7}} bytes, and {BYTES} are the limit") as error:
        read(bomb)
    spent, most = time.process_time() - start, tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert spent < 2
    assert most < 3e7
    assert "\n" not in str(error.value)


def test_an_archive_may_unpack_to_sixteen_times_its_size_where_that_is_more(monkeypatch):
    monkeypatch.setattr("backdoor_game.ground.arrays.BYTES", 1000)
    flat = saved(X=np.zeros(1000))
    assert Archive(flat)["X"].tobytes() == bytes(8000)
    content = packed(X=(header((1000,)), 8000))
    assert TIMES * len(content) < 8000
    with pytest.raises(InvalidArgument, match=r"bytes, and \d+ are the limit for an archive of"):
        Archive(content)


def test_shapes_are_compared_before_the_content_is_unpacked(monkeypatch, tmp_path):
    unpacked = []
    found = Archive.__getitem__
    monkeypatch.setattr(Archive, "__getitem__", lambda self, name: unpacked.append(name) or found(self, name))
    spec = "Halfspaces(dimension=2)"
    for name, content, read in (
        ("length.npz", saved(backdoor_game_model=np.array(spec), code=np.ones(4)), load_model),
        ("type.npz", saved(backdoor_game_model=np.array(spec), code=np.ones(3, np.float32)), load_model),
        ("flat.npz", saved(X=np.ones(4), y=np.ones(4)), ArrayFile),
        ("labels.npz", saved(X=np.ones((4, 1)), y=np.ones(5)), ArrayFile),
        ("complex.npz", saved(X=np.ones((4, 1)) * 1j, y=np.ones(4)), ArrayFile),
    ):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(InvalidArgument):
            read(str(tmp_path / name))
    assert set(unpacked) <= {"backdoor_game_model"}
    good = Halfspaces(2)
    (tmp_path / "good.npz").write_bytes(saved(backdoor_game_model=np.array(spec), code=np.ones(3)))
    assert load_model(str(tmp_path / "good.npz")).functions == good
    assert "code" in unpacked


@pytest.mark.parametrize(
    "array",
    [np.arange(6.0).reshape(2, 3), np.asfortranarray(np.arange(6).reshape(2, 3)), np.array("a word"), np.zeros((0, 3))],
    ids=["rows", "columns", "text", "empty"],
)
def test_arrays_are_read_as_numpy_reads_them(array):
    out = io.BytesIO()
    np.save(out, array)
    for found in (read_npy(out.getvalue()), Archive(saved(a=array))["a"]):
        assert found.dtype == array.dtype
        np.testing.assert_array_equal(found, array)
        assert not found.flags.writeable


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x93NUMPY",
        header((3,)) + bytes(23),
        header((3,)) + bytes(25),
        header((2**60,)) + bytes(24),
        header((-3,)) + bytes(24),
        header((3,), "|O") + bytes(24),
        header((3,), [("a", "<f8")]) + bytes(24),
        header((3,), "<U0"),
        header((3,)).replace(b"'shape': (3,)", b"'shape': (3L)") + bytes(24),
        header((3,)).replace(b"(3,)", b"3\n,\n"),
    ],
    ids=range(11),
)
def test_damaged_arrays_are_refused_in_one_sentence_and_without_a_warning(content, tmp_path):
    (tmp_path / "table.npy").write_bytes(content)
    with pytest.raises(InvalidArgument) as error:
        Explicit(str(tmp_path / "table.npy"))
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("packing", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_members_that_are_packed_as_numpy_packs_none_are_refused(packing):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", packing) as file:
        file.writestr("X.npy", header((1,)) + bytes(8))
    with pytest.raises(InvalidArgument, match="it is packed as numpy"):
        Archive(out.getvalue())
