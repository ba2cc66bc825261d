"""The tables and figures of the replication experiment, and what they are made of."""

from __future__ import annotations

import dataclasses

import numpy as np

from ... import bounds, figures
from ...games.measuring.records import Estimate
from ...ground.statistics import clopper_pearson
from ..shared.advantages import Judged
from ..shared.base import FAMILY_LEVEL, Table
from ..shared.beyond import marked, said
from ..shared.cells import blind
from .runs import Obeyed, Ranks, forging_rate

NAME = "replication"
D, N = 32, 6  # of the game's curve
PAIRS = 32  # 64 questions: worth little from 10 blocks on
BARS = f"simultaneous {FAMILY_LEVEL:.0%} Clopper-Pearson intervals"


@dataclasses.dataclass(frozen=True)
class Replicated:
    """Everything that was measured, and the level of each interval."""

    ranks: list[Ranks]
    curve: dict[int, Estimate]
    public: Estimate
    obeyed: list[Obeyed]
    spliced: dict[tuple[int, int], Estimate]
    copied: dict[tuple[int, int], Estimate]
    asked: dict[int, Judged]
    tries: int
    level: float

    def interval(self, successes: int, trials: int) -> tuple[float, float]:
        """One of the family's, Clopper-Pearson."""
        return clopper_pearson(successes, trials, self.level)


def questions_bound(n: int) -> float:
    """What so many random questions are worth at most."""
    return bounds.checksum_query_advantage(n, 2 * PAIRS)


def tables(found: Replicated) -> tuple[Table, ...]:
    """All of them."""
    return _rank_table(found), _curve_table(found), _signature_table(found), _question_table(found)


def _rank_table(found: Replicated) -> Table:
    rows = []
    for one in found.ranks:
        extra = np.array(one.extra)
        mean = bounds.checksum_mean_examples(one.d, one.n) - bounds.checksum_examples(one.d, one.n)
        at_once = bounds.checksum_rank_probability(one.d, one.n)
        rows.append((
            str(one.d), str(one.n), str(bounds.checksum_examples(one.d, one.n)), str(len(extra)),
            f"{extra.mean():.2f} ± {extra.std() / np.sqrt(len(extra)):.2f}", f"{mean:.2f}",
            f"{(extra == 0).mean():.3f}", f"{at_once:.3f}", f"{one.forged}/{one.tries}", str(one.most),
        ))  # fmt: skip
    header = ("d", "n", "d - n + 1", "keys", "more needed", "exact", "none more", "exact", "forged", "most edits")
    return Table("Checksums: activated inputs until the rank is d - n, ± one standard error", header, tuple(rows))


def _curve_table(found: Replicated) -> Table:
    rows = tuple(
        (str(q), f"{e.win_rate:.4f}", f"[{e.low:.4f}, {e.high:.4f}]", blind(e), f"{forging_rate(D, N, q):.4f}")
        for q, e in found.curve.items()
    )
    title = f"Replication of a checksum, d = {D}, n = {N}: GaussianElimination(), {found.public.rounds} keys a line"
    return Table(title, ("examples", "win rate", "interval", "blind", "exact"), rows)


def _signature_table(found: Replicated) -> Table:
    rows = tuple(
        (str(one.d), str(one.w), f"{one.obeyed}/{one.asked}", f"{one.mean:.1f}", str(one.most),
         f"{found.spliced[one.d, one.w].detections} of {found.spliced[one.d, one.w].rounds}",
         f"{found.interval(found.spliced[one.d, one.w].detections, found.spliced[one.d, one.w].rounds)[1]:.2g}")
        for one in found.obeyed
    )  # fmt: skip
    header = ("d", "w", "obeyed", "edits", "most a block", "models forged", "of fresh models at most")
    return Table(f"Signatures; {found.tries} spliced tries on each model", header, rows)


def _question_table(found: Replicated) -> Table:
    rows = []
    for n, one in found.asked.items():
        low, high = one.interval
        bound = questions_bound(n)
        shown = marked(f"{one.advantage:+.3f}", one.advantage, low, high, bound)
        rows.append((str(n), shown, f"[{low:+.3f}, {high:+.3f}]", f"{bound:.4f}"))
    title = f"StaticDetection of a checksum in a black box: RandomQueries(pairs={PAIRS}), d = {D}"
    return Table(said(title, rows), ("n", "advantage", "interval", "2q 2^-n"), tuple(rows))


def draw(found: Replicated, folder: str) -> tuple[str, ...]:
    """All figures; the files that were written."""
    return (*_draw_ranks(found, folder), *_draw_curve(found, folder), *_draw_questions(found, folder))


def _draw_ranks(found: Replicated, folder: str) -> tuple[str, ...]:
    slack, series = range(9), []
    for one in found.ranks:
        counts = [sum(extra <= e for extra in one.extra) for e in slack]
        ends = [found.interval(count, len(one.extra)) for count in counts]
        label = f"d = {one.d}, n = {one.n}, {len(one.extra)} keys"
        shares = [count / len(one.extra) for count in counts]
        series.append(figures.Series(label, list(slack), shares, *zip(*ends, strict=True)))
    exact = [bounds.checksum_rank_probability(found.ranks[-1].d, found.ranks[-1].n, e) for e in slack]
    lines = [
        figures.Line("exact: ∏ (1 − 2⁻ʲ) over j > e", list(slack), exact),
        figures.Line("at least 1 − 2⁻ᵉ", list(slack), [bounds.checksum_rank_bound(e) for e in slack]),
    ]
    figure = figures.curve_figure(
        series,
        lines,
        title="Checksums: keys that can be forged from the rank of activated inputs",
        xlabel="e, examples beyond d − n + 1",
        ylabel="keys that can be forged (share)",
        interval=f"Clopper-Pearson at {found.level:.4f} each",
        y_range=(-0.03, 1.03),
    )
    return figures.save(figure, folder, f"{NAME}-rank")


def _draw_curve(found: Replicated, folder: str) -> tuple[str, ...]:
    at, told = list(found.curve), list(found.curve.values())
    rates, *ends = zip(*((e.win_rate, e.low, e.high) for e in told), strict=True)
    mine = figures.Series("GaussianElimination, secret partition", at, rates, *ends)
    public = found.public
    other = figures.Series("Splice, public partition", [1], [public.win_rate], [public.low], [public.high])
    every = list(range(1, max(at) + 1))
    enough = bounds.checksum_examples(D, N)
    lines = [
        figures.Line("exact", every, [forging_rate(D, N, q) for q in every], mine.label),
        figures.Line(f"d − n + 1 = {enough}", [enough, enough], [0, 1]),
    ]
    figure = figures.curve_figure(
        [mine, other],
        lines,
        title=f"Replication of a checksum, d = {D}, n = {N}",
        xlabel="q, activated inputs that the forger has seen",
        ylabel="win rate of the forger (probability)",
        interval=BARS,
        y_range=(-0.03, 1.03),
        dodge=False,
    )
    return figures.save(figure, folder, f"{NAME}-game")


def _draw_questions(found: Replicated, folder: str) -> tuple[str, ...]:
    at, told = list(found.asked), list(found.asked.values())
    ends = [one.interval for one in told]
    label = f"RandomQueries(pairs={PAIRS})"
    series = [figures.Series(label, at, [one.advantage for one in told], *zip(*ends, strict=True))]
    every = np.linspace(min(at), max(at), 200)
    bound = [min(1.0, 2 * PAIRS * 2.0**-n) for n in every]
    figure = figures.curve_figure(
        series,
        [figures.Line("at most 2q 2⁻ⁿ, and 1", every.tolist(), bound)],
        title=f"Random questions to a black box with a checksum, d = {D}",
        xlabel="n, blocks of the checksum",
        ylabel="detection rate − false-alarm rate (probability)",
        interval="Clopper-Pearson for either rate, simultaneous 95%",
    )
    return figures.save(figure, folder, f"{NAME}-questions")
