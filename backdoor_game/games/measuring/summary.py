"""Integer counts to an estimate: rates, intervals, AUROC and the versions that may change a number."""

from __future__ import annotations

import functools
import platform
from collections.abc import Callable, Sequence

import numpy as np

from ...functions.base import Floats
from ...ground._blas import hardware
from ...ground.curves import auroc, auroc_interval, roc
from ...ground.statistics import betting_interval, betting_limit, clopper_pearson
from .blind import always_clean, always_flag
from .records import Estimate, Interval, Scale
from .score_interval import doubtful_interval, score_interval
from .tally import Tally

CLEAN = "AlwaysClean"
Limit = Callable[[int, int, int, float], float]


def adaptive_interval(tally: Tally, level: float) -> tuple[float, float]:
    """The betting confidence sequence; undecided rounds are lost in its lower end and won in its upper one."""
    return _ends(betting_limit, tally.scores_low.tolist(), tally.scores_high.tolist(), level)


def _ends(limit: Limit, least: Sequence[int], most: Sequence[int], level: float) -> tuple[float, float]:
    """The lower end by the scores with every doubt lost, the upper one by those with every doubt won."""
    (n0, nh, n1), (m0, mh, m1) = least, most
    return limit(n0, nh, n1, level), 1.0 - limit(m1, mh, m0, level)


def _given_plant(tally: Tally, mode: str, level: float) -> Interval | None:
    """The mean score of rounds with a legal plant, which are independent rounds too."""
    lost, half, won = tally.plant_scores.tolist()
    if lost + half + won == 0 or mode == "one branch":
        return None
    ends = (betting_interval if mode == "adaptive" else score_interval)(lost, half, won, level)
    return Interval((half / 2 + won) / (lost + half + won), *ends)


def _win_rate(tally: Tally, mode: str, level: float) -> tuple[Interval, str]:
    n, unsure = tally.rounds, tally.undecided_detections
    if mode == "literal":
        value = (tally.coin_wins_low + tally.coin_wins_high) / (2 * n)
        low = clopper_pearson(tally.coin_wins_low, n, level)[0]
        high = clopper_pearson(tally.coin_wins_high, n, level)[1]
        return Interval(value, low, high), "Clopper-Pearson on the coin's wins"
    if mode == "one branch":
        won = tally.detections
        return Interval(won / n, *clopper_pearson(won, n, level)), "Clopper-Pearson on the wins"
    value = 0.5 * (1 - tally.false_alarms / n) + 0.5 * (tally.detections + unsure / 2) / n
    if mode == "adaptive":
        low, high = adaptive_interval(tally, level)
        return Interval(value, low, high), "betting confidence sequence, valid at every look"
    low, high = doubtful_interval(tally.scores_low.tolist(), tally.scores_high.tolist(), level)
    return Interval(value, low, high), "exact, for rounds that score 0, 1/2 or 1 (Buehler; Berger-Boos)"


def _blind(tally: Tally, mode: str, level: float) -> Scale:
    """The better of always-clean and always-flag in these rounds, at `level`.

    Where both branches count, always-flag wins at most what always-clean does, round by round: what it alone could win
    is a clean branch without an f, whose round the attacker has lost as well. In literal mode the coin decides, and
    the interval holds for the better of two: each at half the error.
    """
    passing, _ = _win_rate(always_clean(tally), mode, level)
    if mode != "literal":
        return Scale(passing.value, passing.low, passing.high, "DoesNothing" if mode == "one branch" else CLEAN)
    (passing, _), (flagging, _) = (_win_rate(of(tally), mode, (1 + level) / 2) for of in (always_clean, always_flag))
    player = CLEAN if passing.value >= flagging.value else "AlwaysFlag"
    ends = max(passing.low, flagging.low), max(passing.high, flagging.high)
    return Scale(max(passing.value, flagging.value), *ends, player)


def _branch(least: int, most: int, n: int, mode: str, level: float) -> Interval:
    """One branch's rate: Clopper-Pearson, or the betting sequence where the rounds were stopped on what they showed."""
    if mode == "adaptive":
        low, high = _ends(betting_limit, (n - least, 0, least), (n - most, 0, most), level)
    else:
        low, high = clopper_pearson(least, n, level)[0], clopper_pearson(most, n, level)[1]
    return Interval((least + most) / (2 * n), low, high)


def summarise(
    tally: Tally, mode: str, level: float, seed: int, labels: dict[str, str], filled: dict[str, str]
) -> Estimate:
    """The estimate that a tally of rounds amounts to; `labels` are the specs as typed, `filled` as prepared."""
    n, unsure = tally.rounds, tally.undecided_detections
    win, kind = _win_rate(tally, mode, level)
    alone = mode == "one branch"
    clean, planted = tally.suspicions.counts()
    curve = None if alone else roc(clean, planted)
    given = _given_plant(tally, mode, level)
    alarms = None if alone else _branch(tally.false_alarms, tally.false_alarms, n, mode, level)
    caught = _branch(tally.detections, tally.detections + unsure, n, mode, level)
    return Estimate(
        win_rate=win.value,
        low=win.low,
        high=win.high,
        level=level,
        interval=kind,
        mode=mode,
        rounds=n,
        forfeits=tally.forfeits,
        illegal=tally.illegal,
        undecided=tally.undecided,
        defender_forfeits=tally.defender_forfeits,
        false_alarms=tally.false_alarms,
        detections=tally.detections,
        false_alarm_rate=alarms,
        detection_rate=caught,
        scores=None if alone else (int(tally.scores_low[0]), int(tally.scores_low[1]), int(tally.scores_low[2])),
        win_rate_given_plant=None if given is None else given.value,
        given_plant_interval=None if given is None else (given.low, given.high),
        auroc=None if alone else auroc(clean, planted),
        auroc_interval=None if alone else auroc_interval(clean, planted, level),
        roc=() if curve is None else _thinned(*curve),
        examples_per_round=tally.examples / n,
        evaluations_per_round=tally.evaluations / n,
        queries_per_round=tally.queries / n,
        attacker_examples_per_round=tally.attacker_examples / n,
        attacker_evaluations_per_round=tally.attacker_evaluations / n,
        attacker_queries_per_round=tally.attacker_queries / n,
        seed=seed,
        spec=labels,
        prepared=filled,
        versions=versions(),
        scale=_blind(tally, mode, level),
    )


def _thinned(alarms: Floats, detections: Floats) -> tuple[tuple[float, float], ...]:
    """The corners of the ROC curve alone."""
    moved = np.flatnonzero((np.diff(alarms) > 0) | (np.diff(detections) > 0)) + 1
    corners = [0, *moved.tolist()]
    return tuple(zip(alarms[corners].tolist(), detections[corners].tolist(), strict=True))


def versions() -> dict[str, str]:
    """What may change a number: this package, NumPy (whose Generator streams may change), numba, scipy and Python.

    Under these, and one seed, all counts of the backdoor game are equal to the byte on every machine, whatever the
    number of threads: what decides is made of whole numbers and of sums in a fixed order. Rates and intervals are
    functions of the counts, and differ by a last digit (some 1e-15) between versions of scipy. Where models are
    trained, the last digits of what is fitted (cutoffs, thresholds) depend on the processor and on BLAS as well, and a
    suspicion that lies on a threshold may then fall to its other side: `processor` and `blas` say which these were.
    """
    return {**_installed(), "python": platform.python_version(), **hardware()}


@functools.cache
def _installed() -> dict[str, str]:
    from importlib.metadata import version

    return {name: version(name) for name in ("backdoor-game", "numpy", "numba", "scipy")}
