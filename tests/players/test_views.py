"""What players see of a round: read-only, charged, fresh, the same one round at a time as in a block."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from backdoor_game import (
    Attacker,
    BackdoorGame,
    BlockDefender,
    Defender,
    DistillationEnsemble,
    Intervals,
    NeighbourVote,
    Thresholds,
    Uniform,
    UnitCube,
)
from tests.players.cases import (
    ATTACKING,
    DEFENDING,
    ROWS,
    Rounds,
    attacked,
    generator,
    keys_of,
    law_of,
    planted_by,
)

playing = pytest.mark.parametrize(("player", "game"), [*ATTACKING, *DEFENDING], ids=str)


@dataclasses.dataclass(frozen=True)
class Scripted(Defender):
    """Uses its generator, its examples and the function, one round at a time."""

    def suspicion(self, view, rng):
        X, y = view.examples(3)
        share = (int(y.sum()) + int(view.f(X)[0]) + int(view.f(view.x[None])[0])) / 5
        return share * rng.random()


@dataclasses.dataclass(frozen=True)
class Tossed(Attacker):
    """Draws f and f* with its generators, one round at a time."""

    def choose(self, view, rng):
        assert view.f is None
        assert view.x_star is None
        return view.game.functions.function(rng.integers(11, size=1))

    def plant(self, view, rng):
        t = int(rng.integers(11))
        return None if t == 10 else view.game.functions.function(np.array([t]))


def test_one_round_players_are_looped_over_with_a_generator_keyed_by_the_round():
    game = BackdoorGame(Thresholds(points=10), 0.3, Uniform())
    rounds = Rounds(game, game.distribution)
    view, alone = rounds.defending(), rounds.defending()
    expected = [Scripted().suspicion(alone.row(r), generator(key)) for r, key in enumerate(alone.keys)]
    np.testing.assert_array_equal(Scripted().suspicion_block(view), expected)
    assert len(set(expected)) > ROWS // 2
    assert view.meter.examples.tolist() == alone.meter.examples.tolist() == [3] * ROWS
    assert view.meter.evaluations.tolist() == alone.meter.evaluations.tolist() == [4] * ROWS

    codes = Tossed().choose_block(rounds.before())
    assert codes[:, 0].tolist() == [int(generator(key).integers(11)) for key in keys_of("choose")]
    planted, said = planted_by(Tossed(), rounds, codes)
    tossed = [int(generator(key).integers(11)) for key in keys_of("plant")]
    assert said.tolist() == [int(t < 10) for t in tossed]
    assert planted[:, 0].tolist() == [f if t == 10 else t for f, t in zip(codes[:, 0], tossed, strict=True)]


@dataclasses.dataclass(frozen=True)
class Worst(BlockDefender):
    """The larger suspicion of two defenders, as a block."""

    first: Defender
    second: Defender

    def suspicion_block(self, view):
        return np.maximum(self.first.suspicion_block(view), self.second.suspicion_block(view))


@dataclasses.dataclass(frozen=True)
class WorstOfOne(Defender):
    """The same, one round at a time, with a look at three examples more."""

    first: Defender
    second: Defender

    def suspicion(self, view, rng):
        answers = self.first.suspicion(view, rng), self.second.suspicion(view, rng)
        view.examples(3)
        return max(answers)


@pytest.mark.parametrize("member", [NeighbourVote(examples=3), DistillationEnsemble(members=3, examples=2)], ids=str)
def test_defenders_wrapped_in_one_round_get_fresh_examples_each_as_they_do_in_a_block(member):
    game = BackdoorGame(Intervals(points=9), 0.3, Uniform())
    member = member.prepare(game)
    rounds = Rounds(game, game.distribution)
    view, alone = rounds.defending(), rounds.defending()
    together = Worst(member, member).suspicion_block(view)
    assert (together != member.suspicion_block(rounds.defending())).any()
    np.testing.assert_array_equal(WorstOfOne(member, member).suspicion_block(alone), together)
    np.testing.assert_array_equal(alone.meter.examples, view.meter.examples + 3)


def test_no_example_is_handed_out_twice_in_a_round_however_it_is_asked_for():
    game = BackdoorGame(Thresholds(), 0.3, UnitCube())
    stream = Rounds(game, game.distribution).defending().sample(20).X[:, 0]
    view = Rounds(game, game.distribution).defending()
    for r in (0, 7):
        row = view.row(r)
        parts = [row.examples(2)[0], row.block().sample(3).X[0, 0], row.examples(1)[0]]
        parts += [row.block().sample(2, 2).X[0].reshape(4, 1), row.examples(2)[0]]
        np.testing.assert_array_equal(np.concatenate(parts), stream[r, :12])
        np.testing.assert_array_equal(row.block().row(0).examples(3)[0], stream[r, 12:15])
    again = Rounds(game, game.distribution).defending()
    again.sample(4)
    np.testing.assert_array_equal(again.row(7).examples(3)[0], stream[7, 4:7])


# What a view hands out


def arrays_of(view):
    """Every array that a defender's round or an attacker's hands out."""
    row = view.row(0)
    yield from (view.keys, view.codes, row.f.code)
    if hasattr(view, "X_star"):
        yield from (view.X_star, row.x_star)
    else:
        yield from (view.X, row.x, *row.examples(3), view.sample(2, 3).X, view.sample(2, 3).y, view._shown_labels())
        yield row.f(row.x[None])
    if view.distribution is not None and view.distribution.atoms() is not None:
        yield view.distribution.atoms()[0]


@playing
def test_what_a_view_hands_out_cannot_be_written_and_is_left_as_it_was(player, game):
    ready = player.prepare(game)
    if isinstance(player, Attacker):
        _, rounds, codes = attacked(player, game)
        view = rounds.planting(codes)
        before = [array.tobytes() for array in (view.keys, view.codes, view.X_star)]
        ready.plant_block(view)
        after = [array.tobytes() for array in (view.keys, view.codes, view.X_star)]
    else:
        view = Rounds(game, law_of(game)).defending()
        before = [array.tobytes() for array in (view.keys, view.codes, view.X)]
        ready.suspicion_block(view)
        after = [array.tobytes() for array in (view.keys, view.codes, view.X)]
    assert after == before
    for array in arrays_of(view):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0


@pytest.mark.parametrize("game", dict.fromkeys(game for _, game in DEFENDING), ids=str)
def test_no_view_of_a_defender_knows_the_other_side(game):
    view = Rounds(game, law_of(game)).defending()
    for seen in (view, view.row(0)):
        named = {name for name in dir(seen) if not name.startswith("_")}
        assert not named & {"attacker", "coin", "branch", "f_star", "x_star", "codes_star", "status", "planted"}
        assert seen.distribution == game.distribution
