"""Damaged tables: an object or one sentence, never another exception, a warning or a hang, and nothing left behind."""

from __future__ import annotations

import numpy as np
import pytest

from backdoor_game import ArrayFile, Explicit, InvalidArgument
from backdoor_game.ground.delimited import number
from backdoor_game.planting.datasets import reading
from tests.nasty_tables import tried

MUTATIONS, SEED = 5000, 1  # `python -m tests.nasty_tables SEED COUNT` tries others
GOOD = ("1,5,a", "2,6,b", "3,7,a", "4,8,b")


def test_a_damaged_table_is_read_as_a_second_reader_reads_it_or_refused_in_one_sentence(tmp_path, monkeypatch):
    (tmp_path / "cwd").mkdir()
    (tmp_path / "tables").mkdir()
    monkeypatch.chdir(tmp_path / "cwd")
    found = tried(tmp_path / "tables", SEED, MUTATIONS)
    assert found.faults == []
    assert MUTATIONS / 10 < found.read < MUTATIONS / 2, "else one of the two is hardly tried"
    assert list((tmp_path / "cwd").iterdir()) == []
    assert {path.name for path in (tmp_path / "tables").iterdir()} <= {
        "labelled.csv", "labelled.npz", "binary.csv", "binary.npy",
    }  # fmt: skip


@pytest.mark.parametrize(
    "planted",
    [
        lambda cell: number(cell.replace("_", "")),
        lambda cell: float(cell) if cell.strip().replace(".", "").isdecimal() else number(cell),
        lambda cell: number(cell.replace(",", ".")),
    ],
    ids=["1_000 as 1000", "digits of other scripts", "a decimal comma"],
)
def test_a_reader_that_takes_a_cell_for_something_else_is_caught(planted, tmp_path, monkeypatch):
    """The control: the same mutations, a reader of numbers with one kindness."""
    monkeypatch.setattr(reading, "number", planted)
    assert tried(tmp_path, SEED, MUTATIONS // 3).faults


@pytest.mark.parametrize(
    "cell",
    [
        "2021_05",
        "1_000",
        "0x1F",
        "1+2j",
        "2j",
        "１２",
        "٣",
        "½",
        "1 000",
        "1e",
        "",
        "NA",
        "?",
        '"1,5"',
        "1L",
        "$1",
    ],
)
@pytest.mark.parametrize("row", [0, 2])
def test_a_cell_that_is_no_number_is_refused_with_row_and_column(cell, row, tmp_path):
    """In the first row too, which is then no header."""
    lines = list(GOOD)
    lines[row] = f"{cell},{lines[row].split(',', 1)[1]}"
    (tmp_path / "table.csv").write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(InvalidArgument, match=f"cells must be numbers, got .* in row {row + 1}, column 1"):
        ArrayFile(str(tmp_path / "table.csv"))
    (tmp_path / "alone.csv").write_text("\n".join(f"{line.split(',')[0]},{line[-1]}" for line in lines))
    if cell != '"1,5"':
        with pytest.raises(InvalidArgument, match=f"cells must be numbers, got .* in row {row + 1}, column 1"):
            ArrayFile(str(tmp_path / "alone.csv"))


@pytest.mark.parametrize("cell", ["1_0", "0x1", "１", "1j", "2", "nan", "inf", "", "NA", "True", "0.5"])
def test_a_cell_of_a_matrix_that_is_not_0_or_1_is_refused_with_row_and_column(cell, tmp_path):
    (tmp_path / "table.csv").write_text(f"0,1\n1,{cell}\n", encoding="utf-8")
    with pytest.raises(InvalidArgument, match=r"cells must be 0 or 1, got .* in row 2, column 2"):
        Explicit(str(tmp_path / "table.csv"))


@pytest.mark.parametrize(
    "label", ["NA", "N/A", "None", "null", "?", "NULL", "<NA>", "#N/A", "nan", "NaN", "", " ", "inf"]
)
def test_a_missing_label_is_no_label(label, tmp_path):
    lines = [*GOOD[:2], f"3,7,{label}", f"4,8,{label}", "5,9,a", "6,9,b"]
    (tmp_path / "table.csv").write_text("\n".join(lines))
    with pytest.raises(InvalidArgument, match=r"y must hold a label for each row, got .*: drop such rows, as row 3,"):
        ArrayFile(str(tmp_path / "table.csv"))


@pytest.mark.parametrize("label", ["none", "na", "Null", "unknown", "-", "nano"])
def test_a_word_that_pandas_keeps_is_a_label(label, tmp_path):
    (tmp_path / "table.csv").write_text("\n".join([f"1,5,{label}", f"2,6,{label}", "3,7,zz", "4,8,zz"]))
    assert ArrayFile(str(tmp_path / "table.csv")).rows()[1].tolist() == [0, 0, 1, 1]


@pytest.mark.parametrize(
    ("lines", "pattern"),
    {
        ("1,5;0", "2,6;1", "3,7;0", "4,8;1"): "cells must be separated by commas alone, got '5;0' in row 1, column 2",
        ("a;b;c", "1;5;0"): "cells must be separated by commas alone, got 'a;b;c' in row 1, column 1",
        ("1\t0", "2\t0"): r"cells must be separated by commas alone, got '1\\\\t0' in row 1, column 1",
        (
            "0,1",
            "5,0",
            "6,0",
            "7,1",
            "8,1",
        ): "row 1 must not be 0,1, which may be the numbers of the columns: put",
        ("0,1,2", *GOOD): "row 1 must not be 0,1,2, which may be the numbers of the columns",
        ("x,y,died,why", *GOOD): "a header must have as many names as its rows have cells, 3, got 4",
        ("x,died", *GOOD): "a header must have as many names as its rows have cells, 3, got 2",
        (",x,died", *GOOD): "a header must name each column, got '' in column 1: name it, or drop an index",
        ("1,5,", "2,6,"): "y must hold a label for each row, got an empty or NaN one",
        ("1,5,a", "2,6,b", ",,"): "cells must be numbers, got '' in row 3, column 1",
        ("1,5,a", "nan,6,b"): "X must be finite, got nan: drop or impute such rows, as row 2 with its column 1",
        ("1,1e999,a", "2,6,b"): "X must be finite, got 1e999: drop or impute such rows, as row 1 with its column 2",
        ("1,5,a", '"2,6,b'): "a .csv file must be comma-separated UTF-8 text: unexpected end of data",
        ("1,5,a\0", "2,6,a"): r"cells must be printable text, got 'a\\x00' in row 1, column 3",
    }.items(),
    ids=str,
)
def test_what_would_be_read_as_something_else_is_refused(lines, pattern, tmp_path):
    (tmp_path / "table.csv").write_text("\n".join(lines) + "\n")
    with pytest.raises(InvalidArgument, match=pattern.replace("\\\\\\\\", "\\\\")):
        ArrayFile(str(tmp_path / "table.csv"))


@pytest.mark.parametrize(
    "content",
    [
        "0,1,0\r\n5,6,1\r\n7,8,0\r\n9,9,1\r\n",
        "0,1,0\r5,6,1\r7,8,0\r9,9,1",
        "\n\n0,1,0\n\n5,6,1\n7,8,0\n9,9,1\n\n",
        '"0","1","0"\n5,6,1\n"7",8,0\n9,9,"1"\n',
        "一,二,标签\n0,1,0\n5,6,1\n7,8,0\n9,9,1\n",
        "x1,2nd,y\n0,1,0\n5,6,1\n7,8,0\n9,9,1\n",
        " 0 ,+1,0.0\n5.,6.0e0,1\n7,8,-0\n9,9,01\n",
    ],
)
def test_the_same_numbers_are_read_however_a_line_ends_and_a_cell_is_quoted(content, tmp_path):
    (tmp_path / "table.csv").write_bytes(content.encode())
    X, y = ArrayFile(str(tmp_path / "table.csv")).rows()
    assert X.tolist() == [[0, 1], [5, 6], [7, 8], [9, 9]]
    assert y.tolist() == [0, 1, 0, 1]


def test_a_matrix_is_read_as_numpy_writes_it(tmp_path):
    wanted = np.array([[0, 1, 1], [1, 0, 0]])
    for name, options in {
        "a": {},
        "b": {"fmt": "%d"},
        "c": {"header": "rows, of\n0 and 1"},
        "d": {"newline": "\r\n"},
    }.items():
        np.savetxt(tmp_path / f"{name}.csv", wanted, delimiter=",", **options)
        assert Explicit(str(tmp_path / f"{name}.csv"))._matrix().tolist() == wanted.tolist()
