"""Functions that take objects take their specs as well, and mean the same things by them."""

from __future__ import annotations

from fractions import Fraction

import pytest

from backdoor_game import (
    AllFunctions,
    AlwaysClean,
    AlwaysFlag,
    BackdoorGame,
    BoltzmannResampling,
    Conjunctions,
    InvalidArgument,
    NearestLegal,
    SpecError,
    Thresholds,
    Uniform,
    best_response,
    exact_win_rate,
    exploitability,
    mixing,
    one_inclusion_density,
    solve,
    tournament,
)
from backdoor_game.catalog import made
from backdoor_game.players.attackers import Attacker
from backdoor_game.testing import check_defender
from backdoor_game.testing.batteries import check

GAME = BackdoorGame(Thresholds(points=10), "2/10", Uniform())
SPEC = "BackdoorGame(Thresholds(points=10), 2/10, Uniform())"


def test_what_is_made_passes_objects_and_reads_texts():
    attacker = NearestLegal()
    assert made(attacker, Attacker, "attacker") is attacker
    assert made("NearestLegal()", Attacker, "attacker") == attacker
    assert made("a text", str, "label") == "a text"
    with pytest.raises(InvalidArgument) as caught:
        made(3, Attacker, "attacker")
    assert str(caught.value) == "attacker must be an Attacker, got 3"
    with pytest.raises(SpecError) as caught:
        made("Uniform()", Attacker, "attacker", "NearestLegal()")
    assert str(caught.value) == "attacker must be an Attacker such as NearestLegal(), got Uniform()"


def test_exact_play_takes_specs():
    """5/6 is the value [THEORY 2]; whoever never flags wins half of the rounds, and the rounds that are forfeited."""
    assert solve(SPEC).value == pytest.approx(5 / 6, abs=1e-6)
    assert exact_win_rate(SPEC, "NoAttack()", "AlwaysClean()") == 1.0
    assert best_response(SPEC, defender="AlwaysFlag()").win_rate == pytest.approx(0.5)
    assert best_response(SPEC, attacker="NoAttack()").win_rate == pytest.approx(1.0)
    assert exploitability(SPEC, "AlwaysFlag()") == exploitability(GAME, AlwaysFlag())
    assert one_inclusion_density("Singletons(points=6)").value == Fraction(6, 7)


def test_walks_tournaments_and_checks_take_specs():
    walked = BackdoorGame(Conjunctions(bits=3), 0.25, Uniform())
    assert mixing(repr(walked), "BoltzmannResampling(steps=32)", rounds=4, seed=1) == mixing(
        walked, BoltzmannResampling(steps=32), rounds=4, seed=1
    )
    small = "BackdoorGame(AllFunctions(points=3), 1/3, Uniform())"
    found = tournament(small, ["Shattered()", NearestLegal()], "AlwaysClean()", rounds=64, seed=1, exact=False)
    game = BackdoorGame(AllFunctions(points=3), "1/3", Uniform())
    again = tournament(game, ["Shattered()", "NearestLegal()"], AlwaysClean(), rounds=64, seed=1, exact=False)
    assert found == again
    assert check_defender("AlwaysClean()", small) == check("AlwaysClean()", [game])


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        (lambda: solve("Uniform()"), "game must be a BackdoorGame such as BackdoorGame(Thresholds(points=10), "),
        (
            lambda: exploitability(SPEC, "Uniform()"),
            "strategy must be an Attacker or a Defender such as CoinFlip(), got",
        ),
        (
            lambda: best_response(SPEC, attacker="CoinFlip()"),
            "attacker must be an Attacker such as NearestLegal(), got",
        ),
        (lambda: tournament(SPEC, "CoinFlop()", "CoinFlip()"), "attackers[0]: unknown name 'CoinFlop': did you mean"),
        (lambda: tournament(SPEC, ["NoAttack()"], ["Uniform()"]), "defenders[0] must be a Defender such as"),
        (lambda: check("3"), "thing must be the spec of an object such as CoinFlip(), got 3"),
    ],
)
def test_a_spec_of_another_kind_is_refused_by_its_argument(ask, words):
    with pytest.raises((InvalidArgument, SpecError)) as caught:
        ask()
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)
