"""Checks of reveals: a trace is a function of the attacker's run alone, and says nothing false of a clean branch."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Iterator
from typing import Any

import numpy as np

from ..functions.base import Floats
from ..games import BackdoorGame
from ..games.base import Streams
from ..games.contract import call
from ..games.reveals import AttackerRun
from ..games.triggers import AfterOriginal
from ..ground.errors import BackdoorGameError
from ..ground.spec import text
from ..ground.streams import role_keys
from ..players.attackers import Attacker, NearestLegal, RandomLegal
from ..players.defenders import BlockDefender
from ..players.views import DefenderBlock
from .manners import left_alone
from .results import Broken, NothingToCheck, demand, same
from .subjects import Subject, name
from .variant_subjects import GamePlace, games_with, need, refuse

ROWS = 6
ROUNDS = 64  # of a game under one seed
WHERE = "fits_a_game"


def accept(subject: Subject) -> None:
    """Refuse a reveal that makes no sense in any of the games."""
    refuse(subject, games_with("reveal", subject))


def fits_a_game(subject: Subject) -> str:
    """It is taken by one of the games at least, and left as it is."""
    before, places = text(subject.thing), games_with("reveal", subject)
    for place, sentence in places.breaks:
        raise Broken(sentence, place)
    demand(isinstance(subject.thing.nothing, bool), f"nothing must be a bool, got {subject.thing.nothing!r}")
    demand(text(subject.thing) == before, f"a game turns {before[:200]} into {name(subject.thing)}")
    return places.remark


def a_trace_is_an_entry_a_round(subject: Subject) -> None:
    """`trace_block` gives an array with an entry for each round, of a block of one as well."""
    for place in _places(subject):
        for rows in (1, ROWS):
            trace = _traced(subject, _run(place, rows))
            demand(isinstance(trace, np.ndarray), f"trace_block() must give an array, got {type(trace).__name__}")
            right = trace.ndim >= 1 and len(trace) == rows
            demand(right, f"trace_block() must give an entry for each of {rows} rounds, got shape {trace.shape}")


def same_run_same_trace(subject: Subject) -> None:
    """The same run gives the same trace, whatever was revealed in between; no coin is tossed."""
    for place in _places(subject):
        run, other = _run(place, ROWS), _run(place, ROWS, seed=1)
        with left_alone():
            first, _, second = (_traced(subject, one) for one in (run, other, run))
        demand(_equal(first, second), f"another trace the second time in {place}")


def a_trace_depends_on_its_own_round(subject: Subject) -> None:
    """Row r of a trace is that of a block of one of its round, in whatever order they stand."""
    for place in _places(subject):
        run = _run(place, ROWS)
        whole = _traced(subject, run)
        turned = _traced(subject, _rows(run, slice(None, None, -1)))
        demand(_equal(whole[::-1], turned), f"the order of rounds changes a trace in {place}")
        for r in range(ROWS):
            alone = _traced(subject, _rows(run, slice(r, r + 1)))
            demand(_equal(whole[r : r + 1], alone), f"round {r} has another trace in a block of one in {place}")


def leaves_the_run_alone(subject: Subject) -> None:
    """Codes and coins hold the same bytes afterwards."""
    for place in _places(subject):
        run, clean = _run(place, ROWS, write=True), _run(place, ROWS)
        _traced(subject, run)
        demand(same(run.codes, clean.codes), "trace_block() writes into the codes")
        demand(same(run.coins, clean.coins), "trace_block() writes into the coins")


def entries_cannot_be_written_to(subject: Subject) -> None:
    """What stands in an entry is fixed: what one call could leave in it, the call of the other branch would read."""
    for place in _places(subject):
        for trace in (_traced(subject, _run(place, ROWS)), *_played(subject, place).traces):
            entries = trace if trace.dtype == object else ()  # of numbers the engine makes a read-only copy
            loose = next((found for entry in entries for found in _loose(entry)), None)
            told = "make arrays read-only and lists tuples"
            demand(loose is None, f"an entry of a trace can be written to, by its {loose}: {told}")


def symbols_are_equal_where_traces_are(subject: Subject) -> None:
    """`symbols`, where given, number the originals: two are equal exactly where runs that chose them show the same."""
    stated = False
    for place in _places(subject):
        if place.codes is None:
            continue
        symbols = _symbols(subject, place)
        if symbols is None:
            continue
        stated = True
        right = symbols.shape == (len(place.codes),) and symbols.dtype.kind in "iu"
        demand(right, f"symbols() must be {len(place.codes)} whole numbers, got {symbols.dtype} of {symbols.shape}")
        trace = _traced(subject, _chosen(place))
        for i, j in zip(*np.triu_indices(len(symbols), 1), strict=True):
            equal = _equal(trace[i : i + 1], trace[j : j + 1])
            told = f"f = {place.codes[i].tolist()} and {place.codes[j].tolist()} in {place}"
            demand(equal == (symbols[i] == symbols[j]), f"symbols() and traces disagree on {told}")
    if not stated:
        raise NothingToCheck("it gives no symbols: f alone does not decide what is shown")


def nothing_shows_nothing(subject: Subject) -> None:
    """Where it says that it shows nothing, all traces are alike."""
    if not subject.thing.nothing:
        raise NothingToCheck("it shows something")
    for place in _places(subject):
        trace = _traced(subject, _run(place, ROWS))
        alike = all(_equal(trace[:1], trace[r : r + 1]) for r in range(ROWS))
        demand(alike, "it says that it shows nothing, and its traces differ")


def contradicts_no_clean_branch(subject: Subject) -> None:
    """`contradicts` says bool, each round by itself, and never of a clean branch that something is planted."""
    for place in _places(subject):
        found = _played(subject, place)
        if found.broken is not None:
            raise Broken(found.broken, str(place))


CHECKS = (
    a_trace_is_an_entry_a_round,
    same_run_same_trace,
    a_trace_depends_on_its_own_round,
    leaves_the_run_alone,
    entries_cannot_be_written_to,
    symbols_are_equal_where_traces_are,
    nothing_shows_nothing,
    contradicts_no_clean_branch,
)


class _Reads(BlockDefender):
    """Flags where a reveal contradicts the round, and keeps what it was shown and how answers broke."""

    def __init__(self, attacker: Attacker) -> None:
        self.attacker = attacker
        self.traces: list[Any] = []
        self.broken: list[str] = []

    def suspicion_block(self, view: DefenderBlock) -> Floats:
        self.traces.append(view.trace)
        reveal = view.game.reveal
        said = np.asarray(reveal.contradicts(view, self.attacker))
        if said.shape != (len(view),) or said.dtype != np.bool_:
            self.broken.append(f"contradicts() must give bool of shape ({len(view)},), got {said.dtype} {said.shape}")
            return np.zeros(len(view))
        for r in range(0, len(view), 9):
            alone = np.asarray(reveal.contradicts(view._alone_with(r, view.meter), self.attacker))
            if not same(alone, said[r : r + 1]):
                self.broken.append("contradicts() says something else of a round in a block of one")
        return said.astype(np.float64)


@dataclasses.dataclass(frozen=True)
class _Found:
    traces: tuple[Any, ...] = ()
    broken: str | None = None


def _played(subject: Subject, place: GamePlace) -> _Found:
    """What a reader of traces finds in rounds of the game by its source's own rules."""
    game = dataclasses.replace(place.game, trigger=AfterOriginal(), clean_input="fresh", reveal=subject.thing)
    traces: list[Any] = []
    if game.reveal is None:
        return _Found()
    for attacker in _attackers(game):
        reader = _Reads(attacker)
        run = dataclasses.replace(game.ready(attacker), defenders=(reader,))
        (outcome,) = run.play(Streams(0, game), range(ROUNDS))
        traces += reader.traces
        if reader.broken:
            return _Found(tuple(traces), reader.broken[0])
        wrong = np.flatnonzero(outcome.shown[0] & (outcome.suspicion[0] > 0))
        if len(wrong):
            told = f"contradicts() says that round {wrong[0]} against {text(attacker)} is planted, and it is clean"
            return _Found(tuple(traces), told)
    return _Found(tuple(traces))


def _attackers(game: BackdoorGame) -> Iterator[Attacker]:
    for attacker in (NearestLegal(), RandomLegal()):
        try:
            ready: Attacker = game.ready(attacker).attacker
        except BackdoorGameError:
            continue
        if game.distribution is not None:
            yield ready


def _places(subject: Subject) -> tuple[GamePlace, ...]:
    return need(games_with("reveal", subject), WHERE)


def _run(place: GamePlace, rows: int, *, seed: int = 0, write: bool = False) -> AttackerRun:
    """A run that asked of one point and chose random members."""
    functions = place.game.functions
    codes = functions.draw_members(role_keys(seed, "testing", "choose", 0, rows))
    coins = np.stack([role_keys(seed, "testing", role, 0, rows) for role in ("choose", "pick", "plant")], axis=1)
    X = place.law.sample_block(role_keys(seed, "testing", "trigger", 0, rows), 0, 1)
    for array in (codes, coins, X):
        array.setflags(write=write)
    asked = tuple((("offered", x),) for x in X)
    return AttackerRun(functions, codes, coins, asked)


def _chosen(place: GamePlace) -> AttackerRun:
    """Runs that differ in f alone: each member once."""
    assert place.codes is not None
    one = _run(place, 1)
    count = len(place.codes)
    return AttackerRun(one.functions, place.codes, np.repeat(one.coins, count, axis=0), one.asked * count)


def _rows(run: AttackerRun, rows: slice) -> AttackerRun:
    return AttackerRun(run.functions, run.codes[rows].copy(), run.coins[rows].copy(), run.asked[rows])


def _traced(subject: Subject, run: AttackerRun) -> Any:
    return call(subject.thing, "trace_block", functools.partial(subject.thing.trace_block, run))


def _symbols(subject: Subject, place: GamePlace) -> Any:
    assert place.codes is not None
    ask = functools.partial(subject.thing.symbols, place.game.functions, place.codes.copy())
    found = call(subject.thing, "symbols", ask)
    return None if found is None else np.asarray(found)


def _equal(one: Any, other: Any) -> bool:
    """Whether traces are equal, entries of several arrays part by part."""
    if isinstance(one, np.ndarray) and one.dtype != object:
        return isinstance(other, np.ndarray) and same(one, other)
    if isinstance(one, np.ndarray | tuple | list):
        return type(one) is type(other) and len(one) == len(other) and all(map(_equal, one, other))
    return bool(one == other)


def _loose(entry: Any) -> Iterator[str]:
    """What of an entry can be written to, by its type."""
    if isinstance(entry, np.ndarray) and entry.flags.writeable:
        yield "array"
    elif isinstance(entry, tuple):
        for part in entry:
            yield from _loose(part)
    elif isinstance(entry, list | dict | set | bytearray):
        yield type(entry).__name__
