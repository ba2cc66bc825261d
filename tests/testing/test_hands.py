"""Every obfuscator, forger, delegate and update that is shipped passes its battery; what is skipped is known."""

from __future__ import annotations

import pytest

from backdoor_game import (
    Canonical,
    CLWEBackdoor,
    CommitsPlant,
    Copycat,
    FineTuning,
    GaussianElimination,
    GrindsSeeds,
    Identity,
    InvalidArgument,
    KeepsCoins,
    OwnCoins,
    PlantsAnyway,
    Rewriting,
    RushesCommittee,
    SeveralEdits,
    SingleEdits,
    Splice,
    StraightThrough,
    WeightDecay,
    catalog,
)
from backdoor_game.testing import check_delegate, check_forger, check_obfuscator, check_update
from backdoor_game.testing.batteries import check

KEY = CLWEBackdoor(k=4)
PLANTS, FREE, LOOSE = (
    {"who_plants_nothing_hands_in_what_is_determined"},
    {"over_budget_loses_the_round"},
    {"tables_are_kept"},
)
SHIPPED = {
    Canonical(): set(),
    Identity(): LOOSE,
    Rewriting(): LOOSE,
    Copycat(): FREE,
    GaussianElimination(): FREE,
    Splice(blocks=2): FREE,
    CommitsPlant(KEY): PLANTS,
    GrindsSeeds(KEY): PLANTS,
    KeepsCoins(): set(),
    OwnCoins(KEY): PLANTS,
    PlantsAnyway(KEY): PLANTS,
    RushesCommittee(KEY): PLANTS,
    FineTuning(): set(),
    SeveralEdits(): set(),
    SingleEdits(): set(),
    StraightThrough(): set(),
    WeightDecay(): set(),
}


@pytest.mark.parametrize("thing", SHIPPED, ids=lambda thing: type(thing).__name__)
def test_a_shipped_thing_passes_and_skips_what_it_does_not_offer(thing):
    found = check(thing)
    assert [result for result in found if result.status == "failed"] == []
    assert {result.name for result in found if result.status == "skipped"} == SHIPPED[thing]


def test_none_that_is_shipped_is_left_out():
    rooms = ("obfuscators", "forgers", "delegates", "updates")
    assert {type(thing).__name__ for thing in SHIPPED} == {name for room in rooms for name in catalog.shipped(room)}


def test_the_batteries_are_public_and_hold_to_their_kind():
    assert check_obfuscator(Identity()) == check(Identity())
    assert check_forger(Copycat()) == check(Copycat())
    assert check_delegate(KeepsCoins()) == check(KeepsCoins())
    assert check_update(WeightDecay()) == check(WeightDecay())
    with pytest.raises(InvalidArgument, match="forger must be a Forger such as Copycat"):
        check_forger(KeepsCoins())


def test_what_plays_none_of_the_games_is_refused_with_its_reason():
    with pytest.raises(InvalidArgument, match=r"Splice\(\) plays none of the games: Splice.blocks must be at most 11"):
        check(Splice())
