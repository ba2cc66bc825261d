"""What every experiment shares: settings, tables, verdicts, and the files that a report leaves behind."""

from __future__ import annotations

import dataclasses
import importlib
import importlib.util
import pathlib
from collections.abc import Sequence
from typing import Any

from ...figures.saving import check_drawing
from ...games.measuring.summary import versions
from ...ground import _validate
from ...ground.errors import InvalidArgument, MissingCapability
from ...ground.files import gathered, write_json
from ...ground.outputs import claim
from ...ground.progress import Progress, silent
from ...ground.results import Block, Result
from ...ground.statistics import simultaneous_level
from .. import EXPERIMENTS

FAMILY_LEVEL = 0.99  # of all intervals of an experiment together: of 100 seeds one may fail a true claim
DEFAULT_SEED = 20_240_903  # a date


@dataclasses.dataclass(frozen=True)
class Settings:
    """How an experiment is run.

    Attributes
    ----------
    full : bool
        More rounds and a finer grid; otherwise at most a minute on two cores.
    seed : int
        Fixed by default, so that a verdict is a fact about the code and not about the day.
    output : str
        Folder of figures and JSON, made where it is missing.
    threads : int or None
    progress : callable
        Called with (done, total).
    families : int
        How many experiments share the family level, when one runs several.
    overwrite : bool
        Put results where those of another run are.
    """

    full: bool = False
    seed: int = DEFAULT_SEED
    output: str = "results"
    threads: int | None = None
    progress: Progress = silent
    families: int = 1
    overwrite: bool = False

    def level(self, lines: int) -> float:
        """The level of each of so many intervals, so that those of all families hold at once at the family level."""
        return simultaneous_level(simultaneous_level(FAMILY_LEVEL, self.families), lines)


@dataclasses.dataclass(frozen=True)
class Verdict:
    """A claim, what was measured, the bound it is held against, and whether it holds."""

    claim: str
    measured: str
    bound: str
    holds: bool


@dataclasses.dataclass(frozen=True)
class Table:
    """A table for standard output: a title, column names and rows of text."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclasses.dataclass(frozen=True, repr=False)
class Report(Result):
    """What `reproduce` found.

    Attributes
    ----------
    name, title : str
    tables : tuple of Table
    verdicts : tuple of Verdict
        A claim each, what was measured, the bound and whether it holds; none of an exploration.
    points : dict
        The numbers, as the experiment's JSON holds them.
    files : tuple of str
        What was written.
    lost : str or None
        Which files could not be had, and why.
    """

    name: str
    title: str
    tables: tuple[Table, ...]
    verdicts: tuple[Verdict, ...]
    points: dict[str, Any]
    files: tuple[str, ...] = ()
    lost: str | None = None

    @property
    def holds(self) -> bool:
        """Whether every claim holds; an exploration makes none."""
        return all(verdict.holds for verdict in self.verdicts)

    def text(self) -> str:
        """Tables and verdict lines for standard output."""
        return f"{self}\n"

    def blocks(self) -> Sequence[Block]:
        tables = [Block(table.rows, table.columns, table.title) for table in self.tables]
        lines = [
            (verdict.claim, verdict.measured, verdict.bound, "holds" if verdict.holds else "FAILS")
            for verdict in self.verdicts
        ]
        told = Block(lines, ("claim", "measured", "bound", "verdict"), "Verdicts")
        told = told if lines else Block(title="Exploration: no claim, no verdict")
        written = [Block(notes=[f"wrote {path}" for path in self.files])] if self.files else []
        return [Block(title=self.title), *tables, told, *written]

    def headline(self) -> str:
        held = sum(verdict.holds for verdict in self.verdicts)
        return f"{self.name}, {held} of {len(self.verdicts)} verdicts hold"

    def table(self) -> list[dict[str, Any]]:
        """A row a verdict: claim, measured, bound, holds."""
        return [dataclasses.asdict(verdict) for verdict in self.verdicts]

    def to_dict(self) -> dict[str, Any]:
        """Plain numbers, texts, lists and dicts."""
        return {
            "name": self.name,
            "title": self.title,
            "verdicts": [dataclasses.asdict(verdict) for verdict in self.verdicts],
            "points": self.points,
            "files": list(self.files),
        }


def reproduce(name: str, settings: Settings) -> Report:
    """Run an experiment and leave its figures and JSON in the output folder.

    Parameters
    ----------
    name : str
        One of `EXPERIMENTS`.
    settings : Settings

    Raises
    ------
    InvalidArgument
        For an unknown name, and for an output folder that cannot be written or holds another run's results, before any
        round is played. Where files cannot be written afterwards the report says so under `lost`.
    MissingCapability
        Where an optional package is missing that the experiment names in NEEDS.
    """
    if name not in EXPERIMENTS:
        raise InvalidArgument(f"unknown experiment {name!r}: {_validate.did_you_mean(name, list(EXPERIMENTS))}")
    mode = "full" if settings.full else "quick"
    about = {"name": name, "seed": settings.seed, "mode": mode}
    place = claim(settings.output, f"{name}.json", about, overwrite=settings.overwrite)
    module = importlib.import_module(f"..{EXPERIMENTS[name]}", __package__)
    for package, extra in getattr(module, "NEEDS", {}).items():
        if importlib.util.find_spec(package) is None:
            raise MissingCapability(f"{name} needs {package}: pip install 'backdoor-game[{extra}]'")
    check_drawing()
    with gathered() as waiting:
        report: Report = module.run(settings)
        path = str(pathlib.Path(settings.output) / place.name)
        saved = dataclasses.replace(report, files=(*report.files, path))
        write_json(path, {**saved.to_dict(), **about, "versions": versions()})
    try:
        place.put(waiting)
    except InvalidArgument as error:  # the report is what hours were spent for
        return dataclasses.replace(report, files=(), lost=str(error))
    return dataclasses.replace(saved, lost=waiting.lost[0] if waiting.lost else None)
