"""Checks of detectors: suspicions, their randomness, what they leave alone and what they may use."""

from __future__ import annotations

import dataclasses
import functools
from typing import Any

import numpy as np

from ..catalog.names import resolve
from ..functions.base import Floats
from ..games.contract import ask_suspicion, call
from ..ground.errors import ContractError
from ..ground.spec import parse, text
from ..planting.views import ModelBlock
from ..players.views import Meter
from .model_subjects import chairs, each
from .results import NothingToCheck, demand, same
from .subjects import Subject

ROUNDS = 6  # models, each of which is trained


def asked(ready: Any, view: ModelBlock) -> Floats:
    """The suspicions of a block as they are returned, in range or not."""
    answers = call(ready, "suspicion_block", lambda: ready.suspicion_block(view))
    return np.asarray(answers, dtype=np.float64)


def prepares(subject: Subject) -> str:
    """`prepare` returns a detector or refuses in one sentence, twice the same, and its spec as prepared reads back."""
    found, refusals = chairs(subject)
    for chair in each(found):
        again = subject.thing.prepare(chair.game)
        demand(again == chair.ready, f"prepare() returns {text(chair.ready)[:200]}, and then {text(again)[:200]}")
        if type(chair.ready).__module__ != "__main__":
            demand(parse(text(chair.ready), resolve) == chair.ready, f"{text(chair.ready)[:200]} reads back as another")
    said = f"plays {len(found)} of {len(subject.games)} games"
    return f"{said}; the first that it refuses: {refusals[0][:120]}" if refusals else said


def suspicion_lies_in_0_1(subject: Subject) -> None:
    """Suspicions are numbers in [0, 1], one a round."""
    for chair in each(_alone(subject)):
        for view in chair.clean(0, ROUNDS):
            ask_suspicion(chair.ready, view, lambda: Meter(1))


def same_seed_same_suspicions(subject: Subject) -> None:
    """The same rounds get the same suspicions, bit for bit, at the same cost, whatever was played in between."""
    for chair in each(_alone(subject)):
        (first,), (between,), (second,) = chair.clean(0, ROUNDS), chair.clean(1, 3), chair.clean(0, ROUNDS)
        answers = asked(chair.ready, first)
        asked(chair.ready, between)
        again = asked(chair.ready, second)
        demand(same(answers, again), f"suspicions {answers.tolist()}, and then {again.tolist()} in {chair}")
        demand(same(first.meter.counts, second.meter.counts), f"another use of its budget the second time in {chair}")


def a_suspicion_depends_on_its_own_round(subject: Subject) -> None:
    """Row r of a block is the block of one of its round."""
    for chair in each(_alone(subject)):
        (view,), (other,) = chair.clean(0, ROUNDS), chair.clean(0, ROUNDS)
        whole = asked(chair.ready, view)
        alone = [asked(chair.ready, other._alone_with(r, Meter(1)))[0] for r in reversed(range(ROUNDS))]
        demand(same(whole, alone[::-1]), f"{whole.tolist()} in a block, {alone[::-1]} one by one in {chair}")


def leaves_its_view_alone(subject: Subject) -> None:
    """Models, data and inputs hold the same bytes afterwards."""
    for chair in each(_alone(subject)):
        (view,), (clean,) = chair.clean(0, ROUNDS), chair.clean(0, ROUNDS)
        asked(chair.ready, view)
        for mine, theirs in zip(view._shown, clean._shown, strict=True):
            parts = [(one.model.code, one.split.X, one.split.y, one.split.X_test, one.x) for one in (mine, theirs)]
            for one, other in zip(*parts, strict=True):
                demand(one is None or same(one, other), f"it writes into what it is shown in {chair}")


def plays_in_a_black_box(subject: Subject) -> None:
    """It reads no code, unless it declares ``reads_code`` and is therefore refused where codes are hidden."""
    if subject.thing.reads_code:
        raise NothingToCheck("it declares reads_code, so that black-box games refuse it")
    for chair in each(_alone(subject)):
        hidden = dataclasses.replace(chair.game, black_box=True)
        try:
            for view in hidden.clean_blocks(2, chair.ready):
                asked(chair.ready, view)
        except ContractError as error:
            demand("black box" not in str(error), f"{error}: write reads_code = True into its class")


def over_budget_loses_the_branch(subject: Subject) -> None:
    """With one query or example less than it uses it loses that round: it neither goes on nor breaks."""
    used = False
    for chair in each(_alone(subject)):
        (view,) = chair.clean(0, 2)
        asked(chair.ready, view)
        for name, counts in (("defender_queries", view.meter.queries), ("defender_examples", view.meter.examples)):
            if counts.min() > 0:
                used = True
                tight = dataclasses.replace(chair.game, **{name: int(counts.min()) - 1})
                (cut,) = tight.clean_blocks(2, chair.ready, seed=1)
                over = ask_suspicion(chair.ready, cut, functools.partial(tight.meter, 1))[1]
                demand(over.any(), f"it answers although {name.partition('_')[2]} are used up in {chair}")
    if not used:
        raise NothingToCheck("it uses neither queries nor examples")


def _alone(subject: Subject) -> tuple[Any, ...]:
    """Its games, unless it needs the attacker's key, which clean rounds do not have."""
    if subject.thing.holds_key:
        raise NothingToCheck("it uses the attacker's key, which clean rounds of no attacker do not have")
    return chairs(subject)[0]
