"""What every shipped player promises, whichever game it plays."""

from __future__ import annotations

import copy
import dataclasses
import pickle

import numpy as np
import pytest

from backdoor_game import BlockAttacker, BlockDefender, TraceReader, catalog
from backdoor_game.ground import spec
from backdoor_game.players.attackers.base import NO_PLANT
from tests.players.cases import (
    ATTACKERS,
    ATTACKING,
    DEFENDERS,
    DEFENDING,
    ROWS,
    Rounds,
    attacked,
    generator,
    law_of,
    planted_by,
)

STATUS = {"proved", "enumerated", "simulated", "heuristic"}
attacking = pytest.mark.parametrize(("attacker", "game"), ATTACKING, ids=str)
defending = pytest.mark.parametrize(("defender", "game"), DEFENDING, ids=str)
playing = pytest.mark.parametrize(("player", "game"), [*ATTACKING, *DEFENDING], ids=str)
players = pytest.mark.parametrize("player", [*ATTACKERS, *DEFENDERS], ids=str)
FORWARD_AND_BACK = [np.arange(ROWS)[::-1], np.arange(0, ROWS, 3), np.array([17]), np.array([5, 2, 31, 2])]


def test_every_shipped_player_has_its_games_here():
    assert {type(attacker) for attacker in ATTACKERS} == set(catalog.shipped("attackers").values())
    assert {type(defender) for defender in DEFENDERS} == set(catalog.shipped("defenders").values())
    assert all(len(games) >= 2 for games in [*ATTACKERS.values(), *DEFENDERS.values()])
    for player in (*ATTACKERS, *DEFENDERS):
        assert isinstance(player, BlockAttacker | BlockDefender)


# What a configured player is


@players
def test_a_player_is_frozen_and_equal_to_what_is_configured_alike(player):
    twin = copy.deepcopy(player)
    assert twin == player
    assert hash(twin) == hash(player)
    assert {player: "kept"}[twin] == "kept"
    for field in dataclasses.fields(player):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(player, field.name, None)
    others = [other for other in (*ATTACKERS, *DEFENDERS) if other is not player]
    assert all(other != player for other in others)


@playing
def test_a_player_survives_pickling_and_its_spec_as_typed_and_as_prepared(player, game):
    for configured in (player, player.prepare(game), game):
        read = spec.parse(spec.text(configured), catalog.resolve)
        for twin in (read, pickle.loads(pickle.dumps(configured))):
            assert type(twin) is type(configured)
            assert twin == configured
            assert hash(twin) == hash(configured)
            assert repr(twin) == repr(configured) == spec.text(configured)


@players
def test_a_player_s_docstring_states_its_status(player):
    assert catalog.status_word(type(player)) in STATUS
    assert any(f"*{word}" in type(player).__doc__.lower() for word in STATUS)


# Preparation


@playing
def test_preparing_twice_is_preparing_once_and_leaves_the_player_itself_alone(player, game):
    before = spec.text(player)
    ready = player.prepare(game)
    assert type(ready) is type(player)
    assert ready.prepare(game) == ready
    assert spec.text(player) == before


@defending
def test_preparing_fills_every_none_and_keeps_what_was_typed(defender, game):
    ready = defender.prepare(game)
    left = {field.name for field in dataclasses.fields(ready) if getattr(ready, field.name) is None}
    # Boltzmann resampling against a fixed D uses no examples, and walks only where it is given steps.
    boltzmann = "beta" in vars(ready)
    kept_open = {"examples"} if boltzmann and game.distribution is not None else set()
    kept_open |= {"steps"} if boltzmann and defender.steps is None else set()
    kept_open |= {"attacker"} if isinstance(defender, TraceReader) and defender.attacker is None else set()
    kept_open |= {"sees"} if hasattr(defender, "sees") else set()  # all of (f', x')
    assert left == kept_open
    for field in dataclasses.fields(defender):
        typed = getattr(defender, field.name)
        if typed is not None and field.name != "threshold":
            assert getattr(ready, field.name) == typed
    assert 0 <= ready.threshold <= 1


@attacking
def test_an_attacker_asks_for_a_law_only_where_the_game_has_none(attacker, game):
    ready = attacker.prepare(game)
    if game.distribution is None:
        assert ready.distribution(game).on(game.functions.domain) == law_of(game, ready)
    else:
        assert law_of(game, ready) == game.distribution


# One round or a block


@defending
def test_a_block_of_rounds_and_single_rounds_give_the_same_suspicions(defender, game):
    ready, rounds = defender.prepare(game), Rounds(game, law_of(game))
    view, alone = rounds.defending(), rounds.defending()
    together = ready.suspicion_block(view)
    one_by_one = [ready.suspicion(alone.row(r), generator(key)) for r, key in enumerate(alone.keys)]
    assert all(type(answer) is float for answer in one_by_one)
    np.testing.assert_array_equal(together, one_by_one)
    np.testing.assert_array_equal(view.meter.examples, alone.meter.examples)
    np.testing.assert_array_equal(view.meter.evaluations, alone.meter.evaluations)


@attacking
def test_a_block_of_rounds_and_single_rounds_give_the_same_originals_and_plants(attacker, game):
    ready, rounds, codes = attacked(attacker, game)
    before = rounds.before()
    for r, key in enumerate(before.keys):
        np.testing.assert_array_equal(ready.choose(before.row(r), generator(key)).code, codes[r])
    planted, said = planted_by(ready, rounds, codes)
    view = rounds.planting(codes)
    for r, key in enumerate(view.keys):
        g = ready.plant(view.row(r), generator(key))
        assert (g is None) == (said[r] == NO_PLANT)
        if g is not None:
            np.testing.assert_array_equal(g.code, planted[r])


@defending
def test_a_suspicion_depends_on_its_own_round_alone(defender, game):
    ready, rounds = defender.prepare(game), Rounds(game, law_of(game))
    whole = ready.suspicion_block(rounds.defending())
    for rows in FORWARD_AND_BACK:
        np.testing.assert_array_equal(ready.suspicion_block(rounds[rows].defending()), whole[rows])


@attacking
def test_an_original_and_a_plant_depend_on_their_own_round_alone(attacker, game):
    ready, rounds, codes = attacked(attacker, game)
    planted, said = planted_by(ready, rounds, codes)
    for rows in FORWARD_AND_BACK:
        np.testing.assert_array_equal(ready.choose_block(rounds[rows].before()), codes[rows])
        some, answers = planted_by(ready, rounds[rows], codes)
        np.testing.assert_array_equal(answers, said[rows])
        np.testing.assert_array_equal(some, planted[rows])


# Suspicions and meters


@defending
def test_suspicions_are_shares_between_0_and_1(defender, game):
    ready, rounds = defender.prepare(game), Rounds(game, law_of(game))
    suspicion = ready.suspicion_block(rounds.defending())
    assert suspicion.shape == (ROWS,)
    assert suspicion.dtype == np.float64
    assert ((suspicion >= 0) & (suspicion <= 1)).all()


@defending
def test_a_defender_is_charged_for_what_its_description_says(defender, game):
    ready, view = defender.prepare(game), Rounds(game, law_of(game)).defending()
    ready.suspicion_block(view)
    match type(ready).__name__:
        case "DistillationEnsemble":
            expected = ready.members * ready.examples, 1
        case "NeighbourVote":
            expected = ready.examples, 1
        case "BoltzmannResampling":
            distance = ready.examples if game.distribution is None else 1
            walked = 0 if ready.steps is None else ready.draws * (ready.steps * distance + 1)
            expected = (ready.examples if game.distribution is None else 0), walked + 1
        case "LeafMass" | "RareConjunction" | "PredicateCheck":
            expected = 0, 1
        case "KeySearch":
            expected = 0, game.functions.domain.size + ready.budget
        case "ParityCheck":
            expected = 0, game.functions.domain.size
        case "HammingSmoothing":
            expected = 0, ready.samples + 1
        case "StructuralDefender":
            expected = 0, min(ready.points, game.functions.domain.size) + 1
        case _:
            expected = 0, 0
    assert view.meter.examples.tolist() == [expected[0]] * ROWS
    assert view.meter.evaluations.tolist() == [expected[1]] * ROWS


@attacking
def test_an_attacker_that_knows_its_class_is_charged_for_no_evaluation_but_those_it_owns_up_to(attacker, game):
    ready, rounds, codes = attacked(attacker, game)
    before, view = rounds.before(), rounds.planting(codes)
    ready.choose_block(before)
    ready.plant_block(view)
    owned = {"PuncturedPRFAttacker": game.functions.domain.size, "GraftPath": 1, "DeepestLegal": 1}
    for meter, expected in ((before.meter, 0), (view.meter, owned.get(type(ready).__name__, 0))):
        assert meter.evaluations.tolist() == [expected] * len(meter.evaluations)
        assert not meter.examples.any()
