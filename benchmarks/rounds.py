"""Whole games through the public `estimate`, against plain Python and vectorised NumPy on the same game."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import numpy as np

from backdoor_game import AllFunctions, BackdoorGame, Defender, DistillationEnsemble, Shattered, estimate

from .peers import plain_python, vectorised_numpy
from .timing import Bar, Row, compare

D, MEMBERS, EXAMPLES, NEEDED, ROUNDS = 64, 15, 32, 8, 16_384
PYTHON_ROUNDS, PLUG_IN_ROUNDS, THRESHOLD = 256, 2_048, 0.8


@dataclasses.dataclass(frozen=True)
class Rare(Defender):
    """Suspicious of a label that is rare among m fresh examples."""

    m: int = 64
    threshold: float = THRESHOLD

    def suspicion(self, view, rng):
        X, y = view.examples(self.m)
        return float(np.mean(y != view.f(view.x[None])[0]))


def rows(rounds: int) -> Iterator[Row]:
    game = BackdoorGame(AllFunctions(points=D), 1 / D)
    ensemble = DistillationEnsemble(members=MEMBERS, examples=EXAMPLES, threshold=NEEDED / MEMBERS)

    def ours(defender: Defender = ensemble, n: int = ROUNDS) -> tuple[int, int]:
        found = estimate(game, Shattered(), defender, rounds=n, seed=1, threads=1, scale=False)
        return found.false_alarms, found.detections

    def python(n: int = PYTHON_ROUNDS) -> tuple[int, int]:
        return plain_python.shattered_game(D, MEMBERS, EXAMPLES, 1 / D, NEEDED, n, 1)

    def numpy(n: int = ROUNDS) -> tuple[int, int]:
        return vectorised_numpy.shattered_game(D, MEMBERS, EXAMPLES, 1 / D, NEEDED, n, 1)

    for mine, theirs, n in ((ours(), numpy(), ROUNDS), (ours(n=4096), python(4096), 4096)):
        for a, b in zip(mine, theirs, strict=True):
            assert abs(a - b) < 5 * np.sqrt(n / 2), "the peers play another game"
    per_round = compare(
        "rounds: shattered game d=64, 15 members of 32, vs plain Python (each per 256 rounds)",
        ours,
        python,
        rounds=rounds,
    )
    yield _scaled(per_round, PYTHON_ROUNDS / ROUNDS, Bar(200.0, 400.0))
    yield compare(
        "rounds: shattered game d=64, 15 members of 32, vs vectorised NumPy",
        ours,
        numpy,
        bar=Bar(4.0, 7.0),
        rounds=rounds,
    )
    for m, bar in ((256, Bar(5.0, 10.0)), (64, None)):
        yield compare(
            f"rounds: a one-round plug-in with one examples({m}) call, vs plain Python",
            lambda m=m: ours(Rare(m=m), PLUG_IN_ROUNDS),
            lambda m=m: plain_python.rare_label_game(D, m, THRESHOLD, 1 / D, PLUG_IN_ROUNDS, 1),
            bar=bar,
            rounds=rounds,
        )


def _scaled(row: Row, share: float, bar: Bar) -> Row:
    """Ours played more rounds than the peer, whose time would otherwise be minutes: compare per round."""
    assert row.ours is not None
    assert row.peer is not None
    ours = row.ours * share
    return dataclasses.replace(row, ours=ours, ratio=row.peer / ours, bar=bar)
