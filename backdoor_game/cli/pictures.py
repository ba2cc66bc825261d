"""``--figure FILE``: one picture beside a printed result, its place claimed before the work."""

from __future__ import annotations

import contextlib
import pathlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Protocol

from ..ground.errors import InvalidArgument
from . import options as shared

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from ..ground.outputs import Claim


class Drawable(Protocol):
    """A result that has a picture."""

    def figure(self) -> Figure: ...


def add_figure(group: Any) -> None:
    """The picture's file, and whether it may be overwritten."""
    group.add_argument("--figure", metavar="FILE", help="also a picture, as .png or .svg: of the play, or of --curve")
    group.add_argument("--overwrite", action="store_true", help="even where --figure's FILE is there already")


def claimed(source: str | None, *, overwrite: bool) -> Claim | None:
    """The place of a picture that can be drawn and written; None where none was asked for.

    Raises
    ------
    InvalidArgument, MissingCapability
        In one sentence, before long work starts.
    """
    from ..figures.saving import check_drawing, kind_of
    from ..ground.outputs import claim
    from ..ground.paths import local_path

    if source is None:
        if overwrite:
            raise InvalidArgument("--overwrite is for --figure's FILE: name one, or leave it out")
        return None
    kind_of(source)
    path = pathlib.Path(local_path(source, "figure", "a place where files can be written"))
    if path.exists() and not overwrite:
        raise InvalidArgument(f"figure {source!r} is there already: name another file, or overwrite it (--overwrite)")
    place = claim(str(path.parent), path.name, {}, overwrite=True, argument="figure")
    check_drawing()
    return place


@contextlib.contextmanager
def drawn(place: Claim | None, found: Drawable | None) -> Iterator[list[str]]:
    """Put the picture in its place and print inside; its path, where there is one, for those who print it."""
    from ..figures.saving import save_as
    from ..ground.files import gathered

    if place is None or found is None:
        yield []
        return
    with gathered() as waiting:
        files = list(save_as(found.figure(), place.folder / place.name))
    with shared.kept(place, waiting, files):
        yield files
