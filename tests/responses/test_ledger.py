"""What a climbing search remembers: every answer is paid for once while its function is kept, the oldest go first."""

from __future__ import annotations

import collections

import numpy as np
import pytest

from backdoor_game import BackdoorGame, Thresholds, Uniform
from backdoor_game.exact.climbing import ledger
from backdoor_game.exact.climbing.plants import LegalPlants

GAME = BackdoorGame(Thresholds(points=7), 0.5, Uniform())
POINTS = GAME.functions.domain.points()
CODES = GAME.functions.enumerate()


class Notes:
    """Answers like the law below, and writes down what was asked."""

    def __init__(self):
        self.asked = []

    def ask(self, codes, X):
        pairs = list(zip(codes[:, 0].tolist(), X[:, 0].tolist(), strict=True))
        self.asked += pairs
        return np.array([flagged(*pair) for pair in pairs], dtype=np.float64)


def flagged(code, x):
    """A flag probability of its own for each function and point."""
    return (1 + 8 * code + x) / 128


def kept(monkeypatch, most, name="MEMBERS"):
    """A ledger with room for so many functions, and what it asks."""
    monkeypatch.setattr(ledger, name, most if name == "MEMBERS" else most * len(POINTS))
    notes = Notes()
    return ledger.Ledger(GAME.functions, LegalPlants(GAME, GAME.distribution), notes, POINTS), notes


def told(book, pairs):
    """What the ledger says of (function, point) pairs."""
    codes = np.array([[code] for code, _ in pairs], dtype=CODES.dtype)
    return book.missed(codes, np.array([x for _, x in pairs], dtype=np.intp)).tolist()


@pytest.mark.parametrize("name", ["MEMBERS", "CELLS"])
def test_a_function_that_made_room_is_asked_about_again_and_the_others_are_not(monkeypatch, name):
    book, notes = kept(monkeypatch, 3, name)
    told(book, [(0, 5), (1, 5), (2, 5)])
    told(book, [(3, 5)])  # for which 0, entered longest ago, makes room
    assert notes.asked == [(0, 5), (1, 5), (2, 5), (3, 5)]
    told(book, [(1, 5), (2, 5), (3, 5)])
    assert len(notes.asked) == 4
    told(book, [(0, 5)])  # and now 1 makes room
    assert notes.asked[4:] == [(0, 5)]
    told(book, [(0, 5), (2, 5), (3, 5)])
    assert len(notes.asked) == 5
    told(book, [(1, 5)])
    assert notes.asked[5:] == [(1, 5)]


def test_a_newcomer_inherits_no_answer_of_the_function_whose_place_it_takes(monkeypatch):
    book, notes = kept(monkeypatch, 2)
    told(book, [(0, 5), (0, 6), (1, 6)])
    assert told(book, [(2, 5)]) == [1 - flagged(2, 5)]
    assert told(book, [(2, 6)]) == [1 - flagged(2, 6)]
    assert told(book, [(0, 6)]) == [1 - flagged(0, 6)]
    assert notes.asked == [(0, 5), (0, 6), (1, 6), (2, 5), (2, 6), (0, 6)]


def test_questions_are_those_of_a_list_that_drops_its_oldest_entry(monkeypatch):
    """The rule as a few lines of plain Python, over 600 random questions about eight functions in four places."""
    book, notes = kept(monkeypatch, 4)
    rng, known, expected = np.random.default_rng(5), collections.OrderedDict(), []
    for code, x in zip(rng.integers(0, 8, 600).tolist(), rng.integers(0, 7, 600).tolist(), strict=True):
        if code not in known:
            if len(known) == 4:
                known.popitem(last=False)
            known[code] = set()
        if x not in known[code]:
            known[code].add(x)
            expected.append((code, x))
        assert told(book, [(code, x)]) == [1 - flagged(code, x)]
        assert notes.asked == expected
    assert len(expected) < 600


def test_plants_are_the_legal_ones_missed_most_among_the_functions_still_kept(monkeypatch):
    """A threshold t is 1 from t on; flags grow with the code, so that the lowest legal one is missed most."""
    book, _ = kept(monkeypatch, 3)

    def expected(f, entered):
        best = {}
        for x in range(7):
            legal = [g for g in entered if abs(g - f) <= 3 and (x >= g) != (x >= f)]  # 3/7 is within 1/2, 4/7 is not
            best[x] = min(legal, default=None)
        return best

    def found(f):
        codes, gains = book.plants(np.array([f], dtype=CODES.dtype), np.uint64(1))
        for x, gain in enumerate(gains):
            assert gain == (-1 if gain < 0 else 1 - flagged(int(codes[x, 0]), x))
        return {x: int(codes[x, 0]) if gains[x] >= 0 else None for x in range(7)}

    told(book, [(code, x) for code in (1, 2, 6) for x in range(7)])
    assert found(3) == expected(3, (1, 2, 6))
    assert found(3)[1] == 1
    told(book, [(5, x) for x in range(7)])  # 1 makes room
    assert found(3) == expected(3, (2, 6, 5))
    assert found(3)[1] is None
    told(book, [(0, 2)])  # 2 makes room, and 0 is known at one point alone
    assert found(3) == {**expected(3, (6, 5)), 2: 0}
