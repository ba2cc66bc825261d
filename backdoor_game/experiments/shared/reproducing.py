"""`reproduce` for everybody: a theorem's experiment, with files only where a folder is named."""

from __future__ import annotations

import dataclasses
import os
import tempfile

from ...ground import _validate
from ...ground._cast import cast
from ...ground.progress import Progress, silent
from . import base
from .base import DEFAULT_SEED, Report, Settings


def reproduce(
    name: str,
    *,
    quick: bool = True,
    seed: int = DEFAULT_SEED,
    output: str | os.PathLike[str] | None = None,
    threads: int | None = None,
    overwrite: bool = False,
    progress: Progress = silent,
) -> Report:
    """Run a theorem's experiment: its tables, a verdict for each claim, and its numbers.

    Parameters
    ----------
    name : str
        Such as ``"theorem-4.1-lower"``; `backdoor-game list experiments` tells all.
    quick : bool
        At most a minute on two cores; else more rounds and a finer grid.
    seed : int
        Fixed by default, so that a verdict is a fact about the code and not about the day.
    output : path, optional
        The folder of figures and JSON; without one nothing is left behind.
    overwrite : bool
        Replace what another run has left there, which is refused otherwise.
    threads : int, optional
        Threads to use; changes no number.
    progress : callable
        Called with (done, total).

    Raises
    ------
    InvalidArgument
        For an unknown name or a folder that cannot be written, before any round is played.
    MissingCapability
        Where an optional package is missing that the experiment needs.

    Examples
    --------
    >>> reproduce("theorem-4.1-lower", seed=1).holds  # doctest: +SKIP
    True
    """
    seed = _validate.integer("seed", seed, 0)
    if threads is not None:
        threads = _validate.integer("threads", threads, 1)
    settings = Settings(
        full=not cast("quick", quick, bool),
        seed=seed,
        threads=threads,
        progress=progress,
        overwrite=cast("overwrite", overwrite, bool),
    )
    if output is not None:
        return base.reproduce(name, dataclasses.replace(settings, output=os.fspath(output)))
    with tempfile.TemporaryDirectory() as folder:
        found = base.reproduce(name, dataclasses.replace(settings, output=folder))
    return dataclasses.replace(found, files=())
