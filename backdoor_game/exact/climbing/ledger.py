"""What a search has been told: for each function asked about, how likely it is missed at each point."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ...functions import FunctionClass
from ...functions.base import Booleans, Codes, Floats, Labels
from ...spaces.domains import Points
from .plants import LegalPlants
from .suspicions import Purse

# functions kept; looked at where distances cost draws; answers kept, 160 MiB with labels
MEMBERS, FEW, CELLS = 2**14, 64, 2**24
Places = npt.NDArray[np.intp]


class Ledger:
    """Answers by function and point: each is paid for once, and what was asked for one f serves all others.

    The functions asked about last are kept, 16,384 at most, and no more than fit 2^24 answers.
    """

    def __init__(self, functions: FunctionClass, plants: LegalPlants, purse: Purse, points: Points) -> None:
        self._functions, self._plants, self._purse, self._points = functions, plants, purse, points
        self._most = min(MEMBERS, CELLS // len(points))
        self._codes: Codes = np.zeros((self._most, functions.code_length), dtype=functions.code_dtype)
        self._labels: Labels = np.zeros((self._most, len(points)), dtype=np.uint8)
        self._missed: Floats = np.zeros((self._most, len(points)))
        self._known: Booleans = np.zeros((self._most, len(points)), dtype=bool)
        self._rows: dict[bytes, int] = {}
        self._entered = 0

    def missed(self, codes: Codes, places: Places) -> Floats:
        """1 - Pr[flagged] for codes (B, L) at the points with these numbers (B,); nan where the budget is gone."""
        rows = np.array([self._row(code) for code in codes], dtype=np.intp)
        new = np.flatnonzero(~self._known[rows, places])
        _, first = np.unique(rows[new] * len(self._points) + places[new], return_index=True)
        new = new[np.sort(first)]
        answers = self._purse.ask(codes[new], self._points[places[new]])
        told = ~np.isnan(answers)
        self._missed[rows[new[told]], places[new[told]]] = 1 - answers[told]
        self._known[rows[new[told]], places[new[told]]] = True
        return np.where(self._known[rows, places], self._missed[rows, places], np.nan)

    def _row(self, code: Codes) -> int:
        """Where a function stands; the one entered longest ago makes room for a new one."""
        name = code.tobytes()
        if name not in self._rows:
            row = self._entered % self._most
            if self._entered >= self._most:
                del self._rows[self._codes[row].tobytes()]
            self._rows[name] = row
            self._codes[row], self._known[row] = code, False
            self._labels[row] = self._functions.member_labels(code[None], self._points[None])[0]
            self._entered += 1
        return self._rows[name]

    def plants(self, code: Codes, key: np.uint64) -> tuple[Codes, Floats]:
        """For f (L,) and each point the legal f* missed most among all told of, and how likely; -1 without one.

        Where distances must be estimated only the 64 functions entered last are looked at.
        """
        held = min(self._entered, self._most)
        last = held if self._plants.exact else min(FEW, held)
        rows = (self._entered - 1 - np.arange(last)) % self._most
        close = self._plants.close(np.repeat(code[None], last, axis=0), self._codes[rows], np.full(last, key))
        rows = rows[close]
        if not len(rows):
            return np.repeat(code[None], len(self._points), axis=0), np.full(len(self._points), -1.0)
        own = self._functions.member_labels(code[None], self._points[None])[0]
        gains = np.where(self._known[rows] & (self._labels[rows] != own), self._missed[rows], -1.0)
        best = gains.argmax(axis=0)
        return self._codes[rows[best]], gains[best, np.arange(len(best))]
