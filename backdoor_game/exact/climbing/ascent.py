"""Hill climbing: the best of some random originals, from these by local moves, then better plants for the winner."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator

import numpy as np

from ...functions import FunctionClass
from ...functions.base import Booleans, Codes, Floats
from ...functions.table import has_table, table
from ...ground.streams import Words, draws
from ...spaces.domains import Points
from .found import Found
from .ledger import Ledger
from .plants import LegalPlants
from .suspicions import Purse

# shares of the budget spent when screening ends and when the first walks end; the rest betters plants
SCREENED, WALKED = 0.4, 0.75
ELITE = 6  # starts of walks: more of them leave less of the budget to each
MOVES = 4  # tried a step: more climb more steeply, and each costs answers at all points
PATIENCE = 6  # steps without a better f: a longer walk leaves more hills, and starts on fewer
IDLE = 30  # turns that ask nothing new: then all that moves reach has been asked about
ROUNDS = 4  # each walks on half of what is left: after four a sixteenth is too little for another


@dataclasses.dataclass(frozen=True, eq=False)
class _Candidate:
    """An original f with a plant at each point: `alarms` are a(f, x), `gains` 1 - a(f*, x), 0 where none is known."""

    code: Codes
    alarms: Floats
    plants: Codes
    planted: Booleans
    gains: Floats
    loss: float


class Ascent:
    """One search at points (A, n) with weights (A,)."""

    def __init__(
        self,
        functions: FunctionClass,
        plants: LegalPlants,
        purse: Purse,
        points: Points,
        weights: Floats,
        key: np.uint64,
    ) -> None:
        self._functions, self._plants, self._purse = functions, plants, purse
        self._points, self._weights = points, weights
        self._ledger = Ledger(functions, plants, purse, points)
        self._key, self._spent = np.array([key]), 0
        self._unseen = self._members()
        self._near: dict[bytes, tuple[Codes, Booleans]] = {}

    def run(self) -> Found:
        """Screen random originals, walk from the best of them, better their plants; what is left walks again."""
        left = self._purse.left
        elite = self._screened(left - int(SCREENED * left))
        floor = left - int(WALKED * left)
        for _ in range(ROUNDS):
            elite = self._walks(elite, floor)
            for _ in self._turns(0):
                elite[0] = self._improved(elite[0])
            floor = self._purse.left // 2
        best = elite[0]
        return Found(best.code, best.loss, self._purse.used, self._points, best.plants, best.planted)

    def _keys(self, count: int) -> Words:
        self._spent += count
        keys: Words = draws(self._key, self._spent - count, count)[0]
        return keys

    def _members(self) -> Iterator[Codes]:
        """Random members, each once before any comes twice where they can be listed."""
        if has_table(self._functions):
            codes = table(self._functions).codes
            yield from codes[np.argsort(self._keys(len(codes)))]
        while True:
            yield self._functions.sample_block(self._keys(1))[0]

    def _turns(self, floor: int) -> Iterator[None]:
        """Turns as long as more than `floor` answers are left, and of the last ones some have asked for one."""
        idle = 0
        while self._purse.left > floor and idle < IDLE:
            before = self._purse.left
            yield
            idle = idle + 1 if self._purse.left == before else 0

    def _screened(self, floor: int) -> list[_Candidate]:
        """The best of random originals, each with a second choice of plants, judged by all that is known in the end."""
        pool = [self._weighed(next(self._unseen))]
        for _ in self._turns(floor):
            pool.append(self._improved(self._weighed(next(self._unseen))))
        return _best(self._better(one, self._weighed(one.code)) for one in pool)

    def _walks(self, elite: list[_Candidate], floor: int) -> list[_Candidate]:
        """A walk from each of the best, and then from random originals."""
        seen: set[bytes] = set()
        starts, found = iter(elite), list(elite)
        for _ in self._turns(floor):
            found += self._walked(next(starts, None) or self._weighed(next(self._unseen)), floor, seen)
        return _best(self._better(one, self._weighed(one.code)) for one in _best(found))

    def _walked(self, here: _Candidate, floor: int, seen: set[bytes]) -> list[_Candidate]:
        """On to the best of a few moves not made before, uphill or not, until nothing better has come for a while."""
        path, failures, best = [here], 0, here.loss
        while failures < PATIENCE and self._purse.left > floor:
            seen.add(here.code.tobytes())
            moved = self._functions.move_block(np.repeat(here.code[None], MOVES, axis=0), self._keys(MOVES))
            new = {code.tobytes(): code for code in moved if code.tobytes() not in seen}
            failures += 1
            if new:
                here = self._improved(_best(self._weighed(code) for code in new.values())[0])
                path.append(here)
                if here.loss > best:
                    best, failures = here.loss, 0
        return path

    def _weighed(self, code: Codes) -> _Candidate:
        """f with the best plants that the ledger knows, and where it knows none with the closest, asked about."""
        f, places = np.repeat(code[None], len(self._points), axis=0), np.arange(len(self._points))
        alarms = 1 - self._ledger.missed(f, places)
        plants, gains = self._ledger.plants(code, self._keys(1)[0])
        planted = gains >= 0
        if not planted.all():
            closest, legal = self._closest(code)
            rows = np.flatnonzero(~planted & legal)
            plants[rows], planted[rows] = closest[rows], True
            gains[rows] = self._ledger.missed(plants[rows], rows)
        return self._candidate(code, alarms, plants, planted, gains)

    def _closest(self, code: Codes) -> tuple[Codes, Booleans]:
        """The closest plants of f and whether they are legal, worked out once."""
        name = code.tobytes()
        if name not in self._near:
            f = np.repeat(code[None], len(self._points), axis=0)
            self._near[name] = self._plants.closest(f, self._points, self._keys(len(f)))
        return self._near[name]

    def _improved(self, here: _Candidate) -> _Candidate:
        """The same f, with another plant at each point where a short walk leads to one that is missed no less."""
        f = np.repeat(here.code[None], len(self._points), axis=0)
        plants, found = self._plants.wander(f, here.plants, self._points, self._keys(len(f)))
        gains = np.full(len(f), np.nan)
        gains[found] = self._ledger.missed(plants[found], np.flatnonzero(found))
        told = ~np.isnan(gains)
        return self._better(here, self._candidate(here.code, here.alarms, plants, told, gains))

    def _better(self, one: _Candidate, other: _Candidate) -> _Candidate:
        """At each point the plant of the other where it is missed no less, of two candidates with the same f."""
        taken = other.planted & (~one.planted | (other.gains >= one.gains))
        plants = np.where(taken[:, None], other.plants, one.plants)
        gains = np.where(taken, other.gains, one.gains)
        return self._candidate(one.code, np.maximum(one.alarms, other.alarms), plants, one.planted | taken, gains)

    def _candidate(self, code: Codes, alarms: Floats, plants: Codes, planted: Booleans, gains: Floats) -> _Candidate:
        """What is not known, or has no plant, adds nothing to the loss."""
        alarms, gains = np.nan_to_num(alarms), np.maximum(np.nan_to_num(gains), 0.0)
        loss = float((self._weights * (alarms + gains)).sum() / 2)
        return _Candidate(code, alarms, plants, planted, gains, loss)


def _best(found: Iterable[_Candidate]) -> list[_Candidate]:
    """The few different originals of the largest loss, the largest first."""
    kept: dict[bytes, _Candidate] = {}
    for one in sorted(found, key=lambda one: -one.loss):
        kept.setdefault(one.code.tobytes(), one)
    return list(kept.values())[:ELITE]
