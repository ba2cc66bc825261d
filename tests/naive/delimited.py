"""Comma-separated tables read character by character: the rows of RFC 4180, and what each cell says."""

from __future__ import annotations

from fractions import Fraction

DIGITS = "0123456789"
NO_VALUE = ["NA", "<NA>", "N/A", "n/a", "#N/A", "#N/A N/A", "#NA", "NULL", "null", "None", "?", "", "NaT"]
NO_NUMBER = ["1.#IND", "-1.#IND", "1.#QNAN", "-1.#QNAN"]
Row = list[str]


def rows(text: str) -> list[Row] | None:
    """The rows with something in them; None where a quoted cell does not end, or something stands behind its end."""
    found: list[Row] = []
    row: Row = []
    cell, quoted, closed, begun = "", False, False, False
    place = 0
    while place < len(text):
        c = text[place]
        place += 1
        if quoted:
            if c == '"' and text[place : place + 1] == '"':
                cell, place = cell + c, place + 1
            elif c == '"':
                quoted, closed = False, True
            else:
                cell += c
        elif c in ",\r\n":
            if c == "," or begun:
                row.append(cell)
            if c != "," and row:
                found.append(row)
                row = []
            cell, closed, begun = "", False, c == ","
        elif closed:
            return None
        elif c == '"' and cell == "":
            quoted = begun = True
        else:
            cell, begun = cell + c, True
    if quoted:
        return None
    if begun:
        row.append(cell)
    return [*found, row] if row else found


def number(cell: str) -> float | None:
    """A decimal number, correctly rounded; None for whatever else stands there."""
    word = cell.strip(" ")
    sign = -1 if word[:1] == "-" else 1
    word = word[1:] if word[:1] in ("-", "+") else word
    if word.lower() in ("nan", "inf", "infinity"):
        return sign * float(word)
    mantissa, exponent = word, 0
    for letter in "eE":
        if letter in word:
            mantissa, _, power = word.partition(letter)
            bare = power[1:] if power[:1] in ("-", "+") else power
            if not bare or any(c not in DIGITS for c in bare):
                return None
            exponent = int(power)
    whole, _, part = mantissa.partition(".")
    if not whole + part or any(c not in DIGITS for c in whole + part):
        return None
    return sign * rounded(int(whole + part), exponent - len(part))


def rounded(digits: int, exponent: int) -> float:
    """digits times ten to the exponent, as the nearest float64."""
    if digits == 0 or exponent + len(str(digits)) < -400:
        return 0.0
    if exponent + len(str(digits)) > 400:
        return float("inf")
    try:
        return float(Fraction(digits) * Fraction(10) ** exponent)
    except OverflowError:
        return float("inf")


def no_value(cell: str) -> bool:
    word = cell.strip(" ")
    return word in NO_VALUE or word in NO_NUMBER or word.lower().lstrip("+-") in ("nan", "nat")


def finite(value: float | None) -> bool:
    return value is not None and abs(value) < float("inf")


def clean(text: str) -> list[Row] | None:
    """Rows of printable cells that no other separator stands in."""
    found = rows(text)
    cells = [cell for row in found or [] for cell in row]
    return found if all(cell.isprintable() and ";" not in cell for cell in cells) else None


def table(text: str) -> tuple[list[list[float]], list[float | str]] | None:
    """Numbers and the label of each row of a labelled table; None where it is none."""
    found = clean(text)
    if not found:
        return None
    first = found[0][:-1]
    starts = [cell.strip(" ")[:1] for cell in first if any(c.isalpha() for c in cell) and not no_value(cell)]
    named = any(not start.isdigit() and start not in "+-.," for start in starts)
    if named and all(number(cell) is None for cell in first):
        if any(cell.strip(" ") == "" for cell in found[0]):
            return None
        body = found[1:]
    else:
        body = found
        if [cell.strip(" ") for cell in found[0]] == [str(j) for j in range(len(found[0]))]:
            return None
    width = len(found[0])
    if not body or width < 2 or any(len(row) != width for row in body):
        return None
    X = [[number(cell) for cell in row[:-1]] for row in body]
    labels = [row[-1].strip(" ") for row in body]
    values = [number(label) for label in labels]
    if not all(finite(value) for row in X for value in row):
        return None
    if any(no_value(label) for label in labels) or any(value is not None and not finite(value) for value in values):
        return None
    return X, (labels if None in values else values)  # type: ignore[return-value]


def binary(text: str) -> list[list[int]] | None:
    """The rows of a matrix of 0 and 1 without a header, comments left out; None where it is none."""
    kept, comment = "", False
    for c in text:
        comment = c not in "\r\n" and (comment or c == "#")
        kept += "" if comment else c
    found = clean(kept)
    found = [row for row in found or [] if len(row) > 1 or row[0].strip(" ")]
    values = [[number(cell) for cell in row] for row in found]
    if not values or len({len(row) for row in values}) > 1 or any(v not in (0, 1) for row in values for v in row):
        return None
    return [[int(value or 0) for value in row] for row in values]
