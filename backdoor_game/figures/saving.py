"""A figure to files: PNG for reading, SVG for print, the same bytes every time."""

from __future__ import annotations

import io
import os
from typing import TYPE_CHECKING

from ..ground.files import write_bytes
from .style import look

if TYPE_CHECKING:
    from matplotlib.figure import Figure

DPI = 200  # sharp in print at the width of a page


def save(figure: Figure, folder: str | os.PathLike[str], name: str) -> tuple[str, ...]:
    """Write ``name.png`` (200 dpi) and ``name.svg`` into a folder, each in one step.

    Returns
    -------
    tuple of str
        The paths. Neither file holds a date, so that the same data give the same bytes under one matplotlib.
    """
    contents = {}
    with look():
        for kind, metadata in (("png", {"Software": None}), ("svg", {"Date": None, "Creator": None})):
            buffer = io.BytesIO()
            figure.savefig(buffer, format=kind, dpi=DPI, metadata=metadata)
            contents[kind] = buffer.getvalue()
    return tuple(write_bytes(os.path.join(folder, f"{name}.{kind}"), content) for kind, content in contents.items())
