"""Checks of what players say of their own randomness: stated probabilities against simulation."""

from __future__ import annotations

import functools
import math
from collections import Counter, defaultdict
from typing import Any

import numpy as np

from ..functions.base import Codes
from ..ground.errors import MissingCapability
from ..ground.inheritance import overrides
from ..players.attackers.base import PLANT
from ..players.defenders import Defender
from ..players.views import AttackerBlock, DefenderBlock, Meter
from .attackers import chosen, originals, planted
from .defenders import asked
from .results import NothingToCheck, demand
from .rounds import traced
from .simulation import ROUNDING, demand_frequency, demand_law
from .subjects import Seat, Subject, on_every_seat

CASES = 12  # each simulates thousands of rounds
PAIRS = 3  # of (f, x) a case: rows that are mixed up show
COPIES = 1500  # rounds of each pair: a probability that is off by 0.08 is found at level 1 - 1e-9


def suspicion_probability_is_right(subject: Subject) -> None:
    """`suspicion_probability`, where offered, needs no key, costs nothing and agrees with simulation."""
    if not overrides(subject.thing, Defender.suspicion_probability):
        raise NothingToCheck("it offers no suspicion_probability")
    offered = []

    def body(game: Seat, seed: int) -> None:
        few, many = game.rounds(seed, PAIRS), game.rounds(seed, PAIRS * COPIES)
        view = few.defending()
        try:
            stated = np.asarray(game.ready.suspicion_probability(view))
        except MissingCapability:
            return
        offered.append(game)
        demand(stated.shape == (PAIRS,), f"suspicion_probability() must have shape ({PAIRS},), got {stated.shape}")
        demand(not (view.meter.examples.any() or view.meter.evaluations.any()), "it charges for saying so")
        codes, X = np.repeat(few.codes, COPIES, axis=0), np.repeat(few.X, COPIES, axis=0)
        keys, oracle = many.keys("defender/0"), many.keys("oracle/0")
        shown = traced(game.game, few.codes)
        last = keys[-PAIRS:], oracle[-PAIRS:]
        others = DefenderBlock(game.game, few.law, few.codes, few.X, *last, Meter(PAIRS), trace=shown)
        again = np.asarray(game.ready.suspicion_probability(others))
        demand(np.allclose(stated, again, rtol=0, atol=ROUNDING), "it depends on the keys of the round")
        meter, trace = Meter(PAIRS * COPIES), traced(game.game, codes)
        block = DefenderBlock(game.game, few.law, codes, X, keys, oracle, meter, trace=trace)
        flags = asked(game, block) >= game.ready.threshold
        for r, hits in enumerate(flags.reshape(PAIRS, COPIES).sum(axis=1)):
            what = f"flagging f' = {few.codes[r].tolist()} at x' = {few.X[r].tolist()}"
            demand_frequency(hits, COPIES, stated[r], what)

    on_every_seat(subject, body, cases=CASES, least=1, seed=_seeds())
    if not offered:
        raise NothingToCheck("it offers no suspicion_probability on these games")


def choose_law_is_right(subject: Subject) -> None:
    """`choose_law`, where offered, names members with probabilities that sum to 1 and agree with simulation."""
    offered = []

    def body(game: Seat, seed: int) -> None:
        law = game.ready.choose_law(game.game, game.distribution)
        if law is None:
            return
        offered.append(game)
        codes, probabilities = _checked_law(game, law[0], law[1])
        total = math.fsum(probabilities.tolist())
        demand(abs(total - 1) <= ROUNDING, f"the probabilities of choose_law() sum to {total:.9g}")
        drawn = chosen(game, game.rounds(seed, PAIRS * COPIES).choosing())
        demand_law(
            Counter(map(tuple, drawn.tolist())), _by_code(codes, probabilities), lambda code: f"f = {list(code)}"
        )

    on_every_seat(subject, body, cases=CASES, least=1, seed=_seeds())
    if not offered:
        raise NothingToCheck("it offers no choose_law")


def plant_law_is_right(subject: Subject) -> None:
    """`plant_law`, where offered, names members with probabilities of at most 1 a round that agree with simulation."""
    offered = []

    def body(game: Seat, seed: int) -> None:
        few, many = game.rounds(seed, PAIRS), game.rounds(seed, PAIRS * COPIES)
        f = originals(game, few)
        law = game.ready.plant_law(few.planting(f))
        if law is None:
            return
        offered.append(game)
        rows = np.asarray(law[0])
        demand(((rows >= 0) & (rows < PAIRS)).all(), f"plant_law() names rows outside 0 .. {PAIRS - 1}: {rows}")
        codes, probabilities = _checked_law(game, law[1], law[2])
        demand(len(rows) == len(codes), f"plant_law() has {len(rows)} rows for {len(codes)} codes")
        drawn = _plants(game, few, many, f)
        for r in range(PAIRS):
            stated = _by_code(codes[rows == r], probabilities[rows == r])
            total = math.fsum(stated.values())
            demand(total <= 1 + ROUNDING, f"the probabilities of plant_law() sum to {total:.9g} in a round")
            shown = functools.partial(_shown_plant, f"f = {f[r].tolist()} and x* = {few.X[r].tolist()}")
            stated[None] = max(0.0, 1 - total)
            demand_law(drawn[r], stated, shown)

    on_every_seat(subject, body, cases=CASES, least=1, seed=_seeds())
    if not offered:
        raise NothingToCheck("it offers no plant_law")


def _shown_plant(given: str, g: Any) -> str:
    return f"f* = {g and list(g)} at {given}"


def _seeds() -> Any:
    """One of a few seeds: simulations are long."""
    from hypothesis import strategies

    return strategies.integers(0, 3)


def _plants(game: Seat, few: Any, many: Any, f: Codes) -> list[Counter[Any]]:
    """How often each plant is drawn for each pair of f and x*; None for a forfeit."""
    codes, X = np.repeat(f, COPIES, axis=0), np.repeat(few.X, COPIES, axis=0)
    keys, referee = many.keys("plant"), many.keys("referee")
    view = AttackerBlock(game.game, few.law, keys, Meter(len(keys)), codes=codes, X_star=X, referee_keys=referee)
    g, said = planted(game, view)
    answers = [tuple(code) if told == PLANT else None for code, told in zip(g.tolist(), said, strict=True)]
    return [Counter(answers[r * COPIES : (r + 1) * COPIES]) for r in range(PAIRS)]


def _checked_law(game: Seat, codes: Any, probabilities: Any) -> tuple[Codes, Any]:
    functions = game.game.functions
    codes, probabilities = np.asarray(codes), np.asarray(probabilities, dtype=np.float64)
    shaped = codes.shape == (len(probabilities), functions.code_length) and codes.dtype == functions.code_dtype
    demand(shaped, f"a law's codes must be members' codes, one for each probability, got shape {codes.shape}")
    demand(functions.contains(codes).all(), "a law names a code that is no member")
    demand(((probabilities >= 0) & (probabilities <= 1 + ROUNDING)).all(), "a law's probabilities must lie in [0, 1]")
    return codes, probabilities


def _by_code(codes: Codes, probabilities: Any) -> dict[Any, float]:
    stated: dict[Any, float] = defaultdict(float)
    for code, probability in zip(codes.tolist(), probabilities.tolist(), strict=True):
        stated[tuple(code)] += probability
    return dict(stated)
