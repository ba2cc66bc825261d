"""The kernel cache is a convenience: damaged, full, foreign or missing, the numbers stay the same."""

import errno
import os
import pathlib
import resource
import subprocess
import warnings

import numba
import numpy as np
import pytest

from backdoor_game.ground import _kernel_cache
from backdoor_game.ground._kernel_cache import KernelCache, own_folder
from tests.cli.running import SHORT, command

pytestmark = pytest.mark.skipif(bool(numba.config.DISABLE_JIT), reason="kernels as plain Python are never compiled")


def squares(x):
    total = 0
    for i in range(x.shape[0]):
        total += x[i] * x[i]
    return total


X = np.arange(5)
ANSWER = 0 + 1 + 4 + 9 + 16


def fresh(folder):
    """A dispatcher that has compiled nothing yet, as in a new process."""
    made = numba.njit(nogil=True)(squares)
    made._cache = KernelCache(squares, folder)
    return made


def hits(dispatcher):
    return sum(dispatcher.stats.cache_hits.values())


@pytest.fixture
def kept(tmp_path):
    """A folder that holds one kernel, and its only file."""
    assert fresh(tmp_path)(X) == ANSWER
    (path,) = tmp_path.iterdir()
    again = fresh(tmp_path)
    assert again(X) == ANSWER
    assert hits(again) == 1
    return tmp_path, path


def test_what_a_killed_run_left_goes_when_the_kernel_is_kept_again(kept, monkeypatch):
    folder, path = kept
    path.unlink()
    parts, rename = [], os.replace

    def noted(part, target):
        parts.append(pathlib.Path(part))
        rename(part, target)

    monkeypatch.setattr(os, "replace", noted)
    assert fresh(folder)(X) == ANSWER
    parts[0].write_bytes(b"half")  # as if the process had ended before it was renamed
    path.unlink()
    assert fresh(folder)(X) == ANSWER
    assert list(folder.iterdir()) == [path]


DAMAGE = {
    "empty": lambda whole: b"",
    "one byte": lambda whole: whole[:1],
    "checksum alone": lambda whole: whole[:32],
    "half": lambda whole: whole[: len(whole) // 2],
    "without its last byte": lambda whole: whole[:-1],
    "longer": lambda whole: whole + b"x",
    "zeros": lambda whole: bytes(len(whole)),
    "text": lambda whole: b"<html>no such page</html>",
}


@pytest.mark.parametrize("way", DAMAGE)
def test_a_damaged_file_is_a_miss_and_is_mended(kept, way):
    folder, path = kept
    path.write_bytes(DAMAGE[way](path.read_bytes()))
    other = fresh(folder)
    assert other(X) == ANSWER
    assert hits(other) == 0
    mended = fresh(folder)
    assert mended(X) == ANSWER
    assert hits(mended) == 1


def test_no_flipped_bit_is_ever_loaded(kept):
    folder, path = kept
    whole = path.read_bytes()
    bits = np.random.default_rng(3).choice(8 * len(whole), 300, replace=False).tolist()
    sig = (numba.typeof(X),)
    dispatcher = fresh(folder)
    for bit in bits:
        flipped = bytearray(whole)
        flipped[bit // 8] ^= 1 << bit % 8
        path.write_bytes(flipped)
        assert dispatcher._cache.load_overload(sig, dispatcher.targetctx) is None
    path.write_bytes(whole)
    assert dispatcher._cache.load_overload(sig, dispatcher.targetctx) is not None


def test_a_sound_file_of_another_kernel_under_this_name_is_a_miss(kept):
    folder, path = kept
    double = fresh(folder)
    assert double(np.arange(5.0)) == ANSWER
    (other,) = set(folder.iterdir()) - {path}
    path.write_bytes(other.read_bytes())
    again = fresh(folder)
    assert again(X) == ANSWER
    assert hits(again) == 0


def test_a_folder_in_the_place_of_a_file_is_a_miss(kept):
    folder, path = kept
    path.unlink()
    path.mkdir()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert fresh(folder)(X) == ANSWER


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EDQUOT, errno.EACCES])
def test_a_disk_that_takes_nothing_costs_one_warning(tmp_path, monkeypatch, code):
    def full(*_, **__):
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "fsync", full)
    _kernel_cache._warn.cache_clear()
    with pytest.warns(UserWarning, match=os.strerror(code)) as told:
        answers = [fresh(tmp_path)(X), fresh(tmp_path)(X)]
    assert answers == [ANSWER, ANSWER]
    assert len(told) == 1
    assert list(tmp_path.iterdir()) == []


def test_a_write_that_stops_in_the_middle_leaves_nothing(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert fresh(tmp_path)(X) == ANSWER
    assert list(tmp_path.iterdir()) == []


def place(path):
    return lambda: path


def test_the_folder_is_made_for_its_owner_alone(tmp_path):
    found = own_folder([place(tmp_path / "deep" / "er")], "v")
    assert found == tmp_path / "deep" / "er" / "v"
    assert found.stat().st_mode & 0o777 == 0o700
    assert own_folder([place(tmp_path / "deep" / "er")], "v") == found


@pytest.mark.parametrize("mode", [0o777, 0o770, 0o707, 0o755])
def test_a_folder_that_others_may_enter_is_not_used(tmp_path, mode):
    (tmp_path / "a" / "v").mkdir(parents=True)
    (tmp_path / "a" / "v").chmod(mode)
    assert own_folder([place(tmp_path / "a")], "v") is None
    assert own_folder([place(tmp_path / "a"), place(tmp_path / "b")], "v") == tmp_path / "b" / "v"


def test_a_folder_and_a_file_of_another_user_are_not_used(kept, monkeypatch):
    folder, _ = kept
    folder.chmod(0o700)
    assert own_folder([place(folder.parent)], folder.name) == folder
    monkeypatch.setattr(os, "geteuid", lambda: folder.stat().st_uid + 1)
    assert own_folder([place(folder.parent)], folder.name) is None
    foreign = fresh(folder)
    assert foreign(X) == ANSWER
    assert hits(foreign) == 0


def test_a_link_and_a_file_in_the_place_of_the_folder_are_not_used(tmp_path):
    (tmp_path / "real").mkdir(mode=0o700)
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "link").symlink_to(tmp_path / "real")
    (tmp_path / "a" / "file").write_text("")
    assert own_folder([place(tmp_path / "a")], "link") is None
    assert own_folder([place(tmp_path / "a")], "file") is None
    assert own_folder([place(tmp_path / "a" / "file")], "v") is None


def test_no_home_and_no_temporary_folder_mean_no_cache():
    def nowhere():
        raise FileNotFoundError(errno.ENOENT, "No usable temporary directory found")

    def homeless():
        return pathlib.Path("~no-such-user/x").expanduser()

    assert own_folder([homeless, place(pathlib.Path("nul\0")), nowhere], "v") is None


def test_a_limit_on_the_size_of_files_changes_no_number_and_blames_nobody(tmp_path):
    """4 KiB a file, as under ``ulimit -f 4``: no kernel can be kept."""
    words = command(["estimate", *SHORT, "--json"])

    def answer(limit, folder):
        return subprocess.run(
            words,
            env={**os.environ, "NUMBA_CACHE_DIR": str(folder)},
            capture_output=True,
            timeout=120,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY)),
            check=False,
        )

    limited, free = answer(4096, tmp_path / "a"), answer(resource.RLIM_INFINITY, tmp_path / "b")
    assert (limited.returncode, limited.stderr) == (0, b"")
    assert limited.stdout == free.stdout
    assert list((tmp_path / "a").rglob("*.kernel")) == []
    assert list((tmp_path / "b").rglob("*.kernel")) != []
