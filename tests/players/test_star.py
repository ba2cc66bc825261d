"""The star attack: what it finds is a star, the first one, and what blind trust wins against it."""

from fractions import Fraction

import numpy as np
import pytest

from backdoor_game import (
    AllFunctions,
    AlwaysClean,
    BackdoorGame,
    Explicit,
    InvalidArgument,
    MissingCapability,
    Parities,
    RandomOracle,
    Singletons,
    Star,
    Thresholds,
    Uniform,
    estimate,
    exact_win_rate,
    solve,
)
from backdoor_game.functions.table import table
from backdoor_game.players.attackers import star
from backdoor_game.players.attackers.star import star_of
from backdoor_game.players.views import AttackerBlock, Meter
from tests.naive import stars as naive

CLASSES = [
    RandomOracle(key_bits=4, bits=3),
    RandomOracle(key_bits=5, bits=4),
    Thresholds(points=7),
    Singletons(points=6),
    Parities(bits=3),
    AllFunctions(points=4),
    Explicit(["0000", "1010", "0101", "1110", "0011"]),
]


def numbered(functions, found):
    """A star as numbers of members and points."""
    known = table(functions)
    place = {code.tobytes(): k for k, code in reversed(list(enumerate(known.codes)))}
    points = tuple(functions.domain.index(found.points).tolist())
    return place[found.centre[0].tobytes()], points, [place[code.tobytes()] for code in found.leaves]


@pytest.mark.parametrize("functions", CLASSES, ids=str)
@pytest.mark.parametrize("r", [1, 2, 3, 4])
def test_the_star_is_the_first_one_by_the_definition_or_there_is_none(functions, r):
    expected = naive.first_star(table(functions).labels.tolist(), r)
    if expected is None:
        with pytest.raises(MissingCapability, match=rf"^Star\(points={r}\) found no star of {r} points in .*fewer$"):
            star_of(functions, r)
    else:
        assert numbered(functions, star_of(functions, r)) == expected


def test_on_a_keyed_hash_stars_are_larger_than_shattered_sets_can_be():
    """256 keys shatter at most 8 points; the star of 11 is checked by its definition."""
    functions = RandomOracle(key_bits=8, bits=10)
    assert functions.vc_upper_bound == 8
    centre, points, leaves = numbered(functions, star_of(functions, 11))
    apart = table(functions).labels[leaves][:, points] != table(functions).labels[centre, points]
    np.testing.assert_array_equal(apart, np.eye(11, dtype=bool))
    with pytest.raises(MissingCapability, match="found no star of 12 points"):
        star_of(functions, 12)


def test_the_search_stops_where_it_has_read_enough(monkeypatch):
    monkeypatch.setattr(star, "LABELS", 2**18)
    star_of.cache_clear()
    with pytest.raises(MissingCapability, match="found no star of 10 points"):
        star_of(RandomOracle(key_bits=8, bits=10), 10)
    monkeypatch.undo()
    assert len(star_of(RandomOracle(key_bits=8, bits=10), 10).points) == 10


@pytest.mark.parametrize("r", [2, 4, 6, 7])
def test_from_one_over_r_on_every_round_has_a_plant_and_blind_trust_wins_half(r):
    game = BackdoorGame(RandomOracle(key_bits=8, bits=10), 1 / r)
    assert Star().prepare(game) == Star(points=r)
    found = estimate(game, Star(), AlwaysClean(), rounds=500, seed=r)
    assert (found.forfeits, found.illegal, found.detections, found.win_rate) == (0, 0, 0, 0.5)
    assert exact_win_rate(game, Star(), AlwaysClean()) == pytest.approx(0.5, abs=1e-12)


@pytest.mark.parametrize(("r", "epsilon"), [(3, 0.1), (5, 0.15), (11, 1 / 72)])
def test_below_one_over_r_the_heavy_point_is_forfeited(r, epsilon):
    game = BackdoorGame(RandomOracle(key_bits=8, bits=10), epsilon)
    expected = 1 - (r - 1) * epsilon / 2
    assert exact_win_rate(game, Star(points=r), AlwaysClean()) == pytest.approx(expected, abs=1e-12)
    found = estimate(game, Star(points=r), AlwaysClean(), rounds=4000, seed=r, level=0.999)
    assert found.illegal == 0 < found.forfeits
    assert found.low <= expected <= found.high


@pytest.mark.parametrize("r", [2, 4, 5, 6, 7])
def test_the_star_alone_is_worth_r_over_r_plus_one(r):
    """Its one-inclusion graph is a star: r edges on r + 1 functions."""
    functions = RandomOracle(key_bits=8, bits=10)
    centre, points, leaves = numbered(functions, star_of(functions, r))
    rows = ["".join(map(str, row)) for row in table(functions).labels[[centre, *leaves]][:, points].tolist()]
    assert Fraction(solve(BackdoorGame(Explicit(rows), f"1/{r}", Uniform()), exact=True).fraction) == Fraction(r, r + 1)


def test_another_original_or_input_than_its_own_is_a_forfeit():
    game = BackdoorGame(RandomOracle(key_bits=6, bits=4), 0.25)
    ready = Star().prepare(game)
    law, found = game.setup(ready), star_of(game.functions, 4)
    others = np.array([x for x in game.functions.domain.points() if not (x == found.points).all(axis=1).any()])
    X = np.concatenate([found.points, others[:3]])
    keys = np.zeros(7, dtype=np.uint64)
    for codes, able in ((np.repeat(found.centre, 7, axis=0), [1] * 4 + [0] * 3), (found.leaves[[0] * 7], [0] * 7)):
        view = AttackerBlock(game, law, keys, Meter(7), codes=codes.copy(), X_star=X.copy())
        assert ready.plant_block(view)[1].tolist() == able


def test_games_that_a_star_cannot_play_are_refused_in_one_sentence():
    keyed = RandomOracle(key_bits=4, bits=3)
    for attacker, game, words in (
        (
            Star(),
            BackdoorGame(keyed, 0.5, Uniform()),
            r"^Star\(\) picks its own distribution and refuses the fixed",
        ),
        (Star(), BackdoorGame(keyed, 0), r"^Star\(\) cannot choose how many points at epsilon 0: pass points=\.\.\.$"),
        (Star(), BackdoorGame(keyed, 0.01), r"^Star\(points=100\) found no star of 100 points in RandomOracle\(key_b"),
        (Star(points=2), BackdoorGame(Thresholds(), 0.5), "cannot be enumerated on a finite domain"),
    ):
        with pytest.raises((MissingCapability, InvalidArgument), match=words):
            attacker.prepare(game)
    with pytest.raises(InvalidArgument, match=r"Star\.points must be"):
        Star(points=0)
