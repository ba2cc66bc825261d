"""Static detection of a sparse spike in ReLU features: what detectors see as it grows, and what it buys."""

from __future__ import annotations

import dataclasses
import functools
from concurrent.futures import ThreadPoolExecutor

from ... import bounds
from ...ground._jit import thread_count
from ...planting.backdoors import SparsePCABackdoor
from ...planting.datasets import Sphere
from ...planting.detectors import CovarianceThresholding, DiagonalThresholding, KeyHolder, TopEigenvalue
from ...planting.games import StaticDetection
from ...planting.models import RandomReLU
from ..shared.advantages import Judged, judged
from ..shared.base import Report, Settings, Verdict
from . import figures as relu_figures
from . import tables as relu_tables
from .measures import Spectrum, Success, spectrum, successes

NAME = "relu-static"
TITLE = "Random ReLU features: what detectors see of a sparse spike, and what it buys"
PANEL = (TopEigenvalue(), DiagonalThresholding(), CovarianceThresholding(), KeyHolder())
KEYLESS = len(PANEL) - 1  # all but the key holder, whose claim is its own
# the lines are limits for many features: what a finite size may be off
WITHIN = {"eigenvalue": 0.01, "overlap": 0.05, "success": 0.05}


@dataclasses.dataclass(frozen=True)
class ReluPlan:
    """The sizes of a run; thetas are in units of the BBP threshold sqrt(d/m).

    Attributes
    ----------
    size : (int, int)
        d and m of the models that detectors judge, and of the spectrum.
    cells : tuple of (int, float)
        k and theta of the detectors' lines.
    power : float
        What the top eigenvalue's advantage must exceed at twice the threshold: the transition is sharper for larger d.
    networks : int
        For the spectrum at each theta.
    successes : tuple of ((int, int), float, float)
        d and m, theta, p of the success rates, over 200 networks each.
    """

    size: tuple[int, int]
    cells: tuple[tuple[int, float], ...]
    power: float
    networks: int
    successes: tuple[tuple[tuple[int, int], float, float], ...]
    activations: tuple[float, ...]
    rounds: int = 300
    ratios: tuple[float, ...] = (1.1, 1.25, 1.5, 2.0)


FULL = ReluPlan(
    size=(400, 4000),
    cells=(*((20, ratio) for ratio in (0.5, 1.0, 1.5, 2.0, 5.0)), *((3, ratio) for ratio in (0.5, 0.75, 2.0))),
    power=0.95,
    networks=50,
    successes=(*(((200, 2000), ratio, p) for ratio in (0.9, 2.0) for p in (0.1, 0.5)), ((400, 4000), 0.9, 0.1)),
    activations=(0.2, 0.35, 0.5),
)
QUICK = ReluPlan(
    size=(100, 1000),
    cells=((10, 0.5), (10, 2.0), (2, 0.5)),
    power=0.9,
    networks=100,
    successes=tuple(((200, 400), 0.9, p) for p in (0.1, 0.5)),
    activations=(0.25, 0.5),
)
Panels = dict[tuple[int, float], list[Judged]]


def run(settings: Settings) -> Report:
    """Judge the panel on every cell, then measure the spectrum and the success rates."""
    plan = FULL if settings.full else QUICK
    panels = _panels(plan, settings)
    tops, found = _measured(plan, settings)
    files = relu_figures.draw(plan.size, panels, tops, found, settings.output)
    points = {
        "size": list(plan.size),
        "panels": [{"k": k, "ratio": ratio, **one.point()} for (k, ratio), told in panels.items() for one in told],
        "spectrum": [dataclasses.asdict(top) for top in tops],
        "success": [dataclasses.asdict(one) for one in found],
    }
    tables = relu_tables.all_tables(plan.size, panels, tops, found)
    return Report(NAME, TITLE, tables, _verdicts(plan, panels, tops, found), points, files)


def _panels(plan: ReluPlan, settings: Settings) -> Panels:
    (d, m), found = plan.size, {}
    game = StaticDetection(RandomReLU(features=m, dimension=d, positive=0.1), Sphere(dimension=d, train=99, test=1))

    def progress(before: int, done: int) -> None:
        settings.progress(before + done, plan.rounds * len(plan.cells))

    for number, (k, ratio) in enumerate(plan.cells):
        found[k, ratio] = judged(
            game,
            SparsePCABackdoor(theta=ratio * bounds.bbp_threshold(d, m), k=k),
            PANEL,
            plan.rounds,
            settings.seed + number,
            claims=KEYLESS * len(plan.cells),
            threads=settings.threads,
            progress=functools.partial(progress, number * plan.rounds),
        )
    return found


def _measured(plan: ReluPlan, settings: Settings) -> tuple[list[Spectrum], list[Success]]:
    """Spectrum and success rates, a thread for each line; every line has seeds of its own."""
    d, m = plan.size
    functions, seed = RandomReLU(features=m, dimension=d), settings.seed
    workers = thread_count(settings.threads)
    with ThreadPoolExecutor(workers) as pool:
        tops = pool.map(lambda ratio: spectrum(functions, ratio, plan.networks, seed), plan.ratios)
        found = pool.map(lambda line: successes(line[0], line[1], line[2], plan.activations, seed), plan.successes)
        return list(tops), [one for line in found for one in line]


def _verdicts(plan: ReluPlan, panels: Panels, tops: list[Spectrum], found: list[Success]) -> tuple[Verdict, ...]:
    top = {cell: told[0] for cell, told in panels.items()}
    half = [one for (_, ratio), one in top.items() if ratio == 0.5]
    twice = [one for (_, ratio), one in top.items() if ratio == 2.0]
    holder = [told[-1] for (_, ratio), told in panels.items() if ratio >= 1]
    away = max(abs(t.eigenvalue / t.eigenvalue_formula - 1) for t in tops)
    turned = max(abs(t.overlap - t.overlap_formula) for t in tops if t.ratio >= 1.25)
    missed = max(abs(s.success - s.formula) for s in found)
    drift = max(abs(s.control - s.p) for s in found)
    where = f"d = {plan.size[0]}, m = {plan.size[1]}"
    return (
        Verdict(
            f"at half the BBP threshold the top eigenvalue's interval contains 0, {where}",
            ", ".join(_interval(one) for one in half),
            "contains 0",
            all(one.contains_zero for one in half),
        ),
        Verdict(
            f"at twice it the top eigenvalue (1% threshold) has the advantage, {where}",
            ", ".join(f"{one.advantage:.3f} in {_interval(one)}" for one in twice),
            f"over {plan.power:g}",
            all(one.advantage > plan.power for one in twice),
        ),
        Verdict(
            "the key holder sees it from the threshold on",
            f"least lower end {min(one.interval[0] for one in holder):.3f} over {len(holder)}",
            "over 0.9",
            all(one.interval[0] > 0.9 for one in holder),
        ),
        _close("mean top eigenvalue against (1 + theta)(1 + d/(m theta)), from 1.1 BBP on", away, "eigenvalue", where),
        _close("mean overlap with the key against its formula, from 1.25 BBP on", turned, "overlap", where),
        _close("success against its closed form", missed, "success", f"{len(found)} lines"),
        _close("control: the untampered network answers +1 at rate p", drift, "success", f"{len(found)} lines"),
    )


def _close(claim: str, away: float, what: str, where: str) -> Verdict:
    unit = "relative" if what == "eigenvalue" else "absolute"
    return Verdict(
        f"{claim}, {where}", f"largest {unit} deviation {away:.4f}", f"{WITHIN[what]:g}", away <= WITHIN[what]
    )


def _interval(one: Judged) -> str:
    return "[{:+.3f}, {:+.3f}]".format(*one.interval)
