"""Replication: a checksum is forged from activated inputs as soon as their rank allows, a signature is not."""

from __future__ import annotations

import dataclasses
from typing import TypeVar

from ... import bounds
from ...games.measuring.estimation import estimate
from ...games.measuring.records import Estimate
from ...planting.backdoors import Backdoor, ChecksumBackdoor, SignatureBackdoor
from ...planting.detectors import RandomQueries
from ...planting.forgers import Copycat, Forger, GaussianElimination, Splice
from ...planting.games import Replication, StaticDetection
from ..shared.advantages import Judged, judged
from ..shared.base import Report, Settings, Verdict
from .runs import forging_rate, models, normal, obeyed, ranks
from .shown import NAME, PAIRS, D, N, Replicated, draw, questions_bound, tables

NEEDS = {"cryptography": "crypto"}  # package and the extra that installs it
TITLE = "Replication: checksums can be forged, signatures cannot"
SIGNED = ((514, 1), (1024, 511))  # both leave 513 coordinates to carry, the fewest that a signature needs
SEEN = (1, 15, 20, 22, 24, 27, 30, 34)  # around 27 = d - n + 1, the fewest that can forge
ASKING = (1, 2, 4, 8, 16)  # blocks: from where 64 questions tell for sure to where they tell nothing
SLACK = (0, 1, 2, 3)  # inputs more than the fewest; each halves the chance that the rank still lacks
Measured = TypeVar("Measured")


@dataclasses.dataclass(frozen=True)
class ReplicationPlan:
    """The sizes of a run.

    Attributes
    ----------
    sizes : tuple of (d, n, keys)
        Checksums whose rank is watched.
    rounds : int
        Of the game, for each number of examples.
    models, tries : int
        Signed models at either size, and spliced tries on each.
    judged : int
        Clean and backdoored models that random questions are put to.
    """

    sizes: tuple[tuple[int, int, int], ...]
    rounds: int
    models: int
    tries: int
    judged: int


QUICK = ReplicationPlan(((64, 8, 150), (128, 16, 60)), 250, 50, 100, 150)
FULL = ReplicationPlan(((64, 8, 1000), (256, 16, 200), (1024, 16, 40)), 1000, 100, 500, 300)


def run(settings: Settings) -> Report:
    """Ranks, the game's curve, signatures, and random questions."""
    plan = FULL if settings.full else QUICK
    found = _found(plan, settings)
    points = {
        "ranks": [dataclasses.asdict(one) for one in found.ranks],
        "curve": [{"examples": q, "win_rate": e.win_rate, "low": e.low, "high": e.high, "blind": e.scale.blind,
                   "exact": forging_rate(D, N, q)} for q, e in found.curve.items()],
        "signatures": [dataclasses.asdict(one) for one in found.obeyed],
        "spliced": [{"d": d, "w": w, "models": e.rounds, "tries": found.tries, "won": e.detections}
                    for (d, w), e in found.spliced.items()],
        "questions": [{"n": n, **one.point()} for n, one in found.asked.items()],
    }  # fmt: skip
    return Report(NAME, TITLE, tables(found), _verdicts(found), points, draw(found, settings.output))


class _Told:
    """Passes on what has been measured, and says how far that is."""

    def __init__(self, settings: Settings, steps: int) -> None:
        self._settings, self._steps, self._done = settings, steps, 0

    def __call__(self, measured: Measured) -> Measured:
        self._done += 1
        self._settings.progress(self._done, self._steps)
        return measured


def _found(plan: ReplicationPlan, settings: Settings) -> Replicated:
    claims = len(plan.sizes) * (2 + len(SLACK)) + len(SEEN) + 1
    level = settings.level(claims)
    told = _Told(settings, len(plan.sizes) + len(SEEN) + 1 + 3 * len(SIGNED) + len(ASKING))

    def played(game: Replication, backdoor: Backdoor, forger: Forger, rounds: int) -> Estimate:
        seed, threads = settings.seed, settings.threads
        return told(estimate(game, backdoor, forger, rounds=rounds, seed=seed, level=level, threads=threads))

    hidden = {q: Replication(models(D), normal(D), black_box=True, examples=q) for q in SEEN}
    signed = {(d, w): Replication(models(d), normal(d), examples=8, tries=plan.tries) for d, w in SIGNED}
    known = ChecksumBackdoor(N, public_partition=True)
    return Replicated(
        [told(ranks(d, n, keys, settings.seed)) for d, n, keys in plan.sizes],
        {q: played(game, ChecksumBackdoor(N), GaussianElimination(), plan.rounds) for q, game in hidden.items()},
        played(hidden[1], known, Splice(message=0, blocks=N), plan.rounds),
        [told(obeyed(d, w, 300, settings.seed)) for d, w in SIGNED],
        {(d, w): played(g, SignatureBackdoor(w), Splice(message=w), plan.models) for (d, w), g in signed.items()},
        {(d, w): played(g, SignatureBackdoor(w), Copycat(), plan.models) for (d, w), g in signed.items()},
        {n: told(_asked(n, plan.judged, settings)) for n in ASKING},
        plan.tries,
        level,
    )


def _asked(n: int, rounds: int, settings: Settings) -> Judged:
    """Random questions to the black box: x and x with one sign changed."""
    game = StaticDetection(models(D), normal(D), black_box=True)
    panel = (RandomQueries(pairs=PAIRS),)
    return judged(
        game, ChecksumBackdoor(n), panel, rounds, settings.seed, claims=len(ASKING), threads=settings.threads
    )[0]


def _verdicts(found: Replicated) -> tuple[Verdict, ...]:
    return (*_checksum_verdicts(found), *_signature_verdicts(found), _question_verdict(found))


def _checksum_verdicts(found: Replicated) -> tuple[Verdict, ...]:
    forged, tries = sum(one.forged for one in found.ranks), sum(one.tries for one in found.ranks)
    rates = [(found.interval(one.fired, one.shown), bounds.checksum_fire_rate(one.n)) for one in found.ranks]
    halves = [(found.interval(one.changed, one.blocks), 0.5) for one in found.ranks]
    waits = [
        (found.interval(sum(extra <= e for extra in one.extra), len(one.extra)),
         bounds.checksum_rank_probability(one.d, one.n, e))
        for one in found.ranks
        for e in SLACK
    ]  # fmt: skip
    curve = [((e.low, e.high), forging_rate(D, N, q)) for q, e in found.curve.items()]
    edits = ", ".join(f"{one.most} at n = {one.n}" for one in found.ranks)
    return (
        Verdict("once the rank is d - n every try forges", f"{forged} of {tries}", "all", forged == tries),
        Verdict("with at most n edits", edits, "n", all(one.most <= one.n for one in found.ranks)),
        _contained("examples beyond d - n + 1 have the law of full rank", waits),
        _contained("fresh inputs fire at the rate 2^-n", rates),
        _contained("activation changes every second block", halves),
        _contained("forgeries come at the exact rate, also short of full rank", curve),
        Verdict(
            "one example forges where the partition is public",
            f"{found.public.detections} of {found.public.rounds}",
            "all",
            found.public.detections == found.public.rounds,
        ),
    )


def _contained(claim: str, cells: list[tuple[tuple[float, float], float]]) -> Verdict:
    inside = sum(low <= exact <= high for (low, high), exact in cells)
    return Verdict(claim, f"{inside} of {len(cells)} intervals contain it", "all", inside == len(cells))


def _signature_verdicts(found: Replicated) -> tuple[Verdict, ...]:
    good = sum(one.obeyed for one in found.obeyed), sum(one.asked for one in found.obeyed)
    most = max(one.most for one in found.obeyed)
    counted = sum(one.counted for one in found.obeyed)
    won = [e.detections for e in (*found.spliced.values(), *found.copied.values())]
    signed = sum(e.rounds for e in found.spliced.values())
    fresh = found.interval(0, signed)[1]  # tries on one model are no independent ones: its models are
    return (
        Verdict("signed inputs get the chosen answer", f"{good[0]} of {good[1]}", "all", good[0] == good[1]),
        Verdict("a block has at most one edit", f"{most}", "1", most <= 1),
        Verdict(
            "no spliced or copied input is a forgery",
            f"{sum(won)} in {signed * found.tries:,} spliced tries on these {signed} models; of fresh models at most "
            f"{fresh:.2g} are forged in {found.tries} tries, at level {found.level:.4f}",
            "0",
            not any(won),
        ),
        Verdict("the rule can be met: with the key each counts", f"{counted} of {good[1]}", "all", counted == good[1]),
    )


def _question_verdict(found: Replicated) -> Verdict:
    over = max(one.interval[0] - questions_bound(n) for n, one in found.asked.items())
    return Verdict(
        "random questions have no more advantage than 2q 2^-n",
        f"largest lower end minus bound {over:+.3f} over {len(found.asked)}; "
        f"advantage {found.asked[1].advantage:.2f} at n = 1",
        "at most 0",
        over <= 0 and found.asked[1].advantage > 0.5,
    )
