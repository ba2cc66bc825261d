"""The hybrid of Theorem 5.2: two circuits of one function, which only an obfuscator can keep from being told apart."""

import dataclasses
import json

import numpy as np
import pytest

from backdoor_game import (
    AlwaysFlag,
    BlockDefender,
    Canonical,
    Circuits,
    CoinFlip,
    Defender,
    HammingSmoothing,
    Identity,
    InvalidArgument,
    KeySearch,
    MissingCapability,
    NearestLegal,
    PuncturedHybrid,
    PuncturedPRFAttacker,
    Rewriting,
    StructuralDefender,
    Thresholds,
    catalog,
    estimate,
    tournament,
)
from backdoor_game.circuits.puncturable import key_tables, punctured_gates
from backdoor_game.cli import main
from backdoor_game.functions.table import packed_rows
from backdoor_game.games.base import Streams
from backdoor_game.ground.spec import parse, text
from backdoor_game.ground.statistics import clopper_pearson, simultaneous_level

OBFUSCATORS = [Canonical(), Identity(), Rewriting(rounds=2)]
ROUNDS = 300


def hybrid(obfuscator, key_bits=6, bits=4, **options):
    gates = obfuscator.gates(bits, punctured_gates(key_bits, bits))
    return PuncturedHybrid(Circuits(bits=bits, gates=gates), **options)


def shown(obfuscator):
    game = hybrid(obfuscator)
    run = game.ready(PuncturedPRFAttacker(6, obfuscator), CoinFlip())
    return game, *game.shown(run, Streams(3, game), range(ROUNDS))


@pytest.mark.parametrize("obfuscator", OBFUSCATORS, ids=str)
def test_both_codes_are_the_function_of_a_key_and_the_input_is_uniform(obfuscator):
    game, f, punctured, X = shown(obfuscator)
    assert game.functions.contains(f).all()
    assert game.functions.contains(punctured).all()
    tables = packed_rows(game.functions, f)
    np.testing.assert_array_equal(tables, packed_rows(game.functions, punctured))
    assert set(tables[:, 0].tolist()) <= set(key_tables(6, 4)[:, 0].tolist())
    assert len(np.unique(tables)) > 50
    for count in np.bincount(game.functions.domain.index(X), minlength=16):
        low, high = clopper_pearson(int(count), ROUNDS, simultaneous_level(0.999, 16))
        assert low <= 1 / 16 <= high


def test_canonical_codes_are_equal_and_those_that_nobody_obfuscated_differ_in_every_round():
    _, f, punctured, _ = shown(Canonical())
    np.testing.assert_array_equal(f, punctured)
    _, f, punctured, _ = shown(Identity())
    assert (f != punctured).any(axis=1).all()


@dataclasses.dataclass(frozen=True)
class Reads(Defender):
    """Suspicious by a coin and by what it reads and asks for, round by round."""

    def suspicion(self, view, rng):
        _, y = view.examples(3)
        return float((rng.random() + int(view.f.code.sum()) % 7 / 7 + y.mean()) / 3)


@pytest.mark.parametrize("defender", [StructuralDefender(), CoinFlip(), KeySearch(9, 6), HammingSmoothing(), Reads()])
def test_under_the_canonical_form_every_round_has_one_answer_and_half_is_won(defender):
    game = hybrid(Canonical())
    run = game.ready(PuncturedPRFAttacker(6), defender)
    (outcome,) = run.play(Streams(5, game), range(ROUNDS))
    np.testing.assert_array_equal(outcome.suspicion[0], outcome.suspicion[1])
    found = estimate(game, PuncturedPRFAttacker(6), defender, rounds=ROUNDS, seed=5)
    assert found.false_alarms == found.detections
    assert (found.win_rate, found.forfeits, found.illegal) == (0.5, 0, 0)


def test_gates_that_nobody_hid_tell_which_and_a_guess_does_not():
    game, attacker = hybrid(Identity(), 8, 8), PuncturedPRFAttacker(8, Identity())
    level = simultaneous_level(0.99, 2)
    assert estimate(game, attacker, StructuralDefender(), rounds=1024, seed=1, level=level).low >= 0.99
    for guess in (CoinFlip(), AlwaysFlag()):
        assert estimate(game, attacker, guess, rounds=1024, seed=1, level=level).win_rate == 0.5


@dataclasses.dataclass(frozen=True)
class First(BlockDefender):
    """Suspicious by its coins alone."""

    def suspicion_block(self, view):
        return (view.keys >> np.uint64(11)) * 2.0**-53


def test_rounds_are_the_same_in_parts_on_any_threads_and_in_the_order_of_the_coin():
    game, attacker = hybrid(Rewriting(rounds=2)), PuncturedPRFAttacker(6, Rewriting(rounds=2))
    whole = estimate(game, attacker, StructuralDefender(), rounds=5000, seed=2, threads=1).to_dict()
    assert whole == estimate(game, attacker, StructuralDefender(), rounds=5000, seed=2, threads=2).to_dict()
    run, streams = game.ready(attacker, First(), Reads()), Streams(2, game)
    both = run.play(streams, range(40))
    for at in (0, 13, 39):
        for one, other in zip(both, run.play(streams, range(at, 40)), strict=True):
            np.testing.assert_array_equal(one.suspicion[:, at:], other.suspicion)
    assert len(np.unique(both[0].suspicion)) == 40
    alone = estimate(game, attacker, StructuralDefender(), rounds=400, seed=2, literal=True)
    assert alone.low <= whole["win_rate"] <= alone.high


def test_in_a_black_box_nobody_reads_and_nothing_is_told():
    game, attacker = hybrid(Identity(), black_box=True), PuncturedPRFAttacker(6, Identity())
    with pytest.raises(MissingCapability):
        estimate(game, attacker, StructuralDefender(), rounds=10)
    found = estimate(game, attacker, KeySearch(20, 6), rounds=500)
    assert found.win_rate == 0.5
    assert found.queries_per_round == 2 * 16


def test_other_classes_and_players_are_refused_in_one_sentence():
    with pytest.raises(
        InvalidArgument, match=r"^functions must be a Circuits such as Circuits\(bits=8, gates=1484\), got"
    ):
        PuncturedHybrid(Thresholds(points=3))
    with pytest.raises(InvalidArgument, match="attacker must be"):
        estimate(hybrid(Canonical()), NearestLegal(), CoinFlip(), rounds=10)
    with pytest.raises(MissingCapability, match=r"needs Circuits\(bits=4, gates="):
        estimate(hybrid(Canonical()), PuncturedPRFAttacker(6, Identity()), CoinFlip(), rounds=10)


def test_the_commands_play_it_and_the_catalogue_lists_it(tmp_path, capsys):
    game = hybrid(Canonical())
    assert parse(text(game), catalog.resolve) == game
    assert catalog.shipped("games")["PuncturedHybrid"] is PuncturedHybrid
    words = ["--game", text(game), "--attacker", "PuncturedPRFAttacker(key_bits=6)", "--seed", "1"]
    assert main(["estimate", *words, "--defender", "StructuralDefender()", "--rounds", "64", "--json", "--quiet"]) == 0
    assert json.loads(capsys.readouterr().out)["win_rate"] == 0.5
    assert main(["play", *words, "--defender", "StructuralDefender()", "--round", "3", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["clean"]["suspicion"] == told["planted"]["suspicion"]
    swept = [word.replace("key_bits=6", "key_bits={k}") for word in words]
    more = ["--sweep", "k=5,6", "--rounds", "64", "--output", str(tmp_path), "--quiet", "--defender", "CoinFlip()"]
    assert main(["curve", *swept, *more, "--json"]) == 0
    points = json.loads(capsys.readouterr().out)["points"]
    assert [point["estimate"]["win_rate"] for point in points] == [0.5, 0.5]
    result = tournament(game, PuncturedPRFAttacker(6), [CoinFlip(), StructuralDefender()], rounds=64)
    assert [pair.estimate.win_rate for pair in result.pairs] == [0.5, 0.5]
