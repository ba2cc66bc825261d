"""Verdicts of persistence and replication fall for a backdoor in the place of its control, or a count that is off."""

from __future__ import annotations

import dataclasses

import pytest

from backdoor_game import bounds
from backdoor_game.experiments.persistence import experiment as persistence
from backdoor_game.experiments.persistence.fine_tuned import DEAD, LIVE, Curve
from backdoor_game.experiments.persistence.single_parameters import every_edit
from backdoor_game.experiments.replication import experiment as replication
from backdoor_game.experiments.replication.runs import Obeyed, forging_rate, ranks
from backdoor_game.experiments.replication.shown import D, N, Replicated
from backdoor_game.experiments.shared.advantages import Judged
from backdoor_game.games.measuring.records import Estimate
from tests.experiments.faults import fallen, fell

LEVEL = 0.9999


# persistence


def test_one_copy_in_the_place_of_three_is_changed_by_single_edits_and_three_in_the_place_of_one_by_none():
    three, one = every_edit(3, 1, 0), every_edit(1, 1, 0)
    assert not fallen(persistence._edit_verdicts({3: three, 1: one}))
    fell(persistence._edit_verdicts({3: one, 1: three}), "no single edit changes three copies", "control: some single")


def trained(**changed):
    """Shares that the experiment finds, and some lines as others: (won, dead) of 100 rounds."""
    shares = {"3 single": (0, 0), "1 single": (100, 100), "3 several": (94, 90), "3 straight": (94, 90)}
    shares |= {"1 straight": (94, 90), "3 decay": (50, 56), **changed}
    lines = [persistence.PersistenceLine(100, won, dead, 0.5, (0.9, 0.6)) for won, dead in shares.values()]
    return persistence._line_verdicts(lines, LEVEL)


@pytest.mark.parametrize(
    ("line", "share", "start"),
    [
        ("3 single", (1, 1), "training by single edits never removes it"),
        ("1 single", (0, 0), "the same training removes it from one copy"),
        ("3 straight", (0, 0), "straight-through gradients remove it"),
        ("3 several", (0, 0), "changes of several weights remove it"),
        ("3 decay", (0, 0), "weight decay alone kills it"),
    ],
)
def test_training_that_removes_what_it_should_not_or_removes_nothing(line, share, start):
    assert not fallen(trained())
    fell(trained(**{line: share}), start)


def curves(live_after=0.02, falls=0.0, dead_after=0.98):
    epochs = (0, 50)
    return [
        Curve(LIVE, epochs, ((0.9, 0.9), (live_after, live_after)), ((0.95, 0.95), (0.95 - falls, 0.95 - falls))),
        Curve(DEAD, epochs, ((0.99, 0.99), (dead_after, dead_after)), ((0.95, 0.95), (0.95, 0.95))),
    ]


@pytest.mark.parametrize(
    ("change", "start"),
    [
        ({"live_after": 0.9}, "live pixels: fine-tuning takes attack success down"),
        ({"falls": 0.1}, "live pixels: accuracy is kept"),
        ({"dead_after": 0.05}, "dead pixels without decay"),
    ],
)
def test_dead_pixels_in_the_place_of_live_ones_and_the_reverse_and_accuracy_that_is_lost(change, start):
    assert not fallen(persistence._curve_verdicts(curves()))
    fell(persistence._curve_verdicts(curves(**change)), start)


# replication


def estimated(won, rounds, low=0.0, high=1.0):
    blank = dict.fromkeys(Estimate.__dataclass_fields__, 0)
    return Estimate(**{**blank, "rounds": rounds, "detections": won, "low": low, "high": high})


@pytest.fixture(scope="module")
def sound():
    """Real ranks of a small checksum, and all else as theory has it."""
    curve = {}
    for q in replication.SEEN:
        rate = forging_rate(D, N, q)
        curve[q] = estimated(0, 250, rate - 0.01, rate + 0.01)
    asked = {n: Judged("q", 150, 2, 150 if n == 1 else 2, 0.99) for n in replication.ASKING}
    won = {size: estimated(0, 50) for size in replication.SIGNED}
    obeyed = [Obeyed(514, 1, 300, 300, 1, 256.0, 300)]
    return Replicated([ranks(16, 4, 40, 3)], curve, estimated(250, 250), obeyed, won, won, asked, 100, LEVEL)


def checksum(found, **changed):
    return dataclasses.replace(found, ranks=[dataclasses.replace(found.ranks[0], **changed)])


def signed(found, **changed):
    return dataclasses.replace(found, obeyed=[dataclasses.replace(found.obeyed[0], **changed)])


FAULTS = {
    "once the rank is d - n every try forges": lambda f: checksum(f, forged=f.ranks[0].tries - 1),
    "with at most n edits": lambda f: checksum(f, most=5),
    "examples beyond d - n + 1 have the law": lambda f: checksum(f, extra=tuple(e + 2 for e in f.ranks[0].extra)),
    "fresh inputs fire at the rate 2^-n": lambda f: checksum(f, fired=2 * f.ranks[0].shown // 16),
    "activation changes every second block": lambda f: checksum(f, changed=f.ranks[0].blocks),
    "forgeries come at the exact rate": lambda f: dataclasses.replace(
        f, curve={q: estimated(0, 250, bounds.checksum_fire_rate(N) / 2, 0.01) for q in f.curve}
    ),
    "one example forges where the partition": lambda f: dataclasses.replace(f, public=estimated(249, 250)),
    "signed inputs get the chosen answer": lambda f: signed(f, obeyed=150),
    "a block has at most one edit": lambda f: signed(f, most=2),
    "no spliced or copied input is a forgery": lambda f: dataclasses.replace(
        f, copied={size: estimated(1, 50) for size in f.copied}
    ),
    "the rule can be met": lambda f: signed(f, counted=299),
    "random questions have no more advantage": lambda f: dataclasses.replace(
        f, asked={n: Judged("q", 150, 75, 75, 0.99) for n in f.asked}
    ),
}


@pytest.mark.parametrize("start", FAULTS)
def test_each_claim_on_forgeries_falls_for_its_fault(start, sound):
    """A forger who fails once, edits too much or waits too long; keys that fire too often; idle questions."""
    assert not fallen(replication._verdicts(sound))
    told = replication._verdicts(FAULTS[start](sound))
    fell(told, start)
    assert len(fallen(told)) == 1


def test_a_questioner_who_knows_more_than_questions_can_tell(sound):
    told = replication._verdicts(
        dataclasses.replace(sound, asked={n: Judged("q", 150, 0, 150, 0.99) for n in sound.asked})
    )
    fell(told, "random questions have no more advantage")
