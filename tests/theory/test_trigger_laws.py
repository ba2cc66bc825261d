"""Pages on variants of the game, and the package: one value for their games, and fractions that it solves."""

from __future__ import annotations

import dataclasses
import random
from fractions import Fraction
from itertools import pairwise, product

import numpy as np
import pytest
from scipy.sparse import csr_array

from backdoor_game import (
    AllFunctions,
    BackdoorGame,
    CoinFlip,
    Explicit,
    Singletons,
    Thresholds,
    Uniform,
    Weighted,
    best_response,
    exact_win_rate,
    solve,
)
from backdoor_game.exact.variants import variant_equilibrium
from backdoor_game.experiments.trace import Remainder
from backdoor_game.functions.table import table
from backdoor_game.games.observations import Observation
from backdoor_game.games.reveals import AttackerTranscript, Original
from backdoor_game.games.triggers import AfterOriginal, BeforeOriginal, Chosen, WorstOf
from backdoor_game.players.attackers import ExchangeablePair
from theory import reveals, trigger_laws, variants
from theory.variants import HALF, ONE, Variant, settled, value

LAWS = {"after": AfterOriginal(), 2: WorstOf(2), "before": BeforeOriginal(), "chosen": Chosen()}
CLOSE = 2e-6  # twice the gap to which either program is proved


def statements(page):
    """What a page says, and which of it fails."""
    return [(check.name, check.holds) for check in page.checks()]


@pytest.mark.parametrize(("page", "most"), [(variants, 4), (trigger_laws, 16), (reveals, 8)])
def test_every_statement_of_the_page_holds(page, most):
    found = statements(page)
    assert len(found) == most
    assert [name for name, holds in found if not holds] == []


def played(game, law, paired=False, reveal=None):
    """The package's game of a page's, whose rows all differ."""
    rows = tuple("".join(map(str, row)) for row in game.labels)
    weights = Weighted(tuple(map(float, game.weights)))
    clean = "trigger" if paired else "fresh"
    return BackdoorGame(
        Explicit(rows), float(game.epsilon), weights, None, trigger=law, clean_input=clean, reveal=reveal
    )


def different(seed, count):
    """Random games of a page without copies of functions."""
    return [game for game in variants.some(seed, 3 * count) if len(set(game.labels)) == len(game.labels)][:count]


@pytest.mark.parametrize(("law", "paired"), list(product(LAWS, (False, True))))
def test_solve_gives_games_of_the_pages_their_values(law, paired):
    games = different(61, 6)
    assert len(games) == 6
    for game in games:
        found = solve(played(game, LAWS[law], paired)).value
        assert found == pytest.approx(value(Variant(game, law, paired)), abs=CLOSE)


@pytest.mark.parametrize(("law", "paired"), list(product(LAWS, (False, True))))
def test_solve_gives_games_with_a_trace_their_values(law, paired):
    for game in different(62, 4):
        shown = played(game, LAWS[law], paired, Remainder(2))
        listed = table(shown.functions).labels.tolist()
        traces = tuple(listed.index(list(row)) % 2 for row in game.labels)
        assert solve(shown).value == pytest.approx(value(Variant(game, law, paired, traces)), abs=CLOSE)


# Games of a page in which the defender does not see (x', f'), or not for sure, and what chosen and before f are worth
CASES = (
    (
        trigger_laws.QUARTER,
        {(f, x): {f: ONE} for f, x in trigger_laws.QUARTER.cells},
        (HALF, Fraction(7, 8)),
    ),
    (trigger_laws.COIN, trigger_laws.BITS, (Fraction(35, 64), Fraction(36, 64))),
)


@dataclasses.dataclass(frozen=True, repr=False)
class Kernel(Observation):
    """What a case shows, on the points 0 .. N - 1."""

    case: int = 0

    def kernel(self, functions, codes, points, weights):
        game, law, _ = CASES[self.case]
        symbols = list(dict.fromkeys(s for shown in law.values() for s in shown))
        labels = functions.evaluate(codes, np.broadcast_to(points, (len(codes), *points.shape)))
        out = np.zeros((len(points) * len(codes), len(symbols)))
        for place, (x, f) in enumerate(np.ndindex(len(points), len(codes))):
            row = game.labels.index(tuple(labels[f].tolist()))
            for s, chance in law[row, int(points[x, 0])].items():
                out[place, symbols.index(s)] = float(chance)
        return csr_array(out)

    def observe(self, view, codes, points, weights):
        raise NotImplementedError


@pytest.mark.parametrize("case", range(len(CASES)))
def test_chosen_is_less_than_before_f_where_the_proof_s_conditions_fail(case):
    game, _, known = CASES[case]
    found = [variant_equilibrium(played(game, LAWS[law]), Kernel(case)).lower for law in ("chosen", "before")]
    assert found == pytest.approx([float(one) for one in known], abs=CLOSE)
    # for who sees (x', f') the two laws are worth the same
    white = [variant_equilibrium(played(game, LAWS[law])).lower for law in ("chosen", "before")]
    assert white[0] == pytest.approx(white[1], abs=CLOSE)


# Exchange


@pytest.mark.parametrize("law", [Chosen(), BeforeOriginal()])
@pytest.mark.parametrize("functions", [Thresholds(points=6), Singletons(points=5), AllFunctions(points=3)])
def test_against_an_exchangeable_pair_even_the_best_reply_is_a_coin(law, functions):
    game = BackdoorGame(functions, 0.4, Uniform(), trigger=law, clean_input="trigger")
    assert best_response(game, attacker=ExchangeablePair()).win_rate == pytest.approx(0.5, abs=1e-12)
    assert exact_win_rate(game, ExchangeablePair(), CoinFlip()) == pytest.approx(0.5, abs=1e-12)
    fresh = BackdoorGame(functions, 0.4, Uniform(), trigger=law)
    assert best_response(fresh, attacker=ExchangeablePair()).win_rate > 0.501 or isinstance(functions, AllFunctions)


def test_before_f_a_pair_is_a_coin_at_the_points_where_one_is_legal_and_forfeited_elsewhere():
    """All functions under (1/5, 1/5, 3/5) at 1/5: A has mass 2/5."""
    law = Weighted((0.2, 0.2, 0.6))
    game = BackdoorGame(AllFunctions(points=3), 0.2, law, trigger=BeforeOriginal(), clean_input="trigger")
    assert best_response(game, attacker=ExchangeablePair()).win_rate == pytest.approx(1 - 0.4 / 2)
    assert solve(game).value == pytest.approx(1 - 0.4 / 2, abs=CLOSE)


# What is shown


@pytest.mark.parametrize(("law", "paired"), list(product(LAWS, (False, True))))
def test_all_of_f_is_worth_one_and_more_bits_no_less(law, paired):
    worth = [
        solve(
            BackdoorGame(
                Thresholds(points=5),
                0.4,
                Uniform(),
                trigger=LAWS[law],
                clean_input="trigger" if paired else "fresh",
                reveal=reveal,
            )
        ).value
        for reveal in (None, Original(1), Original(2), Original(3), Original(256), AttackerTranscript())
    ]
    assert worth[-2:] == pytest.approx([1.0, 1.0], abs=CLOSE)
    assert all(after >= before - CLOSE for before, after in pairwise(worth))
    assert worth[0] < 0.9


@pytest.mark.parametrize("p", [1, 2, 4, 5])
def test_of_singletons_the_check_of_a_predicate_is_all_that_there_is(p):
    trigger = f"Satisfying(OneOf({list(range(p))}))"
    game = BackdoorGame(Singletons(points=5), "2/5", Uniform(), trigger=trigger)
    assert solve(game).value == pytest.approx(1 - p / 10, abs=CLOSE)


def test_fractions_of_the_page_are_values_of_the_package():
    line = trigger_laws.thresholds(trigger_laws.uniform(4), Fraction(1, 4))
    for key, law in ((2, WorstOf(2)), (3, WorstOf(3)), ("before", BeforeOriginal())):
        found = settled(Variant(line, key))
        assert solve(BackdoorGame(Thresholds(points=4), "1/4", Uniform(), trigger=law)).value == pytest.approx(
            float(found), abs=CLOSE
        )


# Controls: a page that is wrong says so


def failed(checks):
    return [check.name for check in checks if not check.holds]


def test_a_pair_in_an_unfair_order_is_seen(monkeypatch):
    fair = trigger_laws.exchange

    def unfair(variant):
        turned = dict(fair(variant))
        for (offer, (f, x, g)), r in fair(variant).items():
            if g is not None:
                turned[offer, (f, x, g)] = r * (Fraction(3, 2) if f < g else HALF)
        return turned

    monkeypatch.setattr(trigger_laws, "exchange", unfair)
    assert any(name.startswith("chosen: both branches") for name in failed(trigger_laws.pairs()))


def test_a_plan_that_keeps_its_excess_is_no_plan_of_before_f(monkeypatch):
    """Without the trimming more is planted at a point than D has there."""
    monkeypatch.setattr(trigger_laws, "min", max, raising=False)
    assert any(name.startswith("the plan of the proof") for name in failed(trigger_laws.timing()))


def test_f_that_knows_the_offer_is_no_plan_of_after_f():
    variant = Variant(trigger_laws.QUARTER, "after")
    first, second = variant.offers
    able = next(move for move in variant.moves(first) if move[2] is not None)
    cheating = {(first, able): ONE, (second, (1 - able[0], next(iter(second)), None)): ONE}
    assert not variants.is_plan(variant, cheating)
    assert variants.is_plan(Variant(trigger_laws.QUARTER, "before"), cheating)


def test_flags_that_are_off_prove_less_and_plans_too():
    rng = random.Random(3)
    for game in variants.some(63, 5):
        variant = Variant(game, 2, True, tuple(f % 2 for f in range(len(game.labels))))
        plan, flags = variants.suggested(variant)
        worth = value(variant)
        off = {s: Fraction(rng.randint(0, 4), 4) for s in flags}
        assert variants.lower(variant, off) <= worth + CLOSE
        lazy = {key: r for key, r in plan.items() if key[1][2] is None}
        assert variants.upper(variant, lazy) >= worth - CLOSE
