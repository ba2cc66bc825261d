"""What is revealed of the attacker's run: the same in both branches, as much as is said, and how it is read."""

from __future__ import annotations

import dataclasses
import hashlib
from typing import ClassVar

import numpy as np
import pytest

from backdoor_game import (
    AlwaysClean,
    Attacker,
    BackdoorGame,
    BlockDefender,
    CoinFlip,
    Conjunctions,
    ContractError,
    Defender,
    Halfspaces,
    InvalidArgument,
    MissingCapability,
    NearestLegal,
    NoAttack,
    RandomLegal,
    SpecError,
    StandardNormal,
    Thresholds,
    TraceReader,
    Uniform,
    estimate,
)
from backdoor_game.games.base import Streams
from backdoor_game.games.outcomes import FORFEIT, PLANTED
from backdoor_game.games.predicates import OneOf
from backdoor_game.games.reveals import AttackerTranscript, Coins, Original
from backdoor_game.games.triggers import AfterOriginal, BeforeOriginal, Chosen, Satisfying, WorstOf
from backdoor_game.ground import spec

GAME = BackdoorGame(Thresholds(points=10), 0.2, Uniform())
ROUNDS = 300


def revealing(reveal, **more):
    return dataclasses.replace(GAME, reveal=reveal, **more)


def played(game, attacker, defender, rounds=ROUNDS, seed=3):
    run = dataclasses.replace(game.ready(attacker, defender), keep=True)
    return run.play(Streams(seed, game), range(rounds))[0]


@dataclasses.dataclass(frozen=True)
class Notes(BlockDefender):
    """Keeps what it is shown."""

    seen: ClassVar[dict] = {}

    def suspicion_block(self, view):
        for key, trace in zip(view.keys, view.trace if view.trace is not None else view.keys, strict=True):
            self.seen[int(key)] = trace
        return np.zeros(len(view))


def traces(game, attacker, rounds=ROUNDS):
    """The traces of the clean and of the planted branch of each round, and the outcome."""
    Notes.seen.clear()
    outcome = played(game, attacker, Notes(), rounds)
    keys = [Streams(3, game).keys(f"defender/{turn}", range(rounds)) for turn in (0, 1)]
    branch = [np.where(outcome.coin == b, keys[0], keys[1]) for b in (0, 1)]
    return [[Notes.seen.get(int(key)) for key in keys_of_branch] for keys_of_branch in branch], outcome


def same(one, other):
    """Whether two traces hold the same words and numbers."""
    if isinstance(one, tuple):
        return len(one) == len(other) and all(same(a, b) for a, b in zip(one, other, strict=True))
    return np.array_equal(one, other)


@pytest.mark.parametrize("reveal", [Original(bits=5), Coins(), AttackerTranscript()])
@pytest.mark.parametrize("trigger", [AfterOriginal(), BeforeOriginal(), Chosen(), WorstOf(draws=2)])
def test_a_trace_is_the_same_in_both_branches(reveal, trigger):
    (clean, planted), outcome = traces(revealing(reveal, trigger=trigger), RandomLegal())
    shown = np.flatnonzero(outcome.status == PLANTED)
    assert len(shown) > 50
    assert all(same(clean[r], planted[r]) for r in shown)
    assert not all(same(clean[shown[0]], clean[r]) for r in shown)


def test_bits_of_the_original_are_those_of_the_hash_of_its_label_table():
    (clean, _), outcome = traces(revealing(Original(bits=11)), RandomLegal())
    points = np.arange(10)[:, None]
    for trace, code in zip(clean, outcome.kept.f, strict=True):
        labels = Thresholds(points=10).function(code)(points)
        digest = hashlib.sha256(np.packbits(labels).tobytes()).digest()
        wanted = f"{int.from_bytes(digest, 'big'):0256b}"[:11]
        assert "".join(map(str, trace)) == wanted


def test_a_function_is_hashed_and_not_the_code_that_names_it():
    functions = Conjunctions(bits=2)
    codes = functions.enumerate()
    points = functions.domain.points()
    tables = [functions.function(code)(points).tobytes() for code in codes]
    numbers = Original().symbols(functions, codes)
    assert [[a == b for a in tables] for b in tables] == [[a == b for a in numbers] for b in numbers]


def test_no_bits_are_the_game_without():
    nothing = revealing(Original(bits=0))
    assert nothing == GAME
    assert spec.text(nothing) == spec.text(GAME)
    one = estimate(nothing, NearestLegal(), CoinFlip(), rounds=400, seed=1)
    assert one.to_dict() == estimate(GAME, NearestLegal(), CoinFlip(), rounds=400, seed=1).to_dict()


def test_coins_are_the_keys_of_the_round():
    game = revealing(Coins(), trigger=WorstOf(draws=2))
    (clean, _), _ = traces(game, RandomLegal())
    for place, role in enumerate(("choose", "pick", "plant")):
        assert [int(trace[place]) for trace in clean] == Streams(3, game).keys(role, range(ROUNDS)).tolist()


@dataclasses.dataclass(frozen=True)
class Curious(Attacker):
    """Asks the labels of a member before it chooses another one, and gives up where it asks too much."""

    asks: int = 3

    def choose(self, view, rng):
        functions = view.game.functions
        code = functions.sample(rng)
        view.block().evaluate(code[None], np.arange(self.asks)[None, :, None])
        return functions.function(functions.sample(rng))

    def plant(self, view, rng):
        view.examples(2)
        return


@dataclasses.dataclass(frozen=True)
class Wavering(Attacker):
    """Asks two labels or four, by a coin."""

    def choose(self, view, rng):
        functions = view.game.functions
        many = 2 + 2 * int(rng.integers(2))
        view.block().evaluate(functions.sample(rng)[None], np.arange(many)[None, :, None])
        return functions.function(functions.sample(rng))

    def plant(self, view, rng):
        return None


def test_a_transcript_holds_what_was_asked_in_its_order_and_ends_with_what_was_chosen():
    (clean, _), outcome = traces(revealing(AttackerTranscript()), Curious(asks=3))
    for trace, code in zip(clean, outcome.kept.f, strict=True):
        (what, member, X, labels), (last, chose) = trace
        assert (what, last) == ("evaluated", "chose")
        assert np.array_equal(X[:, 0], [0, 1, 2])
        assert np.array_equal(labels, Thresholds(points=10).function(member)(X))
        assert np.array_equal(chose, code)
    (early, _), outcome = traces(revealing(AttackerTranscript(), trigger=BeforeOriginal()), Curious(asks=1))
    assert all(trace[0][0] == "offered" for trace in early)
    assert np.array_equal([trace[0][1][0] for trace in early], outcome.kept.x_star)


def test_a_transcript_of_a_round_over_budget_holds_no_question_twice():
    game = revealing(AttackerTranscript(), attacker_queries=2)
    (clean, _), _ = traces(game, Curious(asks=3))
    assert all([entry[0] for entry in trace] == ["chose"] for trace in clean)
    (clean, _), _ = traces(game, Curious(asks=2))
    assert all([entry[0] for entry in trace] == ["evaluated", "chose"] for trace in clean)


def test_a_transcript_does_not_depend_on_the_rounds_beside_it_and_what_was_offered_stays():
    """Some rounds go over their budget, and their whole block is asked again."""
    game = revealing(AttackerTranscript(), trigger=BeforeOriginal(), attacker_queries=3)
    run = game.ready(Wavering(), Notes())
    Notes.seen.clear()
    run.play(Streams(3, game), range(40))
    together = dict(Notes.seen)
    Notes.seen.clear()
    for r in range(40):
        run.play(Streams(3, game), range(r, r + 1))
    assert together.keys() == Notes.seen.keys()
    assert all(same(trace, Notes.seen[key]) for key, trace in together.items())
    assert all(trace[0][0] == "offered" for trace in together.values())
    assert len({len(trace) for trace in together.values()}) == 2  # some asked too much


def test_nobody_writes_into_what_the_other_branch_is_shown():
    (clean, _), _ = traces(revealing(AttackerTranscript(), trigger=BeforeOriginal()), Curious(asks=1))
    arrays = [array for trace in clean for _, *held in trace for array in held]
    assert arrays
    assert not any(array.flags.writeable for array in arrays)
    # nor is it a part of what holds other rounds, or of what can be written to
    assert all(isinstance(array.base, bytes) and len(array.base) == array.nbytes for array in arrays)


def test_coins_of_a_round_over_budget_are_no_false_alarm():
    game = revealing(Coins(), attacker_queries=3)
    outcome = played(game, Wavering(), TraceReader(Wavering()))
    assert (outcome.status == FORFEIT).any()
    assert outcome.shown[0].all()
    assert (outcome.suspicion[0] == 0).all()


# The reader


@pytest.mark.parametrize("trigger", [AfterOriginal(), Chosen(), WorstOf(draws=2)])
@pytest.mark.parametrize("reveal", [Original(), Coins(), AttackerTranscript()])
def test_a_reader_of_the_whole_original_is_never_wrong(reveal, trigger):
    found = estimate(revealing(reveal, trigger=trigger), RandomLegal(), TraceReader(RandomLegal()), rounds=1000, seed=1)
    assert found.win_rate == 1.0
    assert found.forfeits < 1000


def test_who_knows_another_strategy_than_the_attackers_reads_its_coins_wrongly():
    found = estimate(revealing(Coins()), NearestLegal(), TraceReader(Curious()), rounds=1000, seed=1)
    assert found.win_rate < 0.8  # nearly every clean round is an alarm


def test_coins_catch_every_plant_where_the_trigger_comes_first_and_false_alarms_are_the_price():
    game = revealing(Coins(), trigger=BeforeOriginal())
    outcome = played(game, RandomLegal(), TraceReader(RandomLegal()), rounds=2000)
    planted = outcome.status == PLANTED
    assert (outcome.suspicion[1, planted] == 1).all()
    assert 0 < outcome.suspicion[0].mean() < 0.2


def test_few_bits_are_read_for_what_they_are():
    rates = [
        estimate(revealing(Original(bits=bits)), RandomLegal(), TraceReader(), rounds=4000, seed=1).to_dict()
        for bits in (1, 2, 8)
    ]
    assert all(rate["false_alarms"] == 0 for rate in rates)
    found = [rate["win_rate"] for rate in rates]
    assert found[0] < found[1] < found[2]
    blind = estimate(revealing(Original(bits=1)), RandomLegal(), AlwaysClean(), rounds=4000, seed=1).win_rate
    assert found[0] > blind + 0.03


@pytest.mark.parametrize(
    ("play", "said"),
    [
        (lambda: GAME.ready(NearestLegal(), TraceReader()), "this one reveals nothing"),
        (lambda: revealing(Coins()).ready(NearestLegal(), TraceReader()), "name attacker"),
        (lambda: Original(bits=300), r"Original\.bits must be between 0 and 256, got 300"),
        (lambda: revealing("CoinFlip()"), "reveal must be a Reveal such as Original"),
        (
            lambda: revealing(Coins()).ready(NearestLegal(), TraceReader(CoinFlip())),
            "TraceReader.attacker must be an Attacker such as NearestLegal",
        ),
        (
            lambda: revealing(Original(bits=4), black_box=True).ready(NearestLegal(), TraceReader()),
            "reads the code of f', which a black-box game hides",
        ),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_sentence(play, said):
    with pytest.raises((InvalidArgument, MissingCapability, SpecError), match=said) as refused:
        play()
    assert "\n" not in str(refused.value)


def test_codes_are_hashed_where_there_is_no_table():
    game = BackdoorGame(Halfspaces(dimension=2), 0.2, StandardNormal(), reveal=Original())
    (clean, planted), outcome = traces(game, NearestLegal(), 40)
    shown = np.flatnonzero(outcome.status == PLANTED)
    assert len(shown)
    for r in shown:
        digest = hashlib.sha256(outcome.kept.f[r].tobytes()).digest()
        assert np.array_equal(clean[r], np.unpackbits(np.frombuffer(digest, np.uint8)))
        assert np.array_equal(clean[r], planted[r])


# What is asked is told, and read row by row


@dataclasses.dataclass(frozen=True)
class Asks(Attacker):
    """Asks the predicate before it chooses."""

    def choose(self, view, rng):
        view.satisfies(np.array([[1], [2]]))
        return view.game.functions.function(view.game.functions.sample(rng))

    def plant(self, view, rng):
        return None


def test_a_transcript_holds_what_the_predicate_was_asked():
    (clean, _), _ = traces(revealing(AttackerTranscript(), trigger=Satisfying(OneOf([1, 4]))), Asks())
    for trace in clean:
        (what, X, said), (last, _) = trace
        assert (what, last) == ("satisfies", "chose")
        assert (X[:, 0].tolist(), said.tolist()) == ([1, 2], [True, False])


def test_a_transcript_is_read_by_its_end():
    found = estimate(revealing(AttackerTranscript()), Curious(asks=2), TraceReader(), rounds=300, seed=1)
    assert found.false_alarms == 0
    game = revealing(AttackerTranscript(), trigger=BeforeOriginal())
    assert estimate(game, RandomLegal(), TraceReader(), rounds=300, seed=1).win_rate == 1.0


def test_coins_of_who_plants_nothing_are_no_alarm():
    game = revealing(Coins(), trigger=BeforeOriginal())
    assert (played(game, NoAttack(), TraceReader(NoAttack())).suspicion[0] == 0).all()


@dataclasses.dataclass(frozen=True)
class Reads(Defender):
    """Says what the first bit of its trace is; in some rounds it asks too much as well."""

    asks: int = 0

    def suspicion(self, view, rng):
        view.f(np.zeros((int(rng.integers(1 + self.asks)), 1), dtype=np.int64))
        return float(view.trace[0])


def test_each_round_reads_its_own_trace_also_where_a_block_is_asked_again():
    points = np.arange(10)[:, None]
    for asks in (0, 2):
        outcome = played(revealing(Original(bits=1), defender_queries=1), RandomLegal(), Reads(asks=asks))
        labels = [Thresholds(points=10).function(code)(points) for code in outcome.kept.f]
        bits = np.array([hashlib.sha256(np.packbits(row).tobytes()).digest()[0] >> 7 for row in labels])
        good = ~outcome.over_budget[0]
        assert good.all() == (asks == 0)
        assert good.sum() > 50
        assert np.array_equal(outcome.suspicion[0, good], bits[good])


@dataclasses.dataclass(frozen=True)
class TooFew(Original):
    """Shows one entry whatever the rounds."""

    def trace_block(self, run):
        return super().trace_block(run)[:1]


@dataclasses.dataclass(frozen=True)
class NoArray(Original):
    """Shows a list."""

    def trace_block(self, run):
        return super().trace_block(run).tolist()


@pytest.mark.parametrize("reveal", [TooFew(), NoArray()])
def test_a_trace_that_is_not_an_entry_a_round_is_the_reveals_bug(reveal):
    with pytest.raises(ContractError, match=r"trace_block\(\) must return an array whose first axis has length 300"):
        played(revealing(reveal), RandomLegal(), AlwaysClean())
