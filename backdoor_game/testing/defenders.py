"""Checks of defenders: suspicions, their randomness, what they leave alone and what they may use."""

from __future__ import annotations

import dataclasses

import numpy as np

from ..functions.base import Floats
from ..games.contract import ask_suspicion, call
from ..ground.errors import BudgetExceeded, ContractError, InvalidArgument, MissingCapability
from ..ground.streams import Generators
from ..players.views import DefenderBlock, Meter
from .manners import GOES_ON, QUARTERS, left_alone, share
from .results import NothingToCheck, demand, same
from .subjects import BETWEEN, Seat, Subject, demand_same, drawn_rounds, on_every_seat, on_long_blocks, pieces, seat


def asked(game: Seat, view: DefenderBlock) -> Floats:
    """The suspicions as they are returned, in range or not."""
    answers = call(game.ready, "suspicion_block", lambda: game.ready.suspicion_block(view))
    values = np.asarray(answers, dtype=np.float64)
    if values.shape != (len(view),):
        raise ContractError(f"suspicion_block() must return numbers of shape ({len(view)},), got {values.shape}")
    return values


def suspicion_lies_in_0_1(subject: Subject) -> None:
    """Suspicions are numbers in [0, 1], one a round."""

    def body(game: Seat, seed: int, rounds: int) -> None:
        ask_suspicion(game.ready, game.rounds(seed, rounds).defending(), lambda: Meter(1))

    on_every_seat(subject, body, **drawn_rounds())


def same_seed_same_suspicions(subject: Subject) -> None:
    """The same rounds under the same seed get the same suspicions, bit for bit, at the same cost.

    Other rounds are played in between, and nothing is drawn from the generators that the process shares. What it keeps
    of earlier rounds shows where those in between change it.
    """

    def body(game: Seat, seed: int, rounds: int) -> None:
        drawn = game.rounds(seed, rounds)
        views = drawn.defending(), drawn.defending()
        with left_alone():
            first = asked(game, views[0])
            asked(game, game.rounds(seed + 1, BETWEEN).defending())
            second = asked(game, views[1])
        demand(same(first, second), f"suspicions {first.tolist()}, and then {second.tolist()}")
        demand(same(*(view.meter.examples for view in views)), "another number of examples the second time")
        demand(same(*(view.meter.evaluations for view in views)), "another number of evaluations the second time")

    on_every_seat(subject, body, **drawn_rounds())


def leaves_its_view_alone(subject: Subject) -> None:
    """Codes, inputs, keys and examples hold the same bytes afterwards, and are read-only still."""

    def body(game: Seat, seed: int, rounds: int) -> None:
        drawn = game.rounds(seed, rounds)
        view, clean = drawn.defending(), drawn.defending()
        asked(game, view)
        for name in ("X", "keys") if view.black_box else ("codes", "X", "keys"):
            array = getattr(view, name)
            demand(same(array, getattr(clean, name)), f"it writes into {name} of its view")
            demand(not array.flags.writeable, f"it makes {name} of its view writable")
        touched = view.touched()
        demand(touched is None, str(touched))

    on_every_seat(subject, body, **drawn_rounds())


def plays_in_a_black_box(subject: Subject) -> None:
    """It reads no code, unless it declares ``reads_code`` and is therefore refused where codes are hidden."""
    if subject.thing.reads_code:
        raise NothingToCheck("it declares reads_code, so that black-box games refuse it")

    def body(game: Seat, seed: int, rounds: int) -> None:
        try:
            asked(game, game.rounds(seed, rounds).defending(black_box=True))
        except ContractError as error:  # what else it does wrong is told by the other checks
            demand("black box" not in str(error), f"{error}: write reads_code = True into its class")

    on_every_seat(subject, body, **drawn_rounds(rows=3))


def a_round_is_a_block_of_one(subject: Subject) -> None:
    """`suspicion` of a round is `suspicion_block` of a block of one, at the same cost."""

    def body(game: Seat, seed: int) -> None:
        drawn = game.rounds(seed, 1)
        block, alone = drawn.defending(), drawn.defending()
        rng = Generators().keyed(alone.keys[0])
        one = call(game.ready, "suspicion", lambda: game.ready.suspicion(alone.row(0), rng))
        many = asked(game, block)
        demand(same(many, [float(one)]), f"suspicion() says {one} where suspicion_block() says {many[0]}")
        costs = [(int(v.meter.examples[0]), int(v.meter.evaluations[0])) for v in (alone, block)]
        demand(costs[0] == costs[1], f"(examples, evaluations): suspicion() uses {costs[0]}, the block {costs[1]}")

    on_every_seat(subject, body, seed=drawn_rounds()["seed"])


def a_suspicion_depends_on_its_own_round(subject: Subject) -> None:
    """Row r of a block is the block of one of its round, whatever stands beside it and in whatever order."""

    def body(game: Seat, seed: int, rounds: int) -> None:
        drawn = game.rounds(seed, rounds)
        whole = asked(game, drawn.defending())
        for rows in pieces(rounds):
            demand_same("suspicion ", whole[rows], asked(game, drawn.defending(rows)), rounds)

    on_every_seat(subject, body, **drawn_rounds())
    on_long_blocks(subject, body)


def over_budget_is_a_forfeit(subject: Subject) -> None:
    """With fewer examples or evaluations than it uses it forfeits: it neither goes on nor breaks."""
    from hypothesis import strategies

    def body(game: Seat, seed: int, rounds: int, examples: int, evaluations: int) -> None:
        free = game.rounds(seed, rounds).defending()
        asked(game, free)
        granted = share(int(free.meter.examples.max()), examples), share(int(free.meter.evaluations.max()), evaluations)
        fewer = dataclasses.replace(game.game, defender_examples=granted[0], defender_evaluations=granted[1])
        try:
            poor = seat(subject.thing, fewer)
        except (InvalidArgument, MissingCapability):  # it refuses to play so poor
            return
        _forfeits(poor, seed, rounds, *granted)

    quarters = strategies.integers(0, QUARTERS + 1)
    on_every_seat(subject, body, examples=quarters, evaluations=quarters, **drawn_rounds(rows=3))


def _forfeits(poor: Seat, seed: int, rounds: int, examples: int | None, evaluations: int | None) -> None:
    """Play in a block and round by round: the same rounds are forfeits, and none goes on beyond its budget."""
    drawn = poor.rounds(seed, rounds)
    view = drawn.defending(meter=Meter(rounds, examples=examples, evaluations=evaluations))
    _, over = ask_suspicion(poor.ready, view, lambda: Meter(1, examples=examples, evaluations=evaluations))
    for r in range(rounds):
        meter = Meter(1, examples=examples, evaluations=evaluations)
        try:
            asked(poor, drawn.defending(slice(r, r + 1), meter))
        except BudgetExceeded:
            demand(over[r], f"round {r} forfeits alone but not in a block")
            continue
        demand(not meter.refused.any(), GOES_ON)
        demand(not over[r], f"round {r} forfeits in a block but not alone")
