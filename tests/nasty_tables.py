"""Tables damaged at random, and what a reader made of each: an object, a sentence, or a fault."""

from __future__ import annotations

import dataclasses
import io
import pathlib
import random
import time
import warnings
import zipfile
from collections.abc import Callable
from typing import Any

import numpy as np

from backdoor_game import ArrayFile, Explicit, InvalidArgument
from tests.naive import delimited

SECONDS = 1.0  # of work for a table of a few hundred bytes, a hundred times what it takes
NASTY = (
    *("1_000", "2021_05", "1;5", "1,5;0", '"1,5"', "NA", "N/A", "None", "null", "?", "nan", "-inf", "1e999", "1e-999"),
    *("0x1F", "1+2j", "2j", "１２", "٣", "½", '"1"', '"1', '1"', '"a""b"', "", " ", "1 000", "+1", ".5", "5.", "."),
    *("e5", "1e", "--1", "\t1", "1\t2", "\0", "a\0", "\u200b1", "\u00a01", "\ufeff1", "True", "1L", "1d0", "#", "-0"),
    *("00", "\r", "\n", "\x1a", "\x85", "\u2028", "0", "1", "2", "1.0", "0e0", "infinity", "nAn", "NaT", "1.#IND", "x"),
    *("9" * 400, "0" * 400 + "1", "1e-400", "9007199254740993", "=1+1", "'1'", "$1", "5%", "age", "_1", "0b1", "1__0"),
)
PLAIN = ("0", "1", "3", "-7.25", "1e2", "0.5", " 4 ", '"6"')
TEXTS = (
    b"1.5,2,0\n2.5,-3e-2,1\n-3,4.25,0\n4,.5,1\n5,6,1\n6,1,0\n7,7,1\n",
    b"age,weight,died\r\n41,70.5,yes\r\n52,80,no\r\n63,90,yes\r\n38,55,no\r\n29,60,yes\r\n61,71,no\r\n",
    b'\xef\xbb\xbf"a","b",c\n"1",2,x y\n3,4,z\n5,6,x y\n7,9,z\n5,5,x y\n8,1,z\n',
    b"1,0\n2,0\n3,1\n4,1\n5,1\n6,0\n",
    b"1,0,1\n0,1,2\n2,1,2\n0,0,1\n3,3,2\n4,1,1\n",
)
BINARY = (b"0,1,1\n1,0,0\n0,0,1\n", b"# rows\n0.0,1e0\r\n1.00, 0 # end\r\n", b"\xef\xbb\xbf1,0\n0,1", b"1\n0\n")


@dataclasses.dataclass
class Tally:
    """What became of the mutations."""

    read: int = 0
    refused: int = 0
    faults: list[str] = dataclasses.field(default_factory=list)


def mutated(content: bytes, rng: random.Random) -> bytes:
    """Bytes flipped, inserted, deleted, doubled or cut, or a cell replaced; one to three times."""
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        at, end = sorted(rng.randrange(len(content) + 1) for _ in range(2))
        most = rng.choice((128, 128, 256))
        some = bytes(rng.randrange(most) for _ in range(rng.choice((1, 1, 2, 8))))
        kind = rng.randrange(10)
        if kind == 0:
            content = content[:at] + some + content[at + len(some) :]
        elif kind == 1:
            content = content[:at] + some + content[at:]
        elif kind == 2:
            content = content[:at] + content[at + rng.choice((1, 1, 3)) :]
        elif kind == 3:
            content = content[:end] + content[at:end] + content[end:]
        elif kind == 4:
            content = content[:end] if rng.random() < 0.5 else content[at:]
        else:
            content = _with_cell(content, rng)
    return content


def _with_cell(content: bytes, rng: random.Random) -> bytes:
    lines = content.split(b"\n")
    i = rng.randrange(len(lines))
    cells = lines[i].split(b",")
    j = rng.randrange(len(cells))
    cells[j] = rng.choice(NASTY if rng.random() < 0.7 else PLAIN).encode()
    lines[i] = b",".join(cells)
    return b"\n".join(lines)


def arrays(rng: random.Random) -> bytes:
    """An .npz file of X and y whose members, or whose own bytes, are damaged; its checksums are right in most."""
    X = np.arange(12.0).reshape(6, 2).astype(rng.choice(["<f8", ">f4", "i2", "?", "c16", "U3", "<f2"]))
    y = np.array(rng.choice([[0, 1] * 3, ["a", "b"] * 3, ["NA", "b"] * 3, [0.5, np.nan] * 3, [0, 1, 2] * 2]))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", rng.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))) as file:
        for name, array in (("X", X), ("y", y)):
            member = io.BytesIO()
            np.save(member, array)
            content = member.getvalue()
            file.writestr(f"{name}.npy", mutated(content, rng) if rng.random() < 0.4 else content)
    return mutated(out.getvalue(), rng) if rng.random() < 0.4 else out.getvalue()


def matrix(rng: random.Random) -> bytes:
    """A damaged .npy file of 0 and 1."""
    out = io.BytesIO()
    np.save(out, np.eye(3, dtype=rng.choice(["u1", "<f8", "?", ">i4", "U1", "<f2"])))
    return mutated(out.getvalue(), rng) if rng.random() < 0.7 else out.getvalue()


def decoded(content: bytes) -> str:
    """UTF-8 without a mark of byte order; nothing where it is none."""
    try:
        return content.decode().removeprefix("\ufeff")
    except UnicodeDecodeError:
        return ""


def labelled(content: bytes) -> Any:
    """What a text says by the second reader, 0 and 1 for its labels; None where it is no table to learn from."""
    found = delimited.table(decoded(content))
    if found is None:
        return None
    X, labels = np.array(found[0]), found[1]
    known = sorted(set(labels))
    enough = len(known) == 2 and min(labels.count(label) for label in known) > 1
    return (X, np.array([known.index(label) for label in labels])) if enough else None


def of_archive(content: bytes) -> Any:
    """What NumPy reads, for an archive that was read."""
    with np.load(io.BytesIO(content), allow_pickle=False) as file:
        return file["X"].astype(float), np.unique(file["y"], return_inverse=True)[1]


KINDS: dict[str, tuple[Callable[[random.Random], bytes], Callable[[str], Any], Callable[[bytes], Any]]] = {
    "labelled.csv": (lambda rng: mutated(rng.choice(TEXTS), rng), lambda path: ArrayFile(path).rows(), labelled),
    "binary.csv": (
        lambda rng: mutated(rng.choice(BINARY), rng),
        lambda path: (Explicit(path)._matrix(),),
        lambda content: (np.array(found),) if (found := delimited.binary(decoded(content))) else None,
    ),
    "labelled.npz": (arrays, lambda path: ArrayFile(path).rows(), of_archive),
    "binary.npy": (
        matrix,
        lambda path: (Explicit(path)._matrix(),),
        lambda content: (np.load(io.BytesIO(content), allow_pickle=False),),
    ),
}


def tried(folder: pathlib.Path, seed: int, count: int) -> Tally:
    """`count` damaged tables read from a folder, each compared with what the second reader says of it."""
    rng, tally = random.Random(seed), Tally()
    for number in range(count):
        name = rng.choice(("labelled.csv", "labelled.csv", *KINDS))
        make, read, other = KINDS[name]
        content = make(rng)
        (folder / name).write_bytes(content)
        start = time.process_time()
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                found = read(str(folder / name))
            fault = _difference(found, other(content))
            tally.read += 1
        except InvalidArgument as error:
            tally.refused += 1
            fault = None if len(str(error).splitlines()) == 1 and len(str(error)) < 600 else f"says {error}"
            if name.endswith(".csv") and other(content) is not None and "X must vary" not in str(error):
                fault = f"is a table, and was refused: {error}"
        except Exception as error:
            fault = f"raised {type(error).__name__}: {error}"
        if time.process_time() - start > SECONDS:
            fault = "took too long"
        if fault:
            tally.faults.append(f"{number} {name} {content!r}: {fault}")
    return tally


def _difference(found: Any, wanted: Any) -> str | None:
    if wanted is None:
        return f"was read as {found!r}"
    same = all(np.array_equal(one, other) for one, other in zip(found, wanted, strict=True))
    return None if same else f"was read as {found!r} in place of {wanted!r}"


if __name__ == "__main__":  # python -m tests.nasty_tables SEED COUNT
    import sys
    import tempfile

    with tempfile.TemporaryDirectory() as place:
        end = tried(pathlib.Path(place), int(sys.argv[1]), int(sys.argv[2]))
        print(f"{end.read} read, {end.refused} refused, {len(end.faults)} faults", *end.faults[:20], sep="\n")
