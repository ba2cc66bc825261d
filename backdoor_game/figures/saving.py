"""A figure to files: PNG for reading, SVG for print, the same bytes every time."""

from __future__ import annotations

import io
import os
from typing import TYPE_CHECKING

from ..ground.errors import InvalidArgument, MissingCapability
from ..ground.files import excused, write_bytes
from .style import look

if TYPE_CHECKING:
    from matplotlib.figure import Figure

DPI = 200  # sharp in print at the width of a page


def save(figure: Figure, folder: str | os.PathLike[str], name: str) -> tuple[str, ...]:
    """Write ``name.png`` (200 dpi) and ``name.svg`` into a folder, each in one step.

    Returns
    -------
    tuple of str
        The paths; none where the files of a run are gathered and this figure cannot be drawn: its numbers are kept.
        Neither file holds a date, so that the same data give the same bytes under one matplotlib.
    """
    try:
        contents = _drawn(figure)
    except Exception as error:
        if not excused(f"figure {name} cannot be drawn: {_first_line(error)}"):
            raise
        return ()
    return tuple(write_bytes(os.path.join(folder, f"{name}.{kind}"), content) for kind, content in contents.items())


def save_as(figure: Figure, path: str | os.PathLike[str]) -> tuple[str, ...]:
    """Write one file in one step, of the kind that its name ends in, as `save` does.

    Returns
    -------
    tuple of str
        Its path; empty where the files of a run are gathered and this figure cannot be drawn.

    Raises
    ------
    InvalidArgument
        For a name that ends in neither .png nor .svg.
    """
    kind = kind_of(path)
    try:
        content = _drawn(figure)[kind]
    except Exception as error:
        if not excused(f"figure {os.fspath(path)} cannot be drawn: {_first_line(error)}"):
            raise
        return ()
    return (write_bytes(path, content, "figure"),)


def kind_of(path: str | os.PathLike[str]) -> str:
    """What a figure's file is by its name: png or svg; anything else is refused."""
    ending = os.path.splitext(os.fspath(path))[1].lower()
    if ending not in (".png", ".svg"):
        raise InvalidArgument(f"figure must be a file that ends in .png or .svg, got {os.fspath(path)!r}")
    return ending[1:]


def check_drawing() -> None:
    """Try what figures are drawn with, before long work: an empty one.

    Raises
    ------
    MissingCapability
    """
    try:
        with look():
            from matplotlib.figure import Figure

            figure = Figure(figsize=(1, 1))  # inches: small, and with a letter, since fonts are read from disk
            figure.text(0.5, 0.5, "x")
        _drawn(figure)
    except Exception as error:
        raise MissingCapability(f"figures cannot be drawn: {_first_line(error)}: mend matplotlib's settings") from error


def _drawn(figure: Figure) -> dict[str, bytes]:
    """The figure as files of each kind."""
    contents = {}
    with look():
        for kind, metadata in (("png", {"Software": None}), ("svg", {"Date": None, "Creator": None})):
            buffer = io.BytesIO()
            figure.savefig(buffer, format=kind, dpi=DPI, metadata=metadata)
            contents[kind] = buffer.getvalue()
    return contents


def _first_line(error: Exception) -> str:
    return f"{type(error).__name__}: {(str(error).splitlines() or ['no message'])[0]}"
