"""Tables of relu-static: what detectors said, the lines of theory, the spectrum, and the success rates."""

from __future__ import annotations

from ... import bounds
from ..shared.advantages import Judged, found_in
from ..shared.base import Table
from .measures import Spectrum, Success

Panels = dict[tuple[int, float], list[Judged]]


def all_tables(size: tuple[int, int], panels: Panels, tops: list[Spectrum], found: list[Success]) -> tuple[Table, ...]:
    """The four tables of a run on models of size = (d, m)."""
    return _judged_table(size, panels), _lines_table(size, panels), _spectrum_table(size, tops), _success_table(found)


def _judged_table(size: tuple[int, int], panels: Panels) -> Table:
    (d, m), rows, rounds = size, [], 0
    for (k, ratio), told in panels.items():
        for one in told:
            rounds = one.rounds
            low, high = one.interval
            known = (f"{k}", f"{ratio:g}", f"{ratio * bounds.bbp_threshold(d, m):.3f}", one.detector)
            rates = (f"{one.alarms / one.rounds:.3f}", f"{one.detections / one.rounds:.3f}", f"{one.advantage:+.3f}")
            rows.append((*known, *rates, f"[{low:+.3f}, {high:+.3f}]", found_in(one)))
    title = f"StaticDetection, d = {d}, m = {m}: thresholds on 400 clean models, judged on {rounds} + {rounds}"
    header = ("k", "theta/BBP", "theta", "detector", "false alarms", "detected", "advantage", "interval", "found")
    return Table(title, header, tuple(rows))


def _lines_table(size: tuple[int, int], panels: Panels) -> Table:
    (d, m), rows = size, []
    bbp = bounds.bbp_threshold(d, m)
    for k in dict.fromkeys(k for k, _ in panels):
        lines = {"BBP": bbp, "diagonal": bounds.diagonal_threshold(k, d, m)}
        thetas = [f"{theta:.3f}" for theta in (*lines.values(), bounds.covariance_threshold(k, d, m))]
        rows.append((f"{k}", *thetas, max(lines, key=lambda name: lines[name])))
    return Table(
        "theta from which a detector should see the spike",
        ("k", "BBP", "diagonal", "one entry", "higher of the first two"),
        tuple(rows),
    )


def _spectrum_table(size: tuple[int, int], tops: list[Spectrum]) -> Table:
    rows = tuple(
        (
            f"{t.ratio:g}",
            f"{t.eigenvalue:.4f} ± {t.eigenvalue_error:.4f}",
            f"{t.eigenvalue_formula:.4f}",
            f"{t.overlap:.3f} ± {t.overlap_error:.3f}",
            f"{t.overlap_formula:.3f}",
        )
        for t in tops
    )
    title = f"Spectrum, d = {size[0]}, m = {size[1]}, {tops[0].networks} networks, ± one standard error"
    return Table(title, ("theta/BBP", "top eigenvalue", "formula", "overlap", "formula"), rows)


def _success_table(found: list[Success]) -> Table:
    rows = tuple(
        (
            *(f"{value:g}" for value in (s.d, s.m, s.ratio, s.p, s.a)),
            f"{bounds.relu_distance(s.a):.3f}",
            f"{s.success:.3f} ± {s.success_error:.3f}",
            f"{s.formula:.3f}",
            f"{s.control:.3f} ± {s.control_error:.3f}",
            f"{s.base:.3f}",
            f"{s.agreement:.3f}",
        )
        for s in found
    )
    header = ("d", "m", "theta/BBP", "p", "a", "|x' - x|", "success", "formula", "control", "clean", "agreement")
    title = f"Answers +1 on activated inputs, {found[0].networks} networks a line, ± one standard error"
    return Table(title, header, rows)
