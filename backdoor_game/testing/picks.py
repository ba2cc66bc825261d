"""Checks of players in variants of the game, and of attackers that pick their trigger or see it before f."""

from __future__ import annotations

import dataclasses
import functools
import math
from collections import Counter
from collections.abc import Iterator
from typing import Any

import numpy as np

from ..functions.base import Codes
from ..games import BackdoorGame
from ..games.base import Run, Streams
from ..games.contract import call
from ..games.predicates import OneOf
from ..games.reveals import Coins, Original
from ..games.triggers import BeforeOriginal, Chosen, Satisfying, WorstOf
from ..ground.errors import BackdoorGameError, ContractError
from ..ground.inheritance import overrides
from ..ground.spec import text
from ..ground.streams import Words, role_keys
from ..players.attackers import Attacker, NearestLegal, RandomLegal, Shattered
from ..players.defenders import AlwaysClean, Defender
from ..players.views import AttackerBlock, Meter
from ..spaces.checked import checked
from ..spaces.domains import Points
from .results import Broken, NothingToCheck, demand, same
from .simulation import ROUNDING, demand_law
from .subjects import Seat, Subject, demand_same, seat, seats

ROUNDS = 9  # of each variant
PAIRS, COPIES = 3, 1500  # of (f, offer), and rounds of each: as `player_laws` has them
MOST_POINTS = 8  # of D's atoms: games on more take optimal players too long in each variant


def variants(game: BackdoorGame) -> tuple[BackdoorGame, ...]:
    """The game with other trigger laws, clean inputs and reveals, each of them once at least."""
    domain = game.functions.domain
    changes: list[dict[str, Any]] = [
        {"trigger": BeforeOriginal(), "clean_input": "trigger"},
        {"trigger": Chosen(), "reveal": Original(bits=2)},
        {"trigger": WorstOf(draws=3)},
        {"clean_input": "trigger", "reveal": Coins()},
    ]
    listed = None if game.distribution is None else game.distribution.atoms()
    points = domain.points() if listed is None and domain.size is not None else None
    if listed is not None:
        points = np.asarray(listed[0])[np.asarray(listed[1]) > 0]
    if points is not None:
        two = OneOf(tuple(tuple(point) for point in points[:2].tolist()))
        changes.append({"trigger": Satisfying(two), "clean_input": "trigger"})
    return tuple(dataclasses.replace(game, **change) for change in changes)


def plays_variants_or_refuses(subject: Subject) -> str:
    """In every variant it plays, or `prepare` refuses in one sentence."""
    played, refusals = 0, []
    for game in variants(_home(subject).game):
        try:
            run = _run(subject, game)
        except ContractError as error:
            raise Broken(str(error), text(game)) from error
        except BackdoorGameError as error:
            refusals.append(str(error))
            continue
        run.play(Streams(0, game), range(ROUNDS))
        played += 1
    said = f"plays {played} of {played + len(refusals)} variants"
    return f"{said}; the first that it refuses: {refusals[0][:120]}" if refusals else said


def picks_are_admitted(subject: Subject) -> None:
    """Where it has a choice, the trigger that it picks is one of the offer, or admitted where there is no offer."""
    for at in _choosing_seats(subject):
        view = _picking(at, ROUNDS)
        X = _picked(at, view)
        shape = (ROUNDS, at.game.functions.domain.n)
        demand(X.shape == shape, f"pick_block() must give points of shape {shape}, got {X.shape} in {at}")
        good = at.game._admitted(checked(at.distribution, at.game.functions.domain), view.offered, X)
        told = f"{X[~good][:1].tolist()} is picked, which the law does not leave to it in {at}"
        demand(good.all(), told)


def a_pick_depends_on_its_own_round(subject: Subject) -> None:
    """Row r of what it picks is the block of one of its round, the same every time."""
    for at in _choosing_seats(subject):
        view = _picking(at, ROUNDS)
        whole, again = (_picked(at, _picking(at, ROUNDS)) for _ in range(2))
        demand(same(whole, again), f"it picks {whole.tolist()}, and then {again.tolist()} in {at}")
        for r in range(ROUNDS):
            alone = _picked(at, view._alone_with(r, Meter(1)))
            demand_same("it picks ", whole[r : r + 1], alone, ROUNDS)


def pick_law_is_right(subject: Subject) -> None:
    """`pick_law`, where offered, names triggers with probabilities that sum to 1 and agree with simulation."""
    if not overrides(subject.thing, Attacker.pick_law):
        raise NothingToCheck("it offers no pick_law")
    offered = False
    for at in _choosing_seats(subject):
        few = _picking(at, PAIRS)
        law = at.ready.pick_law(few)
        if law is None:
            continue
        offered = True
        many = _picking(at, PAIRS * COPIES, of=few)
        X = _picked(at, many)
        _demand_rows("pick_law", law, X, f"picking {{1}} in round {{0}} of {at}")
    if not offered:
        raise NothingToCheck("it offers no pick_law on these games")


def choose_given_law_is_right(subject: Subject) -> None:
    """`choose_given_law`, where offered, names originals for each offer, with probabilities that are simulated."""
    if not overrides(subject.thing, Attacker.choose_given_law):
        raise NothingToCheck("it offers no choose_given_law")
    offered = False
    for at in _variant_seats(subject):
        if not at.game.trigger.before_original:
            continue
        few = _choosing(at, PAIRS)
        law = at.ready.choose_given_law(few)
        if law is None:
            continue
        offered = True
        codes = np.asarray(law[1])
        demand(at.game.functions.contains(codes).all(), "choose_given_law() names a code that is no member")
        many = _choosing(at, PAIRS * COPIES, of=few)
        f = np.asarray(call(at.ready, "choose_block", functools.partial(at.ready.choose_block, many)))
        _demand_rows("choose_given_law", law, f, f"f = {{1}} in round {{0}} of {at}")
    if not offered:
        raise NothingToCheck("it offers no choose_given_law on these games")


CHECKS = (
    plays_variants_or_refuses,
    picks_are_admitted,
    a_pick_depends_on_its_own_round,
    pick_law_is_right,
    choose_given_law_is_right,
)


def _demand_rows(name: str, law: Any, drawn: Any, what: str) -> None:
    """Compare the law of each of the first rows with what was drawn in its copies."""
    rows, things, chances = (np.asarray(array) for array in law)
    demand(len(rows) == len(things) == len(chances), f"{name}() must give as many rows as things and probabilities")
    demand(((rows >= 0) & (rows < PAIRS)).all(), f"{name}() names rows outside 0 .. {PAIRS - 1}: {rows}")
    for row in range(PAIRS):
        stated: Counter[Any] = Counter()
        for thing, chance in zip(things[rows == row].tolist(), chances[rows == row].tolist(), strict=True):
            stated[tuple(thing)] += chance
        total = math.fsum(stated.values())
        demand(abs(total - 1) <= ROUNDING, f"the probabilities of {name}() sum to {total:.9g} in a round")
        counted = Counter(map(tuple, drawn[row * COPIES : (row + 1) * COPIES].tolist()))
        demand_law(counted, stated, functools.partial(_shown, what, row))


def _shown(what: str, row: int, thing: Any) -> str:
    return what.format(row, list(thing))


def _home(subject: Subject) -> Seat:
    """The game whose variants are played: the first that it accepts and whose D has few atoms, else the first."""
    found = seats(subject)

    def few(at: Seat) -> bool:
        listed = at.distribution.atoms()
        return listed is not None and len(listed[0]) <= MOST_POINTS

    return next((at for at in found if few(at)), found[0])


def _run(subject: Subject, game: BackdoorGame) -> Run:
    """The player's run of a game, a defender's against the first attacker that plays it."""
    if not isinstance(subject.thing, Defender):
        return game.ready(subject.thing, AlwaysClean())
    refused: BackdoorGameError | None = None
    for attacker in (NearestLegal(), RandomLegal(), Shattered()):
        try:
            game.ready(attacker)
        except BackdoorGameError as error:
            refused = error
            continue
        return game.ready(attacker, subject.thing)
    assert refused is not None
    raise refused


def _variant_seats(subject: Subject) -> Iterator[Seat]:
    """The attacker made ready for each variant that it plays."""
    for game in variants(_home(subject).game):
        try:
            yield seat(subject.thing, game)
        except BackdoorGameError:  # what it refuses, and how, is told by `plays_variants_or_refuses`
            continue


def _choosing_seats(subject: Subject) -> list[Seat]:
    """Those in which it picks the trigger; there must be one."""
    found = [at for at in _variant_seats(subject) if at.game.trigger.draws != 1]
    if not found:
        raise NothingToCheck("it plays no variant in which it picks the trigger")
    return found


def _keys(role: str, rows: int) -> Words:
    return role_keys(0, "testing", role, 0, rows)


def _offer(at: Seat, rows: int) -> Points | None:
    law = checked(at.distribution, at.game.functions.domain)
    found = at.game.trigger.offered(law, _keys("trigger", rows))
    return None if found is None else np.asarray(found)


def _copies(array: Any, rows: int) -> Any:
    """Each row so often that there are so many in all."""
    return None if array is None else np.repeat(array, rows // len(array), axis=0)


def _choosing(at: Seat, rows: int, of: AttackerBlock | None = None) -> AttackerBlock:
    """What it sees before it picks f, of offers of its own or copies of another block's."""
    offered = _offer(at, rows) if of is None else _copies(of.offered, rows)
    seen = None if offered is None or offered.shape[1] > 1 else offered[:, 0].copy()
    law = checked(at.distribution, at.game.functions.domain)
    return AttackerBlock(at.game, law, _keys("choose", rows), Meter(rows), X_star=seen, offered=offered)


def _picking(at: Seat, rows: int, of: AttackerBlock | None = None) -> AttackerBlock:
    """What it sees when it picks the trigger, of rounds of its own or copies of another block's."""
    offered = _offer(at, rows) if of is None else _copies(of.offered, rows)
    if of is None:
        shown = at.game.trigger.before_original
        early = _choosing(at, rows) if shown else None
        codes = _original(at, rows, early)
    else:
        codes = _copies(of.codes, rows)
    law = checked(at.distribution, at.game.functions.domain)
    return AttackerBlock(
        at.game,
        law,
        _keys("pick", rows),
        Meter(rows),
        codes=codes,
        offered=offered,
        referee_keys=_keys("referee", rows),
        plant_keys=_keys("plant", rows),
    )


def _picked(at: Seat, view: AttackerBlock) -> Points:
    """The triggers, as they are returned."""
    return np.asarray(call(at.ready, "pick_block", functools.partial(at.ready.pick_block, view)))


def _original(at: Seat, rows: int, early: AttackerBlock | None) -> Codes:
    """Its originals, members where it has none to show."""
    law = checked(at.distribution, at.game.functions.domain)
    view = AttackerBlock(at.game, law, _keys("choose", rows), Meter(rows)) if early is None else early
    f = np.asarray(call(at.ready, "choose_block", functools.partial(at.ready.choose_block, view)))
    functions = at.game.functions
    valid = functions.are_members(f)
    return np.where(valid[:, None], f, functions.draw_members(_keys("referee", rows))).astype(f.dtype)
