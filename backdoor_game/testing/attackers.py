"""Checks of attackers: plants, their randomness, what they leave alone and what they may use."""

from __future__ import annotations

import dataclasses

import numpy as np

from ..functions.base import Codes
from ..games.base import Streams
from ..games.contract import ask_original, ask_plants, call
from ..games.outcomes import ILLEGAL
from ..ground.errors import BudgetExceeded, InvalidArgument, MissingCapability
from ..ground.inheritance import overrides
from ..ground.streams import Generators
from ..players.attackers import Attacker
from ..players.attackers.base import NO_PLANT, PLANT, Plants
from ..players.defenders import AlwaysClean
from ..players.views import AttackerBlock, Meter
from .manners import GOES_ON, QUARTERS, left_alone, share
from .results import demand, same
from .rounds import Rounds
from .subjects import BETWEEN, Seat, Subject, demand_same, drawn_rounds, on_every_seat, on_long_blocks, pieces, seat


def chosen(game: Seat, view: AttackerBlock) -> Codes:
    """The originals, as they are returned."""
    return np.asarray(call(game.ready, "choose_block", lambda: game.ready.choose_block(view)))


def planted(game: Seat, view: AttackerBlock) -> Plants:
    """The plants, f standing where there is none, and the answers."""
    codes, answers = call(game.ready, "plant_block", lambda: game.ready.plant_block(view))
    answers, f = np.asarray(answers), view.chosen()[0]
    return np.where((answers == PLANT)[:, None], codes, f), answers


def originals(game: Seat, drawn: Rounds) -> Codes:
    """Members for all rounds: the attacker's own, and random ones where it has none to show."""
    codes = chosen(game, drawn.choosing())
    valid = game.game.functions.contains(codes)
    return np.where(valid[:, None], codes, drawn.codes).astype(codes.dtype)


def plants_are_legal(subject: Subject) -> None:
    """Every f and f* is a member, f* differs from f at the trigger and on at most epsilon; giving up is legal."""

    def body(game: Seat, seed: int, rounds: int) -> None:
        run = game.game.ready(game.ready, AlwaysClean())
        found = run.play(Streams(seed, game.game), range(rounds))[0]
        if not (found.status == ILLEGAL).any():
            return
        drawn, r = game.rounds(seed, rounds), int(np.flatnonzero(found.status == ILLEGAL)[0])
        f = chosen(game, drawn.choosing())
        demand(game.game.functions.contains(f)[r], f"round {r}: f = {f[r].tolist()} is no member")
        view = drawn.planting(f)
        g, _ = planted(game, view)
        what = f"f = {f[r].tolist()}, f* = {g[r].tolist()}, x* = {drawn.X[r].tolist()}"
        if not game.game.functions.contains(g)[r]:
            demand(False, f"round {r}: f* is no member ({what})")
        differs = game.game.functions.evaluate(g, drawn.X[:, None]) != game.game.functions.evaluate(f, drawn.X[:, None])
        demand(differs[r, 0], f"round {r}: f* does not differ at the trigger ({what})")
        far = view.distance(g)[r]
        demand(False, f"round {r}: f* differs on {far:.6g}, epsilon is {game.game.epsilon:g} ({what})")

    on_every_seat(subject, body, **drawn_rounds())


def same_seed_same_plants(subject: Subject) -> None:
    """The same rounds under the same seed get the same originals and plants, at the same cost.

    Other rounds are played in between, and nothing is drawn from the generators that the process shares. What it keeps
    of earlier rounds shows where those in between change it.
    """

    def others(game: Seat, seed: int) -> None:
        drawn = game.rounds(seed + 1, BETWEEN)
        planted(game, drawn.planting(originals(game, drawn)))

    def body(game: Seat, seed: int, rounds: int) -> None:
        drawn = game.rounds(seed, rounds)
        with left_alone():
            f = chosen(game, drawn.choosing())
            others(game, seed)
            again = chosen(game, drawn.choosing())
        demand(same(f, again), f"f = {f.tolist()}, and then {again.tolist()}")
        f = originals(game, drawn)
        views = drawn.planting(f), drawn.planting(f)
        with left_alone():
            g, said = planted(game, views[0])
            others(game, seed)
            h, told = planted(game, views[1])
        demand(same(g, h) and same(said, told), f"f* = {g.tolist()}, and then {h.tolist()}")
        demand(same(*(view.meter.evaluations for view in views)), "another number of evaluations the second time")

    on_every_seat(subject, body, **drawn_rounds())


def leaves_its_view_alone(subject: Subject) -> None:
    """Codes, triggers and keys hold the same bytes afterwards, and are read-only still."""

    def body(game: Seat, seed: int, rounds: int) -> None:
        drawn = game.rounds(seed, rounds)
        before, f = drawn.choosing(), originals(game, drawn)
        chosen(game, before)
        view = drawn.planting(f)
        planted(game, view)
        clean = drawn.planting(f)
        for seen, name in ((before, "keys"), (view, "codes"), (view, "X_star"), (view, "keys")):
            array, untouched = getattr(seen, name), getattr(drawn.choosing() if seen is before else clean, name)
            demand(same(array, untouched), f"it writes into {name} of its view")
            demand(not array.flags.writeable, f"it makes {name} of its view writable")

    on_every_seat(subject, body, **drawn_rounds())


def a_round_is_a_block_of_one(subject: Subject) -> None:
    """`choose` and `plant` of a round are `choose_block` and `plant_block` of a block of one, at the same cost."""

    def body(game: Seat, seed: int) -> None:
        drawn = game.rounds(seed, 1)
        block, alone = drawn.choosing(), drawn.choosing()
        rng = Generators().keyed(alone.keys[0])
        if overrides(game.ready, Attacker.choose):  # whose block form asks the class for a block
            one = call(game.ready, "choose", lambda: game.ready.choose(alone.row(0), rng)).code
            many = chosen(game, block)
            demand(same(many, one[None]), f"choose() gives {one.tolist()}, choose_block() {many[0].tolist()}")
        block, alone = drawn.planting(originals(game, drawn)), drawn.planting(originals(game, drawn))
        rng = Generators().keyed(alone.keys[0])
        g = call(game.ready, "plant", lambda: game.ready.plant(alone.row(0), rng))
        codes, said = planted(game, block)
        told = "None" if g is None else str(g.code.tolist())
        agree = (g is None) == (said[0] == NO_PLANT) and (said[0] != PLANT or same(codes, g.code[None]))
        demand(agree, f"plant() gives {told}, plant_block() {codes[0].tolist()} with answer {said[0]}")
        demand(same(alone.meter.evaluations, block.meter.evaluations), "plant() and plant_block() cost differently")

    on_every_seat(subject, body, seed=drawn_rounds()["seed"])


def a_plant_depends_on_its_own_round(subject: Subject) -> None:
    """Row r of a block is the block of one of its round, whatever stands beside it and in whatever order."""

    def body(game: Seat, seed: int, rounds: int) -> None:
        drawn = game.rounds(seed, rounds)
        f, whole = originals(game, drawn), chosen(game, drawn.choosing())
        g, said = planted(game, drawn.planting(f))
        for rows in pieces(rounds):
            demand_same("f = ", whole[rows], chosen(game, drawn.choosing(rows)), rounds)
            h, told = planted(game, drawn.planting(f, rows))
            demand_same("f* = ", g[rows], h, rounds)
            demand_same("the answer is ", said[rows], told, rounds)

    on_every_seat(subject, body, **drawn_rounds())
    on_long_blocks(subject, body)


def over_budget_is_a_forfeit(subject: Subject) -> None:
    """With fewer evaluations than it uses it forfeits: it neither goes on nor breaks."""
    from hypothesis import strategies

    def body(game: Seat, seed: int, rounds: int, evaluations: int) -> None:
        free, meter = game.rounds(seed, rounds), Meter(rounds)
        chosen(game, free.choosing(meter=meter))
        planted(game, free.planting(originals(game, free), meter=meter))
        most = share(int(meter.evaluations.max()), evaluations)
        try:
            poor = seat(subject.thing, dataclasses.replace(game.game, attacker_evaluations=most))
        except (InvalidArgument, MissingCapability):
            return
        drawn, meter = poor.rounds(seed, rounds), Meter(rounds, evaluations=most)
        f, over = ask_original(poor.ready, drawn.choosing(meter=meter), lambda: Meter(1, evaluations=most))
        f = np.where(game.game.functions.contains(f)[:, None], f, drawn.codes)
        _, said = ask_plants(poor.ready, drawn.planting(f, meter=meter), lambda: Meter(1, evaluations=most))
        for r in range(rounds):
            row, own = slice(r, r + 1), Meter(1, evaluations=most)
            try:
                chosen(poor, drawn.choosing(row, own))
                demand(not own.refused.any(), GOES_ON)
                demand(not over[r], f"round {r} forfeits in a block but not alone")
                _, told = planted(poor, drawn.planting(f, row, own))
                demand(not own.refused.any(), GOES_ON)
                demand(told[0] == said[r], f"round {r} answers {said[r]} in a block and {told[0]} alone")
            except BudgetExceeded:
                demand(over[r] or said[r] == NO_PLANT, f"round {r} forfeits alone but not in a block")

    on_every_seat(subject, body, evaluations=strategies.integers(0, QUARTERS + 1), **drawn_rounds(rows=3))
