"""The attack of Theorem 5.2 and those who look for it."""

import dataclasses
import itertools
import tracemalloc
from fractions import Fraction

import numpy as np
import pytest

from backdoor_game import (
    BackdoorGame,
    Canonical,
    Circuits,
    Conjunctions,
    HammingSmoothing,
    Identity,
    InvalidArgument,
    KeySearch,
    MissingCapability,
    ProductBits,
    PuncturedPRFAttacker,
    Rewriting,
    StructuralDefender,
    Thresholds,
    Uniform,
    estimate,
)
from backdoor_game.circuits.puncturable import key_tables, punctured_gates
from backdoor_game.circuits.puncturable.searching import search_advantage
from backdoor_game.experiments.theorem_5_2.exact import enumerated_rate
from backdoor_game.functions.table import packed_rows
from backdoor_game.ground import streams
from backdoor_game.ground.statistics import simultaneous_level
from backdoor_game.kernels.circuits.rare_gates import rarest_gate
from backdoor_game.kernels.key_search import search, search_counts
from backdoor_game.players.attackers.base import PLANT
from backdoor_game.players.defenders import hamming_smoothing
from backdoor_game.players.views import AttackerBlock, DefenderBlock, Meter
from tests.naive import obfuscation as naive

OBFUSCATORS = [Canonical(), Identity(), Rewriting(rounds=2)]
ROWS = 200


def game_for(obfuscator, key_bits=6, bits=4, law=None):
    gates = obfuscator.gates(bits, punctured_gates(key_bits, bits))
    return BackdoorGame(Circuits(bits=bits, gates=gates), 2.0**-bits, law or Uniform())


def played(attacker, game, rows=ROWS):
    ready = attacker.prepare(game)
    keys = {role: streams.role_keys(4, "punctured", role, 0, rows) for role in ("choose", "trigger", "plant")}
    codes = ready.choose_block(AttackerBlock(game, game.distribution, keys["choose"], Meter(rows)))
    X = game.distribution.sample_block(keys["trigger"], 0, 1)[:, 0]
    view = AttackerBlock(game, game.distribution, keys["plant"], Meter(rows), codes=codes.copy(), X_star=X)
    return codes, X, *ready.plant_block(view)


@pytest.mark.parametrize("obfuscator", OBFUSCATORS, ids=str)
def test_the_original_is_the_function_of_a_random_key_and_the_plant_flips_one_label(obfuscator):
    game = game_for(obfuscator)
    codes, X, planted, said = played(PuncturedPRFAttacker(6, obfuscator), game)
    assert (said == PLANT).all()
    assert game.functions.contains(codes).all()
    assert game.functions.contains(planted).all()
    f, g = packed_rows(game.functions, codes)[:, 0], packed_rows(game.functions, planted)[:, 0]
    of_keys = [int(row[0]) for row in key_tables(6, 4)]
    assert {int(word) for word in f} <= set(of_keys)
    assert len(set(f.tolist())) > 50
    np.testing.assert_array_equal(f ^ g, np.uint64(1) << game.functions.domain.index(X).astype(np.uint64))


def test_the_canonical_plant_shows_the_flipped_table_and_nothing_of_the_punctured_key():
    """The same code comes from the whole circuit and from the punctured one."""
    plain, hidden = game_for(Identity()), game_for(Canonical())
    for first, second in zip(
        played(PuncturedPRFAttacker(6, Identity()), plain), played(PuncturedPRFAttacker(6), hidden), strict=True
    ):
        if first.ndim == 2 and first.shape[1] == plain.functions.code_length:
            keys = np.zeros(len(first), dtype=np.uint64)
            np.testing.assert_array_equal(Canonical().obfuscate_block(hidden.functions, first, keys), second)
        else:
            np.testing.assert_array_equal(first, second)


def test_a_trigger_that_weighs_more_than_epsilon_and_a_strange_f_are_forfeits():
    law = ProductBits((0.5, 0.5, 0.5, 0.1))
    game = game_for(Canonical(), law=law)
    codes, X, _, said = played(PuncturedPRFAttacker(6), game)
    np.testing.assert_array_equal(said == PLANT, X[:, 3] == 1)
    constant = np.zeros_like(codes)
    view = AttackerBlock(game, game.distribution, np.zeros(ROWS, np.uint64), Meter(ROWS), codes=constant, X_star=X)
    assert not (PuncturedPRFAttacker(6).prepare(game).plant_block(view)[1] == PLANT).any()


def test_games_that_the_attack_cannot_play_are_refused_with_what_would_do():
    for game, sentence in (
        (BackdoorGame(Thresholds(points=8), 0.2, Uniform()), r"needs Circuits\(bits=\.\.\., gates=\.\.\.\), got Thr"),
        (BackdoorGame(Circuits(bits=8, gates=195), 0.2, Uniform()), r"needs Circuits\(bits=8, gates=196\), got"),
        (BackdoorGame(Circuits(bits=2, gates=3, depth=9), 0.5, Uniform()), r"needs Circuits\(bits=2, gates=3\), got"),
    ):
        with pytest.raises(MissingCapability, match=sentence):
            PuncturedPRFAttacker().prepare(game)
    wide = BackdoorGame(Circuits(bits=17, gates=9), 2.0**-17, Uniform())
    for player in (KeySearch(key_bits=4), PuncturedPRFAttacker(4, Identity())):
        with pytest.raises(MissingCapability, match=r"all 2\^n labels: it needs n up to 16, got 17 bits$"):
            player.prepare(wide)
    with pytest.raises(InvalidArgument, match=r"^StructuralDefender\.points must be a multiple of 64, got 100$"):
        StructuralDefender(points=100)
    for defender in (KeySearch(), HammingSmoothing(), StructuralDefender()):
        with pytest.raises(MissingCapability, match="got Thresholds"):
            defender.prepare(BackdoorGame(Thresholds(points=8), 0.2, Uniform()))


@pytest.mark.parametrize(("key_bits", "bits"), [(4, 2), (5, 3), (6, 7)])
def test_a_search_and_its_count_of_starts_are_what_the_definition_says(key_bits, bits):
    rng, tables = np.random.default_rng(6), key_tables(key_bits, bits)
    K, N = tables.shape[0], 2**bits
    places, starts = rng.integers(N, size=30), rng.integers(K, size=30)
    rows = tables[rng.integers(K, size=30)].copy()
    flip = rng.integers(2, size=30).astype(np.uint64)
    rows[np.arange(30), places // 64] ^= flip << (places % 64).astype(np.uint64)
    whole = [naive.labels_of(table, N) for table in tables]
    for budget in (1, 3, K // 2, K):
        found, counts = search(tables, rows, places, starts, budget), search_counts(tables, rows, places, budget)
        for r in range(30):
            told = [naive.search(whole, naive.labels_of(rows[r], N), int(places[r]), s, budget) for s in range(K)]
            assert found[r] == told[starts[r]]
            assert counts[r] == sum(told)


@pytest.mark.parametrize(("key_bits", "bits"), [(4, 2), (6, 2), (6, 3), (5, 4), (7, 7)])
def test_the_enumerated_advantage_is_the_mean_over_every_key_trigger_and_start(key_bits, bits):
    tables, N = key_tables(key_bits, bits), 2**bits
    K = len(tables)
    for budget in (1, K // 4, K):
        total = 0
        for x in range(N):
            flipped = tables.copy()
            flipped[:, x // 64] ^= np.uint64(1) << np.uint64(x % 64)
            places = np.full(K, x)
            total += int(
                (search_counts(tables, flipped, places, budget) - search_counts(tables, tables, places, budget)).sum()
            )
        assert search_advantage(key_bits, bits, budget) == Fraction(total, K * K * N)


@pytest.mark.parametrize("defender", [KeySearch(key_bits=5), KeySearch(7, 5), HammingSmoothing(), StructuralDefender()])
def test_an_estimate_s_interval_holds_the_rate_over_every_key_and_trigger(defender):
    game = game_for(Canonical(), key_bits=5, bits=3)
    exact = enumerated_rate(game, 5, defender)
    if isinstance(defender, KeySearch):
        advantage = search_advantage(5, 3, defender.budget or 32)
        assert 2 * exact - 1 == pytest.approx(float(advantage), abs=1e-12)
    found = estimate(game, PuncturedPRFAttacker(5), defender, rounds=8000, seed=6, level=simultaneous_level(0.99, 4))
    assert found.illegal == found.forfeits == found.undecided == 0
    assert found.low <= exact <= found.high


def test_a_search_pays_for_every_label_and_every_key_and_smoothing_for_every_copy():
    game = BackdoorGame(Conjunctions(bits=3), 0.2, Uniform())
    for defender, queries, owned in (
        (KeySearch(5, 4), 8, 5),
        (KeySearch(key_bits=4), 8, 16),
        (HammingSmoothing(samples=9), 10, 0),
    ):
        view = shown(game, 6)
        defender.prepare(game).suspicion_block(view)
        assert view.meter.queries.tolist() == [queries] * 6
        assert view.meter.evaluations.tolist() == [queries + owned] * 6
        assert not view.meter.examples.any()
    game = BackdoorGame(Circuits(bits=3, gates=4), 0.2, Uniform())
    view = shown(game, 6)
    StructuralDefender().prepare(game).suspicion_block(view)
    assert (view.meter.queries.max(), view.meter.evaluations.tolist()) == (0, [9] * 6)


def shown(game, rows):
    keys = streams.role_keys(5, "shown", "fresh", 0, rows)
    X = game.distribution.sample_block(keys, 0, 1)[:, 0]
    return DefenderBlock(game, game.distribution, game.functions.sample_block(keys), X, keys, keys.copy(), Meter(rows))


def test_a_plant_owns_up_to_all_labels_of_its_original():
    game = game_for(Canonical())
    short = dataclasses.replace(game, attacker_evaluations=15)
    for one, forfeits in ((game, 0), (dataclasses.replace(game, attacker_evaluations=16), 0), (short, 64)):
        found = estimate(one, PuncturedPRFAttacker(6), StructuralDefender(), rounds=64, seed=2)
        assert found.forfeits == forfeits
        if not forfeits:
            assert found.attacker_evaluations_per_round == 16


@pytest.mark.parametrize("at_once", [1, 6, 25, 2**20])
def test_how_many_copies_are_smoothed_at_a_time_changes_no_number(at_once, monkeypatch):
    game = BackdoorGame(Conjunctions(bits=3), 0.2, Uniform())
    ready, view = HammingSmoothing(samples=41).prepare(game), shown(game, 30)
    coins = streams.unit(streams.draws(view.keys, 0, 41 * 3)).reshape(30, 41, 3)
    labels = game.functions.evaluate(view.codes, view.X[:, None] ^ (coins < 1 / 3))
    expected = (labels != game.functions.evaluate(view.codes, view.X[:, None])).mean(axis=1)
    monkeypatch.setattr(hamming_smoothing, "AT_ONCE", at_once)
    np.testing.assert_array_equal(ready.suspicion_block(view), expected)
    assert view.meter.queries.tolist() == [42] * 30


def test_smoothing_over_many_copies_keeps_to_little_memory():
    """20,000 copies of 16 rounds on 20 bits are 6.4 million bits; a tenth of that would do."""
    game = BackdoorGame(Conjunctions(bits=20), 0.2, Uniform())
    ready, view = HammingSmoothing(samples=20_000).prepare(game), shown(game, 16)
    tracemalloc.start()
    ready.suspicion_block(view)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2**20


def test_the_chance_of_a_smoothed_vote_is_that_of_its_definition():
    game = BackdoorGame(Conjunctions(bits=3), 0.2, Uniform())
    ready, view = HammingSmoothing(flip=0.3, samples=2).prepare(game), shown(game, 12)
    stated = ready.suspicion_probability(view)
    points = [np.array(point, dtype=np.uint8) for point in itertools.product((0, 1), repeat=3)]
    for r in range(12):
        f = game.functions.function(view.codes[r])
        chance = [0.3 ** int((z != view.X[r]).sum()) * 0.7 ** int((z == view.X[r]).sum()) for z in points]
        differs = sum(p for p, z in zip(chance, points, strict=True) if f(z[None]) != f(view.X[r][None]))
        assert stated[r] == pytest.approx(1 - (1 - differs) ** 2)  # one of two copies is half of them


def test_the_rarest_gate_is_that_of_the_definition_and_a_sample_sees_the_same():
    functions = Circuits(bits=4, gates=7)
    keys = streams.role_keys(7, "rare", "fresh", 0, 50)
    codes, X = functions.sample_block(keys), np.random.default_rng(1).integers(2, size=(50, 4), dtype=np.uint8)
    counts = rarest_gate(codes, X, 16, True, keys)
    assert counts.tolist() == [naive.rarest(code, 4, x) for code, x in zip(codes, X, strict=True)]
    assert len(set(counts.tolist())) > 3
    drawn = rarest_gate(codes, X, 64 * 400, False, keys) / (64 * 400)
    assert np.abs(drawn - counts / 16).max() < 0.02  # 6 standard deviations


def test_gates_give_the_trigger_away_unless_they_are_hidden():
    level = simultaneous_level(0.99, 2)
    open_gates = estimate(
        game_for(Identity(), 8, 8),
        PuncturedPRFAttacker(8, Identity()),
        StructuralDefender(),
        rounds=1024,
        seed=1,
        level=level,
    )
    assert open_gates.low >= 0.99
    hidden = estimate(
        game_for(Canonical(), 8, 8), PuncturedPRFAttacker(8), StructuralDefender(), rounds=2048, seed=1, level=level
    )
    assert hidden.low <= 0.5 <= hidden.high
    assert enumerated_rate(game_for(Canonical(), 5, 4), 5, StructuralDefender()) == pytest.approx(0.5, abs=0.02)
