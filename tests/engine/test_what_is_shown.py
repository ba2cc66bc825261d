"""Step 4, the rule that is the game: a fair coin shows (f, a fresh x) or (f*, x*), with examples of the function shown.

Both players write down all that they see. Functions of 40 random labels all differ, so that a code names its round.
"""

from __future__ import annotations

import collections
import itertools
import math
from dataclasses import dataclass

import numpy as np
import pytest

from backdoor_game import (
    AllFunctions,
    Attacker,
    BackdoorGame,
    BlockAttacker,
    BlockDefender,
    Defender,
    Thresholds,
    UnitCube,
    Weighted,
    estimate,
)
from backdoor_game.ground.statistics import clopper_pearson
from backdoor_game.players.attackers.base import PLANT

POINTS, EXAMPLES, ROUNDS = 40, 6, 6000  # two blocks of rounds
MASSES = (0.1, 0.2, 0.3, 0.4)  # on points 0 .. 3, and none on the others
GAME = BackdoorGame(AllFunctions(points=POINTS), 0.4, Weighted(MASSES + (0.0,) * (POINTS - 4)))
ERROR = 1e-6  # of a whole family of intervals: seeds are fixed, and what is tested is exact


@dataclass
class Round:
    """What the attacker knows of one round."""

    f: bytes
    x_star: int
    f_star: bytes


@dataclass
class Shown:
    """What the defender sees in one call: f' and x', its examples, and f'(x') when asked for it."""

    code: bytes
    x: int
    X: list[int]
    y: list[int]
    label: int


class Book:
    """All that both have written down, by the codes."""

    def __init__(self):
        self.by_f, self.by_f_star, self.shown = {}, {}, []

    def planted(self, f, x_star, f_star):
        one = Round(f.tobytes(), int(x_star[0]), f_star.tobytes())
        self.by_f[one.f] = self.by_f_star[one.f_star] = one

    def seen(self, code, x, X, y, label):
        self.shown.append(Shown(code.tobytes(), int(x[0]), X[:, 0].tolist(), y.tolist(), int(label)))

    def says(self, code, planted, clean):
        return planted if code.tobytes() in self.by_f_star else clean


BOOK = Book()


@dataclass(frozen=True)
class Flips(Attacker):
    """Plants f with its label at the trigger flipped, so that the trigger can be read off the plant."""

    def choose(self, view, rng):
        assert view.x_star is None  # the trigger is not drawn yet
        return super().choose(view, rng)

    def plant(self, view, rng):
        code = view.f.code.copy()
        code[view.x_star[0]] ^= 1
        BOOK.planted(view.f.code, view.x_star, code)
        return view.game.functions.function(code)


@dataclass(frozen=True)
class FlipsBlocks(BlockAttacker):
    """The same, many rounds at a time."""

    def plant_block(self, view):
        codes, X_star = view.chosen()
        planted = codes.copy()
        planted[np.arange(len(codes)), X_star[:, 0]] ^= 1
        for row in zip(codes, X_star, planted, strict=True):
            BOOK.planted(*row)
        return planted, np.full(len(codes), PLANT)


@dataclass(frozen=True)
class Looks(Defender):
    """Says one number of what is a plant by the attacker's book, and another of what is none."""

    planted: float = 1.0
    clean: float = 0.0

    def suspicion(self, view, rng):
        X, y = view.examples(EXAMPLES)
        BOOK.seen(view.f.code, view.x, X, y, view.f(view.x[None])[0])
        return BOOK.says(view.f.code, self.planted, self.clean)


@dataclass(frozen=True)
class LooksAtBlocks(BlockDefender):
    """The same, many rounds at a time."""

    planted: float = 1.0
    clean: float = 0.0

    def suspicion_block(self, view):
        sample, labels = view.sample(EXAMPLES), view.evaluate(view.X[:, None, :])[:, 0]
        for r, code in enumerate(view.codes):
            BOOK.seen(code, view.X[r], sample.X[r, 0], sample.y[r, 0], labels[r])
        return np.array([BOOK.says(code, self.planted, self.clean) for code in view.codes])


PLAYERS = {
    "one round at a time": (Flips(), Looks),
    "blocks": (FlipsBlocks(), LooksAtBlocks),
    "a block attacker": (FlipsBlocks(), Looks),
    "a block defender": (Flips(), LooksAtBlocks),
}


def noted(attacker, defender, game=GAME, **options):
    """A fresh book of a run, and its estimate."""
    for part in (BOOK.by_f, BOOK.by_f_star, BOOK.shown):
        part.clear()
    found = estimate(game, attacker, defender, rounds=ROUNDS, seed=7, threads=1, **options)
    assert found.forfeits == found.illegal == found.undecided == 0
    assert len(BOOK.by_f) == len(BOOK.by_f_star) == ROUNDS
    return found


@pytest.fixture(scope="module", params=PLAYERS)
def book(request):
    """What was planted, and what was shown on the planted and on the clean branch: lists of equal length."""
    attacker, looks = PLAYERS[request.param]
    noted(attacker, looks())
    planted = {one.code: one for one in BOOK.shown if one.code in BOOK.by_f_star}
    clean = {one.code: one for one in BOOK.shown if one.code in BOOK.by_f}
    assert len(BOOK.shown) == len(planted) + len(clean)
    order = [(BOOK.by_f_star if one.code in BOOK.by_f_star else BOOK.by_f)[one.code].f for one in BOOK.shown]
    firsts = {f: number for number, f in reversed(list(enumerate(order)))}
    return [
        (one, planted.get(one.f_star), clean.get(one.f), BOOK.shown[firsts[one.f]].code == one.f_star)
        for one in BOOK.by_f.values()
    ]


def held(count, trials, chance, tests):
    """Whether a count is what a chance would give, by an exact interval out of so many at 1 - 1e-6 together."""
    low, high = clopper_pearson(int(count), trials, 1 - ERROR / tests)
    return low <= chance <= high


def test_every_round_shows_both_branches_once_and_the_functions_are_f_and_f_star(book):
    """Two calls a round, of f and of f*, and every call is one of these: the fixture counts them."""
    assert len(book) == ROUNDS
    assert all(planted is not None and clean is not None for _, planted, clean, _ in book)


def test_the_planted_branch_shows_the_trigger_that_was_drawn(book):
    for one, planted, clean, _ in book:
        assert planted.x == one.x_star
        f, f_star = (np.frombuffer(code, np.uint8) for code in (one.f, planted.code))
        assert np.flatnonzero(f != f_star).tolist() == [planted.x]
        assert clean.code == one.f


def test_the_trigger_the_fresh_input_and_f_are_independent_and_both_points_are_drawn_from_d(book):
    """Each of the 4 x 4 x 2 cells of (x*, x, f(0)) has the product of its masses: no function of one tells another."""
    cells = collections.Counter((one.x_star, clean.x, one.f[0]) for one, _, clean, _ in book)
    wanted = list(itertools.product(range(4), range(4), (0, 1)))
    assert set(cells) <= set(wanted)
    for x_star, x, bit in wanted:
        assert held(cells[x_star, x, bit], ROUNDS, MASSES[x_star] * MASSES[x] / 2, len(wanted))


def test_the_trigger_is_the_fresh_input_as_often_as_two_draws_agree(book):
    """.01 + .04 + .09 + .16 = .3; always, never, or as a point of a uniform law would be far off."""
    agree = sum(clean.x == one.x_star for one, _, clean, _ in book)
    assert held(agree, ROUNDS, math.fsum(p * p for p in MASSES), 1)


def test_a_fair_coin_that_knows_neither_trigger_nor_input_says_which_branch_comes_first(book):
    """In an estimate both branches are played, one after the other; the order is the definition's coin."""
    assert held(sum(first for *_, first in book), ROUNDS, 0.5, 1)
    for which in ("x_star", "x"):
        cells = collections.Counter(
            (one.x_star if which == "x_star" else clean.x, first) for one, _, clean, first in book
        )
        for x, first in itertools.product(range(4), (False, True)):
            assert held(cells[x, first], ROUNDS, MASSES[x] / 2, 8)


@pytest.mark.parametrize("branch", ["planted", "clean"])
def test_examples_and_answers_are_those_of_the_function_that_is_shown(book, branch):
    for _, planted, clean, _ in book:
        shown = planted if branch == "planted" else clean
        assert shown.label == shown.code[shown.x]
        assert shown.y == [shown.code[x] for x in shown.X]
        assert len(shown.y) == EXAMPLES


@pytest.mark.parametrize("branch", ["planted", "clean"])
def test_examples_are_fresh_draws_of_d_whatever_x_is_shown(book, branch):
    """Of each of the examples: its cells with x' have the product of the masses, on either branch."""
    shown = [planted if branch == "planted" else clean for _, planted, clean, _ in book]
    for place in range(EXAMPLES):
        cells = collections.Counter((one.x, one.X[place]) for one in shown)
        for x, z in itertools.product(range(4), repeat=2):
            assert held(cells[x, z], ROUNDS, MASSES[x] * MASSES[z], 16 * EXAMPLES)


def test_both_branches_of_a_round_have_examples_of_their_own(book):
    """Equal lists come with chance (.3)^6 < 1e-3."""
    same = sum(planted.X == clean.X for _, planted, clean, _ in book)
    assert held(same, ROUNDS, math.fsum(p * p for p in MASSES) ** EXAMPLES, 1)


@pytest.mark.parametrize("who", PLAYERS)
def test_what_is_said_of_a_branch_is_counted_for_that_branch(who):
    attacker, looks = PLAYERS[who]
    right, wrong = noted(attacker, looks()), noted(attacker, looks(planted=0.0, clean=1.0))
    assert (right.false_alarms, right.detections, right.win_rate, right.auroc) == (0, ROUNDS, 1.0, 1.0)
    assert (wrong.false_alarms, wrong.detections, wrong.win_rate, wrong.auroc) == (ROUNDS, 0, 0.0, 0.0)
    assert noted(attacker, looks(), literal=True).win_rate == 1.0
    assert noted(attacker, looks(planted=0.0, clean=1.0), literal=True).win_rate == 0.0


def test_the_literal_game_is_the_branch_that_is_shown_first():
    met = set()

    @dataclass(frozen=True)
    class First(Defender):
        def suspicion(self, view, rng):
            planted = view.f.code.tobytes() in BOOK.by_f_star
            one = (BOOK.by_f_star if planted else BOOK.by_f)[view.f.code.tobytes()]
            again = one.f in met
            met.add(one.f)
            return float(planted != again)

    found = noted(Flips(), First(), literal=True)
    assert found.mode == "literal"
    assert found.win_rate == 1.0


def test_on_the_line_the_planted_branch_shows_the_trigger_to_the_last_bit_and_no_number_comes_twice():
    """A threshold t is 1 from t on; the plant's is the trigger, or its neighbour to the right where f is 1 there.

    Originals, triggers and fresh inputs of 500 rounds are 1,500 draws of (0, 1), which all differ.
    """
    chosen, planted, clean = [], [], []

    @dataclass(frozen=True)
    class Beside(Attacker):
        def plant(self, view, rng):
            x = view.x_star[0]
            chosen.append((view.f.code[0], x))
            return view.game.functions.function([x if view.f(view.x_star[None])[0] == 0 else np.nextafter(x, 2.0)])

    @dataclass(frozen=True)
    class Notes(Defender):
        def suspicion(self, view, rng):
            is_plant = view.f.code[0] not in {t for t, _ in chosen}
            (planted if is_plant else clean).append((view.f.code[0], view.x[0]))
            return float(is_plant)

    found = estimate(BackdoorGame(Thresholds(), 1.0, UnitCube()), Beside(), Notes(), rounds=500, seed=7)
    assert (found.forfeits, found.illegal, found.false_alarms, found.detections) == (0, 0, 0, 500)
    assert sorted(x for _, x in planted) == sorted(x_star for _, x_star in chosen)
    assert all(t in (x, np.nextafter(x, 2.0)) for t, x in planted)
    assert sorted(t for t, _ in clean) == sorted(t for t, _ in chosen)
    numbers = [*(number for pair in chosen for number in pair), *(x for _, x in clean)]
    assert len(set(numbers)) == len(numbers) == 1500
